//! Reads a case back.

use std::io::{Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};

use super::ArchiveError;
use super::manifest::{self, Manifest};
use super::warc::{Record, find, read_member};
use super::writer::{LARGEST_BODY, header, read_log};
use crate::codec;
use crate::files;
use crate::model::{Capture, RecordRef};

/// Headers of a response: name and value, in their order.
pub type Headers = Vec<(String, String)>;

/// A case, open for reading.
#[derive(Debug)]
pub struct CaseFile {
    dir: PathBuf,
    manifest: Manifest,
    captures: Vec<Capture>,
}

impl CaseFile {
    /// Opens a case, finished or not.
    pub fn open(dir: &Path) -> Result<Self, ArchiveError> {
        Ok(Self {
            manifest: manifest::read(dir)?,
            captures: read_log(dir)?,
            dir: dir.to_owned(),
        })
    }

    /// Its folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What it is.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Captures in the order of the archive.
    #[must_use]
    pub fn captures(&self) -> &[Capture] {
        &self.captures
    }

    /// Response headers (name, value) of a capture.
    pub fn headers(&self, capture: &Capture) -> Result<Headers, ArchiveError> {
        let Some(place) = &capture.record else {
            return Ok(Headers::new());
        };
        Ok(headers(split(&self.record(place)?).0))
    }

    /// The body of a capture, content coding undone; empty when nothing answered.
    pub fn body(&self, capture: &Capture) -> Result<Vec<u8>, ArchiveError> {
        Ok(self.response(capture)?.1)
    }

    /// Headers and body of a capture, for both of which its record is read once.
    pub fn response(&self, capture: &Capture) -> Result<(Headers, Vec<u8>), ArchiveError> {
        let Some(place) = &capture.record else {
            return Ok((Headers::new(), Vec::new()));
        };
        let mut record = self.record(place)?;
        let head = split(&record).0.to_vec();
        let payload = if record.field("WARC-Type") == Some("revisit") {
            self.first_payload(&record, place)?
        } else {
            record.block.drain(..head.len());
            record.block
        };
        let coding = header(&head, "content-encoding");
        let body = if codec::codings(coding.as_deref()).is_empty() {
            payload
        } else {
            codec::decode(coding.as_deref(), &payload, LARGEST_BODY).map_or(payload, |d| d.bytes)
        };
        Ok((headers(&head), body))
    }

    /// The payload that a `revisit` refers to.
    fn first_payload(&self, revisit: &Record<'_>, place: &RecordRef) -> Result<Vec<u8>, ArchiveError> {
        let digest = revisit.field("WARC-Payload-Digest").unwrap_or_default();
        let url = revisit.field("WARC-Refers-To-Target-URI").unwrap_or_default();
        for capture in self.captures.iter().filter(|c| c.url == url) {
            let Some(other) = &capture.record else { continue };
            let record = self.record(other)?;
            if record.field("WARC-Type") == Some("response") && record.field("WARC-Payload-Digest") == Some(digest) {
                return Ok(split(&record).1.to_vec());
            }
        }
        Err(ArchiveError::Damaged {
            path: self.dir.join(&place.warc),
            offset: place.offset,
            why: format!("it refers to a response of {url} that is not here"),
        })
    }

    fn record(&self, place: &RecordRef) -> Result<Record<'static>, ArchiveError> {
        let path = self.dir.join(&place.warc);
        // A log that somebody wrote may name any place.
        if Path::new(&place.warc)
            .components()
            .any(|c| !matches!(c, Component::Normal(_)))
        {
            return Err(ArchiveError::Damaged {
                path: self.dir.join("crawl.jsonl"),
                offset: 0,
                why: format!("'{}' is no file of the case", place.warc),
            });
        }
        let mut file = files::open(&path).map_err(ArchiveError::io(&path))?;
        file.seek(SeekFrom::Start(place.offset))
            .map_err(ArchiveError::io(&path))?;
        let mut member = Vec::new();
        file.take(place.length)
            .read_to_end(&mut member)
            .map_err(ArchiveError::io(&path))?;
        let damaged = |why: String| ArchiveError::Damaged {
            path: path.clone(),
            offset: place.offset,
            why,
        };
        match read_member(&member) {
            Ok(Some((record, _))) => Ok(record),
            Ok(None) => Err(damaged("the record is cut off".to_owned())),
            Err(why) => Err(damaged(why)),
        }
    }
}

/// The headers of a response's head.
fn headers(head: &[u8]) -> Headers {
    String::from_utf8_lossy(head)
        .trim_end_matches("\r\n")
        .split("\r\n")
        .skip(1)
        .filter_map(|l| {
            l.split_once(':')
                .map(|(n, v)| (n.trim().to_owned(), v.trim().to_owned()))
        })
        .collect()
}

/// Head and payload of a response block.
fn split<'r>(record: &'r Record<'_>) -> (&'r [u8], &'r [u8]) {
    find(&record.block, b"\r\n\r\n").map_or((record.block.as_slice(), &[]), |end| record.block.split_at(end + 4))
}
