//! PDF: text by page, what the document says of itself, its links, and which pages are only pictures.
//!
//! ```text
//! bytes ─► load (mended if cut) ─► flat: contents with text only, images measured ─► text by page ─► state
//!                               └► about: title, dates, language, tags, links
//! ```

mod about;
mod flat;
mod font;
mod lexer;
mod mend;
mod stream;
mod text;
mod unicode;

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Document as Pdf, Error};
use url::Url;

use super::Limits;
use crate::model::{ExtractionState, Fault, Link, Text};

/// Fewer letters than this on a page with an image are a page number or a stamp.
const LETTERS: usize = 20;

/// Fewer letters than this on a page that an image covers are a stamp or a header upon a scan.
const LETTERS_ON_SCAN: usize = 80;

/// Share of the page from which an image covers it.
const COVERS: f64 = 0.5;

/// Most bytes of one page's contents.
const CONTENTS: usize = 16 << 20;

/// Most bytes of all pages' contents.
const ALL_CONTENTS: usize = 64 << 20;

/// What a PDF holds.
pub(super) struct Found {
    pub(super) title: Option<String>,
    pub(super) text: Text,
    pub(super) links: Vec<Link>,
    pub(super) state: ExtractionState,
}

/// Reads a PDF. The error says why nothing could be read.
pub(super) fn read(bytes: &[u8], base: &Url, limits: &Limits) -> Result<Found, Fault> {
    catch_unwind(AssertUnwindSafe(|| open(bytes, base, limits))).unwrap_or(Err(Fault::Crashed))
}

fn open(bytes: &[u8], base: &Url, limits: &Limits) -> Result<Found, Fault> {
    mend::check_object_streams(bytes, limits.inflated)?;
    let (mut pdf, mended) = load(bytes)?;
    if pdf.objects.len() > limits.objects {
        return Err(Fault::TooLarge {
            what: "objetos internos".to_owned(),
            found: pdf.objects.len() as u64,
            limit: limits.objects as u64,
        });
    }
    let ids: Vec<_> = pdf.page_iter().collect();
    let about = about::read(&pdf, &ids, base, limits);
    let mut fonts = flat::Fonts::default();
    let mut left = ALL_CONTENTS;
    let mut painted = Vec::new();
    for id in ids.iter().take(limits.pages) {
        let page = flat::page(&pdf, *id, &mut fonts, CONTENTS.min(left));
        left = left.saturating_sub(page.content.len());
        painted.push(page);
    }
    let (pages, trouble) = text::of_pages(&mut pdf, &painted, fonts, limits.characters);
    let mut notes = Vec::new();
    if mended {
        notes.push("el archivo está cortado o dañado; se leyó lo que quedaba".to_owned());
    }
    if ids.len() > limits.pages {
        notes.push(format!("sólo se leyeron {} de {} páginas", limits.pages, ids.len()));
    }
    if trouble || painted.iter().any(|p| p.cut) {
        notes.push("parte del texto no se pudo leer".to_owned());
    }
    let kinds: Vec<Shown> = painted.iter().zip(&pages).map(|(p, t)| shown(p, t)).collect();
    let count = |kind| kinds.iter().filter(|k| **k == kind).count();
    let (images, texts) = (count(Shown::Image), count(Shown::Text));
    let state = state(images, texts, ids.len(), notes);
    Ok(Found {
        title: about.title,
        text: Text {
            pages,
            page_count: ids.len(),
            image_pages: images,
            language: about.language,
            created: about.created,
            modified: about.modified,
            tagged: about.tagged,
        },
        links: about.links,
        state,
    })
}

fn state(images: usize, texts: usize, pages: usize, mut notes: Vec<String>) -> ExtractionState {
    if images > 0 && texts == 0 {
        return ExtractionState::NoTextLayer;
    }
    if images > 0 {
        notes.push(format!("{images} de {pages} páginas son imágenes sin texto"));
    }
    if notes.is_empty() {
        ExtractionState::Complete
    } else {
        ExtractionState::Partial(notes.join("; "))
    }
}

/// What a page shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Text,
    Image,
    Nothing,
}

fn shown(page: &flat::Painted, text: &str) -> Shown {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let few = letters < LETTERS || letters < LETTERS_ON_SCAN && page.coverage >= COVERS;
    match (page.images > 0, few) {
        (true, true) => Shown::Image,
        (false, _) if text.is_empty() => Shown::Nothing,
        _ => Shown::Text,
    }
}

/// Loads it; if it is cut off or its table of objects is wrong, by looking for its objects. Says whether that was needed.
fn load(bytes: &[u8]) -> Result<(Pdf, bool), Fault> {
    let as_is = catch_unwind(|| Pdf::load_mem(bytes));
    match as_is {
        Ok(Ok(pdf)) if pdf.is_encrypted() => return Err(Fault::Encrypted),
        Ok(Err(Error::InvalidPassword | Error::Decryption(_) | Error::UnsupportedSecurityHandler(_))) => {
            return Err(Fault::Encrypted);
        }
        Ok(Ok(pdf)) if pdf.page_iter().next().is_some() => return Ok((pdf, false)),
        _ => {}
    }
    let rebuilt = mend::with_new_table(bytes).ok_or(Fault::Damaged)?;
    match catch_unwind(|| Pdf::load_mem(&rebuilt)) {
        Ok(Ok(pdf)) if pdf.is_encrypted() => Err(Fault::Encrypted),
        Ok(Ok(pdf)) if pdf.page_iter().next().is_some() => Ok((pdf, true)),
        _ => Err(Fault::Damaged),
    }
}

#[cfg(test)]
mod tests;
