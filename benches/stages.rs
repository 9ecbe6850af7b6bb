//! The stages that cost most, over the made-up portals: `cargo bench`, or `cargo bench -- locate`.
//!
//! Extraction of a page, a workbook and a PDF; the graph of a site; locating every obligation of a pack in it.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use url::Url;
use veedor::archive::{CaseFile, from_folder};
use veedor::audit::{import_case, subject_of};
use veedor::extract::{Limits, Source, extract};
use veedor::locate::{Phrases, Site, locate};
use veedor::model::{Document, DocumentKind, FetchStatus};
use veedor::rules::Library;

const ENTRY: &str = "https://municipio.example/transparencia.html";
const PACK: &str = "mx-lgtaip-2015";

fn site() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/intermedio/site")
}

fn read(name: &str, bytes: &[u8]) -> Document {
    let url = Url::parse(ENTRY).unwrap().join(name).unwrap();
    let source = Source {
        url: &url,
        loaded_by: None,
        content_type: None,
        headers: &[],
    };
    extract(&source, bytes, &Limits::default())
}

fn extraction(c: &mut Criterion) {
    let mut group = c.benchmark_group("extract");
    for (what, name, kind) in [
        ("page", "transparencia.html", DocumentKind::Html),
        ("workbook", "archivos/2026/70-xxxviii.xlsx", DocumentKind::Xlsx),
        ("pdf", "archivos/2026/70-vii/1t.pdf", DocumentKind::Pdf),
    ] {
        let bytes = std::fs::read(site().join(name)).unwrap();
        assert_eq!(read(name, &bytes).kind, kind);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(what, |b| b.iter(|| read(name, black_box(&bytes))));
    }
    group.finish();
}

/// The portal as a case, with its documents.
fn case(dir: &Path) -> (CaseFile, Vec<Option<Arc<Document>>>) {
    let entry = Url::parse(ENTRY).unwrap();
    let base = entry.join("/").unwrap();
    let imported = from_folder(&site(), &base, "2026-11-01T00:00:00Z").unwrap();
    let case = import_case(&imported, &entry, &subject_of(&entry), dir).unwrap();
    let case = CaseFile::open(&case).unwrap();
    let documents = case.captures().iter().map(|capture| {
        let (headers, body) = case.response(capture).unwrap();
        let url = Url::parse(&capture.url).unwrap();
        let source = Source {
            url: &url,
            loaded_by: None,
            content_type: capture.content_type.as_deref(),
            headers: &headers,
        };
        (capture.status == FetchStatus::Ok).then(|| Arc::new(extract(&source, &body, &Limits::default())))
    });
    let documents = documents.collect();
    (case, documents)
}

fn locating(c: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    let (case, documents) = case(dir.path());
    let library = Library::embedded().unwrap();
    let pack = library.pack(PACK).unwrap();
    let phrases = Phrases::of(library.lexicon());
    let site = || Site::new(case.captures(), &documents, ENTRY, true, &[]);
    let known = site();
    assert!(
        locate(&known, pack, &phrases)
            .obligations
            .iter()
            .any(|o| !o.items.is_empty())
    );
    let mut group = c.benchmark_group("locate");
    group.throughput(Throughput::Elements(known.order.len() as u64));
    group.bench_function("site", |b| b.iter(|| black_box(site()).order.len()));
    group.bench_function("obligations", |b| b.iter(|| locate(black_box(&known), pack, &phrases)));
    group.finish();
}

criterion_group!(stages, extraction, locating);
criterion_main!(stages);
