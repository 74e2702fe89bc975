#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| paper::fuzz::png(fuzz::file(bytes)));
