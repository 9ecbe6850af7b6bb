//! Workbooks made up for what they show.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Url as XlsxUrl, Workbook as Made};
use url::Url;

use crate::extract::{Limits, Source, extract};
use crate::model::{Document, DocumentKind, ExtractionState, Fault, Sheet};

fn named(name: &str, bytes: &[u8]) -> Document {
    within(name, bytes, &Limits::default())
}

fn within(name: &str, bytes: &[u8], limits: &Limits) -> Document {
    let url = Url::parse("https://m.mx/").and_then(|u| u.join(name)).expect("url");
    let source = Source {
        url: &url,
        loaded_by: None,
        content_type: None,
        headers: &[],
    };
    extract(&source, bytes, limits)
}

fn sheet(document: Document) -> Sheet {
    document.workbook.expect("a workbook").sheets.remove(0)
}

fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in entries {
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file(*name, options).expect("an entry");
        zip.write_all(text.as_bytes()).expect("written");
    }
    zip.finish().expect("a zip").into_inner()
}

fn xlsx(sheet: &str) -> Vec<u8> {
    let relation = |n: u8, kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id='r{n}' Type='http://x/relationships/{kind}' Target='{target}'/></Relationships>"
        )
    };
    zip(&[
        ("_rels/.rels", &relation(1, "officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            "<workbook xmlns:r='r'><sheets><sheet name='H' sheetId='1' r:id='r1'/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &relation(1, "worksheet", "worksheets/s.xml"),
        ),
        ("xl/worksheets/s.xml", sheet),
    ])
}

fn ods(table: &str) -> Vec<u8> {
    zip(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        (
            "content.xml",
            &format!(
                "<office:document-content><office:automatic-styles><style:style style:name='ta2'>\
                 <style:table-properties table:display='false'/></style:style></office:automatic-styles><office:body>\
                 <office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>"
            ),
        ),
    ])
}

#[test]
fn cells_are_what_people_see() {
    let mut book = Made::new();
    let sheet_made = book.add_worksheet();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let moment = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    let day = ExcelDateTime::from_ymd(2019, 3, 31).expect("a date");
    sheet_made.write(0, 0, 0.1 + 0.2).expect("written");
    sheet_made.write(0, 1, 1_234_567.5).expect("written");
    sheet_made.write_with_format(0, 2, &day, &date).expect("written");
    let then = day.clone().and_hms(14, 30, 0).expect("a time");
    sheet_made.write_with_format(0, 3, &then, &moment).expect("written");
    let share = Format::new().set_num_format("0.00%");
    sheet_made.write_with_format(0, 4, 0.16, &share).expect("written");
    sheet_made.write(0, 5, true).expect("written");
    sheet_made
        .write_formula(0, 6, Formula::new("=1/0").set_result("#DIV/0!"))
        .expect("written");
    sheet_made.write(0, 7, -0.000_012_5).expect("written");
    sheet_made.write(0, 8, 2_024.0).expect("written");
    let clock = Format::new().set_num_format("hh:mm:ss");
    sheet_made
        .write_with_format(0, 9, 0.604_166_666_666_667, &clock)
        .expect("written");
    let read = sheet(named("a.xlsx", &book.save_to_buffer().expect("bytes")));
    assert_eq!(
        read.rows[0],
        [
            "0.3",
            "1234567.5",
            "2019-03-31",
            "2019-03-31T14:30:00",
            "16%",
            "VERDADERO",
            "#DIV/0!",
            "-0.0000125",
            "2024",
            "14:30:00"
        ]
    );
}

#[test]
fn links_merged_cells_and_hidden_sheets_are_kept() {
    let mut book = Made::new();
    let first = book.add_worksheet();
    let plain = Format::new();
    first.merge_range(1, 1, 1, 3, "TÍTULO", &plain).expect("merged");
    first
        .write_url(2, 1, XlsxUrl::new("https://m.mx/a.pdf?x=1&y=2").set_text("Ver"))
        .expect("written");
    first
        .write_formula(
            3,
            2,
            Formula::new("=HYPERLINK(\"https://m.mx/b.pdf\",\"Abrir\")").set_result("Abrir"),
        )
        .expect("written");
    first.write_url(4, 1, "internal:Sheet2!A1").expect("written");
    book.add_worksheet().set_hidden(true).write(0, 0, 1).expect("written");
    let document = named("a.xlsx", &book.save_to_buffer().expect("bytes"));
    let sheets = document.workbook.expect("a workbook").sheets;
    assert_eq!(sheets[0].origin, (1, 1));
    assert_eq!(sheets[0].merged, [(0, 0, 0, 2)]);
    assert_eq!(
        sheets[0].hyperlinks,
        [
            (1, 0, "https://m.mx/a.pdf?x=1&y=2".to_owned()),
            (2, 1, "https://m.mx/b.pdf".to_owned())
        ]
    );
    assert_eq!(sheets[0].rows[1], ["Ver"]);
    assert!(!sheets[0].hidden && sheets[1].hidden);
}

