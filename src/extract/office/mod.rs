//! Texts and slides: DOCX, PPTX, ODT, ODP, RTF → lines in reading order, tables as sheets, links, and what the document says of itself.
//!
//! ```text
//! bytes ─► package ─► markup ┐
//!       └► rtf ──────────────┴► builder ─► lines, sheets, links
//! ```

mod builder;
mod markup;
mod rtf;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

use super::package::Package;
use super::{Limits, prose, xml};
use crate::model::{DocumentKind, ExtractionState, Fault, Link, Text, Workbook};
use builder::{Builder, Built};

/// Fewer letters than this in a document with pictures are a caption.
const LETTERS: usize = 20;

/// What such a document holds.
pub(super) struct Found {
    pub(super) title: Option<String>,
    pub(super) text: Text,
    pub(super) tables: Option<Workbook>,
    pub(super) links: Vec<Link>,
    pub(super) state: ExtractionState,
}

/// What it says of itself, in any of the formats.
#[derive(Default)]
struct About {
    title: Option<String>,
    language: Option<String>,
    created: Option<String>,
    modified: Option<String>,
    pictures: bool,
}

/// Reads one. The error says why nothing could be read.
pub(super) fn read(kind: DocumentKind, bytes: &[u8], base: &Url, limits: &Limits) -> Result<Found, Fault> {
    let done = catch_unwind(AssertUnwindSafe(|| {
        if kind == DocumentKind::Rtf {
            return Ok(rtf::read(bytes, base, limits));
        }
        let mut part = Parts::open(bytes, limits)?;
        if part.package.names().iter().any(|n| n == "content.xml") {
            opendocument(&mut part, base, limits)
        } else {
            office_open(&mut part, base, limits)
        }
    }));
    let (about, built) = done.unwrap_or(Err(Fault::Crashed))?;
    Ok(found(about, built))
}

fn found(about: About, built: Built) -> Found {
    let letters = |t: &String| t.chars().filter(|c| c.is_alphabetic()).count();
    let image = about.pictures && built.pages.iter().map(letters).sum::<usize>() < LETTERS;
    let state = if image {
        ExtractionState::NoTextLayer
    } else if built.cut {
        ExtractionState::Partial("sólo se leyó una parte del documento".to_owned())
    } else {
        ExtractionState::Complete
    };
    Found {
        title: about.title,
        text: Text {
            page_count: built.pages.len(),
            image_pages: if image { built.pages.len() } else { 0 },
            pages: built.pages,
            language: about.language,
            created: about.created,
            modified: about.modified,
            tagged: false,
        },
        tables: (!built.tables.is_empty()).then_some(Workbook { sheets: built.tables }),
        links: built.links,
        state,
    }
}

/// The parts of a package, with what may still be inflated.
struct Parts<'a> {
    package: Package<'a>,
    left: u64,
}

impl<'a> Parts<'a> {
    fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Fault> {
        Ok(Self {
            package: Package::open(bytes, limits)?,
            left: limits.inflated,
        })
    }

    /// A part that must be there.
    fn needed(&mut self, name: &str) -> Result<String, Fault> {
        let bytes = self.package.named(name, &mut self.left).ok_or(Fault::Damaged)??;
        Ok(decoded(&bytes))
    }

    /// A part that may be absent or unreadable.
    fn wanted(&mut self, name: &str) -> String {
        self.needed(name).unwrap_or_default()
    }
}

/// XML is UTF-8 unless it begins like UTF-16.
fn decoded(bytes: &[u8]) -> String {
    let (encoding, _) = encoding_rs::Encoding::for_bom(bytes).unwrap_or((encoding_rs::UTF_8, 0));
    encoding.decode_with_bom_removal(bytes).0.into_owned()
}

