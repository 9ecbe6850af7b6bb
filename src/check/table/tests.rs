//! Each kind of problem in a made-up table, and silence about what is right.

use std::collections::BTreeSet;

use jiff::civil::date;

use super::*;
use crate::model::{ChildTable, Column, ColumnKind, Document, DocumentKind, ExtractionState, Fault, Sheet, problem};

const HEADERS: &[&str] = &[
    "Ejercicio",
    "Fecha de inicio del periodo que se informa",
    "Fecha de término del periodo que se informa",
    "Denominación del préstamo",
    "Tipo de bicicleta (catálogo)",
    "Fecha de entrega",
    "Monto de la garantía",
    "Hora de apertura",
    "Hipervínculo al contrato",
    "Refacciones \nTabla_123456",
    "Área(s) responsable(s) que genera(n), posee(n), publica(n) y actualizan la información",
    "Fecha de validación",
    "Fecha de actualización",
    "Nota",
];

fn column(label: &str, kind: ColumnKind, role: ColumnRole) -> Column {
    Column {
        label: label.split_whitespace().collect::<Vec<_>>().join(" "),
        kind,
        role,
        catalogue: Vec::new(),
        child: None,
        required: !matches!(kind, ColumnKind::Note | ColumnKind::Child),
    }
}

fn format() -> Format {
    use ColumnKind as K;
    use ColumnRole as R;
    let kinds = [
        (K::ShortText, R::FiscalYear),
        (K::Date, R::PeriodStart),
        (K::Date, R::PeriodEnd),
        (K::LongText, R::Own),
        (K::Catalogue, R::Own),
        (K::Date, R::Own),
        (K::Money, R::Own),
        (K::Time, R::Own),
        (K::Hyperlink, R::Own),
        (K::Child, R::Own),
        (K::LongText, R::Area),
        (K::Date, R::Validated),
        (K::UpdateDate, R::Updated),
        (K::Note, R::Note),
    ];
    let mut columns: Vec<Column> = HEADERS.iter().zip(kinds).map(|(l, (k, r))| column(l, k, r)).collect();
    columns[4].catalogue = vec!["Urbana".into(), "De montaña".into()];
    columns[9].child = Some(0);
    Format {
        id: "prueba".into(),
        edition: "Prueba".into(),
        title: "Bicicletas prestadas".into(),
        short_name: "Bicicletas".into(),
        titles: Vec::new(),
        jurisdiction: "MX".into(),
        obligations: Vec::new(),
        columns,
        children: vec![ChildTable {
            name: "Tabla_123456".into(),
            columns: vec![
                column("ID", K::ShortText, R::Own),
                column("Refacción", K::ShortText, R::Own),
                column("Costo", K::Money, R::Own),
            ],
        }],
        whole: true,
        sources: Vec::new(),
    }
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|c| (*c).to_owned()).collect()
}

/// A record that nothing is wrong with.
const RIGHT: [&str; 14] = [
    "2026",
    "2026-07-01",
    "2026-09-30",
    "Préstamo a la escuela Benito",
    "Urbana",
    "15/08/2026",
    "1200.5",
    "09:30",
    "https://villa.example/contrato.pdf",
    "1",
    "Tesorería",
    "2026-10-05",
    "2026-10-05",
    "",
];

/// The right record with some cells changed.
fn with(changes: &[(usize, &str)]) -> Vec<String> {
    let mut cells = row(&RIGHT);
    for (n, text) in changes {
        cells[*n] = (*text).to_owned();
    }
    cells
}

fn book(headers: &[&str], rows: Vec<Vec<String>>) -> Workbook {
    let mut all = vec![row(&["Título"]), row(headers)];
    all.extend(rows);
    let child = vec![
        row(&["", "1", "6"]),
        row(&[]),
        row(&["ID", "Refacción", "Costo"]),
        row(&["1", "Cadena", "120"]),
    ];
    let sheet = |name: &str, rows| Sheet {
        name: name.into(),
        rows,
        ..Sheet::default()
    };
    Workbook {
        sheets: vec![sheet("Reporte de Formatos", all), sheet("Tabla_123456", child)],
    }
}

