//! The checks, one behind the other.

use std::borrow::Cow;

use daxsign_client::{Repeat as Repeatable, api::OperationInfo};
use daxsign_core::{Error, Request, SignatureHeader, Timestamp, Verified, Verifier};
use serde_json::Value;

use super::path::{Route, route};
use super::problem::Problem;
use super::rate::Rate;
use super::schema::Schemas;
use super::{bounds, content_type, date, json, query};
use crate::identity::{Authority, Bearer};
use crate::party::Party;
use crate::record::{ContractVersion, Delivery, IdempotencyKey, ReplayKey};
use crate::registry::{Allowed, Asked, Registered, Registry, Uncounted, decide, in_force};

/// The field with the sender's key for retries.
const IDEMPOTENCY_FIELD: &str = "x-dax-idempotency-key";
/// What a list must not name (X-ERASE).
const CREDENTIALS: [&str; 2] = ["authorization", "proxy-authorization"];

/// What requests are judged by.
#[derive(Clone, Copy)]
pub struct World<'w> {
    /// Who takes part.
    pub registry: &'w Registry,
    /// Whose certificates count.
    pub authority: &'w Authority,
    /// What bodies must fit.
    pub schemas: &'w Schemas,
    /// The time.
    pub now: Timestamp,
}

/// What holds once the signature does: for the record, whatever comes of the request (X-REFUSED).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// Who signed it.
    pub sender: Party,
    /// For whom it is, where that is known.
    pub receiver: Option<Party>,
    /// What it was judged by, where that is known.
    pub contract: Option<ContractVersion>,
    /// The SHA-256 of the certificate that verified it.
    pub thumbprint: [u8; 32],
    /// Its SHA-1, for `X-Dax-CertificateThumbprint`.
    pub short_thumbprint: String,
    /// The certificate's last moment.
    pub certificate_ends: Timestamp,
    /// The SHA-256 of the signing string: `x-dax-request`.
    pub request: [u8; 32],
    /// Its date.
    pub date: Timestamp,
    /// What it is recognised by when it comes again.
    pub replay: ReplayKey,
    /// Its `context`, once the body has been read.
    pub context: Option<String>,
}

/// A request that every check allows.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// Who signed it, for whom, and by which contract.
    pub proven: Proven,
    /// What it is for.
    pub route: Route,
    /// What allowed it; `None` where no contract is needed, or each receiver's is looked at (X-FANOUT).
    pub allowed: Option<Allowed>,
    /// The sender's key for retries.
    pub idempotency: Option<IdempotencyKey>,
    /// Whether the receiver may get it twice (X-ONCE).
    pub delivery: Delivery,
    /// Its body as JSON; `null` for what the exchange does beside the API.
    pub body: Value,
}

/// A request that a check refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// Why.
    pub problem: Problem,
    /// What the exchange signs its answer for, and records; `None` where no signature held: counted and logged.
    pub proven: Option<Proven>,
    /// What is left to the instance, where that is why.
    pub rate: Option<Rate>,
}

/// Judges requests.
pub struct Decider<'d>(World<'d>);

impl<'d> Decider<'d> {
    /// In this world.
    #[must_use]
    pub const fn new(world: World<'d>) -> Self {
        Self(world)
    }

    /// The checks of a request behind token and rate, in their order. Whether it is a replay, its quotas are used up or
    /// its idempotency key is known, stores decide, which know of all that came before.
    ///
    /// # Errors
    /// [`Refused`]: the first check that does not hold.
    pub fn judge(
        &self,
        request: &Request<'_>,
        bearer: &Bearer<'d>,
    ) -> Result<Admitted, Box<Refused>> {
        let proof = bounds::check(request).and_then(|()| self.prove(request, bearer));
        let (mut proven, listed) = proof.map_err(|problem| Box::new(Refused::unproven(problem)))?;
        let admitted = self.admit(request, &mut proven, listed);
        admitted.map_err(|problem| {
            Box::new(Refused {
                problem,
                proven: Some(proven),
                rate: None,
            })
        })
    }

    /// Content type, date, signature. Whether the idempotency key is signed stands beside.
    fn prove(&self, request: &Request<'_>, bearer: &Bearer<'d>) -> Result<(Proven, bool), Problem> {
        if !content_type::is_json(request) {
            return Err(Problem::ContentType);
        }
        date::check(request, self.0.now).map_err(Problem::Date)?;
        let (certificate, verified) = self.signature(request, bearer)?;
        let target = request.method.eq_ignore_ascii_case(b"GET");
        let target = target.then_some(request.target);
        let hash = verified.string_hash;
        let instance = bearer.party.instance;
        let listed = verified.components.contains(IDEMPOTENCY_FIELD);
        let proven = Proven {
            sender: bearer.party,
            receiver: None,
            contract: None,
            thumbprint: certificate.thumbprint,
            short_thumbprint: certificate.short_thumbprint.clone(),
            certificate_ends: certificate.not_after,
            request: hash,
            date: verified.date,
            replay: ReplayKey::new(instance, &hash, target, verified.date),
            context: None,
        };
        Ok((proven, listed || bearer.instance.interop))
    }

