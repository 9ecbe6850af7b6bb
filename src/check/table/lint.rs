//! One file: what was read of it and what its layout asks → a [`FileLint`].

use std::borrow::Cow;

use crate::model::{
    Document, DocumentKind, ExtractionState, FileLint, Format, Level, ProblemKind, TableProblem, problem,
};
use crate::text::personal::mask;

use super::{Asked, Placement, examine, personal};

/// A layout found in a workbook.
#[derive(Debug, Clone)]
pub struct Layout<'a> {
    /// The layout.
    pub format: Cow<'a, Format>,
    /// Where it is.
    pub at: Placement,
    /// How sure, 0–1.
    pub confidence: f64,
    /// Whether it is one of the rules, and not only what a template says of itself.
    pub official: bool,
}

impl<'a> Layout<'a> {
    /// A layout of the rules.
    #[must_use]
    pub fn official(format: &'a Format, at: Placement, confidence: f64) -> Self {
        Self {
            format: Cow::Borrowed(format),
            at,
            confidence,
            official: true,
        }
    }
}

/// A file that could not be opened; why, in Spanish.
#[must_use]
pub fn unreadable(path: &str, why: String) -> FileLint {
    FileLint {
        path: path.to_owned(),
        unreadable: Some(why),
        ..FileLint::default()
    }
}

/// What checking a file comes to. `named` tells whether the layout was asked for by name, so that its absence is an error.
#[must_use]
pub fn lint(path: &str, document: &Document, layout: Option<&Layout<'_>>, named: bool, asked: &Asked<'_>) -> FileLint {
    if let ExtractionState::Failed(fault) = &document.state {
        return unreadable(path, fault.spanish());
    }
    let Some(workbook) = &document.workbook else {
        let why = match document.kind {
            DocumentKind::Empty => "está vacío: cero bytes".to_owned(),
            kind if document.declared.is_some_and(DocumentKind::is_workbook) => format!(
                "su nombre dice que es un libro de cálculo o una tabla, y por dentro es {}",
                kind_words(kind)
            ),
            kind => format!("no es un libro de cálculo ni una tabla, sino {}", kind_words(kind)),
        };
        return unreadable(path, why);
    };
    let mut file = FileLint {
        path: path.to_owned(),
        ..FileLint::default()
    };
    file.problems.extend(of_file(path, document));
    let Some(layout) = layout else {
        let kind = if named {
            problem::HEADER_NOT_FOUND
        } else {
            problem::UNRECOGNISED_FORMAT
        };
        let message = format!("{}.", kind.title);
        file.problems.push(told(&kind, message, String::new(), String::new()));
        file.problems.extend(personal::problems(workbook));
        return personal::masked(file, workbook);
    };
    let examined = examine(workbook, &layout.format, &layout.at, asked);
    if layout.official {
        file.format = Some(layout.format.id.clone());
        file.obligations = layout
            .format
            .obligations
            .iter()
            .map(|l| format!("{}:{}", l.pack, l.id))
            .collect();
    }
    file.title = Some(mask(&layout.format.title).into_owned()).filter(|t| !t.is_empty());
    file.confidence = layout.confidence;
    file.rows = examined.filled_rows;
    file.problems.extend(examined.problems);
    personal::masked(file, workbook)
}

/// Problems of the file, not of its table: a name that is another kind's, a part that was not read.
#[must_use]
pub fn of_file(path: &str, document: &Document) -> Vec<TableProblem> {
    let mut out = Vec::new();
    let extension = path
        .rsplit(['/', '\\'])
        .next()
        .and_then(|name| name.rsplit_once('.'))
        .map(|(_, e)| e.to_ascii_lowercase())
        .unwrap_or_default();
    let fits: &[&str] = match document.kind {
        DocumentKind::Xlsx => &["xlsx", "xlsm", "xltx", "xltm"],
        DocumentKind::Xls => &["xls", "xlt"],
        DocumentKind::Xlsb => &["xlsb"],
        DocumentKind::Ods => &["ods", "ots"],
        DocumentKind::Csv => &["csv", "tsv", "tab", "txt"],
        DocumentKind::Html => &["html", "htm"],
        _ => &[],
    };
    if !fits.is_empty() && !fits.contains(&extension.as_str()) {
        out.push(told(
            &problem::WRONG_EXTENSION,
            format!(
                "La extensión no corresponde a lo que el archivo es por dentro: {}.",
                kind_words(document.kind)
            ),
            format!(".{extension}"),
            format!(".{}", fits[0]),
        ));
    }
    if let ExtractionState::Partial(why) = &document.state {
        out.push(told(
            &problem::PARTLY_READ,
            format!("Sólo se revisó una parte: {why}."),
            String::new(),
            String::new(),
        ));
    }
    out
}

/// A problem of the file as a whole.
pub(super) fn told(kind: &ProblemKind, message: String, actual: String, expected: String) -> TableProblem {
    let level: Level = kind.level;
    TableProblem {
        code: kind.code.to_owned(),
        level,
        sheet: String::new(),
        cell: String::new(),
        column: String::new(),
        message,
        actual,
        expected,
        remedy: kind.remedy.to_owned(),
    }
}

fn kind_words(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Unknown => "algo desconocido",
        DocumentKind::Image => "una imagen",
        DocumentKind::Html => "una página HTML",
        DocumentKind::Xlsx => "un libro de Excel (.xlsx)",
        DocumentKind::Xls => "un libro de Excel 97 (.xls)",
        DocumentKind::Xlsb => "un libro binario de Excel (.xlsb)",
        DocumentKind::Ods => "una hoja de OpenDocument (.ods)",
        DocumentKind::Csv => "texto separado por comas u otros signos (.csv)",
        DocumentKind::Text => "texto simple",
        DocumentKind::Zip | DocumentKind::Archive => "un archivo comprimido, o un libro cortado",
        DocumentKind::Pdf => "un PDF",
        DocumentKind::Docx | DocumentKind::Doc | DocumentKind::Odt | DocumentKind::Rtf => "un documento de texto",
        DocumentKind::Presentation => "una presentación",
        DocumentKind::Media => "audio o video",
        other => other.as_str(),
    }
}
