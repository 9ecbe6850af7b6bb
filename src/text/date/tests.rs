#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{dates, of_name, parse_cell, spans};

fn all(text: &str) -> Vec<String> {
    dates(text).into_iter().map(|(_, d)| d.to_string()).collect()
}

#[test]
fn dates_as_documents_print_them() {
    for (text, day) in [
        ("30 de marzo del 2019", "2019-03-30"),
        ("Zacatlán, a 30 de Marzo de 2019.", "2019-03-30"),
        ("30 DE MARZO DEL AÑO 2019", "2019-03-30"),
        ("1º de enero de 2019", "2019-01-01"),
        ("1o. de enero", ""),
        ("1ero de enero de 2019", "2019-01-01"),
        ("primero de enero de dos mil", "2000-01-01"),
        ("a los 30 días del mes de marzo de dos mil diecinueve", "2019-03-30"),
        (
            "a los treinta y un días del mes de diciembre del año dos mil veintitrés",
            "2023-12-31",
        ),
        ("el 30 (treinta) de marzo de 2019 (dos mil diecinueve)", "2019-03-30"),
        (
            "diez y seis de septiembre de mil novecientos noventa y ocho",
            "1998-09-16",
        ),
        ("16 de setiembre de 1910", "1910-09-16"),
        ("5 de febrero de 1857", "1857-02-05"),
        ("30/03/2019", "2019-03-30"),
        ("30 / 03 / 2019", "2019-03-30"),
        ("(30-03-2019)", "2019-03-30"),
        ("30.03.2019", "2019-03-30"),
        ("31-3-19", "2019-03-31"),
        ("con fecha 31-3-19, turno", "2019-03-31"),
        ("31/3/79", "2079-03-31"),
        ("31/3/80", "1980-03-31"),
        ("30-mar-19", "2019-03-30"),
        ("30/marzo/2019", "2019-03-30"),
        ("30 MAR 2019", "2019-03-30"),
        ("30 mar. 2019", "2019-03-30"),
        ("2019-03-30", "2019-03-30"),
        ("2019/3/30", "2019-03-30"),
        ("2019-03-30T10:15:00Z", "2019-03-30"),
        ("Marzo 30, 2019", "2019-03-30"),
        ("marzo 30 de 2019", "2019-03-30"),
        ("lunes 29 de octubre del 2018 01:10", "2018-10-29"),
        ("29 de febrero de 2020", "2020-02-29"),
        ("30 de m\u{0061}rzo de 2019", "2019-03-30"),
    ] {
        let want: Vec<String> = Some(day.to_owned()).filter(|d| !d.is_empty()).into_iter().collect();
        assert_eq!(all(text), want, "{text}");
    }
}

