//! The program: arguments, configuration, wiring. `chartroom __reader` is the one door to `paper`.

mod archive_door;
mod commands;
mod config;
mod reader_process;
mod show;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    // The reader has its own life: no arguments, no configuration, no logging.
    if std::env::args_os().nth(1).is_some_and(|argument| argument == "__reader") {
        return reader_process::serve();
    }
    let arguments = commands::Arguments::parse();
    commands::start_logging(&arguments);
    match commands::run(arguments) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            show::problem(&error);
            ExitCode::from(2)
        }
    }
}
