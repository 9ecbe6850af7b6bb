//! Made-up archives that no honest program writes.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use flate2::{Compress, Compression, FlushCompress};

/// What of a workbook inflates.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Part {
    /// Its shared strings.
    Strings,
    /// Its only sheet.
    Sheet,
}

/// One entry: name, ZIP method, bytes as stored, size declared.
type Entry<'a> = (&'a str, u16, &'a [u8], u32);

const TYPES: &[u8] = br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>"#;
const RELS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &[u8] = br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Hoja1" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const BOOK_RELS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
const STRINGS: (&str, &str, &str) = (
    "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">",
    "<si><t>a</t></si>",
    "</sst>",
);
const SHEET: (&str, &str, &str) = (
    "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><dimension ref=\"A1:XFD1048576\"/><sheetData>",
    "<row><c t=\"inlineStr\"><is><t>obra</t></is></c><c><v>1</v></c></row>",
    "</sheetData></worksheet>",
);

/// A workbook of which one part inflates to about some bytes; its directory declares that much, or next to nothing.
pub(crate) fn bomb(part: Part, inflated: usize, honest: bool) -> Vec<u8> {
    // More than there is, but no more than what blocks round up to.
    let declared = if honest { size_of(inflated + (9 << 20)) } else { 1000 };
    let huge = |(head, unit, tail): (&str, &str, &str)| repeated(head, unit, tail, inflated);
    let small = |(head, unit, tail): (&str, &str, &str)| repeated(head, unit, tail, 1);
    let (strings, sheet, of_strings, of_sheet) = match part {
        Part::Strings => (huge(STRINGS), small(SHEET), declared, 1000),
        Part::Sheet => (small(STRINGS), huge(SHEET), 1000, declared),
    };
    zip(&[
        ("[Content_Types].xml", 0, TYPES, size(TYPES)),
        ("_rels/.rels", 0, RELS, size(RELS)),
        ("xl/workbook.xml", 0, BOOK, size(BOOK)),
        ("xl/_rels/workbook.xml.rels", 0, BOOK_RELS, size(BOOK_RELS)),
        ("xl/sharedStrings.xml", 8, &strings, of_strings),
        ("xl/worksheets/sheet1.xml", 8, &sheet, of_sheet),
    ])
}

/// A workbook of one sheet with this XML.
pub(crate) fn workbook(sheet: &str) -> Vec<u8> {
    stored_zip(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// A ZIP that packs nothing.
pub(crate) fn stored_zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let entries: Vec<Entry<'_>> = entries.iter().map(|(n, b)| (*n, 0, *b, size(b))).collect();
    zip(&entries)
}

fn size(bytes: &[u8]) -> u32 {
    size_of(bytes.len())
}

fn size_of(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("below 4 GiB")
}

/// A deflate stream of `head`, `unit` over and over, `tail`. Blocks after a full flush stand alone, so that one compressed part can be
/// repeated.
fn repeated(head: &str, unit: &str, tail: &str, inflated: usize) -> Vec<u8> {
    let block = unit.repeat((inflated / unit.len()).clamp(1, (8 << 20) / unit.len()));
    let packed = deflated(block.as_bytes(), FlushCompress::Full);
    let mut out = deflated(head.as_bytes(), FlushCompress::Full);
    for _ in 0..inflated.div_ceil(block.len()) {
        out.extend_from_slice(&packed);
    }
    out.extend(deflated(tail.as_bytes(), FlushCompress::Finish));
    out
}

fn deflated(bytes: &[u8], flush: FlushCompress) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 1000);
    Compress::new(Compression::new(6), false)
        .compress_vec(bytes, &mut out, flush)
        .expect("compressed");
    out
}

fn zip(entries: &[Entry<'_>]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, method, bytes, declared) in entries {
        let crc = if *method == 0 { crc(bytes) } else { 0 };
        let at = size(&out);
        let mut common = Vec::new();
        for short in [20, 0, *method, 0, 33] {
            common.extend_from_slice(&u16::to_le_bytes(short));
        }
        for long in [crc, size(bytes), *declared] {
            common.extend_from_slice(&long.to_le_bytes());
        }
        common.extend_from_slice(&u16::try_from(name.len()).expect("short").to_le_bytes());
        common.extend_from_slice(&[0, 0]);
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&common);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(bytes);
        directory.extend_from_slice(b"PK\x01\x02\x14\0");
        directory.extend_from_slice(&common);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&at.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let at = size(&out);
    out.extend_from_slice(&directory);
    let count = u16::try_from(entries.len()).expect("few").to_le_bytes();
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&count);
    out.extend_from_slice(&count);
    out.extend_from_slice(&size(&directory).to_le_bytes());
    out.extend_from_slice(&at.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}
