//! SARIF 2.1.0 (OASIS), which code hosts and editors read: a rule a kind of problem, the cell as a logical location.

use std::io::Write;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Context, Format};
use crate::model::{FileLint, Level, TableProblem, problem};
use crate::report::ReportError;

/// What a path segment of a URI may not hold as such (RFC 3986).
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b':');

/// See the module.
pub(super) struct Sarif;

impl Format for Sarif {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn write(&self, files: &[FileLint], _: &Context, out: &mut dyn Write) -> Result<(), ReportError> {
        let results: Vec<Value> = files.iter().flat_map(results).collect();
        let value = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "veedor",
                    "version": env!("CARGO_PKG_VERSION"),
                    "language": "es-MX",
                    "rules": rules(),
                }},
                "artifacts": files.iter().map(|f| json!({ "location": { "uri": uri(&f.path) } })).collect::<Vec<_>>(),
                "results": results,
            }],
        });
        writeln!(out, "{value:#}").map_err(|source| ReportError::Write {
            format: "sarif",
            source,
        })
    }
}

fn rules() -> Vec<Value> {
    problem::ALL
        .iter()
        .map(|kind| {
            json!({
                "id": kind.code,
                "shortDescription": { "text": format!("{}.", kind.title) },
                "help": { "text": kind.remedy },
                "defaultConfiguration": { "level": level(kind.level) },
            })
        })
        .collect()
}

fn results(file: &FileLint) -> Vec<Value> {
    if let Some(why) = &file.unreadable {
        let kind = problem::UNREADABLE;
        let text = format!("{}: {why}", kind.title);
        return vec![result(file, kind.code, kind.level, &text, Vec::new())];
    }
    file.problems
        .iter()
        .map(|p| result(file, &p.code, p.level, &message(p), logical(p)))
        .collect()
}

fn result(file: &FileLint, code: &str, at: Level, text: &str, logical: Vec<Value>) -> Value {
    let mut location = json!({ "physicalLocation": { "artifactLocation": { "uri": uri(&file.path) } } });
    if !logical.is_empty() {
        location["logicalLocations"] = Value::Array(logical);
    }
    let mut value = json!({
        "ruleId": code,
        "level": level(at),
        "message": { "text": text },
        "locations": [location],
    });
    // A kind of another part of the program may have no row in the table yet; its id alone is still valid.
    if let Some(n) = problem::ALL.iter().position(|k| k.code == code) {
        value["ruleIndex"] = json!(n);
    }
    value
}

fn logical(p: &TableProblem) -> Vec<Value> {
    if p.sheet.is_empty() {
        return Vec::new();
    }
    let name = if p.cell.is_empty() { &p.sheet } else { &p.cell };
    let full = if p.cell.is_empty() {
        p.sheet.clone()
    } else {
        format!("'{}'!{}", p.sheet, p.cell)
    };
    vec![json!({ "name": name, "fullyQualifiedName": full, "kind": "element" })]
}

/// Place, what is wrong, what was seen and expected: all in the text, because many viewers show nothing else.
fn message(p: &TableProblem) -> String {
    let mut out = String::new();
    if !p.cell.is_empty() {
        out = format!("{}: ", p.cell);
    }
    out.push_str(&p.message);
    if !p.actual.is_empty() {
        out = format!("{out} Se vio: «{}».", p.actual);
    }
    if !p.expected.is_empty() {
        out = format!("{out} Se espera: {}.", p.expected);
    }
    format!("{out} {}", p.remedy).trim_end().to_owned()
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

/// A path as a URI reference: relative ones stay so.
fn uri(path: &str) -> String {
    let slashed = path.replace('\\', "/");
    let escaped = utf8_percent_encode(&slashed, ESCAPED).to_string();
    if slashed.starts_with('/') {
        format!("file://{escaped}")
    } else if slashed.as_bytes().get(1) == Some(&b':') {
        format!("file:///{}", escaped.replacen("%3A", ":", 1))
    } else {
        escaped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references_that_parse() {
        assert_eq!(uri("carpeta/Año 1.xlsx"), "carpeta/A%C3%B1o%201.xlsx");
        assert_eq!(uri("a:b.xlsx"), "file:///a:b.xlsx");
        assert_eq!(uri("/datos/x#1.xlsx"), "file:///datos/x%231.xlsx");
        assert_eq!(uri(r"C:\datos\x.xlsx"), "file:///C:/datos/x.xlsx");
        assert_eq!(uri("r%C3.xlsx"), "r%25C3.xlsx");
    }
}
