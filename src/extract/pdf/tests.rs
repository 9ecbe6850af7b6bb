use std::fmt::Write as _;
use std::io::Write as _;

use super::*;
use crate::model::LinkOrigin;

/// Objects from number 1 on → a file with its table; the first is the catalogue.
fn file(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (n, object) in objects.iter().enumerate() {
        writeln!(table, "{:010} 00000 n ", out.len()).expect("memory");
        out.extend(format!("{} 0 obj\n", n + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    let size = objects.len() + 1;
    out.extend(table.bytes());
    out.extend(format!("trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF").bytes());
    out
}

fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut out = format!("<<{dictionary}/Length {}>>\nstream\n", data.len()).into_bytes();
    out.extend(data);
    out.extend(b"\nendstream");
    out
}

/// Objects of a document whose pages have these contents; what all may use: font F, image I, form X (object 5).
fn objects(pages: &[&str], form: &[u8], of_pages: &str) -> Vec<Vec<u8>> {
    let kids: String = (0..pages.len()).fold(String::new(), |mut out, n| {
        write!(out, "{} 0 R ", 6 + 2 * n).expect("memory");
        out
    });
    let mut out = vec![
        b"<</Type/Catalog/Pages 2 0 R/Lang(es-MX)/MarkInfo<</Marked true>>/StructTreeRoot 9 0 R>>".to_vec(),
        format!(
            "<</Type/Pages/Count {}/Kids[{kids}]/MediaBox[0 0 600 800]/Resources<</Font<</F 3 0 R>>/XObject<</I 4 0 R/X 5 0 R>>>>>>",
            pages.len()
        )
        .into_bytes(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_vec(),
        stream("/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", b"\x80"),
        form.to_vec(),
    ];
    for (n, page) in pages.iter().enumerate() {
        out.push(format!("<</Type/Page/Parent 2 0 R/Contents {} 0 R{of_pages}>>", 7 + 2 * n).into_bytes());
        out.push(stream("", page.as_bytes()));
    }
    out
}

fn empty_form() -> Vec<u8> {
    stream("/Type/XObject/Subtype/Form", b"")
}

fn with_pages(pages: &[&str]) -> Vec<u8> {
    file(&objects(pages, &empty_form(), ""), "")
}

fn read_with(bytes: &[u8], limits: &Limits) -> Result<Found, Fault> {
    read(bytes, &Url::parse("https://m.mx/t/a.pdf").expect("url"), limits)
}

fn found(bytes: &[u8]) -> Found {
    read_with(bytes, &Limits::default())
        .map_err(|f| f.spanish())
        .expect("readable")
}

const TEXT: &str = "BT /F 12 Tf 50 700 Td (Informe trimestral de la Tesoreria Municipal) Tj ET";
const SCAN: &str = "q 600 0 0 800 0 0 cm /I Do Q";

#[test]
fn text_comes_by_page_and_line() {
    let quotes = "BT /F 12 Tf 14 TL 50 700 Td (Uno) ' 1 0 (Dos) \" (Tres) Tj ET BT 50 100 Td [(Cua) 20 (tro) -900 (cinco)] TJ ET";
    let all = found(&with_pages(&[TEXT, quotes]));
    assert_eq!(
        all.text.pages,
        [
            "Informe trimestral de la Tesoreria Municipal",
            "Uno\nDosTres\nCuatro cinco"
        ]
    );
    assert_eq!(all.state, ExtractionState::Complete);
    assert_eq!(
        (all.text.page_count, all.text.image_pages, all.text.tagged),
        (2, 0, true)
    );
    assert_eq!(all.text.language.as_deref(), Some("es-MX"));
}

#[test]
fn forms_are_read_where_they_are_painted_and_text_off_the_page_is_not() {
    let form = stream(
        "/Type/XObject/Subtype/Form/Matrix[1 0 0 1 0 400]",
        b"BT /F 12 Tf 50 100 Td (Dentro) Tj ET",
    );
    let page = "BT /F 12 Tf 50 700 Td (Antes) Tj ET /X Do BT 50 50 Td (Sin letra) Tj /F 9 Tf 5000 0 Td (Fuera) Tj ET";
    let all = found(&file(&objects(&[page], &form, ""), ""));
    assert_eq!(all.text.pages, ["Antes\nDentro\nSin letra"]);
}

#[test]
fn scanned_pages_are_told_from_native_ones() {
    let stamp = format!("{SCAN} BT /F 8 Tf 50 20 Td (Recibido Oficialia de Partes 1) Tj ET");
    let number = "q 300 0 0 200 0 0 cm /I Do Q BT /F 8 Tf 50 20 Td (Hoja 1) Tj ET";
    let logo = format!("q 60 0 0 60 20 700 cm /I Do Q {TEXT}");
    let inline = "q 600 0 0 800 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \u{1} EI Q";
    let state = |pages: &[&str]| found(&with_pages(pages)).state;
    for scanned in [SCAN, &stamp, number, inline] {
        assert_eq!(state(&[scanned, SCAN]), ExtractionState::NoTextLayer, "{scanned}");
    }
    assert_eq!(state(&[&logo]), ExtractionState::Complete);
    assert_eq!(state(&[""]), ExtractionState::Complete);
    let mixed = found(&with_pages(&[TEXT, SCAN, SCAN]));
    assert_eq!(
        mixed.state,
        ExtractionState::Partial("2 de 3 páginas son imágenes sin texto".to_owned())
    );
    assert_eq!(mixed.text.image_pages, 2);
}

#[test]
fn a_cut_file_gives_what_is_left() {
    let whole = with_pages(&[TEXT, TEXT]);
    let table = whole.windows(5).position(|w| w == b"xref\n").expect("a table");
    let cut = found(&whole[..table - 60]);
    assert!(
        matches!(&cut.state, ExtractionState::Partial(why) if why.contains("dañado")),
        "{:?}",
        cut.state
    );
    assert!(cut.text.pages[0].starts_with("Informe"));
    for damaged in [&whole[..200], b"%PDF-1.4\n".as_slice(), b"%PDF-"] {
        assert_eq!(read_with(damaged, &Limits::default()).err(), Some(Fault::Damaged));
    }
}

#[test]
fn what_opens_without_password_is_read_and_the_rest_is_encrypted() {
    for open in [
        include_bytes!("../../../tests/documents/abierto_rc4.pdf").as_slice(),
        include_bytes!("../../../tests/documents/abierto_aes256.pdf"),
    ] {
        assert_eq!(found(open).text.pages, ["Informe trimestral de la Tesorería Municipal"]);
    }
    for locked in [
        include_bytes!("../../../tests/documents/cerrado_aes128.pdf").as_slice(),
        include_bytes!("../../../tests/documents/cerrado_aes256.pdf"),
    ] {
        assert_eq!(read_with(locked, &Limits::default()).err(), Some(Fault::Encrypted));
    }
}

#[test]
fn forms_that_paint_themselves_end() {
    let own = "/Type/XObject/Subtype/Form/Resources<</XObject<</X 5 0 R>>/Font<</F 3 0 R>>>>";
    let itself = stream(own, b"BT /F 9 Tf 9 9 Td (Eco) Tj ET /X Do");
    assert_eq!(found(&file(&objects(&["/X Do"], &itself, ""), "")).text.pages, ["Eco"]);
    // Each of eight forms paints the next a hundred times.
    let mut all = objects(&["/X Do"], &[], "");
    let next = all.len() + 1;
    for n in 0..8 {
        let of = if n == 7 { 4 } else { next + n };
        let form = stream(
            &format!("/Type/XObject/Subtype/Form/Resources<</XObject<</X {of} 0 R>>>>"),
            "/X Do ".repeat(100).as_bytes(),
        );
        if n == 0 {
            all[4] = form;
        } else {
            all.push(form);
        }
    }
    assert!(matches!(
        found(&file(&all, "")).state,
        ExtractionState::NoTextLayer | ExtractionState::Partial(_)
    ));
}

#[test]
fn trees_that_bite_their_tail_end() {
    let mut all = objects(&[TEXT], &empty_form(), "");
    all[1] = b"<</Type/Pages/Count 1/Kids[6 0 R 2 0 R]/Parent 2 0 R>>".to_vec();
    let read = read_with(&file(&all, ""), &Limits::default())
        .map_err(|f| f.spanish())
        .expect("readable");
    assert!(read.text.page_count < 20, "{}", read.text.page_count);
}

fn deflated(length: usize) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b' '; length]).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn bombs_stop_at_the_limits() {
    let limits = Limits {
        inflated: 1 << 20,
        ..Limits::default()
    };
    let mut all = objects(&[TEXT], &empty_form(), "");
    all.push(stream(
        "/Type/ObjStm/N 1/First 5/Filter/FlateDecode",
        &deflated(4 << 20),
    ));
    assert!(matches!(
        read_with(&file(&all, ""), &limits).err(),
        Some(Fault::TooLarge { found, limit: 1_048_576, .. }) if found > 1 << 20
    ));
    let mut all = objects(&[TEXT], &empty_form(), "");
    all[6] = stream("/Filter/FlateDecode", &deflated(CONTENTS + (1 << 20)));
    assert!(matches!(found(&file(&all, "")).state, ExtractionState::Partial(_)));
    let objects_limit = Limits {
        objects: 5,
        ..Limits::default()
    };
    assert!(matches!(
        read_with(&with_pages(&[TEXT]), &objects_limit).err(),
        Some(Fault::TooLarge { limit: 5, .. })
    ));
}

#[test]
fn limits_of_pages_and_characters_are_told() {
    let bytes = with_pages(&[TEXT, TEXT, TEXT]);
    let limits = Limits {
        pages: 2,
        ..Limits::default()
    };
    let some = read_with(&bytes, &limits).map_err(|f| f.spanish()).expect("readable");
    assert_eq!(
        some.state,
        ExtractionState::Partial("sólo se leyeron 2 de 3 páginas".to_owned())
    );
    assert_eq!((some.text.pages.len(), some.text.page_count), (2, 3));
    let limits = Limits {
        characters: 10,
        ..Limits::default()
    };
    let some = read_with(&bytes, &limits).map_err(|f| f.spanish()).expect("readable");
    assert!(matches!(some.state, ExtractionState::Partial(_)));
    assert!(some.text.pages.iter().map(String::len).sum::<usize>() <= 11);
}

#[test]
fn it_says_of_itself_only_what_can_be_true() {
    let annotations =
        "/Annots[<</Subtype/Link/A<</S/URI/URI(b.xlsx)>>>> <</Subtype/Link/A<</S/URI/URI(mailto:a@b.mx)>>>> 99 0 R]";
    let mut all = objects(&[TEXT], &empty_form(), annotations);
    all.push(
        b"<</Title(Microsoft Word - acta.doc)/CreationDate(D:20190331120000-06'00')/ModDate(D:00010101)>>".to_vec(),
    );
    let trailer = format!("/Info {} 0 R", all.len());
    let one = found(&file(&all, &trailer));
    assert_eq!(one.title, None);
    assert_eq!(one.text.created.as_deref(), Some("2019-03-31"));
    assert_eq!(one.text.modified, None);
    let links: Vec<_> = one.links.iter().map(|l| (l.url.as_deref(), l.origin)).collect();
    assert_eq!(links, [(Some("https://m.mx/t/b.xlsx"), LinkOrigin::Document)]);
}

#[test]
fn odd_fonts_cost_no_text() {
    let odd = [
        "<</Type/Font/Subtype/TrueType/BaseFont/Arial/Encoding/StandardEncoding/FirstChar 32/LastChar 255/Widths[500 500]>>",
        "<</Type/Font/Subtype/Type1>>",
        "<</Type/Font/Subtype/Type3/CharProcs<<>>/FontMatrix[1 0 0 1 0 0]>>",
        "<</Type/Font/Subtype/TrueType/Encoding<</Differences[300/a -5/b 65/A]>>/FirstChar -1/Widths[(x)]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/X/FontDescriptor<</FontFile 4 0 R>>>>",
        "null",
    ];
    for font in odd {
        let mut all = objects(&[TEXT], &empty_form(), "");
        all[2] = font.as_bytes().to_vec();
        let text = found(&file(&all, "")).text.pages.join("").replace(' ', "");
        assert_eq!(text, "InformetrimestraldelaTesoreriaMunicipal", "{font}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn spoiled_files_are_read_or_told(spoils in proptest::collection::vec((0usize..1400, proptest::num::u8::ANY), 1..12)) {
        let mut bytes = with_pages(&[TEXT, SCAN]);
        for (at, byte) in spoils {
            if let Some(slot) = bytes.get_mut(at) {
                *slot = byte;
            }
        }
        let read = read_with(&bytes, &Limits::default());
        proptest::prop_assert!(!matches!(read.err(), Some(Fault::Crashed)));
    }
}

#[test]
fn brackets_without_end_are_told() {
    for deep in ["[", "<</A ", "("] {
        let mut all = objects(&[TEXT], &empty_form(), "");
        all.push(deep.repeat(200_000).into_bytes());
        let read = read_with(&file(&all, ""), &Limits::default());
        assert!(!matches!(read.map(|f| f.state), Err(Fault::Crashed)));
        let page = format!("{} {TEXT}", deep.repeat(50_000));
        assert!(read_with(&with_pages(&[&page]), &Limits::default()).is_ok());
    }
}

#[test]
fn many_pages_come_in_their_order() {
    let pages: Vec<String> = (0..120)
        .map(|n| format!("{} BT /F 12 Tf 50 700 Td (Hoja {n}) Tj ET", "BT ET ".repeat(2_000)))
        .collect();
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let all = found(&with_pages(&pages));
    let expected: Vec<String> = (0..120).map(|n| format!("Hoja {n}")).collect();
    assert_eq!(all.text.pages, expected);
    assert_eq!(all.state, ExtractionState::Complete);
}
