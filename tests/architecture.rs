//! Holds the layers: which module may name which, and who may touch the network, the clock, the terminal and the disk.
//!
//! It reads the source as text, without comments, strings and test modules, so that a forbidden path fails here before anyone has to
//! notice it in a review.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::path::Path;

use common::{files, root};

/// The layers from the lowest to the highest; a module names those of lower layers only, never a peer.
const LAYERS: &[&[&str]] = &[
    &["model"],
    &["text", "event", "codec"],
    &["roster", "rules"],
    &["crawl", "archive", "extract"],
    &["locate"],
    &["check"],
    &["evaluate"],
    &["compare", "report"],
    &["audit"],
    &["campaign"],
    &["measure"],
    &["cli"],
    &["main"],
];

/// What a module may not name although it stands lower: (module, those that it may name).
const NARROWER: &[(&str, &[&str])] = &[
    ("report", &["model", "text"]),
    ("compare", &["model", "text"]),
    ("extract", &["model", "text", "codec"]),
];

/// Stages that are functions of their input: no network, clock, async or files.
const PURE: &[&str] = &["model", "text", "locate", "check", "evaluate", "compare", "report"];

/// What a pure stage may not name.
const IMPURE: &[&str] = &[
    "std::fs",
    "fs::",
    "std::net::Tcp",
    "std::net::Udp",
    "tokio",
    "reqwest",
    "hyper::",
    "hyper_util",
    "SystemTime",
    "Instant",
    "Zoned::now",
    "Timestamp::now",
    "std::thread",
    "async fn",
    "std::env::",
    "std::process",
];

/// What only one place may name: (words, the path under `src` that may, why).
const OWNED: &[(&[&str], &[&str], &str)] = &[
    (
        &["reqwest"],
        &["crawl/fetch"],
        "one place names the HTTP client, so that every request passes the guard",
    ),
    (
        &[
            "println!",
            "eprintln!",
            "print!(",
            "io::stdout",
            "io::stderr",
            "process::exit",
            "ExitCode",
            "ctrl_c",
        ],
        &["cli", "main.rs"],
        "only cli prints and exits",
    ),
    (
        &["env::var", "env::args", "env::current_dir", "env::home_dir"],
        &["cli"],
        "only cli reads the environment",
    ),
    (
        &["indicatif", "clap::Parser", "clap::Command"],
        &["cli"],
        "only cli knows the terminal",
    ),
];

/// One source file, with what tests, comments and strings hold taken out.
struct Source {
    /// Path under `src`.
    path: String,
    /// Modules from the crate's root to this file's own.
    modules: Vec<String>,
    /// Code.
    code: String,
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    files(&src)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .filter_map(|path| {
            let relative = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
            if relative.split('/').any(|part| part == "tests.rs" || part == "tests") {
                return None;
            }
            let modules: Vec<String> = relative
                .trim_end_matches(".rs")
                .split('/')
                .filter(|part| !matches!(*part, "mod" | "lib"))
                .map(str::to_owned)
                .collect();
            let code = without_tests(&without_words(&std::fs::read_to_string(&path).unwrap()));
            Some(Source {
                path: relative,
                modules,
                code,
            })
        })
        .collect()
}

/// Takes comments and the contents of strings out.
fn without_words(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if rest.starts_with("/*") {
            rest = &rest[rest.find("*/").map_or(rest.len(), |at| at + 2)..];
        } else if let Some(end) = raw_string(rest) {
            rest = &rest[end..];
        } else if c == '"' {
            out.push_str("\"\"");
            rest = &rest[string_end(rest)..];
        } else if let Some(end) = char_literal(rest) {
            rest = &rest[end..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn raw_string(text: &str) -> Option<usize> {
    let hashes = text.strip_prefix('r').or_else(|| text.strip_prefix("br"))?;
    let count = hashes.len() - hashes.trim_start_matches('#').len();
    let body = hashes.trim_start_matches('#').strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(count));
    let start = text.len() - body.len();
    Some(body.find(&close).map_or(text.len(), |at| start + at + close.len()))
}

fn char_literal(text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    if chars.next()?.1 != '\'' {
        return None;
    }
    let (_, first) = chars.next()?;
    if first == '\\' {
        return text[2..]
            .char_indices()
            .skip(1)
            .find(|(_, c)| *c == '\'')
            .map(|(at, _)| at + 3);
    }
    let (at, second) = chars.next()?;
    (second == '\'').then_some(at + 1)
}

/// Takes out what stands under `#[cfg(test)]`: an item with its braces, or up to its semicolon.
fn without_tests(code: &str) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        out.push_str(&rest[..at]);
        let item = &rest[at..];
        let mut depth = 0_usize;
        let end = item.char_indices().find_map(|(at, c)| match c {
            ';' if depth == 0 => Some(at + 1),
            '{' => {
                depth += 1;
                None
            }
            '}' => {
                depth = depth.saturating_sub(1);
                (depth == 0).then_some(at + 1)
            }
            _ => None,
        });
        rest = &item[end.unwrap_or(item.len())..];
    }
    out + rest
}

/// The top-level modules that a file names by `crate::…`, `super::…` that reach the root, or `veedor::…`.
fn named(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for root in ["crate::", "veedor::"] {
        for (at, _) in source.code.match_indices(root) {
            if !source.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                found.extend(heads(&source.code[at + root.len()..]));
            }
        }
    }
    let to_root = "super::".repeat(source.modules.len());
    if !source.modules.is_empty() {
        for (at, _) in source.code.match_indices(&to_root) {
            if !source.code[..at].ends_with("super::") {
                found.extend(heads(&source.code[at + to_root.len()..]));
            }
        }
    }
    found.retain(|name| LAYERS.iter().flat_map(|l| l.iter()).any(|known| known == name));
    found.sort();
    found.dedup();
    found
}

