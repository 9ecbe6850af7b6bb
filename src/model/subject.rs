//! Who owes the obligations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The kind of obligated subject (*sujeto obligado*); obligations say to which kinds they apply.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// Ayuntamiento or alcaldía.
    #[value(alias = "municipio")]
    Municipality,
    /// Body of a state's executive.
    #[value(alias = "organo-estatal")]
    StateBody,
    /// Municipal or state utility (water board and the like).
    #[value(alias = "organismo-operador")]
    Utility,
    /// Local congress.
    #[value(alias = "congreso")]
    Congress,
    /// Court or judiciary council.
    #[value(alias = "tribunal")]
    Court,
}

/// A subject with its portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// Stable id: the five-digit INEGI key for municipalities, else a slug of `[a-z0-9-]`; safe as a folder name.
    pub id: String,
    /// Official name in Spanish.
    pub name: String,
    /// What kind of subject it is.
    pub kind: SubjectKind,
    /// Two-digit INEGI key of the state, when known.
    pub state: Option<String>,
    /// Address where the crawl starts, as given.
    pub portal: Option<String>,
}
