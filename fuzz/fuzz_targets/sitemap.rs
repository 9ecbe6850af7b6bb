//! Sitemaps and feeds.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = veedor_fuzz::read("sitemap.xml", "application/xml", bytes);
});
