//! Cells and their addresses: what several checks of tables share.

use crate::model::Sheet;
use crate::text::fold;

/// Columns of every official format that say when and who, not what.
const FRAME: &[&str] = &[
    "ejercicio",
    "fecha de inicio del periodo",
    "fecha de termino del periodo",
    "periodo que se informa",
    "periodo",
    "id",
    "fecha creacion",
    "fecha modificacion",
    "area s responsable s",
    "areas responsables",
    "area responsable",
    "fecha de validacion",
    "fecha de actualizacion",
    "fecha actualizacion",
    "fecha validacion",
    "ano",
    "nota",
];

/// Whether a header is of a column that says when and who, or none at all.
pub(super) fn is_frame(name: &str) -> bool {
    let folded = fold(name);
    folded.is_empty()
        || FRAME
            .iter()
            .any(|f| folded == *f || f.len() > 8 && folded.starts_with(f))
}

/// A cell that says something: not blank, zero, a dash, "ND", a short id or the template's own instruction.
pub(super) fn is_substantive(cell: &str) -> bool {
    let folded = fold(cell);
    let id = folded.len() <= 3 && folded.chars().all(|c| c.is_ascii_digit());
    !id && !is_nothing(&folded) && !folded.starts_with("colocar el id")
}

/// Whether a folded cell says that there is nothing to say.
pub(super) fn is_nothing(folded: &str) -> bool {
    matches!(
        folded,
        "" | "0 00" | "n d" | "nd" | "n a" | "na" | "no aplica" | "no dato" | "s d" | "sin dato"
    )
}

/// `G12`, as the spreadsheet itself names the cell at (row, column) of `rows`.
pub(super) fn address(sheet: &Sheet, row: usize, column: usize) -> String {
    format!("{}{}", letters(sheet, column), number(sheet, row))
}

/// Number of a row of `rows` as the spreadsheet shows it, from 1.
pub(super) fn number(sheet: &Sheet, row: usize) -> usize {
    sheet.origin.0 as usize + row + 1
}

/// Letters of a column of `rows` as the spreadsheet shows them.
pub(super) fn letters(sheet: &Sheet, column: usize) -> String {
    column_letters(sheet.origin.1 as usize + column)
}

/// 0 → A, 25 → Z, 26 → AA.
#[must_use]
pub fn column_letters(mut column: usize) -> String {
    let mut out = Vec::new();
    loop {
        out.push(char::from(b'A' + u8::try_from(column % 26).unwrap_or(0)));
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    out.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        assert_eq!(column_letters(0), "A");
        assert_eq!(column_letters(25), "Z");
        assert_eq!(column_letters(26), "AA");
        assert_eq!(column_letters(701), "ZZ");
        assert_eq!(column_letters(702), "AAA");
    }
}
