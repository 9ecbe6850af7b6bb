//! The documents of the made-up portals are what their list asks for, and all that is listed is there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
#[path = "../examples/fixtures/generate/mod.rs"]
mod generate;

use std::collections::BTreeSet;
use std::process::Command;

use common::{files, root};

/// Most bytes of all made-up portals: they travel in the program.
const MOST: usize = 1 << 20;

#[test]
fn documents_are_as_the_generator_writes_them() {
    let fixtures = root().join("fixtures");
    for (file, bytes) in generate::documents(&fixtures).unwrap() {
        let found = std::fs::read(fixtures.join(&file)).unwrap_or_default();
        assert!(found == bytes, "{file} differs: run `cargo run --example fixtures`");
    }
}

/// Exit code of `veedor lint` of a portal's files, on the day of the demonstration.
fn linted(portal: &str) -> Option<i32> {
    let site = root().join("fixtures").join(portal).join("site");
    let mut command = Command::new(env!("CARGO_BIN_EXE_veedor"));
    let output = command
        .args(["lint", "--on", "2024-11-15", "--fail-on", "error"])
        .arg(site)
        .output();
    output.unwrap().status.code()
}

#[test]
fn only_the_exemplary_portal_has_no_error_in_its_tables() {
    assert_eq!(linted("ejemplar"), Some(0));
    assert_eq!(linted("intermedio"), Some(1));
}

#[test]
fn every_file_is_served_and_everything_served_is_a_file() {
    let fixtures = root().join("fixtures");
    for name in ["ejemplar", "intermedio", "pobre"] {
        let folder = fixtures.join(name);
        let urls = std::fs::read_to_string(folder.join("urls.tsv")).unwrap();
        let served: BTreeSet<String> = urls
            .lines()
            .skip(1)
            .filter_map(|line| line.split('\t').nth(1))
            .filter(|file| !file.is_empty())
            .map(str::to_owned)
            .collect();
        let there: BTreeSet<String> = files(&folder.join("site"))
            .iter()
            .map(|path| path.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/"))
            .collect();
        assert_eq!(served, there);
    }
    let size: usize = files(&fixtures)
        .iter()
        .map(|path| std::fs::read(path).unwrap().len())
        .sum();
    assert!(size < MOST, "{size} bytes");
}
