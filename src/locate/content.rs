//! Information that stands in the page itself: tables with data, an address, explanatory text.

use std::collections::{HashMap, HashSet};

use crate::model::{Line, Page};
use crate::rules::Lexicon;
use crate::text::{fold, numeral, period, stems};

/// Fewest textual cells that make a table an answer.
const LEAST_CELLS: usize = 8;
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
    /// Words that only lead on: "descargar", "ver".
    pub actions: Vec<String>,
    /// Words of menus: "inicio", "regresar".
    pub navigation: Vec<String>,
    /// Phrases of the law and of page templates.
    pub templates: Vec<String>,
}

impl Phrases {
    /// Those of the lexicon.
    #[must_use]
    pub fn of(lexicon: &Lexicon) -> Self {
        Self {
            placeholders: lexicon.placeholders.clone(),
            negatives: lexicon.negatives.clone(),
            actions: lexicon.actions.clone(),
            navigation: lexicon.navigation.clone(),
            templates: lexicon.templates.clone(),
        }
    }

    /// Whether a text promises instead of informing.
    #[must_use]
    pub fn is_placeholder(&self, text: &str) -> bool {
        let folded = format!(" {} ", fold(text));
        self.placeholders.iter().any(|p| folded.contains(&format!(" {p} ")))
    }

    /// Whether a text quotes the law or belongs to the page's template.
    #[must_use]
    pub fn is_template(&self, text: &str) -> bool {
        let folded = format!(" {} ", fold(text));
        self.templates.iter().any(|p| folded.contains(&format!(" {p} ")))
    }

    /// Whether a text says with reason that there is nothing to publish.
    #[must_use]
    pub fn is_reasoned_negative(&self, text: &str) -> bool {
        if text.chars().count() < 25 {
            return false;
        }
        let folded = format!(" {} ", fold(text));
        self.negatives.iter().any(|p| folded.contains(&format!(" {p} ")))
    }

    /// Whether a link's words are a menu's.
    #[must_use]
    pub fn is_navigation(&self, text: &str) -> bool {
        self.navigation.contains(&fold(text))
    }

    fn says_nothing(&self, text: &str) -> bool {
        let folded = fold(text);
        folded.is_empty()
            || self.actions.contains(&folded)
            || self.navigation.contains(&folded)
            || numeral::leading(text).is_some_and(|n| folded.split(' ').count() <= n.words + 1)
            || is_period(text)
            || self.is_placeholder(text)
    }
}

/// Whether a text says nothing but a period: "1er Trimestre 2019". An amount is none.
pub(super) fn is_period(text: &str) -> bool {
    fold(text).split(' ').all(|w| {
        let digits = w.chars().all(|c| c.is_ascii_digit());
        digits && (w.len() <= 2 || period::year(w).is_some())
            || period::month(w).is_some()
            || w.len() == 1 && !digits
            || PERIOD_WORDS.contains(&w)
    })
}

/// A line of a section that says with reason that nothing was generated.
#[must_use]
pub fn negative(page: &Page, capture: usize, lines: &[usize], phrases: &Phrases) -> Option<PageContent> {
    let found = lines.iter().copied().find(|&n| {
        let line = &page.lines[n];
        line.links.is_empty()
            && (6..=120).contains(&line.text.split_whitespace().count())
            && phrases.is_reasoned_negative(&line.text)
            && !phrases.is_placeholder(&line.text)
    })?;
    Some(PageContent {
        page: capture,
        line: found,
        kind: ContentKind::Negative,
        excerpt: page.lines[found].text.clone(),
        relevance: 0.8,
    })
}

/// Whether a line only repeats what the law asks, as many portals do under each heading.
fn repeats_the_law(text: &str, asks: &[String], phrases: &Phrases) -> bool {
    let own = stems(text);
    let said = asks.iter().filter(|w| own.contains(w)).count();
    phrases.is_template(text) || asks.len() >= 4 && said * 2 >= asks.len() && said * 3 >= own.len()
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
pub fn table(page: &Page, capture: usize, lines: &[usize], phrases: &Phrases) -> Option<PageContent> {
    // Beside a link or an icon, words name a document and are not the information itself.
    let names_documents: HashSet<(usize, usize)> = lines
        .iter()
        .map(|&n| &page.lines[n])
        .filter(|l| !l.icons.is_empty() || l.links.iter().any(|&l| !is_address_of_person(&page.links[l].href)))
        .filter_map(|l| l.cell.as_ref())
        .map(|c| (c.table, c.row))
        .collect();
    let mut cells: HashMap<usize, (usize, usize, Vec<&str>)> = HashMap::new();
    for &n in lines {
        let line = &page.lines[n];
        let Some(cell) = &line.cell else { continue };
        let plain = line.links.is_empty()
            && !cell.header
            && !names_documents.contains(&(cell.table, cell.row))
            && !phrases.says_nothing(&line.text);
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
        page: capture,
        line: first,
        kind: ContentKind::Table,
        excerpt: words.join(" | "),
        relevance: 0.75,
    })
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

/// Explanatory text of a section: enough words of its own, without promise and without dead links (`dead`). Lines that repeat
/// what the law asks (`asks`, its stems) do not count.
#[must_use]
pub fn text(
    page: &Page,
    capture: usize,
    lines: &[usize],
    phrases: &Phrases,
    asks: &[String],
    dead: bool,
    whole_page: bool,
) -> Option<PageContent> {
    if dead {
        return None;
    }
    let free: Vec<usize> = lines
        .iter()
        .copied()
        .filter(|&n| page.lines[n].links.is_empty() && !phrases.says_nothing(&page.lines[n].text))
        .filter(|&n| !repeats_the_law(&page.lines[n].text, asks, phrases))
        .collect();
    if lines.iter().any(|&n| phrases.is_placeholder(&page.lines[n].text)) {
        return None;
    }
    let words: usize = free
        .iter()
        .map(|&n| page.lines[n].text.split_whitespace().count())
        .sum();
    let enough = if whole_page {
        free.len() >= LEAST_LINES
    } else {
        words >= LEAST_WORDS
    };
    let first = *free.first()?;
    enough.then(|| PageContent {
        page: capture,
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
