//! How the operations of the API are called on the command line.

use daxsign_client::Method;
use daxsign_client::api::{OPERATIONS, OperationInfo, ParameterInfo, Place};

/// An operation's command.
pub(crate) struct Name {
    /// As the API calls it.
    id: &'static str,
    /// `daxsign GROUP VERB`.
    pub(crate) group: &'static str,
    pub(crate) verb: &'static str,
    /// By which field an item of its list is known.
    pub(crate) key: Option<&'static str>,
}

const fn name(id: &'static str, group: &'static str, verb: &'static str) -> Name {
    let key = None;
    Name {
        id,
        group,
        verb,
        key,
    }
}

/// An operation that returns a list in pages.
const fn list(
    id: &'static str,
    group: &'static str,
    verb: &'static str,
    key: &'static str,
) -> Name {
    let key = Some(key);
    Name {
        id,
        group,
        verb,
        key,
    }
}

/// The groups, each with what it is about.
pub(crate) const GROUPS: [(&str, &str); 12] = [
    ("cardowners", "People and what else may hold cards"),
    ("cards", "Cards"),
    ("grants", "Which card owner may enter where"),
    (
        "accessgroups",
        "Access groups: the target's, and those published in DAX",
    ),
    ("contracts", "Contracts with other partners"),
    ("folders", "Folders"),
    ("organizations", "Organizations"),
    ("logs", "Events"),
    ("callbacks", "Callbacks (webhooks)"),
    ("deliveries", "Package boxes and deliveries"),
    ("pincode", "PINs"),
    ("renz", "Recipients at mailboxes of Renz"),
];

/// All operations.
#[rustfmt::skip]
pub(crate) const NAMES: [Name; 49] = [
    list("list_card_owners", "cardowners", "list", "cardOwnerId"),
    name("get_card_owner", "cardowners", "get"),
    name("create_card_owner", "cardowners", "create"),
    name("update_card_owner", "cardowners", "patch"),
    name("delete_card_owner", "cardowners", "delete"),
    name("list_card_owner_doors", "cardowners", "doors"),
    name("open_card_owner_door", "cardowners", "open-door"),
    name("upload_card_owner_image", "cardowners", "upload-image"),
    list("list_cards", "cards", "list", "cardId"),
    name("get_card", "cards", "get"),
    name("create_card", "cards", "create"),
    name("update_card", "cards", "patch"),
    name("delete_card", "cards", "delete"),
    list("list_access_grants", "grants", "list", "grantId"),
    name("get_access_grant", "grants", "get"),
    name("grant_access", "grants", "create"),
    name("grant_access_groups_to_card_owner", "grants", "create-for-groups"),
    name("grant_access_group_to_card_owners", "grants", "create-for-owners"),
    name("update_access_grant", "grants", "patch"),
    name("revoke_access_grant", "grants", "revoke"),
    name("revoke_access_grants", "grants", "revoke-many"),
    list("list_remote_access_groups", "accessgroups", "list", "accessGroupId"),
    name("get_remote_access_group", "accessgroups", "get"),
    list("list_published_access_groups", "accessgroups", "list-published", "accessGroupId"),
    name("get_published_access_group", "accessgroups", "get-published"),
    name("publish_access_groups", "accessgroups", "publish"),
    name("obtain_access", "accessgroups", "obtain-access"),
    list("list_contracts", "contracts", "list", "contractId"),
    list("list_folders", "folders", "list", "folderId"),
    name("get_folder", "folders", "get"),
    name("create_folder", "folders", "create"),
    name("update_folder", "folders", "patch"),
    name("delete_folder", "folders", "delete"),
    list("list_organizations", "organizations", "list", "id"),
    name("get_organization", "organizations", "get"),
    name("create_organization", "organizations", "create"),
    name("update_organization", "organizations", "patch"),
    name("delete_organization", "organizations", "delete"),
    // An entry has no id.
    name("list_log_entries", "logs", "list"),
    list("list_callbacks", "callbacks", "list", "callbackId"),
    name("register_callbacks", "callbacks", "create"),
    name("update_callbacks", "callbacks", "replace"),
    name("delete_callback", "callbacks", "delete"),
    list("list_package_boxes", "deliveries", "list", "packageBoxId"),
    name("get_package_box", "deliveries", "get"),
    name("reserve_package_box", "deliveries", "reserve"),
    name("get_recipient_capabilities", "deliveries", "capabilities"),
    name("generate_pin_code", "pincode", "generate"),
    name("list_renz_recipients", "renz", "list"),
];

impl Name {
    /// What the client knows of the operation.
    pub(crate) fn info(&self) -> Option<&'static OperationInfo> {
        OPERATIONS.into_iter().find(|info| info.id == self.id)
    }

    /// The operation of a command.
    pub(crate) fn find(group: &str, verb: &str) -> Option<&'static Self> {
        NAMES
            .iter()
            .find(|name| name.group == group && name.verb == verb)
    }
}

/// The operation whose path fits, if there is one. The query does not count.
pub(crate) fn of_path(method: Method, path: &str) -> Option<&'static OperationInfo> {
    let path = path.split('?').next().unwrap_or_default();
    let fits = |info: &&OperationInfo| info.method == method && path_fits(info.path, path);
    // A word in a path fits better than a name in braces.
    let braces = |info: &&OperationInfo| info.path.matches('{').count();
    OPERATIONS.into_iter().filter(fits).min_by_key(braces)
}

fn path_fits(template: &str, path: &str) -> bool {
    let mut names = template.split('/');
    let mut words = path.trim_end_matches('/').split('/');
    loop {
        match (names.next(), words.next()) {
            (None, None) => return true,
            (Some(name), Some(word)) if name.starts_with('{') && !word.is_empty() => {}
            (Some(name), Some(word)) if name.eq_ignore_ascii_case(word) => {}
            _ => return false,
        }
    }
}

/// Whether a parameter of a path says which target is meant: settings hold it.
pub(crate) fn is_target(name: &str) -> Option<Target> {
    match name {
        "owningPartnerId" | "respondingPartnerId" => Some(Target::Partner),
        "owningInstanceId" | "respondingInstanceId" => Some(Target::Instance),
        _ => None,
    }
}

/// The parts of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Partner,
    Instance,
}

/// The parameters of a path that the command line names.
pub(crate) fn given(info: &OperationInfo) -> impl Iterator<Item = &'static ParameterInfo> {
    let in_path = |parameter: &&ParameterInfo| {
        parameter.place == Place::Path && is_target(parameter.name).is_none()
    };
    info.parameters.iter().filter(in_path)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_operation_has_one_command() {
        let ids: HashSet<_> = NAMES.iter().map(|name| name.id).collect();
        let commands: HashSet<_> = NAMES.iter().map(|name| (name.group, name.verb)).collect();
        assert_eq!(
            (ids.len(), commands.len()),
            (OPERATIONS.len(), OPERATIONS.len())
        );
        for name in &NAMES {
            let info = name.info().expect(name.id);
            assert!(GROUPS.iter().any(|(group, _)| *group == name.group));
            let keyed = name.key.is_some() || name.id == "list_log_entries";
            assert_eq!(keyed, info.max_limit.is_some(), "{}", name.id);
        }
    }

    #[test]
    fn an_operation_is_found_by_its_path() {
        for info in OPERATIONS {
            let path = info.path.replace(['{', '}'], "");
            assert_eq!(of_path(info.method, &path).unwrap().id, info.id);
        }
        assert!(of_path(Method::Get, "/contracts?limit=1").is_some());
        assert!(of_path(Method::Delete, "/contracts").is_none());
    }
}
