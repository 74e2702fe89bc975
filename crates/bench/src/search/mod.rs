//! Is what stands on the paper found, and how fast, beside what a user would pick instead?

mod finding;
mod postgres;
mod speed;

use anyhow::{Context as _, bail};

const USAGE: &str = "[finding|speed] [--pages N] [--seed N] [--alone]";

/// What is asked of either half.
#[derive(Clone, Copy, Debug, Default)]
struct Asked {
    /// Pages of each damage (finding), or in the index (speed); `None`: as many as the half thinks right.
    pages: Option<usize>,
    seed: u64,
    /// How fast we are, without building what others need: to look at a change.
    alone: bool,
}

/// `true`: every bound that could be judged holds.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<bool> {
    let mut asked = Asked { pages: None, seed: fresh_seed(), alone: false };
    let mut half = None;
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().with_context(|| format!("{argument}? {USAGE}"));
        match argument.as_str() {
            "finding" | "speed" if half.is_none() => half = Some(argument.as_str()),
            "--pages" => asked.pages = Some(value()?.parse()?),
            "--seed" => asked.seed = value()?.parse()?,
            "--alone" => asked.alone = true,
            other => bail!("{other}? {USAGE}"),
        }
    }
    match half {
        Some("speed") => speed::run(asked),
        Some(_) => finding::run(asked),
        // Pages that are drawn and read are few, pages that are only made up are many: the number is that of the first.
        None => Ok(finding::run(asked)? & speed::run(Asked { pages: None, ..asked })?),
    }
}

fn fresh_seed() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(1, |since| since.as_nanos() as u64 % 1_000_000_007)
}
