//! Spreadsheets, separated text and tables of pages → cells as text, within limits.
//!
//! ```text
//! XLSX, XLSB, XLS (excel; parts: links and merged cells) ─┐
//! ODS (ods) ──────────────────────────────────────────────┼─► grid ─► Sheet
//! CSV, TSV (separated) · HTML (tables) ───────────────────┘
//! ```
//!
//! Cells are taken one after the other, and limits hold while they are: what a file says of its own size is not believed.

mod compound;
mod excel;
mod grid;
mod links;
mod ods;
mod parts;
mod separated;
mod tables;
mod values;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::model::{DocumentKind, Fault, Workbook};

use super::{Limits, zip_directory};

pub(super) use links::links;
pub use tables::tables;

/// A workbook, and a note when not all of it was read.
type Read = Result<(Workbook, Option<String>), Fault>;

/// Reads a workbook; with it, a note when limits cut it. The error says why nothing could be read.
pub(super) fn read(kind: DocumentKind, bytes: &[u8], content_type: Option<&str>, limits: &Limits) -> Read {
    match kind {
        DocumentKind::Csv => return Ok(separated::read(bytes, content_type, limits)),
        DocumentKind::Xls if !compound::ends(bytes) => return Err(Fault::Damaged),
        DocumentKind::Xls => {}
        _ => fits(bytes, limits)?,
    }
    // Parsers of strangers' files may panic on what nobody foresaw; that costs this document and no other.
    let read = || match kind {
        DocumentKind::Ods => ods::read(bytes, limits),
        _ => excel::read(kind, bytes, limits),
    };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(Fault::Crashed))
}

/// Whether what a package declares may be opened; the ZIP reader stops an entry that is larger than it declares.
fn fits(bytes: &[u8], limits: &Limits) -> Result<(), Fault> {
    let inflated = zip_directory::inflated(bytes).ok_or(Fault::Damaged)?;
    if inflated > limits.inflated {
        return Err(Fault::TooLarge {
            what: "bytes al abrirse".to_owned(),
            found: inflated,
            limit: limits.inflated,
        });
    }
    Ok(())
}

/// What is noted of a sheet that was not read to its end.
fn in_part(sheet: &str) -> String {
    format!("la hoja '{sheet}' se leyó sólo en parte")
}

#[cfg(test)]
mod tests;
