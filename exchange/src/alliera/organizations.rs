//! Organizations: labels of card owners.

use rusqlite::params;

use super::answer::Done;
use super::folders::body_folder;
use super::listing::{BY_ID, Filter, List};
use super::patch::{Field, Kind, patch};
use super::refused::Refused;
use super::work::{ORGANIZATION, Work, short};

const FIELDS: [Field; 3] = [
    ("/NAME", "name", Kind::Name),
    ("/FOLDERID", "folder", Kind::Folder),
    ("/COMMENT", "comment", Kind::Text),
];
const BY_FOLDER: Filter = (
    "folderIdFilter",
    "folder IN (SELECT value FROM json_each(?))",
);

pub(super) fn list(work: &mut Work<'_>) -> Result<Done, Refused> {
    let list = List {
        field: "organizations",
        thing: &ORGANIZATION,
        only: "TRUE",
        filters: &[BY_ID, BY_FOLDER],
    };
    list.answer(work)
}

pub(super) fn get(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&ORGANIZATION, "organizationId")?;
    Ok(Done::with("organization", work.item(&ORGANIZATION, seq)?))
}

pub(super) fn create(work: &mut Work<'_>) -> Result<Done, Refused> {
    let folder = body_folder(work, "parentFolderId")?;
    let name = work.request.text("name").unwrap_or_default();
    let comment = work.request.text("comment");
    short("name", name)?;
    comment.map_or(Ok(()), |text| short("comment", text))?;
    let seq = work.insert(
        "INSERT INTO organization(id, name, comment, folder) VALUES(?1, ?2, ?3, ?4)",
        params![work.new_id()?, name, comment, folder],
    )?;
    Ok(Done::with("organization", work.item(&ORGANIZATION, seq)?))
}

pub(super) fn update(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&ORGANIZATION, "organizationId")?;
    patch(work, "organization", seq, &FIELDS)?;
    Ok(Done::with("organization", work.item(&ORGANIZATION, seq)?))
}

pub(super) fn delete(work: &mut Work<'_>) -> Result<Done, Refused> {
    let seq = work.named(&ORGANIZATION, "organizationId")?;
    if work.any("SELECT 1 FROM owner WHERE organization = ?1", [seq])? {
        return Err(Refused::conflict("the organization has card owners"));
    }
    work.write("DELETE FROM organization WHERE seq = ?1", [seq])?;
    Ok(Done::nothing())
}
