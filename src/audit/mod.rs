//! Wires the stages for one subject: the only place that knows their order.
//!
//! ```text
//! crawl ─► (channel) ─► archive ─► case file ─► extract ─► evaluate ─► findings.json ─► report/ ─► seal
//! ```

mod demo;
pub mod serve;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;
use tokio::sync::{mpsc, watch};
use url::Url;

use crate::archive::{ArchiveError, CASE_SCHEMA, CaseFile, CaseWriter, Imported, ManifestHead, intact, seal};
use crate::crawl::{Cancel, CrawlError, CrawlPlan, LinkExtractor, Resume, crawl};
use crate::evaluate::{EvaluationInput, evaluate, explain};
use crate::event::{Event, Listener};
use crate::extract::isolate::Readers;
use crate::extract::{Limits, Source, links};
use crate::files;
use crate::locate::Phrases;
use crate::model::{Capture, CrawlSummary, Document, Exchange, FetchStatus, Findings, LinkFound, Pack, Subject};
use crate::report::{self, Context, ReportError};
use crate::rules::{Library, RulesError};
use crate::text::url::{UrlError, normalize};

pub use demo::{DEMO_DATE, demo};

/// Exchanges that may wait for the archive; a slow disk slows the crawl.
const WAITING: usize = 32;

/// Why an audit could not be done, or not whole.
#[derive(Debug, Error)]
pub enum AuditError {
    /// The case file.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The crawl.
    #[error(transparent)]
    Crawl(#[from] CrawlError),
    /// The rules.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// The entry.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// A report.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// A file that is written or read beside the case.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The runtime of the crawl.
    #[error("the crawl cannot be started: {0}")]
    Runtime(std::io::Error),
    /// The entry did not answer; what happened is in the case.
    #[error("{entry} did not answer: {why}")]
    Unreachable {
        /// Where it began.
        entry: String,
        /// What happened.
        why: String,
        /// The case file.
        dir: PathBuf,
    },
    /// Stopped by its user; the case can be resumed.
    #[error("interrupted")]
    Interrupted {
        /// The case file.
        dir: PathBuf,
    },
    /// No such format of report.
    #[error("there is no report format '{name}'; there are: {known}")]
    UnknownFormat {
        /// Asked for.
        name: String,
        /// Names there are.
        known: String,
    },
    /// No law was in force.
    #[error("no pack is in force on {0}; name one with --packs")]
    NothingInForce(String),
}

impl AuditError {
    fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}

/// What to evaluate with, and how to report it.
#[derive(Debug, Clone)]
pub struct Judging {
    /// Ids of packs; empty for those in force on the date.
    pub packs: Vec<String>,
    /// ISO 8601 date; `None` for the day on which the crawl began.
    pub on: Option<String>,
    /// Names of report formats.
    pub formats: Vec<String>,
    /// How reports look.
    pub context: Context,
    /// Who reads the documents.
    pub readers: Readers,
}

/// What an audit left behind.
#[derive(Debug)]
pub struct Audited {
    /// The case file.
    pub dir: PathBuf,
    /// Its findings.
    pub findings: Findings,
    /// Reports written.
    pub reports: Vec<PathBuf>,
}

/// Crawl, evaluate, report.
pub fn audit(
    plan: &CrawlPlan,
    subject: &Subject,
    out: &Path,
    library: &Library,
    judging: &Judging,
    listener: &Arc<dyn Listener>,
    cancel: &Cancel,
) -> Result<Audited, AuditError> {
    check_judging(library, judging)?;
    let dir = crawl_case(plan, subject, out, library, &judging.readers, listener, cancel)?;
    judge(&dir, library, judging, listener)
}

/// Evaluates a case and writes findings and reports into it.
pub fn judge(
    dir: &Path,
    library: &Library,
    judging: &Judging,
    listener: &Arc<dyn Listener>,
) -> Result<Audited, AuditError> {
    check_judging(library, judging)?;
    listener.on(&Event::Stage("evaluando"));
    let findings = evaluate_case(dir, library, judging)?;
    listener.on(&Event::Stage("escribiendo informes"));
    let reports = report_case(dir, &findings, judging)?;
    Ok(Audited {
        dir: dir.to_owned(),
        findings,
        reports,
    })
}

/// Tells of wrong names before hours of crawling.
fn check_judging(library: &Library, judging: &Judging) -> Result<(), AuditError> {
    for id in &judging.packs {
        library.pack(id)?;
    }
    judging.formats.iter().try_for_each(|name| format_of(name).map(|_| ()))
}

fn format_of(name: &str) -> Result<&'static dyn report::Format, AuditError> {
    report::by_name(name).ok_or_else(|| AuditError::UnknownFormat {
        name: name.to_owned(),
        known: report::FORMATS.iter().map(|f| f.name()).collect::<Vec<_>>().join(", "),
    })
}

