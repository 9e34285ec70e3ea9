//! Published access groups, which the exchange keeps and shows itself (X-FANOUT).

use serde_json::{Value, json};
use uuid::Uuid;

use super::page::Page;
use crate::deciding::Problem;
use crate::party::Party;
use crate::registry::{Change, PublishedGroup, Registry};
use crate::running::{Asking, OwnAnswer};

/// What a body that fits its schema publishes.
pub(crate) fn publication(body: &Value, by: Party) -> Result<Change, Problem> {
    let without = || Problem::Schema(vec!["each of accessGroups has an accessGroupId".into()]);
    published(body, by).ok_or_else(without)
}

fn published(body: &Value, by: Party) -> Option<Change> {
    let id = |value: &Value, name: &str| Uuid::try_parse(value.get(name)?.as_str()?).ok();
    let number = |group: &Value, name: &str| match group.get(name) {
        Some(Value::Number(number)) => Some(number.clone()),
        _ => None,
    };
    let name = |group: &Value| Some(group.get("accessGroupName")?.as_str()?.to_owned());
    let group = |group: &Value| {
        Some(PublishedGroup {
            id: id(group, "accessGroupId")?,
            name: name(group),
            latitude: number(group, "latitude"),
            longitude: number(group, "longitude"),
        })
    };
    let groups = body.get("accessGroups")?.as_array()?;
    Some(Change::Publish {
        by,
        destination: id(body, "destinationPartnerId")?,
        groups: groups.iter().map(group).collect::<Option<_>>()?,
    })
}

/// A page of those that are shown to the caller's partner.
pub(super) fn list(registry: &Registry, asking: &Asking<'_>) -> OwnAnswer {
    let all = registry.published_to(asking.sender.partner, asking.now);
    let items = all.map(|(owner, group)| item(registry, owner, group));
    Page::of(asking.message.target).answer("accessGroups", items.collect())
}

/// The one that the target names.
pub(super) fn one(registry: &Registry, asking: &Asking<'_>) -> Option<OwnAnswer> {
    let target = str::from_utf8(asking.message.target).ok()?;
    let path = target.split_once('?').map_or(target, |(path, _)| path);
    let id = Uuid::try_parse(path.rsplit_once('/')?.1).ok()?;
    let mut all = registry.published_to(asking.sender.partner, asking.now);
    let (owner, group) = all.find(|(_, group)| group.id == id)?;
    Some(OwnAnswer {
        status: 200,
        data: json!({"accessGroup": item(registry, owner, group)}),
        paging: Value::Null,
    })
}

/// As the description has it: `AccessGroupItem`.
fn item(registry: &Registry, owner: Party, group: &PublishedGroup) -> Value {
    let partner = registry.partner(owner.partner);
    let installation = registry.instance(owner);
    json!({
        "accessGroupId": group.id.to_string(),
        "receivingPartner": {
            "partnerId": owner.partner.to_string(),
            "name": partner.map(|partner| partner.name.as_str()),
        },
        "receivingAccessControlInstance": {
            "accessControlInstanceId": owner.instance.to_string(),
            "name": installation.map(|instance| instance.name.as_str()),
        },
        "remoteAccessGroupId": group.id.to_string(),
        "remoteName": group.name,
        "latitude": group.latitude,
        "longitude": group.longitude,
    })
}
