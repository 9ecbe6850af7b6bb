//! What people see in a cell: numbers without the noise of binary fractions, dates as ISO 8601, errors by their signs.

use calamine::{DataRef, ExcelDateTime};

/// Serial number after the last day that spreadsheets know, 9999-12-31.
const AFTER_LAST_DAY: f64 = 2_958_466.0;
/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// The text of a cell, percentages aside.
pub(super) fn text(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::Float(f) => number(*f),
        DataRef::DateTime(at) => date_time(at),
        DataRef::DateTimeIso(at) => iso(at),
        DataRef::Bool(b) => truth(*b).to_owned(),
        DataRef::SharedString(s) => (*s).to_owned(),
        DataRef::String(s) | DataRef::DurationIso(s) => s.clone(),
        DataRef::Int(n) => n.to_string(),
        DataRef::Error(e) => e.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// As Spanish spreadsheets show it.
pub(super) fn truth(yes: bool) -> &'static str {
    if yes { "VERDADERO" } else { "FALSO" }
}

/// With the 15 significant digits that spreadsheets keep, and no grouping: 0.1 + 0.2 is `0.3`.
pub(super) fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return format!("{:.0}", value + 0.0);
    }
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    if rounded != 0.0 && !(1e-9..1e21).contains(&rounded.abs()) {
        format!("{rounded:e}")
    } else {
        rounded.to_string()
    }
}

/// A share of one as a percentage: 0.16 is `16%`.
pub(super) fn percentage(value: f64) -> String {
    format!("{}%", number(value * 100.0))
}

/// `2019-03-31`, `2019-03-31T14:30:00`, `14:30:00`; the number when it is none of these.
fn date_time(at: &ExcelDateTime) -> String {
    let value = at.as_f64();
    if at.is_duration() || (0.0..1.0).contains(&value) {
        return if (0.0..AFTER_LAST_DAY).contains(&value) {
            clock(value)
        } else {
            number(value)
        };
    }
    if !(1.0..AFTER_LAST_DAY).contains(&value) {
        return number(value);
    }
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        date
    } else {
        format!("{date}T{hour:02}:{minute:02}:{second:02}")
    }
}

/// Days as hours, minutes and seconds; hours may pass 24.
fn clock(days: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be within the calendar"
    )]
    let seconds = (days * DAY).round() as u64;
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A date as a file writes it, without a time that says midnight.
pub(super) fn iso(at: &str) -> String {
    match at.split_once('T') {
        Some((date, time)) if time.chars().all(|c| matches!(c, '0' | ':' | '.' | 'Z')) => date.to_owned(),
        _ => at.to_owned(),
    }
}
