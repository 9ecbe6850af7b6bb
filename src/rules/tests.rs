use std::fmt::Write;

use super::*;
use crate::model::{ColumnKind, ColumnRole};

fn diagnose(yaml: &str) -> String {
    let mut found = Vec::new();
    if let Some(root) = tree::parse("reglas.yaml", yaml, &mut found) {
        let context = fields::Context::new("reglas.yaml", yaml);
        let _ = pack::read(&root, &context, yaml.as_bytes(), &mut found);
    }
    found.iter().fold(String::new(), |mut out, d| {
        let _ = write!(out, "{d}");
        out
    })
}

#[test]
fn the_two_laws_are_whole() {
    let library = Library::embedded().expect("the rules that come with the program are valid");
    let count = |id: &str| library.pack(id).expect("pack").obligations.len();
    assert_eq!((count("mx-lgtaip-2015"), count("mx-lgtaip-2025")), (57, 55));
    let old = library.pack("mx-lgtaip-2015").expect("pack");
    let new = library.pack("mx-lgtaip-2025").expect("pack");
    for o in &old.obligations {
        let continued = new.obligations.iter().any(|n| n.continues.iter().any(|l| l.id == o.id));
        assert!(continued || o.id == "70.XLVII", "{} is lost", o.id);
        assert!(
            !o.sources.is_empty() && !o.labels.is_empty() && !o.remedy.is_empty(),
            "{}",
            o.id
        );
    }
}

#[test]
fn the_date_picks_the_law() {
    let library = Library::embedded().expect("rules");
    let on = |date: &str| {
        library
            .in_force(date)
            .iter()
            .map(|p| p.id.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(on("2025-03-20"), "mx-lgtaip-2015");
    assert_eq!(on("2025-03-21"), "mx-lgtaip-2025");
    assert_eq!(on("2010-01-01"), "");
}

#[test]
fn embedded_rules_have_no_errors_and_no_doubts() {
    let found = lint(&[]).expect("readable");
    let told = found.iter().map(ToString::to_string).collect::<String>();
    assert!(found.is_empty(), "{told}");
}

const GOOD: &str = r#"pack: prueba
version: "1"
title: Ley de prueba
jurisdiction: MX
in_force: {from: 2020-01-01}
sources: [{source: inventada, certainty: N}]
scoring: {profile: p, certainty: N, weights: {content: 0.25, timeliness: 0.25, reliability: 0.25, format: 0.25}}
obligations:
  - id: "1.I"
    title: Directorio
    asks: El directorio.
    applies_to: [municipality]
    cadence: quarterly
    retention: current+1
    labels: [directorio]
    remedy: Publíquelo.
    sources: [{source: inventada, certainty: N}]
"#;

#[test]
fn a_good_pack_has_nothing_to_tell() {
    assert_eq!(diagnose(GOOD), "");
}

#[test]
fn all_problems_are_told_at_once_with_place_and_remedy() {
    let bad = GOOD
        .replace("cadence: quarterly", "cadense: quarterly")
        .replace("[municipality]", "[municipio]")
        .replace("2020-01-01", "1 de enero")
        .replace("format: 0.25", "format: 0.5")
        .replace("current+1", "tres años");
    insta::assert_snapshot!(diagnose(&bad));
}

#[test]
fn tabs_and_broken_yaml_are_located() {
    insta::assert_snapshot!(diagnose("pack: x\ntitle: y\n\tversion: 1\n"));
    insta::assert_snapshot!(diagnose("pack: [x\n"));
}

#[test]
fn problems_of_yaml_speak_of_the_file_and_not_of_a_library() {
    let deep = format!("pack: {}\n", "[".repeat(5_000));
    let aliases = (1..40).fold("a0: &a0 x\n".to_owned(), |text, n| {
        let one = format!("*a{}", n - 1);
        format!("{text}a{n}: &a{n} [{}]\n", vec![one; 20].join(", "))
    });
    for (text, expected) in [
        ("pack: x\npack: y\n", "la clave «pack» está repetida"),
        ("pack: x\n---\npack: y\n", "varios documentos"),
        ("pack: *a\n", "referencia"),
        (deep.as_str(), "demasiado"),
        (aliases.as_str(), "demasiado"),
    ] {
        let told = diagnose(text);
        assert!(told.contains(expected), "{told}");
        for word in ["Options", "Policy", "from_", "limits breached", "`"] {
            assert!(!told.contains(word), "{told}");
        }
    }
}

#[test]
fn folders_in_circles_and_devices_are_told() {
    let dir = tempfile::tempdir().expect("dir");
    std::fs::write(dir.path().join("p.yaml"), GOOD).expect("write");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(dir.path(), dir.path().join("vuelta")).expect("link");
        std::os::unix::fs::symlink(dir.path(), dir.path().join("vuelta.yaml")).expect("link");
        assert!(matches!(
            Library::load(&["/dev/zero".into()]),
            Err(RulesError::Unreadable { .. })
        ));
    }
    let library = Library::load(&[dir.path().to_owned()]).expect("read once");
    assert!(library.pack("prueba").is_ok());
    let large = dir.path().join("grande.yaml");
    std::fs::write(&large, vec![b'#'; (8 << 20) + 1]).expect("write");
    assert!(matches!(Library::load(&[large]), Err(RulesError::Unreadable { .. })));
}

#[test]
fn repeated_obligations_are_told() {
    let twice = format!("{GOOD}{}", GOOD.split_once("obligations:\n").expect("list").1);
    insta::assert_snapshot!(diagnose(&twice));
}

#[test]
fn a_lineage_to_nowhere_is_told() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("p.yaml");
    let bad = GOOD.replace("    cadence", "    continues: [\"mx-lgtaip-2015:70.CC\"]\n    cadence");
    std::fs::write(&path, bad).expect("write");
    let Err(RulesError::Invalid(found)) = Library::load(&[path]) else {
        panic!("accepted")
    };
    assert_eq!(found.len(), 1);
    assert!(
        found[0].message.contains("70.CC") && found[0].line == 13,
        "{}",
        found[0]
    );
}

