//! Which sheets of a workbook hold the child tables of its format.

use crate::model::{Sheet, Workbook};
use crate::text::header::{child_number, header};

use super::index::Shape;

/// Rows from the top among which the headers of a child table are looked for.
const ROWS: usize = 8;
/// Least share of headers in common.
const SHARED: f64 = 0.6;

/// Pairs of child table and sheet. The number that header and sheet share decides, then the columns.
pub(super) fn sheets(shape: &Shape, workbook: &Workbook, main: usize, parents: &[Option<&str>]) -> Vec<(usize, usize)> {
    if shape.children.is_empty() || workbook.sheets.len() < 2 {
        return Vec::new();
    }
    let others: Vec<usize> = (0..workbook.sheets.len()).filter(|s| *s != main).collect();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (child, parent) in parents.iter().enumerate() {
        let number = parent.and_then(child_number);
        let named = |s: &&usize| number.is_some() && number == own_number(&workbook.sheets[**s].name);
        if let Some(&sheet) = others.iter().find(named) {
            pairs.push((child, sheet));
        }
    }
    let mut alike: Vec<(f64, usize, usize)> = Vec::new();
    for &sheet in others.iter().filter(|s| pairs.iter().all(|(_, p)| p != *s)) {
        let Some(headers) = headers(&workbook.sheets[sheet]) else {
            continue;
        };
        for (child, columns) in shape.children.iter().enumerate() {
            let shared = columns.iter().filter(|c| headers.contains(c)).count();
            let like = shared as f64 / (columns.len() + headers.len() - shared).max(1) as f64;
            if like >= SHARED && shared > 1 && pairs.iter().all(|(c, _)| *c != child) {
                alike.push((like, child, sheet));
            }
        }
    }
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    for (_, child, sheet) in alike {
        if pairs.iter().all(|(c, s)| *c != child && *s != sheet) {
            pairs.push((child, sheet));
        }
    }
    pairs.sort_unstable();
    pairs
}

/// The number in a child sheet's name; lists of its values (`Hidden_1_Tabla_512813`) are no child tables.
fn own_number(name: &str) -> Option<&str> {
    let hidden = name.get(..6).is_some_and(|n| n.eq_ignore_ascii_case("hidden"));
    child_number(name).filter(|_| !hidden)
}

/// Folded headers of a child table: the first row that opens with `ID`.
fn headers(sheet: &Sheet) -> Option<Vec<String>> {
    let row = sheet.rows.iter().take(ROWS).find(|row| {
        let first = row.iter().find(|c| !c.is_empty());
        row.len() > 1 && first.is_some_and(|c| c.trim().eq_ignore_ascii_case("id"))
    })?;
    let folded = row.iter().map(|c| header(c));
    Some(
        folded
            .filter(|c| !matches!(c.as_str(), "" | "fecha creacion" | "fecha modificacion"))
            .collect(),
    )
}
