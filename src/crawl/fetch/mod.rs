//! One address → one exchange: HTTP with manners and limits. The only place that names the HTTP client.

pub mod guard;
mod host;

use std::collections::HashMap;
use std::error::Error as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Url;

use super::CrawlPlan;
use crate::codec;
use crate::model::{Capture, Exchange, FetchStatus, Via};
use crate::text::url::resolve;
use guard::Guard;
use host::Pace;

/// Bytes a second under which a transfer is given up, after [`PATIENCE`].
const LEAST_SPEED: f64 = 100.0;
/// Time after which the speed of a transfer counts.
const PATIENCE: Duration = Duration::from_secs(20);

/// An exchange with its body decoded, for extraction.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) exchange: Exchange,
    pub(super) body: Vec<u8>,
    pub(super) headers: Vec<(String, String)>,
}

/// The address of a name, or how and why it may not be requested.
type Located = Result<IpAddr, (FetchStatus, String)>;

/// Fetches with manners.
pub(super) struct Fetcher {
    client: reqwest::Client,
    guard: Arc<Guard>,
    plan: CrawlPlan,
    hosts: Mutex<HashMap<String, Arc<Pace>>>,
    addresses: Mutex<HashMap<IpAddr, Arc<Pace>>>,
    resolved: tokio::sync::Mutex<HashMap<String, Located>>,
}

/// Why a name has no address to connect to.
#[derive(Debug, thiserror::Error)]
#[error("the name has only addresses that may not be requested")]
struct Refused;

/// Resolves names to permitted addresses only, also when the connection is made.
struct Resolver {
    guard: Arc<Guard>,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = Arc::clone(&self.guard);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let permitted: Vec<SocketAddr> = found.filter(|a| guard.permits_at_host(name.as_str(), a.ip())).collect();
            if permitted.is_empty() {
                return Err(Box::new(Refused) as Box<dyn std::error::Error + Send + Sync>);
            }
            Ok(Box::new(permitted.into_iter()) as Addrs)
        })
    }
}

/// What one attempt gave.
struct Attempt {
    status: FetchStatus,
    http_status: Option<u16>,
    head: Option<Vec<u8>>,
    headers: Vec<(String, String)>,
    payload: Vec<u8>,
    remote: Option<IpAddr>,
    error: Option<String>,
    retry_after: Option<Duration>,
}

impl Attempt {
    fn failed(status: FetchStatus, error: String) -> Self {
        Self {
            status,
            http_status: None,
            head: None,
            headers: Vec::new(),
            payload: Vec::new(),
            remote: None,
            error: Some(error),
            retry_after: None,
        }
    }
}

impl Fetcher {
    /// Sets up the client.
    pub(super) fn new(plan: &CrawlPlan) -> Result<Self, reqwest::Error> {
        let guard = Arc::new(Guard::new(&plan.allow_private));
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_proxy()
            .http1_only()
            .dns_resolver(Arc::new(Resolver {
                guard: Arc::clone(&guard),
            }))
            .connect_timeout(Duration::from_secs(plan.timeout_seconds.min(30)))
            .pool_max_idle_per_host(plan.connections)
            .pool_idle_timeout(Duration::from_secs(20))
            .build()?;
        Ok(Self {
            client,
            guard,
            plan: plan.clone(),
            hosts: Mutex::new(HashMap::new()),
            addresses: Mutex::new(HashMap::new()),
            resolved: tokio::sync::Mutex::new(HashMap::new()),
        })
    }

    /// Asks a host to be requested more slowly (`Crawl-delay`).
    pub(super) fn slow_down(&self, url: &Url, seconds: f32) {
        if self.plan.rate.is_some() && seconds.is_finite() && seconds > 0.0 {
            self.host(url).at_least(Duration::from_secs_f32(seconds.min(60.0)));
        }
    }

