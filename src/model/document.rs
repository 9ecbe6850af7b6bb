//! What extraction makes of a capture's bytes.
//!
//! A page keeps its shape (the tree of [`Block`]s) and its reading order (the list of [`Line`]s), because locating works on
//! *scope*: which label contains or precedes which item.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What kind of document the bytes are, decided by their content first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DocumentKind {
    /// HTML or XHTML.
    Html,
    /// Excel 2007+ workbook (with or without macros).
    Xlsx,
    /// Excel 97 workbook.
    Xls,
    /// Excel binary workbook.
    Xlsb,
    /// OpenDocument spreadsheet.
    Ods,
    /// Comma- or semicolon-separated text.
    Csv,
    /// PDF.
    Pdf,
    /// Word 2007+ document.
    Docx,
    /// Word 97 document.
    Doc,
    /// OpenDocument text.
    Odt,
    /// Rich Text Format.
    Rtf,
    /// PowerPoint, any.
    Presentation,
    /// ZIP archive that is none of the above.
    Zip,
    /// Other archive (RAR, 7z, tar, gzip).
    Archive,
    /// Raster or vector image.
    Image,
    /// Audio or video.
    Media,
    /// JavaScript.
    Script,
    /// Style sheet.
    Style,
    /// JSON.
    Json,
    /// XML that is not HTML.
    Xml,
    /// Plain text.
    Text,
    /// Nothing: zero bytes.
    Empty,
    /// Not recognised.
    Unknown,
}

impl DocumentKind {
    /// Short name in reports and findings (`media`): `html`, `xlsx`, `pdf`…
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Xlsb => "xlsb",
            Self::Ods => "ods",
            Self::Csv => "csv",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Doc => "doc",
            Self::Odt => "odt",
            Self::Rtf => "rtf",
            Self::Presentation => "ppt",
            Self::Zip => "zip",
            Self::Archive => "archive",
            Self::Image => "image",
            Self::Media => "media",
            Self::Script => "script",
            Self::Style => "style",
            Self::Json => "json",
            Self::Xml => "xml",
            Self::Text => "text",
            Self::Empty => "empty",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it can hold what an obligation asks for: not an image, script, style or nothing.
    #[must_use]
    pub fn is_content(self) -> bool {
        !matches!(
            self,
            Self::Image | Self::Media | Self::Script | Self::Style | Self::Empty | Self::Unknown
        )
    }

    /// Whether it is a spreadsheet that [`Workbook`] describes.
    #[must_use]
    pub fn is_workbook(self) -> bool {
        matches!(self, Self::Xlsx | Self::Xls | Self::Xlsb | Self::Ods | Self::Csv)
    }
}

/// How far extraction got; trouble with a stranger's document is data, never an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExtractionState {
    /// All that this kind offers was read.
    Complete,
    /// Some was read; why not the rest.
    Partial(String),
    /// A PDF without text: scanned.
    NoTextLayer,
    /// Nothing could be read; why.
    Failed(Fault),
    /// Recognised only: this kind is not read.
    Recognised,
}

/// Why a document could not be read. A closed list: each has a message of its own, and none is an error of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// Cut off or otherwise not what its kind must be.
    Damaged,
    /// Asks for a password.
    Encrypted,
    /// Over a limit before it is opened: what, how much, the limit (bytes or a count).
    TooLarge {
        /// What exceeds, in Spanish, e.g. `bytes al abrirse`.
        what: String,
        /// How much there is.
        found: u64,
        /// How much is read.
        limit: u64,
    },
    /// Archives inside archives, or entities inside entities, beyond what is opened.
    TooDeep,
    /// Reading took longer than allowed.
    TimedOut,
    /// Reading asked for more memory than allowed.
    OutOfMemory,
    /// The reader broke down.
    Crashed,
    /// A kind of archive that is not open (RAR, 7z…), so that its contents are not looked into.
    ClosedArchive,
}

impl Fault {
    /// In Spanish, a clause that follows "no se pudo leer:".
    #[must_use]
    pub fn spanish(&self) -> String {
        match self {
            Self::Damaged => "el archivo está dañado, cortado o no es lo que dice ser".to_owned(),
            Self::Encrypted => "el archivo pide contraseña".to_owned(),
            Self::TooLarge { what, found, limit } => format!("tiene {found} {what}; se leen a lo más {limit}"),
            Self::TooDeep => "contiene archivos dentro de archivos más allá de lo que se abre".to_owned(),
            Self::TimedOut => "leerlo tarda más de lo permitido".to_owned(),
            Self::OutOfMemory => "leerlo ocupa más memoria de la permitida".to_owned(),
            Self::Crashed => "el lector falló con este archivo".to_owned(),
            Self::ClosedArchive => "es un archivo comprimido de formato no abierto".to_owned(),
        }
    }
}

