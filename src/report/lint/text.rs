//! For people at a terminal: by file and sheet, the places, what is wrong, what was seen, how to mend it.

use std::fmt::Write as _;
use std::io::Write;

use super::{Context, Format, Group, counts, groups};
use crate::model::{FileLint, Level};
use crate::report::words::Words;
use crate::report::{ReportError, safe};

/// Places and values shown of a group.
const FEW: usize = 5;
/// Values shown of a group.
const VALUES: usize = 3;

/// See the module.
pub(super) struct Text;

impl Format for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn write(&self, files: &[FileLint], context: &Context, out: &mut dyn Write) -> Result<(), ReportError> {
        let words = Words::of(context.lang)?;
        let mut text = String::new();
        for file in files {
            one(&mut text, file, &words);
        }
        closing(&mut text, files, &words);
        out.write_all(text.as_bytes())
            .map_err(|source| ReportError::Write { format: "text", source })
    }
}

fn one(out: &mut String, file: &FileLint, words: &Words) {
    let _ = writeln!(out, "{}", safe::shown_address(&file.path));
    if let Some(why) = &file.unreadable {
        let told = words.fill("lint.unreadable", &[("why", &safe::line(why))]);
        let _ = writeln!(out, "  {} {told}\n", sign(Level::Error));
        return;
    }
    if let Some(told) = layout(file, words) {
        let _ = writeln!(out, "  {told}");
    }
    if file.problems.is_empty() {
        let _ = writeln!(out, "  ✔ {}", words.get("lint.clean"));
    }
    let mut sheet = "";
    for group in groups(file) {
        if group.first.sheet != sheet && !group.first.sheet.is_empty() {
            let told = words.fill("lint.sheet", &[("name", &safe::line(&group.first.sheet))]);
            let _ = writeln!(out, "  {told}");
        }
        sheet = &group.first.sheet;
        problem(out, &group, words);
    }
    out.push('\n');
}

/// The layout recognised and how many rows it has.
fn layout(file: &FileLint, words: &Words) -> Option<String> {
    let title = safe::line(file.title.as_deref().or(file.format.as_deref())?);
    let rows = file.rows.to_string();
    Some(match &file.format {
        Some(id) => words.fill(
            "lint.layout",
            &[("title", &title), ("id", &safe::line(id)), ("rows", &rows)],
        ),
        None => words.fill("lint.own_layout", &[("title", &title), ("rows", &rows)]),
    })
}

fn problem(out: &mut String, group: &Group<'_>, words: &Words) {
    let first = group.first;
    let mut head = vec![format!("{} {}", sign(first.level), words.code("level", first.level))];
    let places: Vec<&str> = group
        .all
        .iter()
        .map(|p| p.cell.as_str())
        .filter(|c| !c.is_empty())
        .collect();
    if !places.is_empty() {
        head.push(listed(&places, FEW, words));
    }
    if !first.column.is_empty() {
        head.push(format!("«{}»", safe::line(&first.column)));
    }
    let _ = writeln!(out, "    {}  [{}]", head.join(" · "), first.code);
    let mut said = safe::line(&first.message);
    let mut seen: Vec<String> = Vec::new();
    for actual in group
        .all
        .iter()
        .map(|p| safe::line(&p.actual))
        .filter(|a| !a.is_empty())
    {
        if !seen.contains(&actual) && seen.len() <= VALUES {
            seen.push(actual);
        }
    }
    if !seen.is_empty() {
        let more = if seen.len() > VALUES { ", …" } else { "" };
        let values: Vec<String> = seen.iter().take(VALUES).map(|v| format!("«{v}»")).collect();
        let shown = format!("{}{more}", values.join(", "));
        let _ = write!(said, " {}", words.fill("lint.seen", &[("values", &shown)]));
    }
    let _ = writeln!(out, "      {said}");
    let same = group.all.iter().all(|p| p.expected == first.expected);
    if !first.expected.is_empty() && (same || group.all.len() > 1) {
        let key = if same { "lint.expected" } else { "lint.expected_first" };
        let told = words.fill(key, &[("value", &safe::line(&first.expected)), ("cell", &first.cell)]);
        let _ = writeln!(out, "      {told}");
    }
    if !first.remedy.is_empty() {
        let _ = writeln!(out, "      → {}", safe::line(&first.remedy));
    }
}

/// The first places of many.
fn listed(places: &[&str], few: usize, words: &Words) -> String {
    let first = places[..places.len().min(few)].join(", ");
    if places.len() > few {
        let more = (places.len() - few).to_string();
        words.fill("lint.more", &[("places", &safe::line(&first)), ("n", &more)])
    } else {
        safe::line(&first)
    }
}

fn closing(out: &mut String, files: &[FileLint], words: &Words) {
    let [errors, warnings, notes] = counts(files).map(|n| n.to_string());
    let told = words.fill(
        "lint.closing",
        &[
            ("files", &files.len().to_string()),
            ("errors", &errors),
            ("warnings", &warnings),
            ("notes", &notes),
        ],
    );
    let _ = writeln!(out, "{told}");
}

fn sign(level: Level) -> &'static str {
    match level {
        Level::Error => "✘",
        Level::Warning => "!",
        Level::Note => "·",
    }
}
