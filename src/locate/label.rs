//! Which lines of a page name obligations, and whether they may open a section.

use foldhash::HashMap;

use crate::model::{Line, LinkOrigin, Page};
use crate::text::fold_into;
use crate::text::numeral::{self, Numeral};

use super::site::{Site, Target};
use super::vocabulary::{Match, Vocabulary};

/// Longest text of a label that is no heading, in words.
const PROSE: usize = 18;
/// Characters of a label that are kept.
const LONGEST: usize = 1_000;
/// A text that stands this often on a page without numeral is a field of its template.
const REPEATED_FIELD: usize = 6;

/// A line that names obligations.
#[derive(Debug, Clone)]
pub struct Label<'p> {
    /// Line in its page.
    pub line: usize,
    /// What it names, best first.
    pub matches: Vec<Match>,
    /// Its numeral.
    pub numeral: Option<Numeral>,
    /// Whether it may open a section.
    pub opens: bool,
    /// Whether it is a link to a document: it labels itself only.
    pub document: bool,
    /// Whether only its number names the obligation, because it says nothing else.
    pub by_number: bool,
    /// Words of the label, for the reasons.
    pub text: &'p str,
}

impl Label<'_> {
    /// Whether it names one obligation surely.
    #[must_use]
    pub fn strong(&self) -> bool {
        self.matches.len() == 1 && !self.matches[0].filter && (self.matches[0].score >= 0.8 || self.numeral.is_some())
    }

    /// Obligations that it names.
    pub fn obligations(&self) -> impl Iterator<Item = usize> + '_ {
        self.matches.iter().map(|m| m.obligation)
    }

    /// Whether it names several and its items must choose by their own words.
    #[must_use]
    pub fn is_filter(&self) -> bool {
        self.matches.first().is_some_and(|m| m.filter)
    }
}

/// Labels of a page in reading order. Numbered lines that name nothing by their words are kept with empty matches, for
/// alignment to fill. With them, for the numbered ones, all that their words may name.
#[must_use]
pub(super) fn labels<'p>(
    site: &Site<'p>,
    capture: usize,
    vocabulary: &Vocabulary,
) -> (Vec<Label<'p>>, Vec<Vec<Match>>) {
    let Some(page) = site.page(capture) else {
        return (Vec::new(), Vec::new());
    };
    let repeats = count_texts(page);
    let content = content_tables(page);
    let (mut out, mut scores, mut stems) = (Vec::new(), Vec::new(), Vec::new());
    let mut lent: Option<Numeral> = None;
    let mut folded = String::new();
    for (n, line) in page.lines.iter().enumerate() {
        if line.text.is_empty() || site.is_boilerplate(capture, n) {
            continue;
        }
        fold_into(&line.text, &mut folded);
        let words = count_words(&folded);
        let leading = numeral::leading_in(&line.text, &folded);
        let own = leading.clone().or_else(|| numeral::announced_in(&folded));
        let bare = own.as_ref().is_some_and(|n| n.words > 0 && words <= n.words);
        let numeral = own.or_else(|| lent.take());
        lent = if bare { numeral.clone() } else { None };
        let heading = heading_like(line, numeral.is_some());
        if is_noise(line, words, numeral.is_some(), heading, &repeats, &content) {
            continue;
        }
        let said = vocabulary.read_in(&line.text, &folded, leading.as_ref());
        let matches = said.named;
        if matches.is_empty() && numeral.is_none() {
            continue;
        }
        let document = is_document_line(site, page, line);
        let short = words <= 12 && !document;
        scores.push(if numeral.is_some() { said.all } else { Vec::new() });
        let text = shortened(&line.text);
        stems.push(if text.contains('(') || text.len() < line.text.len() {
            vocabulary.stems(text)
        } else {
            said.stems
        });
        out.push(Label {
            line: n,
            matches,
            numeral,
            opens: (heading || short) && !(document && line.heading == 0),
            document,
            by_number: false,
            text,
        });
    }
    lend_words(page, &mut out);
    repeat_headings(page, &mut out, &stems);
    (out, scores)
}

