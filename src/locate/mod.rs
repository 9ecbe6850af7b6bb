//! Documents → candidates of obligations. Owns the site's graph, the reading of labels, their scope and the items under them.
//! It judges nothing: whether a candidate holds data is `check`'s, what follows is `evaluate`'s. No I/O, no clock.
//!
//! ```text
//! captures + documents ─► Site ─► labels a page ─► alignment ─► scope ─► items, in-page content ─► Located
//! ```

pub mod align;
pub mod announced;
pub mod content;
pub mod item;
pub mod label;
pub mod number;
pub mod recognise;
pub mod scope;
pub mod site;
pub mod vocabulary;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::model::{DocumentKind, Pack, Page};
use crate::text::numeral;

use content::Reading;
pub use content::{ContentKind, PageContent, Phrases};
pub use item::{Ground, Item};
use label::Label;
use number::Numbers;
pub use recognise::{Layout, Recogniser, Recognition};
pub use site::{Site, Target};
use vocabulary::{Match, Vocabulary};

/// Where a label was seen.
#[derive(Debug, Clone)]
pub struct LabelSeen {
    /// Capture of the page.
    pub page: usize,
    /// Line on it.
    pub line: usize,
    /// 0–1.
    pub score: f64,
    /// As printed.
    pub text: String,
    /// Whether only its number names the obligation.
    pub by_number: bool,
    /// Whether it stands on the list of obligations or is a section there.
    pub on_list: bool,
}

/// What a line of a section says about the information.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// Who is responsible for it.
    Area,
    /// When it was updated; the date, where it can be read.
    Updated(Option<jiff::civil::Date>),
}

/// Such a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Capture of the page.
    pub page: usize,
    /// Line on it.
    pub line: usize,
    /// What it says.
    pub kind: NoticeKind,
}

/// All candidates of one obligation.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    /// Labels that name it.
    pub labels: Vec<LabelSeen>,
    /// Links, icons and documents taken for it.
    pub items: Vec<Item>,
    /// Information in pages themselves.
    pub content: Vec<PageContent>,
    /// Text of its sections that may be an answer, where the obligation asks for more than text.
    pub hints: Vec<PageContent>,
    /// Links of its sections to other pages of the portal.
    pub page_links: usize,
    /// What its sections say of the area responsible and of the date of update.
    pub notices: Vec<Notice>,
    /// Loaders in its sections whose content no static reading can see.
    pub unseen: Vec<(usize, String)>,
}

/// What locating found, in the order of the pack's obligations.
#[derive(Debug)]
pub struct Located {
    /// One for each obligation.
    pub obligations: Vec<Candidates>,
    /// Captures of the pages that list the obligations.
    pub list_pages: Vec<usize>,
}

/// What a page is about, as a whole.
#[derive(Debug, Clone)]
struct PageLabel {
    obligation: usize,
    score: f64,
    text: String,
}

/// Least score at which a menu's link is an obligation's by its words.
const MENU: f64 = 0.75;

struct Locator<'a, 's> {
    site: &'s Site<'a>,
    pack: &'s Pack,
    vocabulary: Vocabulary,
    phrases: &'s Phrases,
    fractions: Vec<u16>,
    asks: Vec<Vec<u32>>,
    norms: Option<usize>,
    unit: Option<usize>,
    numbers: Numbers,
    /// By capture, in the order of their lines.
    labels: Vec<Vec<Label<'a>>>,
    /// By capture and line, the label whose scope it is in.
    scopes: Vec<Vec<Option<u32>>>,
    page_labels: HashMap<usize, Vec<PageLabel>>,
    list: Vec<usize>,
    is_list: HashSet<usize>,
    children: HashSet<usize>,
    menus: HashSet<(String, Option<String>)>,
    articles: HashMap<u16, usize>,
}

