//! JUnit XML, which build servers read: a suite a file, a case a kind of problem and column; what is below the level asked
//! for is told in a passing case.

use std::fmt::Write as _;
use std::io::Write;

use super::{Context, Format, Group, groups};
use crate::model::{FileLint, Level};
use crate::report::{ReportError, safe};

/// Places listed of a case.
const PLACES: usize = 50;

/// See the module.
pub(super) struct JUnit;

impl Format for JUnit {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn write(&self, files: &[FileLint], context: &Context, out: &mut dyn Write) -> Result<(), ReportError> {
        let mut suites = String::new();
        let (mut tests, mut failures, mut errors) = (0, 0, 0);
        for file in files {
            let found = groups(file);
            let failing = found.iter().filter(|g| g.first.level <= context.fail_on).count();
            let broken = usize::from(file.unreadable.is_some());
            let cases = found.len().max(1);
            tests += cases;
            failures += failing;
            errors += broken;
            let _ = writeln!(
                suites,
                r#"  <testsuite name="{}" tests="{cases}" failures="{failing}" errors="{broken}">"#,
                escaped(&safe::shown_address(&file.path))
            );
            suite(&mut suites, file, &found, context.fail_on);
            suites.push_str("  </testsuite>\n");
        }
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"veedor lint\" tests=\"{tests}\" \
             failures=\"{failures}\" errors=\"{errors}\">\n{suites}</testsuites>\n"
        );
        out.write_all(text.as_bytes()).map_err(|source| ReportError::Write {
            format: "junit",
            source,
        })
    }
}

fn suite(out: &mut String, file: &FileLint, found: &[Group<'_>], fail_on: Level) {
    let class = escaped(file.format.as_deref().unwrap_or("veedor.lint"));
    if let Some(why) = &file.unreadable {
        let why = escaped(why);
        let _ = writeln!(
            out,
            "    <testcase classname=\"{class}\" name=\"unreadable\">\n      <error type=\"unreadable\" message=\"{why}\"/>\n    \
             </testcase>"
        );
    } else if found.is_empty() {
        let _ = writeln!(out, "    <testcase classname=\"{class}\" name=\"lint\"/>");
    }
    for group in found {
        case(out, group, &class, fail_on);
    }
}

fn case(out: &mut String, group: &Group<'_>, class: &str, fail_on: Level) {
    let p = group.first;
    let name = [p.code.as_str(), p.sheet.as_str(), p.column.as_str(), p.cell.as_str()]
        .iter()
        .filter(|part| !part.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(" · ");
    let mut body = String::new();
    for one in group.all.iter().take(PLACES) {
        let place = [one.sheet.as_str(), one.cell.as_str()].join("!");
        let _ = writeln!(body, "{place} {} → {}", one.actual, one.expected);
    }
    if group.all.len() > PLACES {
        let _ = writeln!(body, "… y {} más", group.all.len() - PLACES);
    }
    body.push_str(&p.remedy);
    let body: Vec<String> = body.lines().map(|l| escaped(l.trim())).collect();
    let body = body.join("\n");
    let (name, message, code) = (escaped(&name), escaped(&p.message), escaped(&p.code));
    let inner = if p.level <= fail_on {
        format!("<failure type=\"{code}\" message=\"{message}\">{body}</failure>")
    } else {
        format!("<system-out>{message}\n{body}</system-out>")
    };
    let _ = writeln!(
        out,
        "    <testcase classname=\"{class}\" name=\"{name}\">\n      {inner}\n    </testcase>"
    );
}

/// One line of XML text: nothing that XML 1.0 forbids, nothing that it takes for markup.
fn escaped(text: &str) -> String {
    let clean: String = safe::line(text)
        .chars()
        .map(|c| {
            if matches!(c, '\u{FFFE}' | '\u{FFFF}') {
                '\u{FFFD}'
            } else {
                c
            }
        })
        .collect();
    quick_xml::escape::escape(&clean).into_owned()
}
