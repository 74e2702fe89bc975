//! Bring an archive back from a backup, or one original.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, bail};
use archive::{Mended, Restored};
use clap::Args;
use pipeline::intake::{Swept, sweep_restored};
use records::ids::Digest;
use serde_json::json;

use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, clerk};
use crate::config::Config;
use crate::show;

#[derive(Args)]
pub(crate) struct RestoreArguments {
    /// The backup
    #[arg(value_name = "DIR", required_unless_present = "end_shadow")]
    from: Option<PathBuf>,
    /// Only this original (its SHA-256), into the archive that is there
    #[arg(long, value_name = "DIGEST", conflicts_with = "end_shadow")]
    object: Option<String>,
    /// The restored archive is right: what is safe files by itself again
    #[arg(long, conflicts_with = "from")]
    end_shadow: bool,
    /// Who decides
    #[arg(long = "as", value_name = "CLERK")]
    clerk: Option<String>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(place: &PlaceArguments, arguments: &RestoreArguments) -> anyhow::Result<Outcome> {
    let by = clerk(arguments.clerk.as_deref());
    match (&arguments.from, &arguments.object) {
        (Some(from), Some(object)) => mend(place, from, object, &by, arguments.json),
        (Some(from), None) => restore(place, from, &by, arguments.json),
        (None, _) => {
            if arguments.clerk.is_none() {
                bail!("a supervisor ends shadow mode by name; add --as CLERK");
            }
            Door::open(place)?.archive.end_shadow(&by)?;
            show::line("Shadow mode after the restore has ended; the configured mode counts again.");
            Ok(Outcome::Done)
        }
    }
}

fn mend(place: &PlaceArguments, from: &Path, object: &str, by: &str, json: bool) -> anyhow::Result<Outcome> {
    let digest: Digest = object.parse().ok().context("an original is named by its SHA-256: 64 hex digits")?;
    let mended = Door::open(place)?.archive.mend_original(&digest, from, by)?;
    if json {
        show::json(&json!({ "original": digest, "mended": mended == Mended::FromBackup }))?;
    } else {
        show::line(match mended {
            Mended::FromBackup => "Mended. If its batch failed over it: `chartroom retry BATCH`.",
            Mended::WasWhole => "It is whole; nothing was changed.",
        });
    }
    Ok(Outcome::Done)
}

fn restore(place: &PlaceArguments, from: &Path, by: &str, json: bool) -> anyhow::Result<Outcome> {
    let began = Instant::now();
    let restored = archive::restore(from, &place.data, by)
        .with_context(|| format!("nothing was restored into {}", place.data.display()))?;
    let (door, swept) = open(place, &restored)?;
    let pages = index_anew(&door)?;
    let full = door.archive.original_bytes()? < super::verify::FULL_UP_TO;
    let report = door.archive.verify(full)?;
    let ok = report.ok && restored.problems.is_empty() && super::index_behind(&door)? == 0;
    let seconds = began.elapsed().as_secs_f64();
    if json {
        let swept =
            swept.map(|s| json!({ "received": s.received, "duplicates": s.duplicates, "faults": s.faults }));
        show::json(&json!({
            "ok": ok,
            "backup": restored.manifest,
            "lost_from": restored.manifest.begun,
            "restored_at": restored.restored_at,
            "epoch": restored.epoch,
            "config": restored.config,
            "swept": swept,
            "shadow": true,
            "index_pages": pages,
            "verify": report,
            "problems": restored.problems,
            "seconds": seconds,
        }))?;
        return Ok(Outcome::good_if(ok));
    }
    show::line(format!(
        "{} in {} are back, {} can be found; {seconds:.1} s",
        show::count(report.pages, "page", "pages"),
        show::count(report.batches, "batch", "batches"),
        show::count(pages, "page", "pages"),
    ));
    for problem in restored.problems.iter().chain(&report.problems) {
        show::line(format!("  ! {problem}"));
    }
    for text in words(&restored, swept) {
        for line in show::wrapped(&text, 78) {
            show::line(line);
        }
    }
    Ok(Outcome::good_if(ok))
}

/// The restored archive. On an empty machine the configuration may not be in its place yet: then the stations are
/// swept by the first `run`.
fn open(place: &PlaceArguments, restored: &Restored) -> anyhow::Result<(Door, Option<Swept>)> {
    match Config::load(place.config.as_deref()) {
        Ok(config) => {
            let door = Door::open_with(place, config)?;
            let swept = match door.config.stations.is_empty() {
                true => None,
                false => sweep_restored(&door.archive, &door.config.stations)?,
            };
            Ok((door, swept))
        }
        Err(error) => {
            let beside =
                restored.config.as_ref().map_or_else(String::new, |at| format!(" ({})", at.display()));
            show::note(format!(
                "The configuration is not in its place yet; use the restored one{beside}: {error:#}"
            ));
            Ok((Door::open_with(place, Config::defaults(&place.data)?)?, None))
        }
    }
}

fn index_anew(door: &Door) -> anyhow::Result<u64> {
    let Some(_lock) = door.archive.try_become_line()? else {
        bail!(
            "a line was started on this archive before its restore had ended; stop it, then `chartroom index rebuild`"
        );
    };
    let index = pipeline::rebuild_index(&door.archive, &door.config.codes.tables()?, &door.index_folder())?;
    Ok(index.reader().pages()?.len() as u64)
}

/// What a person must know now.
fn words(restored: &Restored, swept: Option<Swept>) -> Vec<String> {
    let from = restored.manifest.begun.strftime("%Y-%m-%d %H:%M:%S UTC");
    let mut words = vec![
        format!(
            "Lost: whatever was received, filed, assigned or voided after {from}, when this backup was begun, \
             until the archive was last used."
        ),
        match swept {
            Some(swept) if swept.faults == 0 => format!(
                "Stations swept: {} that came since are received again and held as RESTORED; {} were here already.",
                show::count(swept.received, "job", "jobs"),
                swept.duplicates
            ),
            Some(_) => "Not every station could be swept; `chartroom run` goes on with it.".to_owned(),
            None => "What stations kept of that time is received again, held as RESTORED, by `chartroom run`.".into(),
        },
        "The patient index is out of date until its next full import: `chartroom patients import --full FILE`."
            .into(),
        "Nothing files by itself until a supervisor has looked: `chartroom restore --end-shadow --as CLERK`.".into(),
    ];
    if let Some(config) = &restored.config {
        words.push(format!(
            "The configuration of the backup lies in {}; compare it with yours.",
            config.display()
        ));
    }
    words
}
