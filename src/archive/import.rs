//! Local files as exchanges: a site before it goes live, a portal that was downloaded by hand.

use std::path::{Component, Path, PathBuf};

use url::Url;

use super::writer::LARGEST_BODY;
use super::{ArchiveError, TableProblem};
use crate::files;
use crate::model::{Capture, Exchange, FetchStatus, Via};
use crate::text::url::normalize;

/// Largest table of addresses, in bytes.
const LARGEST_TABLE: u64 = 64 << 20;

/// Exchanges of an import, made one by one.
#[derive(Debug)]
pub struct Imported {
    rows: Vec<Row>,
    skipped: Vec<PathBuf>,
    at: String,
}

#[derive(Debug)]
struct Row {
    url: Url,
    file: Option<PathBuf>,
    status: u16,
    content_type: Option<String>,
    location: Option<String>,
}

/// All files of a folder under a base address; `index.html` answers for its folder too.
pub fn from_folder(dir: &Path, base: &Url, at: &str) -> Result<Imported, ArchiveError> {
    let mut rows = Vec::new();
    let home = dir.canonicalize().map_err(ArchiveError::io(dir))?;
    let mut skipped = Vec::new();
    let mut todo = vec![dir.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = todo.pop() {
        // What earlier audits left beside the site is no part of it.
        if super::CaseFile::open(&folder).is_ok() {
            continue;
        }
        for entry in std::fs::read_dir(&folder).map_err(ArchiveError::io(&folder))? {
            let entry = entry.map_err(ArchiveError::io(&folder))?;
            let path = entry.path();
            match entry.file_type() {
                Ok(t) if t.is_dir() => todo.push(path),
                Ok(t) if t.is_file() || t.is_symlink() && is_inside(&path, &home) => found.push(path),
                _ => skipped.push(path),
            }
        }
    }
    found.sort();
    skipped.sort();
    for path in found {
        let relative = path.strip_prefix(dir).unwrap_or(&path);
        let name: Vec<String> = relative
            .components()
            .map(|c| c.as_os_str().to_string_lossy().into_owned())
            .collect();
        let mut url = base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
            segments.extend(&name);
        }
        let row = |url: Url| Row {
            url,
            file: Some(path.clone()),
            status: 200,
            content_type: None,
            location: None,
        };
        if name
            .last()
            .is_some_and(|n| n.eq_ignore_ascii_case("index.html") || n.eq_ignore_ascii_case("index.htm"))
        {
            let mut folder = url.clone();
            if let Ok(mut segments) = folder.path_segments_mut() {
                segments.pop().push("");
            }
            rows.push(row(folder));
        }
        rows.push(row(url));
    }
    Ok(Imported {
        rows,
        skipped,
        at: at.to_owned(),
    })
}

/// Whether what a link leads to is a regular file below a folder, whose true place is `home`.
fn is_inside(path: &Path, home: &Path) -> bool {
    path.canonicalize()
        .is_ok_and(|real| real.starts_with(home) && real.is_file())
}

