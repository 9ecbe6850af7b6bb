#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;

use super::{Kind, Known, asks_for_rfc, find, find_under, mask, mask_address, mask_under, may_hold, shortened};

fn kinds(text: &str) -> Vec<Kind> {
    find(text).into_iter().map(|f| f.kind).collect()
}

/// Examples that the authorities or the card schemes publish, and made-up ones with the right check digit.
const REAL: &[(&str, Kind)] = &[
    // RENAPO's own example.
    ("HEGG560427MVZRRL04", Kind::Curp),
    ("CURP: HEGG560427MVZRRL04.", Kind::Curp),
    ("hegg560427mvzrrl04", Kind::Curp),
    ("HEGG 560427 MVZRRL 04", Kind::Curp),
    ("curp_HEGG560427MVZRRL04_2019.pdf", Kind::Curp),
    // Copied with a wrong digit, under its name.
    ("CURP HEGG560427MVZRRL05", Kind::Curp),
    // SAT's own example.
    ("GODE561231GR8", Kind::Rfc),
    ("R.F.C. GODE-561231-GR8, con domicilio", Kind::Rfc),
    ("RFC GODE 561231 GR8", Kind::Rfc),
    ("GRLPJN80010109H100", Kind::VoterKey),
    ("Clave de elector GRLPJN 80010109 H 100", Kind::VoterKey),
    ("032180000118359719", Kind::Clabe),
    ("«032180000118359719»", Kind::Clabe),
    ("cuenta 032180000118359719—Banco", Kind::Clabe),
    ("CLABE 032 180 00011835971 9", Kind::Clabe),
    ("cuenta 032-180-00011835971-9", Kind::Clabe),
    ("4111111111111111", Kind::Card),
    ("Tarjeta 4111 1111 1111 1111 vence 01/25", Kind::Card),
    ("5555-5555-5555-4444", Kind::Card),
    ("TARJETA: 3782 822463 10005", Kind::Card),
    ("NSS 12345678903", Kind::Nss),
    ("No. de Seguridad Social: 12-34-56-7890-3", Kind::Nss),
];

#[test]
fn each_kind_is_found_as_documents_write_it() {
    for (text, kind) in REAL {
        assert_eq!(kinds(text), [*kind], "{text}");
    }
}

