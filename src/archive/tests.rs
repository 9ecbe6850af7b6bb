use std::path::Path;

use super::*;
use crate::model::{Capture, CrawlSummary, Exchange, FetchStatus, Subject, SubjectKind, Via};

fn head() -> ManifestHead {
    ManifestHead {
        schema: CASE_SCHEMA.to_owned(),
        audit_id: "a1".to_owned(),
        subject: Subject {
            id: "99001".to_owned(),
            name: "Ejemplo".to_owned(),
            kind: SubjectKind::Municipality,
            state: None,
            portal: None,
        },
        entry: "http://a.mx/".to_owned(),
        tool: "veedor test".to_owned(),
        started_at: "2026-01-01T00:00:00Z".to_owned(),
        settings: serde_json::json!({}),
    }
}

fn exchange(path: &str, body: &[u8]) -> Exchange {
    Exchange {
        capture: Capture {
            url: format!("http://a.mx{path}"),
            captured_at: "2026-01-01T00:00:01Z".to_owned(),
            status: FetchStatus::Ok,
            http_status: Some(200),
            content_type: Some("text/html".to_owned()),
            sha256: None,
            length: 0,
            redirect_to: None,
            referrer: None,
            depth: 0,
            why: "link".to_owned(),
            elapsed_ms: 1,
            error: None,
            via: Via::Http,
            record: None,
            soft_404: false,
        },
        request: b"GET / HTTP/1.1\r\nHost: a.mx\r\n\r\n".to_vec(),
        response_head: Some(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n".to_vec()),
        payload: body.to_vec(),
        remote_address: Some(std::net::IpAddr::from([192, 0, 2, 1])),
    }
}

fn summary() -> CrawlSummary {
    CrawlSummary {
        complete: true,
        stop_reason: "frontier_empty".to_owned(),
        robots_obeyed: true,
    }
}

fn sample(dir: &Path) -> Vec<Capture> {
    let mut writer = CaseWriter::create(dir, head()).expect("create");
    let same = [7u8; 600];
    let out = [
        ("/", b"<p>uno</p>".as_slice()),
        ("/ñ?q=1", &same),
        ("/copia", &same),
        ("/vacío", b""),
    ]
    .into_iter()
    .map(|(path, body)| writer.append(&exchange(path, body)).expect("append"))
    .collect();
    writer.finish(summary()).expect("finish");
    out
}

#[test]
fn what_is_archived_comes_back_and_verifies() {
    let dir = tempfile::tempdir().expect("dir");
    let written = sample(dir.path());
    let case = CaseFile::open(dir.path()).expect("open");
    assert_eq!(case.captures(), written);
    assert_eq!(case.body(&written[0]).expect("body"), b"<p>uno</p>");
    assert_eq!(case.body(&written[2]).expect("a revisit"), [7u8; 600]);
    assert_eq!(
        case.headers(&written[0]).expect("headers"),
        [("Content-Type".to_owned(), "text/html".to_owned())]
    );
    assert_eq!(verify(dir.path()).expect("verify"), []);
    assert!(!dir.path().join("lock").exists());
    keep_for_outside_check(dir.path(), "sample");
}

/// Archives that a test wrote are left where `VEEDOR_TEST_WARCS` says, for a reader that is not ours.
fn keep_for_outside_check(dir: &Path, name: &str) {
    let Some(to) = std::env::var_os("VEEDOR_TEST_WARCS") else {
        return;
    };
    std::fs::create_dir_all(&to).expect("folder");
    std::fs::copy(
        dir.join("evidence/000.warc.gz"),
        Path::new(&to).join(format!("{name}.warc.gz")),
    )
    .expect("copy");
}

#[test]
fn any_altered_byte_is_found_and_named() {
    let dir = tempfile::tempdir().expect("dir");
    sample(dir.path());
    std::fs::write(dir.path().join("findings.json"), "{}\n").expect("write");
    seal(dir.path()).expect("seal");
    assert_eq!(verify(dir.path()).expect("verify"), []);
    for name in [
        "evidence/000.warc.gz",
        "evidence/index.cdxj",
        "crawl.jsonl",
        "findings.json",
        "manifest.json",
        "manifest.sha256",
    ] {
        let path = dir.path().join(name);
        let good = std::fs::read(&path).expect("read");
        for at in (0..good.len()).step_by(good.len().div_ceil(40)) {
            let mut bad = good.clone();
            bad[at] ^= 1;
            std::fs::write(&path, &bad).expect("write");
            match verify(dir.path()) {
                Ok(found) => assert!(
                    found
                        .iter()
                        .any(|p| p.file == name || name.starts_with("manifest") && p.file.starts_with("manifest")),
                    "{name} byte {at}: {found:?}"
                ),
                Err(e) => assert!(name == "manifest.json", "{name} byte {at}: {e}"),
            }
        }
        std::fs::write(&path, &good).expect("write");
    }
    std::fs::write(dir.path().join("evidence/extra.txt"), "x").expect("write");
    assert_eq!(verify(dir.path()).expect("verify")[0].file, "evidence/extra.txt");
    std::fs::remove_file(dir.path().join("evidence/extra.txt")).expect("remove");
    std::fs::remove_file(dir.path().join("crawl.jsonl")).expect("remove");
    assert!(
        verify(dir.path())
            .expect("verify")
            .iter()
            .any(|p| p.file == "crawl.jsonl")
    );
}

#[test]
fn evidence_is_sealed_once() {
    let dir = tempfile::tempdir().expect("dir");
    sample(dir.path());
    let path = dir.path().join("crawl.jsonl");
    let text = std::fs::read_to_string(&path)
        .expect("read")
        .replace("uno", "dos")
        .replace("link", "lynk");
    std::fs::write(&path, text).expect("write");
    seal(dir.path()).expect("seal");
    assert!(
        verify(dir.path())
            .expect("verify")
            .iter()
            .any(|p| p.file == "crawl.jsonl")
    );
}

#[test]
fn what_was_altered_is_told_before_use_and_sealing_adds_no_evidence() {
    let dir = tempfile::tempdir().expect("dir");
    sample(dir.path());
    std::fs::write(dir.path().join("findings.json"), "{}\n").expect("write");
    seal(dir.path()).expect("seal");
    intact(dir.path(), &["findings.json"]).expect("intact");
    let told = |also: &[&str]| match intact(dir.path(), also) {
        Err(ArchiveError::Altered { file, .. }) => file,
        other => format!("{other:?}"),
    };
    for name in [
        "evidence/000.warc.gz",
        "evidence/index.cdxj",
        "crawl.jsonl",
        "findings.json",
        "manifest.json",
    ] {
        let path = dir.path().join(name);
        let good = std::fs::read(&path).expect("read");
        let mut bad = good.clone();
        bad[0] ^= 1;
        std::fs::write(&path, &bad).expect("write");
        assert_eq!(told(&["findings.json"]), name);
        std::fs::remove_file(&path).expect("remove");
        if name != "manifest.json" {
            assert_eq!(told(&["findings.json"]), name);
        }
        std::fs::write(&path, &good).expect("write");
    }
    std::fs::write(dir.path().join("findings.json"), "{ }\n").expect("write");
    intact(dir.path(), &[]).expect("findings are made anew");
    std::fs::write(dir.path().join("evidence/extra.warc.gz"), "x").expect("write");
    assert_eq!(told(&[]), "evidence/extra.warc.gz");
    seal(dir.path()).expect("seal");
    assert_eq!(
        told(&[]),
        "evidence/extra.warc.gz",
        "it is not sealed by sealing findings"
    );
    std::fs::remove_file(dir.path().join("manifest.sha256")).expect("remove");
    assert_eq!(told(&[]), "manifest.sha256");
}

#[test]
fn a_cut_off_tail_is_dropped_wherever_it_was_cut() {
    let whole = tempfile::tempdir().expect("dir");
    sample(whole.path());
    let warc = std::fs::read(whole.path().join("evidence/000.warc.gz")).expect("warc");
    let log = std::fs::read(whole.path().join("crawl.jsonl")).expect("log");
    let captures = CaseFile::open(whole.path()).expect("open").captures().to_vec();
    for cut in (0..=warc.len()).step_by(37) {
        // The log is at most as far as the archive: a line is written after its records.
        let acknowledged: usize = log
            .split_inclusive(|b| *b == b'\n')
            .zip(&captures)
            .take_while(|(_, c)| c.record.as_ref().is_none_or(|r| r.offset + r.length <= cut as u64))
            .map(|(l, _)| l.len())
            .sum();
        for log_cut in [acknowledged, acknowledged.saturating_sub(1), acknowledged / 2] {
            let dir = tempfile::tempdir().expect("dir");
            std::fs::create_dir(dir.path().join("evidence")).expect("dir");
            std::fs::write(dir.path().join("evidence/000.warc.gz"), &warc[..cut]).expect("write");
            std::fs::write(dir.path().join("crawl.jsonl"), &log[..log_cut]).expect("write");
            std::fs::copy(whole.path().join("manifest.json"), dir.path().join("manifest.json")).expect("copy");
            let (mut writer, kept) = CaseWriter::reopen(dir.path()).expect("reopen");
            for (path, body) in [("/", b"<p>uno</p>".as_slice()), ("/n", b"nuevo")] {
                if !kept.iter().any(|c| c.url.ends_with(path)) {
                    writer.append(&exchange(path, body)).expect("append");
                }
            }
            writer.finish(summary()).expect("finish");
            assert_eq!(verify(dir.path()).expect("verify"), [], "cut at {cut} and {log_cut}");
            let case = CaseFile::open(dir.path()).expect("open");
            for capture in case.captures() {
                case.body(capture).expect("every capture has its body");
            }
        }
    }
}

#[test]
fn two_writers_and_other_versions_are_refused() {
    let dir = tempfile::tempdir().expect("dir");
    sample(dir.path());
    assert!(matches!(
        CaseWriter::create(dir.path(), head()),
        Err(ArchiveError::Exists(_))
    ));
    let path = dir.path().join("manifest.json");
    let text = std::fs::read_to_string(&path)
        .expect("read")
        .replace(CASE_SCHEMA, "veedor.case/9");
    std::fs::write(&path, text).expect("write");
    let told = CaseFile::open(dir.path()).expect_err("another version").to_string();
    assert!(told.contains("veedor.case/9") && told.contains(CASE_SCHEMA), "{told}");
    let empty = tempfile::tempdir().expect("dir");
    assert!(matches!(CaseFile::open(empty.path()), Err(ArchiveError::NotACase(_))));
}

#[test]
fn tables_are_read_or_told() {
    let dir = tempfile::tempdir().expect("dir");
    let base = url::Url::parse("http://a.mx/").expect("url");
    let table = dir.path().join("urls.tsv");
    std::fs::write(dir.path().join("a.html"), "<p>a</p>").expect("write");
    let read = |text: &str| {
        std::fs::write(&table, text).expect("write");
        from_table(&table, &base, "2026-01-01T00:00:00Z")
    };
    let head = "url_path\tfile\tstatus\tcontent_type\n";
    let good = read(&format!(
        "{head}/a\ta.html\t200\ttext/html\n/b\t\t302\tlocation=/a\n/c\t\t404\t\n"
    ))
    .expect("good");
    let all: Vec<Exchange> = good.exchanges().collect::<Result<_, _>>().expect("files");
    let found: Vec<_> = all
        .iter()
        .map(|e| (e.capture.status, e.capture.redirect_to.as_deref()))
        .collect();
    assert_eq!(
        found,
        [
            (FetchStatus::Ok, None),
            (FetchStatus::Redirected, Some("http://a.mx/a")),
            (FetchStatus::ClientError, None)
        ]
    );
    for (text, expected) in [
        ("a\tb\n", "line 1: the columns are 'a, b'"),
        (&format!("{head}/a\ta.html\n"), "line 2: it has 2 columns"),
        (&format!("{head}/a\t../x\t200\t\n"), "leads outside"),
        (&format!("{head}/a\ta.html\tok\t\n"), "is no HTTP status"),
    ] {
        let told = read(text).expect_err("wrong").to_string();
        assert!(told.contains(expected), "{told}");
    }
}
