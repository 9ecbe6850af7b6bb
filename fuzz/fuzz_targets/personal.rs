//! Personal data of any text: what is masked holds none.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let found = veedor::text::personal::find(text);
    assert!(found.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start));
    let masked = veedor::text::personal::mask(text);
    assert_eq!(found.is_empty(), masked == text);
    assert!(veedor::text::personal::find(&masked).is_empty());
});
