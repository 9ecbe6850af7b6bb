//! Content codings of HTTP (`gzip`, `deflate`), undone within a limit.

use std::io::{self, Read, Write};

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use thiserror::Error;

/// Why a body cannot be decoded.
#[derive(Debug, Error)]
pub enum CodecError {
    /// A coding that was not asked for.
    #[error("unknown content coding '{0}'")]
    Unknown(String),
    /// The bytes are not what the coding says.
    #[error("broken {coding} body: {source}")]
    Broken {
        /// Coding.
        coding: String,
        /// Why.
        source: io::Error,
    },
}

/// A decoded body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The bytes, at most the limit.
    pub bytes: Vec<u8>,
    /// Whether there was more.
    pub truncated_at_limit: bool,
}

/// Codings of one body that are undone, at most: more are a trick.
const MOST_CODINGS: usize = 4;

/// Undoes a `Content-Encoding` (several are undone from the last to the first), giving at most `limit` bytes. No more than that
/// is ever held.
pub fn decode(content_encoding: Option<&str>, payload: &[u8], limit: u64) -> Result<Decoded, CodecError> {
    let mut bytes = Vec::new();
    let truncated_at_limit = decode_to(content_encoding, payload, limit, &mut bytes)?;
    Ok(Decoded {
        bytes,
        truncated_at_limit,
    })
}

/// The same into a writer, piece by piece; whether there was more than the limit.
pub fn decode_to(
    content_encoding: Option<&str>,
    payload: &[u8],
    limit: u64,
    out: &mut impl Write,
) -> Result<bool, CodecError> {
    let names = codings(content_encoding);
    if names.len() > MOST_CODINGS {
        return Err(CodecError::Unknown(format!("{} codings", names.len())));
    }
    let broken = |source| CodecError::Broken {
        coding: if names.is_empty() {
            "identity".to_owned()
        } else {
            names.join(", ")
        },
        source,
    };
    let mut reader: Box<dyn Read + '_> = Box::new(payload);
    for coding in names.iter().rev() {
        // What lies between two codings is bounded too, though it is never held.
        reader = match coding.as_str() {
            "gzip" | "x-gzip" => Box::new(MultiGzDecoder::new(reader).take(limit.saturating_add(1))),
            "deflate" => inflated(reader, limit).map_err(broken)?,
            other => return Err(CodecError::Unknown(other.to_owned())),
        };
    }
    io::copy(&mut reader.by_ref().take(limit), out).map_err(broken)?;
    let mut more = [0];
    match reader.read(&mut more) {
        Ok(n) => Ok(n > 0),
        Err(source) => Err(broken(source)),
    }
}

/// Names of the codings in the order applied; none for a body as it is.
#[must_use]
pub fn codings(content_encoding: Option<&str>) -> Vec<String> {
    content_encoding
        .unwrap_or_default()
        .split(',')
        .map(|c| c.trim().to_ascii_lowercase())
        .filter(|c| !c.is_empty() && c != "identity")
        .collect()
}

/// Undoes `deflate` in either of its meanings.
fn inflated<'a>(mut reader: Box<dyn Read + 'a>, limit: u64) -> io::Result<Box<dyn Read + 'a>> {
    let mut start = Vec::with_capacity(2);
    reader.by_ref().take(2).read_to_end(&mut start)?;
    let zlib = is_zlib(&start);
    let whole = io::Cursor::new(start).chain(reader);
    Ok(if zlib {
        Box::new(ZlibDecoder::new(whole).take(limit.saturating_add(1)))
    } else {
        Box::new(DeflateDecoder::new(whole).take(limit.saturating_add(1)))
    })
}

/// Servers send zlib or raw deflate under the same name.
fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [first, second, ..] if first & 0x0f == 8 && (u16::from(*first) * 256 + u16::from(*second)) % 31 == 0)
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn encoded(coding: &str, data: &[u8]) -> Vec<u8> {
        match coding {
            "gzip" => {
                let mut e = GzEncoder::new(Vec::new(), Compression::fast());
                e.write_all(data).expect("memory");
                e.finish().expect("memory")
            }
            "zlib" => {
                let mut e = ZlibEncoder::new(Vec::new(), Compression::fast());
                e.write_all(data).expect("memory");
                e.finish().expect("memory")
            }
            _ => {
                let mut e = DeflateEncoder::new(Vec::new(), Compression::fast());
                e.write_all(data).expect("memory");
                e.finish().expect("memory")
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_coded_comes_back(data in proptest::collection::vec(proptest::num::u8::ANY, 0..2000)) {
            for (name, header) in [("gzip", "gzip"), ("zlib", "deflate"), ("raw", "Deflate")] {
                let out = decode(Some(header), &encoded(name, &data), 1 << 20).expect("valid");
                proptest::prop_assert_eq!(&out.bytes, &data);
            }
            let twice = encoded("gzip", &encoded("zlib", &data));
            proptest::prop_assert_eq!(decode(Some("deflate, gzip"), &twice, 1 << 20).expect("valid").bytes, data);
        }

        #[test]
        fn any_bytes_decode_or_are_told(data in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let _ = (decode(Some("gzip"), &data, 1000), decode(Some("deflate"), &data, 1000));
        }
    }

    #[test]
    fn bombs_stop_at_the_limit() {
        let bomb = encoded("gzip", &vec![0; 10 << 20]);
        let out = decode(Some("gzip"), &bomb, 1000).expect("valid");
        assert_eq!((out.bytes.len(), out.truncated_at_limit), (1000, true));
        assert!(matches!(decode(Some("br"), b"x", 10), Err(CodecError::Unknown(_))));
        let many = "gzip,".repeat(50_000);
        assert!(matches!(decode(Some(&many), b"x", 10), Err(CodecError::Unknown(_))));
        let whole = encoded("gzip", &[7; 1000]);
        let out = decode(Some("gzip"), &whole, 1000).expect("valid");
        assert_eq!((out.bytes.len(), out.truncated_at_limit), (1000, false));
    }

    #[test]
    fn what_only_swells_between_two_codings_is_bounded() {
        // Empty members decode to nothing, however many there are.
        let empty = encoded("gzip", b"");
        let swollen = encoded("gzip", &empty.repeat((4 << 20) / empty.len()));
        assert!(matches!(
            decode(Some("gzip, gzip"), &swollen, 1 << 20),
            Err(CodecError::Broken { .. })
        ));
    }
}
