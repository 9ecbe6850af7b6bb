//! Streams, undone within a limit: what a stream says of its size is not believed.

use std::io::Read as _;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use pdf_extract::{Dictionary, Object, Stream};

/// The stream's bytes, at most `limit` of them and one more, which tells that there was more. Empty when its filter is for pictures.
pub(super) fn inflated(stream: &Stream, limit: usize) -> Vec<u8> {
    let filters: Vec<Vec<u8>> = stream
        .filters()
        .map(|names| names.into_iter().map(<[u8]>::to_vec).collect())
        .unwrap_or_default();
    let mut bytes = stream.content.clone();
    for (n, filter) in filters.iter().enumerate().take(4) {
        let parameters = parameters(&stream.dict, n);
        bytes = match filter.as_slice() {
            b"FlateDecode" | b"Fl" if parameters.is_none_or(plain) => flate(&bytes, limit),
            b"FlateDecode" | b"Fl" if flate(&bytes, limit).len() > limit => Vec::new(),
            b"ASCIIHexDecode" | b"AHx" => hexadecimal(&bytes),
            b"RunLengthDecode" | b"RL" => runs(&bytes, limit),
            b"FlateDecode" | b"Fl" => by_library(b"FlateDecode", parameters, bytes),
            b"LZWDecode" | b"LZW" => by_library(b"LZWDecode", parameters, bytes),
            b"ASCII85Decode" | b"A85" => by_library(b"ASCII85Decode", None, bytes),
            _ => Vec::new(),
        };
    }
    bytes.truncate(limit.saturating_add(1));
    bytes
}

/// Parameters of the filter at a position.
fn parameters(dictionary: &Dictionary, n: usize) -> Option<&Dictionary> {
    match dictionary.get(b"DecodeParms").ok()? {
        Object::Dictionary(d) => Some(d),
        Object::Array(all) => all.get(n)?.as_dict().ok(),
        _ => None,
    }
}

/// Without predictor.
fn plain(parameters: &Dictionary) -> bool {
    parameters
        .get(b"Predictor")
        .and_then(Object::as_i64)
        .is_ok_and(|p| p < 2)
        || !parameters.has(b"Predictor")
}

/// What can be inflated, also of a stream that is cut off or whose checksum is wrong.
fn flate(bytes: &[u8], limit: usize) -> Vec<u8> {
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut out = Vec::new();
    // What came before an error is kept; that is all that can be had.
    let whole = ZlibDecoder::new(bytes).take(most).read_to_end(&mut out);
    if whole.is_err() && out.is_empty() && bytes.len() > 2 {
        let _ = DeflateDecoder::new(&bytes[2..]).take(most).read_to_end(&mut out);
    }
    out
}

fn hexadecimal(bytes: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = bytes
        .iter()
        .take_while(|b| **b != b'>')
        .filter_map(|b| char::from(*b).to_digit(16))
        .filter_map(|d| u8::try_from(d).ok())
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0))
        .collect()
}

/// Run lengths (ISO 32000-1, 7.4.5).
fn runs(bytes: &[u8], limit: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(length) = bytes.get(at).copied().filter(|l| *l != 128) {
        if out.len() > limit {
            break;
        }
        if length < 128 {
            let end = (at + 2 + usize::from(length)).min(bytes.len());
            out.extend_from_slice(&bytes[at + 1..end]);
            at = end;
        } else {
            let byte = bytes.get(at + 1).copied().unwrap_or(0);
            out.resize(out.len() + 257 - usize::from(length), byte);
            at += 2;
        }
    }
    out
}

fn by_library(filter: &[u8], parameters: Option<&Dictionary>, bytes: Vec<u8>) -> Vec<u8> {
    let mut dictionary = Dictionary::new();
    dictionary.set("Filter", Object::Name(filter.to_vec()));
    if let Some(parameters) = parameters {
        dictionary.set("DecodeParms", Object::Dictionary(parameters.clone()));
    }
    Stream::new(dictionary, bytes)
        .decompressed_content()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn with(filter: &str, bytes: Vec<u8>) -> Stream {
        let mut dictionary = Dictionary::new();
        dictionary.set("Filter", Object::Name(filter.as_bytes().to_vec()));
        Stream::new(dictionary, bytes)
    }

    #[test]
    fn filters_are_undone_within_the_limit() {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![b'a'; 1 << 20]).expect("memory");
        let bomb = with("FlateDecode", encoder.finish().expect("memory"));
        assert_eq!(inflated(&bomb, 1000).len(), 1001);
        assert_eq!(inflated(&bomb, 2 << 20).len(), 1 << 20);
        assert_eq!(inflated(&with("ASCIIHexDecode", b"48 6f6C 61>".to_vec()), 100), b"Hola");
        assert_eq!(
            inflated(&with("RunLengthDecode", b"\x01Ho\xffl\x00a\x80".to_vec()), 100),
            b"Holla"
        );
        assert_eq!(inflated(&with("DCTDecode", b"\xff\xd8".to_vec()), 100), b"");
    }
}
