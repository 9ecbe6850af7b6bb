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
/// Bytes of the longest of [`OPENERS`].
const LONGEST_OPENER: usize = 13;
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
    let bare = text.trim().trim_end_matches(['.', ':', '>', '»']).trim();
    // Nothing that is longer becomes one of them in lower case.
    bare.len() <= 2 * LONGEST_OPENER && OPENERS.contains(&bare.to_lowercase().as_str())
}

/// The attributes of an element that say what it is, looked for once.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks<'e> {
    pub(super) id: Option<&'e str>,
    pub(super) name: Option<&'e str>,
    pub(super) role: Option<&'e str>,
    pub(super) style: Option<&'e str>,
    pub(super) href: Option<&'e str>,
    pub(super) level: Option<&'e str>,
    /// Whether it is a tab or a toggle.
    pub(super) toggles: bool,
    /// Whether an attribute may open something or lead somewhere: a handler, data, a fragment.
    pub(super) acts: bool,
}

impl<'e> Marks<'e> {
    /// Those of an element.
    pub(super) fn of(element: &'e Element) -> Self {
        let mut out = Self::default();
        for (name, value) in element.attrs() {
            let slot = match name {
                "id" => &mut out.id,
                "name" => &mut out.name,
                "role" => &mut out.role,
                "style" => &mut out.style,
                "aria-level" => &mut out.level,
                "href" => {
                    let value = value.trim_start();
                    out.acts |= value.starts_with('#') || value.starts_with(['j', 'J']);
                    &mut out.href
                }
                "aria-controls" | "onclick" | "onchange" | "ondblclick" | "onmousedown" | "onsubmit" | "ng-click"
                | "@click" => {
                    out.acts = true;
                    continue;
                }
                _ => {
                    out.acts |= name.starts_with("data-");
                    out.toggles |= matches!(name, "data-toggle" | "data-bs-toggle");
                    continue;
                }
            };
            slot.get_or_insert(value);
        }
        out
    }

    /// Whether it is a menu or a footer of the site; tabs inside a `nav` are content.
    pub(super) fn is_menu(&self, name: &str) -> bool {
        let role = self.role.unwrap_or_default();
        match name {
            "nav" => role != "tablist",
            "footer" => true,
            _ => matches!(role, "navigation" | "contentinfo"),
        }
    }

    /// Whether its text is bold.
    pub(super) fn is_bold(&self, name: &str) -> bool {
        matches!(name, "b" | "strong")
            || self.style.is_some_and(|s| {
                let s: String = s.to_ascii_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
                s.contains("font-weight:bold") || s.contains("font-weight:7") || s.contains("font-weight:8")
            })
    }

    /// 1–6 for headings.
    pub(super) fn heading(&self, name: &str) -> Option<u8> {
        match name {
            "h1" => Some(1),
            "h2" => Some(2),
            "h3" => Some(3),
            "h4" => Some(4),
            "h5" => Some(5),
            "h6" => Some(6),
            _ if self.role == Some("heading") => Some(self.level.and_then(|l| l.parse().ok()).unwrap_or(2).clamp(1, 6)),
            _ => None,
        }
    }

    /// Whether it is a button, a tab or the like.
    pub(super) fn is_control(&self, name: &str) -> bool {
        matches!(name, "button" | "summary" | "legend" | "caption" | "dt" | "label")
            || matches!(self.role, Some("tab" | "button"))
            || self.toggles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openers_are_no_longer_than_told() {
        assert_eq!(OPENERS.iter().map(|o| o.len()).max(), Some(LONGEST_OPENER));
        assert!(is_opener(" Ver documento » ") && !is_opener("Ver documento anexo"));
    }

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
