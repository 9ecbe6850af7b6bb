//! `veedor lint` as a process: made-up workbooks in, reports and exit codes out; and real workbooks, held against themselves.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::{files, shared};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use serde_json::Value;
use veedor::extract::{Limits, Source, extract};

/// Headers of an invented layout with the codes of their types.
const COLUMNS: &[(&str, &str)] = &[
    ("Ejercicio", "1"),
    ("Fecha de inicio del periodo que se informa", "4"),
    ("Fecha de término del periodo que se informa", "4"),
    ("Persona a quien se prestó la bicicleta", "1"),
    ("Tipo de bicicleta (catálogo)", "9"),
    ("Fecha del préstamo", "4"),
    ("Garantía depositada", "6"),
    ("Hipervínculo al recibo", "7"),
    ("Refacciones prestadas \nTabla_900001", "10"),
    (
        "Área(s) responsable(s) que genera(n), posee(n), publica(n) y actualizan la información",
        "2",
    ),
    ("Fecha de validación", "4"),
    ("Fecha de actualización", "13"),
    ("Nota", "14"),
];

/// A record that nothing is wrong with; `@` marks a true date.
const RIGHT: [&str; 13] = [
    "2026",
    "@2026-07-01",
    "@2026-09-30",
    "Escuela Benito Juárez",
    "Urbana",
    "15/08/2026",
    "1200.5",
    "https://villa.example/recibo.pdf",
    "1",
    "Oficialía Mayor",
    "@2026-10-05",
    "@2026-10-05",
    "",
];

fn put(sheet: &mut Worksheet, row: u32, column: u16, text: &str) {
    let date = Format::new().set_num_format("dd/mm/yyyy");
    if let Some(day) = text.strip_prefix('@') {
        let at = ExcelDateTime::parse_from_str(day).unwrap();
        sheet.write_datetime_with_format(row, column, &at, &date).unwrap();
    } else if let Ok(number) = text.parse::<f64>() {
        sheet.write_number(row, column, number).unwrap();
    } else if !text.is_empty() {
        sheet.write_string(row, column, text).unwrap();
    }
}

/// An upload template with these rows, as the national platform hands it out.
fn template(path: &Path, rows: &[Vec<&str>]) {
    let mut book = Workbook::new();
    let main = book.add_worksheet().set_name("Reporte de Formatos").unwrap();
    put(main, 0, 0, "99999");
    for (n, text) in ["TÍTULO", "NOMBRE CORTO", "DESCRIPCIÓN"].iter().enumerate() {
        put(main, 1, u16::try_from(n * 3).unwrap(), text);
    }
    put(main, 2, 0, "Bicicletas prestadas");
    put(main, 5, 0, "Tabla Campos");
    for (n, (label, code)) in (0u16..).zip(COLUMNS) {
        put(main, 3, n, code);
        put(main, 4, n, &format!("90000{n}"));
        put(main, 6, n, label);
    }
    for (n, row) in (7u32..).zip(rows) {
        for (c, text) in (0u16..).zip(row) {
            put(main, n, c, text);
        }
    }
    let hidden = book.add_worksheet().set_name("Hidden_1").unwrap();
    put(hidden, 0, 0, "Urbana");
    put(hidden, 1, 0, "De montaña");
    let child = book.add_worksheet().set_name("Tabla_900001").unwrap();
    for (column, (code, label)) in (0u16..).zip([("", "ID"), ("1", "Refacción"), ("6", "Costo")]) {
        put(child, 0, column, code);
        put(child, 2, column, label);
    }
    if rows.iter().any(|row| row[8] == "1") {
        for (column, text) in (0u16..).zip(["1", "Cadena", "120"]) {
            put(child, 3, column, text);
        }
    }
    book.save(path).unwrap();
}

fn with<'a>(changes: &[(usize, &'a str)]) -> Vec<&'a str> {
    let mut row: Vec<&str> = RIGHT.to_vec();
    for (n, text) in changes {
        row[*n] = text;
    }
    row
}

