//! Are symbols read as well as by the best engine at its hardest, at half its cost, and never wrongly?
//!
//! `cargo xtask bench barcodes [--seed N] [--pages N] [--engines chartroom,zxing-hardest,…] [--real DIR]`: pages with
//! symbols are drawn, half as many without, and all engines are asked, one after the other, on one thread.
#![allow(clippy::print_stdout, reason = "a bench tells what it measured")]

mod canvas;
mod clutter;
mod codes;
mod damage;
mod dice;
mod engines;
mod pages;
mod print;
mod real;
mod report;
mod tally;

use std::path::PathBuf;
use std::process::ExitCode;

use paper::prepare::plane::Plane;
use paper::raster::Raster;

use engines::Engine;
use pages::{Page, Printed};
use tally::Tally;

struct Options {
    seed: u64,
    /// Pages with symbols.
    pages: u32,
    engines: Vec<Engine>,
    /// `test/samples` of zxing-cpp.
    real: Option<PathBuf>,
    /// Where wrongly read and unread pages are written to, to look at.
    keep: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(problem) => {
            println!("{problem}");
            return ExitCode::from(2);
        }
    };
    let mut tallies: Vec<Tally> = options.engines.iter().map(|_| Tally::default()).collect();
    let printed = Printed::new(options.seed);
    for number in 0..options.pages {
        let page = pages::with_codes(&printed, options.seed, number);
        ask(&options, number, page, &mut tallies);
    }
    for number in 0..options.pages.div_ceil(2) {
        let page = pages::without_codes(&printed, options.seed, number);
        ask(&options, number, page, &mut tallies);
    }
    let real = options.real.as_ref().map(|samples| real::run(samples, &options.engines));
    if options.keep.is_some() {
        tallies.iter().flat_map(|tally| &tally.missed).for_each(|missed| println!("  {missed}"));
    }
    let met = report::print(&options.engines, &tallies, real.as_deref());
    if met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn ask(options: &Options, number: u32, page: Page, tallies: &mut [Tally]) {
    let (plane, bilevel) = frame(page.raster.clone());
    for (engine, tally) in options.engines.iter().zip(tallies) {
        tally.add(*engine, &page, number, &engine.ask(&plane, bilevel));
    }
    if let Some(folder) = &options.keep {
        let name =
            format!("{}{number:04}-{:?}.png", if page.clutter.is_some() { "n" } else { "c" }, page.damage);
        let picture = image::GrayImage::from_raw(plane.width, plane.height, plane.pixels);
        picture.expect("a plane is a picture").save(folder.join(name)).expect("a folder to write to");
    }
}

/// The picture that all engines get: with square pixels, as Chartroom has it.
fn frame(raster: Raster) -> (Plane, bool) {
    let square = raster.squared();
    let plane = Plane::of(&square, 1.0);
    let bilevel = plane.pixels.iter().all(|p| matches!(p, 0 | 255));
    (plane, bilevel)
}

fn options(arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options { seed: 1, pages: 405, engines: Engine::ALL.to_vec(), real: None, keep: None };
    let mut arguments = arguments.filter(|argument| argument != "--bench");
    while let Some(flag) = arguments.next() {
        let value = arguments.next().ok_or(format!("{flag} needs a value"))?;
        let number = || value.parse().map_err(|_| format!("{flag} {value}: no number"));
        match flag.as_str() {
            "--seed" => options.seed = number()?,
            "--pages" => options.pages = number()? as u32,
            "--real" => options.real = Some(value.into()),
            "--keep" => options.keep = Some(value.into()),
            "--engines" => {
                let known = |name: &str| Engine::ALL.into_iter().find(|e| e.name().replace(' ', "-") == name);
                let all = value.split(',').map(|name| known(name).ok_or(format!("no engine {name}")));
                options.engines = all.collect::<Result<_, _>>()?;
            }
            _ => return Err(format!("unknown: {flag}")),
        }
    }
    Ok(options)
}
