//! Does any document reach a wrong chart, and how many file themselves that could?
//!
//! Made-up people from public lists, scans of every trap we know, four mixes of work. The program itself takes them
//! in, from file to chart; only the engine is replaced: originals are scripts that hold readings, with an engine's
//! mistakes in them. What should have become of each document follows from how it was made ([`truth`]), and shares
//! no code with the rules that are on trial.

mod dice;
mod mixes;
mod noise;
mod paper;
mod people;
mod report;
mod traps;
mod trial;
mod truth;

use anyhow::Context as _;

use crate::program::say;

/// `identity [--documents N] [--seed S]`. `true`: no document in a wrong chart, and the bounds hold.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<bool> {
    let (mut documents, mut seed) = (10_000, fresh_seed());
    let mut arguments = arguments.iter();
    while let Some(flag) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{flag} wants a number"))?;
        match flag.as_str() {
            "--documents" => documents = value.parse()?,
            "--seed" => seed = value.parse()?,
            other => anyhow::bail!("{other}: one of --documents N, --seed S"),
        }
    }
    if !people::corpus().is_dir() {
        say("skipped: the lists of people are not here; set CHARTROOM_CORPUS");
        return Ok(true);
    }
    say(format!("seed {seed}, {documents} documents"));
    let results = trial::run(documents, seed)?;
    report::print(&results);
    Ok(report::holds(&results))
}

fn fresh_seed() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(1, |since| since.as_nanos() as u64 % 1_000_000_007)
}
