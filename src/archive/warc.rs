//! WARC 1.1 (ISO 28500): records written and read, one gzip member each.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;

use super::{Digesting, sha256};

/// Largest record that is read back, in bytes.
const LARGEST: u64 = 1 << 30;

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record<'a> {
    /// Named fields in order, without `WARC-Record-ID`, `Content-Length` and digests of the block.
    pub(super) fields: Vec<(String, String)>,
    /// The block, or its beginning.
    pub(super) block: Vec<u8>,
    /// What follows in the block, where it is not copied.
    pub(super) payload: &'a [u8],
}

impl Record<'_> {
    /// An empty record of a type.
    pub(super) fn new(kind: &str, date: &str) -> Self {
        Self {
            fields: vec![
                ("WARC-Type".to_owned(), kind.to_owned()),
                ("WARC-Date".to_owned(), date.to_owned()),
            ],
            block: Vec::new(),
            payload: &[],
        }
    }

    /// With a field.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        // A line break would start another field.
        let clean: String = value.chars().filter(|c| !c.is_control()).collect();
        self.fields.push((name.to_owned(), clean));
        self
    }

    /// A field's value.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        value_of(&self.fields, name)
    }

    /// The digest of its block.
    pub(super) fn digest(&self) -> String {
        let mut digest = Digesting::default();
        digest.take(&self.block);
        digest.take(self.payload);
        digest.hex()
    }

    /// Its id: a UUID made of its contents (by their `digest`) and `salt`, so that the same crawl writes the same bytes.
    pub(super) fn id(&self, salt: &str, digest: &str) -> String {
        let mut seed = salt.as_bytes().to_vec();
        for (name, value) in &self.fields {
            seed.extend_from_slice(name.as_bytes());
            seed.extend_from_slice(value.as_bytes());
        }
        seed.extend_from_slice(digest.as_bytes());
        let d = sha256(&seed);
        // Version 8 (custom) and the RFC 9562 variant.
        format!(
            "<urn:uuid:{}-{}-8{}-a{}-{}>",
            &d[..8],
            &d[8..12],
            &d[13..16],
            &d[17..20],
            &d[20..32]
        )
    }

    /// Writes the record, whose block has a digest, as one gzip member; its length in bytes.
    pub(super) fn write_to(&self, id: &str, digest: &str, out: &mut impl Write) -> std::io::Result<u64> {
        let mut encoder = GzEncoder::new(Counting { out, length: 0 }, Compression::fast());
        let mut head = format!("WARC/1.1\r\nWARC-Record-ID: {id}\r\n");
        for (name, value) in &self.fields {
            for part in [name, ": ", value, "\r\n"] {
                head.push_str(part);
            }
        }
        head.push_str("WARC-Block-Digest: sha256:");
        head.push_str(digest);
        head.push_str("\r\nContent-Length: ");
        head.push_str(&(self.block.len() + self.payload.len()).to_string());
        head.push_str("\r\n\r\n");
        for part in [head.as_bytes(), &self.block, self.payload, b"\r\n\r\n"] {
            encoder.write_all(part)?;
        }
        Ok(encoder.finish()?.length)
    }
}

/// Counts what goes through.
struct Counting<'w, W> {
    out: &'w mut W,
    length: u64,
}

impl<W: Write> Write for Counting<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let n = self.out.write(bytes)?;
        self.length += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// Reads the member at the start of `bytes`: the record and the member's length. `Ok(None)`: it is cut off.
pub(super) fn read_member(bytes: &[u8]) -> Result<Option<(Record<'static>, u64)>, String> {
    let mut decoder = GzDecoder::new(bytes);
    let mut plain = Vec::with_capacity(bytes.len().saturating_mul(4).min(1 << 20));
    match decoder.by_ref().take(LARGEST).read_to_end(&mut plain) {
        Ok(_) => {}
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(e) => return Err(format!("the gzip member is broken: {e}")),
    }
    let length = (bytes.len() - decoder.into_inner().len()) as u64;
    parse(plain).map(|r| Some((r, length)))
}

/// How many whole records stand one after another in the bytes of an archive's file; a member cut off at the end is none.
///
/// # Errors
/// What is wrong with the first record that is not as this program writes it.
pub fn whole_records(mut bytes: &[u8]) -> Result<usize, String> {
    let mut count = 0;
    while !bytes.is_empty()
        && let Some((_, length)) = read_member(bytes)?
    {
        count += 1;
        let length = usize::try_from(length).map_err(|e| e.to_string())?;
        bytes = bytes.get(length..).unwrap_or_default();
    }
    Ok(count)
}

fn parse(mut plain: Vec<u8>) -> Result<Record<'static>, String> {
    let (fields, from, to) = head(&plain)?;
    plain.truncate(to);
    plain.drain(..from);
    Ok(Record {
        fields,
        block: plain,
        payload: &[],
    })
}

type Fields = Vec<(String, String)>;

/// The fields of a record, and where its block stands, its digest checked.
fn head(plain: &[u8]) -> Result<(Fields, usize, usize), String> {
    let end = find(plain, b"\r\n\r\n").ok_or("the record has no head")?;
    let head = std::str::from_utf8(&plain[..end]).map_err(|_| "the record's head is not UTF-8")?;
    let mut lines = head.split("\r\n");
    if lines.next() != Some("WARC/1.1") {
        return Err("not a WARC/1.1 record".to_owned());
    }
    let mut fields = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(':').ok_or_else(|| format!("'{line}' is no field"))?;
        fields.push((name.to_owned(), value.trim().to_owned()));
    }
    let field = |name: &str| value_of(&fields, name);
    let length: usize = field("Content-Length")
        .and_then(|l| l.parse().ok())
        .ok_or("the record has no Content-Length")?;
    let from = end + 4;
    let to = from.saturating_add(length);
    let block = plain
        .get(from..to)
        .ok_or("the block is shorter than its Content-Length")?;
    if plain.get(to..) != Some(b"\r\n\r\n") {
        return Err("the record does not end after its block".to_owned());
    }
    if field("WARC-Block-Digest") != Some(format!("sha256:{}", sha256(block)).as_str()) {
        return Err("the block does not have the digest that was written".to_owned());
    }
    Ok((fields, from, to))
}

fn value_of<'f>(fields: &'f [(String, String)], name: &str) -> Option<&'f str> {
    fields
        .iter()
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, v)| v.as_str())
}

pub(super) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}
