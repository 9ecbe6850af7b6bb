//! Numbers without words: "Artículo 65, fracción VI" and nothing else.
//!
//! A numeral alone proves little, because state laws shift and insert. But where a label says nothing else, it is all that a
//! citizen sees: under the article of the law itself it names the obligation; under another article, or none, it leaves the
//! obligation open, and never missing.

use std::collections::HashMap;

use crate::model::{Obligation, Pack, Page};
use crate::text::{fold, numeral};

use super::label::Label;
use super::vocabulary::{Match, Vocabulary};

/// Relevance of a number under the law's own article.
const BY_LAW: f64 = 0.72;
/// Relevance of a number under another article or none: too weak to decide anything.
pub const BY_ANOTHER: f64 = 0.5;
/// Fewest mute numbered labels of a page that are read although no article is named.
const LEAST_LIST: usize = 8;

/// The numbers of a pack: its own articles, and those of the law that it continues.
#[derive(Debug, Default)]
pub struct Numbers {
    own: HashMap<(u16, u16, Option<String>), Option<usize>>,
    general: HashMap<u16, usize>,
}

impl Numbers {
    /// Reads ids (`70.XXVIII`, `71.II.b`), the lineage and the law's own codes.
    #[must_use]
    pub fn new(pack: &Pack) -> Self {
        let mut out = Self::default();
        for (i, o) in pack.obligations.iter().enumerate() {
            for id in std::iter::once(o.id.as_str()).chain(o.continues.iter().map(|l| l.id.as_str())) {
                if let Some((article, fraction, letter)) = parts(id) {
                    out.add((article, fraction, letter), i);
                }
            }
            if let Some((article, fraction, None)) = parts(&o.id)
                && is_common(o)
                && article < 100
            {
                out.general.entry(fraction).or_insert(i);
            }
        }
        out
    }

    /// The same number for two obligations names neither.
    fn add(&mut self, number: (u16, u16, Option<String>), obligation: usize) {
        self.own
            .entry(number)
            .and_modify(|o| *o = o.filter(|known| *known == obligation))
            .or_insert(Some(obligation));
    }

    fn find(&self, article: u16, label: &Label<'_>) -> Option<usize> {
        let n = label.numeral.as_ref()?;
        let exact = self
            .own
            .get(&(article, n.fraction, n.suffix.clone()))
            .copied()
            .flatten();
        exact.or_else(|| self.own.get(&(article, n.fraction, None)).copied().flatten())
    }

    fn knows(&self, article: u16) -> bool {
        self.own.keys().any(|(a, ..)| *a == article)
    }
}

/// Whether the obligation is one of the numbered list that every subject has.
fn is_common(o: &Obligation) -> bool {
    o.id.matches('.').count() == 1
}

fn parts(id: &str) -> Option<(u16, u16, Option<String>)> {
    let mut pieces = id.split('.');
    let article = pieces.next()?.parse().ok()?;
    let fraction = numeral::roman(&pieces.next()?.to_lowercase())?;
    Some((article, fraction, pieces.next().map(str::to_lowercase)))
}

/// Gives mute numbered labels the obligation that their number names.
pub fn read(page: &Page, title: Option<&str>, labels: &mut [Label<'_>], numbers: &Numbers, vocabulary: &Vocabulary) {
    let mute: Vec<usize> = (0..labels.len())
        .filter(|&i| labels[i].numeral.is_some() && labels[i].matches.is_empty() && vocabulary.is_mute(labels[i].text))
        // A count ("1", "11") is no fraction's number.
        .filter(|&i| labels[i].text.chars().any(char::is_alphabetic))
        .collect();
    if mute.is_empty() {
        return;
    }
    let of_page = title.and_then(article_in);
    let mut from = 0;
    let mut above = of_page;
    for &i in &mute {
        let line = labels[i].line;
        for text in page.lines[from..line].iter().map(|l| &l.text) {
            above = article_in(text).or(above);
        }
        from = line;
        let own = labels[i].numeral.as_ref().and_then(|n| n.article);
        let article = own.or(above);
        let found = match article {
            Some(a) if numbers.knows(a) => numbers.find(a, &labels[i]).map(|o| (o, BY_LAW)),
            Some(_) | None if own.is_some() || mute.len() >= LEAST_LIST => {
                let fraction = labels[i].numeral.as_ref().map_or(0, |n| n.fraction);
                numbers.general.get(&fraction).map(|&o| (o, BY_ANOTHER))
            }
            _ => None,
        };
        if let Some((obligation, score)) = found {
            labels[i].matches = vec![Match {
                obligation,
                score,
                filter: false,
                phrase: usize::MAX,
            }];
            labels[i].by_number = true;
        }
    }
}

/// The article that a heading names: "Artículo 70", "Art. 65 LGTAIP".
fn article_in(text: &str) -> Option<u16> {
    if text.len() > 200 {
        return None;
    }
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').collect();
    words.windows(2).find_map(|pair| {
        matches!(pair[0], "articulo" | "art")
            .then(|| pair[1].parse().ok())
            .flatten()
            .filter(|n| (6..200).contains(n))
    })
}
