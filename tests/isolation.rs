//! Workers: what a bomb, a hang and a kill cost, and that nothing else is lost.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use common::made::{Part, bomb, stored_zip};
use rust_xlsxwriter::Workbook;
use url::Url;
use veedor::extract::isolate::{Readers, WORKER_MEMORY};
use veedor::extract::{Limits, Source, extract};
use veedor::model::{Document, ExtractionState, Fault};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn workers(how_many: usize, seconds: u64) -> Readers {
    Readers::workers_with(
        PathBuf::from(env!("CARGO_BIN_EXE_veedor")),
        vec![OsString::from("read-documents")],
        how_many,
        Duration::from_secs(seconds),
    )
}

fn read(readers: &Readers, bytes: &[u8]) -> Document {
    read_within(readers, bytes, &Limits::default())
}

fn read_within(readers: &Readers, bytes: &[u8], limits: &Limits) -> Document {
    let url = Url::parse("https://m.mx/libro.xlsx").unwrap();
    let source = Source {
        url: &url,
        loaded_by: None,
        content_type: Some(XLSX),
        headers: &[],
    };
    readers.extract(&source, bytes, limits)
}

fn cells(document: &Document) -> &str {
    assert_eq!(document.state, ExtractionState::Complete);
    &document.workbook.as_ref().unwrap().sheets[0].rows[0][0]
}

fn small() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "Ejercicio").unwrap();
    book.save_to_buffer().unwrap()
}

/// As if nobody had looked at what a file declares before opening it.
fn unguarded() -> Limits {
    Limits {
        inflated: u64::MAX,
        ..Limits::default()
    }
}

const GIB: usize = 1 << 30;

fn signal(name: &str, pid: u32) {
    let done = Command::new("kill").args([name, &pid.to_string()]).status().unwrap();
    assert!(done.success());
}

/// Most memory that a process ever held, in bytes.
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|l| l.starts_with("VmPeak")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

#[test]
fn workers_read_what_this_process_reads_and_are_used_again() {
    let readers = workers(1, 60);
    let bytes = small();
    let first = read(&readers, &bytes);
    let started = readers.idle();
    assert_eq!(started.len(), 1);
    let second = read(&readers, &bytes);
    assert_eq!(readers.idle(), started);
    let url = Url::parse("https://m.mx/libro.xlsx").unwrap();
    let source = Source {
        url: &url,
        loaded_by: None,
        content_type: Some(XLSX),
        headers: &[],
    };
    let here = extract(&source, &bytes, &Limits::default());
    for there in [first, second] {
        assert_eq!(there.workbook, here.workbook);
        assert_eq!(there.state, here.state);
    }
    assert!(peak(started[0]) <= WORKER_MEMORY);
}

#[test]
fn memory_holds_under_strings_that_inflate_to_a_gigabyte() {
    let readers = workers(1, 120);
    let started = {
        read(&readers, &small());
        readers.idle()
    };
    let document = read_within(&readers, &bomb(Part::Strings, GIB, true), &unguarded());
    assert_eq!(document.state, ExtractionState::Failed(Fault::OutOfMemory));
    assert!(readers.idle().is_empty(), "the worker is gone");
    assert_eq!(cells(&read(&readers, &small())), "Ejercicio");
    assert_ne!(readers.idle(), started);
}

#[test]
fn a_sheet_that_inflates_to_a_gigabyte_is_read_as_far_as_limits_go() {
    let readers = workers(1, 120);
    let document = read_within(&readers, &bomb(Part::Sheet, GIB, true), &unguarded());
    assert!(
        matches!(document.state, ExtractionState::Partial(_)),
        "{:?}",
        document.state
    );
    let sheet = &document.workbook.as_ref().unwrap().sheets[0];
    assert!(sheet.truncated && sheet.rows.len() <= Limits::default().rows);
    for pid in readers.idle() {
        assert!(peak(pid) <= WORKER_MEMORY);
    }
}

#[test]
fn what_declares_a_gigabyte_or_lies_about_it_is_not_opened() {
    let readers = workers(1, 120);
    for part in [Part::Strings, Part::Sheet] {
        let declared = read(&readers, &bomb(part, GIB, true)).state;
        assert!(
            matches!(&declared, ExtractionState::Failed(Fault::TooLarge { found, .. }) if *found > GIB as u64),
            "{declared:?}"
        );
        let lying = read(&readers, &bomb(part, GIB, false)).state;
        assert_eq!(lying, ExtractionState::Failed(Fault::Damaged));
    }
    assert_eq!(readers.idle().len(), 1, "one worker did it all");
}

