//! What goes between the pool and a worker: frames with their lengths in front, numbers little-endian.
//!
//! ```text
//! request: length of head (u32) · length of body (u32) · head (postcard) · body (the document's bytes)
//! answer:  length (u32) · postcard
//! ```

use std::io::{Error, ErrorKind, Read, Result, Write};

use serde::{Deserialize, Serialize};

use super::super::{Limits, Source};
use crate::model::{Document, DocumentKind};

/// Most bytes of an answer; a worker that announces more is broken.
pub(super) const MOST_ANSWER: usize = 64 << 20;
/// Most bytes of a request's head: addresses and headers.
const MOST_HEAD: usize = 8 << 20;

/// What is asked of a worker, without the bytes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) kind: DocumentKind,
    pub(super) url: String,
    pub(super) loaded_by: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) limits: Limits,
}

/// What a worker answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Answer {
    pub(super) document: Document,
    /// The worker ends after this answer.
    pub(super) last: bool,
}

impl Request {
    pub(super) fn new(kind: DocumentKind, source: &Source<'_>, limits: &Limits) -> Self {
        Self {
            kind,
            url: source.url.to_string(),
            loaded_by: source.loaded_by.map(ToString::to_string),
            content_type: source.content_type.map(str::to_owned),
            headers: source.headers.to_vec(),
            limits: *limits,
        }
    }

    /// The whole frame; `None` when it cannot be told in one.
    pub(super) fn frame(&self, body: &[u8]) -> Option<Vec<u8>> {
        let head = postcard::to_allocvec(self).ok().filter(|h| h.len() <= MOST_HEAD)?;
        let mut frame = Vec::with_capacity(8 + head.len() + body.len());
        frame.extend_from_slice(&u32::try_from(head.len()).ok()?.to_le_bytes());
        frame.extend_from_slice(&u32::try_from(body.len()).ok()?.to_le_bytes());
        frame.extend_from_slice(&head);
        frame.extend_from_slice(body);
        Some(frame)
    }
}

/// The next request and the document's bytes; `None` when there are no more.
pub(super) fn read_request(input: &mut impl Read) -> Result<Option<(Request, Vec<u8>)>> {
    let head = match read_length(input) {
        Ok(length) => length,
        Err(e) if e.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        Err(e) => return Err(e),
    };
    let body = read_length(input)?;
    let head = read_bytes(input, head, MOST_HEAD)?;
    let body = read_bytes(input, body, usize::MAX)?;
    Ok(Some((postcard::from_bytes(&head).map_err(Error::other)?, body)))
}

/// Writes an encoded answer.
pub(super) fn write_answer(output: &mut impl Write, encoded: &[u8]) -> Result<()> {
    let length = u32::try_from(encoded.len()).map_err(Error::other)?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(encoded)?;
    output.flush()
}

/// Reads an answer.
pub(super) fn read_answer(input: &mut impl Read) -> Result<Answer> {
    let length = read_length(input)?;
    let encoded = read_bytes(input, length, MOST_ANSWER)?;
    postcard::from_bytes(&encoded).map_err(Error::other)
}

fn read_length(input: &mut impl Read) -> Result<usize> {
    let mut bytes = [0; 4];
    input.read_exact(&mut bytes)?;
    usize::try_from(u32::from_le_bytes(bytes)).map_err(Error::other)
}

fn read_bytes(input: &mut impl Read, length: usize, most: usize) -> Result<Vec<u8>> {
    if length > most {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::extract;
    use url::Url;

    fn source(url: &Url) -> Source<'_> {
        Source {
            url,
            loaded_by: None,
            content_type: Some("text/csv"),
            headers: &[],
        }
    }

    #[test]
    fn requests_come_back_whole_and_in_order() {
        let url = Url::parse("https://m.mx/a.csv").expect("url");
        let request = Request::new(DocumentKind::Csv, &source(&url), &Limits::default());
        let mut stream = request.frame(b"a;b").expect("a frame");
        stream.extend(request.frame(b"").expect("a frame"));
        let mut input = stream.as_slice();
        let (first, body) = read_request(&mut input).expect("read").expect("one");
        assert_eq!(
            (first.url.as_str(), body.as_slice()),
            ("https://m.mx/a.csv", &b"a;b"[..])
        );
        assert_eq!(first.limits.rows, Limits::default().rows);
        assert_eq!(read_request(&mut input).expect("read").expect("two").1, b"");
        assert!(read_request(&mut input).expect("the end").is_none());
    }

    #[test]
    fn answers_that_are_cut_too_long_or_nonsense_are_errors() {
        let url = Url::parse("https://m.mx/a.csv").expect("url");
        let answer = Answer {
            document: extract(&source(&url), b"a;b\n1;2\n", &Limits::default()),
            last: true,
        };
        let mut stream = Vec::new();
        write_answer(&mut stream, &postcard::to_allocvec(&answer).expect("encoded")).expect("written");
        let back = read_answer(&mut stream.as_slice()).expect("read");
        assert_eq!(back.document.workbook, answer.document.workbook);
        assert!(back.last);
        assert!(read_answer(&mut &stream[..stream.len() - 1]).is_err());
        let long = u32::try_from(MOST_ANSWER + 1).expect("fits").to_le_bytes();
        assert_eq!(
            read_answer(&mut &long[..]).expect_err("too long").kind(),
            ErrorKind::InvalidData
        );
        assert!(read_answer(&mut &b"\x03\0\0\0\xff\xff\xff"[..]).is_err());
    }
}
