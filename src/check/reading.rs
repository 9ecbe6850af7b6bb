//! What a document says of itself, whatever label it stands under: the official format that its columns have, what its cells come
//! to, the period that it covers. Read once, for all obligations.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::locate::{Candidates, Ground, Item, Phrases, Recogniser, Site, Target};
use crate::model::{Document, ExtractionState, Format, Obligation, Pack, Text, Workbook};
use crate::text::period::{self, Part, Period};
use crate::text::{date, fold};

use super::table::{Asked, Examined, Placement, examine};

/// How sure a recognition must be for the columns to decide what a document is.
const SURE: f64 = 0.85;
/// Characters of a document's beginning in which its period is looked for.
const HEAD: usize = 1_500;

/// A table with an official format.
#[derive(Debug, Clone)]
pub struct Table {
    /// Index among the formats.
    pub format: usize,
    /// Formats with the very same columns.
    pub tied: Vec<usize>,
    /// How sure of the obligation, 0–1.
    pub confidence: f64,
    /// Name of the sheet.
    pub sheet: String,
    /// Columns of the format that the sheet has not, by their labels.
    pub missing: Vec<String>,
    /// What its cells come to.
    pub examined: Examined,
}

/// What one document says of itself.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Its table, if it has an official format.
    pub table: Option<Table>,
    /// A quarter, half year or the like that the beginning of its text names.
    pub named: Option<Period>,
    /// A month or year that the beginning of its text names: a date of signature as well as a period.
    pub dated: Option<Period>,
    /// Whether its text names the area responsible.
    pub names_area: bool,
    /// The date of update that its text gives.
    pub updated: Option<Date>,
}

/// All documents that the entry leads to, read.
#[derive(Debug, Default)]
pub struct Readings {
    by_capture: BTreeMap<usize, Reading>,
}

impl Readings {
    /// Reads every reached document of a site.
    #[must_use]
    pub fn new(site: &Site<'_>, formats: &[Format], phrases: &Phrases, on: Date, subject: &str) -> Self {
        let recogniser = Recogniser::new(formats);
        let asked = Asked {
            on: Some(on),
            subject_name: Some(subject).filter(|s| s.contains(' ')),
            phrases,
        };
        let mut by_capture = BTreeMap::new();
        for (i, _) in site.reached.iter().enumerate().filter(|(_, reached)| **reached) {
            let Some(document) = site.document(i) else { continue };
            let reading = read(document, formats, &recogniser, &asked);
            by_capture.insert(i, reading);
        }
        Self { by_capture }
    }

    /// What a capture's document says of itself.
    #[must_use]
    pub fn of(&self, capture: usize) -> Option<&Reading> {
        self.by_capture.get(&capture)
    }

    /// Adds to each obligation the documents whose columns are those of its formats, and that no label gave it.
    pub fn add_by_columns(&self, site: &Site<'_>, pack: &Pack, formats: &[Format], located: &mut [Candidates]) {
        for (&capture, reading) in &self.by_capture {
            let Some(table) = reading.table.as_ref().filter(|t| t.confidence >= SURE) else {
                continue;
            };
            for (obligation, candidates) in pack.obligations.iter().zip(located.iter_mut()) {
                let serves = table.serves(pack, obligation, formats);
                let known = candidates
                    .items
                    .iter()
                    .any(|i| matches!(i.target, Target::Document(c) if c == capture));
                if serves && !known {
                    candidates.items.push(by_columns(site, capture, table, formats));
                }
            }
        }
    }
}

fn by_columns(site: &Site<'_>, capture: usize, table: &Table, formats: &[Format]) -> Item {
    let referrer = site.captures[capture].referrer.as_deref();
    let page = referrer.and_then(|r| site.captures.iter().position(|c| c.url == r));
    Item {
        page: page.unwrap_or(capture),
        line: None,
        target: Target::Document(capture),
        ground: Ground::Columns,
        relevance: table.confidence,
        because: formats[table.format].title.clone(),
        text: String::new(),
        on_list: false,
    }
}

impl Table {
    /// Whether its format, or one with the same columns, is an obligation's: its own or one of an obligation that it continues.
    #[must_use]
    pub fn serves(&self, pack: &Pack, obligation: &Obligation, formats: &[Format]) -> bool {
        std::iter::once(&self.format)
            .chain(&self.tied)
            .any(|&f| serves(&formats[f], pack, obligation))
    }

    /// Whether it is surely another obligation's: its format belongs to obligations of the law, and not to this one.
    #[must_use]
    pub fn is_of_another(&self, pack: &Pack, obligation: &Obligation, formats: &[Format]) -> bool {
        self.confidence >= SURE
            && !self.serves(pack, obligation, formats)
            && pack.obligations.iter().any(|o| self.serves(pack, o, formats))
    }
}

