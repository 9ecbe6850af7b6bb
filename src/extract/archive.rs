//! Archives: their entries as documents, read in memory. Names are shown and never become paths; what an entry says of its size is not
//! believed; an archive within an archive is opened as often as limits allow.

use std::panic::{AssertUnwindSafe, catch_unwind};

use url::Url;

use super::package::Package;
use super::{Depth, Limits, Source, blank, extract_within};
use crate::codec;
use crate::model::{Document, DocumentKind, Entry, ExtractionState, Fault};

/// First bytes of archives of formats that are not open.
const CLOSED: &[&[u8]] = &[b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"MSCF", b"**ACE**", b"\x60\xea"];

/// Reads an archive into a document's entries, and gives its state.
pub(super) fn read(
    document: &mut Document,
    source: &Source<'_>,
    bytes: &[u8],
    limits: &Limits,
    depth: &mut Depth,
) -> ExtractionState {
    if CLOSED.iter().any(|magic| bytes.starts_with(magic)) {
        return ExtractionState::Failed(Fault::ClosedArchive);
    }
    let gzip = bytes.starts_with(b"\x1f\x8b");
    if document.kind != DocumentKind::Zip && !gzip {
        return ExtractionState::Recognised;
    }
    if depth.archives >= limits.nesting {
        return ExtractionState::Failed(Fault::TooDeep);
    }
    depth.archives += 1;
    let done = catch_unwind(AssertUnwindSafe(|| {
        if gzip {
            single(source, bytes, limits, depth)
        } else {
            entries(source, bytes, limits, depth)
        }
    }));
    depth.archives -= 1;
    match done.unwrap_or(Err(Fault::Crashed)) {
        Ok((entries, note)) => {
            document.entries = entries;
            note.map_or(ExtractionState::Complete, ExtractionState::Partial)
        }
        Err(why) => ExtractionState::Failed(why),
    }
}

type Found = Result<(Vec<Entry>, Option<String>), Fault>;

fn entries(source: &Source<'_>, bytes: &[u8], limits: &Limits, depth: &mut Depth) -> Found {
    let mut package = Package::open(bytes, limits)?;
    let mut out = Vec::new();
    let mut unread = 0usize;
    for index in 0..package.len() {
        let Ok(about) = package.about(index) else {
            unread += 1;
            continue;
        };
        if about.folder {
            continue;
        }
        if out.len() >= limits.entries {
            unread += 1;
            continue;
        }
        let mut entry = Entry {
            name: about.name,
            bytes: about.size,
            document: None,
        };
        if depth.left == 0 {
            unread += 1;
        } else {
            let document = match package.read(index, &mut depth.left) {
                Ok(bytes) => {
                    entry.bytes = bytes.len() as u64;
                    inside(source, &entry.name, &bytes, limits, depth)
                }
                Err(why) => blank(DocumentKind::Unknown, ExtractionState::Failed(why)),
            };
            entry.document = Some(document);
        }
        out.push(entry);
    }
    let note = (unread > 0).then(|| format!("{unread} archivos de su interior no se leyeron"));
    Ok((out, note))
}

/// The one document inside a gzip file.
fn single(source: &Source<'_>, bytes: &[u8], limits: &Limits, depth: &mut Depth) -> Found {
    let limit = limits
        .entry
        .min(depth.left)
        .min((bytes.len() as u64).saturating_mul(limits.ratio).max(1 << 20));
    let decoded = codec::decode(Some("gzip"), bytes, limit).map_err(|_| Fault::Damaged)?;
    let found = decoded.bytes.len() as u64;
    depth.left = depth.left.saturating_sub(found);
    if decoded.truncated_at_limit {
        return Err(Fault::TooLarge {
            what: "bytes al abrirse".to_owned(),
            found: found + 1,
            limit,
        });
    }
    let file = source.url.path().rsplit('/').next().unwrap_or_default();
    let name = file.strip_suffix(".gz").unwrap_or(file).to_owned();
    let document = inside(source, &name, &decoded.bytes, limits, depth);
    let entry = Entry {
        name,
        bytes: found,
        document: Some(document),
    };
    Ok((vec![entry], None))
}

fn inside(source: &Source<'_>, name: &str, bytes: &[u8], limits: &Limits, depth: &mut Depth) -> Document {
    let url = address(source.url, name);
    let source = Source {
        url: &url,
        loaded_by: None,
        content_type: None,
        headers: &[],
    };
    extract_within(&source, bytes, limits, depth)
}

/// An address whose path ends as the entry's name does, so that its kind can be told.
fn address(archive: &Url, name: &str) -> Url {
    let mut url = archive.clone();
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().push(last);
    }
    url
}
