//! Words → obligations: how well a label says what an obligation asks.
//!
//! The best phrase decides: `c²·(a + (1−a)·p)`, where *c* is the share of the phrase's weight found in the label, *p* the share
//! of the label's weight that the phrase explains, and *a* grows with the length of the phrase, so that one-word phrases
//! ("Servicios") match only labels that are nearly nothing else.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use crate::model::Pack;
use crate::text::fold::{carries_subject, without_options};
use crate::text::numeral::{self, Numeral};
use crate::text::{fold, fold_into, stem, stems};

/// Least score at which a label names an obligation.
pub const ACCEPT: f64 = 0.55;
/// Labels this close to the best are kept beside it.
const TIE: f64 = 0.06;
/// Least share of a phrase that must be present.
const LEAST_COVER: f64 = 0.6;
/// Labels of at least this many words are clauses, which may name several obligations.
const CLAUSE: usize = 9;
/// More than sums of the same numbers in another order may differ.
const ROUNDING: f64 = 1e-6;
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
    /// Numbers of stems, each once.
    stems: Vec<u32>,
    weight: f64,
    weak: bool,
    text: String,
}

/// A word of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Word {
    /// Number of its stem; from the vocabulary's own on, of one that no phrase has.
    stem: u32,
    generic: bool,
    short: bool,
}

/// The phrases of one pack, weighted.
#[derive(Debug)]
pub struct Vocabulary {
    phrases: Vec<Phrase>,
    /// Numbers of the phrases' stems.
    ids: BTreeMap<String, u32>,
    /// By stem, the phrases that have it.
    with: Vec<Vec<usize>>,
    /// By stem, what it says of the subject.
    idf: Vec<f64>,
    /// By stem, whether it says how or when, not what.
    generic: Vec<bool>,
    unknown: f64,
    memory: RefCell<Memory>,
}

/// What is known of a folded word.
#[derive(Debug)]
struct Known {
    /// Number of its stem as it stands; `None` when it carries no subject.
    plain: Option<u32>,
    /// What it says, mended; nothing for figures.
    words: Box<[Word]>,
}

/// What a label says.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Obligations that it names, best first; empty below [`ACCEPT`].
    pub(super) named: Vec<Match>,
    /// Every obligation with its best phrase's score, best first, without a floor.
    pub(super) all: Vec<Match>,
    /// Numbers of the stems of all its words, in order, as [`Vocabulary::stems`] gives them for a text without parentheses.
    pub(super) stems: Vec<u32>,
}

/// The words of a label as they are read.
#[derive(Debug, Default)]
struct Read {
    words: Vec<Word>,
    stems: Vec<u32>,
}

impl Read {
    /// Adds a word; without the label's number only its stem, because it belongs to the numeral.
    fn add(&mut self, known: &Known, label: Option<u32>, seen: &mut Vec<u32>) {
        self.stems.extend(known.plain);
        if let Some(label) = label {
            self.words
                .extend(known.words.iter().filter(|w| is_new(seen, label, w.stem)));
        }
    }
}

/// Words read before, and room to read the next label.
#[derive(Debug, Default)]
struct Memory {
    words: HashMap<Box<str>, Known>,
    /// Stems as words have them, not mended, numbered on their own.
    plain: HashMap<String, u32>,
    /// Stems that no phrase has, numbered behind those of the phrases.
    others: HashMap<String, u32>,
    /// By stem, the last label in which it stood.
    seen: Vec<u32>,
    /// Number of the label that is read.
    label: u32,
    /// By phrase, the weight of its stems that stand in the label, roughly.
    common: Vec<f64>,
    folded: String,
}

impl Memory {
    /// Begins a label.
    fn begin(&mut self) {
        self.label = self.label.checked_add(1).unwrap_or_else(|| {
            self.seen.fill(0);
            1
        });
    }

    fn has(&self, stem: u32) -> bool {
        self.seen.get(stem as usize) == Some(&self.label)
    }
}

