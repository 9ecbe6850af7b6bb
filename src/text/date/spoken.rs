//! Dates in words: "30 de marzo del 2019", "a los treinta días del mes de marzo de dos mil diecinueve", "Marzo 30, 2019".

use jiff::civil::Date;

use super::{exact, words, year_of};
use crate::text::period::{any_month, month};
use crate::text::token::{Token, touch};

/// The date that begins at a token, and the token after it.
pub(super) fn at(tokens: &[Token], here: usize) -> Option<(Date, usize)> {
    day_first(tokens, here).or_else(|| month_first(tokens, here))
}

fn day_first(tokens: &[Token], here: usize) -> Option<(Date, usize)> {
    let (day, after) = day(tokens, here)?;
    let (month, short, after) = month_after(tokens, after)?;
    let (year, end) = year_after(tokens, after, short)?;
    Some((exact(year, month, day)?, end))
}

/// "Marzo 30, 2019", "marzo 30 de 2019".
fn month_first(tokens: &[Token], here: usize) -> Option<(Date, usize)> {
    let month = tokens.get(here)?.word().and_then(any_month)?;
    let after = skip(tokens, here + 1, |t| t.sign() == Some('.'), 1);
    let day: i8 = tokens.get(after)?.digits().filter(|d| d.len() <= 2)?.parse().ok()?;
    let after = skip(
        tokens,
        after + 1,
        |t| t.sign() == Some(',') || is(t, &["de", "del", "ano"]),
        3,
    );
    let year = tokens.get(after)?.digits().filter(|d| d.len() == 4).and_then(year_of)?;
    Some((exact(year, month, day)?, after + 1))
}

/// The start of a stretch that ends at a date: what stands before "al 31 de marzo de 2019" says "1 de enero" or "1" and takes month and
/// year from the end.
pub(super) fn start_before(before: &[Token], end: Date) -> Option<(usize, Date)> {
    let joins = before.iter().rev().take_while(|t| is(t, &["el", "dia"])).count();
    let join = before.len().checked_sub(joins + 1)?;
    if !is(&before[join], &["a", "al", "hasta"]) && before[join].sign() != Some('-') {
        return None;
    }
    // The longest beginning that reads up to the joining word: day and month, or the day alone.
    (join.saturating_sub(6)..join).find_map(|start| {
        let (day, after) = day(before, start)?;
        let (month, after) = match month_after(before, after) {
            Some((month, _, after)) => (month, after),
            None => (end.month(), after),
        };
        (after == join)
            .then(|| exact(end.year(), month, day))
            .flatten()
            .map(|date| (start, date))
    })
}

/// A day of the month in digits or words, with what may follow it: a mark of ordinals, the same in words in brackets, "días".
fn day(tokens: &[Token], here: usize) -> Option<(i8, usize)> {
    let (day, mut after) = match tokens.get(here)?.digits() {
        Some(digits) if digits.len() <= 2 && !fraction_before(tokens, here) => (digits.parse().ok()?, here + 1),
        Some(_) => return None,
        None => words::number(tokens, here)?,
    };
    let day = i8::try_from(day).ok().filter(|d| (1..=31).contains(d))?;
    after = skip(
        tokens,
        after,
        |t| matches!(t.sign(), Some('º' | '°' | 'ª')) || is(t, &["o", "er", "ro", "ero"]),
        2,
    );
    if tokens.get(after).and_then(Token::sign) == Some('(') {
        let close = (after + 1..tokens.len().min(after + 6)).find(|n| tokens[*n].sign() == Some(')'))?;
        after = close + 1;
    }
    Some((day, skip(tokens, after, |t| is(t, &["dia", "dias"]), 1)))
}

/// Whether a number is the end of another: "1.30", "2,5".
fn fraction_before(tokens: &[Token], here: usize) -> bool {
    here.checked_sub(2).is_some_and(|n| {
        matches!(tokens[n + 1].sign(), Some('.' | ','))
            && tokens[n].digits().is_some()
            && touch(&tokens[n], &tokens[n + 1])
            && touch(&tokens[n + 1], &tokens[here])
    })
}

/// The month after a day, whether it is abbreviated, and the token after it.
fn month_after(tokens: &[Token], here: usize) -> Option<(i8, bool, usize)> {
    let here = skip(
        tokens,
        here,
        |t| is(t, &["de", "del", "mes"]) || matches!(t.sign(), Some('-' | '/' | '.')),
        3,
    );
    let word = tokens.get(here)?.word()?;
    let number = any_month(word)?;
    let short = month(word).is_none();
    let dot = |t: &Token| short && t.sign() == Some('.');
    Some((number, short, skip(tokens, here + 1, dot, 1)))
}

/// The year after a month, and the token after it. Two digits are one only after an abbreviated month.
fn year_after(tokens: &[Token], here: usize, short: bool) -> Option<(i16, usize)> {
    let here = skip(
        tokens,
        here,
        |t| is(t, &["de", "del", "el", "ano"]) || matches!(t.sign(), Some(',' | '.' | '-' | '/')),
        4,
    );
    match tokens.get(here)?.digits() {
        Some(digits) => (digits.len() == 4 || short && digits.len() == 2)
            .then(|| year_of(digits))
            .flatten()
            .map(|year| (year, here + 1)),
        None => words::year(tokens, here),
    }
}

fn is(token: &Token, words: &[&str]) -> bool {
    token.word().is_some_and(|w| words.contains(&w))
}

/// The token after at most `most` that pass.
fn skip(tokens: &[Token], here: usize, pass: impl Fn(&Token) -> bool, most: usize) -> usize {
    let rest = tokens.get(here..).unwrap_or_default();
    here + rest.iter().take(most).take_while(|t| pass(t)).count()
}
