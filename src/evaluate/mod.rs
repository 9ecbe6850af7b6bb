//! Obligations × candidates × checks → findings → scores. A pure function of the evidence, the packs and a date: the same
//! input gives the same bytes. No I/O, no clock.
//!
//! ```text
//! EvaluationInput ─► Site ─► reach ─► locate ─► check ─► status ─► score ─► Findings, masked
//!                         └► alerts (personal data) ───────────────────────────┘
//! ```

mod alerts;
mod evidence;
mod explain;
mod masked;
mod reach;
mod score;
mod status;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::{self, Case, Judgement, Opening, Readings};
use crate::locate::{Phrases, Site, locate};
use crate::model::{
    AuditInfo, Capture, CrawlInfo, CrawlSummary, Dimension, Document, FINDINGS_SCHEMA, Finding, Findings, Format,
    Obligation, ObligationFinding, Outcome, Pack, PackInfo, Status, Subject, SubjectInfo, Via,
};
use crate::text::period::Period;
use evidence::EvidenceTable;
pub use explain::explain;
use status::Verdict;

/// All that an evaluation rests on.
#[derive(Debug)]
pub struct EvaluationInput<'a> {
    /// Who.
    pub subject: &'a Subject,
    /// Id of the audit: the case file's folder name.
    pub audit_id: &'a str,
    /// ISO 8601 date under which it is evaluated; never the clock.
    pub evaluated_on: &'a str,
    /// Packs to apply.
    pub packs: &'a [&'a Pack],
    /// Official formats.
    pub formats: &'a [Format],
    /// Phrases of the lexicon.
    pub phrases: &'a Phrases,
    /// Captures in the order of the archive.
    pub captures: &'a [Capture],
    /// What extraction made of each.
    pub documents: &'a [Option<Arc<Document>>],
    /// How the crawl ended.
    pub crawl: &'a CrawlSummary,
    /// Where it began.
    pub entry: &'a str,
    /// Other names of the entry's host.
    pub same_as: &'a [String],
}

/// Evaluates a case.
#[must_use]
pub fn evaluate(input: &EvaluationInput<'_>) -> Findings {
    let (site, limits, on) = site_of(input);
    let readings = Readings::new(&site, input.formats, input.phrases, on, &input.subject.name);
    let mut run = Run {
        input,
        site: &site,
        limits: &limits,
        readings: &readings,
        on,
        evidence: EvidenceTable::new(&site),
        obligations: Vec::new(),
        findings: Vec::new(),
    };
    let mut scores = Vec::new();
    for pack in input.packs {
        let from = run.obligations.len();
        run.pack(pack);
        scores.push(score::of_pack(
            &pack.id,
            Dimension::Obligation,
            &run.obligations[from..],
            &run.findings,
        ));
    }
    let scan = alerts::scan(&site, input.formats);
    let masker = scan.known.masker();
    let alerts = alerts::alerts(scan, on, &mut run.evidence);
    let findings = Findings {
        schema: FINDINGS_SCHEMA.to_owned(),
        subject: SubjectInfo {
            id: input.subject.id.clone(),
            name: input.subject.name.clone(),
            kind: input.subject.kind,
            state: input.subject.state.clone(),
        },
        audit: AuditInfo {
            id: input.audit_id.to_owned(),
            evaluated_on: input.evaluated_on.to_owned(),
            tool: format!("veedor {}", env!("CARGO_PKG_VERSION")),
            packs: input.packs.iter().map(|p| pack_info(p)).collect(),
        },
        crawl: crawl_info(input, limits.clone()),
        scores,
        obligations: run.obligations,
        findings: run.findings,
        alerts,
        evidence: run.evidence.into_rows(),
    };
    masked::findings(findings, &masker)
}

struct Run<'a> {
    input: &'a EvaluationInput<'a>,
    site: &'a Site<'a>,
    limits: &'a [String],
    readings: &'a Readings,
    on: jiff::civil::Date,
    evidence: EvidenceTable<'a>,
    obligations: Vec<ObligationFinding>,
    findings: Vec<Finding>,
}

