//! One workbook against the layout that it follows: every problem with its cell, and the facts that criteria rest on.
//! Silence where it is not sure: what is right is never told of.
//!
//! ```text
//! Workbook + Format + Placement ─► View ─► header · kinds · required · rows · periods · children · names · personal ─► Examined
//!                     own: the layout that an upload template describes of itself    lint: Examined ─► FileLint
//! ```

mod children;
mod header;
mod kinds;
mod link;
mod lint;
mod names;
mod other;
mod own;
mod periods;
mod personal;
mod place;
mod required;
mod rows;
mod told;
mod value;
mod view;

use jiff::civil::Date;

use crate::check::cell;
use crate::locate::Phrases;
use crate::model::{ColumnRole, Format, TableProblem, Workbook};

pub use lint::{Layout, lint, of_file, unreadable};
pub use other::{other_format, other_title};
pub use own::own_layout;
pub use personal::{CellHit, personal_data};
pub use place::place_in;

use told::Told;
use view::View;

/// Where a layout's columns are in a workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placement {
    /// Sheet with the main table.
    pub sheet: usize,
    /// Row of its headers, in [`crate::model::Sheet::rows`].
    pub header_row: usize,
    /// Column of the sheet for each column of the layout.
    pub columns: Vec<Option<usize>>,
    /// Columns of the sheet with a header that the layout has not.
    pub extra: Vec<usize>,
    /// Columns of the layout that the sheet has not.
    pub missing: Vec<usize>,
    /// Child table of the layout, and the sheet that holds it.
    pub child_sheets: Vec<(usize, usize)>,
}

/// What an examination is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Date of evaluation; without it nothing is in the future.
    pub on: Option<Date>,
    /// Name of the subject; without it a note is compared with the rest of the file only.
    pub subject_name: Option<&'a str>,
    /// Phrases that tell reasoned negatives and placeholders.
    pub phrases: &'a Phrases,
}

/// What a table came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Examined {
    /// Rows that are not blank.
    pub rows: usize,
    /// Rows with data of their own: more than period, area and dates.
    pub filled_rows: usize,
    /// The first of those, as the spreadsheet numbers its rows.
    pub first_row: Option<usize>,
    /// Share of required cells that are filled in rows with data, 0–1; a blank that the row's note accounts for counts
    /// as filled, a column that is not there as blank.
    pub required_share: f64,
    /// First day of the earliest period in the cells.
    pub period_first: Option<Date>,
    /// Last day of the latest period in the cells.
    pub period_last: Option<Date>,
    /// Latest date of update that is a date, and not in the future.
    pub updated: Option<Date>,
    /// Latest date of validation that is a date, and not in the future.
    pub validated: Option<Date>,
    /// Share of the rows that name the responsible area, 0–1.
    pub area_filled: f64,
    /// First note: cell and text.
    pub note: Option<(String, String)>,
    /// First note that says with reason that there is nothing to publish: cell and text.
    pub reasoned_negative: Option<(String, String)>,
    /// Addresses in hyperlink columns, child tables too: `hoja!celda` and the address, in reading order.
    pub links: Vec<(String, String)>,
    /// Problems in the order of the file.
    pub problems: Vec<TableProblem>,
}

/// A check of a table: one line to add a new one.
type Check = fn(&View<'_>, &mut Told);

/// All checks.
const CHECKS: &[Check] = &[
    header::check,
    kinds::check,
    required::check,
    rows::check,
    periods::check,
    children::check,
    names::check,
    personal::check,
];

/// Examines a workbook as the layout asks.
#[must_use]
pub fn examine(workbook: &Workbook, format: &Format, at: &Placement, asked: &Asked<'_>) -> Examined {
    let Some(view) = View::of(workbook, format, at, asked) else {
        return Examined::default();
    };
    let mut told = Told::default();
    for check in CHECKS {
        check(&view, &mut told);
    }
    let dates = |role: ColumnRole| periods::dates(&view, role);
    let past = |d: &Date| asked.on.is_none_or(|on| *d <= on);
    Examined {
        rows: view.main.rows.len(),
        filled_rows: view.filled.len(),
        first_row: view.filled.first().map(|&row| cell::number(view.main.sheet, row)),
        required_share: required::share(&view),
        period_first: dates(ColumnRole::PeriodStart).min(),
        period_last: dates(ColumnRole::PeriodEnd).max(),
        updated: dates(ColumnRole::Updated).filter(past).max(),
        validated: dates(ColumnRole::Validated).filter(past).max(),
        area_filled: required::area_share(&view),
        note: view.note(),
        reasoned_negative: view.reasoned_negative(),
        links: kinds::links(&view),
        problems: told.into_problems(),
    }
}

#[cfg(test)]
mod tests;
