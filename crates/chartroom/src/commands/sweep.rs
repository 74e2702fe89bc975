//! Is somebody else named in what is filed?

use std::time::{Duration, Instant};

use clap::Args;

use super::{Outcome, PlaceArguments};
use crate::archive_door::Door;
use crate::show;

#[derive(Args)]
pub(crate) struct SweepArguments {
    /// Stop after so many minutes; the next sweep goes on from there
    #[arg(long, value_name = "N")]
    minutes: Option<u64>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(place: &PlaceArguments, arguments: &SweepArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let limit = arguments.minutes.map(|minutes| Duration::from_secs(60 * minutes));
    let began = Instant::now();
    let go_on = || limit.is_none_or(|limit| began.elapsed() < limit);
    let swept = pipeline::sweep(&door.archive, &door.config.rules, go_on)?;
    super::wait_for_index(&door)?;
    if arguments.json {
        show::json(&swept)?;
    } else {
        show::line(format!(
            "{} looked through; {} newly in question: `chartroom worklist`.",
            show::count(swept.documents, "document", "documents"),
            swept.doubts
        ));
        if !swept.complete {
            show::line("Not all are done; the next sweep goes on from there.");
        }
        if swept.unread > 0 {
            show::line(format!("{} could not be read; run `chartroom verify --full`.", swept.unread));
        }
    }
    Ok(Outcome::good_if(swept.unread == 0))
}
