//! Personal data in cells and in the addresses that they carry: all sheets, whatever the layout says of them. A column whose
//! official header asks for an RFC may hold RFCs; nothing else is excused.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use crate::check::cell;
use crate::check::data::HEADER_WITHIN;
use crate::model::{ColumnKind, FileLint, Format, ProblemKind, Sheet, TableProblem, Workbook, problem};
use crate::text::personal::{Found, Kind, Known, asks_for_rfc, find_under, may_hold};

use super::Placement;
use super::told::{Say, Told, some_of};
use super::view::{View, child};

/// Longest cell that is taken for words that head a column, in bytes.
const LONGEST_HEADING: usize = 160;

/// Personal data in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellHit {
    /// Number of the sheet.
    pub sheet: usize,
    /// Row in the sheet's rows.
    pub row: usize,
    /// Column in them.
    pub column: usize,
    /// The cell as its spreadsheet names it.
    pub cell: String,
    /// Header of the column; empty when it has none that is known.
    pub header: String,
    /// Text that it stands in: the cell's, or the address that it carries.
    pub text: String,
    /// What and where in that text.
    pub found: Found,
    /// Whether the official layout asks for it there.
    pub asked_for: bool,
}

/// Personal data of a workbook in reading order; the layout, when it has one, tells what its columns are.
#[must_use]
pub fn personal_data(workbook: &Workbook, layout: Option<(&Format, &Placement)>) -> Vec<CellHit> {
    let columns = layout.map_or_else(Columns::default, |(format, at)| Columns::of(workbook, format, at));
    let mut out = Vec::new();
    for (n, sheet) in workbook.sheets.iter().enumerate() {
        of_sheet((n, sheet), &columns, &mut out);
    }
    out
}

pub(super) fn check(view: &View<'_>, told: &mut Told) {
    tell(view.workbook, Some((view.format, view.placement)), told);
}

/// Problems of a workbook of which no layout is known.
pub(super) fn problems(workbook: &Workbook) -> Vec<TableProblem> {
    let mut told = Told::default();
    tell(workbook, None, &mut told);
    told.into_problems()
}

/// With what was found in the workbook masked where it is quoted without its column: a number in the name of a sheet.
pub(super) fn masked(mut file: FileLint, workbook: &Workbook) -> FileLint {
    let kinds = [problem::PERSONAL_DATA.code, problem::BANK_ACCOUNT.code];
    if !file.problems.iter().any(|p| kinds.contains(&p.code.as_str())) {
        return file;
    }
    let mut known = Known::default();
    for hit in personal_data(workbook, None) {
        known.add(&hit.text, &hit.found);
    }
    let masker = known.masker();
    for p in &mut file.problems {
        for text in [
            &mut p.sheet,
            &mut p.column,
            &mut p.message,
            &mut p.actual,
            &mut p.expected,
        ] {
            *text = masker.mask(text);
        }
    }
    file.title = file.title.map(|t| masker.mask(&t));
    file
}

fn tell(workbook: &Workbook, layout: Option<(&Format, &Placement)>, told: &mut Told) {
    let mut groups: BTreeMap<(usize, usize, Kind), Vec<CellHit>> = BTreeMap::new();
    for hit in personal_data(workbook, layout).into_iter().filter(|h| !h.asked_for) {
        groups
            .entry((hit.sheet, hit.column, hit.found.kind))
            .or_default()
            .push(hit);
    }
    for ((sheet, column, kind), hits) in groups {
        let mut places: Vec<String> = hits.iter().map(|h| h.cell.clone()).collect();
        places.dedup();
        let first = &hits[0];
        let letters = cell::letters(&workbook.sheets[sheet], column);
        let (at, message) = if places.len() == 1 {
            (
                first.cell.clone(),
                format!("La celda contiene {}.", named(kind, hits.len())),
            )
        } else {
            let message = format!(
                "{} celdas de la columna contienen {}: {}.",
                places.len(),
                named(kind, hits.len()),
                some_of(&places)
            );
            (format!("{letters}:{letters}"), message)
        };
        let say = Say::new(message, &first.found.masked, "La celda sin ese dato");
        let place = (sheet, workbook.sheets[sheet].name.as_str());
        told.place(&problem_of(kind), place, (first.row, column), (at, &first.header), say);
    }
}

