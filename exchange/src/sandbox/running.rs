//! A sandbox that runs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use daxsign_hosting::Address;
use serde_json::Value;

use super::attending::{Attending, Console, Parts};
use super::door::{self, FirstDoor};
use super::facts::Facts;
use super::failed::Failed;
use super::first_steps::FirstSteps;
use super::making::{CLOCK_FILE, HOST, Wanted, alliera, make};
use super::people::{Member, OFFICE};
use super::settings::SandboxSettings;
use super::system_clock::system_clock;
use super::told;
use crate::alliera::Event;
use crate::deciding::Schemas;
use crate::faults::Board;
use crate::operating::{
    Part as File, SETTINGS_FILE, Sandboxed, Serving, Settings, TemporaryFolder,
};
use crate::running::{Clock, MovableClock};

/// How long the Allieras may take to connect.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// What is in work has so long once the sandbox is to end.
const DRAIN_SECONDS: u64 = 2;
/// More than this machine does: who tests how much goes through is not sent away.
const REQUESTS_PER_MINUTE: u64 = 1_000_000;

/// DAX on this machine, to develop against: an exchange, two Allieras, and a client's credentials.
///
/// What is asked of it is answered on threads of its own. It ends when it is [stopped](Self::stop) or dropped.
pub struct Sandbox {
    facts: Facts,
    sandboxed: Sandboxed,
    serving: Option<Serving>,
    allieras: Vec<Attending>,
    /// Gone with it.
    _temporary: Option<TemporaryFolder>,
}

impl Sandbox {
    /// Starts one in a folder that is gone afterwards, on ports that are free. Making its keys takes about a second.
    ///
    /// # Errors
    /// [`Failed`].
    pub async fn start() -> Result<Self, Failed> {
        Self::start_with(SandboxSettings::default()).await
    }

    /// Starts one that is told more. Whichever runtime asks, the work is done on a thread of its own.
    ///
    /// # Errors
    /// [`Failed`].
    pub async fn start_with(settings: SandboxSettings) -> Result<Self, Failed> {
        let (sender, started) = tokio::sync::oneshot::channel();
        let thread = std::thread::Builder::new().name("daxsign-sandbox".to_owned());
        let start = move || {
            let run = |clock| Self::run(&settings, clock, &silent());
            // Where nobody waits any more it is dropped.
            let _ = sender.send(system_clock().and_then(run));
        };
        thread.spawn(start).map_err(Failed::of)?;
        let started = started.await;
        started.map_err(|_| Failed::of("the sandbox's start ended early"))?
    }

