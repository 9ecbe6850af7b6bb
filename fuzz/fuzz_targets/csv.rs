//! Separated text in any encoding.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = veedor_fuzz::read("datos.csv", "text/csv", bytes);
});
