//! Every workbook of the given samples and portals gets the right format, or rightly none, from its columns alone.
//!
//! `recognition.tsv` says what a person reads in each file, by its digest: the format, those of the very same columns, and the
//! title printed on the sheet. `docs/formatos-reconocidos.md` shows what came of it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use common::{files, root, shared};
use sha2::{Digest, Sha256};
use veedor::extract::{Limits, Source, extract};
use veedor::locate::{Layout, Recogniser, Recognition};
use veedor::model::{Document, Format, Page, Sheet, Workbook};
use veedor::rules::Library;

/// Rows of the template that say what it is: its number, its titles, the kinds and ids of its columns.
const LABELS: u32 = 5;
/// Digits of a digest that name a file.
const DIGITS: usize = 16;

/// What a person reads in a file.
struct Expected {
    format: String,
    same_columns: Vec<String>,
    title: String,
}

fn expected() -> BTreeMap<String, Expected> {
    let text = std::fs::read_to_string(root().join("tests/recognition.tsv")).unwrap();
    text.lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let same_columns = cells[2].split_whitespace().map(str::to_owned).collect();
            let (format, title) = (cells[1].to_owned(), cells[3].to_owned());
            let row = Expected {
                format,
                same_columns,
                title,
            };
            (cells[0].to_owned(), row)
        })
        .collect()
}

