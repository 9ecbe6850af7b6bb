//! Keys of letters and digits: CURP, RFC of natural persons, voter key.

use std::ops::Range;

use super::{Kind, Place, date_exists};

/// States and *nacido en el extranjero* as the CURP writes them (RENAPO).
const STATES: [&str; 33] = [
    "AS", "BC", "BS", "CC", "CL", "CM", "CS", "CH", "DF", "DG", "GT", "GR", "HG", "JC", "MC", "MN", "MS", "NT", "NL",
    "OC", "PL", "QT", "QR", "SP", "SL", "SR", "TC", "TS", "TL", "VZ", "YN", "ZS", "NE",
];

/// RFCs that stand for the public at large and for foreigners (SAT): nobody's.
const GENERIC: [&str; 2] = ["XAXX010101000", "XEXX010101000"];

/// The key whose first digit stands at `start`.
pub(super) fn at(place: &Place<'_>, start: usize) -> Option<(Kind, Range<usize>)> {
    // Each has six digits of a date, be it with a separator before.
    if !place
        .text
        .as_bytes()
        .get(start..start + 6)?
        .iter()
        .all(u8::is_ascii_digit)
    {
        return None;
    }
    let (from, letters) = letters_before(place, start)?;
    let rest = &place.text[from..];
    match letters {
        4 => curp(place, from)
            .map(|end| (Kind::Curp, end))
            .or_else(|| rfc(place, from).map(|end| (Kind::Rfc, end))),
        6 => voter_key(rest).map(|end| (Kind::VoterKey, end)),
        _ => None,
    }
    .map(|(kind, length)| (kind, from..from + length))
}

/// Start and count of the letters before the digits, with at most one space or hyphen between; `None` if a word goes on before.
fn letters_before(place: &Place<'_>, start: usize) -> Option<(usize, usize)> {
    let floor = after_escape(place.text, place.floor(), start);
    let before = &place.text[floor..start];
    let before = before.strip_suffix([' ', '-']).unwrap_or(before);
    let mut from = before.len();
    let mut count = 0;
    for (at, c) in before.char_indices().rev() {
        match c {
            'A'..='Z' | 'a'..='z' | 'Ñ' | 'ñ' | '&' if count < 6 => {
                from = at;
                count += 1;
            }
            c if c.is_alphanumeric() => return None,
            _ => break,
        }
    }
    Some((floor + from, count))
}

/// Where a word may begin in an address: after the last `%20` or other escape shortly before a place, else at `floor`.
fn after_escape(text: &str, floor: usize, start: usize) -> usize {
    /// Six letters, a separator and an escape.
    const BACK: usize = 10;
    let bytes = text.as_bytes();
    let from = floor.max(start.saturating_sub(BACK));
    let escape = |at: &usize| bytes[*at] == b'%' && bytes[at + 1..at + 3].iter().all(u8::is_ascii_hexdigit);
    (from..start.saturating_sub(2))
        .rev()
        .find(escape)
        .map_or(floor, |at| at + 3)
}

/// A key as written: its characters in upper case, and how it was put.
struct Key {
    chars: Vec<char>,
    /// Bytes from the start of the text that it was read from.
    length: usize,
    /// Whether spaces part it.
    spaced: bool,
}

impl Key {
    fn text(&self, range: Range<usize>) -> String {
        self.chars[range].iter().collect()
    }
}

/// Reads groups of these sizes with at most one space or hyphen between; letters all of one case; ends where a word ends.
fn groups(text: &str, sizes: &[usize]) -> Option<Key> {
    let mut chars = text.char_indices().peekable();
    let mut key = Vec::with_capacity(18);
    let mut spaced = false;
    for (n, size) in sizes.iter().enumerate() {
        if n > 0
            && let Some((_, c @ (' ' | '-'))) = chars.peek()
        {
            spaced |= *c == ' ';
            chars.next();
        }
        for _ in 0..*size {
            let (_, c) = chars.next()?;
            key.push(matches!(c, 'A'..='Z' | 'a'..='z' | '0'..='9' | 'Ñ' | 'ñ' | '&').then_some(c)?);
        }
    }
    let length = match chars.next() {
        Some((_, c)) if c.is_alphanumeric() => return None,
        Some((at, _)) => at,
        None => text.len(),
    };
    if key.iter().any(|c| c.is_lowercase()) && key.iter().any(|c| c.is_uppercase()) {
        return None;
    }
    Some(Key {
        chars: key.iter().flat_map(|c| c.to_uppercase()).collect(),
        length,
        spaced,
    })
}

