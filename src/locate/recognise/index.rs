//! What all formats' headers weigh and where they stand: made once, asked for every sheet.

use std::collections::HashMap;

use crate::model::{Column, ColumnRole, Format};
use crate::text::{header::header, stem};

/// What a column of the fixed head or tail weighs, beside 1.5 to 5 of a column of the format's own: it says that a table is
/// official, not which.
const FRAME_WEIGHT: f64 = 0.15;

/// One header text, folded, of one or several formats.
pub(super) struct Header {
    /// What it says of every record.
    pub(super) role: ColumnRole,
    /// What sharing it proves.
    pub(super) weight: f64,
    /// Words, as numbers of stems.
    pub(super) stems: Vec<usize>,
    /// Formats that have it.
    pub(super) formats: Vec<usize>,
}

/// One format's columns, as numbers of headers.
pub(super) struct Shape {
    /// Headers in order.
    pub(super) headers: Vec<usize>,
    /// What all of them weigh.
    pub(super) weight: f64,
    /// Titles and short names, folded.
    pub(super) titles: Vec<String>,
    /// Headers of child tables, folded.
    pub(super) children: Vec<Vec<String>>,
    /// For each child table the column that points to it.
    pub(super) parents: Vec<Option<usize>>,
    /// Obligations, to tell siblings: `pack:id`.
    pub(super) obligations: Vec<String>,
}

/// Headers and words of all formats.
pub(super) struct Index {
    pub(super) shapes: Vec<Shape>,
    pub(super) headers: Vec<Header>,
    by_text: HashMap<String, usize>,
    stems: HashMap<String, usize>,
    stem_weights: Vec<f64>,
    /// What a header that no format has weighs.
    pub(super) unknown: f64,
}

impl Index {
    pub(super) fn new(formats: &[Format]) -> Self {
        let mut index = Self {
            shapes: Vec::with_capacity(formats.len()),
            headers: Vec::new(),
            by_text: HashMap::new(),
            stems: HashMap::new(),
            stem_weights: Vec::new(),
            unknown: 0.0,
        };
        for (n, format) in formats.iter().enumerate() {
            let shape = index.shape(n, format);
            index.shapes.push(shape);
        }
        index.weigh(formats.len());
        index
    }

    fn shape(&mut self, n: usize, format: &Format) -> Shape {
        let folded = |columns: &[Column]| columns.iter().map(|c| header(&c.label)).collect();
        let titles = [&format.title, &format.short_name];
        Shape {
            headers: format.columns.iter().map(|c| self.header(n, c)).collect(),
            weight: 0.0,
            titles: titles.into_iter().chain(&format.titles).map(|t| header(t)).collect(),
            children: format.children.iter().map(|c| folded(&c.columns)).collect(),
            parents: (0..format.children.len())
                .map(|child| format.columns.iter().position(|c| c.child == Some(child)))
                .collect(),
            obligations: format
                .obligations
                .iter()
                .map(|o| format!("{}:{}", o.pack, o.id))
                .collect(),
        }
    }

    fn header(&mut self, format: usize, column: &Column) -> usize {
        let text = header(&column.label);
        if let Some(&known) = self.by_text.get(&text) {
            if self.headers[known].formats.last() != Some(&format) {
                self.headers[known].formats.push(format);
            }
            return known;
        }
        let mut stems: Vec<usize> = Vec::new();
        for word in words(&text) {
            let next = self.stems.len();
            let at = *self.stems.entry(word).or_insert(next);
            if !stems.contains(&at) {
                stems.push(at);
            }
        }
        self.headers.push(Header {
            role: column.role,
            weight: 0.0,
            stems,
            formats: vec![format],
        });
        self.by_text.insert(text, self.headers.len() - 1);
        self.headers.len() - 1
    }

    /// Rare headers and words prove more: `ln(1 + all / having)`.
    fn weigh(&mut self, formats: usize) {
        let all = self.headers.len() as f64;
        let mut having = vec![0_usize; self.stems.len()];
        for header in &self.headers {
            for &stem in &header.stems {
                having[stem] += 1;
            }
        }
        self.stem_weights = having.iter().map(|&n| (1.0 + all / n.max(1) as f64).ln()).collect();
        let (mut sum, mut own) = (0.0, 0.0_f64);
        for header in &mut self.headers {
            header.weight = if header.role == ColumnRole::Own {
                (1.0 + formats as f64 / header.formats.len() as f64).ln()
            } else {
                FRAME_WEIGHT
            };
            if header.role == ColumnRole::Own {
                sum += header.weight;
                own += 1.0;
            }
        }
        self.unknown = 0.8 * sum / own.max(1.0);
        for shape in &mut self.shapes {
            shape.weight = shape.headers.iter().map(|&h| self.headers[h].weight).sum();
        }
    }

    /// The header that reads so, folded.
    pub(super) fn find(&self, folded: &str) -> Option<usize> {
        self.by_text.get(folded).copied()
    }

    /// The words of a folded header that formats use, and what all its words weigh.
    pub(super) fn words(&self, folded: &str) -> (Vec<usize>, f64) {
        let mut known = Vec::new();
        let mut weight = 0.0;
        let rare = (1.0 + self.headers.len() as f64).ln();
        for word in words(folded) {
            match self.stems.get(&word) {
                Some(&stem) if known.contains(&stem) => {}
                Some(&stem) => {
                    known.push(stem);
                    weight += self.stem_weights[stem];
                }
                None => weight += rare,
            }
        }
        (known, weight)
    }

    /// How alike the words of two headers are, 0–1: what is shared of the mean of what they say (Dice), by weight.
    pub(super) fn likeness(&self, words: &(Vec<usize>, f64), header: usize) -> f64 {
        let stems = &self.headers[header].stems;
        let weight = |stem: &usize| self.stem_weights[*stem];
        let shared: f64 = stems.iter().filter(|s| words.0.contains(s)).map(weight).sum();
        let both = words.1 + stems.iter().map(weight).sum::<f64>();
        if both > 0.0 { 2.0 * shared / both } else { 0.0 }
    }
}

/// Stems of a folded header's words; of those that carry no subject only the longer ones.
fn words(folded: &str) -> impl Iterator<Item = String> {
    folded.split(' ').filter(|w| w.len() > 2).map(stem)
}