    /// Fetches an address, trying again where that may help.
    pub(super) async fn fetch(&self, url: &Url, referrer: Option<&str>, depth: u32, why: &str) -> Fetched {
        let mut tries = 0;
        loop {
            let started = Instant::now();
            let captured_at = jiff::Timestamp::now().to_string();
            let attempt = self.attempt(url).await;
            let wait = self.wait_before_retry(&attempt, tries);
            if let Some(wait) = wait {
                tries += 1;
                self.host(url).pause(wait);
                tokio::time::sleep(wait).await;
                continue;
            }
            return self.finish(url, attempt, (referrer, depth, why), captured_at, started.elapsed());
        }
    }

    /// How long to wait before another try; `None` when there is no point in one.
    fn wait_before_retry(&self, attempt: &Attempt, tries: u32) -> Option<Duration> {
        let again = matches!(
            attempt.status,
            FetchStatus::ServerError
                | FetchStatus::RateLimited
                | FetchStatus::ConnectError
                | FetchStatus::Timeout
                | FetchStatus::Truncated
        );
        if !again || tries >= self.plan.retries {
            return None;
        }
        let longest = Duration::from_secs(self.plan.longest_wait_seconds);
        match attempt.retry_after {
            Some(wait) if wait > longest => None,
            Some(wait) => Some(wait),
            None => Some(Duration::from_millis(self.plan.backoff_ms << tries).min(longest)),
        }
    }

    fn finish(
        &self,
        url: &Url,
        attempt: Attempt,
        origin: (Option<&str>, u32, &str),
        captured_at: String,
        elapsed: Duration,
    ) -> Fetched {
        let mut status = attempt.status;
        let mut error = attempt.error;
        let find = |name: &str| {
            attempt
                .headers
                .iter()
                .find(|(n, _)| n.eq_ignore_ascii_case(name))
                .map(|(_, v)| v.clone())
        };
        let body = match codec::decode(
            find("content-encoding").as_deref(),
            &attempt.payload,
            self.plan.max_body,
        ) {
            Ok(decoded) => {
                if decoded.truncated_at_limit && status == FetchStatus::Ok {
                    status = FetchStatus::TooLarge;
                    error = Some(format!("over {} bytes once decoded", self.plan.max_body));
                }
                decoded.bytes
            }
            Err(e) => {
                if status == FetchStatus::Ok {
                    status = FetchStatus::BadResponse;
                    error = Some(e.to_string());
                }
                Vec::new()
            }
        };
        let redirect_to = (status == FetchStatus::Redirected)
            .then(|| {
                find("location")
                    .and_then(|l| resolve(url, &l))
                    .map(|(u, _)| u.to_string())
            })
            .flatten();
        if status == FetchStatus::Redirected && redirect_to.is_none() {
            status = FetchStatus::BadResponse;
            error = Some("a redirect without a target that can be followed".to_owned());
        }
        if status == FetchStatus::Ok && is_robot_wall(attempt.http_status, &attempt.headers, &body) {
            status = FetchStatus::Blocked;
            error = Some("an anti-robot page".to_owned());
        }
        let capture = Capture {
            url: url.to_string(),
            captured_at,
            status,
            http_status: attempt.http_status,
            content_type: find("content-type"),
            sha256: None,
            length: body.len() as u64,
            redirect_to,
            referrer: origin.0.map(str::to_owned),
            depth: origin.1,
            why: origin.2.to_owned(),
            elapsed_ms: u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            error,
            via: Via::Http,
            record: None,
            soft_404: false,
        };
        let requested = attempt.head.is_some();
        Fetched {
            exchange: Exchange {
                capture,
                request: if requested { self.request_head(url) } else { Vec::new() },
                response_head: attempt.head,
                payload: attempt.payload,
                remote_address: attempt.remote,
            },
            body,
            headers: attempt.headers,
        }
    }

    fn request_head(&self, url: &Url) -> Vec<u8> {
        let query = url.query().map(|q| format!("?{q}")).unwrap_or_default();
        let port = url.port().map(|p| format!(":{p}")).unwrap_or_default();
        format!(
            "GET {}{query} HTTP/1.1\r\nHost: {}{port}\r\nUser-Agent: {}\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\n\r\n",
            url.path(),
            url.host_str().unwrap_or_default(),
            self.plan.user_agent
        )
        .into_bytes()
    }

