//! Which address next, may we, how fast. Decides nothing about compliance; extraction is handed in, so that only links and
//! their words flow back.
//!
//! ```text
//! entry, sitemaps ─► Frontier (best first) ─► scope, traps, robots ─► fetch (pace, guard, retry) ─► sink (archive)
//!        ▲───────────────────────────── links ◄── LinkExtractor ◄──────────┘
//! ```

pub mod fetch;
mod frontier;
mod robots;
mod run;
mod scope;
mod soft404;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::model::{Capture, LinkFound};

pub use run::{Cancel, crawl};

/// Settings of a crawl; kept in the manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CrawlPlan {
    /// Where it begins.
    pub entry: String,
    /// Sent with every request; names a contact.
    pub user_agent: String,
    /// Requests a second to a host or address; `None` switches politeness off.
    pub rate: Option<f64>,
    /// Connections to a host or address at once.
    pub connections: usize,
    /// Whether robots.txt is obeyed.
    pub obey_robots: bool,
    /// `HOST` or `HOST:PORT` whose private addresses may be requested.
    pub allow_private: Vec<String>,
    /// Responses after which it stops.
    pub max_pages: u64,
    /// Bytes received after which it stops.
    pub max_bytes: u64,
    /// Seconds after which it stops.
    pub max_seconds: u64,
    /// Clicks from the entry beyond which nothing is followed.
    pub max_depth: u32,
    /// Bytes of one body, decoded, that are kept.
    pub max_body: u64,
    /// Seconds for one request.
    pub timeout_seconds: u64,
    /// Times that a failed request is tried again.
    pub retries: u32,
    /// Milliseconds before the first retry; doubles.
    pub backoff_ms: u64,
    /// Longest `Retry-After` that is waited for, in seconds.
    pub longest_wait_seconds: u64,
    /// Hosts that are the entry's own under another name: what links to them is looked for at the entry's host. For a copy of a
    /// portal whose pages name the public address.
    #[serde(default)]
    pub same_as: Vec<String>,
    /// Phrases (folded) that tell what to take first, with their weights.
    pub hints: Vec<(String, f64)>,
}

impl CrawlPlan {
    /// Polite defaults: one request a second, two connections.
    #[must_use]
    pub fn new(entry: &str) -> Self {
        Self {
            entry: entry.to_owned(),
            user_agent: format!(
                "veedor/{} (auditoria de transparencia; quien la opera debe indicar su contacto con --user-agent)",
                env!("CARGO_PKG_VERSION")
            ),
            rate: Some(1.0),
            connections: 2,
            obey_robots: true,
            allow_private: Vec::new(),
            max_pages: 20_000,
            max_bytes: 8 << 30,
            max_seconds: 8 * 3600,
            max_depth: 25,
            max_body: 64 << 20,
            timeout_seconds: 60,
            retries: 2,
            backoff_ms: 1000,
            longest_wait_seconds: 120,
            same_as: Vec::new(),
            hints: Vec::new(),
        }
    }
}

/// What an earlier, interrupted crawl of the same plan already has.
#[derive(Debug, Default)]
pub struct Resume {
    /// Captures with the links of their documents.
    pub captures: Vec<(Capture, Vec<LinkFound>)>,
}

/// Reads links out of a body; runs off the async threads.
pub trait LinkExtractor: Send + Sync {
    /// Links of a capture's decoded body.
    fn links(&self, capture: &Capture, headers: &[(String, String)], body: &[u8]) -> Vec<LinkFound>;
}

/// Whether the body of a robots.txt lets a robot request an address.
#[must_use]
pub fn robots_allow(body: &[u8], user_agent: &str, url: &url::Url) -> bool {
    robots::Rules::of(crate::model::FetchStatus::Ok, Some(200), body, user_agent).allows(url)
}

/// Why a crawl cannot begin or go on.
#[derive(Debug, Error)]
pub enum CrawlError {
    /// The entry is no address.
    #[error(transparent)]
    Entry(#[from] crate::text::url::UrlError),
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
    /// Nobody takes the exchanges any more: the archive failed.
    #[error("the archive stopped taking responses")]
    SinkClosed,
}

#[cfg(test)]
mod tests;
