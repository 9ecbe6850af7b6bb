//! What a text says of periods, piece by piece, and which year goes with which part.

use std::ops::Range;

use super::{Part, Period, any_month, month, months_of, of_dates, year};
use crate::text::date;
use crate::text::token::{Token, tokens, touch};

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

// ---- years --------------------------------------------------------------------------------------------------------------------

/// The year that a token is, when it is no amount's.
fn year_at(tokens: &[Token], here: usize) -> Option<u16> {
    let token = tokens.get(here)?;
    let value = token.digits().and_then(year)?;
    let before = here.checked_sub(1).map(|n| &tokens[n]).filter(|t| touch(t, token));
    let after = tokens.get(here + 1).filter(|t| touch(token, t));
    let money = before.is_some_and(|t| matches!(t.sign(), Some('$')));
    let goes_on = |sign: &Token, digits: Option<&Token>| {
        matches!(sign.sign(), Some('.' | ',')) && digits.is_some_and(|d| d.digits().is_some_and(|d| d.len() != 4))
    };
    let fraction = after.is_some_and(|sign| goes_on(sign, tokens.get(here + 2).filter(|d| touch(sign, d))))
        || before.is_some_and(|sign| goes_on(sign, here.checked_sub(2).map(|n| &tokens[n]).filter(|d| touch(d, sign))));
    (!money && !fraction).then_some(value)
}

/// The token after a term of years ("2018-2021", "2018 a 2021"), which is an administration's and no period.
fn term(tokens: &[Token], here: usize, first: u16) -> Option<usize> {
    let join = tokens.get(here + 1)?;
    let joins = matches!(join.sign(), Some('-' | '/')) || matches!(join.word(), Some("a" | "al"));
    let last = joins.then(|| year_at(tokens, here + 2)).flatten()?;
    (last >= first + 2).then_some(here + 3)
}

/// A year of two digits right after a part ("1er trim 18", "mar-19"), and the token after it.
fn short_year(tokens: &[Token], next: usize, month_only: bool) -> (Option<u16>, usize) {
    let sign = tokens
        .get(next)
        .is_some_and(|t| matches!(t.sign(), Some('-' | '/' | '\'' | '’' | '_' | '.')));
    let place = next + usize::from(sign);
    let Some(token) = tokens.get(place) else {
        return (None, next);
    };
    let tight = touch(&tokens[place - 1], token) && touch(&tokens[next - 1], &tokens[next]);
    let value = token
        .digits()
        .filter(|d| d.len() == 2)
        .and_then(|d| d.parse::<u16>().ok())
        .filter(|y| (10..=79).contains(y));
    let followed =
        tokens.get(place + 1..).unwrap_or_default().iter().take(3).any(|t| {
            t.digits().and_then(year).is_some() || t.word().is_some_and(|w| month(w).is_some() || w == "dias")
        }) || tokens
            .get(place + 1)
            .is_some_and(|t| touch(token, t) && t.word().is_some());
    match value {
        Some(y) if !followed && (tight || !month_only && !sign) => (Some(2000 + y), place + 1),
        _ => (None, next),
    }
}

