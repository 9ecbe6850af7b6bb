//! Documents of real portals, read as a peer reads them: poppler's `pdftotext` and `pdfimages` over PDFs of the shared material.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{files, shared};
use url::Url;
use veedor::extract::{Limits, Source, extract};
use veedor::model::{Document, DocumentKind, ExtractionState};

/// One in so many PDFs of the portals is compared; those of the samples all are.
const EVERY: usize = 7;

/// Letters a page below which an image makes it a scan.
const FEW: usize = 20;

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

fn read(path: &Path) -> Document {
    let bytes = std::fs::read(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let mut url = Url::parse("https://municipio.gob.mx/").unwrap();
    url.path_segments_mut().unwrap().push(&name);
    let source = Source {
        url: &url,
        loaded_by: None,
        content_type: None,
        headers: &[],
    };
    extract(&source, &bytes, &Limits::default())
}

fn output(program: &str, arguments: &[&str], path: &Path, last: &[&str]) -> Option<String> {
    let done = Command::new(program)
        .args(arguments)
        .arg(path)
        .args(last)
        .output()
        .ok()?;
    done.status
        .success()
        .then(|| String::from_utf8_lossy(&done.stdout).into_owned())
}

/// Letters of each page and whether the page paints an image, as poppler has it.
fn by_poppler(path: &Path) -> Option<Vec<(usize, bool)>> {
    let text = output("pdftotext", &["-q"], path, &["-"])?;
    let listed = output("pdfimages", &["-list"], path, &[])?;
    let mut images: BTreeMap<usize, bool> = BTreeMap::new();
    for line in listed.lines().skip(2) {
        let mut words = line.split_whitespace();
        if let (Some(page), Some(kind)) = (words.next().and_then(|w| w.parse().ok()), words.nth(1))
            && kind != "smask"
        {
            images.insert(page, true);
        }
    }
    let mut pages: Vec<&str> = text.split('\u{c}').collect();
    pages.pop();
    let of = |(n, page): (usize, &&str)| (letters(page), images.contains_key(&(n + 1)));
    Some(pages.iter().enumerate().map(of).collect())
}

fn pdfs(shared: &Path) -> Vec<PathBuf> {
    let is_pdf = |p: &PathBuf| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf"));
    let mut all: Vec<PathBuf> = files(&shared.join("samples/pdf")).into_iter().filter(is_pdf).collect();
    let portals = files(&shared.join("portals")).into_iter().filter(is_pdf);
    all.extend(portals.step_by(EVERY));
    all
}

#[test]
fn scanned_and_native_pdfs_are_told_as_poppler_tells_them() {
    let test = "scanned_and_native_pdfs_are_told_as_poppler_tells_them";
    let Some(shared) = shared(test) else { return };
    if Command::new("pdftotext").arg("-v").output().is_err() {
        let _ = writeln!(std::io::stderr(), "{test}: skipped, pdftotext is absent");
        return;
    }
    let mut wrong = Vec::new();
    let (mut scanned, mut native) = (0, 0);
    for path in pdfs(&shared) {
        let Some(peer) = by_poppler(&path) else { continue };
        let document = read(&path);
        assert_eq!(document.kind, DocumentKind::Pdf, "{}", path.display());
        let pages = document.text.map(|t| t.pages).unwrap_or_default();
        let scan = peer.iter().any(|(n, image)| *n < FEW && *image) && peer.iter().all(|(n, _)| *n < FEW);
        if scan {
            scanned += 1;
        } else {
            native += 1;
        }
        if scan != (document.state == ExtractionState::NoTextLayer) {
            wrong.push(format!("{}: scanned {scan}, but {:?}", path.display(), document.state));
        }
        let theirs: usize = peer.iter().map(|(n, _)| n).sum();
        let ours: usize = pages.iter().map(|p| letters(p)).sum();
        if theirs >= 200 && ours.abs_diff(theirs) * 10 > theirs {
            wrong.push(format!("{}: {ours} letters, poppler finds {theirs}", path.display()));
        }
        if pages.len() != peer.len() {
            wrong.push(format!(
                "{}: {} pages, poppler {}",
                path.display(),
                pages.len(),
                peer.len()
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(scanned >= 20 && native >= 50, "{scanned} scanned, {native} native");
}

#[test]
fn samples_named_scanned_and_native_are_so() {
    let Some(shared) = shared("samples_named_scanned_and_native_are_so") else {
        return;
    };
    let mut seen = 0;
    for path in files(&shared.join("samples/pdf")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let scanned = name.starts_with("scanned");
        let document = read(&path);
        assert_eq!(document.state == ExtractionState::NoTextLayer, scanned, "{name}");
        assert_eq!(document.text.map(|t| t.image_pages > 0), Some(scanned), "{name}");
        seen += 1;
    }
    assert!(seen >= 4, "{seen}");
}

#[test]
fn texts_and_archives_of_portals_are_read() {
    let Some(shared) = shared("texts_and_archives_of_portals_are_read") else {
        return;
    };
    let (mut texts, mut archives) = (0, 0);
    for path in files(&shared.join("portals")) {
        match path.extension().and_then(|e| e.to_str()) {
            Some("docx") => {
                let document = read(&path);
                assert_eq!(document.kind, DocumentKind::Docx, "{}", path.display());
                assert_eq!(document.state, ExtractionState::Complete, "{}", path.display());
                assert!(
                    document.text.is_some_and(|t| letters(&t.pages[0]) >= FEW),
                    "{}",
                    path.display()
                );
                texts += 1;
            }
            Some("zip") => {
                let document = read(&path);
                assert_eq!(document.state, ExtractionState::Complete, "{}", path.display());
                let inside: Vec<_> = document.entries.iter().map(|e| e.document.as_ref()).collect();
                assert!(!inside.is_empty(), "{}", path.display());
                for entry in inside {
                    let failed = entry.is_none_or(|d| matches!(d.state, ExtractionState::Failed(_)));
                    assert!(!failed, "{}: {:?}", path.display(), entry.map(|d| &d.state));
                }
                archives += 1;
            }
            _ => {}
        }
    }
    assert!(texts > 0 && archives > 0, "{texts} texts, {archives} archives");
}