#[test]
fn a_file_of_the_same_id_replaces() {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("p.yaml");
    std::fs::write(&path, GOOD.replace("prueba", "mx-lgtaip-2015")).expect("write");
    // The newer law continues obligations of the replaced one: told, and not accepted.
    assert!(matches!(Library::load(&[path]), Err(RulesError::Invalid(found)) if found.len() == 57));
}

#[test]
fn the_schema_names_every_key() {
    let text = schema().to_string();
    for name in [
        "weak_labels",
        "in_force",
        "retention",
        "placeholders",
        "certainty",
        "repeats",
        "update_date",
        "catalogues",
    ] {
        assert!(text.contains(name), "{name}");
    }
}

#[test]
fn the_formats_of_the_guidelines_are_whole() {
    let library = Library::embedded().expect("rules");
    let formats = library.formats();
    let of_2018: Vec<&Format> = formats.iter().filter(|f| f.edition == "LTG 2018").collect();
    assert!(of_2018.len() >= 111, "{}", of_2018.len());
    assert!(of_2018.iter().map(|f| f.columns.len()).sum::<usize>() >= 2065);
    for f in formats {
        assert!(!f.sources.is_empty() && !f.title.is_empty(), "{}", f.id);
        assert!(f.columns.is_empty() || f.columns.len() >= 8, "{}", f.id);
        for role in [
            ColumnRole::FiscalYear,
            ColumnRole::Updated,
            ColumnRole::Note,
            ColumnRole::Area,
        ] {
            let with = f.columns.iter().filter(|c| c.role == role).count();
            let none = f.columns.is_empty();
            // One state's variant names the official in a column of his own beside the area.
            assert!(
                with == 1 || none || role == ColumnRole::Area && with == 2,
                "{}: {role:?} {with}",
                f.id
            );
        }
        for c in f.columns.iter().filter(|c| c.kind == ColumnKind::Catalogue) {
            assert!(c.catalogue.len() >= 2, "{}: {}", f.id, c.label);
        }
        assert!(f.children.iter().all(|c| c.columns[0].label == "ID"), "{}", f.id);
    }
    let old = library.pack("mx-lgtaip-2015").expect("pack");
    for o in &old.obligations {
        assert!(!library.formats_of(&old.id, &o.id).is_empty(), "{} has no format", o.id);
    }
}

