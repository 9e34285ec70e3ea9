//! How the operations of the API are called on the command line.

use daxsign_client::Method;
use daxsign_client::api::{OPERATIONS, OperationInfo, ParameterInfo, Place};

/// What `daxsign GROUP` is about, and its commands.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) commands: &'static [Name],
}

/// An operation's command.
pub(crate) struct Name {
    /// As the API calls it.
    id: &'static str,
    /// As it stands behind the group's name.
    pub(crate) verb: &'static str,
    /// By which field an item of its list is known.
    pub(crate) id_field: Option<&'static str>,
}

const fn name(id: &'static str, verb: &'static str) -> Name {
    let id_field = None;
    Name { id, verb, id_field }
}

/// An operation that returns a list in pages.
const fn list(id: &'static str, verb: &'static str, id_field: &'static str) -> Name {
    let id_field = Some(id_field);
    Name { id, verb, id_field }
}

/// All operations.
#[rustfmt::skip]
pub(crate) const GROUPS: [Group; 12] = [
    Group {
        name: "cardowners",
        about: "People and what else may hold cards",
        commands: &[
            list("list_card_owners", "list", "cardOwnerId"),
            name("get_card_owner", "get"),
            name("create_card_owner", "create"),
            name("update_card_owner", "patch"),
            name("delete_card_owner", "delete"),
            name("list_card_owner_doors", "doors"),
            name("open_card_owner_door", "open-door"),
            name("upload_card_owner_image", "upload-image"),
        ],
    },
    Group {
        name: "cards",
        about: "Cards",
        commands: &[
            list("list_cards", "list", "cardId"),
            name("get_card", "get"),
            name("create_card", "create"),
            name("update_card", "patch"),
            name("delete_card", "delete"),
        ],
    },
    Group {
        name: "grants",
        about: "Which card owner may enter where",
        commands: &[
            list("list_access_grants", "list", "grantId"),
            name("get_access_grant", "get"),
            name("grant_access", "create"),
            name("grant_access_groups_to_card_owner", "create-for-groups"),
            name("grant_access_group_to_card_owners", "create-for-owners"),
            name("update_access_grant", "patch"),
            name("revoke_access_grant", "revoke"),
            name("revoke_access_grants", "revoke-many"),
        ],
    },
    Group {
        name: "accessgroups",
        about: "Access groups: the target's, and those published in DAX",
        commands: &[
            list("list_remote_access_groups", "list", "accessGroupId"),
            name("get_remote_access_group", "get"),
            list("list_published_access_groups", "list-published", "accessGroupId"),
            name("get_published_access_group", "get-published"),
            name("publish_access_groups", "publish"),
            name("obtain_access", "obtain-access"),
        ],
    },
    Group {
        name: "contracts",
        about: "Contracts with other partners",
        commands: &[
            list("list_contracts", "list", "contractId"),
        ],
    },
    Group {
        name: "folders",
        about: "Folders",
        commands: &[
            list("list_folders", "list", "folderId"),
            name("get_folder", "get"),
            name("create_folder", "create"),
            name("update_folder", "patch"),
            name("delete_folder", "delete"),
        ],
    },
    Group {
        name: "organizations",
        about: "Organizations",
        commands: &[
            list("list_organizations", "list", "id"),
            name("get_organization", "get"),
            name("create_organization", "create"),
            name("update_organization", "patch"),
            name("delete_organization", "delete"),
        ],
    },
    Group {
        name: "logs",
        about: "Events",
        commands: &[
            // An entry has no id.
            name("list_log_entries", "list"),
        ],
    },
    Group {
        name: "callbacks",
        about: "Callbacks (webhooks)",
        commands: &[
            list("list_callbacks", "list", "callbackId"),
            name("register_callbacks", "create"),
            name("update_callbacks", "replace"),
            name("delete_callback", "delete"),
        ],
    },
    Group {
        name: "deliveries",
        about: "Package boxes and deliveries",
        commands: &[
            list("list_package_boxes", "list", "packageBoxId"),
            name("get_package_box", "get"),
            name("reserve_package_box", "reserve"),
            name("get_recipient_capabilities", "capabilities"),
        ],
    },
    Group {
        name: "pincode",
        about: "PINs",
        commands: &[
            name("generate_pin_code", "generate"),
        ],
    },
    Group {
        name: "renz",
        about: "Recipients at mailboxes of Renz",
        commands: &[
            name("list_renz_recipients", "list"),
        ],
    },
];

impl Name {
    /// What the client knows of the operation.
    pub(crate) fn info(&self) -> Option<&'static OperationInfo> {
        OPERATIONS.into_iter().find(|info| info.id == self.id)
    }

    /// The operation of a command.
    pub(crate) fn find(group: &str, verb: &str) -> Option<&'static Self> {
        let group = GROUPS.iter().find(|other| other.name == group)?;
        group.commands.iter().find(|name| name.verb == verb)
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

/// The part of the target that a parameter of a path names, if any: settings hold it.
pub(crate) fn target_part(name: &str) -> Option<Target> {
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
        parameter.place == Place::Path && target_part(parameter.name).is_none()
    };
    info.parameters.iter().filter(in_path)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_operation_has_one_command() {
        let of_group = |group: &'static Group| {
            let commands = group.commands.iter();
            commands.map(move |name| (group.name, name))
        };
        let all: Vec<_> = GROUPS.iter().flat_map(of_group).collect();
        let ids: HashSet<_> = all.iter().map(|(_, name)| name.id).collect();
        let commands: HashSet<_> = all.iter().map(|(group, name)| (group, name.verb)).collect();
        assert_eq!(
            (all.len(), ids.len(), commands.len()),
            (OPERATIONS.len(), OPERATIONS.len(), OPERATIONS.len())
        );
        for (_, name) in all {
            let info = name.info().expect(name.id);
            let keyed = name.id_field.is_some() || name.id == "list_log_entries";
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
