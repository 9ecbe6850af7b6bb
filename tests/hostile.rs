//! What strangers' servers and other people's files do to the program: it stays small, tells it, and spoils nothing.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use common::root;
use veedor::archive::{CaseFile, verify};
use veedor::model::FetchStatus;

fn veedor(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_veedor"));
    command.args(arguments).env_remove("VEEDOR_LANG").stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    veedor(arguments).output().expect("the program runs")
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The only case below a folder of cases.
fn only_case(out: &Path) -> PathBuf {
    let inside = |p: &Path| std::fs::read_dir(p).unwrap().map(|e| e.unwrap().path()).next().unwrap();
    inside(&inside(out))
}

/// A sealed and evaluated case of a made-up portal.
fn case_in(dir: &Path) -> PathBuf {
    let out = dir.join("expedientes");
    let site = root().join("fixtures/pobre/site");
    let output = run(&[
        "import",
        site.to_str().unwrap(),
        "--base-url",
        "https://ejemplo.invalid/",
        "--quiet",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(output.status.success(), "{}", told(&output));
    only_case(&out)
}

/// Answers every path by its own whole response; the port.
fn serve(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (Ok(mut stream), answer) = (stream, Arc::clone(&answer)) else {
                continue;
            };
            std::thread::spawn(move || {
                let mut request = [0; 4096];
                let n = stream.read(&mut request).unwrap_or(0);
                let text = String::from_utf8_lossy(&request[..n]).into_owned();
                let path = text.split(' ').nth(1).unwrap_or_default();
                let _ = stream.write_all(&answer(path));
            });
        }
    });
    port
}

fn response(head: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut out =
        format!("HTTP/1.1 200 OK\r\n{head}Connection: close\r\nContent-Length: {length}\r\n\r\n").into_bytes();
    out.extend_from_slice(body);
    out
}

/// A gzip body of a KiB or two for each MiB of spaces.
fn bomb(mebibytes: usize) -> Vec<u8> {
    let mut one = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    one.write_all(&vec![b' '; 1 << 20]).unwrap();
    one.finish().unwrap().repeat(mebibytes)
}

#[test]
#[cfg(target_os = "linux")]
fn several_bombs_and_large_files_at_once_stay_under_200_mib() {
    const BOMBS: usize = 6;
    let body = bomb(1024);
    let large = vec![b'x'; 50 << 20];
    let port = serve(move |path| match path {
        "/" => {
            let links: String = (0..BOMBS)
                .map(|n| format!("<a href=\"/bomba{n}\">a</a><a href=\"/grande{n}.pdf\">b</a>"))
                .collect();
            response("Content-Type: text/html\r\n", links.as_bytes())
        }
        p if p.starts_with("/bomba") => response("Content-Type: text/html\r\nContent-Encoding: gzip\r\n", &body),
        p if p.starts_with("/grande") => response("Content-Type: application/pdf\r\n", &large),
        _ => b"HTTP/1.1 404 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_vec(),
    });
    let dir = tempfile::tempdir().unwrap();
    let (url, address) = (format!("http://127.0.0.1:{port}/"), format!("127.0.0.1:{port}"));
    let mut child = veedor(&[
        "crawl",
        &url,
        "--no-rate",
        "--connections",
        "16",
        "--allow-private",
        &address,
        "--out",
        dir.path().to_str().unwrap(),
    ])
    .stdout(Stdio::null())
    .spawn()
    .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0_u64;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let most = text.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        let kib = most.and_then(|l| l.split_whitespace().next()?.parse().ok());
        peak = peak.max(kib.unwrap_or(0));
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(peak > 0 && peak < 200 << 10, "{} MiB at most", peak >> 10);
    let case = CaseFile::open(&only_case(dir.path())).unwrap();
    let count = |name: &str, status| {
        let own = case.captures().iter().filter(|c| c.url.contains(name));
        own.filter(|c| c.status == status).count()
    };
    assert_eq!(count("/bomba", FetchStatus::TooLarge), BOMBS);
    assert_eq!(count("/grande", FetchStatus::Ok), BOMBS);
    assert!(case.captures().iter().all(|c| c.length <= 64 << 20));
}

#[test]
fn an_altered_case_is_not_used_and_not_sealed_again() {
    let dir = tempfile::tempdir().unwrap();
    let case = case_in(dir.path());
    let name = case.to_str().unwrap();
    let read = |file: &str| std::fs::read(case.join(file)).unwrap();
    for (file, commands) in [
        ("crawl.jsonl", &["evaluate", "report"][..]),
        ("evidence/000.warc.gz", &["evaluate", "report"]),
        ("findings.json", &["report"]),
        ("manifest.json", &["evaluate", "report"]),
    ] {
        let good = read(file);
        let mut bad = good.clone();
        let last = bad.iter().rposition(u8::is_ascii_alphanumeric).unwrap();
        bad[last] ^= 1;
        std::fs::write(case.join(file), &bad).unwrap();
        let before = (read("manifest.json"), read("findings.json"));
        for command in commands {
            let output = run(&[command, name]);
            let told = told(&output);
            assert_eq!(output.status.code(), Some(2), "{command} {file}: {told}");
            assert!(
                told.contains(file) && told.contains("veedor verify"),
                "{command} {file}: {told}"
            );
            assert_eq!(
                (read("manifest.json"), read("findings.json")),
                before,
                "{command} {file}"
            );
        }
        std::fs::write(case.join(file), &good).unwrap();
    }
    assert!(run(&["evaluate", name, "--quiet"]).status.success());
    assert_eq!(verify(&case).unwrap(), []);
}
