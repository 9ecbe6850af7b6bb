//! Tables of a page, those that hold data: spreadsheets saved as pages, and reports printed into one.

use std::collections::BTreeMap;

use super::grid::{Budget, Grid};
use crate::extract::Limits;
use crate::model::{Line, Page, Workbook};

/// Lines in one cell beyond which a table arranges a page and holds no data.
const ARRANGES: usize = 20;

/// A sheet for each table that holds data, named by its place among all tables of the page (`Tabla 1`…), as people count them. Header
/// cells are cells like others: the first row has them where the page does. Tables that only arrange a page are left out.
#[must_use]
pub fn tables(page: &Page) -> Workbook {
    let mut by_table: BTreeMap<u32, Vec<&Line>> = BTreeMap::new();
    for line in &page.lines {
        if let Some(cell) = &line.cell {
            by_table.entry(cell.table).or_default().push(line);
        }
    }
    let limits = Limits::default();
    let mut budget = Budget::new(&limits);
    let mut workbook = Workbook::default();
    for (table, lines) in by_table {
        let cells = cells(&lines);
        if !holds_data(&cells, &lines) || workbook.sheets.len() >= limits.sheets {
            continue;
        }
        let mut grid = Grid::default();
        for ((row, column), lines) in &cells {
            let text: Vec<&str> = lines.iter().map(|l| l.text.as_str()).collect();
            if grid.put(&mut budget, *row, *column, &text.join(" ")).is_break() {
                break;
            }
            for link in lines
                .iter()
                .flat_map(|l| l.links.iter())
                .filter_map(|n| page.links.get(*n))
            {
                let to = link.url.as_ref().unwrap_or(&link.href);
                grid.hyperlinks.push((*row, *column, to.clone()));
            }
        }
        workbook
            .sheets
            .push(grid.finish(&format!("Tabla {}", table + 1), false));
    }
    workbook
}

type Cells<'a> = BTreeMap<(u32, u32), Vec<&'a Line>>;

fn cells<'a>(lines: &[&'a Line]) -> Cells<'a> {
    let mut out = Cells::new();
    for line in lines {
        if let Some(cell) = &line.cell {
            out.entry((cell.row, cell.column)).or_default().push(*line);
        }
    }
    out
}

/// Two rows at least with two cells that say something, and no cell that holds a page.
fn holds_data(cells: &Cells<'_>, lines: &[&Line]) -> bool {
    let says = |lines: &[&Line]| lines.iter().any(|l| !l.text.is_empty() || !l.links.is_empty());
    let mut full: BTreeMap<u32, usize> = BTreeMap::new();
    for ((row, _), lines) in cells {
        *full.entry(*row).or_default() += usize::from(says(lines));
    }
    let rows = full.values().filter(|n| **n >= 2).count();
    let headed = lines.iter().any(|l| l.cell.as_ref().is_some_and(|c| c.header));
    let menu = lines.iter().all(|l| l.boilerplate);
    (rows >= 2 || headed && rows == 1) && !menu && cells.values().all(|lines| lines.len() <= ARRANGES)
}
