//! Do the links of the section work?

use crate::model::{CriterionKind, Outcome};

use super::{Case, Judgement, PieceState, counted};

/// Share of dead links up to which a section still does what it promises (DESIGN §2: "more than a tenth").
pub(crate) const TOLERATED: f64 = 0.1;

pub(super) fn check(case: &Case<'_>) -> Judgement {
    let alive = case.count(|s| matches!(s, PieceState::Works(_) | PieceState::Blank(_) | PieceState::Other(_)));
    let dead: Vec<_> = case.pieces.iter().filter(|p| p.state == PieceState::Dead).collect();
    let unknown: Vec<_> = case
        .pieces
        .iter()
        .filter(|p| matches!(p.state, PieceState::Unknown(_)))
        .collect();
    let total = alive + dead.len();
    let (outcome, value, reason) = if total + unknown.len() == 0 {
        (
            Outcome::Inapplicable,
            None,
            "No hay enlaces a documentos de este portal que probar.".to_owned(),
        )
    } else if total == 0 || unknown.len() > total {
        (
            Outcome::CantTell,
            None,
            "No se pudo consultar la mayoría de sus enlaces.".to_owned(),
        )
    } else {
        let share = alive as f64 / total as f64;
        let outcome = if 1.0 - share <= TOLERATED {
            Outcome::Passed
        } else {
            Outcome::Failed
        };
        let reason = if dead.is_empty() {
            "Todos sus enlaces abren.".to_owned()
        } else {
            format!(
                "{} de {} no abren: el servidor contesta que no existen.",
                dead.len(),
                counted(total, "enlace", "enlaces")
            )
        };
        (outcome, Some(share), reason)
    };
    let mut evidence = Vec::new();
    for piece in dead.iter().chain(&unknown).take(3) {
        evidence.push(piece.point_at_page(case.site));
        evidence.push(piece.point(case.site));
    }
    if evidence.is_empty() {
        evidence.extend(case.working().take(3).map(|p| p.point(case.site)));
        if evidence.is_empty() {
            evidence.extend(case.pieces.iter().take(3).map(|p| p.point(case.site)));
        }
    }
    evidence.dedup();
    Judgement {
        criterion: "opens",
        kind: CriterionKind::Content,
        outcome,
        value,
        confidence: 0.97,
        evidence,
        reason,
        expected: "Que abran los enlaces de la sección (se tolera uno de cada diez).".to_owned(),
        actual: format!(
            "{}, {}, {} sin consultar",
            counted(alive, "abre", "abren"),
            counted(dead.len(), "roto", "rotos"),
            unknown.len()
        ),
        remedy: if dead.is_empty() {
            String::new()
        } else {
            "Suba de nuevo los archivos o corrija las direcciones rotas (mayúsculas, acentos, espacios y carpeta)."
                .to_owned()
        },
    }
}
