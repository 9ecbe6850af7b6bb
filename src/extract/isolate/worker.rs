//! The worker's side: limits of its own, then one document after the other until its input ends.

use std::io::{Read, Result, Write};

use url::Url;

use super::protocol::{Answer, MOST_ANSWER, Request, read_request, write_answer};
use super::{DEFAULT_TIMEOUT, WORKER_MEMORY, guarded};
use crate::extract::Source;
use crate::model::{Document, ExtractionState, Fault};

/// Documents that one worker reads.
const MOST_DOCUMENTS: u32 = 2_000;
/// Resident memory, in bytes, at which a worker makes room for a fresh one.
const GROWN: u64 = 160 << 20;

/// Limits what this process may take: its address space ([`WORKER_MEMORY`]) and no core file. Where the system does not know such
/// limits, or denies them, it goes on without: the pool still watches the time.
pub fn confine() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let to = |most| Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        let _ = setrlimit(Resource::As, to(WORKER_MEMORY));
        let _ = setrlimit(Resource::Core, to(0));
    }
}

/// Processor time of one document: the pool kills earlier, unless it is dead itself.
fn confine_time() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        use rustix::time::{ClockId, clock_gettime};
        let used = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
        let most = Rlimit {
            current: Some(used + 4 * DEFAULT_TIMEOUT.as_secs()),
            maximum: None,
        };
        let _ = setrlimit(Resource::Cpu, most);
    }
}

/// Reads documents from `input` and answers on `output` until the input ends or the worker is worn out.
pub fn serve(mut input: impl Read, mut output: impl Write) -> Result<()> {
    let mut served = 0;
    while let Some((request, body)) = read_request(&mut input)? {
        confine_time();
        let Some(document) = read(&request, &body) else {
            return Err(std::io::ErrorKind::InvalidData.into());
        };
        served += 1;
        let panicked = document.state == ExtractionState::Failed(Fault::Crashed);
        drop(body);
        let last = panicked || served >= MOST_DOCUMENTS || resident() > GROWN;
        write_answer(&mut output, &encoded(document, last)?)?;
        if last {
            break;
        }
    }
    Ok(())
}

/// `None`: the request names no address, which the pool never asks.
fn read(request: &Request, body: &[u8]) -> Option<Document> {
    let url = Url::parse(&request.url).ok()?;
    let loaded_by = request.loaded_by.as_deref().and_then(|u| Url::parse(u).ok());
    let source = Source {
        url: &url,
        loaded_by: loaded_by.as_ref(),
        content_type: request.content_type.as_deref(),
        headers: &request.headers,
    };
    Some(guarded(request.kind, &source, body, &request.limits))
}

/// The answer's bytes; a document that says more than an answer holds is told too large.
fn encoded(document: Document, last: bool) -> Result<Vec<u8>> {
    let mut answer = Answer { document, last };
    let bytes = postcard::to_allocvec(&answer).map_err(std::io::Error::other)?;
    if bytes.len() <= MOST_ANSWER {
        return Ok(bytes);
    }
    answer.document.state = ExtractionState::Failed(Fault::TooLarge {
        what: "bytes de texto".to_owned(),
        found: bytes.len() as u64,
        limit: MOST_ANSWER as u64,
    });
    answer.document.page = None;
    answer.document.workbook = None;
    answer.document.text = None;
    answer.document.entries = Vec::new();
    answer.document.links = Vec::new();
    answer.last = true;
    postcard::to_allocvec(&answer).map_err(std::io::Error::other)
}

/// Bytes of memory that this process holds; 0 where the system does not say.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    pages.map_or(0, |pages| pages * 4096)
}
