//! A font's map to Unicode as a stranger wrote it → one that the reader of text takes: right counts, whole characters, and no range
//! that becomes millions of entries.

use std::fmt::Write as _;

use super::lexer::{Lexer, Token};

/// Codes that all ranges of a map may cover: all that two bytes can tell.
const CODES: u32 = 65_536;

/// Entries of a map.
const ENTRIES: usize = 70_000;

/// Writes a map (ISO 32000-1, 9.10.3) anew; `None` when it maps nothing.
pub(super) fn cleaned(map: &[u8]) -> Option<Vec<u8>> {
    let mut lexer = Lexer::new(map);
    let mut out = Map {
        text: String::new(),
        entries: 0,
        left: CODES,
    };
    let mut operands: Vec<Token<'_>> = Vec::new();
    while let Some(token) = lexer.next() {
        match token {
            Token::Operator(b"endbfchar") => {
                for pair in operands.chunks_exact(2) {
                    if let [Token::Text(code), Token::Text(character)] = pair {
                        out.character(number(code), &units(character));
                    }
                }
            }
            Token::Operator(b"endbfrange") => {
                for triple in operands.chunks_exact(3) {
                    out.range(triple);
                }
            }
            Token::Operator(_) => {}
            token @ (Token::Text(_) | Token::Array(_)) => {
                if operands.len() < 3 * ENTRIES {
                    operands.push(token);
                }
                continue;
            }
            _ => continue,
        }
        operands.clear();
    }
    (out.entries > 0).then_some(out.text.into_bytes())
}

struct Map {
    text: String,
    entries: usize,
    left: u32,
}

impl Map {
    fn character(&mut self, code: u32, units: &[u16]) {
        if self.entries < ENTRIES && !units.is_empty() && String::from_utf16(units).is_ok() {
            self.entries += 1;
            // Writing to a string cannot fail.
            let _ = write!(self.text, "1 beginbfchar <{code:08X}> <");
            for unit in units {
                let _ = write!(self.text, "{unit:04X}");
            }
            self.text.push_str("> endbfchar\n");
        }
    }

    fn range(&mut self, triple: &[Token<'_>]) {
        let [Token::Text(low), Token::Text(high), to] = triple else {
            return;
        };
        let (low, high) = (number(low), number(high));
        let Some(count) = high.checked_sub(low).filter(|n| *n < self.left) else {
            return;
        };
        self.left -= count;
        match to {
            Token::Array(items) => {
                for (code, item) in (low..=high).zip(items) {
                    if let Token::Text(text) = item {
                        self.character(code, &units(text));
                    }
                }
            }
            Token::Text(first) => self.run(low, high, &units(first)),
            _ => {}
        }
    }

    /// Codes that follow each other and stand for characters that follow each other.
    fn run(&mut self, low: u32, high: u32, first: &[u16]) {
        if let [unit] = first
            && u32::from(*unit) + (high - low) <= 0xffff
            && self.entries < ENTRIES
        {
            self.entries += 1;
            let _ = writeln!(
                self.text,
                "1 beginbfrange <{low:08X}> <{high:08X}> <{unit:04X}> endbfrange"
            );
            return;
        }
        let Some((last, before)) = first.split_last() else {
            return;
        };
        for code in low..=high {
            let Some(unit) = u16::try_from(code - low).ok().and_then(|n| last.checked_add(n)) else {
                return;
            };
            let mut units = before.to_vec();
            units.push(unit);
            self.character(code, &units);
        }
    }
}

/// The bytes of a string as written, hexadecimal or literal.
fn bytes(text: &[u8]) -> Vec<u8> {
    let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
    if text.first() != Some(&b'<') {
        return inner.to_vec();
    }
    let digits: Vec<u8> = inner
        .iter()
        .filter_map(|b| char::from(*b).to_digit(16))
        .filter_map(|d| u8::try_from(d).ok())
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0))
        .collect()
}

fn number(text: &[u8]) -> u32 {
    bytes(text)
        .iter()
        .take(4)
        .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

/// UTF-16 units; a lone byte is a character of its own.
fn units(text: &[u8]) -> Vec<u16> {
    let bytes = bytes(text);
    if let [byte] = bytes.as_slice() {
        return vec![u16::from(*byte)];
    }
    bytes
        .chunks_exact(2)
        .map(|p| u16::from(p[0]) << 8 | u16::from(p[1]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_written_anew() {
        let map = b"9 beginbfchar <01> <0041> <02> <D835> <03> <00660069> endbfchar
            1 beginbfrange <0010> <0012> <0061> <0020> <0021> [<0078> <0079>] <0000> <ffffffff> <0000> endbfrange";
        let text = String::from_utf8(cleaned(map).expect("entries")).expect("ascii");
        assert_eq!(
            text.lines().collect::<Vec<_>>(),
            [
                "1 beginbfchar <00000001> <0041> endbfchar",
                "1 beginbfchar <00000003> <00660069> endbfchar",
                "1 beginbfrange <00000010> <00000012> <0061> endbfrange",
                "1 beginbfchar <00000020> <0078> endbfchar",
                "1 beginbfchar <00000021> <0079> endbfchar",
            ]
        );
        assert_eq!(cleaned(b"nothing"), None);
    }
}
