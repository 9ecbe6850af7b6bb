//! Sitemaps, sitemap indexes and feeds: addresses in XML.

use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

use crate::model::{Link, LinkOrigin};
use crate::text::url::resolve;

use super::Limits;

/// Addresses of `loc`, `link` and `enclosure` elements.
pub(super) fn links(text: &str, base: &Url, limits: &Limits) -> Vec<Link> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut out = Vec::new();
    let mut inside = false;
    while out.len() < limits.links {
        match reader.read_event() {
            Ok(Event::Start(e) | Event::Empty(e)) => {
                let name = e.local_name();
                inside = matches!(name.as_ref(), "loc" | "link");
                for attribute in e.attributes().flatten() {
                    if matches!(attribute.key.as_ref(), "href" | "url") && matches!(name.as_ref(), "link" | "enclosure")
                    {
                        add(&mut out, base, &attribute.value);
                    }
                }
            }
            Ok(Event::Text(t)) if inside => add(&mut out, base, &t),
            Ok(Event::CData(t)) if inside => add(&mut out, base, &t),
            Ok(Event::End(_)) => inside = false,
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    out
}

fn add(out: &mut Vec<Link>, base: &Url, text: &str) {
    let text = text.replace("&amp;", "&");
    if let Some((url, fragment)) = resolve(base, &text) {
        out.push(Link {
            href: text.trim().to_owned(),
            url: Some(url.to_string()),
            fragment,
            text: String::new(),
            origin: LinkOrigin::Sitemap,
            line: None,
        });
    }
}
