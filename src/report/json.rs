//! `findings.json`: the machine contract, pretty, keys in the order of the model. Nothing is cleaned: JSON escapes.

use std::io::Write;

use super::{Context, Format, ReportError};
use crate::model::Findings;

/// See the module.
pub(super) struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn extension(&self) -> &'static str {
        "json"
    }

    fn write(&self, findings: &Findings, _: &Context, out: &mut dyn Write) -> Result<(), ReportError> {
        let text = serde_json::to_string_pretty(findings)
            .map_err(|source| ReportError::Serialise { format: "json", source })?;
        writeln!(out, "{text}").map_err(|source| ReportError::Write { format: "json", source })
    }
}
