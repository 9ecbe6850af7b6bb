//! What a page offers under its labels: links to documents, links that lead nowhere, icons without a link.

use std::collections::{BTreeSet, HashMap};

use percent_encoding::percent_decode_str;

use crate::model::{Link, LinkOrigin, Page};
use crate::text::numeral;

use super::site::{Site, Target};

/// Why an item is taken for an obligation's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// It stands in the scope of a label on its page.
    Scope,
    /// Its page is the obligation's, by the links that lead there or by its title.
    PageLabel,
    /// The number of the law, under which it stands without a word.
    Numeral,
    /// Its own words.
    OwnWords,
    /// The code in its file name.
    FileCode,
    /// The words of its file's or folder's name.
    FileName,
    /// The title inside the document.
    InsideTitle,
    /// The columns of its table, which are those of an official format of the obligation.
    Columns,
}

impl Ground {
    /// How much weight it carries, 0–1.
    #[must_use]
    pub fn strength(self) -> f64 {
        match self {
            Self::Scope | Self::Columns => 0.95,
            Self::PageLabel => 0.9,
            Self::InsideTitle | Self::OwnWords => 0.85,
            Self::FileCode | Self::Numeral => 0.8,
            Self::FileName => 0.65,
        }
    }

    /// In Spanish, for the reasons.
    #[must_use]
    pub fn spanish(self) -> &'static str {
        match self {
            Self::Scope => "está bajo el rótulo",
            Self::PageLabel => "está en la página de la obligación",
            Self::Numeral => "está bajo el número",
            Self::OwnWords => "lo dice el texto del enlace",
            Self::FileCode => "lo dice la clave del nombre del archivo",
            Self::FileName => "lo dice el nombre del archivo o carpeta",
            Self::InsideTitle => "lo dice el título dentro del documento",
            Self::Columns => "tiene las columnas del formato",
        }
    }
}

/// One thing that a page offers, taken for an obligation's.
#[derive(Debug, Clone)]
pub struct Item {
    /// Capture of the page.
    pub page: usize,
    /// Line on it, if a line shows it.
    pub line: Option<usize>,
    /// Where it leads; [`Target::Nowhere`] for icons and empty links.
    pub target: Target,
    /// Why it is taken for this obligation's.
    pub ground: Ground,
    /// 0–1.
    pub relevance: f64,
    /// Words of the label or name that decided.
    pub because: String,
    /// Words of the item itself.
    pub text: String,
    /// Whether it stands on the list of obligations, or on a page of that list, and not on a side page.
    pub on_list: bool,
}

/// Whether an address looks like a file and not like a page.
#[must_use]
pub fn looks_like_file(url: &str) -> bool {
    const EXTENSIONS: &[&str] = &[
        "pdf", "xls", "xlsx", "xlsm", "xlsb", "ods", "csv", "doc", "docx", "odt", "rtf", "zip", "rar", "7z", "ppt",
        "pptx", "txt", "xml", "json",
    ];
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.')
        .is_some_and(|(_, e)| EXTENSIONS.contains(&e.to_ascii_lowercase().as_str()))
}

/// The name of the file that an address leads to, decoded, without its extension, and the folders above it, nearest first.
#[must_use]
pub fn file_names(url: &str) -> Vec<String> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path
        .split_once("://")
        .map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, p)| p));
    let mut parts: Vec<String> = path
        .split('/')
        .filter(|p| !p.is_empty())
        .map(|p| percent_decode_str(p).decode_utf8_lossy().into_owned())
        .collect();
    if let Some(last) = parts.last_mut()
        && let Some((stem, extension)) = last.rsplit_once('.')
        && extension.len() <= 5
    {
        *last = stem.to_owned();
    }
    parts.reverse();
    parts.truncate(3);
    parts.iter().map(|p| separate(p)).collect()
}

/// A file name as words: `ActaDeCabildo_2019-1` → "Acta De Cabildo 2019 1".
fn separate(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 8);
    let mut before = ' ';
    for c in name.chars() {
        let boundary = before.is_lowercase() && c.is_uppercase()
            || before.is_alphabetic() && c.is_ascii_digit()
            || before.is_ascii_digit() && c.is_alphabetic();
        if boundary {
            out.push(' ');
        }
        out.push(if matches!(c, '_' | '-' | '.' | '+') { ' ' } else { c });
        before = c;
    }
    out
}

/// The article and numeral that a file name's code carries: `LTAIPT_A63F02A` → (63, 2), `lgt_art70_fi_2018` → (70, 1),
/// `LTAIPEN_Art_33_Fr_XIII_a (3)` → (33, 13).
#[must_use]
pub fn file_code(url: &str) -> Option<(u16, u16)> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let name = percent_decode_str(name).decode_utf8_lossy().to_lowercase();
    let parts: Vec<&str> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|p| !p.is_empty())
        .collect();
    for (i, part) in parts.iter().enumerate() {
        let digits = part.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let head = &part[..part.len() - digits.len()];
        if !(head.ends_with('a')
            || head.ends_with("art")
            || head.ends_with("articulo")
            || head.is_empty() && i > 0 && is_article(parts[i - 1]))
        {
            continue;
        }
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let Ok(article) = digits[..end].parse::<u16>() else {
            continue;
        };
        if !(6..200).contains(&article) {
            continue;
        }
        let rest = &digits[end..];
        let fraction = if rest.is_empty() {
            fraction_of(&parts[i + 1..])
        } else {
            fraction_in(rest)
        };
        if let Some(fraction) = fraction {
            return Some((article, fraction));
        }
    }
    None
}

