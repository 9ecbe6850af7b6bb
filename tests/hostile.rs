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
            let links: Vec<String> = (0..BOMBS)
                .map(|n| format!("<a href=\"/bomba{n}\">a</a><a href=\"/grande{n}.pdf\">b</a>"))
                .collect();
            response("Content-Type: text/html\r\n", links.concat().as_bytes())
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

/// Arguments, and what must be told of them; all are wrong use.
#[test]
fn wrong_values_and_wrong_files_are_told_with_what_would_be_right() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(at("archivo"), "x").unwrap();
    std::fs::write(at("enorme.yaml"), vec![b'#'; 10 << 20]).unwrap();
    let site = root().join("fixtures/pobre");
    let mut labels = std::fs::read_to_string(site.join("TRUTH.tsv")).unwrap();
    labels.push_str("70.I\tpublicado\t\t\n");
    std::fs::create_dir(at("portal")).unwrap();
    std::fs::write(at("portal/TRUTH.tsv"), labels).unwrap();
    std::fs::write(at("portal/urls.tsv"), "url_path\tfile\tstatus\tcontent_type\n").unwrap();
    let url = "http://127.0.0.1:1/";
    let (file, large, out) = (at("archivo"), at("enorme.yaml"), at("archivo/dentro"));
    let portal = at("portal");
    let mut cases: Vec<(Vec<&str>, &str)> = vec![
        (vec!["audit", url, "--rate", "nan"], "> 0"),
        (vec!["audit", url, "--rate", "0"], "> 0"),
        (vec!["audit", url, "--connections", "0"], "1 … 64"),
        (vec!["audit", url, "--connections", "65"], "1 … 64"),
        (vec!["audit", url, "--max-pages", "0"], "1, 2, 3 …"),
        (vec!["audit", url, "--max-seconds", "0"], "1, 2, 3 …"),
        (vec!["audit", url, "--max-depth", "-1x"], "veedor --help"),
        (
            vec!["audit", url, "--allow-private", "http://127.0.0.1"],
            "SERVIDOR:PUERTO",
        ),
        (vec!["rules", "test", "x", "--floor", "kappa=nan"], "de 0 a 1"),
        (vec!["rules", "test", "x", "--floor", "kappa=2"], "de 0 a 1"),
        (vec!["rules", "test", &portal], "TRUTH.tsv, renglón"),
        (vec!["verify", &file], "no es un expediente"),
        (vec!["evaluate", &file], "no es un expediente"),
        (vec!["report", &file], "donde debe haber una carpeta"),
        (
            vec!["crawl", url, "--allow-private", "127.0.0.1", "--out", &out],
            "--out",
        ),
        (vec!["rules", "lint", &large], "el máximo"),
        (vec!["audit", "foo"], "no es una dirección"),
    ];
    if cfg!(unix) {
        cases.push((vec!["rules", "lint", "/dev/zero"], "dispositivo"));
        cases.push((vec!["--config", "/dev/zero", "rules", "list"], "dispositivo"));
    }
    for (arguments, expected) in cases {
        let output = run(&arguments);
        let told = told(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains(expected), "{arguments:?}: {told}");
        assert!(!told.contains("os error"), "{arguments:?}: {told}");
    }
    for (settings, expected) in [
        ("rate: .nan", "> 0"),
        ("rate: 0", "> 0"),
        ("connections: 0", "1 … 64"),
        ("max_pages: 0", "1, 2, 3 …"),
        ("allow_private: ['http://a.mx']", "SERVIDOR:PUERTO"),
    ] {
        let path = at("ajustes.yaml");
        std::fs::write(&path, settings).unwrap();
        let output = run(&["--config", &path, "rules", "list"]);
        assert_eq!(output.status.code(), Some(2), "{settings}");
        assert!(told(&output).contains(expected), "{settings}: {}", told(&output));
    }
}

