//! Is the latest period that had to be up on the day there?

use crate::model::{Certainty, CriterionKind, Outcome};
use crate::text::deadline::{due_date, last_due};

use super::{Case, Judgement, Judging};

pub(super) fn check(case: &Case<'_>) -> Judgement {
    let judging = Judging::new("current", CriterionKind::Timeliness);
    let Some(due) = last_due(case.obligation.cadence, case.term.days, case.on) else {
        return judging
            .expecting("Información al día.")
            .inapplicable("Ningún calendario dice cuándo debe renovarse.");
    };
    let unsourced = if case.term.certainty == Certainty::N {
        " (plazo sin fuente)"
    } else {
        ""
    };
    let expected = format!(
        "Información hasta {due}: el plazo venció el {}{unsourced}.",
        due_date(due, case.term.days)
    );
    let judging = judging.expecting(expected);
    if case.working().next().is_none() {
        return if case.candidates.content.is_empty() {
            judging.inapplicable("No hay información cuyo periodo mirar.")
        } else {
            judging.cant_tell(
                "La información está en la página, sin un periodo que se pueda leer.",
                Vec::new(),
            )
        };
    }
    let Some((latest, piece)) = case.latest() else {
        let shown = case.working().take(3).map(|p| p.point(case.site)).collect();
        return judging.cant_tell("Ningún documento dice qué periodo cubre.", shown);
    };
    let judging = judging
        .seeing(format!(
            "El periodo más reciente es {latest} ({}).",
            piece.period_from.spanish()
        ))
        .confident(piece.period_from.confidence())
        .resting_on(vec![piece.point(case.site)]);
    if latest.end() >= due.end() {
        return judging.decided(Outcome::Passed, 1.0, format!("Está al día: cubre hasta {latest}."));
    }
    let behind = due.year == latest.year || due.previous().end() <= latest.end();
    judging
        .mending("Publique la información de los periodos que faltan y anote la fecha de actualización.")
        .decided(
            Outcome::Failed,
            if behind { 0.5 } else { 0.0 },
            format!("Lo más reciente es {latest} y debía estar {due}."),
        )
}
