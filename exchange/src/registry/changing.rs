//! Making changes: every rule of the registry stands here.

use std::collections::BTreeSet;

use daxsign_core::Timestamp;
use uuid::Uuid;

use super::book::{KeyOwner, Registry};
use super::certificate::{MAX_LIVE_CERTIFICATES, Registered};
use super::change::{Change, NewCredential};
use super::clause::{AnyClause, MAX_CLAUSES};
use super::contract::{Contract, State, Terms};
use super::credential::{Credential, MAX_CREDENTIAL_NAME_LEN, is_password_hash};
use super::partner::{Instance, Partner};
use super::problem::RegistryProblem;
use super::published::{MAX_PUBLISHED_GROUPS, PublishedGroup};
use crate::party::Party;
use crate::record::{ContractVersion, NoteKind};

/// The longest deadline of a contract.
const MAX_DEADLINE_SECONDS: u32 = 3_600;

/// What the record is told of a change (X-LEAF).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Noted {
    pub(super) kind: NoteKind,
    pub(super) sender: Option<Party>,
    pub(super) receiver: Option<Party>,
    pub(super) contract: Option<ContractVersion>,
    pub(super) thumbprint: Option<[u8; 32]>,
}

type Made = Result<Option<Noted>, RegistryProblem>;

impl Registry {
    /// Makes a change. What the record is told of it, if anything.
    ///
    /// # Errors
    /// The rule that forbids it; nothing is changed then.
    pub(super) fn apply(&mut self, change: &Change, at: Timestamp) -> Made {
        let noted = match change {
            Change::AddPartner { partner, name } => self.add_partner(*partner, name),
            Change::SetInstance(instance) => self.set_instance(instance),
            Change::AddCertificate { party, der } => self.add_certificate(*party, der, at),
            Change::Revoke { thumbprint } => self.revoke(thumbprint, at),
            Change::SetCredential(credential) => self.set_credential(credential),
            Change::RemoveCredential { name } => self.remove_credential(name),
            Change::Offer { terms, offer, by } => self.offer(terms, offer, *by, at),
            Change::Sign {
                contract,
                offer,
                by,
            } => self.sign(*contract, offer, *by, at),
            Change::Cancel { contract, by } => self.cancel(*contract, *by),
            Change::Publish {
                by,
                destination,
                groups,
            } => self.publish(*by, *destination, groups, at),
            Change::Expire { contract } => self.expire(*contract, at),
        }?;
        self.version = self.version.saturating_add(1);
        Ok(noted)
    }

    fn add_partner(&mut self, id: Uuid, name: &str) -> Made {
        check_name(name)?;
        if self.partners.contains_key(&id) {
            return Err(RegistryProblem::Known("partner"));
        }
        let name = name.to_owned();
        self.partners.insert(id, Partner { name });
        Ok(None)
    }

    fn set_instance(&mut self, instance: &Instance) -> Made {
        check_name(&instance.name)?;
        let party = instance.party;
        if !self.partners.contains_key(&party.partner) {
            return Err(RegistryProblem::Unknown("partner"));
        }
        let other = |known: &Instance| known.party != party;
        if self.instances.get(&party.instance).is_some_and(other) {
            return Err(RegistryProblem::OtherPartner);
        }
        self.instances.insert(party.instance, instance.clone());
        Ok(None)
    }

    fn must_know(&self, party: Party) -> Result<(), RegistryProblem> {
        let known = self.instance(party).map(|_| ());
        known.ok_or(RegistryProblem::Unknown("instance"))
    }

