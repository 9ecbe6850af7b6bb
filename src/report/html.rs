//! `report.html`: one file with nothing from outside and no script, for a screen, a phone and paper. The template
//! escapes all text; only http and https addresses become links.

use std::io::Write;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};

use super::view::view;
use super::words::Words;
use super::{Context, Format, ReportError};
use crate::model::Findings;

/// See the module. `.html` makes the engine escape.
pub(super) struct Html;

const TEMPLATE: &str = "report.html";

impl Format for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn extension(&self) -> &'static str {
        "html"
    }

    fn write(&self, findings: &Findings, context: &Context, out: &mut dyn Write) -> Result<(), ReportError> {
        let words = Words::of(context.lang)?;
        let failed = |source| ReportError::Template { name: TEMPLATE, source };
        let mut engine = Environment::new();
        engine.set_undefined_behavior(UndefinedBehavior::Strict);
        let blocks = SyntaxConfig::builder()
            .trim_blocks(true)
            .keep_trailing_newline(true)
            .build()
            .map_err(failed)?;
        engine.set_syntax(blocks);
        engine
            .add_template("style.css", include_str!("../../reports/style.css"))
            .map_err(failed)?;
        engine
            .add_template(TEMPLATE, include_str!("../../reports/report.html"))
            .map_err(failed)?;
        let text = engine
            .get_template(TEMPLATE)
            .and_then(|t| t.render(Serde(view(findings, context, &words))))
            .map_err(failed)?;
        out.write_all(text.as_bytes())
            .map_err(|source| ReportError::Write { format: "html", source })
    }
}
