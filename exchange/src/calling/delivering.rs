//! The thread that delivers: it does what the agenda says, many at once, and waits for nothing but that.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use super::attempt::{Attempted, attempt};
use super::connecting::Connecting;
use super::shared::Shared;
use crate::callbacks::{Act, Tried};
use crate::correlation::CorrelationId;
use crate::record::{CallbackEnd, Came, End, Failure, OpenDelivery, Rejected, Sent, SqliteStore};
use crate::running::Desk;

/// The longest sleep: a clock that is set is noticed then.
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// How long it is waited at the end for what is under way.
const LAST_WAIT: Duration = Duration::from_secs(5);
/// How many rows are read at a time.
const ROWS: usize = 256;

/// What the thread works with.
#[derive(Clone)]
pub(super) struct Delivering {
    pub(super) shared: Arc<Shared>,
    pub(super) connecting: Arc<Connecting>,
    pub(super) desk: Desk<SqliteStore>,
    pub(super) under_way: Arc<AtomicUsize>,
}

/// The exchange has ended: what is under way is on record, and the next start goes on.
struct Over;

impl Delivering {
    /// Until it is told to stop.
    pub(super) async fn run(self) {
        let mut loaded = false;
        while !self.shared.is_stopped() {
            if !loaded {
                loaded = self.load().await.is_ok();
            }
            self.begin();
            // Woken, or it is time; either way it is looked at anew.
            let _ = timeout(self.patience(), self.shared.woken()).await;
        }
        // What may have arrived and must not go twice would be lost: it has a moment for its end.
        let _ = timeout(LAST_WAIT, async {
            while self.under_way.load(Ordering::Acquire) > 0 {
                self.shared.woken().await;
            }
        })
        .await;
    }

    fn begin(&self) {
        let most = self.connecting.settings().at_once;
        let room = most.saturating_sub(self.under_way.load(Ordering::Acquire));
        let acts = self.shared.agenda().take(self.shared.now(), room);
        for act in acts {
            self.under_way.fetch_add(1, Ordering::AcqRel);
            let this = self.clone();
            tokio::spawn(async move {
                // Where the exchange has ended nothing more is to be done.
                let _ = this.act(act).await;
                this.under_way.fetch_sub(1, Ordering::AcqRel);
                this.shared.wake();
            });
        }
    }

    fn patience(&self) -> Duration {
        let most = self.connecting.settings().at_once;
        if self.under_way.load(Ordering::Acquire) >= most {
            return LONGEST_WAIT;
        }
        let now = self.shared.now();
        let due = self.shared.agenda().next_due();
        let until = due.map_or(LONGEST_WAIT, |due| {
            let seconds = due.seconds().saturating_sub(now.seconds());
            Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
        });
        // Never in a circle: what is due and cannot begin waits a moment.
        until.clamp(Duration::from_millis(10), LONGEST_WAIT)
    }

    /// What is open since before.
    async fn load(&self) -> Result<(), Over> {
        // Those that could not be erased before.
        let _ = self.ask(SqliteStore::erase_left_callbacks).await?;
        let mut behind = 0;
        loop {
            let rows = self
                .ask(move |store| store.open_deliveries(behind, ROWS))
                .await?;
            let rows: Vec<OpenDelivery> = rows.map_err(|failure| {
                tracing::error!(%failure, "open callbacks cannot be read");
                Over
            })?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            behind = last.leaf;
            let mut agenda = self.shared.agenda();
            for row in rows {
                agenda.add(row);
            }
        }
    }

    async fn act(&self, act: Act) -> Result<(), Over> {
        match act {
            Act::End(id, how, why) => self.end(id, how, why, None).await,
            Act::Try(delivery) => self.deliver(delivery).await,
        }
    }

    async fn deliver(&self, delivery: OpenDelivery) -> Result<(), Over> {
        let (id, now) = (delivery.correlation, self.shared.now());
        let begun = self.ask(move |store| store.begin_callback(id, now)).await?;
        let taken = match begun {
            Ok(Ok(taken)) => taken,
            Ok(Err(Rejected::Decided(_) | Rejected::NotThere)) => {
                self.shared.agenda().ended(id);
                return Ok(());
            }
            Ok(Err(Rejected::Erased)) => {
                let why = "it is erased".to_owned();
                return self.end(id, CallbackEnd::Refused, why, None).await;
            }
            Ok(Err(rejected)) => {
                let why = rejected.to_string();
                return self.end(id, CallbackEnd::Expired, why, None).await;
            }
            Err(failure) => {
                self.failed(id, &failure);
                return Ok(());
            }
        };
        let Attempted { tried, sent } =
            attempt(&self.connecting, &self.desk, &delivery, taken).await;
        self.shared.count(&tried);
        tracing::debug!(correlation = %id, receiver = %delivery.receiver, "a callback was tried");
        let perhaps = matches!(tried, Tried::Perhaps(_));
        let next = self.shared.agenda().tried(id, tried, self.shared.now());
        match next {
            Some(Act::End(id, how, why)) => self.end(id, how, why, sent).await,
            _ => self.settle(Came::Open(id, perhaps), sent).await.map(drop),
        }
    }

    async fn end(
        &self,
        id: CorrelationId,
        how: CallbackEnd,
        why: String,
        sent: Option<Sent>,
    ) -> Result<(), Over> {
        let end = End {
            correlation: id,
            at: self.shared.now(),
            statement: why.into_bytes(),
        };
        self.settle(Came::Ended(end, how), sent).await?;
        self.shared.agenda().ended(id);
        Ok(())
    }

    /// On disk when this returns: what the record cannot do now is done again, since nothing else may be done before.
    async fn settle(&self, came: Came, sent: Option<Sent>) -> Result<(), Over> {
        loop {
            let (came, sent) = (came.clone(), sent.clone());
            let settled = self
                .ask(move |store| store.settle_callback(sent.as_ref(), &came))
                .await?;
            match settled {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(rejected)) => {
                    // It was erased, or ended, meanwhile.
                    tracing::warn!(%rejected, "what came of a callback is not on record");
                    return Ok(());
                }
                Err(failure) => {
                    tracing::error!(%failure, "what came of a callback is not on record yet");
                    sleep(LONGEST_WAIT).await;
                }
            }
        }
    }

    fn failed(&self, id: CorrelationId, failure: &Failure) {
        tracing::error!(%failure, "a callback could not begin");
        self.shared.agenda().again(id, self.shared.now());
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut SqliteStore) -> T + Send + 'static,
    ) -> Result<T, Over> {
        let (told, answer) = oneshot::channel();
        self.desk.ask(move |store| {
            // Who asked may be gone.
            let _ = told.send(question(store));
        });
        answer.await.map_err(|_| Over)
    }
}