/// Length in bytes of the CURP at `from`. One that was copied with a wrong digit still tells who it is: beside its name or others
/// its shape is enough.
fn curp(place: &Place<'_>, from: usize) -> Option<usize> {
    let key = groups(&place.text[from..], &[4, 6, 6, 2])?;
    let c = &key.chars;
    let date = key.text(4..10);
    // The sixteenth place is a digit for those born until 1999 and a letter since.
    let century = if c[16].is_ascii_digit() { 19 } else { 20 };
    let leap_day_missing = century == 19 && date == "000229";
    let fits = c[..4].iter().all(|c| c.is_alphabetic())
        && date_exists(&date)
        && !leap_day_missing
        && matches!(c[10], 'H' | 'M' | 'X')
        && STATES.contains(&key.text(11..13).as_str())
        && c[13..16].iter().all(|c| c.is_alphabetic() && !"AEIOU".contains(*c))
        && c[16].is_ascii_alphanumeric()
        && c[17].is_ascii_digit();
    let checked = || curp_digit(c) == c[17].to_digit(10);
    let named = || place.beside(from, Kind::Curp, &[" curp ", " curps ", " clave unica de registro "]);
    (fits && (checked() || named())).then_some(key.length)
}

/// Check digit of a CURP (RENAPO): places weigh 18 to 2 in the alphabet with Ñ.
fn curp_digit(chars: &[char]) -> Option<u32> {
    const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ";
    let mut sum = 0;
    for (weight, c) in (2..=18).rev().zip(chars) {
        let value = ALPHABET.chars().position(|a| a == *c)?;
        sum += u32::try_from(value).ok()? * weight;
    }
    Some((10 - sum % 10) % 10)
}

/// Length in bytes of a natural person's RFC at `from`.
fn rfc(place: &Place<'_>, from: usize) -> Option<usize> {
    let key = groups(&place.text[from..], &[4, 6, 3])?;
    let c = &key.chars;
    // The homonymy key has no 0 and no O (SAT).
    let homonymy = |c: &char| c.is_ascii_alphanumeric() && !matches!(c, '0' | 'O');
    let fits = c[..4].iter().all(|c| c.is_alphabetic() || *c == '&')
        && date_exists(&key.text(4..10))
        && c[10..12].iter().all(homonymy)
        && !GENERIC.contains(&key.text(0..13).as_str())
        && rfc_digit(c) == Some(c[12]);
    // Words and a number may look so by chance.
    let named = || place.beside(from, Kind::Rfc, &[" rfc ", " r f c ", "contribuyente"]);
    let lower = place.text[from..].starts_with(|c: char| c.is_lowercase());
    (fits && (!(key.spaced || lower) || named())).then_some(key.length)
}

/// Check character of an RFC (SAT): places weigh 13 to 2 in an alphabet of its own, modulo 11.
fn rfc_digit(chars: &[char]) -> Option<char> {
    const ALPHABET: &str = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ";
    let mut sum = 0;
    for (weight, c) in (2..=13).rev().zip(chars) {
        let value = ALPHABET.chars().position(|a| a == *c)?;
        sum += u32::try_from(value).ok()? * weight;
    }
    match 11 - sum % 11 {
        11 => Some('0'),
        10 => Some('A'),
        n => char::from_digit(n, 10),
    }
}

/// Length in bytes of the voter key at the start of `text`: letters of the names, date of birth, state 01–33, sex, three digits.
fn voter_key(text: &str) -> Option<usize> {
    let key = groups(text, &[6, 8, 1, 3])?;
    let c = &key.chars;
    let state = key.text(12..14).parse::<u8>().ok()?;
    let fits = c[..6].iter().all(|c| c.is_alphabetic())
        && date_exists(&key.text(6..12))
        && (1..=33).contains(&state)
        && matches!(c[14], 'H' | 'M')
        && c[15..].iter().all(char::is_ascii_digit);
    fits.then_some(key.length)
}
