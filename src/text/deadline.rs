//! What had to be online on a day: cadence, term and retention turned into periods and dates.
//!
//! The term is an input. That information has to be up within 30 calendar days of the close of its period is a habit without a
//! source for the general guidelines; for financial information it is in arts. 51 and 58 of the Ley General de Contabilidad
//! Gubernamental. Who calls with 30 for the rest marks what follows as not sourced.

use jiff::{Span, civil::Date};

use super::period::Period;
use crate::model::{Cadence, Retention};

/// Months between two renewals; `None` where no calendar tells when one is due: terms of three and six years begin with each
/// administration, and what changes is due when it changes.
#[must_use]
pub fn months(cadence: Cadence) -> Option<u8> {
    match cadence {
        Cadence::Monthly => Some(1),
        Cadence::Bimonthly => Some(2),
        Cadence::Quarterly => Some(3),
        Cadence::Semiannual => Some(6),
        Cadence::Annual => Some(12),
        Cadence::Triennial | Cadence::Sexennial | Cadence::OnChange | Cadence::Unsourced => None,
    }
}

/// The last day on which a period's information may still be put up: so many calendar days after its close.
#[must_use]
pub fn due_date(period: Period, term_days: u16) -> Date {
    period.end().saturating_add(Span::new().days(term_days))
}

/// The latest period whose term has run out before a day: on its due date there is still time until midnight.
#[must_use]
pub fn last_due(cadence: Cadence, term_days: u16, on: Date) -> Option<Period> {
    let mut period = Period::around(on, months(cadence)?)?;
    while due_date(period, term_days) >= on {
        period = period.previous();
    }
    Some(period)
}

/// First and last year whose information had to be online on a day: from as many years back as it is kept, to the year of the latest
/// period due. `None` where only what is in force stays, where nothing is sourced, and where nothing is due yet.
#[must_use]
pub fn expected_span(retention: Retention, cadence: Cadence, term_days: u16, on: Date) -> Option<(u16, u16)> {
    let before = match retention {
        Retention::InForceAndPrevious => 1,
        Retention::CurrentPlus(years) => u16::from(years),
        Retention::InForce | Retention::All | Retention::Unsourced => return None,
    };
    let last = last_due(cadence, term_days, on)?.year;
    let first = u16::try_from(on.year()).ok()?.saturating_sub(before);
    (first <= last).then_some((first, last))
}