fn phrases() -> Phrases {
    Phrases {
        negatives: vec!["no se genero".into()],
        placeholders: vec!["en proceso".into()],
        ..Phrases::default()
    }
}

fn examined_of(workbook: &Workbook, subject: Option<&str>) -> Examined {
    let (format, phrases) = (format(), phrases());
    let layout = place_in(workbook, &format).expect("the headers are there");
    let asked = Asked {
        on: Some(date(2026, 11, 22)),
        subject_name: subject,
        phrases: &phrases,
    };
    examine(workbook, &layout.format, &layout.at, &asked)
}

fn examined(rows: Vec<Vec<String>>) -> Examined {
    examined_of(&book(HEADERS, rows), None)
}

/// Codes and cells, in order.
fn places(examined: &Examined) -> Vec<(&str, &str)> {
    examined
        .problems
        .iter()
        .map(|p| (p.code.as_str(), p.cell.as_str()))
        .collect()
}

/// What one changed cell of a right record leads to.
fn of_cell(column: usize, text: &str) -> Vec<String> {
    let found = examined(vec![with(&[(column, text)])]);
    found
        .problems
        .iter()
        .map(|p| format!("{} {}", p.code, p.cell))
        .collect()
}

#[test]
fn a_right_record_is_told_nothing_of() {
    let found = examined(vec![with(&[])]);
    assert_eq!(places(&found), []);
    assert_eq!((found.rows, found.filled_rows), (1, 1));
    assert!((found.required_share - 1.0).abs() < 1e-9 && (found.area_filled - 1.0).abs() < 1e-9);
    assert_eq!(found.period_first, Some(date(2026, 7, 1)));
    assert_eq!(found.period_last, Some(date(2026, 9, 30)));
    assert_eq!(
        (found.updated, found.validated),
        (Some(date(2026, 10, 5)), Some(date(2026, 10, 5)))
    );
    let link = (
        "Reporte de Formatos!I3".to_owned(),
        "https://villa.example/contrato.pdf".to_owned(),
    );
    assert_eq!(found.links, [link]);
}

#[test]
fn each_wrong_cell_is_told_with_its_place() {
    for (column, text, expected) in [
        (0, "24", "not-a-year A3"),
        (0, "2031", "not-a-year A3"),
        (5, "31/06/2026", "impossible-date F3"),
        (5, "01/01/1900", "absurd-date F3"),
        (12, "05/10/1999", "absurd-date M3"),
        (5, "pronto", "not-a-date F3"),
        (5, "15 de agosto de 2026", "date-as-text F3"),
        (5, "46249", "date-as-number F3"),
        (6, "mil pesos", "not-a-number G3"),
        (6, "$1,200.50", "number-as-text G3"),
        (6, "1200,50", "decimal-comma G3"),
        (7, "temprano", "not-a-time H3"),
        (4, "Urbano", "not-in-catalogue E3"),
        (3, "#REF!", "formula-error D3"),
        (3, "xxxx", "placeholder D3"),
        (8, r"C:\contratos\1.pdf", "local-path I3"),
        (8, "contrato.pdf", "file-name I3"),
        (8, "Ver contrato", "not-a-url I3"),
        (8, "N/A", "no-link-given I3"),
        (8, "http://10.0.0.3/1.pdf", "private-url I3"),
        (8, "www.villa.example/1.pdf", "url-without-scheme I3"),
        (8, "https://villa.example/mi contrato.pdf", "url-with-spaces I3"),
        (9, "7", "child-row-missing J3"),
        (12, "2026-12-01", "date-in-future M3"),
        (11, "2027-01-01", "date-in-future L3"),
        (12, "2026-08-01", "updated-before-period-end M3"),
        (6, "", "required-cell-empty G:G"),
        (10, "", "frame-cell-empty K:K"),
    ] {
        let found = of_cell(column, text);
        let others = ["child-row-unused 4:4"];
        let told: Vec<&str> = found
            .iter()
            .map(String::as_str)
            .filter(|f| !others.contains(f))
            .collect();
        assert_eq!(told, [expected], "{text}");
    }
}

