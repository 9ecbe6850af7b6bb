//! Which character encoding, and what decided it: BOM, header, meta, detection. A declared UTF-8 that the bytes deny loses.

use chardetng::EncodingDetector;
use encoding_rs::{Encoding, UTF_8};

use crate::model::{CharsetDecision, CharsetSource};

/// Bytes in which `<meta charset>` is looked for.
const META_WITHIN: usize = 4096;

/// Decodes bytes to text; `html` says whether a `meta` may declare the encoding.
#[must_use]
pub fn decode(bytes: &[u8], content_type: Option<&str>, html: bool) -> (String, CharsetDecision) {
    let (encoding, source) = decide(bytes, content_type, html);
    let (text, malformed) = encoding.decode_with_bom_removal(bytes);
    let decision = CharsetDecision {
        name: encoding.name().to_owned(),
        source,
        malformed,
    };
    (text.into_owned(), decision)
}

fn decide(bytes: &[u8], content_type: Option<&str>, html: bool) -> (&'static Encoding, CharsetSource) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return (encoding, CharsetSource::Bom);
    }
    let header = content_type
        .and_then(|c| label_after(c, "charset="))
        .map(|e| (e, CharsetSource::Header));
    let meta = || {
        let head: String = bytes
            .iter()
            .take(META_WITHIN)
            .map(|b| char::from(*b).to_ascii_lowercase())
            .collect();
        label_after(&head, "charset=").map(|e| (e, CharsetSource::Meta))
    };
    let declared = header.or_else(|| if html { meta() } else { None });
    let utf8 = is_utf8(bytes);
    match declared {
        // Bytes that are valid UTF-8 with accents are UTF-8, whatever an old server declares.
        Some((encoding, _)) if encoding != UTF_8 && utf8 == Some(true) => (UTF_8, CharsetSource::Detected),
        Some((encoding, _)) if encoding == UTF_8 && utf8 == Some(false) && mostly_not_utf8(bytes) => {
            (detect(bytes), CharsetSource::Detected)
        }
        Some(declared) => declared,
        None => match utf8 {
            Some(false) => (detect(bytes), CharsetSource::Detected),
            _ => (UTF_8, CharsetSource::Detected),
        },
    }
}

/// `None`: only ASCII.
fn is_utf8(bytes: &[u8]) -> Option<bool> {
    if bytes.is_ascii() {
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => Some(true),
        // Cut in the middle of its last character.
        Err(e) => Some(e.error_len().is_none()),
    }
}

/// More broken than whole sequences: not a UTF-8 page with a stray byte.
fn mostly_not_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    broken > whole
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(1 << 20)], true);
    detector.guess(Some(b"mx"), chardetng::Utf8Detection::Allow)
}

fn label_after(text: &str, mark: &str) -> Option<&'static Encoding> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find(mark)? + mark.len();
    let label: String = lower[at..]
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))
        .collect();
    Encoding::for_label(label.as_bytes())
}
