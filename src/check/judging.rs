//! A judgement under construction: what a check expects, sees and says.

use crate::model::{CriterionKind, Outcome};

use super::{Case, Judgement, Pointer};

/// Builds a [`Judgement`].
#[derive(Debug, Clone)]
pub(super) struct Judging {
    judgement: Judgement,
    remedy_if_failed: &'static str,
}

impl Judging {
    /// Of a criterion, by its id.
    pub(super) fn new(criterion: &'static str, kind: CriterionKind) -> Self {
        Self {
            judgement: Judgement {
                criterion,
                kind,
                outcome: Outcome::Untested,
                value: None,
                confidence: 0.9,
                evidence: Vec::new(),
                reason: String::new(),
                expected: String::new(),
                actual: String::new(),
                remedy: String::new(),
            },
            remedy_if_failed: "",
        }
    }

    /// What is expected, in Spanish.
    pub(super) fn expecting(mut self, expected: impl Into<String>) -> Self {
        self.judgement.expected = expected.into();
        self
    }

    /// What is seen, in Spanish.
    pub(super) fn seeing(mut self, actual: impl Into<String>) -> Self {
        self.judgement.actual = actual.into();
        self
    }

    /// How sure, 0–1.
    pub(super) fn confident(mut self, confidence: f64) -> Self {
        self.judgement.confidence = confidence;
        self
    }

    /// What it rests on, best first.
    pub(super) fn resting_on(mut self, evidence: Vec<Pointer>) -> Self {
        self.judgement.evidence = evidence;
        self
    }

    /// How to mend it, in Spanish.
    pub(super) fn mending(mut self, remedy: &'static str) -> Self {
        remedy.clone_into(&mut self.judgement.remedy);
        self
    }

    /// How to mend it, in Spanish, should it fail.
    pub(super) fn mending_if_failed(mut self, remedy: &'static str) -> Self {
        self.remedy_if_failed = remedy;
        self
    }

    /// Decided.
    pub(super) fn decided(mut self, outcome: Outcome, value: f64, reason: String) -> Judgement {
        if outcome == Outcome::Failed && self.judgement.remedy.is_empty() {
            self.remedy_if_failed.clone_into(&mut self.judgement.remedy);
        }
        self.judgement.outcome = outcome;
        self.judgement.value = Some(value);
        self.judgement.reason = reason;
        self.judgement
    }

    /// Does not apply.
    pub(super) fn inapplicable(mut self, reason: &str) -> Judgement {
        self.judgement.outcome = Outcome::Inapplicable;
        reason.clone_into(&mut self.judgement.reason);
        self.judgement
    }

    /// Looked at, and undecided.
    pub(super) fn cant_tell(self, reason: &str, evidence: Vec<Pointer>) -> Judgement {
        self.resting_on(evidence).undecided(reason.to_owned())
    }

    /// Looked at, and undecided, on the evidence given so far.
    pub(super) fn undecided(mut self, reason: String) -> Judgement {
        self.judgement.outcome = Outcome::CantTell;
        self.judgement.value = None;
        self.judgement.reason = reason;
        self.judgement
    }

    /// There is no table with an official format: undecided where there is information, else not applicable.
    pub(super) fn cant_tell_without_table(self, case: &Case<'_>) -> Judgement {
        if case.working().next().is_none() {
            return self.inapplicable("No hay una tabla que revisar.");
        }
        let shown = case.working().take(2).map(|p| p.point(case.site)).collect();
        self.cant_tell(
            "Lo publicado no es una tabla con las columnas del formato oficial: una persona debe ver si dice lo mismo.",
            shown,
        )
    }
}