/// What decided a page's character encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CharsetSource {
    /// Byte order mark.
    Bom,
    /// `Content-Type` header.
    Header,
    /// `<meta charset>` or its older form.
    Meta,
    /// Detected from the bytes, because nothing was declared or the declaration cannot be right.
    Detected,
}

/// The encoding used and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CharsetDecision {
    /// WHATWG name, e.g. `UTF-8`, `windows-1252`.
    pub name: String,
    /// What decided.
    pub source: CharsetSource,
    /// Whether some bytes could not be decoded.
    pub malformed: bool,
}

/// What extraction makes of one capture.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// What its name says that it is, or else its `Content-Type`; `None` when neither says anything.
    pub declared: Option<DocumentKind>,
    /// How far reading got.
    pub state: ExtractionState,
    /// Title inside the document, if it has one.
    pub title: Option<String>,
    /// For HTML.
    pub page: Option<Page>,
    /// For spreadsheets.
    pub workbook: Option<Workbook>,
    /// For PDF, DOCX, ODT, RTF and the like.
    pub text: Option<Text>,
    /// For ZIP archives.
    pub entries: Vec<Entry>,
    /// Links of a document that is no page (script data files, XML, hyperlink cells, PDF annotations); pages keep theirs in
    /// [`Page::links`].
    pub links: Vec<Link>,
}

/// Text of a document that is no page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Text by page; one entry where the kind has no pages. Shorter than `page_count` when limits cut it.
    pub pages: Vec<String>,
    /// Pages of the document.
    pub page_count: usize,
    /// Pages that show an image and no text.
    pub image_pages: usize,
    /// Language that the document declares (BCP 47).
    pub language: Option<String>,
    /// ISO 8601 date on which the document says that it was made.
    pub created: Option<String>,
    /// ISO 8601 date on which the document says that it was last changed.
    pub modified: Option<String>,
    /// Whether its structure is tagged for assistive technology (PDF/UA, ISO 14289-1).
    pub tagged: bool,
}

/// One file inside an archive.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    /// Its name inside, as printed; never a path to write to.
    pub name: String,
    /// Its size when opened, in bytes.
    pub bytes: u64,
    /// What extraction makes of it; `None` when limits left it unread.
    pub document: Option<Document>,
}

/// Where a link was found. The order is that of trust: what a citizen can click comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LinkOrigin {
    /// `a` or `area` with `href`.
    Anchor,
    /// `iframe`, `frame`, `embed`, `object`.
    Embedded,
    /// `option` value of a `select`.
    Option,
    /// `onclick` and other handlers.
    Handler,
    /// `data-*` attribute.
    Data,
    /// GET form's action.
    Form,
    /// `meta` refresh.
    Refresh,
    /// Inside a document that is no page: an annotation of a PDF, a hyperlink of a text.
    Document,
    /// String literal of an inline script, `document.write` included.
    Script,
    /// String literal of the site's own script file.
    ScriptFile,
    /// `link` element or `Link` header that leads to content (alternate, next…).
    LinkHeader,
    /// A script file the page loads.
    ScriptSource,
    /// Sitemap or feed.
    Sitemap,
    /// Inside a comment: recorded, never followed; a citizen cannot click it.
    Comment,
    /// An image shown in the page: never followed.
    Image,
}

/// One link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// As written, trimmed.
    pub href: String,
    /// Absolute and normalised without fragment; `None` when it leads nowhere (`#`, empty, `javascript:`, unparsable).
    pub url: Option<String>,
    /// Fragment without `#`, if any.
    pub fragment: Option<String>,
    /// Visible text; the image's alternative text or the title when there is none.
    pub text: String,
    /// Where it was found.
    pub origin: LinkOrigin,
    /// The line that shows it; `None` for those that no line shows (head, scripts).
    pub line: Option<usize>,
}

/// Something that looks like a download and has no link: a bare icon, an anchor without `href`, a button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Icon {
    /// Its words: text, `alt`, `title`, class of the glyph or file name of the picture.
    pub text: String,
    /// Whether it is a control (button, anchor without `href`) and not a mere picture.
    pub control: bool,
}

