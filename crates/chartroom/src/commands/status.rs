//! How does it stand?

use clap::Args;
use pipeline::intake::glance;
use serde_json::{Value, json};

use super::{Outcome, PlaceArguments};
use crate::archive_door::Door;
use crate::show;

#[derive(Args)]
pub(crate) struct StatusArguments {
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(place: &PlaceArguments, arguments: &StatusArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let status = door.archive.status()?;
    let mut alarms = status.alarms.clone();
    let mut stations: Vec<Value> = Vec::new();
    let mut rows = Vec::new();
    for station in &door.config.stations {
        let seen = glance(station);
        let known = status.stations.iter().find(|row| row.name == station.name);
        let backlog = known.map_or(0, |row| row.backlog) + seen.waiting as u64;
        let last_file = known.and_then(|row| row.last_file);
        if let Some(fault) = &seen.fault {
            alarms.push(format!("station {}: its folder cannot be read: {fault}", station.name));
        }
        for (name, why) in &seen.refused {
            alarms.push(format!("station {}: {name} is {why}", station.name));
        }
        let last = last_file.map_or_else(|| "never".into(), |at| at.strftime("%Y-%m-%d %H:%M").to_string());
        rows.push(vec![station.name.clone(), last, backlog.to_string(), seen.ignored.join(", ")]);
        stations.push(json!({
            "name": station.name,
            "last_file": last_file,
            "backlog": backlog,
            "ignored": seen.ignored,
        }));
    }
    for row in status.stations.iter().filter(|row| door.config.stations.iter().all(|s| s.name != row.name)) {
        stations.push(
            json!({ "name": row.name, "last_file": row.last_file, "backlog": row.backlog, "ignored": [] }),
        );
    }
    let running = door.archive.line_is_alive();
    if arguments.json {
        let mut value = serde_json::to_value(&status)?;
        value["stations"] = json!(stations);
        value["alarms"] = json!(alarms);
        value["running"] = json!(running);
        value["index_behind"] = json!(super::changes_behind(&door)?);
        show::json(&value)?;
        return Ok(Outcome::Done);
    }
    show::line(if running { "The line is running." } else { "The line is not running: `chartroom run`." });
    show::line(format!(
        "{}, {} of them waiting to be read; {} on the worklist",
        show::count(status.batches, "batch", "batches"),
        status.waiting,
        show::count(status.worklist, "exception", "exceptions"),
    ));
    if let Some(seconds) = status.oldest_waiting_s {
        show::line(format!("The oldest has waited {} minutes.", seconds / 60));
    }
    if !rows.is_empty() {
        show::line("");
        show::table(&["station", "last file (UTC)", "backlog", "left alone"], &rows);
    }
    for alarm in &alarms {
        for line in show::wrapped(&format!("! {alarm}"), 78) {
            show::line(line);
        }
    }
    Ok(Outcome::Done)
}
