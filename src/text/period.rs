//! Periods as portals name them: years, quarters, half years and months in headings, labels and file names.

use super::fold::fold;

/// A period; orders by its end, then by how fine it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// Calendar year.
    pub year: u16,
    /// Part of the year.
    pub part: Part,
}

/// The part of a year that a period covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The whole year.
    Year,
    /// Half year, 1–2.
    Half(u8),
    /// Quarter, 1–4.
    Quarter(u8),
    /// Month, 1–12.
    Month(u8),
}

impl Period {
    /// Last month of the period, 1–12.
    #[must_use]
    pub fn last_month(self) -> u8 {
        match self.part {
            Part::Year => 12,
            Part::Half(h) => h * 6,
            Part::Quarter(q) => q * 3,
            Part::Month(m) => m,
        }
    }

    fn rank(self) -> (u16, u8, u8) {
        let fine = match self.part {
            Part::Year => 0,
            Part::Half(_) => 1,
            Part::Quarter(_) => 2,
            Part::Month(_) => 3,
        };
        (self.year, self.last_month(), fine)
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.part {
            Part::Year => write!(f, "{}", self.year),
            Part::Half(h) => write!(f, "{}-S{h}", self.year),
            Part::Quarter(q) => write!(f, "{}-Q{q}", self.year),
            Part::Month(m) => write!(f, "{}-{m:02}", self.year),
        }
    }
}

const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// Number of a Spanish month name in folded text; *setiembre* too.
#[must_use]
pub fn month(word: &str) -> Option<u8> {
    let word = if word == "setiembre" { "septiembre" } else { word };
    MONTHS
        .iter()
        .position(|m| *m == word)
        .and_then(|i| u8::try_from(i + 1).ok())
}

/// Number of a Spanish month, named in full or abbreviated (`ene`, `sept`), in folded text.
pub(super) fn any_month(word: &str) -> Option<i8> {
    let short = match word {
        "sept" | "set" => Some(8),
        _ if word.len() == 3 => MONTHS.iter().position(|m| m.starts_with(word)),
        _ => None,
    };
    short
        .and_then(|n| u8::try_from(n + 1).ok())
        .or_else(|| month(word))
        .and_then(|n| i8::try_from(n).ok())
}

/// The year that a folded word is, between 1990 and 2099.
#[must_use]
pub fn year(word: &str) -> Option<u16> {
    (word.len() == 4)
        .then(|| word.parse().ok())
        .flatten()
        .filter(|y| (1990..2100).contains(y))
}

/// An ordinal 1–4 as portals write it before *trimestre* and the like: `1er`, `2do`, `primer`, `cuarto`, `iii`, `4`.
fn ordinal(word: &str) -> Option<u8> {
    Some(match word {
        "1" | "1er" | "1ro" | "1o" | "1ero" | "1ra" | "primer" | "primero" | "primera" | "i" | "01" => 1,
        "2" | "2do" | "2o" | "2da" | "segundo" | "segunda" | "ii" | "02" => 2,
        "3" | "3er" | "3ro" | "3o" | "3ero" | "tercer" | "tercero" | "tercera" | "iii" | "03" => 3,
        "4" | "4to" | "4o" | "4ta" | "cuarto" | "cuarta" | "iv" | "04" => 4,
        _ => return None,
    })
}

/// The parts of a year that a text names, without their year: quarters, halves, months, in the order found.
#[must_use]
pub fn parts(text: &str) -> Vec<Part> {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').collect();
    let mut out = Vec::new();
    for (i, w) in words.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|j| ordinal(words[j]));
        let after = words.get(i + 1).and_then(|n| ordinal(n));
        let joined = |unit: &str| w.strip_suffix(unit).filter(|o| !o.is_empty()).and_then(ordinal);
        let part = match *w {
            "trimestre" | "trim" | "trimestral" => before.or(after).map(Part::Quarter),
            "semestre" | "sem" => before.or(after).filter(|h| *h <= 2).map(Part::Half),
            _ => joined("trimestre")
                .or_else(|| joined("trim"))
                .map(Part::Quarter)
                .or_else(|| joined("semestre").filter(|h| *h <= 2).map(Part::Half))
                .or_else(|| {
                    w.strip_prefix('t')
                        .or_else(|| w.strip_suffix('t'))
                        .filter(|o| o.len() == 1)
                        .and_then(ordinal)
                        .map(Part::Quarter)
                })
                .or_else(|| month(w).map(Part::Month)),
        };
        if let Some(p) = part
            && !out.contains(&p)
        {
            out.push(p);
        }
    }
    if let [Part::Month(a), .., Part::Month(b)] = out[..]
        && a % 3 == 1
        && b == a + 2
    {
        return vec![Part::Quarter(b / 3)];
    }
    out
}

/// The years that a text names, in the order found, without repetition.
#[must_use]
pub fn years(text: &str) -> Vec<u16> {
    let mut out = Vec::new();
    for word in fold(text).split(' ') {
        if let Some(y) = year(word)
            && !out.contains(&y)
        {
            out.push(y);
        }
    }
    out
}

/// The latest period that a text names by itself, or with the year of its context.
#[must_use]
pub fn latest(text: &str, context_year: Option<u16>) -> Option<Period> {
    let years = years(text);
    let parts = parts(text);
    let year = years.iter().copied().max().or(context_year)?;
    let part = parts
        .into_iter()
        .max_by_key(|p| Period { year, part: *p }.rank())
        .unwrap_or(Part::Year);
    (!years.is_empty() || part != Part::Year).then_some(Period { year, part })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str, year: Option<u16>) -> Option<String> {
        latest(text, year).map(|p| p.to_string())
    }

    #[test]
    fn periods_as_portals_write_them() {
        assert_eq!(show("1ER. TRIMESTRE 2019", None).as_deref(), Some("2019-Q1"));
        assert_eq!(show("CUARTO TRIMESTRE", Some(2025)).as_deref(), Some("2025-Q4"));
        assert_eq!(show("2DO.TRIMESTRE_2022.xlsx", None).as_deref(), Some("2022-Q2"));
        assert_eq!(show("1ERTRIMESTRE 2016", None).as_deref(), Some("2016-Q1"));
        assert_eq!(show("Enero - Marzo 2020", None).as_deref(), Some("2020-Q1"));
        assert_eq!(show("30 de marzo del 2019", None).as_deref(), Some("2019-03"));
        assert_eq!(show("Primer semestre 2018", None).as_deref(), Some("2018-S1"));
        assert_eq!(show("2024", None).as_deref(), Some("2024"));
        assert_eq!(show("Directorio", Some(2020)), None);
    }

    #[test]
    fn later_and_finer_periods_order_last() {
        let q4 = Period {
            year: 2019,
            part: Part::Quarter(4),
        };
        let y = Period {
            year: 2019,
            part: Part::Year,
        };
        assert!(
            q4 > y
                && y > Period {
                    year: 2019,
                    part: Part::Quarter(3)
                }
        );
    }
}
