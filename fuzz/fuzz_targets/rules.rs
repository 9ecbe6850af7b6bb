//! Rule files: every problem is told, none ends the program.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for problem in veedor::rules::diagnose("paquete.yaml", bytes) {
        let _ = problem.to_string();
    }
});
