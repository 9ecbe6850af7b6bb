//! Paragraphs and cells, in reading order → lines of text and sheets of tables, within limits.

use url::Url;

use crate::extract::{Limits, prose};
use crate::model::{Link, LinkOrigin, Sheet};
use crate::text::url::resolve;

/// Tables inside tables that are kept apart; deeper ones become text of the outer one.
const NESTING: usize = 8;

/// Cells that one repeated cell or row may become.
const REPEATED: usize = 256;

/// What is being built.
pub(super) struct Builder<'a> {
    base: &'a Url,
    limits: &'a Limits,
    pages: Vec<String>,
    tables: Vec<Sheet>,
    open: Vec<Table>,
    links: Vec<Link>,
    characters: usize,
    cells: usize,
    cut: bool,
}

/// A table that is being read.
struct Table {
    /// Its place among the tables of the document, which are counted as they begin.
    number: usize,
    row: Vec<String>,
    cell: Option<String>,
    span: usize,
    repeat: usize,
    rows_repeat: usize,
}

/// What was built.
pub(super) struct Built {
    pub(super) pages: Vec<String>,
    pub(super) tables: Vec<Sheet>,
    pub(super) links: Vec<Link>,
    pub(super) cut: bool,
}

impl<'a> Builder<'a> {
    /// Nothing yet; addresses are relative to `base`.
    pub(super) fn new(base: &'a Url, limits: &'a Limits) -> Self {
        Self {
            base,
            limits,
            pages: vec![String::new()],
            tables: Vec::new(),
            open: Vec::new(),
            links: Vec::new(),
            characters: 0,
            cells: 0,
            cut: false,
        }
    }

    /// Adds text to the line and to the open cell.
    pub(super) fn text(&mut self, text: &str) {
        self.characters += text.len();
        if self.characters > self.limits.characters {
            self.cut = true;
            return;
        }
        if let Some(page) = self.pages.last_mut() {
            page.push_str(text);
        }
        if let Some(cell) = self.open.last_mut().and_then(|t| t.cell.as_mut()) {
            cell.push_str(text);
        }
    }

    /// Ends the line.
    pub(super) fn end_line(&mut self) {
        self.text("\n");
    }

    /// Begins a page, unless the last is still empty and the first.
    pub(super) fn page(&mut self) {
        if self.pages.len() >= self.limits.pages {
            self.cut = true;
        } else if self.pages.len() > 1 || self.pages.iter().any(|p| !p.is_empty()) {
            self.pages.push(String::new());
        }
    }

    /// Adds a link with its words.
    pub(super) fn link(&mut self, href: &str, words: &str) {
        if self.links.len() >= self.limits.links {
            self.cut = true;
            return;
        }
        if let Some((url, fragment)) = resolve(self.base, href) {
            self.links.push(Link {
                href: href.trim().to_owned(),
                url: Some(url.to_string()),
                fragment,
                text: prose::tidy(words).replace('\n', " "),
                origin: LinkOrigin::Document,
                line: None,
            });
        }
    }

    /// Whether a table is open.
    pub(super) fn in_table(&self) -> bool {
        !self.open.is_empty()
    }

    /// Begins a table.
    pub(super) fn start_table(&mut self) {
        let number = self.tables.len();
        if number < self.limits.sheets {
            self.tables.push(Sheet {
                name: format!("tabla {}", number + 1),
                ..Sheet::default()
            });
        } else {
            self.cut = true;
        }
        if self.open.len() < NESTING {
            self.open.push(Table {
                number,
                row: Vec::new(),
                cell: None,
                span: 1,
                repeat: 1,
                rows_repeat: 1,
            });
        }
    }

    /// Begins a row that stands for `repeat` equal ones.
    pub(super) fn start_row(&mut self, repeat: usize) {
        if let Some(table) = self.open.last_mut() {
            table.row.clear();
            table.rows_repeat = repeat.clamp(1, REPEATED);
        }
    }

    /// Begins a cell that covers `span` columns and stands for `repeat` equal ones.
    pub(super) fn start_cell(&mut self, span: usize, repeat: usize) {
        if let Some(table) = self.open.last_mut() {
            table.cell = Some(String::new());
            table.span = span.clamp(1, REPEATED);
            table.repeat = repeat.clamp(1, REPEATED);
        }
    }

    /// Says afterwards how many columns the open cell covers.
    pub(super) fn span(&mut self, span: usize) {
        if let Some(table) = self.open.last_mut() {
            table.span = span.clamp(1, REPEATED);
        }
    }

    /// Ends the cell: the columns that it covers besides the first are empty.
    pub(super) fn end_cell(&mut self) {
        let Some(table) = self.open.last_mut() else { return };
        let Some(cell) = table.cell.take() else { return };
        let text = prose::tidy(&cell);
        let repeat = if text.is_empty() || table.repeat < REPEATED {
            table.repeat
        } else {
            1
        };
        for _ in 0..repeat {
            table.row.push(text.clone());
            for _ in 1..table.span {
                table.row.push(String::new());
            }
        }
    }

    /// Ends the row.
    pub(super) fn end_row(&mut self) {
        self.end_cell();
        let Some(table) = self.open.last_mut() else { return };
        let mut row = std::mem::take(&mut table.row);
        while row.last().is_some_and(String::is_empty) {
            row.pop();
        }
        let repeat = if row.is_empty() { 1 } else { table.rows_repeat };
        let Some(sheet) = self.tables.get_mut(table.number) else {
            return;
        };
        for _ in 0..repeat {
            self.cells += row.len().max(1);
            if sheet.rows.len() >= self.limits.rows || self.cells > self.limits.cells {
                sheet.truncated = true;
                self.cut = true;
                return;
            }
            sheet.rows.push(row.clone());
        }
    }

    /// Ends the table.
    pub(super) fn end_table(&mut self) {
        self.open.pop();
    }

    /// Gives what was built.
    pub(super) fn finish(mut self) -> Built {
        for sheet in &mut self.tables {
            while sheet.rows.last().is_some_and(Vec::is_empty) {
                sheet.rows.pop();
            }
        }
        Built {
            pages: self.pages.iter().map(|p| prose::tidy(p)).collect(),
            tables: self.tables,
            links: self.links,
            cut: self.cut,
        }
    }
}
