//! Each format from findings made by hand, hostile text included.

use std::collections::BTreeMap;

use super::words::Words;
use super::*;
use crate::model::{
    Alert, AlertKind, AuditInfo, CrawlInfo, CriterionKind, Dimension, Evidence, FINDINGS_SCHEMA, FetchStatus, Finding,
    ObligationFinding, Outcome, PackInfo, Score, Status, SubjectInfo, SubjectKind,
};

const HOSTILE: &str = "<script>alert(1)</script> \u{1b}[31mrojo\u{7} \u{202e}fdp.exe \"><img src=x>";

fn obligation(id: &str, title: &str, status: Status) -> ObligationFinding {
    ObligationFinding {
        id: format!("mx-prueba:{id}"),
        title: title.to_owned(),
        status,
        confidence: 0.9,
        value: (status != Status::Undetermined).then_some(0.5),
        low: 0.25,
        high: 0.75,
        latest_period: Some("2026-Q3".to_owned()),
        media: vec!["xlsx".to_owned()],
        evidence: vec![0, 1],
        findings: vec![0],
        reason: "Hay 1 documento con información.".to_owned(),
        remedy: "Corrija los enlaces que no abren.".to_owned(),
    }
}

fn evidence(url: &str, excerpt: &str) -> Evidence {
    Evidence {
        url: url.to_owned(),
        captured_at: "2026-11-22T10:05:00Z".to_owned(),
        sha256: Some("ab".repeat(32)),
        warc: Some("evidence/000.warc.gz".to_owned()),
        offset: Some(1234),
        locator: Some("hoja 'Reporte de Formatos'!R7".to_owned()),
        excerpt: excerpt.to_owned(),
        status: FetchStatus::Ok,
    }
}

fn finding() -> Finding {
    Finding {
        id: "mx-prueba:70.I#opens".to_owned(),
        obligation: "mx-prueba:70.I".to_owned(),
        criterion: "opens".to_owned(),
        kind: CriterionKind::Reliability,
        outcome: Outcome::Failed,
        value: Some(0.5),
        weight: 0.25,
        confidence: 0.9,
        evidence: vec![0],
        reason: HOSTILE.to_owned(),
        expected: "Que los enlaces abran.".to_owned(),
        actual: "1 de 2 no abre.".to_owned(),
        remedy: "Corrija los enlaces que no abren.".to_owned(),
    }
}

fn alert() -> Alert {
    Alert {
        kind: AlertKind::PersonalData,
        what: "curp".to_owned(),
        count: 3,
        documents: 2,
        message: format!("Se publican 3 CURP en 2 páginas o documentos. {HOSTILE}"),
        basis: "Ley de prueba, artículo 64.".to_owned(),
        remedy: "Retire el archivo.".to_owned(),
        evidence: vec![0],
    }
}

fn crawl() -> CrawlInfo {
    CrawlInfo {
        complete: false,
        stop_reason: "max_pages".to_owned(),
        captures: 12,
        by_status: BTreeMap::from([("client_error".to_owned(), 2), ("ok".to_owned(), 10)]),
        limits: vec!["La captura no terminó (se alcanzó el máximo de páginas).".to_owned()],
        entry: "https://villa.example/transparencia".to_owned(),
        from: Some("2026-11-22T10:00:00Z".to_owned()),
        to: Some("2026-11-22T10:09:30Z".to_owned()),
    }
}

