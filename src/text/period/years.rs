//! Years beside the parts of periods: four digits, two digits, terms of administrations.

use super::{month, year};
use crate::text::token::{Token, touch};

/// The year that a token is, when it is no amount's.
pub(super) fn year_at(tokens: &[Token], here: usize) -> Option<u16> {
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
pub(super) fn term(tokens: &[Token], here: usize, first: u16) -> Option<usize> {
    let join = tokens.get(here + 1)?;
    let joins = matches!(join.sign(), Some('-' | '/')) || matches!(join.word(), Some("a" | "al"));
    let last = joins.then(|| year_at(tokens, here + 2)).flatten()?;
    (last >= first + 2).then_some(here + 3)
}

/// A year of two digits right after a part ("1er trim 18", "mar-19"), and the token after it.
pub(super) fn short_year(tokens: &[Token], next: usize, month_only: bool) -> (Option<u16>, usize) {
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
pub(super) fn leads_to_year(tokens: &[Token], next: usize) -> bool {
    let words = tokens.get(next..).unwrap_or_default().iter().take_while(|t| {
        matches!(
            t.word(),
            Some("de" | "del" | "el" | "ano" | "ejercicio" | "fiscal" | "periodo")
        )
    });
    let count = words.count();
    count > 0 && year_at(tokens, next + count).is_some()
}
