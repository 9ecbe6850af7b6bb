//! Periods as portals name them: years, half years, quarters, months and what lies between, in headings, labels, cells and file names.
//!
//! ```text
//! text ─► dates and stretches of dates ─┐
//!      └► parts of years, years ────────┴► each part with its year ─► Period
//! ```

mod named;
mod read;
mod years;

use jiff::civil::Date;

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
    /// Half year, 1–2 (*semestre*).
    Half(u8),
    /// Four months, 1–3 (*cuatrimestre*).
    FourMonths(u8),
    /// Quarter, 1–4 (*trimestre*).
    Quarter(u8),
    /// Two months, 1–6 (*bimestre*). Some portals write "bim" over quarters; the text cannot tell.
    TwoMonths(u8),
    /// Month, 1–12.
    Month(u8),
}

impl Part {
    /// The part of so many months that ends with a month; `None` when years are not cut so.
    #[must_use]
    pub fn ending(months: u8, last_month: u8) -> Option<Self> {
        if !(1..=12).contains(&last_month) || months == 0 || !last_month.is_multiple_of(months) {
            return None;
        }
        let number = last_month / months;
        Some(match months {
            1 => Self::Month(number),
            2 => Self::TwoMonths(number),
            3 => Self::Quarter(number),
            4 => Self::FourMonths(number),
            6 => Self::Half(number),
            12 => Self::Year,
            _ => return None,
        })
    }

    /// How many months it covers.
    #[must_use]
    pub fn months(self) -> u8 {
        match self {
            Self::Year => 12,
            Self::Half(_) => 6,
            Self::FourMonths(_) => 4,
            Self::Quarter(_) => 3,
            Self::TwoMonths(_) => 2,
            Self::Month(_) => 1,
        }
    }

    /// Its last month, 1–12; numbers beyond the year count as its last part.
    fn last_month(self) -> u8 {
        let number = match self {
            Self::Year => 1,
            Self::Half(n) | Self::FourMonths(n) | Self::Quarter(n) | Self::TwoMonths(n) | Self::Month(n) => n,
        };
        number.saturating_mul(self.months()).clamp(self.months(), 12)
    }
}

impl Period {
    /// A month of a year.
    #[must_use]
    pub fn of_month(year: u16, month: u8) -> Self {
        Self {
            year,
            part: Part::Month(month),
        }
    }

    /// The period, of as many months as `months`, that a day falls in; `None` when years are not cut so, or the year is no year of
    /// periods.
    #[must_use]
    pub fn around(day: Date, months: u8) -> Option<Self> {
        let month = u8::try_from(day.month()).ok()?;
        let last = month.div_ceil(months.max(1)).checked_mul(months)?;
        Some(Self {
            year: u16::try_from(day.year()).ok()?,
            part: Part::ending(months, last)?,
        })
    }

    /// Reads what [`Display`](std::fmt::Display) writes: `2019`, `2019-S1`, `2019-C1`, `2019-Q1`, `2019-B1`, `2019-01`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, part) = text.split_once('-').map_or((text, None), |(y, p)| (y, Some(p)));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if year.len() != 4 || !digits(year) {
            return None;
        }
        let (months, number) = match part.map(|p| p.split_at_checked(1)) {
            None => (12, "1"),
            Some(Some(("S", n))) => (6, n),
            Some(Some(("C", n))) => (4, n),
            Some(Some(("Q", n))) => (3, n),
            Some(Some(("B", n))) => (2, n),
            Some(_) => (1, part.filter(|p| p.len() == 2)?),
        };
        if number.is_empty() || !digits(number) || months > 1 && number.len() > 1 {
            return None;
        }
        Some(Self {
            year: year.parse().ok()?,
            part: Part::ending(months, number.parse::<u8>().ok()?.checked_mul(months)?)?,
        })
    }

    /// Last month of the period, 1–12.
    #[must_use]
    pub fn last_month(self) -> u8 {
        self.part.last_month()
    }

    /// First month of the period, 1–12.
    #[must_use]
    pub fn first_month(self) -> u8 {
        self.last_month() + 1 - self.part.months()
    }

    /// First day.
    #[must_use]
    pub fn start(self) -> Date {
        first_of(self.year, self.first_month())
    }

    /// Last day.
    #[must_use]
    pub fn end(self) -> Date {
        first_of(self.year, self.last_month()).last_of_month()
    }

    /// Whether all of another period lies within it.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start() <= other.start() && other.end() <= self.end()
    }

    /// Whether a day lies within it.
    #[must_use]
    pub fn contains_day(self, day: Date) -> bool {
        (self.start()..=self.end()).contains(&day)
    }

    /// The one after it, of the same length.
    #[must_use]
    pub fn next(self) -> Self {
        let months = self.part.months();
        match Part::ending(months, self.last_month() + months) {
            Some(part) => Self { part, ..self },
            None => Self {
                year: self.year.saturating_add(1),
                part: Part::ending(months, months).unwrap_or(Part::Year),
            },
        }
    }

    /// The one before it, of the same length.
    #[must_use]
    pub fn previous(self) -> Self {
        let months = self.part.months();
        match Part::ending(months, self.last_month() - months) {
            Some(part) => Self { part, ..self },
            None => Self {
                year: self.year.saturating_sub(1),
                part: Part::ending(months, 12).unwrap_or(Part::Year),
            },
        }
    }

    fn rank(self) -> (u16, u8, std::cmp::Reverse<u8>) {
        (self.year, self.last_month(), std::cmp::Reverse(self.part.months()))
    }
}

