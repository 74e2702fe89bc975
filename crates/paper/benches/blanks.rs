//! Is it blank? `cargo xtask bench blanks` draws the pages and lists them; this asks the reader before it reads.
//!
//! A line of the list: file, kind, `blank` or `written`.
#![expect(clippy::print_stdout, reason = "a bench tells what it measured")]

#[path = "sides/pages.rs"]
mod pages;

use std::collections::BTreeMap;
use std::process::ExitCode;

use paper::page::{Reader, Settings};

fn main() -> ExitCode {
    let mut reader = Reader::new(&Settings::default()).expect("the English model is installed");
    // Pages of a kind, and those told right.
    let mut tallies: BTreeMap<(bool, String), (usize, usize)> = BTreeMap::new();
    let mut cpu = [0.0; 2];
    for line in pages::listed() {
        let [file, kind, truth] = line.each_ref().map(String::as_str);
        let blank = truth == "blank";
        let page = pages::page(file);
        let began = pages::cpu_s();
        let told = reader.glance(page).blank;
        cpu[usize::from(blank)] += pages::cpu_s() - began;
        let tally = tallies.entry((blank, kind.into())).or_default();
        tally.0 += 1;
        tally.1 += usize::from(told == blank);
        if told != blank {
            println!("{}: {file} ({kind})", if told { "LOST" } else { "not found" });
        }
    }
    println!("\n{:<28} {:>6} {:>6}", "", "pages", "right");
    for ((_, kind), (pages, right)) in &tallies {
        println!("{kind:<28} {pages:>6} {right:>6}");
    }
    let of = |blank: bool| {
        let own = tallies.iter().filter(|((own, _), _)| *own == blank);
        own.fold((0, 0), |sum, (_, tally)| (sum.0 + tally.0, sum.1 + tally.1))
    };
    let ((backs, found), (written, kept)) = (of(true), of(false));
    println!(
        "\nblank backs found: {found} of {backs} ({:.2} %), {:.0} ms CPU each\npages with writing called blank: {} of {written}, {:.0} ms CPU each",
        found as f64 * 100.0 / backs.max(1) as f64,
        cpu[1] * 1000.0 / backs.max(1) as f64,
        written - kept,
        cpu[0] * 1000.0 / written.max(1) as f64,
    );
    if written == kept && found * 100 >= backs * 98 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
