//! What cells of an XLSX carry besides their text: hyperlinks and merged cells, read from the sheet's XML behind its cells.

use std::collections::HashMap;
use std::io::{Cursor, Read as _};

use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::grid::Grid;
use crate::extract::Limits;

/// The package once more, for the parts that the reader of cells does not show.
#[derive(Debug)]
pub(super) struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Paths of sheets by their names.
    sheets: HashMap<String, String>,
}

impl<'a> Package<'a> {
    /// `None` when the book does not lead to its sheets as usual: links and merged cells are then unknown.
    pub(super) fn open(bytes: &'a [u8]) -> Option<Self> {
        let mut package = Self {
            zip: ZipArchive::new(Cursor::new(bytes)).ok()?,
            sheets: HashMap::new(),
        };
        let small = 4 << 20;
        let targets = relations(&package.part("xl/_rels/workbook.xml.rels", small)?);
        let mut sheets = HashMap::new();
        each(&package.part("xl/workbook.xml", small)?, |e| {
            if e.local_name().as_ref() == "sheet"
                && let (Some(name), Some(id)) = (attribute(e, "name"), attribute(e, "id"))
                && let Some(target) = targets.get(&id)
            {
                let path = target
                    .strip_prefix('/')
                    .map_or_else(|| format!("xl/{}", target.trim_start_matches("./")), str::to_owned);
                sheets.insert(name, path);
            }
        });
        package.sheets = sheets;
        Some(package)
    }

    fn part(&mut self, path: &str, most: u64) -> Option<String> {
        let entry = self.zip.by_name(path).ok()?;
        let mut bytes = Vec::new();
        entry.take(most).read_to_end(&mut bytes).ok()?;
        Some(match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(e) => String::from_utf8_lossy(e.as_bytes()).into_owned(),
        })
    }

    /// Adds the links and merged cells of a sheet.
    pub(super) fn add(&mut self, sheet: &str, grid: &mut Grid, limits: &Limits) {
        if grid.cut {
            return;
        }
        let Some(path) = self.sheets.get(sheet).cloned() else {
            return;
        };
        let Some(xml) = self.part(&path, limits.inflated) else {
            return;
        };
        formulas(&xml, grid);
        let behind = xml.rfind("sheetData").and_then(|at| xml.get(at..)).unwrap_or_default();
        let behind = behind.split_once('>').map_or("", |(_, rest)| rest);
        let targets = if behind.contains("hyperlink") {
            let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
            let rels = self.part(&format!("{folder}/_rels/{file}.rels"), limits.inflated);
            rels.map(|r| relations(&r)).unwrap_or_default()
        } else {
            HashMap::new()
        };
        let most = limits.links;
        each(behind, |e| match e.local_name().as_ref() {
            "mergeCell" if grid.merged.len() < most => grid.merged.extend(area(e)),
            "hyperlink" if grid.hyperlinks.len() < most => {
                if let Some((row, column, _, _)) = area(e)
                    && let Some(to) = attribute(e, "id").and_then(|id| targets.get(&id).cloned())
                {
                    grid.hyperlinks.push((row, column, to));
                }
            }
            _ => {}
        });
    }
}

/// `HYPERLINK("…")` with its address written out.
fn formulas(xml: &str, grid: &mut Grid) {
    for (at, mark) in xml.match_indices("HYPERLINK(") {
        let rest = xml[at + mark.len()..].trim_start();
        let Some((quote, rest)) = ["\"", "&quot;"].iter().find_map(|q| Some((*q, rest.strip_prefix(q)?))) else {
            continue;
        };
        let cell = xml[..at]
            .rfind("<c ")
            .and_then(|c| xml[c..at].split("r=\"").nth(1)?.split('"').next());
        if let Some((row, column)) = cell.and_then(cell_address)
            && let Some((to, _)) = rest.split_once(quote)
        {
            grid.hyperlinks.push((row, column, unescape(to)));
        }
    }
}

/// Targets by id.
fn relations(xml: &str) -> HashMap<String, String> {
    let mut out = HashMap::new();
    each(xml, |e| {
        if e.local_name().as_ref() == "Relationship"
            && let (Some(id), Some(target)) = (attribute(e, "Id"), attribute(e, "Target"))
        {
            out.insert(id, target);
        }
    });
    out
}

/// Calls for each element that starts, until the end or the first fault.
fn each(xml: &str, mut with: impl FnMut(&BytesStart<'_>)) {
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    loop {
        match reader.read_event() {
            Ok(Event::Start(e) | Event::Empty(e)) => with(&e),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
}

/// An attribute by its name without prefix.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element
        .attributes()
        .flatten()
        .find(|a| a.key.local_name().as_ref() == name)?;
    Some(unescape(&found.value))
}

/// Without the five entities of XML and its numbered ones.
pub(super) fn unescape(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

/// `ref="A1:C3"` as first row and column, last row and column, from 0.
fn area(element: &BytesStart<'_>) -> Option<(u32, u32, u32, u32)> {
    let text = attribute(element, "ref")?;
    let (first, last) = text.split_once(':').unwrap_or((&text, &text));
    let ((r1, c1), (r2, c2)) = (cell_address(first)?, cell_address(last)?);
    Some((r1.min(r2), c1.min(c2), r1.max(r2), c1.max(c2)))
}

/// `B7` as row 6, column 1.
fn cell_address(text: &str) -> Option<(u32, u32)> {
    let text = text.trim_matches('$');
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let letters = text[..digits].trim_end_matches('$');
    let mut column = 0u32;
    for letter in letters.bytes() {
        let n = u32::from(letter.to_ascii_uppercase().checked_sub(b'A')?);
        column = column.checked_mul(26)?.checked_add(n + 1).filter(|_| n < 26)?;
    }
    let row: u32 = text[digits..].parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}
