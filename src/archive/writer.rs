//! Writes a case: every exchange becomes WARC records first and a line of `crawl.jsonl` after, so that a line always has its
//! evidence. What a stop cut off is dropped on reopening.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::manifest::{self, Manifest, ManifestHead};
use super::warc::{Record, read_member};
use super::{ArchiveError, Digesting, sha256};
use crate::codec;
use crate::files;
use crate::model::{Capture, CrawlSummary, Exchange, FetchStatus, RecordRef, Via};

/// A new archive file is begun from this size on, in bytes.
const ROLL_OVER: u64 = 1 << 30;
/// Largest archive file or log that is read back, in bytes: one that is full, and the record that filled it.
pub(super) const LARGEST_FILE: u64 = (1 << 30) + (256 << 20);
/// Bytes that a body may decode to; those of a larger one are its first.
pub(super) const LARGEST_BODY: u64 = 64 << 20;

/// Appends exchanges to a case.
#[derive(Debug)]
pub struct CaseWriter {
    dir: PathBuf,
    manifest: Manifest,
    warc: File,
    warc_name: String,
    offset: u64,
    log: File,
    /// Digest of a body → where its first response stands, for `revisit`.
    bodies: HashMap<String, (String, String, String)>,
    written: u64,
    /// Held while the case is written.
    _lock: File,
}

impl CaseWriter {
    /// Begins a case in an empty or new folder.
    pub fn create(dir: &Path, head: ManifestHead) -> Result<Self, ArchiveError> {
        let evidence = dir.join("evidence");
        if dir.join("manifest.json").exists() || dir.join("crawl.jsonl").exists() {
            return Err(ArchiveError::Exists(dir.to_owned()));
        }
        std::fs::create_dir_all(&evidence).map_err(ArchiveError::io(&evidence))?;
        let lock = lock(dir)?;
        let manifest = Manifest {
            head,
            crawl: None,
            files: std::collections::BTreeMap::new(),
        };
        manifest::write(dir, &manifest)?;
        let log = append_to(&dir.join("crawl.jsonl"))?;
        let name = "evidence/000.warc.gz".to_owned();
        let warc = append_to(&dir.join(&name))?;
        let mut writer = Self {
            dir: dir.to_owned(),
            manifest,
            warc,
            warc_name: name,
            offset: 0,
            log,
            bodies: HashMap::new(),
            written: 0,
            _lock: lock,
        };
        writer.begin_file()?;
        Ok(writer)
    }

    /// Reopens a case that was not finished: records and lines that a stop cut off are dropped.
    pub fn reopen(dir: &Path) -> Result<(Self, Vec<Capture>), ArchiveError> {
        let mut manifest = manifest::read(dir)?;
        let lock = lock(dir)?;
        manifest.crawl = None;
        let mut captures = read_log(dir)?;
        let names = archive_files(dir)?;
        let last = names
            .last()
            .cloned()
            .unwrap_or_else(|| "evidence/000.warc.gz".to_owned());
        let path = dir.join(&last);
        // The log never names what is not archived; records after the last one that it names were never acknowledged.
        let length = std::fs::metadata(&path).map_or(0, |m| m.len());
        let keep = intact_length(&path, &captures, &last)?;
        // What a budget left over was not tried: it waits again.
        captures.retain(|c| c.status != FetchStatus::OutOfBudget);
        captures.retain(|c| {
            c.record
                .as_ref()
                .is_none_or(|r| r.warc != last || r.offset + r.length <= keep)
        });
        if keep < length {
            let file = OpenOptions::new()
                .write(true)
                .open(&path)
                .map_err(ArchiveError::io(&path))?;
            file.set_len(keep).map_err(ArchiveError::io(&path))?;
        }
        rewrite_log(dir, &captures)?;
        manifest.files.clear();
        manifest::write(dir, &manifest)?;
        let mut writer = Self {
            warc: append_to(&path)?,
            log: append_to(&dir.join("crawl.jsonl"))?,
            dir: dir.to_owned(),
            manifest,
            warc_name: last,
            offset: keep,
            bodies: HashMap::new(),
            written: captures.len() as u64,
            _lock: lock,
        };
        if keep == 0 {
            writer.begin_file()?;
        }
        Ok((writer, captures))
    }

