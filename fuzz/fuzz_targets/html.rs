//! Pages, with the scripts inside them.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = veedor_fuzz::read("pagina.html", "text/html", bytes);
});
