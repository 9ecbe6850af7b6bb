//! A page's contents → only what shows text, in one stream: forms are written out where they are painted, fonts get names that hold for
//! the whole document, and everything else (paths, colours, images) is left out. So the reader of text meets none of what it cannot
//! read, and no form that paints itself.
//!
//! On the way the images that the page paints are measured.

use std::collections::BTreeMap;
use std::io::Write as _;

use pdf_extract::{Dictionary, Document as Pdf, Object, ObjectId, Stream};

use super::lexer::{Lexer, Token};
use super::{font, stream};

/// Forms inside forms that are followed.
const DEPTH: usize = 8;

/// Bytes of text operators of one page: some hundred thousand characters. The reader takes forty times as many to hold them.
const WRITTEN: usize = 4 << 20;

/// Bytes of fonts' maps and programs, of all fonts together.
const FONTS: usize = 32 << 20;

/// The operator that ends a page in the stream of the whole document: with the paths left out, nothing else strokes.
pub(super) const END_OF_PAGE: &[u8] = b"\nS\n";

/// Affine matrix as PDF writes it.
type Matrix = [f64; 6];

/// What one page paints.
#[derive(Debug, Default)]
pub(super) struct Painted {
    /// Contents with the operators of text only.
    pub(super) content: Vec<u8>,
    /// Lower left and upper right corner.
    pub(super) corners: [f64; 4],
    /// Images painted.
    pub(super) images: usize,
    /// Share of the page under images, 0–1; overlaps count twice, up to 1.
    pub(super) coverage: f64,
    /// Whether limits cut it.
    pub(super) cut: bool,
}

/// Fonts of a document under names that hold for all its pages.
pub(super) struct Fonts {
    /// Bytes that may still be inflated for fonts.
    left: usize,
    names: BTreeMap<ObjectId, String>,
    /// As a page's resources want them.
    pub(super) table: Dictionary,
}

impl Default for Fonts {
    fn default() -> Self {
        Self {
            left: FONTS,
            names: BTreeMap::new(),
            table: Dictionary::new(),
        }
    }
}

impl Fonts {
    /// The name of a font, which is mended when it is first seen.
    fn name(&mut self, pdf: &Pdf, object: Option<&Object>) -> String {
        let id = object.and_then(|o| o.as_reference().ok());
        if let Some(known) = id.and_then(|id| self.names.get(&id)) {
            return known.clone();
        }
        let name = format!("V{}", self.table.len());
        let found = object
            .and_then(|o| pdf.dereference(o).ok())
            .and_then(|(_, o)| o.as_dict().ok());
        self.table
            .set(name.as_bytes(), font::mended(pdf, found, &mut self.left));
        if let Some(id) = id {
            self.names.insert(id, name.clone());
        }
        name
    }
}

/// Reads a page; `budget` is the most bytes that its contents may have, as stored forms and as written out.
pub(super) fn page(pdf: &Pdf, id: ObjectId, fonts: &mut Fonts, budget: usize) -> Painted {
    let Ok(dictionary) = pdf.get_dictionary(id) else {
        return Painted::default();
    };
    let corners = inherited(pdf, dictionary, b"CropBox")
        .and_then(|o| numbers::<4>(pdf, o))
        .or_else(|| inherited(pdf, dictionary, b"MediaBox").and_then(|o| numbers::<4>(pdf, o)))
        .unwrap_or([0.0, 0.0, 612.0, 792.0]);
    let empty = Dictionary::new();
    let resources = inherited(pdf, dictionary, b"Resources")
        .and_then(|o| o.as_dict().ok())
        .unwrap_or(&empty);
    let mut contents = Vec::new();
    for id in pdf.get_page_contents(id) {
        if let Ok(part) = pdf.get_object(id).and_then(Object::as_stream) {
            contents.extend(stream::inflated(part, budget.saturating_sub(contents.len())));
            contents.push(b'\n');
        }
    }
    let mut flat = Flattener {
        pdf,
        fonts,
        budget,
        states: vec![State::default()],
        painting: Vec::new(),
        out: Painted {
            corners: [
                corners[0].min(corners[2]),
                corners[1].min(corners[3]),
                corners[0].max(corners[2]),
                corners[1].max(corners[3]),
            ],
            cut: contents.len() > budget,
            ..Painted::default()
        },
    };
    flat.run(&contents, resources);
    flat.close(1);
    flat.out
}

/// An entry of a page or, failing that, of the nodes above it.
fn inherited<'a>(pdf: &'a Pdf, mut node: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    for _ in 0..64 {
        if let Ok(found) = node.get_deref(key, pdf) {
            return Some(found);
        }
        node = node.get_deref(b"Parent", pdf).and_then(Object::as_dict).ok()?;
    }
    None
}