    /// What the case is.
    #[must_use]
    pub fn head(&self) -> &ManifestHead {
        &self.manifest.head
    }

    /// Archives an exchange; gives its capture with digest, length and place filled in.
    pub fn append(&mut self, exchange: &Exchange) -> Result<Capture, ArchiveError> {
        let mut capture = exchange.capture.clone();
        if let Some(head) = &exchange.response_head {
            let payload = sha256(&exchange.payload);
            fill_digest(&mut capture, head, &exchange.payload, &payload);
            capture.record = Some(self.archive(&capture, exchange, head, &payload)?);
        }
        let mut line = serde_json::to_vec(&capture).unwrap_or_default();
        line.push(b'\n');
        let path = self.dir.join("crawl.jsonl");
        self.log.write_all(&line).map_err(ArchiveError::io(&path))?;
        self.written += 1;
        Ok(capture)
    }

    /// Ends the crawl: index, digests, manifest.
    pub fn finish(mut self, crawl: CrawlSummary) -> Result<Manifest, ArchiveError> {
        let path = self.dir.join(&self.warc_name);
        self.warc.sync_all().map_err(ArchiveError::io(&path))?;
        let path = self.dir.join("crawl.jsonl");
        self.log.sync_all().map_err(ArchiveError::io(&path))?;
        write_index(&self.dir)?;
        self.manifest.crawl = Some(crawl);
        let mut files = std::collections::BTreeMap::new();
        for name in manifest::list(&self.dir)? {
            let digest = manifest::digest_of(&self.dir.join(&name))?;
            files.insert(name, digest);
        }
        self.manifest.files = files;
        manifest::write(&self.dir, &self.manifest)?;
        Ok(self.manifest.clone())
    }

    fn archive(
        &mut self,
        capture: &Capture,
        exchange: &Exchange,
        head: &[u8],
        payload: &str,
    ) -> Result<RecordRef, ArchiveError> {
        if self.offset > ROLL_OVER {
            self.roll_over()?;
        }
        let date = &capture.captured_at;
        let payload_digest = format!("sha256:{payload}");
        let salt = format!("{} {}", self.manifest.head.audit_id, self.written);
        let imported = capture.via == Via::Import;
        let known = self
            .bodies
            .get(&payload_digest)
            .filter(|_| exchange.payload.len() > 256 && !imported);
        let mut response = match known {
            Some((id, url, first)) => Record::new("revisit", date)
                .with("WARC-Target-URI", &capture.url)
                .with(
                    "WARC-Profile",
                    "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
                )
                .with("WARC-Refers-To", id)
                .with("WARC-Refers-To-Target-URI", url)
                .with("WARC-Refers-To-Date", first),
            None => Record::new("response", date).with("WARC-Target-URI", &capture.url),
        }
        .with("WARC-Payload-Digest", &payload_digest)
        .with("Content-Type", "application/http;msgtype=response");
        if let Some(address) = exchange.remote_address {
            response = response.with("WARC-IP-Address", &address.to_string());
        }
        response.block.extend_from_slice(head);
        if known.is_none() {
            response.payload = &exchange.payload;
        }
        let first = known.is_none();
        let (id, place) = self.write(&response, &salt)?;
        if first {
            self.bodies
                .insert(payload_digest, (id.clone(), capture.url.clone(), date.clone()));
        }
        if !exchange.request.is_empty() {
            let mut request = Record::new("request", date)
                .with("WARC-Target-URI", &capture.url)
                .with("WARC-Concurrent-To", &id)
                .with("Content-Type", "application/http;msgtype=request");
            request.block.clone_from(&exchange.request);
            self.write(&request, &salt)?;
        }
        Ok(place)
    }

