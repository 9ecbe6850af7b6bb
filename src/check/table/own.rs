//! The layout that an official upload template describes of itself: codes of types above the headers, catalogues in sheets
//! `Hidden_n`, child tables in sheets `Tabla_n`. It serves templates whose layout nobody has listed.

use std::borrow::Cow;

use crate::check::data::{HEADER_WITHIN, is_auxiliary};
use crate::model::{ChildTable, Column, ColumnKind, ColumnRole, Format, Sheet, Workbook};
use crate::text::fold;

use super::{Layout, Placement};

/// Rows from the codes of types to the headers, in the main sheet and in child tables.
const CODES_ABOVE: usize = 3;
const CODES_ABOVE_CHILD: usize = 2;
/// Fewest columns of a template, and share of its headers with a code.
const LEAST_COLUMNS: usize = 3;
const CODED: f64 = 0.6;

/// The layout of a template, by its own codes; `None` when the workbook is none.
#[must_use]
pub fn own_layout(workbook: &Workbook) -> Option<Layout<'static>> {
    let (sheet_index, header_row) = workbook
        .sheets
        .iter()
        .enumerate()
        .filter(|(_, s)| !is_auxiliary(s))
        .find_map(|(n, s)| Some((n, main_header(s)?)))?;
    let sheet = &workbook.sheets[sheet_index];
    let mut children = Vec::new();
    let mut child_sheets = Vec::new();
    for (n, sheet) in workbook.sheets.iter().enumerate() {
        if let Some(child) = child(workbook, sheet) {
            child_sheets.push((children.len(), n));
            children.push(child);
        }
    }
    let found = columns(workbook, sheet, header_row, CODES_ABOVE, &children);
    let extra = (0..sheet.rows[header_row].len())
        .filter(|c| !sheet.rows[header_row][*c].trim().is_empty() && found.iter().all(|(at, _)| at != c))
        .collect();
    let (at, columns): (Vec<Option<usize>>, Vec<Column>) = found.into_iter().map(|(at, c)| (Some(at), c)).unzip();
    let title = title(sheet, header_row);
    let format = Format {
        id: String::new(),
        edition: String::new(),
        short_name: title.clone(),
        title,
        obligations: Vec::new(),
        columns,
        children,
        whole: true,
        sources: Vec::new(),
        titles: Vec::new(),
        jurisdiction: String::new(),
    };
    let placement = Placement {
        sheet: sheet_index,
        header_row,
        columns: at,
        extra,
        missing: Vec::new(),
        child_sheets,
    };
    Some(Layout {
        format: Cow::Owned(format),
        at: placement,
        confidence: 0.0,
        official: false,
    })
}

/// Values of the catalogues that a template brings along, by the column of its sheet.
pub(super) fn catalogues(workbook: &Workbook, sheet: &Sheet, header_row: usize) -> Vec<(usize, Vec<String>)> {
    let above = if fold(&sheet.name).starts_with("tabla") {
        CODES_ABOVE_CHILD
    } else {
        CODES_ABOVE
    };
    columns(workbook, sheet, header_row, above, &[])
        .into_iter()
        .filter(|(_, c)| !c.catalogue.is_empty())
        .map(|(at, c)| (at, c.catalogue))
        .collect()
}

/// Row of the headers: those with most of their cells under a code of a type.
fn main_header(sheet: &Sheet) -> Option<usize> {
    (CODES_ABOVE..sheet.rows.len().min(HEADER_WITHIN)).find(|&row| {
        let headers = sheet.rows[row].iter().filter(|h| !h.trim().is_empty()).count();
        let coded = (0..sheet.rows[row].len())
            .filter(|&c| !sheet.rows[row][c].trim().is_empty() && kind(sheet, row - CODES_ABOVE, c).is_some())
            .count();
        let worded = sheet.rows[row]
            .iter()
            .any(|h| h.trim().chars().count() > 3 && !h.bytes().all(|b| b.is_ascii_digit()));
        worded && coded >= LEAST_COLUMNS && coded as f64 >= CODED * headers as f64
    })
}

fn title(sheet: &Sheet, header_row: usize) -> String {
    let above = header_row.checked_sub(4).and_then(|r| sheet.rows.get(r));
    above
        .and_then(|r| r.first())
        .map(|t| t.trim().to_owned())
        .unwrap_or_default()
}

