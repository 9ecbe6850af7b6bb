//! robots.txt by RFC 9309: what a site asks of robots. In doubt it forbids: a rule that cannot be made out voids itself, never
//! the file.

use url::Url;

use crate::model::FetchStatus;

/// Bytes of robots.txt that are read (RFC 9309 §2.5 asks for at least 500 KiB); what follows does not count.
pub(super) const LARGEST: usize = 500 * 1024;
/// Sitemaps of one file that are taken.
const MOST_SITEMAPS: usize = 1_000;

/// What may be requested.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Rules {
    /// No rules: the file does not exist (RFC 9309 §2.3.1.3).
    AllowAll,
    /// The file cannot be had, or not whole: nothing may be requested (§2.3.1.4).
    DisallowAll,
    /// As written.
    Written(Written),
}

/// The rules of the group that addresses us.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Written {
    rules: Vec<Rule>,
    delay: Option<f32>,
    sitemaps: Vec<String>,
}

/// One `Allow` or `Disallow`.
#[derive(Debug, Clone, PartialEq)]
struct Rule {
    allows: bool,
    /// Path in the form of [`normalized`], with `*` for anything.
    pattern: String,
    /// Whether the path must end there (`$`).
    ends: bool,
}

impl Rules {
    /// From the answer to the request for robots.txt: how it ended, its HTTP status, if one came, and its decoded body.
    pub(super) fn of(ended: FetchStatus, status: Option<u16>, body: &[u8], user_agent: &str) -> Self {
        match (status, ended) {
            (Some(200..=299), FetchStatus::Ok | FetchStatus::TooLarge | FetchStatus::Blocked) => {
                Self::Written(Written::read(&body[..body.len().min(LARGEST)], user_agent))
            }
            (Some(400..=499), _) => Self::AllowAll,
            _ => Self::DisallowAll,
        }
    }

    /// Whether an address may be requested.
    pub(super) fn allows(&self, url: &Url) -> bool {
        match self {
            Self::AllowAll => true,
            Self::DisallowAll => false,
            Self::Written(written) => written.allows(url),
        }
    }

    /// Seconds between requests that it asks for.
    pub(super) fn delay(&self) -> Option<f32> {
        match self {
            Self::Written(written) => written.delay,
            _ => None,
        }
    }

    /// Sitemaps that it names.
    pub(super) fn sitemaps(&self) -> &[String] {
        match self {
            Self::Written(written) => &written.sitemaps,
            _ => &[],
        }
    }
}

impl Written {
    /// The groups that name us, together; else those for `*` (§2.2.1).
    fn read(body: &[u8], user_agent: &str) -> Self {
        let own = token(user_agent);
        let (mut named, mut general) = (Self::default(), Self::default());
        let (mut any_named, mut sitemaps) = (false, Vec::new());
        // Whom the present group addresses, and whether its rules have begun.
        let (mut us, mut all, mut begun) = (false, false, true);
        for line in body.split(|b| matches!(b, b'\n' | b'\r')) {
            let Some((field, value)) = field(line) else { continue };
            match field {
                Field::Agent => {
                    if begun {
                        (us, all, begun) = (false, false, false);
                    }
                    let text = String::from_utf8_lossy(value);
                    all |= text.trim().starts_with('*');
                    us |= !own.is_empty() && token(&text) == own;
                    any_named |= us;
                }
                Field::Sitemap if sitemaps.len() < MOST_SITEMAPS => {
                    sitemaps.push(String::from_utf8_lossy(value).into_owned());
                }
                Field::Sitemap => {}
                Field::Allow | Field::Disallow | Field::Delay => {
                    begun = true;
                    for (into, mine) in [(&mut named, us), (&mut general, all)] {
                        if mine {
                            into.take(field, value);
                        }
                    }
                }
            }
        }
        let mut out = if any_named { named } else { general };
        out.sitemaps = sitemaps;
        out
    }

    fn take(&mut self, field: Field, value: &[u8]) {
        if field == Field::Delay {
            let text = String::from_utf8_lossy(value);
            let seconds = text.trim().parse().ok().filter(|s: &f32| s.is_finite() && *s >= 0.0);
            self.delay = seconds.or(self.delay);
        } else {
            self.rules.extend(rule(field == Field::Allow, value));
        }
    }

