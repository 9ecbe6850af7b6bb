//! Fonts as strangers' files describe them → fonts that the reader of text takes: each mends one thing that it would stumble over.

use pdf_extract::{Dictionary, Document as Pdf, Object, Stream};

use super::{stream, unicode};

/// Encodings by name that the reader knows.
const KNOWN: &[&[u8]] = &[b"MacRomanEncoding", b"MacExpertEncoding", b"WinAnsiEncoding"];

/// A copy of a font without what is not needed for its text, and with what is missing; Helvetica for none.
pub(super) fn mended(pdf: &Pdf, font: Option<&Dictionary>, left: &mut usize) -> Object {
    let mut out = Dictionary::new();
    out.set("Type", name("Font"));
    let subtype = font.and_then(|f| word(pdf, f, b"Subtype")).unwrap_or(b"Type1");
    out.set("Subtype", Object::Name(subtype.to_vec()));
    let base = font.and_then(|f| word(pdf, f, b"BaseFont")).unwrap_or(b"Helvetica");
    out.set("BaseFont", Object::Name(base.to_vec()));
    let empty = Dictionary::new();
    let font = font.unwrap_or(&empty);
    let unicode = to_unicode(pdf, font, left);
    let mapped = unicode.is_some();
    if let Some(map) = unicode {
        out.set("ToUnicode", map);
    }
    match subtype {
        b"Type0" => composite(pdf, font, &mut out, left),
        b"Type3" => {
            out.set(
                "Encoding",
                encoding(pdf, font).unwrap_or_else(|| name("WinAnsiEncoding")),
            );
            all_widths(pdf, font, &mut out);
        }
        _ => {
            let encoding = encoding(pdf, font).or_else(|| mapped.then(|| name("WinAnsiEncoding")));
            if encoding.is_none()
                && let Some(descriptor) = dictionary(pdf, font, b"FontDescriptor")
            {
                out.set("FontDescriptor", own_encoding(pdf, descriptor, left));
            }
            if let Some(encoding) = encoding {
                out.set("Encoding", encoding);
            }
            simple_widths(pdf, font, &mut out);
        }
    }
    Object::Dictionary(out)
}

fn name(text: &str) -> Object {
    Object::Name(text.as_bytes().to_vec())
}

fn word<'a>(pdf: &'a Pdf, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a [u8]> {
    dictionary.get_deref(key, pdf).and_then(Object::as_name).ok()
}

fn dictionary<'a>(pdf: &'a Pdf, of: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
    of.get_deref(key, pdf).and_then(Object::as_dict).ok()
}

fn resolved<'a>(pdf: &'a Pdf, object: &'a Object) -> Option<&'a Object> {
    pdf.dereference(object).ok().map(|(_, o)| o)
}

/// A stream inflated, and taken off what may still be inflated for fonts.
fn spent(stream: &Stream, left: &mut usize) -> Vec<u8> {
    let bytes = stream::inflated(stream, *left);
    *left = left.saturating_sub(bytes.len());
    bytes
}

/// Its map to Unicode, inflated within the limit.
fn to_unicode(pdf: &Pdf, font: &Dictionary, left: &mut usize) -> Option<Object> {
    let map = font.get_deref(b"ToUnicode", pdf).and_then(Object::as_stream).ok()?;
    let bytes = unicode::cleaned(&spent(map, left))?;
    Some(Object::Stream(Stream::new(Dictionary::new(), bytes)))
}

fn encoding(pdf: &Pdf, font: &Dictionary) -> Option<Object> {
    match font.get_deref(b"Encoding", pdf).ok()? {
        Object::Name(n) if KNOWN.contains(&n.as_slice()) => Some(Object::Name(n.clone())),
        Object::Dictionary(d) => {
            let mut out = Dictionary::new();
            out.set("Type", name("Encoding"));
            if let Some(base) = word(pdf, d, b"BaseEncoding").filter(|b| KNOWN.contains(b)) {
                out.set("BaseEncoding", Object::Name(base.to_vec()));
            }
            let differences = d.get_deref(b"Differences", pdf).and_then(Object::as_array);
            out.set(
                "Differences",
                Object::Array(differences.map(|a| codes(pdf, a)).unwrap_or_default()),
            );
            Some(Object::Dictionary(out))
        }
        _ => None,
    }
}

