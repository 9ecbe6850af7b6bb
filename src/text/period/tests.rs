#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{Part, Period, all, latest, of_dates, parts};

fn show(text: &str, year: Option<u16>) -> Option<String> {
    latest(text, year).map(|p| p.to_string())
}

fn list(text: &str, year: Option<u16>) -> String {
    all(text, year)
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ")
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
fn all_periods_of_a_text() {
    for (text, want) in [
        // Quarters, half years and the like.
        ("2DO. TRIMESTRE 2019", "2019-Q2"),
        ("1er trim 18", "2018-Q1"),
        ("3er. Trim-2018", "2018-Q3"),
        ("T1 2019", "2019-Q1"),
        ("1er_trimestre_2019.pdf", "2019-Q1"),
        ("2do-trimestre-2019", "2019-Q2"),
        ("trimestre_3_2019", "2019-Q3"),
        ("tercer_trimestre2019.xlsx fraccion_11 articulo_29", "2019-Q3"),
        ("enero_marzo_2019", "2019-Q1"),
        ("4T2018", "2018-Q4"),
        ("4T18.xlsx", "2018-Q4"),
        ("1T-2020", "2020-Q1"),
        ("2019-T3", "2019-Q3"),
        ("TRIMESTRE IV DE 2018", "2018-Q4"),
        ("2018 III TRIMESTRE", "2018-Q3"),
        ("Trimestre: 2, ejercicio 2021", "2021-Q2"),
        ("4to. trimestre del ejercicio fiscal 2019", "2019-Q4"),
        ("1er y 2do trimestre de 2019", "2019-Q1 2019-Q2"),
        ("1°, 2°, 3° y 4° trimestre 2019", "2019-Q1 2019-Q2 2019-Q3 2019-Q4"),
        ("1er al 3er trimestre 2019", "2019-Q1 2019-Q2 2019-Q3"),
        ("1er bimestre 2019", "2019-B1"),
        ("6TO BIMESTRE 2019", "2019-B6"),
        ("Segundo cuatrimestre de 2017", "2017-C2"),
        ("2do Semestre_2020", "2020-S2"),
        ("5to trimestre 2019", "2019"),
        // Months.
        ("marzo 2019", "2019-03"),
        ("mar-19", "2019-03"),
        ("Sept. 2020", "2020-09"),
        ("ene-mar 2019", "2019-Q1"),
        ("JUL.-SEP. 2019", "2019-Q3"),
        ("julio a septiembre de 2019", "2019-Q3"),
        ("enero, febrero y marzo 2019", "2019-Q1"),
        ("enero-junio 2019", "2019-S1"),
        ("enero-febrero 2019", "2019-B1"),
        ("enero-diciembre 2019", "2019"),
        ("enero a mayo 2019", "2019-01 2019-02 2019-03 2019-04 2019-05"),
        ("Informe de enero y de marzo de 2019", "2019-01 2019-03"),
        ("Playa del Mar", ""),
        // Dates.
        ("01/01/2019 - 31-3-19", "2019-Q1"),
        ("del 1 de enero al 31 de marzo de 2019", "2019-Q1"),
        ("del 1 al 30 de abril de 2019", "2019-04"),
        (
            "Del 01/01/2019 al 30/09/2019",
            "2019-01 2019-02 2019-03 2019-04 2019-05 2019-06 2019-07 2019-08 2019-09",
        ),
        ("AL 31 DE MARZO DE 2006", "2006-03"),
        ("del 16 de septiembre de 2018 al 31 de agosto de 2021", ""),
        // Years.
        ("ejercicio fiscal 2019", "2019"),
        ("Cuenta pública 2017 y 2018", "2017 2018"),
        ("Administración 2018-2021", ""),
        ("Plan 2018 - 2021, avance 2019", "2019"),
        ("Ejercicio 2018-2019", "2018 2019"),
        ("$2019.50", ""),
        // Which year goes with which part.
        ("2018: 1T 2T 2019: 1T", "2018-Q1 2018-Q2 2019-Q1"),
        ("1er trimestre 2018, 2do trimestre 2019", "2018-Q1 2019-Q2"),
        ("Informe 2018 del primer trimestre de 2019", "2018 2019-Q1"),
        ("2019 Primer Trimestre 2019", "2019-Q1"),
        ("Enero 2019 Marzo 2020", "2019-01 2020-03"),
    ] {
        assert_eq!(list(text, None), want, "{text}");
    }
}

#[test]
fn the_context_gives_the_year_that_a_text_leaves_out() {
    assert_eq!(list("1er trimestre", Some(2019)), "2019-Q1");
    assert_eq!(list("enero-marzo", Some(2019)), "2019-Q1");
    assert_eq!(list("4T", Some(2019)), "2019-Q4");
    assert_eq!(list("1er trimestre 2018", Some(2019)), "2018-Q1");
    assert_eq!(list("1er trimestre", None), "");
    assert_eq!(parts("1er trimestre, abril"), [Part::Quarter(1), Part::Month(4)]);
}

#[test]
fn pairs_of_dates_that_cut_years_are_periods() {
    for (start, end, want) in [
        (date(2019, 1, 1), date(2019, 3, 31), Some("2019-Q1")),
        (date(2019, 1, 1), date(2019, 3, 30), Some("2019-Q1")),
        (date(2020, 2, 1), date(2020, 2, 29), Some("2020-02")),
        (date(2020, 2, 1), date(2020, 2, 28), Some("2020-02")),
        (date(2019, 1, 1), date(2019, 6, 30), Some("2019-S1")),
        (date(2019, 5, 1), date(2019, 8, 31), Some("2019-C2")),
        (date(2019, 11, 1), date(2019, 12, 31), Some("2019-B6")),
        (date(2019, 1, 1), date(2019, 12, 31), Some("2019")),
        // They begin, end or fall where no period does.
        (date(2019, 1, 2), date(2019, 3, 31), None),
        (date(2019, 1, 1), date(2019, 3, 15), None),
        (date(2019, 2, 1), date(2019, 4, 30), None),
        (date(2018, 12, 1), date(2019, 2, 28), None),
        (date(2019, 3, 31), date(2019, 1, 1), None),
        (date(2018, 1, 1), date(2019, 12, 31), None),
    ] {
        assert_eq!(
            of_dates(start, end).map(|p| p.to_string()).as_deref(),
            want,
            "{start} {end}"
        );
    }
}

#[test]
fn later_and_finer_periods_order_last() {
    let read = |text| Period::parse(text).unwrap();
    let sorted = ["2019-Q3", "2019", "2019-S2", "2019-Q4", "2019-12", "2020-01"].map(read);
    assert!(sorted.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn only_what_is_written_so_is_parsed() {
    for text in [
        "",
        "19",
        "2019-",
        "2019-Q5",
        "2019-Q0",
        "2019-13",
        "2019-1",
        "2019-S3",
        "2019-Q11",
        "2019-Qá",
        "20I9",
        "2019-01-01",
    ] {
        assert_eq!(Period::parse(text), None, "{text}");
    }
}

fn any_period() -> impl Strategy<Value = Period> {
    (1990u16..2100, prop::sample::select(vec![1u8, 2, 3, 4, 6, 12]), 1u8..=12)
        .prop_filter_map("a part of the year", |(year, months, last)| {
            Part::ending(months, last).map(|part| Period { year, part })
        })
}

proptest! {
    #[test]
    fn a_period_is_told_and_read_back(period in any_period()) {
        prop_assert_eq!(Period::parse(&period.to_string()), Some(period));
        prop_assert_eq!(of_dates(period.start(), period.end()), Some(period));
        let spoken = format!("{} - {}", period.start().strftime("%d/%m/%Y"), period.end().strftime("%d/%m/%Y"));
        prop_assert_eq!(all(&spoken, None), vec![period]);
    }

    #[test]
    fn periods_follow_each_other_without_gap_or_overlap(period in any_period()) {
        prop_assert_eq!(period.next().start(), period.end().tomorrow().unwrap());
        prop_assert_eq!(period.next().previous(), period);
        prop_assert!(period < period.next() && period.previous() < period);
        prop_assert!(period.contains(period) && !period.contains(period.next()));
        prop_assert!(period.contains_day(period.start()) && !period.contains_day(period.next().start()));
    }

    #[test]
    fn each_day_falls_in_one_period_of_a_length(year in 1990i16..2100, day in 1i16..=365, months in prop::sample::select(vec![1u8, 2, 3, 4, 6, 12])) {
        let day = Date::new(year, 1, 1).unwrap().saturating_add(jiff::Span::new().days(day - 1));
        let period = Period::around(day, months).unwrap();
        prop_assert!(period.contains_day(day));
        prop_assert_eq!(period.part.months(), months);
    }

    #[test]
    fn containing_is_an_order(a in any_period(), b in any_period(), c in any_period()) {
        prop_assert!(!(a.contains(b) && b.contains(c)) || a.contains(c));
        prop_assert!(!(a.contains(b) && b.contains(a)) || a == b);
    }

    #[test]
    fn any_text_is_read(text in "([0-9]{1,4}(er|do|t|º)?[/ .-]?|de |marzo |ene|trim |20[12][0-9] ?| y | al |\\PC){0,24}", year in prop::option::of(1990u16..2100)) {
        let found = all(&text, year);
        prop_assert!(found.iter().all(|p| p.start() <= p.end()));
        prop_assert_eq!(latest(&text, year), found.into_iter().max());
    }
}