/// Crawls into a case file; one that an earlier run left unfinished is resumed.
pub fn crawl_case(
    plan: &CrawlPlan,
    subject: &Subject,
    out: &Path,
    library: &Library,
    readers: &Readers,
    listener: &Arc<dyn Listener>,
    cancel: &Cancel,
) -> Result<PathBuf, AuditError> {
    let entry = normalize(&plan.entry)?;
    let mut plan = plan.clone();
    plan.entry = entry.to_string();
    if plan.hints.is_empty() {
        plan.hints.clone_from(&library.lexicon().hints);
    }
    listener.on(&Event::Stage("capturando"));
    let (dir, writer, had) = open_case(&plan, subject, out)?;
    let reader = SiteReader(readers.clone());
    let resume = resume(&dir, had, &reader)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(AuditError::Runtime)?;
    let (writer, summary) =
        runtime.block_on(run(&plan, resume, writer, reader, Arc::clone(listener), cancel.clone()))?;
    if summary.stop_reason == "interrupted" {
        return Err(AuditError::Interrupted { dir });
    }
    let unreachable = summary.stop_reason == "entry_unreachable";
    writer.finish(summary)?;
    if unreachable {
        let case = CaseFile::open(&dir)?;
        // What kept robots.txt from being read keeps the entry from it too, and says more than "not permitted".
        let first = case
            .captures()
            .iter()
            .find(|c| c.why == "robots" && c.http_status.is_none())
            .or(case.captures().iter().find(|c| c.why == "entry"))
            .or(case.captures().first());
        let why = first.map_or_else(
            || "nothing was fetched".to_owned(),
            |c| {
                // Somebody else chose the address: it is not for its user to permit it.
                let refused = c.status == FetchStatus::AddressRefused && is_elsewhere(&c.url, &entry);
                let status = if refused { "redirect_refused" } else { c.status.as_str() };
                format!("{status} {}", c.error.clone().unwrap_or_default())
                    .trim()
                    .to_owned()
            },
        );
        return Err(AuditError::Unreachable {
            entry: entry.to_string(),
            why,
            dir,
        });
    }
    Ok(dir)
}

fn is_elsewhere(url: &str, entry: &Url) -> bool {
    Url::parse(url).is_ok_and(|u| u.origin() != entry.origin())
}

/// The crawl on the async threads, the one archive writer on a thread of its own.
async fn run(
    plan: &CrawlPlan,
    resume: Resume,
    mut writer: CaseWriter,
    reader: SiteReader,
    listener: Arc<dyn Listener>,
    cancel: Cancel,
) -> Result<(CaseWriter, CrawlSummary), AuditError> {
    let (sink, mut taken) = mpsc::channel::<Exchange>(WAITING);
    let archiving = tokio::task::spawn_blocking(move || {
        while let Some(exchange) = taken.blocking_recv() {
            if let Err(e) = writer.append(&exchange) {
                return (writer, Err(e));
            }
        }
        (writer, Ok(()))
    });
    let crawled = crawl(plan, resume, sink, Arc::new(reader), listener, cancel).await;
    let (writer, archived) = archiving
        .await
        .map_err(|e| AuditError::Runtime(std::io::Error::other(e)))?;
    // The archive's own trouble says more than the crawl's "nobody takes it".
    archived?;
    Ok((writer, crawled?))
}

