//! Checked files → bytes for people and machines. One file a format, one table of them.
//!
//! ```text
//! FileLints + Context ─► text · json · sarif · junit
//! ```

mod json;
mod junit;
mod sarif;
mod text;

use std::collections::BTreeMap;
use std::io::Write;

use super::{Lang, ReportError};
use crate::model::{FileLint, Level, TableProblem};

/// How a report of checked files is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// Language of the frame; messages and remedies are Spanish.
    pub lang: Lang,
    /// Least level that makes a file fail.
    pub fail_on: Level,
}

/// One way to write checked files.
pub trait Format: Sync {
    /// Name on the command line.
    fn name(&self) -> &'static str;
    /// Writes the whole report.
    fn write(&self, files: &[FileLint], context: &Context, out: &mut dyn Write) -> Result<(), ReportError>;
}

/// All formats, in the order of help texts.
pub static FORMATS: &[&dyn Format] = &[&text::Text, &json::Json, &sarif::Sarif, &junit::JUnit];

/// The format of that name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|f| f.name() == name)
}

/// Whether a file has something at the level or above; a file that could not be read always has.
#[must_use]
pub fn fails(file: &FileLint, fail_on: Level) -> bool {
    file.unreadable.is_some() || file.problems.iter().any(|p| p.level <= fail_on)
}

/// Problems of one kind in one column that are told together.
struct Group<'a> {
    /// The first of them.
    first: &'a TableProblem,
    /// All of them.
    all: Vec<&'a TableProblem>,
}

/// Problems of a file by sheet, kind and column, in the order in which each is first met.
fn groups(file: &FileLint) -> Vec<Group<'_>> {
    let mut places: BTreeMap<(&str, &str, &str, &str), usize> = BTreeMap::new();
    let mut out: Vec<Group<'_>> = Vec::new();
    for problem in &file.problems {
        let key = (
            problem.sheet.as_str(),
            problem.code.as_str(),
            problem.column.as_str(),
            problem.message.as_str(),
        );
        if let Some(&at) = places.get(&key) {
            out[at].all.push(problem);
        } else {
            places.insert(key, out.len());
            out.push(Group {
                first: problem,
                all: vec![problem],
            });
        }
    }
    out
}

/// How many problems there are of each level: errors, warnings, notes; an unreadable file is an error.
fn counts(files: &[FileLint]) -> [usize; 3] {
    let of = |level: Level| {
        files
            .iter()
            .flat_map(|f| &f.problems)
            .filter(|p| p.level == level)
            .count()
    };
    let unreadable = files.iter().filter(|f| f.unreadable.is_some()).count();
    [of(Level::Error) + unreadable, of(Level::Warning), of(Level::Note)]
}

#[cfg(test)]
mod tests;
