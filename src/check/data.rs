//! Is there information in a document? Rows of a workbook, a reasoned negative, a template that was never filled.

use crate::locate::Phrases;
use crate::model::{Document, DocumentKind, ExtractionState, Sheet, Text, Workbook};
use crate::text::fold;

pub use super::cell::column_letters;
use super::cell::{address, is_frame, is_substantive};

/// Rows in which the header of an official format is looked for.
pub(super) const HEADER_WITHIN: usize = 16;
/// Substantive cells that make a row one of data.
pub(super) const CELLS_OF_ROW: usize = 2;
/// Substantive cells that make a sheet without a recognised header one of data.
const CELLS_OF_SHEET: usize = 6;

/// Fewest characters of a note that gives a reason.
const NOTE: usize = 25;

/// What a document holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// Rows of data: how many, where the first is, its words.
    Rows {
        /// Number of rows.
        count: usize,
        /// Sheet and row.
        locator: String,
        /// Its words.
        excerpt: String,
    },
    /// A note that says with reason that nothing was generated.
    ReasonedNegative {
        /// Sheet and cell.
        locator: String,
        /// The note.
        excerpt: String,
    },
    /// A format without a row.
    Template {
        /// Sheet and row of its header.
        locator: String,
        /// Words of its header.
        excerpt: String,
    },
    /// Text of a document: how many words, the page where it begins, its first words.
    Text {
        /// Number of words read.
        words: usize,
        /// Page.
        locator: String,
        /// Its first words.
        excerpt: String,
    },
    /// A promise or a filler instead of information: "en proceso de actualización" and no more.
    Placeholder {
        /// Page.
        locator: String,
        /// The words.
        excerpt: String,
    },
    /// Pictures of pages without a letter that a machine could read.
    Scanned {
        /// Number of pages.
        pages: usize,
    },
    /// A kind that is recognised and not looked into.
    Unread(DocumentKind),
    /// Nothing: no bytes, an image where a document is due.
    NoContent,
    /// Could not be read; why, in Spanish.
    Unreadable(String),
}

impl Data {
    /// Whether it counts as information.
    #[must_use]
    pub fn is_information(&self) -> bool {
        matches!(
            self,
            Self::Rows { .. }
                | Self::ReasonedNegative { .. }
                | Self::Text { .. }
                | Self::Scanned { .. }
                | Self::Unread(_)
        )
    }

    /// Where in the document.
    #[must_use]
    pub fn locator(&self) -> Option<&str> {
        match self {
            Self::Rows { locator, .. }
            | Self::ReasonedNegative { locator, .. }
            | Self::Text { locator, .. }
            | Self::Placeholder { locator, .. }
            | Self::Template { locator, .. } => Some(locator),
            _ => None,
        }
    }

    /// Words seen there.
    #[must_use]
    pub fn excerpt(&self) -> Option<&str> {
        match self {
            Self::Rows { excerpt, .. }
            | Self::ReasonedNegative { excerpt, .. }
            | Self::Text { excerpt, .. }
            | Self::Placeholder { excerpt, .. }
            | Self::Template { excerpt, .. } => Some(excerpt),
            _ => None,
        }
    }

    /// The same, located within an archive's entry.
    fn inside(mut self, entry: &str) -> Self {
        if let Self::Rows { locator, .. }
        | Self::ReasonedNegative { locator, .. }
        | Self::Text { locator, .. }
        | Self::Placeholder { locator, .. }
        | Self::Template { locator, .. } = &mut self
        {
            *locator = format!("archivo '{entry}', {locator}");
        }
        self
    }

    /// Which of two sheets or entries says more.
    fn rank(&self) -> u8 {
        match self {
            Self::Rows { .. } => 7,
            Self::Text { .. } => 6,
            Self::ReasonedNegative { .. } => 5,
            Self::Scanned { .. } => 4,
            Self::Unread(_) => 3,
            Self::Template { .. } | Self::Placeholder { .. } => 2,
            Self::NoContent => 1,
            Self::Unreadable(_) => 0,
        }
    }
}

/// What a document holds.
#[must_use]
pub fn read(document: &Document, phrases: &Phrases) -> Data {
    if let ExtractionState::Failed(why) = &document.state {
        return Data::Unreadable(why.spanish());
    }
    if !document.entries.is_empty() {
        return archive_data(document, phrases);
    }
    if document.state == ExtractionState::NoTextLayer {
        let pages = document.text.as_ref().map_or(1, |t| t.page_count);
        return Data::Scanned { pages };
    }
    match (&document.text, &document.workbook) {
        (Some(text), _) => text_data(text, phrases),
        (None, Some(workbook)) => workbook_data(workbook, phrases),
        (None, None) if !document.kind.is_content() => Data::NoContent,
        (None, None) => Data::Unread(document.kind),
    }
}

