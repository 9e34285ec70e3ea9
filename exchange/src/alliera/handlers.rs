//! Which operation is done where.

use super::answer::Done;
use super::refused::Refused;
use super::work::Work;
use super::{
    cards, doors, folders, grants, groups, images, logs, obtaining, organizations, owners,
    packages, pins, recipients,
};

type Handler = fn(&mut Work<'_>) -> Result<Done, Refused>;

/// All that an exchange asks an Alliera for; contracts, callbacks and published groups it answers itself (X-FANOUT).
const HANDLERS: [(&str, Handler); 41] = [
    ("list_folders", folders::list),
    ("get_folder", folders::get),
    ("create_folder", folders::create),
    ("update_folder", folders::update),
    ("delete_folder", folders::delete),
    ("list_organizations", organizations::list),
    ("get_organization", organizations::get),
    ("create_organization", organizations::create),
    ("update_organization", organizations::update),
    ("delete_organization", organizations::delete),
    ("list_card_owners", owners::list),
    ("get_card_owner", owners::get),
    ("create_card_owner", owners::create),
    ("update_card_owner", owners::update),
    ("delete_card_owner", owners::delete),
    ("upload_card_owner_image", images::upload),
    ("list_card_owner_doors", doors::list),
    ("open_card_owner_door", doors::open),
    ("list_cards", cards::list),
    ("get_card", cards::get),
    ("create_card", cards::create),
    ("update_card", cards::update),
    ("delete_card", cards::delete),
    ("generate_pin_code", pins::generate),
    ("list_remote_access_groups", groups::list),
    ("get_remote_access_group", groups::get),
    ("list_access_grants", grants::list),
    ("get_access_grant", grants::get),
    ("grant_access", grants::grant),
    ("grant_access_groups_to_card_owner", grants::grant_groups),
    ("grant_access_group_to_card_owners", grants::grant_owners),
    ("update_access_grant", grants::update),
    ("revoke_access_grant", grants::revoke),
    ("revoke_access_grants", grants::revoke_many),
    ("obtain_access", obtaining::obtain),
    ("list_log_entries", logs::list),
    ("list_package_boxes", packages::list),
    ("get_package_box", packages::get),
    ("reserve_package_box", packages::reserve),
    ("get_recipient_capabilities", recipients::capabilities),
    ("list_renz_recipients", recipients::renz),
];

/// Does what the request asks for.
pub(super) fn handle(work: &mut Work<'_>) -> Result<Done, Refused> {
    let asked = work.request.operation.id;
    let mut handlers = HANDLERS.iter();
    let found = handlers.find(|(id, _)| *id == asked);
    let (_, handler) = found.ok_or_else(|| Refused::missing("operation"))?;
    handler(work)
}
