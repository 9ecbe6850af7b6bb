//! Addresses as portals really write them: unencoded spaces, backslashes, stray quotes, decomposed accents, mixed case.
//!
//! Nothing here guesses what the author meant: bytes that servers distinguish (accents, case of paths) stay as written, so that
//! a dead link stays dead.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use thiserror::Error;
use url::Url;

/// Longest address that is followed, in bytes; longer ones are traps or data.
const LONGEST: usize = 4096;

/// Why a text is no address that can be audited.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UrlError {
    /// Not an address at all.
    #[error("'{text}' is not a URL: {why}")]
    Malformed {
        /// As given.
        text: String,
        /// What the parser says.
        why: String,
    },
    /// `ftp:`, `file:`, `mailto:`…
    #[error("'{text}' has the scheme '{scheme}'; only http and https can be audited")]
    Scheme {
        /// As given.
        text: String,
        /// Its scheme.
        scheme: String,
    },
    /// Over 4,096 bytes.
    #[error("the URL is {0} bytes long; the limit is {LONGEST}")]
    TooLong(usize),
}

/// An absolute address from what a person typed or a portal wrote; without scheme it becomes `https`. The fragment falls.
pub fn normalize(text: &str) -> Result<Url, UrlError> {
    let cleaned = clean(text);
    let parsed = match Url::parse(&cleaned) {
        Ok(url) if url.cannot_be_a_base() && !cleaned.contains("//") && looks_like_host(&cleaned) => {
            Url::parse(&format!("https://{cleaned}"))
        }
        Err(url::ParseError::RelativeUrlWithoutBase) if looks_like_host(&cleaned) => {
            Url::parse(&format!("https://{cleaned}"))
        }
        other => other,
    };
    let mut url = parsed.map_err(|e| UrlError::Malformed {
        text: text.to_owned(),
        why: e.to_string(),
    })?;
    check(&mut url, text)?;
    Ok(url)
}

/// A reference in a page: the absolute address without fragment, and the fragment. `None` for what leads to no page or document
/// (`#` alone, `javascript:`, `mailto:`, data) and for what no parser understands.
#[must_use]
pub fn resolve(base: &Url, href: &str) -> Option<(Url, Option<String>)> {
    let cleaned = clean(href);
    if cleaned.is_empty() || cleaned == "#" {
        return None;
    }
    let mut url = base.join(&cleaned).ok()?;
    let fragment = url
        .fragment()
        .filter(|f| !f.is_empty())
        .map(|f| percent_decode_str(f).decode_utf8_lossy().into_owned());
    check(&mut url, href).ok()?;
    Some((url, fragment))
}

/// Exact comparison key: host in lower case, default port dropped, harmless percent-encodings decoded, dot segments resolved.
#[must_use]
pub fn key(url: &Url) -> String {
    let mut out = format!("{}://", url.scheme());
    out.push_str(&rest(url, url.host_str().unwrap_or_default()));
    out
}

/// Key under which `http` and `https`, with and without `www.`, are one place.
#[must_use]
pub fn place(url: &Url) -> String {
    rest(url, &host(url))
}

/// Host without `www.`, with its port unless it is the scheme's own.
#[must_use]
pub fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let bare = host.strip_prefix("www.").unwrap_or(host);
    url.port().map_or_else(|| bare.to_owned(), |p| format!("{bare}:{p}"))
}

fn rest(url: &Url, host: &str) -> String {
    let decode = |s: &str| percent_decode_str(s).decode_utf8_lossy().into_owned();
    let mut out = host.to_owned();
    if let Some(port) = url.port().filter(|_| !host.contains(':')) {
        out.push(':');
        out.push_str(&port.to_string());
    }
    out.push_str(&decode(url.path()));
    if let Some(q) = url.query().filter(|q| !q.is_empty()) {
        out.push('?');
        out.push_str(&decode(q));
    }
    out
}

/// Spaces, quotes and line breaks that stick to the ends fall; those inside are left for the parser to encode.
fn clean(text: &str) -> Cow<'_, str> {
    let trimmed = text
        .trim_matches(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '“' | '”' | '<' | '>'));
    let breaks = |c: char| matches!(c, '\t' | '\n' | '\r' | '\0');
    if trimmed.contains(breaks) {
        Cow::Owned(trimmed.replace(breaks, ""))
    } else {
        Cow::Borrowed(trimmed)
    }
}

