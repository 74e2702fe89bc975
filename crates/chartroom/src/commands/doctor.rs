//! Is this installation sound, and if not, what is to be done?

use clap::Args;
use records::codes::CodeSystem;
use serde_json::json;

use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, start_readers};
use crate::show;

#[derive(Args)]
pub(crate) struct DoctorArguments {
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

/// One thing that was looked at.
struct Finding {
    good: bool,
    /// It works, and one day it may not.
    warns: bool,
    what: &'static str,
    /// How it is; where it is not good, what to do.
    words: String,
}

impl Finding {
    fn of<T>(what: &'static str, result: anyhow::Result<T>, good: impl FnOnce(T) -> String) -> Self {
        match result {
            Ok(value) => Self { good: true, warns: false, what, words: good(value) },
            Err(error) => Self { good: false, warns: false, what, words: format!("{error:#}") },
        }
    }
}

pub(crate) fn run(place: &PlaceArguments, arguments: &DoctorArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let mut findings = vec![Finding::of("reader", start_readers(&door.config.readers), |readers| {
        format!("{}, {} at a time; {}", readers.version().0, readers.jobs(), readers.confinement())
    })];
    findings.extend(languages(&door));
    findings.extend(codes(&door));
    findings.extend([
        space(place),
        file_system(place),
        Finding::of("patients", door.archive.status().map_err(Into::into), |status| {
            match status.patients_last_contact {
                Some(at) => format!("index of {}", at.strftime("%Y-%m-%d")),
                None => "none yet; nothing files by itself until `chartroom patients import`".into(),
            }
        }),
    ]);
    for station in &door.config.stations {
        findings.push(writable(station));
    }
    findings.extend(backup(&door));
    findings.extend(one_disk(&door));
    let good = findings.iter().all(|finding| finding.good);
    if arguments.json {
        let checks: Vec<_> = findings
            .iter()
            .map(|f| json!({ "ok": f.good, "warns": f.warns, "what": f.what, "words": f.words }))
            .collect();
        show::json(&json!({ "ok": good, "checks": checks }))?;
    } else {
        for finding in &findings {
            let mark = match (finding.good, finding.warns) {
                (true, false) => "ok ",
                (true, true) => "!  ",
                (false, _) => "NOT",
            };
            for (at, line) in show::wrapped(&finding.words, 60).iter().enumerate() {
                let head = if at == 0 { format!("{mark}  {:12}", finding.what) } else { " ".repeat(17) };
                show::line(format!("{head}  {line}"));
            }
        }
    }
    Ok(Outcome::good_if(good))
}

/// Each set of languages by itself, where there are several: one that is missing keeps all readers from starting.
fn languages(door: &Door) -> Vec<Finding> {
    let sets = door.config.readers.language_sets();
    if sets.len() == 1 {
        return Vec::new(); // what was said of the reader says it
    }
    let alone = |set: &String| readers::Settings {
        jobs: 1,
        languages: set.clone(),
        other_languages: Vec::new(),
        ..door.config.readers.clone()
    };
    let looked = |set| Finding::of("languages", start_readers(&alone(set)), |readers| readers.version().0);
    sets.iter().map(looked).collect()
}

/// Which tables say what is a code, and until when.
fn codes(door: &Door) -> Vec<Finding> {
    let of = |warns: bool, words: String| Finding { good: true, warns, what: "codes", words };
    let tables = match door.config.codes.tables() {
        Ok(tables) => tables,
        Err(error) => return vec![Finding::of("codes", Err::<(), _>(error), |()| String::new())],
    };
    let mut findings = Vec::new();
    // What is published has some 98,000, 79,000 and 8,000.
    for (system, least) in
        [(CodeSystem::Icd10Cm, 50_000), (CodeSystem::Icd10Pcs, 50_000), (CodeSystem::Hcpcs, 4_000)]
    {
        let own: Vec<_> = tables.releases().iter().filter(|release| release.system == system).collect();
        let (Some(first), Some(last)) = (own.first(), own.last()) else { continue };
        let (name, count) = (system.name(), tables.count(system));
        let files = show::count(own.len() as u64, "release", "releases");
        findings
            .push(of(false, format!("{name} of {} to {}: {count} codes of {files}", first.from, last.to)));
        if count < least {
            findings.push(of(true, format!("{name}: only a sample; put the published files into codes/")));
        }
        if last.to < super::search::today() {
            let ended = format!(
                "{name}: the newest release ended on {}; it stands in until the next is in codes/",
                last.to
            );
            findings.push(of(true, ended));
        }
    }
    if findings.is_empty() {
        let none =
            "no tables in codes/ beside the configuration: codes of ICD-10 and HCPCS are not recognised";
        findings.push(of(false, none.into()));
    }
    findings
}

/// Free space under the data directory.
fn space(place: &PlaceArguments) -> Finding {
    const LEAST_GB: u64 = 5;
    let free = rustix::fs::statvfs(&place.data).map(|s| s.f_bavail * s.f_frsize / 1_000_000_000);
    match free {
        Ok(free) if free >= LEAST_GB => {
            Finding { good: true, warns: false, what: "space", words: format!("{free} GB free") }
        }
        Ok(free) => Finding {
            good: false,
            warns: false,
            what: "space",
            words: format!("only {free} GB free under the data directory; make room before scanning on"),
        },
        Err(error) => {
            Finding { good: false, warns: false, what: "space", words: format!("cannot be told: {error}") }
        }
    }
}

/// The catalogue must not lie on a network file system: its locks are not to be trusted there.
fn file_system(place: &PlaceArguments) -> Finding {
    const NETWORK: [(u64, &str); 4] =
        [(0x6969, "NFS"), (0xFF53_4D42, "CIFS"), (0xFE53_4D42, "SMB"), (0x6573_5546, "FUSE")];
    let kind = rustix::fs::statfs(&place.data).map(|s| s.f_type as u64).unwrap_or_default();
    match NETWORK.iter().find(|(magic, _)| *magic == kind) {
        Some((_, name)) => Finding {
            good: false,
            warns: false,
            what: "data",
            words: format!("the data directory is on {name}; put it on a local disk"),
        },
        None => Finding { good: true, warns: false, what: "data", words: "on a local disk".into() },
    }
}

/// A folder we cannot rename in cannot be claimed from.
fn writable(station: &pipeline::settings::Station) -> Finding {
    if !station.folder.exists() {
        let words = format!("{}: its folder is made when the line starts", station.name);
        return Finding { good: true, warns: false, what: "station", words };
    }
    let access =
        rustix::fs::access(&station.folder, rustix::fs::Access::WRITE_OK | rustix::fs::Access::READ_OK);
    match access {
        Ok(()) => Finding {
            good: true,
            warns: false,
            what: "station",
            words: format!("{}: folder is there and ours to take from", station.name),
        },
        Err(error) => Finding {
            good: false,
            warns: false,
            what: "station",
            words: format!("{}: its folder cannot be read and written: {error}", station.name),
        },
    }
}

/// When everything was last safe in another place.
fn backup(door: &Door) -> Vec<Finding> {
    let of = |warns: bool, words: String| Finding { good: true, warns, what: "backup", words };
    let mut findings = match (door.archive.last_verified_backup(), door.archive.last_backup()) {
        (Ok(Some(at)), _) => vec![of(false, format!("verified, of {}", at.strftime("%Y-%m-%d %H:%M UTC")))],
        (Ok(None), Ok(_)) => {
            vec![of(true, "none is verified yet; `chartroom backup DIR`, best every night".into())]
        }
        (Err(error), _) | (_, Err(error)) => {
            vec![Finding { good: false, warns: false, what: "backup", words: error.to_string() }]
        }
    };
    if let Ok(Some(last)) = door.archive.last_backup() {
        findings.extend(
            super::backup::same_disk(door, &last.destination).into_iter().map(|words| of(true, words)),
        );
    }
    findings
}

/// A disk that fails must not take both the original and what the station keeps of it.
fn one_disk(door: &Door) -> Vec<Finding> {
    let shares = |station: &&pipeline::settings::Station| {
        super::backup::shares_device(&station.folder, door.archive.dir())
    };
    let words = |station: &pipeline::settings::Station| {
        format!(
            "{}: its folder is on one disk with the data directory; keep a backup on another",
            station.name
        )
    };
    let beside = door.config.stations.iter().filter(shares);
    beside
        .map(|station| Finding { good: true, warns: true, what: "station", words: words(station) })
        .collect()
}