fn numbers<const N: usize>(pdf: &Pdf, object: &Object) -> Option<[f64; N]> {
    let array = object.as_array().ok()?;
    let mut out = [0.0; N];
    for (n, slot) in out.iter_mut().enumerate() {
        let (_, item) = pdf.dereference(array.get(n)?).ok()?;
        *slot = f64::from(item.as_float().ok()?);
    }
    Some(out)
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            matrix: [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
            font: false,
        }
    }
}

struct Flattener<'a> {
    pdf: &'a Pdf,
    fonts: &'a mut Fonts,
    budget: usize,
    states: Vec<State>,
    painting: Vec<*const Stream>,
    out: Painted,
}

impl Flattener<'_> {
    fn run(&mut self, data: &[u8], resources: &Dictionary) {
        let mut lexer = Lexer::new(data);
        let mut operands: Vec<Token<'_>> = Vec::new();
        let floor = self.states.len();
        while let Some(token) = lexer.next() {
            let Token::Operator(operator) = token else {
                if operands.len() < 64 {
                    operands.push(token);
                }
                continue;
            };
            if self.out.content.len() > WRITTEN {
                self.out.cut = true;
                return;
            }
            match operator {
                b"q" if self.states.len() < 512 => self.push(),
                b"Q" if self.states.len() > floor => self.pop(),
                b"BI" => {
                    lexer.skip_inline_image();
                    self.image();
                }
                b"Do" => self.paint(resources, &operands),
                b"Tf" => self.font(resources, &operands),
                _ => self.operator(operator, &operands),
            }
            operands.clear();
        }
    }

    fn push(&mut self) {
        let top = self.state().clone();
        self.states.push(top);
        self.out.content.extend_from_slice(b"q ");
    }

    fn pop(&mut self) {
        self.states.pop();
        self.out.content.extend_from_slice(b"Q\n");
    }

    /// Back to as many states as there were.
    fn close(&mut self, floor: usize) {
        while self.states.len() > floor {
            self.pop();
        }
    }

    fn state(&self) -> &State {
        // The first state is never taken out.
        &self.states[self.states.len() - 1]
    }

    fn concatenate(&mut self, matrix: Matrix) {
        let top = self.states.len() - 1;
        self.states[top].matrix = product(&matrix, &self.states[top].matrix);
        self.write(&matrix.map(Token::Number), "cm");
    }

    fn font(&mut self, resources: &Dictionary, operands: &[Token<'_>]) {
        let [Token::Name(name), Token::Number(size)] = operands else {
            return;
        };
        let found = entry(self.pdf, resources, b"Font", name);
        let name = self.fonts.name(self.pdf, found);
        let top = self.states.len() - 1;
        self.states[top].font = true;
        self.write(&[Token::Name(name.as_bytes()), Token::Number(*size)], "Tf");
    }

    fn operator(&mut self, operator: &[u8], operands: &[Token<'_>]) {
        let shows = self.state().font;
        match (operator, operands) {
            (b"cm", _) => {
                if let Some(matrix) = six(operands) {
                    self.concatenate(matrix);
                }
            }
            (b"BT", _) => self.write(&[], "BT"),
            (b"ET", _) => self.write(&[], "ET"),
            (b"T*", _) => self.write(&[], "T*"),
            (b"Tm", _) if six(operands).is_some() => self.write(operands, "Tm"),
            (b"Td", [Token::Number(_), Token::Number(_)]) => self.write(operands, "Td"),
            (b"TD", [Token::Number(_), Token::Number(_)]) => self.write(operands, "TD"),
            (b"Tc", [Token::Number(_)]) => self.write(operands, "Tc"),
            (b"Tw", [Token::Number(_)]) => self.write(operands, "Tw"),
            (b"Tz", [Token::Number(_)]) => self.write(operands, "Tz"),
            (b"TL", [Token::Number(_)]) => self.write(operands, "TL"),
            (b"Ts", [Token::Number(_)]) => self.write(operands, "Ts"),
            (b"Tj", [.., Token::Text(_)]) if shows => self.write(&operands[operands.len() - 1..], "Tj"),
            (b"TJ", [.., Token::Array(_)]) if shows => self.write(&operands[operands.len() - 1..], "TJ"),
            (b"'", [.., Token::Text(_)]) if shows => {
                self.write(&[], "T*");
                self.write(&operands[operands.len() - 1..], "Tj");
            }
            (b"\"", [Token::Number(word), Token::Number(character), Token::Text(_)]) if shows => {
                self.write(&[Token::Number(*word)], "Tw");
                self.write(&[Token::Number(*character)], "Tc");
                self.write(&[], "T*");
                self.write(&operands[2..], "Tj");
            }
            _ => {}
        }
    }

    fn write(&mut self, operands: &[Token<'_>], operator: &str) {
        for operand in operands {
            write_token(&mut self.out.content, operand);
        }
        self.out.content.extend_from_slice(operator.as_bytes());
        self.out.content.push(b'\n');
    }

    fn paint(&mut self, resources: &Dictionary, operands: &[Token<'_>]) {
        let [.., Token::Name(name)] = operands else { return };
        let Some(form) = entry(self.pdf, resources, b"XObject", name)
            .and_then(|o| self.pdf.dereference(o).ok())
            .and_then(|(_, o)| o.as_stream().ok())
        else {
            return;
        };
        match form.dict.get_deref(b"Subtype", self.pdf).and_then(Object::as_name) {
            Ok(b"Image") => self.image(),
            Ok(b"Form") => self.form(form, resources),
            _ => {}
        }
    }

    fn form(&mut self, form: &Stream, resources: &Dictionary) {
        let address = std::ptr::from_ref(form);
        if self.painting.len() >= DEPTH || self.painting.contains(&address) {
            self.out.cut = true;
            return;
        }
        let data = stream::inflated(form, self.budget);
        // A form that is painted without end must end, also when it shows nothing.
        self.budget = self.budget.saturating_sub(data.len().max(1024));
        let floor = self.states.len();
        self.push();
        if let Some(matrix) = form
            .dict
            .get_deref(b"Matrix", self.pdf)
            .ok()
            .and_then(|o| numbers::<6>(self.pdf, o))
        {
            self.concatenate(matrix);
        }
        self.painting.push(address);
        let own = form.dict.get_deref(b"Resources", self.pdf).and_then(Object::as_dict);
        self.run(&data, own.unwrap_or(resources));
        self.painting.pop();
        self.close(floor);
    }

    /// Notes an image, which fills the unit square under the current matrix.
    fn image(&mut self) {
        let m = self.state().matrix;
        let xs = [m[4], m[0] + m[4], m[2] + m[4], m[0] + m[2] + m[4]];
        let ys = [m[5], m[1] + m[5], m[3] + m[5], m[1] + m[3] + m[5]];
        let [left, bottom, right, top] = self.out.corners;
        let span = |values: [f64; 4], low: f64, high: f64| {
            let least = values.into_iter().fold(f64::INFINITY, f64::min).max(low);
            let most = values.into_iter().fold(f64::NEG_INFINITY, f64::max).min(high);
            (most - least).max(0.0)
        };
        let page = (right - left) * (top - bottom);
        let area = span(xs, left, right) * span(ys, bottom, top);
        self.out.images += 1;
        if page > 0.0 {
            self.out.coverage = (self.out.coverage + area / page).min(1.0);
        }
    }
}

/// An entry of a category of resources.
fn entry<'a>(pdf: &'a Pdf, resources: &'a Dictionary, category: &[u8], name: &[u8]) -> Option<&'a Object> {
    resources
        .get_deref(category, pdf)
        .and_then(Object::as_dict)
        .and_then(|d| d.get(&unescaped(name)))
        .ok()
}

/// A name with its `#xx` undone.
fn unescaped(name: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len());
    let mut at = 0;
    while at < name.len() {
        let hex = name
            .get(at + 1..at + 3)
            .and_then(|h| std::str::from_utf8(h).ok())
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        match hex {
            Some(byte) if name[at] == b'#' => {
                out.push(byte);
                at += 3;
            }
            _ => {
                out.push(name[at]);
                at += 1;
            }
        }
    }
    out
}

fn six(operands: &[Token<'_>]) -> Option<Matrix> {
    let mut out = [0.0; 6];
    if operands.len() != 6 {
        return None;
    }
    for (slot, operand) in out.iter_mut().zip(operands) {
        let Token::Number(n) = operand else { return None };
        *slot = *n;
    }
    Some(out)
}

/// `first` then `second`.
fn product(first: &Matrix, second: &Matrix) -> Matrix {
    let [a, b, c, d, e, f] = *first;
    let [g, h, i, j, k, l] = *second;
    [
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + l,
    ]
}

fn write_token(out: &mut Vec<u8>, token: &Token<'_>) {
    match token {
        Token::Number(n) => {
            // A vector takes every write.
            let _ = write!(out, "{n} ");
        }
        Token::Name(name) => {
            out.push(b'/');
            out.extend_from_slice(name);
            out.push(b' ');
        }
        Token::Text(text) => out.extend_from_slice(text),
        Token::Array(items) => {
            out.push(b'[');
            for item in items.iter().filter(|i| matches!(i, Token::Number(_) | Token::Text(_))) {
                write_token(out, item);
            }
            out.push(b']');
        }
        Token::Operator(_) | Token::Other => {}
    }
}
