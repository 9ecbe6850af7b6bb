//! Three made-up municipalities, in the program itself: what a newcomer runs first.

use std::path::Path;
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use super::serve::{Server, Snapshot, snapshots};
use super::{AuditError, Audited, Judging, audit, never};
use crate::crawl::CrawlPlan;
use crate::event::Listener;
use crate::files;
use crate::model::{Subject, SubjectKind};
use crate::rules::Library;

static SITES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures");

/// Date under which the made-up portals are judged.
pub const DEMO_DATE: &str = "2024-11-15";

/// Serves the made-up portals on loopback and audits each.
pub fn demo(
    out: &Path,
    library: &Library,
    judging: &Judging,
    listener: &Arc<dyn Listener>,
) -> Result<Vec<Audited>, AuditError> {
    let sites = out.join("portales-de-ejemplo");
    std::fs::create_dir_all(&sites).map_err(AuditError::io(&sites))?;
    SITES.extract(&sites).map_err(AuditError::io(&sites))?;
    let mut done = Vec::new();
    for dir in snapshots(&sites)? {
        let snapshot = Snapshot::open(&dir)?;
        let subject = subject(&dir);
        let entry = snapshot.entry.clone();
        let same_as = snapshot.host.iter().cloned().collect();
        let server = Server::start(snapshot)?;
        let plan = CrawlPlan {
            rate: None,
            allow_private: vec![server.address()],
            same_as,
            ..CrawlPlan::new(&server.url(&entry))
        };
        let (_keep, cancel) = never();
        done.push(audit(&plan, &subject, out, library, judging, listener, &cancel)?);
    }
    Ok(done)
}

/// Who the portal is, by its SOURCE.json.
fn subject(dir: &Path) -> Subject {
    let about: serde_json::Value = files::read(&dir.join("SOURCE.json"), 1 << 20)
        .ok()
        .and_then(|b| serde_json::from_slice(&b).ok())
        .unwrap_or_default();
    let folder = dir
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    Subject {
        id: about["id"].as_str().map_or_else(|| folder.clone(), str::to_owned),
        name: about["name"].as_str().map_or(folder, str::to_owned),
        kind: SubjectKind::Municipality,
        state: None,
        portal: None,
    }
}
