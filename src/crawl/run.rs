//! The loop: one task owns the frontier, and ends when it is empty with nothing in flight.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::{Semaphore, mpsc, watch};
use url::Url;

use super::fetch::{Fetched, Fetcher};
use super::frontier::Frontier;
use super::robots::Rules;
use super::scope::Scope;
use super::soft404::{IMPOSSIBLE, NotFound};
use super::{CrawlError, CrawlPlan, LinkExtractor, Resume};
use crate::event::{Event, Listener};
use crate::model::{Capture, CrawlSummary, Exchange, FetchStatus, LinkFound, LinkOrigin, Via};
use crate::text::url::normalize;

/// Becomes true when the crawl shall stop; what is in flight is finished and kept.
pub type Cancel = watch::Receiver<bool>;

/// Addresses left over that are put on record when a budget ends the crawl.
const MOST_LEFT_OVER: usize = 5_000;
/// Redirects in a row that are followed.
const MOST_REDIRECTS: u32 = 10;
/// Sitemaps read.
const MOST_SITEMAPS: usize = 100;

/// Crawls a portal; every attempt goes to `sink`.
pub async fn crawl(
    plan: &CrawlPlan,
    resume: Resume,
    sink: mpsc::Sender<Exchange>,
    extractor: Arc<dyn LinkExtractor>,
    listener: Arc<dyn Listener>,
    cancel: Cancel,
) -> Result<CrawlSummary, CrawlError> {
    let entry = normalize(&plan.entry)?;
    let fetcher = Fetcher::new(plan).map_err(|e| CrawlError::Client(e.to_string()))?;
    let mut run = Run {
        plan,
        entry: entry.clone(),
        fetcher: Arc::new(fetcher),
        sink,
        extractor,
        listener,
        cancel,
        frontier: Frontier::new(&plan.hints),
        scope: Scope::default(),
        robots: HashMap::new(),
        not_found: HashMap::new(),
        redirects: HashMap::new(),
        parsing: Arc::new(Semaphore::new(4)),
        done: 0,
        bytes: 0,
        sitemaps: 0,
        late: false,
        deeper: Vec::new(),
        deeper_known: HashSet::new(),
    };
    run.scope.add(&entry);
    run.take_up(resume);
    run.seed(&entry);
    run.go().await
}

/// A fetched document with its links.
struct Read {
    fetched: Fetched,
    links: Vec<LinkFound>,
}

struct Run<'p> {
    plan: &'p CrawlPlan,
    entry: Url,
    fetcher: Arc<Fetcher>,
    sink: mpsc::Sender<Exchange>,
    extractor: Arc<dyn LinkExtractor>,
    listener: Arc<dyn Listener>,
    cancel: Cancel,
    frontier: Frontier,
    scope: Scope,
    robots: HashMap<String, Rules>,
    not_found: HashMap<String, NotFound>,
    /// Redirects that led to an address, in a row.
    redirects: HashMap<String, u32>,
    parsing: Arc<Semaphore>,
    done: u64,
    bytes: u64,
    sitemaps: usize,
    /// Whether something was given up because the time of the crawl ended.
    late: bool,
    /// Links found at the greatest depth, in the order found.
    deeper: Vec<(Url, String, u32)>,
    deeper_known: HashSet<String>,
}