    /// Writes a record; gives its id and place.
    fn write(&mut self, record: &Record<'_>, salt: &str) -> Result<(String, RecordRef), ArchiveError> {
        let path = self.dir.join(&self.warc_name);
        let digest = record.digest();
        let id = record.id(salt, &digest);
        let mut out = BufWriter::new(&mut self.warc);
        let length = record
            .write_to(&id, &digest, &mut out)
            .and_then(|length| out.flush().map(|()| length))
            .map_err(ArchiveError::io(&path))?;
        drop(out);
        let place = RecordRef {
            warc: self.warc_name.clone(),
            offset: self.offset,
            length,
        };
        self.offset += place.length;
        Ok((id, place))
    }

    fn roll_over(&mut self) -> Result<(), ArchiveError> {
        let next = archive_files(&self.dir)?.len();
        self.warc_name = format!("evidence/{next:03}.warc.gz");
        self.warc = append_to(&self.dir.join(&self.warc_name))?;
        self.offset = 0;
        // Records of a finished file may be referred to, but one that is open is simpler to check alone.
        self.bodies.clear();
        self.begin_file()
    }

    /// Every archive file begins by saying what it is.
    fn begin_file(&mut self) -> Result<(), ArchiveError> {
        let head = &self.manifest.head;
        let mut info = Record::new("warcinfo", &head.started_at)
            .with("WARC-Filename", self.warc_name.trim_start_matches("evidence/"))
            .with("Content-Type", "application/warc-fields");
        info.block = format!(
            "software: {}\r\nformat: WARC File Format 1.1\r\nisPartOf: {}\r\ndescription: {}\r\n",
            head.tool,
            head.audit_id,
            head.subject.name.replace(['\r', '\n'], " ")
        )
        .into_bytes();
        let salt = head.audit_id.clone();
        self.write(&info, &salt).map(|_| ())
    }
}

/// Digest and length of the body as anyone would save it, without ever holding it; `digest` is that of the payload as it came.
fn fill_digest(capture: &mut Capture, head: &[u8], payload: &[u8], digest: &str) {
    let coding = header(head, "content-encoding");
    let mut own = Digesting::default();
    if codec::codings(coding.as_deref()).is_empty()
        || codec::decode_to(coding.as_deref(), payload, LARGEST_BODY, &mut own).is_err()
    {
        capture.length = payload.len() as u64;
        capture.sha256 = Some(digest.to_owned());
    } else {
        capture.length = own.length;
        capture.sha256 = Some(own.hex());
    }
}

impl Drop for CaseWriter {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(self.dir.join("lock"));
    }
}

/// A header's value in an HTTP head.
pub(super) fn header(head: &[u8], name: &str) -> Option<String> {
    String::from_utf8_lossy(head).split("\r\n").skip(1).find_map(|line| {
        let (n, v) = line.split_once(':')?;
        n.trim().eq_ignore_ascii_case(name).then(|| v.trim().to_owned())
    })
}

/// Lines of the log that are whole.
pub(super) fn read_log(dir: &Path) -> Result<Vec<Capture>, ArchiveError> {
    let path = dir.join("crawl.jsonl");
    let bytes = files::read(&path, LARGEST_FILE).map_err(ArchiveError::part(dir, &path))?;
    let mut out = Vec::new();
    let mut offset = 0u64;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        match serde_json::from_slice::<Capture>(line) {
            Ok(capture) if line.ends_with(b"\n") => out.push(capture),
            // Cut off by a stop: the last line only.
            _ if offset + line.len() as u64 == bytes.len() as u64 => break,
            Err(e) => {
                return Err(ArchiveError::Damaged {
                    path,
                    offset,
                    why: e.to_string(),
                });
            }
            Ok(_) => break,
        }
        offset += line.len() as u64;
    }
    Ok(out)
}

