//! Spanish text made comparable: case, accents, punctuation, spoiled encodings, plurals and stems.
//!
//! Folding keeps digits and roman numerals; it never decides what a text means.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Undoes UTF-8 that was read as windows-1252, up to three times ("ARTÃƒÂCULO" → "ARTÍCULO"); text without the signs of
/// it comes back unchanged.
#[must_use]
pub fn mojibake(text: &str) -> String {
    let mut current = text.to_owned();
    for _ in 0..3 {
        if !current.contains(['Ã', 'Â', 'â']) {
            break;
        }
        let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(&current);
        if unmappable {
            break;
        }
        let Ok(repaired) = String::from_utf8(bytes.into_owned()) else {
            break;
        };
        current = repaired;
    }
    current
}

/// Lower case, without accents (ñ becomes n), compatibility forms resolved, everything but letters and digits turned into
/// single spaces.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::new();
    fold_into(text, &mut out);
    out
}

/// As [`fold`], into a text that is used again and again; what it held before is lost.
pub fn fold_into(text: &str, out: &mut String) {
    let mut bytes = std::mem::take(out).into_bytes();
    bytes.clear();
    bytes.reserve(text.len());
    if !fold_quickly(text, &mut bytes) {
        bytes.clear();
        fold_fully(&mojibake(text), &mut bytes);
    }
    *out = String::from_utf8(bytes).unwrap_or_default();
}

/// What a byte of ASCII folds to; 0 where it parts words.
const ASCII: [u8; 128] = {
    let mut table = [0; 128];
    let mut c: u8 = 0;
    while c < 128 {
        if c.is_ascii_alphanumeric() {
            table[c as usize] = c.to_ascii_lowercase();
        }
        c += 1;
    }
    table
};

/// What the second byte of the Spanish letters between U+00C0 and U+00FF folds to; 0 for all others.
const LATIN: [u8; 64] = {
    let mut table = [0; 64];
    let letters: [(char, u8); 14] = [
        ('á', b'a'),
        ('Á', b'a'),
        ('é', b'e'),
        ('É', b'e'),
        ('í', b'i'),
        ('Í', b'i'),
        ('ó', b'o'),
        ('Ó', b'o'),
        ('ú', b'u'),
        ('Ú', b'u'),
        ('ü', b'u'),
        ('Ü', b'u'),
        ('ñ', b'n'),
        ('Ñ', b'n'),
    ];
    let mut n = 0;
    while n < letters.len() {
        table[letters[n].0 as usize - 0xc0] = letters[n].1;
        n += 1;
    }
    table
};

/// Folds text byte by byte; `false` at the signs of a spoiled encoding.
fn fold_quickly(text: &str, out: &mut Vec<u8>) -> bool {
    let bytes = text.as_bytes();
    let mut gap = false;
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        if b < 128 {
            match ASCII[usize::from(b)] {
                0 => gap = true,
                letter => push(out, &mut gap, letter),
            }
            at += 1;
            continue;
        }
        let second = bytes.get(at + 1).copied().unwrap_or_default();
        if b == 0xc3 {
            if matches!(second, 0x82 | 0x83 | 0xa2) {
                return false;
            }
            let letter = LATIN[usize::from(second & 0x3f)];
            if letter != 0 {
                push(out, &mut gap, letter);
                at += 2;
                continue;
            }
        }
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            break;
        };
        fold_char(c, out, &mut gap);
        at += c.len_utf8();
    }
    true
}

/// Folds text of any kind, character by character.
fn fold_fully(text: &str, out: &mut Vec<u8>) {
    let mut gap = false;
    for c in text.chars() {
        match u8::try_from(c).ok().filter(u8::is_ascii) {
            Some(b) if ASCII[usize::from(b)] != 0 => push(out, &mut gap, ASCII[usize::from(b)]),
            Some(_) => gap = true,
            None => fold_char(c, out, &mut gap),
        }
    }
}

fn fold_char(c: char, out: &mut Vec<u8>, gap: &mut bool) {
    for part in std::iter::once(c).nfkd() {
        if unicode_normalization::char::is_combining_mark(part) {
            continue;
        }
        if part.is_alphanumeric() {
            for lower in part.to_lowercase() {
                let mut encoded = [0; 4];
                let (first, rest) = lower.encode_utf8(&mut encoded).as_bytes().split_at(1);
                push(out, gap, first[0]);
                out.extend_from_slice(rest);
            }
        } else {
            *gap = true;
        }
    }
}

