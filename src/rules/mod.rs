//! Rules are data: YAML written by lawyers → valid packs. Every problem of every file is told at once, with its place and the
//! remedy. Knows no pages and no network.
//!
//! ```text
//! rules/*.yaml ─► tree (with places) ─► fields (closed, typed) ─► Pack · Lexicon · Format ─► lint across packs ─► Library
//! ```
//!
//! The formats that come with the program are read when they are first asked for: most commands need none.

mod catalogue;
mod diagnostic;
mod fields;
mod format;
mod lexicon;
mod lint;
mod pack;
mod schema;
mod tree;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use include_dir::{Dir, include_dir};
use thiserror::Error;

use crate::files;
use crate::model::{Format, Pack};

use catalogue::Catalogues;
pub use diagnostic::{Diagnostic, Severity};
pub use format::kind_name;
pub use lexicon::Lexicon;
pub use schema::schema;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// Where the embedded formats are.
const FORMATS: &str = "rules/formats/";

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

/// The packs, the formats and the lexicon in use.
#[derive(Debug, Clone, Default)]
pub struct Library {
    packs: Vec<Pack>,
    lexicon: Lexicon,
    /// Filled when first asked for, unless files of the user have formats.
    formats: OnceLock<Vec<Format>>,
}

impl Library {
    /// The rules that come with the program.
    pub fn embedded() -> Result<Self, RulesError> {
        Self::load(&[])
    }

    /// The rules that come with the program, with those of files or folders added; a pack or format of the same id replaces.
    pub fn load(paths: &[PathBuf]) -> Result<Self, RulesError> {
        let (library, found) = read(paths, Formats::WhenAskedFor)?;
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

    /// All formats, by id.
    #[must_use]
    pub fn formats(&self) -> &[Format] {
        self.formats.get_or_init(|| {
            let mut files = embedded();
            files.retain(|f| f.name.starts_with(FORMATS));
            // Those that come with the program have no problems: a test holds it.
            let mut found = Vec::new();
            let parsed = parse(&files, &mut found);
            read_formats(&parsed, &self.packs, &mut found)
        })
    }

    /// A format by its id.
    #[must_use]
    pub fn format(&self, id: &str) -> Option<&Format> {
        let formats = self.formats();
        let at = formats.binary_search_by(|f| f.id.as_str().cmp(id)).ok()?;
        formats.get(at)
    }

    /// The formats of an obligation: those that name it or one that it continues, directly or through others.
    #[must_use]
    pub fn formats_of(&self, pack: &str, obligation: &str) -> Vec<&Format> {
        let mut line: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut waiting = vec![(pack, obligation)];
        while let Some((pack, id)) = waiting.pop() {
            if !line.insert((pack, id)) {
                continue;
            }
            let own = self.packs.iter().filter(|p| p.id == pack).flat_map(|p| &p.obligations);
            let before = own.filter(|o| o.id == id).flat_map(|o| &o.continues);
            waiting.extend(before.map(|l| (l.pack.as_str(), l.id.as_str())));
        }
        self.formats()
            .iter()
            .filter(|f| {
                f.obligations
                    .iter()
                    .any(|o| line.contains(&(o.pack.as_str(), o.id.as_str())))
            })
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
    Ok(read(paths, Formats::Now)?.1)
}

/// When the formats that come with the program are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Formats {
    Now,
    WhenAskedFor,
}

/// A rule file's bytes.
struct File {
    name: String,
    bytes: Vec<u8>,
    /// Whether it comes with the program, so that those of the user replace it.
    embedded: bool,
}

/// A rule file that is YAML.
struct Parsed<'f> {
    file: &'f File,
    text: &'f str,
    root: tree::Node,
    context: fields::Context<'f>,
}

impl Parsed<'_> {
    fn is_of_formats(&self) -> bool {
        let has = |key| self.root.has_key(key);
        (has("formats") || has("catalogues")) && !has("pack") && !has("lexicon")
    }
}

/// The problems of one file by itself, whatever its bytes are.
#[must_use]
pub fn diagnose(name: &str, bytes: &[u8]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Ok(text) = std::str::from_utf8(bytes) else {
        return vec![Diagnostic::whole_file(name, "no está en UTF-8")];
    };
    if let Some(root) = tree::parse(name, text, &mut found) {
        let context = fields::Context::new(name, text);
        if root.has_key("lexicon") {
            lexicon::read(&root, &context, &mut found);
        } else {
            pack::read(&root, &context, bytes, &mut found);
        }
    }
    found
}

