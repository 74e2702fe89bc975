//! How does it stand?

use archive::Status;
use clap::Args;
use serde_json::{Value, json};

use super::{Outcome, PlaceArguments};
use crate::archive_door::Door;
use crate::show;
use crate::standing::Standing;

#[derive(Args)]
pub(crate) struct StatusArguments {
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(place: &PlaceArguments, arguments: &StatusArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let standing = Standing::now(&door)?;
    let status = &standing.status;
    let alarms: Vec<&String> = standing.alarms.iter().map(|alarm| &alarm.text).collect();
    let mut stations: Vec<Value> = Vec::new();
    let mut rows = Vec::new();
    for (station, seen) in &standing.stations {
        let known = status.stations.iter().find(|row| row.name == station.name);
        let backlog = known.map_or(0, |row| row.backlog) + seen.waiting as u64;
        let last_file = known.and_then(|row| row.last_file);
        let last = last_file.map_or_else(|| "never".into(), |at| at.strftime("%Y-%m-%d %H:%M").to_string());
        rows.push(vec![station.name.clone(), last, backlog.to_string(), seen.ignored.join(", ")]);
        let refused = seen.refused.iter().map(|(name, why)| json!({ "name": name, "why": why }));
        stations.push(json!({
            "name": station.name,
            "last_file": last_file,
            "backlog": backlog,
            "ignored": seen.ignored,
            "refused": refused.collect::<Vec<_>>(),
        }));
    }
    for row in status.stations.iter().filter(|row| door.config.stations.iter().all(|s| s.name != row.name)) {
        stations.push(
            json!({ "name": row.name, "last_file": row.last_file, "backlog": row.backlog, "ignored": [] }),
        );
    }
    let running = door.archive.line_is_alive();
    if arguments.json {
        let mut value = serde_json::to_value(status)?;
        value["stations"] = json!(stations);
        value["alarms"] = json!(alarms);
        value["free_mb"] = json!(standing.free_mb);
        value["running"] = json!(running);
        value["index_behind"] = json!(standing.index_behind);
        value["shadow"] = super::shadow::progress(&door)?;
        show::json(&value)?;
        return Ok(Outcome::Done);
    }
    show::line(if running { "The line is running." } else { "The line is not running: `chartroom run`." });
    show::line(format!(
        "{}, {} of them waiting to be read; {} on the worklist",
        show::count(status.batches, "batch", "batches"),
        status.waiting,
        show::count(status.worklist - status.doubts, "exception", "exceptions"),
    ));
    describe_desk(status);
    if let Some(seconds) = status.oldest_waiting_s {
        show::line(format!("The oldest has waited {} minutes.", seconds / 60));
    }
    if !rows.is_empty() {
        show::line("");
        show::table(&["station", "last file (UTC)", "backlog", "left alone"], &rows);
    }
    if let Some(words) = super::shadow::in_words(&door)? {
        show::wrapped(&words, 80).into_iter().for_each(show::line);
    }
    for retrying in &status.retrying {
        let next = retrying.next_try.map_or_else(|| "now".into(), |at| at.strftime("%H:%M:%S").to_string());
        let words = format!(
            "{} has failed {} and is tried again at {next} UTC: {}",
            retrying.batch,
            show::count(u64::from(retrying.attempts), "time", "times"),
            retrying.reason
        );
        show::wrapped(&words, 80).into_iter().for_each(show::line);
    }
    for alarm in &alarms {
        for line in show::wrapped(&format!("! {alarm}"), 78) {
            show::line(line);
        }
    }
    Ok(Outcome::Done)
}

/// What persons have decided and have still to do, where there is any of it.
fn describe_desk(status: &Status) {
    if status.doubts > 0 {
        let doubts = show::count(status.doubts, "doubt", "doubts");
        show::line(format!("{doubts} about what is filed: `chartroom worklist`."));
    }
    if let Some(seconds) = status.oldest_untyped_s {
        let documents = show::count(status.untyped, "document", "documents");
        show::line(format!(
            "{documents} without a kind, the oldest for {} hours: `chartroom worklist --typing`.",
            seconds / 3600
        ));
    }
    if !status.dispositions.is_empty() {
        let all: Vec<String> =
            status.dispositions.iter().map(|(code, number)| format!("{number} {code}")).collect();
        let told = format!("Kept out of the charts, or waiting: {}.", all.join(", "));
        show::wrapped(&told, 80).into_iter().for_each(show::line);
    }
}