    fn host(&self, url: &Url) -> Arc<Pace> {
        let key = crate::text::url::host(url);
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(
            hosts
                .entry(key)
                .or_insert_with(|| Arc::new(Pace::new(self.plan.rate, self.plan.connections))),
        )
    }

    fn address(&self, address: IpAddr) -> Arc<Pace> {
        let mut all = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(
            all.entry(address)
                .or_insert_with(|| Arc::new(Pace::new(self.plan.rate, self.plan.connections))),
        )
    }

    /// The address that a host will be counted by, or why it may not be requested.
    async fn locate(&self, url: &Url) -> Located {
        let refused = || {
            let host = url.host_str().unwrap_or_default();
            let port = url.port_or_known_default().unwrap_or(80);
            (
                FetchStatus::AddressRefused,
                format!("{host} is a private address; --allow-private {host}:{port} would permit it"),
            )
        };
        let literal = match url.host() {
            Some(url::Host::Ipv4(a)) => Some(IpAddr::V4(a)),
            Some(url::Host::Ipv6(a)) => Some(IpAddr::V6(a)),
            _ => None,
        };
        if let Some(address) = literal {
            return if self.guard.permits(url, address) {
                Ok(address)
            } else {
                Err(refused())
            };
        }
        let name = url.host_str().unwrap_or_default().to_owned();
        let port = url.port_or_known_default().unwrap_or(80);
        let key = format!("{name}:{port}");
        let mut known = self.resolved.lock().await;
        if let Some(found) = known.get(&key) {
            return found.clone();
        }
        let found = match tokio::net::lookup_host((name.as_str(), port)).await {
            Ok(addresses) => {
                let all: Vec<IpAddr> = addresses.map(|a| a.ip()).collect();
                match all.iter().find(|a| self.guard.permits(url, **a)) {
                    Some(address) => Ok(*address),
                    None if all.is_empty() => Err((FetchStatus::DnsError, format!("{name} has no address"))),
                    None => Err(refused()),
                }
            }
            Err(e) => Err((FetchStatus::DnsError, format!("{name} does not resolve: {e}"))),
        };
        known.insert(key, found.clone());
        found
    }

    async fn attempt(&self, url: &Url) -> Attempt {
        let address = match self.locate(url).await {
            Ok(address) => address,
            Err((status, why)) => return Attempt::failed(status, why),
        };
        let (host, by_address) = (self.host(url), self.address(address));
        let _host = host.enter().await;
        let _address = by_address.enter().await;
        host.turn().await;
        by_address.turn().await;
        let started = Instant::now();
        let limit = Duration::from_secs(self.plan.timeout_seconds);
        let attempt = match tokio::time::timeout(limit, self.send(url)).await {
            Ok(attempt) => attempt,
            Err(_) => Attempt::failed(
                FetchStatus::Timeout,
                format!("no whole answer within {} s", limit.as_secs()),
            ),
        };
        host.learn(started.elapsed(), attempt.status);
        attempt
    }

    async fn send(&self, url: &Url) -> Attempt {
        let request = self
            .client
            .get(url.clone())
            .header("User-Agent", &self.plan.user_agent)
            .header("Accept", "*/*")
            .header("Accept-Encoding", "gzip, deflate");
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(e) => return Attempt::failed(classify(&e), describe(&e)),
        };
        let code = response.status().as_u16();
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(n, v)| {
                (
                    n.as_str().to_owned(),
                    String::from_utf8_lossy(v.as_bytes()).into_owned(),
                )
            })
            .collect();
        let find = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let retry_after = find("retry-after").and_then(retry_after);
        let mut attempt = Attempt {
            status: status_of(code, retry_after.is_some()),
            http_status: Some(code),
            head: Some(head(&response, &headers)),
            payload: Vec::new(),
            remote: response.remote_addr().map(|a| a.ip()),
            error: None,
            retry_after,
            headers,
        };
        let started = Instant::now();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => {
                    attempt.payload.extend_from_slice(&chunk);
                    if attempt.payload.len() as u64 > self.plan.max_body {
                        attempt
                            .payload
                            .truncate(usize::try_from(self.plan.max_body).unwrap_or(usize::MAX));
                        attempt.status = FetchStatus::TooLarge;
                        attempt.error = Some(format!("over {} bytes", self.plan.max_body));
                        return attempt;
                    }
                    let elapsed = started.elapsed();
                    if elapsed > PATIENCE && (attempt.payload.len() as f64) < LEAST_SPEED * elapsed.as_secs_f64() {
                        attempt.status = FetchStatus::TooSlow;
                        attempt.error = Some(format!("under {LEAST_SPEED} bytes a second"));
                        return attempt;
                    }
                }
                Ok(None) => return attempt,
                Err(e) => {
                    attempt.status = FetchStatus::Truncated;
                    attempt.error = Some(describe(&e));
                    return attempt;
                }
            }
        }
    }
}