    /// The longest rule that fits decides; of two as long, the one that allows (§2.2.2).
    fn allows(&self, url: &Url) -> bool {
        if url.path() == "/robots.txt" {
            return true;
        }
        let query = url.query().map(|q| format!("?{q}")).unwrap_or_default();
        let path = normalized(format!("{}{query}", url.path()).as_bytes(), false);
        self.rules
            .iter()
            .filter(|r| r.fits(&path))
            .max_by_key(|r| (r.pattern.len() + usize::from(r.ends), r.allows))
            .is_none_or(|r| r.allows)
    }
}

impl Rule {
    /// Whether a normalised path begins as the pattern says.
    fn fits(&self, path: &str) -> bool {
        let mut parts = self.pattern.split('*');
        let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else {
            return false;
        };
        let mut last_is_open = false;
        let parts: Vec<&str> = parts.collect();
        for (n, part) in parts.iter().enumerate() {
            last_is_open = part.is_empty();
            // The last part must stand at the end when the pattern ends there.
            if self.ends && n + 1 == parts.len() {
                return rest.ends_with(part);
            }
            let Some(at) = rest.find(part) else { return false };
            rest = &rest[at + part.len()..];
        }
        !self.ends || rest.is_empty() || last_is_open
    }
}

/// A line's field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Agent,
    Allow,
    Disallow,
    Delay,
    Sitemap,
}

/// Field and value of a line; names are known in any case and in their usual misspellings.
fn field(line: &[u8]) -> Option<(Field, &[u8])> {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let line = line.split(|b| *b == b'#').next().unwrap_or_default().trim_ascii();
    let at = line
        .iter()
        .position(|b| *b == b':')
        .or_else(|| line.iter().position(u8::is_ascii_whitespace))?;
    let name = String::from_utf8_lossy(line[..at].trim_ascii()).to_ascii_lowercase();
    let field = match name.as_str() {
        "user-agent" | "useragent" | "user agent" => Field::Agent,
        "allow" => Field::Allow,
        "disallow" | "dissallow" | "dissalow" | "disalow" | "diasllow" | "disallaw" => Field::Disallow,
        "crawl-delay" | "crawldelay" | "crawl delay" => Field::Delay,
        "sitemap" | "site-map" => Field::Sitemap,
        _ => return None,
    };
    Some((field, line[at + 1..].trim_ascii()))
}

/// A rule; none for an empty one, which says nothing (§2.2.2), or an `Allow` of what is no path.
fn rule(allows: bool, value: &[u8]) -> Option<Rule> {
    let (value, ends) = match value.strip_suffix(b"$") {
        Some(rest) => (rest, true),
        None => (value, false),
    };
    let mut pattern = normalized(value, true);
    if pattern.is_empty() {
        return None;
    }
    if !pattern.starts_with(['/', '*']) {
        // What was meant is not sure: forbidding more than was asked does no harm.
        if allows {
            return None;
        }
        pattern = match Url::parse(&pattern) {
            Ok(url) if url.has_host() => normalized(url.path().as_bytes(), true),
            _ => format!("/{pattern}"),
        };
    }
    Some(Rule { allows, pattern, ends })
}

/// The product token that names a robot: letters, `-` and `_` at the start, in lower case (§2.2.1).
fn token(user_agent: &str) -> String {
    user_agent
        .trim()
        .chars()
        .take_while(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_'))
        .collect::<String>()
        .to_ascii_lowercase()
}

/// A path as paths are compared (§2.2.2): what need not be encoded is decoded, all else that is not ASCII is encoded, and
/// reserved characters stay as written, so that `%2F` is no `/`. In patterns `*` stands for anything.
fn normalized(path: &[u8], is_pattern: bool) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let [first, after @ ..] = rest {
        rest = after;
        let coded = match (first, after) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(h, l)| h * 16 + l),
            _ => None,
        };
        match coded {
            Some(byte) => {
                rest = &after[2..];
                if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                    out.push(char::from(byte));
                } else {
                    push_coded(&mut out, byte);
                }
            }
            None if *first == b'*' && is_pattern => out.push('*'),
            None if matches!(first, b'*' | b'$') || !first.is_ascii_graphic() => push_coded(&mut out, *first),
            None => out.push(char::from(*first)),
        }
    }
    out
}

