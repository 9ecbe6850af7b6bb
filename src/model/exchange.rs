//! One attempt to fetch a URL, with everything that evidence needs.

use super::Capture;

/// What the fetcher hands to the archive: the bytes as sent and received, and the capture that describes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// What is known of the attempt; `record` is `None` until it is archived.
    pub capture: Capture,
    /// Request head as sent, HTTP/1.1 form, ending in an empty line; empty when nothing was requested.
    pub request: Vec<u8>,
    /// Response head as received, HTTP/1.1 form, ending in an empty line; `None` when there was no response.
    pub response_head: Option<Vec<u8>>,
    /// Body as received: transfer coding removed, content coding (gzip…) kept.
    pub payload: Vec<u8>,
    /// Address that answered.
    pub remote_address: Option<std::net::IpAddr>,
}