fn is_article(word: &str) -> bool {
    word.ends_with("art") || word.ends_with("articulo") || word.ends_with('a') && word.len() <= 8
}

fn fraction_of(parts: &[&str]) -> Option<u16> {
    match parts {
        [mark, number, ..] if matches!(*mark, "f" | "fr" | "frac" | "fraccion") => value(number),
        [first, ..] => fraction_in(first),
        [] => None,
    }
}

fn fraction_in(word: &str) -> Option<u16> {
    let marks = ["fraccion", "frac", "fr", "f"];
    let rest = marks.iter().find_map(|m| word.strip_prefix(m))?;
    value(rest)
}

fn value(word: &str) -> Option<u16> {
    let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
    if digits.is_empty() {
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
        return numeral::leading(&format!("fraccion {letters}")).map(|n| n.fraction);
    }
    digits.parse().ok().filter(|n| (1..=60).contains(n))
}

/// Counts of distinct fractions by article over the file names of the site: an article is trusted from ten on.
#[must_use]
pub fn trusted_articles(site: &Site<'_>) -> HashMap<u16, usize> {
    let mut seen: BTreeSet<(u16, u16)> = BTreeSet::new();
    let mut known: foldhash::HashSet<&str> = foldhash::HashSet::default();
    for &i in &site.order {
        let Some(page) = site.page(i) else { continue };
        let addresses = page.links.iter().filter_map(|l| l.url.as_deref());
        seen.extend(addresses.filter(|a| known.insert(a)).filter_map(file_code));
    }
    let mut out = HashMap::new();
    for (article, _) in seen {
        *out.entry(article).or_insert(0) += 1;
    }
    out.retain(|_, n| *n >= 10);
    out
}

/// Whether a link can be an item: something that the page shows. An address that a script merely mentions is worth a visit, and
/// is no offer to a citizen.
#[must_use]
pub fn can_be_item(link: &Link) -> bool {
    let mentioned = link.line.is_none() && matches!(link.origin, LinkOrigin::Script | LinkOrigin::ScriptFile);
    !mentioned
        && matches!(
            link.origin,
            LinkOrigin::Anchor
                | LinkOrigin::Embedded
                | LinkOrigin::Option
                | LinkOrigin::Handler
                | LinkOrigin::Data
                | LinkOrigin::Script
                | LinkOrigin::ScriptFile
                | LinkOrigin::Refresh
        )
}

/// Whether a text is the name of a norm: "Ley de Adquisiciones del Estado". Laws of income and budgets are no norms to know but
/// budgets to look at.
#[must_use]
pub fn names_a_norm(text: &str) -> bool {
    const KINDS: &[&str] = &[
        "ley",
        "reglamento",
        "codigo",
        "constitucion",
        "bando",
        "lineamientos",
        "decreto",
        "nom",
    ];
    let folded = crate::text::fold(text);
    let words: Vec<&str> = folded.split(' ').collect();
    words.len() >= 3
        && words.first().is_some_and(|w| KINDS.contains(w))
        && !words
            .iter()
            .any(|w| matches!(*w, "ingresos" | "egresos" | "presupuesto"))
}

/// Words of a link, or of the line that shows it when it has none of its own.
#[must_use]
pub fn words_of<'p>(page: &'p Page, link: &'p Link) -> &'p str {
    if link.text.trim().is_empty() {
        link.line.map_or("", |n| page.lines[n].text.as_str())
    } else {
        &link.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_in_file_names() {
        assert_eq!(file_code("http://x/LTAIPT_A63F02A.xlsx"), Some((63, 2)));
        assert_eq!(file_code("http://x/lgt_art70_fi_2018.xlsx"), Some((70, 1)));
        assert_eq!(file_code("http://x/A77FVIII.xlsx"), Some((77, 8)));
        assert_eq!(
            file_code("http://x/LTAIPEN_Art_33_Fr_XIII_a%20(3).xlsx"),
            Some((33, 13))
        );
        assert_eq!(file_code("http://x/acta-de-cabildo-2019.pdf"), None);
    }

    #[test]
    fn norms_are_known_by_how_they_begin() {
        assert!(names_a_norm("Ley de Obras Públicas") && names_a_norm("LEY-OBRAS-PUBLICAS"));
        assert!(
            !names_a_norm("Ley de Ingresos 2024") && !names_a_norm("Reglamento") && !names_a_norm("Acta de la ley")
        );
    }

    #[test]
    fn names_become_words() {
        assert_eq!(
            file_names("http://x/docs/2019/ActaDeCabildo_01.pdf"),
            ["Acta De Cabildo 01", "2019", "docs"]
        );
        assert!(looks_like_file("http://x/a.PDF?v=1") && !looks_like_file("http://x/a.php?f=1"));
    }
}
