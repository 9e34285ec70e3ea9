//! What arrived while a scenario was played, and how it differs from what must.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::identity;
use crate::origin::Origin;
use crate::server::Server;
use crate::stage::Stage;

/// What a client must know to take part, for programs in other languages.
#[must_use]
pub fn invitation(server: &Server, stage: &Stage) -> Value {
    let scenario = &stage.scenario;
    let base = scenario.client.base.unwrap_or(Origin::Home);
    let file = |name: &str| server.authority.file(name);
    json!({
        "base": stage.addresses[&base],
        "addresses": stage.addresses,
        "user": identity::USER,
        "password": if scenario.client.wrong_password { "wrong" } else { identity::PASSWORD },
        "client_id": identity::CLIENT_ID,
        "partner": identity::PARTNER,
        "instance": identity::INSTANCE,
        "key": identity::private_key(),
        "ca": file("ca.pem"),
        "client_certificate": file("client.pem"),
        "client_key": file("client.key"),
        "exchange_certificate": file("exchange.pem"),
        "scenario": scenario,
    })
}

impl Stage {
    /// How what arrived differs from what must; empty if it does not.
    pub fn differences(&self) -> Vec<String> {
        let state = self.state();
        let expected = &self.scenario.arrives;
        let mut out: Vec<String> = Vec::new();
        let tokens = state
            .arrived
            .iter()
            .filter(|arrived| arrived.is_token)
            .count();
        let mut calls: BTreeMap<Origin, usize> = BTreeMap::new();
        let mut refused = 0;
        for (number, arrived) in state.arrived.iter().enumerate() {
            let faults = arrived.judgement.faults.iter();
            out.extend(faults.map(|fault| format!("request {}: {fault}", number + 1)));
            refused += usize::from(arrived.judgement.refusal.is_some());
            if !arrived.is_token {
                *calls.entry(arrived.origin).or_default() += 1;
            }
        }
        let mut compare = |what: &str, found: String, expected: String| {
            if found != expected {
                out.push(format!("{what}: {found}, and must be {expected}"));
            }
        };
        compare(
            "token requests",
            tokens.to_string(),
            expected.tokens.to_string(),
        );
        compare(
            "calls",
            format!("{calls:?}"),
            format!("{:?}", expected.calls),
        );
        compare(
            "refused calls",
            refused.to_string(),
            expected.refused.to_string(),
        );
        if let Some(most) = expected
            .connections
            .filter(|most| state.connections > *most)
        {
            out.push(format!(
                "{} connections, more than {most}",
                state.connections
            ));
        }
        out
    }

    /// All that arrived, for programs in other languages.
    pub fn report(&self) -> Value {
        let differences = self.differences();
        let state = self.state();
        let arrived: Vec<Value> = state
            .arrived
            .iter()
            .map(|arrived| {
                let judgement = &arrived.judgement;
                json!({
                    "origin": arrived.origin,
                    "kind": if arrived.is_token { "token" } else { "call" },
                    "method": arrived.request.method,
                    "target": arrived.request.target,
                    // Of a token request this holds the password, which is made up.
                    "http": String::from_utf8_lossy(&arrived.request.to_http("\r\n")),
                    "faults": judgement.faults,
                    "refused": judgement.refusal.as_ref().map(|(_, why)| why),
                    "verified": judgement.verified.as_ref().map(|verified| &verified.rule),
                })
            })
            .collect();
        json!({
            "scenario": self.scenario.name,
            "as_expected": differences.is_empty(),
            "differences": differences,
            "connections": state.connections,
            "arrived": arrived,
        })
    }
}
