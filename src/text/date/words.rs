//! Numbers in Spanish words, as far as dates need them.

use crate::text::token::Token;

const UNITS: [&str; 9] = [
    "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve",
];

const TEENS: [&str; 10] = [
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciseis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
];

const TENS: [&str; 10] = [
    "",
    "diez",
    "veinte",
    "treinta",
    "cuarenta",
    "cincuenta",
    "sesenta",
    "setenta",
    "ochenta",
    "noventa",
];

fn position(words: &[&str], word: &str) -> Option<i16> {
    words
        .iter()
        .position(|w| *w == word)
        .and_then(|n| i16::try_from(n).ok())
}

/// The number 1–99 whose words begin at a token, and the token after them: "primero", "diez y seis", "veintitrés", "treinta y uno".
pub(super) fn number(tokens: &[Token], here: usize) -> Option<(i16, usize)> {
    let word = |n: usize| tokens.get(n).and_then(Token::word);
    let first = word(here)?;
    if let Some(tens) = position(&TENS, first).filter(|n| *n > 0) {
        let unit = (word(here + 1) == Some("y")).then(|| word(here + 2)).flatten();
        return match unit.and_then(|u| unit_of(u)) {
            Some(unit) => Some((tens * 10 + unit, here + 3)),
            None => Some((tens * 10, here + 1)),
        };
    }
    let alone = match first {
        "primero" | "primer" => 1,
        _ => unit_of(first)
            .or_else(|| position(&TEENS, first).map(|n| n + 10))
            .or_else(|| first.strip_prefix("veinti").and_then(unit_of).map(|n| n + 20))?,
    };
    Some((alone, here + 1))
}

fn unit_of(word: &str) -> Option<i16> {
    match word {
        "un" => Some(1),
        _ => position(&UNITS, word).map(|n| n + 1),
    }
}

/// The year whose words begin at a token, and the token after them: "dos mil", "dos mil diecinueve", "mil novecientos noventa y ocho".
pub(super) fn year(tokens: &[Token], here: usize) -> Option<(i16, usize)> {
    let word = |n: usize| tokens.get(n).and_then(Token::word);
    let (century, rest) = match (word(here)?, word(here + 1)?) {
        ("dos", "mil") => (2000, here + 2),
        ("mil", "novecientos") => (1900, here + 2),
        _ => return None,
    };
    Some(match number(tokens, rest) {
        Some((more, end)) => (century + more, end),
        None => (century, rest),
    })
}
