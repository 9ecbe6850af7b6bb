//! What bytes are, by their content; the name and the header decide only ties.

use url::Url;

use super::{Source, isolate, zip_directory};
use crate::model::DocumentKind;

/// Marks of HTML.
const TAGS: &[&str] = &[
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<div",
    "<table",
    "<p>",
    "<p ",
    "<a ",
    "<script",
    "<ul",
    "<h1",
    "<h2",
    "<h3",
    "<section",
    "<meta",
    "<title",
    "<span",
    "<br",
    "<form",
    "<center",
    "<font",
    "<img",
    "<tr",
    "<td",
    "<link",
];

/// Signature of a compound file (MS-CFB 2.2).
const COMPOUND: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Bytes looked at.
const WINDOW: usize = 4096;

/// Recognises a document.
#[must_use]
pub fn kind(bytes: &[u8], url: &Url, content_type: Option<&str>) -> DocumentKind {
    if bytes.is_empty() {
        return DocumentKind::Empty;
    }
    let extension = extension(url);
    if let Some(found) = by_magic(bytes, &extension) {
        return found;
    }
    let head = &bytes[..bytes.len().min(WINDOW)];
    if looks_binary(head) {
        return by_name(&extension)
            .filter(|k| *k == DocumentKind::Media)
            .unwrap_or(DocumentKind::Unknown);
    }
    by_text(head, &extension, content_type.unwrap_or_default())
}

/// What a document is said to be: by the name it is offered under (`Content-Disposition`, else the address), else by its
/// `Content-Type`. Names of programs (`.php`, `.aspx`) and `application/octet-stream` say nothing.
#[must_use]
pub fn declared(source: &Source<'_>) -> Option<DocumentKind> {
    let offered = source
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-disposition"))
        .and_then(|(_, value)| value.split("filename").nth(1)?.rsplit_once('.'))
        .map(|(_, e)| e.chars().take_while(char::is_ascii_alphanumeric).collect::<String>());
    offered
        .and_then(|e| said_by_name(&e.to_ascii_lowercase()))
        .or_else(|| said_by_name(&extension(source.url)))
        .or_else(|| said_by_header(&source.content_type?.to_ascii_lowercase()))
}

fn said_by_name(extension: &str) -> Option<DocumentKind> {
    use DocumentKind as K;
    Some(match extension {
        "html" | "htm" | "xhtml" | "shtml" => K::Html,
        "txt" => K::Text,
        "pdf" => K::Pdf,
        "docx" | "docm" => K::Docx,
        "doc" => K::Doc,
        "odt" => K::Odt,
        "rtf" => K::Rtf,
        "ppt" | "pps" | "pptx" | "ppsx" | "odp" => K::Presentation,
        "zip" => K::Zip,
        "rar" | "7z" | "tar" | "gz" | "tgz" => K::Archive,
        "jpg" | "jpeg" | "png" | "gif" | "tif" | "tiff" | "bmp" | "webp" | "svg" => K::Image,
        "php" | "asp" | "aspx" | "jsp" => return None,
        other => return by_name(other),
    })
}

fn said_by_header(content_type: &str) -> Option<DocumentKind> {
    use DocumentKind as K;
    let known = [
        ("spreadsheetml", K::Xlsx),
        ("ms-excel.sheet.binary", K::Xlsb),
        ("ms-excel", K::Xls),
        ("opendocument.spreadsheet", K::Ods),
        ("tab-separated", K::Csv),
        ("pdf", K::Pdf),
        ("wordprocessingml", K::Docx),
        ("msword", K::Doc),
        ("opendocument.text", K::Odt),
        ("rtf", K::Rtf),
        ("presentation", K::Presentation),
        ("powerpoint", K::Presentation),
        ("application/zip", K::Zip),
        ("image/", K::Image),
        ("text/plain", K::Text),
    ];
    known
        .iter()
        .find(|(mark, _)| content_type.contains(mark))
        .map(|(_, kind)| *kind)
        .or_else(|| by_header(content_type))
}

/// Extension of the path in lower case, without the dot.
#[must_use]
pub fn extension(url: &Url) -> String {
    let name = url.path().rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.')
        .map(|(_, e)| e.to_ascii_lowercase())
        .unwrap_or_default()
}