/// The workbooks given, and the pages that spreadsheets were saved to, each once, by digest.
fn given(shared: &Path) -> BTreeMap<String, Workbook> {
    let folders = [shared.join("samples/sipot"), shared.join("portals")];
    let mut all = BTreeMap::new();
    for path in folders.iter().flat_map(|folder| files(folder)) {
        let kind = path
            .extension()
            .and_then(|e| e.to_str())
            .unwrap_or_default()
            .to_lowercase();
        if !["xlsx", "xls", "xlsm", "xlsb", "ods", "csv", "htm"].contains(&kind.as_str()) {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let digest: String = Sha256::digest(&bytes).iter().fold(String::new(), |mut out, b| {
            let _ = write!(out, "{b:02x}");
            out
        });
        if let Entry::Vacant(place) = all.entry(digest[..DIGITS].to_owned()) {
            let url = format!("https://portal.example/documento.{kind}").parse().unwrap();
            let source = Source {
                url: &url,
                loaded_by: None,
                content_type: None,
                headers: &[],
            };
            let document = extract(&source, &bytes, &Limits::default());
            let read = workbook(document).unwrap_or_else(|| panic!("{}.{kind} could not be read", place.key()));
            place.insert(read);
        }
    }
    all
}

fn workbook(document: Document) -> Option<Workbook> {
    document.workbook.or_else(|| document.page.as_ref().map(tables))
}

/// The tables of a page as sheets.
fn tables(page: &Page) -> Workbook {
    let mut sheets = vec![Sheet::default(); page.tables];
    for line in &page.lines {
        let Some(cell) = &line.cell else { continue };
        let (row, column) = (cell.row as usize, cell.column as usize);
        let rows = &mut sheets[cell.table as usize].rows;
        rows.resize(rows.len().max(row + 1), Vec::new());
        let row = &mut rows[row];
        row.resize(row.len().max(column + 1), String::new());
        if !row[column].is_empty() {
            row[column].push(' ');
        }
        row[column].push_str(&line.text);
    }
    Workbook { sheets }
}

/// Takes away what says what a sheet is: the rows of labels, and every title wherever it stands.
fn without_labels(workbook: &Workbook, titles: &BTreeSet<&str>) -> Workbook {
    let mut workbook = workbook.clone();
    for sheet in &mut workbook.sheets {
        let child = sheet.name.to_lowercase().starts_with("tabla") || sheet.name.to_lowercase().starts_with("hidden");
        let first = sheet.origin.0;
        for (n, row) in (first..).zip(&mut sheet.rows) {
            let headers = row.iter().any(|c| c == "Ejercicio");
            let label = n < LABELS && !child || row.iter().any(|c| titles.contains(c.as_str()));
            if label && !headers {
                row.clear();
            }
        }
    }
    workbook
}

fn id(formats: &[Format], found: Option<&Recognition>) -> String {
    found.map_or_else(|| "none".to_owned(), |f| formats[f.format].id.clone())
}

#[test]
fn every_given_workbook_gets_its_format_from_its_columns() {
    let Some(shared) = shared("every_given_workbook_gets_its_format_from_its_columns") else {
        return;
    };
    let library = Library::embedded().unwrap();
    let formats = library.formats();
    let recogniser = Recogniser::new(formats);
    let expected = expected();
    let titles: BTreeSet<&str> = expected
        .values()
        .map(|e| e.title.as_str())
        .filter(|t| !t.is_empty())
        .collect();
    let given = given(&shared);
    let mut wrong = Vec::new();
    let mut rows = Vec::new();
    for (digest, workbook) in &given {
        let Some(row) = expected.get(digest) else {
            wrong.push(format!("{digest} is not in tests/recognition.tsv"));
            continue;
        };
        let whole = recogniser.recognise(workbook);
        if id(formats, whole.as_ref()) != row.format {
            wrong.push(format!(
                "{digest}: {} with its titles, not {}",
                id(formats, whole.as_ref()),
                row.format
            ));
        }
        let bare = recogniser.recognise(&without_labels(workbook, &titles));
        let told = id(formats, bare.as_ref());
        let mut may = vec![row.format.clone()];
        may.extend(row.same_columns.iter().cloned());
        let tied: Vec<&String> = bare.iter().flat_map(|b| &b.tied).map(|t| &formats[*t].id).collect();
        if !may.contains(&told) || tied.len() != row.same_columns.len() || tied.iter().any(|t| !may.contains(t)) {
            wrong.push(format!(
                "{digest}: {told} (tied with {tied:?}) from its columns, not {}",
                row.format
            ));
        }
        rows.push((digest.as_str(), row, whole, bare));
    }
    wrong.extend(
        expected
            .keys()
            .filter(|d| !given.contains_key(*d))
            .map(|d| format!("{d} is not among the files given")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    page_is_up_to_date(&told(formats, &rows));
}

/// The page of the docs.
fn told(formats: &[Format], rows: &[(&str, &Expected, Option<Recognition>, Option<Recognition>)]) -> String {
    let with = rows.iter().filter(|r| r.3.is_some()).count();
    let mut text = format!(
        "# Formatos reconocidos\n\n\
         Qué formato oficial reconoce Veedor en cada libro de muestra, y con qué confianza, **sólo por sus columnas**: sin el título, el\n\
         nombre corto ni los números de las filas 1 a 5, y sin mirar el nombre del archivo. Un archivo se nombra por los primeros\n\
         {DIGITS} dígitos de su SHA-256. Hay {} archivos distintos: {with} tienen un formato y {} son tablas propias o pruebas, de ninguno.\n\n\
         Cuando varios formatos tienen exactamente las mismas columnas se nombran todos; entonces sólo el título de la hoja los\n\
         distingue, y la última columna dice cuál es.\n\n\
         Esta página la escribe `VEEDOR_UPDATE=1 cargo test --test recognition`.\n\n\
         | archivo | título de la hoja | formato por sus columnas | confianza | presentación | con su título |\n\
         |---|---|---|--:|---|---|\n",
        rows.len(),
        rows.len() - with,
    );
    for (digest, row, whole, bare) in rows {
        let mut ids: Vec<String> = bare.iter().map(|b| formats[b.format].id.clone()).collect();
        ids.extend(bare.iter().flat_map(|b| &b.tied).map(|t| formats[*t].id.clone()));
        let layout = bare.as_ref().map_or("—", |b| match b.layout {
            Layout::Upload => "plantilla de carga",
            Layout::PublicDownload => "descarga pública",
            Layout::Saved => "hoja guardada aparte",
            Layout::Free => "tabla propia",
        });
        let sure = bare
            .as_ref()
            .map_or_else(|| "—".to_owned(), |b| format!("{:.2}", b.confidence));
        let _ = writeln!(
            text,
            "| `{digest}` | {} | {} | {sure} | {layout} | {} |",
            if row.title.is_empty() { "—" } else { &row.title },
            if ids.is_empty() {
                "ninguno".to_owned()
            } else {
                ids.join(" = ")
            },
            whole.as_ref().map_or("ninguno", |w| formats[w.format].id.as_str()),
        );
    }
    text
}

fn page_is_up_to_date(page: &str) {
    let path = root().join("docs/formatos-reconocidos.md");
    if std::env::var_os("VEEDOR_UPDATE").is_some_and(|v| v == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/formatos-reconocidos.md is not what was recognised; write it with VEEDOR_UPDATE=1 cargo test --test recognition"
    );
}
