//! Bytes → documents: the only parsing of strangers' bytes. Whatever comes, something is made of it: trouble is told in
//! [`ExtractionState`], never as an error. Knows no rules, does no I/O.
//!
//! ```text
//! bytes ─► sniff ─► charset ─► html (script: what scripts write) ─► Page
//!                ├► sheet ─► Workbook        └► feed ─► links of sitemaps and feeds
//!                ├► pdf, office ─► Text, tables, links
//!                └► archive ─► its entries as documents
//! ```

mod archive;
pub mod charset;
mod feed;
mod html;
pub mod isolate;
mod office;
mod package;
mod pdf;
mod prose;
mod script;
mod sheet;
pub mod sniff;
mod xml;
mod zip_directory;

pub use sheet::tables;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::{Document, DocumentKind, ExtractionState, Fault, Link, LinkFound, LinkOrigin, Page};
use crate::text::url::resolve;

/// Limits while parsing; one that is hit makes the document [`ExtractionState::Partial`].
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of a file that is no text.
    pub file_bytes: u64,
    /// Bytes of text (HTML, scripts, CSV) that are parsed.
    pub text_bytes: usize,
    /// Lines of a page.
    pub lines: usize,
    /// Links of a page.
    pub links: usize,
    /// Open elements inside each other.
    pub depth: usize,
    /// Sheets of a workbook.
    pub sheets: usize,
    /// Rows of a sheet.
    pub rows: usize,
    /// Columns of a sheet, counted from its first.
    pub columns: usize,
    /// Cells of a workbook.
    pub cells: usize,
    /// Bytes that a document or an archive may inflate to, all of it together.
    pub inflated: u64,
    /// Pages of a document.
    pub pages: usize,
    /// Characters of a document's text.
    pub characters: usize,
    /// Objects of a PDF.
    pub objects: usize,
    /// Entries of an archive that are opened.
    pub entries: usize,
    /// Bytes that one entry of an archive may inflate to.
    pub entry: u64,
    /// How many times larger than stored an entry may become; small entries may become larger.
    pub ratio: u64,
    /// Archives inside each other that are opened, the outermost counted.
    pub nesting: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 128 << 20,
            text_bytes: 8 << 20,
            lines: 60_000,
            links: 40_000,
            depth: 2_000,
            sheets: 60,
            rows: 20_000,
            columns: 1_024,
            cells: 600_000,
            inflated: 256 << 20,
            pages: 300,
            characters: 4_000_000,
            objects: 300_000,
            entries: 300,
            entry: 64 << 20,
            ratio: 200,
            nesting: 2,
        }
    }
}

/// Where bytes come from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Address that answered.
    pub url: &'a Url,
    /// Page that loads it: addresses in a script's data are relative to the page, not to the script.
    pub loaded_by: Option<&'a Url>,
    /// `Content-Type` as declared.
    pub content_type: Option<&'a str>,
    /// Response headers (name, value).
    pub headers: &'a [(String, String)],
}

/// How deep in archives a document is, and how many bytes may still be inflated.
#[derive(Debug)]
struct Depth {
    archives: usize,
    left: u64,
}

/// Makes a document of bytes.
#[must_use]
pub fn extract(source: &Source<'_>, bytes: &[u8], limits: &Limits) -> Document {
    let kind = sniff::kind(bytes, source.url, source.content_type);
    extract_as(kind, source, bytes, limits)
}

/// Makes a document of bytes whose kind is known.
fn extract_as(kind: DocumentKind, source: &Source<'_>, bytes: &[u8], limits: &Limits) -> Document {
    let mut depth = Depth {
        archives: 0,
        left: limits.inflated,
    };
    let mut document = extract_within(kind, source, bytes, limits, &mut depth);
    add_link_headers(&mut document, source);
    document
}

/// A document of which no more than the kind is known.
fn blank(kind: DocumentKind, declared: Option<DocumentKind>) -> Document {
    Document {
        kind,
        declared,
        state: ExtractionState::Recognised,
        title: None,
        page: None,
        workbook: None,
        text: None,
        entries: Vec::new(),
        links: Vec::new(),
    }
}

fn extract_within(
    kind: DocumentKind,
    source: &Source<'_>,
    bytes: &[u8],
    limits: &Limits,
    depth: &mut Depth,
) -> Document {
    let mut document = blank(kind, sniff::declared(source));
    if let Some(fault) = refused(kind, bytes, limits) {
        document.state = ExtractionState::Failed(fault);
        return document;
    }
    match kind {
        DocumentKind::Html => {
            let (text, charset) = charset::decode(bytes, source.content_type, true);
            let (cut, mut note) = cut(&text, limits.text_bytes);
            let mut parsed = html::parse(cut, source, limits);
            parsed.page.charset = Some(charset);
            note = note.or(parsed.cut);
            document.title = parsed.title;
            document.workbook = saved_as_page(document.declared, cut).then(|| tables(&parsed.page));
            document.workbook = document.workbook.filter(|w| !w.sheets.is_empty());
            document.page = Some(parsed.page);
            document.state = state(note);
        }
        DocumentKind::Script | DocumentKind::Json => {
            let (text, _) = charset::decode(bytes, source.content_type, false);
            let (cut, note) = cut(&text, limits.text_bytes);
            let base = source.loaded_by.unwrap_or(source.url);
            let (page, links) = html::of_script(cut, kind == DocumentKind::Json, base, limits);
            document.page = page;
            document.links = links;
            document.state = state(note);
        }
        DocumentKind::Xml => {
            let (text, _) = charset::decode(bytes, source.content_type, false);
            let (cut, note) = cut(&text, limits.text_bytes);
            document.links = feed::links(cut, source.url, limits);
            document.state = state(note);
        }
        DocumentKind::Pdf => match pdf::read(bytes, source.url, limits) {
            Ok(found) => {
                document.title = found.title;
                document.text = Some(found.text);
                document.links = found.links;
                document.state = found.state;
            }
            Err(why) => document.state = ExtractionState::Failed(why),
        },
        DocumentKind::Docx | DocumentKind::Odt | DocumentKind::Rtf | DocumentKind::Presentation
            if !sniff::is_compound(bytes) =>
        {
            match office::read(kind, bytes, source.url, limits) {
                Ok(found) => {
                    document.title = found.title;
                    document.text = Some(found.text);
                    document.workbook = found.tables;
                    document.links = found.links;
                    document.state = found.state;
                }
                Err(why) => document.state = ExtractionState::Failed(why),
            }
        }
        DocumentKind::Zip | DocumentKind::Archive => {
            document.state = archive::read(&mut document, source, bytes, limits, depth);
        }
        kind if kind.is_workbook() => match sheet::read(kind, bytes, source.content_type, limits) {
            Ok((workbook, note)) => {
                document.workbook = Some(workbook);
                document.state = state(note);
            }
            Err(why) => document.state = ExtractionState::Failed(why),
        },
        _ => {}
    }
    document
}

