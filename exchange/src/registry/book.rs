//! The registry in memory, as requests are judged by it.

use std::collections::BTreeMap;

use daxsign_core::Timestamp;
use uuid::Uuid;

use super::certificate::{KeyId, Registered};
use super::contract::{Contract, State};
use super::credential::Credential;
use super::partner::{Instance, Partner};
use super::published::PublishedGroup;
use crate::party::Party;

/// All of the registry. It is changed by `apply` alone.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    /// How many changes made it.
    pub(super) version: u64,
    pub(super) partners: BTreeMap<Uuid, Partner>,
    /// By the instance's id, which no two partners share.
    pub(super) instances: BTreeMap<Uuid, Instance>,
    /// By SHA-256.
    pub(super) certificates: BTreeMap<[u8; 32], Registered>,
    /// Which certificates a party has.
    pub(super) thumbprints: BTreeMap<Party, Vec<[u8; 32]>>,
    /// Whose a key is, for ever.
    pub(super) keys: BTreeMap<KeyId, KeyOwner>,
    /// By name.
    pub(super) credentials: BTreeMap<String, Credential>,
    /// The name of a credential, by its id.
    pub(super) names: BTreeMap<Uuid, String>,
    pub(super) contracts: BTreeMap<Uuid, Contract>,
    /// What a promisor shows to a partner.
    pub(super) published: BTreeMap<(Party, Uuid), Vec<PublishedGroup>>,
    /// The contracts by which a promisor gives a partner anything.
    pub(super) pairs: BTreeMap<(Party, Uuid), Vec<Uuid>>,
}

/// Whose a key is.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyOwner {
    pub(super) party: Party,
    /// Whether one of its certificates was revoked.
    pub(super) revoked: bool,
}

impl Registry {
    /// How many changes it has seen: two with the same number are the same.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// A partner.
    #[must_use]
    pub fn partner(&self, id: Uuid) -> Option<&Partner> {
        self.partners.get(&id)
    }

    /// All partners, by their ids.
    pub fn partners(&self) -> impl Iterator<Item = (Uuid, &Partner)> {
        self.partners.iter().map(|(id, partner)| (*id, partner))
    }

    /// All instances, by their ids.
    pub fn instances(&self) -> impl Iterator<Item = &Instance> {
        self.instances.values()
    }

    /// All certificates, live or not.
    pub fn certificates(&self) -> impl Iterator<Item = &Registered> {
        self.certificates.values()
    }

    /// All credentials, by their names.
    pub fn credentials(&self) -> impl Iterator<Item = (&str, &Credential)> {
        let all = self.credentials.iter();
        all.map(|(name, credential)| (name.as_str(), credential))
    }

    /// All contracts, by their ids.
    pub fn contracts(&self) -> impl Iterator<Item = &Contract> {
        self.contracts.values()
    }

    /// An instance of that partner.
    #[must_use]
    pub fn instance(&self, party: Party) -> Option<&Instance> {
        let instance = self.instances.get(&party.instance)?;
        (instance.party == party).then_some(instance)
    }

    /// Whose instance this is.
    #[must_use]
    pub fn instance_by_id(&self, id: Uuid) -> Option<&Instance> {
        self.instances.get(&id)
    }

    /// The credential of this name.
    #[must_use]
    pub fn credential(&self, name: &str) -> Option<&Credential> {
        self.credentials.get(name)
    }

    /// The credential with this id, of this instance.
    #[must_use]
    pub fn credential_by_id(&self, id: Uuid, party: Party) -> Option<&Credential> {
        let credential = self.credentials.get(self.names.get(&id)?)?;
        (credential.id == id && credential.party == party).then_some(credential)
    }

    /// The certificate with this SHA-256, live or not.
    #[must_use]
    pub fn certificate(&self, thumbprint: &[u8; 32]) -> Option<&Registered> {
        self.certificates.get(thumbprint)
    }

    /// The certificates of an instance whose signatures count.
    pub fn counting(&self, party: Party, now: Timestamp) -> impl Iterator<Item = &Registered> {
        let all = self.certificates_of(party);
        all.filter(move |certificate| certificate.counts(now))
    }

    /// All certificates of an instance.
    pub fn certificates_of(&self, party: Party) -> impl Iterator<Item = &Registered> {
        let thumbprints = self.thumbprints.get(&party).into_iter().flatten();
        thumbprints.filter_map(|thumbprint| self.certificates.get(thumbprint))
    }

    /// A contract.
    #[must_use]
    pub fn contract(&self, id: Uuid) -> Option<&Contract> {
        self.contracts.get(&id)
    }

    /// The contracts by which this promisor gives the promisee anything, in the order of their offers.
    pub fn contracts_between(
        &self,
        promisee: Party,
        promisor: Party,
    ) -> impl Iterator<Item = &Contract> {
        let pair = self.pairs.get(&(promisor, promisee.partner));
        let ids = pair.into_iter().flatten();
        ids.filter_map(|id| self.contracts.get(id))
    }

    /// Whether a contract by which a promisor gives a partner anything is in force.
    pub(super) fn gives(&self, promisor: Party, promisee: Uuid, now: Timestamp) -> bool {
        let ids = self.pairs.get(&(promisor, promisee)).into_iter().flatten();
        let mut contracts = ids.filter_map(|id| self.contracts.get(id));
        contracts.any(|contract| contract.is_in_force(now))
    }

    /// The access groups that are shown to a partner, as long as a contract is in force, with who shows them.
    pub fn published_to(
        &self,
        partner: Uuid,
        now: Timestamp,
    ) -> impl Iterator<Item = (Party, &PublishedGroup)> {
        let all = self.published.iter();
        let all = all.filter(move |((owner, destination), _)| {
            *destination == partner && self.gives(*owner, partner, now)
        });
        all.flat_map(|((owner, _), groups)| groups.iter().map(|group| (*owner, group)))
    }

    /// All contracts that a partner has a part in.
    pub fn contracts_of(&self, partner: Uuid) -> impl Iterator<Item = &Contract> {
        self.contracts.values().filter(move |contract| {
            contract.terms.promisee == partner || contract.terms.promisor.partner == partner
        })
    }

    /// The contracts, offered or signed, whose period is over, to be [expired](super::Change::Expire).
    pub fn overdue(&self, now: Timestamp) -> impl Iterator<Item = Uuid> {
        let open = [State::Offered, State::Signed];
        let all = self.contracts.values();
        let overdue = all
            .filter(move |contract| open.contains(&contract.state) && contract.terms.until <= now);
        overdue.map(|contract| contract.terms.contract_id)
    }
}
