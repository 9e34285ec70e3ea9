//! Asking the exchange on this machine, at its management port.

use std::time::Duration;

use daxsign_exchange::record::MAX_EVIDENCE_LEN;
use serde_json::Value;
use ureq::Agent;
use zeroize::Zeroizing;

use crate::evidence::arguments::ExchangeArguments;
use crate::failure::{Failure, Refusal};
use crate::secret_file;

/// How long an answer may take, in seconds. Evidence is read from a disk.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much of an error is read.
const MAX_PROBLEM_LEN: u64 = 64 << 10;
const NOT_FOUND: u16 = 404;
const UNAUTHORIZED: u16 = 401;

/// An exchange that can be asked.
pub(super) struct Exchange {
    agent: Agent,
    place: String,
    token: Zeroizing<String>,
}

impl Exchange {
    pub(super) fn new(arguments: &ExchangeArguments) -> Result<Self, Failure> {
        let Some(file) = &arguments.token_file else {
            return Err(Failure::Unusable(
                "the exchange gives nothing without its token: name the file with --token-file"
                    .to_owned(),
            ));
        };
        let token = secret_file::first_line(file)?;
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(PATIENCE))
            .build()
            .new_agent();
        Ok(Self {
            agent,
            place: format!("http://{}", arguments.exchange),
            token: Zeroizing::new(token.trim().to_owned()),
        })
    }

    /// What stands at a path, whole.
    pub(super) fn get(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let authorization = Zeroizing::new(format!("Bearer {}", *self.token));
        let asked = self
            .agent
            .get(format!("{}{path}", self.place))
            .header("Authorization", authorization.as_str())
            .call();
        let answer = asked.map_err(|error| self.away(&error))?;
        let status = answer.status().as_u16();
        let is_good = status == 200;
        let most = u64::try_from(MAX_EVIDENCE_LEN).unwrap_or(u64::MAX);
        let body = answer
            .into_body()
            .into_with_config()
            .limit(if is_good { most } else { MAX_PROBLEM_LEN })
            .read_to_vec();
        match body {
            Ok(body) if is_good => Ok(body),
            Ok(body) => Err(self.refused(status, &body)),
            // Cut off, or too long.
            Err(error) => Err(self.away(&error)),
        }
    }

    fn away(&self, error: &ureq::Error) -> Failure {
        Failure::Unusable(format!(
            "no whole answer from the exchange at {}: {error}: does it run, and is this its management port?",
            self.place
        ))
    }

    fn refused(&self, status: u16, body: &[u8]) -> Failure {
        let said = serde_json::from_slice::<Value>(body).ok();
        let said = said.as_ref().and_then(|said| said.get("message"));
        let said = said
            .and_then(Value::as_str)
            .map_or_else(String::new, |text| format!(": {text}"));
        let (name, hint) = match status {
            NOT_FOUND => (
                "not-on-record",
                "the id stands in X-Correlation-Id of the answer, of a refusal too; messages that were not signed are not on record",
            ),
            UNAUTHORIZED => (
                "wrong-token",
                "--token-file names the file that this exchange wrote when it started",
            ),
            _ => (
                "exchange-refused",
                "the exchange's own log says more, under the same correlation id",
            ),
        };
        Failure::Refused(Refusal {
            name,
            message: format!("the exchange at {} answers {status}{said}", self.place),
            hints: vec![hint.to_owned()],
        })
    }
}
