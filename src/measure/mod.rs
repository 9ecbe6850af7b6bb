//! How well the rules agree with people: labelled snapshots of portals, audited and compared, obligation by obligation.

mod agreement;
mod labels;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::archive::CaseFile;
use crate::audit::serve::{Server, Snapshot, route, snapshots};
use crate::audit::{AuditError, Judging, audit, never, subject_of};
use crate::crawl::CrawlPlan;
use crate::event::Listener;
use crate::model::{FetchStatus, Findings};
use crate::rules::Library;
use crate::text::url::normalize;

pub use agreement::{Agreement, Class, Compared, compare};
pub use labels::{Labels, LabelsError, LineProblem, STATUSES, read as read_labels};

/// What the crawl of one snapshot found of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Pages and documents of the snapshot.
    pub all: usize,
    /// Those that the crawl captured.
    pub found: usize,
    /// The others.
    pub missed: Vec<String>,
}

/// One snapshot, audited.
#[derive(Debug)]
pub struct Measured {
    /// Folder's name.
    pub portal: String,
    /// Findings.
    pub findings: Findings,
    /// What was found of it.
    pub reach: Reach,
    /// Agreement with its labels; `None` without labels.
    pub compared: Option<Compared>,
}

/// Serves each snapshot below a folder on loopback, audits it into `out`, and compares it with its labels.
pub fn measure(
    dir: &Path,
    out: &Path,
    library: &Library,
    judging: &Judging,
    listener: &Arc<dyn Listener>,
) -> Result<Vec<Measured>, MeasureError> {
    let mut done = Vec::new();
    let folders = snapshots(dir)?;
    // Wrong labels are told before hours of crawling.
    let labels: Vec<Option<Labels>> = folders
        .iter()
        .map(|f| read_labels(f, library))
        .collect::<Result<_, _>>()?;
    for (folder, labels) in folders.into_iter().zip(labels) {
        let portal = folder
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let snapshot = Snapshot::open(&folder)?;
        let paths = snapshot.paths();
        let server = Server::start(snapshot.clone())?;
        let entry = server.url(&snapshot.entry);
        let plan = CrawlPlan {
            rate: None,
            allow_private: vec![server.address()],
            same_as: snapshot.host.iter().cloned().collect(),
            ..CrawlPlan::new(&entry)
        };
        let mut subject = subject_of(&normalize(&entry).map_err(AuditError::from)?);
        subject.id.clone_from(&portal);
        subject.name.clone_from(&portal);
        let (_keep, cancel) = never();
        let audited = audit(&plan, &subject, out, library, judging, listener, &cancel)?;
        let reach = reach(&paths, &audited.dir)?;
        let compared = labels.map(|labels| compare(&audited.findings, &labels));
        done.push(Measured {
            portal,
            findings: audited.findings,
            reach,
            compared,
        });
    }
    Ok(done)
}

/// Why a measurement could not be made.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// An audit failed.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// Labels cannot be read.
    #[error(transparent)]
    Labels(#[from] LabelsError),
}

/// Pages and documents: pictures, styles and scripts are no content of their own.
fn is_content(path: &str) -> bool {
    let name = path.split('?').next().unwrap_or(path).to_ascii_lowercase();
    let extension = name
        .rsplit('/')
        .next()
        .and_then(|n| n.rsplit_once('.'))
        .map_or("", |(_, e)| e);
    !matches!(
        extension,
        "png"
            | "jpg"
            | "jpeg"
            | "gif"
            | "svg"
            | "ico"
            | "webp"
            | "bmp"
            | "css"
            | "js"
            | "map"
            | "woff"
            | "woff2"
            | "ttf"
            | "eot"
    )
}

fn reach(paths: &[String], dir: &Path) -> Result<Reach, AuditError> {
    let case = CaseFile::open(dir)?;
    let captured: BTreeSet<String> = case
        .captures()
        .iter()
        .filter(|c| c.status == FetchStatus::Ok)
        .filter_map(|c| url::Url::parse(&c.url).ok())
        .map(|u| route(u.path(), u.query()))
        .collect();
    let content: Vec<&String> = paths.iter().filter(|p| is_content(p)).collect();
    let missed: Vec<String> = content
        .iter()
        .filter(|p| !captured.contains(**p))
        .map(|p| (*p).clone())
        .collect();
    Ok(Reach {
        all: content.len(),
        found: content.len() - missed.len(),
        missed,
    })
}
