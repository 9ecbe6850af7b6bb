//! Which addresses may be requested: public ones, and private ones that are allowed by name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Url;

/// Refuses private, loopback, link-local, multicast, metadata and other special addresses (RFC 6890 and kin).
#[derive(Debug, Clone)]
pub struct Guard {
    allowed: Vec<(String, Option<u16>)>,
}

impl Guard {
    /// With `HOST` or `HOST:PORT` that are allowed although private.
    #[must_use]
    pub fn new(allowed: &[String]) -> Self {
        Self {
            allowed: allowed.iter().map(|a| split(a)).collect(),
        }
    }

    /// Whether an address may be connected to for a URL.
    #[must_use]
    pub fn permits(&self, url: &Url, address: IpAddr) -> bool {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let port = url.port_or_known_default();
        is_public(address)
            || self
                .allowed
                .iter()
                .any(|(h, p)| h == host && (p.is_none() || *p == port))
    }

    /// The same when only the name is known, at the moment of connecting.
    #[must_use]
    pub fn permits_at_host(&self, host: &str, address: IpAddr) -> bool {
        is_public(address) || self.allowed.iter().any(|(h, _)| h == host)
    }
}

fn split(text: &str) -> (String, Option<u16>) {
    let text = text.trim().to_ascii_lowercase();
    if let Some(rest) = text.strip_prefix('[')
        && let Some((host, port)) = rest.split_once(']')
    {
        return (host.to_owned(), port.strip_prefix(':').and_then(|p| p.parse().ok()));
    }
    match text.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => match port.parse() {
            Ok(port) => (host.to_owned(), Some(port)),
            Err(_) => (text, None),
        },
        _ => (text, None),
    }
}

/// Whether an address is one of the public Internet's.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(a) => is_public_v4(a),
        IpAddr::V6(a) => is_public_v6(a),
    }
}

fn is_public_v4(a: Ipv4Addr) -> bool {
    let [first, second, third, _] = a.octets();
    let special = a.is_private()
        || a.is_loopback()
        || a.is_link_local()
        || a.is_multicast()
        || a.is_broadcast()
        || a.is_unspecified()
        || a.is_documentation()
        || first == 0
        || first >= 240
        || (first == 100 && (64..128).contains(&second))
        || (first == 192 && second == 0 && third == 0)
        || (first == 198 && (18..20).contains(&second));
    !special
}

fn is_public_v6(a: Ipv6Addr) -> bool {
    // IPv4 inside IPv6: mapped, compatible, NAT64 and 6to4 are what they hold.
    let s = a.segments();
    let [.., high, low] = s;
    let inner = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    if a.to_ipv4_mapped().is_some() || s[..6] == [0; 6] && !a.is_loopback() && !a.is_unspecified() {
        return is_public_v4(inner(high, low));
    }
    if s[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        return is_public_v4(inner(high, low));
    }
    if s[0] == 0x2002 {
        return is_public_v4(inner(s[1], s[2]));
    }
    let special = a.is_loopback()
        || a.is_unspecified()
        || a.is_multicast()
        || (s[0] & 0xfe00) == 0xfc00
        || (s[0] & 0xffc0) == 0xfe80
        || (s[0] & 0xffc0) == 0xfec0
        || (s[0] == 0x2001 && s[1] < 0x0200)
        || (s[0] == 0x2001 && s[1] == 0xdb8)
        || s[0] == 0x100;
    !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_refused_however_they_are_written() {
        let guard = Guard::new(&[]);
        for text in [
            "http://127.0.0.1/",
            "http://10.1.2.3/",
            "http://192.168.0.1/",
            "http://172.16.0.1/",
            "http://169.254.169.254/",
            "http://0x7f000001/",
            "http://0x7f.1/",
            "http://2130706433/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:a00:1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            "http://100.64.0.1/",
            "http://0.0.0.0/",
            "http://224.0.0.1/",
        ] {
            let url = Url::parse(text).expect(text);
            let address = match url.host() {
                Some(url::Host::Ipv4(a)) => IpAddr::V4(a),
                Some(url::Host::Ipv6(a)) => IpAddr::V6(a),
                other => panic!("{text}: {other:?}"),
            };
            assert!(!guard.permits(&url, address), "{text}");
        }
        for text in ["8.8.8.8", "200.33.1.1", "2606:4700::1111"] {
            assert!(is_public(text.parse().expect(text)), "{text}");
        }
    }

    #[test]
    fn only_what_is_named_is_allowed() {
        let guard = Guard::new(&["127.0.0.1:8080".to_owned(), "localhost".to_owned()]);
        let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let permits = |text: &str| guard.permits(&Url::parse(text).expect(text), local);
        assert!(permits("http://127.0.0.1:8080/") && permits("http://localhost:9/"));
        assert!(!permits("http://127.0.0.1:8081/") && !permits("http://127.0.0.2:8080/"));
    }
}