fn push_coded(out: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(char::from(DIGITS[usize::from(byte >> 4)]));
    out.push(char::from(DIGITS[usize::from(byte & 15)]));
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Rules {
        Rules::of(FetchStatus::Ok, Some(200), body.as_bytes(), "veedor/1 (x)")
    }

    fn allows(body: &str, path: &str) -> bool {
        read(body).allows(&Url::parse("http://a.mx").and_then(|u| u.join(path)).expect("url"))
    }

    #[test]
    fn statuses_decide_as_rfc_9309_says() {
        let url = Url::parse("http://a.mx/libre").expect("url");
        let body = b"User-agent: *\nDisallow: /privado\nCrawl-delay: 2\nSitemap: http://a.mx/s.xml";
        let of = |ended, status| Rules::of(ended, status, body, "veedor/1").allows(&url);
        assert!(of(FetchStatus::Ok, Some(200)) && of(FetchStatus::TooLarge, Some(200)));
        assert!(of(FetchStatus::ClientError, Some(404)) && of(FetchStatus::Blocked, Some(403)));
        assert!(!of(FetchStatus::ServerError, Some(503)) && !of(FetchStatus::Timeout, None));
        for cut in [FetchStatus::TooSlow, FetchStatus::Truncated, FetchStatus::BadResponse] {
            assert!(!of(cut, Some(200)), "{cut:?}");
        }
        let rules = read(std::str::from_utf8(body).expect("text"));
        assert_eq!((rules.delay(), rules.sitemaps().len()), (Some(2.0), 1));
    }

    #[test]
    fn the_group_that_names_us_counts_else_the_one_for_all() {
        let both = "User-agent: *\nDisallow: /\n\nUser-agent: otro\nUser-Agent: Veedor/2\nAllow: /\nDisallow: /x\n";
        assert!(allows(both, "/a") && !allows(both, "/x"));
        assert!(!allows("user-agent:*\rdisallow:/\r", "/a"), "lines end in many ways");
        assert!(
            !allows("\u{feff}User-agent: * # todos\nDisallow: /a # esto\n", "/a"),
            "marks and comments"
        );
        assert!(allows("Disallow: /\n", "/a"), "rules of no group");
        let apart = "User-agent: *\nCrawl-delay: 10\nUser-agent: malo\nDisallow: /\n";
        assert!(allows(apart, "/a"), "a delay is part of its group");
    }

    #[test]
    fn the_longest_rule_decides() {
        let body = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /*.pdf$\nDisallow: /c*/d\nAllow: /e\nDisallow: /e\nDisallow:\n";
        for (path, expected) in [
            ("/a/x", false),
            ("/a/b/x", true),
            ("/doc.pdf", false),
            ("/doc.pdf?x", true),
            ("/x.pdf.pdf", false),
            ("/c1/2/d", false),
            ("/c", true),
            ("/e", true),
            ("/robots.txt", true),
        ] {
            assert_eq!(allows(body, path), expected, "{path}");
        }
    }

    #[test]
    fn codes_are_compared_decoded_but_reserved_ones_stay() {
        let body =
            "User-agent: *\nDisallow: /%70riv/\nDisallow: /a%2Fb\nDisallow: /año\nDisallow: /q%3fx\nDisallow: /s%2A\n";
        for (path, expected) in [
            ("/priv/a", false),
            ("/%70%72iv/a", false),
            ("/a%2fb", false),
            ("/a/b", true),
            ("/a%C3%B1o/1", false),
            ("/q?x", true),
            ("/s*", false),
            ("/sx", true),
        ] {
            assert_eq!(allows(body, path), expected, "{path}");
        }
    }

    #[test]
    fn one_strange_rule_voids_itself_only() {
        let stars = "*a".repeat(20_000);
        let body = format!(
            "User-agent: *\nDisallow: /{stars}\nDisallow: /[(\\\nAllow: nada\nDisallow: privado\nDissallow: /mal\nDisallow /sin\nDisallow: /b\n"
        );
        for (path, expected) in [
            ("/a", true),
            ("/privado/x", false),
            ("/nada", true),
            ("/mal", false),
            ("/sin", false),
            ("/b/x", false),
        ] {
            assert_eq!(allows(&body, path), expected, "{path}");
        }
        let whole = format!("http://a.mx/{}", "a".repeat(2_000));
        assert!(read(&body).allows(&Url::parse(&whole).expect("url")));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_rules(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), path in "/[ -~]{0,40}") {
            let mut body = b"User-agent: *\nDisallow: ".to_vec();
            body.extend(bytes);
            let rules = Rules::of(FetchStatus::Ok, Some(200), &body, "veedor/1");
            if let Ok(url) = Url::parse("http://a.mx").and_then(|u| u.join(&path)) {
                let _ = rules.allows(&url);
            }
        }
    }
}