/// A folder with a file of each sort.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    template(&at("bien.xlsx"), &[with(&[])]);
    let frame = [(3, ""), (4, ""), (5, ""), (6, ""), (7, ""), (8, "")];
    let instructed = [
        frame.as_slice(),
        &[(8, "Colocar el ID de los registros de la Tabla_900001")],
    ]
    .concat();
    template(&at("plantilla.xlsx"), &[with(&instructed)]);
    let noted = [
        frame.as_slice(),
        &[(12, "Durante el trimestre no se prestó ninguna bicicleta")],
    ]
    .concat();
    template(&at("con-nota.xlsx"), &[with(&noted)]);
    template(
        &at("mal.xlsx"),
        &[
            with(&[]),
            with(&[(0, "26"), (5, "31/06/2026")]),
            with(&[(3, "Biblioteca"), (6, "$1,200.50"), (7, r"C:\recibos\2.pdf")]),
            with(&[(3, "Museo"), (4, "Urbano"), (6, "mil pesos"), (7, "recibo 3.pdf")]),
            with(&[(3, "Mercado"), (7, r"..\recibos\4.pdf"), (8, "7"), (9, "")]),
            with(&[(2, "@2026-06-30"), (3, "xxx"), (7, "Ver recibo")]),
            with(&[
                (3, "Jardín"),
                (6, "900,5"),
                (7, "www.villa.example/5.pdf"),
                (11, "@2027-01-01"),
            ]),
            with(&[]),
        ],
    );
    std::fs::create_dir(at("otros")).unwrap();
    std::fs::write(at("otros/lista.csv"), "Nombre;Teléfono\nAna;1\nLuis;2\n").unwrap();
    std::fs::write(at("otros/roto.xlsx"), b"PK\x03\x04 y nada m\xe1s").unwrap();
    std::fs::write(at("otros/vacio.xls"), b"").unwrap();
    std::fs::write(at("otros/leeme.txt"), b"no es una tabla").unwrap();
    dir
}

