//! Reads the files named, one after the other, and tells what each is: `read [--worker VEEDOR] FILE…`.
//!
//! For `documents.py`, which measures what it costs, with and without a worker process.

use std::io::{Result, Write, stdout};
use std::path::PathBuf;

use url::Url;
use veedor::extract::isolate::Readers;
use veedor::extract::{Limits, Source};
use veedor::model::Document;

fn main() -> Result<()> {
    let mut arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let mut readers = Readers::in_process();
    if arguments.first().is_some_and(|a| a.as_os_str() == "--worker") && arguments.len() > 1 {
        let program = arguments.drain(..2).nth(1).unwrap_or_default();
        readers = Readers::workers(program, vec!["read-documents".into()], 1);
    }
    let mut out = stdout().lock();
    for path in arguments {
        let bytes = std::fs::read(&path)?;
        let mut url = Url::parse("file:///").map_err(std::io::Error::other)?;
        url.set_path(&path.file_name().unwrap_or_default().to_string_lossy());
        let source = Source {
            url: &url,
            loaded_by: None,
            content_type: None,
            headers: &[],
        };
        let document = readers.extract(&source, &bytes, &Limits::default());
        writeln!(
            out,
            "{}\t{}\t{:?}\t{}",
            path.display(),
            document.kind.as_str(),
            document.state,
            characters(&document)
        )?;
    }
    Ok(())
}

/// Characters of its text and cells.
fn characters(document: &Document) -> usize {
    let pages = document.text.iter().flat_map(|t| &t.pages);
    let cells = document
        .workbook
        .iter()
        .flat_map(|w| &w.sheets)
        .flat_map(|s| s.rows.iter().flatten());
    pages.chain(cells).map(|t| t.chars().count()).sum()
}
