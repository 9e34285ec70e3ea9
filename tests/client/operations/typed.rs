//! Every operation by the types of the client in Rust: what they make is taken, what comes back is read.

use std::collections::{BTreeMap, BTreeSet};

use daxsign_client::api::{
    AccessGroupDto, BoxSize, Bytes, CallbackBase, Card, CardNumber, CardOwnerPatch, CardOwnerType,
    CardPatch, Classification, CommonCardOwner, CreateCard, CreateCardItem, CreateCardOwner,
    CreateFolder, CreateOrganization, DeleteCallback, DeleteCard, DeleteCardOwner, DeleteFolder,
    DeleteOrganization, DeliveryRecipient, EventType, ExpandCard, ExpandOwner, FolderPatch,
    GeneratePinCode, GetAccessGrant, GetCard, GetCardOwner, GetFolder, GetOrganization,
    GetPackageBox, GetPublishedAccessGroup, GetRecipientCapabilities, GetRemoteAccessGroup,
    GrantAccess, GrantAccessGroupToCardOwners, GrantAccessGroupsToCardOwner, GrantPatch,
    ListAccessGrants, ListCallbacks, ListCardOwnerDoors, ListCardOwners, ListCards, ListContracts,
    ListFolders, ListLogEntries, ListOrganizations, ListPackageBoxes, ListPublishedAccessGroups,
    ListRemoteAccessGroups, ListRenzRecipients, ObtainAccess, ObtainAccessGroup, OpenCardOwnerDoor,
    Operation, OrganizationPatch, PublishAccessGroups, RegisterCallbacks, ReservePackageBox,
    RevokeAccessGrant, RevokeAccessGrants, UpdateAccessGrant, UpdateCallbacks, UpdateCard,
    UpdateCardOwner, UpdateFolder, UpdateOrganization, UploadCardOwnerImage,
};
use daxsign_client::blocking::Client;
use daxsign_client::{Instance, LocalTime, UtcTime};
use uuid::Uuid;

use super::table::{People, Table};

/// A client on its way through the operations.
struct Going<'t> {
    client: Client,
    target: Instance,
    table: &'t Table,
    done: BTreeSet<&'static str>,
}

impl Going<'_> {
    /// What an operation returns, which succeeds as its description says.
    #[track_caller]
    fn call<O: Operation>(&mut self, operation: &O) -> O::Answer {
        let answer = self.client.call(operation);
        let answer = answer.unwrap_or_else(|error| panic!("{}: {error}", O::INFO.id));
        assert_eq!(answer.status, O::INFO.success, "{}", O::INFO.id);
        assert!(answer.verified, "{}", O::INFO.id);
        assert!(
            answer.unknown.is_empty(),
            "{}: {:?}",
            O::INFO.id,
            answer.unknown
        );
        self.done.insert(O::INFO.id);
        answer.data
    }

    fn id(&self, name: &str) -> Uuid {
        self.table.known(name).parse().expect("an id")
    }
}

/// How many operations succeeded.
pub(crate) fn happy(people: &People, table: &Table) -> usize {
    let mut going = Going {
        client: people.calling_as(&people.client),
        target: people.office.instance,
        table,
        done: BTreeSet::new(),
    };
    folders_and_organizations(&mut going);
    let owner = owners(&mut going);
    cards(&mut going, owner);
    grants_and_doors(&mut going, owner);
    going.call(&DeleteCardOwner::new(going.target, owner));
    published(&mut going, people);
    deliveries(&mut going);
    callbacks(&mut going, people);
    going.done.len()
}

fn folders_and_organizations(going: &mut Going<'_>) {
    let target = going.target;
    assert_eq!(going.call(&ListContracts::new()).len(), 2);
    assert_eq!(going.call(&ListFolders::new(target)).len(), 3);
    let made = going
        .call(&CreateFolder::new(target, "Attic", 1))
        .folder_id
        .expect("an id");
    let tree = going.call(&GetFolder::new(target, 1).include_child_folders(true));
    assert!(
        tree.child_folders
            .iter()
            .any(|child| child.folder_id == Some(made))
    );
    let patch = FolderPatch::new().description("Under the roof");
    let patched = going.call(&UpdateFolder::new(target, made, patch));
    assert_eq!(patched.description.as_deref(), Some("Under the roof"));
    going.call(&DeleteFolder::new(target, made));

    assert_eq!(going.call(&ListOrganizations::new(target)).len(), 2);
    let new = CreateOrganization::new(target, "Third")
        .comment("New")
        .parent_folder_id(1);
    let made = going.call(&new).id;
    let found = going.call(&GetOrganization::new(target, made));
    assert_eq!(found.comment.as_deref(), Some("New"));
    let patch = OrganizationPatch::new().name("Fourth");
    let patched = going.call(&UpdateOrganization::new(target, made, patch));
    assert_eq!(patched.name.as_deref(), Some("Fourth"));
    going.call(&DeleteOrganization::new(target, made));
}

