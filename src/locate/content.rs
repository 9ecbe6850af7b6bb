//! Information that stands in the page itself: tables with data, an address, explanatory text.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::vocabulary::Vocabulary;
use crate::model::{Line, Page};
use crate::rules::Lexicon;
use crate::text::{date, fold, fold_into, numeral, period};

use super::{Notice, NoticeKind};

/// Fewest textual cells that make a table an answer.
const LEAST_CELLS: usize = 8;
/// Fewest words of a section's own text, or lines that hold a figure, an address or the like, that may be an answer.
const HINT_WORDS: usize = 15;
const HINT_LINES: usize = 3;
/// Fewest words of a section's own text that make it an answer.
const LEAST_WORDS: usize = 35;
/// Fewest lines of a page that is about one obligation alone.
const LEAST_LINES: usize = 15;

/// Kinds of in-page content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContentKind {
    /// A table with data.
    Table,
    /// Street, telephone or e-mail under the name of the office.
    Contact,
    /// Explanatory text.
    Text,
    /// A reason why nothing was generated.
    Negative,
}

/// In-page content taken for an obligation's.
#[derive(Debug, Clone)]
pub struct PageContent {
    /// Capture of the page.
    pub page: usize,
    /// First line of it.
    pub line: usize,
    /// What it is.
    pub kind: ContentKind,
    /// Words seen, shortened by whoever shows them.
    pub excerpt: String,
    /// 0–1.
    pub relevance: f64,
}

/// Phrases that decide what a text is worth, folded.
#[derive(Debug, Clone, Default)]
pub struct Phrases {
    /// Promises and placeholders: their presence means no information.
    pub placeholders: Vec<String>,
    /// Openings of reasoned negatives.
    pub negatives: Vec<String>,
    /// Roots of verbs that, negated, say that there is nothing to publish.
    pub negated_verbs: Vec<String>,
    /// Words that only lead on: "descargar", "ver".
    pub actions: Vec<String>,
    /// Words of menus: "inicio", "regresar".
    pub navigation: Vec<String>,
    /// Phrases of the law and of page templates.
    pub templates: Vec<String>,
    /// What finds them, made when it is first needed.
    pub search: Search,
}

impl Phrases {
    /// Those of the lexicon.
    #[must_use]
    pub fn of(lexicon: &Lexicon) -> Self {
        Self {
            placeholders: lexicon.placeholders.clone(),
            negatives: lexicon.negatives.clone(),
            negated_verbs: lexicon.negated_verbs.clone(),
            actions: lexicon.actions.clone(),
            navigation: lexicon.navigation.clone(),
            templates: lexicon.templates.clone(),
            search: Search::default(),
        }
    }

    /// Whether a text promises instead of informing.
    #[must_use]
    pub fn is_placeholder(&self, text: &str) -> bool {
        self.find(&fold(text)).placeholder
    }

    /// Whether a text quotes the law or belongs to the page's template.
    #[must_use]
    pub fn is_template(&self, text: &str) -> bool {
        self.find(&fold(text)).template
    }

    /// Whether a text says with reason that there is nothing to publish.
    #[must_use]
    pub fn is_reasoned_negative(&self, text: &str) -> bool {
        text.chars().count() >= LEAST_REASON && self.find(&fold(text)).negative
    }

    /// "no se han recibido", "no financiaron": *no*, what stands between it and its verb, and one of the verbs.
    fn negates_a_verb(&self, folded: &str) -> bool {
        const BETWEEN: &[&str] = &[
            "se", "ha", "han", "fue", "fueron", "le", "les", "lo", "los", "hubo", "haya", "hayan",
        ];
        let mut words = folded.split(' ');
        while let Some(word) = words.next() {
            let mut after = words.clone().take(4);
            if word == "no"
                && let Some(verb) = after.find(|w| !BETWEEN.contains(w))
                && self.negated_verbs.iter().any(|root| verb.starts_with(root.as_str()))
            {
                return true;
            }
        }
        false
    }

