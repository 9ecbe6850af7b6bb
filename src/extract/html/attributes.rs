//! What attributes say: addresses, what an element opens, whether a picture promises a download.

use scraper::node::Element;

/// Extensions of pages and documents; not of pictures, styles or scripts.
const EXTENSIONS: &[&str] = &[
    "html", "htm", "php", "asp", "aspx", "jsp", "shtml", "pdf", "xlsx", "xls", "xlsm", "xlsb", "ods", "csv", "tsv",
    "doc", "docx", "odt", "rtf", "ppt", "pptx", "zip", "rar", "7z", "json", "xml", "txt",
];
/// Words of pictures and glyphs that promise a download.
const DOWNLOAD: &[&str] = &[
    "pdf",
    "excel",
    "xls",
    "word",
    "docx",
    "descarg",
    "download",
    "csv",
    "zip",
    "file-alt",
    "file-o",
    "fa-file",
    "documento",
    "icon_ver",
    "bi-file",
    "icon-doc",
];
/// Texts of controls that promise something to open.
const OPENERS: &[&str] = &[
    "ver",
    "descargar",
    "consultar",
    "abrir",
    "ver mas",
    "ver más",
    "ver documento",
    "ver pdf",
    "descarga",
    "consulta",
    "pdf",
    "excel",
    "word",
    "descargar pdf",
    "ver archivo",
    "aquí",
    "aqui",
    "click aquí",
    "clic aquí",
];

/// An attribute's value. The parser's own look-up makes an atom of the name each time; elements have few attributes.
pub(super) fn attr<'e>(element: &'e Element, name: &str) -> Option<&'e str> {
    element.attrs().find(|(n, _)| *n == name).map(|(_, value)| value)
}

/// Whether a string literal looks like the address of a page or document.
pub(super) fn looks_like_address(text: &str) -> bool {
    let text = text.trim();
    if !(4..=600).contains(&text.len()) || text.contains(['<', '>', '{', '}', '\n', '|', '*', '^']) {
        return false;
    }
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(stem, e)| (stem, e.to_ascii_lowercase()));
    let known = extension
        .as_ref()
        .is_some_and(|(stem, e)| !stem.is_empty() && EXTENSIONS.contains(&e.as_str()));
    if text.starts_with("http://") || text.starts_with("https://") {
        return known
            || extension.is_none_or(|(_, e)| e.contains(|c: char| !c.is_ascii_alphanumeric()))
            || name.is_empty();
    }
    if text.contains("://") || text.starts_with('.') && !text.starts_with("./") && !text.starts_with("../") {
        return false;
    }
    if known {
        return true;
    }
    // A route: "/seccion/1", "?p=fraccion1".
    let route =
        text.starts_with('/') && !text.starts_with("//") && text[1..].starts_with(|c: char| c.is_alphanumeric());
    (route && !text.contains(' ') && extension.is_none()) || (text.starts_with('?') && text.contains('='))
}

/// Attributes that hold an address besides `href` and `src`.
pub(super) fn data_addresses(element: &Element) -> Vec<&str> {
    element
        .attrs()
        .filter(|(name, value)| name.starts_with("data-") && !name.contains("target") && looks_like_address(value))
        .filter(|(name, _)| {
            !["image", "img", "bg", "background", "thumb", "poster", "icon"]
                .iter()
                .any(|w| name.contains(w))
        })
        .map(|(_, value)| value)
        .collect()
}

/// Code of `onclick` and its kin, `javascript:` addresses included.
pub(super) fn handlers(element: &Element) -> Vec<&str> {
    let mut out: Vec<&str> = element
        .attrs()
        .filter(|(name, _)| {
            matches!(
                *name,
                "onclick" | "onchange" | "ondblclick" | "onmousedown" | "onsubmit" | "ng-click" | "@click"
            )
        })
        .map(|(_, code)| code)
        .collect();
    if let Some(href) = attr(element, "href") {
        let trimmed = href.trim();
        if trimmed.get(..11).is_some_and(|p| p.eq_ignore_ascii_case("javascript:")) {
            out.push(&trimmed[11..]);
        }
    }
    out
}

/// Ids of elements that it opens.
pub(super) fn targets(element: &Element) -> Vec<String> {
    let named = [
        "data-target",
        "data-bs-target",
        "aria-controls",
        "data-activates",
        "data-tab",
        "data-toggle-target",
    ];
    let mut out: Vec<String> = named
        .iter()
        .filter_map(|n| attr(element, n))
        .flat_map(str::split_whitespace)
        .map(|t| t.trim_start_matches('#').to_owned())
        .collect();
    if let Some(id) = attr(element, "href").and_then(|h| h.trim().strip_prefix('#')) {
        out.push(
            percent_encoding::percent_decode_str(id)
                .decode_utf8_lossy()
                .into_owned(),
        );
    }
    out.retain(|t| !t.is_empty() && t != "!");
    out.dedup();
    out
}

/// Words of a picture or glyph, when they promise a download.
pub(super) fn download_words(element: &Element) -> Option<String> {
    let alt = attr(element, "alt")
        .or(attr(element, "title"))
        .unwrap_or_default()
        .trim();
    let file = attr(element, "src")
        .and_then(|s| s.rsplit('/').next())
        .unwrap_or_default();
    let class = if element.name() == "img" {
        ""
    } else {
        attr(element, "class").unwrap_or_default()
    };
    let all = format!("{alt} {file} {class}").to_lowercase();
    DOWNLOAD.iter().any(|w| all.contains(w)).then(|| {
        let words = [alt, file, class]
            .into_iter()
            .find(|w| !w.is_empty())
            .unwrap_or_default();
        words.to_owned()
    })
}

/// Whether a text does nothing but promise something to open.
pub(super) fn is_opener(text: &str) -> bool {
    let lower = text.trim().trim_end_matches(['.', ':', '>', '»']).trim().to_lowercase();
    OPENERS.contains(&lower.as_str())
}

/// Whether an element is a menu or a footer of the site; tabs inside a `nav` are content.
pub(super) fn is_menu(element: &Element) -> bool {
    let role = attr(element, "role").unwrap_or_default();
    match element.name() {
        "nav" => role != "tablist",
        "footer" => true,
        _ => matches!(role, "navigation" | "contentinfo"),
    }
}

/// Elements that begin and end lines.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "button"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "frameset"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "option"
            | "optgroup"
            | "p"
            | "pre"
            | "section"
            | "select"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_among_literals() {
        for yes in [
            "docs/acta 1.pdf",
            "/transparencia/fraccion/1",
            "https://a.mx/b",
            "?p=fraccion1",
            "../x.php?id=3",
            "https://a.mx/",
        ] {
            assert!(looks_like_address(yes), "{yes}");
        }
        for no in [
            "text/html",
            "dd/mm/aaaa",
            "foto.jpg",
            "app.js",
            "a",
            "use strict",
            "https://a.mx/logo.png",
            ".btn.pdf",
            "//",
        ] {
            assert!(!looks_like_address(no), "{no}");
        }
    }
}
