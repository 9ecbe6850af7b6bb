//! The row of a sheet that holds its headers, found by what it says: below titles, hidden rows and notes, wherever it starts.

use std::cell::OnceCell;

use crate::model::{ColumnRole, Sheet};
use crate::text::header::header;

use super::index::Index;

/// Rows from the top among which headers are looked for.
const ROWS: usize = 30;
/// Longest header, in bytes; longer cells are data.
const LONGEST: usize = 600;
/// Fewest known headers that make a row a header row.
const LEAST: usize = 2;

/// One header of a sheet.
pub(super) struct HeadCell {
    /// Column in the sheet's rows.
    pub(super) column: usize,
    /// Text, folded.
    pub(super) text: String,
    /// The formats' header that reads the same.
    pub(super) known: Option<usize>,
    /// Its role, when known.
    pub(super) role: Option<ColumnRole>,
    /// Whether the platform adds it to what subjects publish: the id of a record, its dates of creation and change.
    pub(super) added: bool,
    /// Its words, read only when it must be compared.
    words: OnceCell<(Vec<usize>, f64)>,
}

impl HeadCell {
    /// How alike it is to a header, 0–1.
    pub(super) fn likeness(&self, index: &Index, header: usize) -> f64 {
        index.likeness(self.words.get_or_init(|| index.words(&self.text)), header)
    }
}

/// The headers of a sheet.
pub(super) struct Head {
    /// Their row.
    pub(super) row: usize,
    pub(super) cells: Vec<HeadCell>,
    /// Whether the platform's own columns open it.
    pub(super) download: bool,
}

impl Head {
    /// Finds it; `None` when no row has headers that any format has.
    pub(super) fn find(index: &Index, sheet: &Sheet) -> Option<Self> {
        let mut best: Option<(usize, usize)> = None;
        for (n, row) in sheet.rows.iter().take(ROWS).enumerate() {
            let filled = row.iter().filter(|c| !c.is_empty()).count();
            if filled < 3 || best.is_some_and(|(_, most)| filled <= most) {
                continue;
            }
            let known = row.iter().filter(|c| may_be_header(c));
            let known = known.filter(|c| index.find(&header(c)).is_some()).count();
            if known >= LEAST && best.is_none_or(|(_, most)| known > most) {
                best = Some((n, known));
                if known >= 5 && known * 2 >= filled {
                    break;
                }
            }
        }
        best.map(|(row, _)| Self::read(index, sheet, row))
    }

    fn read(index: &Index, sheet: &Sheet, row: usize) -> Self {
        let near = [row.checked_sub(1), Some(row + 1)];
        let near: Vec<&Vec<String>> = near.into_iter().flatten().filter_map(|n| sheet.rows.get(n)).collect();
        let width = near.iter().map(|r| r.len()).chain([sheet.rows[row].len()]).max();
        let mut cells = Vec::new();
        for column in 0..width.unwrap_or(0) {
            let own = sheet.rows[row].get(column).map_or("", |t| t.trim());
            // Where headers span two rows, the other one has what is missing in this.
            let beside = || {
                near.iter()
                    .filter_map(|r| r.get(column))
                    .find(|t| may_be_header(t) && index.find(&header(t)).is_some())
            };
            let printed = if own.is_empty() {
                beside().map(String::as_str)
            } else {
                Some(own)
            };
            let Some(text) = printed.map(header).filter(|t| !t.is_empty()) else {
                continue;
            };
            let known = index.find(&text);
            cells.push(HeadCell {
                column,
                added: matches!(text.as_str(), "id" | "fecha creacion" | "fecha modificacion"),
                role: known.map(|k| index.headers[k].role),
                text,
                known,
                words: OnceCell::new(),
            });
        }
        let download = cells.iter().take(3).any(|c| c.text == "fecha creacion");
        if !download {
            for cell in &mut cells {
                cell.added = false;
            }
        }
        Self { row, cells, download }
    }

    /// Whether it has a column of this role.
    pub(super) fn has(&self, role: ColumnRole) -> bool {
        self.cells.iter().any(|c| c.role == Some(role))
    }

    /// How many of the fixed head and tail it has.
    pub(super) fn frame(&self) -> usize {
        [
            ColumnRole::FiscalYear,
            ColumnRole::PeriodStart,
            ColumnRole::PeriodEnd,
            ColumnRole::Area,
            ColumnRole::Validated,
            ColumnRole::Updated,
            ColumnRole::Note,
        ]
        .into_iter()
        .filter(|r| self.has(*r))
        .count()
    }
}

/// Cheap: whether a cell is worth folding.
fn may_be_header(cell: &str) -> bool {
    cell.len() <= LONGEST
        && cell
            .bytes()
            .find(|b| !b.is_ascii_whitespace())
            .is_some_and(|b| !b.is_ascii_digit())
}
