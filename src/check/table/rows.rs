//! Rows as wholes: none at all, blank ones, repeated ones, ones that only say that there is nothing.

use std::collections::BTreeMap;

use crate::check::cell::{self, is_nothing};
use crate::model::{ColumnKind, ColumnRole, problem};
use crate::text::fold;

use super::told::{Say, Told};
use super::view::View;

/// Fewest cells of its own that a row must have for its repetition to be no chance.
const CELLS_OF_DUPLICATE: usize = 4;
/// Rows and share of cells from which "ND" is all over.
const ROWS_OF_ND: usize = 3;
const SHARE_OF_ND: f64 = 0.6;

pub(super) fn check(view: &View<'_>, told: &mut Told) {
    if view.filled.is_empty() {
        nothing(view, told);
        return;
    }
    blank(view, told);
    duplicates(view, told);
    not_available(view, told);
}

/// No row with data: with a reason, or without.
fn nothing(view: &View<'_>, told: &mut Told) {
    let table = &view.main;
    let note = view.role(ColumnRole::Note);
    if let Some((address, text)) = view.reasoned_negative() {
        let say = Say::new(
            "No hay renglones con datos; una nota da el motivo.",
            &text,
            "Renglones con datos, o una nota con el motivo",
        );
        told.at(
            &problem::NO_ROWS_REASONED,
            table,
            (table.header_row + 1, 0),
            address,
            say,
        );
        return;
    }
    let number = cell::number(table.sheet, table.header_row + 1);
    let noted = note.and_then(|n| table.rows.iter().map(|&r| table.text(r, n)).find(|t| !t.is_empty()));
    let (message, actual) = match (noted, table.rows.len()) {
        (Some(text), _) => (
            "No hay renglones con datos, y la nota no dice por qué.",
            text.to_owned(),
        ),
        (None, 0) => ("La plantilla no tiene ningún renglón.", String::new()),
        (None, n) => (
            "Los renglones no tienen más que periodo, área o instrucciones de la plantilla, y no hay nota.",
            super::super::counted(n, "renglón sin datos", "renglones sin datos"),
        ),
    };
    let say = Say::new(message, &actual, "Renglones con datos, o una nota con el motivo");
    told.at(
        &problem::EMPTY_TEMPLATE,
        table,
        (table.header_row + 1, 0),
        format!("{number}:{number}"),
        say,
    );
}

/// Rows with period or area and nothing of their own, beside rows with data.
fn blank(view: &View<'_>, told: &mut Told) {
    for &row in &view.main.rows {
        if view.filled.binary_search(&row).is_err() && view.note_of(row).is_none() && !is_total(view, row) {
            let message = if view.said(row) == 0 {
                "El renglón no tiene datos propios."
            } else {
                "El renglón casi no tiene datos propios."
            };
            let say = Say::new(message, "", "Un registro completo");
            told.row(&problem::BLANK_ROW, &view.main, row, say);
        }
    }
}

/// A closing line of totals or signatures: one or two cells, without period.
fn is_total(view: &View<'_>, row: usize) -> bool {
    let frame = [ColumnRole::FiscalYear, ColumnRole::PeriodStart, ColumnRole::PeriodEnd];
    frame
        .iter()
        .all(|r| view.role(*r).is_none_or(|n| view.main.text(row, n).is_empty()))
}

/// Rows that repeat an earlier one in every cell.
fn duplicates(view: &View<'_>, told: &mut Told) {
    let table = &view.main;
    let mut seen: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    let columns: Vec<usize> = table.present().map(|(n, _)| n).collect();
    for &row in &view.filled {
        let cells: Vec<&str> = columns.iter().map(|&n| table.text(row, n)).collect();
        let own = columns
            .iter()
            .zip(&cells)
            .filter(|(n, t)| table.columns[**n].role == ColumnRole::Own && cell::is_substantive(t))
            .count();
        if own < CELLS_OF_DUPLICATE {
            continue;
        }
        if let Some(first) = seen.get(&cells) {
            let number = cell::number(table.sheet, *first);
            let say = Say::new(
                "El renglón repite otro, celda por celda.",
                &format!("igual al renglón {number}"),
                "Cada registro una vez",
            );
            told.row(&problem::DUPLICATE_ROW, table, row, say);
        } else {
            seen.insert(cells, row);
        }
    }
}

/// Tables whose rows are mostly "ND" and "N/A".
fn not_available(view: &View<'_>, told: &mut Told) {
    let table = &view.main;
    let own: Vec<usize> = table
        .present()
        .filter(|(_, c)| c.role == ColumnRole::Own && c.kind != ColumnKind::Child)
        .map(|(n, _)| n)
        .collect();
    let rows: Vec<usize> = table
        .rows
        .iter()
        .copied()
        .filter(|&r| view.note_of(r).is_none())
        .collect();
    let (mut said, mut nothing) = (0usize, 0usize);
    for &row in &rows {
        for &n in &own {
            let folded = fold(table.text(row, n));
            if !folded.is_empty() {
                said += 1;
                nothing += usize::from(folded != "0 00" && is_nothing(&folded));
            }
        }
    }
    if rows.len() >= ROWS_OF_ND && nothing as f64 >= SHARE_OF_ND * said as f64 && nothing > 0 {
        let say = Say::new(
            "La mayor parte de las celdas llenas dice que no hay dato.",
            &format!("{nothing} de {said} celdas"),
            "Datos, o celdas vacías y una nota con el motivo",
        );
        told.at(
            &problem::ONLY_NOT_AVAILABLE,
            table,
            (table.header_row, 0),
            String::new(),
            say,
        );
    }
}