    /// The same without waiting for it elsewhere: not to be called on a thread that serves others. The clock is what the
    /// sandbox's own is ahead of, and the console hears what happens in the Allieras.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn run(wanted: &SandboxSettings, clock: Clock, console: &Console) -> Result<Self, Failed> {
        let (folder, temporary) = place(wanted)?;
        let new = new_settings(wanted);
        let data = Wanted {
            seed: wanted.seed,
            card_owners: wanted.card_owners,
            reset: wanted.reset,
        };
        let data = make(&folder, &data, &new, &clock)?;
        let clock_file = folder.join(CLOCK_FILE);
        let clock = MovableClock::kept_in(&clock_file, clock)
            .map_err(|error| Failed::of(format_args!("{}: {error}", clock_file.display())))?;
        let mut settings = Settings::read(&folder).map_err(Failed::of)?;
        overwrite(&mut settings, wanted);
        let faults = Arc::new(Board::new(data.seed.into()));
        let sandboxed = Sandboxed { clock, faults };
        let serving = Serving::start_sandbox(&folder, &settings, &sandboxed);
        let serving = serving.map_err(Failed::of)?;
        keep_ports(&folder, &mut settings, &serving)?;
        let mut sandbox = Self {
            facts: Facts {
                temporary: temporary.is_some(),
                seed: data.seed,
                base: format!("https://{HOST}:{}", serving.rest().port()),
                management: told_address(serving.management()),
                client_certificates: settings.rest_client_certificates,
                members: Member::all(&folder, data.seed),
                door: None,
                folder,
            },
            sandboxed,
            allieras: Vec::new(),
            _temporary: temporary,
            serving: Some(serving),
        };
        sandbox.attend(&settings.rest_listen, console)?;
        sandbox.wait_until_connected()?;
        told::write(&sandbox.facts)?;
        Ok(sandbox)
    }

    fn attend(&mut self, address: &str, console: &Console) -> Result<(), Failed> {
        let schemas = Arc::new(Schemas::new().map_err(Failed::of)?);
        let inlet = self.serving.as_ref().and_then(Serving::inlet);
        let inlet = inlet.ok_or_else(|| Failed::of("the exchange has ended"))?;
        for (place, member) in self.facts.members.iter().enumerate() {
            let Some(alliera) = alliera(member, &schemas)? else {
                continue;
            };
            let alliera = Arc::new(Mutex::new(alliera));
            if place == OFFICE {
                let now = self.sandboxed.clock.now();
                self.facts.door = door::first(&alliera, member, self.facts.client(), now);
            }
            let attending = Attending::start(Parts {
                folder: &self.facts.folder,
                member,
                alliera,
                address: address.to_owned(),
                clock: self.sandboxed.clock.clock(),
                inlet: inlet.clone(),
                faults: Arc::clone(&self.sandboxed.faults),
                console: Arc::clone(console),
            })?;
            self.allieras.push(attending);
        }
        Ok(())
    }

    fn wait_until_connected(&self) -> Result<(), Failed> {
        let began = Instant::now();
        for alliera in &self.allieras {
            while let Err(trouble) = alliera.is_connected() {
                if began.elapsed() > PATIENCE {
                    return Err(Failed::of(format_args!(
                        "an Alliera does not connect to the exchange: {trouble}"
                    )));
                }
                std::thread::sleep(LOOK_EVERY);
            }
        }
        Ok(())
    }

    /// Where the REST API is: `https://localhost:43117`.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.facts.base
    }

    /// Where operators ask: `http://127.0.0.1:43118`, or the path of a socket.
    #[must_use]
    pub fn management(&self) -> &str {
        &self.facts.management
    }

    /// The folder with everything.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.facts.folder
    }

    /// The number of its data.
    #[must_use]
    pub const fn seed(&self) -> u32 {
        self.facts.seed
    }

    /// Whether it is gone once it ends.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        self.facts.temporary
    }

    /// Whether clients have to show a certificate.
    #[must_use]
    pub const fn asks_for_client_certificates(&self) -> bool {
        self.facts.client_certificates
    }

    /// The authority that clients trust for TLS, PEM.
    #[must_use]
    pub fn authority_file(&self) -> PathBuf {
        self.facts.file(File::Authority)
    }

    /// The certificate with whose key the exchange signs, PEM.
    #[must_use]
    pub fn exchange_certificate_file(&self) -> PathBuf {
        self.facts.file(File::Certificate)
    }

    /// The program of somebody else, as which one asks.
    #[must_use]
    pub const fn client(&self) -> &Member {
        self.facts.client()
    }

    /// The two Allieras; the second allows the client everything, the first less.
    #[must_use]
    pub const fn allieras(&self) -> [&Member; 2] {
        [self.facts.estates(), self.facts.office()]
    }

    /// The Alliera that allows the client everything.
    #[must_use]
    pub const fn target(&self) -> &Member {
        self.facts.office()
    }

    /// A door of [`target`](Self::target) to begin with; `None` where all who may open one were removed.
    #[must_use]
    pub const fn first_door(&self) -> Option<&FirstDoor> {
        self.facts.door.as_ref()
    }

    /// The line that says that it is ready: JSON with `ready`, `rest`, `management`, `dir` and `details`, the file in which
    /// everything else stands.
    #[must_use]
    pub fn ready_line(&self) -> String {
        told::ready_line(&self.facts)
    }

    /// All that one needs: addresses, and of everybody ids, name, and the files with key, certificate and password.
    #[must_use]
    pub fn details(&self) -> Value {
        told::details(&self.facts)
    }

    /// Its clock, which can be moved.
    #[must_use]
    pub const fn clock(&self) -> &MovableClock {
        &self.sandboxed.clock
    }

    /// What is ordered to go wrong: nothing, until somebody orders it.
    #[must_use]
    pub fn faults(&self) -> &Board {
        &self.sandboxed.faults
    }

    /// Commands to begin with.
    #[must_use]
    pub fn first_steps(&self) -> FirstSteps {
        FirstSteps::of(&self.facts)
    }

    /// Why it can go on no longer; `None` as long as it can.
    #[must_use]
    pub fn failure(&self) -> Option<Failed> {
        let serving = self.serving.as_ref()?;
        serving.failure().map(Failed::of)
    }

    /// Ends it. What is in work has a moment; what was accepted is on disk.
    ///
    /// # Errors
    /// [`Failed`]: the record's failure.
    pub fn stop(mut self) -> Result<(), Failed> {
        self.end()
    }

    fn end(&mut self) -> Result<(), Failed> {
        let ended = self.serving.take().map(Serving::stop);
        for alliera in self.allieras.drain(..) {
            alliera.stop();
        }
        ended.transpose().map(drop).map_err(Failed::of)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // There is nobody to tell.
        let _ = self.end();
    }
}