/// An account may be the body's own; all else is a person's.
fn problem_of(kind: Kind) -> ProblemKind {
    match kind {
        Kind::Clabe => problem::BANK_ACCOUNT,
        _ => problem::PERSONAL_DATA,
    }
}

/// "una CURP", "12 claves de elector".
fn named(kind: Kind, count: usize) -> String {
    if count == 1 {
        let article = match kind {
            Kind::Curp | Kind::VoterKey | Kind::Clabe => "una",
            Kind::Rfc | Kind::Nss | Kind::Card => "un",
        };
        format!("{article} {}", kind.spanish())
    } else {
        format!("{count} {}", kind.plural())
    }
}

/// Headers of a layout's columns where they stand.
#[derive(Default)]
struct Columns(BTreeMap<(usize, usize), String>);

impl Columns {
    fn of(workbook: &Workbook, format: &Format, at: &Placement) -> Self {
        let mut out = BTreeMap::new();
        for (column, place) in format.columns.iter().zip(&at.columns) {
            if let Some(place) = place
                && column.kind != ColumnKind::Separator
            {
                out.insert((at.sheet, *place), column.label.clone());
            }
        }
        for &(n, sheet_index) in &at.child_sheets {
            let Some((own, sheet)) = format.children.get(n).zip(workbook.sheets.get(sheet_index)) else {
                continue;
            };
            let Some(child) = child(&own.columns, sheet_index, sheet) else {
                continue;
            };
            for (column, place) in own.columns.iter().zip(&child.table.at) {
                if let Some(place) = place {
                    out.insert((sheet_index, *place), column.label.clone());
                }
            }
        }
        Self(out)
    }
}

fn of_sheet((n, sheet): (usize, &Sheet), columns: &Columns, out: &mut Vec<CellHit>) {
    let mut links = sheet.hyperlinks.iter().peekable();
    for (row, cells) in sheet.rows.iter().enumerate() {
        for (column, text) in cells.iter().enumerate() {
            if may_hold(text) {
                of_text((n, sheet), (row, column), text, columns, out);
            }
        }
        while let Some((_, column, to)) = links.next_if(|(r, ..)| *r as usize <= row) {
            let column = *column as usize;
            // Most cells show the address that they carry.
            if may_hold(to) && cells.get(column).is_none_or(|text| text != to) {
                let address = percent_decode_str(to).decode_utf8_lossy();
                of_text((n, sheet), (row, column), &address, columns, out);
            }
        }
    }
}

fn of_text(
    (n, sheet): (usize, &Sheet),
    (row, column): (usize, usize),
    text: &str,
    columns: &Columns,
    out: &mut Vec<CellHit>,
) {
    let official = columns.0.get(&(n, column));
    let words = official.map_or_else(|| heading(sheet, row, column), Clone::clone);
    for found in find_under(&words, text) {
        out.push(CellHit {
            sheet: n,
            row,
            column,
            cell: cell::address(sheet, row, column),
            header: official.cloned().unwrap_or_default(),
            text: text.to_owned(),
            asked_for: found.kind == Kind::Rfc && official.is_some_and(|header| asks_for_rfc(header)),
            found,
        });
    }
}

