//! Cells in any order → rows of text, whatever addresses they claim.

use std::ops::ControlFlow;

use crate::extract::Limits;
use crate::model::Sheet;

/// Characters of a cell: what Excel itself can hold.
const MOST_CHARS: usize = 32_767;
/// Bytes of text of a workbook.
const MOST_TEXT: usize = 32 << 20;
/// Cells looked at for each that may be kept: templates format thousands that hold nothing.
const LOOKS: usize = 8;

/// What a workbook may still take.
#[derive(Debug)]
pub(super) struct Budget<'a> {
    limits: &'a Limits,
    looks: usize,
    cells: usize,
    text: usize,
}

impl<'a> Budget<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            looks: limits.cells.saturating_mul(LOOKS),
            cells: limits.cells,
            text: MOST_TEXT,
        }
    }
}

/// Cells of one sheet as they come.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// Row, column, text; never empty text.
    cells: Vec<(u32, u32, String)>,
    /// Addresses that cells carry, by absolute row and column.
    pub(super) hyperlinks: Vec<(u32, u32, String)>,
    /// Absolute first row and column, last row and column.
    pub(super) merged: Vec<(u32, u32, u32, u32)>,
    /// Whether something was left out.
    pub(super) cut: bool,
}

impl Grid {
    /// Takes a cell; [`ControlFlow::Break`] when there is no point in bringing more.
    pub(super) fn put(&mut self, budget: &mut Budget<'_>, row: u32, column: u32, text: &str) -> ControlFlow<()> {
        if budget.looks == 0 {
            self.cut = true;
            return ControlFlow::Break(());
        }
        budget.looks -= 1;
        let text = text.trim();
        if text.is_empty() {
            return ControlFlow::Continue(());
        }
        let first = self.cells.first().map_or(row, |c| c.0);
        let columns = u32::try_from(budget.limits.columns).unwrap_or(u32::MAX);
        let rows = u32::try_from(budget.limits.rows).unwrap_or(u32::MAX);
        if row.saturating_sub(first) >= rows {
            self.cut = true;
            return ControlFlow::Break(());
        }
        if column >= columns {
            self.cut = true;
            return ControlFlow::Continue(());
        }
        let text: String = text.chars().take(MOST_CHARS).collect();
        // Cells between two are kept as empty text, and paid for.
        let cost = match self.cells.last() {
            Some((last, before, _)) if *last == row => column.abs_diff(*before).max(1),
            _ => column + 1,
        } as usize;
        if cost > budget.cells || text.len() > budget.text {
            self.cut = true;
            return ControlFlow::Break(());
        }
        budget.cells -= cost;
        budget.text -= text.len();
        self.cells.push((row, column, text));
        ControlFlow::Continue(())
    }

    /// The sheet, its first row and column being the first that hold anything.
    pub(super) fn finish(mut self, name: &str, hidden: bool) -> Sheet {
        self.cells.sort_by_key(|(row, column, _)| (*row, *column));
        let origin = (
            self.cells.first().map_or(0, |c| c.0),
            self.cells.iter().map(|c| c.1).min().unwrap_or(0),
        );
        let mut sheet = Sheet {
            name: name.to_owned(),
            hidden,
            origin,
            truncated: self.cut,
            ..Sheet::default()
        };
        for (row, column, text) in self.cells {
            let (row, column) = ((row - origin.0) as usize, (column - origin.1) as usize);
            if sheet.rows.len() <= row {
                sheet.rows.resize_with(row + 1, Vec::new);
            }
            let cells = &mut sheet.rows[row];
            cells.resize_with(cells.len().max(column + 1), String::new);
            cells[column] = text;
        }
        let height = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
        self.hyperlinks.sort();
        self.hyperlinks.dedup();
        sheet.hyperlinks = self
            .hyperlinks
            .into_iter()
            .filter_map(|(r, c, to)| Some((r.checked_sub(origin.0)?, c.checked_sub(origin.1)?, to)))
            .filter(|(r, _, _)| *r < height)
            .collect();
        sheet.merged = self
            .merged
            .into_iter()
            .filter_map(|(r1, c1, r2, c2)| {
                let (last_row, last_column) = (r2.checked_sub(origin.0)?, c2.checked_sub(origin.1)?);
                Some((
                    r1.saturating_sub(origin.0),
                    c1.saturating_sub(origin.1),
                    last_row,
                    last_column,
                ))
            })
            .filter(|(r, _, _, _)| *r < height)
            .collect();
        sheet
    }
}
