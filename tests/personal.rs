//! Personal data in a made-up portal: told where it stands, and never whole in anything that the program says.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use proptest::test_runner::Config;
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use veedor::archive::from_table;
use veedor::audit::{Audited, Judging, explain_case, import_case, judge, subject_of};
use veedor::event::Silent;
use veedor::extract::isolate::Readers;
use veedor::report::{self, Context};
use veedor::rules::Library;
use veedor::text::personal::{Kind, find, find_under};
use veedor::text::url::normalize;

static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::embedded().unwrap());

/// RENAPO's own example of a CURP.
const CURP: &str = "HEGG560427MVZRRL04";

const HEADERS: [&str; 7] = [
    "Ejercicio",
    "Fecha de inicio del periodo que se informa",
    "Fecha de término del periodo que se informa",
    "Nombre del beneficiario",
    "Clave",
    "Número de seguridad social",
    "Nota",
];

/// A workbook with these in its title, cells, notes, links, and the name of its sheet where that has room.
fn workbook(path: &Path, secrets: &[String]) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let name: String = format!("Hoja {}", secrets[0]).chars().take(31).collect();
    sheet.set_name(name).unwrap();
    sheet.write_string(0, 0, format!("Padrón de {}", secrets[0])).unwrap();
    for (column, header) in (0u16..).zip(HEADERS) {
        sheet.write_string(1, column, header).unwrap();
    }
    for (row, secret) in (2u32..).zip(secrets) {
        for (column, text) in [(0, "2026"), (1, "01/07/2026"), (2, "30/09/2026"), (3, "Ana Nopal")] {
            sheet.write_string(row, column, text).unwrap();
        }
        let nss = find(secret).is_empty();
        sheet.write_string(row, if nss { 5 } else { 4 }, secret).unwrap();
        if !nss {
            sheet
                .write_string(row, 6, format!("Apoyo a {secret} en efectivo"))
                .unwrap();
            sheet
                .write_url(row, 3, format!("https://otro.example/ine_{secret}.pdf").as_str())
                .unwrap();
        }
    }
    book.save(path).unwrap();
}

/// A PDF of one page with these lines.
fn pdf(lines: &[String]) -> Vec<u8> {
    let mut content = "BT /F1 12 Tf 14 TL 40 780 Td ".to_owned();
    for line in lines {
        write!(content, "({line}) Tj T* ").unwrap();
    }
    content.push_str("ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>".to_owned(),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        write!(out, "{} 0 obj\n{object}\nendobj\n", n + 1).unwrap();
    }
    let xref = out.len();
    write!(out, "xref\n0 6\n0000000000 65535 f \n").unwrap();
    for place in places {
        writeln!(out, "{place:010} 00000 n ").unwrap();
    }
    write!(out, "trailer<</Size 6/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF").unwrap();
    out.into_bytes()
}

/// What says that a number is of social security, where nothing else does.
fn said(secret: &str) -> String {
    if find(secret).is_empty() {
        format!("NSS {secret}")
    } else {
        secret.to_owned()
    }
}

/// One that is told by itself: in a name nothing says that a number is of social security.
fn in_name(secrets: &[String]) -> &str {
    secrets
        .iter()
        .find(|s| !find(s).is_empty())
        .map_or(CURP, String::as_str)
}

/// Audits a portal with the secrets in its page, labels, file names, a workbook and a PDF; `before` goes ahead of them.
fn audited(dir: &Path, secrets: &[String], before: &str) -> Audited {
    let named = in_name(secrets);
    let all: Vec<String> = secrets.iter().map(|s| said(s)).collect();
    let label = format!("Fracción XV. Programas de subsidios {before} {}", all[0]);
    let mut page = format!(
        "<html><head><title>{0}</title></head><body><h1>Obligaciones de transparencia, artículo 70 {0}</h1><h2>{label}</h2><ul>\
         <li><a href='/docs/{1}.xlsx'>Padrón de beneficiarios 2026 {0}</a></li>\
         <li><a href='/docs/lista.pdf'>Fracción XVIII. Sanciones {before} {0}</a></li>\
         <li><a href='/docs/roto-{1}.xlsx'>Fracción IX. Viáticos {0}</a></li>\
         <li id='{1}'>Fracción XVI. Condiciones generales de trabajo {0}</li></ul>",
        all[0], named
    );
    for text in &all {
        write!(page, "<p>Beneficiaria {before} {text} de la localidad</p>").unwrap();
    }
    page.push_str("</body></html>");
    std::fs::write(dir.join("0.bin"), page).unwrap();
    workbook(&dir.join("1.bin"), secrets);
    std::fs::write(dir.join("2.bin"), pdf(&all)).unwrap();
    let table = format!(
        "url_path\tfile\tstatus\tcontent_type\n/\t0.bin\t200\ttext/html; charset=utf-8\n/docs/{named}.xlsx\t1.bin\t200\t\n\
         /docs/lista.pdf\t2.bin\t200\tapplication/pdf\n"
    );
    let tsv = dir.join("urls.tsv");
    std::fs::write(&tsv, table).unwrap();
    let base = normalize("https://municipio.example/").unwrap();
    let imported = from_table(&tsv, &base, "2026-11-01T00:00:00Z").unwrap();
    let case = import_case(&imported, &base, &subject_of(&base), &dir.join("out")).unwrap();
    let listener: Arc<dyn veedor::event::Listener> = Arc::new(Silent);
    judge(&case, &LIBRARY, &judging(), &listener).unwrap()
}

