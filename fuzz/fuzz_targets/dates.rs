//! Dates and periods of any text; what is found stands where it is said to.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for (range, date) in veedor::text::date::dates(text) {
        assert!(!text[range].is_empty());
        assert!((1821..=2099).contains(&date.year()));
    }
    let _ = veedor::text::date::parse_cell(text);
    for period in veedor::text::period::all(text, Some(2019)) {
        assert!(period.start() <= period.end());
        assert_eq!(veedor::text::period::Period::parse(&period.to_string()), Some(period));
    }
    let _ = veedor::text::period::latest(text, None);
    let _ = veedor::text::places::municipalities(text);
});
