//! systemd, where there is one: the sockets that it hands over, and what it is told.

use daxsign_hosting::listening::Listener;
#[cfg(unix)]
use daxsign_hosting::systemd::{self, Notifier, OwnEnvironment, Socket, State};

use crate::failure::Failure;

/// The name (`FileDescriptorName=`) of the socket for operators.
#[cfg(unix)]
const ADMIN: &str = "admin";

/// Sockets that were handed over, not in use yet.
#[derive(Default)]
pub(crate) struct Handed {
    #[cfg(unix)]
    sockets: Vec<(String, Socket)>,
}

impl Handed {
    /// Takes them. To be called first of all, and once.
    pub(crate) fn take() -> Result<Self, Failure> {
        Ok(Self {
            #[cfg(unix)]
            sockets: systemd::sockets().map_err(unusable)?,
        })
    }

    /// Those for clients, and the one for operators.
    pub(crate) fn listeners(self) -> Result<(Vec<Listener>, Option<Listener>), Failure> {
        #[cfg_attr(not(unix), expect(unused_mut, reason = "there are none"))]
        let (mut listeners, mut admin) = (Vec::new(), None);
        #[cfg(unix)]
        for (name, socket) in self.sockets {
            let listener = Listener::from_socket(socket).map_err(unusable)?;
            if name == ADMIN {
                admin = Some(listener);
            } else {
                listeners.push(listener);
            }
        }
        Ok((listeners, admin))
    }
}

#[cfg(unix)]
#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn unusable(error: std::io::Error) -> Failure {
    Failure::Unusable(format!("a socket that systemd handed over: {error}"))
}

/// Who is told how it goes.
pub(crate) struct Manager {
    #[cfg(unix)]
    notifier: Notifier,
}

impl Manager {
    pub(crate) fn from_environment() -> Self {
        Self {
            #[cfg(unix)]
            notifier: Notifier::from_environment(&OwnEnvironment),
        }
    }

    /// Requests are served.
    pub(crate) fn ready(&self) {
        #[cfg(unix)]
        self.notifier.tell(State::Ready);
    }

    /// Everything is read again; [`ready`](Self::ready) follows.
    pub(crate) fn reloading(&self) {
        #[cfg(unix)]
        self.notifier.tell(State::Reloading);
    }

    /// No more requests are taken.
    pub(crate) fn stopping(&self) {
        #[cfg(unix)]
        self.notifier.tell(State::Stopping);
    }

    /// Gives signs of life, if they are wanted. A runtime that hangs gives none.
    pub(crate) async fn live(self: std::sync::Arc<Self>) {
        #[cfg(unix)]
        if let Some(interval) = systemd::watchdog(&OwnEnvironment) {
            loop {
                self.notifier.tell(State::Watchdog);
                tokio::time::sleep(interval).await;
            }
        }
    }
}
