//! `veedor lint`: tables checked before they are uploaded.
//!
//! ```text
//! paths ─► files (folders walked) ─► Document, entries of archives too ─► Layout ─► FileLint ─► report
//!                                   (workers; as many files at once as there are processors)
//! ```

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use url::Url;

use super::args::{Common, FailOn, LangArg, LintArgs};
use super::settings::{date, report_lang};
use super::tell::{Failure, WRONG};
use super::{documents, say, tell};
use crate::check::table::{self, Asked, Layout, Placement};
use crate::extract::isolate::Readers;
use crate::extract::{Limits, Source};
use crate::files;
use crate::locate::{Phrases, Recogniser};
use crate::model::{Document, ExtractionState, Fault, FileLint, Format, Level, TableProblem};
use crate::report::lint as report;
use crate::rules::Library;

/// Extensions of what a folder is searched for.
const TABLES: &[&str] = &["xlsx", "xlsm", "xls", "xlsb", "ods", "csv", "tsv", "zip"];
/// Largest file that is read, in bytes.
const LARGEST: u64 = 128 << 20;
/// Folders inside folders that are walked.
const DEPTH: usize = 64;

/// Runs it; 1 when something is at the level asked for or above.
pub(super) fn run(args: &LintArgs, library: &Library, common: &Common) -> Result<u8, Failure> {
    let lang = common.lang;
    let format = report::by_name(&args.format).ok_or_else(|| unknown_report(&args.format, lang))?;
    let named = args
        .format_id
        .as_deref()
        .map(|id| named(library, id, lang))
        .transpose()?;
    let on = match &args.on {
        Some(text) => date(text, lang)?,
        None => jiff::Zoned::now().date(),
    };
    let phrases = Phrases::of(library.lexicon());
    let asked = Asked {
        on: Some(on),
        subject_name: args.subject.as_deref(),
        phrases: &phrases,
    };
    let paths = files(&args.files, lang)?;
    let layouts = Layouts {
        named,
        formats: library.formats(),
        recogniser: Recogniser::new(library.formats()),
    };
    let checked = all(&paths, &layouts, &asked);
    if checked.is_empty() {
        return Err(nothing(lang));
    }
    let context = report::Context {
        lang: report_lang(lang),
        fail_on: match args.fail_on {
            FailOn::Error => Level::Error,
            FailOn::Warning => Level::Warning,
        },
    };
    let mut bytes = Vec::new();
    format.write(&checked, &context, &mut bytes).map_err(|e| {
        Failure::new(
            lang,
            tell::UNFINISHED,
            &format!("no se pudo escribir el informe: {e}"),
            &format!("the report could not be written: {e}"),
        )
    })?;
    say(&String::from_utf8_lossy(&bytes));
    Ok(u8::from(checked.iter().any(|f| report::fails(f, context.fail_on))))
}

/// A file to check.
struct Found {
    path: PathBuf,
    /// Whether it was named, and not met in a folder.
    named: bool,
}

/// What all files give, in their order, as many at once as there are processors.
fn all(files: &[Found], layouts: &Layouts<'_>, asked: &Asked<'_>) -> Vec<FileLint> {
    let readers = documents::readers();
    let slots: Vec<OnceLock<Vec<FileLint>>> = files.iter().map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..documents::processors().min(files.len()) {
            scope.spawn(|| {
                while let Some((file, slot)) = files.iter().zip(&slots).nth(next.fetch_add(1, Ordering::Relaxed)) {
                    let checked = catch_unwind(AssertUnwindSafe(|| one(file, &readers, layouts, asked)));
                    let _ = slot.set(checked.unwrap_or_else(|_| crashed(&file.path)));
                }
            });
        }
    });
    let checked = slots.into_iter().map(OnceLock::into_inner);
    files
        .iter()
        .zip(checked)
        .flat_map(|(file, checked)| checked.unwrap_or_else(|| crashed(&file.path)))
        .collect()
}

fn crashed(path: &Path) -> Vec<FileLint> {
    vec![table::unreadable(&path.to_string_lossy(), Fault::Crashed.spanish())]
}

/// One file, or the tables of an archive; whatever is wrong with it is told of it and stops no other.
fn one(file: &Found, readers: &Readers, layouts: &Layouts<'_>, asked: &Asked<'_>) -> Vec<FileLint> {
    let name = file.path.to_string_lossy();
    let document = match document(&file.path, readers) {
        Ok(document) => document,
        Err(why) => return vec![table::unreadable(&name, why)],
    };
    if document.entries.is_empty() {
        return vec![layouts.lint(&name, &document, asked)];
    }
    let mut out = Vec::new();
    inside(&name, &document, layouts, asked, &mut out);
    if out.is_empty() && file.named {
        out.push(table::unreadable(
            &name,
            "no trae libros de cálculo ni tablas".to_owned(),
        ));
    }
    out
}

/// Tables of an archive, named `archivo.zip!libro.xlsx`, and of those in it.
fn inside(name: &str, archive: &Document, layouts: &Layouts<'_>, asked: &Asked<'_>, out: &mut Vec<FileLint>) {
    if let ExtractionState::Partial(_) = &archive.state {
        out.push(FileLint {
            path: name.to_owned(),
            problems: table::of_file(name, archive),
            ..FileLint::default()
        });
    }
    for entry in &archive.entries {
        let Some(document) = &entry.document else { continue };
        let name = format!("{name}!{}", entry.name);
        if !document.entries.is_empty() {
            inside(&name, document, layouts, asked, out);
        } else if is_table(Path::new(&entry.name)) || document.workbook.is_some() && document.kind.is_workbook() {
            out.push(layouts.lint(&name, document, asked));
        }
    }
}