/// The periods whose information had to be online on a day, from the first to the latest.
#[must_use]
pub fn expected(retention: Retention, cadence: Cadence, term_days: u16, on: Date) -> Vec<Period> {
    let Some((first, _)) = expected_span(retention, cadence, term_days, on) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    let mut next = last_due(cadence, term_days, on);
    while let Some(period) = next.filter(|p| p.year >= first) {
        out.push(period);
        next = Some(period.previous());
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn due(cadence: Cadence, term: u16, day: &str) -> String {
        let day: Date = day.parse().expect("a date");
        last_due(cadence, term, day).map_or_else(|| "-".to_owned(), |p| p.to_string())
    }

    /// (cadence, term in days, day, latest period due): the day before each deadline, the deadline itself, the day after.
    const TABLE: &[(Cadence, u16, &str, &str)] = &[
        // Monthly: January closes on the 31st; 30 days end on 2 March, or on 1 March of a leap year.
        (Cadence::Monthly, 30, "2019-03-01", "2018-12"),
        (Cadence::Monthly, 30, "2019-03-02", "2018-12"),
        (Cadence::Monthly, 30, "2019-03-03", "2019-01"),
        (Cadence::Monthly, 30, "2020-02-29", "2019-12"),
        (Cadence::Monthly, 30, "2020-03-01", "2019-12"),
        (Cadence::Monthly, 30, "2020-03-02", "2020-01"),
        // February closes on the 29th in a leap year.
        (Cadence::Monthly, 30, "2020-03-30", "2020-01"),
        (Cadence::Monthly, 30, "2020-03-31", "2020-02"),
        (Cadence::Monthly, 30, "2019-03-30", "2019-01"),
        (Cadence::Monthly, 30, "2019-03-31", "2019-02"),
        (Cadence::Monthly, 0, "2019-12-31", "2019-11"),
        (Cadence::Monthly, 0, "2020-01-01", "2019-12"),
        // Bimonthly.
        (Cadence::Bimonthly, 30, "2020-01-30", "2019-B5"),
        (Cadence::Bimonthly, 30, "2020-01-31", "2019-B6"),
        (Cadence::Bimonthly, 30, "2020-03-30", "2019-B6"),
        (Cadence::Bimonthly, 30, "2020-03-31", "2020-B1"),
        // Quarterly.
        (Cadence::Quarterly, 30, "2019-04-29", "2018-Q4"),
        (Cadence::Quarterly, 30, "2019-04-30", "2018-Q4"),
        (Cadence::Quarterly, 30, "2019-05-01", "2019-Q1"),
        (Cadence::Quarterly, 30, "2019-07-30", "2019-Q1"),
        (Cadence::Quarterly, 30, "2019-07-31", "2019-Q2"),
        (Cadence::Quarterly, 30, "2019-10-31", "2019-Q3"),
        (Cadence::Quarterly, 30, "2020-01-01", "2019-Q3"),
        (Cadence::Quarterly, 30, "2020-01-30", "2019-Q3"),
        (Cadence::Quarterly, 30, "2020-01-31", "2019-Q4"),
        (Cadence::Quarterly, 0, "2019-03-31", "2018-Q4"),
        (Cadence::Quarterly, 0, "2019-04-01", "2019-Q1"),
        (Cadence::Quarterly, 120, "2019-07-30", "2019-Q1"),
        (Cadence::Quarterly, 120, "2019-07-29", "2018-Q4"),
        // Half years.
        (Cadence::Semiannual, 30, "2019-07-30", "2018-S2"),
        (Cadence::Semiannual, 30, "2019-07-31", "2019-S1"),
        (Cadence::Semiannual, 30, "2020-01-30", "2019-S1"),
        (Cadence::Semiannual, 30, "2020-01-31", "2019-S2"),
        // Years.
        (Cadence::Annual, 30, "2019-12-31", "2018"),
        (Cadence::Annual, 30, "2020-01-30", "2018"),
        (Cadence::Annual, 30, "2020-01-31", "2019"),
        (Cadence::Annual, 0, "2020-01-01", "2019"),
        (Cadence::Annual, 400, "2020-01-01", "2017"),
        // No calendar tells.
        (Cadence::Triennial, 30, "2020-01-31", "-"),
        (Cadence::Sexennial, 30, "2020-01-31", "-"),
        (Cadence::OnChange, 30, "2020-01-31", "-"),
        (Cadence::Unsourced, 30, "2020-01-31", "-"),
    ];

    #[test]
    fn the_latest_period_due_by_cadence() {
        for (cadence, term, day, want) in TABLE {
            assert_eq!(due(*cadence, *term, day), *want, "{cadence:?} {term} {day}");
        }
    }

    #[test]
    fn years_kept_by_retention() {
        let span =
            |retention, cadence, day: &str| expected_span(retention, cadence, 30, day.parse::<Date>().expect("a date"));
        let kept = Retention::CurrentPlus(2);
        assert_eq!(span(kept, Cadence::Quarterly, "2019-04-30"), Some((2017, 2018)));
        assert_eq!(span(kept, Cadence::Quarterly, "2019-05-01"), Some((2017, 2019)));
        assert_eq!(span(kept, Cadence::Annual, "2019-05-01"), Some((2017, 2018)));
        assert_eq!(
            span(Retention::CurrentPlus(6), Cadence::Annual, "2020-01-30"),
            Some((2014, 2018))
        );
        assert_eq!(
            span(Retention::InForceAndPrevious, Cadence::Monthly, "2020-01-15"),
            Some((2019, 2019))
        );
        // Nothing of the year is due, and no other year is kept.
        assert_eq!(span(Retention::CurrentPlus(0), Cadence::Quarterly, "2019-04-30"), None);
        assert_eq!(
            span(Retention::CurrentPlus(0), Cadence::Quarterly, "2019-05-01"),
            Some((2019, 2019))
        );
        for none in [Retention::InForce, Retention::All, Retention::Unsourced] {
            assert_eq!(span(none, Cadence::Quarterly, "2019-05-01"), None);
        }
        assert_eq!(span(kept, Cadence::OnChange, "2019-05-01"), None);
    }

    #[test]
    fn periods_kept_one_by_one() {
        let periods = expected(Retention::CurrentPlus(1), Cadence::Quarterly, 30, date(2019, 8, 1));
        let told: Vec<String> = periods.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["2018-Q1", "2018-Q2", "2018-Q3", "2018-Q4", "2019-Q1", "2019-Q2"]);
        assert_eq!(
            expected(Retention::InForce, Cadence::Quarterly, 30, date(2019, 8, 1)),
            []
        );
    }

    proptest! {
        #[test]
        fn the_latest_due_is_overdue_and_the_next_is_not(
            cadence in prop::sample::select(vec![Cadence::Monthly, Cadence::Bimonthly, Cadence::Quarterly, Cadence::Semiannual, Cadence::Annual]),
            term in 0u16..400,
            days in 0i32..40_000,
        ) {
            let on = date(1995, 1, 1).saturating_add(Span::new().days(days));
            let period = last_due(cadence, term, on).expect("these cadences have a calendar");
            prop_assert!(due_date(period, term) < on && on <= due_date(period.next(), term));
            prop_assert_eq!(Some(period.part.months()), months(cadence));
        }
    }
}
