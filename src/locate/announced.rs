//! Periods that a section announces and does not deliver: "3er trimestre" without a link, where the others have theirs.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Page;
use crate::text::period;

use super::content::Reading;

/// Columns of a table whose headers are read as periods.
const COLUMNS: usize = 100;
/// Periods of a section that are told: nobody reads more.
const MOST: usize = 2_000;

/// Lines of a section that name a period and lead nowhere although others of the same table or list lead to something, each
/// with the words of the period.
#[must_use]
pub(super) fn without_link(reading: &Reading<'_>, lines: &[usize]) -> Vec<(usize, String)> {
    let mut out = rows(reading, lines);
    out.extend(columns(reading, lines));
    out.extend(list(reading, lines));
    out.sort();
    out.dedup();
    out.truncate(MOST);
    out
}

/// Whether a line is a period and nothing else.
fn names_period(reading: &Reading<'_>, n: usize) -> bool {
    let text = &reading.page.lines[n].text;
    reading.facts(n).period && (!period::parts(text).is_empty() || !period::years(text).is_empty())
}

fn leads(page: &Page, n: usize) -> bool {
    let line = &page.lines[n];
    !line.links.is_empty() || !line.icons.is_empty() || !line.targets.is_empty()
}

type Rows = BTreeMap<u32, BTreeMap<u32, Vec<usize>>>;

fn by_row(page: &Page, lines: &[usize]) -> Rows {
    let mut out = Rows::new();
    for &n in lines {
        if let Some(cell) = &page.lines[n].cell {
            out.entry(cell.table).or_default().entry(cell.row).or_default().push(n);
        }
    }
    out
}

/// Rows that begin with a period and hold no link, in tables where other such rows do.
fn rows(reading: &Reading<'_>, lines: &[usize]) -> Vec<(usize, String)> {
    let page = reading.page;
    let mut out = Vec::new();
    for rows in by_row(page, lines).values() {
        let mut with = 0;
        let mut without = Vec::new();
        for row in rows.values() {
            let Some(&named) = row.iter().find(|&&n| names_period(reading, n)) else {
                continue;
            };
            let header = row
                .iter()
                .all(|&n| page.lines[n].cell.as_ref().is_some_and(|c| c.header))
                || row.iter().filter(|&&n| names_period(reading, n)).count() > 2;
            let year_alone = row.len() == 1 && period::parts(&page.lines[named].text).is_empty();
            if row.iter().any(|&n| leads(page, n)) {
                with += 1;
            } else if !header && !year_alone {
                without.push((named, words(reading, row)));
            }
        }
        if with > 0 {
            out.append(&mut without);
        }
    }
    out
}

/// The periods of a row, "2026 3er trimestre".
fn words(reading: &Reading<'_>, row: &[usize]) -> String {
    row.iter()
        .filter(|&&n| names_period(reading, n))
        .map(|&n| reading.page.lines[n].text.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Empty cells under a period's column, in rows that have a link under another period.
fn columns(reading: &Reading<'_>, lines: &[usize]) -> Vec<(usize, String)> {
    let page = reading.page;
    let mut out = Vec::new();
    for rows in by_row(page, lines).values() {
        let Some((&head, header)) = rows.iter().next() else {
            continue;
        };
        let periods: Vec<(u32, &str)> = header
            .iter()
            .filter(|&&n| names_period(reading, n) && !leads(page, n))
            .filter_map(|&n| Some((page.lines[n].cell.as_ref()?.column, page.lines[n].text.as_str())))
            .take(COLUMNS)
            .collect();
        if periods.len() < 2 {
            continue;
        }
        for (_, row) in rows.iter().filter(|(r, _)| **r > head) {
            let leading: BTreeSet<u32> = row
                .iter()
                .filter(|&&n| leads(page, n))
                .filter_map(|&n| Some(page.lines[n].cell.as_ref()?.column))
                .collect();
            if out.len() >= MOST || !periods.iter().any(|(c, _)| leading.contains(c)) {
                continue;
            }
            let empty = periods.iter().filter(|(c, _)| !leading.contains(c));
            out.extend(empty.map(|(_, text)| (row[0], (*text).to_owned())));
        }
    }
    out
}

/// Entries of a list that are bare periods, beside entries that are linked periods.
fn list(reading: &Reading<'_>, lines: &[usize]) -> Vec<(usize, String)> {
    let page = reading.page;
    let free: Vec<usize> = lines
        .iter()
        .copied()
        .filter(|&n| page.lines[n].cell.is_none() && names_period(reading, n))
        .collect();
    let home = |n: usize| {
        let block = &page.blocks[page.lines[n].block as usize];
        (block.tag, block.parent)
    };
    let linked: BTreeSet<_> = free
        .iter()
        .filter(|&&n| !page.lines[n].links.is_empty())
        .map(|&n| home(n))
        .collect();
    free.iter()
        .copied()
        .filter(|&n| {
            let line = &page.lines[n];
            !leads(page, n) && line.heading == 0 && !line.bold && !line.control && linked.contains(&home(n))
        })
        .map(|n| (n, page.lines[n].text.clone()))
        .collect()
}