    /// By one of the certificates of the token's instance.
    fn signature<'r>(
        &self,
        request: &Request<'r>,
        bearer: &Bearer<'d>,
    ) -> Result<(&'d Registered, Verified<'r>), Problem> {
        let header = SignatureHeader::from_request(request).map_err(Problem::Signature)?;
        let components = header.components().map_err(Problem::Signature)?;
        if CREDENTIALS.iter().any(|name| components.contains(name)) {
            return Err(Problem::ListsAuthorization);
        }
        let instance = bearer.instance;
        let mut refusal = None;
        for certificate in &bearer.certificates {
            let checks = Verifier::new(&certificate.key, instance.profile());
            let checks = checks.policy(instance.policy());
            match checks.verify(request, self.0.now) {
                Ok(proof) => {
                    self.check_again(certificate)?;
                    return Ok((certificate, proof));
                }
                // Of another key than this one.
                Err(Error::SignatureMismatch) => refusal = Some(Error::SignatureMismatch),
                Err(error @ Error::InvalidSignatureEncoding { .. }) => {
                    refusal = refusal.or(Some(error));
                }
                Err(error) => return Err(Problem::Signature(error)),
            }
        }
        Err(Problem::Signature(
            refusal.unwrap_or(Error::SignatureMismatch),
        ))
    }

    fn check_again(&self, certificate: &Registered) -> Result<(), Problem> {
        let world = &self.0;
        let counts = world.authority.check_again(&certificate.der, world.now);
        counts.map_err(|problem| Problem::Certificate(problem.to_string()))
    }

    /// Target, contract, schema, clauses, idempotency key.
    fn admit(
        &self,
        request: &Request<'_>,
        proven: &mut Proven,
        listed: bool,
    ) -> Result<Admitted, Problem> {
        let route = route(request.method, request.target).ok_or(Problem::NotFound)?;
        let (body, allowed, delivery) = match &route {
            Route::Own(_) => (Value::Null, None, Delivery::Once),
            Route::Operation {
                operation,
                receiver,
            } => {
                proven.receiver = *receiver;
                let (body, allowed) = self.operation(request, proven, operation)?;
                (body, allowed, self.delivery(operation, *receiver))
            }
        };
        let idempotency = idempotency(request, proven.sender, listed)?;
        Ok(Admitted {
            proven: proven.clone(),
            route,
            allowed,
            idempotency,
            delivery,
            body,
        })
    }

    /// Contract, schema, clauses.
    fn operation(
        &self,
        request: &Request<'_>,
        proven: &mut Proven,
        operation: &'static OperationInfo,
    ) -> Result<(Value, Option<Allowed>), Problem> {
        let asked = |body| {
            let receiver = proven.receiver?;
            Some(Asked {
                sender: proven.sender,
                receiver,
                operation,
                body,
                now: self.0.now,
            })
        };
        if let Some(asked) = asked(&Value::Null) {
            in_force(self.0.registry, &asked).map_err(Problem::Denied)?;
        }
        let body = self.schema(request, operation)?;
        let decision = asked(&body).map(|asked| decide(self.0.registry, &Uncounted, &asked));
        let context = body.get("context").or_else(|| body.get("Context"));
        proven.context = context.and_then(Value::as_str).map(str::to_owned);
        match decision.transpose() {
            Ok(allowed) => {
                proven.contract = allowed.as_ref().map(|allowed| allowed.contract);
                Ok((body, allowed))
            }
            Err(denied) => {
                proven.contract = denied.contract;
                Err(Problem::Denied(denied))
            }
        }
    }

    /// The body, if it and the query fit.
    fn schema(&self, request: &Request<'_>, operation: &OperationInfo) -> Result<Value, Problem> {
        let one = |fault| Problem::Schema(vec![fault]);
        let fault = query::fault(operation, request.target)
            .or_else(|| query::limit_fault(operation, request.target));
        if let Some(fault) = fault {
            return Err(one(fault));
        }
        let body = json::read(request.body).map_err(one)?;
        let faults = self
            .0
            .schemas
            .faults(operation.id, &with_small_context(&body));
        if faults.is_empty() {
            Ok(body)
        } else {
            Err(Problem::Schema(faults))
        }
    }

    /// X-ONCE: what only reads may be repeated, and what a receiver recognises.
    fn delivery(&self, operation: &OperationInfo, receiver: Option<Party>) -> Delivery {
        let receiver = receiver.and_then(|receiver| self.0.registry.instance(receiver));
        let reads = operation.repeat == Repeatable::Always;
        if reads || receiver.is_some_and(|receiver| receiver.deduplicates) {
            Delivery::Repeatable
        } else {
            Delivery::Once
        }
    }
}

impl Refused {
    /// Nothing is known of who sent it.
    #[must_use]
    pub const fn unproven(problem: Problem) -> Self {
        Self {
            problem,
            proven: None,
            rate: None,
        }
    }
}

/// `Context` is what the documentation calls the description's `context`.
fn with_small_context(body: &Value) -> Cow<'_, Value> {
    let mut changed = Cow::Borrowed(body);
    if body.get("Context").is_some()
        && body.get("context").is_none()
        && let Some(members) = changed.to_mut().as_object_mut()
        && let Some(context) = members.remove("Context")
    {
        members.insert("context".into(), context);
    }
    changed
}

/// The sender's key for retries, if it has one.
fn idempotency(
    request: &Request<'_>,
    sender: Party,
    listed: bool,
) -> Result<Option<IdempotencyKey>, Problem> {
    let mut fields = request.field(IDEMPOTENCY_FIELD);
    let Some(value) = fields.next() else {
        return Ok(None);
    };
    if fields.next().is_some() {
        return Err(Problem::IdempotencyKey);
    }
    if !listed {
        return Err(Problem::UnlistedIdempotencyKey);
    }
    let key = core::str::from_utf8(value.trim_ascii()).map_err(|_| Problem::IdempotencyKey)?;
    let content_type = request.field("content-type").next().unwrap_or_default();
    let parts = [request.method, request.target, content_type, request.body];
    let key = IdempotencyKey::new(sender.instance, key, parts);
    key.map(Some).map_err(|_| Problem::IdempotencyKey)
}