#[test]
fn what_may_be_is_not_told() {
    for (column, text) in [
        (0, "2027"),
        (5, "05/02/1917"),
        (5, "31/12/2040"),
        (6, "0"),
        (6, "-300.25"),
        (7, "9:30 a. m."),
        (4, "URBANA"),
        (4, "de montana"),
        (8, "https://villa.example/a%20b.pdf"),
        (8, "http://villa.example:8080/x?y=1#z"),
        (9, ""),
        (13, "Sin observaciones"),
    ] {
        // Another year is another problem; the period goes along.
        let changes = if column == 0 {
            vec![(0, text), (1, "2026-07-01"), (2, "2027-06-30"), (12, "2026-10-05")]
        } else {
            vec![(column, text), (3, "Préstamo")]
        };
        let mut rows = vec![with(&changes)];
        // The child row stays in use.
        rows.push(with(&[(3, "Otro préstamo")]));
        assert_eq!(places(&examined(rows)), [], "{text}");
    }
}

#[test]
fn periods_are_held_against_year_and_date() {
    let told = |changes: &[(usize, &str)]| {
        let found = examined(vec![with(changes)]);
        found
            .problems
            .iter()
            .map(|p| format!("{} {}", p.code, p.cell))
            .collect::<Vec<_>>()
    };
    assert_eq!(told(&[(1, "2026-09-30"), (2, "2026-07-01")]), ["period-reversed C3"]);
    assert_eq!(told(&[(0, "2025")]), ["period-outside-year A3"]);
    let next = [(0, "2027"), (1, "2027-01-01"), (2, "2027-12-31")];
    assert_eq!(told(&next), ["future-period B3", "updated-before-period-end M3"]);
    // A year's programme may be published while the year runs; a term of government covers its years.
    assert_eq!(told(&[(1, "2026-01-01"), (2, "2026-12-31")]), Vec::<String>::new());
    assert_eq!(told(&[(1, "2024-10-01"), (2, "2027-09-30")]), Vec::<String>::new());
}

#[test]
fn no_rows_without_reason_and_with_it_differ() {
    let frame = |note: &str| {
        let mut cells = with(&[(13, note)]);
        for cell in &mut cells[3..10] {
            cell.clear();
        }
        cells
    };
    let child_unused = ("child-row-unused", "4:4");
    assert_eq!(places(&examined(vec![])), [("empty-template", "3:3"), child_unused]);
    assert_eq!(
        places(&examined(vec![frame("")])),
        [("empty-template", "3:3"), child_unused]
    );
    let template = frame("");
    let mut instructed = template.clone();
    instructed[9] = "Colocar el ID de los registros de la Tabla_123456".into();
    assert_eq!(
        places(&examined(vec![instructed])),
        [("empty-template", "3:3"), child_unused]
    );
    let found = examined(vec![frame("Información en proceso de captura")]);
    assert_eq!(places(&found), [("empty-template", "3:3"), child_unused]);
    assert_eq!(found.reasoned_negative, None);
    assert_eq!(
        found.note,
        Some(("N3".into(), "Información en proceso de captura".into()))
    );
    for note in [
        "En el trimestre no se generó información de este rubro",
        "El ayuntamiento no prestó ninguna bicicleta en el periodo",
    ] {
        let found = examined(vec![frame(note)]);
        assert_eq!(places(&found), [("no-rows-reasoned", "N3"), child_unused]);
        assert_eq!(found.reasoned_negative, Some(("N3".into(), note.into())));
        assert_eq!((found.rows, found.filled_rows), (1, 0));
    }
}