/// Adds the first byte of a letter or digit, with one space before it where something else stood.
#[inline]
fn push(out: &mut Vec<u8>, gap: &mut bool, first: u8) {
    if *gap && !out.is_empty() {
        out.push(b' ');
    }
    *gap = false;
    out.push(first);
}

/// Words that carry no subject.
const STOP: &[&str] = &[
    "a", "al", "ante", "asi", "cada", "como", "con", "cual", "cuales", "cuando", "de", "del", "desde", "dicha",
    "dicho", "e", "el", "ella", "en", "entre", "es", "esta", "este", "estos", "han", "hasta", "la", "las", "le", "les",
    "lo", "los", "me", "mi", "no", "o", "os", "para", "por", "que", "se", "segun", "ser", "si", "sin", "so", "sobre",
    "son", "su", "sus", "tal", "tan", "u", "un", "una", "uno", "y", "caso", "debera", "mismo", "mismos", "misma",
    "mismas", "demas", "otro", "otra", "otros", "otras", "todo", "todos", "toda", "todas", "as",
];

/// Stems of the words of a text that carry a subject, in order.
///
/// Plural and gender endings fall; *informe* and *información* stay apart, as do *municipio* and *municipal*.
#[must_use]
pub fn stems(text: &str) -> Vec<String> {
    fold(&without_options(text))
        .split(' ')
        .filter(|w| carries_subject(w))
        .map(stem)
        .collect()
}

/// A text without its "(as)", "(os)", "(es)" and "(s)".
#[must_use]
pub fn without_options(text: &str) -> Cow<'_, str> {
    if !text.contains('(') {
        return Cow::Borrowed(text);
    }
    let shorter = text.replace("(as)", "").replace("(os)", "");
    Cow::Owned(shorter.replace("(es)", "").replace("(s)", ""))
}

/// Whether a folded word says what a text is about.
#[must_use]
pub fn carries_subject(word: &str) -> bool {
    !word.is_empty() && !STOP.contains(&word)
}

/// The stem of one folded word.
#[must_use]
pub fn stem(word: &str) -> String {
    thread_local! {
        static STEMMER: rust_stemmers::Stemmer = rust_stemmers::Stemmer::create(rust_stemmers::Algorithm::Spanish);
    }
    match word {
        "informe" | "informes" => return "informe".to_owned(),
        "informacion" | "informaciones" => return "informacion".to_owned(),
        _ => {}
    }
    if word.len() < 4 || word.chars().any(|c| c.is_ascii_digit()) {
        return word.to_owned();
    }
    STEMMER.with(|s| s.stem(word).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_punctuation_fall_and_digits_stay() {
        assert_eq!(
            fold("ARTÍCULO 70, Fracción XXVIII.- Año"),
            "articulo 70 fraccion xxviii ano"
        );
        assert_eq!(fold("N\u{303}  \u{a0}ﬁn"), "n fin");
    }

    proptest::proptest! {
        #[test]
        fn quick_and_full_folding_agree(text in "[a-zA-Z0-9 .áéíóúüñÁÉÍÓÚÜÑçàÀßﬁœ²½Ωж中\u{301}\u{a0}-]{0,40}") {
            let (mut quick, mut full) = (Vec::new(), Vec::new());
            proptest::prop_assert!(fold_quickly(&text, &mut quick));
            fold_fully(&text, &mut full);
            proptest::prop_assert_eq!(quick, full);
        }
    }

    #[test]
    fn text_spoiled_twice_is_repaired_and_clean_text_is_left() {
        assert_eq!(fold("ARTÃ\u{8d}CULO"), "articulo");
        assert_eq!(mojibake("InformaciÃ³n"), "Información");
        assert_eq!(mojibake("São Ângelo"), "São Ângelo");
    }

    #[test]
    fn plurals_share_a_stem_and_inform_words_do_not() {
        assert_eq!(stems("Trámites ofrecidos"), stems("tramite ofrecido"));
        assert_ne!(stem("informes"), stem("informacion"));
        assert_eq!(stems("Sanciones a los(as) servidores(as)"), stems("sancion a servidor"));
    }
}