#[test]
fn what_only_resembles_is_left() {
    for text in [
        "",
        "Directorio 2019",
        // One digit off.
        "HEGG560427MVZRRL05",
        "GODE561231GR9",
        "032180000118359718",
        "4111111111111112",
        "NSS 12345678904",
        // No such date, state, sex or bank.
        "HEGG561327MVZRRL04",
        "GRLPJN80010134H100",
        "GRLPJN80010109N100",
        "999180000118359715",
        // Companies and the public at large.
        "CNM980114PI2",
        "XAXX010101000",
        "XEXX010101000",
        // Within other things.
        "AHEGG560427MVZRRL04",
        "HEGG560427MVZRRL042",
        "https://portal.example/ver?id=4111111111111111",
        "/archivos/4111111111111111/acta.pdf",
        "550e8400-e29b-41d4-a716-446655440000",
        "4111111111111111a9",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "FOLIO-4111111111111111",
        "$4,111,111,111,111,111.00",
        "4111111111111111.50",
        "partidas 4111 1111 1111 1111",
        "12345678903",
        "Teléfono 01 443 123 4567, correo transparencia@portal.example",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn words_of_a_heading_or_of_the_list_count() {
    assert_eq!(find_under("Número de seguridad social", "12345678903").len(), 1);
    assert_eq!(find_under("Número de oficio", "12345678903").len(), 0);
    assert_eq!(find("NSS\nUno 12345678903\nDos 12345678903").len(), 2);
    let apart = format!("NSS 12345678903 {} 12345678903", "x".repeat(400));
    assert_eq!(find(&apart).len(), 1);
}

#[test]
fn a_mask_shows_the_kind_and_two_characters() {
    let text = "Ana: HEGG560427MVZRRL04, RFC GODE561231GR8; Ñu 4111111111111111";
    assert_eq!(mask(text), "Ana: CURP ****04, RFC RFC ****R8; Ñu TARJETA ****11");
    assert!(matches!(mask("Directorio 2019"), std::borrow::Cow::Borrowed(_)));
    let ranges: Vec<&str> = find(text).iter().map(|f| &text[f.range.clone()]).collect();
    assert_eq!(ranges, ["HEGG560427MVZRRL04", "GODE561231GR8", "4111111111111111"]);
}

#[test]
fn what_was_found_once_is_masked_elsewhere() {
    let mut known = Known::default();
    let cell = "12345678903";
    for found in find_under("NSS", cell) {
        known.add(cell, &found);
    }
    let masker = known.masker();
    assert_eq!(masker.mask("Ana | 12345678903 | 4"), "Ana | NSS ****03 | 4");
    assert_eq!(masker.mask("folio 912345678903"), "folio 912345678903");
    assert_eq!(masker.mask("HEGG560427MVZRRL04"), "CURP ****04");
    assert_eq!(Known::default().masker().mask("12345678903"), "12345678903");
    assert_eq!(mask_under("Seguridad social", cell), "NSS ****03");
}

#[test]
fn a_cut_leaves_no_half_of_a_key() {
    let text = "Beneficiaria: HEGG560427MVZRRL04, de la localidad";
    for most in 1..60 {
        let short = shortened(text, most);
        assert!(!short.contains("HEGG56") && short.chars().count() <= most, "{short}");
    }
    assert_eq!(shortened("corto", 5), "corto");
}

#[test]
fn addresses_are_shown_with_each_of_their_words_masked() {
    for (address, shown) in [
        (
            "https://villa.example/a/4111111111111111.pdf",
            "https://villa.example/a/TARJETA ****11.pdf",
        ),
        (
            "https://villa.example/ver?clabe=032180000118359719&n=1",
            "https://villa.example/ver?clabe=CLABE ****19&n=1",
        ),
        (
            "https://villa.example/ine%20HEGG560427MVZRRL04.pdf",
            "https://villa.example/ine%20CURP ****04.pdf",
        ),
        (
            "https://villa.example/a%C3%B1o%3AGODE561231GR8",
            "https://villa.example/a%C3%B1o%3ARFC ****R8",
        ),
        (
            "https://villa.example/2019/03/acta_20190331.pdf",
            "https://villa.example/2019/03/acta_20190331.pdf",
        ),
    ] {
        assert_eq!(mask_address(address), shown);
    }
    assert_eq!(find("https://villa.example/ine%20HEGG560427MVZRRL04.pdf").len(), 1);
}

#[test]
fn headers_that_ask_for_an_rfc() {
    for header in [
        "RFC de la persona física o moral",
        "Registro Federal de Contribuyentes (RFC) de la persona adjudicada",
        "R.F.C.",
    ] {
        assert!(asks_for_rfc(header), "{header}");
    }
    assert!(!asks_for_rfc("Nombre del proveedor") && !asks_for_rfc("Perfceptor"));
}

#[test]
fn a_number_that_masking_brings_near_its_word_is_masked_too() {
    let text = format!(
        "afiliación {}, cuenta 032 180 00011835971 9, oficio 12345678903",
        "x".repeat(30)
    );
    assert_eq!(find(&text).len(), 1);
    assert!(
        mask(&text).ends_with("cuenta CLABE ****19, oficio NSS ****03"),
        "{}",
        mask(&text)
    );
}

/// Digits with the check digit that Luhn asks for.
fn with_luhn(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(n, b)| {
            let d = u32::from(b - b'0');
            if n % 2 == 0 { d * 2 / 10 + d * 2 % 10 } else { d }
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

proptest! {
    #[test]
    fn of_the_ten_last_digits_one_makes_a_card(body in "4[0-9]{14}") {
        let hits = (0..10).filter(|d| kinds(&format!("{body}{d}")) == [Kind::Card]).count();
        prop_assert_eq!(hits, 1);
        prop_assert_eq!(kinds(&with_luhn(&body)), [Kind::Card]);
    }

    #[test]
    fn of_the_ten_last_digits_one_makes_a_clabe(body in "(002|012|072|646)[0-9]{13}[1-9]") {
        let hits = (0..10).filter(|d| kinds(&format!("{body}{d}")) == [Kind::Clabe]).count();
        prop_assert_eq!(hits, 1);
    }

    #[test]
    fn of_the_ten_last_digits_one_makes_a_curp(body in "[A-Z]{4}8[0-9]0[1-9](0[1-9]|1[0-9])[HM](MC|DF|OC)[BCDFG]{3}[0-9]") {
        let hits = (0..10).filter(|d| kinds(&format!("{body}{d}")) == [Kind::Curp]).count();
        prop_assert_eq!(hits, 1);
    }

    #[test]
    fn of_the_eleven_last_characters_one_makes_an_rfc(body in "[A-Z]{4}8[0-9]0[1-9](0[1-9]|1[0-9])[1-9A-N][1-9P-Z]") {
        let hits = "0123456789A".chars().filter(|d| kinds(&format!("{body}{d}")) == [Kind::Rfc]).count();
        prop_assert_eq!(hits, 1);
    }

    #[test]
    fn a_wrong_digit_anywhere_is_seen(place in 0usize..18, to in 0u8..10) {
        let mut clabe = b"032180000118359719".to_vec();
        let was = clabe[place];
        clabe[place] = b'0' + to;
        let found = find(std::str::from_utf8(&clabe).unwrap());
        prop_assert_eq!(found.iter().any(|f| f.kind == Kind::Clabe), was == clabe[place]);
    }

    #[test]
    fn what_is_masked_holds_none_and_what_is_found_stands_in_order(
        parts in prop::collection::vec(prop_oneof![
            prop::sample::select(REAL.iter().map(|(t, _)| (*t).to_owned()).collect::<Vec<_>>()),
            "[ \\-,.;A-Za-z0-9ñº&/]{0,24}",
            "\\PC{0,8}",
        ], 0..12),
        glue in prop::sample::select(vec!["", " ", "-", ", ", "\n"]),
    ) {
        let text = parts.join(glue);
        let found = find(&text);
        prop_assert!(found.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start));
        prop_assert!(found.iter().all(|f| text.get(f.range.clone()).is_some_and(|t| !t.is_empty())));
        prop_assert!(found.is_empty() || may_hold(&text));
        let masked = mask(&text);
        prop_assert_eq!(find(&masked), vec![]);
    }
}