#[test]
fn a_lying_dimension_and_far_cells_cost_nothing() {
    let cells = "<worksheet><dimension ref='A1:XFD1048576'/><sheetData><row r='1'><c r='A1'><v>1</v></c>\
                 <c r='C1'><v>2</v></c></row><row r='3'><c r='B3'><v>3</v></c></row></sheetData></worksheet>";
    let document = named("a.xlsx", &xlsx(cells));
    assert_eq!(document.state, ExtractionState::Complete);
    assert_eq!(sheet(document).rows, [vec!["1", "", "2"], vec![], vec!["", "3"]]);

    let far = "<worksheet><sheetData><row r='1'><c r='A1'><v>1</v></c><c r='XFD1'><v>2</v></c></row>\
               <row r='1048576'><c r='A1048576'><v>3</v></c></row></sheetData></worksheet>";
    let document = named("a.xlsx", &xlsx(far));
    assert!(matches!(document.state, ExtractionState::Partial(_)));
    let read = sheet(document);
    assert_eq!(read.rows, [["1"]]);
    assert!(read.truncated);
}

#[test]
fn limits_cut_and_say_so() {
    let rows: String = (0..50).map(|_| "<row><c><v>7</v></c><c><v>8</v></c></row>").collect();
    let bytes = xlsx(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"));
    let limits = Limits {
        rows: 10,
        ..Limits::default()
    };
    let document = within("a.xlsx", &bytes, &limits);
    assert_eq!(
        document.state,
        ExtractionState::Partial("la hoja 'H' se leyó sólo en parte".to_owned())
    );
    assert_eq!(sheet(document).rows.len(), 10);
    let limits = Limits {
        cells: 21,
        ..Limits::default()
    };
    assert_eq!(sheet(within("a.xlsx", &bytes, &limits)).rows.len(), 11);
    let limits = Limits {
        inflated: 100,
        ..Limits::default()
    };
    assert!(matches!(
        within("a.xlsx", &bytes, &limits).state,
        ExtractionState::Failed(Fault::TooLarge { limit: 100, .. })
    ));
    let limits = Limits {
        file_bytes: 100,
        ..Limits::default()
    };
    assert_eq!(
        within("a.xlsx", &bytes, &limits).state,
        ExtractionState::Failed(Fault::TooLarge {
            what: "bytes".to_owned(),
            found: bytes.len() as u64,
            limit: 100
        })
    );
}

#[test]
fn open_document_sheets_keep_values_links_and_repeats() {
    let bytes = ods(
        "<table:table table:name='Hoja'><table:table-row table:number-rows-repeated='3'><table:table-cell/></table:table-row>\
         <table:table-row><table:table-cell table:number-columns-spanned='2' office:value-type='string'><text:p>Año &amp; mes</text:p>\
         <office:annotation><text:p>nota</text:p></office:annotation></table:table-cell><table:covered-table-cell/>\
         <table:table-cell office:value-type='date' office:date-value='2019-03-31T00:00:00'><text:p>31/03/19</text:p></table:table-cell>\
         <table:table-cell office:value-type='percentage' office:value='0.16'><text:p>16 %</text:p></table:table-cell></table:table-row>\
         <table:table-row table:number-rows-repeated='2'><table:table-cell office:value-type='float' office:value='0.30000000000000004' \
         table:number-columns-repeated='2'/><table:table-cell><text:p><text:a xlink:href='https://m.mx/a.pdf'>Ver</text:a></text:p>\
         </table:table-cell></table:table-row><table:table-row table:number-rows-repeated='1048000'>\
         <table:table-cell table:number-columns-repeated='16384'/></table:table-row></table:table>\
         <table:table table:name='Oculta' table:style-name='ta2'></table:table>",
    );
    let document = named("a.ods", &bytes);
    assert_eq!(
        (document.kind, &document.state),
        (DocumentKind::Ods, &ExtractionState::Complete)
    );
    let sheets = document.workbook.expect("a workbook").sheets;
    assert_eq!(
        sheets[0].rows,
        [
            vec!["Año & mes", "", "2019-03-31", "16%"],
            vec!["0.3", "0.3", "Ver"],
            vec!["0.3", "0.3", "Ver"]
        ]
    );
    assert_eq!(sheets[0].origin, (3, 0));
    assert_eq!(sheets[0].merged, [(0, 0, 0, 1)]);
    assert_eq!(sheets[0].hyperlinks, [(1, 2, "https://m.mx/a.pdf".to_owned())]);
    assert!(sheets[1].hidden && !sheets[0].hidden);
}

#[test]
fn a_cell_repeated_over_the_whole_sheet_is_cut() {
    let bytes = ods(
        "<table:table table:name='H'><table:table-row table:number-rows-repeated='1048576'><table:table-cell \
         office:value-type='float' office:value='1' table:number-columns-repeated='16384'/></table:table-row></table:table>",
    );
    let document = named("a.ods", &bytes);
    assert!(matches!(document.state, ExtractionState::Partial(_)));
    let cells: usize = sheet(document).rows.iter().map(Vec::len).sum();
    assert!(cells <= Limits::default().cells, "{cells}");
}

#[test]
fn separators_encodings_and_marks_are_found_by_content() {
    let utf16: Vec<u8> = "\u{feff}Año\tMonto\r\n2024\t1\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let cases: [(&str, &[u8]); 8] = [
        ("a.csv", "Año,Monto\n2024,1\n".as_bytes()),
        ("a.csv", "Año;Monto\n2024;1\n".as_bytes()),
        ("a.tsv", "Año\tMonto\n2024\t1\n".as_bytes()),
        ("a.csv", "Año|Monto\n2024|1\n".as_bytes()),
        ("a.csv", "\u{feff}Año;Monto\r\n2024;1\r\n".as_bytes()),
        ("a.csv", b"A\xf1o;Monto\r\n2024;1\r\n"),
        ("a.csv", "sep=;\r\nAño;Monto\r\n2024;1\r\n".as_bytes()),
        ("a.xls", &utf16),
    ];
    for (name, bytes) in cases {
        let document = named(name, bytes);
        assert_eq!(document.kind, DocumentKind::Csv, "{bytes:?}");
        assert_eq!(sheet(document).rows, [["Año", "Monto"], ["2024", "1"]], "{bytes:?}");
    }
}

