//! Scope: a label governs what it contains, opens or precedes.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::model::Page;

use super::content::is_period;
use super::label::Label;

/// For each line of the page, the label (index into the page's labels) whose scope it is in.
#[must_use]
pub fn paint(page: &Page, labels: &[Label<'_>]) -> Vec<Option<u32>> {
    let ids = by_id(page);
    let mut openers: Vec<usize> = (0..labels.len())
        .filter(|&i| labels[i].opens && !labels[i].matches.is_empty())
        .collect();
    silence_inner(page, labels, &ids, &mut openers);
    silence_below_the_only(labels, &mut openers);
    let surroundings = Surroundings::of(page, labels, &openers);
    let mut scopes: Vec<(usize, usize, usize)> = Vec::new();
    for (at, &i) in openers.iter().enumerate() {
        let line = labels[i].line;
        for id in &page.lines[line].targets {
            if let Some(&block) = ids.get(id.as_str()) {
                let lines = page.blocks[block].lines();
                scopes.push((lines.start, lines.end, i));
            }
        }
        let (start, end) = reach(page, line, at, &surroundings);
        scopes.push((start, end, i));
    }
    scopes.sort_by_key(|&(start, end, i)| (std::cmp::Reverse(end.saturating_sub(start)), i));
    let mut painted = fill(page.lines.len(), &scopes);
    open_dialogs(page, labels, &ids, &mut painted);
    painted
}

/// The first block of each id.
fn by_id(page: &Page) -> HashMap<&str, usize> {
    let mut out = HashMap::new();
    for (n, block) in page.blocks.iter().enumerate() {
        if let Some(id) = block.id.as_deref() {
            out.entry(id).or_insert(n);
        }
    }
    out
}

/// Each line gets the last scope that holds it. From the last scope to the first, so that no line is painted twice, however
/// many scopes hold it: `next` leads over what is painted.
fn fill(length: usize, scopes: &[(usize, usize, usize)]) -> Vec<Option<u32>> {
    let mut painted = vec![None; length];
    let mut next: Vec<usize> = (0..=length).collect();
    for &(start, end, i) in scopes.iter().rev() {
        let mut at = free(&mut next, start.min(length));
        while at < end.min(length) {
            painted[at] = u32::try_from(i).ok();
            next[at] = at + 1;
            at = free(&mut next, at + 1);
        }
    }
    painted
}

/// The first line from `at` on that is not painted; the way there is shortened for who asks next.
fn free(next: &mut [usize], at: usize) -> usize {
    let mut end = at;
    while next[end] != end {
        end = next[end];
    }
    let mut step = at;
    while next[step] != end && step != end {
        step = std::mem::replace(&mut next[step], end);
    }
    end
}

/// Inside a panel that a strong single label opens, plain text opens no section of its own.
fn silence_inner(page: &Page, labels: &[Label<'_>], ids: &HashMap<&str, usize>, openers: &mut Vec<usize>) {
    // How many panels begin and end at each line.
    let mut edges = vec![0_i64; page.lines.len() + 1];
    for &i in openers.iter().filter(|&&i| labels[i].strong()) {
        for id in &page.lines[labels[i].line].targets {
            if let Some(&block) = ids.get(id.as_str()) {
                let lines = page.blocks[block].lines();
                edges[lines.start] += 1;
                edges[lines.end] -= 1;
            }
        }
    }
    let mut open = 0;
    let silent: Vec<bool> = edges
        .iter()
        .map(|edge| {
            open += edge;
            open > 0
        })
        .collect();
    openers.retain(|&i| {
        let line = &page.lines[labels[i].line];
        let marked = labels[i].numeral.is_some() || !line.targets.is_empty() || line.heading > 0;
        !silent[labels[i].line] || marked
    });
}

/// On a page that numbers one obligation alone, what stands below its number is that obligation's, whatever it is called: under
/// "Fracción XVI. Condiciones de trabajo" the line "Convenio 1" opens no section of agreements.
fn silence_below_the_only(labels: &[Label<'_>], openers: &mut Vec<usize>) {
    let numbered: Vec<&Label<'_>> = openers
        .iter()
        .map(|&i| &labels[i])
        .filter(|l| l.numeral.is_some() && l.strong())
        .collect();
    let Some(first) = numbered.first() else { return };
    let only = first.matches[0].obligation;
    if numbered.iter().any(|l| l.matches[0].obligation != only) {
        return;
    }
    let line = first.line;
    openers.retain(|&i| labels[i].line <= line || labels[i].numeral.is_some());
}

/// What ends the reach of a page's openers, looked up instead of searched: pages may have tens of thousands.
struct Surroundings {
    /// By opener, what it names: an index into `strangers`.
    class: Vec<usize>,
    /// By class, the lines of openers that name nothing of it, in order.
    strangers: Vec<Vec<usize>>,
    /// By rank from 1 to 7, the lines of headings of that rank or a higher one that are more than a period, in order.
    headings: [Vec<usize>; 8],
}

impl Surroundings {
    fn of(page: &Page, labels: &[Label<'_>], openers: &[usize]) -> Self {
        let mut numbers: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        let class: Vec<usize> = openers
            .iter()
            .map(|&i| {
                let named: Vec<usize> = labels[i].obligations().collect();
                let next = numbers.len();
                *numbers.entry(named).or_insert(next)
            })
            .collect();
        let mut classes: Vec<&[usize]> = vec![&[]; numbers.len()];
        for (named, &n) in &numbers {
            classes[n] = named;
        }
        let strangers = classes
            .iter()
            .map(|own| {
                let apart: Vec<bool> = classes
                    .iter()
                    .map(|other| !other.iter().any(|x| own.contains(x)))
                    .collect();
                let lines = openers.iter().zip(&class).filter(|(_, c)| apart[**c]);
                lines.map(|(&o, _)| labels[o].line).collect()
            })
            .collect();
        let mut headings: [Vec<usize>; 8] = Default::default();
        for (n, line) in page.lines.iter().enumerate() {
            if line.heading > 0 && !is_period(&line.text) {
                for ranked in headings.iter_mut().skip(usize::from(line.heading)) {
                    ranked.push(n);
                }
            }
        }
        Self {
            class,
            strangers,
            headings,
        }
    }

    /// The first line from `from` on that opens something else than an opener does.
    fn stranger(&self, opener: usize, from: usize) -> Option<usize> {
        first_from(&self.strangers[self.class[opener]], from)
    }
}

fn first_from(lines: &[usize], from: usize) -> Option<usize> {
    lines.get(lines.partition_point(|&n| n < from)).copied()
}

/// Lines that a label governs by its place: from it to the end of the largest element that holds no label of other
/// obligations; or the lines after it, until the next label or heading of its rank. `opener` is its number among the openers.
fn reach(page: &Page, line: usize, opener: usize, around: &Surroundings) -> (usize, usize) {
    let mut block = page.lines[line].block as usize;
    let mut largest = None;
    loop {
        let lines = page.blocks[block].lines();
        if around.stranger(opener, lines.start).is_some_and(|n| n < lines.end) {
            break;
        }
        largest = Some(block);
        match page.blocks[block].parent {
            Some(parent) => block = parent as usize,
            None => break,
        }
    }
    if let Some(largest) = largest {
        let end = page.blocks[largest].lines().end;
        if end > line + 1 {
            return (line, end);
        }
    }
    let limit = page.blocks[block].lines().end.max(line + 1);
    let rank = match page.lines[line].heading {
        0 => 7,
        h => usize::from(h).min(7),
    };
    let next_label = around.stranger(opener, line + 1).unwrap_or(limit);
    let next_heading = first_from(&around.headings[rank], line + 1).unwrap_or(limit);
    (line, limit.min(next_label).min(next_heading))
}

/// A link in a scope that opens a dialog paints that dialog.
fn open_dialogs(page: &Page, labels: &[Label<'_>], ids: &HashMap<&str, usize>, painted: &mut [Option<u32>]) {
    let opening: HashSet<usize> = labels.iter().filter(|l| l.opens).map(|l| l.line).collect();
    // What could not be painted stays so, and what was painted too: each pair is looked at once.
    let mut done: HashSet<(usize, u32)> = HashSet::new();
    for n in 0..page.lines.len() {
        let Some(label) = painted[n] else { continue };
        if opening.contains(&n) {
            continue;
        }
        for id in &page.lines[n].targets {
            let Some(&block) = ids.get(id.as_str()) else { continue };
            if !done.insert((block, label)) {
                continue;
            }
            let lines = page.blocks[block].lines();
            let empty = lines.clone().all(|m| painted[m].is_none() || painted[m] == Some(label));
            if empty {
                for slot in &mut painted[lines] {
                    *slot = Some(label);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// The short way paints as the long one: scope after scope.
        #[test]
        fn the_last_scope_that_holds_a_line_has_it(scopes in proptest::collection::vec((0usize..40, 0usize..45, 0usize..9), 0..30)) {
            let mut expected = vec![None; 40];
            for &(start, end, i) in &scopes {
                for slot in expected.iter_mut().take(end).skip(start) {
                    *slot = u32::try_from(i).ok();
                }
            }
            proptest::prop_assert_eq!(fill(40, &scopes), expected);
        }
    }
}