fn sample() -> Findings {
    let mut obligations: Vec<ObligationFinding> = Status::ALL
        .into_iter()
        .zip(["I", "II", "III", "IV", "V", "VI", "VII", "VIII"])
        .map(|(s, n)| obligation(&format!("70.{n}"), "Marco normativo aplicable al sujeto obligado", s))
        .collect();
    obligations[3].title = "=HYPERLINK(\"http://malo.example\",\"ver\")".to_owned();
    obligations[3].reason = HOSTILE.to_owned();
    obligations[4].remedy = "\t@SUM(A1)".to_owned();
    Findings {
        schema: FINDINGS_SCHEMA.to_owned(),
        subject: SubjectInfo {
            id: "99001".to_owned(),
            name: "Villa de Prueba".to_owned(),
            kind: SubjectKind::Municipality,
            state: Some("99".to_owned()),
        },
        audit: AuditInfo {
            id: "2026-11-22-001".to_owned(),
            evaluated_on: "2026-11-22".to_owned(),
            tool: "veedor 0.0.0".to_owned(),
            packs: vec![PackInfo {
                id: "mx-prueba".to_owned(),
                version: "1".to_owned(),
                sha256: "cd".repeat(32),
                title: "Ley de prueba".to_owned(),
                profile: "igualitario".to_owned(),
            }],
        },
        crawl: crawl(),
        scores: vec![Score {
            pack: "mx-prueba".to_owned(),
            dimension: Dimension::Obligation,
            value: Some(0.61),
            low: 0.58,
            high: 0.66,
            coverage: 0.92,
        }],
        obligations,
        findings: vec![finding()],
        alerts: vec![alert()],
        evidence: vec![
            evidence("https://villa.example/a b\"onmouseover=alert(1).xlsx", HOSTILE),
            evidence("javascript:alert(1)", "=cmd|' /C calc'!A0"),
        ],
    }
}

fn written(name: &str, context: &Context) -> String {
    let mut out = Vec::new();
    by_name(name).unwrap().write(&sample(), context, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_format_of_the_same_findings() {
    for format in FORMATS {
        insta::assert_snapshot!(format.name(), written(format.name(), &Context::default()));
    }
}

#[test]
fn english_labels() {
    let context = Context {
        lang: Lang::En,
        width: 60,
        color: true,
        ..Context::default()
    };
    insta::assert_snapshot!(written("terminal", &context).replace('\u{1b}', "ESC"));
    assert!(written("html", &context).contains("What to attend to first"));
}

#[test]
fn languages_hold_the_same_keys() {
    let keys = |lang| Words::of(lang).unwrap().map.into_keys().collect::<Vec<_>>();
    assert_eq!(keys(Lang::Es), keys(Lang::En));
}

#[test]
fn html_lets_nothing_of_strangers_act() {
    let page = written("html", &Context::default());
    for bad in [
        "<script",
        "<img",
        "\u{1b}",
        "\u{202e}",
        "href=\"javascript:",
        "\"onmouseover=",
    ] {
        let found = page.find(bad).map(|i| page[i..].chars().take(80).collect::<String>());
        assert_eq!(found, None, "{bad:?} came through");
    }
    assert!(page.contains("&lt;script&gt;"));
    assert!(page.replace("&#x2f;", "/").contains("href=\"../evidence/000.warc.gz\""));
}

#[test]
fn paths_that_leave_the_case_are_not_linked() {
    for path in ["../../etc/passwd", "/etc/passwd", "javascript:alert(1)", "a\\b", "a//b"] {
        assert_eq!(safe::inside("../", path), None, "{path}");
    }
}

#[test]
fn csv_holds_no_formula_and_a_byte_order_mark() {
    let text = written("csv", &Context::default());
    let body = text.strip_prefix('\u{FEFF}').unwrap();
    let mut reader = ::csv::Reader::from_reader(body.as_bytes());
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 8);
    for cell in rows.iter().flatten() {
        assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell}");
        assert!(!cell.chars().any(char::is_control), "{cell:?}");
    }
}

#[test]
fn terminal_keeps_its_width_and_no_control_characters() {
    for width in [40, 60, 80, 120] {
        let text = written(
            "terminal",
            &Context {
                width,
                ..Context::default()
            },
        );
        for line in text.lines() {
            assert!(line.chars().count() <= width, "{width}: {line}");
            assert!(!line.chars().any(char::is_control), "{line:?}");
        }
    }
}

