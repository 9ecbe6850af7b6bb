//! One address → one exchange: HTTP with manners and limits. The only place that names the HTTP client.

pub mod guard;
mod host;
mod memory;

use std::collections::HashMap;
use std::error::Error as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::CrawlPlan;
use crate::codec;
use crate::model::{Capture, Exchange, FetchStatus, Via};
use crate::text::url::resolve;
use guard::Guard;
use host::Pace;
use memory::{Memory, SMALL};

/// Bytes a second under which a transfer is given up, after [`PATIENCE`].
const LEAST_SPEED: f64 = 100.0;
/// Time after which the speed of a transfer counts.
const PATIENCE: Duration = Duration::from_secs(20);

/// Longest time that is reckoned with; what is longer is for ever.
const FOREVER: Duration = Duration::from_secs(10 * 365 * 86_400);

/// An exchange with its body decoded, for extraction.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) exchange: Exchange,
    /// The decoded body; `None` when it is the payload as it came.
    pub(super) decoded: Option<Vec<u8>>,
    pub(super) headers: Vec<(String, String)>,
    /// Whether the time of the crawl ended before the address had its turn, its answer or its retries.
    pub(super) late: bool,
    /// What a large body holds of the memory for bodies, until it is archived.
    pub(super) held: Option<OwnedSemaphorePermit>,
}

