//! What several test files need.

#![allow(dead_code, reason = "each test file uses its own part of this module")]

pub(crate) mod made;

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The project's root folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of material that is read beside the project and never copied into it: `VEEDOR_SHARED`, else `../shared`.
///
/// Absent, the test says that it was skipped; with `VEEDOR_REQUIRE_SHARED=1` (as in `.ci/run`) its absence is a failure.
pub(crate) fn shared(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("VEEDOR_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    if folder.join("portals").is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("VEEDOR_REQUIRE_SHARED").is_none_or(|v| v.is_empty()),
        "{test}: {} is absent, and VEEDOR_REQUIRE_SHARED asks for it",
        folder.display()
    );
    // Straight to the terminal: the test harness would swallow what a passing test prints.
    let _ = writeln!(std::io::stderr(), "{test}: skipped, {} is absent", folder.display());
    None
}

/// All files under a folder, sorted.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
