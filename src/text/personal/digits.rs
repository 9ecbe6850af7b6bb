//! Numbers: CLABE, number of social security, payment card.

use std::ops::Range;

use super::{Kind, Place, end_of_digits};

/// Words, folded, that say that a number is a card's.
const CARD_WORDS: &[&str] = &[
    " tarjeta",
    " credito ",
    " debito ",
    " visa ",
    " mastercard ",
    " amex ",
    " american express ",
    " plastico ",
    " carnet ",
];
/// That it is a bank account's.
const CLABE_WORDS: &[&str] = &[
    " clabe ",
    " clabes ",
    " interbancaria",
    " cuenta ",
    " cuentas ",
    " banco ",
    " bancaria ",
    " bancarias ",
    " transferencia",
    " spei ",
    " deposito",
];
/// That it is of social security.
const NSS_WORDS: &[&str] = &[
    " nss ",
    " n s s ",
    " seguro social ",
    " seguridad social ",
    " afiliacion ",
    " num imss ",
    " no imss ",
    " numero imss ",
];

/// Runs of digits with one separator between, from a given one on.
struct Chain {
    /// Sizes of the runs.
    sizes: Vec<usize>,
    /// Where each ends, in bytes.
    ends: Vec<usize>,
    /// The separator, if there are several runs.
    separator: Option<u8>,
}

/// The number whose first digit stands at `start`.
pub(super) fn at(place: &Place<'_>, start: usize) -> Option<(Kind, Range<usize>)> {
    let bytes = place.text.as_bytes();
    let chain = chain(bytes, start);
    if chain.sizes[0] < 11 && chain.sizes.len() == 1 || !opens(place, start) {
        return None;
    }
    let whole = chain.sizes.len();
    for count in (1..=whole).rev() {
        // Hyphens make one code of all their parts; spaces only set numbers beside each other.
        if count < whole && chain.separator == Some(b'-') {
            break;
        }
        let range = start..chain.ends[count - 1];
        if closes(bytes, range.end, count < whole)
            && let Some(kind) = kind(place, &chain.sizes[..count], range.clone())
            && !in_address(place.text, start)
        {
            return Some((kind, range));
        }
    }
    None
}

fn chain(bytes: &[u8], start: usize) -> Chain {
    let mut end = end_of_digits(bytes, start);
    let mut chain = Chain {
        sizes: vec![end - start],
        ends: vec![end],
        separator: None,
    };
    while chain.sizes.len() < 7 {
        let Some(separator @ (b' ' | b'-')) = bytes.get(end).copied() else {
            break;
        };
        let next = end + 1;
        if chain.separator.is_some_and(|s| s != separator) || !bytes.get(next).is_some_and(u8::is_ascii_digit) {
            break;
        }
        end = end_of_digits(bytes, next);
        chain.separator = Some(separator);
        chain.sizes.push(end - next);
        chain.ends.push(end);
    }
    chain
}

/// Whether a number may begin here: not within a word, a code, a path or an amount.
fn opens(place: &Place<'_>, start: usize) -> bool {
    let mut before = place.text[place.floor()..start].chars().rev();
    match before.next() {
        None => start == 0,
        Some('-' | '_' | '/' | '\\' | '%' | '&' | '+' | '$' | '@' | '~') => false,
        Some('.' | ',') => !before.next().is_some_and(|c| c.is_ascii_digit()),
        Some('º' | 'ª') => true,
        Some(c) => !c.is_alphanumeric(),
    }
}

/// Whether a number may end here; `goes_on` when another run follows a space.
fn closes(bytes: &[u8], end: usize, goes_on: bool) -> bool {
    if goes_on {
        return true;
    }
    match bytes.get(end) {
        None => true,
        Some(b'_' | b'/' | b'\\' | b'%' | b'@' | b'~') => false,
        Some(b'-' | b'.' | b',') => !bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric),
        // The first byte of a letter beyond ASCII is over 127.
        Some(b) => !b.is_ascii_alphanumeric() && *b < 128,
    }
}