fn judging() -> Judging {
    Judging {
        packs: vec!["mx-lgtaip-2015".to_owned()],
        on: Some("2026-11-01".to_owned()),
        formats: vec!["html".to_owned(), "csv".to_owned()],
        context: Context::default(),
        readers: Readers::in_process(),
    }
}

/// All that an audit says, by the name of the output, without the addresses that lead to evidence.
fn said_by(audited: &Audited) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let json = std::fs::read_to_string(audited.dir.join("findings.json")).unwrap();
    let mut value: Value = serde_json::from_str(&json).unwrap();
    for evidence in value["evidence"].as_array_mut().unwrap() {
        evidence["url"] = Value::Null;
    }
    out.push(("findings.json".to_owned(), value.to_string()));
    let html = std::fs::read_to_string(audited.dir.join("report/report.html")).unwrap();
    let mut parts = html.split("href=\"");
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        text.push_str(part.split_once('"').unwrap().1);
    }
    out.push(("report.html".to_owned(), text));
    let csv = std::fs::read_to_string(audited.dir.join("report/findings.csv")).unwrap();
    let mut text = String::new();
    for row in csv::Reader::from_reader(csv.as_bytes()).records() {
        let row = row.unwrap();
        for (n, cell) in row.iter().enumerate().filter(|(n, _)| *n != 16) {
            writeln!(text, "{n} {cell}").unwrap();
        }
    }
    out.push(("findings.csv".to_owned(), text));
    let mut terminal = Vec::new();
    let writer = report::by_name("terminal").unwrap();
    writer
        .write(&audited.findings, &Context::default(), &mut terminal)
        .unwrap();
    out.push(("terminal".to_owned(), String::from_utf8(terminal).unwrap()));
    for obligation in ["70.XV", "70.XVIII"] {
        let told = explain_case(&audited.dir, &LIBRARY, &judging(), obligation).unwrap();
        out.push((format!("explain {obligation}"), told.unwrap()));
    }
    out
}

/// What `lint` says of a file in a form, without the paths that lead to it.
fn lint(dir: &Path, file: &str, format: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_veedor"))
        .args(["lint", file, "--format", format, "--on", "2026-11-01"])
        .current_dir(dir)
        .env_remove("VEEDOR_LANG")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.len() > 20, "{}", String::from_utf8_lossy(&output.stderr));
    // Where a machine reads it, a path stays whole.
    match format {
        "json" => told.replace(&format!("\"path\": \"{file}\""), ""),
        "sarif" => told.replace(&format!("\"uri\": \"{file}\""), ""),
        _ => told,
    }
}

/// A key of some kind with the check digit that makes it one.
fn secret() -> impl Strategy<Value = (Kind, String)> {
    let valid = |kind: Kind, heading: &'static str, body: &'static str, last: &'static str| {
        body.prop_map(move |body: String| {
            let mut keys = last.chars().map(|c| format!("{body}{c}"));
            let key = keys.find(|key| {
                find_under(heading, key)
                    .iter()
                    .any(|f| f.kind == kind && f.range.len() == key.len())
            });
            (kind, key.unwrap_or_default())
        })
        .prop_filter("a check digit", |(_, key)| !key.is_empty())
    };
    prop_oneof![
        valid(
            Kind::Curp,
            "",
            "[A-Z]{4}8[0-9]0[1-9](0[1-9]|1[0-9])[HM](MC|DF|OC)[BCDFG]{3}[0-9]",
            "0123456789"
        ),
        valid(
            Kind::Rfc,
            "",
            "[A-Z]{4}8[0-9]0[1-9](0[1-9]|1[0-9])[1-9A-N][1-9P-Z]",
            "0123456789A"
        ),
        valid(Kind::Clabe, "", "(002|012|072|646)[0-9]{13}[1-9]", "0123456789"),
        valid(Kind::Card, "", "4[0-9]{14}", "0123456789"),
        valid(Kind::VoterKey, "", "[A-Z]{6}8[0-9]0[1-9]1[0-9]1[0-9]H[0-9]{2}", "0"),
        valid(Kind::Nss, "NSS", "[1-9][0-9]{9}", "0123456789"),
    ]
}

