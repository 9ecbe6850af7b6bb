use std::fmt::Write as _;
use std::io::Write as _;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::extract::{Source, extract};
use crate::model::{Document, LinkOrigin};

fn package(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        // OpenDocument wants its type stored as it is.
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        writer.start_file(*name, options).expect("memory");
        writer.write_all(text.as_bytes()).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

fn document(name: &str, bytes: &[u8]) -> Document {
    let url = Url::parse("https://m.mx/t/").and_then(|u| u.join(name)).expect("url");
    let source = Source {
        url: &url,
        loaded_by: None,
        content_type: None,
        headers: &[],
    };
    extract(&source, bytes, &Limits::default())
}

fn text(document: &Document) -> String {
    document
        .text
        .as_ref()
        .map(|t| t.pages.join("\n---\n"))
        .unwrap_or_default()
}

fn rows(document: &Document) -> Vec<(String, Vec<Vec<String>>)> {
    document
        .workbook
        .iter()
        .flat_map(|w| &w.sheets)
        .map(|s| (s.name.clone(), s.rows.clone()))
        .collect()
}

fn table(name: &str, rows: &[&[&str]]) -> (String, Vec<Vec<String>>) {
    let rows = rows
        .iter()
        .map(|r| r.iter().map(|c| (*c).to_owned()).collect())
        .collect();
    (name.to_owned(), rows)
}

const CORE: &str = "<cp:coreProperties><dc:title>Programa de obra &amp; servicios</dc:title>\
    <dcterms:created>2019-03-31T12:00:00Z</dcterms:created><dcterms:modified>0001-01-01</dcterms:modified></cp:coreProperties>";

fn docx(body: &str) -> Vec<u8> {
    package(&[
        (
            "word/document.xml",
            &format!("<w:document><w:body>{body}</w:body></w:document>"),
        ),
        (
            "word/_rels/document.xml.rels",
            r#"<Relationships><Relationship Id="rId1" TargetMode="External" Target="b.xlsx"/></Relationships>"#,
        ),
        ("docProps/core.xml", CORE),
        ("word/styles.xml", r#"<w:styles><w:lang w:val="es-MX"/></w:styles>"#),
    ])
}

#[test]
fn word_gives_paragraphs_tables_and_links() {
    let one = document(
        "a.docx",
        &docx(
            r#"<w:p><w:r><w:t>Uno &amp;</w:t></w:r><w:r><w:t xml:space="preserve"> dos</w:t></w:r></w:p>
            <w:p><w:del><w:r><w:t>quitado</w:t></w:r></w:del><w:hyperlink r:id="rId1"><w:r><w:t>ver</w:t></w:r></w:hyperlink></w:p>
            <w:p><w:r><w:instrText>HYPERLINK "https://m.mx/c.pdf"</w:instrText></w:r></w:p>
            <w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>AB</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>C</w:t></w:r></w:p></w:tc></w:tr>
            <w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc><w:tc><w:p><w:r><w:t>3</w:t></w:r></w:p><w:p><w:r><w:t>tres</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
            <mc:AlternateContent><mc:Choice><w:p><w:r><w:t>una vez</w:t></w:r></w:p></mc:Choice><mc:Fallback><w:p><w:r><w:t>una vez</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>"#,
        ),
    );
    assert_eq!((one.kind, &one.state), (DocumentKind::Docx, &ExtractionState::Complete));
    assert_eq!(text(&one), "Uno & dos\nver\nAB\nC\n1\n3\ntres\nuna vez");
    assert_eq!(
        rows(&one),
        [table("tabla 1", &[&["AB", "", "C"], &["1", "", "3\ntres"]])]
    );
    assert_eq!(one.title.as_deref(), Some("Programa de obra & servicios"));
    let about = one.text.as_ref().expect("text");
    assert_eq!(
        (about.created.as_deref(), about.modified.as_deref()),
        (Some("2019-03-31"), None)
    );
    assert_eq!(about.language.as_deref(), Some("es-MX"));
    let links: Vec<_> = one
        .links
        .iter()
        .map(|l| (l.url.as_deref(), l.text.as_str(), l.origin))
        .collect();
    assert_eq!(
        links,
        [
            (Some("https://m.mx/t/b.xlsx"), "ver", LinkOrigin::Document),
            (Some("https://m.mx/c.pdf"), "", LinkOrigin::Document)
        ]
    );
}

#[test]
fn entities_that_a_document_declares_are_never_expanded_nor_fetched() {
    let levels: String = (1..10).fold(String::from("<!ENTITY a0 \"ja\">"), |mut out, n| {
        let below = format!("&a{};", n - 1).repeat(10);
        write!(out, "<!ENTITY a{n} \"{below}\">").expect("memory");
        out
    });
    let bomb = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE x [{levels}<!ENTITY ext SYSTEM \"file:///etc/passwd\">]>\
         <w:document><w:body><w:p><w:r><w:t>Antes &a9;&ext;&#241;&lt;despues</w:t></w:r></w:p></w:body></w:document>"
    );
    let one = document("a.docx", &package(&[("word/document.xml", &bomb)]));
    assert_eq!(text(&one), "Antes ñ<despues");
    let odt = bomb.replace("w:document", "office:document").replace("w:p>", "text:p>");
    let odt = document(
        "a.odt",
        &package(&[
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            ("content.xml", &odt),
        ]),
    );
    assert_eq!((odt.kind, text(&odt).as_str()), (DocumentKind::Odt, "Antes ñ<despues"));
    let feed = document("a.xml", bomb.replace("w:t>", "loc>").as_bytes());
    assert!(feed.links.iter().all(|l| !l.href.contains("jaja")), "{:?}", feed.links);
}

#[test]
fn opendocument_repeats_columns_within_limits() {
    let content = r#"<office:document-content><office:body><office:text>
        <text:tracked-changes><text:p>quitado</text:p></text:tracked-changes>
        <text:h>Acta</text:h><text:p>Uno<text:s text:c="3"/><text:a xlink:href="/x.pdf">ver</text:a></text:p>
        <table:table><table:table-row table:number-rows-repeated="2"><table:table-cell><text:p>a</text:p></table:table-cell>
        <table:table-cell table:number-columns-repeated="3"><text:p>b</text:p></table:table-cell><table:covered-table-cell/>
        <table:table-cell table:number-columns-repeated="16000"/></table:table-row>
        <table:table-row table:number-rows-repeated="4000000000"><table:table-cell table:number-columns-repeated="4000000000"/></table:table-row></table:table>
        </office:text></office:body></office:document-content>"#;
    let files = [
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", content),
        (
            "meta.xml",
            "<m><dc:title>Actas de cabildo</dc:title><meta:creation-date>2020-01-02T03:04:05</meta:creation-date><dc:language>es-MX</dc:language></m>",
        ),
    ];
    let one = document("a.odt", &package(&files));
    assert_eq!((one.kind, &one.state), (DocumentKind::Odt, &ExtractionState::Complete));
    assert!(text(&one).starts_with("Acta\nUno ver\na\nb"), "{}", text(&one));
    assert_eq!(
        rows(&one),
        [table("tabla 1", &[&["a", "b", "b", "b"], &["a", "b", "b", "b"]])]
    );
    assert_eq!(one.title.as_deref(), Some("Actas de cabildo"));
    assert_eq!(one.links[0].url.as_deref(), Some("https://m.mx/x.pdf"));
    let locked = [
        files[0],
        ("content.xml", "\u{1}"),
        ("META-INF/manifest.xml", "<manifest:encryption-data/>"),
    ];
    assert_eq!(
        document("a.odt", &package(&locked)).state,
        ExtractionState::Failed(Fault::Encrypted)
    );
}

#[test]
fn slides_come_in_their_order() {
    let slide = |t: &str| format!("<p:sld><a:p><a:r><a:t>{t}</a:t></a:r></a:p></p:sld>");
    let (two, ten) = (slide("dos"), slide("diez"));
    let one = document(
        "a.pptx",
        &package(&[
            ("ppt/presentation.xml", "<p/>"),
            ("ppt/slides/slide10.xml", &ten),
            ("ppt/slides/slide2.xml", &two),
        ]),
    );
    assert_eq!(
        (one.kind, text(&one).as_str()),
        (DocumentKind::Presentation, "dos\n---\ndiez")
    );
}

#[test]
fn rich_text_is_read_with_its_code_page_and_tables() {
    let rtf = br#"{\rtf1\ansi\ansicpg1252\deflang2058{\fonttbl{\f0 Arial;}}{\info{\title Reglamento interior}{\creatim\yr2019\mo3\dy31}}
{\*\generator no}\pard Secci\'f3n \u193?rea \{1\} {\field{\*\fldinst{HYPERLINK "r.pdf"}}{\fldrslt ver}}\par{\pict\bin4 {{{{}
\trowd\cellx100\pard\intbl A\cell B\cell\row\trowd\pard\intbl 1\cell 2\cell\row\pard Fin\par{\u55357?\u56832?}}"#;
    let one = document("a.rtf", rtf);
    assert_eq!(text(&one), "Sección Área {1} ver\nA\nB\n1\n2\nFin\n😀");
    assert_eq!(rows(&one), [table("tabla 1", &[&["A", "B"], &["1", "2"]])]);
    assert_eq!(one.title.as_deref(), Some("Reglamento interior"));
    assert_eq!(one.links[0].url.as_deref(), Some("https://m.mx/t/r.pdf"));
    let about = one.text.expect("text");
    assert_eq!(
        (about.created.as_deref(), about.language.as_deref()),
        (Some("2019-03-31"), Some("es-MX"))
    );
}

#[test]
fn pictures_without_words_are_no_text() {
    let files = [
        ("word/document.xml", "<w:document><w:p/></w:document>"),
        ("word/media/image1.png", "x"),
    ];
    assert_eq!(document("a.docx", &package(&files)).state, ExtractionState::NoTextLayer);
    assert_eq!(
        document("a.rtf", br"{\rtf1{\pict 00ff}}").state,
        ExtractionState::NoTextLayer
    );
}

#[test]
fn damaged_and_locked_documents_are_told() {
    let whole = docx("<w:p><w:r><w:t>Uno</w:t></w:r></w:p>");
    assert_eq!(
        document("a.docx", &whole[..whole.len() - 40]).state,
        ExtractionState::Failed(Fault::Damaged)
    );
    // A compound file with the stream in which Office keeps what it encrypts.
    let mut locked = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    locked.resize(1024, 0);
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    for (name, kind) in [
        ("a.docx", DocumentKind::Docx),
        ("a.pptx", DocumentKind::Presentation),
        ("a.xlsx", DocumentKind::Xlsx),
    ] {
        let one = document(name, &locked);
        assert_eq!((one.kind, one.state), (kind, ExtractionState::Failed(Fault::Encrypted)));
    }
    let deep = format!("{{\\rtf1 {}hola", "{".repeat(200_000));
    assert_eq!(text(&document("a.rtf", deep.as_bytes())), "hola");
    let tables = "<w:tbl><w:tr><w:tc>".repeat(5_000);
    assert_eq!(
        text(&document(
            "a.docx",
            &docx(&format!("{tables}<w:p><w:r><w:t>hola</w:t></w:r></w:p>"))
        )),
        "hola"
    );
}

proptest::proptest! {
    #[test]
    fn any_bytes_after_the_mark_are_rich_text(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        let one = document("a.rtf", &[b"{\\rtf1".as_slice(), &bytes].concat());
        proptest::prop_assert!(one.state != ExtractionState::Failed(Fault::Crashed));
    }

    #[test]
    fn control_words_in_any_order_end(rtf in r"(\\cell|\\row|\\trowd|\\intbl|\\pard|\\par|\\u-3?|\\'e1|\{|\}|\\\*|\\bin3 | a|\\fldinst ){0,60}") {
        let one = document("a.rtf", format!("{{\\rtf1 {rtf}").as_bytes());
        proptest::prop_assert!(one.state != ExtractionState::Failed(Fault::Crashed));
    }
}
