//! Who takes part: keys, an authority, and a certificate for each.

use std::thread;
use std::time::{Duration, Instant};

use daxsign_core::{
    CertificateRequest, DaxNames, KeyEncoding, ObjectIdentifier, PrivateKey, RandomnessFailed,
    Sha256, Timestamp,
};
use daxsign_pki::{Asked, Issuer, Profile, SerialNumber, Terms, issue, issue_root};
use ring::rand::{SecureRandom, SystemRandom};
use uuid::Uuid;

use super::failed::{Doing, Failed};
use super::telling::Telling;
use crate::party::Party;
use crate::record::HASH_LEN;
use crate::running::Clock;

/// What DAX asks for at least.
const BITS: usize = 2048;
const DAY: i64 = 86_400;

/// A key with its certificate.
pub(super) struct Holder {
    /// What the story calls it.
    pub(super) name: &'static str,
    pub(super) key: Box<PrivateKey>,
    /// Its DER.
    pub(super) certificate: Vec<u8>,
}

impl Holder {
    /// The SHA-256 of its certificate.
    pub(super) fn thumbprint(&self) -> [u8; HASH_LEN] {
        Sha256::digest(&self.certificate)
    }

    fn thumbprint_text(&self) -> String {
        let digits = |text: String, byte: &u8| text + &format!("{byte:02x}");
        self.thumbprint().iter().fold(String::new(), digits)
    }
}

/// A party with its key.
pub(super) struct Member {
    pub(super) holder: Holder,
    pub(super) party: Party,
}

/// Everybody.
pub(super) struct People {
    /// Whose certificates are taken.
    pub(super) authority: Holder,
    /// In the middle.
    pub(super) exchange: Holder,
    /// Asks.
    pub(super) a: Member,
    /// Owns the door.
    pub(super) b: Member,
    /// Neither: an app of somebody else.
    pub(super) c: Member,
}

impl People {
    pub(super) fn make(clock: &Clock, telling: &mut Telling<'_>) -> Result<Self, Failed> {
        telling.heading("Who takes part")?;
        telling.wait(&format!(
            "Five keys are being made (RSA, {BITS} bits, of the system's randomness) ..."
        ))?;
        let began = Instant::now();
        let keys = [(); 5].map(|()| thread::spawn(new_key));
        let keys = keys.map(|thread| {
            let key = thread.join().map_err(|_| "a thread ended early");
            key.doing("making keys")?
        });
        let took = began.elapsed();
        let [authority, exchange, a, b, c] = keys;
        let at = clock();
        let authority = root(authority?, at)?;
        let people = Self {
            exchange: exchange_holder(exchange?, &authority, at)?,
            a: member("Northern Estates", a?, &authority, at)?,
            b: member("the Small Office", b?, &authority, at)?,
            c: member("the Courier App", c?, &authority, at)?,
            authority,
        };
        people.tell(took, telling)?;
        Ok(people)
    }

    fn tell(&self, took: Duration, telling: &mut Telling<'_>) -> Result<(), Failed> {
        telling.text(&format!("... done in {:.1} s.", took.as_secs_f64()))?;
        telling.plain("")?;
        let Self { a, b, c, .. } = self;
        for (label, text) in [
            (
                "authority",
                "It issued a certificate to everybody below: whose key is whose.".to_owned(),
            ),
            (
                "the exchange",
                "It has a key of its own, and signs all that it sends.".to_owned(),
            ),
            (
                "A",
                format!("Northern Estates, whose Alliera asks. {}", a.party),
            ),
            (
                "B",
                format!("the Small Office, whose Alliera has one door. {}", b.party),
            ),
            (
                "C",
                format!("the Courier App, a program of somebody else. {}", c.party),
            ),
        ] {
            telling.labelled(label, &text)?;
        }
        telling.text(
            "A party is a partner (an organisation) and one of its instances: the long numbers, which stand in its \
             certificate too. From here on A, B and C stand in their place.",
        )?;
        for (name, member) in [("A", a), ("B", b), ("C", c)] {
            telling.call(&member.party, name);
            telling.call(&member.party.partner.hyphenated(), name);
            telling.call(&member.party.instance.hyphenated(), name);
        }
        Ok(())
    }

    /// The name of each, and how it is pinned: `<party>=<SHA-256>`.
    pub(super) fn pins(&self) -> [String; 3] {
        let pin = |who: &str, holder: &Holder| format!("{who}={}", holder.thumbprint_text());
        [
            pin("exchange", &self.exchange),
            pin(&self.a.party.to_string(), &self.a.holder),
            pin(&self.b.party.to_string(), &self.b.holder),
        ]
    }

