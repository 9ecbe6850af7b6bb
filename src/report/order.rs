//! Which obligations come first for a reader: what needs work, then what is unsure, then what is in order.

use crate::model::{Findings, ObligationFinding, Status};

/// Statuses in the order of attention.
pub(super) const ATTENTION: [Status; 8] = [
    Status::Broken,
    Status::Empty,
    Status::Missing,
    Status::External,
    Status::Partial,
    Status::Undetermined,
    Status::Published,
    Status::NotApplicable,
];

/// Whether an obligation asks for work by the subject.
pub(super) fn is_problem(status: Status) -> bool {
    matches!(
        status,
        Status::Broken | Status::Empty | Status::Missing | Status::External | Status::Partial
    )
}

/// The pack of a full id, and the id within it.
pub(super) fn split(id: &str) -> (&str, &str) {
    id.split_once(':').unwrap_or(("", id))
}

/// Obligations of a pack, those that need attention first, in legal order within a status.
pub(super) fn by_attention<'a>(findings: &'a Findings, pack: &str) -> Vec<&'a ObligationFinding> {
    let of_pack = |o: &&ObligationFinding| split(&o.id).0 == pack;
    let rank = |s: Status| ATTENTION.iter().position(|a| *a == s);
    let mut out: Vec<&ObligationFinding> = findings.obligations.iter().filter(of_pack).collect();
    out.sort_by_key(|o| rank(o.status));
    out
}

/// How many obligations of a pack have each status; only those that occur.
pub(super) fn counts(findings: &Findings, pack: &str) -> Vec<(Status, usize)> {
    let count = |s: Status| {
        findings
            .obligations
            .iter()
            .filter(|o| split(&o.id).0 == pack && o.status == s)
            .count()
    };
    Status::ALL
        .into_iter()
        .map(|s| (s, count(s)))
        .filter(|(_, n)| *n > 0)
        .collect()
}

/// 0–1 as whole points of 100.
#[expect(clippy::cast_possible_truncation, reason = "clamped to 0–100 before")]
pub(super) fn points(value: f64) -> i64 {
    (value.clamp(0.0, 1.0) * 100.0).round() as i64
}
