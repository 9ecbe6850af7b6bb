//! Findings → bytes for people and machines. One file a format; templates, styles and words are in `reports/`.
//! It projects and adds no judgement: no I/O beyond the writer handed in, no clock, no rules.
//!
//! ```text
//! Findings + Context ─► json · csv · terminal · html
//! ```

mod csv;
mod html;
mod json;
pub mod lint;
mod order;
mod safe;
pub mod schema;
mod terminal;
mod view;
mod words;

use std::io;

use crate::model::Findings;

pub use words::Lang;

/// Text with words of strangers made harmless for a terminal, line by line.
#[must_use]
pub fn for_terminal(text: &str) -> String {
    text.lines().map(|l| safe::line(l) + "\n").collect()
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The writer refused.
    #[error("writing {format}: {source}")]
    Write {
        /// Format being written.
        format: &'static str,
        /// What the writer said.
        source: io::Error,
    },
    /// A value that JSON cannot hold.
    #[error("serialising findings as {format}: {source}")]
    Serialise {
        /// Format being written.
        format: &'static str,
        /// What the serialiser said.
        source: serde_json::Error,
    },
    /// A row that CSV cannot hold.
    #[error("writing csv: {0}")]
    Csv(#[from] ::csv::Error),
    /// A template or the words of a language are damaged.
    #[error("filling template {name}: {source}")]
    Template {
        /// Template.
        name: &'static str,
        /// What the engine said.
        source: minijinja::Error,
    },
    /// The words of a language do not parse.
    #[error("reading the words of language {lang}: {source}")]
    Words {
        /// Code of the language.
        lang: &'static str,
        /// What the parser said.
        source: serde_json::Error,
    },
}

/// How a report is to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Language of the labels; reasons and remedies are Spanish as evaluated.
    pub lang: Lang,
    /// Relative prefix from the report to the case file, e.g. `../`.
    pub evidence_base: String,
    /// Whether the terminal may be coloured; colour never carries meaning alone.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Default for Context {
    fn default() -> Self {
        Self {
            lang: Lang::Es,
            evidence_base: "../".to_owned(),
            color: false,
            width: 100,
        }
    }
}

/// One way to write findings.
pub trait Format: Sync {
    /// Name on the command line.
    fn name(&self) -> &'static str;
    /// Extension of its files, without dot.
    fn extension(&self) -> &'static str;
    /// Writes the whole report.
    fn write(&self, findings: &Findings, context: &Context, out: &mut dyn io::Write) -> Result<(), ReportError>;
}

/// All formats, in the order of help texts.
pub static FORMATS: &[&dyn Format] = &[&html::Html, &json::Json, &csv::Csv, &terminal::Terminal];

/// The format of that name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|f| f.name() == name)
}

#[cfg(test)]
mod tests;
