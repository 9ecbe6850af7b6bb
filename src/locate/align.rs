//! Numbering alignment: a whole numbered list against the obligations in their legal order, by subject and by step.
//!
//! States' laws shift, insert and misspell numbers, so a numeral alone proves nothing; but a shifted list keeps its steps.
//! The best path through the obligations (Viterbi) weighs the words of each label with the steps between numerals.

use super::label::Label;
use super::vocabulary::{ACCEPT, Match, Vocabulary};

/// Fewest numbered labels that make a list.
const LEAST_LIST: usize = 8;
/// Most numbered labels that make a list: what is longer is a table of data.
const MOST_LIST: usize = 3_000;
/// Least share of the path's labels whose words agree with it.
const LEAST_AGREEMENT: f64 = 0.25;
/// A label whose own words are at least this sure wins against the path.
const SURE: f64 = 0.8;

const SAME_NUMERAL: f64 = 0.15;
const BACKWARDS: f64 = -0.5;
const SKIP: f64 = -0.03;
const FREE_SKIPS: usize = 3;
const SAME_STEP: f64 = 0.25;

/// Gives each numbered label of a page the obligation that the whole list says, and returns whether the page holds a list.
pub fn align(labels: &mut [Label], vocabulary: &Vocabulary, fractions: &[u16]) -> bool {
    let numbered: Vec<usize> = labels
        .iter()
        .enumerate()
        .filter(|(_, l)| l.numeral.is_some())
        .map(|(i, _)| i)
        .collect();
    if numbered.len() < LEAST_LIST || numbered.len() > MOST_LIST || fractions.is_empty() {
        return numbered.len() >= LEAST_LIST;
    }
    let scores: Vec<Vec<f64>> = numbered
        .iter()
        .map(|&i| emissions(&labels[i], vocabulary, fractions))
        .collect();
    let path = best_path(
        &scores,
        &numbered.iter().map(|&i| number(&labels[i])).collect::<Vec<_>>(),
        fractions,
    );
    let agree = path
        .iter()
        .zip(&numbered)
        .filter(|(o, i)| labels[**i].obligations().any(|own| own == **o))
        .count();
    if (agree as f64) < LEAST_AGREEMENT * path.len() as f64 {
        return true;
    }
    for (obligation, i) in path.into_iter().zip(numbered) {
        let label = &mut labels[i];
        let sure_of_another = label
            .matches
            .iter()
            .any(|m| m.score >= SURE && !m.filter && m.obligation != obligation);
        if !sure_of_another {
            let phrase = label
                .matches
                .iter()
                .find(|m| m.obligation == obligation)
                .map_or(usize::MAX, |m| m.phrase);
            label.matches = vec![Match {
                obligation,
                score: 0.75,
                filter: false,
                phrase,
            }];
        }
    }
    true
}

fn number(label: &Label) -> u16 {
    label.numeral.as_ref().map_or(0, |n| n.fraction)
}

fn emissions(label: &Label, vocabulary: &Vocabulary, fractions: &[u16]) -> Vec<f64> {
    let mut out: Vec<f64> = fractions
        .iter()
        .map(|f| if *f == number(label) { SAME_NUMERAL } else { 0.0 })
        .collect();
    for m in vocabulary.scores(&label.text) {
        out[m.obligation] += m.score;
    }
    for m in &label.matches {
        out[m.obligation] = out[m.obligation].max(m.score.max(ACCEPT));
    }
    out
}

fn best_path(scores: &[Vec<f64>], numbers: &[u16], fractions: &[u16]) -> Vec<usize> {
    let states = fractions.len();
    let mut value = scores[0].clone();
    let mut back: Vec<Vec<usize>> = Vec::with_capacity(scores.len());
    for step in 1..scores.len() {
        let mut next = vec![f64::NEG_INFINITY; states];
        let mut from = vec![0; states];
        for to in 0..states {
            for (at, so_far) in value.iter().enumerate() {
                let total = so_far + transition(at, to, numbers[step - 1], numbers[step]);
                if total > next[to] {
                    next[to] = total;
                    from[to] = at;
                }
            }
            next[to] += scores[step][to];
        }
        value = next;
        back.push(from);
    }
    let mut at = (0..states)
        .max_by(|a, b| value[*a].total_cmp(&value[*b]).then(b.cmp(a)))
        .unwrap_or(0);
    let mut path = vec![at];
    for from in back.iter().rev() {
        at = from[at];
        path.push(at);
    }
    path.reverse();
    path
}

fn transition(at: usize, to: usize, number: u16, next: u16) -> f64 {
    let mut out = 0.0;
    if to < at {
        out += BACKWARDS;
    } else {
        out += SKIP * (to - at).saturating_sub(FREE_SKIPS) as f64;
    }
    if usize::from(next) + at == usize::from(number) + to {
        out += SAME_STEP;
    }
    out
}