/// Begins a case, or reopens the latest of this subject and entry that was not finished.
fn open_case(
    plan: &CrawlPlan,
    subject: &Subject,
    out: &Path,
) -> Result<(PathBuf, CaseWriter, Vec<Capture>), AuditError> {
    let home = out.join(folder_name(&subject.id));
    let mut earlier: Vec<PathBuf> = std::fs::read_dir(&home)
        .map(|entries| entries.filter_map(|e| e.ok().map(|e| e.path())).collect())
        .unwrap_or_default();
    earlier.sort();
    if let Some(last) = earlier.last()
        && let Ok(case) = CaseFile::open(last)
        && case.manifest().crawl.is_none()
        && case.manifest().head.entry == plan.entry
    {
        let (writer, had) = CaseWriter::reopen(last)?;
        return Ok((last.clone(), writer, had));
    }
    let now = jiff::Timestamp::now();
    let dir = free_folder(&home, now);
    let head = head(plan, subject, &dir, now);
    let writer = CaseWriter::create(&dir, head)?;
    Ok((dir, writer, Vec::new()))
}

fn head(plan: &CrawlPlan, subject: &Subject, dir: &Path, now: jiff::Timestamp) -> ManifestHead {
    ManifestHead {
        schema: CASE_SCHEMA.to_owned(),
        audit_id: dir
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default(),
        subject: subject.clone(),
        entry: plan.entry.clone(),
        tool: format!("veedor {}", env!("CARGO_PKG_VERSION")),
        started_at: now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        settings: serde_json::to_value(plan).unwrap_or_default(),
    }
}

/// A folder named by the time, with a number when two begin in the same second.
fn free_folder(home: &Path, now: jiff::Timestamp) -> PathBuf {
    let stamp = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut dir = home.join(&stamp);
    let mut n = 2;
    while dir.exists() {
        dir = home.join(format!("{stamp}-{n}"));
        n += 1;
    }
    dir
}

/// A name without anything that a file system or shell takes amiss.
fn folder_name(id: &str) -> String {
    let safe: String = id
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .take(80)
        .collect();
    let safe = safe.trim_matches('-').to_owned();
    if safe.is_empty() { "sujeto".to_owned() } else { safe }
}

/// A subject made of an address alone.
#[must_use]
pub fn subject_of(entry: &Url) -> Subject {
    let host = entry.host_str().unwrap_or("portal");
    let name = host.strip_prefix("www.").unwrap_or(host);
    let port = entry.port().map(|p| format!("-{p}")).unwrap_or_default();
    Subject {
        id: folder_name(&format!("{name}{port}")),
        name: name.to_owned(),
        kind: crate::model::SubjectKind::Municipality,
        state: None,
        portal: Some(entry.to_string()),
    }
}

/// Links of what an interrupted crawl already has.
fn resume(dir: &Path, had: Vec<Capture>, reader: &SiteReader) -> Result<Resume, AuditError> {
    if had.is_empty() {
        return Ok(Resume::default());
    }
    let case = CaseFile::open(dir)?;
    let mut captures = Vec::with_capacity(had.len());
    for capture in had {
        let links = if capture.status == FetchStatus::Ok && !capture.soft_404 {
            let (headers, body) = case.response(&capture)?;
            reader.links(&capture, &headers, &body)
        } else {
            Vec::new()
        };
        captures.push((capture, links));
    }
    Ok(Resume { captures })
}

/// Extraction as the crawl sees it: links and their words.
struct SiteReader(Readers);