fn code() -> CardNumber {
    CardNumber {
        format: Some("MifareUID[XR]".to_owned()),
        number: Some("04A1B2C3".to_owned()),
        ..CardNumber::default()
    }
}

/// A new owner with a card.
fn owners(going: &mut Going<'_>) -> Uuid {
    let target = going.target;
    let list = ListCardOwners::new(target).expand([ExpandOwner::Cards, ExpandOwner::Postbox]);
    let all = going.call(&list);
    assert_eq!((all.len(), all[11].post_box_names.len()), (12, 1));
    let email = BTreeMap::from([("email".to_owned(), Some("asa@example.com".to_owned()))]);
    let new = CreateCardOwner::new(target, email, "Öberg", 2, "Åsa")
        .card_owner_type(CardOwnerType::Person)
        .pin_code("1234")
        .start_time(time("2026-01-01T08:00:00"))
        .cards([CreateCardItem {
            name: Some("Fob".to_owned()),
            codes: vec![code()],
            ..CreateCardItem::default()
        }]);
    let id = going.call(&new).card_owner_id;
    let found = going.call(&GetCardOwner::new(target, id).expand([ExpandOwner::Cards]));
    assert_eq!(found.family_name.as_deref(), Some("Öberg"));
    assert_eq!(found.cards[0].name.as_deref(), Some("Fob"));
    let patch = CardOwnerPatch::new()
        .comment("Knocks twice")
        .pin_code("4321");
    let patched = going.call(&UpdateCardOwner::new(target, id, patch));
    assert_eq!(patched.comment.as_deref(), Some("Knocks twice"));
    // A PNG begins so.
    let image = UploadCardOwnerImage::new(target, id).image(Bytes(b"\x89PNG\r\n\x1a\n".to_vec()));
    going.call(&image);
    id
}

fn cards(going: &mut Going<'_>, owner: Uuid) {
    let target = going.target;
    let all = going.call(&ListCards::new(target).expand([ExpandCard::Codes]));
    let has_code = |card: &Card| card.codes.iter().any(|found| *found == code());
    assert_eq!(
        (all.len(), all.iter().filter(|card| has_code(card)).count()),
        (13, 1)
    );
    let new = CreateCard::new(target, Vec::new(), "Second", owner);
    let id = going
        .call(&new.classification(Classification::Restricted))
        .card_id;
    let found = going.call(&GetCard::new(target, id).expand([ExpandCard::Codes]));
    assert_eq!(found.classification, Some(Classification::Restricted));
    let patch = CardPatch::new().disabled(true);
    assert_eq!(
        going.call(&UpdateCard::new(target, id, patch)).disabled,
        Some(true)
    );
    going.call(&DeleteCard::new(target, id));
    assert_eq!(going.call(&GeneratePinCode::new(target)).expose().len(), 6);
}

fn grants_and_doors(going: &mut Going<'_>, owner: Uuid) {
    let target = going.target;
    let [first, second, third] = ["group", "secondGroup", "thirdGroup"].map(|name| going.id(name));
    assert_eq!(going.call(&ListRemoteAccessGroups::new(target)).len(), 3);
    let group = going.call(&GetRemoteAccessGroup::new(target, first));
    assert_eq!(group.name.as_deref(), Some("Entrance"));
    let new = GrantAccess::new(target, first, owner).stop_time(time("2099-01-01T00:00:00"));
    let grant = going.call(&new).grant_id;
    let all = going.call(&ListAccessGrants::new(target).card_owner_filter([owner]));
    assert_eq!(all.len(), 1);
    let found = going.call(&GetAccessGrant::new(target, grant));
    assert_eq!((found.grant_id, found.revoked), (grant, Some(false)));
    let patch = GrantPatch::new().stop_time(time("2098-01-01T00:00:00"));
    let patched = going.call(&UpdateAccessGrant::new(target, grant, patch));
    assert_eq!(patched.stop_time, Some(time("2098-01-01T00:00:00")));
    let doors = going.call(&ListCardOwnerDoors::new(target, owner));
    assert_eq!(doors.len(), 2);
    let open = OpenCardOwnerDoor::new(target, owner, doors[0].door_id);
    going.call(&open.pin_code("4321").timeout(5000));
    let many = GrantAccessGroupsToCardOwner::new(target, vec![second, third], owner);
    let grants = going.call(&many);
    assert_eq!(grants.len(), 2);
    let (someone, many) = (going.id("pinOwner"), GrantAccessGroupToCardOwners::new);
    assert_eq!(going.call(&many(target, third, vec![someone])).len(), 1);
    going.call(&RevokeAccessGrant::new(target, grant));
    let ids: Vec<Uuid> = grants.iter().map(|grant| grant.grant_id).collect();
    going.call(&RevokeAccessGrants::new(target).grant_ids(ids));
    let [from, to] = ["yesterday", "tomorrow"].map(|name| time(going.table.known(name)));
    assert!(going.call(&ListLogEntries::new(target, from, to)).len() >= 5);
}