proptest! {
    #![proptest_config(Config { cases: 8, failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_output_says_any_of_it_whole(
        secrets in prop::collection::vec(secret(), 2..5),
        before in "[a-z]{2,9}( [a-z]{2,9}){0,40}",
    ) {
        let keys: Vec<String> = secrets.into_iter().map(|(_, key)| key).collect();
        let dir = tempfile::tempdir().unwrap();
        let audited = audited(dir.path(), &keys, &before);
        prop_assert!(!audited.findings.alerts.is_empty());
        for (name, text) in said_by(&audited) {
            for key in &keys {
                let at = text.find(key.as_str()).map(|at| text[..at + key.len()].chars().rev().take(150).collect::<String>());
                let at = at.map(|back| back.chars().rev().collect::<String>());
                prop_assert_eq!(at, None, "{} in {}", key, name);
                // Nor so much of it that the rest could be guessed.
                prop_assert!(!text.contains(&key[..key.len() - 2]), "much of {key} in {name}");
            }
        }
        let file = format!("{}.xlsx", in_name(&keys));
        std::fs::copy(dir.path().join("1.bin"), dir.path().join(&file)).unwrap();
        for format in ["text", "json", "sarif", "junit"] {
            let told = lint(dir.path(), &file, format);
            for key in &keys {
                prop_assert!(!told.contains(key.as_str()), "{key} in lint {format}");
            }
        }
    }
}

#[test]
fn what_is_published_is_told_by_kind_with_its_places() {
    let dir = tempfile::tempdir().unwrap();
    let secrets = [CURP.to_owned(), "12345678903".to_owned()];
    let audited = audited(dir.path(), &secrets, "la señora");
    let findings = &audited.findings;
    let alerts: Vec<(&str, usize)> = findings.alerts.iter().map(|a| (a.what.as_str(), a.documents)).collect();
    assert_eq!(alerts, [("curp", 3), ("nss", 3)]);
    for alert in &findings.alerts {
        assert!(alert.basis.contains("artículo 64") && !alert.remedy.is_empty());
        assert_eq!(alert.evidence.len(), alert.documents);
        for &n in &alert.evidence {
            let evidence = &findings.evidence[n];
            assert!(evidence.excerpt.contains("****"), "{}", evidence.excerpt);
            assert!(evidence.locator.is_some() && evidence.warc.is_some());
        }
    }
    let nss = &findings.alerts[1];
    let cell = nss
        .evidence
        .iter()
        .map(|&n| &findings.evidence[n])
        .find(|e| e.url.contains(".xlsx"));
    assert_eq!(
        cell.unwrap().locator.as_deref(),
        Some("hoja 'Hoja CURP ****04', celda F4: número de seguridad social")
    );
    let html = std::fs::read_to_string(audited.dir.join("report/report.html")).unwrap();
    assert!(html.contains("Datos personales publicados") && html.contains(&format!("{CURP}.xlsx\"")));
}

#[test]
fn an_rfc_that_an_official_format_asks_for_is_no_alert() {
    let format = LIBRARY
        .formats()
        .iter()
        .find(|f| f.columns.iter().any(|c| c.label.starts_with("RFC de la persona")) && f.children.is_empty())
        .unwrap();
    let audit = |moved: bool| {
        let dir = tempfile::tempdir().unwrap();
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("Reporte de Formatos").unwrap();
        for (n, column) in (0u16..).zip(&format.columns) {
            sheet.write_string(0, n, &column.label).unwrap();
            let asks = column.label.starts_with("RFC de la persona");
            let text = match (asks, moved) {
                (true, false) => "GODE561231GR8",
                (false, true) if n == 4 => "GODE561231GR8",
                _ => "dato",
            };
            sheet.write_string(1, n, text).unwrap();
        }
        book.save(dir.path().join("1.bin")).unwrap();
        std::fs::write(
            dir.path().join("0.bin"),
            "<html><body><a href='/p.xlsx'>Padrón de proveedores</a></body></html>",
        )
        .unwrap();
        let tsv = dir.path().join("urls.tsv");
        std::fs::write(
            &tsv,
            "url_path\tfile\tstatus\tcontent_type\n/\t0.bin\t200\ttext/html\n/p.xlsx\t1.bin\t200\t\n",
        )
        .unwrap();
        let base = normalize("https://municipio.example/").unwrap();
        let imported = from_table(&tsv, &base, "2026-11-01T00:00:00Z").unwrap();
        let case = import_case(&imported, &base, &subject_of(&base), &dir.path().join("out")).unwrap();
        let listener: Arc<dyn veedor::event::Listener> = Arc::new(Silent);
        let found = judge(&case, &LIBRARY, &judging(), &listener).unwrap().findings;
        found
            .alerts
            .iter()
            .map(|a| (a.what.clone(), a.count))
            .collect::<Vec<_>>()
    };
    assert_eq!(audit(false), []);
    assert_eq!(audit(true), [("rfc".to_owned(), 1)]);
}
