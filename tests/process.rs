//! The program as a process: what people type, what they get, and what is left when it is killed.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use common::{root, shared};
use veedor::archive::{CaseFile, verify};
use veedor::audit::serve::{Server, Snapshot};

fn veedor(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_veedor"));
    command.args(arguments).env_remove("VEEDOR_LANG").stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    veedor(arguments).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The only case below a folder of cases.
fn only_case(out: &Path) -> PathBuf {
    let subject = std::fs::read_dir(out)
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.is_dir())
        .unwrap();
    let mut cases: Vec<PathBuf> = std::fs::read_dir(subject).unwrap().map(|e| e.unwrap().path()).collect();
    assert_eq!(cases.len(), 1, "{cases:?}");
    cases.remove(0)
}

/// Archives that a test wrote are left where `VEEDOR_TEST_WARCS` says, for a reader that is not ours.
fn keep_for_outside_check(case: &Path, name: &str) {
    if let Some(to) = std::env::var_os("VEEDOR_TEST_WARCS") {
        std::fs::create_dir_all(&to).unwrap();
        std::fs::copy(
            case.join("evidence/000.warc.gz"),
            Path::new(&to).join(format!("{name}.warc.gz")),
        )
        .unwrap();
    }
}

#[test]
fn the_demonstration_audits_three() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("demo");
    let output = run(&["demo", "--out", out.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    let reports: Vec<&str> = told
        .lines()
        .filter_map(|l| l.trim().strip_prefix("Informe: "))
        .filter(|p| p.ends_with("html"))
        .collect();
    assert_eq!(reports.len(), 3, "{told}");
    for report in reports {
        let html = std::fs::read_to_string(report).unwrap();
        assert!(html.starts_with("<!doctype html>") || html.starts_with("<!DOCTYPE html>"));
        let case = Path::new(report).parent().and_then(Path::parent).unwrap();
        assert_eq!(verify(case).unwrap(), []);
        shows_what_it_was_made_for(case);
        keep_for_outside_check(
            case,
            &format!("demo-{}", case.parent().unwrap().file_name().unwrap().to_string_lossy()),
        );
    }
}

/// What each made-up portal has inside is told: which criteria fail, how much is decided, which flaws are named.
fn shows_what_it_was_made_for(case: &Path) {
    let findings: veedor::model::Findings =
        serde_json::from_slice(&std::fs::read(case.join("findings.json")).unwrap()).unwrap();
    let score = &findings.scores[0];
    let failed: BTreeSet<&str> = findings
        .findings
        .iter()
        .filter(|f| f.outcome == veedor::model::Outcome::Failed)
        .map(|f| f.criterion.as_str())
        .collect();
    let reasons: String = findings.findings.iter().map(|f| f.reason.as_str()).collect();
    let told = |words: &[&str]| words.iter().all(|w| reasons.contains(w) || panic!("nobody says «{w}»"));
    match findings.subject.id.as_str() {
        "99001" => {
            assert!(
                score.low >= 0.95 && score.high - score.low <= 0.03 && score.coverage >= 0.97,
                "{score:?}"
            );
            assert_eq!(
                failed.into_iter().collect::<Vec<_>>(),
                ["located", "open_format", "opens"]
            );
            let blank = |f: &&veedor::model::Finding| f.criterion == "has_data" && !f.actual.contains(" 0 sin datos");
            assert_eq!(findings.findings.iter().find(blank).map(|f| &f.obligation), None);
        }
        "99002" => {
            let all = [
                "area",
                "cells",
                "columns",
                "current",
                "has_data",
                "kept",
                "open_format",
                "repeated",
                "updated",
            ];
            assert!(all.iter().all(|c| failed.contains(c)), "{failed:?}");
            assert!(told(&[
                "Hay texto en una columna de números",
                "Es la ruta de un archivo en una computadora",
                "no está en el catálogo",
                "byte por byte",
                "Los archivos son de otra obligación",
                "dice ser xls y es html",
                "imágenes de documentos",
                "Lo más reciente es 2023-Q2 y debía estar 2024-Q3",
            ]));
        }
        _ => {
            assert!(score.high < 0.2, "{score:?}");
            assert!(told(&[
                "Sólo hay plantillas sin llenar",
                "La nota nombra a un municipio que no es el del archivo"
            ]));
        }
    }
}

#[test]
fn the_made_up_portals_are_judged_as_they_were_made() {
    let dir = tempfile::tempdir().unwrap();
    let fixtures = root().join("fixtures");
    let output = run(&[
        "rules",
        "test",
        fixtures.to_str().unwrap(),
        "--out",
        dir.path().to_str().unwrap(),
        "--floor",
        "kappa=0.98,f1=0.99,decided=0.98",
    ]);
    assert!(
        output.status.success(),
        "{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    // Judged otherwise, the same portal falls below the same floor.
    let other = dir.path().join("otro");
    std::fs::create_dir_all(&other).unwrap();
    for file in common::files(&fixtures.join("pobre")) {
        let to = other.join(file.strip_prefix(fixtures.join("pobre")).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(&file, to).unwrap();
    }
    let labels = std::fs::read_to_string(other.join("TRUTH.tsv")).unwrap();
    std::fs::write(other.join("TRUTH.tsv"), labels.replace("\tmissing", "\tpublished")).unwrap();
    let unreachable = run(&[
        "rules",
        "test",
        other.to_str().unwrap(),
        "--out",
        dir.path().join("e").to_str().unwrap(),
        "--floor",
        "f1=0.99",
    ]);
    assert_eq!(unreachable.status.code(), Some(1));
}

#[test]
fn killed_at_any_moment_it_resumes_without_loss() {
    let snapshot = Snapshot::open(&root().join("fixtures/ejemplar")).unwrap();
    let server = Server::start(snapshot).unwrap();
    let url = server.url("/");
    let address = server.address();
    let crawl = |out: &Path, rate: &str| {
        veedor(&[
            "crawl",
            &url,
            "--allow-private",
            &address,
            "--rate",
            rate,
            "--out",
            out.to_str().unwrap(),
        ])
    };
    let whole = tempfile::tempdir().unwrap();
    assert!(crawl(whole.path(), "1000").output().unwrap().status.success());
    let urls = |case: &Path| -> Vec<String> {
        CaseFile::open(case)
            .unwrap()
            .captures()
            .iter()
            .map(|c| c.url.clone())
            .collect()
    };
    let expected: BTreeSet<String> = urls(&only_case(whole.path())).into_iter().collect();
    assert!(expected.len() > 40, "{}", expected.len());

    let dir = tempfile::tempdir().unwrap();
    let mut seed = 0x2545_f491_u64;
    let mut killed = 0;
    while killed < 20 {
        let mut child = crawl(dir.path(), "60")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // A fixed sequence of odd delays: every moment from start-up to the middle of a write.
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_millis(10 + (seed >> 33) % 90));
        // SIGKILL on Unix: nothing can be tidied up.
        child.kill().unwrap();
        child.wait().unwrap();
        killed += 1;
    }
    let output = crawl(dir.path(), "1000").output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let subject = std::fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap().path();
    let mut cases: Vec<PathBuf> = std::fs::read_dir(subject).unwrap().map(|e| e.unwrap().path()).collect();
    cases.sort();
    // A kill may fall between a crawl's end and the next start: the last case is the one to look at, all must verify but the unsealed.
    let case = cases.last().unwrap();
    let found = urls(case);
    let distinct: BTreeSet<String> = found.iter().cloned().collect();
    assert_eq!(found.len(), distinct.len(), "none twice");
    assert_eq!(distinct, expected);
    assert_eq!(verify(case).unwrap(), []);
    keep_for_outside_check(case, "killed");
}

#[test]
fn the_same_case_gives_the_same_bytes_anywhere() {
    let dir = tempfile::tempdir().unwrap();
    let site = root().join("fixtures/intermedio/site");
    let imported = run(&[
        "import",
        site.to_str().unwrap(),
        "--base-url",
        "https://ejemplo.invalid/",
        "--out",
        dir.path().to_str().unwrap(),
        "--quiet",
    ]);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    let case = only_case(dir.path());
    let mut seen = BTreeSet::new();
    for (zone, locale) in [
        ("UTC", "C"),
        ("America/Mexico_City", "es_MX.UTF-8"),
        ("Pacific/Kiritimati", "tr_TR.UTF-8"),
        ("Asia/Kathmandu", "C.UTF-8"),
    ] {
        let output = veedor(&[
            "evaluate",
            case.to_str().unwrap(),
            "--packs",
            "mx-lgtaip-2015,mx-lgtaip-2025",
            "--on",
            "2024-11-15",
            "--quiet",
        ])
        .env("TZ", zone)
        .env("LC_ALL", locale)
        .output()
        .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        seen.insert(std::fs::read(case.join("findings.json")).unwrap());
    }
    assert_eq!(seen.len(), 1);
    assert_eq!(verify(&case).unwrap(), []);
    keep_for_outside_check(&case, "imported");
}

#[test]
fn real_portals_end_with_valid_findings_that_agree_with_people() {
    let Some(shared) = shared("real_portals_end_with_valid_findings_that_agree_with_people") else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let portals = shared.join("portals");
    let output = run(&[
        "rules",
        "test",
        portals.to_str().unwrap(),
        "--out",
        dir.path().to_str().unwrap(),
        "--floor",
        "kappa=0.55,f1=0.60,decided=0.85",
    ]);
    let told = text(&output.stdout);
    assert!(output.status.success(), "{told}{}", text(&output.stderr));
    let mut audited = 0;
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        audited += 1;
        let findings: veedor::model::Findings = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let ids: BTreeSet<&str> = findings.obligations.iter().map(|o| o.id.as_str()).collect();
        assert_eq!((findings.obligations.len(), ids.len()), (57, 57), "{}", path.display());
        for o in &findings.obligations {
            assert!(!o.reason.is_empty() && o.evidence.iter().all(|i| *i < findings.evidence.len()));
        }
        // A portal that nobody labelled publishes almost nothing of its obligations.
        let folder = portals.join(path.file_stem().unwrap());
        let labelled = folder.join("LABELS.tsv").exists() || folder.join("TRUTH.tsv").exists();
        let published = findings
            .obligations
            .iter()
            .filter(|o| o.status == veedor::model::Status::Published)
            .count();
        assert!(labelled || published <= 1, "{}: {published} published", path.display());
        for f in &findings.findings {
            let decided = matches!(
                f.outcome,
                veedor::model::Outcome::Passed | veedor::model::Outcome::Failed
            );
            assert!(!decided || !f.evidence.is_empty(), "{} rests on nothing", f.id);
        }
    }
    assert_eq!(audited, 13);
    agrees_with_the_reference(&told, dir.path(), &portals);
}

/// The reference computes the same from the findings files: the two agree to the last digit.
fn agrees_with_the_reference(told: &str, findings: &Path, portals: &Path) {
    let Ok(reference) = Command::new("python3")
        .arg(portals.join("agreement.py"))
        .arg(findings)
        .arg(portals)
        .output()
    else {
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            b"agreement with the reference: skipped, python3 is absent\n",
        );
        return;
    };
    let expected = text(&reference.stdout).to_lowercase();
    assert!(expected.lines().count() >= 10, "{}", text(&reference.stderr));
    let told = told.to_lowercase();
    for line in expected.lines() {
        assert!(
            told.lines().any(|l| l.starts_with(line)),
            "the reference says\n{line}\nand we say\n{told}"
        );
    }
}

