//! Personal data in cells and in the addresses that they carry: all sheets, whatever the layout says of them. A column whose
//! official header asks for an RFC may hold RFCs; nothing else is excused.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use crate::check::cell;
use crate::check::data::HEADER_WITHIN;
use crate::model::{ColumnKind, Format, ProblemKind, Sheet, TableProblem, Workbook, problem};
use crate::text::personal::{self, Found, Kind, asks_for_rfc, find_under, may_hold};

use super::Placement;
use super::told::{Say, Told, some_of};
use super::view::{View, child};

/// Longest cell that is taken for words that head a column, in bytes.
const LONGEST_HEADING: usize = 160;

/// Personal data in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellHit {
    /// Number of the sheet.
    pub sheet: usize,
    /// Row in the sheet's rows.
    pub row: usize,
    /// Column in them.
    pub column: usize,
    /// The cell as its spreadsheet names it.
    pub cell: String,
    /// Header of the column; empty when it has none that is known.
    pub header: String,
    /// Text that it stands in: the cell's, or the address that it carries.
    pub text: String,
    /// What and where in that text.
    pub found: Found,
    /// Whether the official layout asks for it there.
    pub asked_for: bool,
}

/// Personal data of a workbook in reading order; the layout, when it has one, tells what its columns are.
#[must_use]
pub fn personal_data(workbook: &Workbook, layout: Option<(&Format, &Placement)>) -> Vec<CellHit> {
    let columns = layout.map_or_else(Columns::default, |(format, at)| Columns::of(workbook, format, at));
    let mut out = Vec::new();
    for (n, sheet) in workbook.sheets.iter().enumerate() {
        of_sheet((n, sheet), &columns, &mut out);
    }
    out
}

pub(super) fn check(view: &View<'_>, told: &mut Told) {
    tell(view.workbook, Some((view.format, view.placement)), told);
}

/// Problems of a workbook of which no layout is known.
pub(super) fn problems(workbook: &Workbook) -> Vec<TableProblem> {
    let mut told = Told::default();
    tell(workbook, None, &mut told);
    told.into_problems()
}

fn tell(workbook: &Workbook, layout: Option<(&Format, &Placement)>, told: &mut Told) {
    let mut groups: BTreeMap<(usize, usize, Kind), Vec<CellHit>> = BTreeMap::new();
    for hit in personal_data(workbook, layout).into_iter().filter(|h| !h.asked_for) {
        groups
            .entry((hit.sheet, hit.column, hit.found.kind))
            .or_default()
            .push(hit);
    }
    for ((sheet, column, kind), hits) in groups {
        let mut places: Vec<String> = hits.iter().map(|h| h.cell.clone()).collect();
        places.dedup();
        let first = &hits[0];
        let letters = cell::letters(&workbook.sheets[sheet], column);
        let (at, message) = if places.len() == 1 {
            (
                first.cell.clone(),
                format!("La celda contiene {}.", named(kind, hits.len())),
            )
        } else {
            let message = format!(
                "{} celdas de la columna contienen {}: {}.",
                places.len(),
                named(kind, hits.len()),
                some_of(&places)
            );
            (format!("{letters}:{letters}"), message)
        };
        let say = Say::new(message, &first.found.masked, "La celda sin ese dato");
        let place = (sheet, workbook.sheets[sheet].name.as_str());
        told.place(&problem_of(kind), place, (first.row, column), (at, &first.header), say);
    }
}

/// An account may be the body's own; all else is a person's.
fn problem_of(kind: Kind) -> ProblemKind {
    match kind {
        Kind::Clabe => problem::BANK_ACCOUNT,
        _ => problem::PERSONAL_DATA,
    }
}

/// "una CURP", "12 claves de elector".
fn named(kind: Kind, count: usize) -> String {
    if count == 1 {
        let article = match kind {
            Kind::Curp | Kind::VoterKey | Kind::Clabe => "una",
            Kind::Rfc | Kind::Nss | Kind::Card => "un",
        };
        format!("{article} {}", kind.spanish())
    } else {
        format!("{count} {}", kind.plural())
    }
}

/// Headers of a layout's columns where they stand.
#[derive(Default)]
struct Columns(BTreeMap<(usize, usize), String>);

impl Columns {
    fn of(workbook: &Workbook, format: &Format, at: &Placement) -> Self {
        let mut out = BTreeMap::new();
        for (column, place) in format.columns.iter().zip(&at.columns) {
            if let Some(place) = place
                && column.kind != ColumnKind::Separator
            {
                out.insert((at.sheet, *place), column.label.clone());
            }
        }
        for &(n, sheet_index) in &at.child_sheets {
            let Some((own, sheet)) = format.children.get(n).zip(workbook.sheets.get(sheet_index)) else {
                continue;
            };
            let Some(child) = child(&own.columns, sheet_index, sheet) else {
                continue;
            };
            for (column, place) in own.columns.iter().zip(&child.table.at) {
                if let Some(place) = place {
                    out.insert((sheet_index, *place), column.label.clone());
                }
            }
        }
        Self(out)
    }
}

fn of_sheet((n, sheet): (usize, &Sheet), columns: &Columns, out: &mut Vec<CellHit>) {
    let mut links = sheet.hyperlinks.iter().peekable();
    for (row, cells) in sheet.rows.iter().enumerate() {
        for (column, text) in cells.iter().enumerate() {
            if may_hold(text) {
                of_text((n, sheet), (row, column), text, columns, out);
            }
        }
        while let Some((_, column, to)) = links.next_if(|(r, ..)| *r as usize <= row) {
            let column = *column as usize;
            // Most cells show the address that they carry.
            if may_hold(to) && cells.get(column).is_none_or(|text| text != to) {
                let address = percent_decode_str(to).decode_utf8_lossy();
                of_text((n, sheet), (row, column), &address, columns, out);
            }
        }
    }
}

fn of_text(
    (n, sheet): (usize, &Sheet),
    (row, column): (usize, usize),
    text: &str,
    columns: &Columns,
    out: &mut Vec<CellHit>,
) {
    let official = columns.0.get(&(n, column));
    let words = official.map_or_else(|| heading(sheet, row, column), Clone::clone);
    for found in find_under(&words, text) {
        out.push(CellHit {
            sheet: n,
            row,
            column,
            cell: cell::address(sheet, row, column),
            header: official.cloned().unwrap_or_default(),
            text: text.to_owned(),
            asked_for: found.kind == Kind::Rfc && official.is_some_and(|header| asks_for_rfc(header)),
            found,
        });
    }
}

/// Words that may head a column whose header nobody told: those of its first rows, above the cell.
fn heading(sheet: &Sheet, row: usize, column: usize) -> String {
    let above = sheet.rows[..row.min(HEADER_WITHIN)]
        .iter()
        .filter_map(|cells| cells.get(column));
    above
        .filter(|t| t.len() <= LONGEST_HEADING && !t.bytes().any(|b| b.is_ascii_digit()))
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The text of a hit with all that is personal in it masked, at most so many characters.
#[must_use]
pub fn shown_masked(hit: &CellHit, most: usize) -> String {
    personal::shortened_under(&hit.header, &hit.text, most)
}
