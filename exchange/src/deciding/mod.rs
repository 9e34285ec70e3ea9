//! Whether one request is taken: the checks of X-REST in their order, without a socket, a clock or a store.
//!
//! ```text
//! step              refused with
//! bounds            408, 413, 431; 400 for a method that no request has
//! registry          503 where its version could not be confirmed (X-REVOKE)
//! token             401
//! rate              429
//! content type      400
//! date              401
//! signature         401: of a certificate of the token's instance, under its profile and policy
//! replay            409, by the store
//! target            404: no operation, whatever is tried with the path
//! contract          403
//! schema            400: query and body of the operation
//! clauses           403; what they count, by the store
//! idempotency       409, 410, 504; or the answer that was given before: by the store
//! ```
//!
//! What stores decide is told alike whatever comes between: a refusal uses the bytes of its request up too, and whose
//! bytes are used up is told so and nothing else.
//!
//! Read it in this order: `bounds`, `content_type`, `date`, `rate`, `path` with `query`, `json` and
//! `schema` (with `description`, as which it is told), `problem` (what can be wrong, and its status), `steps` (behind token and rate), `explained` (of a signature in the sandbox), `entering` (those
//! two), `own_answer` (what the exchange says itself).

mod bounds;
mod content_type;
mod date;
mod description;
mod entering;
mod explained;
mod json;
mod own_answer;
mod path;
mod problem;
mod query;
mod rate;
mod schema;
mod steps;
#[cfg(test)]
mod tests;

pub use bounds::{MAX_BODY_LEN, MAX_FIELDS, MAX_HEAD_LEN, MAX_TARGET_LEN};
pub use description::description;
pub use entering::{enter_as, enter_by_token};
pub use explained::explained;
pub use json::read as read_json;
pub use own_answer::{
    API_VERSION, About, CONTENT_TYPE, Fields, OwnAnswer, always, data_body, problem_fields,
    proven_fields, refusal_body,
};
pub use path::{Own, Route, parameters, route};
pub use problem::{Part, Problem};
pub use rate::{Rate, Rates};
pub use schema::{SchemaProblem, Schemas};
pub use steps::{Admitted, Decider, Proven, Refused, World};
