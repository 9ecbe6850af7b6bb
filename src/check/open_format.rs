//! Can a machine reuse it? Only the kind of document is looked at here.

use crate::model::{CriterionKind, DocumentKind, Outcome};

use super::{Case, Judgement, PieceState};

/// How reusable a kind is: 1 a table that machines read, ½ text, 0 a picture.
fn grade(kind: DocumentKind) -> f64 {
    match kind {
        DocumentKind::Xlsx
        | DocumentKind::Xls
        | DocumentKind::Xlsb
        | DocumentKind::Ods
        | DocumentKind::Csv
        | DocumentKind::Json
        | DocumentKind::Xml => 1.0,
        _ => 0.5,
    }
}

pub(super) fn check(case: &Case<'_>) -> Judgement {
    let graded: Vec<(f64, DocumentKind, &super::Piece)> = case
        .pieces
        .iter()
        .filter(|p| matches!(p.state, PieceState::Works(_)))
        .filter_map(|p| {
            let kind = case.site.document(p.capture?)?.kind;
            Some((grade(kind), kind, p))
        })
        .collect();
    let best = graded
        .iter()
        .map(|(g, ..)| *g)
        .fold(None, |m: Option<f64>, g| Some(m.map_or(g, |m| m.max(g))));
    let in_page = case.candidates.content.first();
    let mut kinds: Vec<&str> = graded.iter().map(|(_, k, _)| k.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let (outcome, value, reason) = match (best, in_page) {
        (Some(g), _) if g >= 1.0 => (
            Outcome::Passed,
            Some(1.0),
            "Hay al menos una tabla que las máquinas pueden leer.",
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
        reason: reason.to_owned(),
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
