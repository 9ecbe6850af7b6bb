//! How well one format's columns fit a sheet's headers, and which is which.

use crate::model::ColumnRole;

use super::head::Head;
use super::index::Index;

/// Least likeness of two headers worded differently.
const ALIKE: f64 = 0.6;

/// A format laid on a sheet.
pub(super) struct Fit {
    /// Which format.
    pub(super) format: usize,
    /// 0–1: what is shared of all that either has, by weight.
    pub(super) score: f64,
    /// For each column of the format, the position of the header among those of the sheet.
    pub(super) columns: Vec<Option<usize>>,
    /// Columns of the format's own that were found.
    pub(super) own: usize,
    /// Whether the columns are the same, all of them, as worded.
    pub(super) exact: bool,
}

/// The formats that share most with a sheet, at most `most`, laid on it, best first.
pub(super) fn best(index: &Index, head: &Head, most: usize) -> Vec<Fit> {
    let mut shared = vec![0.0; index.shapes.len()];
    let mut all = 0.0;
    let mut seen: Vec<usize> = Vec::new();
    for cell in head.cells.iter().filter(|c| !c.added) {
        let Some(known) = cell.known else {
            all += index.unknown;
            continue;
        };
        let header = &index.headers[known];
        all += header.weight;
        if seen.contains(&known) {
            continue;
        }
        seen.push(known);
        for &format in &header.formats {
            shared[format] += header.weight;
        }
    }
    let mut ranked: Vec<(f64, usize)> = shared
        .iter()
        .enumerate()
        .filter(|(n, s)| **s > 0.0 && !index.shapes[*n].headers.is_empty())
        .map(|(n, s)| (s / (all + index.shapes[n].weight - s), n))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.truncate(most);
    let mut fits: Vec<Fit> = ranked.into_iter().map(|(_, n)| lay(index, head, n)).collect();
    fits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.format.cmp(&b.format)));
    fits
}

/// Lays a format on a sheet: the same words first, then the same role, then words alike.
fn lay(index: &Index, head: &Head, format: usize) -> Fit {
    let shape = &index.shapes[format];
    let mut columns: Vec<Option<usize>> = vec![None; shape.headers.len()];
    let mut likeness = vec![0.0; shape.headers.len()];
    let mut taken: Vec<bool> = head.cells.iter().map(|c| c.added).collect();
    let mut give = |column: usize, cell: usize, like: f64, taken: &mut [bool]| {
        columns[column] = Some(cell);
        likeness[column] = like;
        taken[cell] = true;
    };
    let mut left = Vec::new();
    for (n, &h) in shape.headers.iter().enumerate() {
        let same = |c: usize| !taken[c] && head.cells[c].known == Some(h);
        match (0..head.cells.len()).find(|c| same(*c)) {
            Some(cell) => give(n, cell, 1.0, &mut taken),
            None => left.push(n),
        }
    }
    left.retain(|&n| {
        let role = index.headers[shape.headers[n]].role;
        let same = |c: usize| role != ColumnRole::Own && !taken[c] && head.cells[c].role == Some(role);
        let found = (0..head.cells.len()).find(|c| same(*c));
        if let Some(cell) = found {
            give(n, cell, 1.0, &mut taken);
        }
        found.is_none()
    });
    for (like, n, cell) in alike(index, head, &left, shape.headers.as_slice(), &taken) {
        if left.contains(&n) && !taken[cell] {
            give(n, cell, like, &mut taken);
            left.retain(|l| *l != n);
        }
    }
    let weight = |n: usize| index.headers[shape.headers[n]].weight;
    let shared: f64 = (0..columns.len()).map(|n| weight(n) * likeness[n]).sum();
    let extra: f64 = head
        .cells
        .iter()
        .zip(&taken)
        .filter(|(_, taken)| !**taken)
        .map(|(c, _)| c.known.map_or(index.unknown, |k| index.headers[k].weight))
        .sum();
    let own = |n: &usize| index.headers[shape.headers[*n]].role == ColumnRole::Own;
    Fit {
        format,
        score: shared / (shape.weight + extra),
        own: (0..columns.len()).filter(own).filter(|n| columns[*n].is_some()).count(),
        exact: left.is_empty() && taken.iter().all(|t| *t) && likeness.iter().all(|l| *l >= 1.0),
        columns,
    }
}

/// Pairs of a column that is left and a header that is free, the most alike first.
fn alike(index: &Index, head: &Head, left: &[usize], headers: &[usize], taken: &[bool]) -> Vec<(f64, usize, usize)> {
    let mut pairs = Vec::new();
    for (cell, _) in taken.iter().enumerate().filter(|(_, t)| !**t) {
        for &n in left {
            let like = head.cells[cell].likeness(index, headers[n]);
            if like >= ALIKE {
                pairs.push((like, n, cell));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    pairs
}