/// Whether a page is a spreadsheet that was saved as one: by its name, or by what the program that saved it left.
fn saved_as_page(declared: Option<DocumentKind>, html: &str) -> bool {
    let head = cut(html, 4096).0;
    declared.is_some_and(DocumentKind::is_workbook)
        || head.contains("urn:schemas-microsoft-com:office:excel")
        || head.contains("Excel.Sheet")
}

/// What keeps a document from being opened at all.
fn refused(kind: DocumentKind, bytes: &[u8], limits: &Limits) -> Option<Fault> {
    let found = bytes.len() as u64;
    if isolate::is_dangerous(kind) && found > limits.file_bytes {
        return Some(Fault::TooLarge {
            what: "bytes".to_owned(),
            found,
            limit: limits.file_bytes,
        });
    }
    sniff::is_encrypted_package(bytes).then_some(Fault::Encrypted)
}

fn state(note: Option<String>) -> ExtractionState {
    note.map_or(ExtractionState::Complete, ExtractionState::Partial)
}

/// The first `limit` bytes at a character's boundary.
fn cut(text: &str, limit: usize) -> (&str, Option<String>) {
    if text.len() <= limit {
        return (text, None);
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (
        &text[..end],
        Some(format!("sólo se leyeron los primeros {limit} bytes")),
    )
}

/// `Link: <…>; rel="next"` headers that lead to content.
fn add_link_headers(document: &mut Document, source: &Source<'_>) {
    let mut found = Vec::new();
    for (_, value) in source.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case("link")) {
        for part in value.split(',') {
            let Some((address, parameters)) = part.split_once('>') else {
                continue;
            };
            let leads = ["next", "prev", "alternate", "item"]
                .iter()
                .any(|r| parameters.contains(r));
            let href = address.trim().trim_start_matches('<');
            if leads && let Some((url, fragment)) = resolve(source.url, href) {
                found.push(Link {
                    href: href.to_owned(),
                    url: Some(url.to_string()),
                    fragment,
                    text: String::new(),
                    origin: LinkOrigin::LinkHeader,
                    line: None,
                });
            }
        }
    }
    match &mut document.page {
        Some(page) => page.links.append(&mut found),
        None => document.links.append(&mut found),
    }
}

/// Links that a crawl may follow, each address once, with the words that tell what it leads to.
#[must_use]
pub fn links(document: &Document) -> Vec<LinkFound> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut out = Vec::new();
    let of_page = document.page.as_ref().map(|p| p.links.as_slice()).unwrap_or_default();
    let headings = document.page.as_ref().map(heading_of_lines).unwrap_or_default();
    let inside = of_entries(document);
    for link in of_page.iter().chain(&document.links).chain(inside) {
        let Some(url) = link.url.as_deref() else { continue };
        if matches!(link.origin, LinkOrigin::Comment | LinkOrigin::Image) || !seen.insert(url) {
            continue;
        }
        out.push(LinkFound {
            url: url.to_owned(),
            words: words(document.page.as_ref(), link, &headings),
            origin: link.origin,
        });
    }
    out
}

/// Links of the documents inside an archive; pages in there link to their neighbours in it, which nobody serves.
fn of_entries(document: &Document) -> Vec<&Link> {
    let mut out = Vec::new();
    for inside in document.entries.iter().filter_map(|e| e.document.as_ref()) {
        out.extend(&inside.links);
        out.extend(of_entries(inside));
    }
    out
}

/// For each line the last heading-like line at or above it.
fn heading_of_lines(page: &Page) -> Vec<Option<usize>> {
    let mut last = None;
    page.lines
        .iter()
        .enumerate()
        .map(|(n, line)| {
            if line.heading > 0 || line.control || line.bold && line.links.is_empty() {
                last = Some(n);
            }
            last
        })
        .collect()
}

fn words(page: Option<&Page>, link: &Link, headings: &[Option<usize>]) -> String {
    let mut out = link.text.clone();
    if let (Some(page), Some(n)) = (page, link.line) {
        for extra in [Some(n), headings.get(n).copied().flatten()].into_iter().flatten() {
            let text = &page.lines[extra].text;
            if !text.is_empty() && !out.contains(text.as_str()) {
                out.push(' ');
                out.push_str(text);
            }
        }
    }
    out.chars().take(200).collect()
}

#[cfg(test)]
mod tests;
