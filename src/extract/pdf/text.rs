//! Flattened contents → text by page, through the reader of text, page after page in one run.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Dictionary, Document as Pdf, MediaBox, Object, OutputDev, OutputError, Stream, Transform};

use super::flat::{END_OF_PAGE, Fonts, Painted};
use crate::extract::prose;

/// Bytes of contents that are given to the reader together, so that pages share their fonts; after trouble, a page at a time.
const TOGETHER: usize = 1 << 20;

/// Points beyond the page's edge where a letter is still taken to be on it.
const SLACK: f64 = 3.0;

/// Text of the pages, and whether some of it could not be read or was too long.
pub(super) fn of_pages(pdf: &mut Pdf, pages: &[Painted], fonts: Fonts, characters: usize) -> (Vec<String>, bool) {
    let mut sink = Sink::new(pages.iter().map(|p| p.corners).collect(), characters);
    let mut trouble = false;
    let page = stand_alone(pdf, fonts);
    while sink.at < pages.len() {
        let first = sink.at;
        let mut contents = Vec::new();
        for page in &pages[first..] {
            contents.extend_from_slice(&page.content);
            contents.extend_from_slice(END_OF_PAGE);
            if trouble || contents.len() > TOGETHER {
                break;
            }
        }
        put(pdf, page, contents);
        // The reader may panic on what nobody foresaw; that costs the page it was at.
        let done = catch_unwind(AssertUnwindSafe(|| pdf_extract::output_doc_page(pdf, &mut sink, 1)));
        if matches!(done, Ok(Ok(()))) {
            if sink.at == first {
                sink.next_page();
            }
            continue;
        }
        trouble = true;
        if sink.full() {
            break;
        }
        let broken = sink.at;
        put(pdf, page, pages[broken].content.clone());
        let other = catch_unwind(AssertUnwindSafe(|| pdf.extract_text(&[1]).unwrap_or_default())).unwrap_or_default();
        sink.replace_if_longer(&other);
        sink.next_page();
    }
    let texts = sink.pages.into_iter().map(|t| prose::tidy(&t)).collect();
    (texts, trouble)
}

/// Makes the document have one page with these fonts, and gives the number of its contents.
fn stand_alone(pdf: &mut Pdf, fonts: Fonts) -> (u32, u16) {
    let first = pdf.objects.keys().map(|id| id.0).max().unwrap_or(0).saturating_add(1);
    let id = |n: u32| (first.saturating_add(n), 0);
    let mut resources = Dictionary::new();
    resources.set("Font", Object::Dictionary(fonts.table));
    let mut page = Dictionary::new();
    page.set("Type", Object::Name(b"Page".to_vec()));
    page.set(
        "MediaBox",
        Object::Array([0, 0, 612, 792].map(Object::Integer).to_vec()),
    );
    page.set("Resources", Object::Dictionary(resources));
    page.set("Contents", Object::Reference(id(0)));
    let mut tree = Dictionary::new();
    tree.set("Type", Object::Name(b"Pages".to_vec()));
    tree.set("Count", Object::Integer(1));
    tree.set("Kids", Object::Array(vec![Object::Reference(id(1))]));
    let mut catalog = Dictionary::new();
    catalog.set("Type", Object::Name(b"Catalog".to_vec()));
    catalog.set("Pages", Object::Reference(id(2)));
    for (n, dictionary) in [(1, page), (2, tree), (3, catalog)] {
        pdf.objects.insert(id(n), Object::Dictionary(dictionary));
    }
    pdf.trailer.set("Root", Object::Reference(id(3)));
    id(0)
}

fn put(pdf: &mut Pdf, id: (u32, u16), contents: Vec<u8>) {
    let stream = Stream::new(Dictionary::new(), contents).with_compression(false);
    pdf.objects.insert(id, Object::Stream(stream));
}

/// Takes characters where the reader finds them, and puts spaces and ends of lines between them.
struct Sink {
    pages: Vec<String>,
    corners: Vec<[f64; 4]>,
    at: usize,
    left: usize,
    /// Where the last character ended, if there was one on this page.
    last: Option<(f64, f64)>,
    first_of_word: bool,
}

impl Sink {
    fn new(corners: Vec<[f64; 4]>, characters: usize) -> Self {
        Self {
            pages: vec![String::new(); corners.len()],
            corners,
            at: 0,
            left: characters,
            last: None,
            first_of_word: true,
        }
    }

    fn full(&self) -> bool {
        self.left == 0
    }

    fn next_page(&mut self) {
        self.at += 1;
        self.last = None;
    }

    fn replace_if_longer(&mut self, text: &str) {
        let letters = |t: &str| t.chars().filter(|c| c.is_alphabetic()).count();
        if let Some(page) = self.pages.get_mut(self.at)
            && letters(text) > letters(page)
        {
            *page = text.chars().take(page.chars().count() + self.left).collect();
        }
    }

    fn spend(&mut self, count: usize) -> Result<(), OutputError> {
        self.left = self.left.saturating_sub(count);
        if self.left == 0 {
            return Err(OutputError::FormatError(std::fmt::Error));
        }
        Ok(())
    }

    /// What goes between the last character and one at a place: along the line of writing, and across it, in heights of a letter.
    fn gap(&self, x: f64, y: f64, along: (f64, f64), height: f64) -> Option<char> {
        let (last_x, last_y) = self.last?;
        let (dx, dy) = (x - last_x, y - last_y);
        let forward = (dx * along.0 + dy * along.1) / height;
        let across = (dy * along.0 - dx * along.1).abs() / height;
        if across > 0.5 {
            Some('\n')
        } else if self.first_of_word && !(-0.5..=0.15).contains(&forward) {
            Some(' ')
        } else {
            None
        }
    }
}

impl OutputDev for Sink {
    fn begin_page(&mut self, _: u32, _: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        spacing: f64,
        size: f64,
        character: &str,
    ) -> Result<(), OutputError> {
        let (x, y) = (place.m31, place.m32);
        let length = place.m11.hypot(place.m12).max(1e-9);
        let along = (place.m11 / length, place.m12 / length);
        let height = (size * place.m21.hypot(place.m22)).abs().max(1e-6);
        let Some([left, bottom, right, top]) = self.corners.get(self.at).copied() else {
            return Ok(());
        };
        let visible = x > left - SLACK && x < right + SLACK && y > bottom - SLACK && y < top + SLACK;
        if visible {
            let gap = self.gap(x, y, along, height);
            if let Some(page) = self.pages.get_mut(self.at) {
                page.extend(gap);
                page.push_str(character);
            }
            let advance = (width * size + spacing) * length;
            self.last = Some((x + advance * along.0, y + advance * along.1));
            self.first_of_word = false;
        }
        self.spend(character.chars().count())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.first_of_word = true;
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn stroke(
        &mut self,
        _: &Transform,
        _: &pdf_extract::ColorSpace,
        _: &[f64],
        _: &pdf_extract::Path,
    ) -> Result<(), OutputError> {
        self.next_page();
        Ok(())
    }
}
