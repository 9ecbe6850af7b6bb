//! Content codings of HTTP (`gzip`, `deflate`), undone within a limit.

use std::io::{self, Read};

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

/// Undoes a `Content-Encoding` (several are undone from the last to the first), giving at most `limit` bytes.
pub fn decode(content_encoding: Option<&str>, payload: &[u8], limit: u64) -> Result<Decoded, CodecError> {
    let codings: Vec<String> = content_encoding
        .unwrap_or_default()
        .split(',')
        .map(|c| c.trim().to_ascii_lowercase())
        .filter(|c| !c.is_empty() && c != "identity")
        .collect();
    let mut decoded = Decoded {
        bytes: Vec::new(),
        truncated_at_limit: false,
    };
    if codings.is_empty() {
        take(payload, limit, &mut decoded).map_err(|source| CodecError::Broken {
            coding: "identity".to_owned(),
            source,
        })?;
        return Ok(decoded);
    }
    let mut input = payload.to_vec();
    for coding in codings.iter().rev() {
        let mut step = Decoded {
            bytes: Vec::new(),
            truncated_at_limit: false,
        };
        let done = match coding.as_str() {
            "gzip" | "x-gzip" => take(MultiGzDecoder::new(input.as_slice()), limit, &mut step),
            "deflate" if is_zlib(&input) => take(ZlibDecoder::new(input.as_slice()), limit, &mut step),
            "deflate" => take(DeflateDecoder::new(input.as_slice()), limit, &mut step),
            other => return Err(CodecError::Unknown(other.to_owned())),
        };
        done.map_err(|source| CodecError::Broken {
            coding: coding.clone(),
            source,
        })?;
        decoded.truncated_at_limit |= step.truncated_at_limit;
        input = step.bytes;
    }
    decoded.bytes = input;
    Ok(decoded)
}

fn take(reader: impl Read, limit: u64, out: &mut Decoded) -> io::Result<()> {
    reader.take(limit.saturating_add(1)).read_to_end(&mut out.bytes)?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    out.truncated_at_limit = out.bytes.len() > most;
    out.bytes.truncate(most);
    Ok(())
}

/// Servers send zlib or raw deflate under the same name.
fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [first, second, ..] if first & 0x0f == 8 && (u16::from(*first) * 256 + u16::from(*second)) % 31 == 0)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

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
    }
}
