//! What is asked of an Alliera, among 1 000 card owners.

use std::sync::atomic::{AtomicUsize, Ordering};

use daxsign_client::api::{
    AccessGroupSimple, CardOwner, CreateCard, ExpandOwner, GetCard, GetCardOwner, GrantAccess,
    ListAccessGrants, ListCardOwnerDoors, ListCardOwners, ListCards, ListRemoteAccessGroups,
    OpenCardOwnerDoor, Operation, RevokeAccessGrant,
};
use daxsign_client::asynchronous::Client;
use daxsign_client::{Instance, Uuid};

/// How many there are.
pub(crate) const CARD_OWNERS: u32 = 1_000;
/// How many stand on a page.
const PAGE: u32 = 20;

/// What is asked.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Owner,
    Owners,
    Doors,
    Card,
    Cards,
    Grants,
    OpenDoor,
    NewCard,
    Grant,
    Revoke,
}

/// Of twenty, sixteen read.
pub(crate) const MIX: [(Kind, &str, usize); 10] = [
    (Kind::Owner, "get_card_owner", 5),
    (Kind::Owners, "list_card_owners, 20 a page", 4),
    (Kind::Doors, "list_card_owner_doors", 3),
    (Kind::Card, "get_card", 2),
    (Kind::Cards, "list_cards, 20 a page", 1),
    (Kind::Grants, "list_access_grants of one owner", 1),
    (Kind::OpenDoor, "open_card_owner_door", 1),
    (Kind::NewCard, "create_card", 1),
    (Kind::Grant, "grant_access", 1),
    (Kind::Revoke, "revoke_access_grant", 1),
];

/// Who and what is asked for.
pub(crate) struct Office {
    client: Client,
    target: Instance,
    owners: Vec<Owner>,
    /// One that opens for all of them.
    door: Uuid,
    next: AtomicUsize,
}

struct Owner {
    id: Uuid,
    card: Uuid,
    /// It has no grant for it.
    other_group: Uuid,
}

impl Office {
    pub(crate) async fn look(client: Client, target: Instance) -> Self {
        let groups = ListRemoteAccessGroups::new(target);
        let groups = client.call(&groups).await.expect("access groups").data;
        let mut all = client.items(ListCardOwners::new(target).expand([ExpandOwner::Cards]));
        let mut owners = Vec::new();
        while let Some(owner) = all.next().await {
            owners.push(Owner::of(&owner.expect("card owners"), &groups));
        }
        assert_eq!(u32::try_from(owners.len()), Ok(CARD_OWNERS));
        // The first one has a PIN.
        owners.remove(0);
        let doors = ListCardOwnerDoors::new(target, owners[0].id);
        let doors = client.call(&doors).await.expect("doors").data;
        Self {
            client,
            target,
            owners,
            door: doors[0].door_id,
            next: AtomicUsize::new(0),
        }
    }

    /// Asks, with the grant that this caller gave before.
    pub(crate) async fn ask(&self, kind: Kind, given: &mut Option<Uuid>) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let owner = &self.owners[number % self.owners.len()];
        let target = self.target;
        match kind {
            Kind::Owner => {
                let found = self.call(GetCardOwner::new(target, owner.id)).await;
                assert_eq!(found.card_owner_id, owner.id);
            }
            Kind::Owners => {
                let offset =
                    u64::try_from(number).unwrap_or_default() % u64::from(CARD_OWNERS - PAGE);
                let page = ListCardOwners::new(target).offset(offset).limit(PAGE);
                assert_eq!(self.call(page).await.len(), PAGE as usize);
            }
            Kind::Doors => {
                let doors = self.call(ListCardOwnerDoors::new(target, owner.id)).await;
                assert!(doors.len() >= 3);
            }
            Kind::Card => {
                let found = self.call(GetCard::new(target, owner.card)).await;
                assert_eq!(found.card_id, owner.card);
            }
            Kind::Cards => {
                let page = ListCards::new(target).limit(PAGE);
                assert_eq!(self.call(page).await.len(), PAGE as usize);
            }
            Kind::Grants => {
                let of = ListAccessGrants::new(target).card_owner_filter([owner.id]);
                assert!(self.call(of).await.len() >= 2);
            }
            Kind::OpenDoor => {
                self.call(OpenCardOwnerDoor::new(target, owner.id, self.door))
                    .await;
            }
            Kind::NewCard => drop(
                self.call(CreateCard::new(target, Vec::new(), "One more", owner.id))
                    .await,
            ),
            Kind::Grant => {
                let grant = GrantAccess::new(target, owner.other_group, owner.id);
                *given = Some(self.call(grant).await.grant_id);
            }
            Kind::Revoke => {
                let grant = given.take().expect("it was given");
                self.call(RevokeAccessGrant::new(target, grant)).await;
            }
        }
    }

    async fn call<O: Operation>(&self, operation: O) -> O::Answer {
        let answer = self.client.call(&operation).await;
        let answer = answer.unwrap_or_else(|error| panic!("{}: {error}", O::INFO.id));
        assert!(answer.verified, "{}", O::INFO.id);
        answer.data
    }
}

impl Owner {
    fn of(owner: &CardOwner, groups: &[AccessGroupSimple]) -> Self {
        // Everybody has the entrance's, in the topmost folder, and that of the own floor.
        let entrance = groups[0].folder_id;
        let mut others = groups
            .iter()
            .filter(|group| ![entrance, owner.folder_id].contains(&group.folder_id));
        Self {
            id: owner.card_owner_id,
            card: owner.cards[0].card_id,
            other_group: others
                .next()
                .expect("a group of another floor")
                .access_group_id,
        }
    }
}
