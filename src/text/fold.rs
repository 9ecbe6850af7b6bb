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
    let repaired = if text.contains(['Ã', 'Â', 'â']) {
        Cow::Owned(mojibake(text))
    } else {
        Cow::Borrowed(text)
    };
    let mut out = String::with_capacity(repaired.len());
    let mut gap = false;
    for c in repaired.chars() {
        match c {
            'a'..='z' | '0'..='9' => push(&mut out, &mut gap, c),
            'A'..='Z' => push(&mut out, &mut gap, c.to_ascii_lowercase()),
            _ if c.is_ascii() => gap = true,
            'á' | 'Á' => push(&mut out, &mut gap, 'a'),
            'é' | 'É' => push(&mut out, &mut gap, 'e'),
            'í' | 'Í' => push(&mut out, &mut gap, 'i'),
            'ó' | 'Ó' => push(&mut out, &mut gap, 'o'),
            'ú' | 'Ú' | 'ü' | 'Ü' => push(&mut out, &mut gap, 'u'),
            'ñ' | 'Ñ' => push(&mut out, &mut gap, 'n'),
            _ => {
                for part in std::iter::once(c).nfkd() {
                    if unicode_normalization::char::is_combining_mark(part) {
                        continue;
                    }
                    if part.is_alphanumeric() {
                        for lower in part.to_lowercase() {
                            push(&mut out, &mut gap, lower);
                        }
                    } else {
                        gap = true;
                    }
                }
            }
        }
    }
    out
}

/// Adds a letter or digit, with one space before it where something else stood.
fn push(out: &mut String, gap: &mut bool, c: char) {
    if *gap && !out.is_empty() {
        out.push(' ');
    }
    *gap = false;
    out.push(c);
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
    let without_options = text
        .replace("(as)", "")
        .replace("(os)", "")
        .replace("(es)", "")
        .replace("(s)", "");
    fold(&without_options)
        .split(' ')
        .filter(|w| !w.is_empty() && !STOP.contains(w))
        .map(stem)
        .collect()
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