/// Differences whose codes stay within a byte.
fn codes(pdf: &Pdf, differences: &[Object]) -> Vec<Object> {
    let mut code = 0i64;
    let mut out = Vec::new();
    for object in differences.iter().filter_map(|o| resolved(pdf, o)) {
        match object {
            Object::Integer(n) => {
                code = *n;
                if (0..256).contains(&code) {
                    out.push(object.clone());
                }
            }
            Object::Name(_) => {
                if (0..256).contains(&code) {
                    out.push(object.clone());
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    out
}

/// First code and widths, when they are numbers that fit the codes of a byte.
fn widths(pdf: &Pdf, font: &Dictionary) -> Option<(i64, Vec<Object>)> {
    let first = font.get_deref(b"FirstChar", pdf).and_then(Object::as_i64).ok()?;
    let listed = font.get_deref(b"Widths", pdf).and_then(Object::as_array).ok()?;
    let widths: Vec<Object> = listed
        .iter()
        .map(|o| match resolved(pdf, o) {
            Some(o @ (Object::Integer(_) | Object::Real(_))) => o.clone(),
            _ => Object::Integer(0),
        })
        .collect();
    ((0..256).contains(&first) && widths.len() <= 256).then_some((first, widths))
}

fn simple_widths(pdf: &Pdf, font: &Dictionary, out: &mut Dictionary) {
    let Some((first, widths)) = widths(pdf, font) else {
        return;
    };
    let last = first + i64::try_from(widths.len()).unwrap_or(0) - 1;
    out.set("FirstChar", Object::Integer(first));
    out.set("LastChar", Object::Integer(last));
    out.set("Widths", Object::Array(widths));
}

/// A width for each code of a byte, which the reader asks of fonts that are drawn.
fn all_widths(pdf: &Pdf, font: &Dictionary, out: &mut Dictionary) {
    let mut all = vec![Object::Integer(0); 256];
    if let Some((first, widths)) = widths(pdf, font) {
        let first = usize::try_from(first).unwrap_or(0);
        for (slot, width) in all.iter_mut().skip(first).zip(widths) {
            *slot = width;
        }
    }
    out.set("FirstChar", Object::Integer(0));
    out.set("LastChar", Object::Integer(255));
    out.set("Widths", Object::Array(all));
}

/// The font's program where the encoding stands in it (Type 1), and nothing else of the descriptor.
fn own_encoding(pdf: &Pdf, descriptor: &Dictionary, left: &mut usize) -> Object {
    let mut out = Dictionary::new();
    for key in ["FontFile", "FontFile3"] {
        if let Ok(program) = descriptor.get_deref(key.as_bytes(), pdf).and_then(Object::as_stream) {
            let mut dictionary = Dictionary::new();
            if let Some(subtype) = word(pdf, &program.dict, b"Subtype") {
                dictionary.set("Subtype", Object::Name(subtype.to_vec()));
            } else {
                dictionary.set("Subtype", name("Type1"));
            }
            let bytes = spent(program, left);
            out.set(key, Object::Stream(Stream::new(dictionary, bytes)));
        }
    }
    Object::Dictionary(out)
}

fn composite(pdf: &Pdf, font: &Dictionary, out: &mut Dictionary, left: &mut usize) {
    let encoding = match font.get_deref(b"Encoding", pdf) {
        Ok(Object::Stream(map)) => {
            let bytes = spent(map, left);
            Object::Stream(Stream::new(Dictionary::new(), bytes))
        }
        // Codes of two bytes are what all others have; their text is in the map to Unicode.
        _ => name("Identity-H"),
    };
    out.set("Encoding", encoding);
    let descendant = font
        .get_deref(b"DescendantFonts", pdf)
        .and_then(Object::as_array)
        .ok()
        .and_then(|a| resolved(pdf, a.first()?)?.as_dict().ok());
    let mut below = Dictionary::new();
    below.set("FontDescriptor", Object::Dictionary(Dictionary::new()));
    if let Some(descendant) = descendant {
        if let Ok(width) = descendant.get_deref(b"DW", pdf).and_then(Object::as_i64) {
            below.set("DW", Object::Integer(width));
        }
        if let Ok(listed) = descendant.get_deref(b"W", pdf).and_then(Object::as_array) {
            below.set("W", Object::Array(runs_of_widths(pdf, listed)));
        }
    }
    out.set("DescendantFonts", Object::Array(vec![Object::Dictionary(below)]));
}

/// The runs `code [w w …]` of a composite font's widths, and `first last w` written out as such.
fn runs_of_widths(pdf: &Pdf, listed: &[Object]) -> Vec<Object> {
    let items: Vec<&Object> = listed.iter().filter_map(|o| resolved(pdf, o)).collect();
    let mut out = Vec::new();
    let mut at = 0;
    let mut left = 70_000usize;
    while at + 1 < items.len() && left > 0 {
        match (items[at], items[at + 1], items.get(at + 2)) {
            (Object::Integer(first), Object::Array(widths), _) => {
                let widths = widths
                    .iter()
                    .map(|w| match resolved(pdf, w) {
                        Some(o @ (Object::Integer(_) | Object::Real(_))) => o.clone(),
                        _ => Object::Integer(1000),
                    })
                    .collect();
                out.extend([Object::Integer(*first), Object::Array(widths)]);
                at += 2;
            }
            (Object::Integer(first), Object::Integer(last), Some(width @ (Object::Integer(_) | Object::Real(_)))) => {
                let count = usize::try_from(last.saturating_sub(*first).saturating_add(1)).unwrap_or(0);
                let widths = vec![(*width).clone(); count.min(left)];
                left -= widths.len();
                out.extend([Object::Integer(*first), Object::Array(widths)]);
                at += 3;
            }
            _ => at += 1,
        }
    }
    out
}
