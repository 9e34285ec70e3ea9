//! What operators ask: whether it lives, whether it is ready, and what it counted.

use std::fmt;
use std::sync::Arc;

use daxsign_hosting::health::{Check, METRICS_TYPE, readiness};
use http::{Method, StatusCode};

use crate::metrics::Facts;
use crate::observing::Observer;

/// Asks for the checks, which takes no time: what is known is told, nothing is tried.
pub type AskChecks = Box<dyn Fn() -> Vec<Check> + Send + Sync>;

/// Asks for what is known at the moment of a scrape.
pub type AskFacts = Box<dyn Fn() -> Facts + Send + Sync>;

/// An answer: status, media type, text.
pub type Told = (StatusCode, &'static str, String);

/// Answers operators.
pub struct Admin {
    observer: Arc<Observer>,
    facts: AskFacts,
    checks: AskChecks,
}

impl fmt::Debug for Admin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admin").finish_non_exhaustive()
    }
}

impl Admin {
    /// Answers with these.
    #[must_use]
    pub fn new(observer: Arc<Observer>, facts: AskFacts, checks: AskChecks) -> Self {
        Self {
            observer,
            facts,
            checks,
        }
    }

    /// The answer to a request for a path.
    #[must_use]
    pub fn answer(&self, method: &Method, path: &str) -> Told {
        const TEXT: &str = "text/plain; charset=utf-8";
        if ![Method::GET, Method::HEAD].contains(method) {
            return (
                StatusCode::METHOD_NOT_ALLOWED,
                TEXT,
                "only GET is answered here\n".into(),
            );
        }
        match path {
            // That it answers is all there is to know.
            "/healthz" => (StatusCode::OK, TEXT, "alive\n".into()),
            "/readyz" => self.readiness(),
            "/metrics" => (StatusCode::OK, METRICS_TYPE, self.metrics()),
            _ => (
                StatusCode::NOT_FOUND,
                TEXT,
                "there are /healthz, /readyz and /metrics\n".into(),
            ),
        }
    }

    fn metrics(&self) -> String {
        let lost = self.observer.log().lost();
        let facts = Facts {
            log_lines_lost: lost,
            ..(self.facts)()
        };
        self.observer.metrics().text(facts)
    }

    fn readiness(&self) -> Told {
        let (ready, told) = readiness((self.checks)());
        let status = if ready {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        (status, "application/json", format!("{told}\n"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::access_log::{AccessLog, Target};
    use crate::metrics::Metrics;

    fn admin(good: bool) -> Admin {
        let log = AccessLog::start(Target::Off).expect("a log");
        let observer = Arc::new(Observer::new(Metrics::new(), log));
        let checks = move || {
            let check = |name, good| Check {
                name,
                good,
                detail: "a \"b\"".into(),
            };
            vec![check("key", true), check("token", good)]
        };
        Admin::new(observer, Box::new(Facts::default), Box::new(checks))
    }

    #[test]
    fn one_check_that_is_bad_is_not_ready() {
        for (good, status) in [(true, 200), (false, 503)] {
            let (answered, media_type, text) = admin(good).answer(&Method::GET, "/readyz");
            assert_eq!(
                (answered.as_u16(), media_type),
                (status, "application/json")
            );
            let read: Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(read["ready"], good);
            assert_eq!(read["checks"]["token"]["good"], good);
            assert_eq!(read["checks"]["key"]["detail"], "a \"b\"");
        }
    }

    #[test]
    fn life_does_not_depend_on_checks() {
        let admin = admin(false);
        let status = |method, path| admin.answer(&method, path).0.as_u16();
        assert_eq!(status(Method::GET, "/healthz"), 200);
        assert_eq!(status(Method::HEAD, "/metrics"), 200);
        assert_eq!(status(Method::POST, "/readyz"), 405);
        assert_eq!(status(Method::GET, "/"), 404);
    }
}