impl Fetched {
    /// The decoded body.
    pub(super) fn body(&self) -> &[u8] {
        self.decoded.as_deref().unwrap_or(&self.exchange.payload)
    }
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
    memory: Memory,
    /// After this nothing is requested, and what is in flight is given up.
    deadline: Instant,
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
    late: bool,
    held: Option<OwnedSemaphorePermit>,
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
            late: false,
            held: None,
        }
    }

    /// The time of the crawl ended before the request.
    fn late() -> Self {
        Self {
            late: true,
            ..Self::failed(FetchStatus::OutOfBudget, "the time of the crawl ended".to_owned())
        }
    }

    /// What was read of the body is all that is had of it.
    fn cut(mut self, status: FetchStatus, error: String) -> Self {
        self.status = status;
        self.error = Some(error);
        self
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
            memory: Memory::new(),
            deadline: Instant::now() + Duration::from_secs(plan.max_seconds).min(FOREVER),
        })
    }

    /// Whether the time of the crawl has ended.
    pub(super) fn is_late(&self) -> bool {
        Instant::now() >= self.deadline
    }

    /// Bytes of a body that are read, by what it is for.
    fn most(&self, why: &str) -> u64 {
        match why {
            // Neither needs more, and neither may wait for memory: the crawl waits for them.
            "robots" => super::robots::LARGEST as u64,
            "soft_404_probe" => SMALL as u64 / 2,
            _ => self.plan.max_body,
        }
    }

    /// Asks a host to be requested more slowly (`Crawl-delay`).
    pub(super) fn slow_down(&self, url: &Url, seconds: f32) {
        if self.plan.rate.is_some() && seconds.is_finite() && seconds > 0.0 {
            self.host(url).at_least(Duration::from_secs_f32(seconds.min(60.0)));
        }
    }

    /// Fetches an address, trying again where that may help and while there is time.
    pub(super) async fn fetch(&self, url: &Url, referrer: Option<&str>, depth: u32, why: &str) -> Fetched {
        let mut tries = 0;
        loop {
            let started = Instant::now();
            let captured_at = jiff::Timestamp::now().to_string();
            let mut attempt = self.attempt(url, self.most(why)).await;
            if let Some(wait) = self.wait_before_retry(&attempt, tries) {
                if Instant::now() + wait < self.deadline {
                    tries += 1;
                    drop(attempt);
                    self.host(url).pause(wait);
                    tokio::time::sleep(wait).await;
                    continue;
                }
                attempt.late = true;
            }
            return self
                .finish(url, attempt, (referrer, depth, why), captured_at, started.elapsed())
                .await;
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
            None => {
                let times = 1_u64.checked_shl(tries).unwrap_or(u64::MAX);
                Some(Duration::from_millis(self.plan.backoff_ms.saturating_mul(times)).min(longest))
            }
        }
    }

    async fn finish(
        &self,
        url: &Url,
        mut attempt: Attempt,
        origin: (Option<&str>, u32, &str),
        captured_at: String,
        elapsed: Duration,
    ) -> Fetched {
        let decoded = self.decode(&mut attempt, self.most(origin.2)).await;
        let mut status = attempt.status;
        let mut error = attempt.error;
        let find = |name: &str| value(&attempt.headers, name).map(str::to_owned);
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
        let body = decoded.as_deref().unwrap_or(&attempt.payload);
        if status == FetchStatus::Ok && is_robot_wall(attempt.http_status, &attempt.headers, body) {
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
            decoded,
            headers: attempt.headers,
            late: attempt.late,
            held: attempt.held,
        }
    }

    /// Undoes the content coding, holding memory for what comes out; `None` when there is none. What could not be decoded whole
    /// is told in the attempt.
    async fn decode(&self, attempt: &mut Attempt, most: u64) -> Option<Vec<u8>> {
        let coding = value(&attempt.headers, "content-encoding").map(str::to_owned);
        if codec::codings(coding.as_deref()).is_empty() {
            return None;
        }
        let mut body = Vec::new();
        let mut limit = if attempt.held.is_some() {
            most
        } else {
            most.min(SMALL as u64)
        };
        let mut done = codec::decode_to(coding.as_deref(), &attempt.payload, limit, &mut body);
        if matches!(done, Ok(true)) && limit < most {
            attempt.held = self.memory.hold(most).await;
            body.clear();
            limit = most;
            done = codec::decode_to(coding.as_deref(), &attempt.payload, limit, &mut body);
        }
        let (status, error) = match done {
            Ok(false) => return Some(body),
            Ok(true) => (FetchStatus::TooLarge, format!("over {limit} bytes once decoded")),
            Err(e) => (FetchStatus::BadResponse, e.to_string()),
        };
        if attempt.status == FetchStatus::Ok {
            attempt.status = status;
            attempt.error = Some(error);
        }
        Some(body)
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
            (FetchStatus::AddressRefused, format!("{host} is a private address"))
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

    /// One try.
    async fn attempt(&self, url: &Url, most: u64) -> Attempt {
        let Ok(admitted) = timeout_at(self.deadline, self.admit(url)).await else {
            return Attempt::late();
        };
        let admission = match admitted {
            Ok(admission) => admission,
            Err((FetchStatus::AddressRefused, why)) => {
                let (host, port) = (url.host_str(), url.port_or_known_default());
                // To permit what a page or a redirect chose is not for its user.
                let asked_for = Url::parse(&self.plan.entry).is_ok_and(|entry| entry.origin() == url.origin());
                let advice = match host.zip(port).filter(|_| asked_for) {
                    Some((host, port)) => format!("--allow-private {host}:{port} would permit it"),
                    None => "the portal leads there, and such an address is never requested".to_owned(),
                };
                return Attempt::failed(FetchStatus::AddressRefused, format!("{why}; {advice}"));
            }
            Err((status, why)) => return Attempt::failed(status, why),
        };
        if self.is_late() {
            return Attempt::late();
        }
        let started = Instant::now();
        let mut attempt = self.send(url, most, &admission.host).await;
        admission.host.learn(started.elapsed(), attempt.status);
        attempt.late = self.is_late() && matches!(attempt.status, FetchStatus::Timeout | FetchStatus::TooSlow);
        attempt
    }

    /// Waits for a turn at the host and at its address.
    async fn admit(&self, url: &Url) -> Result<Admission, (FetchStatus, String)> {
        let address = self.locate(url).await?;
        let (host, by_address) = (self.host(url), self.address(address));
        let connections = (host.enter().await, by_address.enter().await);
        let longest = Duration::from_secs(self.plan.longest_wait_seconds);
        let closed = |left: Duration| {
            let why = format!(
                "the server asked to wait {} s more; no request was made",
                left.as_secs()
            );
            (FetchStatus::RateLimited, why)
        };
        host.turn(longest).await.map_err(closed)?;
        by_address.turn(longest).await.map_err(closed)?;
        Ok(Admission {
            host,
            _connections: connections,
        })
    }

    async fn send(&self, url: &Url, most: u64, host: &Pace) -> Attempt {
        let request = self
            .client
            .get(url.clone())
            .header("User-Agent", &self.plan.user_agent)
            .header("Accept", "*/*")
            .header("Accept-Encoding", "gzip, deflate");
        let limit = Duration::from_secs(self.plan.timeout_seconds).min(FOREVER);
        let until = (Instant::now() + limit).min(self.deadline);
        let response = match timeout_at(until, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(e)) => return Attempt::failed(classify(&e), describe(&e)),
            Err(_) => return Attempt::failed(FetchStatus::Timeout, self.out_of_time("no answer")),
        };
        let attempt = begun(&response);
        if attempt.status == FetchStatus::RateLimited
            && let Some(wait) = attempt.retry_after
        {
            // All that waits for the host waits with it.
            host.close(wait);
        }
        self.receive(response, attempt, most, until).await
    }

    /// Reads the body; what was read when it had to stop is kept.
    async fn receive(
        &self,
        mut response: reqwest::Response,
        mut attempt: Attempt,
        most: u64,
        mut until: Instant,
    ) -> Attempt {
        let mut started = Instant::now();
        let announced = response.content_length().unwrap_or(most).min(most);
        let coded = !codec::codings(value(&attempt.headers, "content-encoding")).is_empty();
        loop {
            let chunk = match timeout_at(until, response.chunk()).await {
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) => return attempt,
                Ok(Err(e)) => return attempt.cut(FetchStatus::Truncated, describe(&e)),
                Err(_) => return attempt.cut(FetchStatus::TooSlow, self.out_of_time("no whole answer")),
            };
            let length = attempt.payload.len() + chunk.len();
            if length > SMALL && attempt.held.is_none() {
                let asked = Instant::now();
                let weight = announced + if coded { most } else { 0 };
                match timeout_at(self.deadline, self.memory.hold(weight)).await {
                    Ok(held) => attempt.held = held,
                    Err(_) => return attempt.cut(FetchStatus::TooSlow, self.out_of_time("no whole answer")),
                }
                // That wait was ours, not the server's.
                started += asked.elapsed();
                until = (until + asked.elapsed()).min(self.deadline);
            }
            let room = usize::try_from(most).unwrap_or(usize::MAX) - attempt.payload.len();
            attempt.payload.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if length as u64 > most {
                return attempt.cut(FetchStatus::TooLarge, format!("over {most} bytes"));
            }
            let elapsed = started.elapsed();
            if elapsed > PATIENCE && (length as f64) < LEAST_SPEED * elapsed.as_secs_f64() {
                return attempt.cut(FetchStatus::TooSlow, format!("under {LEAST_SPEED} bytes a second"));
            }
        }
    }

    fn out_of_time(&self, what: &str) -> String {
        if self.is_late() {
            format!("{what} before the time of the crawl ended")
        } else {
            format!("{what} within {} s", self.plan.timeout_seconds)
        }
    }
}