fn status_of(code: u16, retry_after: bool) -> FetchStatus {
    match code {
        200..=299 => FetchStatus::Ok,
        304 => FetchStatus::NotModified,
        300..=399 => FetchStatus::Redirected,
        401 | 403 | 407 | 451 => FetchStatus::Blocked,
        429 => FetchStatus::RateLimited,
        503 if retry_after => FetchStatus::RateLimited,
        400..=499 => FetchStatus::ClientError,
        500..=599 => FetchStatus::ServerError,
        _ => FetchStatus::BadResponse,
    }
}

/// The response's head as archived: transfer coding is undone, and said so.
fn head(response: &reqwest::Response, headers: &[(String, String)]) -> Vec<u8> {
    let status = response.status();
    let mut out = format!(
        "HTTP/1.1 {} {}\r\n",
        status.as_u16(),
        status.canonical_reason().unwrap_or_default()
    )
    .into_bytes();
    for (name, value) in headers {
        if name == "transfer-encoding" {
            out.extend_from_slice(b"x-archive-orig-");
        }
        let clean: String = value.chars().filter(|c| !c.is_control()).collect();
        for part in [name.as_bytes(), b": ", clean.as_bytes(), b"\r\n"] {
            out.extend_from_slice(part);
        }
    }
    out.extend_from_slice(b"\r\n");
    out
}

/// Seconds or an HTTP date.
fn retry_after(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(value.trim()).ok()?.timestamp();
    let wait = at.as_second() - jiff::Timestamp::now().as_second();
    Some(Duration::from_secs(u64::try_from(wait).unwrap_or(0)))
}

fn classify(error: &reqwest::Error) -> FetchStatus {
    if error.is_timeout() {
        return FetchStatus::Timeout;
    }
    let mut source = error.source();
    let mut text = error.to_string();
    while let Some(inner) = source {
        if inner.is::<Refused>() {
            return FetchStatus::AddressRefused;
        }
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    let lower = text.to_lowercase();
    if lower.contains("dns") || lower.contains("lookup address") {
        FetchStatus::DnsError
    } else if lower.contains("certificate") || lower.contains("tls") || lower.contains("handshake") {
        FetchStatus::TlsError
    } else if error.is_connect() || lower.contains("reset") || lower.contains("connection closed") {
        FetchStatus::ConnectError
    } else {
        FetchStatus::BadResponse
    }
}

/// The innermost reason: what the outer ones repeat.
fn describe(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    text
}

/// Challenge pages of well-known shields.
fn is_robot_wall(status: Option<u16>, headers: &[(String, String)], body: &[u8]) -> bool {
    let challenged = headers.iter().any(|(n, v)| n == "cf-mitigated" && v == "challenge");
    let start = &body[..body.len().min(4000)];
    let says = |needle: &[u8]| start.windows(needle.len()).any(|w| w == needle);
    challenged
        || status == Some(200)
            && body.len() < 20_000
            && (says(b"/_Incapsula_Resource")
                || says(b"cf-browser-verification")
                || says(b"sucuri_cloudproxy_js")
                || says(b"window.gokuProps"))
}