/// What a wrong use prints and its exit code, paths of this machine left out.
fn complaint(arguments: &[&str], hide: &Path) -> String {
    let output = run(arguments);
    let hidden = hide.to_string_lossy();
    format!(
        "exit {}\n{}",
        output.status.code().unwrap_or(-1),
        text(&output.stderr).replace(&*hidden, "DIR")
    )
}

#[test]
fn complaints_say_what_where_and_how_to_mend_it() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(at("malas.yaml"), "pack: x\nversion: \"1\"\ntitel: y\n").unwrap();
    std::fs::write(at("urls.tsv"), "url\tarchivo\n/a\ta.html\n").unwrap();
    std::fs::write(at("veedor.yaml"), "rat: 3\n").unwrap();
    let site = root().join("fixtures/pobre/site");
    let out = at("expedientes");
    assert!(
        run(&[
            "import",
            site.to_str().unwrap(),
            "--base-url",
            "https://ejemplo.invalid/",
            "--out",
            &out,
            "--quiet"
        ])
        .status
        .success()
    );
    let case = only_case(Path::new(&out));
    let manifest = case.join("manifest.json");
    let other = std::fs::read_to_string(&manifest)
        .unwrap()
        .replace("veedor.case/1", "veedor.case/9");
    std::fs::write(&manifest, other).unwrap();
    let case = case.to_str().unwrap();
    let cases: Vec<(&str, Vec<&str>)> = vec![
        ("no es una dirección", vec!["audit", "hola mundo"]),
        ("otro esquema", vec!["audit", "ftp://municipio.gob.mx/"]),
        ("orden desconocida", vec!["auditar"]),
        ("opción desconocida", vec!["audit", "--rat", "3"]),
        ("regla con clave desconocida", vec!["--rules", "MALAS", "rules", "list"]),
        (
            "paquete desconocido",
            vec!["audit", "http://127.0.0.1:1/", "--packs", "mx-x"],
        ),
        ("fecha", vec!["audit", "http://127.0.0.1:1/", "--on", "ayer"]),
        ("formato", vec!["audit", "http://127.0.0.1:1/", "--format", "docx"]),
        (
            "tabla con otras columnas",
            vec!["import", "--urls", "TABLA", "--base-url", "https://ejemplo.invalid/"],
        ),
        ("expediente de otra versión", vec!["evaluate", "CASO"]),
        ("no es un expediente", vec!["verify", "DIR"]),
        ("ajustes", vec!["--config", "AJUSTES", "rules", "list"]),
        ("en inglés", vec!["--lang", "en", "audit", "hola mundo"]),
    ];
    let (bad, table, settings, folder) = (
        at("malas.yaml"),
        at("urls.tsv"),
        at("veedor.yaml"),
        dir.path().to_str().unwrap().to_owned(),
    );
    let mut all = String::new();
    for (name, arguments) in cases {
        let arguments: Vec<&str> = arguments
            .into_iter()
            .map(|a| match a {
                "MALAS" => bad.as_str(),
                "TABLA" => table.as_str(),
                "AJUSTES" => settings.as_str(),
                "CASO" => case,
                "DIR" => folder.as_str(),
                other => other,
            })
            .collect();
        for part in ["== ", name, "\n", &complaint(&arguments, dir.path()), "\n"] {
            all.push_str(part);
        }
    }
    // The folder of a case is named by the time.
    let stamped: String = all.lines().map(|l| if l.contains("veedor.case/9") { "(expediente) ".to_owned() + l.split("formato").last().unwrap_or(l) } else { l.to_owned() } + "\n").collect();
    insta::assert_snapshot!(stamped);
}

#[test]
fn entries_that_do_not_answer_are_told_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("e");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let closed = format!("http://127.0.0.1:{port}/");
    let allowed = format!("127.0.0.1:{port}");
    for (arguments, expected) in [
        (
            vec!["audit", "http://nombre-que-no-existe.invalid/", "--rate", "100"],
            "no existe o no se resuelve",
        ),
        (vec!["audit", closed.as_str(), "--rate", "100"], "--allow-private"),
        (
            vec![
                "audit",
                closed.as_str(),
                "--no-rate",
                "--allow-private",
                allowed.as_str(),
            ],
            "no hubo conexión",
        ),
    ] {
        let mut all = arguments.clone();
        all.extend(["--out", out.to_str().unwrap()]);
        let output = run(&all);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{told}");
        assert!(
            told.contains(expected) && told.contains("Lo intentado quedó en"),
            "{told}"
        );
    }
}
