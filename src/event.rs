//! What happened, for whoever watches: progress bars, logs, tests.

use crate::model::FetchStatus;

/// Something that happened while a crawl ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// One address was tried.
    Fetched {
        /// Which.
        url: String,
        /// How it ended.
        status: FetchStatus,
        /// Addresses tried so far.
        done: u64,
        /// Addresses waiting.
        queued: u64,
        /// Bytes received so far.
        bytes: u64,
    },
    /// A stage began; its name in Spanish.
    Stage(&'static str),
}

/// Whoever watches.
pub trait Listener: Send + Sync {
    /// Told of every event, from any thread; must be quick.
    fn on(&self, event: &Event);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Listener for Silent {
    fn on(&self, _: &Event) {}
}