/// An element of the page that holds lines: the tree that scope is computed on. Only elements that start or end a line are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Parent in [`Page::blocks`]; `None` for the root, which is number 0.
    pub parent: Option<u32>,
    /// Element name.
    pub tag: Tag,
    /// `id` attribute (or `name` of an anchor).
    pub id: Option<Box<str>>,
    /// The lines inside, in document order.
    pub span: Range<u32>,
}

impl Block {
    /// The lines inside, as indices into [`Page::lines`].
    #[must_use]
    pub fn lines(&self) -> Range<usize> {
        self.span.start as usize..self.span.end as usize
    }
}

/// Names of elements that start or end a line, in order, and of the lists and records that scripts hold.
const TAGS: [&str; 52] = [
    "#list",
    "#record",
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "pre",
    "section",
    "select",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// The name of an element that starts or ends a line: one byte, because pages have thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tag(u8);

impl Tag {
    /// The tag of a name in lower case; `None` for those of elements within lines.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let at = TAGS.binary_search(&name).ok()?;
        u8::try_from(at).ok().map(Self)
    }

    /// The root's.
    #[must_use]
    pub fn body() -> Self {
        Self::of("body").unwrap_or(Self(0))
    }

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        TAGS.get(usize::from(self.0)).copied().unwrap_or_default()
    }
}

/// Position of a line in a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Number of the table in the page.
    pub table: u32,
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0, spans counted.
    pub column: u32,
    /// Whether it is a `th`.
    pub header: bool,
}

/// One visual line: text between two block boundaries or `<br>`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Text with white space collapsed; empty when the line is only icons or links.
    pub text: String,
    /// Innermost block that holds it, as index into [`Page::blocks`].
    pub block: u32,
    /// 1–6 for `h1`–`h6` (and `role=heading`), 0 else.
    pub heading: u8,
    /// Whether the whole line is bold (`b`, `strong`, bold style).
    pub bold: bool,
    /// Whether it is a `button`, `summary`, `legend`, `caption`, `dt`, `label` or a tab.
    pub control: bool,
    /// Its links, as indices into [`Page::links`].
    pub links: Box<[usize]>,
    /// Icons and buttons on it that have no link.
    pub icons: Box<[Icon]>,
    /// Ids of elements that it opens (`href="#id"`, `data-target`, `data-bs-target`, `aria-controls`).
    pub targets: Box<[String]>,
    /// Within `nav`, `header` menu or `footer`.
    pub boilerplate: bool,
    /// Position in the innermost table.
    pub cell: Option<Cell>,
}

/// A form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// `get` or `post`, lower case.
    pub method: String,
    /// Absolute URL of its action.
    pub action: Option<String>,
    /// Names of its fields.
    pub fields: Vec<String>,
    /// Whether it has a search field.
    pub search: bool,
}

/// An HTML page in full.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Page {
    /// `lang` of the root element.
    pub lang: Option<String>,
    /// The encoding used and why.
    pub charset: Option<CharsetDecision>,
    /// Elements that hold lines; number 0 is the root.
    pub blocks: Vec<Block>,
    /// Lines in reading order.
    pub lines: Vec<Line>,
    /// All links, in document order.
    pub links: Vec<Link>,
    /// Forms.
    pub forms: Vec<Form>,
    /// Number of tables.
    pub tables: usize,
    /// Whether the body is (nearly) empty and scripts would build it.
    pub needs_browser: bool,
    /// Calls that load content without a URL that could be read (`onclick="cargar(1,2)"` and the like), with their line.
    pub loaders: Vec<(Option<usize>, String)>,
}

/// A spreadsheet's cells as text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workbook {
    /// Sheets in order.
    pub sheets: Vec<Sheet>,
}

/// One sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Row and column of `rows[0][0]`, from 0.
    pub origin: (u32, u32),
    /// Cells as text; ragged rows allowed. Dates are ISO 8601 (`2019-03-31`), numbers without grouping.
    pub rows: Vec<Vec<String>>,
    /// Hyperlinks that cells carry besides their text: (row, column) in `rows` and the address, in reading order.
    pub hyperlinks: Vec<(u32, u32, String)>,
    /// Merged cells: first row and column, last row and column, in `rows`.
    pub merged: Vec<(u32, u32, u32, u32)>,
    /// Whether limits cut it.
    pub truncated: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_by_their_names() {
        assert!(TAGS.is_sorted());
        for name in TAGS {
            assert_eq!(Tag::of(name).map(Tag::as_str), Some(name));
        }
        assert_eq!((Tag::of("span"), Tag::body().as_str()), (None, "body"));
    }
}
