//! Numbering of articles and fractions, as portals write it: roman or arabic, misspelt, with letters and *Bis*.

use super::fold::fold;

/// A numeral read from the start of a label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Numeral {
    /// Article, when the label says it ("Art. 70 …", "63 - IIa").
    pub article: Option<u16>,
    /// Fraction, 1–99.
    pub fraction: u16,
    /// Paragraph letter or `bis`, lower case.
    pub suffix: Option<String>,
    /// Where the words after the numeral begin, as a count of folded words.
    pub words: usize,
}

/// Value of a roman numeral in lower case, read leniently ("iiii", "xxxvix"); `None` if another letter occurs, or it is
/// over 99.
#[must_use]
pub fn roman(text: &str) -> Option<u16> {
    if text.is_empty() || text.len() > 9 {
        return None;
    }
    let digit = |c: char| match c {
        'i' => Some(1),
        'v' => Some(5),
        'x' => Some(10),
        'l' => Some(50),
        'c' => Some(100),
        _ => None,
    };
    let values: Vec<i32> = text.chars().map(digit).collect::<Option<_>>()?;
    let signed = values.iter().enumerate().map(|(i, v)| {
        let subtract = values.get(i + 1).is_some_and(|next| next > v);
        if subtract { -v } else { *v }
    });
    u16::try_from(signed.sum::<i32>()).ok().filter(|n| (1..=99).contains(n))
}

/// A roman numeral with an optional paragraph letter: `xxviii`, `iia`, `xx1b` (a misspelt *I*).
fn roman_with_suffix(word: &str) -> Option<(u16, Option<String>)> {
    // Most words are none: the longest numeral has eight letters, its suffix three.
    if word.len() > 11 || !word.starts_with(['i', 'v', 'x', 'l', 'c', '1']) {
        return None;
    }
    let mended: String = word.chars().map(|c| if c == '1' { 'i' } else { c }).collect();
    if mended.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    if let Some(n) = roman_strict(&mended) {
        return Some((n, None));
    }
    let split = mended.char_indices().last().map(|(i, _)| i)?;
    let (head, tail) = mended.split_at(split);
    if tail.chars().all(|c| c.is_ascii_lowercase() && c <= 'q')
        && let Some(n) = roman_strict(head)
    {
        return Some((n, Some(tail.to_owned())));
    }
    if let Some(head) = mended.strip_suffix("bis")
        && let Some(n) = roman_strict(head)
    {
        return Some((n, Some("bis".to_owned())));
    }
    roman(&mended).map(|n| (n, None))
}

fn roman_strict(text: &str) -> Option<u16> {
    let n = roman_value(text)?;
    (roman_of(n) == text).then_some(n)
}

fn roman_value(text: &str) -> Option<u16> {
    let mut total = 0i32;
    let mut previous = 0i32;
    for c in text.chars().rev() {
        let v = match c {
            'i' => 1,
            'v' => 5,
            'x' => 10,
            'l' => 50,
            'c' => 100,
            _ => return None,
        };
        if v < previous {
            total -= v;
        } else {
            total += v;
            previous = v;
        }
    }
    u16::try_from(total).ok().filter(|n| (1..=99).contains(n))
}

/// The lower-case roman numeral of 1–99.
#[must_use]
pub fn roman_of(mut n: u16) -> String {
    let mut out = String::new();
    for (value, sign) in [
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ] {
        while n >= value {
            out.push_str(sign);
            n -= value;
        }
    }
    out
}

/// Words that announce a numeral.
const ANNOUNCE: &[&str] = &[
    "fraccion",
    "fracciones",
    "fracc",
    "frac",
    "fr",
    "fraccin",
    "inciso",
    "f",
];

/// Reads the numeral with which a label begins: "Fracción XXVIII …", "Art. 70 F28", "63 - IIa …", "XII.- …",
/// "70.XXVIII". `None` when it begins with none.
///
/// A bare roman letter without an announcing word counts only with a mark after it (".", "-", ")") or as the whole label,
/// so that "V Informe" or "C. Presidente" are not numbered.
#[must_use]
pub fn leading(label: &str) -> Option<Numeral> {
    leading_in(label, &fold(label))
}

