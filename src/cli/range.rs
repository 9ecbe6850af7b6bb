//! Which values arguments and settings may have, said once for both.

use crate::cli::args::LangArg;

/// What [`share`] takes.
pub(super) const SHARE: &str = "0 … 1";
/// What [`rate`] takes.
pub(super) const RATE: &str = "> 0, … 1000";
/// What [`connections`] takes.
pub(super) const CONNECTIONS: &str = "1 … 64";
/// What [`budget`] takes.
pub(super) const BUDGET: &str = "1, 2, 3 …";
/// What a depth may be.
pub(super) const DEPTH: &str = "0, 1, 2 …";
/// What [`host`] takes.
pub(super) const HOST: &str = "HOST or HOST:PORT, like 127.0.0.1:8080";

/// A range in a language.
pub(super) fn said(range: &str, lang: LangArg) -> &str {
    match (lang, range) {
        (LangArg::Es, HOST) => "SERVIDOR o SERVIDOR:PUERTO, como 127.0.0.1:8080",
        _ => range,
    }
}

/// A share from 0 to 1.
pub(super) fn share(n: Option<f64>) -> Option<f64> {
    n.filter(|n| (0.0..=1.0).contains(n))
}

/// Requests a second: above zero.
pub(super) fn rate(n: Option<f64>) -> Option<f64> {
    n.filter(|n| *n > 0.0 && *n <= 1000.0)
}

/// Connections to a host at once.
pub(super) fn connections(n: Option<usize>) -> Option<usize> {
    n.filter(|n| (1..=64).contains(n))
}

/// A budget: at least one.
pub(super) fn budget(n: Option<u64>) -> Option<u64> {
    n.filter(|n| *n > 0)
}

/// A host with or without port, neither an address nor a path.
pub(super) fn host(text: &str) -> Option<String> {
    let text = text.trim();
    let url = url::Url::parse(&format!("http://{text}/")).ok()?;
    let plain = !text.contains(['/', '?', '#', '@', '\\', '%']) && !text.ends_with(':') && url.path() == "/";
    (plain && url.has_host()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_no_addresses() {
        for good in [
            "127.0.0.1",
            "127.0.0.1:8080",
            "[::1]:80",
            "[::1]",
            "localhost",
            "servidor:1",
        ] {
            assert_eq!(host(good).as_deref(), Some(good));
        }
        for bad in ["http://a.mx", "a.mx/x", "", "a:99999", "a:", "a:b", "u@a", "a b"] {
            assert_eq!(host(bad), None, "{bad}");
        }
        assert_eq!((rate(Some(f64::NAN)), share(Some(f64::NAN))), (None, None));
    }
}