/// The best of an archive's entries, located by the entry's name.
fn archive_data(document: &Document, phrases: &Phrases) -> Data {
    let mut best = Data::NoContent;
    for entry in &document.entries {
        let Some(inner) = &entry.document else { continue };
        let found = read(inner, phrases).inside(&entry.name);
        if found.rank() > best.rank() {
            best = found;
        }
    }
    best
}

/// Fewest letters that make a text.
const LEAST_LETTERS: usize = 20;
/// A text with a promise and no more words than this is a promise.
const PROMISE: usize = 60;
/// A text with a reasoned negative and no more words than this is one.
const NOTICE: usize = 250;

/// What the text of a document comes to.
fn text_data(text: &Text, phrases: &Phrases) -> Data {
    let letters: usize = text
        .pages
        .iter()
        .map(|p| p.chars().filter(|c| c.is_alphanumeric()).count())
        .sum();
    let Some(first) = text
        .pages
        .iter()
        .position(|p| !p.trim().is_empty())
        .filter(|_| letters >= LEAST_LETTERS)
    else {
        return Data::NoContent;
    };
    let words: usize = text.pages.iter().map(|p| p.split_whitespace().count()).sum();
    let locator = format!("página {}", first + 1);
    let all = || text.pages.join(" ");
    if words <= PROMISE && phrases.is_placeholder(&all()) {
        let excerpt = beginning(&all());
        return Data::Placeholder { locator, excerpt };
    }
    if words <= NOTICE && phrases.is_reasoned_negative(&all()) {
        let excerpt = beginning(&all());
        return Data::ReasonedNegative { locator, excerpt };
    }
    Data::Text {
        words,
        locator,
        excerpt: beginning(&text.pages[first]),
    }
}

/// The first words, on one line.
fn beginning(text: &str) -> String {
    text.split_whitespace().take(40).collect::<Vec<_>>().join(" ")
}

/// The best of its sheets; catalogues and hidden sheets hold no data of their own.
fn workbook_data(workbook: &Workbook, phrases: &Phrases) -> Data {
    let named: Vec<&Sheet> = workbook.sheets.iter().filter(|s| !is_auxiliary(s)).collect();
    let official: Vec<&Sheet> = named.iter().copied().filter(|s| header_row(s).is_some()).collect();
    let sheets = if official.is_empty() { named } else { official };
    let mut best = Data::NoContent;
    for sheet in sheets {
        let found = sheet_data(sheet, phrases);
        if found.rank() > best.rank() {
            best = found;
        }
    }
    best
}

/// Hidden catalogues and child tables of official formats.
pub(super) fn is_auxiliary(sheet: &Sheet) -> bool {
    let name = fold(&sheet.name);
    sheet.hidden || name.starts_with("hidden") || name.starts_with("tabla ") && name.len() > 6
}

/// Row of the header of an official format: its first cell is "Ejercicio", or "ID" beside "FECHA CREACION".
pub(super) fn header_row(sheet: &Sheet) -> Option<usize> {
    sheet.rows.iter().take(HEADER_WITHIN).position(|row| {
        let mut cells = row.iter().map(|c| fold(c)).filter(|c| !c.is_empty());
        match cells.next().as_deref() {
            Some("ejercicio") => row.len() > 3,
            Some("id") => cells.any(|c| c == "fecha creacion" || c == "ejercicio"),
            _ => false,
        }
    })
}

fn sheet_data(sheet: &Sheet, phrases: &Phrases) -> Data {
    let Some(header) = header_row(sheet) else {
        return free_sheet(sheet, phrases);
    };
    let own: Vec<bool> = sheet.rows[header].iter().map(|name| !is_frame(name)).collect();
    let mut count = 0;
    let mut first = None;
    for (n, row) in sheet.rows.iter().enumerate().skip(header + 1) {
        let substantive = row
            .iter()
            .enumerate()
            .filter(|(column, cell)| own.get(*column).copied().unwrap_or(false) && is_substantive(cell))
            .count();
        if substantive >= CELLS_OF_ROW {
            count += 1;
            first.get_or_insert(n);
        }
    }
    if let Some(n) = first {
        return Data::Rows {
            count,
            locator: row_locator(sheet, n),
            excerpt: words_of(&sheet.rows[n]),
        };
    }
    let explained = negative(sheet, header + 1, phrases).or_else(|| note(sheet, header, phrases));
    explained.unwrap_or_else(|| Data::Template {
        locator: row_locator(sheet, header),
        excerpt: words_of(&sheet.rows[header]),
    })
}

