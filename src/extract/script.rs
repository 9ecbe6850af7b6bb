//! What scripts write, read without running them: string literals, arrays of data, `document.write` in loops over such arrays.
//!
//! No code of strangers is run. Values are followed only where they are literals, concatenations of literals, or elements of a
//! literal array; everything else is empty text.

use std::collections::HashMap;

/// Deepest nesting of literals that is followed.
const DEPTH: usize = 40;
/// Most bytes that the scripts of a page may write.
const MOST_WRITTEN: usize = 4 << 20;

/// A token of JavaScript, as far as literals need it.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    Text(String),
    Name(String),
    Number(f64),
    Sign(char),
}

/// A literal.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// String.
    Text(String),
    /// Number.
    Number(f64),
    /// Array.
    List(Vec<Value>),
    /// Object, in the order written.
    Record(Vec<(String, Value)>),
    /// Anything else.
    Other,
}

impl Value {
    fn text(&self) -> String {
        match self {
            Self::Text(t) => t.clone(),
            Self::Number(n) => n.to_string(),
            _ => String::new(),
        }
    }

    fn get(&self, key: &Key) -> Option<&Value> {
        match (self, key) {
            (Self::List(items), Key::At(i)) => items.get(*i),
            (Self::Record(fields), Key::Named(name)) => fields.iter().find(|(n, _)| n == name).map(|(_, v)| v),
            _ => None,
        }
    }
}

/// What a script holds.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// HTML that it writes where it stands.
    pub(super) written: String,
    /// HTML that it puts elsewhere in the page (`innerHTML`, `.html()`, `.append()`).
    pub(super) placed: Vec<String>,
    /// Data that it declares and does not write.
    pub(super) data: Vec<Value>,
    /// Every string literal.
    pub(super) literals: Vec<String>,
}

/// Literals declared so far on a page: a later script uses an earlier one's.
pub(super) type Variables = HashMap<String, Value>;

/// Reads a script; declarations are added to `variables`.
pub(super) fn read(code: &str, variables: &mut Variables) -> Reading {
    let tokens = tokens(code);
    let mut reading = Reading {
        literals: tokens
            .iter()
            .filter_map(|t| if let Token::Text(t) = t { Some(t.clone()) } else { None })
            .collect(),
        ..Reading::default()
    };
    let mut declared: Vec<String> = Vec::new();
    let mut used: Vec<String> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if let Some((name, next)) = declaration(&tokens, at)
            && let (Some(value), end) = value(&tokens, next, 0)
            && end > next
        {
            if !declared.contains(&name) {
                declared.push(name.clone());
            }
            variables.insert(name, value);
            at = end;
            continue;
        }
        if let Some((from, to, in_place)) = writing(&tokens, at) {
            let html = write(&tokens[from..to], variables, &mut used);
            if in_place {
                if reading.written.len() + html.len() <= MOST_WRITTEN {
                    reading.written.push_str(&html);
                }
            } else if html.contains('<') {
                reading.placed.push(html);
            }
            at = from.max(at + 1);
            continue;
        }
        at += 1;
    }
    for name in declared.iter().filter(|n| !used.contains(n)) {
        if let Some(value @ (Value::List(_) | Value::Record(_))) = variables.get(name) {
            reading.data.push(value.clone());
        }
    }
    reading
}

/// Reads JSON as a value.
pub(super) fn json(text: &str) -> Option<Value> {
    fn convert(value: serde_json::Value) -> Value {
        match value {
            serde_json::Value::String(s) => Value::Text(s),
            serde_json::Value::Number(n) => Value::Number(n.as_f64().unwrap_or(0.0)),
            serde_json::Value::Array(a) => Value::List(a.into_iter().map(convert).collect()),
            serde_json::Value::Object(o) => Value::Record(o.into_iter().map(|(k, v)| (k, convert(v))).collect()),
            _ => Value::Other,
        }
    }
    serde_json::from_str(text).ok().map(convert)
}

