//! Generators and benches, started by `cargo xtask`. Reads through the program, as a user would.

mod codes;
mod demo;
mod dice;
mod identity;
mod measure;
mod program;
mod reading;
mod samples;
mod search;
mod sides;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("", &[][..]),
    };
    let done = match command {
        "demo" => demo::run(rest.iter().any(|argument| argument == "--once")),
        "codes" => codes::run(rest),
        "identity" => identity::run(rest),
        "blanks" => sides::blanks(rest),
        "upright" => sides::upright(rest),
        "measure" => measure::run(rest),
        "reading" => reading::run(rest),
        "search" => search::run(rest),
        "samples" => match rest {
            [flag, out] if flag == "--out" => samples::write(std::path::Path::new(out)),
            _ => Err(anyhow::anyhow!("samples --out DIR")),
        },
        _ => Err(anyhow::anyhow!(
            "one of: codes, demo [--once], identity, measure pages, reading, samples --out DIR, search"
        )),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            program::complain(&format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}
