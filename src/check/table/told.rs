//! Problems as they are collected: in the order of the file, without endless lists.

use std::collections::BTreeMap;

use crate::check::cell;
use crate::model::{ProblemKind, TableProblem};

use super::view::Table;

/// Cells of one column told one by one of the same kind of problem; the rest are counted.
const MOST_CELLS: usize = 200;
/// Longest text of a cell that is shown, in characters.
const SHOWN: usize = 80;

/// What is said of a problem besides its place.
#[derive(Debug, Default)]
pub(super) struct Say {
    /// What is wrong.
    pub(super) message: String,
    /// What was seen.
    pub(super) actual: String,
    /// What was expected.
    pub(super) expected: String,
}

impl Say {
    /// With what was seen and what was expected.
    pub(super) fn new(message: impl Into<String>, actual: &str, expected: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            actual: shown(actual),
            expected: expected.into(),
        }
    }
}

/// Place in the file: sheet, row, column.
type Place = (usize, usize, usize);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Told {
    problems: Vec<(Place, TableProblem)>,
    counts: BTreeMap<(&'static str, usize, usize), usize>,
    rest: BTreeMap<(&'static str, usize, usize), (usize, TableProblem)>,
}

impl Told {
    /// A problem of one cell of the layout's column.
    pub(super) fn cell(&mut self, kind: &ProblemKind, table: &Table<'_>, (row, column): (usize, usize), say: Say) {
        let Some(at) = table.at[column] else { return };
        let problem = made(kind, table, cell::address(table.sheet, row, at), column, say);
        let key = (kind.code, table.sheet_index, at);
        let count = self.counts.entry(key).or_default();
        *count += 1;
        if *count > MOST_CELLS {
            let letters = cell::letters(table.sheet, at);
            let rest = self.rest.entry(key).or_insert((
                0,
                TableProblem {
                    cell: format!("{letters}:{letters}"),
                    actual: String::new(),
                    ..problem
                },
            ));
            rest.0 += 1;
        } else {
            self.problems.push(((table.sheet_index, row, at), problem));
        }
    }

    /// A problem of one column of the layout, placed at its first row concerned.
    pub(super) fn column(&mut self, kind: &ProblemKind, table: &Table<'_>, (row, column): (usize, usize), say: Say) {
        let Some(at) = table.at[column] else { return };
        let letters = cell::letters(table.sheet, at);
        let problem = made(kind, table, format!("{letters}:{letters}"), column, say);
        self.problems.push(((table.sheet_index, row, at), problem));
    }

    /// A problem of a whole row.
    pub(super) fn row(&mut self, kind: &ProblemKind, table: &Table<'_>, row: usize, say: Say) {
        let number = cell::number(table.sheet, row);
        self.at(kind, table, (row, 0), format!("{number}:{number}"), say);
    }

    /// A problem of a place that the caller names, with no column of the layout.
    pub(super) fn at(
        &mut self,
        kind: &ProblemKind,
        table: &Table<'_>,
        (row, at): (usize, usize),
        cell: String,
        say: Say,
    ) {
        let problem = TableProblem {
            code: kind.code.to_owned(),
            level: kind.level,
            sheet: table.sheet.name.clone(),
            cell,
            column: String::new(),
            message: say.message,
            actual: say.actual,
            expected: say.expected,
            remedy: kind.remedy.to_owned(),
        };
        self.problems.push(((table.sheet_index, row, at), problem));
    }

    /// All of them in the order of the file.
    pub(super) fn into_problems(mut self) -> Vec<TableProblem> {
        for ((_, sheet, at), (count, mut problem)) in self.rest {
            problem.message = format!(
                "Otras {count} celdas de la columna tienen el mismo problema: {}",
                problem.message
            );
            self.problems.push(((sheet, usize::MAX, at), problem));
        }
        self.problems.sort_by_key(|(place, _)| *place);
        self.problems.into_iter().map(|(_, p)| p).collect()
    }
}

fn made(kind: &ProblemKind, table: &Table<'_>, cell: String, column: usize, say: Say) -> TableProblem {
    TableProblem {
        code: kind.code.to_owned(),
        level: kind.level,
        sheet: table.sheet.name.clone(),
        cell,
        column: table.label(column).to_owned(),
        message: say.message,
        actual: say.actual,
        expected: say.expected,
        remedy: kind.remedy.to_owned(),
    }
}

/// Text of a cell as it is shown: one line, shortened. The one place through which cells leave, and so the one where
/// personal data is to be masked.
pub(super) fn shown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN {
        return line;
    }
    let mut out: String = line.chars().take(SHOWN - 1).collect();
    out.push('…');
    out
}

/// The first places of many: "G8, G9, G10, G11, G12 y 30 más".
pub(super) fn some_of(places: &[String]) -> String {
    const FEW: usize = 5;
    let first = places[..places.len().min(FEW)].join(", ");
    if places.len() > FEW {
        format!("{first} y {} más", places.len() - FEW)
    } else {
        first
    }
}
