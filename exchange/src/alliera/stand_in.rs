//! One request is one transaction.

use core::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use daxsign_core::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde_json::Value;

use super::answer::Answer;
use super::event::Event;
use super::handlers::handle;
use super::places::Places;
use super::refused::Refused;
use super::request::Request;
use super::settings::Settings;
use super::tables::{APPLICATION_ID, LATER_TABLES, TABLES, VERSION, VIEWS};
use super::work::Work;
use crate::deciding::Schemas;
use crate::party::Party;

/// How many answers to requests that changed something are kept, to be given again (X-ONCE).
const KEPT_ANSWERS: i64 = 10_000;
/// How long a connection remembers what it answered, after the request's deadline: the store remembers beyond that.
pub(crate) const REMEMBERED_SECONDS: u32 = 600;
/// How long another process may hold the store.
const PATIENCE: Duration = Duration::from_secs(5);
/// What an answer holds besides.
const EXPAND: &str = "expand";
/// How many statements are kept prepared.
const STATEMENTS: usize = 128;

/// A stand-in for an Alliera.
pub struct Alliera {
    pub(super) sql: Connection,
    pub(super) settings: Settings,
    schemas: Arc<Schemas>,
    places: Places,
}

/// The store cannot be opened or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreProblem(String);

impl Alliera {
    /// With a store in memory, which is empty.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn in_memory(settings: Settings, schemas: Arc<Schemas>) -> Result<Self, StoreProblem> {
        Self::over(Connection::open_in_memory()?, settings, schemas)
    }

    /// With its store in a file, which is made where it is not there.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn open(
        file: &Path,
        settings: Settings,
        schemas: Arc<Schemas>,
    ) -> Result<Self, StoreProblem> {
        let sql = Connection::open(file)?;
        sql.busy_timeout(PATIENCE)?;
        sql.pragma_update(None, "journal_mode", "WAL")?;
        // What a crash of the machine loses here nobody relies on.
        sql.pragma_update(None, "synchronous", "NORMAL")?;
        Self::over(sql, settings, schemas)
    }

    fn over(
        mut sql: Connection,
        settings: Settings,
        schemas: Arc<Schemas>,
    ) -> Result<Self, StoreProblem> {
        sql.set_prepared_statement_cache_capacity(STATEMENTS);
        sql.pragma_update(None, "foreign_keys", true)?;
        // A plan that looks at what is asked for is made anew each time: that took a fifth of all time here.
        sql.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        sql.pragma_update(None, "temp_store", "MEMORY")?;
        let transaction = sql.transaction()?;
        let version: i64 =
            transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match version {
            VERSION => {}
            0 => {
                transaction.execute_batch(TABLES)?;
                transaction.execute("INSERT INTO counter VALUES(1, 0, 0)", [])?;
                transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
                transaction.pragma_update(None, "user_version", VERSION)?;
            }
            other => return Err(StoreProblem(format!("its version is {other}"))),
        }
        transaction.execute_batch(LATER_TABLES)?;
        transaction.commit()?;
        sql.execute_batch(VIEWS)?;
        Ok(Self {
            sql,
            settings,
            schemas,
            places: Places::default(),
        })
    }

    /// Whether nothing is in it yet.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn is_empty(&self) -> Result<bool, StoreProblem> {
        let mut any = self.sql.prepare("SELECT 1 FROM folder")?;
        Ok(!any.exists([])?)
    }

    /// Does what is asked, or says why not. A request that changes something is done once for its correlation id:
    /// when it comes again it gets the same answer, and nothing happens.
    pub fn answer(&mut self, request: &Request, now: Timestamp) -> Answer {
        let mut events = Vec::new();
        let answered = self.transacted(request, now.seconds(), &mut events);
        answered.unwrap_or_else(|error| {
            let refused = Refused::from(error);
            Answer::refused(request.correlation, &refused, Vec::new())
        })
    }

    fn transacted(
        &mut self,
        request: &Request,
        now: i64,
        events: &mut Vec<Event>,
    ) -> rusqlite::Result<Answer> {
        let behavior = TransactionBehavior::Immediate;
        let transaction = self.sql.transaction_with_behavior(behavior)?;
        if let Some(answer) = given_before(&transaction, request)? {
            return Ok(answer);
        }
        self.places.look(&transaction)?;
        look_as(&transaction, request.remote)?;
        self.places.look_from(&transaction);
        let mut work = Work {
            sql: &transaction,
            settings: &self.settings,
            request,
            now,
            events: core::mem::take(events),
            places: &mut self.places,
        };
        let done = checked(&work, &self.schemas).and_then(|()| handle(&mut work));
        let events = work.events;
        let correlation = request.correlation;
        match done {
            Ok(done) => {
                let answer = Answer::done(request.operation.success, correlation, done, events);
                keep(&transaction, request, &answer)?;
                transaction.commit()?;
                Ok(answer)
            }
            Err(refused) => {
                if refused.kept {
                    transaction.commit()?;
                }
                Ok(Answer::refused(correlation, &refused, Vec::new()))
            }
        }
    }
}

