//! Agreement of findings with labels over three classes: usable, dead, absent.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;

use super::labels::{Judged, Labels, bare};
use crate::model::{Findings, ObligationFinding, Status};
use crate::text::period::Period;

/// What a status comes to for whoever wants the information.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Published, partial.
    Usable,
    /// Broken.
    Dead,
    /// Missing, empty, external.
    Absent,
    /// The findings do not name the obligation.
    None,
}

impl Class {
    fn of_label(status: &str) -> Option<Self> {
        Some(match status {
            "published" | "partial" => Self::Usable,
            "broken" => Self::Dead,
            "missing" | "empty" | "external" => Self::Absent,
            _ => return None,
        })
    }

    /// `None` for an abstention.
    fn of_finding(status: Status) -> Option<Self> {
        Some(match status {
            Status::Published | Status::Partial => Self::Usable,
            Status::Broken => Self::Dead,
            Status::Missing | Status::Empty | Status::External | Status::NotApplicable => Self::Absent,
            Status::Undetermined => return None,
        })
    }
}

/// One labelled obligation beside its finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Obligation without pack.
    pub obligation: String,
    /// Status that a person gave.
    pub labelled: String,
    /// Status found; `None` when the findings do not name it.
    pub found: Option<Status>,
    /// Classes, when decided.
    pub classes: Option<(Class, Class)>,
    /// Whether the evidence named is the labelled one; `None` where it does not count.
    pub evidence: Option<bool>,
    /// Whether the latest period found ends when the labelled one does; `None` where a usable row has none.
    pub period: Option<bool>,
    /// Whether the media found are the labelled ones, and whether some are; `None` where a usable row has none.
    pub media: Option<(bool, bool)>,
}

/// One portal's findings beside its labels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// In the order of the labels.
    pub rows: Vec<Row>,
}

/// The figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Labelled obligations.
    pub labelled: usize,
    /// Share that was decided.
    pub decided: f64,
    /// Share of the decided that agree.
    pub accuracy: f64,
    /// Cohen's kappa (1960) over the three classes.
    pub kappa: f64,
    /// Precision of usable.
    pub precision: f64,
    /// Recall of usable.
    pub recall: f64,
    /// F1 of usable.
    pub f1: f64,
    /// Labelled evidence that was named, of how many.
    pub evidence: (usize, usize),
    /// Labelled latest periods that were found, of how many.
    pub period: (usize, usize),
    /// Labelled media that were found just so, that were found in part, of how many.
    pub media: (usize, usize, usize),
}

/// Puts findings beside labels.
#[must_use]
pub fn compare(findings: &Findings, labels: &Labels) -> Compared {
    let mut found: BTreeMap<String, (Status, String)> = BTreeMap::new();
    let by_id: BTreeMap<String, &ObligationFinding> = findings.obligations.iter().map(|o| (bare(&o.id), o)).collect();
    for o in &findings.obligations {
        let urls: Vec<String> = o
            .evidence
            .iter()
            .filter_map(|&i| findings.evidence.get(i))
            .map(|e| percent_decode_str(&e.url).decode_utf8_lossy().into_owned())
            .collect();
        found.insert(bare(&o.id), (o.status, urls.join(" ")));
    }
    let mut compared = Compared::default();
    for id in &labels.order {
        let judged = &labels.rows[id];
        let Some(class) = Class::of_label(&judged.status) else {
            continue;
        };
        let own = found.get(id);
        let decided = own.map_or(Some(Class::None), |(s, _)| Class::of_finding(*s));
        let evidence = (class == Class::Usable && !judged.evidence.is_empty() && decided.is_some()).then(|| {
            names(judged)
                .iter()
                .any(|n| own.is_some_and(|(_, urls)| urls.contains(n.as_str())))
        });
        compared.rows.push(Row {
            obligation: id.clone(),
            labelled: judged.status.clone(),
            found: own.map(|(s, _)| *s),
            classes: decided.map(|d| (class, d)),
            evidence,
            period: (class == Class::Usable && !judged.latest_period.is_empty())
                .then(|| by_id.get(id).is_some_and(|o| same_period(o, &judged.latest_period))),
            media: (class == Class::Usable && !judged.media.is_empty())
                .then(|| by_id.get(id).map_or((false, false), |o| same_media(o, &judged.media))),
        });
    }
    compared
}

fn is_usable(found: &ObligationFinding) -> bool {
    matches!(found.status, Status::Published | Status::Partial)
}

