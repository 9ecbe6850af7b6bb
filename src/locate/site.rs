//! The crawled site as a graph: which capture a link leads to, what it is worth, and what a citizen reaches by clicking.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

use foldhash::{HashMap, HashSet};
use url::Url;

use crate::model::{Capture, Document, DocumentKind, FetchStatus, Line, Link, LinkOrigin, Page};
use crate::text::url::{host, place};

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A working document; index of its capture.
    Document(usize),
    /// A working page of the site.
    Page(usize),
    /// It works, but what it gives holds no information: an image, nothing, an unreadable file.
    Blank(usize),
    /// The server says that it does not exist; the capture that proves it, when it was asked.
    Dead(Option<usize>),
    /// Another host, which an audit of this portal does not open.
    External(String),
    /// Network, access or budget kept it from being seen: decides nothing.
    Unknown(Option<usize>),
    /// Nowhere: `#`, an empty `href`, a script without address.
    Nowhere,
    /// A period that the page names without offering anything for it.
    Announced,
}

/// The captures of one audit with their documents.
#[derive(Debug)]
pub struct Site<'a> {
    /// Captures in the order of the archive.
    pub captures: &'a [Capture],
    /// What extraction made of each; `None` where there was no body.
    pub documents: &'a [Option<Arc<Document>>],
    by_key: HashMap<String, usize>,
    /// Captures by their addresses as written, so that most links need no key.
    by_url: HashMap<&'a str, usize>,
    /// By capture, where it leads in the end.
    leads: Vec<Target>,
    hosts: HashSet<String>,
    closed: bool,
    same_as: Vec<String>,
    home: Option<Url>,
    /// Pages in the order in which a citizen reaches them from the entry.
    pub order: Vec<usize>,
    /// By capture: whether the entry leads to it.
    pub reached: Vec<bool>,
    /// By capture: for each line of its page, whether it is a menu's, a footer's, or repeats over the site.
    boilerplate: Vec<Box<[bool]>>,
    incoming: Vec<Vec<(usize, usize)>>,
}

/// Comparison key of an address: scheme, `www.` and fragment ignored.
fn key(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |u| place(&u))
}

impl<'a> Site<'a> {
    /// Builds the graph. `closed` says that the captures are the whole world (an imported folder): a local address that is not
    /// among them does not exist. `same_as` are other names of the entry's host.
    #[must_use]
    pub fn new(
        captures: &'a [Capture],
        documents: &'a [Option<Arc<Document>>],
        entry: &str,
        closed: bool,
        same_as: &[String],
    ) -> Self {
        let mut by_key = HashMap::default();
        let mut hosts = HashSet::default();
        for (i, capture) in captures.iter().enumerate() {
            let slot = by_key.entry(key(&capture.url)).or_insert(i);
            if captures[*slot].status != FetchStatus::Ok && capture.status == FetchStatus::Ok {
                *slot = i;
            }
            if capture.status == FetchStatus::Ok
                && let Ok(url) = Url::parse(&capture.url)
            {
                hosts.insert(host(&url));
            }
        }
        if let Ok(url) = Url::parse(entry) {
            hosts.insert(host(&url));
        }
        let mut site = Self {
            captures,
            documents,
            by_key,
            by_url: HashMap::default(),
            leads: Vec::new(),
            hosts,
            closed,
            same_as: same_as.to_vec(),
            home: Url::parse(entry).ok(),
            order: Vec::new(),
            reached: vec![false; captures.len()],
            boilerplate: vec![Box::default(); captures.len()],
            incoming: vec![Vec::new(); captures.len()],
        };
        site.by_url = captures
            .iter()
            .filter_map(|c| Some((c.url.as_str(), *site.by_key.get(&key(&site.at_home(&c.url)))?)))
            .collect();
        site.leads = (0..captures.len()).map(|i| site.follow(i)).collect();
        site.walk(entry);
        site.find_repeated();
        site
    }