fn office_open(parts: &mut Parts<'_>, base: &Url, limits: &Limits) -> Result<(About, Built), Fault> {
    let mut about = described(&parts.wanted("docProps/core.xml"));
    about.pictures = parts.package.names().iter().any(|n| n.contains("/media/"));
    let mut out = Builder::new(base, limits);
    let main = parts.package.names().into_iter().find(|n| {
        n.strip_prefix("word/document")
            .is_some_and(|rest| rest.ends_with("xml"))
    });
    if let Some(main) = main {
        let text = parts.needed(&main)?;
        let targets = targets(&parts.wanted(&relationships(&main)));
        markup::ooxml(&text, &targets, &mut out);
        about.language = about
            .language
            .or_else(|| default_language(&parts.wanted("word/styles.xml")));
        return Ok((about, out.finish()));
    }
    let slides = slides(&parts.package.names());
    if slides.is_empty() {
        return Err(Fault::Damaged);
    }
    for slide in slides.iter().take(limits.pages) {
        out.page();
        let text = parts.needed(slide)?;
        let targets = targets(&parts.wanted(&relationships(slide)));
        markup::ooxml(&text, &targets, &mut out);
    }
    Ok((about, out.finish()))
}

/// Slides in the order of their numbers.
fn slides(names: &[String]) -> Vec<String> {
    let mut numbered: Vec<(u32, &String)> = names
        .iter()
        .filter_map(|n| {
            let number = n.strip_prefix("ppt/slides/slide")?.strip_suffix(".xml")?;
            Some((number.parse().ok()?, n))
        })
        .collect();
    numbered.sort_unstable();
    numbered.into_iter().map(|(_, n)| n.clone()).collect()
}

/// The part that holds the relationships of a part.
fn relationships(part: &str) -> String {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    format!("{folder}/_rels/{name}.rels")
}

/// Addresses outside the package by relationship id.
fn targets(text: &str) -> BTreeMap<String, String> {
    let mut reader = Reader::from_str(text);
    let mut out = BTreeMap::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(e) | Event::Empty(e)) if e.local_name().as_ref() == "Relationship" => {
                let external = markup::attribute(&e, "TargetMode").is_some_and(|m| m == "External");
                if let (true, Some(id), Some(target)) =
                    (external, markup::attribute(&e, "Id"), markup::attribute(&e, "Target"))
                {
                    out.insert(id, target);
                }
            }
            Ok(Event::Eof) | Err(_) => return out,
            Ok(_) => {}
        }
    }
}

/// `w:lang` of the document's default style.
fn default_language(styles: &str) -> Option<String> {
    let mut reader = Reader::from_str(styles);
    loop {
        match reader.read_event() {
            Ok(Event::Start(e) | Event::Empty(e)) if e.local_name().as_ref() == "lang" => {
                return markup::attribute(&e, "val").and_then(|l| prose::language(&l));
            }
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

fn opendocument(parts: &mut Parts<'_>, base: &Url, limits: &Limits) -> Result<(About, Built), Fault> {
    if parts.wanted("META-INF/manifest.xml").contains("encryption-data") {
        return Err(Fault::Encrypted);
    }
    let mut about = described(&parts.wanted("meta.xml"));
    about.pictures = parts.package.names().iter().any(|n| n.starts_with("Pictures/"));
    let text = parts.needed("content.xml")?;
    let mut out = Builder::new(base, limits);
    markup::odf(&text, &mut out);
    Ok((about, out.finish()))
}

/// Dublin Core and its like, in `core.xml` and `meta.xml`.
fn described(text: &str) -> About {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut about = About::default();
    let mut element = String::new();
    let mut value = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(e)) => {
                e.local_name().as_ref().clone_into(&mut element);
                value.clear();
            }
            Ok(Event::Text(t)) => value.push_str(&t),
            Ok(Event::GeneralRef(r)) => value.extend(xml::reference(&r)),
            Ok(Event::End(_)) => match element.as_str() {
                "title" => about.title = about.title.or_else(|| prose::title(&value)),
                "language" => about.language = about.language.or_else(|| prose::language(&value)),
                "created" | "creation-date" => about.created = about.created.or_else(|| prose::date(&value)),
                "modified" | "date" => about.modified = about.modified.or_else(|| prose::date(&value)),
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => return about,
            Ok(_) => {}
        }
    }
}

/// The address in the code of a field `HYPERLINK "address"`.
fn hyperlink_field(code: &str) -> Option<&str> {
    let rest = code.trim().strip_prefix("HYPERLINK")?.trim_start();
    let address = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => rest.split_whitespace().next()?,
    };
    (!address.is_empty() && !address.starts_with('\\')).then_some(address)
}

#[cfg(test)]
mod tests;