/// Words that may head a column whose header nobody told: those of its first rows, above the cell.
fn heading(sheet: &Sheet, row: usize, column: usize) -> String {
    let above = sheet.rows[..row.min(HEADER_WITHIN)]
        .iter()
        .filter_map(|cells| cells.get(column));
    above
        .filter(|t| t.len() <= LONGEST_HEADING && !t.bytes().any(|b| b.is_ascii_digit()))
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::table::{Asked, examine};
    use crate::locate::Phrases;
    use crate::model::{ChildTable, Column, ColumnRole, Level};

    const CURP: &str = "HEGG560427MVZRRL04";
    const RFC: &str = "GODE561231GR8";
    const NSS: &str = "12345678903";

    fn column(label: &str) -> Column {
        Column {
            label: label.to_owned(),
            kind: ColumnKind::ShortText,
            role: ColumnRole::Own,
            catalogue: Vec::new(),
            child: None,
            required: false,
        }
    }

    const MAIN: [&str; 4] = [
        "Nombre",
        "RFC de la persona física o moral",
        "Clave",
        "Número de seguridad social",
    ];

    fn format() -> Format {
        Format {
            id: "prueba".to_owned(),
            edition: String::new(),
            title: "Apoyos".to_owned(),
            short_name: String::new(),
            titles: Vec::new(),
            jurisdiction: String::new(),
            obligations: Vec::new(),
            columns: MAIN.map(column).to_vec(),
            children: vec![ChildTable {
                name: "Tabla_1".to_owned(),
                columns: ["ID", "RFC de los asistentes", "Asistente"].map(column).to_vec(),
            }],
            whole: true,
            sources: Vec::new(),
        }
    }

    fn sheet(name: &str, rows: &[&[&str]]) -> Sheet {
        Sheet {
            name: name.to_owned(),
            rows: rows
                .iter()
                .map(|r| r.iter().map(|c| (*c).to_owned()).collect())
                .collect(),
            ..Sheet::default()
        }
    }

    fn examined(workbook: &Workbook) -> Vec<TableProblem> {
        let at = Placement {
            columns: (0..4).map(Some).collect(),
            child_sheets: vec![(0, 1)],
            ..Placement::default()
        };
        let phrases = Phrases::default();
        let asked = Asked {
            on: None,
            subject_name: None,
            phrases: &phrases,
        };
        let mut found = examine(workbook, &format(), &at, &asked).problems;
        found.retain(|p| ["personal-data", "bank-account"].contains(&p.code.as_str()));
        found
    }

    #[test]
    fn what_a_format_asks_for_is_no_problem_and_the_rest_is() {
        let workbook = Workbook {
            sheets: vec![
                sheet(
                    "Reporte",
                    &[&MAIN, &["Ana", RFC, RFC, NSS], &["Luz", RFC, "", "12345678904"]],
                ),
                sheet(
                    "Tabla_1",
                    &[&["ID", "RFC de los asistentes", "Asistente"], &["1", RFC, RFC]],
                ),
            ],
        };
        let found = examined(&workbook);
        let told: Vec<(&str, &str, &str)> = found
            .iter()
            .map(|p| (p.sheet.as_str(), p.cell.as_str(), p.actual.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("Reporte", "C2", "RFC ****R8"),
                ("Reporte", "D2", "NSS ****03"),
                ("Tabla_1", "C2", "RFC ****R8")
            ]
        );
        assert!(found.iter().all(|p| p.level == Level::Error && !p.remedy.is_empty()));
        assert_eq!(
            (found[0].column.as_str(), found[2].column.as_str()),
            ("Clave", "Asistente")
        );
    }

    #[test]
    fn one_problem_a_column_and_kind_tells_the_first_cells_and_how_many() {
        let mut rows: Vec<Vec<&str>> = vec![MAIN.to_vec()];
        rows.extend((0..9).map(|_| vec![CURP, "", "", ""]));
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let found = examined(&Workbook {
            sheets: vec![sheet("Reporte", &rows), Sheet::default()],
        });
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].cell, "A:A");
        let message = &found[0].message;
        assert!(
            message.starts_with("9 celdas") && message.contains("A2, A3, A4, A5, A6 y 4 más"),
            "{message}"
        );
    }

    #[test]
    fn addresses_and_sheets_that_no_layout_knows_are_looked_at() {
        let mut notes = sheet("Notas", &[&["NSS", "Archivo"], &["Ana", "Ver"], &[NSS, "Ver"]]);
        notes.origin = (4, 1);
        notes.hyperlinks = vec![
            (1, 1, format!("https://villa.example/ife%20{CURP}.pdf")),
            (2, 1, "https://villa.example/acta_20190331123456.pdf".to_owned()),
        ];
        let found = problems(&Workbook { sheets: vec![notes] });
        let told: Vec<(&str, &str)> = found.iter().map(|p| (p.cell.as_str(), p.actual.as_str())).collect();
        assert_eq!(told, [("C6", "CURP ****04"), ("B7", "NSS ****03")]);
    }

    #[test]
    fn a_workbook_without_any_is_told_nothing_of() {
        let workbook = Workbook {
            sheets: vec![sheet(
                "Reporte",
                &[&MAIN, &["Constructora", "CNM980114PI2", "FOLIO-4111111111111111", "ND"]],
            )],
        };
        assert_eq!(personal_data(&workbook, None), []);
    }
}