impl Run<'_> {
    fn pack(&mut self, pack: &Pack) {
        let (input, site, limits, on) = (self.input, self.site, self.limits, self.on);
        cases(
            input,
            site,
            limits,
            self.readings,
            on,
            pack,
            |obligation, case| match case {
                Some(case) => self.note(pack, case, status::decide(case), check::judge(case)),
                None => self.not_applicable(pack, obligation),
            },
        );
    }

    fn not_applicable(&mut self, pack: &Pack, obligation: &Obligation) {
        let reason = obligation
            .not_applicable_reason
            .clone()
            .unwrap_or_else(|| "La obligación no corresponde a este tipo de sujeto.".to_owned());
        self.obligations.push(ObligationFinding {
            id: pack.full_id(obligation),
            title: obligation.title.clone(),
            status: Status::NotApplicable,
            confidence: 1.0,
            value: None,
            low: 0.0,
            high: 0.0,
            latest_period: None,
            media: Vec::new(),
            evidence: Vec::new(),
            findings: Vec::new(),
            reason,
            remedy: String::new(),
        });
    }

    fn note(&mut self, pack: &Pack, case: &Case<'_>, verdict: Verdict, judgements: Vec<Judgement>) {
        let id = pack.full_id(case.obligation);
        let weights = score::weights(pack, &judgements);
        let first = self.findings.len();
        for (judgement, weight) in judgements.into_iter().zip(weights) {
            let judgement = status::consistent(verdict.status, judgement);
            let evidence = self.evidence.add_all(&judgement.evidence);
            self.findings.push(Finding {
                id: format!("{id}#{}", judgement.criterion),
                obligation: id.clone(),
                criterion: judgement.criterion.to_owned(),
                kind: judgement.kind,
                outcome: supported(judgement.outcome, &evidence),
                value: if evidence.is_empty() {
                    None
                } else {
                    judgement.value.map(round)
                },
                weight: round(weight),
                confidence: round(judgement.confidence),
                evidence,
                reason: judgement.reason,
                expected: judgement.expected,
                actual: judgement.actual,
                remedy: judgement.remedy,
            });
        }
        let own = &self.findings[first..];
        let (value, low, high) = score::of_obligation(own);
        let evidence = self.evidence.add_all(&verdict.evidence);
        self.obligations.push(ObligationFinding {
            id,
            title: case.obligation.title.clone(),
            status: verdict.status,
            confidence: round(verdict.confidence),
            value,
            low,
            high,
            latest_period: verdict.latest.map(|p: Period| p.to_string()),
            media: verdict.media,
            evidence,
            findings: (first..self.findings.len()).collect(),
            reason: verdict.reason,
            remedy: if verdict.remedy.is_empty() {
                costliest(&self.findings[first..])
            } else {
                verdict.remedy
            },
        });
    }
}

/// The remedy of the failed criterion that costs most, with what failed.
fn costliest(findings: &[Finding]) -> String {
    let lost = |f: &Finding| f.weight * (1.0 - f.value.unwrap_or(1.0));
    findings
        .iter()
        .filter(|f| f.outcome == Outcome::Failed && !f.remedy.is_empty())
        .max_by(|a, b| lost(a).total_cmp(&lost(b)).then_with(|| b.id.cmp(&a.id)))
        .map_or_else(String::new, |f| format!("{} {}", f.reason, f.remedy))
}

/// Every obligation of a pack with all that may be looked at for it; `None` where the subject does not owe it.
fn cases(
    input: &EvaluationInput<'_>,
    site: &Site<'_>,
    limits: &[String],
    readings: &Readings,
    on: jiff::civil::Date,
    pack: &Pack,
    mut take: impl FnMut(&Obligation, Option<&Case<'_>>),
) {
    let mut located = locate(site, pack, input.phrases);
    readings.add_by_columns(site, pack, input.formats, &mut located.obligations);
    let searched: Vec<usize> = if located.list_pages.is_empty() {
        site.order.iter().copied().take(3).collect()
    } else {
        located.list_pages.clone()
    };
    for (obligation, candidates) in pack.obligations.iter().zip(&located.obligations) {
        if !obligation.applies_to.contains(&input.subject.kind) {
            take(obligation, None);
            continue;
        }
        let opening = Opening {
            site,
            phrases: input.phrases,
            readings,
            formats: input.formats,
            pack,
            obligation,
            on,
        };
        take(
            obligation,
            Some(&Case {
                pack,
                obligation,
                formats: input.formats,
                readings,
                term: pack.term,
                candidates,
                pieces: check::pieces(&opening, &candidates.items),
                site,
                searched: &searched,
                limits,
                on,
            }),
        );
    }
}

/// The site of a case and what limits what can be said of it.
fn site_of<'a>(input: &EvaluationInput<'a>) -> (Site<'a>, Vec<String>, jiff::civil::Date) {
    let closed = !input.captures.is_empty() && input.captures.iter().all(|c| c.via == Via::Import);
    let site = Site::new(input.captures, input.documents, input.entry, closed, input.same_as);
    let limits = reach::limits(&site, input.crawl, input.entry);
    let on = input.evaluated_on.parse().unwrap_or(jiff::civil::Date::MAX);
    (site, limits, on)
}

/// Without evidence there is neither passed nor failed (DESIGN §7).
fn supported(outcome: Outcome, evidence: &[usize]) -> Outcome {
    match outcome {
        Outcome::Passed | Outcome::Failed if evidence.is_empty() => Outcome::CantTell,
        other => other,
    }
}

fn pack_info(pack: &Pack) -> PackInfo {
    PackInfo {
        id: pack.id.clone(),
        version: pack.version.clone(),
        sha256: pack.sha256.clone(),
        title: pack.title.clone(),
        profile: pack.scoring.profile.clone(),
    }
}

fn crawl_info(input: &EvaluationInput<'_>, limits: Vec<String>) -> CrawlInfo {
    let mut by_status: BTreeMap<String, usize> = BTreeMap::new();
    for capture in input.captures {
        *by_status.entry(capture.status.as_str().to_owned()).or_default() += 1;
    }
    let times = || input.captures.iter().map(|c| c.captured_at.clone());
    CrawlInfo {
        complete: input.crawl.complete,
        stop_reason: input.crawl.stop_reason.clone(),
        captures: input.captures.len(),
        by_status,
        limits,
        entry: input.entry.to_owned(),
        from: times().min(),
        to: times().max(),
    }
}

/// Four decimals: figures in files stay short and equal on every machine.
fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
