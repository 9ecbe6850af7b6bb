//! A workbook seen through a layout: which rows there are, which hold data, where its child tables are.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::cell::{self, is_substantive};
use crate::check::data::{CELLS_OF_ROW, HEADER_WITHIN};
use crate::model::{Column, ColumnKind, ColumnRole, Format, Sheet, Workbook};
use crate::text::fold;

use super::place::plain;
use super::value::number;
use super::{Asked, Placement};

/// Columns of its own from which a layout asks for more than one cell to call a row a record.
const WIDE: usize = 5;
/// Words that a note must have to account for blanks.
const WORDS_OF_NOTE: usize = 3;
/// Words that a note must have to give a reason.
const WORDS_OF_REASON: usize = 5;

/// A table of a sheet whose columns are known.
#[derive(Debug)]
pub(super) struct Table<'a> {
    /// Its sheet.
    pub(super) sheet: &'a Sheet,
    /// Number of its sheet in the workbook.
    pub(super) sheet_index: usize,
    /// Row of its headers.
    pub(super) header_row: usize,
    /// Columns of the layout.
    pub(super) columns: &'a [Column],
    /// Column of the sheet for each of them.
    pub(super) at: Vec<Option<usize>>,
    /// Rows below the headers with something in a known column.
    pub(super) rows: Vec<usize>,
}

impl<'a> Table<'a> {
    fn new(
        (sheet_index, sheet): (usize, &'a Sheet),
        header_row: usize,
        columns: &'a [Column],
        mut at: Vec<Option<usize>>,
    ) -> Self {
        at.resize(columns.len(), None);
        let rows = (header_row + 1..sheet.rows.len())
            .filter(|&r| {
                at.iter()
                    .flatten()
                    .any(|&c| sheet.rows[r].get(c).is_some_and(|t| !t.trim().is_empty()))
            })
            .collect();
        Self {
            sheet,
            sheet_index,
            header_row,
            columns,
            at,
            rows,
        }
    }

    /// Text of a row in a column of the layout, trimmed; empty where there is none.
    pub(super) fn text(&self, row: usize, column: usize) -> &'a str {
        self.at[column]
            .and_then(|c| self.sheet.rows.get(row)?.get(c))
            .map_or("", |t| t.trim())
    }

    /// Header of a column of the layout.
    pub(super) fn label(&self, column: usize) -> &'a str {
        &self.columns[column].label
    }

    /// Columns of the layout that the sheet has.
    pub(super) fn present(&self) -> impl Iterator<Item = (usize, &'a Column)> {
        self.columns.iter().enumerate().filter(|(n, _)| self.at[*n].is_some())
    }

    /// Address of a cell.
    pub(super) fn address(&self, row: usize, column: usize) -> String {
        self.at[column].map_or_else(String::new, |c| cell::address(self.sheet, row, c))
    }

    /// The web address that a cell carries besides its text.
    pub(super) fn carried(&self, row: usize, column: usize) -> Option<&'a str> {
        let at = self.at[column]?;
        let links = &self.sheet.hyperlinks;
        // They are in reading order.
        let found = links.binary_search_by(|(r, c, _)| (*r as usize, *c as usize).cmp(&(row, at)));
        found
            .ok()
            .map(|n| links[n].2.as_str())
            .filter(|u| u.starts_with("http://") || u.starts_with("https://"))
    }
}

/// A child table and the ids in it.
#[derive(Debug)]
pub(super) struct Child<'a> {
    /// The table.
    pub(super) table: Table<'a>,
    /// Rows by their id.
    pub(super) ids: BTreeMap<&'a str, Vec<usize>>,
    /// Ids of rows with data.
    pub(super) with_data: BTreeSet<&'a str>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct View<'a> {
    /// The workbook.
    pub(super) workbook: &'a Workbook,
    /// The layout.
    pub(super) format: &'a Format,
    /// Where it is.
    pub(super) placement: &'a Placement,
    /// What was asked.
    pub(super) asked: &'a Asked<'a>,
    /// The main table.
    pub(super) main: Table<'a>,
    /// Child tables by their number in the layout, those that have a sheet.
    pub(super) children: BTreeMap<usize, Child<'a>>,
    /// Rows of the main table with data of their own.
    pub(super) filled: Vec<usize>,
}

impl<'a> View<'a> {
    /// `None` when the placement names a sheet or row that is not there.
    pub(super) fn of(
        workbook: &'a Workbook,
        format: &'a Format,
        placement: &'a Placement,
        asked: &'a Asked<'a>,
    ) -> Option<Self> {
        let sheet = workbook.sheets.get(placement.sheet)?;
        sheet.rows.get(placement.header_row)?;
        let main = Table::new(
            (placement.sheet, sheet),
            placement.header_row,
            &format.columns,
            placement.columns.clone(),
        );
        let children = placement
            .child_sheets
            .iter()
            .filter_map(|&(n, at)| {
                let child = child(format.children.get(n)?.columns.as_slice(), at, workbook.sheets.get(at)?)?;
                Some((n, child))
            })
            .collect();
        let mut view = Self {
            workbook,
            format,
            placement,
            asked,
            main,
            children,
            filled: Vec::new(),
        };
        view.filled = view.main.rows.iter().copied().filter(|&r| view.has_data(r)).collect();
        Some(view)
    }

    /// The column with a role.
    pub(super) fn role(&self, role: ColumnRole) -> Option<usize> {
        self.main.present().find(|(_, c)| c.role == role).map(|(n, _)| n)
    }