fn by_magic(bytes: &[u8], extension: &str) -> Option<DocumentKind> {
    // Before PDF: a stored entry puts a PDF's first bytes near those of the archive.
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Some(zip_kind(bytes, extension));
    }
    let start = &bytes[..bytes.len().min(1024)];
    if start.windows(5).any(|w| w == b"%PDF-") {
        return Some(DocumentKind::Pdf);
    }
    if is_compound(bytes) {
        return Some(compound_kind(bytes, extension));
    }
    if bytes.starts_with(b"{\\rtf") {
        return Some(DocumentKind::Rtf);
    }
    let found = infer::get(bytes)?;
    match found.matcher_type() {
        infer::MatcherType::Image => Some(DocumentKind::Image),
        infer::MatcherType::Audio | infer::MatcherType::Video => Some(DocumentKind::Media),
        infer::MatcherType::Archive => Some(DocumentKind::Archive),
        _ => None,
    }
}

/// Whether it is a compound file, in which Office 97 kept its documents and later versions keep encrypted ones.
pub(super) fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(&COMPOUND)
}

/// By the names of its entries; in a file that is cut off by what its beginning names, and then by its own name.
fn zip_kind(bytes: &[u8], extension: &str) -> DocumentKind {
    // The first entry of an OpenDocument file is its type, stored as it is.
    let first = &bytes[..bytes.len().min(200)];
    let mut entries = zip_directory::entries(bytes).peekable();
    if entries.peek().is_some() {
        let mut names = b"\n".to_vec();
        for entry in entries {
            names.extend_from_slice(entry.name);
            names.push(b'\n');
        }
        return zip_kind_of(&names, b"\n")
            .or_else(|| open_document(first))
            .unwrap_or(DocumentKind::Zip);
    }
    open_document(first)
        .or_else(|| zip_kind_of(&bytes[..bytes.len().min(64 << 10)], b""))
        .or_else(|| said_by_name(extension).filter(|k| isolate::is_dangerous(*k)))
        .unwrap_or(DocumentKind::Zip)
}

fn open_document(first: &[u8]) -> Option<DocumentKind> {
    let known: [(&[u8], DocumentKind); 3] = [
        (b"opendocument.presentation", DocumentKind::Presentation),
        (b"opendocument.spreadsheet", DocumentKind::Ods),
        (b"opendocument.text", DocumentKind::Odt),
    ];
    known
        .iter()
        .find(|(mark, _)| stands(first, mark))
        .map(|(_, kind)| *kind)
}

/// By names that follow `before`: the line break of a list of names, or nothing in raw bytes.
fn zip_kind_of(names: &[u8], before: &[u8]) -> Option<DocumentKind> {
    let known: [(&[u8], DocumentKind); 5] = [
        (b"xl/workbook.bin", DocumentKind::Xlsb),
        (b"xl/workbook", DocumentKind::Xlsx),
        (b"xl/worksheets/", DocumentKind::Xlsx),
        (b"word/document", DocumentKind::Docx),
        (b"ppt/presentation", DocumentKind::Presentation),
    ];
    known
        .iter()
        .find(|(mark, _)| stands(names, &[before, mark].concat()))
        .map(|(_, kind)| *kind)
}

fn stands(part: &[u8], needle: &[u8]) -> bool {
    part.windows(needle.len()).any(|w| w == needle)
}

/// By the names of its streams, which are UTF-16LE.
fn compound_kind(bytes: &[u8], extension: &str) -> DocumentKind {
    let has = |name: &str| names_stream(bytes, name);
    if is_encrypted_package(bytes) {
        // The package inside tells no one what it is: what the name says, else the commonest.
        return match extension {
            "docx" | "docm" | "doc" => DocumentKind::Docx,
            "pptx" | "ppsx" | "ppt" => DocumentKind::Presentation,
            _ => DocumentKind::Xlsx,
        };
    }
    if has("Workbook") || has("Book") {
        DocumentKind::Xls
    } else if has("WordDocument") {
        DocumentKind::Doc
    } else if has("PowerPoint Document") {
        DocumentKind::Presentation
    } else {
        match extension {
            "xls" => DocumentKind::Xls,
            "doc" => DocumentKind::Doc,
            "ppt" | "pps" => DocumentKind::Presentation,
            _ => DocumentKind::Unknown,
        }
    }
}

/// Whether it is an Office document behind a password: a compound file around an encrypted package (MS-OFFCRYPTO 2.3.4).
#[must_use]
pub fn is_encrypted_package(bytes: &[u8]) -> bool {
    is_compound(bytes) && names_stream(bytes, "EncryptedPackage")
}

fn names_stream(bytes: &[u8], name: &str) -> bool {
    let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    stands(&bytes[..bytes.len().min(4 << 20)], &wide) || stands(&bytes[bytes.len().saturating_sub(64 << 10)..], &wide)
}

