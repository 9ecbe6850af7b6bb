//! The case file (*expediente*): evidence written once, read by anyone, checked to the last byte.
//!
//! ```text
//! manifest.json   manifest.sha256   crawl.jsonl   evidence/NNN.warc.gz   evidence/index.cdxj   findings.json   report/
//! Exchange ─► CaseWriter (append-only; a cut-off tail is dropped on reopening) ─► CaseFile ─► verify
//! ```

mod case;
mod import;
mod manifest;
mod verify;
mod warc;
mod writer;

use std::path::PathBuf;

use thiserror::Error;

pub use case::{CaseFile, Headers};
pub use import::{Imported, from_folder, from_table};
pub use manifest::{CASE_SCHEMA, Manifest, ManifestHead, seal};
pub use verify::{Problem, intact, verify};
pub use warc::whole_records;
pub use writer::CaseWriter;

/// Why a case file cannot be written or read.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// A file or folder failed.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Already there.
    #[error("{0} already holds a case file")]
    Exists(PathBuf),
    /// Not a case file.
    #[error("{0} is not a case file: it has no crawl.jsonl")]
    NotACase(PathBuf),
    /// Another version.
    #[error("{path} was written in the format '{found}', and this program reads '{CASE_SCHEMA}'")]
    Version {
        /// Which.
        path: PathBuf,
        /// Its schema.
        found: String,
    },
    /// Damaged.
    #[error("{path}, byte {offset}: {why}")]
    Damaged {
        /// File.
        path: PathBuf,
        /// Where.
        offset: u64,
        /// What is wrong.
        why: String,
    },
    /// Not as it was sealed.
    #[error("{file} in {dir} is not as it was sealed")]
    Altered {
        /// The case.
        dir: PathBuf,
        /// File inside it.
        file: String,
    },
    /// Another process writes it.
    #[error("{0} is being written by another process; wait until it ends")]
    Locked(PathBuf),
    /// A table of addresses is wrong.
    #[error("{path}, line {line}: {why}")]
    Table {
        /// File.
        path: PathBuf,
        /// Line from 1.
        line: usize,
        /// What is wrong.
        why: TableProblem,
    },
}

/// What is wrong with a line of a table of addresses.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TableProblem {
    /// Other columns; those that it has.
    #[error("the columns are '{0}'; they must be url_path, file, status, content_type, separated by tabs")]
    Columns(String),
    /// More or fewer columns than four.
    #[error("it has {0} columns; there must be 4")]
    Count(usize),
    /// Not an address.
    #[error("'{0}' is no address")]
    Address(String),
    /// Not an HTTP status.
    #[error("'{0}' is no HTTP status")]
    Status(String),
    /// A file that is not below the table's folder.
    #[error("'{0}' leads outside the folder of the table")]
    Outside(String),
}

impl ArchiveError {
    /// A part of a case that cannot be read: where there is none, there is no case.
    fn part(dir: &std::path::Path, path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let (dir, path) = (dir.to_owned(), path.to_owned());
        move |source| match source.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Self::NotACase(dir),
            _ => Self::Io { path, source },
        }
    }

    fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}

/// SHA-256 in lower-case hex.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex(&Sha256::digest(bytes))
}

/// A digest in the making.
#[derive(Default)]
struct Digesting {
    hasher: sha2::Sha256,
    length: u64,
}

impl Digesting {
    fn take(&mut self, bytes: &[u8]) {
        sha2::Digest::update(&mut self.hasher, bytes);
        self.length += bytes.len() as u64;
    }

    fn hex(self) -> String {
        hex(&sha2::Digest::finalize(self.hasher))
    }
}

impl std::io::Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.take(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

#[cfg(test)]
mod tests;
