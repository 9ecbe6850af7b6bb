//! Tables that are another format's than they claim: by the format that was asked for, or by the title above their columns.

use crate::check::cell::address;
use crate::locate::{Recogniser, Recognition};
use crate::model::{Format, TableProblem, Workbook, problem};
use crate::text::personal::{mask, shortened};

use super::lint::told;

/// How sure the columns must be for the claim to be the wrong one, 0–1.
const SURE: f64 = 0.8;
/// Longest title that is shown, in characters.
const TITLE: usize = 120;

/// What is told when the columns are clearly of another format than the one asked for.
#[must_use]
pub fn other_format(found: &Recognition, formats: &[Format], named: &Format) -> Option<TableProblem> {
    let own = formats.get(found.format)?;
    let is_named = |n: usize| formats.get(n).is_some_and(|f| f.id == named.id);
    if found.confidence < SURE || is_named(found.format) || found.tied.iter().any(|n| is_named(*n)) {
        return None;
    }
    Some(told(
        &problem::OTHER_FORMAT,
        format!("Las columnas son las del formato «{}» ({}).", own.title, own.id),
        shortened(&own.title, TITLE),
        format!("«{}» ({})", named.title, named.id),
    ))
}

/// What is told when a title above the columns is another format's.
#[must_use]
pub fn other_title(
    workbook: &Workbook,
    found: &Recognition,
    formats: &[Format],
    recogniser: &Recogniser,
) -> Option<TableProblem> {
    let sheet = workbook.sheets.get(found.sheet)?;
    let titled = recogniser.titled(sheet, found.header_row);
    let (_, at) = titled.first()?;
    let is_own = |n: &usize| *n == found.format || found.tied.contains(n);
    if found.confidence < SURE || titled.iter().any(|(n, _)| is_own(n)) {
        return None;
    }
    let own = formats.get(found.format)?;
    let written = sheet.rows.get(at.0).and_then(|r| r.get(at.1))?;
    Some(TableProblem {
        sheet: mask(&sheet.name).into_owned(),
        cell: address(sheet, at.0, at.1),
        ..told(
            &problem::OTHER_TITLE,
            format!(
                "El título es de otro formato; las columnas son las de «{}» ({}).",
                own.title, own.id
            ),
            shortened(written, TITLE),
            format!("«{}»", own.title),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locate::Layout;
    use crate::model::{Column, ColumnKind, ColumnRole, Sheet};

    fn format(id: &str, title: &str, own: &[&str]) -> Format {
        let frame = [
            ("Ejercicio", ColumnRole::FiscalYear),
            ("Fecha de inicio del periodo que se informa", ColumnRole::PeriodStart),
            ("Fecha de término del periodo que se informa", ColumnRole::PeriodEnd),
            ("Fecha de actualización", ColumnRole::Updated),
            ("Nota", ColumnRole::Note),
        ];
        let columns = frame.iter().copied().chain(own.iter().map(|l| (*l, ColumnRole::Own)));
        Format {
            id: id.to_owned(),
            edition: String::new(),
            title: title.to_owned(),
            short_name: title.to_owned(),
            titles: Vec::new(),
            jurisdiction: String::new(),
            obligations: Vec::new(),
            columns: columns
                .map(|(label, role)| Column {
                    label: label.to_owned(),
                    kind: ColumnKind::ShortText,
                    role,
                    catalogue: Vec::new(),
                    child: None,
                    required: false,
                })
                .collect(),
            children: Vec::new(),
            whole: true,
            sources: Vec::new(),
        }
    }

    const BIKES: [&str; 4] = [
        "Marca de la bicicleta",
        "Rodada",
        "Color del cuadro",
        "Estación de préstamo",
    ];
    const TREES: [&str; 4] = [
        "Especie del árbol",
        "Altura en metros",
        "Vivero de origen",
        "Calle donde se plantó",
    ];

    fn formats() -> Vec<Format> {
        vec![
            format("bici", "Bicicletas prestadas", &BIKES),
            format("arbol", "Árboles plantados", &TREES),
            format("arbol-2", "Árboles plantados por escuelas", &TREES),
        ]
    }

    fn workbook(title: &str, format: &Format) -> Workbook {
        let labels = format.columns.iter().map(|c| c.label.clone()).collect();
        Workbook {
            sheets: vec![Sheet {
                name: "Hoja".to_owned(),
                rows: vec![vec![String::new(), title.to_owned()], labels],
                ..Sheet::default()
            }],
        }
    }

    #[test]
    fn columns_of_another_format_than_the_one_named_are_told() {
        let formats = formats();
        let recogniser = Recogniser::new(&formats);
        let bikes = recogniser.recognise(&workbook("", &formats[0])).unwrap();
        assert_eq!(bikes.layout, Layout::Saved);
        let told = other_format(&bikes, &formats, &formats[1]).unwrap();
        assert!(told.message.contains("(bici)") && told.expected.contains("(arbol)"));
        assert_eq!(other_format(&bikes, &formats, &formats[0]), None);
        // Formats with the same columns are not told apart.
        let trees = recogniser.recognise(&workbook("", &formats[1])).unwrap();
        assert_eq!(other_format(&trees, &formats, &formats[1]), None);
        assert_eq!(other_format(&trees, &formats, &formats[2]), None);
    }

    #[test]
    fn a_title_of_another_format_than_the_columns_is_told_with_its_cell() {
        let formats = formats();
        let recogniser = Recogniser::new(&formats);
        let told = |title: &str, format: &Format| {
            let workbook = workbook(title, format);
            let found = recogniser.recognise(&workbook).unwrap();
            other_title(&workbook, &found, &formats, &recogniser).map(|p| (p.cell, p.actual))
        };
        let seen = Some(("B1".to_owned(), "ARBOLES PLANTADOS".to_owned()));
        assert_eq!(told("ARBOLES PLANTADOS", &formats[0]), seen);
        for title in [
            "Bicicletas prestadas",
            "",
            "Reporte de la Oficialía",
            "Lista de árboles",
        ] {
            assert_eq!(told(title, &formats[0]), None, "{title}");
        }
        assert_eq!(told("Árboles plantados por escuelas", &formats[1]), None);
    }
}