    /// Whether a link's words are a menu's.
    #[must_use]
    pub fn is_navigation(&self, text: &str) -> bool {
        self.navigation.contains(&fold(text))
    }

    /// What a text is; `folded` is room to fold it in.
    pub(super) fn facts(&self, text: &str, folded: &mut String) -> Facts {
        fold_into(text, folded);
        let said = self.find(folded);
        let period = is_folded_period(folded);
        let words = folded.split(' ').count();
        let brief = text.len() <= LONGEST_NOTICE;
        let says = |phrases: &[&str]| phrases.iter().any(|p| folded.contains(p));
        Facts {
            placeholder: said.placeholder,
            template: said.template,
            negative: said.negative && text.chars().count() >= LEAST_REASON,
            period,
            nothing: folded.is_empty()
                || said.placeholder
                || period
                || self.actions.contains(folded)
                || self.navigation.contains(folded)
                || numeral::leading_in(text, folded).is_some_and(|n| words <= n.words + 1),
            unit: folded.contains(UNIT) && words <= 25,
            area: brief && says(AREA),
            updated: brief && says(UPDATED),
        }
    }

    fn find(&self, folded: &str) -> Said {
        let search = self.search.0.get_or_init(|| Automaton::new(self));
        let mut said = search.find(folded);
        said.negative = said.negative || self.negates_a_verb(folded);
        said
    }
}

/// Fewest characters of a reason.
const LEAST_REASON: usize = 25;
/// Name of the office to which a citizen turns.
const UNIT: &str = "unidad de transparencia";
/// Longest line, in bytes, that says who is responsible for the information or when it was updated; and how lines say it.
const LONGEST_NOTICE: usize = 400;
const AREA: &[&str] = &[
    "area responsable",
    "areas responsables",
    "area generadora",
    "unidad responsable",
    "responsable de la informacion",
];
const UPDATED: &[&str] = &[
    "fecha de actualizacion",
    "ultima actualizacion",
    "actualizado al",
    "actualizado el",
    "fecha actualizacion",
];

/// What a line says, told once for all that ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    /// It promises instead of informing.
    pub(super) placeholder: bool,
    /// It quotes the law or belongs to the page's template.
    pub(super) template: bool,
    /// It says with reason that there is nothing to publish.
    pub(super) negative: bool,
    /// It says nothing but a period.
    pub(super) period: bool,
    /// It informs of nothing.
    pub(super) nothing: bool,
    /// It names the transparency unit, and hardly more.
    pub(super) unit: bool,
    /// It says who is responsible for the information.
    pub(super) area: bool,
    /// It says when the information was updated.
    pub(super) updated: bool,
}

/// Finds phrases in texts.
#[derive(Debug, Clone, Default)]
pub struct Search(OnceLock<Automaton>);

/// Kinds of phrases that stand in a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Said {
    placeholder: bool,
    negative: bool,
    template: bool,
}

/// What a phrase makes of a text.
type Kind = fn(&mut Said);

/// All phrases at once.
#[derive(Debug, Clone)]
struct Automaton {
    /// `None` when there are no phrases.
    phrases: Option<AhoCorasick>,
    /// By phrase, what it makes of a text.
    kinds: Vec<Kind>,
}

impl Automaton {
    fn new(phrases: &Phrases) -> Self {
        let lists: [(&[String], Kind); 3] = [
            (&phrases.placeholders, |s| s.placeholder = true),
            (&phrases.negatives, |s| s.negative = true),
            (&phrases.templates, |s| s.template = true),
        ];
        let some = |list: &'_ [String]| list.iter().filter(|p| !p.is_empty()).cloned().collect::<Vec<_>>();
        let lists = lists.map(|(list, kind)| (some(list), kind));
        let all = || {
            lists
                .iter()
                .flat_map(|(list, kind)| list.iter().map(move |p| (p, *kind)))
        };
        Self {
            phrases: AhoCorasick::builder()
                .kind(Some(AhoCorasickKind::DFA))
                .build(all().map(|(p, _)| p))
                .ok(),
            kinds: all().map(|(_, kind)| kind).collect(),
        }
    }

