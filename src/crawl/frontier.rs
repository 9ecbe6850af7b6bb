//! What waits to be fetched, best first: what looks like obligations, then what is near the entry, then the order found.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use aho_corasick::AhoCorasick;
use url::Url;

use crate::model::LinkOrigin;
use crate::text::{fold, url as address};

/// Addresses of one shape (numbers apart) that are followed, when they are no documents: calendars and searches have no end.
const SHAPE_LIMIT: u32 = 2_000;
/// Times that a path segment may repeat.
const REPEATED: usize = 3;
/// Most segments of a path.
const SEGMENTS: usize = 30;

/// One address to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) url: Url,
    pub(super) referrer: Option<String>,
    pub(super) depth: u32,
    pub(super) why: &'static str,
    score: i64,
    order: u64,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.score, other.depth, other.order).cmp(&(other.score, self.depth, self.order))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Why an address was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Known already.
    Seen,
    /// One of endless many: a calendar, a growing path.
    Trap,
}

/// The queue and what was ever in it.
pub(super) struct Frontier {
    heap: BinaryHeap<Entry>,
    seen: HashSet<u64>,
    shapes: HashMap<u64, u32>,
    hints: Option<AhoCorasick>,
    weights: Vec<f64>,
    order: u64,
}

impl Frontier {
    /// An empty queue that ranks by hints.
    pub(super) fn new(hints: &[(String, f64)]) -> Self {
        let known: Vec<&(String, f64)> = hints.iter().filter(|(p, _)| !p.is_empty()).collect();
        Self {
            heap: BinaryHeap::new(),
            seen: HashSet::new(),
            shapes: HashMap::new(),
            hints: AhoCorasick::new(known.iter().map(|(p, _)| p)).ok(),
            weights: known.iter().map(|(_, w)| *w).collect(),
            order: 0,
        }
    }

    /// Addresses waiting.
    pub(super) fn len(&self) -> usize {
        self.heap.len()
    }

    /// Marks an address as known; whether it was new.
    pub(super) fn mark(&mut self, url: &Url) -> bool {
        self.seen.insert(hash(&address::key(&without_session(url))))
    }

    /// Takes an address up.
    pub(super) fn push(
        &mut self,
        url: &Url,
        words: &str,
        origin: Option<LinkOrigin>,
        referrer: Option<String>,
        depth: u32,
        why: &'static str,
    ) -> Result<(), Refusal> {
        let url = without_session(url);
        if !self.mark(&url) {
            return Err(Refusal::Seen);
        }
        if self.is_trap(&url) {
            return Err(Refusal::Trap);
        }
        self.order += 1;
        let score = self.score(&url, words, origin);
        self.heap.push(Entry {
            url,
            referrer,
            depth,
            why,
            score,
            order: self.order,
        });
        Ok(())
    }

    /// The best address waiting.
    pub(super) fn pop(&mut self) -> Option<Entry> {
        self.heap.pop()
    }

    /// Gives an address back that could not be requested.
    pub(super) fn put_back(&mut self, entry: Entry) {
        self.heap.push(entry);
    }

    /// Weighs the phrases in the words and the address; what scripts or documents alone name comes later.
    fn score(&self, url: &Url, words: &str, origin: Option<LinkOrigin>) -> i64 {
        let path = percent_encoding::percent_decode_str(url.path()).decode_utf8_lossy();
        let text = fold(&format!("{words} {path} {}", url.query().unwrap_or_default()));
        let mut found: Vec<usize> = self
            .hints
            .iter()
            .flat_map(|h| h.find_overlapping_iter(&text).map(|m| m.pattern().as_usize()))
            .collect();
        found.sort_unstable();
        found.dedup();
        let weight: f64 = found.iter().map(|&i| self.weights[i]).sum();
        let trust = match origin {
            Some(LinkOrigin::Script | LinkOrigin::ScriptFile | LinkOrigin::Sitemap | LinkOrigin::Document) => -2.0,
            Some(LinkOrigin::ScriptSource) => 3.0,
            _ => 0.0,
        };
        #[expect(clippy::cast_possible_truncation, reason = "weights are small")]
        let score = ((weight + trust) * 10.0) as i64;
        score
    }

