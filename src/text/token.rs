//! A text cut into words, numbers and signs that remember where they stand, for reading dates and periods.

use std::ops::Range;

use super::fold::fold;

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Letters, folded: lower case without accents.
    Word(String),
    /// Digits, as written.
    Number(String),
    /// Any other sign.
    Sign(char),
}

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What.
    pub(super) piece: Piece,
    /// Bytes of the text.
    pub(super) range: Range<usize>,
}

impl Token {
    /// The folded word, if it is one.
    pub(super) fn word(&self) -> Option<&str> {
        match &self.piece {
            Piece::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The digits, if it is a number.
    pub(super) fn digits(&self) -> Option<&str> {
        match &self.piece {
            Piece::Number(digits) => Some(digits),
            _ => None,
        }
    }

    /// The sign, if it is one; dashes of any width are hyphens.
    pub(super) fn sign(&self) -> Option<char> {
        match self.piece {
            Piece::Sign('–' | '—' | '‐' | '‑' | '−') => Some('-'),
            Piece::Sign(sign) => Some(sign),
            _ => None,
        }
    }
}

/// The kinds of characters that tokens are made of.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Class {
    Letter,
    Digit,
    Space,
    Sign,
}

fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' => Class::Digit,
        // Marks of ordinals are letters to Unicode; they part words here. Combining accents belong to their letter.
        'º' | 'ª' | '°' => Class::Sign,
        '\u{300}'..='\u{36f}' => Class::Letter,
        c if c.is_whitespace() => Class::Space,
        c if c.is_alphabetic() => Class::Letter,
        _ => Class::Sign,
    }
}

/// Cuts a text. White space parts tokens and is none.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let class_here = class(c);
        let mut end = start + c.len_utf8();
        if class_here == Class::Space {
            continue;
        }
        if class_here != Class::Sign {
            while let Some((at, next)) = chars.next_if(|(_, next)| class(*next) == class_here) {
                end = at + next.len_utf8();
            }
        }
        let written = &text[start..end];
        let piece = match class_here {
            Class::Letter => Piece::Word(fold(written)),
            Class::Digit => Piece::Number(written.to_owned()),
            Class::Sign | Class::Space => Piece::Sign(c),
        };
        out.push(Token {
            piece,
            range: start..end,
        });
    }
    out
}

/// Whether nothing stands between two tokens, not even a space.
pub(super) fn touch(before: &Token, after: &Token) -> bool {
    before.range.end == after.range.start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_signs_stand_where_they_are() {
        let text = "1º de Márzo–2019";
        let found = tokens(text);
        let written: Vec<&str> = found.iter().map(|t| &text[t.range.clone()]).collect();
        assert_eq!(written, ["1", "º", "de", "Márzo", "–", "2019"]);
        assert_eq!(found[3].word(), Some("marzo"));
        assert_eq!(found[4].sign(), Some('-'));
        assert!(touch(&found[0], &found[1]) && !touch(&found[1], &found[2]));
    }
}
