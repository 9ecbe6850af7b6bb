//! OpenDocument spreadsheets (ISO 26300), read as a stream: repeated rows and cells are counted, never written out beyond limits.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Cursor, Read as _};
use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::grid::{Budget, Grid};
use super::parts::unescape;
use super::{Read, in_part, values};
use crate::extract::Limits;
use crate::model::{Fault, Workbook};

type Reader<R> = quick_xml::Reader<R>;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Read {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Damaged)?;
    if is_encrypted(&mut zip) {
        return Err(Fault::Encrypted);
    }
    let content = zip.by_name("content.xml").map_err(|_| Fault::Damaged)?;
    let mut reader = Reader::from_reader(BufReader::new(content.take(limits.inflated)));
    reader.config_mut().check_end_names = false;
    reader.config_mut().expand_empty_elements = true;
    let mut book = Book {
        limits,
        budget: Budget::new(limits),
        hidden: HashSet::new(),
        style: None,
        workbook: Workbook::default(),
        note: None,
    };
    let whole = book.read(&mut reader);
    if whole.is_none() && book.workbook.sheets.iter().all(|s| s.rows.is_empty()) {
        return Err(Fault::Damaged);
    }
    if whole.is_none() {
        book.note.get_or_insert_with(|| "el archivo está cortado".to_owned());
    }
    Ok((book.workbook, book.note))
}

fn is_encrypted(zip: &mut ZipArchive<Cursor<&[u8]>>) -> bool {
    let mut manifest = Vec::new();
    zip.by_name("META-INF/manifest.xml")
        .is_ok_and(|part| part.take(1 << 20).read_to_end(&mut manifest).is_ok())
        && String::from_utf8_lossy(&manifest).contains("encryption-data")
}

struct Book<'a> {
    limits: &'a Limits,
    budget: Budget<'a>,
    /// Styles of tables that are not displayed.
    hidden: HashSet<String>,
    style: Option<String>,
    workbook: Workbook,
    note: Option<String>,
}

impl Book<'_> {
    /// `None`: broken off.
    fn read(&mut self, reader: &mut Reader<impl BufRead>) -> Option<()> {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer).ok()? {
                Event::Start(e) => match e.name().as_ref() {
                    "style:style" => self.style = attribute(&e, "style:name"),
                    "style:table-properties" if attribute(&e, "table:display").as_deref() == Some("false") => {
                        self.hidden.extend(self.style.take());
                    }
                    "table:table" => {
                        if self.workbook.sheets.len() >= self.limits.sheets {
                            self.note = Some(format!("sólo se leyeron {} hojas", self.limits.sheets));
                            return Some(());
                        }
                        let name = attribute(&e, "table:name").unwrap_or_default();
                        let hidden = attribute(&e, "table:style-name").is_some_and(|s| self.hidden.contains(&s));
                        let mut table = Table::default();
                        let whole = table.read(reader, &mut self.budget);
                        table.grid.cut |= whole.is_none();
                        if table.grid.cut {
                            self.note = Some(in_part(&name));
                        }
                        self.workbook.sheets.push(table.grid.finish(&name, hidden));
                        whole?;
                    }
                    _ => {}
                },
                Event::Eof => return Some(()),
                _ => {}
            }
        }
    }
}

/// A table while it is read.
#[derive(Default)]
struct Table {
    grid: Grid,
    row: u32,
    column: u32,
    /// How often the row is repeated.
    rows: u32,
    /// Cells of the row that say something: column, how often repeated, text.
    cells: Vec<(u32, u32, String)>,
    cell: Cell,
    /// No more cells are taken.
    full: bool,
}

/// A cell while it is read.
#[derive(Default)]
struct Cell {
    /// What its attributes say; the printed text counts where they say nothing.
    value: Option<String>,
    printed: String,
    repeated: u32,
    link: Option<String>,
    spans: (u32, u32),
    /// Depth within a comment, whose text is not the cell's.
    comment: bool,
}

