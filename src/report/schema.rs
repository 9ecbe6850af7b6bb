//! The JSON Schema of `findings.json`, derived from the model; `veedor schema findings` prints it.

use serde_json::Value;

use crate::model::Findings;

/// JSON Schema (2020-12) of [`Findings`].
#[must_use]
pub fn findings() -> Value {
    schemars::schema_for!(Findings).to_value()
}
