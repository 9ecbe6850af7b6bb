//! Workbooks → the official format whose columns they have, whatever their label, number, title and file name say.
//!
//! ```text
//! sheet ─► head (the row of headers) ─► fit (formats that share most, laid on it) ─► how sure ─► Recognition
//! ```
//!
//! Columns decide; rare ones weigh more, and the head and tail that all formats share next to nothing. Titles are asked only
//! where formats have the very same columns. A table that merely shares words with a format gets nothing.

mod children;
mod fit;
mod head;
mod index;
#[cfg(test)]
mod tests;

use crate::model::{ColumnRole, Format, Sheet, Workbook};
use crate::text::{fold, header::header};

use fit::Fit;
use head::Head;
use index::Index;

/// Formats that are laid on a sheet.
const LAID: usize = 6;
/// Least score of a table with the official head and tail.
const LEAST: f64 = 0.55;
/// Least score of a table without.
const LEAST_FREE: f64 = 0.65;
/// Columns of a format's own that must be there, without the official head and tail.
const OWN: usize = 4;
/// Columns of the fixed head and tail that make a table official.
const FRAME: usize = 4;
/// Lead over the next format that leaves no doubt.
const LEAD: f64 = 0.15;
/// What is left of the confidence where only a title told formats of the same columns apart.
const BY_TITLE: f64 = 0.9;

/// How a table came into its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layout {
    /// The template that the national platform loads, as it is.
    Upload,
    /// What the platform lets anyone download: its own columns come first.
    PublicDownload,
    /// The official columns, in another wrapping: saved as a page or text, copied to another sheet.
    Saved,
    /// A table of the subject's own making with a format's columns.
    Free,
}

/// The format that a table has.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognition {
    /// Index among the formats given.
    pub format: usize,
    /// How sure, 0–1.
    pub confidence: f64,
    /// How sure of the obligation, 0–1: siblings of one obligation may be hard to tell apart where others are not.
    pub obligation_confidence: f64,
    /// Which sheet.
    pub sheet: usize,
    /// Row of the headers, in the sheet's rows.
    pub header_row: usize,
    /// For each column of the format, the column of the sheet.
    pub columns: Vec<Option<usize>>,
    /// Columns of the sheet that the format has not; those that the platform adds are not among them.
    pub extra: Vec<usize>,
    /// Columns of the format that the sheet has not.
    pub missing: Vec<usize>,
    /// How it came into its file.
    pub layout: Layout,
    /// The next best format and its score, 0–1.
    pub runner_up: Option<(usize, f64)>,
    /// Formats with the very same columns, that nothing in the sheet tells from this one.
    pub tied: Vec<usize>,
    /// Child tables of the format and the sheets that hold them.
    pub child_sheets: Vec<(usize, usize)>,
}

/// Knows formats by their columns.
pub struct Recogniser {
    index: Index,
}

impl std::fmt::Debug for Recogniser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Recogniser({} formats)", self.index.shapes.len())
    }
}

impl Recogniser {
    /// Learns formats; those of which only the title is known are never recognised.
    #[must_use]
    pub fn new(formats: &[Format]) -> Self {
        Self {
            index: Index::new(formats),
        }
    }

    /// The format of a workbook: that of the sheet that fits one best.
    #[must_use]
    pub fn recognise(&self, workbook: &Workbook) -> Option<Recognition> {
        let mut best: Option<Recognition> = None;
        for (n, sheet) in workbook.sheets.iter().enumerate() {
            if is_list(sheet) {
                continue;
            }
            if let Some(found) = self.recognise_sheet(sheet)
                && best
                    .as_ref()
                    .is_none_or(|b| found.obligation_confidence > b.obligation_confidence)
            {
                best = Some(Recognition { sheet: n, ..found });
            }
        }
        let mut best = best?;
        let shape = &self.index.shapes[best.format];
        let sheet = &workbook.sheets[best.sheet];
        let headers: Vec<Option<&str>> = shape
            .parents
            .iter()
            .map(|parent| {
                let column = parent.and_then(|p| best.columns[p])?;
                sheet.rows[best.header_row].get(column).map(String::as_str)
            })
            .collect();
        best.child_sheets = children::sheets(shape, workbook, best.sheet, &headers);
        Some(best)
    }

