//! What a text says of periods, piece by piece, and which year goes with which part.

use std::ops::Range;

use super::named::{month_parts, unit_parts};
use super::years::{leads_to_year, short_year, term, year_at};
use super::{Part, Period, months_of, of_dates};
use crate::text::date;
use crate::text::token::{Token, tokens};

/// One thing that a text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    /// Parts of a year, and whether words ("de", "del ejercicio") lead from them to the year after.
    Parts(Vec<Part>, bool),
    /// A year.
    Year(u16),
    /// Periods in full, of dates.
    Periods(Vec<Period>),
}

impl Item {
    /// The parts of a year that it names.
    pub(super) fn into_parts(self) -> Vec<Part> {
        match self {
            Self::Parts(parts, _) => parts,
            Self::Year(_) => Vec::new(),
            Self::Periods(periods) => periods.into_iter().map(|p| p.part).collect(),
        }
    }
}

/// All that a text says, in its order.
pub(super) fn items(text: &str) -> Vec<Item> {
    let tokens = tokens(text);
    // Most labels have no digit: they hold no date.
    let may_be_dated = tokens.iter().any(|t| t.digits().is_some() || t.word() == Some("mil"));
    let dated = if may_be_dated { of_dated(text) } else { Vec::new() };
    let mut dated = dated.into_iter().peekable();
    let mut out = Vec::new();
    let mut here = 0;
    while here < tokens.len() {
        if let Some((range, periods)) = dated.next_if(|(range, _)| range.start <= tokens[here].range.start) {
            out.push(Item::Periods(periods));
            here += tokens[here..].iter().take_while(|t| t.range.start < range.end).count();
            continue;
        }
        let until = dated.peek().map_or(text.len(), |(range, _)| range.start);
        let open = here + tokens[here..].iter().take_while(|t| t.range.start < until).count();
        let (item, next) = at(&tokens[..open], here);
        out.extend(item);
        here = next.max(here + 1);
    }
    out
}

/// Stretches of dates and single dates, with the periods that they stand for.
fn of_dated(text: &str) -> Vec<(Range<usize>, Vec<Period>)> {
    let spans = date::spans(text);
    let mut out: Vec<(Range<usize>, Vec<Period>)> = date::dates(text)
        .into_iter()
        .filter(|(range, _)| {
            !spans
                .iter()
                .any(|(span, _, _)| span.start <= range.start && range.end <= span.end)
        })
        .map(|(range, day)| (range, Period::around(day, 1).into_iter().collect()))
        .collect();
    for (range, start, end) in spans {
        let periods = match (of_dates(start, end), months_of(start, end)) {
            (Some(period), _) => vec![period],
            (None, Some((first, last))) if last - first < 12 => (first..=last).filter_map(month_of).collect(),
            // The term of an administration is longer.
            _ if start.year() + 1 >= end.year() => Period::around(end, 1).into_iter().collect(),
            _ => Vec::new(),
        };
        out.push((range, periods));
    }
    out.sort_by_key(|(range, _)| range.start);
    out
}

/// The month that is so many months after the year 0.
fn month_of(count: i32) -> Option<Period> {
    Some(Period::of_month(
        u16::try_from(count / 12).ok()?,
        u8::try_from(count % 12 + 1).ok()?,
    ))
}

/// What begins at a token, and the token after it.
fn at(tokens: &[Token], here: usize) -> (Option<Item>, usize) {
    if let Some((parts, next)) = unit_parts(tokens, here).or_else(|| month_parts(tokens, here)) {
        let (year, after) = short_year(tokens, next, parts.len() == 1 && matches!(parts[0], Part::Month(_)));
        return match year {
            Some(year) => (
                Some(Item::Periods(
                    parts.into_iter().map(|part| Period { year, part }).collect(),
                )),
                after,
            ),
            None => (Some(Item::Parts(parts, leads_to_year(tokens, next))), next),
        };
    }
    match year_at(tokens, here) {
        Some(first) => match term(tokens, here, first) {
            Some(next) => (None, next),
            None => (Some(Item::Year(first)), here + 1),
        },
        None => (None, here + 1),
    }
}

/// Gives each part its year: the one that words lead to; else, where years come first, the one before; else the one after; else any;
/// else the context's.
pub(super) fn with_years(items: &[Item], context: Option<u16>) -> Vec<Period> {
    let year_of = |item: &Item| match item {
        Item::Year(year) => Some(*year),
        _ => None,
    };
    let mut said = items.iter().filter(|i| !matches!(i, Item::Periods(_)));
    let years_first = matches!(said.next(), Some(Item::Year(_))) && matches!(said.next_back(), Some(Item::Parts(..)));
    let mut out: Vec<Period> = Vec::new();
    let mut used: Vec<u16> = Vec::new();
    for (n, item) in items.iter().enumerate() {
        match item {
            Item::Periods(periods) => out.extend(periods),
            Item::Year(year) => out.push(Period {
                year: *year,
                part: Part::Year,
            }),
            Item::Parts(parts, leads) => {
                let before = items[..n].iter().rev().find_map(year_of);
                let after = items[n + 1..].iter().find_map(year_of);
                let year = if years_first && !leads {
                    before.or(after)
                } else {
                    after.or(before)
                };
                if let Some(year) = year.or(context) {
                    used.push(year);
                    out.extend(parts.iter().map(|part| Period { year, part: *part }));
                }
            }
        }
    }
    // A year that only dates its parts is no period of its own.
    let dated = |year: u16| {
        items
            .iter()
            .any(|i| matches!(i, Item::Periods(p) if p.iter().any(|p| p.year == year)))
    };
    out.retain(|p| p.part != Part::Year || !(used.contains(&p.year) || dated(p.year)) || named_whole(items, *p));
    let mut seen = Vec::new();
    out.retain(|p| {
        !seen.contains(p) && {
            seen.push(*p);
            true
        }
    });
    out
}

/// Whether a whole year is said as a stretch ("enero-diciembre", "01/01/2019 al 31/12/2019").
fn named_whole(items: &[Item], period: Period) -> bool {
    items.iter().any(|item| match item {
        Item::Parts(parts, _) => parts.contains(&Part::Year),
        Item::Periods(periods) => periods.contains(&period),
        Item::Year(_) => false,
    })
}
