//! The doors for parties: HTTPS, and the bus on it.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use daxsign_core::{Sha256, Timestamp};
use daxsign_pki::tls::{Credentials, IdentityFrom, PolicyFiles, TlsServer};
use zeroize::Zeroizing;

use super::folder::{Folder, Part};
use super::keys::token_key;
use super::not_served::NotServed;
use super::settings::Settings;
use crate::deciding::Rates;
use crate::doors::bus::{BusDoor, BusWire, Members, NotAMember};
use crate::doors::rest::{Parts, RestDoor, Settings as RestSettings};
use crate::faults::Board;
use crate::judging::{Entrance, SharedRegistry};
use crate::party::Party;
use crate::running::{Clock, Inlet};

/// The window in which the requests of an instance are counted.
const RATE_SECONDS: u32 = 60;

/// What the doors stand on.
pub(super) struct Ground<'g> {
    pub(super) folder: &'g Folder,
    pub(super) settings: &'g Settings,
    pub(super) registry: Arc<SharedRegistry>,
    pub(super) inlet: Inlet,
    pub(super) clock: Clock,
    pub(super) wire: BusWire,
    /// In a sandbox alone.
    pub(super) faults: Option<Arc<Board>>,
}

/// The doors for parties.
pub(super) struct Doors {
    pub(super) rest: RestDoor,
    pub(super) bus: Arc<BusDoor>,
    /// Read anew by the housekeeper; `None` without TLS.
    pub(super) policy: Option<Arc<Mutex<PolicyFiles>>>,
}

/// Opens them.
///
/// # Errors
/// [`NotServed`].
pub(super) fn open(ground: Ground<'_>) -> Result<Doors, NotServed> {
    let settings = ground.settings;
    let address = settings.rest_address().map_err(NotServed::of)?;
    let listener = TcpListener::bind(address).map_err(|error| {
        NotServed::of(format_args!(
            "rest.listen is {}: {error}",
            settings.rest_listen
        ))
    })?;
    let (tls, policy) = if settings.rest_tls {
        let (tls, policy) = tls(ground.folder)?;
        (Some(tls), Some(Arc::new(Mutex::new(policy))))
    } else {
        (None, None)
    };
    let tokens = token_key(ground.folder).map_err(NotServed::of)?;
    let per_minute = u32::try_from(settings.rest_requests_per_minute).unwrap_or(u32::MAX);
    let rates = Rates::new(per_minute, RATE_SECONDS);
    let entrance = Entrance::new(Arc::clone(&ground.registry), tokens, rates);
    let members = Registered(Arc::clone(&ground.registry));
    let bus = ground.wire.door(members).map_err(NotServed::of)?;
    let bus = Arc::new(bus);
    let rest = RestDoor::start(Parts {
        listener,
        tls,
        entrance: Arc::new(entrance),
        registry: ground.registry,
        inlet: ground.inlet,
        clock: ground.clock,
        bus: Some(Arc::clone(&bus)),
        faults: ground.faults,
        settings: rest_settings(settings),
    });
    Ok(Doors {
        rest: rest.map_err(NotServed::of)?,
        bus,
        policy,
    })
}

fn tls(folder: &Folder) -> Result<(TlsServer, PolicyFiles), NotServed> {
    let key = Zeroizing::new(folder.read(Part::TlsKey).map_err(NotServed::of)?);
    let chain = folder.read(Part::TlsCertificate).map_err(NotServed::of)?;
    let credentials = Credentials::from_pem(&chain, &key)
        .map_err(|problem| NotServed::of(folder.wrong(Part::TlsCertificate, &problem)))?;
    let list = folder.file(Part::AuthorityList);
    let lists: Option<&[PathBuf]> = list.exists().then_some(core::slice::from_ref(&list));
    let roots = [folder.file(Part::Authority)];
    let policy =
        PolicyFiles::of_roots(&roots, lists, IdentityFrom::DnsName).map_err(NotServed::of)?;
    let server = TlsServer::new(credentials, Arc::clone(policy.live()));
    Ok((server, policy))
}

fn rest_settings(settings: &Settings) -> RestSettings {
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    RestSettings {
        connections: number(settings.rest_connections),
        in_work: number(settings.in_work),
        head_time: Duration::from_secs(settings.rest_head_seconds),
        body_time: Duration::from_secs(settings.rest_body_seconds),
        client_certificates: settings.rest_client_certificates,
        ..RestSettings::default()
    }
}

/// Whose certificates the registry has.
struct Registered(Arc<SharedRegistry>);

impl Members for Registered {
    fn party(&self, certificate: &[u8], now: Timestamp) -> Result<Party, NotAMember> {
        let registry = self.0.confirmed().map_err(|_| NotAMember::Unconfirmed)?;
        let found = registry.certificate(&Sha256::digest(certificate));
        let found = found.ok_or(NotAMember::Unknown)?;
        if found.counts(now) {
            Ok(found.party)
        } else {
            Err(NotAMember::DoesNotCount)
        }
    }
}
