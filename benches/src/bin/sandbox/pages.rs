//! All card owners, page by page, and what memory that takes.

use std::time::{Duration, Instant};

use daxsign_client::api::ListCardOwners;

use super::process::Process;
use super::sandbox::{Place, Sandbox, runtime};
use super::told::{line, number};

/// What paging through one sandbox came to.
struct Paged {
    pages: usize,
    took: Duration,
    /// How long the slowest of the first ten pages took, and the slowest of the last ten.
    ends: [Duration; 2],
    /// Of the client, and of exchange and stand-ins, in MB.
    peaks: [f64; 2],
}

/// Pages through few card owners, then through many.
pub(crate) fn measure(place: &Place<'_>, few: u32, many: u32) {
    // As many for both, and touched: what it takes is no difference between them.
    let mut ids = vec![1_u128; usize::try_from(many).expect("a length")];
    let mut of = |count: u32| {
        let told = |what: &str, value: f64, unit: &str| {
            line(&format!("{count} card owners: {what}"), value, unit);
        };
        // What it takes to make them is told apart.
        let made = Sandbox::start(place, count);
        told("made and ready after", made.took.as_secs_f64(), "s");
        told("peak of memory of making them", made.process().peak(), "MB");
        made.end();
        let sandbox = Sandbox::start(place, count);
        told("ready again after", sandbox.took.as_secs_f64(), "s");
        let ids = &mut ids[..usize::try_from(count).expect("a length")];
        let paged = page_through(&sandbox, ids);
        told("pages", number(paged.pages), "");
        told("all of them took", paged.took.as_secs_f64(), "s");
        let names = ["one of the first pages", "one of the last pages"];
        for (name, time) in names.iter().zip(paged.ends) {
            told(name, time.as_secs_f64() * 1e3, "ms");
        }
        told("client: peak of memory", paged.peaks[0], "MB");
        told(
            "exchange and stand-ins: peak of memory",
            paged.peaks[1],
            "MB",
        );
        let again = page_through(&sandbox, ids);
        told(
            "exchange and stand-ins: peak, the second time",
            again.peaks[1],
            "MB",
        );
        sandbox.end();
        paged.peaks
    };
    let (of_few, of_many) = (of(few), of(many));
    for (place, who) in ["client", "exchange and stand-ins"].iter().enumerate() {
        line(
            &format!("{who}: more memory for {many} than for {few}"),
            of_many[place] - of_few[place],
            "MB",
        );
    }
}

fn page_through(sandbox: &Sandbox, ids: &mut [u128]) -> Paged {
    let processes = [Process::own(), sandbox.process()];
    processes.into_iter().for_each(Process::forget_peak);
    let runtime = runtime();
    let (mut filled, mut times, begun) = (0, Vec::new(), Instant::now());
    runtime.block_on(async {
        let mut pages = sandbox
            .client()
            .pages(ListCardOwners::new(sandbox.target()));
        loop {
            let asked = Instant::now();
            let Some(page) = pages.next().await else {
                break;
            };
            let page = page.expect("a page");
            assert!(page.verified, "the exchange's signature");
            times.push(asked.elapsed());
            for owner in page.data {
                ids[filled] = owner.card_owner_id.as_u128();
                filled += 1;
            }
        }
    });
    let took = begun.elapsed();
    let peaks = processes.map(Process::peak);
    assert_eq!(filled, ids.len(), "card owners");
    ids.sort_unstable();
    assert!(
        ids.windows(2).all(|pair| pair[0] != pair[1]),
        "each of them once"
    );
    Paged {
        pages: times.len(),
        took,
        ends: [
            median(&times[..times.len().min(10)]),
            median(&times[times.len().saturating_sub(11)..times.len() - 1]),
        ],
        peaks,
    }
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times[times.len() / 2]
}
