//! How does an alarm reach somebody?
//!
//! `[alarms] command` is run with the alarm as JSON on its standard input, once when it begins and again every
//! `repeat_hours` while it lasts; one that fails is run again after five minutes. It is a program and its arguments, never a line for a shell.

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
    /// By kind and station: when it is told again.
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
            if self.told.get(&key(alarm)).is_some_and(|due| now < *due) {
                continue;
            }
            warn!(kind = alarm.kind, station = alarm.station, "{}", alarm.text);
            let heard = self.settings.command.as_ref().is_none_or(|command| tell(command, alarm));
            self.told.insert(key(alarm), now + if heard { again } else { AFTER_A_FAILURE });
        }
    }
}

/// An alarm that nobody heard is told again soon.
const AFTER_A_FAILURE: Duration = Duration::from_secs(5 * 60);

/// Runs the command; one that hangs is killed. `false`: nobody heard it.
fn tell(command: &str, alarm: &Alarm) -> bool {
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
    match &ended {
        Ok(status) if status.success() => {}
        Ok(status) => warn!(kind = alarm.kind, %status, "the alarm command failed; it is run again soon"),
        Err(error) => {
            warn!(kind = alarm.kind, %error, "the alarm command cannot be run; see [alarms] command");
        }
    }
    ended.is_ok_and(|status| status.success())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A command that writes down every alarm and then exits with `code`.
    fn command(folder: &std::path::Path, code: u8) -> String {
        let script = folder.join(format!("tell{code}.sh"));
        let heard = folder.join("heard");
        std::fs::write(&script, format!("cat >> {}\nexit {code}\n", heard.display())).unwrap();
        format!("sh {}", script.display())
    }

    fn told(folder: &std::path::Path) -> usize {
        std::fs::read_to_string(folder.join("heard")).unwrap_or_default().lines().count()
    }

    fn alarm() -> Alarm {
        Alarm { kind: "silent", station: Some("er".into()), text: "nothing has come".into() }
    }

    #[test]
    fn an_alarm_is_told_once_while_it_lasts_and_again_when_it_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Alarms { command: Some(command(folder.path(), 0)), ..Alarms::default() };
        let (mut bell, start) = (Bell::of(&settings), Instant::now());
        bell.ring(&[alarm()], start);
        bell.ring(&[alarm()], start + Duration::from_secs(3600));
        assert_eq!(told(folder.path()), 1);
        bell.ring(&[alarm()], start + Duration::from_secs(25 * 3600));
        assert_eq!(told(folder.path()), 2, "it lasts for a day");
        bell.ring(&[], start);
        bell.ring(&[alarm()], start);
        assert_eq!(told(folder.path()), 3);
    }

    #[test]
    fn an_alarm_that_nobody_heard_is_told_again_soon() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Alarms { command: Some(command(folder.path(), 1)), ..Alarms::default() };
        let (mut bell, start) = (Bell::of(&settings), Instant::now());
        bell.ring(&[alarm()], start);
        bell.ring(&[alarm()], start + Duration::from_secs(60));
        assert_eq!(told(folder.path()), 1);
        bell.ring(&[alarm()], start + Duration::from_secs(301));
        assert_eq!(told(folder.path()), 2);
    }
}