/// A turn that has come, with the connections it may use.
struct Admission {
    host: Arc<Pace>,
    _connections: (Option<OwnedSemaphorePermit>, Option<OwnedSemaphorePermit>),
}

/// An attempt whose head has come.
fn begun(response: &reqwest::Response) -> Attempt {
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
    let retry_after = value(&headers, "retry-after").map(retry_after);
    Attempt {
        status: status_of(code, retry_after.is_some()),
        http_status: Some(code),
        head: Some(head(response, &headers)),
        payload: Vec::new(),
        remote: response.remote_addr().map(|a| a.ip()),
        error: None,
        retry_after,
        headers,
        late: false,
        held: None,
    }
}

/// A header's value.
fn value<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers
        .iter()
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, v)| v.as_str())
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

/// Seconds or an HTTP date; for ever when it cannot be read or reckoned with, so that nothing is asked again by mistake.
fn retry_after(value: &str) -> Duration {
    let text = value.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().map_or(FOREVER, Duration::from_secs).min(FOREVER);
    }
    let Ok(at) = jiff::fmt::rfc2822::parse(text) else {
        return FOREVER;
    };
    let wait = at.timestamp().as_second() - jiff::Timestamp::now().as_second();
    Duration::from_secs(u64::try_from(wait).unwrap_or(0)).min(FOREVER)
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
