//! Documents that can hang or blow up are read by other processes, each with limits on memory, time and output; what one of them
//! dies of costs one document and is told as a [`Fault`].
//!
//! ```text
//! Readers ─► pool ─► process ══ stdin, stdout ══► worker: confine, then read one document after the other
//! ```
//!
//! A worker serves many documents and is replaced when it dies, when it is too slow, after many documents, and when it has grown.

mod pool;
mod process;
mod protocol;
mod worker;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{Limits, Source, blank, extract_as, sniff};
use crate::model::{Document, DocumentKind, ExtractionState, Fault};
use pool::Pool;

pub use worker::{confine, serve};

/// Address space of a worker, in bytes.
pub const WORKER_MEMORY: u64 = 512 << 20;

/// Time that reading a document may take unless told otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Who reads documents: this process, or workers. Cheap to clone; clones share their workers.
#[derive(Debug, Clone)]
pub struct Readers {
    pool: Option<Arc<Pool>>,
}

impl Readers {
    /// Everything is read in this process: for tests, and where no other can be started.
    #[must_use]
    pub fn in_process() -> Self {
        Self { pool: None }
    }

    /// At most `how_many` processes of `program`, which must call [`serve`] on its standard input and output when it is given these
    /// arguments. They are started when they are first needed.
    #[must_use]
    pub fn workers(program: PathBuf, arguments: Vec<OsString>, how_many: usize) -> Self {
        Self::workers_with(program, arguments, how_many, DEFAULT_TIMEOUT)
    }

    /// As [`Readers::workers`], with the time that a document may take.
    #[must_use]
    pub fn workers_with(program: PathBuf, arguments: Vec<OsString>, how_many: usize, timeout: Duration) -> Self {
        Self {
            pool: Some(Arc::new(Pool::new(program, arguments, how_many.max(1), timeout))),
        }
    }

    /// Makes a document of bytes as [`extract`](super::extract) does; waits for a free worker where one is needed.
    #[must_use]
    pub fn extract(&self, source: &Source<'_>, bytes: &[u8], limits: &Limits) -> Document {
        let kind = sniff::kind(bytes, source.url, source.content_type);
        let elsewhere = self
            .pool
            .as_ref()
            .filter(|_| is_dangerous(kind) && bytes.len() as u64 <= limits.file_bytes);
        match elsewhere.and_then(|pool| pool.read(kind, source, bytes, limits)) {
            Some(Ok(document)) => document,
            Some(Err(fault)) => failed(kind, source, fault),
            None => guarded(kind, source, bytes, limits),
        }
    }

    /// Process ids of the workers that wait for a document, for whoever watches them.
    #[must_use]
    pub fn idle(&self) -> Vec<u32> {
        self.pool.as_ref().map(|pool| pool.idle()).unwrap_or_default()
    }
}

impl Default for Readers {
    fn default() -> Self {
        Self::in_process()
    }
}

/// Whether reading this kind runs a parser whose time and memory the bytes do not bound.
pub(super) fn is_dangerous(kind: DocumentKind) -> bool {
    use DocumentKind as K;
    matches!(
        kind,
        K::Xlsx
            | K::Xls
            | K::Xlsb
            | K::Ods
            | K::Pdf
            | K::Docx
            | K::Doc
            | K::Odt
            | K::Rtf
            | K::Presentation
            | K::Zip
            | K::Archive
    )
}

/// Reads here; a parser that panics costs this document and no other.
fn guarded(kind: DocumentKind, source: &Source<'_>, bytes: &[u8], limits: &Limits) -> Document {
    catch_unwind(AssertUnwindSafe(|| extract_as(kind, source, bytes, limits)))
        .unwrap_or_else(|_| failed(kind, source, Fault::Crashed))
}

fn failed(kind: DocumentKind, source: &Source<'_>, fault: Fault) -> Document {
    Document {
        state: ExtractionState::Failed(fault),
        ..blank(kind, sniff::declared(source))
    }
}