fn lint(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_veedor"))
        .arg("lint")
        .args(arguments)
        .current_dir(dir)
        .env_remove("VEEDOR_LANG")
        .stdin(Stdio::null())
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

const ON: [&str; 2] = ["--on", "2026-11-22"];

#[test]
fn a_folder_is_reported_in_each_format() {
    let dir = folder();
    for format in ["text", "json", "sarif", "junit"] {
        let output = lint(
            dir.path(),
            &[
                "bien.xlsx",
                "con-nota.xlsx",
                "mal.xlsx",
                "plantilla.xlsx",
                "otros",
                "--format",
                format,
                ON[0],
                ON[1],
            ],
        );
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        let told = text(&output.stdout);
        let told = told.replace(env!("CARGO_PKG_VERSION"), "[version]");
        if format == "sarif" {
            // The rules are the table of kinds; results say what was found.
            let value: Value = serde_json::from_str(&told).unwrap();
            insta::assert_json_snapshot!("sarif_results", value["runs"][0]["results"]);
        } else {
            insta::assert_snapshot!(format, told);
        }
    }
}

#[test]
fn exit_codes_say_what_was_found() {
    let dir = folder();
    let code = |arguments: &[&str]| lint(dir.path(), &[arguments, &ON].concat()).status.code();
    assert_eq!(code(&["bien.xlsx"]), Some(0));
    assert_eq!(code(&["con-nota.xlsx", "--fail-on", "warning"]), Some(0));
    assert_eq!(code(&["plantilla.xlsx"]), Some(1));
    assert_eq!(code(&["otros/lista.csv"]), Some(0));
    assert_eq!(code(&["otros/lista.csv", "--fail-on", "warning"]), Some(1));
    assert_eq!(code(&["otros/roto.xlsx"]), Some(1));
    assert_eq!(code(&["otros/leeme.txt"]), Some(1));
    assert_eq!(code(&["bien.xlsx", "no-existe.xlsx"]), Some(2));
    assert_eq!(code(&[]), Some(2));
    assert_eq!(code(&["bien.xlsx", "--format", "pdf"]), Some(2));
    assert_eq!(code(&["bien.xlsx", "--as", "no-hay-tal"]), Some(2));
    let wrong_date = lint(dir.path(), &["bien.xlsx", "--on", "22/11/2026"]);
    assert_eq!(wrong_date.status.code(), Some(2));
    assert!(text(&wrong_date.stderr).contains("AAAA-MM-DD"));
    let absent = lint(dir.path(), &["uno.xlsx", "dos.xlsx"]);
    assert!(text(&absent.stderr).contains("uno.xlsx, dos.xlsx"));
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(lint(empty.path(), &["."]).status.code(), Some(2));
}

#[test]
fn the_frame_speaks_english_when_asked() {
    let dir = folder();
    let output = lint(dir.path(), &["mal.xlsx", "--lang", "en", ON[0], ON[1]]);
    let told = text(&output.stdout);
    assert!(
        told.contains("Sheet «Reporte de Formatos»") && told.contains("Errors:"),
        "{told}"
    );
}

/// Row and column, from 0, of an address like `AB12`.
fn cell(address: &str) -> Option<(usize, usize)> {
    let digits = address.find(|c: char| c.is_ascii_digit())?;
    let column = address[..digits].bytes().try_fold(0usize, |sum, b| {
        b.is_ascii_uppercase().then(|| sum * 26 + usize::from(b - b'A') + 1)
    })?;
    Some((
        address[digits..].parse::<usize>().ok()?.checked_sub(1)?,
        column.checked_sub(1)?,
    ))
}

#[test]
fn real_workbooks_hold_in_each_cell_what_is_told_of_it() {
    let Some(shared) = shared("real_workbooks_hold_in_each_cell_what_is_told_of_it") else {
        return;
    };
    let samples = shared.join("samples/sipot");
    let output = lint(&samples, &[".", "--format", "json", ON[0], ON[1]]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let checked = told["files"].as_array().unwrap();
    assert_eq!(checked.len(), files(&samples).len());
    let mut cells = 0;
    for file in checked {
        let path = samples.join(file["path"].as_str().unwrap());
        let bytes = std::fs::read(&path).unwrap();
        let url = url::Url::parse("file:///libro.xlsx").unwrap();
        let source = Source {
            url: &url,
            loaded_by: None,
            content_type: None,
            headers: &[],
        };
        let workbook = extract(&source, &bytes, &Limits::default()).workbook.unwrap();
        let problems = file["problems"].as_array().unwrap();
        let codes: Vec<&str> = problems.iter().map(|p| p["code"].as_str().unwrap()).collect();
        let none = ["empty-template", "no-rows-reasoned", "unrecognised-format"];
        let without = codes.iter().filter(|c| none.contains(c)).count();
        assert_eq!(without, usize::from(file["rows"] == 0), "{}: {codes:?}", path.display());
        for problem in problems {
            let Some((row, column)) = cell(problem["cell"].as_str().unwrap()) else {
                continue;
            };
            let sheet = workbook
                .sheets
                .iter()
                .find(|s| problem["sheet"] == s.name.as_str())
                .unwrap();
            let held = &sheet.rows[row - sheet.origin.0 as usize][column - sheet.origin.1 as usize];
            let seen = problem["actual"].as_str().unwrap().trim_end_matches('…');
            let one_line = held.split_whitespace().collect::<Vec<_>>().join(" ");
            // Dates are told with those that they are compared with, notes by the name in them.
            let compared = [
                "period-reversed",
                "period-outside-year",
                "updated-before-period-end",
                "other-municipality",
            ];
            let compared = compared.contains(&problem["code"].as_str().unwrap());
            assert!(
                compared || one_line.starts_with(seen),
                "{} {problem}: {held}",
                path.display()
            );
            cells += 1;
        }
    }
    assert!(cells > 200, "{cells}");
}
