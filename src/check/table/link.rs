//! What stands in a cell that asks for an address on the Internet.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::check::cell::is_nothing;
use crate::text::fold;

/// Endings of files that people name instead of linking.
const ENDINGS: &[&str] = &[
    "pdf", "doc", "docx", "xls", "xlsx", "xlsm", "csv", "ods", "odt", "ppt", "pptx", "jpg", "jpeg", "png", "zip",
    "rar", "html", "htm", "txt", "rtf", "mp4", "xml",
];

/// A cell of a hyperlink column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LinkCell {
    /// One or more addresses that anyone can open.
    Links(Vec<String>),
    /// An address whose spaces stand as such.
    Spaced(String),
    /// An address without its scheme.
    NoScheme,
    /// An address of a private network.
    Private,
    /// A path in somebody's computer.
    Local,
    /// The name of a file.
    File,
    /// Words that say that there is none.
    Nothing,
    /// Anything else.
    Other,
}

/// Reads a cell of a hyperlink column that is not blank.
pub(super) fn link(text: &str) -> LinkCell {
    let text = text.trim();
    let lower = text.to_lowercase();
    if is_local(&lower) {
        return LinkCell::Local;
    }
    if lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("ftp://") {
        return addresses(text);
    }
    let folded = fold(text);
    if is_nothing(&folded) || says_none(&folded) {
        return LinkCell::Nothing;
    }
    let head = lower.split(['/', '?', '#']).next().unwrap_or_default();
    let names_file = |t: &str| t.rsplit_once('.').is_some_and(|(_, end)| ENDINGS.contains(&end));
    if !head.contains([' ', '@']) && (lower.starts_with("www.") || lower.contains('/') && is_domain(head)) {
        return LinkCell::NoScheme;
    }
    if names_file(&lower) && !lower.contains("://") {
        return LinkCell::File;
    }
    if !head.contains([' ', '@']) && is_domain(head) {
        return LinkCell::NoScheme;
    }
    LinkCell::Other
}

fn is_local(lower: &str) -> bool {
    let bytes = lower.as_bytes();
    let drive =
        bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && matches!(bytes[2], b'\\' | b'/');
    drive || lower.starts_with("file:") || lower.starts_with("\\\\") || lower.starts_with("..") || is_backslashed(lower)
}

/// `carpeta\archivo.pdf`.
fn is_backslashed(lower: &str) -> bool {
    lower.contains('\\') && !lower.contains("://")
}

fn says_none(folded: &str) -> bool {
    matches!(
        folded,
        "sin enlace"
            | "sin hipervinculo"
            | "no disponible"
            | "no hay"
            | "ninguno"
            | "ninguna"
            | "no existe"
            | "pendiente"
            | "en proceso"
            | "no se genero"
            | "no se cuenta"
            | "no cuenta"
    )
}

/// Addresses of a cell that begins with one.
fn addresses(text: &str) -> LinkCell {
    let pieces: Vec<&str> = text
        .split_whitespace()
        .map(|p| p.trim_end_matches([',', ';']))
        .filter(|p| !p.is_empty())
        .collect();
    let begins = |p: &str| {
        let p = p.to_lowercase();
        p.starts_with("http://") || p.starts_with("https://") || p.starts_with("ftp://")
    };
    let parsed = |p: &str| Url::parse(p).ok().filter(|u| u.host().is_some());
    if pieces.iter().all(|p| begins(p)) {
        let urls: Vec<Url> = pieces.iter().filter_map(|p| parsed(p)).collect();
        if urls.len() < pieces.len() || urls.iter().any(is_malformed) {
            return LinkCell::Other;
        }
        if urls.iter().any(is_private) {
            return LinkCell::Private;
        }
        return LinkCell::Links(urls.iter().map(Url::to_string).collect());
    }
    match parsed(text) {
        Some(url) if is_malformed(&url) => LinkCell::Other,
        Some(url) if is_private(&url) => LinkCell::Private,
        Some(url) => LinkCell::Spaced(url.to_string()),
        None => LinkCell::Other,
    }
}

/// `http://http//…`, `http://www.`: parsed, and no address of anyone.
fn is_malformed(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            matches!(name, "http" | "https" | "www" | "ftp") || name.split('.').any(str::is_empty)
        }
        Some(_) => false,
        None => true,
    }
}

/// Whether an address opens only inside somebody's network.
fn is_private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => is_private_v4(ip),
        Some(Host::Ipv6(ip)) => is_private_v6(ip),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            !name.contains('.')
                || [".local", ".localhost", ".lan", ".internal", ".localdomain"]
                    .iter()
                    .any(|end| name.ends_with(end))
        }
        None => false,
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified()
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local()
}

/// Whether a text has the form of a domain: labels of letters, digits and hyphens, and an ending of two letters or more.
fn is_domain(text: &str) -> bool {
    let labels: Vec<&str> = text.split('.').collect();
    let clean = |l: &&str| !l.is_empty() && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    labels.len() >= 2
        && labels.iter().all(clean)
        && labels
            .last()
            .is_some_and(|end| end.len() >= 2 && end.bytes().all(|b| b.is_ascii_alphabetic()) && !ENDINGS.contains(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_anyone_opens() {
        for text in [
            "https://villa.gob.mx/a.pdf",
            "HTTP://villa.gob.mx",
            "http://200.1.2.3:8080/x",
            "https://villa.gob.mx/a%20b.pdf#page=3",
            "https://ñandú.example/x",
        ] {
            assert!(matches!(link(text), LinkCell::Links(urls) if urls.len() == 1), "{text}");
        }
        let two = link("https://a.example/1;\nhttps://a.example/2");
        assert!(matches!(two, LinkCell::Links(urls) if urls.len() == 2));
    }

    #[test]
    fn what_is_no_address_is_told_apart() {
        use LinkCell::{File, Local, NoScheme, Nothing, Other, Private};
        for (text, expected) in [
            (r"E:\transparencia\x.xlsx", Local),
            (r"..\HIPERVINCULOS\x.pdf", Local),
            ("../x/y.pdf", Local),
            (r"\\servidor\x", Local),
            ("file:///C:/x.pdf", Local),
            (r"carpeta\x.pdf", Local),
            ("ANALITICO DE INGRESOS.pdf", File),
            ("presupuesto.xlsx", File),
            ("N/A", Nothing),
            ("No aplica", Nothing),
            ("www.villa.gob.mx/x.pdf", NoScheme),
            ("villa.gob.mx/transparencia", NoScheme),
            ("villa.gob.mx", NoScheme),
            ("http://localhost/x", Private),
            ("http://192.168.1.5/x", Private),
            ("http://servidor/x", Private),
            ("http://http//villa.gob.mx", Other),
            ("http://", Other),
            ("https:/villa", Other),
            ("Ver documento", Other),
            ("alguien@villa.gob.mx", Other),
            ("Se consulta en la oficina.", Other),
        ] {
            assert_eq!(link(text), expected, "{text}");
        }
        assert_eq!(
            link("https://villa.gob.mx/mi archivo.pdf"),
            LinkCell::Spaced("https://villa.gob.mx/mi%20archivo.pdf".into())
        );
    }
}