/// A label's words, as many as make sense: they are repeated in every reason.
fn shortened(text: &str) -> &str {
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

/// A label whose words are all in the heading above it says that heading again, shorter: below "Dictámenes de estados financieros"
/// the line "Estados financieros" is no other obligation.
fn repeat_headings(page: &Page, labels: &mut [Label<'_>], stems: &[Vec<u32>]) {
    let mut above: Option<(&[u32], Vec<Match>)> = None;
    for (label, own) in labels.iter_mut().zip(stems) {
        let heading = page.lines[label.line].heading;
        if let Some((words, matches)) = &above
            && label.numeral.is_none()
            && !label.matches.is_empty()
            && own.len() < words.len()
            && own.iter().all(|w| words.contains(w))
        {
            label.matches.clone_from(matches);
            continue;
        }
        if matches!(heading, 1..=3) && label.matches.len() == 1 && label.matches[0].score >= 0.8 {
            above = Some((own.as_slice(), label.matches.clone()));
        } else if heading > 0 {
            above = None;
        }
    }
}

/// A numbered heading that says nothing known takes the words of the line right below it, which tells the same at length:
/// "Fracción XI. Número" above "El número total de las plazas y del personal…".
fn lend_words(page: &Page, labels: &mut [Label<'_>]) {
    for i in 1..labels.len() {
        let (above, below) = labels.split_at_mut(i);
        let (Some(heading), Some(told)) = (above.last_mut(), below.first()) else {
            continue;
        };
        let mute = heading.numeral.is_some() && heading.matches.is_empty() && page.lines[heading.line].heading > 0;
        if mute && told.numeral.is_none() && !told.document && told.line <= heading.line + 2 {
            heading.matches.clone_from(&told.matches);
        }
    }
}

fn count_words(folded: &str) -> usize {
    folded.split(' ').filter(|w| !w.is_empty()).count()
}

/// Whether a line looks like the heading of what follows.
fn heading_like(line: &Line, numbered: bool) -> bool {
    numbered
        || line.heading > 0
        || line.bold
        || line.control
        || !line.targets.is_empty()
        || line.cell.as_ref().is_some_and(|c| c.header)
}

fn is_noise(
    line: &Line,
    words: usize,
    numbered: bool,
    heading: bool,
    repeats: &HashMap<&str, usize>,
    content: &HashMap<u32, bool>,
) -> bool {
    let prose = words > PROSE && !heading;
    let field = !numbered && repeats.get(line.text.as_str()).copied().unwrap_or(0) >= REPEATED_FIELD;
    let data = !numbered
        && line.heading == 0
        && line
            .cell
            .as_ref()
            .is_some_and(|c| content.get(&c.table).copied().unwrap_or(false));
    prose || field || data
}

/// Whether the line is a link to a document (or to a dead one), not to a page.
fn is_document_line(site: &Site<'_>, page: &Page, line: &Line) -> bool {
    line.links.iter().any(|&l| {
        let link = &page.links[l];
        matches!(
            link.origin,
            LinkOrigin::Anchor | LinkOrigin::Handler | LinkOrigin::Data | LinkOrigin::Script | LinkOrigin::ScriptFile
        ) && match site.target(link) {
            Target::Document(_) | Target::Blank(_) => true,
            Target::Dead(_) | Target::External(_) | Target::Unknown(_) => {
                link.url.as_deref().is_some_and(super::item::looks_like_file)
            }
            // An empty link promises a document as much as a dead one.
            Target::Nowhere => {
                line.targets.is_empty() && !link.href.starts_with('#') || link.href == "#" && line.targets.is_empty()
            }
            Target::Page(_) | Target::Announced => false,
        }
    })
}

fn count_texts(page: &Page) -> HashMap<&str, usize> {
    let mut count = HashMap::default();
    for line in &page.lines {
        *count.entry(line.text.as_str()).or_insert(0) += 1;
    }
    count
}

/// Tables that hold data and not labels: at least 12 lines, links in under a tenth of them, hardly a numeral or heading.
fn content_tables(page: &Page) -> HashMap<u32, bool> {
    #[derive(Default)]
    struct Shape {
        lines: usize,
        linked: usize,
        marks: usize,
    }
    let mut shapes: HashMap<u32, Shape> = HashMap::default();
    for line in &page.lines {
        let Some(cell) = &line.cell else { continue };
        let shape = shapes.entry(cell.table).or_default();
        shape.lines += 1;
        shape.linked += usize::from(!line.links.is_empty() || !line.icons.is_empty());
        shape.marks += usize::from(line.heading > 0 || numeral::leading(&line.text).is_some());
    }
    let mut out = HashMap::default();
    for line in &page.lines {
        let Some(cell) = &line.cell else { continue };
        let shape = &shapes[&cell.table];
        out.insert(
            cell.table,
            shape.lines >= 12 && shape.linked * 10 < shape.lines && shape.marks < 4,
        );
    }
    out
}
