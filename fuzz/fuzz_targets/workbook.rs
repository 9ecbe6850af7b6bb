//! Workbooks: the first bytes tell which kind.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for (name, content_type) in [
        (
            "formato.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("formato.xls", "application/vnd.ms-excel"),
        ("formato.ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ] {
        let _ = veedor_fuzz::read(name, content_type, bytes);
    }
});
