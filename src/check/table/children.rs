//! Ids of child tables: every one leads to a row, every row is led to.

use crate::check::cell;
use crate::model::{ColumnKind, problem};
use crate::text::fold;

use super::kinds::is_placeholder;
use super::told::{Say, Told, some_of};
use super::view::{Child, View, ids};

pub(super) fn check(view: &View<'_>, told: &mut Told) {
    for (column, asked) in view.main.present() {
        if asked.kind != ColumnKind::Child {
            continue;
        }
        let Some(number) = asked.child else { continue };
        match view.children.get(&number) {
            Some(child) => against(view, column, child, told),
            None => absent(view, column, told),
        }
    }
    unused(view, told);
}

/// Cells of a column of ids that name some.
fn cells<'a>(view: &'a View<'_>, column: usize) -> impl Iterator<Item = (usize, &'a str)> {
    view.main
        .rows
        .iter()
        .map(move |&r| (r, view.main.text(r, column)))
        .filter(|(_, t)| !t.is_empty() && !is_placeholder(t) && !cell::is_nothing(&fold(t)))
}

fn against(view: &View<'_>, column: usize, child: &Child<'_>, told: &mut Told) {
    for (row, text) in cells(view, column) {
        if ids(text).all(|id| child.ids.contains_key(id)) || child.ids.contains_key(text) {
            continue;
        }
        let message = format!("El identificador no está en la hoja «{}».", child.table.sheet.name);
        let say = Say::new(message, text, "El identificador de un renglón de esa hoja");
        told.cell(&problem::CHILD_ROW_MISSING, &view.main, (row, column), say);
    }
}

fn absent(view: &View<'_>, column: usize, told: &mut Told) {
    // Ids are figures; a column that a town filled with the data itself asks for no sheet.
    let named = |t: &str| ids(t).all(|id| id.bytes().all(|b| b.is_ascii_digit()));
    let first = cells(view, column).find(|(_, t)| named(t));
    if let Some((row, text)) = first {
        let say = Say::new(
            "La columna remite a una tabla hija cuya hoja no está en el archivo.",
            text,
            "La hoja de la tabla hija",
        );
        told.column(&problem::CHILD_SHEET_MISSING, &view.main, (row, column), say);
    }
}

/// Rows of child tables that no record names, once a sheet.
fn unused(view: &View<'_>, told: &mut Told) {
    if view.main.sheet.truncated {
        return;
    }
    for (number, child) in &view.children {
        let columns: Vec<usize> = view
            .main
            .present()
            .filter(|(_, c)| c.child == Some(*number))
            .map(|(n, _)| n)
            .collect();
        if columns.is_empty() {
            continue;
        }
        let named: std::collections::BTreeSet<&str> = columns
            .iter()
            .flat_map(|&c| view.main.rows.iter().map(move |&r| (r, c)))
            .flat_map(|(r, c)| ids(view.main.text(r, c)))
            .collect();
        let mut rows: Vec<usize> = child
            .ids
            .iter()
            .filter(|(id, _)| !named.contains(*id) && child.with_data.contains(*id))
            .flat_map(|(_, rows)| rows.iter().copied())
            .collect();
        rows.sort_unstable();
        let Some(&first) = rows.first() else { continue };
        let sheet = child.table.sheet;
        let places: Vec<String> = rows.iter().map(|&r| cell::number(sheet, r).to_string()).collect();
        let say = Say::new(
            format!(
                "Ningún registro remite a {}: {}.",
                super::super::counted(rows.len(), "renglón", "renglones"),
                some_of(&places)
            ),
            "",
            format!("Su identificador en la columna «{}»", view.main.label(columns[0])),
        );
        let at = cell::number(sheet, first);
        told.at(
            &problem::CHILD_ROW_UNUSED,
            &child.table,
            (first, 0),
            format!("{at}:{at}"),
            say,
        );
    }
}