    /// The format of one sheet; `sheet` is 0 and there are no child sheets, since it is all that is seen.
    #[must_use]
    pub fn recognise_sheet(&self, sheet: &Sheet) -> Option<Recognition> {
        let head = Head::find(&self.index, sheet)?;
        let fits = fit::best(&self.index, &head, LAID);
        let first = fits.first().filter(|f| Self::is_enough(f, &head))?;
        let equals: Vec<&Fit> = fits
            .iter()
            .filter(|f| f.columns == first.columns && f.score + 1e-9 >= first.score)
            .collect();
        let titled = (equals.len() > 1)
            .then(|| self.by_title(&equals, sheet, head.row))
            .flatten();
        let chosen = titled.unwrap_or(first);
        let others = || fits.iter().filter(|f| f.format != chosen.format);
        let tied: Vec<usize> = if titled.is_some() {
            Vec::new()
        } else {
            equals
                .iter()
                .map(|f| f.format)
                .filter(|f| *f != chosen.format)
                .collect()
        };
        let told = if titled.is_some() { BY_TITLE } else { 1.0 };
        let rivals = || others().filter(|f| titled.is_none() || equals.iter().all(|e| e.format != f.format));
        let next = rivals().next();
        let stranger = rivals().find(|f| !self.are_siblings(f.format, chosen.format));
        let strange_ties = tied.iter().filter(|t| !self.are_siblings(**t, chosen.format)).count();
        let (columns, extra, missing) = placed(chosen, &head);
        Some(Recognition {
            format: chosen.format,
            confidence: told * sureness(chosen, next, tied.len()),
            obligation_confidence: told * sureness(chosen, stranger, strange_ties),
            sheet: 0,
            header_row: head.row,
            columns,
            extra,
            missing,
            layout: layout(sheet, &head),
            runner_up: others().next().map(|f| (f.format, f.score)),
            tied,
            child_sheets: Vec::new(),
        })
    }

    /// Whether so much is shared that the table is of this format rather than of none.
    fn is_enough(fit: &Fit, head: &Head) -> bool {
        let official = head.frame() >= FRAME && head.has(ColumnRole::FiscalYear);
        if official {
            fit.own >= 1 && fit.score >= LEAST
        } else {
            fit.own >= OWN && fit.score >= LEAST_FREE
        }
    }

    fn are_siblings(&self, a: usize, b: usize) -> bool {
        let of = |n: usize| &self.index.shapes[n].obligations;
        of(a).iter().any(|o| of(b).contains(o))
    }

    /// The one of several equals that a title above the headers names.
    fn by_title<'f>(&self, equals: &[&'f Fit], sheet: &Sheet, row: usize) -> Option<&'f Fit> {
        let above: Vec<String> = sheet.rows[..row]
            .iter()
            .flatten()
            .filter(|c| c.len() >= 10 && c.len() <= 400)
            .map(|c| header(c))
            .collect();
        // The platform cuts short names at 50 characters.
        let names =
            |title: &String, cell: &String| title == cell || cell.len() >= 30 && title.starts_with(cell.as_str());
        let mut named = equals.iter().filter(|f| {
            let titles = &self.index.shapes[f.format].titles;
            above.iter().any(|cell| titles.iter().any(|t| names(t, cell)))
        });
        let first = named.next()?;
        named.next().is_none().then_some(*first)
    }
}

/// How sure a fit is beside the next one, 0–1.
fn sureness(fit: &Fit, next: Option<&Fit>, tied: usize) -> f64 {
    let quality = ((fit.score - 0.35) / 0.5).clamp(0.0, 1.0);
    if tied > 0 {
        return quality / (tied + 1) as f64;
    }
    let lead = next.map_or(1.0, |n| fit.score - n.score);
    if fit.exact && lead > 0.0 {
        return quality;
    }
    quality * (0.5 + 0.5 * (lead / LEAD).clamp(0.0, 1.0))
}

/// Columns in the sheet's own numbers: where each stands, which are too many, which are absent.
fn placed(fit: &Fit, head: &Head) -> (Vec<Option<usize>>, Vec<usize>, Vec<usize>) {
    let columns = fit.columns.iter().map(|c| c.map(|c| head.cells[c].column)).collect();
    let extra = (0..head.cells.len())
        .filter(|c| !head.cells[*c].added && !fit.columns.contains(&Some(*c)))
        .map(|c| head.cells[c].column)
        .collect();
    let missing = (0..fit.columns.len()).filter(|c| fit.columns[*c].is_none()).collect();
    (columns, extra, missing)
}

fn layout(sheet: &Sheet, head: &Head) -> Layout {
    let above = head.row.checked_sub(1).and_then(|n| sheet.rows.get(n));
    let marked = above.is_some_and(|r| r.iter().any(|c| fold(c) == "tabla campos"));
    if head.download {
        Layout::PublicDownload
    } else if marked && fold(&sheet.name) == "reporte de formatos" {
        Layout::Upload
    } else if head.frame() >= FRAME && head.has(ColumnRole::FiscalYear) {
        Layout::Saved
    } else {
        Layout::Free
    }
}

/// Whether a sheet is but a list, such as those of catalogue values.
fn is_list(sheet: &Sheet) -> bool {
    sheet.rows.iter().take(30).all(|row| row.len() <= 2)
}
