//! The model itself, under the name of its schema.

use std::io::Write;

use super::{Context, Format};
use crate::model::FileLint;
use crate::report::ReportError;

/// Name and version of the contract.
const SCHEMA: &str = "veedor.lint/1";

/// See the module.
pub(super) struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn write(&self, files: &[FileLint], _: &Context, out: &mut dyn Write) -> Result<(), ReportError> {
        let value = serde_json::json!({ "schema": SCHEMA, "files": files });
        writeln!(out, "{value:#}").map_err(|source| ReportError::Write { format: "json", source })
    }
}
