//! `findings.csv`: a line an obligation. UTF-8 with a byte order mark, because Excel reads accents only with it; cells
//! that a spreadsheet would take for formulas are neutralised.

use std::io::Write;

use super::words::Words;
use super::{Context, Format, ReportError, order, safe};
use crate::model::{Findings, ObligationFinding};

/// See the module.
pub(super) struct Csv;

/// Keys of the header's words, `csv.` before each.
const COLUMNS: [&str; 22] = [
    "subject_id",
    "subject",
    "evaluated_on",
    "pack",
    "id",
    "title",
    "status",
    "status_code",
    "confidence",
    "value",
    "low",
    "high",
    "latest_period",
    "media",
    "reason",
    "remedy",
    "url",
    "captured_at",
    "sha256",
    "warc",
    "offset",
    "excerpt",
];

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn extension(&self) -> &'static str {
        "csv"
    }

    fn write(&self, findings: &Findings, context: &Context, out: &mut dyn Write) -> Result<(), ReportError> {
        let words = Words::of(context.lang)?;
        let io = |source| ReportError::Write { format: "csv", source };
        out.write_all("\u{FEFF}".as_bytes()).map_err(io)?;
        let mut writer = ::csv::WriterBuilder::new()
            .terminator(::csv::Terminator::CRLF)
            .from_writer(out);
        writer.write_record(COLUMNS.map(|c| words.get(&format!("csv.{c}")).to_owned()))?;
        for obligation in &findings.obligations {
            let cells = row(findings, obligation, &words);
            writer.write_record(COLUMNS.iter().zip(&cells).map(|(column, text)| match *column {
                "url" => safe::address_cell(text),
                _ => safe::cell(text),
            }))?;
        }
        writer.flush().map_err(io)
    }
}

fn row(findings: &Findings, o: &ObligationFinding, words: &Words) -> [String; 22] {
    let (pack, id) = order::split(&o.id);
    let first = o.evidence.first().and_then(|&i| findings.evidence.get(i));
    let of = |f: fn(&crate::model::Evidence) -> Option<String>| first.and_then(f).unwrap_or_default();
    [
        findings.subject.id.clone(),
        findings.subject.name.clone(),
        findings.audit.evaluated_on.clone(),
        pack.to_owned(),
        id.to_owned(),
        o.title.clone(),
        words.status(o.status),
        o.status.as_str().to_owned(),
        number(o.confidence),
        o.value.map(number).unwrap_or_default(),
        number(o.low),
        number(o.high),
        o.latest_period.clone().unwrap_or_default(),
        o.media.join(" "),
        o.reason.clone(),
        o.remedy.clone(),
        of(|e| Some(e.url.clone())),
        of(|e| Some(e.captured_at.clone())),
        of(|e| e.sha256.clone()),
        of(|e| e.warc.clone()),
        of(|e| e.offset.map(|n| n.to_string())),
        of(|e| Some(e.excerpt.clone())),
    ]
}

fn number(value: f64) -> String {
    format!("{value:.3}")
}
