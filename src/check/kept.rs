//! Is every year that must be kept online there?

use std::collections::BTreeSet;

use crate::model::{CriterionKind, Outcome};
use crate::text::deadline::expected_span;

use super::{Case, Judgement, Judging};

pub(super) fn check(case: &Case<'_>) -> Judgement {
    let judging = Judging::new("kept", CriterionKind::Timeliness);
    let o = case.obligation;
    let Some((first, last)) = expected_span(o.retention, o.cadence, case.term.days, case.on) else {
        return judging
            .expecting("La información vigente.")
            .inapplicable("Sólo se conserva lo vigente, o no hay fuente del plazo de conservación.");
    };
    let judging = judging.expecting(format!("Información de cada año de {first} a {last}."));
    if case.working().next().is_none() {
        return judging.inapplicable("No hay información cuyos años contar.");
    }
    let years: BTreeSet<u16> = case
        .working()
        .flat_map(|p| p.years.iter().copied())
        .filter(|y| (first..=last).contains(y))
        .collect();
    let shown: Vec<_> = case
        .working()
        .filter(|p| !p.years.is_empty())
        .take(4)
        .map(|p| p.point(case.site))
        .collect();
    if shown.is_empty() {
        let shown = case.working().take(3).map(|p| p.point(case.site)).collect();
        return judging.cant_tell("Los documentos no dicen de qué años son.", shown);
    }
    let all = usize::from(last - first) + 1;
    let absent: Vec<String> = (first..=last)
        .filter(|y| !years.contains(y))
        .map(|y| y.to_string())
        .collect();
    let judging = judging
        .seeing(format!(
            "{} de {all} años{}",
            years.len(),
            if years.is_empty() {
                String::new()
            } else {
                format!(": {}", years.iter().map(u16::to_string).collect::<Vec<_>>().join(", "))
            }
        ))
        .confident(0.8)
        .resting_on(shown);
    if absent.is_empty() {
        return judging.decided(
            Outcome::Passed,
            1.0,
            format!("Hay información de cada año de {first} a {last}."),
        );
    }
    // Documents that say no year may be those of the absent ones.
    if case.working().any(|p| p.years.is_empty()) {
        return judging.undecided(format!(
            "No se ve información de {}, pero hay documentos que no dicen su año.",
            absent.join(", ")
        ));
    }
    judging
        .mending("Conserve en línea los años anteriores que la ley pide.")
        .decided(
            Outcome::Failed,
            years.len() as f64 / all as f64,
            format!("No hay información de {}.", absent.join(", ")),
        )
}
