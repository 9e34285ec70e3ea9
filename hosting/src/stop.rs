//! When to stop.

use std::sync::Arc;

use tokio::sync::watch;

/// Tells servers to stop. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Stop {
    /// Not yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// From now on nothing is accepted any more; requests in work are answered.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was told.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is told.
    pub async fn stopped(&self) {
        // It ends with the sender only, which is here.
        let _ = self.0.subscribe().wait_for(|stopped| *stopped).await;
    }

    /// Tells it when the process is asked to end: SIGTERM, SIGINT, or Ctrl-C.
    ///
    /// # Errors
    /// The operating system's, where it gives no signals.
    pub fn with_the_process(&self) -> std::io::Result<()> {
        let (stop, asked) = (self.clone(), asked_to_end()?);
        tokio::spawn(async move {
            asked.await;
            stop.stop();
        });
        Ok(())
    }
}

#[cfg(unix)]
fn asked_to_end() -> std::io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        let (terminate, interrupt) = (terminate.recv(), interrupt.recv());
        let (terminate, interrupt) = (std::pin::pin!(terminate), std::pin::pin!(interrupt));
        futures_util::future::select(terminate, interrupt).await;
    })
}

#[cfg(windows)]
fn asked_to_end() -> std::io::Result<impl Future<Output = ()> + Send> {
    let mut asked = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        asked.recv().await;
    })
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}
