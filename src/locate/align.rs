//! Numbering alignment: a whole numbered list against the obligations in their legal order, by subject and by step.
//!
//! States' laws shift, insert and misspell numbers, so a numeral alone proves nothing; but a shifted list keeps its steps.
//! The best path through the obligations (Viterbi) weighs the words of each label with the steps between numerals.

use super::label::Label;
use super::vocabulary::{ACCEPT, Match};

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
/// `scores` are, for each numbered label, all that its words may name.
pub fn align(labels: &mut [Label<'_>], scores: &[Vec<Match>], fractions: &[u16]) -> bool {
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
        .map(|&i| emissions(&labels[i], &scores[i], fractions))
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

fn number(label: &Label<'_>) -> u16 {
    label.numeral.as_ref().map_or(0, |n| n.fraction)
}

fn emissions(label: &Label<'_>, scores: &[Match], fractions: &[u16]) -> Vec<f64> {
    let mut out: Vec<f64> = fractions
        .iter()
        .map(|f| if *f == number(label) { SAME_NUMERAL } else { 0.0 })
        .collect();
    for m in scores {
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
    let mut back: Vec<Vec<u16>> = Vec::with_capacity(scores.len());
    let mut reach = Reach::default();
    for step in 1..scores.len() {
        reach.prepare(&value);
        let onward = i32::from(numbers[step]) - i32::from(numbers[step - 1]);
        let mut next = Vec::with_capacity(states);
        let mut from = Vec::with_capacity(states);
        for (to, own) in scores[step].iter().enumerate() {
            let best = reach.best(&value, to, onward);
            next.push(best.total + own);
            from.push(u16::try_from(best.from).unwrap_or(u16::MAX));
        }
        value = next;
        back.push(from);
    }
    let mut at = (0..states)
        .max_by(|a, b| value[*a].total_cmp(&value[*b]).then(b.cmp(a)))
        .unwrap_or(0);
    let mut path = vec![at];
    for from in back.iter().rev() {
        at = usize::from(from[at]);
        path.push(at);
    }
    path.reverse();
    path
}

/// The best way into a state.
#[derive(Debug, Clone, Copy)]
struct Way {
    total: f64,
    from: usize,
}

impl Way {
    const NONE: Self = Self {
        total: f64::NEG_INFINITY,
        from: usize::MAX,
    };

    /// The better of two; among equals the one from the first state.
    fn or(self, other: Self) -> Self {
        if other.total > self.total || other.total.total_cmp(&self.total).is_eq() && other.from < self.from {
            other
        } else {
            self
        }
    }
}

/// What every state may be reached from, so that not every pair need be tried: steps back cost all the same, and steps forward
/// the more the farther.
#[derive(Debug, Default)]
struct Reach {
    /// By state, the best way back from it or any behind it.
    back: Vec<Way>,
    /// By state, the best value up to it.
    most: Vec<f64>,
}

impl Reach {
    fn prepare(&mut self, value: &[f64]) {
        self.back.clear();
        self.back.resize(value.len() + 1, Way::NONE);
        for (from, so_far) in value.iter().enumerate().rev() {
            let own = Way {
                total: so_far + BACKWARDS,
                from,
            };
            self.back[from] = self.back[from + 1].or(own);
        }
        self.most.clear();
        let mut most = f64::NEG_INFINITY;
        self.most.extend(value.iter().map(|v| {
            most = most.max(*v);
            most
        }));
    }

    /// `onward` is the step between the numerals.
    fn best(&self, value: &[f64], to: usize, onward: i32) -> Way {
        let mut best = self.back[to + 1];
        if let Some(from) = i32::try_from(to).ok().and_then(|t| usize::try_from(t - onward).ok())
            && let Some(so_far) = value.get(from)
        {
            best = best.or(Way {
                total: so_far + transition(from, to, true),
                from,
            });
        }
        for from in (0..=to).rev() {
            let step = transition(from, to, false);
            if self.most[from] + step < best.total {
                break;
            }
            best = best.or(Way {
                total: value[from] + step,
                from,
            });
        }
        best
    }
}

/// What a step from one state to another is worth; `same` says that the numerals step as far.
fn transition(from: usize, to: usize, same: bool) -> f64 {
    let mut out = 0.0;
    if to < from {
        out += BACKWARDS;
    } else {
        out += SKIP * (to - from).saturating_sub(FREE_SKIPS) as f64;
    }
    if same {
        out += SAME_STEP;
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every pair tried.
    fn slow_path(scores: &[Vec<f64>], numbers: &[u16], states: usize) -> Vec<usize> {
        let mut value = scores[0].clone();
        let mut back: Vec<Vec<usize>> = Vec::new();
        for step in 1..scores.len() {
            let mut next = vec![f64::NEG_INFINITY; states];
            let mut from = vec![0; states];
            for to in 0..states {
                for (at, so_far) in value.iter().enumerate() {
                    let same = usize::from(numbers[step]) + at == usize::from(numbers[step - 1]) + to;
                    let total = so_far + transition(at, to, same);
                    if total > next[to] {
                        (next[to], from[to]) = (total, at);
                    }
                }
                next[to] += scores[step][to];
            }
            value = next;
            back.push(from);
        }
        let best = |a: &usize, b: &usize| value[*a].total_cmp(&value[*b]).then(b.cmp(a));
        let mut path = vec![(0..states).max_by(best).expect("states")];
        for from in back.iter().rev() {
            path.push(from[path[path.len() - 1]]);
        }
        path.reverse();
        path
    }

    proptest! {
        #[test]
        fn the_short_way_finds_the_best_path(
            (states, list) in (1..30_usize).prop_flat_map(|states| {
                let row = proptest::collection::vec(prop_oneof![3 => Just(0.0), 1 => 0.0..1.2_f64, 1 => Just(0.6)], states);
                (Just(states), proptest::collection::vec((row, 0..40_u16), 1..15))
            })
        ) {
            let (scores, numbers): (Vec<Vec<f64>>, Vec<u16>) = list.into_iter().unzip();
            let fractions = vec![0; states];
            prop_assert_eq!(best_path(&scores, &numbers, &fractions), slow_path(&scores, &numbers, states));
        }
    }
}