impl Vocabulary {
    /// Collects titles, labels and format names of a pack.
    #[must_use]
    pub fn new(pack: &Pack) -> Self {
        let mut ids: BTreeMap<String, u32> = BTreeMap::new();
        let mut phrases: Vec<Phrase> = Vec::new();
        let mut seen = BTreeSet::new();
        for (obligation, o) in pack.obligations.iter().enumerate() {
            let own = o.labels.iter().map(|l| (l.text.as_str(), l.weak));
            let names = std::iter::once((o.title.as_str(), false)).chain(o.formats.iter().map(|f| (f.as_str(), false)));
            for (text, weak) in own.chain(names) {
                let words = numbered(stems(text), &mut ids);
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
        let total = pack.obligations.len() as f64;
        let mut with: Vec<Vec<usize>> = vec![Vec::new(); ids.len()];
        for (i, p) in phrases.iter().enumerate() {
            for &s in &p.stems {
                with[s as usize].push(i);
            }
        }
        let spread = |having: &Vec<usize>| having.iter().map(|&p| phrases[p].obligation).collect::<BTreeSet<_>>();
        let idf: Vec<f64> = with
            .iter()
            .map(|having| (1.0 + total / spread(having).len() as f64).ln())
            .collect();
        for p in &mut phrases {
            p.weight = p.stems.iter().map(|&s| idf[s as usize]).sum();
        }
        let memory = Memory {
            common: vec![0.0; phrases.len()],
            ..Memory::default()
        };
        let mut generic = vec![false; ids.len()];
        for word in GENERIC {
            if let Some(&id) = ids.get(*word) {
                generic[id as usize] = true;
            }
        }
        Self {
            phrases,
            ids,
            generic,
            with,
            idf,
            unknown: (1.0 + total / 2.0).ln(),
            memory: RefCell::new(memory),
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
        self.read_in(label, &fold(label), numeral::leading(label).as_ref())
            .named
    }

    /// Every obligation with its best phrase's score, best first, without a floor.
    #[must_use]
    pub fn scores(&self, label: &str) -> Vec<Match> {
        let folded = fold(label);
        let mut memory = self.memory.borrow_mut();
        let words = self.words(label, &folded, numeral::leading(label).as_ref(), &mut memory);
        self.scores_of(&words.0, &mut memory)
    }

    /// All that a label says, which was folded before and whose leading numeral is known.
    #[must_use]
    pub(super) fn read_in(&self, label: &str, folded: &str, leading: Option<&Numeral>) -> Said {
        let mut memory = self.memory.borrow_mut();
        let (words, stems) = self.words(label, folded, leading, &mut memory);
        let all = self.scores_of(&words, &mut memory);
        if words.len() >= CLAUSE && all.first().is_none_or(|m| m.score < 0.75) {
            let named = self.clause(&words, &memory);
            if named.len() > 1 || all.first().is_none_or(|m| m.score < ACCEPT) && !named.is_empty() {
                return Said { named, all, stems };
            }
        }
        let top = all.first().map_or(0.0, |m| m.score);
        let named = all
            .iter()
            .take_while(|m| m.score >= ACCEPT && m.score >= top - TIE)
            .copied()
            .collect();
        Said { named, all, stems }
    }

    /// The numbers of a text's stems, as [`crate::text::stems`] gives them.
    #[must_use]
    pub(super) fn stems(&self, text: &str) -> Vec<u32> {
        let mut memory = self.memory.borrow_mut();
        let mut folded = std::mem::take(&mut memory.folded);
        fold_into(&without_options(text), &mut folded);
        let out = folded
            .split(' ')
            .filter_map(|word| self.known(word, &mut memory).plain)
            .collect();
        memory.folded = folded;
        out
    }

    /// Whether a label holds, beside its numeral, no word that says what it is about: "Artículo 65, fracción VI (descargar)".
    #[must_use]
    pub fn is_mute(&self, label: &str) -> bool {
        let mut memory = self.memory.borrow_mut();
        let leading = numeral::leading(label);
        let (words, _) = self.words(label, &fold(label), leading.as_ref(), &mut memory);
        words.iter().all(|w| w.generic || w.short)
    }

    /// Scores of the words of the label that `memory` holds.
    fn scores_of(&self, words: &[Word], memory: &mut Memory) -> Vec<Match> {
        let informative = words.iter().any(|w| !w.generic);
        let explained: f64 = words
            .iter()
            .filter(|w| !(informative && w.generic))
            .map(|w| self.weight(w.stem))
            .sum();
        let mut touched: Vec<usize> = Vec::new();
        for word in words {
            let Some(having) = self.with.get(word.stem as usize) else {
                continue;
            };
            let weight = self.weight(word.stem);
            for &phrase in having {
                let common = &mut memory.common[phrase];
                if *common == 0.0 {
                    touched.push(phrase);
                }
                *common += weight;
            }
        }
        // Most phrases share a word and no more: they are left before their score is reckoned.
        touched.retain(|&i| {
            let common = std::mem::take(&mut memory.common[i]);
            common >= (LEAST_COVER - ROUNDING) * self.phrases[i].weight
        });
        touched.sort_unstable();
        let mut out: Vec<Match> = Vec::new();
        for i in touched {
            let score = self.score(&self.phrases[i], memory, explained);
            if score <= 0.0 {
                continue;
            }
            let obligation = self.phrases[i].obligation;
            match out.iter_mut().find(|m| m.obligation == obligation) {
                Some(slot) if score > slot.score => (slot.score, slot.phrase) = (score, i),
                Some(_) => {}
                None => out.push(Match {
                    obligation,
                    score,
                    filter: false,
                    phrase: i,
                }),
            }
        }
        out.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.obligation.cmp(&b.obligation)));
        out
    }

    fn score(&self, phrase: &Phrase, label: &Memory, explained: f64) -> f64 {
        let there = || phrase.stems.iter().filter(|s| label.has(**s));
        let common: f64 = there().map(|s| self.idf[*s as usize]).sum();
        let cover = common / phrase.weight;
        if cover < LEAST_COVER || explained <= 0.0 {
            return 0.0;
        }
        let precise: f64 = there()
            .map(|s| *s as usize)
            .filter(|s| !self.generic[*s] || explained <= self.idf[*s])
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
    fn clause(&self, words: &[Word], label: &Memory) -> Vec<Match> {
        let mut whole: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
        let touched: BTreeSet<usize> = words
            .iter()
            .filter_map(|w| self.with.get(w.stem as usize))
            .flatten()
            .copied()
            .collect();
        for i in touched {
            let p = &self.phrases[i];
            let heads = p.stems.len() == 1 && !p.weak && words.first().map(|w| w.stem) == p.stems.first().copied();
            if (p.stems.len() >= 2 && !p.weak && p.stems.iter().all(|s| label.has(*s))) || heads {
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

    fn weight(&self, stem: u32) -> f64 {
        self.idf.get(stem as usize).copied().unwrap_or(self.unknown)
    }

    /// Words of a label without its numeral and its years, misspellings mended, each once; and the stems of all of them.
    fn words(
        &self,
        label: &str,
        folded: &str,
        leading: Option<&Numeral>,
        memory: &mut Memory,
    ) -> (Vec<Word>, Vec<u32>) {
        memory.begin();
        let skip = leading.map_or(0, |n| n.words);
        let mut shorter = std::mem::take(&mut memory.folded);
        let folded = if label.contains("(as)") || label.contains("(os)") {
            fold_into(&label.replace("(as)", "").replace("(os)", ""), &mut shorter);
            &shorter
        } else {
            folded
        };
        let mut out = Read::default();
        for (n, word) in folded.split(' ').enumerate() {
            let label = (n >= skip).then_some(memory.label);
            if let Some(known) = memory.words.get(word) {
                out.add(known, label, &mut memory.seen);
            } else {
                let known = self.learn(word, memory);
                out.add(&known, label, &mut memory.seen);
                memory.words.insert(word.into(), known);
            }
        }
        memory.folded = shorter;
        (out.words, out.stems)
    }

    /// What a folded word says.
    fn known<'m>(&self, word: &str, memory: &'m mut Memory) -> &'m Known {
        if !memory.words.contains_key(word) {
            let known = self.learn(word, memory);
            memory.words.insert(word.into(), known);
        }
        &memory.words[word]
    }

    fn learn(&self, word: &str, memory: &mut Memory) -> Known {
        let plain = carries_subject(word).then(|| {
            let next = u32::try_from(memory.plain.len()).unwrap_or(u32::MAX);
            *memory.plain.entry(stem(word)).or_insert(next)
        });
        let figures = word.bytes().all(|b| b.is_ascii_digit());
        let stems = if figures { Vec::new() } else { stems(word) };
        let words = stems.into_iter().map(|stem| {
            let stem = self.mend(stem);
            let next = u32::try_from(self.idf.len() + memory.others.len()).unwrap_or(u32::MAX);
            let (generic, short) = (GENERIC.contains(&stem.as_str()), stem.len() < 3);
            let stem = self
                .ids
                .get(&stem)
                .copied()
                .unwrap_or_else(|| *memory.others.entry(stem).or_insert(next));
            Word { stem, generic, short }
        });
        let words = words.collect();
        Known { plain, words }
    }

    /// A word that no phrase knows, replaced by the one known word at edit distance 1 that begins alike (*regresar* is no *egreso*).
    fn mend(&self, word: String) -> String {
        if word.len() < 6 || self.ids.contains_key(&word) {
            return word;
        }
        let near = self
            .ids
            .keys()
            .filter(|k| k.len().abs_diff(word.len()) <= 1 && k.len() >= 5 && k.chars().next() == word.chars().next())
            .filter(|k| strsim::osa_distance(k, &word) == 1)
            .min();
        near.cloned().unwrap_or(word)
    }
}

/// Whether a stem is new in a label, which is noted.
fn is_new(seen: &mut Vec<u32>, label: u32, stem: u32) -> bool {
    let at = stem as usize;
    if seen.len() <= at {
        seen.resize(at + 1, 0);
    }
    std::mem::replace(&mut seen[at], label) != label
}

/// Numbers of stems, each once, in order; new ones are added.
fn numbered(stems: Vec<String>, ids: &mut BTreeMap<String, u32>) -> Vec<u32> {
    let mut out = Vec::with_capacity(stems.len());
    for stem in stems {
        let next = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        let id = *ids.entry(stem).or_insert(next);
        if !out.contains(&id) {
            out.push(id);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Library;

    #[test]
    fn equal_stems_have_equal_numbers() {
        let library = Library::embedded().expect("rules");
        let known = Vocabulary::new(library.packs().first().expect("a pack"));
        let texts = [
            "Los trámites ofrecidos a los(as) vecinos",
            "trámite ofrecido, 12 trámites(s)",
            "de la",
        ];
        let numbers: Vec<u32> = texts.iter().flat_map(|t| known.stems(t)).collect();
        let names: Vec<String> = texts.iter().flat_map(|t| stems(t)).collect();
        assert_eq!(numbers.len(), names.len());
        for (i, a) in names.iter().enumerate() {
            for (j, b) in names.iter().enumerate() {
                assert_eq!(a == b, numbers[i] == numbers[j], "{a} {b}");
            }
        }
        let label = "trámite ofrecido, 12 trámites";
        let said = known.read_in(label, &fold(label), None);
        assert_eq!(said.stems, known.stems(label));
    }
}
