//! What the crawl saw: one archived response, or failure, of one URL at one time.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How an attempt to fetch ended. A closed list (DESIGN §6); never mixed with the outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FetchStatus {
    /// 2xx with its body whole.
    Ok,
    /// 304 to a conditional request.
    NotModified,
    /// 3xx; the target is a capture of its own.
    Redirected,
    /// 4xx other than 403, 407, 429 and 451; a soft 404 too.
    ClientError,
    /// 5xx after retries.
    ServerError,
    /// 429, or 503 with `Retry-After`, after retries.
    RateLimited,
    /// 401, 403, 407, 451 or an anti-robot page: closed to us, not missing.
    Blocked,
    /// robots.txt forbids it; nothing was requested.
    RobotsDisallowed,
    /// The name does not resolve.
    DnsError,
    /// No connection, or reset before a response.
    ConnectError,
    /// TLS handshake or certificate failed.
    TlsError,
    /// No answer within the limit.
    Timeout,
    /// Body over the size limit; what was read is kept.
    TooLarge,
    /// Under the minimum transfer speed; what was read is kept.
    TooSlow,
    /// Connection closed before the announced length; what was read is kept.
    Truncated,
    /// Not HTTP, an undecodable body, a redirect without target or in a loop.
    BadResponse,
    /// The address is private, loopback, link-local… and not allowed by name; nothing was requested.
    AddressRefused,
    /// Found, but a budget ended the crawl before it was requested.
    OutOfBudget,
}

impl FetchStatus {
    /// The name used in files, e.g. `robots_disallowed`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::NotModified => "not_modified",
            Self::Redirected => "redirected",
            Self::ClientError => "client_error",
            Self::ServerError => "server_error",
            Self::RateLimited => "rate_limited",
            Self::Blocked => "blocked",
            Self::RobotsDisallowed => "robots_disallowed",
            Self::DnsError => "dns_error",
            Self::ConnectError => "connect_error",
            Self::TlsError => "tls_error",
            Self::Timeout => "timeout",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::Truncated => "truncated",
            Self::BadResponse => "bad_response",
            Self::AddressRefused => "address_refused",
            Self::OutOfBudget => "out_of_budget",
        }
    }

    /// Whether the server itself answered that the resource is not there: the only failure that makes a link *dead*.
    /// Everything else is trouble of the network or of access, and decides nothing.
    #[must_use]
    pub fn is_dead(self) -> bool {
        matches!(self, Self::ClientError)
    }
}

/// How a capture was obtained.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// Over HTTP.
    #[default]
    Http,
    /// From a local folder (`veedor import`).
    Import,
    /// Rendered by a browser.
    Browser,
}

/// Where the archived response is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordRef {
    /// Path inside the case file, e.g. `evidence/000.warc.gz`.
    pub warc: String,
    /// Byte offset of the record's gzip member.
    pub offset: u64,
    /// Length in bytes of the gzip member.
    pub length: u64,
}

/// One line of `crawl.jsonl`: one URL tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Capture {
    /// Normalised URL that was requested (see `text::url`), without fragment.
    pub url: String,
    /// RFC 3339 UTC time of the response's first byte, or of the failure.
    pub captured_at: String,
    /// How it ended.
    pub status: FetchStatus,
    /// HTTP status code, when there was a response.
    pub http_status: Option<u16>,
    /// `Content-Type` as declared, trimmed.
    pub content_type: Option<String>,
    /// SHA-256 (lower-case hex) of the body after content decoding; what `sha256sum` of the saved file gives.
    pub sha256: Option<String>,
    /// Length in bytes of that body.
    pub length: u64,
    /// Target of a redirect, absolute and normalised.
    pub redirect_to: Option<String>,
    /// URL of the page that led here; `None` for the entry.
    pub referrer: Option<String>,
    /// Clicks from the entry page.
    pub depth: u32,
    /// Why it was followed, in English, short: `entry`, `link`, `sitemap`, `redirect`…
    pub why: String,
    /// Milliseconds from request to last byte.
    pub elapsed_ms: u64,
    /// What went wrong, for people; empty when nothing did.
    pub error: Option<String>,
    /// How it was obtained.
    #[serde(default)]
    pub via: Via,
    /// The archived response; `None` when there was none.
    pub record: Option<RecordRef>,
    /// Whether the body is alike to the answer to an impossible path (soft 404), though the status is 200.
    #[serde(default)]
    pub soft_404: bool,
}

/// A link that extraction hands to the crawl.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkFound {
    /// Absolute, normalised, without fragment.
    pub url: String,
    /// Visible words around it: text, title, nearest heading; the frontier ranks by them.
    pub words: String,
    /// Where in the page it was found.
    pub origin: super::LinkOrigin,
}

/// How the crawl as a whole ended; part of the manifest and of findings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CrawlSummary {
    /// Whether nothing that was found and allowed was left unfetched.
    pub complete: bool,
    /// `frontier_empty`, `max_pages`, `max_bytes`, `max_time`, `max_depth`, `interrupted`, `entry_unreachable`.
    pub stop_reason: String,
    /// Whether robots.txt was obeyed.
    pub robots_obeyed: bool,
}