/// Periods are the same when they end in the same month: a year's last quarter is as late as the year.
fn same_period(found: &ObligationFinding, labelled: &str) -> bool {
    let end = |text: &str| Period::parse(text).map(Period::end);
    let own = found.latest_period.as_deref().and_then(end);
    is_usable(found) && own.is_some() && own == end(labelled)
}

fn same_media(found: &ObligationFinding, labelled: &str) -> (bool, bool) {
    let own: BTreeSet<&str> = found.media.iter().map(String::as_str).collect();
    let told: BTreeSet<&str> = labelled.split(',').map(str::trim).collect();
    let usable = is_usable(found);
    (usable && own == told, usable && !own.is_disjoint(&told))
}

/// File names of the labelled evidence.
fn names(judged: &Judged) -> Vec<String> {
    judged
        .evidence
        .split(';')
        .map(str::trim)
        .filter(|p| !p.is_empty())
        .map(|p| {
            let name = p
                .trim_end_matches('/')
                .rsplit('/')
                .next()
                .unwrap_or(p)
                .replace(".php.html", ".php");
            name.split("__").next().unwrap_or_default().to_owned()
        })
        .collect()
}

impl Agreement {
    /// Over any number of portals, pooled.
    #[must_use]
    pub fn of<'c>(all: impl IntoIterator<Item = &'c Compared>) -> Self {
        let rows: Vec<&Row> = all.into_iter().flat_map(|c| &c.rows).collect();
        let pairs: Vec<(Class, Class)> = rows.iter().filter_map(|r| r.classes).collect();
        let count = |wanted: fn(&(Class, Class)) -> bool| pairs.iter().filter(|p| wanted(p)).count() as f64;
        let hits = count(|(a, b)| *a == Class::Usable && *b == Class::Usable);
        let wrong = count(|(a, b)| *a != Class::Usable && *b == Class::Usable);
        let missed = count(|(a, b)| *a == Class::Usable && *b != Class::Usable);
        let precision = hits / (hits + wrong);
        let recall = hits / (hits + missed);
        let f1 = if precision + recall > 0.0 {
            2.0 * precision * recall / (precision + recall)
        } else {
            0.0
        };
        Self {
            labelled: rows.len(),
            decided: pairs.len() as f64 / rows.len().max(1) as f64,
            accuracy: count(|(a, b)| a == b) / pairs.len() as f64,
            kappa: kappa(&pairs),
            precision,
            recall,
            f1,
            evidence: (
                rows.iter().filter(|r| r.evidence == Some(true)).count(),
                rows.iter().filter(|r| r.evidence.is_some()).count(),
            ),
            period: (
                rows.iter().filter(|r| r.period == Some(true)).count(),
                rows.iter().filter(|r| r.period.is_some()).count(),
            ),
            media: (
                rows.iter().filter(|r| r.media.is_some_and(|m| m.0)).count(),
                rows.iter().filter(|r| r.media.is_some_and(|m| m.1)).count(),
                rows.iter().filter(|r| r.media.is_some()).count(),
            ),
        }
    }
}

/// Cohen's kappa: agreement beyond what the two shares alone would give. 1 when both always say the same one class.
fn kappa(pairs: &[(Class, Class)]) -> f64 {
    let n = pairs.len() as f64;
    if pairs.is_empty() {
        return f64::NAN;
    }
    let observed = pairs.iter().filter(|(a, b)| a == b).count() as f64 / n;
    let share =
        |wanted: Class, side: fn(&(Class, Class)) -> Class| pairs.iter().filter(|p| side(p) == wanted).count() as f64;
    let expected: f64 = [Class::Usable, Class::Dead, Class::Absent, Class::None]
        .into_iter()
        .map(|c| share(c, |p| p.0) * share(c, |p| p.1))
        .sum::<f64>()
        / n
        / n;
    if expected < 1.0 {
        (observed - expected) / (1.0 - expected)
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kappa_is_cohens() {
        use Class::{Absent, Dead, Usable};
        let pairs = [
            (Usable, Usable),
            (Usable, Absent),
            (Dead, Dead),
            (Absent, Absent),
            (Absent, Absent),
        ];
        // observed 4/5; expected (2·1 + 1·1 + 2·3)/25 = 9/25
        assert!((kappa(&pairs) - (0.8 - 0.36) / 0.64).abs() < 1e-12);
        assert!((kappa(&[(Dead, Dead)]) - 1.0).abs() < 1e-12);
        assert!(kappa(&[]).is_nan());
    }
}