/// String literals of a piece of code, e.g. an `onclick`.
pub(super) fn literals(code: &str) -> Vec<String> {
    tokens(code)
        .into_iter()
        .filter_map(|t| if let Token::Text(t) = t { Some(t) } else { None })
        .collect()
}

/// Name and arguments of the first call of a piece of code.
pub(super) fn first_call(code: &str) -> Option<(String, bool)> {
    let tokens = tokens(code);
    let at = tokens
        .windows(2)
        .position(|w| matches!(w, [Token::Name(n), Token::Sign('(')] if !matches!(n.as_str(), "if" | "for" | "function" | "return")))?;
    let Token::Name(name) = &tokens[at] else { return None };
    let has_arguments = matches!(tokens.get(at + 2), Some(Token::Text(_) | Token::Number(_)));
    Some((name.clone(), has_arguments))
}

/// `name =` (not `==`), also `name:` is no declaration.
fn declaration(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    match (tokens.get(at)?, tokens.get(at + 1)?, tokens.get(at + 2)?) {
        (Token::Name(name), Token::Sign('='), next) if *next != Token::Sign('=') && !is_member(tokens, at) => {
            Some((name.clone(), at + 2))
        }
        _ => None,
    }
}

fn is_member(tokens: &[Token], at: usize) -> bool {
    at > 0 && tokens[at - 1] == Token::Sign('.')
}

/// A literal that starts at a token, and the token after it.
fn value(tokens: &[Token], at: usize, depth: usize) -> (Option<Value>, usize) {
    if depth > DEPTH {
        return (None, at);
    }
    match tokens.get(at) {
        Some(Token::Text(first)) => {
            let mut text = first.clone();
            let mut end = at + 1;
            while let (Some(Token::Sign('+')), Some(Token::Text(more))) = (tokens.get(end), tokens.get(end + 1)) {
                text.push_str(more);
                end += 2;
            }
            (Some(Value::Text(text)), end)
        }
        Some(Token::Number(n)) => (Some(Value::Number(*n)), at + 1),
        Some(Token::Sign('[')) => list(tokens, at + 1, depth),
        Some(Token::Sign('{')) => record(tokens, at + 1, depth),
        _ => (None, at),
    }
}

fn list(tokens: &[Token], mut at: usize, depth: usize) -> (Option<Value>, usize) {
    let mut items = Vec::new();
    loop {
        match tokens.get(at) {
            None => return (None, at),
            Some(Token::Sign(']')) => return (Some(Value::List(items)), at + 1),
            Some(Token::Sign(',')) => at += 1,
            Some(_) => {
                let (item, end) = value(tokens, at, depth + 1);
                let after = skip_rest(tokens, end);
                items.push(if after == end {
                    item.unwrap_or(Value::Other)
                } else {
                    Value::Other
                });
                at = after.max(at + usize::from(after == at));
            }
        }
    }
}

fn record(tokens: &[Token], mut at: usize, depth: usize) -> (Option<Value>, usize) {
    let mut fields = Vec::new();
    loop {
        match (tokens.get(at), tokens.get(at + 1)) {
            (Some(Token::Sign('}')), _) => return (Some(Value::Record(fields)), at + 1),
            (Some(Token::Name(name) | Token::Text(name)), Some(Token::Sign(':'))) => {
                let (field, end) = value(tokens, at + 2, depth + 1);
                fields.push((name.clone(), field.unwrap_or(Value::Other)));
                at = skip_rest(tokens, end);
            }
            (Some(Token::Sign(',')), _) => at += 1,
            // A block of code, not an object, or the end.
            _ => return (None, at),
        }
    }
}

/// To the comma or bracket that ends an element whose start was not a plain literal.
fn skip_rest(tokens: &[Token], mut at: usize) -> usize {
    let mut open = 0usize;
    while let Some(token) = tokens.get(at) {
        match token {
            Token::Sign('(' | '[' | '{') => open += 1,
            Token::Sign(')' | ']' | '}' | ',' | ';') if open == 0 => break,
            Token::Sign(')' | ']' | '}') => open -= 1,
            _ => {}
        }
        at += 1;
    }
    at
}

