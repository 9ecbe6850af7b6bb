//! The table of evidence: every pointer of every check once, with what anyone needs to open it.

use std::collections::BTreeMap;

use crate::check::Pointer;
use crate::locate::Site;
use crate::model::{Evidence, RecordRef};
use crate::text::personal;

/// Longest excerpt, in characters.
const EXCERPT: usize = 300;

/// Rows under construction.
pub(super) struct EvidenceTable<'a> {
    site: &'a Site<'a>,
    rows: Vec<Evidence>,
    seen: BTreeMap<(usize, Option<String>), usize>,
    /// By digest the first record that holds the body: later captures of the same bytes are `revisit` records without one.
    bodies: BTreeMap<&'a str, &'a RecordRef>,
}

impl<'a> EvidenceTable<'a> {
    /// An empty table over a site.
    pub(super) fn new(site: &'a Site<'a>) -> Self {
        let mut bodies = BTreeMap::new();
        for capture in site.captures {
            if let (Some(digest), Some(record)) = (&capture.sha256, &capture.record) {
                bodies.entry(digest.as_str()).or_insert(record);
            }
        }
        Self {
            site,
            rows: Vec::new(),
            seen: BTreeMap::new(),
            bodies,
        }
    }

    /// Adds pointers and gives their rows, in order, each once.
    pub(super) fn add_all(&mut self, pointers: &[Pointer]) -> Vec<usize> {
        let mut out: Vec<usize> = Vec::new();
        for pointer in pointers {
            let row = self.add(pointer);
            if !out.contains(&row) {
                out.push(row);
            }
        }
        out
    }

    /// The rows.
    pub(super) fn into_rows(self) -> Vec<Evidence> {
        self.rows
    }

    fn add(&mut self, pointer: &Pointer) -> usize {
        let locator = pointer.locator.clone().or_else(|| self.page_locator(pointer));
        let key = (pointer.capture, locator.clone());
        if let Some(&row) = self.seen.get(&key) {
            return row;
        }
        let capture = &self.site.captures[pointer.capture];
        let holding = capture.sha256.as_deref().and_then(|d| self.bodies.get(d)).copied();
        let record = holding.or(capture.record.as_ref());
        self.rows.push(Evidence {
            url: capture.url.clone(),
            captured_at: capture.captured_at.clone(),
            sha256: capture.sha256.clone(),
            warc: record.map(|r| r.warc.clone()),
            offset: record.map(|r| r.offset),
            locator,
            excerpt: clean(&pointer.excerpt),
            status: capture.status,
        });
        self.seen.insert(key, self.rows.len() - 1);
        self.rows.len() - 1
    }

    /// Where on a page: the nearest named element, and words that a reader finds there with the browser's own search.
    fn page_locator(&self, pointer: &Pointer) -> Option<String> {
        let page = self.site.page(pointer.capture)?;
        let n = pointer.line?;
        let line = page.lines.get(n)?;
        let mut named = None;
        let mut at = Some(line.block);
        while let Some(b) = at {
            let block = page.blocks.get(b as usize)?;
            named = block.id.as_deref().filter(|id| !id.is_empty());
            if named.is_some() {
                break;
            }
            at = block.parent;
        }
        let words = if line.text.is_empty() {
            let above = page.lines[..n].iter().rev().find(|l| !l.text.is_empty());
            above.map(|l| format!("después de «{}»", beginning(&l.text)))
        } else {
            Some(format!("texto «{}»", beginning(&line.text)))
        };
        match (named, words) {
            (Some(id), Some(words)) => Some(format!("#{}, {words}", clean(id))),
            (Some(id), None) => Some(format!("#{}", clean(id))),
            (None, words) => words,
        }
    }
}

/// The first words of a line, enough to find it.
fn beginning(text: &str) -> String {
    personal::shortened(&clean(text), 60)
}

/// Without control and direction-changing characters, white space collapsed, personal data masked, at most [`EXCERPT`] characters.
fn clean(text: &str) -> String {
    let kept: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(
            |c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}' | '\u{feff}'),
        )
        .collect();
    let mut out = String::new();
    for word in kept.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    personal::shortened(&out, EXCERPT)
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn excerpts_are_harmless_and_short() {
        assert_eq!(clean("a\u{1b}[31m\n b\u{202e}c"), "a [31m bc");
        assert_eq!(clean(&"x".repeat(900)).chars().count(), 300);
        assert_eq!(clean("CURP HEGG\u{200b}560427MVZRRL04 x"), "CURP CURP ****04 x");
    }
}
