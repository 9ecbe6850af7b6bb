//! Pages that say "not found" with status 200: told by their likeness to the answer to an impossible path.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Path that no portal has.
pub(super) const IMPOSSIBLE: &str = "veedor-ruta-inexistente-5e8c1f.html";
/// Share of words that two pages must have in common to be alike.
const ALIKE: f64 = 0.92;

/// How a host answers an impossible path, when not with an error.
#[derive(Debug, Clone, Default)]
pub(super) struct NotFound {
    words: Option<BTreeSet<u64>>,
    redirect: Option<String>,
}

impl NotFound {
    /// From the answer to the impossible path.
    pub(super) fn learn(status: Option<u16>, redirect: Option<&str>, body: &[u8]) -> Self {
        match status {
            Some(200..=299) => Self {
                words: Some(words(body)),
                redirect: None,
            },
            Some(300..=399) => Self {
                words: None,
                redirect: redirect.map(str::to_owned),
            },
            _ => Self::default(),
        }
    }

    /// Whether a body is that answer again.
    pub(super) fn is_alike(&self, body: &[u8]) -> bool {
        let Some(known) = &self.words else { return false };
        let own = words(body);
        let common = own.intersection(known).count() as f64;
        let all = own.union(known).count() as f64;
        all > 0.0 && common / all >= ALIKE
    }

    /// Whether a redirect leads where the impossible path was sent.
    pub(super) fn is_sent_away(&self, to: Option<&str>) -> bool {
        self.redirect.is_some() && self.redirect.as_deref() == to
    }
}

/// Words of a page outside of its tags; the impossible name itself, digits and short words do not count.
fn words(body: &[u8]) -> BTreeSet<u64> {
    let text = String::from_utf8_lossy(&body[..body.len().min(200_000)]);
    let mut out = BTreeSet::new();
    let mut inside = false;
    for part in text.split_inclusive(['<', '>']) {
        if !inside {
            for word in part
                .split(|c: char| !c.is_alphanumeric())
                .filter(|w| w.len() > 2 && !IMPOSSIBLE.contains(*w))
            {
                let mut hasher = DefaultHasher::new();
                word.hash(&mut hasher);
                out.insert(hasher.finish());
            }
        }
        inside = part.ends_with('<') || inside && !part.ends_with('>');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_apology_is_known_again() {
        let known = NotFound::learn(
            Some(200),
            None,
            b"<html><body>Lo sentimos, la pagina que busca ya no existe aqui</body></html>",
        );
        assert!(
            known.is_alike(b"<html><body class=x>Lo sentimos, la pagina que busca ya no existe aqui</body></html>")
        );
        assert!(!known.is_alike(b"<html><body>Directorio de servidores publicos del ayuntamiento</body></html>"));
        let sent = NotFound::learn(Some(302), Some("http://a.mx/"), b"");
        assert!(
            sent.is_sent_away(Some("http://a.mx/"))
                && !sent.is_sent_away(Some("http://a.mx/x"))
                && !sent.is_sent_away(None)
        );
        assert!(!NotFound::learn(Some(404), None, b"x").is_alike(b"x"));
    }
}