#[test]
fn rows_that_are_blank_repeated_or_without_period_are_told_once() {
    let mut blank = with(&[]);
    for cell in &mut blank[3..10] {
        cell.clear();
    }
    let mut zeros = blank.clone();
    zeros[6] = "0".into();
    let mut fragment = with(&[(3, "Otro")]);
    for n in [0, 1, 2, 10, 11, 12] {
        fragment[n].clear();
    }
    let mut total = row(&["", "", "", "Total", "", "", "0"]);
    total.resize(14, String::new());
    let rows = vec![with(&[]), with(&[]), blank, zeros, fragment, total];
    assert_eq!(
        places(&examined(rows)),
        [
            ("duplicate-row", "4:4"),
            ("blank-row", "5:5"),
            ("blank-row", "6:6"),
            ("incomplete-row", "7:7")
        ]
    );
    let nothing = with(&[(3, "ND"), (4, "ND"), (5, "ND"), (6, "ND"), (7, "ND"), (8, "ND")]);
    let codes: BTreeSet<String> = examined(vec![with(&[]), nothing.clone(), nothing.clone(), nothing])
        .problems
        .into_iter()
        .map(|p| p.code)
        .collect();
    assert!(codes.contains("only-not-available"), "{codes:?}");
}

#[test]
fn a_blank_with_a_note_or_an_alternative_is_no_fault() {
    let noted = with(&[(6, ""), (13, "No se pidió garantía en este caso")]);
    assert_eq!(places(&examined(vec![noted])), []);
    // Hour and amount of another kind are no alternatives; two texts never filled together are.
    let mut format = format();
    format.columns[7].kind = ColumnKind::ShortText;
    format.columns[4] = column("Marca", ColumnKind::ShortText, ColumnRole::Own);
    let headers: Vec<&str> = HEADERS
        .iter()
        .map(|h| {
            if *h == "Tipo de bicicleta (catálogo)" {
                "Marca"
            } else {
                h
            }
        })
        .collect();
    let workbook = book(
        &headers,
        vec![
            with(&[(4, ""), (7, "una")]),
            with(&[(4, "Velo"), (7, "")]),
            with(&[(4, ""), (7, "dos")]),
        ],
    );
    let phrases = phrases();
    let layout = place_in(&workbook, &format).unwrap();
    let asked = Asked {
        on: None,
        subject_name: None,
        phrases: &phrases,
    };
    let found = examine(&workbook, &layout.format, &layout.at, &asked);
    assert_eq!(places(&found), []);
    assert!((found.required_share - 1.0).abs() < 1e-9);
}

#[test]
fn headers_missing_unknown_out_of_order_and_misspelt() {
    let mut headers = HEADERS.to_vec();
    let mut cells = with(&[]);
    headers.remove(6);
    cells.remove(6);
    headers.swap(3, 4);
    cells.swap(3, 4);
    headers.push("Color");
    cells.push("azul".into());
    let found = examined_of(&book(&headers, vec![cells]), None);
    assert_eq!(
        places(&found),
        [
            ("missing-column", "2:2"),
            ("column-out-of-order", "D2"),
            ("unknown-column", "N2")
        ]
    );
    assert!(found.problems[0].expected.ends_with("después de «Fecha de entrega»"));
    assert!(found.required_share < 1.0);

    let found = examined_of(&book(&HEADERS[..13], vec![with(&[])[..13].to_vec()]), None);
    assert_eq!(places(&found), [("missing-optional-column", "2:2")]);

    // As a recogniser that sees through slips would place it.
    let mut headers = HEADERS.to_vec();
    headers[8] = "Hipervinculo al contarto";
    let workbook = book(&headers, vec![with(&[])]);
    let (format, phrases) = (format(), phrases());
    let at = Placement {
        header_row: 1,
        columns: (0..14).map(Some).collect(),
        child_sheets: vec![(0, 1)],
        ..Placement::default()
    };
    let asked = Asked {
        on: None,
        subject_name: None,
        phrases: &phrases,
    };
    let found = examine(&workbook, &format, &at, &asked);
    assert_eq!(places(&found), [("misspelt-header", "I2")]);
    assert_eq!(found.problems[0].expected, "Hipervínculo al contrato");
}