    /// Everybody's certificate by its SHA-256.
    pub(super) fn certificates(&self) -> Vec<([u8; HASH_LEN], Vec<u8>)> {
        let holders = [
            &self.exchange,
            &self.a.holder,
            &self.b.holder,
            &self.c.holder,
        ];
        let entry = |holder: &Holder| (holder.thumbprint(), holder.certificate.clone());
        holders.into_iter().map(entry).collect()
    }
}

/// The system's randomness.
pub(super) fn random(bytes: &mut [u8]) -> Result<(), RandomnessFailed> {
    SystemRandom::new()
        .fill(bytes)
        .map_err(|_| RandomnessFailed)
}

/// Random ids: of partners, instances, contracts, exchanges.
pub(super) fn random_id() -> Result<Uuid, Failed> {
    let mut bytes = [0; 16];
    random(&mut bytes)
        .map_err(|_| "the system gives no randomness")
        .doing("making an id")?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

fn new_key() -> Result<Box<PrivateKey>, Failed> {
    let mut key = Box::new(PrivateKey::empty());
    let made = key.generate(BITS, &mut random, &mut || ());
    made.doing("making a key")?;
    Ok(key)
}

/// What a certificate is issued for.
fn asked(request: &CertificateRequest<'_>, key: &PrivateKey) -> Result<Asked, Failed> {
    let mut der = vec![0; request.encoded_len(KeyEncoding::Der)];
    let written = request.write(key, KeyEncoding::Der, &mut der);
    let len = written.doing("writing a request for a certificate")?.len();
    Asked::from_request(der.get(..len).unwrap_or_default())
        .doing("reading a request for a certificate")
}

fn terms(profile: Profile, at: Timestamp) -> Result<Terms, Failed> {
    let time = |seconds: i64| {
        let time = Timestamp::from_unix(at.seconds().saturating_add(seconds), 0);
        time.doing("naming the time of a certificate")
    };
    Ok(Terms {
        profile,
        serial: SerialNumber::random(&mut random).doing("numbering a certificate")?,
        not_before: time(-60)?,
        not_after: time(DAY)?,
    })
}

fn named(name: &str, key: &PrivateKey) -> Result<Asked, Failed> {
    const WHAT: &str = "naming a certificate";
    let common_name = ObjectIdentifier::parse("2.5.4.3").doing(WHAT)?;
    let mut request = CertificateRequest::new(key.public_key());
    request.add_name(&common_name, name).doing(WHAT)?;
    asked(&request, key)
}

fn root(key: Box<PrivateKey>, at: Timestamp) -> Result<Holder, Failed> {
    let asked = named("Demo Authority", &key)?;
    let terms = terms(Profile::Authority { path_len: Some(0) }, at)?;
    let certificate = issue_root(&asked, key.public_key(), &terms, &*key);
    Ok(Holder {
        name: "the authority",
        certificate: certificate.doing("founding the authority")?,
        key,
    })
}

fn certified(
    name: &'static str,
    key: Box<PrivateKey>,
    asked: &Asked,
    authority: &Holder,
    at: Timestamp,
) -> Result<Holder, Failed> {
    const WHAT: &str = "issuing a certificate";
    let issuer = Issuer::from_certificate(&authority.certificate).doing(WHAT)?;
    let terms = terms(Profile::Dax, at)?;
    let certificate = issue(&issuer, asked, &terms, &*authority.key).doing(WHAT)?;
    Ok(Holder {
        name,
        key,
        certificate,
    })
}

fn exchange_holder(
    key: Box<PrivateKey>,
    authority: &Holder,
    at: Timestamp,
) -> Result<Holder, Failed> {
    let asked = named("Demo Exchange", &key)?;
    certified("the exchange", key, &asked, authority, at)
}

/// What a party's certificate is issued for, with the names that DAX asks for.
pub(crate) fn asked_for(
    party: Party,
    organization: &str,
    key: &PrivateKey,
) -> Result<Asked, Failed> {
    let (instance, partner) = (party.instance.to_string(), party.partner.to_string());
    let names = DaxNames {
        instance_id: &instance,
        partner_id: &partner,
        environment: DaxNames::PRODUCTION,
        country: "SE",
        locality: "Gothenburg",
        organization,
        unit: "Demo",
    };
    let request = CertificateRequest::dax(key.public_key(), &names);
    asked(&request.doing("naming a certificate")?, key)
}

fn member(
    name: &'static str,
    key: Box<PrivateKey>,
    authority: &Holder,
    at: Timestamp,
) -> Result<Member, Failed> {
    let party = Party {
        partner: random_id()?,
        instance: random_id()?,
    };
    let asked = asked_for(party, name, &key)?;
    let holder = certified(name, key, &asked, authority, at)?;
    Ok(Member { holder, party })
}
