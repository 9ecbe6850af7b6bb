//! What belongs to the portal: its host with and without `www.`, and hosts of the same registered domain.

use url::Url;

use crate::text::url::host;

/// The portal's hosts.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    hosts: Vec<String>,
    domains: Vec<String>,
}

impl Scope {
    /// Adds the host of an address, e.g. the entry or what it redirects to.
    pub(super) fn add(&mut self, url: &Url) {
        let own = host(url);
        if let Some(domain) = domain(url)
            && !self.domains.contains(&domain)
        {
            self.domains.push(domain);
        }
        if !self.hosts.contains(&own) {
            self.hosts.push(own);
        }
    }

    /// Whether an address belongs to it.
    pub(super) fn holds(&self, url: &Url) -> bool {
        self.hosts.contains(&host(url)) || domain(url).is_some_and(|d| self.domains.contains(&d))
    }
}

/// The registered domain, by the public suffix list (`gob.mx` is a suffix, not a domain); none for addresses and local names.
fn domain(url: &Url) -> Option<String> {
    let name = url.domain()?;
    let found = psl::domain(name.as_bytes())?;
    let known = found.suffix().is_known();
    known.then(|| String::from_utf8_lossy(found.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portal_is_its_registered_domain() {
        let url = |t: &str| Url::parse(t).expect("url");
        let mut scope = Scope::default();
        scope.add(&url("https://www.pueblo.gob.mx/"));
        assert!(scope.holds(&url("http://pueblo.gob.mx/x")));
        assert!(scope.holds(&url("https://transparencia.pueblo.gob.mx/")));
        assert!(!scope.holds(&url("https://otro.gob.mx/")));
        assert!(!scope.holds(&url("https://pueblo.gob.mx.evil.com/")));
        let mut local = Scope::default();
        local.add(&url("http://127.0.0.1:8080/"));
        assert!(local.holds(&url("http://127.0.0.1:8080/a")));
        assert!(!local.holds(&url("http://127.0.0.1:9090/a")));
    }
}