#[test]
fn what_is_no_date_is_left() {
    for text in [
        "",
        "2019",
        "marzo 2019",
        "31 de abril de 2019",
        "29/02/2019",
        "03/30/2019",
        "00/01/2019",
        "30/03/2919",
        "30/03/0019",
        "192.168.10.12",
        "1.2.19",
        "partida 04-04-01 $4,500.00",
        "10-12-2019-005",
        "005-10-12-2019",
        "OP/2019/03/30/12",
        "30 de marzo",
        "30 de marzo de 10 a 12 horas",
        "01112018",
        "43554",
        "artículo 70 fracción 12",
    ] {
        assert_eq!(all(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn several_dates_stand_where_they_are_said_to() {
    let text = "Del 1º de enero de 2019 al 31-03-2019; publicado: Abril 15, 2019";
    let found = dates(text);
    let written: Vec<&str> = found.iter().map(|(r, _)| &text[r.clone()]).collect();
    assert_eq!(written, ["1º de enero de 2019", "31-03-2019", "Abril 15, 2019"]);
}

#[test]
fn a_cell_is_a_date_only_as_a_whole() {
    let day = Some(date(2019, 3, 30));
    for cell in [
        "30/03/2019",
        " 2019-03-30 ",
        "2019-03-30 00:00:00",
        "2019-03-30T00:00:00.000",
        "sábado 30 de marzo del 2019",
        "Sábado, 30 de marzo de 2019 01:10 p.m.",
        "30-mar-19",
    ] {
        assert_eq!(parse_cell(cell), day, "{cell}");
    }
    for cell in [
        "",
        "43554",
        "30/03/2019 y 31/03/2019",
        "al 30/03/2019",
        "30/03/2019 pendiente",
        "2019",
    ] {
        assert_eq!(parse_cell(cell), None, "{cell}");
    }
}

#[test]
fn eight_digits_are_a_date_in_a_name_only() {
    let of = |name: &str| {
        of_name(name)
            .into_iter()
            .map(|(_, d)| d.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(of("Acta_01112018.pdf"), ["2018-11-01"]);
    assert_eq!(of("20181101-acta.pdf"), ["2018-11-01"]);
    assert_eq!(of("acta_30_03_2019.pdf"), ["2019-03-30"]);
    assert_eq!(of("oficio_99999999.pdf"), Vec::<String>::new());
    assert_eq!(of("20191014233731574.pdf"), Vec::<String>::new());
}

#[test]
fn stretches_from_one_date_to_another() {
    for (text, since, until) in [
        ("01/01/2019 - 31-3-19", "2019-01-01", "2019-03-31"),
        ("01/01/2019–31/03/2019", "2019-01-01", "2019-03-31"),
        ("del 1 de enero al 31 de marzo de 2019", "2019-01-01", "2019-03-31"),
        ("DEL 1º DE ENERO AL 31 DE MARZO DE 2019", "2019-01-01", "2019-03-31"),
        ("del 1 al 31 de marzo del 2019", "2019-03-01", "2019-03-31"),
        (
            "Fecha de inicio: 01/01/2019 Fecha de término: 31/03/2019",
            "2019-01-01",
            "2019-03-31",
        ),
        (
            "del 16 de septiembre de 2018 hasta el día 31 de agosto de 2021",
            "2018-09-16",
            "2021-08-31",
        ),
    ] {
        let found: Vec<_> = spans(text)
            .into_iter()
            .map(|(_, a, b)| (a.to_string(), b.to_string()))
            .collect();
        assert_eq!(found, [(since.to_owned(), until.to_owned())], "{text}");
    }
    for text in [
        "31/03/2019 - 01/01/2019",
        "01/01/2019, 31/03/2019",
        "AL 31 DE MARZO DE 2006",
    ] {
        assert_eq!(spans(text), [], "{text}");
    }
}

fn any_date() -> impl Strategy<Value = Date> {
    (1821i16..=2099, 1i8..=12, 1i8..=31).prop_filter_map("a date that exists", |(y, m, d)| Date::new(y, m, d).ok())
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

proptest! {
    #[test]
    fn every_way_of_writing_a_date_reads_back(day in any_date()) {
        let (y, m, d) = (day.year(), day.month(), day.day());
        let name = MONTHS[usize::try_from(m - 1).unwrap()];
        for text in [
            format!("{y:04}-{m:02}-{d:02}"),
            format!("{d}/{m}/{y}"),
            format!("{d:02}-{m:02}-{y}"),
            format!("{d} de {name} del {y}"),
            format!("{}{} {d}, {y}", name[..1].to_uppercase(), &name[1..]),
            format!("{d:02}-{}-{y}", &name[..3].to_uppercase()),
        ] {
            prop_assert_eq!(parse_cell(&text), Some(day), "{}", text);
            prop_assert_eq!(dates(&format!("(al {text}).")).len(), 1, "{}", text);
        }
    }

    #[test]
    fn any_text_is_read_and_ranges_are_of_it(text in "([0-9]{1,4}[/ .-]?|de |marzo |ene|\\PC){0,24}") {
        for (range, day) in dates(&text) {
            prop_assert!(text.get(range).is_some_and(|t| !t.is_empty()));
            prop_assert!((1821..=2099).contains(&day.year()));
        }
        for (range, since, until) in spans(&text) {
            prop_assert!(text.get(range).is_some() && since <= until);
        }
        let _ = (parse_cell(&text), of_name(&text));
    }
}
