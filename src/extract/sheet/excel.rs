//! Excel's workbooks: XLSX and XLSB cell by cell, XLS as its parser gives it.

use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError, Xlsx, XlsxError};

use super::grid::{Budget, Grid};
use super::parts::Package;
use super::{Read, in_part, values};
use crate::extract::Limits;
use crate::model::{DocumentKind, Fault, Workbook};

type Bytes<'a> = Cursor<&'a [u8]>;

/// A workbook that is open.
enum Book<'a> {
    Xlsx(Box<Xlsx<Bytes<'a>>>, Option<Package<'a>>),
    Xlsb(Box<Xlsb<Bytes<'a>>>),
    Xls(Box<Xls<Bytes<'a>>>),
}

pub(super) fn read(kind: DocumentKind, bytes: &[u8], limits: &Limits) -> Read {
    let mut book = open(kind, bytes)?;
    let sheets = match &book {
        Book::Xlsx(b, _) => b.sheets_metadata().to_vec(),
        Book::Xlsb(b) => b.sheets_metadata().to_vec(),
        Book::Xls(b) => b.sheets_metadata().to_vec(),
    };
    let mut workbook = Workbook::default();
    let mut note = None;
    let mut budget = Budget::new(limits);
    for about in sheets
        .iter()
        .filter(|s| s.typ == SheetType::WorkSheet)
        .take(limits.sheets)
    {
        let mut grid = Grid::default();
        if fill(&mut book, &about.name, &mut grid, &mut budget, limits).is_err() {
            grid.cut = true;
        }
        if grid.cut {
            note = Some(in_part(&about.name));
        }
        let hidden = about.visible != SheetVisible::Visible;
        workbook.sheets.push(grid.finish(&about.name, hidden));
    }
    if sheets.len() > limits.sheets {
        note = Some(format!("sólo se leyeron {} de {} hojas", limits.sheets, sheets.len()));
    }
    let nothing = workbook.sheets.iter().all(|s| s.truncated && s.rows.is_empty());
    if nothing && note.is_some() {
        return Err(Fault::Damaged);
    }
    Ok((workbook, note))
}

fn open(kind: DocumentKind, bytes: &[u8]) -> Result<Book<'_>, Fault> {
    let cursor = Cursor::new(bytes);
    Ok(match kind {
        DocumentKind::Xlsb => Book::Xlsb(Box::new(Xlsb::new(cursor).map_err(|e| match e {
            XlsbError::Password => Fault::Encrypted,
            _ => Fault::Damaged,
        })?)),
        DocumentKind::Xls if is_obfuscated(bytes) => return Err(Fault::Encrypted),
        DocumentKind::Xls => Book::Xls(Box::new(Xls::new(cursor).map_err(|e| match e {
            XlsError::Password => Fault::Encrypted,
            _ => Fault::Damaged,
        })?)),
        _ => {
            let book = Xlsx::new(cursor).map_err(|e| match e {
                XlsxError::Password => Fault::Encrypted,
                _ => Fault::Damaged,
            })?;
            Book::Xlsx(Box::new(book), Package::open(bytes))
        }
    })
}

/// Whether a `FilePass` record says that the stream is scrambled, by whichever method (MS-XLS 2.4.117): it stands right after the
/// first record, save for one that reserves the file for writing (2.4.349).
fn is_obfuscated(bytes: &[u8]) -> bool {
    let starts = bytes.windows(4).enumerate().filter(|(_, w)| *w == b"\x09\x08\x10\x00");
    starts.take(4).any(|(start, _)| {
        let mut at = start;
        for _ in 0..3 {
            let Some(&[a, b, c, d]) = bytes.get(at..at + 4) else {
                return false;
            };
            if (a, b) == (0x2f, 0) {
                return true;
            }
            at += 4 + usize::from(u16::from_le_bytes([c, d]));
        }
        false
    })
}

/// Takes the cells of a sheet; an error when it is broken, with what was taken until then.
fn fill(book: &mut Book<'_>, name: &str, grid: &mut Grid, budget: &mut Budget<'_>, limits: &Limits) -> Result<(), ()> {
    match book {
        Book::Xlsx(book, package) => {
            fill_xlsx(book, name, grid, budget)?;
            if let Some(package) = package {
                package.add(name, grid, limits);
            }
        }
        Book::Xlsb(book) => {
            let mut cells = book.worksheet_cells_reader(name).map_err(|_| ())?;
            while let Some(cell) = cells.next_cell().map_err(|_| ())? {
                let (row, column) = cell.get_position();
                if grid
                    .put(budget, row, column, &values::text(cell.get_value()))
                    .is_break()
                {
                    break;
                }
            }
        }
        Book::Xls(book) => fill_xls(book, name, grid, budget)?,
    }
    Ok(())
}

fn fill_xlsx(book: &mut Xlsx<Bytes<'_>>, name: &str, grid: &mut Grid, budget: &mut Budget<'_>) -> Result<(), ()> {
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
        Err(_) => return Err(()),
    };
    let percentages: Vec<bool> = cells
        .styles()
        .iter()
        .map(|s| s.number_format.as_ref().is_some_and(|f| f.format_code.contains('%')))
        .collect();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|_| ())? {
        let (row, column) = cell.get_position();
        let go_on = match cell.get_value() {
            // The commonest, without a copy.
            DataRef::SharedString(text) => grid.put(budget, row, column, text),
            DataRef::Float(f) if percentages.get(style) == Some(&true) => {
                grid.put(budget, row, column, &values::percentage(*f))
            }
            other => grid.put(budget, row, column, &values::text(other)),
        };
        if go_on.is_break() {
            break;
        }
    }
    Ok(())
}

fn fill_xls(book: &mut Xls<Bytes<'_>>, name: &str, grid: &mut Grid, budget: &mut Budget<'_>) -> Result<(), ()> {
    let range = book.worksheet_range(name).map_err(|_| ())?;
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    for (row, column, cell) in range.used_cells() {
        let at = |first: u32, n: usize| first.saturating_add(u32::try_from(n).unwrap_or(u32::MAX));
        let text = values::text(&as_ref(cell));
        if grid
            .put(budget, at(first_row, row), at(first_column, column), &text)
            .is_break()
        {
            break;
        }
    }
    let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
    grid.merged
        .extend(merged.iter().map(|d| (d.start.0, d.start.1, d.end.0, d.end.1)));
    Ok(())
}

fn as_ref(cell: &calamine::Data) -> DataRef<'_> {
    use calamine::Data as D;
    match cell {
        D::Int(n) => DataRef::Int(*n),
        D::Float(f) => DataRef::Float(*f),
        D::String(s) => DataRef::SharedString(s),
        D::Bool(b) => DataRef::Bool(*b),
        D::DateTime(at) => DataRef::DateTime(*at),
        D::DateTimeIso(s) => DataRef::DateTimeIso(s.clone()),
        D::DurationIso(s) => DataRef::DurationIso(s.clone()),
        D::Error(e) => DataRef::Error(e.clone()),
        D::Empty => DataRef::Empty,
    }
}
