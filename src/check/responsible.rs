//! Who answers for the information, and when was it last updated? (LGTAIP 2025, art. 58: the publication says which subject generated
//! it and the date of its last update.)

use jiff::civil::Date;

use crate::locate::NoticeKind;
use crate::model::{CriterionKind, Outcome};

use super::{Case, Judgement, Judging, Pointer, point_at_line};

/// Share of the rows that must name the area.
const NAMED: f64 = 0.9;

/// Whether the area responsible is named, in the table or in the section.
pub(super) fn area(case: &Case<'_>) -> Judgement {
    let judging = Judging::new("area", CriterionKind::Reliability)
        .expecting("El nombre del área responsable de la información, en el archivo o en la página.")
        .mending_if_failed("Anote en cada registro, o junto al enlace, el área que genera la información.");
    let tables: Vec<_> = case.tables().filter(|(_, t)| t.examined.rows > 0).collect();
    if let Some((piece, table)) = tables
        .iter()
        .max_by(|a, b| a.1.examined.area_filled.total_cmp(&b.1.examined.area_filled))
    {
        let share = table.examined.area_filled;
        let judging = judging
            .seeing(format!("{:.0} % de los registros nombra su área", share * 100.0))
            .resting_on(vec![piece.point(case.site)]);
        return if share >= NAMED {
            judging.decided(
                Outcome::Passed,
                1.0,
                "Cada registro nombra el área responsable.".to_owned(),
            )
        } else {
            judging.decided(
                Outcome::Failed,
                share,
                "Hay registros que no nombran el área responsable.".to_owned(),
            )
        };
    }
    if let Some(notice) = case.candidates.notices.iter().find(|n| n.kind == NoticeKind::Area) {
        return judging
            .seeing("En la página".to_owned())
            .resting_on(vec![point_at_line(case.site, notice.page, Some(notice.line))])
            .decided(
                Outcome::Passed,
                1.0,
                "La sección nombra el área responsable.".to_owned(),
            );
    }
    unseen(
        case,
        judging,
        "No se ve quién es responsable de la información; puede decirlo un documento que no es tabla.",
    )
}

/// Whether the date of the last update is given, in the table or in the section.
pub(super) fn updated(case: &Case<'_>) -> Judgement {
    let judging = Judging::new("updated", CriterionKind::Reliability)
        .expecting("La fecha de la última actualización, en el archivo o en la página.")
        .mending_if_failed(
            "Escriba la fecha de actualización en el formato o junto al enlace, como fecha (día/mes/año).",
        );
    let tables: Vec<_> = case.tables().filter(|(_, t)| t.examined.rows > 0).collect();
    let mut dates: Vec<(Date, Pointer)> = tables
        .iter()
        .filter_map(|(p, t)| Some((t.examined.updated?, p.point(case.site))))
        .collect();
    dates.extend(case.candidates.notices.iter().filter_map(|n| match n.kind {
        NoticeKind::Updated(Some(date)) if date <= case.on => {
            Some((date, point_at_line(case.site, n.page, Some(n.line))))
        }
        _ => None,
    }));
    if let Some((date, point)) = dates.into_iter().max_by(|a, b| a.0.cmp(&b.0)) {
        return judging
            .seeing(format!("Actualizada el {date}"))
            .resting_on(vec![point])
            .decided(Outcome::Passed, 1.0, format!("Dice cuándo se actualizó: {date}."));
    }
    if let Some((piece, _)) = tables.first() {
        return judging
            .seeing("Ninguna fecha de actualización que se pueda leer".to_owned())
            .resting_on(vec![piece.point(case.site)])
            .decided(
                Outcome::Failed,
                0.0,
                "El formato no trae la fecha de actualización.".to_owned(),
            );
    }
    unseen(
        case,
        judging,
        "No se ve cuándo se actualizó; puede decirlo un documento que no es tabla.",
    )
}

fn unseen(case: &Case<'_>, judging: Judging, why: &str) -> Judgement {
    if case.working().next().is_none() && case.candidates.content.is_empty() {
        return judging.inapplicable("No hay información publicada.");
    }
    let shown = case.working().take(2).map(|p| p.point(case.site)).collect();
    judging.cant_tell(why, shown)
}
