//! Rules are data: YAML written by lawyers → valid packs. Every problem of every file is told at once, with its place and the
//! remedy. Knows no pages and no network.
//!
//! ```text
//! rules/*.yaml ─► tree (with places) ─► fields (closed, typed) ─► Pack · Lexicon ─► lint across packs ─► Library
//! ```

mod diagnostic;
mod fields;
mod lexicon;
mod lint;
mod pack;
mod schema;
mod tree;

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use thiserror::Error;

use crate::files;
use crate::model::Pack;

pub use diagnostic::{Diagnostic, Severity};
pub use lexicon::Lexicon;
pub use schema::schema;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// Largest rule file, in bytes.
const LARGEST: u64 = 8 << 20;

/// Why rules cannot be used.
#[derive(Debug, Error)]
pub enum RulesError {
    /// Files have errors; all of them.
    #[error("{} problems in the rules", .0.len())]
    Invalid(Vec<Diagnostic>),
    /// A file cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// File or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// No pack has this id.
    #[error("there is no pack '{id}'; there are: {known}")]
    UnknownPack {
        /// Asked for.
        id: String,
        /// Ids there are.
        known: String,
    },
}

/// The packs and the lexicon in use.
#[derive(Debug, Clone)]
pub struct Library {
    packs: Vec<Pack>,
    lexicon: Lexicon,
}

impl Library {
    /// The rules that come with the program.
    pub fn embedded() -> Result<Self, RulesError> {
        Self::load(&[])
    }

    /// The rules that come with the program, with those of files or folders added; a pack of the same id replaces.
    pub fn load(paths: &[PathBuf]) -> Result<Self, RulesError> {
        let (library, found) = read(paths)?;
        let errors: Vec<Diagnostic> = found.into_iter().filter(|d| d.severity == Severity::Error).collect();
        if errors.is_empty() {
            Ok(library)
        } else {
            Err(RulesError::Invalid(errors))
        }
    }

    /// All packs, by id.
    #[must_use]
    pub fn packs(&self) -> &[Pack] {
        &self.packs
    }

    /// A pack by its id.
    pub fn pack(&self, id: &str) -> Result<&Pack, RulesError> {
        self.packs
            .iter()
            .find(|p| p.id == id)
            .ok_or_else(|| RulesError::UnknownPack {
                id: id.to_owned(),
                known: self.packs.iter().map(|p| p.id.as_str()).collect::<Vec<_>>().join(", "),
            })
    }

    /// Packs whose law is in force on an ISO 8601 date.
    #[must_use]
    pub fn in_force(&self, date: &str) -> Vec<&Pack> {
        self.packs
            .iter()
            .filter(|p| p.in_force_from.as_str() <= date && p.in_force_to.as_deref().is_none_or(|to| date <= to))
            .collect()
    }

    /// Words of the language of portals.
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }
}

/// All problems of the rules in use, warnings too.
pub fn lint(paths: &[PathBuf]) -> Result<Vec<Diagnostic>, RulesError> {
    Ok(read(paths)?.1)
}

/// Reads what comes with the program, then the given files; later packs of the same id replace earlier ones.
fn read(paths: &[PathBuf]) -> Result<(Library, Vec<Diagnostic>), RulesError> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    collect_embedded(&EMBEDDED, &mut files);
    for path in paths {
        collect(path, &mut files)?;
    }
    let mut found = Vec::new();
    let mut library = Library {
        packs: Vec::new(),
        lexicon: Lexicon::default(),
    };
    let mut texts = Vec::new();
    for (name, bytes) in &files {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(e) => {
                found.push(Diagnostic::whole_file(
                    name,
                    &format!("no está en UTF-8 (byte {})", e.valid_up_to()),
                ));
                continue;
            }
        };
        let Some(root) = tree::parse(name, text, &mut found) else {
            continue;
        };
        let context = fields::Context::new(name, text);
        if root.has_key("pack") {
            let pack = pack::read(&root, &context, bytes, &mut found);
            library.packs.retain(|p| p.id != pack.id);
            library.packs.push(pack);
            texts.push((name.as_str(), text));
        } else if root.has_key("lexicon") {
            if let Some(lexicon) = lexicon::read(&root, &context, &mut found) {
                library.lexicon = lexicon;
            }
        } else {
            found.push(
                Diagnostic::whole_file(name, "no es un paquete ni un léxico")
                    .with_help("Empiece el archivo con la clave «pack:» o «lexicon:»."),
            );
        }
    }
    library.packs.sort_by(|a, b| a.id.cmp(&b.id));
    lint::across(&library.packs, &texts, &mut found);
    found.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    Ok((library, found))
}

fn collect_embedded(dir: &Dir<'_>, files: &mut Vec<(String, Vec<u8>)>) {
    for file in dir.files() {
        if file.path().extension().is_some_and(|e| e == "yaml") {
            files.push((format!("rules/{}", file.path().display()), file.contents().to_vec()));
        }
    }
    for sub in dir.dirs() {
        collect_embedded(sub, files);
    }
    files.sort();
}

fn collect(path: &Path, found: &mut Vec<(String, Vec<u8>)>) -> Result<(), RulesError> {
    let unreadable = |source| RulesError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let about = std::fs::metadata(path).map_err(unreadable)?;
    if about.is_dir() {
        let mut inside: Vec<PathBuf> = std::fs::read_dir(path)
            .map_err(unreadable)?
            .filter_map(Result::ok)
            // A folder behind a link may be one of those that hold it.
            .filter(|e| {
                let name = e.path();
                let is_rules = name.extension().is_some_and(|x| x == "yaml" || x == "yml");
                e.file_type()
                    .is_ok_and(|t| t.is_dir() || is_rules && !(t.is_symlink() && name.is_dir()))
            })
            .map(|e| e.path())
            .collect();
        inside.sort();
        for file in inside {
            collect(&file, found)?;
        }
        return Ok(());
    }
    found.push((
        path.display().to_string(),
        files::read(path, LARGEST).map_err(unreadable)?,
    ));
    Ok(())
}

#[cfg(test)]
mod tests;
