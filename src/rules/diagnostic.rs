//! One problem of a rule file, as its author reads it.

use std::fmt;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The rules cannot be used.
    Error,
    /// They can, and something is doubtful.
    Warning,
}

/// A problem with its place and remedy; messages in Spanish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad.
    pub severity: Severity,
    /// File, as given.
    pub file: String,
    /// Line from 1; 0 for the whole file.
    pub line: usize,
    /// Column from 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: String,
    /// The line itself.
    pub excerpt: String,
}

impl Diagnostic {
    /// About a file as a whole.
    #[must_use]
    pub fn whole_file(file: &str, message: &str) -> Self {
        Self {
            severity: Severity::Error,
            file: file.to_owned(),
            line: 0,
            column: 0,
            message: message.to_owned(),
            help: String::new(),
            excerpt: String::new(),
        }
    }

    /// With a remedy.
    #[must_use]
    pub fn with_help(mut self, help: &str) -> Self {
        help.clone_into(&mut self.help);
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "aviso",
        };
        if self.line == 0 {
            writeln!(f, "{}: {kind}: {}", self.file, self.message)?;
        } else {
            writeln!(
                f,
                "{}:{}:{}: {kind}: {}",
                self.file, self.line, self.column, self.message
            )?;
            if !self.excerpt.is_empty() {
                writeln!(f, "  {:>4} | {}", self.line, self.excerpt)?;
                writeln!(f, "       | {}^", " ".repeat(self.column.saturating_sub(1)))?;
            }
        }
        if !self.help.is_empty() {
            writeln!(f, "       = {}", self.help)?;
        }
        Ok(())
    }
}