#[test]
fn a_worker_that_hangs_is_left_and_costs_one_document() {
    let readers = workers(1, 5);
    assert_eq!(cells(&read(&readers, &small())), "Ejercicio");
    let pid = readers.idle()[0];
    signal("-STOP", pid);
    assert_eq!(read(&readers, &small()).state, ExtractionState::Failed(Fault::TimedOut));
    assert!(!Path::new(&format!("/proc/{pid}")).exists(), "killed and reaped");
    assert_eq!(cells(&read(&readers, &small())), "Ejercicio");
}

#[test]
fn a_worker_killed_while_it_waits_costs_nothing_and_while_it_reads_one_document() {
    let readers = workers(1, 60);
    read(&readers, &small());
    let pid = readers.idle()[0];
    signal("-KILL", pid);
    // The signal is delivered before the state can be seen as anything but dead or dying.
    while std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|s| !s.contains(") Z")) {
        std::thread::yield_now();
    }
    assert_eq!(cells(&read(&readers, &small())), "Ejercicio");

    let pid = readers.idle()[0];
    signal("-STOP", pid);
    let reading = {
        let readers = readers.clone();
        std::thread::spawn(move || read(&readers, &small()))
    };
    while !readers.idle().is_empty() {
        std::thread::yield_now();
    }
    signal("-KILL", pid);
    assert_eq!(reading.join().unwrap().state, ExtractionState::Failed(Fault::Crashed));
    assert_eq!(cells(&read(&readers, &small())), "Ejercicio");
}

#[test]
fn many_callers_share_few_workers() {
    let readers = workers(2, 60);
    let bytes = small();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    assert_eq!(cells(&read(&readers, &bytes)), "Ejercicio");
                }
            });
        }
    });
    assert!((1..=2).contains(&readers.idle().len()));
}

#[test]
fn without_a_program_documents_are_read_here() {
    let readers = Readers::workers(PathBuf::from("/no/such/program"), Vec::new(), 2);
    assert_eq!(cells(&read(&readers, &small())), "Ejercicio");
    assert!(readers.idle().is_empty());
}

#[test]
fn a_program_that_answers_nonsense_costs_each_document_and_no_more() {
    let readers = Readers::workers(PathBuf::from("/bin/echo"), vec!["disparate".into()], 1);
    assert_eq!(read(&readers, &small()).state, ExtractionState::Failed(Fault::Crashed));
}

#[test]
fn workers_end_with_their_parent() {
    let mut worker = Command::new(env!("CARGO_BIN_EXE_veedor"))
        .arg("read-documents")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    drop(worker.stdin.take());
    assert!(worker.wait().expect("it ends").success());
}

#[test]
fn an_audit_goes_on_past_a_document_that_blows_up() {
    let dir = tempfile::tempdir().unwrap();
    let site = dir.path().join("site");
    std::fs::create_dir(&site).unwrap();
    std::fs::write(
        site.join("index.html"),
        "<html><h1>Transparencia</h1><p>Artículo 70</p><p>I. Marco normativo <a href='bomba.xlsx'>Excel</a></p>\
         <p>II. Estructura orgánica <a href='libro.xlsx'>Excel</a></p>",
    )
    .unwrap();
    std::fs::write(site.join("bomba.xlsx"), bomb(Part::Strings, 240 << 20, true)).unwrap();
    std::fs::write(site.join("libro.xlsx"), small()).unwrap();
    std::fs::write(
        site.join("roto.ods"),
        stored_zip(&[("content.xml", b"<office:spreadsheet")]),
    )
    .unwrap();
    let out = dir.path().join("expedientes");
    let output = Command::new(env!("CARGO_BIN_EXE_veedor"))
        .args([
            "import",
            site.to_str().unwrap(),
            "--base-url",
            "https://ejemplo.invalid/",
        ])
        .args([
            "--out",
            out.to_str().unwrap(),
            "--format",
            "json",
            "--packs",
            "mx-lgtaip-2015",
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let findings = String::from_utf8(output.stdout).unwrap();
    // Which limit it meets first is a matter of how busy the machine is.
    let told = ["leerlo ocupa más memoria", "leerlo tarda más"];
    assert!(told.iter().any(|t| findings.contains(t)), "{findings}");
    assert!(findings.contains("libro.xlsx"), "{findings}");
}
