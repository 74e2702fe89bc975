//! Tesseract is to find `paper::ocr::one_thread` before its own OpenMP: a program shows its symbols to libraries only
//! where its linker is told so.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        for shown in ["GOMP_*", "pixWriteMem"] {
            println!("cargo::rustc-link-arg=-Wl,--export-dynamic-symbol={shown}");
        }
    }
}