#[test]
fn a_note_of_another_municipality_is_told_when_sure() {
    let note = "No hubo más préstamos en el Municipio de Cerro Alto, Jalisco.";
    let workbook = book(HEADERS, vec![with(&[(13, note)])]);
    let told = |subject| {
        let found = examined_of(&workbook, subject);
        found
            .problems
            .iter()
            .any(|p| p.code == "other-municipality" && p.cell == "N3")
    };
    assert!(told(Some("Villa Ejemplar")));
    assert!(!told(Some("Cerro Alto")) && !told(None) && !told(Some("Instituto de Movilidad de Villa Ejemplar")));
    let own = with(&[(13, note), (10, "Tesorería del Municipio de Villa Ejemplar, Jalisco")]);
    let found = examined(vec![own]);
    assert_eq!(places(&found), [("other-municipality", "N3")]);
}

#[test]
fn child_tables_are_checked_too() {
    let mut workbook = book(HEADERS, vec![with(&[])]);
    workbook.sheets[1].rows.push(row(&["2", "Llanta", "$90"]));
    let found = examined_of(&workbook, None);
    assert_eq!(places(&found), [("child-row-unused", "5:5"), ("number-as-text", "C5")]);
    assert!(found.problems.iter().all(|p| p.sheet == "Tabla_123456"));
    workbook.sheets.pop();
    assert_eq!(places(&examined_of(&workbook, None)), [("child-sheet-missing", "J:J")]);
}

#[test]
fn an_address_that_a_cell_carries_counts() {
    let mut workbook = book(
        HEADERS,
        vec![with(&[(8, "Ver contrato")]), with(&[(3, "Otro"), (8, "Ver contrato")])],
    );
    workbook.sheets[0].hyperlinks = vec![
        (2, 8, "https://villa.example/1.pdf".into()),
        (3, 8, r"C:\contratos\2.pdf".into()),
    ];
    let found = examined_of(&workbook, None);
    assert_eq!(places(&found), [("not-a-url", "I4")]);
    let link = (
        "Reporte de Formatos!I3".to_owned(),
        "https://villa.example/1.pdf".to_owned(),
    );
    assert_eq!(found.links, [link]);
}

#[test]
fn addresses_count_from_where_the_sheet_begins() {
    let mut workbook = book(HEADERS, vec![with(&[(6, "caro")])]);
    workbook.sheets[0].origin = (10, 2);
    assert_eq!(places(&examined_of(&workbook, None)), [("not-a-number", "I13")]);
}

#[test]
fn endless_lists_are_counted() {
    let rows = (0..500)
        .map(|n| with(&[(3, &format!("Préstamo {n}")), (6, "caro")]))
        .collect();
    let found = examined(rows);
    assert_eq!(found.problems.len(), 201);
    let last = &found.problems[200];
    assert_eq!((last.cell.as_str(), last.code.as_str()), ("G:G", "not-a-number"));
    assert!(last.message.starts_with("Otras 300 celdas"), "{}", last.message);
}

#[test]
fn a_placement_that_is_nowhere_is_no_panic() {
    let (format, phrases) = (format(), phrases());
    let asked = Asked {
        on: None,
        subject_name: None,
        phrases: &phrases,
    };
    let workbook = book(HEADERS, vec![with(&[])]);
    for at in [
        Placement {
            sheet: 9,
            ..Placement::default()
        },
        Placement {
            header_row: 99,
            ..Placement::default()
        },
        Placement {
            columns: vec![Some(400); 3],
            extra: vec![700],
            missing: vec![900],
            child_sheets: vec![(7, 0), (0, 70)],
            ..Placement::default()
        },
    ] {
        let found = examine(&workbook, &format, &at, &asked);
        assert_eq!(found.filled_rows, 0);
    }
}

fn document(kind: DocumentKind, workbook: Option<Workbook>) -> Document {
    Document {
        kind,
        declared: None,
        state: ExtractionState::Complete,
        title: None,
        page: None,
        workbook,
        text: None,
        entries: Vec::new(),
        links: Vec::new(),
    }
}

