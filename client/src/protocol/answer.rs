//! An answer as it came: status, head, body.

use std::time::Duration;

use daxsign_core::Timestamp;
use http::HeaderMap;

use crate::protocol::http_date;
use crate::time::UtcTime;

/// An answer with its whole body.
#[derive(Clone, Default)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The header fields.
    pub head: HeaderMap,
    /// The body, at most as long as the settings allow.
    pub body: Vec<u8>,
}

/// How many calls are still let through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RateLimit {
    /// The window that is counted in: `7d`. It is no time to wait.
    pub window: Option<String>,
    /// Calls left in it.
    pub remaining: Option<u64>,
    /// When the next window begins.
    pub reset: Option<UtcTime>,
}

/// The certificate that the server verified the request with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateNotice {
    /// Its SHA-1 thumbprint, as DAX and .NET name certificates.
    pub thumbprint: Option<String>,
    /// When it expires.
    pub expires_at: Option<UtcTime>,
}

impl CertificateNotice {
    /// So many days before a certificate expires, its end is told of.
    pub const WARNING_DAYS: u32 = 30;

    /// Whether it expires within `days` after `now`, or has.
    #[must_use]
    pub fn expires_within(&self, days: u32, now: Timestamp) -> bool {
        let limit = i64::from(days) * 86_400;
        let end = self.expires_at.as_ref().and_then(UtcTime::timestamp);
        end.is_some_and(|end| end.seconds().saturating_sub(now.seconds()) <= limit)
    }
}

impl Answer {
    /// The value of a field that is text; the first, if there are several.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.head.get(name)?.to_str().ok()
    }

    pub(crate) fn owned(&self, name: &str) -> Option<String> {
        self.field(name)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }

    fn time(&self, name: &str) -> Option<UtcTime> {
        self.owned(name).map(UtcTime::as_received)
    }

    /// The id that support asks for, if the head holds it.
    #[must_use]
    pub fn correlation_id(&self) -> Option<String> {
        self.owned("x-correlation-id")
    }

    pub(crate) fn context(&self) -> Option<String> {
        self.owned("x-dax-context")
    }

    pub(crate) fn rate_limit(&self) -> Option<RateLimit> {
        let limit = RateLimit {
            window: self.owned("x-rate-limit-limit"),
            remaining: self
                .field("x-rate-limit-remaining")
                .and_then(|text| text.parse().ok()),
            reset: self.time("x-rate-limit-reset"),
        };
        (limit != RateLimit::default()).then_some(limit)
    }

    pub(crate) fn certificate(&self) -> Option<CertificateNotice> {
        let notice = CertificateNotice {
            thumbprint: self.owned("x-dax-certificatethumbprint"),
            expires_at: self.time("x-dax-certificateexpiresatutc"),
        };
        (notice != CertificateNotice::default()).then_some(notice)
    }

    pub(crate) fn server_versions(&self) -> Vec<String> {
        let versions = self.field("api-supported-versions").unwrap_or_default();
        let versions = versions.split(',').map(str::trim);
        versions
            .filter(|version| !version.is_empty())
            .map(str::to_owned)
            .collect()
    }

    pub(crate) fn response_time(&self) -> Option<Duration> {
        let text = self.field("x-dax-response-time-ms")?;
        let milliseconds: f64 = text.trim().parse().ok()?;
        Duration::try_from_secs_f64(milliseconds / 1_000.0).ok()
    }

    /// The server's clock when it answered.
    pub(crate) fn date(&self) -> Option<Timestamp> {
        let text = self.field("date")?;
        http_date::parse(text).or_else(|| Timestamp::parse(text).ok())
    }
}

impl core::fmt::Debug for Answer {
    /// Without head and body.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Answer({}, {} bytes)", self.status, self.body.len())
    }
}
