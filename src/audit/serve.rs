//! A snapshot of a portal, served on loopback: for the demonstration and for labelled snapshots.

use std::collections::HashMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;

use super::AuditError;
use crate::archive::{ArchiveError, from_table};
use crate::files;
use crate::model::Exchange;

/// What a portal's folder says of itself.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Path where a citizen begins.
    pub entry: String,
    /// Host that its pages call their own, when it says so.
    pub host: Option<String>,
    routes: HashMap<String, Exchange>,
}

impl Snapshot {
    /// Reads a folder with `urls.tsv` and, where the entry is not `/`, `SOURCE.json` (`entry`).
    pub fn open(dir: &Path) -> Result<Self, AuditError> {
        let about: serde_json::Value = files::read(&dir.join("SOURCE.json"), 1 << 20)
            .ok()
            .and_then(|b| serde_json::from_slice(&b).ok())
            .unwrap_or_default();
        let base = url::Url::parse("http://snapshot.invalid/").map_err(|_| ArchiveError::NotACase(dir.to_owned()))?;
        let table = from_table(&dir.join("urls.tsv"), &base, "1970-01-01T00:00:00Z")?;
        let mut routes = HashMap::new();
        for exchange in table.exchanges() {
            let exchange = exchange?;
            let key = url::Url::parse(&exchange.capture.url)
                .map(|u| route(u.path(), u.query()))
                .unwrap_or_default();
            routes.entry(key).or_insert(exchange);
        }
        Ok(Self {
            entry: about["entry"].as_str().unwrap_or("/").to_owned(),
            host: about["base_url"]
                .as_str()
                .and_then(|b| url::Url::parse(b.split_whitespace().next()?).ok())
                .map(|u| crate::text::url::host(&u)),
            routes,
        })
    }

    /// Paths with status 200, decoded, sorted.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let mut out: Vec<String> = self
            .routes
            .iter()
            .filter(|(_, e)| e.capture.http_status == Some(200))
            .map(|(p, _)| p.clone())
            .collect();
        out.sort();
        out
    }

    fn find(&self, path: &str, query: Option<&str>) -> Option<&Exchange> {
        let key = route(path, query);
        self.routes.get(&key).or_else(|| {
            // The address alone leads where a citizen begins.
            let (entry, entry_query) = self
                .entry
                .split_once('?')
                .map_or((self.entry.as_str(), None), |(p, q)| (p, Some(q)));
            (key == "/")
                .then(|| self.routes.get(&route(entry, entry_query)))
                .flatten()
        })
    }
}

/// Path and query with percent-encodings undone.
#[must_use]
pub fn route(path: &str, query: Option<&str>) -> String {
    let decode = |s: &str| percent_decode_str(s).decode_utf8_lossy().into_owned();
    query.map_or_else(|| decode(path), |q| format!("{}?{}", decode(path), decode(q)))
}

/// A running server; it ends when dropped.
#[derive(Debug)]
pub struct Server {
    port: u16,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    /// Serves a snapshot on a free port of 127.0.0.1.
    pub fn start(snapshot: Snapshot) -> Result<Self, AuditError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(AuditError::Runtime)?;
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .map_err(AuditError::Runtime)?;
        let port = listener.local_addr().map_err(AuditError::Runtime)?.port();
        let snapshot = Arc::new(snapshot);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let snapshot = Arc::clone(&snapshot);
                tokio::spawn(async move {
                    let service = service_fn(move |request| {
                        let snapshot = Arc::clone(&snapshot);
                        async move { Ok::<_, Infallible>(answer(&snapshot, &request)) }
                    });
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Ok(Self {
            port,
            _runtime: runtime,
        })
    }

    /// `127.0.0.1:PORT`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// An address on it.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{}", self.address(), path.trim_start_matches('/'))
    }
}

fn answer<B>(snapshot: &Snapshot, request: &Request<B>) -> Response<Full<Bytes>> {
    let uri = request.uri();
    let Some(exchange) = snapshot.find(uri.path(), uri.query()) else {
        let mut response = Response::new(Full::new(Bytes::from_static(b"404 Not Found")));
        *response.status_mut() = hyper::StatusCode::NOT_FOUND;
        return response;
    };
    let mut response = Response::builder().status(exchange.capture.http_status.unwrap_or(200));
    if let Some(kind) = &exchange.capture.content_type {
        response = response.header("content-type", kind);
    }
    if let Some(to) = &exchange.capture.redirect_to {
        // Redirects of the snapshot's own host stay on this server.
        let to = to.strip_prefix("http://snapshot.invalid").unwrap_or(to);
        response = response.header("location", to);
    }
    response
        .body(Full::new(Bytes::from(exchange.payload.clone())))
        .unwrap_or_else(|_| Response::new(Full::new(Bytes::new())))
}

/// Folders below a folder that hold a snapshot, sorted.
pub fn snapshots(dir: &Path) -> Result<Vec<PathBuf>, AuditError> {
    if dir.join("urls.tsv").exists() {
        return Ok(vec![dir.to_owned()]);
    }
    let mut out: Vec<PathBuf> = std::fs::read_dir(dir)
        .map_err(AuditError::io(dir))?
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.join("urls.tsv").exists())
        .collect();
    out.sort();
    Ok(out)
}
