//! Each format from files checked by hand, hostile text included.

use super::*;
use crate::model::problem;

const HOSTILE: &str = "<x a=\"1\">&\u{1b}[31m\u{202e}fdp";

fn told(kind: &crate::model::ProblemKind, cell: &str, column: &str, actual: &str) -> TableProblem {
    TableProblem {
        code: kind.code.to_owned(),
        level: kind.level,
        sheet: "Reporte de Formatos".to_owned(),
        cell: cell.to_owned(),
        column: column.to_owned(),
        message: format!("{}.", kind.title),
        actual: actual.to_owned(),
        expected: "Una dirección que empieza con https://".to_owned(),
        remedy: kind.remedy.to_owned(),
    }
}

fn files() -> Vec<FileLint> {
    let mut problems: Vec<TableProblem> = (8..20)
        .map(|n| {
            told(
                &problem::LOCAL_PATH,
                &format!("H{n}"),
                "Hipervínculo",
                &format!(r"C:\doc\{n}.pdf"),
            )
        })
        .collect();
    problems.push(told(&problem::NOT_A_NUMBER, "C9", HOSTILE, HOSTILE));
    problems.push(told(
        &problem::URL_WITH_SPACES,
        "H21",
        "Hipervínculo",
        "https://villa.example/a b.pdf",
    ));
    problems.push(told(
        &problem::NO_ROWS_REASONED,
        "N8",
        "Nota",
        "No se generó información",
    ));
    let file = |path: &str| FileLint {
        path: path.to_owned(),
        ..FileLint::default()
    };
    vec![
        FileLint {
            format: Some("prueba-1".to_owned()),
            title: Some("Bicicletas prestadas".to_owned()),
            obligations: vec!["mx-prueba:70.I".to_owned()],
            confidence: 0.95,
            rows: 12,
            problems,
            ..file("entrega/Año 1.xlsx")
        },
        FileLint {
            title: Some("Bicicletas propias".to_owned()),
            rows: 3,
            ..file("entrega/limpio.xlsx")
        },
        FileLint {
            unreadable: Some("el archivo pide contraseña".to_owned()),
            ..file(&format!("entrega/{HOSTILE}.xlsx"))
        },
    ]
}

fn written(name: &str, lang: Lang) -> String {
    let context = Context {
        lang,
        fail_on: Level::Error,
    };
    let mut bytes = Vec::new();
    by_name(name).unwrap().write(&files(), &context, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn every_format_writes_the_same_files() {
    for format in FORMATS {
        let text = written(format.name(), Lang::Es).replace(env!("CARGO_PKG_VERSION"), "[version]");
        insta::assert_snapshot!(format.name(), text);
    }
}

#[test]
fn the_frame_has_both_languages() {
    let english = written("text", Lang::En);
    assert!(english.contains("Rows with data: 12") && english.contains("warning") && english.contains("7 more"));
    assert!(!english.contains("Hoja «"));
}

#[test]
fn nothing_of_a_stranger_commands_the_terminal_or_breaks_the_markup() {
    for format in FORMATS.iter().filter(|f| f.name() == "text" || f.name() == "junit") {
        let text = written(format.name(), Lang::Es);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{}", format.name());
    }
    let junit = written("junit", Lang::Es);
    let mut reader = quick_xml::Reader::from_str(&junit);
    let (mut cases, mut failures, mut errors) = (0, 0, 0);
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(e) | quick_xml::events::Event::Empty(e) => match e.name().as_ref() {
                "testcase" => cases += 1,
                "failure" => failures += 1,
                "error" => errors += 1,
                _ => {}
            },
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!((cases, failures, errors), (6, 2, 1));
}

#[test]
fn sarif_holds_together() {
    let value: serde_json::Value = serde_json::from_str(&written("sarif", Lang::Es)).unwrap();
    let run = &value["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 16);
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            .as_str()
            .unwrap();
        assert!(uri.is_ascii() && !uri.contains([' ', '<', '"']), "{uri}");
    }
    assert_eq!(
        results[0]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"],
        "'Reporte de Formatos'!H8"
    );
}

#[test]
fn a_file_fails_at_the_level_asked_for_or_when_it_cannot_be_read() {
    let [wrong, clean, unread] = <[FileLint; 3]>::try_from(files()).unwrap();
    assert!(fails(&wrong, Level::Error) && fails(&unread, Level::Error) && !fails(&clean, Level::Note));
    let warned = FileLint {
        problems: vec![told(&problem::URL_WITH_SPACES, "H1", "", "")],
        ..FileLint::default()
    };
    assert!(!fails(&warned, Level::Error) && fails(&warned, Level::Warning));
}
