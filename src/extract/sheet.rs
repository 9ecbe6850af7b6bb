//! Spreadsheets and separated text → cells as text, within limits.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Reader, SheetVisible, Sheets};

use crate::model::{DocumentKind, Fault, Sheet, Workbook};

use super::{Limits, charset, zip_directory};

/// Reads a workbook; with it, a note when limits cut it. The error says why nothing could be read.
pub(super) fn read(
    kind: DocumentKind,
    bytes: &[u8],
    content_type: Option<&str>,
    limits: &Limits,
) -> Result<(Workbook, Option<String>), Fault> {
    if kind == DocumentKind::Csv {
        return Ok(separated(bytes, content_type, limits));
    }
    if kind != DocumentKind::Xls {
        let inflated = zip_directory::inflated(bytes).ok_or(Fault::Damaged)?;
        if inflated > limits.inflated {
            return Err(Fault::TooLarge {
                what: "bytes al abrirse".to_owned(),
                found: inflated,
                limit: limits.inflated,
            });
        }
    }
    // Parsers of strangers' files may panic on what nobody foresaw; that costs this document and no other.
    catch_unwind(AssertUnwindSafe(|| open(kind, bytes, limits))).unwrap_or(Err(Fault::Crashed))
}

fn open(kind: DocumentKind, bytes: &[u8], limits: &Limits) -> Result<(Workbook, Option<String>), Fault> {
    let cursor = Cursor::new(bytes);
    let mut book: Sheets<_> = match kind {
        DocumentKind::Xlsx => Sheets::Xlsx(calamine::Xlsx::new(cursor).map_err(|e| why(&e))?),
        DocumentKind::Xls => Sheets::Xls(calamine::Xls::new(cursor).map_err(|e| why(&e))?),
        DocumentKind::Xlsb => Sheets::Xlsb(calamine::Xlsb::new(cursor).map_err(|e| why(&e))?),
        _ => Sheets::Ods(calamine::Ods::new(cursor).map_err(|e| why(&e))?),
    };
    let metadata = book.sheets_metadata().to_vec();
    let mut workbook = Workbook::default();
    let mut note = None;
    let mut cells = 0usize;
    for about in metadata.iter().take(limits.sheets) {
        let Ok(range) = book.worksheet_range(&about.name) else {
            continue;
        };
        let mut sheet = Sheet {
            name: about.name.clone(),
            hidden: about.visible != SheetVisible::Visible,
            origin: range.start().unwrap_or((0, 0)),
            ..Sheet::default()
        };
        for row in range.rows() {
            cells += row.len();
            if sheet.rows.len() >= limits.rows || cells > limits.cells {
                sheet.truncated = true;
                note = Some(format!("la hoja '{}' se leyó sólo en parte", about.name));
                break;
            }
            sheet.rows.push(trimmed(row.iter().map(cell_text).collect()));
        }
        while sheet.rows.last().is_some_and(Vec::is_empty) {
            sheet.rows.pop();
        }
        workbook.sheets.push(sheet);
    }
    if metadata.len() > limits.sheets {
        note = Some(format!("sólo se leyeron {} de {} hojas", limits.sheets, metadata.len()));
    }
    Ok((workbook, note))
}

fn why(error: &dyn std::fmt::Display) -> Fault {
    let text = error.to_string();
    if text.to_lowercase().contains("password") || text.to_lowercase().contains("encrypt") {
        Fault::Encrypted
    } else {
        Fault::Damaged
    }
}

fn cell_text(cell: &Data) -> String {
    match cell {
        Data::DateTime(at) => at.as_datetime_text(),
        Data::Float(f) if f.fract() == 0.0 && f.abs() < 1e15 => format!("{f:.0}"),
        other => other.to_string().trim().to_owned(),
    }
}

trait DateText {
    fn as_datetime_text(&self) -> String;
}

impl DateText for calamine::ExcelDateTime {
    /// ISO 8601 date, or the number when it is no date.
    fn as_datetime_text(&self) -> String {
        let days = self.as_f64();
        if self.is_duration() || !(1.0..2_958_466.0).contains(&days) {
            return days.to_string();
        }
        // Day 1 is 1900-01-01 with the non-existent 1900-02-29 counted.
        let epoch = jiff::civil::date(1899, 12, 30);
        #[expect(clippy::cast_possible_truncation, reason = "checked to be within the calendar above")]
        let whole = days.trunc() as i64;
        epoch
            .checked_add(jiff::Span::new().days(whole))
            .map_or_else(|_| days.to_string(), |d| d.to_string())
    }
}

/// Without empty cells at its end.
fn trimmed(mut row: Vec<String>) -> Vec<String> {
    while row.last().is_some_and(String::is_empty) {
        row.pop();
    }
    row
}

fn separated(bytes: &[u8], content_type: Option<&str>, limits: &Limits) -> (Workbook, Option<String>) {
    let (text, _) = charset::decode(bytes, content_type, false);
    let (cut, mut note) = super::cut(&text, limits.text_bytes);
    let mut sheet = Sheet {
        name: "CSV".to_owned(),
        ..Sheet::default()
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(cut))
        .from_reader(cut.as_bytes());
    let mut cells = 0;
    for record in reader.records() {
        let Ok(record) = record else { continue };
        cells += record.len();
        if sheet.rows.len() >= limits.rows || cells > limits.cells {
            sheet.truncated = true;
            note = Some("la tabla se leyó sólo en parte".to_owned());
            break;
        }
        sheet
            .rows
            .push(trimmed(record.iter().map(|c| c.trim().to_owned()).collect()));
    }
    (Workbook { sheets: vec![sheet] }, note)
}

/// The separator that splits the first lines most evenly.
fn delimiter(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).take(10).collect();
    let score = |d: u8| {
        let counts: Vec<usize> = lines.iter().map(|l| l.bytes().filter(|b| *b == d).count()).collect();
        let least = counts.iter().copied().min().unwrap_or(0);
        (least, counts.iter().sum::<usize>())
    };
    [b',', b';', b'\t', b'|']
        .into_iter()
        .max_by_key(|d| (score(*d), *d == b','))
        .unwrap_or(b',')
}