    fn add_certificate(&mut self, party: Party, der: &[u8], at: Timestamp) -> Made {
        self.must_know(party)?;
        let new = Registered::read(party, der)?;
        if self.certificates.contains_key(&new.thumbprint) {
            return Err(RegistryProblem::Known("certificate"));
        }
        if !new.is_live(at) {
            return Err(RegistryProblem::Past);
        }
        match self.keys.get(&new.key_id) {
            Some(owner) if owner.party != party => return Err(RegistryProblem::ForeignKey),
            Some(owner) if owner.revoked => return Err(RegistryProblem::RevokedKey),
            _ => {}
        }
        let live = self.certificates_of(party).filter(|one| one.is_live(at));
        if live.count() >= MAX_LIVE_CERTIFICATES {
            return Err(RegistryProblem::TooManyCertificates);
        }
        let noted = certificate(NoteKind::Certificate, &new);
        let revoked = false;
        self.keys.insert(new.key_id, KeyOwner { party, revoked });
        self.thumbprints
            .entry(party)
            .or_default()
            .push(new.thumbprint);
        self.certificates.insert(new.thumbprint, new);
        Ok(noted)
    }

    fn revoke(&mut self, thumbprint: &[u8; 32], at: Timestamp) -> Made {
        let certificate_of = self.certificates.get_mut(thumbprint);
        let revoked = certificate_of.ok_or(RegistryProblem::Unknown("certificate"))?;
        if revoked.revoked.is_some() {
            return Err(RegistryProblem::Revoked);
        }
        revoked.revoked = Some(at);
        if let Some(owner) = self.keys.get_mut(&revoked.key_id) {
            owner.revoked = true;
        }
        Ok(certificate(NoteKind::Revocation, revoked))
    }

    fn set_credential(&mut self, new: &NewCredential) -> Made {
        check_name(&new.name)?;
        self.must_know(new.party)?;
        let other = |known: &Credential| known.party != new.party;
        if self.credentials.get(&new.name).is_some_and(other) || self.names.contains_key(&new.id) {
            return Err(RegistryProblem::Known("credential"));
        }
        if !is_password_hash(&new.hash) {
            return Err(RegistryProblem::Hash);
        }
        let credential = Credential {
            id: new.id,
            party: new.party,
            hash: new.hash.clone(),
        };
        let old = self.credentials.insert(new.name.clone(), credential);
        old.and_then(|old| self.names.remove(&old.id));
        self.names.insert(new.id, new.name.clone());
        Ok(None)
    }

    fn remove_credential(&mut self, name: &str) -> Made {
        let removed = self.credentials.remove(name);
        let removed = removed.ok_or(RegistryProblem::Unknown("credential"))?;
        self.names.remove(&removed.id);
        Ok(None)
    }

    fn offer(&mut self, terms: &Terms, offer: &[u8; 32], by: Party, at: Timestamp) -> Made {
        self.must_know(by)?;
        self.must_know(terms.promisor)?;
        if by.partner != terms.promisee {
            return Err(RegistryProblem::NotTheirs);
        }
        if self.contracts.contains_key(&terms.contract_id) {
            return Err(RegistryProblem::Known("contract"));
        }
        check_terms(terms, at)?;
        let contract = Contract {
            terms: terms.clone(),
            state: State::Offered,
            version: 1,
            offer: *offer,
            offered_by: by,
            created: at,
            signed: None,
        };
        let noted = of_contract(&contract, Some(by));
        let pair = (terms.promisor, terms.promisee);
        self.pairs.entry(pair).or_default().push(terms.contract_id);
        self.contracts.insert(terms.contract_id, contract);
        Ok(noted)
    }

    fn sign(&mut self, id: Uuid, offer: &[u8; 32], by: Party, at: Timestamp) -> Made {
        let contract = self.open_contract(id, &[State::Offered])?;
        if by.partner != contract.terms.promisor.partner {
            return Err(RegistryProblem::NotTheirs);
        }
        if *offer != contract.offer {
            return Err(RegistryProblem::OtherOffer);
        }
        if contract.terms.until <= at {
            return Err(RegistryProblem::Period);
        }
        contract.signed = Some(at);
        Ok(turned(contract, State::Signed, Some(by)))
    }

    fn cancel(&mut self, id: Uuid, by: Party) -> Made {
        let contract = self.open_contract(id, &[State::Offered, State::Signed])?;
        let parties = [contract.terms.promisor.partner, contract.terms.promisee];
        if !parties.contains(&by.partner) {
            return Err(RegistryProblem::NotTheirs);
        }
        Ok(turned(contract, State::Cancelled, Some(by)))
    }

