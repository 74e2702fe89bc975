//! How does an alarm reach somebody?
//!
//! `[alarms] command` is run with the alarm as JSON on its standard input, once when it begins and again every
//! `repeat_hours` while it lasts. It is a program and its arguments, never a line for a shell.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use pipeline::Stop;
use serde::{Deserialize, Serialize};
use tracing::{info, warn};

use crate::archive_door::Door;
use crate::standing::{Alarm, Standing};

/// `[alarms]`: whom to tell, and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Alarms {
    /// A program and its arguments, parted by spaces.
    pub(crate) command: Option<String>,
    /// Hours after which an alarm that lasts is told again.
    pub(crate) repeat_hours: u32,
    /// Hours after which a verified backup is too old; 0: none is expected.
    pub(crate) backup_hours: u32,
}

impl Default for Alarms {
    fn default() -> Self {
        Self { command: None, repeat_hours: 24, backup_hours: 24 }
    }
}

/// Who has been told what.
pub(crate) struct Bell {
    settings: Alarms,
    /// By kind and station: when it was told last.
    told: BTreeMap<(&'static str, Option<String>), Instant>,
}

impl Bell {
    pub(crate) fn of(settings: &Alarms) -> Self {
        Self { settings: settings.clone(), told: BTreeMap::new() }
    }

    /// Tells what is new or has lasted; forgets what is over.
    pub(crate) fn ring(&mut self, alarms: &[Alarm], now: Instant) {
        let key = |alarm: &Alarm| (alarm.kind, alarm.station.clone());
        let over = |known: &(&'static str, Option<String>)| alarms.iter().all(|alarm| key(alarm) != *known);
        self.told.retain(|known, _| {
            let over = over(known);
            if over {
                info!(kind = known.0, station = known.1, "the alarm is over");
            }
            !over
        });
        let again = Duration::from_secs(u64::from(self.settings.repeat_hours.max(1)) * 3600);
        for alarm in alarms {
            let told = self.told.get(&key(alarm));
            if told.is_some_and(|at| now.duration_since(*at) < again) {
                continue;
            }
            warn!(kind = alarm.kind, station = alarm.station, "{}", alarm.text);
            if let Some(command) = &self.settings.command {
                tell(command, alarm);
            }
            self.told.insert(key(alarm), now);
        }
    }
}

/// Runs the command; one that hangs is killed.
fn tell(command: &str, alarm: &Alarm) {
    const LIMIT: Duration = Duration::from_secs(10);
    let began = Instant::now();
    let ended = start(command, alarm).and_then(|mut child| {
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if began.elapsed() > LIMIT {
                child.kill()?;
                return child.wait();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    match ended {
        Ok(status) if status.success() => {}
        Ok(status) => {
            warn!(kind = alarm.kind, %status, "the alarm command failed; it is not run again for this")
        }
        Err(error) => {
            warn!(kind = alarm.kind, %error, "the alarm command cannot be run; see [alarms] command")
        }
    }
}

fn start(command: &str, alarm: &Alarm) -> std::io::Result<Child> {
    let mut words = command.split_whitespace();
    let mut child = Command::new(words.next().unwrap_or_default())
        .args(words)
        .env("CHARTROOM_ALARM_KIND", alarm.kind)
        .env("CHARTROOM_ALARM_TEXT", &alarm.text)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // One that does not listen is told by its environment.
        let _ = writeln!(input, "{}", serde_json::to_string(alarm)?);
    }
    Ok(child)
}

/// Looks every few seconds until told to stop.
pub(crate) fn watch(door: &Door, stop: &Stop) {
    const PAUSE: Duration = Duration::from_secs(5);
    let mut bell = Bell::of(&door.config.alarms);
    while !stop.is_set() {
        match Standing::now(door) {
            Ok(standing) => bell.ring(&standing.alarms, Instant::now()),
            Err(error) => warn!(error = format!("{error:#}"), "how it stands cannot be told just now"),
        }
        stop.pause(PAUSE);
    }
}