/// The office shows its groups, and the client obtains access by one.
fn published(going: &mut Going<'_>, people: &People) {
    let (group, target) = (going.id("group"), going.target);
    let shown = AccessGroupDto {
        access_group_id: group,
        access_group_name: Some("The entrance".to_owned()),
        latitude: Some(59.5),
        longitude: Some(18.5),
        ..AccessGroupDto::default()
    };
    let client = std::mem::replace(&mut going.client, people.calling_as(&people.office));
    assert!(going.call(&PublishAccessGroups::new(
        vec![shown],
        people.client.instance.partner
    )));
    going.client = client;
    let all = going.call(&ListPublishedAccessGroups::new());
    // With the three of the other Alliera.
    assert_eq!(all.len(), 4);
    let found = going.call(&GetPublishedAccessGroup::new(group));
    assert_eq!(found.latitude, Some(59.5));
    assert!(all.contains(&found));
    let wanted = ObtainAccessGroup {
        receiving_partner_id: target.partner,
        receiving_access_control_instance_id: target.instance,
        remote_access_group_id: found.remote_access_group_id,
        ..ObtainAccessGroup::default()
    };
    let guest = CommonCardOwner {
        family_name: Some("Guest".to_owned()),
        specific_name: Some("A".to_owned()),
        ..CommonCardOwner::default()
    };
    assert!(going.call(&ObtainAccess::new(vec![wanted], vec![guest], 60, "T-1")));
}

fn deliveries(going: &mut Going<'_>) {
    let boxes = going.call(&ListPackageBoxes::new());
    let id = boxes[0].package_box_id;
    let found = going.call(&GetPackageBox::new(id));
    assert_eq!(found.box_sizes.len(), 4);
    let at = |name: &str| UtcTime::parse(going.table.known(name)).expect("a time");
    let reserve = ReservePackageBox::new(id)
        .reserve_from_date_time_utc(at("tomorrow"))
        .reservation_expiry_utc(at("dayAfter"))
        .sizes([BoxSize(2)])
        .parcel_id("P-1")
        .recipient(DeliveryRecipient {
            email_address: Some("owner1@example.com".to_owned()),
            ..DeliveryRecipient::default()
        });
    let reserved = going.call(&reserve);
    let reserved = reserved
        .r#box
        .and_then(|one| one.characteristics)
        .expect("a compartment");
    assert_eq!(reserved.box_size, Some(BoxSize(2)));
    let asked = GetRecipientCapabilities::new().mobile_phone("+46700000000");
    assert_eq!(going.call(&asked).city.as_deref(), Some("Stockholm"));
    let recipients =
        going.call(&ListRenzRecipients::new(going.target).system_ids(["1".to_owned()]));
    assert_eq!(recipients.len(), 2);
}

fn callbacks(going: &mut Going<'_>, people: &People) {
    let callback = CallbackBase {
        callback_url: Some(format!("{}/parcels", people.base)),
        domain: Some("Delivery".to_owned()),
        event_type: Some(EventType::Created),
        bearer_token: Some("a-token".into()),
        headers: BTreeMap::from([("X-Shop".to_owned(), Some("7".into()))]),
        ..CallbackBase::default()
    };
    let made = going.call(&RegisterCallbacks::new().callbacks([callback]));
    let mut changed = made[0].clone();
    assert_eq!(going.call(&ListCallbacks::new()), made);
    changed.event_type = Some(EventType::Pickup);
    let made = going.call(&UpdateCallbacks::new().callbacks([changed]));
    assert_eq!(made[0].event_type, Some(EventType::Pickup));
    going.call(&DeleteCallback::new(made[0].callback_id));
    assert_eq!(going.call(&ListCallbacks::new()), []);
}

fn time(text: &str) -> LocalTime {
    LocalTime::parse(text).expect("a time")
}
