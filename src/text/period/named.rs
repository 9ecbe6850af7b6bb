//! Parts of a year by their names: quarters and the like with their ordinals, months alone and in stretches.

use super::years::{short_year, year_at};
use super::{Part, any_month, month};
use crate::text::token::{Token, touch};

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
pub(super) fn unit_parts(tokens: &[Token], here: usize) -> Option<(Vec<Part>, usize)> {
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
        let sign = tokens
            .get(after)
            .is_some_and(|t| matches!(t.sign(), Some('_' | '-' | '.')));
        if let Some((months, end)) = unit_after(tokens, after + usize::from(sign)) {
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

/// Months that begin at a token: one, a stretch ("enero-marzo", "ene-mar", "julio a septiembre") or a list. Those that make a part of
/// the year are that part. An abbreviation counts beside another month or a year only.
pub(super) fn month_parts(tokens: &[Token], here: usize) -> Option<(Vec<Part>, usize)> {
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
        let range = joins
            .is_some_and(|t| matches!(t.sign(), Some('-' | '_')) || matches!(t.word(), Some("a" | "al" | "hasta")));
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
