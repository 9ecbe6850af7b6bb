//! robots.txt: what it allows of an address.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(url) = url::Url::parse("https://portal.example/transparencia/art-70/?f=28") else {
        return;
    };
    let _ = veedor::crawl::robots_allow(bytes, "veedor/1", &url);
});
