//! PDFs.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = veedor_fuzz::read("acta.pdf", "application/pdf", bytes);
});
