//! Headers: columns that are missing, that nobody asked for, out of their order, misspelt.

use crate::check::cell;
use crate::model::problem;

use super::place::plain;
use super::told::{Say, Told};
use super::view::View;

/// Most letters by which a misspelt header differs from the right one.
const SLIP: usize = 2;
/// Fewest letters of a header in which a slip is told from another word.
const LONG: usize = 8;
/// Headers that the platform's own download adds before those of the layout.
const DOWNLOADED: &[&str] = &["id", "fecha creacion", "fecha modificacion"];

pub(super) fn check(view: &View<'_>, told: &mut Told) {
    missing(view, told);
    unknown(view, told);
    out_of_order(view, told);
    misspelt(view, told);
}

fn missing(view: &View<'_>, told: &mut Told) {
    let table = &view.main;
    let number = cell::number(table.sheet, table.header_row);
    for &column in &view.placement.missing {
        let Some(asked) = view.format.columns.get(column) else {
            continue;
        };
        let kind = if asked.required {
            problem::MISSING_COLUMN
        } else {
            problem::MISSING_OPTIONAL_COLUMN
        };
        let before = (0..column).rev().find(|&n| table.at[n].is_some());
        let place = before.map_or_else(
            || "al principio".to_owned(),
            |n| format!("después de «{}»", table.label(n)),
        );
        let say = Say::new(
            format!("Falta la columna «{}».", asked.label),
            "",
            format!("«{}», {place}", asked.label),
        );
        told.at(&kind, table, (table.header_row, 0), format!("{number}:{number}"), say);
    }
}

fn unknown(view: &View<'_>, told: &mut Told) {
    // A layout of which only some columns are known cannot say that another is too many.
    if !view.format.whole {
        return;
    }
    let table = &view.main;
    for &at in &view.placement.extra {
        let header = header(view, at);
        if DOWNLOADED.contains(&plain(header).as_str()) {
            continue;
        }
        let letters = cell::letters(table.sheet, at);
        let say = Say::new(
            format!("La columna {letters} no es de este formato."),
            header,
            "Sólo las columnas del formato",
        );
        told.at(
            &problem::UNKNOWN_COLUMN,
            table,
            (table.header_row, at),
            cell::address(table.sheet, table.header_row, at),
            say,
        );
    }
}

fn out_of_order(view: &View<'_>, told: &mut Told) {
    let table = &view.main;
    let present: Vec<(usize, usize)> = table.present().filter_map(|(n, _)| Some((n, table.at[n]?))).collect();
    let kept = longest_rising(&present.iter().map(|(_, at)| *at).collect::<Vec<_>>());
    for (i, &(column, at)) in present.iter().enumerate() {
        if kept.contains(&i) {
            continue;
        }
        let before = i.checked_sub(1).map(|j| table.label(present[j].0));
        let place = before.map_or_else(|| "Al principio".to_owned(), |b| format!("Después de «{b}»"));
        let say = Say::new(
            format!(
                "La columna «{}» no está en el lugar que le da el formato.",
                table.label(column)
            ),
            &format!("en la columna {}", cell::letters(table.sheet, at)),
            place,
        );
        told.cell(&problem::COLUMN_OUT_OF_ORDER, table, (table.header_row, column), say);
    }
}

/// Positions of a longest rising sequence: what has to move is the rest.
fn longest_rising(values: &[usize]) -> Vec<usize> {
    let mut length = vec![1usize; values.len()];
    let mut before = vec![None; values.len()];
    for i in 0..values.len() {
        for j in 0..i {
            if values[j] < values[i] && length[j] + 1 > length[i] {
                length[i] = length[j] + 1;
                before[i] = Some(j);
            }
        }
    }
    let mut at = (0..values.len()).rev().max_by_key(|&i| length[i]);
    let mut kept = Vec::new();
    while let Some(i) = at {
        kept.push(i);
        at = before[i];
    }
    kept
}

fn misspelt(view: &View<'_>, told: &mut Told) {
    let table = &view.main;
    for (column, asked) in table.present() {
        let Some(at) = table.at[column] else { continue };
        let (found, right) = (plain(header(view, at)), plain(&asked.label));
        if found == right || right.len() < LONG {
            continue;
        }
        let distance = strsim::osa_distance(&found, &right);
        let letters_only = |t: &str| t.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
        // Another number or letter in brackets makes another column, not a slip.
        if distance <= SLIP && letters_only(&found) != letters_only(&right) {
            let say = Say::new("El encabezado está mal escrito.", header(view, at), asked.label.clone());
            told.cell(&problem::MISSPELT_HEADER, table, (table.header_row, column), say);
        }
    }
}

fn header<'a>(view: &View<'a>, at: usize) -> &'a str {
    view.main
        .sheet
        .rows
        .get(view.main.header_row)
        .and_then(|row| row.get(at))
        .map_or("", |h| h.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_must_move_is_out_of_order() {
        let mut kept = longest_rising(&[0, 1, 5, 2, 3, 4]);
        kept.sort_unstable();
        assert_eq!(kept, [0, 1, 3, 4, 5]);
        assert_eq!(longest_rising(&[]), Vec::<usize>::new());
    }
}
