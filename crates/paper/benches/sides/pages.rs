//! The listed pages of a bench, and what asking about them costs.

use std::fs::{self, File};

use paper::decode::{DecodedPage, Limits, open};

/// The lines of the list named last on the command line, cut at tabs; `cargo bench` adds words of its own.
pub(crate) fn listed<const N: usize>() -> Vec<[String; N]> {
    let list = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let list = list.expect("a list of pages: `cargo xtask bench` makes it");
    let text = fs::read_to_string(&list).expect("the list can be read");
    let cut = |line: &str| {
        let fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
        fields.try_into().expect("as many fields as the bench wants")
    };
    text.lines().map(cut).collect()
}

/// First page of a file.
pub(crate) fn page(file: &str) -> DecodedPage {
    let opened = File::open(file).expect("a listed file is there");
    open(opened, &Limits::default()).expect("a scan").page(0).expect("a page")
}

/// CPU seconds of this process, own and system, to a hundredth; the kernel counts in ticks of 10 ms.
pub(crate) fn cpu_s() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux says what a process has used");
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 =
        behind_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    ticks as f64 / 100.0
}