    /// Phrases stand between spaces.
    fn find(&self, folded: &str) -> Said {
        let mut said = Said::default();
        let bytes = folded.as_bytes();
        let parts = |at: Option<&u8>| at.is_none_or(|b| *b == b' ');
        for found in self.phrases.iter().flat_map(|p| p.find_overlapping_iter(folded)) {
            let before = found.start().checked_sub(1).and_then(|n| bytes.get(n));
            if parts(before) && parts(bytes.get(found.end())) {
                self.kinds[found.pattern().as_usize()](&mut said);
            }
        }
        said
    }
}

/// Whether a text says nothing but a period: "1er Trimestre 2019". An amount is none.
pub(super) fn is_period(text: &str) -> bool {
    is_folded_period(&fold(text))
}

fn is_folded_period(folded: &str) -> bool {
    folded.split(' ').all(|w| {
        let digits = w.chars().all(|c| c.is_ascii_digit());
        digits && (w.len() <= 2 || period::year(w).is_some())
            || period::month(w).is_some()
            || w.len() == 1 && !digits
            || PERIOD_WORDS.contains(&w)
    })
}

/// A page as its sections are read: what each line says is found out once.
pub(super) struct Reading<'a> {
    pub(super) page: &'a Page,
    /// Capture of the page.
    pub(super) capture: usize,
    phrases: &'a Phrases,
    facts: Vec<Cell<Option<Facts>>>,
    folded: RefCell<String>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(page: &'a Page, capture: usize, phrases: &'a Phrases) -> Self {
        Self {
            page,
            capture,
            phrases,
            facts: vec![Cell::new(None); page.lines.len()],
            folded: RefCell::default(),
        }
    }

    /// The first line that names the transparency unit, and hardly more.
    pub(super) fn line_of_unit(&self) -> Option<usize> {
        // Looked for in the text as it stands, before it is folded: hardly a line has it.
        let may = |text: &str| text.contains("nidad") || text.contains("NIDAD");
        let lines = self.page.lines.iter().enumerate();
        let mut lines = lines.filter(|(_, l)| may(&l.text)).map(|(n, _)| n);
        lines.find(|&n| self.facts(n).unit)
    }

    /// What a line says.
    pub(super) fn facts(&self, n: usize) -> Facts {
        if let Some(known) = self.facts[n].get() {
            return known;
        }
        let facts = self
            .phrases
            .facts(&self.page.lines[n].text, &mut self.folded.borrow_mut());
        self.facts[n].set(Some(facts));
        facts
    }
}

/// A line of a section that says with reason that nothing was generated.
#[must_use]
pub(super) fn negative(reading: &Reading<'_>, lines: &[usize]) -> Option<PageContent> {
    let page = reading.page;
    let says = |facts: Facts| facts.negative && !facts.placeholder;
    let found = lines.iter().copied().find(|&n| {
        let line = &page.lines[n];
        line.links.is_empty() && (6..=120).contains(&line.text.split_whitespace().count()) && says(reading.facts(n))
    })?;
    Some(PageContent {
        page: reading.capture,
        line: found,
        kind: ContentKind::Negative,
        excerpt: page.lines[found].text.clone(),
        relevance: 0.8,
    })
}

/// Whether a line only repeats what the law asks, as many portals do under each heading.
fn repeats_the_law(text: &str, asks: &[u32], known: &Vocabulary) -> bool {
    if asks.len() < 4 {
        return false;
    }
    let own = known.stems(text);
    let said = asks.iter().filter(|w| own.contains(w)).count();
    said * 2 >= asks.len() && said * 3 >= own.len()
}

const PERIOD_WORDS: &[&str] = &[
    "trimestre",
    "trim",
    "semestre",
    "anual",
    "primer",
    "segundo",
    "tercer",
    "cuarto",
    "1er",
    "2do",
    "3er",
    "4to",
    "ano",
    "periodo",
    "ejercicio",
    "descargar",
    "de",
    "del",
    "al",
    "vigente",
    "conservacion",
    "actualizacion",
    "no",
    "nd",
    "na",
    "excel",
    "pdf",
    "ver",
];