impl LinkExtractor for SiteReader {
    fn links(&self, capture: &Capture, headers: &[(String, String)], body: &[u8]) -> Vec<LinkFound> {
        // Sitemaps come compressed too.
        if body.starts_with(&[0x1f, 0x8b])
            && let Ok(inner) = crate::codec::decode(Some("gzip"), body, 64 << 20)
        {
            return read(&self.0, capture, headers, &inner.bytes)
                .map(|d| links(&d))
                .unwrap_or_default();
        }
        read(&self.0, capture, headers, body)
            .map(|d| links(&d))
            .unwrap_or_default()
    }
}

/// A capture's body as a document.
fn read(readers: &Readers, capture: &Capture, headers: &[(String, String)], body: &[u8]) -> Option<Document> {
    let url = Url::parse(&capture.url).ok()?;
    let loaded_by = capture.referrer.as_deref().and_then(|r| Url::parse(r).ok());
    let source = Source {
        url: &url,
        loaded_by: loaded_by.as_ref(),
        content_type: capture.content_type.as_deref(),
        headers,
    };
    Some(readers.extract(&source, body, &Limits::default()))
}

/// Evaluates a case: a function of its evidence, the packs and the date.
pub fn evaluate_case(dir: &Path, library: &Library, judging: &Judging) -> Result<Findings, AuditError> {
    with_case(dir, library, judging, evaluate)
}

/// Why an obligation of a case is judged as it is; `None` when no pack in use has it.
pub fn explain_case(
    dir: &Path,
    library: &Library,
    judging: &Judging,
    obligation: &str,
) -> Result<Option<String>, AuditError> {
    with_case(dir, library, judging, |input| explain(input, obligation))
}

fn with_case<T>(
    dir: &Path,
    library: &Library,
    judging: &Judging,
    use_it: impl FnOnce(&EvaluationInput<'_>) -> T,
) -> Result<T, AuditError> {
    intact(dir, &[])?;
    let case = CaseFile::open(dir)?;
    let head = &case.manifest().head;
    let on = judging
        .on
        .clone()
        .unwrap_or_else(|| head.started_at.chars().take(10).collect());
    let packs: Vec<&Pack> = if judging.packs.is_empty() {
        library.in_force(&on)
    } else {
        judging
            .packs
            .iter()
            .map(|id| library.pack(id))
            .collect::<Result<_, _>>()?
    };
    if packs.is_empty() {
        return Err(AuditError::NothingInForce(on));
    }
    let documents = documents(&case, &judging.readers)?;
    let same_as: Vec<String> = serde_json::from_value(head.settings["same_as"].clone()).unwrap_or_default();
    let phrases = Phrases::of(library.lexicon());
    let crawl = case.manifest().crawl.clone().unwrap_or_else(|| CrawlSummary {
        complete: false,
        stop_reason: "interrupted".to_owned(),
        robots_obeyed: true,
    });
    Ok(use_it(&EvaluationInput {
        subject: &head.subject,
        audit_id: &head.audit_id,
        evaluated_on: &on,
        packs: &packs,
        formats: library.formats(),
        phrases: &phrases,
        captures: case.captures(),
        documents: &documents,
        crawl: &crawl,
        entry: &head.entry,
        same_as: &same_as,
    }))
}

/// Extracts every capture, on all processors.
fn documents(case: &CaseFile, readers: &Readers) -> Result<Vec<Option<Arc<Document>>>, ArchiveError> {
    let captures = case.captures();
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let share = captures.len().div_ceil(workers).max(1);
    let parts: Vec<Result<Vec<Option<Arc<Document>>>, ArchiveError>> = std::thread::scope(|scope| {
        let running: Vec<_> = captures
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(|c| document(case, readers, c)).collect()))
            .collect();
        running
            .into_iter()
            .map(|r| r.join().unwrap_or_else(|_| Ok(Vec::new())))
            .collect()
    });
    let mut out = Vec::with_capacity(captures.len());
    for (part, chunk) in parts.into_iter().zip(captures.chunks(share)) {
        let mut part = part?;
        // A reader that panicked read nothing of its share.
        part.resize(chunk.len(), None);
        out.append(&mut part);
    }
    Ok(out)
}

