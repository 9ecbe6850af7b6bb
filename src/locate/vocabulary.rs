//! Words → obligations: how well a label says what an obligation asks.
//!
//! The best phrase decides: `c²·(a + (1−a)·p)`, where *c* is the share of the phrase's weight found in the label, *p* the share
//! of the label's weight that the phrase explains, and *a* grows with the length of the phrase, so that one-word phrases
//! ("Servicios") match only labels that are nearly nothing else.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::Pack;
use crate::text::{numeral, stems};

/// Least score at which a label names an obligation.
pub const ACCEPT: f64 = 0.55;
/// Labels this close to the best are kept beside it.
const TIE: f64 = 0.06;
/// Least share of a phrase that must be present.
const LEAST_COVER: f64 = 0.6;
/// Labels of at least this many words are clauses, which may name several obligations.
const CLAUSE: usize = 9;
/// A clause names at most this many.
const CLAUSE_MOST: usize = 6;

/// Words that say how or when, not what.
const GENERIC: &[&str] = &[
    "descarg",
    "ver",
    "pdf",
    "excel",
    "xlsx",
    "xls",
    "formato",
    "format",
    "articul",
    "fraccion",
    "incis",
    "trimestr",
    "trimestral",
    "mas",
    "aqui",
    "consult",
    "public",
    "informacion",
    "ano",
    "ejerci",
    "municipi",
    "municipal",
    "ayuntamient",
    "h",
    "archiv",
    "document",
    "clic",
    "click",
    "enlac",
    "link",
    "html",
    "php",
    "doc",
    "docx",
    "zip",
    "rar",
    "csv",
];

/// A label's match with an obligation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// Index in the pack.
    pub obligation: usize,
    /// 0–1.
    pub score: f64,
    /// Whether it came from a clause that names several: a filter, not a section.
    pub filter: bool,
    /// Index of the phrase, for the reasons.
    pub phrase: usize,
}

#[derive(Debug)]
struct Phrase {
    obligation: usize,
    stems: Vec<String>,
    weight: f64,
    weak: bool,
    text: String,
}

/// The phrases of one pack, weighted.
#[derive(Debug)]
pub struct Vocabulary {
    phrases: Vec<Phrase>,
    by_stem: HashMap<String, Vec<usize>>,
    idf: HashMap<String, f64>,
    unknown: f64,
    memory: RefCell<HashMap<String, Vec<String>>>,
}

