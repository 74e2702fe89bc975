//! Which way up? `cargo xtask bench upright` draws the pages and lists them; this asks the reader before it reads.
//!
//! A line of the list: file, kind, degrees clockwise by which its page lies turned, degrees it is turned before the
//! question.
#![expect(clippy::print_stdout, reason = "a bench tells what it measured")]

#[path = "sides/pages.rs"]
mod pages;

use std::collections::BTreeMap;
use std::process::ExitCode;

use paper::page::{Reader, Settings};
use records::geometry::Turn;

/// What came of the pages of one kind.
#[derive(Default)]
struct Tally {
    upright: usize,
    upright_turned: usize,
    turned: usize,
    turned_right: usize,
    /// Upright pages of which the engine was asked to read a part.
    asked: usize,
}

fn main() -> ExitCode {
    let mut reader = Reader::new(&Settings::default()).expect("the English model is installed");
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let (mut cpu_upright, mut cpu_asked) = (0.0, 0.0);
    for line in pages::listed() {
        let [file, kind, lies, turned] = line.each_ref().map(String::as_str);
        let degrees =
            |text: &str| Turn::try_from(text.parse::<u16>().expect("degrees")).expect("a quarter turn");
        let (lies, turned) = (degrees(lies), degrees(turned));
        let mut page = pages::page(file);
        page.raster = page.raster.turned(turned);
        page.turned = Turn::None;
        let wanted = lies.then(turned).back();
        let began = pages::cpu_s();
        let told = reader.glance(page);
        let spent = pages::cpu_s() - began;
        let tally = tallies.entry(kind.into()).or_default();
        if wanted == Turn::None {
            tally.upright += 1;
            tally.upright_turned += usize::from(told.turn != wanted);
            tally.asked += usize::from(told.trials > 0);
            cpu_upright += spent;
            cpu_asked += if told.trials > 0 { spent } else { 0.0 };
        } else {
            tally.turned += 1;
            tally.turned_right += usize::from(told.turn == wanted);
        }
        if told.turn != wanted {
            println!(
                "wrong: {file} {kind}, turned {}: {} instead of {} ({} trials)",
                turned.degrees(),
                told.turn.degrees(),
                wanted.degrees(),
                told.trials
            );
        }
    }
    let mut all = Tally::default();
    println!(
        "\n{:<24} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "", "upright", "wrongly", "engine", "turned", "right %"
    );
    for (kind, tally) in &tallies {
        row(kind, tally);
        all.upright += tally.upright;
        all.upright_turned += tally.upright_turned;
        all.turned += tally.turned;
        all.turned_right += tally.turned_right;
        all.asked += tally.asked;
    }
    row("all", &all);
    let each = |cpu: f64, pages: usize| cpu * 1000.0 / pages.max(1) as f64;
    println!(
        "\nupright pages: {:.0} ms CPU each, where the engine was asked {:.0} ms, where not {:.0} ms",
        each(cpu_upright, all.upright),
        each(cpu_asked, all.asked),
        each(cpu_upright - cpu_asked, all.upright - all.asked)
    );
    let enough = all.turned_right * 1000 >= all.turned * 995;
    if all.upright_turned == 0 && enough { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn row(kind: &str, tally: &Tally) {
    println!(
        "{kind:<24} {:>8} {:>8} {:>8} {:>8} {:>8.2}",
        tally.upright,
        tally.upright_turned,
        tally.asked,
        tally.turned,
        tally.turned_right as f64 * 100.0 / tally.turned.max(1) as f64
    );
}
