//! What checking one table file against its official layout says: what `veedor lint` reports, one value a file.

use serde::{Deserialize, Serialize};

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Breaks the layout or leaves the obligation unmet.
    Error,
    /// Probably wrong, or hinders reuse.
    Warning,
    /// Good to know.
    Note,
}

/// One problem, with its place and remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableProblem {
    /// Stable kebab-case code of the kind of problem, e.g. `not-a-url`, `empty-template`.
    pub code: String,
    /// How much it matters.
    pub level: Level,
    /// Sheet; empty when the problem is the file's.
    pub sheet: String,
    /// Cell as `G12`, row as `12:12`, column as `G:G`; empty when the problem is the sheet's.
    pub cell: String,
    /// Header of the column; empty when none.
    pub column: String,
    /// What is wrong, in Spanish, one sentence.
    pub message: String,
    /// What was seen, shortened, personal data masked.
    pub actual: String,
    /// What was expected, in Spanish.
    pub expected: String,
    /// How to mend it, in Spanish.
    pub remedy: String,
}

/// What one file came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FileLint {
    /// As named by the user.
    pub path: String,
    /// Id of the layout recognised, or named with `--as`; `None` when none fits.
    pub format: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Obligations that it serves, `pack:id`.
    pub obligations: Vec<String>,
    /// How sure the recognition is, 0–1.
    pub confidence: f64,
    /// Rows with data.
    pub rows: usize,
    /// Problems, in the order of the file.
    pub problems: Vec<TableProblem>,
    /// Why the file could not be read, in Spanish; `None` when it was.
    pub unreadable: Option<String>,
}
