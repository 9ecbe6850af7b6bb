//! Weighted means with their intervals: low counts every undecided criterion as 0, high as 1.

use crate::check::Judgement;
use crate::model::{Dimension, Finding, ObligationFinding, Outcome, Pack, Score, Status};

use super::round;

/// Weight of each judgement: its kind's share of the profile, split evenly among the judgements of that kind.
pub(super) fn weights(pack: &Pack, judgements: &[Judgement]) -> Vec<f64> {
    judgements
        .iter()
        .map(|j| {
            let share = pack
                .scoring
                .weights
                .iter()
                .find(|(k, _)| *k == j.kind)
                .map_or(0.0, |(_, w)| *w);
            let alike = judgements.iter().filter(|other| other.kind == j.kind).count();
            share / alike as f64
        })
        .collect()
}

/// Value, low and high of one obligation; criteria that do not apply weigh nothing.
pub(super) fn of_obligation(findings: &[Finding]) -> (Option<f64>, f64, f64) {
    let sums = Sums::of(findings.iter());
    (sums.value(), sums.low(), sums.high())
}

/// Least share of the weight that must be decided for a mean to say anything; below, only the interval is told.
const LEAST_COVERAGE: f64 = 1.0 / 3.0;

/// Mean over the obligations that apply.
pub(super) fn of_pack(
    id: &str,
    dimension: Dimension,
    obligations: &[ObligationFinding],
    findings: &[Finding],
) -> Score {
    let owed: Vec<&ObligationFinding> = obligations
        .iter()
        .filter(|o| o.status != Status::NotApplicable)
        .collect();
    let n = owed.len().max(1) as f64;
    let mut decided = 0.0;
    let mut earned = 0.0;
    let (mut low, mut high) = (0.0, 0.0);
    for o in &owed {
        let sums = Sums::of(o.findings.iter().map(|&f| &findings[f]));
        let share = sums.coverage();
        decided += share;
        earned += sums.value().unwrap_or(0.0) * share;
        low += o.low;
        high += o.high;
    }
    Score {
        pack: id.to_owned(),
        dimension,
        value: (decided >= LEAST_COVERAGE * n).then(|| round(earned / decided)),
        low: round(low / n),
        high: round(if owed.is_empty() { 1.0 } else { high / n }),
        coverage: round(decided / n),
    }
}

#[derive(Default)]
struct Sums {
    total: f64,
    decided: f64,
    earned: f64,
}

impl Sums {
    fn of<'f>(findings: impl Iterator<Item = &'f Finding>) -> Self {
        let mut sums = Self::default();
        for f in findings {
            match (f.outcome, f.value) {
                (Outcome::Inapplicable, _) => {}
                (Outcome::Passed | Outcome::Failed, Some(value)) => {
                    sums.total += f.weight;
                    sums.decided += f.weight;
                    sums.earned += f.weight * value;
                }
                _ => sums.total += f.weight,
            }
        }
        sums
    }

    fn value(&self) -> Option<f64> {
        (self.decided > 0.0).then(|| round(self.earned / self.decided))
    }

    fn low(&self) -> f64 {
        if self.total > 0.0 {
            round(self.earned / self.total)
        } else {
            0.0
        }
    }

    fn high(&self) -> f64 {
        if self.total > 0.0 {
            round((self.earned + self.total - self.decided) / self.total)
        } else {
            1.0
        }
    }

    fn coverage(&self) -> f64 {
        if self.total > 0.0 {
            self.decided / self.total
        } else {
            0.0
        }
    }
}
