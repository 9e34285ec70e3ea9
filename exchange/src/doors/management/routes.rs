//! What can be asked for: one table, which the description that is served has as well (a test compares them).
#![expect(clippy::unnecessary_wraps, reason = "all handlers answer alike")]

use std::collections::BTreeMap;

use http::Method;

use super::asked::{Answer, Asked, JSON, Problem};
use super::managed::Managed;
use super::{backups, contracts, exchanges, faults, health, people, time};

/// What is served at `/openapi.json`.
const DESCRIPTION: &str = include_str!("openapi.json");
/// The most values of a query.
const MAX_QUERY: usize = 8;

type Handler = fn(&Managed, &Asked<'_>) -> Result<Answer, Problem>;

/// One thing that can be asked for.
pub(super) struct Route {
    pub(super) method: Method,
    /// The path, with names in braces.
    pub(super) path: &'static str,
    /// Whether the token is needed.
    pub(super) guarded: bool,
    pub(super) handler: Handler,
}

const fn open(path: &'static str, handler: Handler) -> Route {
    Route {
        method: Method::GET,
        path,
        guarded: false,
        handler,
    }
}

const fn guarded(method: Method, path: &'static str, handler: Handler) -> Route {
    Route {
        method,
        path,
        guarded: true,
        handler,
    }
}

/// All of them.
pub(super) const ROUTES: &[Route] = &[
    open("/healthz", health::alive),
    open("/readyz", health::ready),
    open("/metrics", health::metrics),
    open("/openapi.json", description),
    open("/rest/openapi.json", rest_description),
    guarded(Method::GET, "/v1/partners", people::list_partners),
    guarded(Method::POST, "/v1/partners", people::add_partner),
    guarded(Method::GET, "/v1/instances", people::list_instances),
    guarded(Method::POST, "/v1/instances", people::set_instance),
    guarded(Method::GET, "/v1/certificates", people::list_certificates),
    guarded(Method::POST, "/v1/certificates", people::add_certificate),
    guarded(Method::POST, "/v1/certificates/revoke", people::revoke),
    guarded(Method::GET, "/v1/credentials", people::list_credentials),
    guarded(Method::POST, "/v1/credentials", people::set_credential),
    guarded(
        Method::POST,
        "/v1/credentials/remove",
        people::remove_credential,
    ),
    guarded(Method::GET, "/v1/contracts", contracts::list),
    guarded(Method::GET, "/v1/contracts/{contract}", contracts::show),
    guarded(Method::POST, "/v1/would-allow", contracts::would_allow),
    guarded(
        Method::GET,
        "/v1/exchanges/{correlation}",
        exchanges::outcome,
    ),
    guarded(
        Method::DELETE,
        "/v1/exchanges/{correlation}",
        exchanges::erase,
    ),
    guarded(
        Method::POST,
        "/v1/exchanges/{correlation}/requeue",
        exchanges::requeue,
    ),
    guarded(
        Method::GET,
        "/v1/card-owners/{owner}",
        exchanges::of_card_owner,
    ),
    guarded(
        Method::POST,
        "/v1/erase-card-owner",
        exchanges::erase_card_owner,
    ),
    guarded(
        Method::GET,
        "/v1/evidence/{correlation}",
        exchanges::evidence,
    ),
    guarded(Method::GET, "/v1/log/checkpoint", exchanges::checkpoint),
    guarded(Method::GET, "/v1/log/consistency", exchanges::consistency),
    guarded(Method::GET, "/v1/receivers", exchanges::receivers),
    guarded(Method::POST, "/v1/backup", backups::back_up),
    guarded(Method::GET, "/v1/faults", faults::list),
    guarded(Method::POST, "/v1/faults", faults::order),
    guarded(Method::DELETE, "/v1/faults", faults::clear),
    guarded(Method::DELETE, "/v1/faults/{order}", faults::cancel),
    guarded(Method::GET, "/v1/clock", time::show),
    guarded(Method::POST, "/v1/clock", time::change),
];

fn description(_: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    Ok(Answer {
        status: 200,
        media_type: JSON,
        body: DESCRIPTION.into(),
    })
}

/// What parties ask the REST door, in the same form.
fn rest_description(managed: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    let described = crate::deciding::description(&managed.rest);
    let described = described.map_err(|problem| Problem::new(500, problem))?;
    Ok(Answer::json(&described))
}

/// The route of a method and a path, with what its names stand for.
///
/// # Errors
/// 404, 405.
pub(super) fn find(method: &Method, path: &str) -> Result<(&'static Route, Vec<String>), Problem> {
    let mut known = false;
    for route in ROUTES {
        if let Some(names) = matched(route.path, path) {
            if route.method == method {
                return Ok((route, names));
            }
            known = true;
        }
    }
    if known {
        return Err(Problem::new(
            405,
            format_args!("{method} is not answered here"),
        ));
    }
    Err(Problem::new(
        404,
        "nothing is here; /openapi.json says what there is",
    ))
}

/// What the names of a pattern stand for, where a path is like it.
fn matched(pattern: &str, path: &str) -> Option<Vec<String>> {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    let mut names = Vec::new();
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return Some(names),
            (Some(name), Some(part)) if name.starts_with('{') && !part.is_empty() => {
                names.push(part.to_owned());
            }
            (Some(name), Some(part)) if name == part => {}
            _ => return None,
        }
    }
}

