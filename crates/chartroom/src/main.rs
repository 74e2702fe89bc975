//! The program: arguments, configuration, wiring. `chartroom __reader` is the one door to `paper`.

mod alarms;
mod archive_door;
mod code_tables;
mod commands;
mod config;
mod fault_points;
mod health;
mod logs;
mod reader_process;
mod scripted_reader;
mod show;
mod standing;
mod upkeep;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    // The reader has its own life: no arguments, no configuration, no logging.
    let mut own = std::env::args_os().skip(1);
    if own.next().is_some_and(|argument| argument == "__reader") {
        return match own.next() {
            Some(script) if script == "--script" => scripted_reader::serve(),
            _ => reader_process::serve(),
        };
    }
    let arguments = commands::Arguments::parse();
    match commands::start_logging(&arguments).and_then(|()| commands::run(arguments)) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            show::problem(&error);
            ExitCode::from(2)
        }
    }
}
