//! What may be said about the line in the configuration?

use std::path::PathBuf;
use std::time::Duration;

use records::batch::{Grouping, NewBatch, Priority};
use records::document::Label;
use records::exception::Reason;
use records::ids::ArrivalId;
use records::station::{BlankBacks, Multifeed, Profile, SeparationMode};
use serde::{Deserialize, Serialize};

/// `[[station]]`: a folder that feeds us, and how what comes out of it is taken apart.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Station {
    pub name: String,
    pub folder: PathBuf,
    #[serde(default)]
    pub watch: Watch,
    #[serde(default)]
    pub group: Grouping,
    #[serde(default)]
    pub priority: Priority,
    /// What its paper is read in, as Tesseract names it; absent: as `[readers] languages` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub languages: Option<String>,
    #[serde(default)]
    pub separation: SeparationMode,
    #[serde(default = "one")]
    pub sides: u8,
    #[serde(default)]
    pub blank_backs: BlankBacks,
    #[serde(default)]
    pub multifeed: Multifeed,
    #[serde(default = "two")]
    pub file_sheets: u32,
    #[serde(default)]
    pub fax: bool,
    /// Protection labels that every document from here carries.
    #[serde(default)]
    pub labels: Vec<Label>,
    /// `group = "file"`: the small file the scanner writes beside every scan.
    #[serde(default)]
    pub sidecar: Sidecar,
    /// Hours without any file after which somebody is told; 0: never.
    #[serde(default)]
    pub silent_hours: u32,
}

fn one() -> u8 {
    1
}

fn two() -> u32 {
    2
}

impl Station {
    /// A station known by name only: what `import` takes files in under, when no other is named.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.into(),
            folder: PathBuf::new(),
            watch: Watch::default(),
            group: Grouping::File,
            priority: Priority::Normal,
            languages: None,
            separation: SeparationMode::default(),
            sides: one(),
            blank_backs: BlankBacks::default(),
            multifeed: Multifeed::default(),
            file_sheets: two(),
            fax: false,
            labels: Vec::new(),
            sidecar: Sidecar::None,
            silent_hours: 0,
        }
    }

    /// What the rules need to know of it.
    pub fn profile(&self) -> Profile {
        Profile {
            separation: self.separation,
            sides: self.sides,
            blank_backs: self.blank_backs,
            multifeed: self.multifeed,
            file_sheets: if self.fax { 0 } else { self.file_sheets },
            fax: self.fax,
            labels: self.labels.clone(),
        }
    }

    /// A job of these arrivals, in order, of which nothing was declared.
    pub(crate) fn job(&self, arrivals: Vec<ArrivalId>, held: Vec<Reason>) -> NewBatch {
        NewBatch {
            station: self.name.clone(),
            profile: self.profile(),
            priority: self.priority,
            grouping: self.group,
            arrivals,
            held,
            declared_sheets: None,
            declared_pages: None,
            job_name: None,
            upload: None,
        }
    }

    /// What is wrong with these settings, in words; empty if nothing is.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let name = &self.name;
        if name.is_empty() || name.contains(['/', '\\']) {
            problems.push(format!("station {name:?}: a name must not be empty or contain a slash"));
        }
        if !(1..=2).contains(&self.sides) {
            problems.push(format!("station {name:?}: sides is {}; it must be 1 or 2", self.sides));
        }
        if self.separation == SeparationMode::File && self.group != Grouping::File {
            problems.push(format!(
                "station {name:?}: separation = \"file\" makes one document of each original and cannot be \
                 combined with group = \"folder\" or \"manifest\"; choose another separation"
            ));
        }
        if self.sidecar != Sidecar::None && self.group != Grouping::File {
            problems.push(format!(
                "station {name:?}: sidecar goes with group = \"file\" only; leave it out, or group by file"
            ));
        }
        problems
    }
}

/// Which small file comes with every scan and says how many sheets and pages it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sidecar {
    #[default]
    None,
    /// `scan.csv` or `scan.tif.csv` beside `scan.tif`.
    Csv,
    Xml,
}

impl Sidecar {
    pub(crate) const fn ending(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Csv => Some("csv"),
            Self::Xml => Some("xml"),
        }
    }
}

/// Whether to trust the system's file events for speed. The sweep runs in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Watch {
    /// Events where they can be had, the sweep alone otherwise.
    #[default]
    Auto,
    Events,
    Poll,
}

/// `[intake]`: how long to wait for what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Intake {
    /// Seconds between two sweeps of a station folder.
    pub sweep_s: f64,
    /// Seconds for which size and time of a file whose end mark is there must stand still.
    // 2 s: slow copiers pause 1.4 s between pages. Raise if partial batches appear.
    pub settle_s: f64,
    /// Seconds after which a file without its end mark is taken as it is (and held as damaged).
    pub incomplete_after_s: f64,
    /// Seconds of quiet that close a job folder without a `.done` marker.
    pub job_quiet_s: f64,
    /// Seconds an index file waits for the files it names, and a scan for its sidecar; then the job is held with a
    /// gap.
    pub manifest_wait_s: f64,
    /// Hours for which a job's name stays its own: what comes under it again is late and held. 0: names are used
    /// again at once.
    pub late_hours: f64,
    /// Seconds after which the claims of another Chartroom that no longer runs raise an alarm.
    pub adopt_after_s: f64,
    /// Megabytes free under the data directory below which no station is swept.
    pub low_water_mb: u64,
}

impl Default for Intake {
    fn default() -> Self {
        Self {
            sweep_s: 5.0,
            settle_s: 2.0,
            incomplete_after_s: 600.0,
            job_quiet_s: 30.0,
            manifest_wait_s: 600.0,
            late_hours: 24.0,
            adopt_after_s: 3600.0,
            low_water_mb: 1024,
        }
    }
}

impl Intake {
    pub(crate) fn sweep(&self) -> Duration {
        seconds(self.sweep_s)
    }
    pub(crate) fn settle(&self) -> Duration {
        seconds(self.settle_s)
    }
    pub(crate) fn incomplete_after(&self) -> Duration {
        seconds(self.incomplete_after_s)
    }
    pub(crate) fn job_quiet(&self) -> Duration {
        seconds(self.job_quiet_s)
    }
    pub(crate) fn manifest_wait(&self) -> Duration {
        seconds(self.manifest_wait_s)
    }
    pub(crate) fn late(&self) -> Duration {
        Duration::from_secs_f64(bounded(self.late_hours * 3600.0, 0.0, 366.0 * 86_400.0))
    }
    pub(crate) fn adopt_after(&self) -> Duration {
        seconds(self.adopt_after_s)
    }
}

/// A day at most: a typing error must not make a station wait for ever.
fn seconds(value: f64) -> Duration {
    Duration::from_secs_f64(bounded(value, 0.05, 86_400.0))
}

/// TOML knows a value that is no number.
fn bounded(value: f64, least: f64, most: f64) -> f64 {
    if value.is_nan() { least } else { value.clamp(least, most) }
}