/// RENAPO's own example of a CURP.
const CURP: &str = "HEGG560427MVZRRL04";

#[test]
fn personal_data_is_shown_masked_and_addresses_stay_whole() {
    let mut findings = sample();
    let address = format!("https://villa.example/{CURP}.pdf");
    findings.obligations[0].title = format!("Padrón {CURP}");
    findings.obligations[0].reason = format!("«{CURP}»");
    findings.obligations[0].remedy = format!("Quite {CURP}.");
    findings.findings[0].actual = CURP.to_owned();
    findings.evidence[0].url.clone_from(&address);
    findings.evidence[0].excerpt = format!("Ana, {CURP}");
    for format in FORMATS.iter().filter(|f| f.name() != "json") {
        let mut out = Vec::new();
        format.write(&findings, &Context::default(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap().replace("&#x2f;", "/");
        assert!(text.contains("****04"), "{}", format.name());
        let whole = text.matches(CURP).count();
        let kept = match format.name() {
            // Once in each link of the evidence; each obligation of the sample shows it, and the alert.
            "html" => text.matches(&format!("href=\"{address}\"")).count(),
            "csv" => text.matches(&address).count(),
            _ => 0,
        };
        assert_eq!(whole, kept, "{}", format.name());
    }
}

#[test]
fn without_alerts_there_is_no_section_and_old_findings_read() {
    let mut findings = sample();
    findings.alerts.clear();
    for name in ["html", "terminal"] {
        let mut out = Vec::new();
        by_name(name)
            .unwrap()
            .write(&findings, &Context::default(), &mut out)
            .unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains("Datos personales publicados"), "{name}");
    }
    let mut value = serde_json::to_value(&findings).unwrap();
    value.as_object_mut().unwrap().remove("alerts");
    assert_eq!(serde_json::from_value::<Findings>(value).unwrap(), findings);
}

#[test]
fn json_reads_back_and_matches_its_schema() {
    let text = written("json", &Context::default());
    assert!(text.ends_with("}\n"));
    assert_eq!(serde_json::from_str::<Findings>(&text).unwrap(), sample());
    let schema = schema::findings();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    matches(&value, &schema, &schema, "$");
}

/// The part of JSON Schema that the derived one uses: references, alternatives, types, enumerations, members.
fn matches(value: &serde_json::Value, schema: &serde_json::Value, root: &serde_json::Value, path: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        return matches(value, root.pointer(name.trim_start_matches('#')).unwrap(), root, path);
    }
    if schema["anyOf"].is_array() && value.is_null() {
        return;
    }
    if let Some(kinds) = schema.get("type") {
        let kind = match value {
            serde_json::Value::Null => "null",
            serde_json::Value::Bool(_) => "boolean",
            serde_json::Value::Number(n) if n.is_u64() => "integer",
            serde_json::Value::Number(_) => "number",
            serde_json::Value::String(_) => "string",
            serde_json::Value::Array(_) => "array",
            serde_json::Value::Object(_) => "object",
        };
        let allowed = kinds.to_string();
        assert!(
            allowed.contains(kind) || (kind == "integer" && allowed.contains("number")),
            "{path}: {kind} {allowed}"
        );
    }
    for key in schema["required"].as_array().into_iter().flatten() {
        assert!(value.get(key.as_str().unwrap()).is_some(), "{path}: {key} is absent");
    }
    if let (Some(members), Some(known)) = (value.as_object(), schema["properties"].as_object()) {
        for (key, member) in members {
            let inner = known
                .get(key)
                .unwrap_or_else(|| panic!("{path}.{key} is not in the schema"));
            matches(member, inner, root, &format!("{path}.{key}"));
        }
    }
    for (i, item) in value.as_array().into_iter().flatten().enumerate() {
        matches(item, &schema["items"], root, &format!("{path}[{i}]"));
    }
}
