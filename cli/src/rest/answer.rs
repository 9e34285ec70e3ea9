//! Answers on standard output: tables for a terminal, JSON for everything else.

use daxsign_client::api::OperationInfo;
use daxsign_client::{CertificateNotice, Response};
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::rest::{secrets, table};
use crate::terminal;
use crate::{clock, output};

/// How answers are shown.
pub(crate) struct Shown {
    pub(crate) json: bool,
    /// PINs and tokens too.
    pub(crate) secrets: bool,
    /// By which field an item of a list is known.
    pub(crate) id_field: Option<&'static str>,
    /// The operation, where it is known.
    pub(crate) info: Option<&'static OperationInfo>,
}

impl Shown {
    /// A whole answer.
    pub(crate) fn response(&self, mut response: Response<Value>) -> Result<(), Failure> {
        if !self.secrets {
            secrets::hide(&mut response.data);
        }
        if self.json {
            return output::json(&to_json(&response));
        }
        if response.verified {
            output::labelled("answer", "signed by the exchange");
        }
        if let Some(id) = &response.correlation_id {
            output::labelled("correlation id", id);
        }
        self.table(&response.data)
    }

    /// The items of a page among others; whether somebody still wants the rest.
    pub(crate) fn page(&self, mut items: Vec<Value>) -> Result<bool, Failure> {
        if !self.secrets {
            items.iter_mut().for_each(secrets::hide);
        }
        if self.json {
            for item in &items {
                if !output::json_on(item)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        output::write_on(table::list(&items, self.id_field, terminal::width()).as_bytes())
    }

    fn table(&self, data: &Value) -> Result<(), Failure> {
        if let Some(items) = items(data, self.info) {
            let text = table::list(&items, self.id_field, terminal::width());
            return output::write(text.as_bytes());
        }
        let fields = match data {
            Value::Object(fields) => only_object(fields).unwrap_or(fields),
            Value::Null => {
                output::labelled("done", "the service answered without data");
                return Ok(());
            }
            other => {
                let text = terminal::visible(other.to_string().as_bytes());
                return output::write(format!("{text}\n").as_bytes());
            }
        };
        output::write(table::one(fields).as_bytes())
    }
}

/// The list that an answer's data is or holds: of an operation with pages its own, whatever stands
/// beside it; of another the only thing that it holds.
pub(crate) fn items(data: &Value, info: Option<&OperationInfo>) -> Option<Vec<Value>> {
    match data {
        Value::Array(items) => Some(items.clone()),
        Value::Object(fields) => {
            let paged = info.filter(|info| info.max_limit.is_some());
            let lists = paged.into_iter().flat_map(|info| info.answer);
            let mut lists = lists.filter(|field| field.many);
            let own = lists.find_map(|field| fields.get(field.name)?.as_array());
            if let Some(items) = own {
                return Some(items.clone());
            }
            let mut lists = fields.values().filter_map(Value::as_array);
            match (lists.next(), lists.next()) {
                (Some(items), None) if fields.len() == 1 => Some(items.clone()),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The one thing that data holds under a name.
fn only_object(fields: &Map<String, Value>) -> Option<&Map<String, Value>> {
    let mut values = fields.values();
    match (values.next(), values.next()) {
        (Some(Value::Object(inner)), None) => Some(inner),
        _ => None,
    }
}

/// What standard error is told of an answer's certificate, if anything; whether it was.
pub(crate) fn tell(response: &Response<Value>) -> bool {
    let Some(notice) = &response.certificate else {
        return false;
    };
    let soon =
        clock::now().is_ok_and(|now| notice.expires_within(CertificateNotice::WARNING_DAYS, now));
    let Some(end) = notice.expires_at.as_ref().filter(|_| soon) else {
        return false;
    };
    let text = format!("the certificate of this key expires at {end}: agree on a new one");
    output::labelled("warning", &text);
    true
}

/// The answer with what came beside the data.
fn to_json(response: &Response<Value>) -> Value {
    let certificate = |notice: &CertificateNotice| {
        json!({
            "thumbprint": notice.thumbprint,
            "expires_at": notice.expires_at.as_ref().map(ToString::to_string),
        })
    };
    let limit = response.rate_limit.as_ref().map(|limit| {
        json!({
            "window": limit.window,
            "remaining": limit.remaining,
            "reset": limit.reset.as_ref().map(ToString::to_string),
        })
    });
    let paging = response.paging.map(
        |paging| json!({ "total": paging.total, "offset": paging.offset, "limit": paging.limit }),
    );
    json!({
        "status": response.status,
        "signed_by_exchange": response.verified,
        "data": response.data,
        "paging": paging,
        "message": response.message,
        "context": response.context,
        "correlation_id": response.correlation_id,
        "rate_limit": limit,
        "certificate": response.certificate.as_ref().map(certificate),
    })
}