/// The request is for this Alliera, and its body fits.
fn checked(work: &Work<'_>, schemas: &Schemas) -> Result<(), Refused> {
    let party = work.settings.party;
    for (name, value) in &work.request.parameters {
        let id = match name.as_str() {
            "owningPartnerId" | "respondingPartnerId" => party.partner,
            "owningInstanceId" | "respondingInstanceId" => party.instance,
            _ => continue,
        };
        if *value != id.hyphenated().to_string() {
            return Err(Refused::missing("instance"));
        }
    }
    known_words(work.request)?;
    let faults = schemas.faults(work.request.operation.id, &work.request.body);
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Refused::schema(faults))
    }
}

/// The words of `expand` are those of the description.
fn known_words(request: &Request) -> Result<(), Refused> {
    let parameters = request.operation.parameters.iter();
    for parameter in parameters.filter(|one| one.name == EXPAND) {
        let words = request.parameter(EXPAND).into_iter();
        let mut unknown = words
            .flat_map(|words| words.split(','))
            .filter(|word| !parameter.known.contains(word));
        if let Some(word) = unknown.next() {
            let known = parameter.known.join(", ");
            return Err(Refused::invalid(format!(
                "{EXPAND} has {word:?}: the words of {} are {known}",
                request.operation.id
            )));
        }
    }
    Ok(())
}

/// From here on `seen_` is what was released to this party.
pub(super) fn look_as(sql: &Connection, remote: Party) -> rusqlite::Result<()> {
    let partner = remote.partner.hyphenated().to_string();
    let instance = remote.instance.hyphenated().to_string();
    sql.prepare_cached("DELETE FROM caller")?.execute([])?;
    sql.prepare_cached("DELETE FROM visible")?.execute([])?;
    let mut caller = sql.prepare_cached("INSERT INTO caller VALUES(?1, ?2)")?;
    caller.execute([&partner, &instance])?;
    let mut visible = sql.prepare_cached(
        "INSERT INTO visible WITH RECURSIVE down(folder) AS (
             SELECT folder FROM released_folder WHERE partner = ?1 AND instance = ?2
             UNION SELECT seq FROM folder JOIN down ON parent = down.folder
         ) SELECT folder FROM down",
    )?;
    visible.execute([&partner, &instance])?;
    Ok(())
}

fn given_before(sql: &Transaction<'_>, request: &Request) -> rusqlite::Result<Option<Answer>> {
    let mut given = sql.prepare_cached("SELECT status, body FROM done WHERE correlation = ?1")?;
    let found: Option<(u16, String)> = given
        .query_row([request.correlation.to_string()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(found.map(|(status, body)| Answer {
        status,
        body: serde_json::from_str(&body).unwrap_or(Value::Null),
        events: Vec::new(),
    }))
}

fn keep(sql: &Transaction<'_>, request: &Request, answer: &Answer) -> rusqlite::Result<()> {
    if matches!(request.operation.method, daxsign_client::Method::Get) {
        return Ok(());
    }
    let row = params![
        request.correlation.to_string(),
        answer.status,
        answer.body.to_string()
    ];
    let mut insert =
        sql.prepare_cached("INSERT INTO done(correlation, status, body) VALUES(?1, ?2, ?3)")?;
    insert.execute(row)?;
    let last = sql.last_insert_rowid().saturating_sub(KEPT_ANSWERS);
    sql.prepare_cached("DELETE FROM done WHERE seq <= ?1")?
        .execute([last])?;
    Ok(())
}

impl From<rusqlite::Error> for StoreProblem {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Debug for Alliera {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Alliera({})", self.settings.party)
    }
}

impl fmt::Display for StoreProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the store of the Alliera cannot be used: {}",
            self.0
        )
    }
}

impl std::error::Error for StoreProblem {}