/// A table that a town made up: some cells with something in them.
fn free_sheet(sheet: &Sheet, phrases: &Phrases) -> Data {
    let full = |row: &Vec<String>| row.iter().filter(|c| is_substantive(c)).count();
    let cells: usize = sheet.rows.iter().map(full).sum();
    if cells < CELLS_OF_SHEET {
        return negative(sheet, 0, phrases).unwrap_or(Data::NoContent);
    }
    let rows: Vec<usize> = (0..sheet.rows.len())
        .filter(|&n| full(&sheet.rows[n]) >= CELLS_OF_ROW)
        .collect();
    let first = rows.get(1).or(rows.first()).copied().unwrap_or(0);
    Data::Rows {
        count: rows.len(),
        locator: row_locator(sheet, first),
        excerpt: words_of(&sheet.rows[first]),
    }
}

/// A note of an official format that denies at length: "esta Secretaría no asigna recursos públicos a personas". The column is for
/// that, so that any wording counts.
fn note(sheet: &Sheet, header: usize, phrases: &Phrases) -> Option<Data> {
    let column = sheet.rows[header].iter().position(|c| fold(c) == "nota")?;
    sheet.rows.iter().enumerate().skip(header + 1).find_map(|(n, row)| {
        let cell = row.get(column)?;
        let denies = fold(cell)
            .split(' ')
            .any(|w| matches!(w, "no" | "sin" | "ningun" | "ninguna" | "ninguno" | "nunca"));
        (denies && cell.chars().count() >= NOTE && !phrases.is_placeholder(cell)).then(|| Data::ReasonedNegative {
            locator: cell_locator(sheet, n, column),
            excerpt: cell.clone(),
        })
    })
}

fn negative(sheet: &Sheet, from: usize, phrases: &Phrases) -> Option<Data> {
    sheet.rows.iter().enumerate().skip(from).find_map(|(n, row)| {
        let (column, cell) = row
            .iter()
            .enumerate()
            .find(|(_, cell)| phrases.is_reasoned_negative(cell))?;
        Some(Data::ReasonedNegative {
            locator: cell_locator(sheet, n, column),
            excerpt: cell.clone(),
        })
    })
}

fn words_of(row: &[String]) -> String {
    row.iter()
        .filter(|c| !c.trim().is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" | ")
}

fn row_locator(sheet: &Sheet, row: usize) -> String {
    let number = sheet.origin.0 as usize + row + 1;
    format!("hoja '{}', fila {number}", sheet.name)
}

fn cell_locator(sheet: &Sheet, row: usize, column: usize) -> String {
    format!("hoja '{}', celda {}", sheet.name, address(sheet, row, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[&[&str]]) -> Sheet {
        Sheet {
            name: "Reporte de Formatos".into(),
            rows: rows
                .iter()
                .map(|r| r.iter().map(|c| (*c).to_owned()).collect())
                .collect(),
            ..Sheet::default()
        }
    }

    fn phrases() -> Phrases {
        Phrases {
            negatives: vec!["no se genero".into()],
            ..Phrases::default()
        }
    }

    fn found(rows: &[&[&str]]) -> Data {
        workbook_data(
            &Workbook {
                sheets: vec![sheet(rows)],
            },
            &phrases(),
        )
    }

    const HEAD: &[&str] = &[
        "Ejercicio",
        "Fecha de inicio del periodo que se informa",
        "Nombre",
        "Cargo",
        "Área(s) responsable(s) que genera(n)",
        "Nota",
    ];

    #[test]
    fn a_row_needs_two_cells_of_its_own() {
        let data = found(&[
            &["TÍTULO"],
            HEAD,
            &["2024", "01/01/2024", "Ana Ruiz", "Síndica", "Tesorería", ""],
        ]);
        assert_eq!(
            data,
            Data::Rows {
                count: 1,
                locator: "hoja 'Reporte de Formatos', fila 3".into(),
                excerpt: "2024 | 01/01/2024 | Ana Ruiz | Síndica | Tesorería".into()
            }
        );
    }

    #[test]
    fn period_and_area_alone_are_a_template() {
        let data = found(&[HEAD, &["2024", "01/01/2024", "", "", "Tesorería", ""]]);
        assert!(matches!(data, Data::Template { .. }));
        let data = found(&[
            HEAD,
            &[
                "2024",
                "01/01/2024",
                "Colocar el ID de los registros",
                "1",
                "Tesorería",
                "",
            ],
        ]);
        assert!(matches!(data, Data::Template { .. }), "{data:?}");
    }

    #[test]
    fn a_reasoned_note_counts_and_is_located() {
        let data = found(&[
            HEAD,
            &[
                "2024",
                "01/01/2024",
                "",
                "",
                "Tesorería",
                "En el periodo no se generó información de este rubro",
            ],
        ]);
        assert_eq!(data.locator(), Some("hoja 'Reporte de Formatos', celda F2"));
        assert!(data.is_information());
    }
}
