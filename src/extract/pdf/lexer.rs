//! Tokens of a page's contents. Takes what comes: a stray byte costs itself, and nothing here can fail.

/// One token; strings keep their delimiters, so that they can be copied.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'a> {
    /// A number.
    Number(f64),
    /// A name without its slash.
    Name(&'a [u8]),
    /// A string as written, `(…)` or `<…>`.
    Text(&'a [u8]),
    /// The numbers and strings of an array.
    Array(Vec<Token<'a>>),
    /// An operator.
    Operator(&'a [u8]),
    /// A dictionary or something else that no text operator takes.
    Other,
}

/// Reads tokens one after the other.
pub(super) struct Lexer<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    /// From the first byte.
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0 }
    }

    /// The next token; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        self.skip_space();
        let byte = *self.data.get(self.at)?;
        Some(match byte {
            b'(' => self.literal(),
            b'<' if self.data.get(self.at + 1) == Some(&b'<') => self.dictionary(),
            b'<' => self.hexadecimal(),
            b'/' => {
                self.at += 1;
                Token::Name(self.regular())
            }
            b'[' => self.array(),
            b'+' | b'-' | b'.' | b'0'..=b'9' => self.number(),
            _ if is_regular(byte) => Token::Operator(self.regular()),
            _ => {
                self.at += 1;
                Token::Other
            }
        })
    }

    /// Steps over an inline image, from behind `BI` to behind `EI`.
    pub(super) fn skip_inline_image(&mut self) {
        let rest = &self.data[self.at.min(self.data.len())..];
        let data = rest
            .windows(3)
            .position(|w| w[0..2] == *b"ID" && is_space(w[2]))
            .map_or(rest.len(), |n| n + 3);
        let ended = |n: usize| {
            rest[n..].starts_with(b"EI")
                && n > 0
                && is_space(rest[n - 1])
                && rest.get(n + 2).is_none_or(|b| is_space(*b) || *b == b'Q')
        };
        let end = (data..rest.len()).find(|n| ended(*n)).map_or(rest.len(), |n| n + 2);
        self.at += end;
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.data.get(self.at) {
            if *byte == b'%' {
                while self.data.get(self.at).is_some_and(|b| !matches!(b, b'\n' | b'\r')) {
                    self.at += 1;
                }
            } else if is_space(*byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn regular(&mut self) -> &'a [u8] {
        let from = self.at;
        while self.data.get(self.at).is_some_and(|b| is_regular(*b)) {
            self.at += 1;
        }
        &self.data[from..self.at]
    }

    /// As lenient as readers are: `--5`, `1.2.3` and `5-3` are numbers by what can be read of them.
    fn number(&mut self) -> Token<'a> {
        let written = self.regular();
        let mut digits = String::new();
        for byte in written {
            match byte {
                b'-' if digits.is_empty() => digits.push('-'),
                b'0'..=b'9' => digits.push(char::from(*byte)),
                b'.' if !digits.contains('.') => digits.push('.'),
                b'+' if digits.is_empty() => {}
                b'-' if digits == "-" => {}
                _ => break,
            }
        }
        Token::Number(digits.parse().unwrap_or(0.0))
    }

    fn literal(&mut self) -> Token<'a> {
        let from = self.at;
        let mut depth = 0usize;
        while let Some(byte) = self.data.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        return Token::Text(&self.data[from..self.at]);
                    }
                }
                _ => {}
            }
        }
        self.at = self.data.len();
        Token::Other
    }

    fn hexadecimal(&mut self) -> Token<'a> {
        let from = self.at;
        if let Some(n) = self.data[from..].iter().position(|b| *b == b'>') {
            self.at = from + n + 1;
            Token::Text(&self.data[from..self.at])
        } else {
            self.at = self.data.len();
            Token::Other
        }
    }

    fn dictionary(&mut self) -> Token<'a> {
        let mut depth = 0usize;
        while self.at < self.data.len() {
            let rest = &self.data[self.at..];
            if rest.starts_with(b"<<") {
                depth += 1;
                self.at += 2;
            } else if rest.starts_with(b">>") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    break;
                }
            } else if rest[0] == b'(' {
                self.literal();
            } else {
                self.at += 1;
            }
        }
        Token::Other
    }

    fn array(&mut self) -> Token<'a> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_space();
            match self.data.get(self.at) {
                None => break,
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                // Arrays within arrays mean nothing to text.
                Some(b'[') => self.at += 1,
                Some(_) => match self.next() {
                    Some(Token::Operator(_)) | None => break,
                    Some(token) => items.push(token),
                },
            }
        }
        Token::Array(items)
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte)
        && !matches!(
            byte,
            b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        let mut lexer = Lexer::new(text.as_bytes());
        std::iter::from_fn(|| lexer.next()).collect()
    }

    #[test]
    fn odd_numbers_nested_strings_and_comments() {
        assert_eq!(
            tokens("--5 .5 1.2.3 /F1 12 Tf % no\n(a(b)\\)c) Tj <</A (>>)>>"),
            [
                Token::Number(-5.0),
                Token::Number(0.5),
                Token::Number(1.2),
                Token::Name(b"F1"),
                Token::Number(12.0),
                Token::Operator(b"Tf"),
                Token::Text(b"(a(b)\\)c)"),
                Token::Operator(b"Tj"),
                Token::Other,
            ]
        );
        assert_eq!(
            tokens("[(a) -20 <41>]TJ"),
            [
                Token::Array(vec![Token::Text(b"(a)"), Token::Number(-20.0), Token::Text(b"<41>")]),
                Token::Operator(b"TJ")
            ]
        );
    }

    #[test]
    fn images_in_the_text_are_stepped_over() {
        let mut lexer = Lexer::new(b"/W 2 ID \x00(EIx\xff EI Q");
        lexer.skip_inline_image();
        assert_eq!(lexer.next(), Some(Token::Operator(b"Q")));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_end(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let mut lexer = Lexer::new(&bytes);
            let mut count = 0;
            while lexer.next().is_some() {
                count += 1;
                proptest::prop_assert!(count <= bytes.len());
            }
        }
    }
}
