//! Dates as Mexican documents print them. The day comes before the month, always; a date that does not exist is none; a year of two
//! digits up to 79 is of this century. Serial numbers of spreadsheets are no dates here: the cell's reader turns them.
//!
//! ```text
//! text ─► tokens ─► written (30/03/2019, 30-mar-19, 2019-03-30) · spoken (30 de marzo de dos mil diecinueve) ─► Date
//! ```

mod spoken;
mod words;
mod written;

use std::ops::Range;

use jiff::civil::Date;

use super::token::{Token, tokens};

/// Years that a document may speak of: since there is a Mexican state, until the end of this century.
const YEARS: std::ops::RangeInclusive<i16> = 1821..=2099;

/// Years that eight digits in a file name may mean.
const YEARS_OF_NAMES: std::ops::RangeInclusive<i16> = 1990..=2049;

/// The dates of a text with the bytes where each stands, in order.
#[must_use]
pub fn dates(text: &str) -> Vec<(Range<usize>, Date)> {
    let tokens = tokens(text);
    scan(&tokens)
        .into_iter()
        .map(|(range, date)| (bytes(&tokens, &range), date))
        .collect()
}

/// The date that a cell is, when the whole cell is one; a weekday before it and a time after it may stand there.
#[must_use]
pub fn parse_cell(cell: &str) -> Option<Date> {
    // Longer text is no cell of a date.
    if cell.len() > 120 {
        return None;
    }
    let tokens = tokens(cell);
    let skipped = tokens
        .iter()
        .take_while(|t| t.word().is_some_and(is_weekday) || t.sign() == Some(','))
        .count();
    let (date, end) = at(&tokens, skipped)?;
    tokens[end..].iter().all(is_of_time).then_some(date)
}

/// The dates of a file's name: as in text, with underscores between, and as eight digits (`30032019`, `20190330`).
#[must_use]
pub fn of_name(name: &str) -> Vec<(Range<usize>, Date)> {
    let name = name_parts(name);
    let tokens = tokens(&name);
    let mut out: Vec<_> = scan(&tokens)
        .into_iter()
        .map(|(range, date)| (bytes(&tokens, &range), date))
        .collect();
    for token in &tokens {
        if let Some(date) = token.digits().and_then(compact)
            && !out.iter().any(|(range, _)| range.contains(&token.range.start))
        {
            out.push((token.range.clone(), date));
        }
    }
    out.sort_by_key(|(range, _)| range.start);
    out
}

/// The stretches from one date to another of a text, with the bytes where each stands: "01/01/2019 al 31/03/2019", "del 1 de enero al
/// 31 de marzo de 2019", "del 1 al 31 de marzo de 2019".
#[must_use]
pub fn spans(text: &str) -> Vec<(Range<usize>, Date, Date)> {
    let tokens = tokens(text);
    let dates = scan(&tokens);
    let mut out = Vec::new();
    let mut n = 0;
    while let Some((range, date)) = dates.get(n) {
        let next = dates.get(n + 1);
        if let Some((end, until)) = next
            && date <= until
            && joined(&tokens[range.end..end.start])
        {
            out.push((bytes(&tokens, &(range.start..end.end)), *date, *until));
            n += 1;
        } else if let Some((start, since)) = spoken::start_before(&tokens[..range.start], *date)
            && since <= *date
        {
            out.push((bytes(&tokens, &(start..range.end)), since, *date));
        }
        n += 1;
    }
    out
}

/// A name whose underscores part words, and are hyphens between digits; as long as it was.
fn name_parts(name: &str) -> String {
    let bytes = name.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    name.char_indices()
        .map(|(at, c)| match c {
            '_' if digit(at.checked_sub(1)) && digit(Some(at + 1)) => '-',
            '_' => ' ',
            c => c,
        })
        .collect()
}

/// Dates among tokens, with the tokens that they take.
fn scan(tokens: &[Token]) -> Vec<(Range<usize>, Date)> {
    let mut out = Vec::new();
    let mut here = 0;
    while here < tokens.len() {
        let follows = |n: usize| {
            out.last()
                .is_some_and(|(before, _): &(Range<usize>, Date)| before.end == n)
        };
        if let Some((date, end)) = at(tokens, here)
            && (!written::may_be_code(tokens, here)
                || written::is_led(tokens, here)
                || here.checked_sub(1).is_some_and(follows)
                || (here, end) == (0, tokens.len()))
        {
            out.push((here..end, date));
            here = end;
        } else {
            here += 1;
        }
    }
    out
}

/// The date that begins at a token, and the token after it.
fn at(tokens: &[Token], here: usize) -> Option<(Date, usize)> {
    written::at(tokens, here).or_else(|| spoken::at(tokens, here))
}

fn bytes(tokens: &[Token], range: &Range<usize>) -> Range<usize> {
    tokens[range.start].range.start..tokens[range.end - 1].range.end
}

/// Whether what stands between two dates makes a stretch of them.
fn joined(between: &[Token]) -> bool {
    const JOINS: [&str; 3] = ["a", "al", "hasta"];
    const FILLS: [&str; 10] = [
        "el", "la", "dia", "fecha", "de", "del", "termino", "fin", "final", "periodo",
    ];
    let joins = |t: &Token| t.word().is_some_and(|w| JOINS.contains(&w)) || t.sign() == Some('-');
    let ends = |t: &Token| t.word().is_some_and(|w| matches!(w, "termino" | "fin" | "final"));
    between.len() <= 8
        && between.iter().any(|t| joins(t) || ends(t))
        && between.iter().all(|t| {
            joins(t) || t.word().is_some_and(|w| FILLS.contains(&w)) || matches!(t.sign(), Some(':' | '.' | '(' | ')'))
        })
}

/// A date of its parts, when it exists and a document may speak of it.
fn exact(year: i16, month: i8, day: i8) -> Option<Date> {
    YEARS
        .contains(&year)
        .then(|| Date::new(year, month, day).ok())
        .flatten()
}

/// The year that two or four digits are.
fn year_of(digits: &str) -> Option<i16> {
    let number: i16 = digits.parse().ok()?;
    match digits.len() {
        4 => Some(number),
        2 if number <= 79 => Some(2000 + number),
        2 => Some(1900 + number),
        _ => None,
    }
}

/// Eight digits, day first or year first.
fn compact(digits: &str) -> Option<Date> {
    if digits.len() != 8 {
        return None;
    }
    let part = |range: Range<usize>| digits[range].parse::<i16>().ok();
    let small = |range: Range<usize>| digits[range].parse::<i8>().ok();
    let day_first = exact(part(4..8)?, small(2..4)?, small(0..2)?);
    let year_first = exact(part(0..4)?, small(4..6)?, small(6..8)?);
    [day_first, year_first]
        .into_iter()
        .flatten()
        .find(|date| YEARS_OF_NAMES.contains(&date.year()))
}

fn is_weekday(word: &str) -> bool {
    matches!(
        word,
        "lunes" | "martes" | "miercoles" | "jueves" | "viernes" | "sabado" | "domingo"
    )
}

/// Whether a token may stand in a time of day.
fn is_of_time(token: &Token) -> bool {
    match (token.word(), token.digits(), token.sign()) {
        (Some(word), _, _) => matches!(
            word,
            "t" | "z" | "h" | "hr" | "hrs" | "hora" | "horas" | "am" | "pm" | "a" | "p" | "m" | "las" | "la"
        ),
        (_, Some(digits), _) => digits.len() <= 2 || digits.bytes().all(|b| b == b'0'),
        (_, _, sign) => matches!(sign, Some(':' | '.' | ',' | '-')),
    }
}

#[cfg(test)]
mod tests;
