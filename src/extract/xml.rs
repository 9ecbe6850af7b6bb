//! XML inside documents. Entities that a document declares are never expanded and none is fetched: only the five of XML and character
//! references become text, so that a few bytes cannot become gigabytes.

use std::borrow::Cow;

/// The text behind the five entities of XML and character references; others stay as written.
pub(super) fn unescaped(raw: &str) -> Cow<'_, str> {
    quick_xml::escape::unescape(raw).unwrap_or(Cow::Borrowed(raw))
}

/// The character of a reference `&name;` or `&#n;` by what stands between `&` and `;`.
pub(super) fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}
