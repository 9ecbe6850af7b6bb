//! Can a machine reuse it? Graded by what the document is, not by what its name says.

use crate::model::{CriterionKind, Document, DocumentKind, Outcome};

use super::{Case, Data, Judgement, PieceState};

/// Grade from which a table counts as reusable.
const ENOUGH: f64 = 0.8;

/// How reusable a document is, 0–1: an open table, a table of one maker's format, text, pictures of pages, an archive.
fn grade(document: &Document, data: &Data) -> f64 {
    if matches!(data, Data::Scanned { .. }) {
        return 0.2;
    }
    match document.kind {
        // CSV (RFC 4180), OpenDocument (ISO/IEC 26300), Office Open XML (ISO/IEC 29500), JSON and XML are open.
        DocumentKind::Csv | DocumentKind::Ods | DocumentKind::Xlsx | DocumentKind::Json | DocumentKind::Xml => 1.0,
        DocumentKind::Xls | DocumentKind::Xlsb => 0.8,
        DocumentKind::Html if document.workbook.is_some() => 0.7,
        DocumentKind::Zip => best_inside(document),
        DocumentKind::Archive | DocumentKind::Image => 0.1,
        _ => 0.5,
    }
}

/// An archive is as reusable as the best that is in it, once it is opened.
fn best_inside(document: &Document) -> f64 {
    let inside = document.entries.iter().filter_map(|e| e.document.as_ref());
    let tabular = inside.clone().any(|d| d.workbook.is_some());
    if tabular { 0.8 } else { 0.4 }
}

pub(super) fn check(case: &Case<'_>) -> Judgement {
    let graded: Vec<(f64, DocumentKind, &super::Piece)> = case
        .pieces
        .iter()
        .filter_map(|p| {
            let PieceState::Works(data) = &p.state else { return None };
            let document = case.site.document(p.capture?)?;
            Some((grade(document, data), document.kind, p))
        })
        .collect();
    let mislabelled = graded.iter().find_map(|(_, _, p)| {
        let document = case.site.document(p.capture?)?;
        let declared = document
            .declared
            .filter(|d| *d != document.kind && !alike(*d, document.kind))?;
        Some((declared.as_str(), document.kind.as_str()))
    });
    let best = graded
        .iter()
        .map(|(g, ..)| *g)
        .fold(None, |m: Option<f64>, g| Some(m.map_or(g, |m| m.max(g))));
    let in_page = case.candidates.content.first();
    let mut kinds: Vec<&str> = graded.iter().map(|(_, k, _)| k.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let (outcome, value, reason) = match (best, in_page) {
        (Some(g), _) if g >= ENOUGH => (
            Outcome::Passed,
            Some(g),
            "Hay al menos una tabla que las máquinas pueden leer.",
        ),
        (Some(g), _) if g <= 0.2 => (
            Outcome::Failed,
            Some(g),
            "Sólo hay imágenes de documentos, que ninguna máquina lee.",
        ),
        (Some(g), _) if g > 0.5 => (
            Outcome::Failed,
            Some(g),
            "Sólo hay tablas dentro de páginas web guardadas, que no se abren como libros.",
        ),
        (Some(g), _) => (
            Outcome::Failed,
            Some(g),
            "Sólo hay documentos de texto, que no se pueden reutilizar como datos.",
        ),
        (None, Some(_)) => (
            Outcome::Failed,
            Some(0.5),
            "La información está sólo en la página, sin un archivo que descargar.",
        ),
        (None, None) => (Outcome::Inapplicable, None, "No hay documentos que examinar."),
    };
    let mut evidence: Vec<_> = graded
        .iter()
        .filter(|(g, ..)| Some(*g) == best)
        .take(3)
        .map(|(_, _, p)| p.point(case.site))
        .collect();
    if let (true, Some(c)) = (evidence.is_empty(), in_page) {
        evidence.push(super::Pointer {
            capture: c.page,
            line: Some(c.line),
            locator: None,
            excerpt: c.excerpt.clone(),
        });
    }
    Judgement {
        criterion: "open_format",
        kind: CriterionKind::Format,
        outcome,
        value,
        confidence: 0.95,
        evidence,
        reason: mislabelled.map_or_else(
            || reason.to_owned(),
            |(declared, kind)| format!("{reason} Un archivo dice ser {declared} y es {kind}."),
        ),
        expected: "Un archivo de tabla (XLSX, ODS, CSV) además de cualquier otro.".to_owned(),
        actual: if kinds.is_empty() {
            "ningún archivo".to_owned()
        } else {
            kinds.join(", ")
        },
        remedy: if outcome == Outcome::Failed {
            "Publique también la tabla en un formato abierto, como CSV u hoja de cálculo.".to_owned()
        } else {
            String::new()
        },
    }
}

/// Whether one kind is rightly offered under the name of the other: text tables under any name of a table or text.
fn alike(declared: DocumentKind, kind: DocumentKind) -> bool {
    matches!(
        (declared, kind),
        (DocumentKind::Text, DocumentKind::Csv)
            | (DocumentKind::Csv, DocumentKind::Text)
            | (DocumentKind::Xml | DocumentKind::Html, _)
            | (_, DocumentKind::Unknown)
    )
}