fn looks_like_host(text: &str) -> bool {
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    (name.contains('.') || name == "localhost")
        && !name.starts_with('.')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

fn check(url: &mut Url, text: &str) -> Result<(), UrlError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(UrlError::Scheme {
            text: text.to_owned(),
            scheme: url.scheme().to_owned(),
        });
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(UrlError::Malformed {
            text: text.to_owned(),
            why: "empty host".to_owned(),
        });
    }
    url.set_fragment(None);
    // Credentials never travel into archives and reports.
    if !url.username().is_empty() || url.password().is_some() {
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
    if url.as_str().len() > LONGEST {
        return Err(UrlError::TooLong(url.as_str().len()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn joined(href: &str) -> Option<String> {
        let base = Url::parse("https://www.municipio.gob.mx/transparencia/index.php").expect("base");
        resolve(&base, href).map(|(u, _)| u.to_string())
    }

    #[test]
    fn hrefs_as_portals_write_them() {
        let at = |path: &str| Some(format!("https://www.municipio.gob.mx{path}"));
        assert_eq!(
            joined("Fracción I/acta 1.pdf"),
            at("/transparencia/Fracci%C3%B3n%20I/acta%201.pdf")
        );
        assert_eq!(joined("docs\\2019\\a.pdf"), at("/transparencia/docs/2019/a.pdf"));
        assert_eq!(joined("/a.pdf\""), at("/a.pdf"));
        assert_eq!(joined("  /a\n.pdf "), at("/a.pdf"));
        assert_eq!(
            joined("HTTP://WWW.Municipio.gob.mx/A.pdf"),
            Some("http://www.municipio.gob.mx/A.pdf".into())
        );
        assert_eq!(joined("//otro.gob.mx/x"), Some("https://otro.gob.mx/x".into()));
        assert_eq!(joined("../a/../b.pdf"), at("/b.pdf"));
        for nowhere in [
            "#",
            "",
            "javascript:void(0)",
            "mailto:a@b.mx",
            "tel:5512345678",
            "data:text/html,x",
        ] {
            assert_eq!(joined(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn fragments_are_kept_apart() {
        let base = Url::parse("https://a.mx/p").expect("base");
        let (url, fragment) = resolve(&base, "#secci%C3%B3n").expect("a fragment of the page");
        assert_eq!((url.as_str(), fragment.as_deref()), ("https://a.mx/p", Some("sección")));
    }

    #[test]
    fn what_people_type() {
        assert_eq!(
            normalize("municipio.gob.mx").map(String::from),
            Ok("https://municipio.gob.mx/".into())
        );
        assert_eq!(
            normalize("localhost:8080/x").map(String::from),
            Ok("https://localhost:8080/x".into())
        );
        assert_eq!(
            normalize("http://u:p@a.mx/").map(String::from),
            Ok("http://a.mx/".into())
        );
        assert!(matches!(normalize("ftp://a.mx/"), Err(UrlError::Scheme { .. })));
        assert!(matches!(normalize("hola mundo"), Err(UrlError::Malformed { .. })));
    }

    #[test]
    fn one_place_has_one_key() {
        let u = |s: &str| Url::parse(s).expect("url");
        assert_eq!(place(&u("http://www.a.mx/b%20c")), place(&u("https://a.mx/b c")));
        assert_ne!(key(&u("http://a.mx/")), key(&u("https://a.mx/")));
        assert_eq!(key(&u("http://a.mx:80/%C3%B3")), key(&u("http://a.mx/ó")));
        assert_ne!(key(&u("http://a.mx:81/")), key(&u("http://a.mx/")));
        assert_ne!(place(&u("http://a.mx/A.pdf")), place(&u("http://a.mx/a.pdf")));
    }

    proptest! {
        #[test]
        fn normalizing_twice_changes_nothing(text in ".{0,80}") {
            if let Ok(url) = normalize(&text) {
                prop_assert_eq!(normalize(url.as_str()), Ok(url));
            }
        }

        #[test]
        fn any_href_resolves_or_not_without_panic(href in ".{0,120}") {
            let _ = joined(&href);
        }
    }
}
