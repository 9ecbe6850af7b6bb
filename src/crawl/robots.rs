//! robots.txt by RFC 9309: what a site asks of robots.

use texting_robots::Robot;
use url::Url;

/// Bytes of robots.txt that are read (RFC 9309 §2.5 asks for at least 500 KiB).
pub(super) const LARGEST: usize = 500 * 1024;

/// What may be requested.
pub(super) enum Rules {
    /// No rules: the file does not exist (RFC 9309 §2.3.1.3).
    AllowAll,
    /// The file cannot be had: nothing may be requested (§2.3.1.4).
    DisallowAll,
    /// As written.
    Written(Box<Robot>),
}

impl Rules {
    /// From the answer to the request for robots.txt: its HTTP status, if one came, and its body.
    pub(super) fn of(status: Option<u16>, body: &[u8], user_agent: &str) -> Self {
        match status {
            Some(200..=299) => {
                let token = user_agent.split(['/', ' ']).next().unwrap_or(user_agent);
                let body = &body[..body.len().min(LARGEST)];
                Robot::new(token, body).map_or(Self::AllowAll, |r| Self::Written(Box::new(r)))
            }
            Some(400..=499) => Self::AllowAll,
            _ => Self::DisallowAll,
        }
    }

    /// Whether an address may be requested.
    pub(super) fn allows(&self, url: &Url) -> bool {
        match self {
            Self::AllowAll => true,
            Self::DisallowAll => false,
            Self::Written(robot) => robot.allowed(url.as_str()),
        }
    }

    /// Seconds between requests that it asks for.
    pub(super) fn delay(&self) -> Option<f32> {
        match self {
            Self::Written(robot) => robot.delay,
            _ => None,
        }
    }

    /// Sitemaps that it names.
    pub(super) fn sitemaps(&self) -> &[String] {
        match self {
            Self::Written(robot) => &robot.sitemaps,
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_decide_as_rfc_9309_says() {
        let url = Url::parse("http://a.mx/privado/x").expect("url");
        let body = b"User-agent: *\nDisallow: /privado\nCrawl-delay: 2\nSitemap: http://a.mx/s.xml";
        assert!(!Rules::of(Some(200), body, "veedor/1").allows(&url));
        assert!(Rules::of(Some(404), body, "veedor/1").allows(&url));
        assert!(!Rules::of(Some(503), body, "veedor/1").allows(&url));
        assert!(!Rules::of(None, b"", "veedor/1").allows(&url));
        let rules = Rules::of(Some(200), body, "veedor/1");
        assert_eq!((rules.delay(), rules.sitemaps().len()), (Some(2.0), 1));
        let named = b"User-agent: veedor\nAllow: /\nUser-agent: *\nDisallow: /";
        assert!(Rules::of(Some(200), named, "veedor/1 (x)").allows(&url));
    }
}
