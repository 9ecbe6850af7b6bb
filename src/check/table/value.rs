//! What one cell of a typed column is: dates, numbers, years, hours. Pure reading of text; telling is `kinds`'s.

use jiff::civil::Date;

use crate::text::{fold, period};

/// Serial numbers that spreadsheets use for the days of 1954 to 2119: what a date cell without date format shows.
const SERIALS: std::ops::Range<f64> = 20_000.0..80_000.0;

/// A cell of a date column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateCell {
    /// A date as the layouts ask for it, or a real date of the spreadsheet.
    Proper(Date),
    /// A date, written in words or with two figures for the year.
    Worded(Date),
    /// A date, as the number that spreadsheets count days with.
    Serial(Date),
    /// Figures in the places of day, month and year that make no date: 31/06/2021.
    Impossible,
    /// Something else.
    Other,
}

impl DateCell {
    /// The date, when it is one.
    pub(super) fn date(self) -> Option<Date> {
        match self {
            Self::Proper(d) | Self::Worded(d) | Self::Serial(d) => Some(d),
            Self::Impossible | Self::Other => None,
        }
    }
}

/// Reads a cell of a date column.
pub(super) fn date(text: &str) -> DateCell {
    let text = text.trim();
    // A date of the spreadsheet may carry its midnight.
    let day = text
        .split_once(['T', ' '])
        .filter(|(_, time)| is_time(time))
        .map_or(text, |(day, _)| day);
    if let Ok(number) = day.parse::<f64>() {
        return serial(number);
    }
    let parts: Vec<&str> = day.split(['/', '-', '.']).map(str::trim).collect();
    let figures = |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit());
    if parts.len() >= 3 && parts.iter().all(|p| p.is_empty() || figures(p)) {
        return of_figures(&parts);
    }
    worded(text)
}

fn of_figures(parts: &[&str]) -> DateCell {
    let [a, b, c] = parts else {
        return DateCell::Impossible;
    };
    let made = |year: &str, month: &str, day: &str| -> Option<Date> {
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
    };
    let (found, short) = match (a.len(), c.len()) {
        (4, 1..=2) => (made(a, b, c), false),
        (1..=2, 4) => (made(c, b, a), false),
        (1..=2, 2) => (made(&format!("20{c}"), b, a), true),
        _ => (None, false),
    };
    match found {
        Some(date) if short => DateCell::Worded(date),
        Some(date) => DateCell::Proper(date),
        None => DateCell::Impossible,
    }
}

fn serial(number: f64) -> DateCell {
    if !SERIALS.contains(&number) {
        return DateCell::Other;
    }
    #[expect(clippy::cast_possible_truncation, reason = "within the range above")]
    let days = number.trunc() as i64;
    jiff::civil::date(1899, 12, 30)
        .checked_add(jiff::Span::new().days(days))
        .map_or(DateCell::Other, DateCell::Serial)
}

/// "31 de marzo de 2019", "31-mar-19".
fn worded(text: &str) -> DateCell {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').filter(|w| !matches!(*w, "de" | "del")).collect();
    let [day, month, year] = words[..] else {
        return DateCell::Other;
    };
    let (Ok(day), Some(month)) = (day.parse::<i8>(), month_of(month)) else {
        return DateCell::Other;
    };
    let year = if year.len() == 2 {
        format!("20{year}")
    } else {
        year.to_owned()
    };
    let Some(year) = year.parse::<i16>().ok().filter(|y| *y > 999) else {
        return DateCell::Other;
    };
    Date::new(year, month, day).map_or(DateCell::Impossible, DateCell::Worded)
}

/// Number of a month by its name or the first three letters of it.
fn month_of(word: &str) -> Option<i8> {
    const SHORT: [&str; 12] = [
        "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic",
    ];
    let number = period::month(word).or_else(|| {
        SHORT
            .iter()
            .position(|m| *m == word)
            .and_then(|i| u8::try_from(i + 1).ok())
    })?;
    i8::try_from(number).ok()
}

/// A cell of a column of numbers or money.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum NumberCell {
    /// Plain figures with a decimal point.
    Plain(f64),
    /// A number with signs or separators: `$1,200.50`, `(300)`, `12 %`, `3 MXN`; and how it should stand.
    Dressed(f64, String),
    /// A number whose decimals stand after a comma; and how it should stand.
    Comma(f64, String),
    /// No number.
    Text,
}

impl NumberCell {
    /// Whether it is a number other than zero.
    pub(super) fn is_some_amount(&self) -> bool {
        match self {
            Self::Plain(n) | Self::Dressed(n, _) | Self::Comma(n, _) => *n != 0.0,
            Self::Text => false,
        }
    }
}

/// Reads a cell of a column of numbers.
pub(super) fn number(text: &str) -> NumberCell {
    let text = text.trim();
    let plain = |t: &str| -> Option<f64> {
        let clean = t
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
        t.parse().ok().filter(|_| clean)
    };
    if let Some(n) = plain(text) {
        return NumberCell::Plain(n);
    }
    let lower = text.to_lowercase();
    let mut bare: String = lower
        .replace("m.n.", "")
        .replace("mxn", "")
        .replace("pesos", "")
        .chars()
        .filter(|c| !matches!(c, '$' | '%' | ' ' | '\u{a0}' | '\''))
        .collect();
    if let Some(inner) = bare.strip_prefix('(').and_then(|b| b.strip_suffix(')')) {
        bare = format!("-{inner}");
    }
    if !bare.bytes().any(|b| b.is_ascii_digit())
        || !bare
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-'))
    {
        return NumberCell::Text;
    }
    let (mended, comma) = separators(&bare);
    match plain(&mended) {
        Some(n) if comma => NumberCell::Comma(n, mended),
        Some(n) => NumberCell::Dressed(n, mended),
        None => NumberCell::Text,
    }
}

