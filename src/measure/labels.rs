//! Judgements of people: `LABELS.tsv`, else `TRUTH.tsv`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::files;
use crate::rules::Library;

/// What a person judged of one obligation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) status: String,
    pub(super) evidence: String,
    pub(super) latest_period: String,
    pub(super) media: String,
}

/// Judgements by obligation, without pack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    pub(super) rows: BTreeMap<String, Judged>,
    /// Obligations in the order of the file.
    pub(super) order: Vec<String>,
}

/// Why labels cannot be read.
#[derive(Debug, Error)]
pub enum LabelsError {
    /// The file.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// One of its lines.
    #[error("{path}, line {line}: {why}")]
    Line {
        /// Which.
        path: PathBuf,
        /// Line from 1.
        line: usize,
        /// What is wrong.
        why: LineProblem,
    },
    /// Its columns.
    #[error("{path}, line 1: there is no column '{column}'")]
    Column {
        /// Which.
        path: PathBuf,
        /// Missing.
        column: &'static str,
    },
}

/// What is wrong with a line of labels.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LineProblem {
    /// No status of the list.
    #[error("'{0}' is no status; there are: {STATUSES}")]
    Status(String),
    /// No pack has the obligation.
    #[error("no pack has the obligation '{0}'")]
    Obligation(String),
    /// Judged before.
    #[error("the obligation '{0}' was judged in an earlier line")]
    Repeated(String),
}

/// Statuses that a person may give.
pub const STATUSES: &str = "published, partial, empty, broken, external, missing, not_applicable, undetermined";
/// Largest file of labels, in bytes.
const LARGEST: u64 = 16 << 20;

/// Obligation without its pack: `mx-lgtaip-2015:70.I` → `70.I`.
pub(super) fn bare(id: &str) -> String {
    id.trim().replace("mx-lgtaip-2015:", "").replace("lgtaip2015.", "")
}

/// Reads the labels of a snapshot; `None` when it has none.
pub fn read(folder: &Path, library: &Library) -> Result<Option<Labels>, LabelsError> {
    let Some(path) = ["LABELS.tsv", "TRUTH.tsv"]
        .iter()
        .map(|n| folder.join(n))
        .find(|p| p.exists())
    else {
        return Ok(None);
    };
    let text = files::read_text(&path, LARGEST).map_err(|source| LabelsError::Io {
        path: path.clone(),
        source,
    })?;
    parse(&text, &path, library).map(Some)
}

fn parse(text: &str, path: &Path, library: &Library) -> Result<Labels, LabelsError> {
    let mut lines = text.lines();
    let head: Vec<&str> = lines
        .next()
        .unwrap_or_default()
        .trim_start_matches('\u{feff}')
        .split('\t')
        .collect();
    let column = |names: &[&'static str]| {
        names
            .iter()
            .find_map(|n| head.iter().position(|h| h == n))
            .ok_or_else(|| LabelsError::Column {
                path: path.to_owned(),
                column: names.first().copied().unwrap_or_default(),
            })
    };
    let obligation = column(&["obligation", "obligation_id"])?;
    let status = column(&["status"])?;
    let evidence = column(&["evidence", "evidence_path"]).ok();
    let latest_period = column(&["latest_period"]).ok();
    let media = column(&["media"]).ok();
    let mut labels = Labels::default();
    for (n, line) in lines.enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let wrong = |why| LabelsError::Line {
            path: path.to_owned(),
            line: n + 2,
            why,
        };
        let fields: Vec<&str> = line.split('\t').collect();
        let field = |at: usize| fields.get(at).copied().unwrap_or_default();
        let status = field(status).trim();
        if STATUSES.split(", ").all(|s| s != status) {
            return Err(wrong(LineProblem::Status(status.to_owned())));
        }
        let id = field(obligation).trim();
        if is_of_another_law(id, library) {
            continue;
        }
        let id = bare(id);
        let known = library.packs().iter().any(|p| p.obligations.iter().any(|o| o.id == id));
        if !known {
            return Err(wrong(LineProblem::Obligation(id)));
        }
        if labels.rows.contains_key(&id) {
            return Err(wrong(LineProblem::Repeated(id)));
        }
        let judged = Judged {
            status: status.to_owned(),
            evidence: evidence.map(field).unwrap_or_default().to_owned(),
            latest_period: latest_period.map(field).unwrap_or_default().trim().to_owned(),
            media: media.map(field).unwrap_or_default().trim().to_owned(),
        };
        labels.rows.insert(id.clone(), judged);
        labels.order.push(id);
    }
    Ok(labels)
}

/// Rows of state or accounting law have ids of their own (`lgcg.sevac.2025.1T`), as have those of other packs, and are left out.
fn is_of_another_law(id: &str, library: &Library) -> bool {
    let rest = id
        .strip_prefix("mx-lgtaip-2015:")
        .or_else(|| id.strip_prefix("lgtaip2015."))
        .unwrap_or(id);
    match rest.split_once(':') {
        Some((pack, _)) => library.pack(pack).is_ok(),
        None => rest.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.contains('.'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_mean_nothing_are_told_with_their_line() {
        let library = Library::embedded().expect("rules");
        let dir = tempfile::tempdir().expect("dir");
        let read_text = |rows: &str| {
            let text = format!("obligation\tstatus\tevidence\n{rows}");
            std::fs::write(dir.path().join("LABELS.tsv"), text).expect("write");
            read(dir.path(), &library).map(|l| l.map_or(0, |l| l.order.len()))
        };
        let good = "mx-lgtaip-2015:70.I\tpublished\t\n\nlgcg.sevac.2025.1T\tmissing\t\n70.II\tempty\t\n";
        assert_eq!(read_text(good).expect("good"), 2);
        for (rows, expected) in [
            (
                "70.I\tpublished\t\n70.II\tpublicado\t\n",
                "line 3: 'publicado' is no status",
            ),
            ("70.I\t\t\n", "line 2: '' is no status"),
            ("70.CC\tmissing\t\n", "line 2: no pack has the obligation '70.CC'"),
            ("x\tmissing\t\n", "line 2: no pack has the obligation 'x'"),
            (
                "70.I\tmissing\t\n\nmx-lgtaip-2015:70.I\tempty\t\n",
                "line 4: the obligation '70.I' was judged",
            ),
        ] {
            let told = read_text(rows).expect_err("wrong").to_string();
            assert!(told.contains("LABELS.tsv") && told.contains(expected), "{told}");
        }
    }
}