impl Run<'_> {
    fn seed(&mut self, entry: &Url) {
        let _ = self.frontier.push(entry, "", None, None, 0, "entry");
        if let Ok(home) = entry.join("/") {
            let _ = self.frontier.push(&home, "", None, None, 0, "home");
        }
    }

    /// What an earlier run has is known, and its links are followed.
    fn take_up(&mut self, resume: Resume) {
        for (capture, _) in &resume.captures {
            if let Ok(url) = Url::parse(&capture.url) {
                self.frontier.mark(&url);
                if capture.depth == 0 && capture.status == FetchStatus::Ok {
                    self.scope.add(&url);
                }
            }
            self.done += 1;
            self.bytes += capture.length;
        }
        for (capture, links) in resume.captures {
            self.follow(&capture, links);
        }
    }

    async fn go(mut self) -> Result<CrawlSummary, CrawlError> {
        let mut flying = FuturesUnordered::new();
        let most = if self.plan.rate.is_some() {
            16
        } else {
            self.plan.connections.max(8)
        };
        let mut cancel = self.cancel.clone();
        let mut stop: Option<&'static str> = None;
        let mut entry_answered = false;
        // The entry goes alone: how it answers tells whether the host wants more.
        let mut most_now = 1;
        loop {
            while stop.is_none() && flying.len() < most_now {
                stop = self.spent();
                if stop.is_some() || *cancel.borrow() {
                    stop = stop.or(Some("interrupted"));
                    break;
                }
                let Some(next) = self.frontier.pop() else { break };
                if next.why != "sitemap" && next.why != "robots" && !self.greet(&next.url).await? {
                    // What robots.txt says is not known, and there is no time to ask: it is left over like the others.
                    self.frontier.put_back(next);
                    stop = Some("max_time");
                    break;
                }
                if !self.may(&next.url) {
                    let refused = unrequested(
                        &next.url,
                        next.referrer,
                        next.depth,
                        next.why,
                        FetchStatus::RobotsDisallowed,
                    );
                    self.record(refused).await?;
                    continue;
                }
                flying.push(self.read(next.url, next.referrer, next.depth, next.why));
            }
            let read = tokio::select! {
                read = flying.next() => read,
                changed = cancel.changed(), if stop.is_none() => {
                    if changed.is_ok() && *cancel.borrow() {
                        stop = Some("interrupted");
                    } else if changed.is_err() {
                        // Nobody can cancel any more.
                        cancel = watch::channel(false).1;
                        if flying.is_empty() && self.frontier.len() == 0 { break; }
                        let Some(read) = flying.next().await else { continue };
                        most_now = most;
                        entry_answered |= self.digest(read).await?;
                    }
                    continue;
                }
            };
            match read {
                Some(read) => {
                    most_now = most;
                    entry_answered |= self.digest(read).await?;
                }
                None if stop.is_some() || self.frontier.len() == 0 => break,
                None => {}
            }
        }
        let stop = stop.or(self.late.then_some("max_time"));
        let mut left = 0;
        if stop != Some("interrupted") {
            self.wake_deeper();
            left = self.leave_over().await?;
        }
        let reason = match stop {
            Some(reason) => reason,
            None if !entry_answered => "entry_unreachable",
            None if left > 0 => "max_depth",
            None => "frontier_empty",
        };
        Ok(CrawlSummary {
            complete: reason == "frontier_empty",
            stop_reason: reason.to_owned(),
            robots_obeyed: self.plan.obey_robots,
        })
    }

    /// Which budget is spent.
    fn spent(&self) -> Option<&'static str> {
        if self.frontier.len() == 0 {
            None
        } else if self.done >= self.plan.max_pages {
            Some("max_pages")
        } else if self.bytes >= self.plan.max_bytes {
            Some("max_bytes")
        } else if self.fetcher.is_late() {
            Some("max_time")
        } else {
            None
        }
    }

    /// Before the first request to an origin: its robots.txt, its sitemaps, how it says "not found". Whether its rules are known
    /// now; they are not when the time of the crawl ended first.
    async fn greet(&mut self, url: &Url) -> Result<bool, CrawlError> {
        let origin = url.origin().ascii_serialization();
        if self.robots.contains_key(&origin) {
            return Ok(true);
        }
        let Ok(address) = url.join("/robots.txt") else {
            return Ok(true);
        };
        let answers = self.ask_robots(&address).await;
        let known = answers.iter().all(|a| !a.late);
        let rules = answers.last().map_or(Rules::DisallowAll, |last| self.rules_of(last));
        for answer in answers {
            let new = Url::parse(&answer.exchange.capture.url).is_ok_and(|u| self.frontier.mark(&u));
            if new {
                self.record(answer.exchange).await?;
            }
        }
        if !known {
            return Ok(false);
        }
        if let Some(delay) = rules.delay() {
            self.fetcher.slow_down(url, delay);
        }
        let allowed = rules.allows(url);
        let sitemaps: Vec<String> = rules.sitemaps().to_vec();
        self.robots.insert(origin.clone(), rules);
        self.take_sitemaps(url, sitemaps);
        if allowed {
            self.probe(url, &origin).await?;
        }
        Ok(true)
    }

    /// robots.txt, by at most five redirects.
    async fn ask_robots(&self, address: &Url) -> Vec<Fetched> {
        let mut answers = vec![self.fetcher.fetch(address, None, 0, "robots").await];
        while let Some(next) = answers
            .last()
            .and_then(|a| Url::parse(a.exchange.capture.redirect_to.as_deref()?).ok())
            .filter(|_| answers.len() <= 5)
        {
            answers.push(self.fetcher.fetch(&next, Some(address.as_str()), 0, "robots").await);
        }
        answers
    }

    fn rules_of(&self, last: &Fetched) -> Rules {
        let capture = &last.exchange.capture;
        // More hops than five: as if it did not exist (RFC 9309 §2.3.1.2).
        if !self.plan.obey_robots || capture.status == FetchStatus::Redirected {
            return Rules::AllowAll;
        }
        Rules::of(capture.status, capture.http_status, last.body(), &self.plan.user_agent)
    }

    fn take_sitemaps(&mut self, url: &Url, named: Vec<String>) {
        let default = url.join("/sitemap.xml").map(String::from).ok();
        for sitemap in named.into_iter().chain(default) {
            if let Ok(address) = normalize(&sitemap)
                && self.scope.holds(&address)
                && self.sitemaps < MOST_SITEMAPS
                && self
                    .frontier
                    .push(&address, "", Some(LinkOrigin::Sitemap), None, 1, "sitemap")
                    .is_ok()
            {
                self.sitemaps += 1;
            }
        }
    }

    /// Asks for a path that cannot exist.
    async fn probe(&mut self, url: &Url, origin: &str) -> Result<(), CrawlError> {
        let Ok(address) = url.join(&format!("/{IMPOSSIBLE}")) else {
            return Ok(());
        };
        if !self.may(&address) {
            return Ok(());
        }
        let mut fetched = self.fetcher.fetch(&address, None, 0, "soft_404_probe").await;
        self.late |= fetched.late;
        let capture = &fetched.exchange.capture;
        let learnt = NotFound::learn(capture.http_status, capture.redirect_to.as_deref(), fetched.body());
        self.not_found.insert(origin.to_owned(), learnt);
        fetched.exchange.capture.soft_404 = true;
        if self.frontier.mark(&address) {
            self.record(fetched.exchange).await?;
        }
        Ok(())
    }

    fn may(&self, url: &Url) -> bool {
        self.robots
            .get(&url.origin().ascii_serialization())
            .is_none_or(|r| r.allows(url))
    }

    fn read(
        &self,
        url: Url,
        referrer: Option<String>,
        depth: u32,
        why: &'static str,
    ) -> impl Future<Output = Read> + use<> {
        let fetcher = Arc::clone(&self.fetcher);
        let extractor = Arc::clone(&self.extractor);
        let parsing = Arc::clone(&self.parsing);
        let not_found = self
            .not_found
            .get(&url.origin().ascii_serialization())
            .cloned()
            .unwrap_or_default();
        async move {
            let mut fetched = fetcher.fetch(&url, referrer.as_deref(), depth, why).await;
            let capture = &fetched.exchange.capture;
            let from_start = depth == 0;
            let soft_404 = !from_start
                && match capture.status {
                    FetchStatus::Ok => is_page(capture) && not_found.is_alike(fetched.body()),
                    FetchStatus::Redirected => not_found.is_sent_away(capture.redirect_to.as_deref()),
                    _ => false,
                };
            let worth = capture.status == FetchStatus::Ok && !soft_404 && !fetched.body().is_empty();
            fetched.exchange.capture.soft_404 = soft_404;
            if !worth {
                return Read {
                    fetched,
                    links: Vec::new(),
                };
            }
            let permit = parsing.acquire_owned().await.ok();
            let (capture, headers, decoded) = (
                fetched.exchange.capture.clone(),
                std::mem::take(&mut fetched.headers),
                fetched.decoded.take(),
            );
            let payload = Arc::new(std::mem::take(&mut fetched.exchange.payload));
            let own = Arc::clone(&payload);
            let links = tokio::task::spawn_blocking(move || {
                extractor.links(&capture, &headers, decoded.as_deref().unwrap_or(&own))
            })
            .await;
            fetched.exchange.payload = Arc::try_unwrap(payload).unwrap_or_else(|shared| shared.to_vec());
            drop(permit);
            Read {
                fetched,
                // A reader that panicked read nothing.
                links: links.unwrap_or_default(),
            }
        }
    }

    /// Takes what was read; whether it answers for the entry.
    async fn digest(&mut self, read: Read) -> Result<bool, CrawlError> {
        let capture = read.fetched.exchange.capture.clone();
        self.late |= read.fetched.late;
        self.record(read.fetched.exchange).await?;
        if read.fetched.held.is_some() {
            // A large body gives its room back when the archive has taken it.
            let taken = self.sink.reserve_many(self.sink.max_capacity()).await;
            drop(taken.map_err(|_| CrawlError::SinkClosed)?);
        }
        let answered = capture.status == FetchStatus::Ok;
        self.follow(&capture, read.links);
        Ok(answered)
    }

    /// Follows a redirect, or the links of a document.
    fn follow(&mut self, capture: &Capture, links: Vec<LinkFound>) {
        if let Some(to) = capture.redirect_to.as_ref().and_then(|t| Url::parse(t).ok()) {
            let to = self.at_home(to);
            let hops = self.redirects.remove(&capture.url).unwrap_or(0) + 1;
            if capture.depth == 0 && hops <= MOST_REDIRECTS {
                self.scope.add(&to);
            }
            if hops <= MOST_REDIRECTS && self.scope.holds(&to) && !capture.soft_404 {
                self.redirects.insert(to.to_string(), hops);
                let _ = self
                    .frontier
                    .push(&to, "", None, Some(capture.url.clone()), capture.depth, "redirect");
            }
            return;
        }
        for link in links {
            let Some(url) = Url::parse(&link.url).ok().map(|u| self.at_home(u)) else {
                continue;
            };
            if !self.scope.holds(&url) || is_action(&url) {
                continue;
            }
            if capture.depth >= self.plan.max_depth {
                if self.deeper_known.insert(url.to_string()) {
                    self.deeper.push((url, capture.url.clone(), capture.depth + 1));
                }
                continue;
            }
            let why = match link.origin {
                LinkOrigin::Sitemap if capture.why == "sitemap" && is_sitemap(&url) => "sitemap",
                LinkOrigin::Sitemap => "listed",
                LinkOrigin::ScriptSource => "script",
                _ => "link",
            };
            let _ = self.frontier.push(
                &url,
                &link.words,
                Some(link.origin),
                Some(capture.url.clone()),
                capture.depth + 1,
                why,
            );
        }
    }

    /// An address under another name of the entry's host, at the entry's host.
    fn at_home(&self, url: Url) -> Url {
        if self.plan.same_as.is_empty() || !self.plan.same_as.contains(&crate::text::url::host(&url)) {
            return url;
        }
        let mut home = self.entry.clone();
        home.set_path(url.path());
        home.set_query(url.query());
        home
    }

    async fn record(&mut self, exchange: Exchange) -> Result<(), CrawlError> {
        self.done += u64::from(exchange.response_head.is_some());
        self.bytes += exchange.payload.len() as u64;
        self.listener.on(&Event::Fetched {
            url: exchange.capture.url.clone(),
            status: exchange.capture.status,
            done: self.done,
            queued: self.frontier.len() as u64,
            bytes: self.bytes,
        });
        self.sink.send(exchange).await.map_err(|_| CrawlError::SinkClosed)
    }

    /// What was found too deep, and nowhere else, is left over too.
    fn wake_deeper(&mut self) {
        for (url, referrer, depth) in std::mem::take(&mut self.deeper) {
            let _ = self.frontier.push(&url, "", None, Some(referrer), depth, "link");
        }
    }

    /// Puts what a budget left over on record; how many were left that might have been requested.
    async fn leave_over(&mut self) -> Result<usize, CrawlError> {
        let mut left = 0;
        for _ in 0..MOST_LEFT_OVER {
            let Some(next) = self.frontier.pop() else { break };
            let status = if self.may(&next.url) {
                left += 1;
                FetchStatus::OutOfBudget
            } else {
                FetchStatus::RobotsDisallowed
            };
            let exchange = unrequested(&next.url, next.referrer, next.depth, next.why, status);
            self.sink.send(exchange).await.map_err(|_| CrawlError::SinkClosed)?;
        }
        // What is not on record for its number was left all the same.
        Ok(left + self.frontier.len())
    }
}