/// Whether the word around a place is an address of the web.
fn in_address(text: &str, start: usize) -> bool {
    let word = text[..start]
        .rfind(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '('))
        .map_or(0, |at| at + 1);
    let mut from = word.max(start.saturating_sub(400));
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let word = &text[from..start];
    ["://", "www.", "?", "&", "href="]
        .iter()
        .any(|sign| word.contains(sign))
}

fn kind(place: &Place<'_>, sizes: &[usize], range: Range<usize>) -> Option<Kind> {
    let digits: Vec<u32> = place.text[range.clone()]
        .bytes()
        .filter(u8::is_ascii_digit)
        .map(|b| u32::from(b - b'0'))
        .collect();
    let start = range.start;
    let spaced = place.text[range].contains(' ');
    match sizes {
        [11] | [10, 1] | [2, 2, 2, 4, 1] => {
            (luhn(&digits) && place.beside(start, Kind::Nss, NSS_WORDS)).then_some(Kind::Nss)
        }
        [18] | [3, 3, 11, 1] | [3, 15] | [3, 3, 12] | [4, 4, 4, 4, 2] if clabe(&digits) => {
            (!spaced || place.beside(start, Kind::Clabe, CLABE_WORDS)).then_some(Kind::Clabe)
        }
        [13..=19] | [4, 4, 4, 4] | [4, 6, 5] | [4, 6, 4] | [4, 4, 4, 4, 3] if card(&digits) => {
            (!spaced || place.beside(start, Kind::Card, CARD_WORDS)).then_some(Kind::Card)
        }
        _ => None,
    }
}

/// Check digit modulo 10 of ISO/IEC 7812-1, which cards and the IMSS use.
fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(n, d)| if n % 2 == 1 { d * 2 / 10 + d * 2 % 10 } else { *d })
        .sum();
    sum % 10 == 0 && digits.iter().any(|d| *d != 0)
}

/// Check digit of a CLABE: weights 3, 7, 1, each product modulo 10 (Banco de México), under a code of a bank or other participant of
/// the SPEI.
fn clabe(digits: &[u32]) -> bool {
    let sum: u32 = digits[..17]
        .iter()
        .zip([3, 7, 1].iter().cycle())
        .map(|(d, w)| d * w % 10)
        .sum();
    let bank = digits[0] * 100 + digits[1] * 10 + digits[2];
    let participant = matches!(
        bank,
        1 | 2 | 6 | 9 | 12 | 14 | 19 | 21 | 22 | 30 | 32 | 36 | 37 | 42 | 44 | 58 | 59 | 60 | 62 | 72 | 102..=168
            | 600..=741 | 901..=903
    );
    let account = digits[6..17].iter().any(|d| *d != 0);
    participant && account && (10 - sum % 10) % 10 == digits[17]
}

/// Whether it is a card's number: an issuer's prefix with the length that it uses, and the check digit.
fn card(digits: &[u32]) -> bool {
    let prefix = |places: usize| digits[..places].iter().fold(0, |all, d| all * 10 + d);
    let issued = match digits.len() {
        13 => digits[0] == 4,
        14 => matches!(prefix(3), 300..=305) || matches!(prefix(2), 36 | 38 | 39),
        15 => matches!(prefix(2), 34 | 37),
        16 => {
            digits[0] == 4
                || matches!(prefix(2), 51..=55 | 62 | 65)
                || matches!(prefix(3), 506 | 636 | 644..=649)
                || matches!(prefix(4), 2221..=2720 | 3528..=3589 | 5022 | 6011 | 6033 | 6275 | 6393)
        }
        17 | 18 => prefix(2) == 62,
        19 => digits[0] == 4 || prefix(2) == 62,
        _ => false,
    };
    issued && luhn(digits)
}