/// A table of addresses: tab-separated `url_path`, `file`, `status`, `content_type` (`location=…` for a redirect). Files are
/// relative to the table's folder and never outside it.
pub fn from_table(table: &Path, base: &Url, at: &str) -> Result<Imported, ArchiveError> {
    let text = files::read_text(table, LARGEST_TABLE).map_err(ArchiveError::io(table))?;
    let folder = table
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let home = folder.canonicalize().map_err(ArchiveError::io(folder))?;
    let wrong = |line: usize, why: TableProblem| ArchiveError::Table {
        path: table.to_owned(),
        line,
        why,
    };
    let mut lines = text.lines().enumerate();
    let head = lines
        .next()
        .map(|(_, l)| l.split('\t').map(str::trim).collect::<Vec<_>>())
        .unwrap_or_default();
    if head != ["url_path", "file", "status", "content_type"] {
        return Err(wrong(1, TableProblem::Columns(head.join(", "))));
    }
    let mut rows = Vec::new();
    for (n, line) in lines.filter(|(_, l)| !l.trim().is_empty()) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [path, file, status, kind] = fields[..] else {
            return Err(wrong(n + 1, TableProblem::Count(fields.len())));
        };
        let url = if path.starts_with("http://") || path.starts_with("https://") {
            normalize(path).ok()
        } else {
            base.join(path).ok()
        };
        let url = url.ok_or_else(|| wrong(n + 1, TableProblem::Address(path.to_owned())))?;
        let status = status
            .trim()
            .parse()
            .map_err(|_| wrong(n + 1, TableProblem::Status(status.to_owned())))?;
        let relative = Path::new(file.trim());
        if relative
            .components()
            .any(|c| !matches!(c, Component::Normal(_) | Component::CurDir))
        {
            return Err(wrong(n + 1, TableProblem::Outside(file.to_owned())));
        }
        if folder
            .join(relative)
            .canonicalize()
            .is_ok_and(|real| !real.starts_with(&home))
        {
            return Err(wrong(n + 1, TableProblem::Outside(file.to_owned())));
        }
        rows.push(Row {
            url,
            file: (!file.trim().is_empty() && file.trim() != "-").then(|| folder.join(relative)),
            status,
            location: kind.trim().strip_prefix("location=").map(str::to_owned),
            content_type: (!kind.starts_with("location=") && !kind.trim().is_empty()).then(|| kind.trim().to_owned()),
        });
    }
    Ok(Imported {
        rows,
        skipped: Vec::new(),
        at: at.to_owned(),
    })
}

impl Imported {
    /// What was left out: links that lead out of the folder or to folders, devices, pipes.
    #[must_use]
    pub fn skipped(&self) -> &[PathBuf] {
        &self.skipped
    }

    /// Whether an address is among them.
    #[must_use]
    pub fn holds(&self, url: &Url) -> bool {
        let place = crate::text::url::place(url);
        self.rows.iter().any(|r| crate::text::url::place(&r.url) == place)
    }

    /// Number of addresses.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The exchanges; each file is read when its turn comes.
    pub fn exchanges(&self) -> impl Iterator<Item = Result<Exchange, ArchiveError>> + '_ {
        let mut seen = std::collections::BTreeSet::new();
        self.rows
            .iter()
            .filter(move |r| seen.insert(r.url.to_string()))
            .map(|r| self.exchange(r))
    }

    fn exchange(&self, row: &Row) -> Result<Exchange, ArchiveError> {
        let (payload, more) = match &row.file {
            Some(path) if row.location.is_none() => {
                files::read_start(path, LARGEST_BODY).map_err(ArchiveError::io(path))?
            }
            _ => (Vec::new(), false),
        };
        let redirect_to = row
            .location
            .as_ref()
            .and_then(|l| row.url.join(l).ok())
            .map(String::from);
        let mut head = format!("HTTP/1.1 {} Imported\r\n", row.status);
        let mut field = |name: &str, value: &str| {
            let clean: String = value.chars().filter(|c| !c.is_control()).collect();
            for part in [name, ": ", &clean, "\r\n"] {
                head.push_str(part);
            }
        };
        if let Some(kind) = &row.content_type {
            field("Content-Type", kind);
        }
        if let Some(to) = &redirect_to {
            field("Location", to);
        }
        field("Content-Length", &payload.len().to_string());
        head.push_str("\r\n");
        let status = match row.status {
            200..=299 if more => FetchStatus::TooLarge,
            200..=299 => FetchStatus::Ok,
            300..=399 if redirect_to.is_some() => FetchStatus::Redirected,
            401 | 403 | 407 | 451 => FetchStatus::Blocked,
            429 => FetchStatus::RateLimited,
            400..=499 => FetchStatus::ClientError,
            500..=599 => FetchStatus::ServerError,
            _ => FetchStatus::BadResponse,
        };
        Ok(Exchange {
            capture: Capture {
                url: row.url.to_string(),
                captured_at: self.at.clone(),
                status,
                http_status: Some(row.status),
                content_type: row.content_type.clone(),
                sha256: None,
                length: 0,
                redirect_to,
                referrer: None,
                depth: 0,
                why: "import".to_owned(),
                elapsed_ms: 0,
                error: more.then(|| format!("over {LARGEST_BODY} bytes")),
                via: Via::Import,
                record: None,
                soft_404: false,
            },
            request: Vec::new(),
            response_head: Some(head.into_bytes()),
            payload,
            remote_address: None,
        })
    }
}
