//! Before a PDF is loaded: a bound on what its object streams inflate to, and a new table of objects for a file that lost its own.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read as _, copy, sink};

use flate2::read::ZlibDecoder;

use crate::model::Fault;

/// Refuses a file whose object streams, which loading opens all at once, inflate to more than the limit.
pub(super) fn check_object_streams(bytes: &[u8], limit: u64) -> Result<(), Fault> {
    let mut total = 0u64;
    for at in positions(bytes, b"stream") {
        let before = &bytes[at.saturating_sub(400)..at];
        let from = before.windows(4).rposition(|w| w == b" obj").unwrap_or(0);
        let dictionary = &before[from..];
        let opened = [b"/ObjStm".as_slice(), b"/XRef"]
            .iter()
            .any(|k| contains(dictionary, k));
        if before.ends_with(b"end") || !opened {
            continue;
        }
        let data = bytes[at + 6..].trim_ascii_start();
        let left = limit.saturating_sub(total).saturating_add(1);
        // What cannot be inflated costs nothing; how it ends is not of interest.
        total += copy(&mut ZlibDecoder::new(data).take(left), &mut sink()).unwrap_or_default();
        if total > limit {
            return Err(Fault::TooLarge {
                what: "bytes al abrirse".to_owned(),
                found: total,
                limit,
            });
        }
    }
    Ok(())
}

/// The file with a table of the objects that are found in it, the last of each number.
pub(super) fn with_new_table(bytes: &[u8]) -> Option<Vec<u8>> {
    let start = positions(&bytes[..bytes.len().min(1024)], b"%PDF-").next()?;
    let bytes = &bytes[start..];
    let mut found: BTreeMap<u32, (usize, u16)> = BTreeMap::new();
    let mut root = None;
    for at in positions(bytes, b" obj") {
        let Some((from, number, generation)) = header(bytes, at) else {
            continue;
        };
        found.insert(number, (from, generation));
        let body = &bytes[at..bytes.len().min(at + 2000)];
        let end = positions(body, b"endobj").next().unwrap_or(body.len());
        if is_catalog(&body[..end]) {
            root = Some((number, generation));
        }
    }
    let root = root.or_else(|| named_root(bytes))?;
    let mut out = bytes.to_vec();
    let mut table = String::from("\nxref\n");
    let from = out.len() + 1;
    for (number, (at, generation)) in &found {
        // Writing to a string cannot fail.
        let _ = write!(table, "{number} 1\n{at:010} {generation:05} n \n");
    }
    let size = found.keys().next_back().map_or(1, |n| n.saturating_add(1));
    let (number, generation) = root;
    let _ = write!(
        table,
        "trailer\n<</Size {size}/Root {number} {generation} R>>\nstartxref\n{from}\n%%EOF\n"
    );
    out.extend_from_slice(table.as_bytes());
    Some(out)
}

/// Number and generation before ` obj`, and where they begin.
fn header(bytes: &[u8], at: usize) -> Option<(usize, u32, u16)> {
    let digits_before = |end: usize| {
        let from = bytes[..end]
            .iter()
            .rposition(|b| !b.is_ascii_digit())
            .map_or(0, |n| n + 1);
        let text = std::str::from_utf8(&bytes[from..end]).ok()?;
        (end - from <= 10).then_some((from, text))
    };
    let (middle, generation) = digits_before(at)?;
    let end = middle.checked_sub(1).filter(|n| bytes[*n].is_ascii_whitespace())?;
    let (from, number) = digits_before(end)?;
    Some((from, number.parse().ok()?, generation.parse().ok()?))
}

fn is_catalog(body: &[u8]) -> bool {
    positions(body, b"/Catalog").next().is_some_and(|at| {
        let before = body[..at].trim_ascii_end();
        before.ends_with(b"/Type")
    })
}

/// `/Root n g R` of a trailer or of a stream that stands for one.
fn named_root(bytes: &[u8]) -> Option<(u32, u16)> {
    let at = positions(bytes, b"/Root").last()?;
    let text: String = bytes[at + 5..].iter().take(24).map(|b| char::from(*b)).collect();
    let mut words = text.split_whitespace();
    Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    positions(bytes, word).next().is_some()
}

/// Where a word stands.
fn positions<'a>(bytes: &'a [u8], word: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let finder = aho_corasick::AhoCorasick::new([word]).ok();
    let found: Vec<usize> = finder
        .map(|f| f.find_iter(bytes).map(|m| m.start()).collect())
        .unwrap_or_default();
    found.into_iter()
}
