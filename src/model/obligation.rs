//! What must be published: packs of obligations, as `rules` has validated them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SubjectKind;

/// How sure a fact's source makes it (the letters of the sources themselves).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Certainty {
    /// Primary text or a real file, read.
    A,
    /// Secondary copy or portal.
    B,
    /// Derived or inferred.
    C,
    /// Not sourced.
    N,
}

/// Where a fact comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceFact {
    /// Short name of the source.
    pub source: String,
    /// How sure it is.
    pub certainty: Certainty,
}

/// How often the information must be renewed (*periodo de actualización*).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// Every month.
    Monthly,
    /// Every two months.
    Bimonthly,
    /// Every quarter.
    Quarterly,
    /// Every half year.
    Semiannual,
    /// Every year.
    Annual,
    /// Every three years (a municipal term).
    Triennial,
    /// Every six years.
    Sexennial,
    /// When it changes.
    OnChange,
    /// No sourced cadence.
    Unsourced,
}

/// How long information stays online (*conservación*).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Retention {
    /// Only what is in force.
    InForce,
    /// What is in force and the year before.
    InForceAndPrevious,
    /// The current year and this many before it.
    CurrentPlus(u8),
    /// Everything ever published.
    All,
    /// No sourced retention.
    Unsourced,
}

/// The four kinds of criteria (LTG): sustantivo, actualización, confiabilidad, formato.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CriterionKind {
    /// Sustantivo de contenido.
    Content,
    /// Adjetivo de actualización.
    Timeliness,
    /// Adjetivo de confiabilidad.
    Reliability,
    /// Adjetivo de formato.
    Format,
}

/// A wording under which portals publish an obligation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Label {
    /// The words, in Spanish, as written.
    pub text: String,
    /// Whether it names a department or another thing as well, so that it counts only beside a section of obligations.
    pub weak: bool,
}

/// A numbering under which file names and headings cite the obligation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileCode {
    /// Article, e.g. `70`, `63`.
    pub article: String,
    /// Fraction and paragraph, e.g. `XXVIII`, `IX Bis`, `II.b`.
    pub fraction: String,
    /// Whose numbering it is, e.g. `MX`, `TLX`.
    pub jurisdiction: String,
}

/// An obligation of another pack that this one continues.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Lineage {
    /// Pack id.
    pub pack: String,
    /// Obligation id within that pack.
    pub id: String,
}

/// One thing that must be published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Obligation {
    /// Within its pack: `70.XXVIII`, `71.II.b`.
    pub id: String,
    /// Short name, in Spanish.
    pub title: String,
    /// What is asked, in own words, in Spanish.
    pub asks: String,
    /// Obligations of other packs that it continues.
    pub continues: Vec<Lineage>,
    /// Kinds of subject that owe it.
    pub applies_to: Vec<SubjectKind>,
    /// Why it does not apply to the others, in Spanish, when sourced.
    pub not_applicable_reason: Option<String>,
    /// How often renewed.
    pub cadence: Cadence,
    /// How long kept.
    pub retention: Retention,
    /// Labels as portals really say them; the title is one of them.
    pub labels: Vec<Label>,
    /// Names of the official formats (LTG), which are labels too.
    pub formats: Vec<String>,
    /// Numberings.
    pub codes: Vec<FileCode>,
    /// Whether text in a page may satisfy it, without a document.
    pub page_text: bool,
    /// What a subject should do when it fails, in Spanish.
    pub remedy: String,
    /// Where the facts come from.
    pub sources: Vec<SourceFact>,
}

/// Time to publish what a period generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Term {
    /// Calendar days after the close of the period.
    pub days: u16,
    /// How sure the source makes it.
    pub certainty: Certainty,
}

/// A named profile of weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Scoring {
    /// Name of the profile, e.g. `igualitario`.
    pub profile: String,
    /// Its certainty; never official unless sourced.
    pub certainty: Certainty,
    /// Weight of each kind of criterion, summing to 1.
    pub weights: Vec<(CriterionKind, f64)>,
}

/// A dated, versioned set of obligations of one legal instrument or index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Pack {
    /// Id, e.g. `mx-lgtaip-2015`.
    pub id: String,
    /// Its own version.
    pub version: String,
    /// Name of the instrument, in Spanish.
    pub title: String,
    /// `MX` or `MX-TLX`…
    pub jurisdiction: String,
    /// First day in force, ISO 8601.
    pub in_force_from: String,
    /// Last day in force, ISO 8601, when repealed.
    pub in_force_to: Option<String>,
    /// Calendar days after the close of a period within which its information has to be up, and how sure that is.
    pub term: Term,
    /// Scoring profile.
    pub scoring: Scoring,
    /// Obligations in legal order.
    pub obligations: Vec<Obligation>,
    /// SHA-256 (hex) of the file that it was read from.
    pub sha256: String,
}

impl Pack {
    /// Full id of one of its obligations, `pack:id`.
    #[must_use]
    pub fn full_id(&self, obligation: &Obligation) -> String {
        format!("{}:{}", self.id, obligation.id)
    }
}
