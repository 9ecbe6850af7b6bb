//! Is there something in the documents, or only templates, icons and promises?

use crate::model::{CriterionKind, Outcome};

use super::{Case, Data, Judgement, PieceState, counted};

pub(super) fn check(case: &Case<'_>) -> Judgement {
    let rows = case.count(|s| matches!(s, PieceState::Works(Data::Rows { .. })));
    let negatives = case.count(|s| matches!(s, PieceState::Works(Data::ReasonedNegative { .. })));
    let texts = case.count(|s| matches!(s, PieceState::Works(Data::Text { .. })));
    let scanned = case.count(|s| matches!(s, PieceState::Works(Data::Scanned { .. })));
    let unread = case.count(|s| matches!(s, PieceState::Works(Data::Unread(_))));
    let blank = case.count(|s| matches!(s, PieceState::Blank(_)));
    let bare = case.count(|s| *s == PieceState::NoLink);
    let in_page = !case.candidates.content.is_empty();
    let (outcome, reason) = if rows + negatives + texts > 0 {
        let what = if rows > 0 {
            format!("{} con filas de datos.", counted(rows, "archivo", "archivos"))
        } else if texts > 0 {
            format!("{} con texto.", counted(texts, "documento", "documentos"))
        } else {
            "Una nota explica con motivo que no se generó información.".to_owned()
        };
        (Outcome::Passed, what)
    } else if in_page {
        (Outcome::Passed, "La página misma contiene la información.".to_owned())
    } else if scanned > 0 {
        (
            Outcome::CantTell,
            format!(
                "{} en imagen, sin texto que una máquina lea: una persona debe abrirlo.",
                counted(scanned, "documento", "documentos")
            ),
        )
    } else if unread > 0 {
        (
            Outcome::CantTell,
            format!(
                "{} de un tipo cuyo contenido no se examina.",
                counted(unread, "documento", "documentos")
            ),
        )
    } else if blank + bare > 0 {
        (
            Outcome::Failed,
            "Sólo hay plantillas sin llenar, imágenes o textos sin enlace.".to_owned(),
        )
    } else {
        (Outcome::Inapplicable, "No hay documentos que examinar.".to_owned())
    };
    let chosen: Vec<_> = case
        .pieces
        .iter()
        .filter(|p| match outcome {
            Outcome::Failed => matches!(p.state, PieceState::Blank(_) | PieceState::NoLink),
            _ => p.state.works(),
        })
        .take(4)
        .collect();
    let mut evidence: Vec<_> = chosen.iter().map(|p| p.point(case.site)).collect();
    if evidence.is_empty() && outcome == Outcome::Passed {
        evidence.extend(case.candidates.content.iter().take(3).map(|c| super::Pointer {
            capture: c.page,
            line: Some(c.line),
            locator: None,
            excerpt: c.excerpt.clone(),
        }));
    }
    evidence.dedup();
    Judgement {
        criterion: "has_data",
        kind: CriterionKind::Content,
        outcome,
        value: match outcome {
            Outcome::Passed => Some(1.0),
            Outcome::Failed => Some(0.0),
            _ => None,
        },
        confidence: 0.9,
        evidence,
        reason,
        expected: "Al menos un registro con datos, o una nota que explique por qué no los hay.".to_owned(),
        actual: format!(
            "{rows} con filas, {texts} con texto, {negatives} con nota motivada, {scanned} en imagen, {unread} sin examinar, {blank} sin datos, {bare} sin enlace"
        ),
        remedy: if outcome == Outcome::Failed {
            "Llene el formato con los registros del periodo o, si no los hubo, escriba en la columna Nota el motivo."
                .to_owned()
        } else {
            String::new()
        },
    }
}