/// Finds the candidates of every obligation of a pack.
#[must_use]
pub fn locate(site: &Site<'_>, pack: &Pack, phrases: &Phrases) -> Located {
    let vocabulary = Vocabulary::new(pack);
    let mut locator = Locator {
        site,
        pack,
        phrases,
        fractions: pack.obligations.iter().map(|o| fraction(&o.id)).collect(),
        asks: pack.obligations.iter().map(|o| vocabulary.stems(&o.asks)).collect(),
        vocabulary,
        norms: pack.obligations.iter().position(|o| o.title == "Marco normativo"),
        unit: pack
            .obligations
            .iter()
            .position(|o| o.title == "Unidad de Transparencia"),
        numbers: Numbers::new(pack),
        labels: vec![Vec::new(); site.captures.len()],
        scopes: vec![Vec::new(); site.captures.len()],
        page_labels: HashMap::new(),
        list: Vec::new(),
        is_list: HashSet::new(),
        children: HashSet::new(),
        menus: HashSet::new(),
        articles: item::trusted_articles(site),
    };
    locator.read_labels();
    locator.find_list();
    locator.find_children();
    locator.name_pages();
    locator.collect()
}

/// The fraction's number in an obligation id: `70.XXVIII` → 28, `71.II.b` → 2.
fn fraction(id: &str) -> u16 {
    id.split('.')
        .nth(1)
        .and_then(|f| numeral::roman(&f.to_lowercase()))
        .unwrap_or(0)
}

