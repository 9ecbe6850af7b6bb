//! CSV, TSV and their like: the separator by content, the encoding as anywhere.

use super::grid::{Budget, Grid};
use crate::extract::{Limits, charset, cut};
use crate::model::Workbook;

/// Separators tried; of two that divide alike the first is taken.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

pub(super) fn read(bytes: &[u8], content_type: Option<&str>, limits: &Limits) -> (Workbook, Option<String>) {
    let (text, _) = charset::decode(bytes, content_type, false);
    let (text, mut note) = cut(&text, limits.text_bytes);
    let (separator, text) = told(text).unwrap_or_else(|| (separator(text), text));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut grid = Grid::default();
    let mut budget = Budget::new(limits);
    let records = reader.records().filter_map(Result::ok);
    'rows: for (row, record) in (0u32..).zip(records) {
        for (column, cell) in (0u32..).zip(record.iter()) {
            if grid.put(&mut budget, row, column, cell).is_break() {
                break 'rows;
            }
        }
    }
    if grid.cut {
        note = Some("la tabla se leyó sólo en parte".to_owned());
    }
    let mut sheet = grid.finish("CSV", false);
    sheet.truncated |= note.is_some();
    (Workbook { sheets: vec![sheet] }, note)
}

/// `sep=;` in a first line of its own, as Excel reads it.
fn told(text: &str) -> Option<(u8, &str)> {
    let (first, rest) = text.split_once('\n')?;
    let told = first.trim_end_matches('\r').trim_matches('"');
    let separator = told.strip_prefix("sep=").or_else(|| told.strip_prefix("SEP="))?;
    let &[separator] = separator.as_bytes() else {
        return None;
    };
    Some((separator, rest))
}

/// The separator that divides the first lines into the most columns alike; what stands between quotation marks divides nothing.
fn separator(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).take(20).collect();
    let score = |separator: u8| {
        let mut counts: Vec<usize> = lines.iter().map(|l| count(l, separator)).collect();
        counts.sort_unstable();
        // Titles above and a line broken inside a cell are no reason against it.
        let usual = counts.get(counts.len() / 2).copied().unwrap_or(0);
        let alike = counts.iter().filter(|n| **n == usual && usual > 0).count();
        (alike * usual, usual, counts.iter().sum::<usize>())
    };
    let mut best = (b',', score(b','));
    for other in SEPARATORS.into_iter().skip(1) {
        let found = score(other);
        if found > best.1 {
            best = (other, found);
        }
    }
    best.0
}

fn count(line: &str, separator: u8) -> usize {
    let mut quoted = false;
    let mut n = 0;
    for byte in line.bytes() {
        quoted ^= byte == b'"';
        n += usize::from(byte == separator && !quoted);
    }
    n
}
