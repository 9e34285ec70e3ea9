//! The tree of folders, in which everything stands.

use rusqlite::params;
use serde_json::json;

use super::answer::Done;
use super::listing::{Filter, List};
use super::patch::{Field, Kind, patch};
use super::refused::Refused;
use super::work::{FOLDER, Work, short};

const FIELDS: [Field; 3] = [
    ("/NAME", "name", Kind::Name),
    ("/PARENTFOLDERID", "parent", Kind::Folder),
    ("/DESCRIPTION", "description", Kind::Text),
];
const BY_NUMBER: Filter = ("idFilter", "seq IN (SELECT value FROM json_each(?))");
/// A folder that holds one of these stays.
const HELD: [(&str, &str); 4] = [
    ("folders", "SELECT 1 FROM folder WHERE parent = ?1"),
    ("card owners", "SELECT 1 FROM owner WHERE folder = ?1"),
    (
        "access groups",
        "SELECT 1 FROM access_group WHERE folder = ?1",
    ),
    (
        "organizations",
        "SELECT 1 FROM organization WHERE folder = ?1",
    ),
];

pub(super) fn list(work: &mut Work<'_>) -> Result<Done, Refused> {
    let list = List {
        field: "folders",
        thing: &FOLDER,
        only: "TRUE",
        filters: &[BY_NUMBER],
    };
    list.answer(work)
}

pub(super) fn get(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&FOLDER, "folderId")?;
    let mut data = json!({"folder": work.item(&FOLDER, seq)?, "childFolders": null});
    if work.request.parameter("includeChildFolders") == Some("true") {
        let children = "SELECT item FROM folder_item WHERE seq IN (SELECT seq FROM folder WHERE parent = ?1) ORDER BY seq";
        let children = work.items(children, [seq])?;
        data = json!({"folder": data.get("folder"), "childFolders": children});
    }
    Ok(Done::data(data))
}

pub(super) fn create(work: &mut Work<'_>) -> Result<Done, Refused> {
    let parent = body_folder(work, "parentFolderId")?;
    let name = work.request.text("name").unwrap_or_default();
    short("name", name)?;
    let seq = work.insert(
        "INSERT INTO folder(name, parent) VALUES(?1, ?2)",
        params![name, parent],
    )?;
    work.write("INSERT INTO visible VALUES(?1)", [seq])?;
    alone(work, seq)?;
    Ok(Done::with("folder", work.item(&FOLDER, seq)?))
}

pub(super) fn update(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&FOLDER, "folderId")?;
    let moves = work.request.items("patchItems").iter();
    let mut moves = moves.filter(|item| item.get("path") == Some(&json!("/PARENTFOLDERID")));
    if moves.next().is_some() && is_top(work, seq)? {
        return Err(Refused::conflict("a folder that was released is not moved"));
    }
    patch(work, "folder", seq, &FIELDS)?;
    if is_circle(work, seq)? {
        return Err(Refused::conflict("a folder cannot lie in itself"));
    }
    alone(work, seq)?;
    Ok(Done::with("folder", work.item(&FOLDER, seq)?))
}

pub(super) fn delete(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&FOLDER, "folderId")?;
    if is_top(work, seq)? {
        return Err(Refused::conflict(
            "a folder that was released is not deleted",
        ));
    }
    for (what, held) in HELD {
        if work.any(held, [seq])? {
            return Err(Refused::conflict(format!("the folder holds {what}")));
        }
    }
    work.write("DELETE FROM folder WHERE seq = ?1", [seq])?;
    Ok(Done::nothing())
}

/// The folder that a number of the body names.
pub(super) fn body_folder(work: &Work<'_>, name: &str) -> Result<i64, Refused> {
    let id = work.request.body.get(name);
    let id = id.and_then(serde_json::Value::as_i64);
    let id = id.ok_or_else(|| Refused::invalid(format!("{name} is missing")))?;
    work.find(&FOLDER, &id.to_string())
}

/// Whether it lies in none that is seen.
fn is_top(work: &Work<'_>, seq: i64) -> Result<bool, Refused> {
    let in_seen = "SELECT 1 FROM folder WHERE seq = ?1 AND parent IN visible";
    Ok(!work.any(in_seen, [seq])?)
}

/// Whether going up from a folder comes to it again.
fn is_circle(work: &Work<'_>, seq: i64) -> Result<bool, Refused> {
    let up = "WITH RECURSIVE up(seq) AS (
            SELECT parent FROM folder WHERE seq = ?1
            UNION SELECT parent FROM folder JOIN up USING(seq)
        ) SELECT 1 FROM up WHERE seq = ?1";
    work.any(up, [seq])
}

/// Whether no other in the same folder has its name.
fn alone(work: &Work<'_>, seq: i64) -> Result<(), Refused> {
    let twin = "SELECT 1 FROM folder f JOIN folder twin USING(parent, name) WHERE f.seq = ?1 AND twin.seq <> ?1";
    if work.any(twin, [seq])? {
        return Err(Refused::conflict("the folder there has one of that name"));
    }
    Ok(())
}
