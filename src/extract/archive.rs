//! Archives: their entries as documents, read in memory. Names are shown and never become paths; what an entry says of its size is not
//! believed; an archive within an archive is opened as often as limits allow.

use std::panic::{AssertUnwindSafe, catch_unwind};

use url::Url;

use super::package::Package;
use super::{Depth, Limits, Source, blank, extract_within, sniff};
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
                Err(why) => Document {
                    state: ExtractionState::Failed(why),
                    ..blank(DocumentKind::Unknown, None)
                },
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
    let kind = sniff::kind(bytes, source.url, source.content_type);
    extract_within(kind, &source, bytes, limits, depth)
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

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::*;
    use crate::extract::extract;

    fn zipped(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
        let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in files {
            let options = SimpleFileOptions::default().compression_method(method);
            writer.start_file(*name, options).expect("memory");
            writer.write_all(bytes).expect("memory");
        }
        writer.finish().expect("memory").into_inner()
    }

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        zipped(files, CompressionMethod::Deflated)
    }

    fn read_with(name: &str, bytes: &[u8], limits: &Limits) -> Document {
        let url = Url::parse("https://m.mx/t/").and_then(|u| u.join(name)).expect("url");
        let source = Source {
            url: &url,
            loaded_by: None,
            content_type: None,
            headers: &[],
        };
        extract(&source, bytes, limits)
    }

    fn read(bytes: &[u8]) -> Document {
        read_with("a.zip", bytes, &Limits::default())
    }

    fn states(document: &Document) -> Vec<(&str, Option<&ExtractionState>)> {
        document
            .entries
            .iter()
            .map(|e| (e.name.as_str(), e.document.as_ref().map(|d| &d.state)))
            .collect()
    }

    const FAILED: fn(Fault) -> ExtractionState = ExtractionState::Failed;

    #[test]
    fn entries_are_documents_and_names_are_only_shown() {
        let html = b"<html><body><p>Acta</p></body></html>".as_slice();
        let all = read(&packed(&[
            ("../../etc/passwd", b"root:x"),
            ("C:\\x\\tabla.csv", b"a;b\n1;2\n"),
            ("engaño.pdf", html),
            ("nada.xlsx", b""),
        ]));
        assert_eq!(all.kind, DocumentKind::Zip);
        let found: Vec<_> = all
            .entries
            .iter()
            .filter_map(|e| Some((e.name.as_str(), e.document.as_ref()?.kind, e.bytes)))
            .collect();
        assert_eq!(
            found,
            [
                ("../../etc/passwd", DocumentKind::Text, 6),
                ("C:\\x\\tabla.csv", DocumentKind::Csv, 8),
                ("engaño.pdf", DocumentKind::Html, html.len() as u64),
                ("nada.xlsx", DocumentKind::Empty, 0),
            ]
        );
        assert_eq!(all.state, ExtractionState::Complete);
    }

    #[test]
    fn stored_documents_do_not_make_the_archive_one_of_them() {
        let inner = packed(&[(
            "word/document.xml",
            b"<w:document><w:p><w:t>Acta</w:t></w:p></w:document>",
        )]);
        let all = read(&zipped(
            &[("a.pdf", b"%PDF-1.4"), ("b.docx", &inner)],
            CompressionMethod::Stored,
        ));
        let kinds: Vec<_> = all
            .entries
            .iter()
            .filter_map(|e| Some(e.document.as_ref()?.kind))
            .collect();
        assert_eq!(
            (all.kind, kinds),
            (DocumentKind::Zip, vec![DocumentKind::Pdf, DocumentKind::Docx])
        );
    }

    #[test]
    fn an_archive_in_an_archive_is_opened_once() {
        let innermost = packed(&[("c.txt", b"hola")]);
        let inner = packed(&[("c.zip", &innermost), ("b.txt", b"hola")]);
        let all = read(&packed(&[("b.zip", &inner)]));
        let inside = all.entries[0].document.as_ref().expect("opened");
        assert_eq!(
            states(inside),
            [
                ("c.zip", Some(&FAILED(Fault::TooDeep))),
                ("b.txt", Some(&ExtractionState::Recognised))
            ]
        );
    }

    #[test]
    fn bombs_cost_only_themselves() {
        let zeros = vec![0u8; 8 << 20];
        let all = read(&packed(&[("bomba.txt", &zeros), ("b.txt", b"hola")]));
        assert!(matches!(
            states(&all)[..],
            [
                (
                    "bomba.txt",
                    Some(ExtractionState::Failed(Fault::TooLarge { found: 8_388_608, .. }))
                ),
                ("b.txt", Some(ExtractionState::Recognised))
            ]
        ));
        let limits = Limits {
            inflated: 3_000,
            entries: 4,
            ..Limits::default()
        };
        let noise: Vec<u8> = (0..1_400u32).map(|n| u8::try_from(n * n % 251).unwrap_or(0)).collect();
        let files: Vec<(String, &[u8])> = (0..6).map(|n| (format!("{n}.txt"), noise.as_slice())).collect();
        let files: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), *b)).collect();
        let all = read_with("a.zip", &packed(&files), &limits);
        assert_eq!(
            all.state,
            ExtractionState::Partial("3 archivos de su interior no se leyeron".to_owned())
        );
        assert!(matches!(
            states(&all)[..],
            [
                (_, Some(ExtractionState::Recognised | ExtractionState::Complete)),
                (_, Some(ExtractionState::Recognised | ExtractionState::Complete)),
                (_, Some(ExtractionState::Failed(Fault::TooLarge { .. }))),
                (_, None)
            ]
        ));
    }

    #[test]
    fn sizes_that_lie_are_not_believed() {
        let mut bytes = packed(&[("a.txt", &vec![b'a'; 5 << 20])]);
        // The declared size, in both headers, becomes ten bytes.
        let size = u32::try_from(5 << 20).unwrap_or(0).to_le_bytes();
        while let Some(at) = bytes.windows(4).position(|w| w == size) {
            bytes[at..at + 4].copy_from_slice(&10u32.to_le_bytes());
        }
        let all = read(&bytes);
        assert!(matches!(
            states(&all)[..],
            [(
                _,
                Some(ExtractionState::Failed(Fault::TooLarge { .. } | Fault::Damaged))
            )]
        ));
    }

    #[test]
    fn locked_and_closed_and_cut_are_told_apart() {
        let mut bytes = packed(&[("a.txt", b"hola"), ("b.txt", b"hola")]);
        // Bit 0 of the flags in the first entry's two headers: encrypted (APPNOTE 4.4.4).
        let central = bytes.windows(4).position(|w| w == b"PK\x01\x02").expect("a directory");
        bytes[6] |= 1;
        bytes[central + 8] |= 1;
        assert_eq!(
            states(&read(&bytes)),
            [
                ("a.txt", Some(&FAILED(Fault::Encrypted))),
                ("b.txt", Some(&ExtractionState::Recognised))
            ]
        );
        let cut = packed(&[("a.txt", b"hola")]);
        assert_eq!(read(&cut[..cut.len() - 30]).state, FAILED(Fault::Damaged));
        for closed in [
            b"Rar!\x1a\x07\x01\x00 and more".as_slice(),
            b"7z\xbc\xaf\x27\x1c\x00\x04 and more",
        ] {
            assert_eq!(
                read_with("a.rar", closed, &Limits::default()).state,
                FAILED(Fault::ClosedArchive)
            );
        }
        assert_eq!(read(b"").kind, DocumentKind::Empty);
    }

    #[test]
    fn gzip_is_a_document_in_a_wrapper() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(b"a;b\n1;2\n").expect("memory");
        let one = read_with("datos.csv.gz", &encoder.finish().expect("memory"), &Limits::default());
        let inside = one.entries[0].document.as_ref().expect("opened");
        assert_eq!(
            (one.entries[0].name.as_str(), inside.kind),
            ("datos.csv", DocumentKind::Csv)
        );
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![0; 8 << 20]).expect("memory");
        let bomb = read_with("b.gz", &encoder.finish().expect("memory"), &Limits::default());
        assert!(matches!(bomb.state, ExtractionState::Failed(Fault::TooLarge { .. })));
    }

    proptest::proptest! {
        #[test]
        fn spoiled_archives_are_read_or_told(spoils in proptest::collection::vec((0usize..300, proptest::num::u8::ANY), 1..10)) {
            let mut bytes = packed(&[("a.txt", b"hola"), ("b/c.csv", b"a;b\n1;2\n")]);
            for (at, byte) in spoils {
                if let Some(slot) = bytes.get_mut(at) {
                    *slot = byte;
                }
            }
            let read = read(&bytes);
            proptest::prop_assert!(read.state != FAILED(Fault::Crashed));
        }
    }
}
