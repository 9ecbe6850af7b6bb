//! Tables that are another format's than they claim: by the format that was asked for, or by the title above their columns.

use crate::check::cell::address;
use crate::locate::{Recogniser, Recognition};
use crate::model::{Format, TableProblem, Workbook, problem};
use crate::text::personal::{mask, shortened};

use super::lint::told;

/// How sure the columns must be for the claim to be the wrong one, 0–1.
const SURE: f64 = 0.8;
/// Longest title that is shown, in characters.
const TITLE: usize = 120;

/// What is told when the columns are clearly of another format than the one asked for.
#[must_use]
pub fn other_format(found: &Recognition, formats: &[Format], named: &Format) -> Option<TableProblem> {
    let own = formats.get(found.format)?;
    let is_named = |n: usize| formats.get(n).is_some_and(|f| f.id == named.id);
    if found.confidence < SURE || is_named(found.format) || found.tied.iter().any(|n| is_named(*n)) {
        return None;
    }
    Some(told(
        &problem::OTHER_FORMAT,
        format!("Las columnas son las del formato «{}» ({}).", own.title, own.id),
        shortened(&own.title, TITLE),
        format!("«{}» ({})", named.title, named.id),
    ))
}

/// What is told when a title above the columns is another format's.
#[must_use]
pub fn other_title(
    workbook: &Workbook,
    found: &Recognition,
    formats: &[Format],
    recogniser: &Recogniser,
) -> Option<TableProblem> {
    let sheet = workbook.sheets.get(found.sheet)?;
    let titled = recogniser.titled(sheet, found.header_row);
    let (_, at) = titled.first()?;
    let is_own = |n: &usize| *n == found.format || found.tied.contains(n);
    if found.confidence < SURE || titled.iter().any(|(n, _)| is_own(n)) {
        return None;
    }
    let own = formats.get(found.format)?;
    let written = sheet.rows.get(at.0).and_then(|r| r.get(at.1))?;
    Some(TableProblem {
        sheet: mask(&sheet.name).into_owned(),
        cell: address(sheet, at.0, at.1),
        ..told(
            &problem::OTHER_TITLE,
            format!(
                "El título es de otro formato; las columnas son las de «{}» ({}).",
                own.title, own.id
            ),
            shortened(written, TITLE),
            format!("«{}»", own.title),
        )
    })
}
