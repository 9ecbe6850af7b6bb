//! Stems as numbers: portals use few words often, and reckoning a stem costs more than knowing it again.

use foldhash::HashMap;

use crate::text::fold::{carries_subject, stem, without_options};
use crate::text::fold_into;

/// Words read before, with the numbers of their stems.
#[derive(Debug, Default)]
pub(super) struct Stems {
    /// By folded word; `None` for those that carry no subject.
    words: HashMap<Box<str>, Option<u32>>,
    numbers: HashMap<String, u32>,
    folded: String,
}

impl Stems {
    /// The numbers of a text's stems, as [`crate::text::stems`] gives them.
    pub(super) fn of(&mut self, text: &str) -> Vec<u32> {
        let mut folded = std::mem::take(&mut self.folded);
        fold_into(&without_options(text), &mut folded);
        let out = folded.split(' ').filter_map(|w| self.word(w)).collect();
        self.folded = folded;
        out
    }

    fn word(&mut self, word: &str) -> Option<u32> {
        if let Some(known) = self.words.get(word) {
            return *known;
        }
        let number = carries_subject(word).then(|| {
            let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            *self.numbers.entry(stem(word)).or_insert(next)
        });
        self.words.insert(word.into(), number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::stems;

    #[test]
    fn equal_stems_have_equal_numbers() {
        let mut known = Stems::default();
        let texts = [
            "Los trámites ofrecidos a los(as) vecinos",
            "trámite ofrecido, trámites",
            "de la",
        ];
        let numbers: Vec<u32> = texts.iter().flat_map(|t| known.of(t)).collect();
        let names: Vec<String> = texts.iter().flat_map(|t| stems(t)).collect();
        assert_eq!(numbers.len(), names.len());
        for (i, a) in names.iter().enumerate() {
            for (j, b) in names.iter().enumerate() {
                assert_eq!(a == b, numbers[i] == numbers[j], "{a} {b}");
            }
        }
    }
}
