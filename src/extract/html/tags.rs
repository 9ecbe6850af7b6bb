//! Tags before they are parsed: the parser takes quadratic time over the attributes of one.

use std::borrow::Cow;

/// Attributes of an element that are read.
pub(super) const ATTRIBUTES: usize = 64;

/// The same where the text is, in all likelihood, no markup: a tag there is one only if the author deceives.
const DISGUISED: usize = 1_000;
/// Bytes of a tag from which on it is looked into, so many times in a page.
const LONG: usize = 64 << 10;
const MOST_LONG: usize = 50;
/// Elements whose content is no markup.
const RAW: &[&str] = &[
    "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes",
];

/// The text without the attributes of each tag beyond the first [`ATTRIBUTES`]; and, when there were any, what to tell.
pub(super) fn few_attributes(text: &str) -> (Cow<'_, str>, Option<String>) {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut kept, mut at, mut raw, mut looked_into) = (0, 0, 0, 0);
    while let Some(next) = find(bytes, at, b'<') {
        at = next + 1;
        if at >= raw && bytes[at..].starts_with(b"!--") {
            let end = |mark: &str| text[at..].find(mark).map_or(bytes.len(), |end| at + end);
            at = end("-->").min(end("--!>"));
            continue;
        }
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let inside = at < raw;
        let tag = if inside {
            read(&bytes[..raw], at, DISGUISED)
        } else {
            read(bytes, at, ATTRIBUTES)
        };
        if let Some(from) = tag.crowd {
            out.push_str(&text[kept..from]);
            kept = tag.end;
        } else if tag.end - at > LONG && looked_into < MOST_LONG {
            // A quote that the parser does not see may have hidden tags.
            looked_into += 1;
            continue;
        }
        if inside {
            at = tag.end;
            continue;
        }
        let name = bytes[at..]
            .iter()
            .take(12)
            .take_while(|b| b.is_ascii_alphanumeric())
            .count();
        let name = text[at..at + name].to_ascii_lowercase();
        at = tag.end;
        if RAW.contains(&name.as_str()) {
            raw = closing(bytes, at, name.as_bytes());
        }
    }
    if kept == 0 {
        return (Cow::Borrowed(text), None);
    }
    out.push_str(&text[kept..]);
    let told = format!("un elemento tiene más de {ATTRIBUTES} atributos; se leyeron los primeros");
    (Cow::Owned(out), Some(told))
}

/// Where a tag ends (at its `>`, or with the text), and where its attributes become too many.
struct Tag {
    end: usize,
    crowd: Option<usize>,
}

/// Reads a tag from its name on, as browsers do: quotes hide `>`.
fn read(bytes: &[u8], from: usize, most: usize) -> Tag {
    let is_end = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'>');
    let until = |at: usize, stop: &dyn Fn(&u8) -> bool| at + bytes[at..].iter().take_while(|b| !stop(b)).count();
    let mut at = until(from, &is_end);
    let mut count = 0;
    let mut crowd = None;
    loop {
        at = until(at, &|b| !(b.is_ascii_whitespace() || *b == b'/'));
        if matches!(bytes.get(at), None | Some(b'>')) {
            return Tag { end: at, crowd };
        }
        count += 1;
        if count == most + 1 {
            crowd = Some(at);
        }
        // A name may begin with an equals sign.
        at = until(at + 1, &|b| is_end(b) || *b == b'=');
        let value = until(at, &|b| !b.is_ascii_whitespace());
        if bytes.get(value) != Some(&b'=') {
            continue;
        }
        at = until(value + 1, &|b| !b.is_ascii_whitespace());
        at = match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => (until(at + 1, &|b| b == quote) + 1).min(bytes.len()),
            _ => until(at, &|b| b.is_ascii_whitespace() || *b == b'>'),
        };
    }
}

fn find(bytes: &[u8], from: usize, byte: u8) -> Option<usize> {
    bytes.get(from..)?.iter().position(|b| *b == byte).map(|p| from + p)
}

/// Where the closing tag of an element begins, or the end of the text.
fn closing(bytes: &[u8], from: usize, name: &[u8]) -> usize {
    let mut at = from;
    while let Some(next) = find(bytes, at, b'<') {
        let rest = &bytes[next + 1..];
        if rest.first() == Some(&b'/') && rest.get(1..=name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)) {
            return next;
        }
        at = next + 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_attributes_stay_and_the_rest_of_the_page_too() {
        let some = |count: usize| (0..count).fold(String::new(), |out, n| format!("{out} a{n}='x > {n}'"));
        let (many, few) = (some(100), some(64));
        let page = format!("<p>antes<a href=/x{}>uno</a><b class=\"c\">dos</b>", &many);
        let (text, told) = few_attributes(&page);
        assert_eq!(text.split("<b").last(), Some(" class=\"c\">dos</b>"), "{text}");
        assert!(
            text.contains("a62='x > 62' >uno</a>") && !text.contains("a63"),
            "{text}"
        );
        assert!(told.is_some_and(|t| t.contains("64")));
        for same in [
            format!("<a{few}>uno</a>"),
            format!("<script>for (i=0;i <n;i++) {{ {} }}</script><p>x", "a b ".repeat(99)),
            format!("<!-- <a {}> --><p>x", "a ".repeat(99)),
            "<".to_owned(),
            "<a".to_owned(),
            "<a b='".to_owned(),
            "<a =>x</a><é>".to_owned(),
        ] {
            assert_eq!(few_attributes(&same), (Cow::Borrowed(same.as_str()), None), "{same}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_comes_through(text in "(<a |<script>|</script>|<!--|-->|b=|'|\"|>| é|/|=){0,200}") {
            let (out, told) = few_attributes(&text);
            proptest::prop_assert_eq!(told.is_none(), out == text);
        }
    }
}