    /// The page of a capture, if it is one; a spreadsheet that was saved as a page is a document and none.
    #[must_use]
    pub fn page(&self, capture: usize) -> Option<&'a Page> {
        let document = self.documents.get(capture)?.as_ref()?;
        document.page.as_ref().filter(|_| document.workbook.is_none())
    }

    /// The document of a capture.
    #[must_use]
    pub fn document(&self, capture: usize) -> Option<&'a Document> {
        self.documents.get(capture)?.as_deref()
    }

    /// Links (page, number of the link) of reached pages that lead to a page.
    #[must_use]
    pub fn incoming(&self, capture: usize) -> &[(usize, usize)] {
        self.incoming.get(capture).map_or(&[], Vec::as_slice)
    }

    /// Whether a line of a page is a menu, a footer, or repeats over the site.
    #[must_use]
    pub fn is_boilerplate(&self, capture: usize, line: usize) -> bool {
        self.boilerplate
            .get(capture)
            .and_then(|lines| lines.get(line))
            .copied()
            .unwrap_or(false)
    }

    /// Number of working pages and documents that the crawl knows and the entry does not lead to.
    #[must_use]
    pub fn orphans(&self) -> usize {
        (0..self.captures.len())
            .filter(|&i| !self.reached[i] && self.captures[i].status == FetchStatus::Ok)
            .filter(|&i| self.document(i).is_some_and(|d| d.kind.is_content()))
            .count()
    }

    /// Where a link leads, redirects followed.
    #[must_use]
    pub fn target(&self, link: &Link) -> Target {
        link.url.as_deref().map_or(Target::Nowhere, |url| self.resolve(url))
    }

    fn resolve(&self, url: &str) -> Target {
        self.first(url)
            .map_or_else(|| self.unseen(&self.at_home(url), None), |i| self.leads[i].clone())
    }

    /// The capture of an address itself, redirects not followed.
    fn first(&self, url: &str) -> Option<usize> {
        let known = self.by_url.get(url).copied();
        known.or_else(|| self.by_key.get(&key(&self.at_home(url))).copied())
    }

    /// Where a capture leads, redirects followed.
    fn follow(&self, first: usize) -> Target {
        let mut last = first;
        let mut sent: Option<&str> = None;
        for _ in 0..10 {
            if let Some(url) = sent {
                match self.first(url) {
                    Some(next) => last = next,
                    None => return self.unseen(&self.at_home(url), Some(last)),
                }
            }
            let capture = &self.captures[last];
            if capture.soft_404 {
                return Target::Dead(Some(last));
            }
            match (capture.status, &capture.redirect_to) {
                (FetchStatus::Redirected, Some(next)) => sent = Some(next),
                _ => return self.worth(last),
            }
        }
        Target::Unknown(Some(last))
    }

    /// Whether the address is a file's and what it gives is a web page without a table: the server's way of saying that the file
    /// is not there. A spreadsheet saved as a page has its table.
    #[must_use]
    pub fn is_page_for_file(&self, i: usize) -> bool {
        let capture = &self.captures[i];
        capture.status == FetchStatus::Ok
            && super::item::looks_like_file(&capture.url)
            && self
                .page(i)
                .is_some_and(|p| p.lines.iter().filter(|l| l.cell.is_some()).count() < 6)
            && self.document(i).is_some_and(|d| d.kind == DocumentKind::Html)
    }

    /// An address under another name of the entry's host, at the entry's host.
    fn at_home(&self, url: &str) -> String {
        if self.same_as.is_empty() {
            return url.to_owned();
        }
        match (Url::parse(url), &self.home) {
            (Ok(parsed), Some(home)) if self.same_as.contains(&host(&parsed)) => {
                let mut out = home.clone();
                out.set_path(parsed.path());
                out.set_query(parsed.query());
                out.into()
            }
            _ => url.to_owned(),
        }
    }

    fn unseen(&self, url: &str, last: Option<usize>) -> Target {
        let Ok(parsed) = Url::parse(url) else {
            return Target::Nowhere;
        };
        let host = host(&parsed);
        match (self.hosts.contains(&host), self.closed) {
            (true, true) => Target::Dead(last),
            (true, false) => Target::Unknown(last),
            (false, _) => Target::External(host),
        }
    }

    fn worth(&self, i: usize) -> Target {
        let capture = &self.captures[i];
        if capture.soft_404 || capture.status.is_dead() || self.is_page_for_file(i) {
            return Target::Dead(Some(i));
        }
        if capture.status != FetchStatus::Ok {
            return Target::Unknown(Some(i));
        }
        let Some(document) = self.document(i) else {
            return Target::Unknown(Some(i));
        };
        match document.kind {
            DocumentKind::Html if document.workbook.is_some() => Target::Document(i),
            DocumentKind::Html => Target::Page(i),
            kind if kind.is_content() => Target::Document(i),
            _ => Target::Blank(i),
        }
    }

    /// Breadth-first from the entry and the home page, as a citizen clicks.
    fn walk(&mut self, entry: &str) {
        let mut queue = Queue::default();
        let home = Url::parse(entry).ok().and_then(|u| u.join("/").ok()).map(String::from);
        for start in [Some(entry.to_owned()), home].into_iter().flatten() {
            let target = self.resolve(&start);
            self.visit(&start, &target, &mut queue);
        }
        while let Some(at) = queue.waiting.pop_front() {
            self.order.push(at);
            let Some(document) = self.documents[at].clone() else {
                continue;
            };
            let links = document.page.as_ref().map_or(&document.links, |p| &p.links);
            for (n, link) in links.iter().enumerate() {
                if matches!(link.origin, LinkOrigin::Comment | LinkOrigin::Image) {
                    continue;
                }
                let Some(url) = &link.url else { continue };
                let target = self.resolve(url);
                if let Target::Page(to) = target {
                    self.incoming[to].push((at, n));
                }
                self.visit(url, &target, &mut queue);
            }
        }
    }

    fn visit(&mut self, url: &str, target: &Target, queue: &mut Queue) {
        if let Some(first) = self.first(url) {
            self.reached[first] = true;
        }
        let (Target::Document(i) | Target::Page(i) | Target::Blank(i)) = *target else {
            return;
        };
        self.reached[i] = true;
        let leads_on = self
            .document(i)
            .is_some_and(|d| d.page.is_some() || !d.links.is_empty());
        if leads_on && queue.known.insert(i) {
            queue.waiting.push_back(i);
        }
    }

    /// Lines with the same text and links on two fifths of the pages, at least three.
    fn find_repeated(&mut self) {
        let pages: Vec<usize> = self.order.iter().copied().filter(|&i| self.page(i).is_some()).collect();
        // Of each print the pages that have it, and the last of them that was counted.
        let mut count: HashMap<u64, (u32, u32)> = HashMap::default();
        for (n, &i) in (0_u32..).zip(&pages) {
            let Some(page) = self.page(i) else { continue };
            for line in &page.lines {
                let slot = count.entry(self.fingerprint(page, line)).or_insert((0, u32::MAX));
                if slot.1 != n {
                    *slot = (slot.0 + 1, n);
                }
            }
        }
        let least = u32::try_from((pages.len() * 2).div_ceil(5).max(3)).unwrap_or(u32::MAX);
        count.retain(|_, (pages, _)| *pages >= least);
        let walked: HashSet<usize> = pages.into_iter().collect();
        for (i, document) in self.documents.iter().enumerate() {
            let Some(page) = document.as_ref().and_then(|d| d.page.as_ref()) else {
                continue;
            };
            let reached = !count.is_empty() && walked.contains(&i);
            let lines = page
                .lines
                .iter()
                .map(|l| l.boilerplate || reached && count.contains_key(&self.fingerprint(page, l)));
            self.boilerplate[i] = lines.collect();
        }
    }

    fn fingerprint(&self, page: &Page, line: &Line) -> u64 {
        let mut hasher = self.by_url.hasher().build_hasher();
        line.text.hash(&mut hasher);
        line.links.len().hash(&mut hasher);
        for &l in &line.links {
            page.links[l].url.hash(&mut hasher);
        }
        hasher.finish()
    }
}

/// Pages to look at, each once.
#[derive(Default)]
struct Queue {
    waiting: VecDeque<usize>,
    known: HashSet<usize>,
}