impl Table {
    fn read(&mut self, reader: &mut Reader<impl BufRead>, budget: &mut Budget<'_>) -> Option<()> {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer).ok()? {
                Event::Start(e) => self.start(&e),
                Event::Text(t) if !self.cell.comment => self.cell.printed.push_str(&t),
                Event::GeneralRef(r) if !self.cell.comment => {
                    self.cell.printed.push_str(&unescape(&format!("&{};", &*r)));
                }
                Event::End(e) => match e.name().as_ref() {
                    "table:table" => return Some(()),
                    "office:annotation" => self.cell.comment = false,
                    "text:p" => self.cell.printed.push(' '),
                    "table:table-cell" | "table:covered-table-cell" => self.end_cell(),
                    "table:table-row" => self.end_row(budget),
                    _ => {}
                },
                Event::Eof => return None,
                _ => {}
            }
        }
    }

    fn start(&mut self, e: &BytesStart<'_>) {
        match e.name().as_ref() {
            "table:table-row" => {
                self.rows = count(e, "table:number-rows-repeated");
                self.column = 0;
            }
            "table:table-cell" | "table:covered-table-cell" => {
                self.cell = Cell {
                    value: value(e),
                    repeated: count(e, "table:number-columns-repeated"),
                    spans: (
                        count(e, "table:number-rows-spanned"),
                        count(e, "table:number-columns-spanned"),
                    ),
                    ..Cell::default()
                };
            }
            "office:annotation" => self.cell.comment = true,
            "text:a" => self.cell.link = attribute(e, "xlink:href"),
            "text:s" | "text:tab" | "text:line-break" => self.cell.printed.push(' '),
            _ => {}
        }
    }

    fn end_cell(&mut self) {
        let cell = std::mem::take(&mut self.cell);
        let text = cell.value.unwrap_or(cell.printed);
        if !self.full {
            if let Some(to) = cell.link {
                self.grid.hyperlinks.push((self.row, self.column, to));
            }
            let (down, across) = cell.spans;
            if down > 1 || across > 1 {
                let last = (
                    self.row.saturating_add(down - 1),
                    self.column.saturating_add(across - 1),
                );
                self.grid.merged.push((self.row, self.column, last.0, last.1));
            }
            if !text.trim().is_empty() {
                self.cells.push((self.column, cell.repeated, text));
            }
        }
        self.column = self.column.saturating_add(cell.repeated);
    }

    fn end_row(&mut self, budget: &mut Budget<'_>) {
        let cells = std::mem::take(&mut self.cells);
        if !cells.is_empty() && self.put(&cells, budget).is_break() {
            self.full = true;
        }
        self.row = self.row.saturating_add(self.rows);
    }

    fn put(&mut self, cells: &[(u32, u32, String)], budget: &mut Budget<'_>) -> ControlFlow<()> {
        for row in 0..self.rows {
            for (column, repeated, text) in cells {
                for n in 0..*repeated {
                    let (row, column) = (self.row.saturating_add(row), column.saturating_add(n));
                    self.grid.put(budget, row, column, text)?;
                }
            }
        }
        ControlFlow::Continue(())
    }
}

/// What a cell's attributes say that it holds, save for what people see printed in it anyway.
fn value(e: &BytesStart<'_>) -> Option<String> {
    match attribute(e, "office:value-type")?.as_str() {
        "float" | "currency" => Some(values::number(attribute(e, "office:value")?.parse().ok()?)),
        "percentage" => Some(values::percentage(attribute(e, "office:value")?.parse().ok()?)),
        "date" => Some(values::iso(&attribute(e, "office:date-value")?)),
        "boolean" => Some(values::truth(attribute(e, "office:boolean-value")? == "true").to_owned()),
        "string" => attribute(e, "office:string-value"),
        _ => None,
    }
}

fn count(e: &BytesStart<'_>, name: &str) -> u32 {
    attribute(e, name).and_then(|n| n.parse().ok()).unwrap_or(1).max(1)
}

fn attribute(e: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = e.attributes().flatten().find(|a| a.key.as_ref() == name)?;
    Some(unescape(&found.value))
}