#[test]
fn separated_rows_may_be_ragged_and_quoted() {
    let text = "Reporte de compras\n\"Pérez, Juan\",\"dijo \"\"sí\"\"\",3\n,,\nuno,\"dos\nlíneas\"\n";
    let read = sheet(named("a.csv", text.as_bytes()));
    assert_eq!(read.rows[0], ["Reporte de compras"]);
    assert_eq!(read.rows[1], ["Pérez, Juan", "dijo \"sí\"", "3"]);
    assert_eq!(read.rows[3], ["uno", "dos\nlíneas"]);
    let semicolons = "Monto;Nota\n1,5;a, b, c\n2,5;d, e\n";
    assert_eq!(sheet(named("a.csv", semicolons.as_bytes())).rows[1], ["1,5", "a, b, c"]);
}

#[test]
fn text_is_a_table_only_when_it_is_one() {
    assert_eq!(named("a.txt", b"a\tb\n1\t2\n3\t4\n").kind, DocumentKind::Csv);
    assert_eq!(named("a.txt", b"a;b;c\n1;2;3\n3;4;5\n").kind, DocumentKind::Csv);
    assert_eq!(
        named("a.txt", b"Hola, vecinos.\nHoy, por fin, hay agua.\nGracias, a todos.\n").kind,
        DocumentKind::Text
    );
    assert_eq!(
        named("robots.txt", b"User-agent: *\nDisallow: /a\n").kind,
        DocumentKind::Text
    );
}

