//! Candidates → outcomes. One file a kind of check; each says what it expected, what it saw and how to mend it.
//! It weighs nothing and gives no status: that is `evaluate`'s. No I/O, no clock.
//!
//! ```text
//! Candidates ─► pieces (does it open? has it data?) ─► Case ─► located · opens · has_data · open_format
//! ```

mod cell;
pub mod data;
mod has_data;
mod located;
mod open_format;
mod opens;
mod piece;
pub mod table;

use crate::locate::{Candidates, Site};
use crate::model::{CriterionKind, Obligation, Outcome};
use crate::text::period::Period;

pub use data::Data;
pub use piece::{Piece, PieceState, pieces};

/// All that checks may look at for one obligation.
#[derive(Debug)]
pub struct Case<'a> {
    /// The obligation.
    pub obligation: &'a Obligation,
    /// What was found for it.
    pub candidates: &'a Candidates,
    /// Its items, opened; each document, address or bare icon once.
    pub pieces: Vec<Piece>,
    /// The crawled site.
    pub site: &'a Site<'a>,
    /// Captures of the pages searched, best first: the evidence of an absence.
    pub searched: &'a [usize],
    /// Why nothing found may not mean that there is nothing, in Spanish; empty after a thorough crawl.
    pub limits: &'a [String],
    /// Date under which it is judged.
    pub on: jiff::civil::Date,
}

impl Case<'_> {
    /// Pieces that hold information.
    pub fn working(&self) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(|p| p.state.works())
    }

    /// How many pieces are in a state.
    #[must_use]
    pub fn count(&self, wanted: impl Fn(&PieceState) -> bool) -> usize {
        self.pieces.iter().filter(|p| wanted(&p.state)).count()
    }

    /// Whether a period was over on the date of judgement.
    #[must_use]
    pub fn has_ended(&self, period: Period) -> bool {
        let month = u8::try_from(self.on.month()).unwrap_or(12);
        let year = u16::try_from(self.on.year()).unwrap_or(0);
        (period.year, period.last_month()) < (year, month)
    }

    /// Whether something kept a piece, or part of the site, from being seen, so that an absence decides nothing.
    #[must_use]
    pub fn is_blind(&self) -> bool {
        !self.limits.is_empty()
            || !self.candidates.unseen.is_empty()
            || self.count(|s| matches!(s, PieceState::Unknown(_))) > 0
    }
}

/// What a check needs pointed at: a capture, and a line of its page where that says more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pointer {
    /// Index of the capture.
    pub capture: usize,
    /// Line of its page.
    pub line: Option<usize>,
    /// Where in the document, when it is no page: sheet and cell.
    pub locator: Option<String>,
    /// Words seen there.
    pub excerpt: String,
}

/// The outcome of one check.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Criterion id.
    pub criterion: &'static str,
    /// Kind.
    pub kind: CriterionKind,
    /// Outcome.
    pub outcome: Outcome,
    /// 0–1 when decided.
    pub value: Option<f64>,
    /// How sure, 0–1.
    pub confidence: f64,
    /// What it rests on, best first.
    pub evidence: Vec<Pointer>,
    /// Why, in Spanish.
    pub reason: String,
    /// Expected, in Spanish.
    pub expected: String,
    /// Seen, in Spanish.
    pub actual: String,
    /// How to mend it, in Spanish; empty when nothing is to mend.
    pub remedy: String,
}

/// A check: one place to add a new one.
type Check = fn(&Case<'_>) -> Judgement;

/// All checks in the order of reports.
const CHECKS: &[Check] = &[located::check, opens::check, has_data::check, open_format::check];

/// Runs every check.
#[must_use]
pub fn judge(case: &Case<'_>) -> Vec<Judgement> {
    CHECKS.iter().map(|check| check(case)).collect()
}

/// Names of all criteria, for rules and documentation.
#[must_use]
pub fn criteria() -> &'static [&'static str] {
    &["located", "opens", "has_data", "open_format"]
}

/// The page line of an item or label as a pointer; a line that only shows pictures is told by their words.
#[must_use]
pub fn point_at_line(site: &Site<'_>, capture: usize, line: Option<usize>) -> Pointer {
    let shown = line.and_then(|n| site.page(capture)?.lines.get(n));
    let excerpt = match shown {
        Some(shown) if shown.text.is_empty() => shown
            .icons
            .iter()
            .map(|i| i.text.as_str())
            .collect::<Vec<_>>()
            .join(" "),
        Some(shown) => shown.text.clone(),
        None => site.document(capture).and_then(|d| d.title.clone()).unwrap_or_default(),
    };
    Pointer {
        capture,
        line,
        locator: None,
        excerpt,
    }
}

/// "1 enlace", "3 enlaces".
pub(crate) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
