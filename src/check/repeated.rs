//! Is the same file passed off as several periods?

use std::collections::BTreeMap;

use crate::model::{CriterionKind, Outcome};

use super::{Case, Judgement, Judging, Piece};

pub(super) fn check(case: &Case<'_>) -> Judgement {
    let judging =
        Judging::new("repeated", CriterionKind::Timeliness).expecting("Un archivo distinto para cada periodo.");
    let mut same: BTreeMap<&str, Vec<&Piece>> = BTreeMap::new();
    for piece in case.working() {
        let digest = piece.capture.and_then(|c| case.site.captures[c].sha256.as_deref());
        if let (Some(digest), Some(_)) = (digest, piece.said) {
            same.entry(digest).or_default().push(piece);
        }
    }
    let dated: usize = same.values().map(Vec::len).sum();
    if dated < 2 {
        return judging.inapplicable("No hay archivos de varios periodos que comparar.");
    }
    let copied: Vec<&Piece> = same
        .into_values()
        .filter(|pieces| pieces.iter().any(|p| p.said != pieces[0].said))
        .flatten()
        .collect();
    if copied.is_empty() {
        let shown = case
            .working()
            .filter(|p| p.said.is_some())
            .take(3)
            .map(|p| p.point(case.site))
            .collect();
        return judging
            .seeing(format!("{dated} archivos, todos distintos"))
            .resting_on(shown)
            .decided(Outcome::Passed, 1.0, "Cada periodo tiene su propio archivo.".to_owned());
    }
    let periods: Vec<String> = copied.iter().filter_map(|p| p.said).map(|p| p.to_string()).collect();
    let shown = copied.iter().take(4).map(|p| p.point(case.site)).collect();
    judging
        .seeing(format!("El mismo archivo bajo {}", periods.join(", ")))
        .resting_on(shown)
        .mending("Suba el archivo de cada periodo, aunque sólo diga que nada cambió.")
        .decided(
            Outcome::Failed,
            1.0 - copied.len() as f64 / dated as f64,
            format!(
                "El mismo archivo, byte por byte, se ofrece como {}.",
                periods.join(", ")
            ),
        )
}