/// Archive files in order.
pub(super) fn archive_files(dir: &Path) -> Result<Vec<String>, ArchiveError> {
    Ok(manifest::list(dir)?
        .into_iter()
        .filter(|n| n.starts_with("evidence/") && n.ends_with(".warc.gz"))
        .collect())
}

/// End of the last record that the log acknowledges, and of the request that follows it, if whole.
fn intact_length(path: &Path, captures: &[Capture], name: &str) -> Result<u64, ArchiveError> {
    let bytes = files::read(path, LARGEST_FILE).map_err(ArchiveError::io(path))?;
    let acknowledged = captures
        .iter()
        .filter_map(|c| c.record.as_ref())
        .filter(|r| r.warc == name)
        .map(|r| r.offset + r.length)
        .max()
        .unwrap_or(0);
    let mut at = 0usize;
    let mut keep = 0u64;
    while at < bytes.len() {
        let Ok(Some((record, length))) = read_member(&bytes[at..]) else {
            break;
        };
        at += usize::try_from(length).unwrap_or(usize::MAX);
        let kind = record.field("WARC-Type").unwrap_or_default();
        let follows = at as u64 > acknowledged && kind == "request" && keep >= acknowledged && keep > 0;
        if at as u64 <= acknowledged || follows || kind == "warcinfo" {
            keep = at as u64;
        } else {
            break;
        }
    }
    Ok(keep)
}

fn rewrite_log(dir: &Path, captures: &[Capture]) -> Result<(), ArchiveError> {
    let mut bytes = Vec::new();
    for capture in captures {
        bytes.extend(serde_json::to_vec(capture).unwrap_or_default());
        bytes.push(b'\n');
    }
    let path = dir.join("crawl.jsonl");
    let beside = dir.join("crawl.jsonl.tmp");
    std::fs::write(&beside, bytes).map_err(ArchiveError::io(&beside))?;
    std::fs::rename(&beside, &path).map_err(ArchiveError::io(&path))
}

/// `index.cdxj`: sorted by key and time, as replay tools want it.
fn write_index(dir: &Path) -> Result<(), ArchiveError> {
    let mut lines: Vec<String> = read_log(dir)?
        .iter()
        .filter_map(|c| {
            let place = c.record.as_ref()?;
            let stamp: String = c.captured_at.chars().filter(char::is_ascii_digit).take(14).collect();
            let about = serde_json::json!({
                "url": c.url,
                "status": c.http_status.map(|s| s.to_string()),
                "mime": c.content_type,
                "digest": c.sha256.as_ref().map(|d| format!("sha256:{d}")),
                "filename": place.warc.trim_start_matches("evidence/"),
                "offset": place.offset.to_string(),
                "length": place.length.to_string(),
            });
            Some(format!("{} {stamp} {about}\n", surt(&c.url)))
        })
        .collect();
    lines.sort();
    let path = dir.join("evidence/index.cdxj");
    std::fs::write(&path, lines.concat()).map_err(ArchiveError::io(&path))
}

/// Sort-friendly form of an address: host reversed.
fn surt(url: &str) -> String {
    let Ok(parsed) = url::Url::parse(url) else {
        return url.to_owned();
    };
    let host: Vec<&str> = parsed.host_str().unwrap_or_default().split('.').rev().collect();
    let port = parsed.port().map(|p| format!(":{p}")).unwrap_or_default();
    let query = parsed.query().map(|q| format!("?{q}")).unwrap_or_default();
    format!("{}{port}){}{query}", host.join(","), parsed.path()).to_lowercase()
}

fn append_to(path: &Path) -> Result<File, ArchiveError> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .map_err(ArchiveError::io(path))
}

/// One writer at a time: the lock is the operating system's, and falls with the process however that ends.
fn lock(dir: &Path) -> Result<File, ArchiveError> {
    let path = dir.join("lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(ArchiveError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ArchiveError::Locked(dir.to_owned())),
        Err(TryLockError::Error(source)) => Err(ArchiveError::Io { path, source }),
    }
}
