//! Are the required cells of the table filled, and with what they ask for?

use crate::model::{CriterionKind, Level, Outcome};

use super::{Case, Judgement, Judging};

/// Share of required cells from which a table counts as filled.
const FILLED: f64 = 0.9;
/// Problems that are named.
const NAMED: usize = 3;

pub(super) fn check(case: &Case<'_>) -> Judgement {
    let judging = Judging::new("cells", CriterionKind::Content)
        .expecting("Celdas obligatorias llenas, con fechas, números, direcciones y valores de catálogo correctos.");
    if !case.has_formats() {
        return judging.inapplicable("No se conoce un formato oficial de esta obligación.");
    }
    let filled: Vec<_> = case.tables().filter(|(_, t)| t.examined.filled_rows > 0).collect();
    let Some((piece, table)) = filled.iter().max_by_key(|(p, t)| (p.period, t.examined.filled_rows)) else {
        return if case.tables().next().is_some() {
            judging.inapplicable("Ninguna tabla tiene registros que revisar.")
        } else {
            judging.inapplicable("No hay una tabla con el formato oficial que revisar.")
        };
    };
    let share = table.examined.required_share;
    let wrong: Vec<_> = table
        .examined
        .problems
        .iter()
        .filter(|p| p.level == Level::Error)
        .collect();
    let told: Vec<String> = wrong
        .iter()
        .take(NAMED)
        .map(|p| {
            let place = if p.cell.is_empty() {
                String::new()
            } else {
                format!(" ({})", p.cell)
            };
            format!("{}{place}", p.message.trim_end_matches('.'))
        })
        .collect();
    let at = wrong.first().map_or_else(
        || format!("hoja '{}'", table.sheet),
        |p| format!("hoja '{}', {}", p.sheet, p.cell),
    );
    let judging = judging
        .seeing(format!(
            "{} registros, {:.0} % de las celdas obligatorias llenas, {} errores de llenado",
            table.examined.filled_rows,
            share * 100.0,
            wrong.len()
        ))
        .resting_on(vec![piece.point(case.site).at(at)]);
    if share >= FILLED && wrong.is_empty() {
        return judging.decided(
            Outcome::Passed,
            1.0,
            "Las celdas obligatorias están llenas y bien formadas.".to_owned(),
        );
    }
    let reason = if told.is_empty() {
        format!("Sólo está lleno el {:.0} % de las celdas obligatorias.", share * 100.0)
    } else {
        format!("{}.", told.join("; "))
    };
    judging
        .mending("Revise el archivo con «veedor lint»: dice cada celda y cómo corregirla.")
        .decided(
            Outcome::Failed,
            if wrong.is_empty() { share } else { share.min(0.5) },
            reason,
        )
}
