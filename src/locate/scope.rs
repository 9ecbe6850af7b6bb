//! Scope: a label governs what it contains, opens or precedes.

use crate::model::Page;

use super::content::is_period;
use super::label::Label;

/// For each line of the page, the label (index into the page's labels) whose scope it is in.
#[must_use]
pub fn paint(page: &Page, labels: &[Label<'_>]) -> Vec<Option<u32>> {
    let mut openers: Vec<usize> = (0..labels.len())
        .filter(|&i| labels[i].opens && !labels[i].matches.is_empty())
        .collect();
    silence_inner(page, labels, &mut openers);
    silence_below_the_only(labels, &mut openers);
    let mut scopes: Vec<(usize, usize, usize)> = Vec::new();
    for &i in &openers {
        let line = labels[i].line;
        for id in &page.lines[line].targets {
            if let Some(block) = page.blocks.iter().find(|b| b.id.as_deref() == Some(id)) {
                scopes.push((block.lines().start, block.lines().end, i));
            }
        }
        let (start, end) = reach(page, labels, &openers, i);
        scopes.push((start, end, i));
    }
    scopes.sort_by_key(|&(start, end, i)| (std::cmp::Reverse(end.saturating_sub(start)), i));
    let mut painted = vec![None; page.lines.len()];
    for (start, end, i) in scopes {
        for slot in painted.iter_mut().take(end).skip(start) {
            *slot = u32::try_from(i).ok();
        }
    }
    open_dialogs(page, labels, &mut painted);
    painted
}

/// Inside a panel that a strong single label opens, plain text opens no section of its own.
fn silence_inner(page: &Page, labels: &[Label<'_>], openers: &mut Vec<usize>) {
    let mut silent = vec![false; page.lines.len()];
    for &i in openers.iter() {
        if !labels[i].strong() {
            continue;
        }
        for id in &page.lines[labels[i].line].targets {
            if let Some(block) = page.blocks.iter().find(|b| b.id.as_deref() == Some(id)) {
                for slot in &mut silent[block.lines()] {
                    *slot = true;
                }
            }
        }
    }
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

/// Lines that a label governs by its place: from it to the end of the largest element that holds no label of other
/// obligations; or the lines after it, until the next label or heading of its rank.
fn reach(page: &Page, labels: &[Label<'_>], openers: &[usize], i: usize) -> (usize, usize) {
    let line = labels[i].line;
    let own: Vec<usize> = labels[i].obligations().collect();
    let stranger = |from: usize, to: usize| {
        let first = openers.partition_point(|&o| labels[o].line < from);
        openers[first..]
            .iter()
            .take_while(|&&o| labels[o].line < to)
            .any(|&o| o != i && !labels[o].obligations().any(|x| own.contains(&x)))
    };
    let mut block = page.lines[line].block as usize;
    let mut largest = None;
    loop {
        let lines = page.blocks[block].lines();
        if stranger(lines.start, lines.end) {
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
        h => h,
    };
    let next_label = openers[openers.partition_point(|&o| labels[o].line <= line)..]
        .iter()
        .find(|&&o| !labels[o].obligations().any(|x| own.contains(&x)))
        .map_or(limit, |&o| labels[o].line);
    let next_heading = (line + 1..limit)
        .find(|&n| page.lines[n].heading > 0 && rank >= page.lines[n].heading && !is_period(&page.lines[n].text))
        .unwrap_or(limit);
    (line, limit.min(next_label).min(next_heading))
}

/// A link in a scope that opens a dialog paints that dialog.
fn open_dialogs(page: &Page, labels: &[Label<'_>], painted: &mut [Option<u32>]) {
    for n in 0..page.lines.len() {
        let Some(label) = painted[n] else { continue };
        if labels.iter().any(|l| l.line == n && l.opens) {
            continue;
        }
        for id in &page.lines[n].targets {
            let Some(block) = page.blocks.iter().find(|b| b.id.as_deref() == Some(id)) else {
                continue;
            };
            let empty = block.lines().all(|m| painted[m].is_none() || painted[m] == Some(label));
            if empty {
                for slot in &mut painted[block.lines()] {
                    *slot = Some(label);
                }
            }
        }
    }
}
