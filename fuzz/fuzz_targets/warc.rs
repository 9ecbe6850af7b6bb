//! Records of a case file: as a compressed member, and as what a member holds.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = veedor::archive::whole_records(bytes);
    let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    if std::io::Write::write_all(&mut member, bytes).is_ok()
        && let Ok(member) = member.finish()
    {
        let _ = veedor::archive::whole_records(&member);
    }
});
