//! Archives and the documents inside them.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = veedor_fuzz::read("anexos.zip", "application/zip", bytes);
});
