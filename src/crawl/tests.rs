//! From the server's side: what a host sees of a crawl.
#![expect(clippy::format_collect, reason = "a few short strings")]

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::sync::{mpsc, watch};

use super::*;
use crate::event::Silent;
use crate::model::{CrawlSummary, Exchange, FetchStatus, LinkOrigin};

/// What a route answers: status, headers, body; `{port}` in headers and body is the server's.
type Route = (u16, Vec<(&'static str, String)>, String);

#[derive(Default)]
struct Log {
    requests: Vec<(Instant, String)>,
    most: usize,
}

struct Server {
    port: u16,
    log: Arc<Mutex<Log>>,
}

async fn serve(routes: Vec<(&'static str, Vec<Route>)>, delay: Duration) -> Server {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let port = listener.local_addr().expect("address").port();
    let log = Arc::new(Mutex::new(Log::default()));
    let routes: Arc<HashMap<&str, Vec<Route>>> = Arc::new(routes.into_iter().collect());
    let served: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
    let flying = Arc::new(AtomicUsize::new(0));
    let own = Arc::clone(&log);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (routes, log, served, flying) = (
                Arc::clone(&routes),
                Arc::clone(&own),
                Arc::clone(&served),
                Arc::clone(&flying),
            );
            tokio::spawn(async move {
                let service = service_fn(move |request: Request<hyper::body::Incoming>| {
                    let (routes, log, served, flying) = (
                        Arc::clone(&routes),
                        Arc::clone(&log),
                        Arc::clone(&served),
                        Arc::clone(&flying),
                    );
                    async move {
                        let path = request
                            .uri()
                            .path_and_query()
                            .map(ToString::to_string)
                            .unwrap_or_default();
                        let now = flying.fetch_add(1, Ordering::SeqCst) + 1;
                        {
                            let mut log = log.lock().expect("log");
                            log.requests.push((Instant::now(), path.clone()));
                            log.most = log.most.max(now);
                        }
                        tokio::time::sleep(delay).await;
                        flying.fetch_sub(1, Ordering::SeqCst);
                        let turn = {
                            let mut served = served.lock().expect("served");
                            let n = served.entry(path.clone()).or_default();
                            *n += 1;
                            *n - 1
                        };
                        let missing = (404, Vec::new(), "no existe".to_owned());
                        let (status, headers, body) = routes
                            .get(path.as_str())
                            .map_or(&missing, |r| &r[turn.min(r.len() - 1)]);
                        let mut response = Response::builder().status(*status);
                        if headers.iter().all(|(n, _)| *n != "content-type") {
                            response = response.header("content-type", "text/html");
                        }
                        for (name, value) in headers {
                            response = response.header(*name, value.replace("{port}", &port.to_string()));
                        }
                        let body = body.replace("{port}", &port.to_string());
                        Ok::<_, Infallible>(response.body(Full::new(Bytes::from(body))).expect("response"))
                    }
                });
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    Server { port, log }
}

/// Every `href="…"`.
struct Hrefs;

impl LinkExtractor for Hrefs {
    fn links(&self, capture: &Capture, _: &[(String, String)], body: &[u8]) -> Vec<LinkFound> {
        let base = url::Url::parse(&capture.url).expect("url");
        String::from_utf8_lossy(body)
            .split("href=\"")
            .skip(1)
            .filter_map(|p| crate::text::url::resolve(&base, p.split('"').next()?))
            .map(|(url, _)| LinkFound {
                url: url.to_string(),
                words: String::new(),
                origin: LinkOrigin::Anchor,
            })
            .collect()
    }
}

fn plan(server: &Server) -> CrawlPlan {
    CrawlPlan {
        rate: None,
        allow_private: vec![format!("127.0.0.1:{}", server.port)],
        backoff_ms: 20,
        timeout_seconds: 5,
        ..CrawlPlan::new(&format!("http://127.0.0.1:{}/", server.port))
    }
}

async fn run(plan: &CrawlPlan, resume: Resume) -> (CrawlSummary, Vec<Exchange>) {
    let (sink, mut taken) = mpsc::channel(8);
    let keep = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Some(exchange) = taken.recv().await {
            all.push(exchange);
        }
        all
    });
    let (_stop, cancel) = watch::channel(false);
    let summary = crawl(plan, resume, sink, Arc::new(Hrefs), Arc::new(Silent), cancel)
        .await
        .expect("a crawl");
    (summary, keep.await.expect("sink"))
}

fn page(body: &str) -> Vec<Route> {
    vec![(200, Vec::new(), body.to_owned())]
}

fn paths(server: &Server) -> Vec<String> {
    server
        .log
        .lock()
        .expect("log")
        .requests
        .iter()
        .map(|(_, p)| p.clone())
        .collect()
}

fn status_of(exchanges: &[Exchange], path: &str) -> FetchStatus {
    exchanges
        .iter()
        .find(|e| e.capture.url.ends_with(path))
        .map(|e| e.capture.status)
        .expect(path)
}

#[tokio::test(flavor = "multi_thread")]
async fn pace_and_connections_are_kept() {
    let links: String = (0..8).map(|n| format!("<a href=\"/p{n}\">x</a>")).collect();
    let server = serve(vec![("/", page(&links))], Duration::from_millis(60)).await;
    let plan = CrawlPlan {
        rate: Some(20.0),
        connections: 2,
        ..plan(&server)
    };
    let began = Instant::now();
    let (summary, _) = run(&plan, Resume::default()).await;
    assert!(summary.complete);
    let log = server.log.lock().expect("log");
    assert!(log.most <= 2, "{} connections at once", log.most);
    // At 20 a second the n-th request leaves n times 50 ms after the first, less the clock's grain. A busy machine only makes it later.
    for (n, (at, path)) in log.requests.iter().enumerate() {
        let least = Duration::from_millis(50 * n as u64).saturating_sub(Duration::from_millis(10));
        assert!(*at - began >= least, "{path} came {:?} after the start", *at - began);
    }
    assert!(log.requests.len() >= 9, "{}", log.requests.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_are_obeyed_and_told() {
    let robots = "User-agent: *\nDisallow: /privado\nSitemap: http://127.0.0.1:{port}/mapa.xml";
    let routes = vec![
        ("/robots.txt", page(robots)),
        ("/", page("<a href=\"/privado/x\">a</a><a href=\"/libre\">b</a>")),
        ("/libre", page("ok")),
    ];
    let server = serve(routes, Duration::ZERO).await;
    let (_, exchanges) = run(&plan(&server), Resume::default()).await;
    assert_eq!(status_of(&exchanges, "/privado/x"), FetchStatus::RobotsDisallowed);
    assert_eq!(status_of(&exchanges, "/libre"), FetchStatus::Ok);
    let seen = paths(&server);
    assert!(
        !seen.iter().any(|p| p.starts_with("/privado")) && seen.contains(&"/mapa.xml".to_owned()),
        "{seen:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_that_cannot_be_had_forbid_everything() {
    let server = serve(
        vec![
            ("/robots.txt", vec![(500, Vec::new(), String::new())]),
            ("/", page("x")),
        ],
        Duration::ZERO,
    )
    .await;
    let (summary, exchanges) = run(&plan(&server), Resume::default()).await;
    assert_eq!(summary.stop_reason, "entry_unreachable");
    assert!(
        exchanges
            .iter()
            .any(|e| e.capture.status == FetchStatus::RobotsDisallowed)
    );
    assert!(paths(&server).iter().all(|p| p == "/robots.txt"));
}

#[tokio::test(flavor = "multi_thread")]
async fn retry_after_is_waited_for() {
    let busy = (429, vec![("retry-after", "1".to_owned())], String::new());
    let server = serve(
        vec![
            ("/", page("<a href=\"/b\">b</a>")),
            ("/b", vec![busy, (200, Vec::new(), "ok".into())]),
        ],
        Duration::ZERO,
    )
    .await;
    let (_, exchanges) = run(&plan(&server), Resume::default()).await;
    assert_eq!(status_of(&exchanges, "/b"), FetchStatus::Ok);
    let log = server.log.lock().expect("log");
    let times: Vec<Instant> = log
        .requests
        .iter()
        .filter(|(_, p)| p == "/b")
        .map(|(t, _)| *t)
        .collect();
    assert!(
        times.len() == 2 && times[1] - times[0] >= Duration::from_millis(990),
        "{times:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn private_addresses_are_never_requested() {
    let trap = serve(vec![("/", page("secret"))], Duration::ZERO).await;
    let p = trap.port;
    let body: String = [
        format!("http://127.0.0.1:{p}/a"),
        format!("http://0x7f000001:{p}/b"),
        format!("http://[::ffff:127.0.0.1]:{p}/c"),
        format!("http://2130706433:{p}/d"),
        format!("http://localhost:{p}/e"),
        "/sale".to_owned(),
    ]
    .iter()
    .map(|u| format!("<a href=\"{u}\">x</a>"))
    .collect();
    let away = vec![(
        302,
        vec![("location", format!("http://127.0.0.1:{p}/f"))],
        String::new(),
    )];
    let server = serve(vec![("/", page(&body)), ("/sale", away)], Duration::ZERO).await;
    let (_, exchanges) = run(&plan(&server), Resume::default()).await;
    assert_eq!(status_of(&exchanges, "/sale"), FetchStatus::Redirected);
    assert_eq!(paths(&trap), Vec::<String>::new());
    // An entry that is itself private is refused, and says how to allow it.
    let refused = CrawlPlan {
        allow_private: Vec::new(),
        ..plan(&server)
    };
    let before = paths(&server).len();
    let (summary, exchanges) = run(&refused, Resume::default()).await;
    assert_eq!(summary.stop_reason, "entry_unreachable");
    assert!(exchanges.iter().any(|e| {
        e.capture
            .error
            .as_deref()
            .is_some_and(|t| t.contains("--allow-private"))
    }));
    assert_eq!(paths(&server).len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn loops_bombs_and_soft_errors_are_told() {
    use std::io::Write;
    let gone =
        "<html><body><h1>Lo sentimos, esta pagina del municipio no fue encontrada en el servidor</h1></body></html>";
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    bomb.write_all(&vec![b' '; 3 << 20]).expect("memory");
    let bomb = bomb.finish().expect("memory");
    // The test server sends text: the bomb goes as latin-1 free bytes through a file of its own.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let port = listener.local_addr().expect("address").port();
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        while let Ok((mut stream, _)) = listener.accept().await {
            let bomb = bomb.clone();
            tokio::spawn(async move {
                let mut request = vec![0; 4096];
                let n = stream.read(&mut request).await.unwrap_or(0);
                let path = String::from_utf8_lossy(&request[..n])
                    .split(' ')
                    .nth(1)
                    .unwrap_or_default()
                    .to_owned();
                let mut answer = match path.as_str() {
                    "/" => {
                        let body = "<a href=\"/bomba\">a</a><a href=\"/vuelta\">b</a><a href=\"/falta\">c</a><a href=\"/corta\">d</a>";
                        format!(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{body}",
                            body.len()
                        )
                        .into_bytes()
                    }
                    "/robots.txt" => b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".to_vec(),
                    "/vuelta" => b"HTTP/1.1 302 Found\r\nLocation: /vuelta\r\nContent-Length: 0\r\n\r\n".to_vec(),
                    "/corta" => b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\ncorta".to_vec(),
                    "/bomba" => format!(
                        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
                        bomb.len()
                    )
                    .into_bytes(),
                    _ => format!(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{gone}",
                        gone.len()
                    )
                    .into_bytes(),
                };
                if path == "/bomba" {
                    answer.extend_from_slice(&bomb);
                }
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    let server = Server {
        port,
        log: Arc::default(),
    };
    let plan = CrawlPlan {
        max_body: 1 << 20,
        retries: 0,
        ..plan(&server)
    };
    let (_, exchanges) = run(&plan, Resume::default()).await;
    assert_eq!(status_of(&exchanges, "/bomba"), FetchStatus::TooLarge);
    assert_eq!(status_of(&exchanges, "/vuelta"), FetchStatus::Redirected);
    assert_eq!(status_of(&exchanges, "/corta"), FetchStatus::Truncated);
    let soft = exchanges
        .iter()
        .find(|e| e.capture.url.ends_with("/falta"))
        .expect("fetched");
    assert!(soft.capture.soft_404 && soft.capture.status == FetchStatus::Ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn budgets_end_it_and_leave_a_record() {
    let links: String = (0..30).map(|n| format!("<a href=\"/p{n}\">x</a>")).collect();
    let server = serve(vec![("/", page(&links))], Duration::ZERO).await;
    let plan = CrawlPlan {
        max_pages: 10,
        ..plan(&server)
    };
    let (summary, exchanges) = run(&plan, Resume::default()).await;
    assert_eq!((summary.complete, summary.stop_reason.as_str()), (false, "max_pages"));
    assert!(exchanges.iter().any(|e| e.capture.status == FetchStatus::OutOfBudget));
}

#[tokio::test(flavor = "multi_thread")]
async fn resuming_fetches_nothing_twice() {
    let routes = vec![
        ("/", page("<a href=\"/a\">a</a><a href=\"/b\">b</a>")),
        ("/a", page("<a href=\"/c\">c</a>")),
        ("/b", page("b")),
        ("/c", page("c")),
    ];
    let server = serve(routes, Duration::ZERO).await;
    let (_, all) = run(&plan(&server), Resume::default()).await;
    let whole: std::collections::BTreeSet<String> = all.iter().map(|e| e.capture.url.clone()).collect();
    assert_eq!(whole.len(), all.len(), "none twice");
    let had: Vec<&Exchange> = all
        .iter()
        .filter(|e| !e.capture.url.ends_with("/b") && !e.capture.url.ends_with("/c"))
        .collect();
    let resume = Resume {
        captures: had
            .iter()
            .map(|e| (e.capture.clone(), Hrefs.links(&e.capture, &[], &e.payload)))
            .collect(),
    };
    let (_, rest) = run(&plan(&server), resume).await;
    let rest: std::collections::BTreeSet<&str> = rest
        .iter()
        .filter_map(|e| url::Url::parse(&e.capture.url).ok().map(|_| e.capture.url.as_str()))
        .collect();
    assert_eq!(rest.len(), 2, "{rest:?}");
}

/// A server of raw answers: `answer` gets the path and the stream, and does as it likes.
async fn raw<F, A>(answer: F) -> Server
where
    F: Fn(String, tokio::net::TcpStream) -> A + Clone + Send + 'static,
    A: Future<Output = ()> + Send + 'static,
{
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let port = listener.local_addr().expect("address").port();
    let log = Arc::new(Mutex::new(Log::default()));
    let own = Arc::clone(&log);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (answer, log) = (answer.clone(), Arc::clone(&own));
            tokio::spawn(async move {
                use tokio::io::AsyncReadExt;
                let mut request = vec![0; 4096];
                let n = stream.read(&mut request).await.unwrap_or(0);
                let text = String::from_utf8_lossy(&request[..n]).into_owned();
                let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
                log.lock().expect("log").requests.push((Instant::now(), path.clone()));
                answer(path, stream).await;
            });
        }
    });
    Server { port, log }
}

async fn send(stream: &mut tokio::net::TcpStream, text: &str) {
    use tokio::io::AsyncWriteExt;
    let _ = stream.write_all(text.as_bytes()).await;
}

/// A whole answer that closes the connection.
fn whole(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn depth_is_a_budget_like_the_others() {
    let routes = vec![
        ("/robots.txt", page("User-agent: *\nDisallow: /x")),
        ("/", page("<a href=\"/a\">a</a><a href=\"/c\">c</a>")),
        (
            "/a",
            page("<a href=\"/b\">b</a><a href=\"/c\">c</a><a href=\"/x\">x</a>"),
        ),
        ("/b", page("<a href=\"/d\">d</a>")),
        ("/c", page("c")),
    ];
    let server = serve(routes, Duration::ZERO).await;
    let at = |max_depth| CrawlPlan {
        max_depth,
        ..plan(&server)
    };
    let (summary, exchanges) = run(&at(1), Resume::default()).await;
    assert_eq!((summary.complete, summary.stop_reason.as_str()), (false, "max_depth"));
    assert_eq!(status_of(&exchanges, "/b"), FetchStatus::OutOfBudget);
    assert_eq!(
        status_of(&exchanges, "/c"),
        FetchStatus::Ok,
        "it is near by another way"
    );
    assert_eq!(status_of(&exchanges, "/x"), FetchStatus::RobotsDisallowed);
    assert!(
        exchanges.iter().all(|e| !e.capture.url.ends_with("/d")),
        "nobody saw it"
    );
    let (summary, _) = run(&at(3), Resume::default()).await;
    assert_eq!(
        (summary.complete, summary.stop_reason.as_str()),
        (true, "frontier_empty")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_the_crawl_is_a_deadline() {
    // Each path has its own way of taking for ever.
    let server = raw(async |path, mut stream| match path.as_str() {
        "/" => {
            let links: String = ["cuerpo", "cabeza", "luego", "falla"]
                .iter()
                .map(|n| format!("<a href=\"/{n}\">x</a>"))
                .collect();
            send(&mut stream, &whole("200 OK", &links)).await;
        }
        "/cuerpo" => {
            send(&mut stream, "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\ncomienzo").await;
            loop {
                tokio::time::sleep(Duration::from_millis(50)).await;
                send(&mut stream, "x").await;
            }
        }
        "/cabeza" => {
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        "/luego" => {
            let busy = "HTTP/1.1 503 Busy\r\nRetry-After: 50\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            send(&mut stream, busy).await;
        }
        "/falla" => send(&mut stream, &whole("500 Error", "")).await,
        _ => send(&mut stream, &whole("404 Not Found", "")).await,
    })
    .await;
    let plan = CrawlPlan {
        max_seconds: 2,
        timeout_seconds: 60,
        backoff_ms: 30_000,
        connections: 8,
        ..plan(&server)
    };
    let started = Instant::now();
    let (summary, exchanges) = run(&plan, Resume::default()).await;
    let took = started.elapsed();
    assert!(took < Duration::from_millis(3_500), "{took:?}");
    assert_eq!((summary.complete, summary.stop_reason.as_str()), (false, "max_time"));
    // Which of them got their connection before the host asked to wait is chance; what is not tried is left over.
    for (path, tried) in [
        ("/cuerpo", FetchStatus::TooSlow),
        ("/cabeza", FetchStatus::Timeout),
        ("/luego", FetchStatus::RateLimited),
        ("/falla", FetchStatus::ServerError),
    ] {
        let status = status_of(&exchanges, path);
        assert!(
            status == tried || status == FetchStatus::OutOfBudget,
            "{path}: {status:?}"
        );
    }
    let log = server.log.lock().expect("log");
    let last = log.requests.iter().map(|(t, _)| *t).max().expect("requests");
    assert!(last - started < Duration::from_millis(2_100), "nothing begins after it");
    let kept = exchanges.iter().find(|e| e.capture.status == FetchStatus::TooSlow);
    assert!(kept.is_none_or(|e| e.payload.starts_with(b"comienzo")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_robots_file_ends_with_the_time_and_a_wait_with_it() {
    let slow = raw(async |path, mut stream| {
        if path == "/robots.txt" {
            send(
                &mut stream,
                "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nUser-agent: *\n",
            )
            .await;
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        send(&mut stream, &whole("200 OK", "x")).await;
    })
    .await;
    let links: String = (0..9).map(|n| format!("<a href=\"/p{n}\">x</a>")).collect();
    let paced = serve(vec![("/", page(&links))], Duration::ZERO).await;
    for (server, rate) in [(&slow, None), (&paced, Some(0.4))] {
        let plan = CrawlPlan {
            max_seconds: 1,
            timeout_seconds: 60,
            rate,
            ..plan(server)
        };
        let started = Instant::now();
        let (summary, exchanges) = run(&plan, Resume::default()).await;
        assert!(
            started.elapsed() < Duration::from_millis(2_500),
            "{:?}",
            started.elapsed()
        );
        assert_eq!((summary.complete, summary.stop_reason.as_str()), (false, "max_time"));
        assert!(exchanges.iter().any(|e| e.capture.status == FetchStatus::OutOfBudget));
    }
    assert_eq!(
        paths(&slow),
        ["/robots.txt"],
        "nothing goes out before its rules are known"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_that_are_cut_forbid_and_large_ones_count_from_their_start() {
    let large = raw(async |path, mut stream| {
        let rules = format!("User-agent: *\nDisallow: /no\n{}", "# nada\n".repeat(100_000));
        let body = match path.as_str() {
            "/robots.txt" => rules.as_str(),
            "/" => "<a href=\"/no/a\">a</a><a href=\"/si\">b</a>",
            _ => "x",
        };
        send(&mut stream, &whole("200 OK", body)).await;
    })
    .await;
    let (_, exchanges) = run(&plan(&large), Resume::default()).await;
    assert_eq!(status_of(&exchanges, "/no/a"), FetchStatus::RobotsDisallowed);
    assert_eq!(status_of(&exchanges, "/si"), FetchStatus::Ok);
    assert_eq!(status_of(&exchanges, "/robots.txt"), FetchStatus::TooLarge);
    let cut = raw(async |path, mut stream| {
        let answer = match path.as_str() {
            "/robots.txt" => "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nUser-agent: *\nDisallow: /no\n".to_owned(),
            _ => whole("200 OK", "x"),
        };
        send(&mut stream, &answer).await;
    })
    .await;
    let once = CrawlPlan {
        retries: 0,
        ..plan(&cut)
    };
    let (summary, _) = run(&once, Resume::default()).await;
    assert_eq!(summary.stop_reason, "entry_unreachable");
    assert!(paths(&cut).iter().all(|p| p == "/robots.txt"), "{:?}", paths(&cut));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_asks_to_wait_is_left_alone() {
    let busy = |wait: &str| (503, vec![("retry-after", wait.to_owned())], String::new());
    let routes = vec![
        ("/", vec![busy("1"), (200, Vec::new(), "<a href=\"/b\">b</a>".into())]),
        ("/b", page("b")),
    ];
    let server = serve(routes, Duration::ZERO).await;
    let (_, exchanges) = run(&plan(&server), Resume::default()).await;
    assert_eq!(status_of(&exchanges, "/b"), FetchStatus::Ok);
    {
        let log = server.log.lock().expect("log");
        let asked = log.requests.iter().find(|(_, p)| p == "/").expect("asked").0;
        for (at, path) in log.requests.iter().filter(|(at, _)| *at > asked) {
            assert!(
                *at - asked >= Duration::from_millis(990),
                "{path} after {:?}",
                *at - asked
            );
        }
    }
    // A wait that is too long, or that cannot be read, is given up on: for all of the host.
    for wait in [
        "3600",
        "99999999999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "pronto",
        "",
    ] {
        let routes = vec![("/", vec![busy(wait)]), ("/b", page("b")), ("/sitemap.xml", page("x"))];
        let server = serve(routes, Duration::ZERO).await;
        let started = Instant::now();
        let (summary, exchanges) = run(&plan(&server), Resume::default()).await;
        assert!(started.elapsed() < Duration::from_secs(5), "{wait}");
        assert_eq!(summary.stop_reason, "entry_unreachable", "{wait}");
        assert_eq!(status_of(&exchanges, "/"), FetchStatus::RateLimited, "{wait}");
        let asked = paths(&server).iter().filter(|p| *p == "/").count();
        assert_eq!(asked, 1, "{wait}");
        assert_eq!(
            status_of(&exchanges, "/sitemap.xml"),
            FetchStatus::RateLimited,
            "{wait}"
        );
        assert!(!paths(&server).contains(&"/sitemap.xml".to_owned()), "{wait}");
    }
}
