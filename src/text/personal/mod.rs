//! Mexican personal data that should not stand in what a public body publishes, with check digits where they have one.
//!
//! ```text
//! text ─► runs of digits ─► lettered keys (CURP, RFC, voter key) · numbers (CLABE, NSS, card) ─► Found, already masked
//! ```
//!
//! Telephones and addresses of e-mail are none: offices publish theirs. A CLABE may be the office's own: the text does not say
//! whose it is.

mod digits;
mod keys;
mod known;

use std::borrow::Cow;
use std::ops::Range;

use super::fold::fold;

pub use known::{Known, Masker};

/// What kind of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// *Clave Única de Registro de Población*, 18 characters (RENAPO, *Instructivo normativo para la asignación de la CURP*).
    Curp,
    /// *Registro Federal de Contribuyentes* of a natural person, 13 characters with homoclave (SAT).
    Rfc,
    /// *Clave de elector* of the voter's card, 18 characters (INE).
    VoterKey,
    /// *Clave Bancaria Estandarizada*, 18 digits (Banco de México, Asociación de Bancos de México).
    Clabe,
    /// *Número de seguridad social*, 11 digits (IMSS).
    Nss,
    /// Number of a payment card, 13–19 digits (ISO/IEC 7812).
    Card,
}

impl Kind {
    /// All, in the order of reports.
    pub const ALL: [Self; 6] = [
        Self::Curp,
        Self::Rfc,
        Self::VoterKey,
        Self::Nss,
        Self::Clabe,
        Self::Card,
    ];

    /// The name used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Curp => "curp",
            Self::Rfc => "rfc",
            Self::VoterKey => "voter_key",
            Self::Clabe => "clabe",
            Self::Nss => "nss",
            Self::Card => "card",
        }
    }

    /// Name in Spanish, as a report says it.
    #[must_use]
    pub fn spanish(self) -> &'static str {
        match self {
            Self::Curp => "CURP",
            Self::Rfc => "RFC de persona física",
            Self::VoterKey => "clave de elector",
            Self::Clabe => "CLABE bancaria",
            Self::Nss => "número de seguridad social",
            Self::Card => "número de tarjeta bancaria",
        }
    }

    /// The same of several.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Curp => "CURP",
            Self::Rfc => "RFC de personas físicas",
            Self::VoterKey => "claves de elector",
            Self::Clabe => "CLABE bancarias",
            Self::Nss => "números de seguridad social",
            Self::Card => "números de tarjetas bancarias",
        }
    }

    /// The word that stands for it in masked text.
    fn short(self) -> &'static str {
        match self {
            Self::Curp => "CURP",
            Self::Rfc => "RFC",
            Self::VoterKey => "CLAVE DE ELECTOR",
            Self::Clabe => "CLABE",
            Self::Nss => "NSS",
            Self::Card => "TARJETA",
        }
    }
}

/// Personal data in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: Kind,
    /// Where, in bytes.
    pub range: Range<usize>,
    /// How our own output may show it: the kind and the last two characters, which identify nobody.
    pub masked: String,
}

/// Personal data in a text, in order, none within another.
#[must_use]
pub fn find(text: &str) -> Vec<Found> {
    find_under("", text)
}

/// The same, of a cell or row whose column is headed by `heading`: some numbers count only beside the words that say what they are.
#[must_use]
pub fn find_under(heading: &str, text: &str) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|n| at + n) {
        let place = Place {
            text,
            heading,
            found: &found,
        };
        let hit = keys::at(&place, start).or_else(|| digits::at(&place, start));
        at = match hit {
            Some((kind, range)) => {
                let end = range.end;
                let masked = masked(kind, &text[range.clone()]);
                found.push(Found { kind, range, masked });
                end
            }
            None => end_of_digits(bytes, start),
        };
    }
    found
}

/// The text with what is found masked; unchanged when nothing is.
#[must_use]
pub fn mask(text: &str) -> Cow<'_, str> {
    mask_under("", text)
}

/// The same, of a cell or row whose column is headed by `heading`.
#[must_use]
pub fn mask_under<'a>(heading: &str, text: &'a str) -> Cow<'a, str> {
    let mut out = Cow::Borrowed(text);
    // A mask is shorter than what it hides, and may bring a number nearer to the word that tells it.
    while may_hold(&out) {
        let found = find_under(heading, &out);
        if found.is_empty() {
            break;
        }
        out = Cow::Owned(replaced(&out, &found));
    }
    out
}

