//! Lists: filters, pages, totals.

use rusqlite::types::Value as Sql;
use serde_json::Value;

use super::answer::{Done, Paging};
use super::places::{End, Place};
use super::refused::Refused;
use super::work::{Thing, Work};

/// How many a page has, where the request does not say.
const DEFAULT_LIMIT: i64 = 50;
/// So many are counted; that there are more is said by `-1`.
const COUNTED: i64 = 1000;

/// What stands for any value of an attribute.
const ANY: &str = "null";

/// A parameter of the query, and what it means: with `?` for the list as JSON.
pub(super) type Filter = (&'static str, &'static str);

/// What a list holds beside what its query filters.
#[derive(Debug)]
pub(super) struct List<'l> {
    pub(super) field: &'static str,
    pub(super) thing: &'l Thing,
    pub(super) only: &'static str,
    pub(super) filters: &'l [Filter],
}

pub(super) const BY_ID: Filter = ("idFilter", "id IN (SELECT value FROM json_each(?))");

impl List<'_> {
    /// The page that is asked for.
    pub(super) fn answer(&self, work: &mut Work<'_>) -> Result<Done, Refused> {
        let (_, items, paging) = self.page(work, &[])?;
        Ok(paged(self.field, items, paging))
    }

    /// The page that is asked for, with the numbers of what stands on it; `extra` are the values of `only`.
    pub(super) fn page(
        &self,
        work: &mut Work<'_>,
        extra: &[Sql],
    ) -> Result<(Vec<i64>, Vec<Value>, Paging), Refused> {
        let (offset, limit) = bounds(work)?;
        let (limits, values) = self.conditions(work, extra);
        let conditions = format!("{} WHERE {limits}", self.thing.seen);
        let place = Place::new(work.request.remote, &conditions, &values, offset);
        let known = work.places.at(place);
        let total = match known {
            Some(end) => end.total,
            None => total(work, &conditions, &values)?,
        };
        let numbers = numbers(work, &conditions, values, (offset, limit, known))?;
        if let Some(after) = numbers.last() {
            let after = *after;
            let end = End { after, total };
            work.places.know(place.behind(numbers.len()), end);
        }
        let items = numbers.iter().map(|seq| work.item(self.thing, *seq));
        let items = items.collect::<Result<_, _>>()?;
        let paging = Paging {
            total,
            offset,
            limit,
        };
        Ok((numbers, items, paging))
    }

    /// What the list holds of all that is seen.
    fn conditions(&self, work: &Work<'_>, extra: &[Sql]) -> (String, Vec<Sql>) {
        let (mut limits, mut values) = (self.only.to_owned(), extra.to_vec());
        for (name, sql) in self.filters {
            if let Some(list) = filter(work, name) {
                limits.push_str(" AND ");
                limits.push_str(sql);
                values.push(Sql::Text(list));
            }
        }
        (limits, values)
    }
}

/// How many there are, as it is told.
fn total(work: &Work<'_>, conditions: &str, values: &[Sql]) -> Result<i64, Refused> {
    let counted = format!(
        "SELECT count(*) FROM (SELECT 1 FROM {conditions} LIMIT {})",
        COUNTED.saturating_add(1)
    );
    let total: Option<i64> = work.maybe(&counted, rusqlite::params_from_iter(values))?;
    Ok(total.filter(|total| *total <= COUNTED).unwrap_or(-1))
}

/// The numbers of what stands on a page, from where the one before it ended, if that is known.
fn numbers(
    work: &Work<'_>,
    conditions: &str,
    mut values: Vec<Sql>,
    (offset, limit, known): (i64, i64, Option<End>),
) -> Result<Vec<i64>, Refused> {
    let page = if let Some(end) = known {
        values.extend([end.after, limit].map(Sql::Integer));
        page_behind(conditions)
    } else {
        values.extend([limit, offset].map(Sql::Integer));
        first_page(conditions)
    };
    let mut statement = work.sql.prepare_cached(&page)?;
    let rows = statement.query_map(rusqlite::params_from_iter(&values), |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What stands on a page of which nothing is known yet.
pub(super) fn first_page(conditions: &str) -> String {
    format!("SELECT seq FROM {conditions} ORDER BY seq LIMIT ? OFFSET ?")
}

/// What stands on the page behind an item.
pub(super) fn page_behind(conditions: &str) -> String {
    format!("SELECT seq FROM {conditions} AND seq > ? ORDER BY seq LIMIT ?")
}

/// A list as an answer.
pub(super) fn paged(field: &str, items: Vec<Value>, paging: Paging) -> Done {
    let mut done = Done::with(field, items.into());
    done.paging = Some(paging);
    done
}

/// A filter of the query as JSON: pairs as `[key, value]`, with null for any value, all else as texts.
fn filter(work: &Work<'_>, name: &str) -> Option<String> {
    let list = work.request.many(name)?;
    let pair = |text: &String| -> Value {
        let (key, value) = text.split_once('=').unwrap_or((text, ANY));
        vec![Some(key), Some(value).filter(|value| *value != ANY)].into()
    };
    let numbers = |text: &String| text.parse::<i64>().map_or(Value::Null, Value::from);
    let json: Value = match name {
        "attributeFilter" => list.iter().map(pair).collect(),
        _ if name.to_ascii_lowercase().contains("folder") || is_folders(work, name) => {
            list.iter().map(numbers).collect()
        }
        _ => list.into_iter().collect(),
    };
    Some(json.to_string())
}

/// The ids of folders are numbers.
fn is_folders(work: &Work<'_>, name: &str) -> bool {
    name == "idFilter" && work.request.operation.id == "list_folders"
}

fn bounds(work: &Work<'_>) -> Result<(i64, i64), Refused> {
    let number = |name: &str, default: i64| {
        let text = work.request.parameter(name);
        let number = text.map_or(Ok(default), str::parse::<i64>);
        number.map_err(|_| Refused::invalid(format!("{name} is no number")))
    };
    let most = work
        .request
        .operation
        .max_limit
        .map_or(DEFAULT_LIMIT, i64::from);
    let (offset, limit) = (number("offset", 0)?, number("limit", DEFAULT_LIMIT)?);
    if !(1..=most).contains(&limit) {
        return Err(Refused::invalid(format!("limit is 1 to {most}")));
    }
    if offset < 0 {
        return Err(Refused::invalid("offset is not negative"));
    }
    Ok((offset, limit))
}