/// An exchange without a request.
fn unrequested(url: &Url, referrer: Option<String>, depth: u32, why: &str, status: FetchStatus) -> Exchange {
    Exchange {
        capture: Capture {
            url: url.to_string(),
            captured_at: jiff::Timestamp::now().to_string(),
            status,
            http_status: None,
            content_type: None,
            sha256: None,
            length: 0,
            redirect_to: None,
            referrer,
            depth,
            why: why.to_owned(),
            elapsed_ms: 0,
            error: None,
            via: Via::Http,
            record: None,
            soft_404: false,
        },
        request: Vec::new(),
        response_head: None,
        payload: Vec::new(),
        remote_address: None,
    }
}

fn is_page(capture: &Capture) -> bool {
    capture
        .content_type
        .as_deref()
        .is_none_or(|t| t.contains("html") || t.contains("text/plain"))
}

fn is_sitemap(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    path.contains("sitemap") && (path.contains(".xml") || path.contains(".gz"))
}

/// Addresses that do something instead of showing something.
fn is_action(url: &Url) -> bool {
    let text = url.as_str().to_ascii_lowercase();
    [
        "logout",
        "cerrar-sesion",
        "cerrar_sesion",
        "wp-login",
        "/wp-admin",
        "action=delete",
        "add-to-cart",
        "replytocom=",
    ]
    .iter()
    .any(|w| text.contains(w))
}
