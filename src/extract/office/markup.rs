//! The XML of office documents → paragraphs, tables, links. OOXML (ECMA-376: Word, PowerPoint) and OpenDocument (ISO/IEC 26300) have
//! different names for the same things; here they meet.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::builder::Builder;
use crate::extract::xml;

/// Elements of OOXML whose contents are not shown, or shown by another element too.
const HIDDEN: &[&str] = &["Fallback", "del", "moveFrom", "pPrChange", "rPrChange"];

/// Elements of OpenDocument whose contents are not part of the text.
const HIDDEN_ODF: &[&str] = &[
    "tracked-changes",
    "annotation",
    "forms",
    "notes",
    "style",
    "binary-data",
];

/// Reads one part of an OOXML document; `targets` are the addresses of its relationships by id.
pub(super) fn ooxml(text: &str, targets: &BTreeMap<String, String>, out: &mut Builder<'_>) {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut state = Ooxml::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(e)) if state.hidden > 0 || HIDDEN.contains(&e.local_name().as_ref()) => state.hidden += 1,
            Ok(Event::End(_)) if state.hidden > 0 => state.hidden -= 1,
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) if state.hidden > 0 => {}
            Ok(Event::Start(e)) => state.start(&e, targets, out),
            Ok(Event::Empty(e)) => {
                state.start(&e, targets, out);
                state.end(e.local_name().as_ref(), out);
            }
            Ok(Event::End(e)) => state.end(e.local_name().as_ref(), out),
            Ok(Event::Text(t)) => state.text(&t, out),
            Ok(Event::CData(t)) => state.text(&t, out),
            Ok(Event::GeneralRef(r)) => {
                if let Some(c) = xml::reference(&r) {
                    state.text(c.encode_utf8(&mut [0; 4]), out);
                }
            }
            Ok(_) => {}
        }
    }
}

#[derive(Default)]
struct Ooxml {
    hidden: usize,
    shown: bool,
    code: bool,
    instruction: String,
    link: Option<(String, String)>,
    /// Whether the link is a run's property.
    of_run: bool,
}

impl Ooxml {
    fn start(&mut self, e: &BytesStart<'_>, targets: &BTreeMap<String, String>, out: &mut Builder<'_>) {
        match e.local_name().as_ref() {
            "t" => self.shown = true,
            "instrText" => self.code = true,
            "tab" | "ptab" => out.text(" "),
            "br" | "cr" => out.end_line(),
            "noBreakHyphen" => out.text("-"),
            "tbl" => out.start_table(),
            "tr" => out.start_row(1),
            "tc" => out.start_cell(number(e, "gridSpan"), 1),
            "gridSpan" => out.span(number(e, "val")),
            "hyperlink" | "hlinkClick" => {
                self.of_run = e.local_name().as_ref() == "hlinkClick";
                if let Some(target) = attribute(e, "id").and_then(|id| targets.get(&id)) {
                    self.finish_link(out);
                    self.link = Some((target.clone(), String::new()));
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str, out: &mut Builder<'_>) {
        match name {
            "t" => self.shown = false,
            "instrText" => self.code = false,
            "p" => {
                self.finish_field(out);
                self.finish_link(out);
                out.end_line();
            }
            // A text's link holds runs; a slide's link is a property of its run, whose words come after it.
            "hyperlink" => self.finish_link(out),
            "r" if self.of_run && self.link.as_ref().is_some_and(|l| !l.1.is_empty()) => self.finish_link(out),
            "tc" => out.end_cell(),
            "tr" => out.end_row(),
            "tbl" => out.end_table(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, out: &mut Builder<'_>) {
        if self.code {
            self.instruction.push_str(text);
        } else if self.shown {
            if let Some((_, words)) = &mut self.link {
                words.push_str(text);
            }
            out.text(text);
        }
    }

    fn finish_link(&mut self, out: &mut Builder<'_>) {
        if let Some((target, words)) = self.link.take() {
            out.link(&target, &words);
        }
    }

    /// `HYPERLINK "address"` of older documents.
    fn finish_field(&mut self, out: &mut Builder<'_>) {
        let code = std::mem::take(&mut self.instruction);
        if let Some(address) = super::hyperlink_field(&code) {
            out.link(address, "");
        }
    }
}

/// Reads the contents of an OpenDocument text or presentation.
pub(super) fn odf(text: &str, out: &mut Builder<'_>) {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut hidden = 0usize;
    let mut paragraphs = 0usize;
    let mut link: Option<(String, String)> = None;
    loop {
        match reader.read_event() {
            Ok(Event::Start(e)) if hidden > 0 || HIDDEN_ODF.contains(&e.local_name().as_ref()) => hidden += 1,
            Ok(Event::End(_)) if hidden > 0 => hidden -= 1,
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) if hidden > 0 => {}
            Ok(Event::Start(e)) => {
                match e.local_name().as_ref() {
                    "p" | "h" => paragraphs += 1,
                    "a" => link = attribute(&e, "href").map(|h| (h, String::new())),
                    _ => {}
                }
                odf_start(&e, out);
            }
            Ok(Event::Empty(e)) => {
                odf_start(&e, out);
                odf_end(e.local_name().as_ref(), out);
            }
            Ok(Event::End(e)) => {
                match e.local_name().as_ref() {
                    "p" | "h" => paragraphs = paragraphs.saturating_sub(1),
                    "a" => {
                        if let Some((target, words)) = link.take() {
                            out.link(&target, &words);
                        }
                    }
                    _ => {}
                }
                odf_end(e.local_name().as_ref(), out);
            }
            Ok(Event::Text(t)) if paragraphs > 0 => odf_text(&t, &mut link, out),
            Ok(Event::GeneralRef(r)) if paragraphs > 0 => {
                if let Some(c) = xml::reference(&r) {
                    odf_text(c.encode_utf8(&mut [0; 4]), &mut link, out);
                }
            }
            Ok(_) => {}
        }
    }
}

fn odf_text(text: &str, link: &mut Option<(String, String)>, out: &mut Builder<'_>) {
    if let Some((_, words)) = link {
        words.push_str(text);
    }
    // Line ends in the XML are spaces.
    out.text(&text.replace(['\n', '\r'], " "));
}

fn odf_start(e: &BytesStart<'_>, out: &mut Builder<'_>) {
    match e.local_name().as_ref() {
        "s" | "tab" => out.text(" "),
        "line-break" => out.end_line(),
        "table" => out.start_table(),
        "table-row" => out.start_row(number(e, "number-rows-repeated")),
        // The columns that a cell covers follow it as covered cells.
        "table-cell" | "covered-table-cell" => out.start_cell(1, number(e, "number-columns-repeated")),
        "page" => out.page(),
        _ => {}
    }
}

fn odf_end(name: &str, out: &mut Builder<'_>) {
    match name {
        "p" | "h" => out.end_line(),
        "table-cell" | "covered-table-cell" => out.end_cell(),
        "table-row" => out.end_row(),
        "table" => out.end_table(),
        _ => {}
    }
}

/// Value of the attribute of a local name.
pub(super) fn attribute(e: &BytesStart<'_>, name: &str) -> Option<String> {
    e.attributes()
        .with_checks(false)
        .flatten()
        .find(|a| a.key.local_name().as_ref() == name)
        .map(|a| xml::unescaped(&a.value).into_owned())
}

fn number(e: &BytesStart<'_>, name: &str) -> usize {
    attribute(e, name).and_then(|v| v.parse().ok()).unwrap_or(1)
}