impl Vocabulary {
    /// Collects titles, labels and format names of a pack.
    #[must_use]
    pub fn new(pack: &Pack) -> Self {
        let mut phrases: Vec<Phrase> = Vec::new();
        let mut seen = BTreeSet::new();
        for (obligation, o) in pack.obligations.iter().enumerate() {
            let own = o.labels.iter().map(|l| (l.text.as_str(), l.weak));
            let names = std::iter::once((o.title.as_str(), false)).chain(o.formats.iter().map(|f| (f.as_str(), false)));
            for (text, weak) in own.chain(names) {
                let words = dedup(stems(text));
                if !words.is_empty() && seen.insert((obligation, words.clone())) {
                    phrases.push(Phrase {
                        obligation,
                        stems: words,
                        weight: 0.0,
                        weak,
                        text: text.to_owned(),
                    });
                }
            }
        }
        let mut spread: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for p in &phrases {
            for s in &p.stems {
                spread.entry(s.clone()).or_default().insert(p.obligation);
            }
        }
        let total = pack.obligations.len() as f64;
        let idf: HashMap<String, f64> = spread
            .iter()
            .map(|(s, o)| (s.clone(), (1.0 + total / o.len() as f64).ln()))
            .collect();
        let mut by_stem: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, p) in phrases.iter_mut().enumerate() {
            p.weight = p.stems.iter().map(|s| idf[s]).sum();
            for s in &p.stems {
                by_stem.entry(s.clone()).or_default().push(i);
            }
        }
        Self {
            phrases,
            by_stem,
            idf,
            unknown: (1.0 + total / 2.0).ln(),
            memory: RefCell::new(HashMap::new()),
        }
    }

    /// The words of the phrase that matched.
    #[must_use]
    pub fn phrase(&self, phrase: usize) -> &str {
        &self.phrases[phrase].text
    }

    /// Obligations that a label names, best first; empty below [`ACCEPT`].
    #[must_use]
    pub fn read(&self, label: &str) -> Vec<Match> {
        let words = self.words(label);
        let mut best = self.scores_of(&words);
        if words.len() >= CLAUSE && best.first().is_none_or(|m| m.score < 0.75) {
            let clause = self.clause(&words);
            if clause.len() > 1 || best.first().is_none_or(|m| m.score < ACCEPT) && !clause.is_empty() {
                return clause;
            }
        }
        best.retain(|m| m.score >= ACCEPT);
        let top = best.first().map_or(0.0, |m| m.score);
        best.retain(|m| m.score >= top - TIE);
        best
    }

    /// Every obligation with its best phrase's score, best first, without a floor.
    #[must_use]
    pub fn scores(&self, label: &str) -> Vec<Match> {
        self.scores_of(&self.words(label))
    }

    /// Whether a label holds, beside its numeral, no word that says what it is about: "Artículo 65, fracción VI (descargar)".
    #[must_use]
    pub fn is_mute(&self, label: &str) -> bool {
        self.words(label)
            .iter()
            .all(|w| GENERIC.contains(&w.as_str()) || w.len() < 3)
    }

    fn scores_of(&self, words: &[String]) -> Vec<Match> {
        if words.is_empty() {
            return Vec::new();
        }
        let informative: Vec<&String> = words.iter().filter(|w| !GENERIC.contains(&w.as_str())).collect();
        let explained: f64 = if informative.is_empty() {
            words.iter().map(|w| self.weight(w)).sum()
        } else {
            informative.iter().map(|w| self.weight(w)).sum()
        };
        let touched: BTreeSet<usize> = words
            .iter()
            .filter_map(|w| self.by_stem.get(w))
            .flatten()
            .copied()
            .collect();
        let mut best: BTreeMap<usize, Match> = BTreeMap::new();
        for i in touched {
            let phrase = &self.phrases[i];
            let score = self.score(phrase, words, explained);
            let slot = best.entry(phrase.obligation).or_insert(Match {
                obligation: phrase.obligation,
                score: 0.0,
                filter: false,
                phrase: i,
            });
            if score > slot.score {
                slot.score = score;
                slot.phrase = i;
            }
        }
        let mut out: Vec<Match> = best.into_values().filter(|m| m.score > 0.0).collect();
        out.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.obligation.cmp(&b.obligation)));
        out
    }

    fn score(&self, phrase: &Phrase, words: &[String], explained: f64) -> f64 {
        let common: f64 = phrase
            .stems
            .iter()
            .filter(|s| words.contains(s))
            .map(|s| self.idf[s.as_str()])
            .sum();
        let cover = common / phrase.weight;
        if cover < LEAST_COVER || explained <= 0.0 {
            return 0.0;
        }
        let precise: f64 = phrase
            .stems
            .iter()
            .filter(|s| words.contains(s) && (!GENERIC.contains(&s.as_str()) || explained <= self.idf[s.as_str()]))
            .map(|s| self.idf[s])
            .sum();
        let precise = (precise / explained).min(1.0);
        let base = match phrase.stems.len() {
            1 => 0.2,
            2 => 0.45,
            _ => 0.6,
        };
        let score = cover * cover * (base + (1.0 - base) * precise);
        if phrase.weak { score * 0.8 } else { score }
    }

    /// Obligations of which a phrase stands whole in a clause, the heaviest first; a clause that begins with a one-word
    /// phrase names that obligation.
    fn clause(&self, words: &[String]) -> Vec<Match> {
        let mut whole: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
        for (i, p) in self.phrases.iter().enumerate() {
            let heads = p.stems.len() == 1 && !p.weak && words.first() == p.stems.first();
            if (p.stems.len() >= 2 && !p.weak && p.stems.iter().all(|s| words.contains(s))) || heads {
                let slot = whole.entry(p.obligation).or_insert((0.0, i));
                if p.weight > slot.0 {
                    *slot = (p.weight, i);
                }
            }
        }
        let mut found: Vec<(usize, f64, usize)> = whole.into_iter().map(|(o, (w, i))| (o, w, i)).collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.truncate(CLAUSE_MOST);
        let several = found.len() > 1;
        found
            .into_iter()
            .map(|(obligation, _, phrase)| Match {
                obligation,
                score: 0.6,
                filter: several,
                phrase,
            })
            .collect()
    }

    fn weight(&self, stem: &str) -> f64 {
        self.idf.get(stem).copied().unwrap_or(self.unknown)
    }

    /// Stems of a label without its numeral and its years, misspellings mended.
    fn words(&self, label: &str) -> Vec<String> {
        let skip = numeral::leading(label).map_or(0, |n| n.words);
        let folded = crate::text::fold(&label.replace("(as)", "").replace("(os)", ""));
        let rest: String = folded.split(' ').skip(skip).collect::<Vec<_>>().join(" ");
        dedup(rest.split(' ').flat_map(|w| self.known(w)).collect())
    }

    /// Stems of one folded word, mended; remembered, because portals use few words often.
    fn known(&self, word: &str) -> Vec<String> {
        if word.chars().all(|c| c.is_ascii_digit()) {
            return Vec::new();
        }
        if let Some(hit) = self.memory.borrow().get(word) {
            return hit.clone();
        }
        let found: Vec<String> = stems(word).into_iter().map(|w| self.mend(w)).collect();
        self.memory.borrow_mut().insert(word.to_owned(), found.clone());
        found
    }

    /// A word that no phrase knows, replaced by the one known word at edit distance 1 that begins alike (*regresar* is no *egreso*).
    fn mend(&self, word: String) -> String {
        if word.len() < 6 || self.by_stem.contains_key(&word) {
            return word;
        }
        let near = self
            .by_stem
            .keys()
            .filter(|k| k.len().abs_diff(word.len()) <= 1 && k.len() >= 5 && k.chars().next() == word.chars().next())
            .filter(|k| strsim::osa_distance(k, &word) == 1)
            .min();
        near.cloned().unwrap_or(word)
    }
}

fn dedup(words: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    words.into_iter().filter(|w| seen.insert(w.clone())).collect()
}
