//! What a complete exchange costs of a processor, in signatures of the same run: whatever the machine and its load.

use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::process::Child;

use crate::child;
use crate::link::{Frame, Sending, receive};
use crate::town::Town;
use crate::turn::{exchange_key, pass, signing_time, spent};

/// The longest that B may take, in seconds.
const DEADLINE: u32 = 60;
/// Of several the cheapest counts: what costs more was disturbed.
const TIMES: usize = 5;
/// Exchanges, and how many at once.
const ONE_BY_ONE: (usize, usize) = (40, 1);
const SATURATED: (usize, usize) = (192, 64);

/// How many signatures one may cost, one by one and saturated: with AVX-512 IFMA, tests' optimisation and much else on
/// the machine it was 7.6 and 4.1. Where signatures are slower, the rest is less of them.
const MOST: [f64; 2] = [9.0, 5.0];

struct Served<'t> {
    town: &'t Town,
    child: Child,
    sending: Sending,
    socket: UnixStream,
}

impl Served<'_> {
    /// Seconds of a processor for each.
    fn cost(&mut self, (count, at_once): (usize, usize)) -> f64 {
        let before: f64 = spent(&self.child).values().sum();
        let (times, _) = pass(self.town, (&self.sending, &mut self.socket), count, at_once);
        assert_eq!(times.len(), count);
        let spent = spent(&self.child).values().sum::<f64>() - before;
        spent / f64::from(u32::try_from(count).unwrap())
    }
}

#[test]
fn a_complete_exchange_costs_no_more_than_so_many_signatures() {
    let place = tempfile::tempdir().unwrap();
    let town = Town::found(place.path(), DEADLINE);
    let signing = signing_time(&exchange_key(&town)).as_secs_f64();
    let (child, mut socket) = child::spawn(&town);
    assert!(matches!(receive(&mut socket), Some(Frame::Serves)));
    let mut served = Served {
        town: &town,
        child,
        sending: Sending::new(socket.try_clone().unwrap()),
        socket,
    };
    // The first ones make tables and compile statements.
    served.cost(ONE_BY_ONE);
    for (turn, most) in [ONE_BY_ONE, SATURATED].into_iter().zip(MOST) {
        let costs: Vec<f64> = (0..TIMES).map(|_| served.cost(turn) / signing).collect();
        println!("{} at once, in signatures: {costs:.1?}", turn.1);
        assert!(
            costs.iter().any(|cost| *cost <= most),
            "{} at once: {costs:.1?} signatures for an exchange; at most {most}",
            turn.1
        );
    }
    served.socket.shutdown(Shutdown::Write).unwrap();
    served.child.wait().unwrap();
}
