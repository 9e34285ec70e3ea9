//! Connections are accepted, and at the end waited for.

use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use axum::Router;
use futures_util::future::select;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::counters::count;
use super::line::Line;
use super::serving::serve;
use super::state::Shared;

/// How long nothing is accepted after accepting failed: where files have run out, they are given back first.
const PAUSE: Duration = Duration::from_millis(100);

/// Accepts connections until the door stops, then waits for them; `over` is told when the last has ended. Dropping this
/// cuts all.
pub(super) async fn run(
    shared: Arc<Shared>,
    router: Router,
    listener: TcpListener,
    over: Sender<()>,
) {
    let mut open = JoinSet::new();
    {
        let (accepting, stopped) = (
            accept(&shared, &router, &listener, &mut open),
            shared.stopped(),
        );
        select(pin!(accepting), pin!(stopped)).await;
    }
    drop(listener);
    while open.join_next().await.is_some() {}
    // Where nobody waits for it, nobody is told.
    let _ = over.send(());
}

async fn accept(
    shared: &Arc<Shared>,
    router: &Router,
    listener: &TcpListener,
    open: &mut JoinSet<()>,
) {
    let counters = &shared.counters;
    loop {
        let Ok((stream, address)) = listener.accept().await else {
            count(&counters.accept_failures);
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        count(&counters.accepted);
        match shared.places.connection().await {
            Some((place, made_room)) => {
                if made_room {
                    count(&counters.made_room);
                }
                // From now on it lies idle, and can be asked to end.
                let line = Line::new(Arc::clone(&shared.places));
                let (shared, router) = (Arc::clone(shared), router.clone());
                open.spawn(serve(shared, router, stream, address, line, place));
            }
            None => count(&counters.turned_away),
        }
        // Ended ones are forgotten, so that they take no memory.
        while open.try_join_next().is_some() {}
    }
}
