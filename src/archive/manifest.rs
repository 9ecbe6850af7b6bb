//! `manifest.json`: what the case is, and the SHA-256 of every file in it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{ArchiveError, sha256};
use crate::files;
use crate::model::{CrawlSummary, Subject};

/// Format of case files that this program writes and reads.
pub const CASE_SCHEMA: &str = "veedor.case/1";

/// What is known when a case is begun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestHead {
    /// [`CASE_SCHEMA`].
    pub schema: String,
    /// Id of the audit; the folder's name.
    pub audit_id: String,
    /// Who.
    pub subject: Subject,
    /// Where the crawl begins.
    pub entry: String,
    /// `veedor x.y.z`.
    pub tool: String,
    /// RFC 3339.
    pub started_at: String,
    /// Settings of the crawl, as they were.
    pub settings: serde_json::Value,
}

/// The manifest of a sealed case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// As begun.
    #[serde(flatten)]
    pub head: ManifestHead,
    /// How the crawl ended; `None` while it runs.
    pub crawl: Option<CrawlSummary>,
    /// SHA-256 of every file, by path with `/`.
    pub files: BTreeMap<String, String>,
}

/// Largest manifest that is read, in bytes.
pub(super) const LARGEST: u64 = 64 << 20;
/// Files that are no part of what is sealed.
const OUTSIDE: &[&str] = &["manifest.json", "manifest.sha256", "lock"];

/// Whether a file of a case is evidence: sealed once, when the crawl ends, and never again.
pub(super) fn is_evidence(path: &str) -> bool {
    path == "crawl.jsonl" || path.starts_with("evidence/")
}

/// Writes the manifest anew with the digests of the files that were added, e.g. findings and reports. Digests of evidence are
/// never made again, nor added.
pub fn seal(dir: &Path) -> Result<Manifest, ArchiveError> {
    let mut manifest = read(dir)?;
    // A sealed file that is gone stays listed: verification must miss it.
    manifest.files.retain(|path, _| is_evidence(path));
    for path in list(dir)?.into_iter().filter(|p| !is_evidence(p)) {
        let digest = digest_of(&dir.join(&path))?;
        manifest.files.insert(path, digest);
    }
    write(dir, &manifest)?;
    Ok(manifest)
}

/// Reads `manifest.json`.
pub(super) fn read(dir: &Path) -> Result<Manifest, ArchiveError> {
    let path = dir.join("manifest.json");
    let bytes = files::read(&path, LARGEST).map_err(ArchiveError::part(dir, &path))?;
    let damaged = |e: &serde_json::Error| ArchiveError::Damaged {
        path: path.clone(),
        offset: e.column() as u64,
        why: format!("line {}: {e}", e.line()),
    };
    let raw: serde_json::Value = serde_json::from_slice(&bytes).map_err(|e| damaged(&e))?;
    let found = raw["schema"].as_str().unwrap_or("unknown");
    if found != CASE_SCHEMA {
        return Err(ArchiveError::Version {
            path,
            found: found.to_owned(),
        });
    }
    serde_json::from_value(raw).map_err(|e| damaged(&e))
}

/// Writes `manifest.json` and its digest, each whole or not at all.
pub(super) fn write(dir: &Path, manifest: &Manifest) -> Result<(), ArchiveError> {
    let mut bytes = serde_json::to_vec_pretty(manifest).unwrap_or_default();
    bytes.push(b'\n');
    replace(&dir.join("manifest.json"), &bytes)?;
    replace(
        &dir.join("manifest.sha256"),
        format!("{}  manifest.json\n", sha256(&bytes)).as_bytes(),
    )
}

/// Writes a file beside and renames it, so that a stop leaves the old or the new.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), ArchiveError> {
    let beside = path.with_extension("tmp");
    std::fs::write(&beside, bytes).map_err(ArchiveError::io(&beside))?;
    std::fs::rename(&beside, path).map_err(ArchiveError::io(path))
}

/// Files of a case with `/`, sorted, without the manifest itself.
pub(super) fn list(dir: &Path) -> Result<Vec<String>, ArchiveError> {
    let mut out = Vec::new();
    let mut todo = vec![dir.to_owned()];
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(&folder).map_err(ArchiveError::io(&folder))? {
            let entry = entry.map_err(ArchiveError::io(&folder))?;
            let path = entry.path();
            // A link to a folder is a file that cannot be read: it leads out, or in circles.
            if entry.file_type().is_ok_and(|t| t.is_dir()) {
                todo.push(path);
                continue;
            }
            let relative = path.strip_prefix(dir).unwrap_or(&path);
            let name = relative
                .components()
                .map(|c| c.as_os_str().to_string_lossy())
                .collect::<Vec<_>>()
                .join("/");
            if !OUTSIDE.contains(&name.as_str()) && path.extension().is_none_or(|e| e != "tmp") {
                out.push(name);
            }
        }
    }
    out.sort();
    Ok(out)
}

/// SHA-256 of a file, read in pieces.
pub(super) fn digest_of(path: &Path) -> Result<String, ArchiveError> {
    use sha2::{Digest, Sha256};
    let mut file = files::open(path).map_err(ArchiveError::io(path))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = std::io::Read::read(&mut file, &mut buffer).map_err(ArchiveError::io(path))?;
        if n == 0 {
            return Ok(super::hex(&hasher.finalize()));
        }
        hasher.update(&buffer[..n]);
    }
}
