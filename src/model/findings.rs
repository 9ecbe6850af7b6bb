//! The machine contract of an evaluation (DESIGN §7); `veedor schema findings` prints its JSON Schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CriterionKind, SubjectKind};

/// Value of [`Findings::schema`].
pub const FINDINGS_SCHEMA: &str = "veedor.findings/1";

/// Outcome of a criterion: W3C EARL's five.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Met.
    Passed,
    /// Not met.
    Failed,
    /// Looked at, and undecided.
    CantTell,
    /// Does not apply.
    Inapplicable,
    /// Not looked at.
    Untested,
}

/// Status of an obligation (DESIGN §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Content of the right kind, with data, reached from the portal.
    Published,
    /// Such content, with an evident hole.
    Partial,
    /// A section, label or file without data.
    Empty,
    /// There are links, none of them works.
    Broken,
    /// Only sent elsewhere.
    External,
    /// Nothing found by a crawl complete enough to say so.
    Missing,
    /// The subject does not owe it.
    NotApplicable,
    /// Could not be decided.
    Undetermined,
}

impl Status {
    /// All, in the order of reports.
    pub const ALL: [Self; 8] = [
        Self::Published,
        Self::Partial,
        Self::Empty,
        Self::Broken,
        Self::External,
        Self::Missing,
        Self::NotApplicable,
        Self::Undetermined,
    ];

    /// The name used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Partial => "partial",
            Self::Empty => "empty",
            Self::Broken => "broken",
            Self::External => "external",
            Self::Missing => "missing",
            Self::NotApplicable => "not_applicable",
            Self::Undetermined => "undetermined",
        }
    }
}

/// Which of the two scores: never mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// What the law obliges to.
    Obligation,
    /// Beyond the law.
    Proactivity,
}

/// The subject, as findings name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubjectInfo {
    /// Stable id.
    pub id: String,
    /// Official name.
    pub name: String,
    /// Kind.
    pub kind: SubjectKind,
    /// Two-digit INEGI key of the state.
    pub state: Option<String>,
}

/// A pack that was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackInfo {
    /// Id.
    pub id: String,
    /// Version.
    pub version: String,
    /// SHA-256 of its file.
    pub sha256: String,
    /// Name of the instrument.
    pub title: String,
    /// Scoring profile used.
    pub profile: String,
}

/// The audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditInfo {
    /// Id of the audit (name of its folder).
    pub id: String,
    /// Date under which it was evaluated, ISO 8601; an input, never the clock.
    pub evaluated_on: String,
    /// `veedor x.y.z`.
    pub tool: String,
    /// Packs applied.
    pub packs: Vec<PackInfo>,
}

/// The crawl in numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CrawlInfo {
    /// Whether nothing found and allowed was left unfetched.
    pub complete: bool,
    /// Why it stopped.
    pub stop_reason: String,
    /// Number of captures.
    pub captures: usize,
    /// Captures by fetch status.
    pub by_status: BTreeMap<String, usize>,
    /// Reasons that make absences uncertain, in Spanish; empty when the crawl was thorough.
    pub limits: Vec<String>,
    /// Entry URL.
    pub entry: String,
    /// Time of the first and the last capture, RFC 3339.
    pub from: Option<String>,
    /// See `from`.
    pub to: Option<String>,
}

/// A weighted mean with its interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Score {
    /// Pack.
    pub pack: String,
    /// Which score.
    pub dimension: Dimension,
    /// Mean over what was decided, 0–1; `None` when under a third was.
    pub value: Option<f64>,
    /// Counting every undecided criterion as 0.
    pub low: f64,
    /// Counting every undecided criterion as 1.
    pub high: f64,
    /// Share of the weight that was decided.
    pub coverage: f64,
}

