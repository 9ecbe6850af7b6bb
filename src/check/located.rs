//! Is there information of the obligation at all, reached from the portal?

use crate::model::{CriterionKind, Outcome};

use super::{Case, Judgement, PieceState, Pointer, counted, point_at_line};

pub(super) fn check(case: &Case<'_>) -> Judgement {
    let works: Vec<_> = case.working().collect();
    let content = &case.candidates.content;
    let expected = "Información de la obligación, alcanzable desde el portal.".to_owned();
    let blank = Judgement {
        criterion: "located",
        kind: CriterionKind::Content,
        outcome: Outcome::Passed,
        value: Some(1.0),
        confidence: 0.9,
        evidence: Vec::new(),
        reason: String::new(),
        expected,
        actual: String::new(),
        remedy: String::new(),
    };
    if let Some(first) = works.first() {
        return Judgement {
            confidence: first.item.ground.strength(),
            evidence: works.iter().take(5).map(|p| p.point(case.site)).collect(),
            reason: format!(
                "{}: «{}».",
                capital(first.item.ground.spanish()),
                shorten(&first.item.because)
            ),
            actual: counted(works.len(), "documento con información", "documentos con información"),
            ..blank
        };
    }
    if let Some(first) = content.first() {
        return Judgement {
            confidence: first.relevance,
            evidence: content
                .iter()
                .take(3)
                .map(|c| Pointer {
                    capture: c.page,
                    line: Some(c.line),
                    locator: None,
                    excerpt: c.excerpt.clone(),
                })
                .collect(),
            reason: "La información está escrita en la propia página.".to_owned(),
            actual: "Texto o tabla en la página".to_owned(),
            ..blank
        };
    }
    let (outcome, reason) = if case.is_blind() {
        (
            Outcome::CantTell,
            "No se encontró, pero hubo partes del portal que no se pudieron ver.".to_owned(),
        )
    } else {
        (
            Outcome::Failed,
            "No se encontró información en ninguna página alcanzable.".to_owned(),
        )
    };
    Judgement {
        outcome,
        value: (outcome == Outcome::Failed).then_some(0.0),
        evidence: absence(case),
        reason,
        actual: seen(case),
        remedy: case.obligation.remedy.clone(),
        ..blank
    }
}

/// What stands where information should be: labels first, else the pages searched.
fn absence(case: &Case<'_>) -> Vec<Pointer> {
    let mut out: Vec<Pointer> = case.pieces.iter().take(3).map(|p| p.point_at_page(case.site)).collect();
    if out.is_empty() {
        let mut labels: Vec<_> = case.candidates.labels.iter().collect();
        labels.sort_by(|a, b| b.on_list.cmp(&a.on_list).then(b.score.total_cmp(&a.score)));
        out.extend(
            labels
                .iter()
                .take(3)
                .map(|l| point_at_line(case.site, l.page, Some(l.line))),
        );
    }
    if out.is_empty() {
        out.extend(case.searched.iter().take(3).map(|&c| point_at_line(case.site, c, None)));
    }
    out.dedup();
    out
}

fn seen(case: &Case<'_>) -> String {
    let mut parts = Vec::new();
    let mut add = |n: usize, one: &str, many: &str| {
        if n > 0 {
            parts.push(counted(n, one, many));
        }
    };
    add(case.candidates.labels.len(), "rótulo", "rótulos");
    add(case.count(|s| *s == PieceState::Dead), "enlace roto", "enlaces rotos");
    add(
        case.count(|s| matches!(s, PieceState::Blank(_))),
        "archivo sin datos",
        "archivos sin datos",
    );
    add(
        case.count(|s| *s == PieceState::NoLink),
        "icono o texto sin enlace",
        "iconos o textos sin enlace",
    );
    add(
        case.count(|s| matches!(s, PieceState::External(_))),
        "enlace a otro sitio",
        "enlaces a otros sitios",
    );
    add(
        case.count(|s| matches!(s, PieceState::Unknown(_))),
        "enlace sin consultar",
        "enlaces sin consultar",
    );
    if parts.is_empty() {
        "Ningún rótulo ni documento".to_owned()
    } else {
        parts.join(", ")
    }
}

/// First letter in capitals.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|c| c.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

/// At most 120 characters, masked and cut with an ellipsis.
pub(super) fn shorten(text: &str) -> String {
    crate::text::personal::shortened(text, 120)
}
