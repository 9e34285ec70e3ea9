//! Access groups: doors that are given together.

use serde_json::{Map, Value};

use super::answer::Done;
use super::listing::{Filter, List, paged};
use super::refused::Refused;
use super::work::{GROUP, Work};

const BY_FOLDER: Filter = ("folderIds", "folder IN (SELECT value FROM json_each(?))");

pub(super) fn list(work: &mut Work<'_>) -> Result<Done, Refused> {
    let list = List {
        field: "accessGroups",
        thing: &GROUP,
        only: "TRUE",
        filters: &[BY_FOLDER],
    };
    let (_, mut items, paging) = list.page(work, &[])?;
    for item in &mut items {
        select(work, item);
    }
    Ok(paged(list.field, items, paging))
}

pub(super) fn get(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&GROUP, "accessGroupId")?;
    let mut item = work.item(&GROUP, seq)?;
    select(work, &mut item);
    Ok(Done::with("accessGroup", item))
}

/// Only the attributes that are asked for.
fn select(work: &Work<'_>, item: &mut Value) {
    let Some(members) = item.as_object_mut() else {
        return;
    };
    let all = members.remove("attributes");
    let chosen = work.request.many("selectedAttributes").map(|keys| {
        let all = all.as_ref().and_then(Value::as_object);
        let chosen = all
            .into_iter()
            .flatten()
            .filter(|(key, _)| keys.contains(*key));
        let chosen = chosen.map(|(key, value)| (key.clone(), value.clone()));
        chosen.collect::<Map<_, _>>()
    });
    members.insert("attributes".into(), chosen.into());
}