    /// Whether a row says enough of its own to be a record.
    fn has_data(&self, row: usize) -> bool {
        let needed = if self.own().count() >= WIDE { CELLS_OF_ROW } else { 1 };
        self.said(row) >= needed
    }

    /// Columns of what the layout is about.
    fn own(&self) -> impl Iterator<Item = usize> {
        self.main
            .present()
            .filter(|(_, c)| c.role == ColumnRole::Own && c.kind != ColumnKind::Separator)
            .map(|(n, _)| n)
    }

    /// Cells of a row that say something of its own; an id that leads to data says as much as a whole record.
    pub(super) fn said(&self, row: usize) -> usize {
        let says = |column: usize| {
            let text = self.main.text(row, column);
            if text.is_empty() {
                return 0;
            }
            match self.main.columns[column].kind {
                ColumnKind::Child if self.leads_to_data(column, text) => CELLS_OF_ROW,
                ColumnKind::Child => 0,
                ColumnKind::Number | ColumnKind::Money => {
                    usize::from(number(text).is_some_amount() || is_substantive(text) && !is_zero(text))
                }
                _ => usize::from(is_substantive(text)),
            }
        };
        self.own().map(says).sum()
    }

    fn leads_to_data(&self, column: usize, text: &str) -> bool {
        self.main.columns[column]
            .child
            .and_then(|n| self.children.get(&n))
            .is_some_and(|child| ids(text).any(|id| child.with_data.contains(id)))
    }

    /// The note of a row, when it says something.
    pub(super) fn note_of(&self, row: usize) -> Option<&'a str> {
        let text = self.main.text(row, self.role(ColumnRole::Note)?);
        (fold(text).split(' ').count() >= WORDS_OF_NOTE).then_some(text)
    }

    /// The first note.
    pub(super) fn note(&self) -> Option<(String, String)> {
        let column = self.role(ColumnRole::Note)?;
        let row = self.main.rows.iter().copied().find(|&r| self.note_of(r).is_some())?;
        Some((self.main.address(row, column), self.main.text(row, column).to_owned()))
    }

    /// The first text that says with reason that there is nothing to publish: a note first, then any other cell.
    pub(super) fn reasoned_negative(&self) -> Option<(String, String)> {
        let note = self.role(ColumnRole::Note);
        let in_note = |text: &str| self.is_reason(text);
        let elsewhere = |text: &str| self.asked.phrases.is_reasoned_negative(text);
        let found = |column: usize, tells: &dyn Fn(&str) -> bool| {
            let row = self
                .main
                .rows
                .iter()
                .copied()
                .find(|&r| tells(self.main.text(r, column)))?;
            Some((self.main.address(row, column), self.main.text(row, column).to_owned()))
        };
        note.and_then(|n| found(n, &in_note)).or_else(|| {
            self.main
                .present()
                .filter(|(n, _)| Some(*n) != note)
                .find_map(|(n, _)| found(n, &elsewhere))
        })
    }

    /// Whether a note gives a reason: a negative of the lexicon, or a sentence that denies something and promises nothing.
    fn is_reason(&self, text: &str) -> bool {
        if self.asked.phrases.is_placeholder(text) && !self.asked.phrases.is_reasoned_negative(text) {
            return false;
        }
        let folded = fold(text);
        let words: Vec<&str> = folded.split(' ').collect();
        let denies = |w: &&str| {
            matches!(
                *w,
                "no" | "sin" | "ningun" | "ninguna" | "ninguno" | "tampoco" | "inexistente"
            )
        };
        self.asked.phrases.is_reasoned_negative(text) || words.len() >= WORDS_OF_REASON && words.iter().any(denies)
    }
}

/// Ids that a cell names: "12", or several separated by commas, semicolons or spaces.
pub(super) fn ids(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', ' ', '\n'])
        .map(str::trim)
        .filter(|t| !t.is_empty())
}

fn is_zero(text: &str) -> bool {
    fold(text).split(' ').all(|w| w.bytes().all(|b| b == b'0'))
}

/// The child table of a sheet: its headers begin with "ID".
fn child<'a>(columns: &'a [Column], sheet_index: usize, sheet: &'a Sheet) -> Option<Child<'a>> {
    let header_row = sheet.rows.iter().take(HEADER_WITHIN).position(|row| {
        row.iter()
            .find(|c| !c.trim().is_empty())
            .is_some_and(|c| fold(c) == "id")
    })?;
    let headers: Vec<String> = sheet.rows[header_row].iter().map(|h| plain(h)).collect();
    let at = columns
        .iter()
        .map(|c| {
            let label = plain(&c.label);
            headers.iter().position(|h| *h == label)
        })
        .collect();
    let id_at = headers.iter().position(|h| h == "id")?;
    let table = Table::new((sheet_index, sheet), header_row, columns, at);
    let mut ids: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut with_data = BTreeSet::new();
    for (row, cells) in sheet.rows.iter().enumerate().skip(header_row + 1) {
        let Some(id) = cells.get(id_at).map(|t| t.trim()).filter(|t| !t.is_empty()) else {
            continue;
        };
        ids.entry(id).or_default().push(row);
        let said = cells
            .iter()
            .enumerate()
            .any(|(c, t)| c != id_at && (is_substantive(t) || number(t).is_some_amount()));
        if said {
            with_data.insert(id);
        }
    }
    Some(Child { table, ids, with_data })
}
