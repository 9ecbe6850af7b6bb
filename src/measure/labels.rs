//! Judgements of people: `LABELS.tsv`, else `TRUTH.tsv`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use thiserror::Error;

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
    /// Its columns.
    #[error("{path}, line 1: there is no column '{column}'")]
    Column {
        /// Which.
        path: PathBuf,
        /// Missing.
        column: &'static str,
    },
}

/// Obligation without its pack: `mx-lgtaip-2015:70.I` → `70.I`.
pub(super) fn bare(id: &str) -> String {
    id.trim().replace("mx-lgtaip-2015:", "").replace("lgtaip2015.", "")
}

/// Reads the labels of a snapshot; `None` when it has none.
pub fn read(folder: &Path) -> Result<Option<Labels>, LabelsError> {
    let Some(path) = ["LABELS.tsv", "TRUTH.tsv"]
        .iter()
        .map(|n| folder.join(n))
        .find(|p| p.exists())
    else {
        return Ok(None);
    };
    let text = std::fs::read_to_string(&path).map_err(|source| LabelsError::Io {
        path: path.clone(),
        source,
    })?;
    parse(&text, &path).map(Some)
}

fn parse(text: &str, path: &Path) -> Result<Labels, LabelsError> {
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
    for line in lines {
        let fields: Vec<&str> = line.split('\t').collect();
        let field = |at: usize| fields.get(at).copied().unwrap_or_default();
        let id = field(obligation);
        if !is_general_law(id) {
            continue;
        }
        let id = bare(id);
        let judged = Judged {
            status: field(status).trim().to_owned(),
            evidence: evidence.map(field).unwrap_or_default().to_owned(),
            latest_period: latest_period.map(field).unwrap_or_default().trim().to_owned(),
            media: media.map(field).unwrap_or_default().trim().to_owned(),
        };
        if labels.rows.insert(id.clone(), judged).is_none() {
            labels.order.push(id);
        }
    }
    Ok(labels)
}

/// Rows of state or accounting law have ids of their own and are left out.
fn is_general_law(id: &str) -> bool {
    let rest = id
        .strip_prefix("mx-lgtaip-2015:")
        .or_else(|| id.strip_prefix("lgtaip2015."))
        .unwrap_or(id);
    rest.starts_with("70.") || rest.starts_with("71.")
}