/// The tokens that a call or assignment at `at` writes into the page, and whether it writes where it stands.
fn writing(tokens: &[Token], at: usize) -> Option<(usize, usize, bool)> {
    let Token::Name(name) = &tokens[at] else { return None };
    match name.as_str() {
        "write" | "writeln" if is_member(tokens, at) && tokens.get(at + 1) == Some(&Token::Sign('(')) => {
            let of_document = at >= 2 && tokens[at - 2] == Token::Name("document".into());
            of_document.then(|| (at + 2, skip_arguments(tokens, at + 2), true))
        }
        "html" | "append" | "prepend" | "after" | "before" | "insertAdjacentHTML"
            if is_member(tokens, at) && tokens.get(at + 1) == Some(&Token::Sign('(')) =>
        {
            Some((at + 2, skip_arguments(tokens, at + 2), false))
        }
        "innerHTML" | "outerHTML" if is_member(tokens, at) => {
            let plus = usize::from(tokens.get(at + 1) == Some(&Token::Sign('+')));
            (tokens.get(at + 1 + plus) == Some(&Token::Sign('=')))
                .then(|| (at + 2 + plus, skip_rest(tokens, at + 2 + plus), false))
        }
        _ => None,
    }
}

fn skip_arguments(tokens: &[Token], mut at: usize) -> usize {
    loop {
        at = skip_rest(tokens, at);
        match tokens.get(at) {
            Some(Token::Sign(',' | ';')) => at += 1,
            _ => return at,
        }
    }
}

/// A step into a value.
#[derive(Debug, Clone, PartialEq)]
enum Key {
    At(usize),
    Named(String),
    /// A loop's variable.
    Each,
}

/// A part of a concatenation.
#[derive(Debug, Clone)]
enum Part {
    Text(String),
    Path(String, Vec<Key>),
    /// A loop's variable in a sum: `(i+1)`.
    Counter,
}

/// The text of a concatenation, once for each element of the array that it walks.
fn write(tokens: &[Token], variables: &Variables, used: &mut Vec<String>) -> String {
    let parts = parts(tokens);
    let mut rounds = 1;
    for part in &parts {
        let Part::Path(name, keys) = part else { continue };
        let Some(value) = variables.get(name) else { continue };
        if !used.contains(name) {
            used.push(name.clone());
        }
        if keys.first() == Some(&Key::Each)
            && let Value::List(items) = value
        {
            rounds = rounds.max(items.len());
        }
    }
    let mut out = String::new();
    for round in 0..rounds {
        for part in &parts {
            match part {
                Part::Text(t) => out.push_str(t),
                Part::Counter => out.push_str(&(round + 1).to_string()),
                Part::Path(name, keys) => {
                    let found = variables.get(name).and_then(|v| follow(v, keys, round));
                    out.push_str(&found.map(Value::text).unwrap_or_default());
                }
            }
        }
        if out.len() > MOST_WRITTEN {
            break;
        }
    }
    out
}

fn follow<'v>(value: &'v Value, keys: &[Key], round: usize) -> Option<&'v Value> {
    let mut at = value;
    for key in keys {
        at = match key {
            Key::Each => at.get(&Key::At(round))?,
            key => at.get(key)?,
        };
    }
    Some(at)
}

fn parts(tokens: &[Token]) -> Vec<Part> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            Token::Text(t) => {
                out.push(Part::Text(t.clone()));
                at += 1;
            }
            Token::Name(name) => {
                let (keys, end) = keys(tokens, at + 1);
                out.push(Part::Path(name.clone(), keys));
                at = end;
            }
            Token::Sign('(') => {
                let end = skip_arguments(tokens, at + 1);
                let inner = &tokens[(at + 1).min(end)..end];
                match inner {
                    [Token::Name(_), Token::Sign('+'), Token::Number(_)] => out.push(Part::Counter),
                    _ => out.extend(parts(inner)),
                }
                at = end + 1;
            }
            Token::Number(n) => {
                out.push(Part::Text(n.to_string()));
                at += 1;
            }
            Token::Sign(_) => at += 1,
        }
    }
    out
}