/// Names and values of a query, each once. Nothing that is asked for needs to be escaped.
///
/// # Errors
/// 400.
pub(super) fn query(text: Option<&str>) -> Result<BTreeMap<String, String>, Problem> {
    let mut values = BTreeMap::new();
    for pair in text
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
    {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let twice = values.insert(name.to_owned(), value.to_owned()).is_some();
        if twice || values.len() > MAX_QUERY {
            return Err(Problem::bad("the query names something twice, or too much"));
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_description_has_the_routes_and_no_others() {
        let description: serde_json::Value = serde_json::from_str(DESCRIPTION).expect("JSON");
        let mut described = BTreeSet::new();
        for (path, methods) in description["paths"].as_object().expect("paths") {
            for (method, operation) in methods.as_object().expect("methods") {
                let is_open = operation["security"].as_array().is_some_and(Vec::is_empty);
                assert!(operation["summary"].is_string(), "{method} {path}");
                let answers = operation["responses"].as_object().expect("responses");
                assert!(answers.contains_key("200"), "{method} {path}");
                let names = path.matches('{').count();
                let in_path = operation["parameters"].as_array().map_or(0, |all| {
                    all.iter().filter(|one| one["in"] == "path").count()
                });
                assert_eq!(names, in_path, "{method} {path}");
                let has_body = operation.get("requestBody").is_some();
                assert_eq!(has_body, method == "post", "{method} {path}");
                described.insert((method.to_uppercase(), path.clone(), !is_open));
            }
        }
        let routes: BTreeSet<_> = ROUTES
            .iter()
            .map(|route| {
                (
                    route.method.to_string(),
                    route.path.to_owned(),
                    route.guarded,
                )
            })
            .collect();
        assert_eq!(described, routes);
        assert_eq!(routes.len(), ROUTES.len());
        let version = description["info"]["version"].as_str();
        assert_eq!(version, Some(env!("CARGO_PKG_VERSION")));
    }

    #[test]
    fn every_fault_that_can_be_ordered_is_described() {
        let description: serde_json::Value = serde_json::from_str(DESCRIPTION).expect("JSON");
        let body = "/paths/~1v1~1faults/post/requestBody/content/application~1json/schema";
        let kinds = description.pointer(&format!("{body}/properties/kind/enum"));
        let known: Vec<&str> = crate::faults::Kind::ALL
            .iter()
            .map(|kind| kind.name())
            .collect();
        assert_eq!(kinds, Some(&serde_json::json!(known)));
    }

    #[test]
    fn paths_are_found_as_they_are_written_alone() {
        let status = |method: Method, path: &str| match find(&method, path) {
            Ok(_) => 200,
            Err(problem) => Answer::from(problem).status,
        };
        assert_eq!(status(Method::GET, "/v1/partners"), 200);
        assert_eq!(status(Method::PUT, "/v1/partners"), 405);
        for path in [
            "/v1/partners/",
            "/V1/partners",
            "/v1//partners",
            "/v1/exchanges/",
            "/v1",
            "",
            "/",
        ] {
            assert_eq!(status(Method::GET, path), 404, "{path}");
        }
        let (_, names) = find(&Method::DELETE, "/v1/exchanges/x")
            .map_err(|_| ())
            .expect("there");
        assert_eq!(names, ["x"]);
        assert!(query(Some("a=1&a=2")).is_err());
        assert_eq!(query(Some("a=1&b")).expect("two").len(), 2);
    }
}