fn looks_binary(head: &[u8]) -> bool {
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        return false;
    }
    let odd = head.iter().filter(|b| **b < 9 || (14..32).contains(*b)).count();
    odd * 20 > head.len()
}

fn by_text(head: &[u8], extension: &str, content_type: &str) -> DocumentKind {
    let text: String = head
        .iter()
        .filter(|b| **b != 0)
        .map(|b| char::from(*b).to_ascii_lowercase())
        .collect();
    let text = text.trim_start_matches(|c: char| !c.is_ascii_graphic());
    let content_type = content_type.to_ascii_lowercase();
    if text.starts_with("<?xml") && !text.contains("<html") && !text.contains("<!doctype html") {
        return if text.contains("<svg") {
            DocumentKind::Image
        } else {
            DocumentKind::Xml
        };
    }
    if text.starts_with("<svg") {
        return DocumentKind::Image;
    }
    if ["<urlset", "<sitemapindex", "<rss", "<feed"]
        .iter()
        .any(|t| text.starts_with(t))
    {
        return DocumentKind::Xml;
    }
    let named = by_name(extension).or_else(|| by_header(&content_type));
    if matches!(named, Some(DocumentKind::Script | DocumentKind::Style)) && !text.starts_with('<') {
        return named.unwrap_or(DocumentKind::Script);
    }
    let tagged = TAGS.iter().filter(|t| text.contains(*t)).count();
    if text.starts_with('<') && tagged > 0 || tagged >= 2 {
        return DocumentKind::Html;
    }
    if text.starts_with(['{', '[']) && (content_type.contains("json") || extension == "json" || text.contains('"')) {
        return DocumentKind::Json;
    }
    match named {
        // A program of this name may answer with a table.
        Some(DocumentKind::Html) if text.contains('<') || !is_table(text) => DocumentKind::Html,
        Some(DocumentKind::Csv) => DocumentKind::Csv,
        Some(DocumentKind::Script) => DocumentKind::Script,
        Some(DocumentKind::Style) => DocumentKind::Style,
        // A spreadsheet by name that is plain text is a table of text, if it has columns at all.
        Some(k) if k.is_workbook() && columns(text) => DocumentKind::Csv,
        _ if text.starts_with("sep=") || is_table(text) => DocumentKind::Csv,
        _ => DocumentKind::Text,
    }
}

fn columns(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().take(5).collect();
    [',', ';', '\t']
        .iter()
        .any(|d| lines.len() > 1 && lines.iter().all(|l| l.contains(*d)))
}

/// Whether text that nothing calls a table is one: every line has as many separators as the first. Prose has commas too, so these
/// must be more.
fn is_table(text: &str) -> bool {
    let mut lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).take(12).collect();
    if text.len() + 1 >= WINDOW {
        // Cut off by the window.
        lines.pop();
    }
    [('\t', 1), (';', 1), ('|', 1), (',', 2)]
        .iter()
        .any(|(separator, least)| {
            let mut counts = lines.iter().map(|l| l.matches(*separator).count());
            let first = counts.next().unwrap_or(0);
            lines.len() > 2 && first >= *least && counts.all(|n| n == first)
        })
}

fn by_name(extension: &str) -> Option<DocumentKind> {
    Some(match extension {
        "html" | "htm" | "xhtml" | "php" | "asp" | "aspx" | "jsp" | "shtml" => DocumentKind::Html,
        "csv" | "tsv" | "tab" => DocumentKind::Csv,
        "xlsx" | "xlsm" | "xltx" => DocumentKind::Xlsx,
        "xlsb" => DocumentKind::Xlsb,
        "xls" | "xlt" => DocumentKind::Xls,
        "ods" => DocumentKind::Ods,
        "js" | "mjs" => DocumentKind::Script,
        "css" => DocumentKind::Style,
        "json" => DocumentKind::Json,
        "xml" => DocumentKind::Xml,
        "mp3" | "mp4" | "avi" | "mov" | "wav" | "wmv" | "webm" => DocumentKind::Media,
        _ => return None,
    })
}

fn by_header(content_type: &str) -> Option<DocumentKind> {
    let is = |part: &str| content_type.contains(part);
    Some(if is("javascript") || is("ecmascript") {
        DocumentKind::Script
    } else if is("text/css") {
        DocumentKind::Style
    } else if is("text/csv") || is("tab-separated") {
        DocumentKind::Csv
    } else if is("html") {
        DocumentKind::Html
    } else if is("json") {
        DocumentKind::Json
    } else {
        return None;
    })
}