/// The first names of a path or of a braced group of paths.
fn heads(path: &str) -> Vec<String> {
    let Some(group) = path.strip_prefix('{') else {
        return vec![path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()];
    };
    let mut depth = 0_i32;
    let mut names = vec![String::new()];
    let mut at_head = true;
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(String::new());
                at_head = true;
            }
            ':' => at_head = false,
            c if at_head && depth == 0 && (c.is_alphanumeric() || c == '_') => names.last_mut().unwrap().push(c),
            _ => {}
        }
    }
    names
}

fn layer(module: &str) -> usize {
    LAYERS
        .iter()
        .position(|layer| layer.contains(&module))
        .unwrap_or_else(|| panic!("module `{module}` stands in no layer; add it to LAYERS in tests/architecture.rs"))
}

#[test]
fn modules_name_only_lower_layers() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(module) = source.modules.first() else { continue };
        for name in named(&source).iter().filter(|name| *name != module) {
            let narrowed = NARROWER.iter().find(|(narrow, _)| narrow == module);
            if layer(name) >= layer(module) || narrowed.is_some_and(|(_, may)| !may.contains(&name.as_str())) {
                wrong.push(format!("src/{}: `{module}` names `{name}`", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "against the layers:\n{}", wrong.join("\n"));
}

#[test]
fn pure_stages_touch_nothing_outside() {
    let mut wrong = Vec::new();
    for source in sources() {
        if !source.modules.first().is_some_and(|m| PURE.contains(&m.as_str())) {
            continue;
        }
        for word in IMPURE.iter().filter(|word| names_word(&source.code, word)) {
            wrong.push(format!("src/{}: names `{word}`", source.path));
        }
    }
    assert!(
        wrong.is_empty(),
        "a stage that must be a function of its input:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn what_one_place_owns_no_other_names() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (words, places, why) in OWNED {
            if places.iter().any(|place| source.path.starts_with(place)) {
                continue;
            }
            for word in words.iter().filter(|word| names_word(&source.code, word)) {
                wrong.push(format!("src/{}: names `{word}`: {why}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn names_word(code: &str, word: &str) -> bool {
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[test]
fn every_module_says_what_it_owns() {
    let src = root().join("src");
    let silent: Vec<_> = files(&src)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .filter(|path| path.file_name().is_none_or(|name| name != "tests.rs"))
        .filter(|path| !std::fs::read_to_string(path).unwrap().starts_with("//!"))
        .collect();
    assert!(silent.is_empty(), "without `//!` at the top: {silent:?}");
}

/// Files of the project that people wrote, as (path from the root, text).
fn project_texts() -> Vec<(String, String)> {
    [
        "src",
        "tests",
        "rules",
        "reports",
        "fixtures",
        "benches",
        "fuzz/src",
        "fuzz/fuzz_targets",
        ".ci",
        ".cargo",
    ]
    .iter()
    .flat_map(|folder| files(&root().join(folder)))
    .chain(["Cargo.toml", "README.md", "README.es.md", "CHANGELOG.md", "deny.toml"].map(|f| root().join(f)))
    .filter_map(|path| {
        let text = String::from_utf8_lossy(&std::fs::read(&path).ok()?).into_owned();
        Some((path.strip_prefix(root()).unwrap().to_string_lossy().into_owned(), text))
    })
    .collect()
}

#[test]
fn no_file_names_a_path_of_a_machine() {
    let marks = [
        ["/wo", "rk/"],
        ["/ro", "ot/"],
        ["/Us", "ers/"],
        ["/bash", "_jobs"],
        ["C:\\Us", "ers"],
    ]
    .map(|p| p.concat());
    let wrong: Vec<_> = project_texts()
        .iter()
        .flat_map(|(path, text)| {
            marks
                .iter()
                .filter(|mark| text.contains(*mark))
                .map(move |m| format!("{path}: {m}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_names_a_labelled_portal() {
    let Some(shared) = common::shared("nothing_names_a_labelled_portal") else {
        return;
    };
    let names: Vec<String> = std::fs::read_dir(shared.join("portals"))
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| {
            Some(
                entry
                    .file_name()
                    .to_string_lossy()
                    .rsplit_once('-')?
                    .0
                    .replace('-', " "),
            )
        })
        .collect();
    assert!(!names.is_empty());
    let mut wrong = Vec::new();
    for (path, text) in project_texts() {
        let words = format!(" {} ", plain(&text));
        for name in names.iter().filter(|name| words.contains(&format!(" {name} "))) {
            wrong.push(format!("{path}: names `{name}`"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Lower case, accents off, everything but letters and digits one space.
fn plain(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let folded: String = text
        .nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_reader_of_source_sees_through_comments_strings_and_groups() {
    let code = without_tests(&without_words(
        "// crate::cli\nuse crate::{model::{A, B}, text};\nlet s = \"crate::audit \\\" crate::cli\"; let c = '\"'; \
         let r = r#\"crate::x\"#;\n#[cfg(test)]\nmod tests { use crate::cli; fn f() { } }\nfn g() { crate::event::h() }",
    ));
    let source = Source {
        path: "check/a.rs".into(),
        modules: vec!["check".into(), "a".into()],
        code,
    };
    assert_eq!(named(&source), ["event", "model", "text"]);
    let up = Source {
        path: "x".into(),
        modules: vec!["check".into(), "a".into()],
        code: "use super::super::cli;".into(),
    };
    assert_eq!(named(&up), ["cli"]);
    assert!(Path::new("src").is_relative());
}