    /// Nobody is shown anything without a contract.
    fn publish(
        &mut self,
        by: Party,
        destination: Uuid,
        groups: &[PublishedGroup],
        at: Timestamp,
    ) -> Made {
        self.must_know(by)?;
        if !self.gives(by, destination, at) {
            return Err(RegistryProblem::NotPromised);
        }
        if groups.len() > MAX_PUBLISHED_GROUPS {
            return Err(RegistryProblem::TooManyGroups);
        }
        let mut ids = BTreeSet::new();
        for group in groups {
            group.name.as_deref().map_or(Ok(()), check_name)?;
            if !ids.insert(group.id) {
                return Err(RegistryProblem::Known("access group"));
            }
        }
        self.published.insert((by, destination), groups.to_vec());
        Ok(None)
    }

    fn expire(&mut self, id: Uuid, at: Timestamp) -> Made {
        let contract = self.open_contract(id, &[State::Offered, State::Signed])?;
        if at < contract.terms.until {
            return Err(RegistryProblem::Period);
        }
        Ok(turned(contract, State::Expired, None))
    }

    /// A contract in one of these states.
    fn open_contract(
        &mut self,
        id: Uuid,
        states: &[State],
    ) -> Result<&mut Contract, RegistryProblem> {
        let contract = self.contracts.get_mut(&id);
        let contract = contract.ok_or(RegistryProblem::Unknown("contract"))?;
        if states.contains(&contract.state) {
            Ok(contract)
        } else {
            Err(RegistryProblem::State(contract.state))
        }
    }
}

fn turned(contract: &mut Contract, state: State, by: Option<Party>) -> Option<Noted> {
    contract.state = state;
    contract.version = contract.version.saturating_add(1);
    of_contract(contract, by)
}

#[expect(clippy::unnecessary_wraps, reason = "as all changes tell it")]
fn of_contract(contract: &Contract, by: Option<Party>) -> Option<Noted> {
    let promisor = contract.terms.promisor;
    let by_promisor = by.is_some_and(|by| by.partner == promisor.partner);
    Some(Noted {
        kind: NoteKind::Contract,
        sender: by,
        receiver: Some(if by_promisor {
            contract.offered_by
        } else {
            promisor
        }),
        contract: Some(contract.version()),
        thumbprint: None,
    })
}

#[expect(clippy::unnecessary_wraps, reason = "as all changes tell it")]
const fn certificate(kind: NoteKind, certificate: &Registered) -> Option<Noted> {
    Some(Noted {
        kind,
        sender: Some(certificate.party),
        receiver: None,
        contract: None,
        thumbprint: Some(certificate.thumbprint),
    })
}

fn check_name(name: &str) -> Result<(), RegistryProblem> {
    let fits = (1..=MAX_CREDENTIAL_NAME_LEN).contains(&name.len());
    if fits && !name.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(RegistryProblem::Name)
    }
}

/// What is not understood is refused when it is offered, so that nobody relies on it.
fn check_terms(terms: &Terms, at: Timestamp) -> Result<(), RegistryProblem> {
    if terms.until <= terms.from || terms.until <= at {
        return Err(RegistryProblem::Period);
    }
    if !(1..=MAX_DEADLINE_SECONDS).contains(&terms.deadline_seconds) {
        return Err(RegistryProblem::Deadline);
    }
    if terms.clauses.len() > MAX_CLAUSES {
        return Err(RegistryProblem::TooManyClauses);
    }
    let mut allows = false;
    for clause in &terms.clauses {
        if !clause.is_short() {
            return Err(RegistryProblem::LongClause);
        }
        match clause.meaning() {
            None => return Err(RegistryProblem::Clause(clause.clone())),
            Some(AnyClause::Allows(_)) => allows = true,
            Some(AnyClause::Limits(_) | AnyClause::Kept(_)) => {}
        }
    }
    if allows {
        Ok(())
    } else {
        Err(RegistryProblem::NothingAllowed)
    }
}