impl core::fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "Sandbox({})", self.facts.base)
    }
}

/// Where nobody looks at what happens in the Allieras.
fn silent() -> Console {
    Arc::new(|_: &Member, _: &Event| ())
}

fn place(wanted: &SandboxSettings) -> Result<(PathBuf, Option<TemporaryFolder>), Failed> {
    let Some(folder) = &wanted.folder else {
        let temporary = TemporaryFolder::new("daxsign-sandbox").map_err(Failed::of)?;
        return Ok((temporary.path().join("sandbox"), Some(temporary)));
    };
    // Commands that are printed work in every folder.
    let folder = std::path::absolute(folder).map_err(Failed::of)?;
    if let Some(above) = folder.parent() {
        std::fs::create_dir_all(above).map_err(Failed::of)?;
    }
    Ok((folder, None))
}

/// Those of a folder that is made.
fn new_settings(wanted: &SandboxSettings) -> Settings {
    const FREE: &str = "127.0.0.1:0";
    let mut settings = Settings {
        sandbox: true,
        rest_listen: FREE.to_owned(),
        management_listen: FREE.to_owned(),
        rest_requests_per_minute: REQUESTS_PER_MINUTE,
        drain_seconds: DRAIN_SECONDS,
        log_level: "warn".to_owned(),
        // Receivers of callbacks are developed on this machine, with certificates of the sandbox's authority.
        callbacks_allow: "127.0.0.0/8, ::1".to_owned(),
        callbacks_roots: File::Authority.name().to_owned(),
        ..Settings::default()
    };
    overwrite(&mut settings, wanted);
    settings
}

fn overwrite(settings: &mut Settings, wanted: &SandboxSettings) {
    if let Some(listen) = &wanted.rest_listen {
        settings.rest_listen.clone_from(listen);
    }
    if let Some(listen) = &wanted.management_listen {
        settings.management_listen.clone_from(listen);
    }
    if let Some(asked) = wanted.client_certificates {
        settings.rest_client_certificates = asked;
    }
}

/// The next start is to have the same ports.
fn keep_ports(folder: &Path, settings: &mut Settings, serving: &Serving) -> Result<(), Failed> {
    settings.rest_listen = serving.rest().to_string();
    settings.management_listen = match serving.management() {
        Address::Tcp(address) => address.to_string(),
        socket @ Address::Unix(_) => socket.to_string(),
    };
    let (text, place) = (settings.print(), folder.join(SETTINGS_FILE));
    if std::fs::read_to_string(&place).is_ok_and(|before| before == text) {
        return Ok(());
    }
    told::replace(&place, text.as_bytes(), false)
}

fn told_address(address: &Address) -> String {
    match address {
        Address::Tcp(address) => format!("http://{address}"),
        socket @ Address::Unix(_) => socket.to_string(),
    }
}
