//! Are the required cells of the table filled, and with what they ask for?

use crate::model::{CriterionKind, Level, Outcome, TableProblem};

use super::{Case, Judgement, Judging};

/// Share of required cells from which a table counts as filled.
const FILLED: f64 = 0.9;
/// Problems that are named, and places of each.
const NAMED: usize = 3;
const PLACES: usize = 4;

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
    let told = summed_up(&wrong);
    let minor = |p: &&TableProblem| p.level == Level::Warning;
    let warned: Vec<&TableProblem> = table.examined.problems.iter().filter(minor).collect();
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
            if warned.is_empty() {
                "Las celdas obligatorias están llenas y bien formadas.".to_owned()
            } else {
                format!(
                    "Las celdas obligatorias están llenas. Avisos: {}.",
                    summed_up(&warned).join("; ")
                )
            },
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

/// The first problems, each once: what, where, in which column and what was seen there first.
fn summed_up(wrong: &[&TableProblem]) -> Vec<String> {
    let mut groups: Vec<(&TableProblem, Vec<&str>)> = Vec::new();
    for &problem in wrong {
        match groups
            .iter_mut()
            .find(|(first, _)| (&first.message, &first.column) == (&problem.message, &problem.column))
        {
            Some((_, places)) => places.push(&problem.cell),
            None => groups.push((problem, vec![&problem.cell])),
        }
    }
    let one = |(first, places): &(&TableProblem, Vec<&str>)| {
        let mut text = first.message.trim_end_matches('.').to_owned();
        let shown = places.iter().take(PLACES).filter(|p| !p.is_empty());
        let mut told: Vec<String> = shown.map(|p| (*p).to_owned()).collect();
        if places.len() > PLACES {
            told.push(format!("{} celdas más", places.len() - PLACES));
        }
        if !first.column.is_empty() {
            told.push(format!("columna «{}»", first.column));
        }
        if !first.actual.is_empty() {
            told.push(format!("se vio «{}»", first.actual));
        }
        if !told.is_empty() {
            text = format!("{text} ({})", told.join(", "));
        }
        text
    };
    groups.iter().take(NAMED).map(one).collect()
}