/// E-mail and telephone links belong to a directory, not to a document.
fn is_address_of_person(href: &str) -> bool {
    let lower = href.trim().to_ascii_lowercase();
    lower.starts_with("mailto:") || lower.starts_with("tel:")
}

/// A table of data among the given lines: at least eight cells that are no period, link, placeholder or heading.
#[must_use]
pub(super) fn table(reading: &Reading<'_>, lines: &[usize]) -> Option<PageContent> {
    let page = reading.page;
    if lines.iter().all(|&n| page.lines[n].cell.is_none()) {
        return None;
    }
    // Beside a link or an icon, words name a document and are not the information itself.
    let names_documents: HashSet<(u32, u32)> = lines
        .iter()
        .map(|&n| &page.lines[n])
        .filter(|l| !l.icons.is_empty() || l.links.iter().any(|&l| !is_address_of_person(&page.links[l].href)))
        .filter_map(|l| l.cell.as_ref())
        .map(|c| (c.table, c.row))
        .collect();
    let mut cells: HashMap<u32, (usize, usize, Vec<&str>)> = HashMap::new();
    for &n in lines {
        let line = &page.lines[n];
        let Some(cell) = &line.cell else { continue };
        let plain = line.links.is_empty()
            && !cell.header
            && !names_documents.contains(&(cell.table, cell.row))
            && !reading.facts(n).nothing;
        let slot = cells.entry(cell.table).or_insert((0, n, Vec::new()));
        if plain {
            slot.0 += 1;
            slot.2.push(&line.text);
        }
    }
    let (count, first, words) = cells
        .into_values()
        .max_by_key(|(count, first, _)| (*count, std::cmp::Reverse(*first)))?;
    (count >= LEAST_CELLS).then(|| PageContent {
        page: reading.capture,
        line: first,
        kind: ContentKind::Table,
        excerpt: words.join(" | "),
        relevance: 0.75,
    })
}

/// Lines that say who is responsible for the information and when it was updated; what they say may stand on the next line.
#[must_use]
pub(super) fn notices(reading: &Reading<'_>, lines: &[usize]) -> Vec<Notice> {
    let page = reading.page;
    let mut out = Vec::new();
    for (at, &n) in lines.iter().enumerate() {
        let facts = reading.facts(n);
        if !facts.area && !facts.updated {
            continue;
        }
        let text = &page.lines[n].text;
        let next = lines.get(at + 1).map_or("", |&m| page.lines[m].text.as_str());
        if facts.area && (fold(text).split(' ').count() > 3 || !next.is_empty()) {
            out.push(Notice {
                page: reading.capture,
                line: n,
                kind: NoticeKind::Area,
            });
        }
        if facts.updated {
            let found = date::dates(text)
                .into_iter()
                .chain(date::dates(next))
                .map(|(_, d)| d)
                .next();
            out.push(Notice {
                page: reading.capture,
                line: n,
                kind: NoticeKind::Updated(found),
            });
        }
    }
    out
}

/// The address, telephone or e-mail of an office within six lines of the line that names it.
#[must_use]
pub fn contact(page: &Page, capture: usize, named: usize) -> Option<PageContent> {
    let end = (named + 7).min(page.lines.len());
    let near: Vec<&Line> = page.lines[named..end].iter().collect();
    let signs = near.iter().filter(|l| has_contact(&l.text)).count();
    let mail_link = near
        .iter()
        .flat_map(|l| &l.links)
        .any(|&l| page.links[l].href.to_ascii_lowercase().starts_with("mailto:"));
    (signs + usize::from(mail_link) >= 2).then(|| PageContent {
        page: capture,
        line: named,
        kind: ContentKind::Contact,
        excerpt: near.iter().map(|l| l.text.as_str()).collect::<Vec<_>>().join(" · "),
        relevance: 0.75,
    })
}

