//! The door by which programs in other languages ask for scenarios.

use std::sync::{Arc, Mutex, Weak};

use hyper::Response;
use serde_json::{Value, json};

use crate::reply::Reply;
use crate::report::invitation;
use crate::scenario::{self, Answer};
use crate::server::Server;
use crate::stage::{Sending, Stage};
use crate::wire::{Delivery, sent};

/// The scenarios that were asked for.
#[derive(Debug)]
pub(crate) struct Control {
    server: Weak<Server>,
    stages: Mutex<Vec<Arc<Stage>>>,
}

impl Control {
    pub(crate) fn new(server: &Arc<Server>) -> Self {
        Self {
            server: Arc::downgrade(server),
            stages: Mutex::default(),
        }
    }

    /// `GET /scenarios`, `POST /play/NAME`, `GET /report/NUMBER`.
    pub(crate) fn answer(&self, method: &str, path: &str) -> Response<Delivery> {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let value = match (method, &parts[..]) {
            ("GET", ["scenarios"]) => Some(json!(scenario::all())),
            ("POST", ["play", name]) => self.play(name),
            ("GET", ["report", number]) => self.report(number),
            _ => None,
        };
        let reply = value.map_or_else(
            || Reply::text(404, "GET /scenarios, POST /play/NAME, GET /report/NUMBER\n"),
            |value| Reply::json(200, &value),
        );
        sent(Sending {
            reply,
            answer: Answer::default(),
        })
    }

    fn play(&self, name: &str) -> Option<Value> {
        let server = self.server.upgrade()?;
        let stage = server.play(scenario::named(name)?);
        let mut invitation = invitation(&server, &stage);
        let mut stages = self.stages.lock().expect("the list");
        invitation["report"] = json!(format!("/report/{}", stages.len()));
        stages.push(stage);
        Some(invitation)
    }

    fn report(&self, number: &str) -> Option<Value> {
        let stages = self.stages.lock().expect("the list");
        Some(stages.get(number.parse::<usize>().ok()?)?.report())
    }
}
