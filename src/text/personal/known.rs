//! Personal data that was found once, masked wherever it is quoted: a number under "NSS" tells nothing elsewhere, nor does one in an
//! address, and it is still the same number.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{Found, mask};

/// What was found, be it with the help of a heading or of words beside it, so that it can be masked where these are not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    values: BTreeSet<(String, String)>,
}

impl Known {
    /// Remembers what was found in a text.
    pub fn add(&mut self, text: &str, found: &Found) {
        let value = &text[found.range.clone()];
        self.values.insert((value.to_owned(), found.masked.clone()));
    }

    /// A mask of these and of all that is recognised by itself.
    #[must_use]
    pub fn masker(&self) -> Masker {
        let (values, masks): (Vec<&str>, Vec<String>) = self
            .values
            .iter()
            .map(|(value, mask)| (value.as_str(), mask.clone()))
            .unzip();
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(values);
        Masker {
            finder: finder.ok().filter(|f| f.patterns_len() > 0),
            masks,
        }
    }
}

/// Masks texts.
#[derive(Debug)]
pub struct Masker {
    finder: Option<AhoCorasick>,
    masks: Vec<String>,
}

impl Masker {
    /// The text with all that is known and all that is recognised masked.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        let text = mask(text);
        let Some(finder) = &self.finder else {
            return text.into_owned();
        };
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for hit in finder.find_iter(text.as_ref()) {
            let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            if joins(text[..hit.start()].chars().next_back()) || joins(text[hit.end()..].chars().next()) {
                continue;
            }
            out.push_str(&text[at..hit.start()]);
            out.push_str(&self.masks[hit.pattern().as_usize()]);
            at = hit.end();
        }
        out.push_str(&text[at..]);
        out
    }
}