/// Whether only words that lead on stand between a part and a year.
fn leads_to_year(tokens: &[Token], next: usize) -> bool {
    let words = tokens.get(next..).unwrap_or_default().iter().take_while(|t| {
        matches!(
            t.word(),
            Some("de" | "del" | "el" | "ano" | "ejercicio" | "fiscal" | "periodo")
        )
    });
    let count = words.count();
    count > 0 && year_at(tokens, next + count).is_some()
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

// ---- quarters and the like ----------------------------------------------------------------------------------------------------

/// Months of the part that a word names: trimestre 3, semestre 6…
fn unit(word: &str) -> Option<u8> {
    match word {
        "trimestre" | "trimestres" | "trim" | "trimestral" | "trimestrales" => Some(3),
        "semestre" | "semestres" | "sem" | "semestral" => Some(6),
        "bimestre" | "bimestres" | "bim" | "bimestral" => Some(2),
        "cuatrimestre" | "cuatrimestres" | "cuatrim" | "cuatrimestral" => Some(4),
        _ => None,
    }
}

/// What may follow the digit of an ordinal.
const ENDINGS: [&str; 10] = ["ero", "era", "er", "ro", "ra", "do", "da", "to", "ta", "o"];

fn part(months: u8, number: u8) -> Option<Part> {
    Part::ending(months, number.checked_mul(months)?)
}

/// Parts that begin at a token: "1er trimestre", "1ERTRIMESTRE", "1er y 2do trimestre", "trimestre 4", "T1", "4T".
fn unit_parts(tokens: &[Token], here: usize) -> Option<(Vec<Part>, usize)> {
    if let Some((months, next)) = unit_after(tokens, here) {
        // "Trimestre: 4", "TRIM. IV"; the words of an ordinal before it are read from there.
        let signs = tokens[next..]
            .iter()
            .take_while(|t| matches!(t.sign(), Some(':' | '.' | '-' | '_' | '#')))
            .count();
        let (number, end) = ordinal(tokens, next + signs)?;
        return part(months, number).map(|p| (vec![p], end));
    }
    if let Some(found) = letter_t(tokens, here) {
        return Some(found);
    }
    let mut numbers = Vec::new();
    let mut next = here;
    let mut range = false;
    loop {
        let (number, after) = ordinal(tokens, next)?;
        match numbers.last() {
            Some(&from) if range && from < number => numbers.extend(from + 1..=number),
            _ => numbers.push(number),
        }
        if let Some((months, end)) = unit_after(tokens, after) {
            let parts: Vec<Part> = numbers.iter().filter_map(|n| part(months, *n)).collect();
            return (parts.len() == numbers.len()).then_some((parts, end));
        }
        let join = tokens.get(after)?;
        range = matches!(join.word(), Some("a" | "al")) || join.sign() == Some('-');
        if !range && !matches!(join.word(), Some("y" | "e")) && !matches!(join.sign(), Some(',' | '/'))
            || numbers.len() > 6
        {
            return None;
        }
        next = after + 1;
        if matches!(tokens.get(next).and_then(Token::word), Some("y" | "el")) {
            next += 1;
        }
    }
}

/// "T1" and "4T", with nothing between.
fn letter_t(tokens: &[Token], here: usize) -> Option<(Vec<Part>, usize)> {
    let (a, b) = (tokens.get(here)?, tokens.get(here + 1)?);
    let alone = |n: usize, a: usize| {
        tokens
            .get(n)
            .is_none_or(|t| !(touch(&tokens[a], t) && t.word().is_some()))
    };
    let inside = here
        .checked_sub(1)
        .is_some_and(|n| touch(&tokens[n], a) && tokens[n].sign().is_none() && year_at(tokens, n).is_none());
    let digit = match (a.word(), b.word()) {
        (Some("t"), _) if alone(here + 2, here + 1) => b.digits(),
        (_, Some("t")) => a.digits(),
        _ => None,
    }?;
    let number = (digit.len() == 1 && touch(a, b) && !inside)
        .then(|| digit.parse().ok())
        .flatten()?;
    Some((vec![part(3, number)?], here + 2))
}

/// A unit at a token, and the token after it; the ending of an ordinal may be glued before it ("1 ertrimestre").
fn unit_after(tokens: &[Token], here: usize) -> Option<(u8, usize)> {
    let word = tokens.get(here)?.word()?;
    let glued = || {
        ENDINGS
            .iter()
            .find_map(|ending| word.strip_prefix(ending).and_then(unit))
            .filter(|_| here > 0 && tokens[here - 1].digits().is_some() && touch(&tokens[here - 1], &tokens[here]))
    };
    unit(word).or_else(glued).map(|months| (months, here + 1))
}

/// An ordinal 1–6 at a token ("1er.", "2º", "primer", "III", "4"), and the token after it.
fn ordinal(tokens: &[Token], here: usize) -> Option<(u8, usize)> {
    let token = tokens.get(here)?;
    let mut next = here + 1;
    let number = match token.digits() {
        Some(digits) if digits.len() <= 2 => {
            let tight = tokens.get(next).filter(|t| touch(token, t));
            let ending = tight.is_some_and(|t| {
                t.word().is_some_and(|w| ENDINGS.contains(&w) || w == "a") || matches!(t.sign(), Some('º' | '°' | 'ª'))
            });
            next += usize::from(ending);
            digits.parse().ok()?
        }
        Some(_) => return None,
        None => ordinal_word(token.word()?)?,
    };
    next += usize::from(tokens.get(next).is_some_and(|t| t.sign() == Some('.')));
    (1..=6).contains(&number).then_some((number, next))
}

fn ordinal_word(word: &str) -> Option<u8> {
    Some(match word {
        "primer" | "primero" | "primera" | "i" => 1,
        "segundo" | "segunda" | "ii" => 2,
        "tercer" | "tercero" | "tercera" | "iii" => 3,
        "cuarto" | "cuarta" | "iv" => 4,
        "quinto" | "quinta" | "v" => 5,
        "sexto" | "sexta" | "vi" => 6,
        _ => return None,
    })
}

// ---- months -------------------------------------------------------------------------------------------------------------------

/// Months that begin at a token: one, a stretch ("enero-marzo", "ene-mar", "julio a septiembre") or a list. Those that make a part of
/// the year are that part. An abbreviation counts beside another month or a year only.
fn month_parts(tokens: &[Token], here: usize) -> Option<(Vec<Part>, usize)> {
    let number = |n: usize| {
        tokens
            .get(n)
            .and_then(Token::word)
            .and_then(any_month)
            .and_then(|m| u8::try_from(m).ok())
    };
    let first = number(here)?;
    let mut last = first;
    let mut next = here + 1;
    loop {
        let dots = usize::from(tokens.get(next).is_some_and(|t| t.sign() == Some('.')));
        let joins = tokens.get(next + dots).filter(|t| {
            matches!(t.sign(), Some('-' | '/' | ',' | '_'))
                || matches!(t.word(), Some("a" | "al" | "y" | "e" | "hasta"))
        });
        let place = next + dots + usize::from(joins.is_some());
        let range =
            joins.is_some_and(|t| matches!(t.sign(), Some('-')) || matches!(t.word(), Some("a" | "al" | "hasta")));
        match number(place) {
            Some(m) if m == last + 1 || range && m > last => {
                last = m;
                next = place + 1;
            }
            _ => break,
        }
    }
    let short = tokens[here].word().is_some_and(|w| month(w).is_none());
    if short && next == here + 1 && !year_beside(tokens, next) {
        return None;
    }
    let whole = Part::ending(last - first + 1, last);
    Some((
        whole.map_or_else(|| (first..=last).map(Part::Month).collect(), |p| vec![p]),
        next,
    ))
}

/// Whether a year of two or four digits comes right after an abbreviated month.
fn year_beside(tokens: &[Token], next: usize) -> bool {
    let dots = usize::from(tokens.get(next).is_some_and(|t| t.sign() == Some('.')));
    let lead = tokens
        .get(next + dots)
        .is_some_and(|t| matches!(t.sign(), Some('-' | '/' | '_')) || matches!(t.word(), Some("de" | "del")));
    let place = next + dots + usize::from(lead);
    year_at(tokens, place).is_some() || short_year(tokens, next, true).0.is_some()
}
