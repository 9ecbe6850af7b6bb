//! Where a layout is in a workbook: as it was recognised, or, when it is named, by headers that are equal once normalised.

use crate::check::data::{HEADER_WITHIN, is_auxiliary};
use crate::locate::Recognition;
use crate::model::{Format, Sheet, Workbook};
use crate::text::fold;

use super::{Layout, Placement};

/// Share of the layout's columns that must be found when it is named beforehand.
const NAMED: f64 = 0.3;

/// A header as it is compared: folded, without the number of its child table, "(catálogo)", "(día/mes/año)" and the
/// prefixes of transition ("ESTE CRITERIO APLICA A PARTIR DEL …").
pub(super) fn plain(header: &str) -> String {
    let own = header.rsplit_once("->").map_or(header, |(_, own)| own);
    let folded = fold(own);
    let mut words: Vec<&str> = folded.split(' ').collect();
    if let [.., a, b] = words[..]
        && a == "tabla"
        && b.bytes().all(|c| c.is_ascii_digit())
    {
        words.truncate(words.len() - 2);
    }
    if words.len() > 1 && words.last().is_some_and(|w| *w == "catalogo") {
        words.pop();
    }
    let joined = words.join(" ");
    joined
        .strip_suffix(" dia mes ano")
        .map_or(joined.clone(), str::to_owned)
}

impl From<&Recognition> for Placement {
    fn from(found: &Recognition) -> Self {
        Self {
            sheet: found.sheet,
            header_row: found.header_row,
            columns: found.columns.clone(),
            extra: found.extra.clone(),
            missing: found.missing.clone(),
            child_sheets: found.child_sheets.clone(),
        }
    }
}

/// The place of a layout that is named beforehand.
#[must_use]
pub fn place_in<'a>(workbook: &Workbook, format: &'a Format) -> Option<Layout<'a>> {
    let (at, share) = best_row(workbook, format)?;
    let found = at.columns.iter().flatten().count() as f64 / format.columns.len().max(1) as f64;
    (found >= NAMED).then(|| Layout::official(format, at, share))
}

/// The row of headers that has most of the layout, and how much of both is shared, 0–1.
fn best_row(workbook: &Workbook, format: &Format) -> Option<(Placement, f64)> {
    let mut best: Option<(Placement, f64)> = None;
    for (n, sheet) in workbook.sheets.iter().enumerate().filter(|(_, s)| !is_auxiliary(s)) {
        for row in 0..sheet.rows.len().min(HEADER_WITHIN) {
            let at = at_row(sheet, row, format);
            let found = at.columns.iter().flatten().count();
            let most = format.columns.len().max(found + at.extra.len());
            let share = found as f64 / most.max(1) as f64;
            if found > 1 && best.as_ref().is_none_or(|(_, s)| share > *s) {
                best = Some((Placement { sheet: n, ..at }, share));
            }
        }
    }
    let (mut at, share) = best?;
    at.child_sheets = children(workbook, format);
    Some((at, share))
}

fn at_row(sheet: &Sheet, row: usize, format: &Format) -> Placement {
    let headers: Vec<String> = sheet.rows[row].iter().map(|h| plain(h)).collect();
    let mut taken = vec![false; headers.len()];
    let mut columns = Vec::with_capacity(format.columns.len());
    for column in &format.columns {
        let label = plain(&column.label);
        let found = headers.iter().enumerate().position(|(n, h)| !taken[n] && *h == label);
        if let Some(n) = found {
            taken[n] = true;
        }
        columns.push(found);
    }
    let missing = (0..columns.len()).filter(|&n| columns[n].is_none()).collect();
    let extra = (0..headers.len())
        .filter(|&n| !taken[n] && !headers[n].is_empty())
        .collect();
    Placement {
        header_row: row,
        columns,
        extra,
        missing,
        ..Placement::default()
    }
}

/// Each child table in the sheet whose headers are its own.
fn children(workbook: &Workbook, format: &Format) -> Vec<(usize, usize)> {
    let mut taken = vec![false; workbook.sheets.len()];
    let mut found = Vec::new();
    for (n, child) in format.children.iter().enumerate() {
        let labels: Vec<String> = child.columns.iter().map(|c| plain(&c.label)).collect();
        let sheet = workbook.sheets.iter().enumerate().position(|(s, sheet)| {
            !taken[s]
                && sheet.rows.iter().take(HEADER_WITHIN).any(|row| {
                    let headers: Vec<String> = row.iter().map(|h| plain(h)).collect();
                    headers.iter().any(|h| h == "id") && labels.iter().all(|l| headers.contains(l))
                })
        });
        if let Some(s) = sheet {
            taken[s] = true;
            found.push((n, s));
        }
    }
    found
}