impl<'a> Locator<'a, '_> {
    fn read_labels(&mut self) {
        for &capture in &self.site.order {
            let Some(page) = self.site.page(capture) else { continue };
            let (mut labels, scores) = label::labels(self.site, capture, &self.vocabulary);
            align::align(&mut labels, &scores, &self.fractions);
            let title = self.site.document(capture).and_then(|d| d.title.as_deref());
            number::read(page, title, &mut labels, &self.numbers, &self.vocabulary);
            labels.retain(|l| !l.matches.is_empty());
            for label in &mut labels {
                label.matches.shrink_to_fit();
            }
            labels.shrink_to_fit();
            self.scopes[capture] = scope::paint(page, &labels);
            self.labels[capture] = labels;
        }
    }

    /// The page with most obligations labelled; with it, the pages that hold numbered lists.
    fn find_list(&mut self) {
        let counts: Vec<(usize, usize)> = self.site.order.iter().map(|&c| (self.distinct(c), c)).collect();
        let Some(&(most, _)) = counts.iter().max_by_key(|(n, _)| *n) else {
            return;
        };
        if most < 4 {
            return;
        }
        self.list = counts
            .iter()
            .filter(|(n, _)| *n * 3 >= most * 2)
            .map(|(_, c)| *c)
            .collect();
        self.is_list = self.list.iter().copied().collect();
    }

    fn distinct(&self, capture: usize) -> usize {
        let mut seen: Vec<usize> = self.labels[capture].iter().flat_map(Label::obligations).collect();
        seen.sort_unstable();
        seen.dedup();
        seen.len()
    }

    /// What each page is about: by the labels and scopes of the links that lead to it, else by its title and first headings.
    fn name_pages(&mut self) {
        for &capture in &self.site.order {
            if self.is_list.contains(&capture) || self.distinct(capture) > 6 {
                continue;
            }
            let mut named: BTreeMap<usize, PageLabel> = BTreeMap::new();
            for &(from, link) in self.site.incoming(capture) {
                if from == capture {
                    continue;
                }
                for found in self.link_labels(from, link) {
                    let slot = named.entry(found.obligation).or_insert_with(|| found.clone());
                    if found.score > slot.score {
                        *slot = found;
                    }
                }
            }
            let mut labels: Vec<PageLabel> = named.into_values().collect();
            if labels.is_empty() || labels.len() > 3 {
                labels = self.own_title(capture);
            }
            if labels.len() <= 3 {
                self.page_labels.insert(capture, labels);
            }
        }
    }

    /// What a link to a page says of it: its own line's label, its words, its scope, or its page's own label.
    fn link_labels(&mut self, from: usize, link: usize) -> Vec<PageLabel> {
        let Some(page) = self.site.page(from) else {
            return Vec::new();
        };
        let link = &page.links[link];
        if let Some(label) = link.line.and_then(|n| self.label_at(from, n))
            && !label.is_filter()
        {
            return page_labels(&label.matches, label.text, 0.0);
        }
        let words = item::words_of(page, link).to_owned();
        let own = self.read(&words);
        let own: Vec<Match> = own.into_iter().filter(|m| m.score >= 0.7 && !m.filter).collect();
        if !own.is_empty() {
            return page_labels(&own, &words, 0.0);
        }
        let Some(line) = link.line else { return Vec::new() };
        if self.site.is_boilerplate(from, line) {
            return Vec::new();
        }
        if let Some(label) = self.scope_label(from, line)
            && !label.is_filter()
        {
            return page_labels(&label.matches, label.text, 0.05);
        }
        self.page_labels.get(&from).cloned().unwrap_or_default()
    }

    fn own_title(&mut self, capture: usize) -> Vec<PageLabel> {
        let Some(page) = self.site.page(capture) else {
            return Vec::new();
        };
        let title = self.site.document(capture).and_then(|d| d.title.clone());
        let headings = page
            .lines
            .iter()
            .enumerate()
            .filter(|(n, l)| matches!(l.heading, 1 | 2) && !self.site.is_boilerplate(capture, *n));
        let texts: Vec<String> = headings
            .take(3)
            .map(|(_, l)| l.text.clone())
            .chain(title)
            .filter(|t| !t.is_empty())
            .collect();
        for text in texts {
            let found: Vec<Match> = self
                .read(&text)
                .into_iter()
                .filter(|m| m.score >= 0.7 && !m.filter)
                .collect();
            if !found.is_empty() {
                return page_labels(&found, &text, 0.05);
            }
        }
        Vec::new()
    }

    fn read(&self, text: &str) -> Vec<Match> {
        self.vocabulary.read(text)
    }

    fn scope_label(&self, capture: usize, line: usize) -> Option<&Label<'a>> {
        let label = (*self.scopes[capture].get(line)?)?;
        self.labels[capture].get(label as usize)
    }

    /// The label that a line is.
    fn label_at(&self, capture: usize, line: usize) -> Option<&Label<'a>> {
        let labels = &self.labels[capture];
        labels
            .binary_search_by_key(&line, |l| l.line)
            .ok()
            .map(|at| &labels[at])
    }

    /// The label that a line with documents is, for the links on that line.
    fn own_label(&self, capture: usize, line: usize) -> Option<&Label<'a>> {
        self.label_at(capture, line).filter(|l| l.document && !l.is_filter())
    }

    /// Pages that a label of the list leads to, not its menus.
    fn find_children(&mut self) {
        for &capture in &self.site.order {
            let led = self.site.incoming(capture).iter().any(|&(from, link)| {
                let line = self.site.page(from).and_then(|p| p.links[link].line);
                self.is_list.contains(&from)
                    && line.is_some_and(|n| {
                        let labelled = self.label_at(from, n).is_some();
                        !self.site.is_boilerplate(from, n) && (labelled || self.scope_label(from, n).is_some())
                    })
            });
            if led {
                self.children.insert(capture);
            }
        }
    }

    fn on_list(&self, capture: usize) -> bool {
        self.is_list.contains(&capture) || self.children.contains(&capture)
    }

    fn collect(mut self) -> Located {
        let mut out: Vec<Candidates> = vec![Candidates::default(); self.pack.obligations.len()];
        for capture in self.site.order.clone() {
            let Some(page) = self.site.page(capture) else { continue };
            self.note_labels(capture, &mut out);
            self.collect_items(capture, page, &mut out);
            self.collect_content(capture, page, &mut out);
        }
        for candidates in &mut out {
            candidates.items.sort_by(|a, b| {
                b.relevance
                    .total_cmp(&a.relevance)
                    .then(a.page.cmp(&b.page))
                    .then(a.line.cmp(&b.line))
            });
        }
        Located {
            obligations: out,
            list_pages: self.list,
        }
    }

    fn note_labels(&self, capture: usize, out: &mut [Candidates]) {
        let numbered = self.labels[capture].iter().filter(|l| l.numeral.is_some()).count() >= 8;
        let on_list = self.is_list.contains(&capture) || numbered;
        for label in &self.labels[capture] {
            if label.is_filter() {
                continue;
            }
            for m in &label.matches {
                out[m.obligation].labels.push(LabelSeen {
                    page: capture,
                    line: label.line,
                    score: m.score,
                    by_number: label.by_number,
                    text: label.text.to_owned(),
                    on_list,
                });
            }
        }
    }

    fn collect_items(&mut self, capture: usize, page: &Page, out: &mut [Candidates]) {
        let on_list = self.on_list(capture);
        for link in &page.links {
            if !item::can_be_item(link) {
                continue;
            }
            if link.line.is_some_and(|n| self.site.is_boilerplate(capture, n)) {
                self.collect_from_menu(capture, page, link, out);
                continue;
            }
            let target = self.site.target(link);
            let in_page = link.href.starts_with('#') && link.href.len() > 1
                || link.href.contains("mailto:")
                || link.href.contains("tel:");
            if matches!(target, Target::Page(_)) {
                self.note_page_link(capture, link, out);
            }
            if matches!(target, Target::Page(_)) || in_page {
                continue;
            }
            let opener = link.line.is_some_and(|n| !page.lines[n].targets.is_empty());
            // "Facebook" alone is a button of the page; within a sentence of the section it is where the citizen is sent.
            let alone = link
                .line
                .is_none_or(|n| page.lines[n].text.len() <= item::words_of(page, link).len() + 2);
            let menu = !matches!(target, Target::Document(_))
                && alone
                && self.phrases.is_navigation(item::words_of(page, link));
            if target == Target::Nowhere && opener || menu {
                continue;
            }
            for (obligation, ground, relevance, because) in self.place(capture, page, link, &target) {
                out[obligation].items.push(Item {
                    page: capture,
                    line: link.line,
                    target: target.clone(),
                    ground,
                    relevance,
                    because,
                    text: item::words_of(page, link).to_owned(),
                    on_list: match ground {
                        Ground::Scope | Ground::PageLabel | Ground::Numeral => on_list,
                        Ground::OwnWords => self.is_list.contains(&capture),
                        _ => false,
                    },
                });
            }
        }
        self.collect_icons(capture, page, on_list, out);
    }

    /// A section that leads to pages of the portal is not one without links.
    fn note_page_link(&self, capture: usize, link: &crate::model::Link, out: &mut [Candidates]) {
        let label = link.line.and_then(|n| self.scope_label(capture, n));
        for m in label.iter().filter(|l| !l.is_filter()).flat_map(|l| &l.matches) {
            out[m.obligation].page_links += 1;
        }
    }

    /// A menu stands in no section, but what it links a citizen reaches: a document there is an item by its own clear words,
    /// once for the whole site.
    fn collect_from_menu(&mut self, capture: usize, page: &Page, link: &crate::model::Link, out: &mut [Candidates]) {
        let words = item::words_of(page, link).to_owned();
        let target = self.site.target(link);
        let leads_to_file = match &target {
            Target::Document(_) | Target::Blank(_) | Target::External(_) => true,
            Target::Dead(_) | Target::Unknown(_) => link.url.as_deref().is_some_and(item::looks_like_file),
            Target::Page(_) | Target::Nowhere | Target::Announced => false,
        };
        if !leads_to_file || self.phrases.is_navigation(&words) || !self.menus.insert((words.clone(), link.url.clone()))
        {
            return;
        }
        for m in self.read(&words) {
            if m.score >= MENU && !m.filter {
                out[m.obligation].items.push(Item {
                    page: capture,
                    line: link.line,
                    target: target.clone(),
                    ground: Ground::OwnWords,
                    relevance: m.score,
                    because: words.clone(),
                    text: words.clone(),
                    on_list: false,
                });
            }
        }
    }

    fn collect_icons(&self, capture: usize, page: &Page, on_list: bool, out: &mut [Candidates]) {
        for (n, line) in page.lines.iter().enumerate() {
            if line.icons.is_empty() || !line.targets.is_empty() || self.site.is_boilerplate(capture, n) {
                continue;
            }
            let Some(label) = self.scope_label(capture, n) else {
                continue;
            };
            if label.is_filter() || label.line == n && label.opens && line.heading > 0 {
                continue;
            }
            // A picture beside a link is its ornament, not a promise of its own.
            let linked = line.links.iter().any(|&l| page.links[l].url.is_some());
            for m in &label.matches {
                for icon in line.icons.iter().filter(|i| i.control || !linked) {
                    out[m.obligation].items.push(Item {
                        page: capture,
                        line: Some(n),
                        target: Target::Nowhere,
                        ground: if label.by_number {
                            Ground::Numeral
                        } else {
                            Ground::Scope
                        },
                        relevance: m.score,
                        because: label.text.to_owned(),
                        text: icon.text.clone(),
                        on_list,
                    });
                }
            }
        }
    }

    /// Obligations that a link is placed under: by scope, by page, else by its own words, code or file name.
    fn place(
        &mut self,
        capture: usize,
        page: &Page,
        link: &crate::model::Link,
        target: &Target,
    ) -> Vec<(usize, Ground, f64, String)> {
        let words = item::words_of(page, link).to_owned();
        let names = link.url.as_deref().map(item::file_names).unwrap_or_default();
        let own = link.line.and_then(|n| self.own_label(capture, n)).cloned();
        let scope = link.line.and_then(|n| self.scope_label(capture, n)).cloned();
        // A numbered line speaks for its own links; another one only where no heading does.
        let scope = match (own, scope) {
            (Some(own), over) if own.numeral.is_some() || over.is_none() => Some(own),
            (_, over) => over,
        };
        let mut placed: Vec<(usize, Ground, f64, String)> = Vec::new();
        match scope {
            Some(label) if label.is_filter() => placed = self.choose(&label, &words, &names),
            Some(label) => {
                let itself = link.line == Some(label.line) && !label.opens;
                let ground = match (label.by_number, itself) {
                    (true, _) => Ground::Numeral,
                    (false, true) => Ground::OwnWords,
                    (false, false) => Ground::Scope,
                };
                placed.extend(
                    label
                        .matches
                        .iter()
                        .map(|m| (m.obligation, ground, m.score, label.text.to_owned())),
                );
            }
            None => {
                let of_page = self.page_labels.get(&capture).cloned().unwrap_or_default();
                placed.extend(
                    of_page
                        .into_iter()
                        .map(|l| (l.obligation, Ground::PageLabel, l.score, l.text)),
                );
            }
        }
        if placed.is_empty()
            && let Some(norms) = self.norms
            && let Some(name) = std::iter::once(&words)
                .chain(names.first())
                .find(|t| item::names_a_norm(t))
        {
            placed.push((norms, Ground::OwnWords, 0.85, name.clone()));
        }
        let opens = matches!(target, Target::Document(_));
        let floor = if placed.is_empty() { 0.6 } else { 0.9 };
        if placed.is_empty() || opens {
            for m in self.read(&words) {
                if m.score >= floor && !m.filter && !placed.iter().any(|p| p.0 == m.obligation) {
                    placed.push((m.obligation, Ground::OwnWords, m.score, words.clone()));
                }
            }
        }
        if placed.is_empty()
            && let Target::Document(i) = target
        {
            placed = self.by_inside(*i);
        }
        if placed.is_empty() {
            placed = self.by_file(link.url.as_deref().unwrap_or_default(), &names);
        }
        placed
    }

    /// Which of a clause's obligations a link is for, by its own words or its file's name.
    fn choose(&mut self, label: &Label<'_>, words: &str, names: &[String]) -> Vec<(usize, Ground, f64, String)> {
        let among: Vec<usize> = label.obligations().collect();
        for (text, ground) in
            std::iter::once((words, Ground::OwnWords)).chain(names.iter().map(|n| (n.as_str(), Ground::FileName)))
        {
            let best = self
                .vocabulary
                .scores(text)
                .into_iter()
                .find(|m| among.contains(&m.obligation) && m.score >= 0.4);
            if let Some(m) = best {
                return vec![(m.obligation, ground, m.score, text.to_owned())];
            }
        }
        Vec::new()
    }

    fn by_file(&mut self, url: &str, names: &[String]) -> Vec<(usize, Ground, f64, String)> {
        if let Some((article, number)) = item::file_code(url)
            && self.articles.contains_key(&article)
        {
            let found = self.pack.obligations.iter().position(|o| {
                o.codes
                    .iter()
                    .any(|c| c.article == article.to_string() && numeral_of(&c.fraction) == number)
            });
            if let Some(o) = found {
                return vec![(o, Ground::FileCode, 0.8, format!("art. {article}, fracción {number}"))];
            }
        }
        for name in names {
            let best = self.vocabulary.scores(name).first().copied().filter(|m| m.score >= 0.4);
            if let Some(m) = best {
                return vec![(m.obligation, Ground::FileName, m.score, name.clone())];
            }
        }
        Vec::new()
    }

    /// By the title inside a document.
    fn by_inside(&mut self, capture: usize) -> Vec<(usize, Ground, f64, String)> {
        let Some(document) = self.site.document(capture) else {
            return Vec::new();
        };
        let mut titles: Vec<String> = document.title.iter().cloned().collect();
        if let Some(sheet) = document.workbook.as_ref().and_then(|w| w.sheets.first()) {
            titles.extend(
                sheet
                    .rows
                    .iter()
                    .take(6)
                    .flatten()
                    .filter(|c| c.len() > 8)
                    .take(8)
                    .cloned(),
            );
        }
        titles.extend(beginnings(document));
        for title in titles {
            let found = self.read(&title);
            if let Some(m) = found.first().filter(|m| m.score >= 0.75 && !m.filter) {
                return vec![(m.obligation, Ground::InsideTitle, m.score, title)];
            }
        }
        Vec::new()
    }

    fn collect_content(&mut self, capture: usize, page: &Page, out: &mut [Candidates]) {
        let reading = Reading::new(page, capture, self.phrases);
        let mut sections: BTreeMap<usize, (Vec<usize>, bool, f64)> = BTreeMap::new();
        for n in 0..page.lines.len() {
            if self.site.is_boilerplate(capture, n) {
                continue;
            }
            if let Some(label) = self.scope_label(capture, n) {
                if label.is_filter() {
                    continue;
                }
                // The line that names the obligation may go on to say why there is nothing.
                if label.line == n {
                    if let Some(found) = content::negative(&reading, &[n])
                        && label.strong()
                    {
                        out[label.matches[0].obligation].content.push(found);
                    }
                    continue;
                }
                for m in &label.matches {
                    sections
                        .entry(m.obligation)
                        .or_insert_with(|| (Vec::new(), false, m.score))
                        .0
                        .push(n);
                }
            } else if let Some(labels) = self.page_labels.get(&capture) {
                for l in labels {
                    sections
                        .entry(l.obligation)
                        .or_insert_with(|| (Vec::new(), true, l.score))
                        .0
                        .push(n);
                }
            }
        }
        for (obligation, (lines, whole, score)) in sections {
            let found = content::table(&reading, &lines).or_else(|| content::negative(&reading, &lines));
            if let Some(found) = found {
                out[obligation].content.push(found);
            } else if (!whole || score >= 0.7) && !self.has_dead_link(page, &lines) {
                let asks = &self.asks[obligation];
                let own = content::text(&reading, &lines, asks, &self.vocabulary, whole);
                let slot = &mut out[obligation];
                if self.pack.obligations[obligation].page_text && own.is_some() {
                    slot.content.extend(own);
                } else {
                    let little = || content::hint(&reading, &lines, asks, &self.vocabulary);
                    slot.hints.extend(own.or_else(little));
                }
            }
            self.collect_announced(&reading, &lines, obligation, out);
            out[obligation].notices.extend(content::notices(&reading, &lines));
        }
        for (line, call) in &page.loaders {
            let over = line.and_then(|n| self.scope_label(capture, n));
            for m in over.iter().filter(|l| !l.is_filter()).flat_map(|l| &l.matches) {
                out[m.obligation].unseen.push((capture, call.clone()));
            }
        }
        self.collect_contact(&reading, out);
    }

    fn has_dead_link(&self, page: &Page, lines: &[usize]) -> bool {
        lines
            .iter()
            .flat_map(|&n| &page.lines[n].links)
            .any(|&l| matches!(self.site.target(&page.links[l]), Target::Dead(_)))
    }

    /// Periods of a section that lead nowhere are items without a link.
    fn collect_announced(&self, reading: &Reading<'_>, lines: &[usize], obligation: usize, out: &mut [Candidates]) {
        let capture = reading.capture;
        for (n, period) in announced::without_link(reading, lines) {
            let label = self.scope_label(capture, n);
            out[obligation].items.push(Item {
                page: capture,
                line: Some(n),
                target: Target::Announced,
                ground: label.map_or(Ground::PageLabel, |_| Ground::Scope),
                relevance: 0.7,
                because: label.map_or_else(String::new, |l| l.text.to_owned()),
                text: period,
                on_list: self.on_list(capture),
            });
        }
    }

    /// The transparency unit's address, wherever it stands.
    fn collect_contact(&self, reading: &Reading<'_>, out: &mut [Candidates]) {
        let Some(unit) = self.unit else { return };
        let named = reading.line_of_unit();
        if let Some(found) = named.and_then(|n| content::contact(reading.page, reading.capture, n)) {
            out[unit].content.push(found);
        }
    }
}

