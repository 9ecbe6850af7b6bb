//! A table fitted to the terminal: score, counts, what needs attention first, then the next steps. Text of strangers is
//! neutralised; colour is optional and never the only carrier of meaning.

use std::fmt::Write as _;
use std::io::Write;

use super::words::{Words, icon};
use super::{Context, Format, ReportError, order, safe};
use crate::model::{Findings, ObligationFinding, PackInfo, Score, Status};

/// Narrowest terminal that the table is fitted to.
const NARROWEST: usize = 40;
/// Widest line that still reads well.
const WIDEST: usize = 120;
/// Widest column of fractions.
const WIDEST_ID: usize = 12;
/// Least columns of a title.
const LEAST_TITLE: usize = 8;
/// Most next steps listed; the reports hold the rest.
const MOST_STEPS: usize = 10;

/// See the module.
pub(super) struct Terminal;

impl Format for Terminal {
    fn name(&self) -> &'static str {
        "terminal"
    }

    fn extension(&self) -> &'static str {
        "txt"
    }

    fn write(&self, findings: &Findings, context: &Context, out: &mut dyn Write) -> Result<(), ReportError> {
        let words = Words::of(context.lang)?;
        let page = Page {
            findings,
            words: &words,
            color: context.color,
            width: context.width.clamp(NARROWEST, WIDEST),
        };
        out.write_all(page.text().as_bytes())
            .map_err(|source| ReportError::Write {
                format: "terminal",
                source,
            })
    }
}

struct Page<'a> {
    findings: &'a Findings,
    words: &'a Words,
    color: bool,
    width: usize,
}

impl Page<'_> {
    fn text(&self) -> String {
        let mut out = String::new();
        let subject = &self.findings.subject;
        self.wrapped(&mut out, "", &format!("{} ({})", subject.name, subject.id));
        let date = self.words.date(&self.findings.audit.evaluated_on);
        let told = self
            .words
            .fill("terminal.audit", &[("id", &self.findings.audit.id), ("date", &date)]);
        self.wrapped(&mut out, "", &told);
        for limit in &self.findings.crawl.limits {
            self.wrapped(&mut out, "! ", limit);
        }
        self.alerts(&mut out);
        for pack in &self.findings.audit.packs {
            self.pack(&mut out, pack);
        }
        out
    }

    /// One line for all personal data, where there is any.
    fn alerts(&self, out: &mut String) {
        let alerts = &self.findings.alerts;
        if alerts.is_empty() {
            return;
        }
        let each: Vec<String> = alerts
            .iter()
            .map(|a| format!("{}: {}", self.words.code("alert", &a.what), a.count))
            .collect();
        let told = self.words.fill("terminal.alerts", &[("each", &each.join("; "))]);
        self.wrapped(out, "! ", &told);
    }

    fn pack(&self, out: &mut String, pack: &PackInfo) {
        out.push('\n');
        self.wrapped(out, "", &pack.title);
        for score in self.findings.scores.iter().filter(|s| s.pack == pack.id) {
            self.wrapped(out, "", &score_words(self.words, score));
        }
        let counts: Vec<String> = order::counts(self.findings, &pack.id)
            .into_iter()
            .map(|(status, n)| format!("{} {}: {n}", icon(status), self.words.status(status)).replace(' ', "\u{A0}"))
            .collect();
        self.wrapped(out, "", &counts.join(" "));
        out.push('\n');
        let obligations = order::by_attention(self.findings, &pack.id);
        self.table(out, &obligations);
        self.steps(out, &obligations);
    }

    fn table(&self, out: &mut String, obligations: &[&ObligationFinding]) {
        let widest =
            |of: &dyn Fn(&ObligationFinding) -> String| obligations.iter().map(|o| columns(&of(o))).max().unwrap_or(0);
        let id_width = widest(&|o| safe::line(order::split(&o.id).1)).min(WIDEST_ID);
        let room = self.width - id_width - 4;
        let status_width = (widest(&|o| self.words.status(o.status)) + 2).min(room - LEAST_TITLE);
        let title_width = room - status_width;
        for o in obligations {
            let status = pad(
                &format!("{} {}", icon(o.status), self.words.status(o.status)),
                status_width,
            );
            let status = cut(&status, status_width);
            let id = pad(&cut(&safe::line(order::split(&o.id).1), id_width), id_width);
            let title = cut(&safe::line(&o.title), title_width);
            let _ = writeln!(out, "{}  {id}  {title}", self.painted(o.status, &status));
        }
    }

    fn steps(&self, out: &mut String, obligations: &[&ObligationFinding]) {
        let todo: Vec<_> = obligations
            .iter()
            .filter(|o| order::is_problem(o.status) && !o.remedy.is_empty())
            .collect();
        if todo.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", self.words.get("terminal.steps"));
        for o in todo.iter().take(MOST_STEPS) {
            let text = format!("{} {}: {}", order::split(&o.id).1, o.title, o.remedy);
            self.wrapped(out, "- ", &text);
        }
        if todo.len() > MOST_STEPS {
            let more = (todo.len() - MOST_STEPS).to_string();
            self.wrapped(out, "  ", &self.words.fill("terminal.more", &[("n", &more)]));
        }
    }

    /// Words in lines of the width, the first after a mark, the others indented as far.
    fn wrapped(&self, out: &mut String, mark: &str, text: &str) {
        let room = self.width - columns(mark);
        let mut line = String::new();
        let mut lead = mark.to_owned();
        for word in safe::line(text).split(' ').filter(|w| !w.is_empty()) {
            if !line.is_empty() && columns(&line) + 1 + columns(word) > room {
                let _ = writeln!(out, "{lead}{line}");
                lead = " ".repeat(columns(mark));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&cut(word, room));
        }
        let _ = writeln!(out, "{lead}{line}");
    }

    fn painted(&self, status: Status, text: &str) -> String {
        let code = match status {
            Status::Published => "32",
            Status::Partial | Status::External => "33",
            Status::Broken | Status::Empty | Status::Missing => "31",
            Status::NotApplicable | Status::Undetermined => "36",
        };
        if self.color {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// The score with its interval, in words.
fn score_words(words: &Words, score: &Score) -> String {
    let coverage = order::points(score.coverage).to_string();
    let (low, high) = (
        order::points(score.low).to_string(),
        order::points(score.high).to_string(),
    );
    let label = words.code("dimension", score.dimension);
    match score.value {
        Some(value) => words.fill(
            "terminal.score",
            &[
                ("label", &label),
                ("value", &order::points(value).to_string()),
                ("low", &low),
                ("high", &high),
                ("coverage", &coverage),
            ],
        ),
        None => words.fill("terminal.no_score", &[("label", &label)]),
    }
}

fn columns(text: &str) -> usize {
    text.chars().count()
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(width.saturating_sub(1)).collect();
    out.push('…');
    out
}
