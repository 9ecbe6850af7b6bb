//! Cells that a record needs and has not; how many of them are filled.

use crate::check::cell;
use crate::model::{ColumnKind, ColumnRole, problem};
use crate::text::fold;

use super::told::{Say, Told, some_of};
use super::view::View;

/// Share of the rows that a column and its alternatives fill together.
const NEARLY_ALL: f64 = 0.9;

/// Columns that need a value, and which of them each row with data fills.
struct Need {
    columns: Vec<usize>,
    /// By column: a bit a row with data.
    filled: Vec<Vec<bool>>,
    /// Rows with data whose note accounts for blanks.
    explained: Vec<bool>,
    /// By column: those that are filled instead of it.
    instead: Vec<Vec<usize>>,
}

impl Need {
    fn of(view: &View<'_>) -> Self {
        let table = &view.main;
        let people = has_people_and_firms(view);
        let kinds: Vec<(usize, ColumnKind)> = table
            .present()
            .filter(|(_, c)| c.required && c.kind != ColumnKind::Separator && c.role != ColumnRole::Note)
            .filter(|(_, c)| !(c.role == ColumnRole::Own && is_conditional(&c.label, people)))
            .map(|(n, c)| (n, c.kind))
            .collect();
        let filled: Vec<Vec<bool>> = kinds
            .iter()
            .map(|&(n, _)| view.filled.iter().map(|&r| !table.text(r, n).is_empty()).collect())
            .collect();
        let explained = view.filled.iter().map(|&r| view.note_of(r).is_some()).collect();
        let instead = Self::alternatives(&kinds, &filled);
        Self {
            columns: kinds.into_iter().map(|(n, _)| n).collect(),
            filled,
            explained,
            instead,
        }
    }

    /// Whether the blank of row `r` (of those with data) in column `c` is no fault: the row's note accounts for it, or another
    /// column that is never filled together with this one is filled.
    fn is_accounted_for(&self, c: usize, r: usize, role: ColumnRole) -> bool {
        role == ColumnRole::Own && (self.explained[r] || self.instead[c].iter().any(|&other| self.filled[other][r]))
    }

    /// For each column those of the same kind that are filled in some rows, never in one where it is, and that together with it
    /// are filled in nearly all: chapter, concept or item of expenditure.
    fn alternatives(columns: &[(usize, ColumnKind)], filled: &[Vec<bool>]) -> Vec<Vec<usize>> {
        let rows = filled.first().map_or(0, Vec::len);
        let apart = |a: &[bool], b: &[bool]| a.iter().zip(b).all(|(a, b)| !(*a && *b));
        let of = |c: usize| -> Vec<usize> {
            let found: Vec<usize> = (0..columns.len())
                .filter(|&o| {
                    o != c
                        && columns[o].1 == columns[c].1
                        && filled[o].contains(&true)
                        && filled[c].contains(&true)
                        && apart(&filled[o], &filled[c])
                })
                .collect();
            let met = (0..rows)
                .filter(|&r| filled[c][r] || found.iter().any(|&o| filled[o][r]))
                .count();
            if met as f64 >= NEARLY_ALL * rows as f64 {
                found
            } else {
                Vec::new()
            }
        };
        (0..columns.len()).map(of).collect()
    }
}

pub(super) fn check(view: &View<'_>, told: &mut Told) {
    let need = Need::of(view);
    let table = &view.main;
    let fragments = fragments(view, told);
    for (c, &column) in need.columns.iter().enumerate() {
        let role = table.columns[column].role;
        let blank: Vec<usize> = (0..view.filled.len())
            .filter(|&r| !need.filled[c][r] && !need.is_accounted_for(c, r, role))
            .map(|r| view.filled[r])
            .filter(|r| fragments.binary_search(r).is_err())
            .collect();
        let Some(&first) = blank.first() else { continue };
        let kind = if role == ColumnRole::Own || role == ColumnRole::Validated {
            problem::REQUIRED_CELL_EMPTY
        } else {
            problem::FRAME_CELL_EMPTY
        };
        let places: Vec<String> = blank.iter().map(|&r| table.address(r, column)).collect();
        let message = if blank.len() + fragments.len() == view.filled.len() && blank.len() > 1 {
            format!("La columna está vacía en los {} renglones completos.", blank.len())
        } else {
            format!("Celdas vacías: {} ({}).", blank.len(), some_of(&places))
        };
        told.column(
            &kind,
            table,
            (first, column),
            Say::new(message, "", "Un valor en cada renglón"),
        );
    }
}

/// Rows with data and without year and period, beside complete ones: told once a row, not once a column.
fn fragments(view: &View<'_>, told: &mut Told) -> Vec<usize> {
    let roles = [ColumnRole::FiscalYear, ColumnRole::PeriodStart, ColumnRole::PeriodEnd];
    let columns: Vec<usize> = roles.iter().filter_map(|r| view.role(*r)).collect();
    if columns.is_empty() {
        return Vec::new();
    }
    let lacks = |r: &usize| columns.iter().all(|&n| view.main.text(*r, n).is_empty());
    let found: Vec<usize> = view.filled.iter().copied().filter(lacks).collect();
    if found.len() == view.filled.len() {
        return Vec::new();
    }
    for &row in &found {
        let say = Say::new(
            "El renglón no dice de qué ejercicio ni de qué periodo es.",
            "",
            "Un registro completo",
        );
        told.row(&problem::INCOMPLETE_ROW, &view.main, row, say);
    }
    found
}

/// See [`super::Examined::required_share`].
pub(super) fn share(view: &View<'_>) -> f64 {
    let need = Need::of(view);
    let rows = view.filled.len();
    let absent = view
        .placement
        .missing
        .iter()
        .filter(|&&n| view.format.columns.get(n).is_some_and(|c| c.required))
        .count();
    let all = rows * (need.columns.len() + absent);
    if all == 0 {
        return 0.0;
    }
    let met = need
        .columns
        .iter()
        .enumerate()
        .map(|(c, &column)| {
            let role = view.main.columns[column].role;
            (0..rows)
                .filter(|&r| need.filled[c][r] || need.is_accounted_for(c, r, role))
                .count()
        })
        .sum::<usize>();
    met as f64 / all as f64
}

/// See [`super::Examined::area_filled`].
pub(super) fn area_share(view: &View<'_>) -> f64 {
    let Some(column) = view.role(ColumnRole::Area) else {
        return 0.0;
    };
    let named = |r: &&usize| cell::is_substantive(view.main.text(**r, column));
    view.main.rows.iter().filter(named).count() as f64 / view.main.rows.len().max(1) as f64
}

/// What the header itself makes conditional, and what people rightly have not: a second surname.
fn is_conditional(label: &str, people_and_firms: bool) -> bool {
    let folded = fold(label);
    let firm = folded.contains("razon social");
    let person = folded.starts_with("nombre") || folded.contains("apellido");
    folded.contains("en su caso")
        || folded.contains("si la empresa es")
        || folded.contains("segundo apellido")
        || folded.contains("numero interior")
        || folded.contains("domicilio en el extranjero")
        || people_and_firms && (firm || person)
}

/// Whether a record may name a person or a firm, so that one of both stays blank.
fn has_people_and_firms(view: &View<'_>) -> bool {
    let has = |word: &str| view.format.columns.iter().any(|c| fold(&c.label).contains(word));
    has("apellido") && has("razon social")
}