fn has_contact(text: &str) -> bool {
    let lower = text.to_lowercase();
    let folded = format!(" {} ", fold(text));
    let digits = text.chars().filter(char::is_ascii_digit).count();
    lower.contains('@')
        || [
            " calle ",
            " av ",
            " avenida ",
            " blvd ",
            " boulevard ",
            " col ",
            " colonia ",
            " c p ",
            " cp ",
            " domicilio ",
            " portal ",
        ]
        .iter()
        .any(|s| folded.contains(s) && folded.split(' ').count() > 5)
        || [" tel ", " telefono ", " telefonos ", " ext "]
            .iter()
            .any(|s| folded.contains(s))
            && digits >= 7
}

fn without_links(page: &Page, lines: &[usize]) -> Vec<usize> {
    let free = lines.iter().copied().filter(|&n| page.lines[n].links.is_empty());
    free.collect()
}

/// Keeps the lines that inform of something and do not repeat what the law asks.
fn keep_own(free: &mut Vec<usize>, reading: &Reading<'_>, asks: &[u32], known: &Vocabulary) {
    free.retain(|&n| !reading.facts(n).nothing && !reading.facts(n).template);
    free.retain(|&n| !repeats_the_law(&reading.page.lines[n].text, asks, known));
}

/// Text of a section without dead links that is too little to be an answer, and enough for a person to look at.
#[must_use]
pub(super) fn hint(reading: &Reading<'_>, lines: &[usize], asks: &[u32], known: &Vocabulary) -> Option<PageContent> {
    let page = reading.page;
    let mut free = without_links(page, lines);
    let enough = |free: &[usize]| {
        let words = free.iter().map(|&n| page.lines[n].text.split_whitespace().count());
        words.sum::<usize>() >= HINT_WORDS || free.iter().filter(|&&n| tells(reading, n)).count() >= HINT_LINES
    };
    // Cheap first, as with more text.
    if !enough(&free) || lines.iter().any(|&n| reading.facts(n).placeholder) {
        return None;
    }
    keep_own(&mut free, reading, asks, known);
    enough(&free).then(|| PageContent {
        page: reading.capture,
        line: free[0],
        kind: ContentKind::Text,
        excerpt: free
            .iter()
            .take(6)
            .map(|&n| page.lines[n].text.as_str())
            .collect::<Vec<_>>()
            .join(" · "),
        relevance: 0.5,
    })
}

/// Whether a line holds an amount, an address or a telephone, and more than a period.
fn tells(reading: &Reading<'_>, n: usize) -> bool {
    let text = &reading.page.lines[n].text;
    let figures = text.chars().filter(char::is_ascii_digit).count();
    text.contains(['@', '$']) || figures >= 4 && text.chars().any(char::is_alphabetic) && !reading.facts(n).period
}

/// Explanatory text of a section without dead links: enough words of its own, without promise. Lines that repeat what the law
/// asks (`asks`, its stems) do not count.
#[must_use]
pub(super) fn text(
    reading: &Reading<'_>,
    lines: &[usize],
    asks: &[u32],
    known: &Vocabulary,
    whole_page: bool,
) -> Option<PageContent> {
    let page = reading.page;
    let words = |n: usize| page.lines[n].text.split_whitespace().count();
    let mut free = without_links(page, lines);
    // Cheap first: most sections have too little text, whatever it says.
    let too_little = |free: &[usize]| {
        if whole_page {
            free.len() < LEAST_LINES
        } else {
            free.iter().map(|&n| words(n)).sum::<usize>() < LEAST_WORDS
        }
    };
    if too_little(&free) || lines.iter().any(|&n| reading.facts(n).placeholder) {
        return None;
    }
    keep_own(&mut free, reading, asks, known);
    let enough = !too_little(&free);
    let first = *free.first()?;
    enough.then(|| PageContent {
        page: reading.capture,
        line: first,
        kind: ContentKind::Text,
        excerpt: free
            .iter()
            .take(6)
            .map(|&n| page.lines[n].text.as_str())
            .collect::<Vec<_>>()
            .join(" · "),
        relevance: 0.65,
    })
}
