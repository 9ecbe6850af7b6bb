//! What bytes are, by their content; the name and the header decide only ties.

use url::Url;

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
        return Some(zip_kind(bytes));
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
    bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])
}

/// Whether it is an encrypted document of Office 2007 or later ([MS-OFFCRYPTO]: a compound file with an encrypted package in it).
pub(super) fn is_locked(bytes: &[u8]) -> bool {
    is_compound(bytes) && has_stream(bytes, "EncryptedPackage")
}

/// By the names of its entries: of its directory, or, when that is lost, of those that stand unpacked in the file.
fn zip_kind(bytes: &[u8]) -> DocumentKind {
    let names: Option<Vec<String>> = zip::ZipArchive::new(std::io::Cursor::new(bytes)).ok().map(|z| {
        z.file_names()
            .filter_map(Result::ok)
            .map(std::borrow::Cow::into_owned)
            .collect()
    });
    let start = &bytes[..bytes.len().min(64 << 10)];
    let end = &bytes[bytes.len().saturating_sub(64 << 10)..];
    let stands = |part: &[u8], needle: &[u8]| part.windows(needle.len()).any(|w| w == needle);
    let has = |needle: &str| match &names {
        Some(names) => names.iter().any(|n| n.starts_with(needle)),
        None => [start, end].iter().any(|part| stands(part, needle.as_bytes())),
    };
    // The first entry of an OpenDocument file is its type, stored as it is.
    let typed = |needle: &str| stands(&start[..start.len().min(200)], needle.as_bytes());
    if has("xl/workbook.bin") {
        DocumentKind::Xlsb
    } else if has("xl/workbook.xml") || has("xl/worksheets/") {
        DocumentKind::Xlsx
    } else if has("word/document") {
        DocumentKind::Docx
    } else if has("ppt/presentation") || typed("opendocument.presentation") {
        DocumentKind::Presentation
    } else if typed("opendocument.spreadsheet") {
        DocumentKind::Ods
    } else if typed("opendocument.text") {
        DocumentKind::Odt
    } else {
        DocumentKind::Zip
    }
}

fn has_stream(bytes: &[u8], name: &str) -> bool {
    let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes[..bytes.len().min(4 << 20)].windows(wide.len()).any(|w| w == wide)
        || bytes[bytes.len().saturating_sub(64 << 10)..]
            .windows(wide.len())
            .any(|w| w == wide)
}

/// By the names of its streams, which are UTF-16LE.
fn compound_kind(bytes: &[u8], extension: &str) -> DocumentKind {
    let has = |name: &str| has_stream(bytes, name);
    if has("EncryptedPackage") {
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
        Some(DocumentKind::Html) => DocumentKind::Html,
        Some(DocumentKind::Csv) => DocumentKind::Csv,
        Some(DocumentKind::Script) => DocumentKind::Script,
        Some(DocumentKind::Style) => DocumentKind::Style,
        // A spreadsheet by name that is plain text is a table of text, if it has columns at all.
        Some(k) if k.is_workbook() && columns(text) => DocumentKind::Csv,
        _ => DocumentKind::Text,
    }
}

fn columns(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().take(5).collect();
    [',', ';', '\t']
        .iter()
        .any(|d| lines.len() > 1 && lines.iter().all(|l| l.contains(*d)))
}

fn by_name(extension: &str) -> Option<DocumentKind> {
    Some(match extension {
        "html" | "htm" | "xhtml" | "php" | "asp" | "aspx" | "jsp" | "shtml" => DocumentKind::Html,
        "csv" | "tsv" => DocumentKind::Csv,
        "xlsx" | "xlsm" => DocumentKind::Xlsx,
        "xls" => DocumentKind::Xls,
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
    } else if is("text/csv") {
        DocumentKind::Csv
    } else if is("html") {
        DocumentKind::Html
    } else if is("json") {
        DocumentKind::Json
    } else {
        return None;
    })
}
