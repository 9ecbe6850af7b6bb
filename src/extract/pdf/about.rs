//! What a PDF says of itself: title, dates, language, tags; and the addresses that it links to.

use std::collections::BTreeSet;

use pdf_extract::{Dictionary, Document as Pdf, Object, ObjectId, decode_text_string};
use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

use super::stream;
use crate::extract::{Limits, prose, xml};
use crate::model::{Link, LinkOrigin};
use crate::text::url::resolve;

/// Most bytes of XMP metadata that are read.
const XMP: usize = 1 << 20;

/// What it says.
#[derive(Default)]
pub(super) struct About {
    pub(super) title: Option<String>,
    pub(super) language: Option<String>,
    pub(super) created: Option<String>,
    pub(super) modified: Option<String>,
    pub(super) tagged: bool,
    pub(super) links: Vec<Link>,
}

/// Reads the catalogue, the Info dictionary, the XMP metadata and the annotations of the pages.
pub(super) fn read(pdf: &Pdf, pages: &[ObjectId], base: &Url, limits: &Limits) -> About {
    let mut about = About::default();
    if let Ok(info) = pdf.trailer.get_deref(b"Info", pdf).and_then(Object::as_dict) {
        about.title = text(pdf, info, b"Title").and_then(|t| prose::title(&t));
        about.created = text(pdf, info, b"CreationDate").and_then(|t| prose::date(&t));
        about.modified = text(pdf, info, b"ModDate").and_then(|t| prose::date(&t));
    }
    if let Ok(catalog) = pdf.catalog() {
        about.language = text(pdf, catalog, b"Lang").and_then(|l| prose::language(&l));
        let marked = catalog
            .get_deref(b"MarkInfo", pdf)
            .and_then(Object::as_dict)
            .and_then(|m| m.get_deref(b"Marked", pdf))
            .and_then(Object::as_bool);
        about.tagged = marked.unwrap_or(false) && catalog.has(b"StructTreeRoot");
        if let Ok(metadata) = catalog.get_deref(b"Metadata", pdf).and_then(Object::as_stream) {
            add_xmp(&mut about, &stream::inflated(metadata, XMP));
        }
    }
    about.links = links(pdf, pages, base, limits);
    about
}

fn text(pdf: &Pdf, dictionary: &Dictionary, key: &[u8]) -> Option<String> {
    let object = dictionary.get_deref(key, pdf).ok()?;
    let bytes = object.as_str().ok()?;
    // Byte order marks that the standard does not foresee occur too.
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return Some(encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0.into_owned());
    }
    decode_text_string(object).ok()
}

/// Takes from XMP what the Info dictionary does not have.
fn add_xmp(about: &mut About, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    let mut path: Vec<String> = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(e)) => {
                take_dates(about, &e);
                path.push(e.local_name().as_ref().to_owned());
            }
            Ok(Event::Empty(e)) => take_dates(about, &e),
            Ok(Event::End(_)) => {
                path.pop();
            }
            Ok(Event::Text(t)) if path.iter().any(|p| p == "title") && about.title.is_none() => {
                about.title = prose::title(&xml::unescaped(&t));
            }
            Ok(Event::Text(t)) => match path.last().map(String::as_str) {
                Some("CreateDate") => keep(&mut about.created, &t),
                Some("ModifyDate") => keep(&mut about.modified, &t),
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
}

/// Dates may be written as attributes of the description.
fn take_dates(about: &mut About, element: &quick_xml::events::BytesStart<'_>) {
    for attribute in element.attributes().flatten() {
        match attribute.key.local_name().as_ref() {
            "CreateDate" => keep(&mut about.created, &attribute.value),
            "ModifyDate" => keep(&mut about.modified, &attribute.value),
            _ => {}
        }
    }
}

fn keep(slot: &mut Option<String>, written: &str) {
    if slot.is_none() {
        *slot = prose::date(written);
    }
}

/// Addresses of the link annotations, each once.
fn links(pdf: &Pdf, pages: &[ObjectId], base: &Url, limits: &Limits) -> Vec<Link> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for page in pages.iter().take(limits.pages) {
        for address in annotations(pdf, *page) {
            if out.len() >= limits.links {
                return out;
            }
            if seen.insert(address.clone())
                && let Some((url, fragment)) = resolve(base, &address)
            {
                out.push(Link {
                    href: address,
                    url: Some(url.to_string()),
                    fragment,
                    text: String::new(),
                    origin: LinkOrigin::Document,
                    line: None,
                });
            }
        }
    }
    out
}

fn annotations(pdf: &Pdf, page: ObjectId) -> Vec<String> {
    let Ok(listed) = pdf
        .get_dictionary(page)
        .and_then(|p| p.get_deref(b"Annots", pdf))
        .and_then(Object::as_array)
    else {
        return Vec::new();
    };
    listed
        .iter()
        .filter_map(|a| {
            let (_, annotation) = pdf.dereference(a).ok()?;
            let action = annotation.as_dict().ok()?.get_deref(b"A", pdf).ok()?.as_dict().ok()?;
            let address = action.get_deref(b"URI", pdf).ok()?.as_str().ok()?;
            Some(String::from_utf8_lossy(address).trim().to_owned())
        })
        .collect()
}
