//! Dates in digits with one sign between: `30/03/2019`, `31-3-19`, `30.03.2019`, `30-mar-19`, `2019-03-30`.

use jiff::civil::Date;

use super::{exact, year_of};
use crate::text::period::any_month;
use crate::text::token::{Token, touch};

/// The date that begins at a token, and the token after it.
pub(super) fn at(tokens: &[Token], here: usize) -> Option<(Date, usize)> {
    let [a, sign, b, other, c] = tokens.get(here..here + 5)? else {
        return None;
    };
    let between = sign.sign().filter(|s| matches!(s, '/' | '-' | '.'))?;
    if other.sign() != Some(between)
        || continues_before(tokens, here, between)
        || continues_after(tokens, here + 5, between)
    {
        return None;
    }
    let (first, last) = (a.digits()?, c.digits()?);
    let tight = [a, sign, b, other, c].windows(2).all(|pair| touch(&pair[0], &pair[1]));
    let date = if let Some(month) = b.word().and_then(any_month) {
        (first.len() <= 2 && (tight || last.len() == 4))
            .then(|| exact(year_of(last)?, month, first.parse().ok()?))
            .flatten()
    } else {
        let middle = b.digits().filter(|d| d.len() <= 2)?;
        match (first.len(), last.len()) {
            (4, 1..=2) if tight => exact(year_of(first)?, middle.parse().ok()?, last.parse().ok()?),
            (1..=2, 4) if tight || between != '.' => exact(year_of(last)?, middle.parse().ok()?, first.parse().ok()?),
            // 1.2.19 numbers a section.
            (1..=2, 2) if tight && between != '.' => exact(year_of(last)?, middle.parse().ok()?, first.parse().ok()?),
            _ => None,
        }
    }?;
    Some((date, here + 5))
}

/// Whether a date at a token is three pairs of digits with hyphens, as keys of accounts and budgets are ("04-04-01").
pub(super) fn may_be_code(tokens: &[Token], here: usize) -> bool {
    let pair = |n: usize| {
        tokens
            .get(here + n)
            .and_then(Token::digits)
            .is_some_and(|d| d.len() <= 2)
    };
    [0, 2, 4].into_iter().all(pair) && tokens.get(here + 1).and_then(Token::sign) == Some('-')
}

/// Whether the word or sign before a token says that a date follows.
pub(super) fn is_led(tokens: &[Token], here: usize) -> bool {
    const LEADS: [&str; 10] = [
        "fecha", "dia", "el", "al", "del", "a", "de", "desde", "hasta", "vigencia",
    ];
    here.checked_sub(1).is_some_and(|n| {
        tokens[n].word().is_some_and(|w| LEADS.contains(&w)) || matches!(tokens[n].sign(), Some(':' | '('))
    })
}

/// Whether the digits are the end of a longer code.
fn continues_before(tokens: &[Token], here: usize, between: char) -> bool {
    let Some(before) = here
        .checked_sub(1)
        .map(|n| &tokens[n])
        .filter(|t| touch(t, &tokens[here]))
    else {
        return false;
    };
    match before.sign() {
        None => true,
        Some(sign) if sign == between || sign == '.' => here
            .checked_sub(2)
            .is_some_and(|n| touch(&tokens[n], before) && tokens[n].sign().is_none()),
        Some(_) => false,
    }
}

/// Whether a longer code goes on after the digits.
fn continues_after(tokens: &[Token], next: usize, between: char) -> bool {
    let Some(after) = tokens.get(next).filter(|t| touch(&tokens[next - 1], t)) else {
        return false;
    };
    match (after.word(), after.sign()) {
        (Some(word), _) => word != "t",
        (_, Some(sign)) if sign == between => tokens
            .get(next + 1)
            .is_some_and(|t| t.digits().is_some() && touch(after, t)),
        _ => false,
    }
}
