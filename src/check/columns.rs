//! Does a table have the columns of the obligation's official format?

use crate::model::{CriterionKind, Outcome};

use super::{Case, Judgement, Judging, Piece};

/// Labels of missing columns that are named.
const NAMED: usize = 4;

pub(super) fn check(case: &Case<'_>) -> Judgement {
    let judging = Judging::new("columns", CriterionKind::Content)
        .expecting("Una tabla con todas las columnas del formato oficial de la obligación.");
    if !case.has_formats() {
        return judging.inapplicable("No se conoce un formato oficial de esta obligación.");
    }
    let tables: Vec<(&Piece, &super::reading::Table)> = case.tables().collect();
    // The most complete speaks for all: older periods may follow older guidelines.
    let Some((piece, table)) = tables.iter().min_by_key(|(_, t)| t.missing.len()) else {
        return judging.cant_tell_without_table(case);
    };
    let format = &case.formats[table.format];
    let all = format.columns.len().max(1);
    let found = all - table.missing.len().min(all);
    let point = piece.point(case.site).at(format!("hoja '{}'", table.sheet));
    let actual = format!("{found} de {all} columnas de «{}»", format.title);
    if table.missing.is_empty() || !format.whole {
        return judging.seeing(actual).resting_on(vec![point]).decided(
            Outcome::Passed,
            1.0,
            format!("Tiene las columnas del formato «{}».", format.title),
        );
    }
    let named: Vec<&str> = table.missing.iter().take(NAMED).map(String::as_str).collect();
    let more = table.missing.len() - named.len();
    let rest = if more > 0 {
        format!(" y {more} más")
    } else {
        String::new()
    };
    judging
        .seeing(actual)
        .resting_on(vec![point])
        .mending("Use la plantilla completa del formato oficial, sin quitar ni renombrar columnas.")
        .decided(
            Outcome::Failed,
            found as f64 / all as f64,
            format!(
                "Faltan columnas del formato «{}»: {}{rest}.",
                format.title,
                named.join("; ")
            ),
        )
}