    fn is_trap(&mut self, url: &Url) -> bool {
        let segments: Vec<&str> = url.path().split('/').filter(|s| !s.is_empty()).collect();
        if segments.len() > SEGMENTS {
            return true;
        }
        let repeats = |s: &&str| segments.iter().filter(|o| *o == s).count() > REPEATED;
        if segments.iter().any(repeats) {
            return true;
        }
        let name = segments.last().copied().unwrap_or_default();
        let is_page = url.query().is_some() || !name.contains('.');
        if !is_page {
            return false;
        }
        let count = self.shapes.entry(hash(&shape(url))).or_insert(0);
        *count += 1;
        *count > SHAPE_LIMIT
    }
}

/// The address with runs of digits made equal and values of the query left out.
fn shape(url: &Url) -> String {
    let mut out = url.host_str().unwrap_or_default().to_owned();
    let mut digits = false;
    for c in url.path().chars() {
        if c.is_ascii_digit() {
            if !digits {
                out.push('#');
            }
            digits = true;
        } else {
            digits = false;
            out.push(c);
        }
    }
    for (name, _) in url.query_pairs() {
        out.push('&');
        out.push_str(&name);
    }
    out
}

/// Without identifiers of a visit.
fn without_session(url: &Url) -> Url {
    const SESSION: &[&str] = &[
        "phpsessid",
        "jsessionid",
        "sid",
        "sessionid",
        "aspsessionid",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "fbclid",
        "gclid",
    ];
    let lower = url.as_str().to_ascii_lowercase();
    if !SESSION.iter().any(|s| lower.contains(s)) {
        return url.clone();
    }
    let mut out = url.clone();
    if let Some(at) = url.path().to_ascii_lowercase().find(";jsessionid") {
        out.set_path(&url.path()[..at]);
    }
    if let Some(query) = url.query() {
        let kept: Vec<&str> = query
            .split('&')
            .filter(|p| !SESSION.contains(&p.split('=').next().unwrap_or_default().to_ascii_lowercase().as_str()))
            .collect();
        let kept = kept.join("&");
        out.set_query((!kept.is_empty()).then_some(kept.as_str()));
    }
    out
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("url")
    }

    #[test]
    fn obligations_come_first_then_what_is_near() {
        let mut f = Frontier::new(&[("transparencia".to_owned(), 8.0), ("fraccion".to_owned(), 5.0)]);
        for (path, words, depth) in [
            ("/noticias", "Noticias", 1),
            ("/lejos", "Eventos", 3),
            ("/t", "Transparencia", 2),
            ("/f1", "Fracción I transparencia", 4),
        ] {
            f.push(&url(&format!("http://a.mx{path}")), words, None, None, depth, "link")
                .expect("new");
        }
        let order: Vec<String> = std::iter::from_fn(|| f.pop())
            .map(|e| e.url.path().to_owned())
            .collect();
        assert_eq!(order, ["/f1", "/t", "/noticias", "/lejos"]);
    }

    #[test]
    fn endless_sites_end() {
        let mut f = Frontier::new(&[]);
        let taken = (0..5000)
            .filter(|n| {
                f.push(&url(&format!("http://a.mx/cal?dia={n}")), "", None, None, 1, "link")
                    .is_ok()
            })
            .count();
        assert_eq!(taken, 2_000);
        assert_eq!(
            f.push(&url("http://a.mx/x/x/x/x/"), "", None, None, 1, "link"),
            Err(Refusal::Trap)
        );
        let documents = (0..2000)
            .filter(|n| {
                f.push(&url(&format!("http://a.mx/doc{n}.pdf")), "", None, None, 1, "link")
                    .is_ok()
            })
            .count();
        assert_eq!(documents, 2000);
    }

    #[test]
    fn visits_have_no_identity() {
        let mut f = Frontier::new(&[]);
        assert!(
            f.push(&url("http://a.mx/p?PHPSESSID=1&x=2"), "", None, None, 1, "link")
                .is_ok()
        );
        assert_eq!(
            f.push(&url("http://a.mx/p?x=2"), "", None, None, 1, "link"),
            Err(Refusal::Seen)
        );
    }
}