/// The first day of a month; dates end with the year 9999.
fn first_of(year: u16, month: u8) -> Date {
    let (year, month) = (i16::try_from(year), i8::try_from(month));
    match (year, month) {
        (Ok(year), Ok(month)) => Date::new(year, month, 1).unwrap_or(Date::MAX),
        _ => Date::MAX,
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
        let year = self.year;
        match self.part {
            Part::Year => write!(f, "{year:04}"),
            Part::Half(n) => write!(f, "{year:04}-S{n}"),
            Part::FourMonths(n) => write!(f, "{year:04}-C{n}"),
            Part::Quarter(n) => write!(f, "{year:04}-Q{n}"),
            Part::TwoMonths(n) => write!(f, "{year:04}-B{n}"),
            Part::Month(n) => write!(f, "{year:04}-{n:02}"),
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
    let full = match word {
        "sept" | "set" => "septiembre",
        _ if word.len() == 3 => MONTHS.iter().find(|m| m.starts_with(word))?,
        _ => word,
    };
    month(full).and_then(|n| i8::try_from(n).ok())
}

/// The year that a folded word is, between 1990 and 2099.
#[must_use]
pub fn year(word: &str) -> Option<u16> {
    (word.len() == 4)
        .then(|| word.parse().ok())
        .flatten()
        .filter(|y| (1990..2100).contains(y))
}

/// The period from one day to another: from the first of a month to the close of another (or the day before, which many write), when
/// years are cut so: a month, two, a quarter, four months, half a year, a year.
#[must_use]
pub fn of_dates(start: Date, end: Date) -> Option<Period> {
    let (first, last) = months_of(start, end)?;
    let months = u8::try_from(last - first + 1).ok()?;
    let part = Part::ending(months, u8::try_from(last % 12 + 1).ok()?)?;
    Some(Period {
        year: u16::try_from(last / 12).ok()?,
        part,
    })
}

/// The whole months from one day to another, each as months since the year 0.
fn months_of(start: Date, end: Date) -> Option<(i32, i32)> {
    let count = |day: Date| i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
    let whole = start <= end && start.day() == 1 && end.day() >= end.days_in_month() - 1;
    whole.then(|| (count(start), count(end)))
}

/// The parts of a year that a text names, without their year, in the order found.
#[must_use]
pub fn parts(text: &str) -> Vec<Part> {
    let mut out = Vec::new();
    for part in read::items(text).into_iter().flat_map(read::Item::into_parts) {
        if !out.contains(&part) {
            out.push(part);
        }
    }
    out
}

/// The years that a text names, in the order found, without repetition.
#[must_use]
pub fn years(text: &str) -> Vec<u16> {
    let mut out = Vec::new();
    for word in super::fold::fold(text).split(' ') {
        if let Some(y) = year(word)
            && !out.contains(&y)
        {
            out.push(y);
        }
    }
    out
}

/// The periods that a text names, in the order found, without repetition: by itself, or with the year of its context where it names
/// parts of a year only. A date stands for its month, a stretch of dates for what it covers, a term of years (2018-2021) for nothing.
#[must_use]
pub fn all(text: &str, context_year: Option<u16>) -> Vec<Period> {
    read::with_years(&read::items(text), context_year)
}

/// The latest period that a text names by itself, or with the year of its context.
#[must_use]
pub fn latest(text: &str, context_year: Option<u16>) -> Option<Period> {
    all(text, context_year).into_iter().max()
}

#[cfg(test)]
mod tests;