fn keys(tokens: &[Token], mut at: usize) -> (Vec<Key>, usize) {
    let mut out = Vec::new();
    loop {
        match (tokens.get(at), tokens.get(at + 1), tokens.get(at + 2)) {
            (Some(Token::Sign('[')), Some(Token::Number(n)), Some(Token::Sign(']'))) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "an index; a wrong one finds nothing"
                )]
                out.push(Key::At(*n as usize));
                at += 3;
            }
            (Some(Token::Sign('[')), Some(Token::Text(name)), Some(Token::Sign(']'))) => {
                out.push(Key::Named(name.clone()));
                at += 3;
            }
            (Some(Token::Sign('[')), Some(_), _) => {
                out.push(Key::Each);
                at = skip_rest(tokens, at + 1) + 1;
            }
            (Some(Token::Sign('.')), Some(Token::Name(name)), _) => {
                out.push(Key::Named(name.clone()));
                at += 2;
            }
            (Some(Token::Sign('(')), ..) => at = skip_arguments(tokens, at + 1) + 1,
            _ => return (out, at),
        }
    }
}

fn tokens(code: &str) -> Vec<Token> {
    let mut scanner = Scanner {
        chars: code.chars().collect(),
        at: 0,
        out: Vec::new(),
    };
    scanner.run(0);
    scanner.out
}

struct Scanner {
    chars: Vec<char>,
    at: usize,
    out: Vec<Token>,
}

impl Scanner {
    fn peek(&self, ahead: usize) -> char {
        self.chars.get(self.at + ahead).copied().unwrap_or('\0')
    }

    /// To the end, or to the brace that closes an interpolation (`depth` > 0).
    fn run(&mut self, depth: usize) {
        let mut braces = 0usize;
        while self.at < self.chars.len() {
            let c = self.peek(0);
            match c {
                '/' if self.peek(1) == '/' => self.skip_to("\n"),
                '/' if self.peek(1) == '*' => self.skip_to("*/"),
                '/' if self.starts_regex() => self.skip_regex(),
                '"' | '\'' => self.string(c),
                '`' => self.template(depth),
                '}' if depth > 0 && braces == 0 => return,
                _ if c.is_alphabetic() || c == '_' || c == '$' => self.name(),
                _ if c.is_ascii_digit() => self.number(),
                _ => {
                    match c {
                        '{' => braces += 1,
                        '}' => braces = braces.saturating_sub(1),
                        _ => {}
                    }
                    if !c.is_whitespace() {
                        self.out.push(Token::Sign(c));
                    }
                    self.at += 1;
                }
            }
        }
    }

    fn skip_to(&mut self, end: &str) {
        let end: Vec<char> = end.chars().collect();
        self.at += 2;
        while self.at < self.chars.len() && !self.chars[self.at..].starts_with(&end) {
            self.at += 1;
        }
        self.at = (self.at + end.len()).min(self.chars.len());
    }

    fn starts_regex(&self) -> bool {
        matches!(
            self.out.last(),
            None | Some(Token::Sign(
                '(' | '=' | ',' | ':' | '[' | '!' | '&' | '|' | '?' | '{' | ';'
            ))
        )
    }