fn document(case: &CaseFile, readers: &Readers, capture: &Capture) -> Result<Option<Arc<Document>>, ArchiveError> {
    if capture.status != FetchStatus::Ok {
        return Ok(None);
    }
    let (headers, body) = case.response(capture)?;
    Ok(read(readers, capture, &headers, &body).map(Arc::new))
}

/// Writes findings and reports into a case, and seals them.
pub fn report_case(dir: &Path, findings: &Findings, judging: &Judging) -> Result<Vec<PathBuf>, AuditError> {
    let mut written = Vec::new();
    let mut json = Vec::new();
    format_of("json")?.write(findings, &judging.context, &mut json)?;
    keep_earlier(dir, &json)?;
    let path = dir.join("findings.json");
    std::fs::write(&path, json).map_err(AuditError::io(&path))?;
    let folder = dir.join("report");
    std::fs::create_dir_all(&folder).map_err(AuditError::io(&folder))?;
    for name in judging
        .formats
        .iter()
        .filter(|n| !matches!(n.as_str(), "json" | "terminal"))
    {
        let base = if name == "html" { "report" } else { "findings" };
        let path = folder.join(format!("{base}.{}", format_of(name)?.extension()));
        write_format(&path, name, findings, &judging.context)?;
        written.push(path);
    }
    seal(dir)?;
    Ok(written)
}

/// An evaluation that says something else stays in the case, with its reports, under `earlier/`: a verdict that was once given
/// can be looked at again.
fn keep_earlier(dir: &Path, json: &[u8]) -> Result<(), AuditError> {
    let path = dir.join("findings.json");
    let Ok(before) = files::read(&path, 1 << 30) else {
        return Ok(());
    };
    if before == json {
        return Ok(());
    }
    let old: serde_json::Value = serde_json::from_slice(&before).unwrap_or_default();
    let date = old["audit"]["evaluated_on"].as_str().unwrap_or("sin-fecha");
    let digest = crate::archive::sha256(&before);
    let home = dir
        .join("earlier")
        .join(format!("{}-{}", folder_name(date), digest.get(..8).unwrap_or_default()));
    std::fs::create_dir_all(&home).map_err(AuditError::io(&home))?;
    let reports = dir.join("report");
    if reports.is_dir() && !home.join("report").exists() {
        std::fs::rename(&reports, home.join("report")).map_err(AuditError::io(&reports))?;
    }
    std::fs::rename(&path, home.join("findings.json")).map_err(AuditError::io(&path))
}

fn write_format(path: &Path, name: &str, findings: &Findings, context: &Context) -> Result<(), AuditError> {
    let mut bytes = Vec::new();
    format_of(name)?.write(findings, context, &mut bytes)?;
    std::fs::write(path, bytes).map_err(AuditError::io(path))
}

/// Makes a case of local files.
pub fn import_case(imported: &Imported, entry: &Url, subject: &Subject, out: &Path) -> Result<PathBuf, AuditError> {
    let home = out.join(folder_name(&subject.id));
    let now = jiff::Timestamp::now();
    let dir = free_folder(&home, now);
    let plan = CrawlPlan::new(entry.as_str());
    let mut writer = CaseWriter::create(&dir, head(&plan, subject, &dir, now))?;
    for exchange in imported.exchanges() {
        writer.append(&exchange?)?;
    }
    writer.finish(CrawlSummary {
        complete: true,
        stop_reason: "imported".to_owned(),
        robots_obeyed: true,
    })?;
    Ok(dir)
}

/// A cancel that nobody pulls, and the sender that keeps it so.
#[must_use]
pub fn never() -> (watch::Sender<bool>, Cancel) {
    watch::channel(false)
}