/// Columns with a code, with where they stand.
fn columns(
    workbook: &Workbook,
    sheet: &Sheet,
    header_row: usize,
    codes_above: usize,
    children: &[ChildTable],
) -> Vec<(usize, Column)> {
    let mut catalogues = 0;
    let mut out = Vec::new();
    for (at, header) in sheet.rows[header_row].iter().enumerate() {
        let label = header.trim();
        let coded = header_row.checked_sub(codes_above).and_then(|r| kind(sheet, r, at));
        // The id of a child table has no code.
        let kind = match coded {
            Some(kind) => kind,
            None if codes_above == CODES_ABOVE_CHILD && fold(label) == "id" => ColumnKind::ShortText,
            None => continue,
        };
        if label.is_empty() {
            continue;
        }
        let catalogue = if kind == ColumnKind::Catalogue {
            catalogues += 1;
            catalogue(workbook, sheet, catalogues)
        } else {
            Vec::new()
        };
        let child = children
            .iter()
            .position(|c| kind == ColumnKind::Child && fold(label).ends_with(&fold(&c.name)));
        let column = Column {
            label: label.split_whitespace().collect::<Vec<_>>().join(" "),
            kind,
            role: role(label),
            catalogue,
            child,
            required: kind != ColumnKind::Note && kind != ColumnKind::Child && kind != ColumnKind::Separator,
        };
        out.push((at, column));
    }
    out
}

/// Values of the n-th catalogue of a sheet.
fn catalogue(workbook: &Workbook, sheet: &Sheet, n: usize) -> Vec<String> {
    let mut names = vec![format!("hidden {n}"), format!("hidden{n}")];
    if fold(&sheet.name).starts_with("tabla") {
        names = vec![format!("hidden {n} {}", fold(&sheet.name))];
    }
    workbook
        .sheets
        .iter()
        .find(|s| names.contains(&fold(&s.name)))
        .map(|s| {
            s.rows
                .iter()
                .filter_map(|r| r.first())
                .filter(|v| !v.is_empty())
                .cloned()
                .collect()
        })
        .unwrap_or_default()
}

fn child(workbook: &Workbook, sheet: &Sheet) -> Option<ChildTable> {
    let name = fold(&sheet.name);
    let number = name.strip_prefix("tabla ")?;
    if !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let header_row = sheet
        .rows
        .iter()
        .take(HEADER_WITHIN)
        .position(|r| r.first().is_some_and(|h| fold(h) == "id"))?;
    Some(ChildTable {
        name: sheet.name.clone(),
        columns: columns(workbook, sheet, header_row, CODES_ABOVE_CHILD, &[])
            .into_iter()
            .map(|(_, c)| Column { required: false, ..c })
            .collect(),
    })
}

fn kind(sheet: &Sheet, row: usize, column: usize) -> Option<ColumnKind> {
    Some(match sheet.rows.get(row)?.get(column)?.trim() {
        "1" => ColumnKind::ShortText,
        "2" => ColumnKind::LongText,
        "3" => ColumnKind::Number,
        "4" => ColumnKind::Date,
        "5" => ColumnKind::Time,
        "6" => ColumnKind::Money,
        "7" => ColumnKind::Hyperlink,
        "8" => ColumnKind::File,
        "9" => ColumnKind::Catalogue,
        "10" => ColumnKind::Child,
        "11" => ColumnKind::Separator,
        "12" => ColumnKind::Year,
        "13" => ColumnKind::UpdateDate,
        "14" => ColumnKind::Note,
        _ => return None,
    })
}

/// The role that a header tells.
fn role(label: &str) -> ColumnRole {
    let folded = fold(label);
    let begins = |words: &str| folded.starts_with(words);
    if folded == "ejercicio" {
        ColumnRole::FiscalYear
    } else if begins("fecha de termino") && folded.contains("periodo que se informa") {
        ColumnRole::PeriodEnd
    } else if begins("fecha de") && folded.contains("periodo que se informa") {
        // Some templates misspell "inicio".
        ColumnRole::PeriodStart
    } else if begins("area s responsable s que genera") {
        ColumnRole::Area
    } else if begins("fecha de validacion") {
        ColumnRole::Validated
    } else if begins("fecha de actualizacion") {
        ColumnRole::Updated
    } else if folded == "nota" {
        ColumnRole::Note
    } else {
        ColumnRole::Own
    }
}