    /// Over a regular expression; if none ends on this line it was a division.
    fn skip_regex(&mut self) {
        let from = self.at;
        self.at += 1;
        while !matches!(self.peek(0), '\n' | '\0') {
            match self.peek(0) {
                '\\' => self.at += 2,
                '/' => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
        self.at = from + 1;
    }

    fn string(&mut self, quote: char) {
        self.at += 1;
        let mut text = String::new();
        while self.at < self.chars.len() {
            let c = self.peek(0);
            if c == quote || c == '\n' {
                break;
            }
            self.take(&mut text);
        }
        self.at += 1;
        self.out.push(Token::Text(text));
    }

    /// One character of a string, escapes resolved.
    fn take(&mut self, text: &mut String) {
        let c = self.peek(0);
        self.at += 1;
        if c != '\\' {
            text.push(c);
            return;
        }
        let escaped = self.peek(0);
        self.at += 1;
        match escaped {
            'n' | 'r' | 't' | '\n' | '\r' => text.push(' '),
            'u' | 'x' => {
                let length = if escaped == 'u' { 4 } else { 2 };
                let hex: String = (0..length).map(|i| self.peek(i)).collect();
                if let Some(c) = u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32) {
                    text.push(c);
                    self.at += length;
                }
            }
            '\0' => {}
            other => text.push(other),
        }
    }

    fn template(&mut self, depth: usize) {
        self.at += 1;
        let mut text = String::new();
        while self.at < self.chars.len() && self.peek(0) != '`' {
            if self.peek(0) == '$' && self.peek(1) == '{' && depth < DEPTH {
                self.out.push(Token::Text(std::mem::take(&mut text)));
                self.out.push(Token::Sign('+'));
                self.at += 2;
                self.run(depth + 1);
                self.at += 1;
                self.out.push(Token::Sign('+'));
            } else {
                self.take(&mut text);
            }
        }
        self.at += 1;
        self.out.push(Token::Text(text));
    }

    fn name(&mut self) {
        let from = self.at;
        while self.peek(0).is_alphanumeric() || matches!(self.peek(0), '_' | '$') {
            self.at += 1;
        }
        self.out.push(Token::Name(self.chars[from..self.at].iter().collect()));
    }

    fn number(&mut self) {
        let from = self.at;
        while self.peek(0).is_ascii_alphanumeric() || self.peek(0) == '.' {
            self.at += 1;
        }
        let text: String = self.chars[from..self.at].iter().collect();
        self.out.push(Token::Number(text.parse().unwrap_or(0.0)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(code: &str) -> String {
        read(code, &mut Variables::new()).written
    }

    #[test]
    fn loops_over_literal_arrays_are_unrolled() {
        let code = r#"
            var archivos = [ ['Bando', 'bando.pdf'], ["Reglamento", "regl\u00e1.pdf"] ];
            for (var i = 0; i < archivos.length; i++) {
              document.write('<a href="docs/' + archivos[i][1] + '" id="m' + (i+1) + '">' + archivos[i][0] + '</a>');
            }"#;
        assert_eq!(
            written(code),
            r#"<a href="docs/bando.pdf" id="m1">Bando</a><a href="docs/reglá.pdf" id="m2">Reglamento</a>"#
        );
    }

    #[test]
    fn fields_variables_and_templates() {
        let code = r#"const ruta = "/d/"; let L = [{t: 'Uno', u: 'a.pdf'}];
            L.forEach((x, i) => document.write(`<a href="${ruta}${L[i].u}">${L[i].t}</a>`));"#;
        assert_eq!(written(code), r#"<a href="/d/a.pdf">Uno</a>"#);
    }

    #[test]
    fn data_that_is_not_written_is_kept() {
        let reading = read(
            "var t = [{id: 1, text: 'A', items: [{html: '<a href=x>y</a>'}]}, f(1,2)];",
            &mut Variables::new(),
        );
        let [Value::List(items)] = reading.data.as_slice() else {
            panic!("{reading:?}")
        };
        assert_eq!(items.len(), 2);
        assert_eq!(items[1], Value::Other);
    }

    #[test]
    fn comments_and_regular_expressions_hide_nothing() {
        let code = "x = a / 2; // '\n y = s.replace(/['\"]/g, ''); /* \" */ document.write('<b>ok</b>')";
        assert_eq!(written(code), "<b>ok</b>");
    }

    proptest::proptest! {
        #[test]
        fn any_code_is_read_without_panic(code in ".{0,300}") {
            let _ = written(&code);
        }

        #[test]
        fn code_like_text_is_read_without_panic(code in r#"(var |a|=|\[|\]|\{|\}|\(|\)|'|"|`|\$\{|,|:|\.|\+|document\.write|/|\\|1){0,60}"#) {
            let _ = written(&code);
        }
    }
}
