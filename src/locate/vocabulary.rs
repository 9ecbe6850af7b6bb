//! Words → obligations: how well a label says what an obligation asks.
//!
//! The best phrase decides: `c²·(a + (1−a)·p)`, where *c* is the share of the phrase's weight found in the label, *p* the share
//! of the label's weight that the phrase explains, and *a* grows with the length of the phrase, so that one-word phrases
//! ("Servicios") match only labels that are nearly nothing else.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use crate::model::Pack;
use crate::text::numeral::{self, Numeral};
use crate::text::{fold, fold_into, stems};

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

/// Words read before, and room to read the next label.
#[derive(Debug, Default)]
struct Memory {
    words: HashMap<Box<str>, Box<[Word]>>,
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
        self.read_in(label, &fold(label), numeral::leading(label).as_ref()).0
    }

    /// Every obligation with its best phrase's score, best first, without a floor.
    #[must_use]
    pub fn scores(&self, label: &str) -> Vec<Match> {
        let folded = fold(label);
        let mut memory = self.memory.borrow_mut();
        let words = self.words(label, &folded, numeral::leading(label).as_ref(), &mut memory);
        self.scores_of(&words, &mut memory)
    }

    /// As [`Vocabulary::read`], and as [`Vocabulary::scores`], of a label that was folded before and its leading numeral.
    #[must_use]
    pub fn read_in(&self, label: &str, folded: &str, leading: Option<&Numeral>) -> (Vec<Match>, Vec<Match>) {
        let mut memory = self.memory.borrow_mut();
        let words = self.words(label, folded, leading, &mut memory);
        let all = self.scores_of(&words, &mut memory);
        if words.len() >= CLAUSE && all.first().is_none_or(|m| m.score < 0.75) {
            let clause = self.clause(&words, &memory);
            if clause.len() > 1 || all.first().is_none_or(|m| m.score < ACCEPT) && !clause.is_empty() {
                return (clause, all);
            }
        }
        let top = all.first().map_or(0.0, |m| m.score);
        let best = all
            .iter()
            .take_while(|m| m.score >= ACCEPT && m.score >= top - TIE)
            .copied()
            .collect();
        (best, all)
    }

    /// Whether a label holds, beside its numeral, no word that says what it is about: "Artículo 65, fracción VI (descargar)".
    #[must_use]
    pub fn is_mute(&self, label: &str) -> bool {
        let mut memory = self.memory.borrow_mut();
        self.words(label, &fold(label), numeral::leading(label).as_ref(), &mut memory)
            .iter()
            .all(|w| w.generic || w.short)
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

    /// Words of a label without its numeral and its years, misspellings mended, each once.
    fn words(&self, label: &str, folded: &str, leading: Option<&Numeral>, memory: &mut Memory) -> Vec<Word> {
        memory.begin();
        let skip = leading.map_or(0, |n| n.words);
        let mut shorter = std::mem::take(&mut memory.folded);
        let folded = if label.contains("(as)") || label.contains("(os)") {
            fold_into(&label.replace("(as)", "").replace("(os)", ""), &mut shorter);
            &shorter
        } else {
            folded
        };
        let mut out = Vec::new();
        for word in folded.split(' ').skip(skip) {
            if word.bytes().all(|b| b.is_ascii_digit()) {
                continue;
            }
            if let Some(known) = memory.words.get(word) {
                let new = |w: &&Word| is_new(&mut memory.seen, memory.label, w.stem);
                out.extend(known.iter().filter(new));
            } else {
                let known = self.known(word, memory);
                let new = |w: &&Word| is_new(&mut memory.seen, memory.label, w.stem);
                out.extend(known.iter().filter(new));
                memory.words.insert(word.into(), known);
            }
        }
        memory.folded = shorter;
        out
    }

    /// What a folded word says, mended.
    fn known(&self, word: &str, memory: &mut Memory) -> Box<[Word]> {
        stems(word)
            .into_iter()
            .map(|stem| {
                let stem = self.mend(stem);
                let next = u32::try_from(self.idf.len() + memory.others.len()).unwrap_or(u32::MAX);
                let (generic, short) = (GENERIC.contains(&stem.as_str()), stem.len() < 3);
                let stem = self
                    .ids
                    .get(&stem)
                    .copied()
                    .unwrap_or_else(|| *memory.others.entry(stem).or_insert(next));
                Word { stem, generic, short }
            })
            .collect()
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