/// As [`leading`], of a label that was folded before.
#[must_use]
pub fn leading_in(label: &str, folded: &str) -> Option<Numeral> {
    let mut first = [""; 8];
    let mut count = 0;
    for word in folded.split(' ').take(first.len()) {
        first[count] = word;
        count += 1;
    }
    let words = &first[..count];
    let mut at = 0;
    let mut article = None;
    if matches!(*words.first()?, "articulo" | "art" | "articulos" | "arts") {
        at += 1;
        article = words.get(at).and_then(|w| w.parse::<u16>().ok());
        if article.is_some() {
            at += 1;
        }
    } else if let Ok(n) = words[0].parse::<u16>()
        && (10..200).contains(&n)
        && words
            .get(1)
            .is_some_and(|w| roman_with_suffix(w).is_some() || ANNOUNCE.contains(w) || *w == "bis")
    {
        article = Some(n);
        at += 1;
    }
    let announced = words.get(at).is_some_and(|w| ANNOUNCE.contains(w));
    if announced {
        at += 1;
    }
    let word = *words.get(at)?;
    let word = if announced || article.is_some() {
        word.strip_prefix('f').filter(|w| !w.is_empty()).unwrap_or(word)
    } else {
        word
    };
    let (fraction, mut suffix) = match roman_with_suffix(word) {
        Some(found) => found,
        None if announced || article.is_some() => (word.parse::<u16>().ok().filter(|n| (1..=60).contains(n))?, None),
        None => return None,
    };
    at += 1;
    if suffix.is_none()
        && let Some(next) = words.get(at)
        && (*next == "bis" || *next == "ter" || (next.len() == 1 && next.chars().all(|c| c.is_ascii_lowercase())))
        && !matches!(*next, "y" | "o" | "e" | "a" if !announced && article.is_none())
    {
        suffix = Some((*next).to_owned());
        at += 1;
    }
    if !announced && article.is_none() && !marked(label, word) {
        return None;
    }
    Some(Numeral {
        article,
        fraction,
        suffix,
        words: at,
    })
}

/// Reads a numeral that a label announces further on: "Resultado de auditorías. Fracción XXIV". Only a whole word "fracción" (or
/// its usual short forms) and a numeral right after it count.
#[must_use]
pub fn announced(label: &str) -> Option<Numeral> {
    announced_in(&fold(label))
}

/// As [`announced`], of a folded label.
#[must_use]
pub fn announced_in(folded: &str) -> Option<Numeral> {
    if !folded.contains("frac") {
        return None;
    }
    let words: Vec<&str> = folded.split(' ').take(40).collect();
    let at = words
        .windows(2)
        .position(|pair| matches!(pair[0], "fraccion" | "fracc" | "frac") && roman_with_suffix(pair[1]).is_some())?;
    let (fraction, suffix) = roman_with_suffix(words[at + 1])?;
    let letter = words.get(at + 2).filter(|w| w.len() == 1 && *w <= &"q");
    Some(Numeral {
        article: None,
        fraction,
        suffix: suffix.or_else(|| letter.map(|w| (*w).to_owned())),
        words: 0,
    })
}

/// Whether the first word of the label is followed by a mark of numbering, or stands alone.
fn marked(label: &str, word: &str) -> bool {
    let trimmed = label.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = trimmed
        .char_indices()
        .nth(word.chars().count())
        .map_or("", |(at, _)| &trimmed[at..]);
    let rest = rest.trim_start();
    rest.is_empty() || rest.starts_with(['.', '-', '–', '—', ')', ':', '°', '|', '_'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(label: &str) -> Option<(Option<u16>, u16, Option<String>)> {
        leading(label).map(|n| (n.article, n.fraction, n.suffix))
    }

    #[test]
    fn numberings_as_portals_write_them() {
        assert_eq!(read("Fracción XXVIII Licitaciones"), Some((None, 28, None)));
        assert_eq!(read("63 - IIa Estructura"), Some((Some(63), 2, Some("a".into()))));
        assert_eq!(read("Fracción XX1.B"), Some((None, 21, Some("b".into()))));
        assert_eq!(read("XII.- Declaraciones"), Some((None, 12, None)));
        assert_eq!(read("Art. 70 F28"), Some((Some(70), 28, None)));
        assert_eq!(read("FRACCIÓN IX Bis"), Some((None, 9, Some("bis".into()))));
        assert_eq!(read("Artículo 35 Fracción III"), Some((Some(35), 3, None)));
        assert_eq!(read("XXIII"), Some((None, 23, None)));
    }

    #[test]
    fn words_that_look_like_numerals_are_none() {
        assert_eq!(read("C. Presidente Municipal").map(|n| n.1), None);
        assert_eq!(read("V Informe de gobierno"), None);
        assert_eq!(read("Civil"), None);
        assert_eq!(read("2019"), None);
        assert_eq!(read("Trámites"), None);
    }

    #[test]
    fn numerals_are_announced_further_on() {
        let read = |label: &str| announced(label).map(|n| (n.fraction, n.suffix));
        assert_eq!(read("Resultado de auditorías. Fracción XXIV >>"), Some((24, None)));
        assert_eq!(
            read("Padrón de beneficiarios. Fracción XV.B >>"),
            Some((15, Some("b".into())))
        );
        assert_eq!(read("Una fracción de los vecinos"), None);
    }

    #[test]
    fn roman_round_trip() {
        for n in 1..=99 {
            assert_eq!(roman_strict(&roman_of(n)), Some(n));
            assert_eq!(roman(&roman_of(n)), Some(n));
        }
    }
}