#[test]
#[cfg(unix)]
fn imports_stay_in_their_folder() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().unwrap();
    let site = dir.path().join("sitio");
    std::fs::create_dir(&site).unwrap();
    std::fs::write(dir.path().join("secreto.html"), "secreto").unwrap();
    std::fs::write(site.join("index.html"), "<p>inicio</p>").unwrap();
    symlink(dir.path().join("secreto.html"), site.join("fuera.html")).unwrap();
    symlink(site.join("index.html"), site.join("dentro.html")).unwrap();
    symlink(&site, site.join("vuelta")).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(site.join("tubo"))
            .status()
            .unwrap()
            .success()
    );
    let out = dir.path().join("e");
    let import = |more: &[&str]| {
        let mut all = vec![
            "import",
            "--base-url",
            "https://ejemplo.invalid/",
            "--out",
            out.to_str().unwrap(),
        ];
        all.extend(more);
        run(&all)
    };
    let output = import(&[site.to_str().unwrap()]);
    let text = told(&output);
    assert!(output.status.success(), "{text}");
    for skipped in ["fuera.html", "vuelta", "tubo"] {
        assert!(text.contains(skipped), "{skipped}: {text}");
    }
    let place = only_case(&out);
    let case = CaseFile::open(&place).unwrap();
    let urls: Vec<&str> = case.captures().iter().map(|c| c.url.as_str()).collect();
    assert_eq!(
        urls,
        [
            "https://ejemplo.invalid/dentro.html",
            "https://ejemplo.invalid/",
            "https://ejemplo.invalid/index.html"
        ]
    );
    let head = "url_path\tfile\tstatus\tcontent_type\n";
    for (row, expected) in [
        ("/\tfuera.html\t200\t\n", "sale de la carpeta"),
        ("/\ttubo\t200\t\n", "tubería"),
    ] {
        std::fs::write(site.join("urls.tsv"), format!("{head}{row}")).unwrap();
        let output = import(&["--urls", site.join("urls.tsv").to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2), "{}", told(&output));
        assert!(told(&output).contains(expected), "{}", told(&output));
    }
    // Nor does a case lead anywhere, or wait for anybody.
    let case = place;
    assert!(
        Command::new("mkfifo")
            .arg(case.join("evidence/001.warc.gz"))
            .status()
            .unwrap()
            .success()
    );
    symlink(&case, case.join("evidence/vuelta")).unwrap();
    for command in ["verify", "evaluate"] {
        assert!(
            matches!(run(&[command, case.to_str().unwrap()]).status.code(), Some(1 | 2)),
            "{command}"
        );
    }
}

#[test]
fn a_redirect_to_a_private_address_is_not_for_its_user_to_permit() {
    let port = serve(|path| match path {
        "/robots.txt" => {
            b"HTTP/1.1 302 F\r\nLocation: http://10.0.0.1/robots.txt\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                .to_vec()
        }
        _ => response("", b"x"),
    });
    let dir = tempfile::tempdir().unwrap();
    let output = run(&[
        "audit",
        &format!("http://127.0.0.1:{port}/"),
        "--allow-private",
        &format!("127.0.0.1:{port}"),
        "--no-rate",
        "--out",
        dir.path().to_str().unwrap(),
    ]);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(
        told.contains("redirige a una dirección privada") && !told.contains("--allow-private"),
        "{told}"
    );
}

#[test]
fn a_page_made_to_take_long_takes_little() {
    let dir = tempfile::tempdir().unwrap();
    let site = dir.path().join("sitio");
    std::fs::create_dir(&site).unwrap();
    let repeated = |one: &dyn Fn(usize) -> String| (0..200_000).map(one).collect::<Vec<_>>().concat();
    let rows = repeated(&|n| format!("<tr><td>fila {n}</td><td>x</td></tr>"));
    let attributes = repeated(&|n| format!(" a{n}=1"));
    let start = "<h1>Transparencia</h1><h2>Fracción XXVIII. Licitaciones</h2>";
    std::fs::write(site.join("index.html"), format!("{start}<table>{rows}</table>")).unwrap();
    std::fs::write(
        site.join("a.html"),
        format!("{start}<a href=x{attributes}>Fracción I</a>"),
    )
    .unwrap();
    let started = std::time::Instant::now();
    let output = run(&[
        "import",
        site.to_str().unwrap(),
        "--base-url",
        "https://ejemplo.invalid/",
        "--quiet",
        "--out",
        dir.path().join("e").to_str().unwrap(),
    ]);
    assert!(output.status.success(), "{}", told(&output));
    // Without optimisation and on a busy machine; where time grew with the square it was many minutes.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
