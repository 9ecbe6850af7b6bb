use super::*;

fn page(html: &str) -> Page {
    let url = Url::parse("https://municipio.gob.mx/t/index.html").expect("url");
    let source = Source {
        url: &url,
        loaded_by: None,
        content_type: Some("text/html"),
        headers: &[],
    };
    extract(&source, html.as_bytes(), &Limits::default())
        .page
        .expect("a page")
}

fn texts(page: &Page) -> Vec<&str> {
    page.lines.iter().map(|l| l.text.as_str()).collect()
}

#[test]
fn lines_end_where_blocks_and_breaks_do() {
    let p = page("<h2>I. Marco</h2><p>uno <b>dos</b><br>tres</p><ul><li>a</li><li><strong>b</strong></li></ul>");
    assert_eq!(texts(&p), ["I. Marco", "uno dos", "tres", "a", "b"]);
    assert_eq!(p.lines[0].heading, 2);
    assert!(!p.lines[1].bold && p.lines[4].bold);
}

#[test]
fn links_know_their_line_and_words() {
    let p = page(r#"<p>Acta <a href="a b.pdf">PDF</a> <a href="x.xlsx"><img alt="Excel" src="e.png"></a></p>"#);
    let found: Vec<_> = p
        .links
        .iter()
        .map(|l| (l.url.as_deref().unwrap_or(""), l.text.as_str(), l.line))
        .collect();
    assert_eq!(
        found,
        [
            ("https://municipio.gob.mx/t/a%20b.pdf", "PDF", Some(0)),
            ("https://municipio.gob.mx/t/x.xlsx", "Excel", Some(0))
        ]
    );
}

#[test]
fn links_hide_in_handlers_data_options_frames_and_scripts() {
    let p = page(
        r#"<div onclick="location.href='sec/1.php'">Uno</div><button data-url="dos.pdf">Dos</button>
        <select><option value="tres.html">Tres</option></select><iframe src="cuatro.pdf"></iframe>
        <script>document.write('<a href="cinco.pdf">Cinco</a>'); window.open("/seis.html")</script>
        <!-- <a href="siete.pdf">no</a> --><a href="javascript:ver('ocho.php?id=1')">Ocho</a>"#,
    );
    let found: Vec<_> = p
        .links
        .iter()
        .map(|l| (l.href.as_str(), l.origin, l.text.as_str()))
        .collect();
    for expected in [
        ("sec/1.php", LinkOrigin::Handler, "Uno"),
        ("dos.pdf", LinkOrigin::Data, "Dos"),
        ("tres.html", LinkOrigin::Option, "Tres"),
        ("cuatro.pdf", LinkOrigin::Embedded, ""),
        ("cinco.pdf", LinkOrigin::Anchor, "Cinco"),
        ("/seis.html", LinkOrigin::Script, ""),
        ("siete.pdf", LinkOrigin::Comment, ""),
        ("ocho.php?id=1", LinkOrigin::Handler, "Ocho"),
    ] {
        assert!(found.contains(&expected), "{expected:?} not in {found:?}");
    }
}

#[test]
fn written_rows_keep_their_table() {
    let p = page(
        r"<table><tr><th>Documento</th></tr><script>var a=[['Bando','b.pdf'],['Plan','p.pdf']];
        for(i in a){document.write('<tr><td>'+a[i][0]+'</td><td><a href='+a[i][1]+'>Ver</a></td></tr>')}</script></table>",
    );
    assert_eq!(texts(&p), ["Documento", "Bando", "Ver", "Plan", "Ver"]);
    let cell = p.lines[4].cell.clone().expect("in the table");
    assert_eq!((cell.row, cell.column), (2, 1));
}

#[test]
fn spans_shift_columns() {
    let p = page("<table><tr><td rowspan=2>a</td><td colspan=2>b</td><td>c</td></tr><tr><td>d</td></tr></table>");
    let cells: Vec<_> = p
        .lines
        .iter()
        .map(|l| l.cell.as_ref().map(|c| (c.row, c.column)).expect("cell"))
        .collect();
    assert_eq!(cells, [(0, 0), (0, 1), (0, 3), (1, 1)]);
}

#[test]
fn what_opens_panels_is_known() {
    let p = page(
        r##"<a href="#uno" data-toggle="collapse">I</a><button onclick="abrir('dos')">II</button>
        <div id="uno">x</div><div id="dos">y</div>"##,
    );
    assert_eq!(p.lines[0].targets.as_ref(), ["uno"]);
    assert_eq!(p.lines[1].targets.as_ref(), ["dos"]);
    assert!(p.loaders.is_empty());
}

#[test]
fn promises_without_link_are_icons() {
    let p = page(r#"<p>Acta <img src="icono_pdf.png"></p><p>Ver</p><p><img src="logo.png"></p>"#);
    assert_eq!(p.lines[0].icons[0].text, "icono_pdf.png");
    assert_eq!(p.lines[1].icons[0].text, "Ver");
    assert_eq!(p.lines.len(), 2);
}

#[test]
fn data_files_become_lines_in_their_nesting() {
    let url = Url::parse("https://m.mx/js/data.js").expect("url");
    let page_url = Url::parse("https://m.mx/t.html").expect("url");
    let source = Source {
        url: &url,
        loaded_by: Some(&page_url),
        content_type: Some("application/javascript"),
        headers: &[],
    };
    let code = r#"var t=[{id:"1",html:"<h4>Año 2018</h4>",items:[{id:"1_1",text:"Directorio",html:"<a href='d/dir.xlsx'>VII</a>"}]}]"#;
    let document = extract(&source, code.as_bytes(), &Limits::default());
    assert_eq!(document.kind, DocumentKind::Script);
    let page = document.page.expect("lines");
    assert_eq!(texts(&page), ["Año 2018", "Directorio VII"]);
    assert_eq!(page.links[0].url.as_deref(), Some("https://m.mx/d/dir.xlsx"));
}

#[test]
fn declared_charsets_may_lie() {
    let url = Url::parse("https://m.mx/").expect("url");
    let cases: [(&[u8], &str, &str); 4] = [
        (b"<p>Fracci\xf3n</p>", "text/html; charset=utf-8", "Fracción"),
        (
            "<p>Fracción</p>".as_bytes(),
            "text/html; charset=iso-8859-1",
            "Fracción",
        ),
        (
            b"<meta charset='windows-1252'><p>Fracci\xf3n</p>",
            "text/html",
            "Fracción",
        ),
        (
            b"\xef\xbb\xbf<p>Fracci\xc3\xb3n</p>",
            "text/html; charset=latin1",
            "Fracción",
        ),
    ];
    for (bytes, content_type, expected) in cases {
        let source = Source {
            url: &url,
            loaded_by: None,
            content_type: Some(content_type),
            headers: &[],
        };
        let page = extract(&source, bytes, &Limits::default()).page.expect("a page");
        assert_eq!(texts(&page), [expected], "{content_type}");
    }
}

#[test]
fn kinds_are_told_by_content() {
    let url = Url::parse("https://m.mx/reporte.xlsx").expect("url");
    let kind = |bytes: &[u8]| sniff::kind(bytes, &url, Some("application/vnd.ms-excel"));
    assert_eq!(kind(b"%PDF-1.4\n"), DocumentKind::Pdf);
    assert_eq!(kind(b"<html><body><p>404</p></body></html>"), DocumentKind::Html);
    assert_eq!(kind(b""), DocumentKind::Empty);
    assert_eq!(kind(b"a;b\n1;2\n"), DocumentKind::Csv);
    assert_eq!(kind(b"\x89PNG\r\n\x1a\n0000"), DocumentKind::Image);
}

#[test]
fn depth_is_limited_and_told() {
    let url = Url::parse("https://m.mx/").expect("url");
    let source = Source {
        url: &url,
        loaded_by: None,
        content_type: None,
        headers: &[],
    };
    let deep = format!("<html><p>uno</p>{}", "<div>".repeat(100_000));
    let document = extract(&source, deep.as_bytes(), &Limits::default());
    assert!(matches!(document.state, ExtractionState::Partial(_)));
    assert_eq!(document.page.map(|p| p.lines.len()), Some(1));
}

proptest::proptest! {
    #[test]
    fn any_bytes_make_a_document(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600)) {
        let url = Url::parse("https://m.mx/a.html").expect("url");
        for content_type in [Some("text/html"), Some("application/javascript"), Some("application/vnd.ms-excel"), None] {
            let source = Source { url: &url, loaded_by: None, content_type, headers: &[] };
            let _ = links(&extract(&source, &bytes, &Limits::default()));
        }
    }

    #[test]
    fn markup_in_any_order_makes_a_page(html in r#"(<table>|<tr>|<td rowspan=3>|</table>|<a href="x.pdf">|</a>|<div id=a>|</div>|<b>|text|<select>|<option value=a.php>|<script>|document.write\('<p>'\)|</script>|<li>|<button onclick="f\(1\)">|<iframe src=b.pdf>|<nav>|</nav>|<!--|-->){0,40}"#) {
        let p = page(&format!("<html>{html}"));
        for link in &p.links {
            proptest::prop_assert!(link.line.is_none_or(|n| n < p.lines.len()));
        }
    }
}

#[test]
fn addresses_in_the_cells_of_a_table_may_be_followed() {
    let url = Url::parse("https://municipio.gob.mx/t/actas.csv").expect("url");
    let source = Source {
        url: &url,
        loaded_by: None,
        content_type: Some("text/csv"),
        headers: &[],
    };
    let csv = "Ejercicio,Hipervínculo al acta,Nota\n2026,https://municipio.gob.mx/actas/1.pdf,véase acta/2.pdf\n\
               2026,https://municipio.gob.mx/actas/1.pdf,\n2026,C:\\actas\\3.pdf,\n";
    let found = links(&extract(&source, csv.as_bytes(), &Limits::default()));
    let told: Vec<_> = found
        .iter()
        .map(|l| (l.url.as_str(), l.words.as_str(), l.origin))
        .collect();
    assert_eq!(
        told,
        [(
            "https://municipio.gob.mx/actas/1.pdf",
            "Hipervínculo al acta",
            LinkOrigin::Document
        )]
    );
}