#[test]
fn later_laws_reach_formats_by_lineage() {
    let library = Library::embedded().expect("rules");
    let ids =
        |pack: &str, id: &str| -> Vec<&str> { library.formats_of(pack, id).iter().map(|f| f.id.as_str()).collect() };
    assert_eq!(ids("mx-lgtaip-2025", "65.I"), ["ltg2018-70.I"]);
    assert_eq!(ids("mx-lgtaip-2025", "65.II"), ["ltg2018-70.II.a", "ltg2018-70.II.b"]);
    assert_eq!(ids("mx-lgtaip-2025", "65.V"), ["ltg2018-70.V", "ltg2018-70.VI"]);
    assert!(ids("mx-lgtaip-2025", "65.CC").is_empty());
    assert!(library.format("ltg2018-70.II.a").is_some_and(|f| f.columns.len() == 16));
    assert!(library.format("ltg2018-70.CC").is_none());
}

const FORMATS_FILE: &str = r#"obligations: ["mx-lgtaip-2015:70.II"]
jurisdiction: MX-AGU
formats:
  - id: prueba-70.II
    edition: LTG 2018
    title: Estructura
    short_name: Estructura
    columns:
      - {label: "Ejercicio", kind: short_text}
      - {label: "Perfil, en su caso", kind: hyperlink}
      - {label: "Tipo de servicio (catálogo)", kind: catalogue, catalogue: tipo_de_servicio}
      - {label: "Horas", kind: child, child: Horas}
      - {label: "Nota", kind: note}
    children:
      - name: Horas
        columns:
          - {label: "ID", kind: short_text}
          - {label: "Hora", kind: time}
    sources: [{source: inventada, certainty: N}]
"#;

/// What `rules lint` says of one more file.
fn lint_file(yaml: &str) -> String {
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("f.yaml");
    std::fs::write(&path, yaml).expect("write");
    let found = lint(&[path]).expect("readable");
    let root = dir.path().display().to_string();
    found
        .iter()
        .map(ToString::to_string)
        .collect::<String>()
        .replace(&root, "DIR")
}

#[test]
fn a_format_of_the_user_joins_those_of_the_program() {
    assert_eq!(lint_file(FORMATS_FILE), "");
    let dir = tempfile::tempdir().expect("dir");
    let path = dir.path().join("f.yaml");
    std::fs::write(&path, FORMATS_FILE).expect("write");
    let library = Library::load(&[path]).expect("valid");
    let f = library.format("prueba-70.II").expect("there");
    let required: Vec<bool> = f.columns.iter().map(|c| c.required).collect();
    assert_eq!(required, [true, false, true, true, false]);
    assert_eq!(f.columns[2].catalogue, ["Directo", "Indirecto"]);
    assert_eq!((f.columns[3].child, f.jurisdiction.as_str()), (Some(0), "MX-AGU"));
    assert!(library.formats().len() > 100);
}

#[test]
fn all_problems_of_formats_are_told_at_once() {
    let bad = FORMATS_FILE
        .replace("70.II\"]", "70.CC\"]")
        .replace("kind: hyperlink", "kind: hipervinculo")
        .replace("catalogue: tipo_de_servicio", "catalogue: tipo_de_servisio")
        .replace("child: Horas", "child: Oras")
        .replace(
            "label: \"Nota\", kind: note",
            "label: \"EJERCICIO\", kind: note, catalogue: si_no",
        );
    insta::assert_snapshot!(lint_file(&bad));
}

#[test]
fn repeated_formats_and_unused_catalogues_are_told() {
    let twice = format!(
        "{FORMATS_FILE}{}",
        FORMATS_FILE.split_once("formats:\n").expect("list").1
    );
    insta::assert_snapshot!(lint_file(&twice));
    insta::assert_snapshot!(lint_file(
        "catalogues:\n  - name: de_nadie\n    values: [Uno, Dos]\n    sources: [{source: inventada, certainty: N}]\n"
    ));
}

proptest::proptest! {
    #[test]
    fn any_text_is_told_or_read(text in "([a-z]{1,6}: |- |\\[|\\]|\\{|\\}|\n|  |\"|&a|\\*a|pack: x\n|obligations:\n|é|1){0,40}") {
        let _ = diagnose(&text);
    }
}