/// Reads what comes with the program, then the given files; later packs of the same id replace earlier ones.
fn read(paths: &[PathBuf], when: Formats) -> Result<(Library, Vec<Diagnostic>), RulesError> {
    let mut files = embedded();
    for path in paths {
        collect(path, &mut files)?;
    }
    let mut found = Vec::new();
    let (of_formats, others): (Vec<File>, Vec<File>) = files
        .into_iter()
        .partition(|f| f.embedded && f.name.starts_with(FORMATS));
    let mut parsed = parse(&others, &mut found);
    let mut library = read_packs(&parsed, &mut found);
    if when == Formats::Now || parsed.iter().any(Parsed::is_of_formats) {
        let mut all = parse(&of_formats, &mut found);
        parsed.retain(Parsed::is_of_formats);
        all.extend(parsed);
        library.formats = OnceLock::from(read_formats(&all, &library.packs, &mut found));
    }
    found.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    Ok((library, found))
}

fn parse<'f>(files: &'f [File], found: &mut Vec<Diagnostic>) -> Vec<Parsed<'f>> {
    let mut parsed = Vec::new();
    for file in files {
        let text = match std::str::from_utf8(&file.bytes) {
            Ok(text) => text,
            Err(e) => {
                let why = format!("no está en UTF-8 (byte {})", e.valid_up_to());
                found.push(Diagnostic::whole_file(&file.name, &why));
                continue;
            }
        };
        if let Some(root) = tree::parse(&file.name, text, found) {
            parsed.push(Parsed {
                file,
                text,
                root,
                context: fields::Context::new(&file.name, text),
            });
        }
    }
    parsed
}

fn read_packs(parsed: &[Parsed<'_>], found: &mut Vec<Diagnostic>) -> Library {
    let mut library = Library::default();
    let mut texts = Vec::new();
    for Parsed {
        file,
        text,
        root,
        context,
    } in parsed.iter().filter(|p| !p.is_of_formats())
    {
        if root.has_key("pack") {
            let pack = pack::read(root, context, &file.bytes, found);
            library.packs.retain(|p| p.id != pack.id);
            library.packs.push(pack);
            texts.push((file.name.as_str(), *text));
        } else if root.has_key("lexicon") {
            if let Some(lexicon) = lexicon::read(root, context, found) {
                library.lexicon = lexicon;
            }
        } else {
            found.push(
                Diagnostic::whole_file(&file.name, "no es un paquete, un léxico, formatos ni catálogos")
                    .with_help("El archivo debe tener la clave «pack:», «lexicon:», «formats:» o «catalogues:»."),
            );
        }
    }
    library.packs.sort_by(|a, b| a.id.cmp(&b.id));
    lint::across(&library.packs, &texts, found);
    library
}

/// Formats of parsed files, by id; those of the user replace those that come with the program.
fn read_formats(parsed: &[Parsed<'_>], packs: &[Pack], found: &mut Vec<Diagnostic>) -> Vec<Format> {
    let mut catalogues = Catalogues::default();
    for p in parsed.iter().filter(|p| p.root.has_key("catalogues")) {
        catalogues.read(&p.root, &p.context, !p.file.embedded, found);
    }
    let known = format::Known {
        packs,
        catalogues: &catalogues,
    };
    let mut formats: Vec<(Format, bool)> = Vec::new();
    let others = parsed.iter().filter(|p| !p.root.has_key("catalogues"));
    for p in others {
        for (format, at) in format::read(&p.root, &p.context, known, found) {
            match formats.iter_mut().find(|(f, _)| f.id == format.id) {
                Some(earlier) if earlier.1 && !p.file.embedded => *earlier = (format, false),
                Some(_) => found.push(p.context.error(
                    at,
                    format!("el formato «{}» está repetido", format.id),
                    "Cada id aparece una sola vez.".to_owned(),
                )),
                None => formats.push((format, p.file.embedded)),
            }
        }
    }
    catalogues.tell_unused(found);
    let mut formats: Vec<Format> = formats.into_iter().map(|(f, _)| f).collect();
    formats.sort_by(|a, b| a.id.cmp(&b.id));
    formats
}

/// The files that come with the program, by name.
fn embedded() -> Vec<File> {
    let mut files = Vec::new();
    collect_embedded(&EMBEDDED, &mut files);
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

fn collect_embedded(dir: &Dir<'_>, files: &mut Vec<File>) {
    for file in dir.files() {
        if file.path().extension().is_some_and(|e| e == "yaml") {
            files.push(File {
                name: format!("rules/{}", file.path().display()),
                bytes: file.contents().to_vec(),
                embedded: true,
            });
        }
    }
    for sub in dir.dirs() {
        collect_embedded(sub, files);
    }
}

fn collect(path: &Path, found: &mut Vec<File>) -> Result<(), RulesError> {
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
    found.push(File {
        name: path.display().to_string(),
        bytes: files::read(path, LARGEST).map_err(unreadable)?,
        embedded: false,
    });
    Ok(())
}

#[cfg(test)]
mod tests;