/// Whether a format is an obligation's.
#[must_use]
pub fn serves(format: &Format, pack: &Pack, obligation: &Obligation) -> bool {
    format.obligations.iter().any(|of| {
        of.pack == pack.id && of.id == obligation.id
            || obligation.continues.iter().any(|l| l.pack == of.pack && l.id == of.id)
    })
}

fn read(document: &Document, formats: &[Format], recogniser: &Recogniser, asked: &Asked<'_>) -> Reading {
    let mut reading = Reading::default();
    if matches!(document.state, ExtractionState::Failed(_)) {
        return reading;
    }
    let mut documents: Vec<&Document> = vec![document];
    documents.extend(document.entries.iter().filter_map(|e| e.document.as_ref()));
    for document in documents {
        if let Some(workbook) = &document.workbook
            && reading.table.is_none()
        {
            reading.table = table(workbook, formats, recogniser, asked);
        }
        if let Some(text) = &document.text
            && reading.named.is_none()
        {
            (reading.named, reading.dated) = periods_of(text, asked.on);
            (reading.names_area, reading.updated) = answers_of(text, asked.on);
        }
        if reading.table.is_none()
            && reading.named.is_none()
            && let Some(workbook) = &document.workbook
        {
            let head: Vec<&str> = workbook
                .sheets
                .iter()
                .take(1)
                .flat_map(|s| s.rows.iter().take(8).flatten())
                .map(String::as_str)
                .collect();
            (reading.named, reading.dated) = periods_in(&head.join(" "), asked.on);
        }
    }
    reading
}

fn table(workbook: &Workbook, formats: &[Format], recogniser: &Recogniser, asked: &Asked<'_>) -> Option<Table> {
    let found = recogniser.recognise(workbook)?;
    let format = &formats[found.format];
    let placement = Placement::from(&found);
    Some(Table {
        format: found.format,
        tied: found.tied.clone(),
        confidence: found.obligation_confidence,
        sheet: workbook.sheets[found.sheet].name.clone(),
        missing: found.missing.iter().map(|&c| format.columns[c].label.clone()).collect(),
        examined: examine(workbook, format, &placement, asked),
    })
}

/// Words with which a document names who answers for it, and when it was updated.
const AREA: &[&str] = &[
    "area responsable",
    "areas responsables",
    "unidad responsable",
    "responsable de la informacion",
];
const UPDATED: &[&str] = &[
    "fecha de actualizacion",
    "ultima actualizacion",
    "fecha de validacion",
    "actualizado al",
];

/// Whether the first or last page names the area responsible, and the date of update that they give.
fn answers_of(text: &Text, on: Option<Date>) -> (bool, Option<Date>) {
    let ends = text
        .pages
        .first()
        .into_iter()
        .chain(text.pages.last().filter(|_| text.pages.len() > 1));
    let mut area = false;
    let mut updated = None;
    for line in ends.flat_map(|p| p.lines()) {
        let folded = fold(line);
        area |= AREA.iter().any(|p| folded.contains(p));
        if UPDATED.iter().any(|p| folded.contains(p)) {
            let dates = date::dates(line).into_iter().map(|(_, d)| d);
            updated = dates.filter(|d| on.is_none_or(|on| *d <= on)).max().max(updated);
        }
    }
    (area, updated)
}

fn periods_of(text: &Text, on: Option<Date>) -> (Option<Period>, Option<Period>) {
    let first = text.pages.iter().find(|p| !p.trim().is_empty());
    first.map_or((None, None), |page| periods_in(page, on))
}

/// The latest part of a year that the beginning of a text names, and the latest month or year.
fn periods_in(text: &str, on: Option<Date>) -> (Option<Period>, Option<Period>) {
    let head: String = text.chars().take(HEAD).collect();
    let past: Vec<Period> = period::all(&head, None)
        .into_iter()
        .filter(|p| on.is_none_or(|on| p.start() <= on) && p.year >= 2000)
        .collect();
    let part = |p: &&Period| (2..12).contains(&p.part.months());
    let named = past.iter().filter(part).max().copied();
    let dated = past.iter().filter(|p| !part(p)).max().copied();
    (named, dated)
}

impl Reading {
    /// The latest period that the cells of its table cover, as fine as the obligation is renewed.
    #[must_use]
    pub fn of_cells(&self, months: Option<u8>, on: Date) -> Option<Period> {
        let examined = &self.table.as_ref()?.examined;
        let last = examined.period_last.filter(|d| *d <= on || d.year() <= on.year())?;
        let whole = examined.period_first.and_then(|first| period::of_dates(first, last));
        let unit = months.unwrap_or(3);
        if let Some(whole) = whole
            && whole.part.months() <= unit
        {
            return Some(whole);
        }
        let month = u8::try_from(last.month()).ok()?;
        let year = u16::try_from(last.year()).ok()?;
        let part = Part::ending(unit, month).unwrap_or(Part::Month(month));
        Some(Period { year, part })
    }
}