#[test]
fn files_that_are_no_tables_or_follow_no_layout_are_told() {
    let phrases = phrases();
    let asked = Asked {
        on: None,
        subject_name: None,
        phrases: &phrases,
    };
    let codes = |file: &crate::model::FileLint| file.problems.iter().map(|p| p.code.clone()).collect::<Vec<_>>();
    let pdf = lint("a.xlsx", &document(DocumentKind::Pdf, None), None, false, &asked);
    assert!(pdf.unreadable.is_some_and(|why| why.contains("PDF")));
    let mut broken = document(DocumentKind::Xlsx, None);
    broken.state = ExtractionState::Failed(Fault::Encrypted);
    let told = lint("a.xlsx", &broken, None, false, &asked);
    assert_eq!(told.unreadable, Some(Fault::Encrypted.spanish()));
    let mut whole = document(DocumentKind::Xlsx, Some(book(HEADERS, vec![with(&[])])));
    assert_eq!(
        codes(&lint("carpeta.v2/a.xlsx", &whole, None, false, &asked)),
        ["unrecognised-format"]
    );
    assert_eq!(
        codes(&lint("a.xls", &whole, None, true, &asked)),
        ["wrong-extension", "header-not-found"]
    );
    whole.state = ExtractionState::Partial("es larga".into());
    let format = format();
    let layout = place_in(whole.workbook.as_ref().unwrap(), &format).unwrap();
    let told = lint("a.xlsx", &whole, Some(&layout), false, &asked);
    assert_eq!(codes(&told), ["partly-read"]);
    assert_eq!((told.format.as_deref(), told.rows), (Some("prueba"), 1));
}

#[test]
fn a_template_describes_its_own_layout() {
    let main = vec![
        row(&["53404"]),
        row(&["TÍTULO"]),
        row(&["Bicicletas prestadas"]),
        row(&["1", "4", "9", "10", "14"]),
        row(&["1", "2", "3", "4", "5"]),
        row(&["Tabla Campos"]),
        row(&[
            "Ejercicio",
            "Fecha de inicio del periodo que se informa",
            "Tipo (catálogo)",
            "Piezas Tabla_77",
            "Nota",
        ]),
        row(&["2026", "01/07/2026", "Urbano", "1", ""]),
    ];
    let sheet = |name: &str, rows| Sheet {
        name: name.into(),
        rows,
        ..Sheet::default()
    };
    let child = vec![
        row(&["", "6"]),
        row(&["", "9"]),
        row(&["ID", "Costo"]),
        row(&["1", "5"]),
    ];
    let workbook = Workbook {
        sheets: vec![
            sheet("Reporte de Formatos", main),
            sheet("Hidden_1", vec![row(&["Urbana"]), row(&["De montaña"])]),
            sheet("Tabla_77", child),
        ],
    };
    let layout = own_layout(&workbook).unwrap();
    assert!(!layout.official && layout.at.header_row == 6);
    assert_eq!(layout.format.title, "Bicicletas prestadas");
    assert_eq!(layout.format.columns[2].catalogue, ["Urbana", "De montaña"]);
    assert_eq!(layout.format.columns[3].child, Some(0));
    assert_eq!(layout.at.child_sheets, [(0, 2)]);
    let phrases = phrases();
    let asked = Asked {
        on: None,
        subject_name: None,
        phrases: &phrases,
    };
    let found = examine(&workbook, &layout.format, &layout.at, &asked);
    assert_eq!(places(&found), [("not-in-catalogue", "C8")]);
    assert_eq!(found.problems[0].expected, "«Urbana»");
    assert!(own_layout(&book(HEADERS, vec![with(&[])])).is_none());
}

#[test]
fn every_kind_has_words_to_mend_it() {
    for kind in problem::ALL {
        assert!(!kind.title.is_empty() && !kind.title.ends_with('.'), "{}", kind.code);
        assert!(kind.remedy.ends_with('.'), "{}", kind.code);
    }
}