/// Without grouping and with a decimal point; whether the decimals stood after a comma.
fn separators(bare: &str) -> (String, bool) {
    let Some(comma) = bare.rfind(',') else {
        return (bare.to_owned(), false);
    };
    let after = bare.len() - comma - 1;
    let decimal = bare[..comma].contains('.') || bare.matches(',').count() == 1 && matches!(after, 1 | 2);
    if decimal && !bare[comma..].contains('.') {
        (bare.replace('.', "").replace(',', "."), true)
    } else {
        (bare.replace(',', ""), false)
    }
}

/// A cell of the fiscal year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum YearCell {
    /// One year.
    Year(i16),
    /// Several: "2018-2021".
    Several,
    /// No year.
    Other,
}

/// Reads a cell of a year: "2024", "2018-2021".
pub(super) fn year(text: &str) -> YearCell {
    let text = text.trim();
    if let Some(y) = period::year(text) {
        return i16::try_from(y).map_or(YearCell::Other, YearCell::Year);
    }
    let parts: Vec<&str> = text
        .split(['-', '/', 'a', 'y', ' '])
        .filter(|p| !p.is_empty())
        .collect();
    if parts.len() > 1 && parts.iter().all(|p| period::year(p).is_some()) {
        YearCell::Several
    } else {
        YearCell::Other
    }
}

/// Whether a text is an hour of the day: "09:30", "9:30 a. m.", a fraction of a day.
pub(super) fn is_time(text: &str) -> bool {
    let text = text.trim();
    if text.parse::<f64>().is_ok_and(|n| (0.0..1.0).contains(&n)) {
        return true;
    }
    let bare = text.to_lowercase().replace([' ', '.', '\u{a0}'], "");
    let bare = ["am", "pm", "hrs", "hr", "h", "horas"]
        .iter()
        .find_map(|end| bare.strip_suffix(end))
        .unwrap_or(&bare);
    let parts: Vec<Option<u8>> = bare.split(':').map(|p| p.parse().ok()).collect();
    match parts[..] {
        [Some(h), Some(m)] | [Some(h), Some(m), Some(_)] => h < 25 && m < 60,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

    #[test]
    fn dates_as_people_write_them() {
        for text in [
            "31/03/2019",
            "2019-03-31",
            "2019-03-31 00:00:00",
            "2019-03-31T00:00:00",
            "31-03-2019",
            "31.3.2019",
        ] {
            assert_eq!(date(text), DateCell::Proper(day(2019, 3, 31)), "{text}");
        }
        for text in ["31 de marzo de 2019", "31-mar-19", "31/03/19", "31 MARZO DEL 2019"] {
            assert_eq!(date(text), DateCell::Worded(day(2019, 3, 31)), "{text}");
        }
        assert_eq!(date("43555"), DateCell::Serial(day(2019, 3, 31)));
        for text in [
            "31/06/2021",
            "32/12/2018",
            "01//01/2022",
            "01/12/20016",
            "03/31/2019",
            "29/02/2023",
            "00/01/2020",
        ] {
            assert_eq!(date(text), DateCell::Impossible, "{text}");
        }
        for text in [
            "",
            "ND",
            "vigente",
            "2019",
            "12.5",
            "primer trimestre de 2019",
            "01/2019",
        ] {
            assert_eq!(date(text), DateCell::Other, "{text}");
        }
        assert_eq!(date("29/02/2024"), DateCell::Proper(day(2024, 2, 29)));
    }

    #[test]
    fn numbers_as_people_write_them() {
        assert_eq!(number("1200.5"), NumberCell::Plain(1200.5));
        assert_eq!(number("-3"), NumberCell::Plain(-3.0));
        for text in ["$1,200.50", "1,200.50", "$ 1,200.50 M.N.", "1200.50 pesos"] {
            assert_eq!(number(text), NumberCell::Dressed(1200.5, "1200.50".into()), "{text}");
        }
        assert_eq!(number("1,200"), NumberCell::Dressed(1200.0, "1200".into()));
        assert_eq!(number("1,200,300"), NumberCell::Dressed(1_200_300.0, "1200300".into()));
        assert_eq!(number("(300)"), NumberCell::Dressed(-300.0, "-300".into()));
        assert_eq!(number("1.200,50"), NumberCell::Comma(1200.5, "1200.50".into()));
        assert_eq!(number("1200,5"), NumberCell::Comma(1200.5, "1200.5".into()));
        for text in ["10% Del monto total", "ND", "nan", "inf", "-", "1.2.3", "12/24"] {
            assert_eq!(number(text), NumberCell::Text, "{text}");
        }
        assert!(!number("$0.00").is_some_amount() && number("$5").is_some_amount());
    }

    #[test]
    fn years_and_hours() {
        assert_eq!(year("2024"), YearCell::Year(2024));
        assert_eq!(year("2018-2021"), YearCell::Several);
        assert_eq!(year("1905-07-11"), YearCell::Other);
        assert_eq!(year("24"), YearCell::Other);
        assert!(
            is_time("09:30") && is_time("9:30 a. m.") && is_time("0.375") && is_time("13:00:00") && is_time("9:00 hrs")
        );
        assert!(!is_time("mañana") && !is_time("27:00") && !is_time("9"));
    }
}