/// Reads a file: the one place where strangers' bytes are opened here.
fn document(path: &Path, readers: &Readers) -> Result<Document, String> {
    let size = std::fs::metadata(path).map_err(|e| tell::cause(&e).0)?.len();
    if size > LARGEST {
        let fault = Fault::TooLarge {
            what: "bytes".to_owned(),
            found: size,
            limit: LARGEST,
        };
        return Err(fault.spanish());
    }
    let bytes = files::read(path, LARGEST).map_err(|e| tell::cause(&e).0)?;
    let url = address(path).ok_or_else(|| "su nombre no se puede usar".to_owned())?;
    let source = Source {
        url: &url,
        loaded_by: None,
        content_type: None,
        headers: &[],
    };
    Ok(readers.extract(&source, &bytes, &Limits::default()))
}

/// An address with the file's own name: kinds of documents are told apart by its ending when their bytes leave a tie.
fn address(path: &Path) -> Option<Url> {
    let mut url = Url::parse("file:///").ok()?;
    url.set_path(&path.file_name()?.to_string_lossy());
    Some(url)
}

/// How the layout of each file is found: the one named, else the one that its columns are recognised by, else what a template
/// says of itself.
struct Layouts<'a> {
    named: Option<&'a Format>,
    formats: &'a [Format],
    recogniser: Recogniser,
}

impl<'a> Layouts<'a> {
    /// Checks a document against its layout; that it is another's than it claims is told first.
    fn lint(&self, name: &str, document: &Document, asked: &Asked<'_>) -> FileLint {
        let (layout, claim) = self.of(document);
        let mut file = table::lint(name, document, layout.as_ref(), self.named.is_some(), asked);
        file.problems.splice(0..0, claim);
        file
    }

    fn of(&self, document: &Document) -> (Option<Layout<'a>>, Option<TableProblem>) {
        let Some(workbook) = &document.workbook else {
            return (None, None);
        };
        let found = self.recogniser.recognise(workbook);
        if let Some(format) = self.named {
            let claim = found.and_then(|found| table::other_format(&found, self.formats, format));
            return (table::place_in(workbook, format), claim);
        }
        let Some(found) = found else {
            return (table::own_layout(workbook), None);
        };
        let claim = table::other_title(workbook, &found, self.formats, &self.recogniser);
        let layout = Layout::official(&self.formats[found.format], Placement::from(&found), found.confidence);
        (Some(layout), claim)
    }
}

fn named<'a>(library: &'a Library, id: &str, lang: LangArg) -> Result<&'a Format, Failure> {
    library.format(id).ok_or_else(|| {
        Failure::new(
            lang,
            WRONG,
            &format!("no hay un formato «{id}»; «veedor rules list formats» los enumera."),
            &format!("there is no format '{id}'; 'veedor rules list formats' names them."),
        )
    })
}

fn unknown_report(name: &str, lang: LangArg) -> Failure {
    let known = report::FORMATS.iter().map(|f| f.name()).collect::<Vec<_>>().join(", ");
    Failure::new(
        lang,
        WRONG,
        &format!("no hay un formato de informe «{name}»; hay: {known}"),
        &format!("there is no report format '{name}'; there are: {known}"),
    )
}

/// The files to check, each once: those named, in the order given, and those of folders, sorted. All that do not exist are
/// told at once.
fn files(paths: &[PathBuf], lang: LangArg) -> Result<Vec<Found>, Failure> {
    let absent: Vec<String> = paths
        .iter()
        .filter(|p| !p.exists())
        .map(|p| p.display().to_string())
        .collect();
    if !absent.is_empty() {
        let list = absent.join(", ");
        return Err(Failure::new(
            lang,
            WRONG,
            &format!("no existe: {list}"),
            &format!("does not exist: {list}"),
        ));
    }
    let mut out = Vec::new();
    for path in paths {
        let mut met = Vec::new();
        let named = !path.is_dir();
        if named {
            met.push(path.clone());
        } else {
            walk(path, DEPTH, &mut met).map_err(|(at, e)| tell::io(&at, &e, lang))?;
        }
        out.extend(met.into_iter().map(|path| Found { path, named }));
    }
    let mut seen = BTreeSet::new();
    out.retain(|file| seen.insert(file.path.clone()));
    Ok(out)
}

fn nothing(lang: LangArg) -> Failure {
    Failure::new(
        lang,
        WRONG,
        &format!("no hay libros ni tablas que revisar ({})", TABLES.join(", ")),
        &format!("there are no workbooks or tables to check ({})", TABLES.join(", ")),
    )
}

/// Tables of a folder and of the folders inside it, sorted; what a spreadsheet program left open (`~$…`) is none, and
/// links are not followed.
fn walk(folder: &Path, depth: usize, out: &mut Vec<PathBuf>) -> Result<(), (PathBuf, std::io::Error)> {
    let failed = |e| (folder.to_path_buf(), e);
    let mut entries = std::fs::read_dir(folder)
        .map_err(failed)?
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() && depth > 0 {
            walk(&path, depth - 1, out)?;
        } else if kind.is_file() && is_table(&path) {
            out.push(path);
        }
    }
    Ok(())
}

fn is_table(path: &Path) -> bool {
    let temporary = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("~$"));
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    !temporary && extension.is_some_and(|e| TABLES.contains(&e.as_str()))
}