/// Lines at the beginning of a document's text in which its title is looked for, and their longest.
const TITLE_LINES: usize = 8;
const TITLE_LENGTH: usize = 120;

/// The first lines of a document's text that may be its title.
fn beginnings(document: &crate::model::Document) -> Vec<String> {
    let first = document
        .text
        .as_ref()
        .and_then(|t| t.pages.iter().find(|p| !p.trim().is_empty()));
    first
        .into_iter()
        .flat_map(|page| page.lines())
        .map(str::trim)
        .filter(|l| l.len() > 8 && l.len() <= TITLE_LENGTH)
        .take(TITLE_LINES)
        .map(str::to_owned)
        .collect()
}

fn numeral_of(fraction: &str) -> u16 {
    numeral::roman(&fraction.split(['.', ' ']).next().unwrap_or_default().to_lowercase()).unwrap_or(0)
}

fn page_labels(matches: &[Match], text: &str, discount: f64) -> Vec<PageLabel> {
    matches
        .iter()
        .map(|m| PageLabel {
            obligation: m.obligation,
            score: m.score - discount,
            text: text.to_owned(),
        })
        .collect()
}

/// Whether a document is a spreadsheet that was saved as a page.
#[must_use]
pub fn is_saved_sheet(kind: DocumentKind, url: &str) -> bool {
    kind == DocumentKind::Html && item::looks_like_file(url)
}