#[test]
fn a_page_named_as_a_workbook_is_a_page_with_its_tables() {
    let html = "<html><body><table><tr><td><table><tr><th>Año</th><th>Monto</th></tr><tr><td>2024</td><td><a href='a.pdf'>Ver</a></td></tr>\
                </table></td></tr></table><table><tr><td>menú</td></tr></table></body></html>";
    let document = named("reporte.xls", html.as_bytes());
    assert_eq!(
        (document.kind, document.declared),
        (DocumentKind::Html, Some(DocumentKind::Xls))
    );
    let book = document.workbook.expect("its tables");
    assert_eq!(book.sheets.len(), 1);
    assert_eq!(book.sheets[0].rows, [["Año", "Monto"], ["2024", "Ver"]]);
    assert_eq!(book.sheets[0].hyperlinks, [(1, 1, "https://m.mx/a.pdf".to_owned())]);
    assert!(document.page.is_some());
    assert!(named("pagina.html", html.as_bytes()).workbook.is_none());
    assert!(
        named("reporte.xlsx", b"<html><body><p>404</p></body></html>")
            .workbook
            .is_none()
    );
}

#[test]
fn what_cannot_be_read_says_why() {
    let mut book = Made::new();
    book.add_worksheet().write(0, 0, "x").expect("written");
    let whole = book.save_to_buffer().expect("bytes");
    let cut = named("a.xlsx", &whole[..whole.len() / 2]);
    assert_eq!(cut.kind, DocumentKind::Xlsx);
    assert_eq!(cut.state, ExtractionState::Failed(Fault::Damaged));

    let package = compound(&["EncryptionInfo", "EncryptedPackage"], &[]);
    let locked = named("a.xlsx", &package);
    assert_eq!(locked.kind, DocumentKind::Xlsx);
    assert_eq!(locked.state, ExtractionState::Failed(Fault::Encrypted));
    assert_eq!(named("a.docx", &package).kind, DocumentKind::Docx);

    let beginning = b"\x09\x08\x10\x00\x00\x06\x05\x00\xbb\x0d\xcc\x07\x00\x00\x00\x00\x00\x00\x00\x00";
    for method in [0u8, 1] {
        let mut stream = beginning.to_vec();
        stream.extend_from_slice(&[0x2f, 0, 6, 0, method, 0, 1, 2, 3, 4]);
        let locked = named("a.xls", &compound(&["Workbook"], &stream));
        assert_eq!(locked.kind, DocumentKind::Xls);
        assert_eq!(locked.state, ExtractionState::Failed(Fault::Encrypted), "{method}");
    }
    let broken = named("a.xls", &compound(&["Workbook"], beginning));
    assert_eq!(broken.state, ExtractionState::Failed(Fault::Damaged));

    let locked = zip(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", "x"),
        ("META-INF/manifest.xml", "<manifest:encryption-data/>"),
    ]);
    assert_eq!(named("a.ods", &locked).state, ExtractionState::Failed(Fault::Encrypted));

    let nothing = named("a.xlsx", b"");
    assert_eq!(
        (nothing.kind, nothing.declared),
        (DocumentKind::Empty, Some(DocumentKind::Xlsx))
    );
    let other = named("a.xlsx", b"%PDF-1.4\n");
    assert_eq!(
        (other.kind, other.declared),
        (DocumentKind::Pdf, Some(DocumentKind::Xlsx))
    );
}

/// The outline of a compound file: its signature, a stream's bytes, names of streams.
fn compound(names: &[&str], stream: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 1024];
    out[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    out[512..512 + stream.len()].copy_from_slice(stream);
    for name in names {
        out.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        out.resize(out.len().next_multiple_of(128), 0);
    }
    out.resize(4096, 0);
    out
}

#[test]
fn names_offered_by_a_header_come_before_those_of_the_address() {
    let url = Url::parse("https://m.mx/descarga.php?id=3").expect("url");
    let headers = [(
        "Content-Disposition".to_owned(),
        "attachment; filename=\"Padrón.XLSX\"".to_owned(),
    )];
    let source = Source {
        url: &url,
        loaded_by: None,
        content_type: Some("application/octet-stream"),
        headers: &headers,
    };
    let document = extract(&source, b"a;b\n1;2\n3;4\n", &Limits::default());
    assert_eq!(
        (document.kind, document.declared),
        (DocumentKind::Csv, Some(DocumentKind::Xlsx))
    );
}
