//! Small portals and the verdicts that a careful verifier gives of them: one file a portal in `tests/verdicts/`, audited as a folder
//! of local files is.
//!
//! A file begins with lines `packs ID`, `on DATE` (optional) and `expect ID STATUS[|STATUS]…`; then each address: `== /path [TYPE]`
//! with its body below, `== /path = FILE` for a file of the project, `== /path 404` for one that does not exist.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use common::root;
use veedor::archive::from_table;
use veedor::audit::{Judging, import_case, judge, subject_of};
use veedor::event::Silent;
use veedor::extract::isolate::Readers;
use veedor::model::Findings;
use veedor::report::Context;
use veedor::rules::Library;
use veedor::text::url::normalize;

/// A small portal.
#[derive(Default)]
struct Portal {
    packs: Vec<String>,
    on: String,
    expected: Vec<(String, Vec<String>)>,
    pages: Vec<(String, String, Vec<u8>)>,
}

fn read(text: &str) -> Portal {
    let mut portal = Portal {
        packs: vec!["mx-lgtaip-2025".to_owned()],
        on: "2026-11-01".to_owned(),
        ..Portal::default()
    };
    for line in text.lines() {
        if let Some(head) = line.strip_prefix("== ") {
            let words: Vec<&str> = head.split_whitespace().collect();
            let (path, rest) = (words[0].to_owned(), &words[1..]);
            let (kind, body) = match rest {
                ["404"] => ("404".to_owned(), Vec::new()),
                ["=", file] => (String::new(), std::fs::read(root().join(file)).unwrap()),
                [kind] => ((*kind).to_owned(), Vec::new()),
                _ => ("text/html; charset=utf-8".to_owned(), Vec::new()),
            };
            portal.pages.push((path, kind, body));
        } else if let Some((_, _, body)) = portal.pages.last_mut() {
            body.extend_from_slice(line.as_bytes());
            body.push(b'\n');
        } else if let Some(rest) = line.strip_prefix("expect ") {
            let (id, statuses) = rest.trim().split_once(' ').unwrap();
            let statuses = statuses.trim().split('|').map(str::to_owned).collect();
            portal.expected.push((id.to_owned(), statuses));
        } else if let Some(id) = line.strip_prefix("packs ") {
            portal.packs = vec![id.trim().to_owned()];
        } else if let Some(date) = line.strip_prefix("on ") {
            date.trim().clone_into(&mut portal.on);
        }
    }
    portal
}

fn findings(portal: &Portal, dir: &Path) -> Findings {
    let mut table = "url_path\tfile\tstatus\tcontent_type\n".to_owned();
    for (n, (path, kind, body)) in portal.pages.iter().enumerate() {
        if kind == "404" {
            continue;
        }
        let file = format!("{n}.bin");
        std::fs::write(dir.join(&file), body).unwrap();
        writeln!(table, "{path}\t{file}\t200\t{kind}").unwrap();
    }
    let tsv = dir.join("urls.tsv");
    std::fs::write(&tsv, table).unwrap();
    let base = normalize("https://municipio.example/").unwrap();
    let imported = from_table(&tsv, &base, "2026-11-01T00:00:00Z").unwrap();
    let case = import_case(&imported, &base, &subject_of(&base), &dir.join("out")).unwrap();
    let judging = Judging {
        packs: portal.packs.clone(),
        on: Some(portal.on.clone()),
        formats: Vec::new(),
        context: Context::default(),
        readers: Readers::in_process(),
    };
    let listener: Arc<dyn veedor::event::Listener> = Arc::new(Silent);
    judge(&case, &Library::embedded().unwrap(), &judging, &listener)
        .unwrap()
        .findings
}

#[test]
fn small_portals_are_judged_as_a_verifier_would() {
    let mut wrong = String::new();
    let mut files: Vec<_> = std::fs::read_dir(root().join("tests/verdicts"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let portal = read(&std::fs::read_to_string(&file).unwrap());
        assert!(!portal.expected.is_empty(), "{}", file.display());
        let dir = tempfile::tempdir().unwrap();
        let found = findings(&portal, dir.path());
        for (id, statuses) in &portal.expected {
            let full = format!("{}:{id}", portal.packs[0]);
            let own = found.obligations.iter().find(|o| o.id == full).unwrap();
            if !statuses.iter().any(|s| s == own.status.as_str()) {
                writeln!(
                    wrong,
                    "{}: {id} is {}, expected {}: {}",
                    file.file_name().unwrap().to_string_lossy(),
                    own.status.as_str(),
                    statuses.join(" or "),
                    own.reason
                )
                .unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