fn replaced(text: &str, found: &[Found]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for hit in found {
        out.push_str(&text[at..hit.range.start]);
        out.push_str(&hit.masked);
        at = hit.range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// Masked, then cut to so many characters with an ellipsis: a cut first could leave half of a key, which no mask knows.
#[must_use]
pub fn shortened(text: &str, most: usize) -> String {
    shortened_under("", text, most)
}

/// The same, of a cell or row whose column is headed by `heading`.
#[must_use]
pub fn shortened_under(heading: &str, text: &str, most: usize) -> String {
    let text = mask_under(heading, text);
    if text.chars().nth(most).is_none() {
        return text.into_owned();
    }
    let mut out: String = text.chars().take(most.saturating_sub(1)).collect();
    out.push('…');
    out
}

/// An address as it is shown, where it leads nowhere: each word of it is looked at by itself too, because within an address a number
/// may be anything, and here a mask too many does no harm.
#[must_use]
pub fn mask_address(address: &str) -> String {
    let masked = mask(address);
    let mut out = String::with_capacity(masked.len());
    let mut rest = masked.as_ref();
    while !rest.is_empty() {
        let word = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        out.push_str(&mask(&rest[..word]));
        rest = &rest[word..];
        // What separates words: an escape such as `%20` whole, else one character.
        let escape = rest.starts_with('%')
            && rest
                .get(1..3)
                .is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let apart = if escape {
            3
        } else {
            rest.chars().next().map_or(0, char::len_utf8)
        };
        out.push_str(&rest[..apart]);
        rest = &rest[apart..];
    }
    out
}

/// Whether there are as many digits as the key with the fewest has. A quick test before the thorough one.
#[must_use]
pub fn may_hold(text: &str) -> bool {
    const FEWEST: usize = 6;
    text.len() >= FEWEST && text.bytes().filter(u8::is_ascii_digit).nth(FEWEST - 1).is_some()
}

/// Whether the header of a column asks for a *Registro Federal de Contribuyentes*.
#[must_use]
pub fn asks_for_rfc(header: &str) -> bool {
    let folded = format!(" {} ", fold(header));
    folded.contains(" rfc ") || folded.contains(" r f c ") || folded.contains(" registro federal de contribuyente")
}

fn masked(kind: Kind, written: &str) -> String {
    let kept: Vec<char> = written.chars().filter(|c| c.is_alphanumeric()).collect();
    let tail: String = kept[kept.len().saturating_sub(2)..].iter().collect();
    format!("{} ****{tail}", kind.short())
}

/// Where a detector looks: the text, what heads it, and what was found before in it.
struct Place<'a> {
    text: &'a str,
    heading: &'a str,
    found: &'a [Found],
}

/// How far before a number the words that say what it is may stand, in bytes.
const NEAR: usize = 80;
/// How far after one of its kind a number in a list still belongs to the list, in bytes.
const LIST: usize = 300;

impl Place<'_> {
    /// First byte that belongs to nothing found.
    fn floor(&self) -> usize {
        self.found.last().map_or(0, |f| f.range.end)
    }

    /// Whether one of the phrases (folded) heads the place or stands shortly before it, or one of its kind does.
    fn beside(&self, start: usize, kind: Kind, phrases: &[&str]) -> bool {
        let same = self.found.iter().rev().find(|f| f.kind == kind);
        if same.is_some_and(|f| start - f.range.end <= LIST) {
            return true;
        }
        let mut from = start.saturating_sub(NEAR);
        while !self.text.is_char_boundary(from) {
            from += 1;
        }
        [self.heading, &self.text[from..start]].iter().any(|words| {
            let words = format!(" {} ", fold(words));
            phrases.iter().any(|phrase| words.contains(phrase))
        })
    }
}

fn end_of_digits(bytes: &[u8], start: usize) -> usize {
    start + bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count()
}

/// Whether a date of two-digit year, month and day exists in some century.
fn date_exists(yymmdd: &str) -> bool {
    let part = |range: Range<usize>| yymmdd.get(range).and_then(|p| p.parse::<u16>().ok());
    let (Some(year), Some(month), Some(day)) = (part(0..2), part(2..4), part(4..6)) else {
        return false;
    };
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        // Of the years that end in 00, 2000 has the day.
        2 => 28 + u16::from(year % 4 == 0),
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests;
