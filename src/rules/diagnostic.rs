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

/// Characters of a line that are shown.
const SHOWN: usize = 200;

/// A long line cut to what stands around a column, and where the column is then; control characters become spaces.
fn around(line: &str, column: usize) -> (String, usize) {
    let start = if line.chars().nth(SHOWN).is_none() {
        0
    } else {
        column.saturating_sub(SHOWN / 2)
    };
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let mut rest = line.chars().skip(start).map(plain);
    let mut out: String = rest.by_ref().take(SHOWN).collect();
    if rest.next().is_some() {
        out.push('…');
    }
    if start == 0 {
        (out, column)
    } else {
        (format!("…{out}"), column - start + 1)
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
                let (excerpt, column) = around(&self.excerpt, self.column);
                writeln!(f, "  {:>4} | {excerpt}", self.line)?;
                writeln!(f, "       | {}^", " ".repeat(column.saturating_sub(1)))?;
            }
        }
        if !self.help.is_empty() {
            writeln!(f, "       = {}", self.help)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_around_the_column() {
        let line = format!("{}X{}", "a".repeat(5_000), "b".repeat(5_000));
        let mut told = Diagnostic::whole_file("f.yaml", "mal");
        (told.line, told.column, told.excerpt) = (1, 5_001, line);
        let text = told.to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].chars().count() < 220, "{text}");
        let caret = lines[2].chars().position(|c| c == '^');
        assert_eq!(caret, lines[1].chars().position(|c| c == 'X'), "{text}");
        assert_eq!(around("corta", 3), ("corta".to_owned(), 3));
        assert_eq!(around(&"ñ".repeat(300), 1).0, format!("{}…", "ñ".repeat(200)));
    }
}