/// One obligation's result. Every obligation of every pack in force appears once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ObligationFinding {
    /// Full id, `pack:article.fraction`.
    pub id: String,
    /// Short name.
    pub title: String,
    /// Status.
    pub status: Status,
    /// How sure, 0–1.
    pub confidence: f64,
    /// Mean over its decided criteria; `None` when none was, or it does not apply.
    pub value: Option<f64>,
    /// Undecided as 0.
    pub low: f64,
    /// Undecided as 1.
    pub high: f64,
    /// Latest period seen, e.g. `2026-Q3`.
    pub latest_period: Option<String>,
    /// Kinds of the working evidence.
    pub media: Vec<String>,
    /// Indices into [`Findings::evidence`], best first.
    pub evidence: Vec<usize>,
    /// Indices into [`Findings::findings`].
    pub findings: Vec<usize>,
    /// Why this status, in Spanish, one or two sentences.
    pub reason: String,
    /// What to do next, in Spanish; empty when nothing.
    pub remedy: String,
}

/// One criterion's outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Digest-like stable id: `<obligation>#<criterion>`.
    pub id: String,
    /// Full obligation id.
    pub obligation: String,
    /// Criterion id, e.g. `located`, `opens`, `has_data`.
    pub criterion: String,
    /// Kind.
    pub kind: CriterionKind,
    /// Outcome.
    pub outcome: Outcome,
    /// 0, 0.5 or 1 when decided.
    pub value: Option<f64>,
    /// Weight within its obligation.
    pub weight: f64,
    /// How sure, 0–1.
    pub confidence: f64,
    /// Indices into [`Findings::evidence`].
    pub evidence: Vec<usize>,
    /// Why, in Spanish.
    pub reason: String,
    /// What was expected, in Spanish.
    pub expected: String,
    /// What was seen, in Spanish.
    pub actual: String,
    /// How to mend it, in Spanish.
    pub remedy: String,
}

/// A piece of archived evidence that anyone can open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// URL captured.
    pub url: String,
    /// When, RFC 3339.
    pub captured_at: String,
    /// SHA-256 of the body, when there was one.
    pub sha256: Option<String>,
    /// Archive file inside the case file.
    pub warc: Option<String>,
    /// Offset of the record in it.
    pub offset: Option<u64>,
    /// Where in the document: CSS path or line for pages, sheet and cell, page number.
    pub locator: Option<String>,
    /// Words seen there, at most 300 characters, control characters removed.
    pub excerpt: String,
    /// Fetch status of the capture.
    pub status: super::FetchStatus,
}

/// What an alert warns of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// Personal data where anyone can read them.
    PersonalData,
}

/// Something of the site that no obligation asks about and somebody must attend to. It weighs nothing in any score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Alert {
    /// What it warns of.
    pub kind: AlertKind,
    /// Of which sort: `curp`, `rfc`, `voter_key`, `nss`, `clabe`, `card`.
    pub what: String,
    /// How many were seen.
    pub count: usize,
    /// In how many pages and documents.
    pub documents: usize,
    /// What was seen, in Spanish.
    pub message: String,
    /// The rule that forbids it, in Spanish; empty when none that is sourced was in force.
    pub basis: String,
    /// How to mend it, in Spanish.
    pub remedy: String,
    /// Indices into [`Findings::evidence`], one a document, those with most first; what was seen is masked there.
    pub evidence: Vec<usize>,
}

/// Everything an evaluation says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Findings {
    /// [`FINDINGS_SCHEMA`].
    pub schema: String,
    /// Who.
    pub subject: SubjectInfo,
    /// When and by which rules.
    pub audit: AuditInfo,
    /// What was crawled.
    pub crawl: CrawlInfo,
    /// Scores.
    pub scores: Vec<Score>,
    /// Obligations in legal order.
    pub obligations: Vec<ObligationFinding>,
    /// Criteria.
    pub findings: Vec<Finding>,
    /// Alerts about the whole site; findings of earlier versions have none.
    #[serde(default)]
    pub alerts: Vec<Alert>,
    /// Evidence.
    pub evidence: Vec<Evidence>,
}
