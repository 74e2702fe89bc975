//! Which files of a station folder make up a job that is complete?

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use records::batch::Grouping;
use records::exception::Reason;

use super::look::{Look, look};
use super::manifest;
use super::settle::Settling;
use crate::settings::{Intake, Station};

/// Files to be claimed together. Order and gaps are found again from the claim itself, so that a crash loses
/// nothing; only what cannot be seen there is carried along.
pub(crate) struct Job {
    /// A whole folder, or files of one folder.
    pub(crate) paths: Vec<PathBuf>,
    /// Markers that go once the job is claimed.
    pub(crate) markers: Vec<PathBuf>,
    pub(crate) held: Option<Reason>,
}

impl Job {
    fn of(path: PathBuf) -> Self {
        Self { paths: vec![path], markers: Vec::new(), held: None }
    }
}

/// The jobs that are complete now.
pub(crate) fn complete(
    station: &Station,
    seen: &Look,
    settling: &mut Settling,
    intake: &Intake,
    now: Instant,
) -> std::io::Result<Vec<Job>> {
    match station.group {
        Grouping::File => Ok(single_files(seen, settling, intake, now)),
        Grouping::Folder => folders(seen, settling, intake, now),
        Grouping::Manifest => manifests(seen, settling, intake, now),
    }
}

/// Every settled file is a job. `.done` markers go with their file.
fn single_files(seen: &Look, settling: &mut Settling, intake: &Intake, now: Instant) -> Vec<Job> {
    let mut jobs = Vec::new();
    for file in seen.files.iter().filter(|file| !is_marker(&file.path)) {
        if settling.settled(&file.path, &file.metadata, intake, now) {
            let marker = super::settle::done_marker(&file.path);
            let markers = if marker.exists() { vec![marker] } else { Vec::new() };
            jobs.push(Job { markers, ..Job::of(file.path.clone()) });
        }
    }
    jobs
}

/// Every closed sub-folder is a job; a loose file beside them is one that is held.
fn folders(seen: &Look, settling: &mut Settling, intake: &Intake, now: Instant) -> std::io::Result<Vec<Job>> {
    let mut jobs = Vec::new();
    for folder in &seen.folders {
        let inside = look(folder)?;
        let marker = super::settle::done_marker(folder);
        let done = folder.join(".done").exists() || marker.exists();
        let mut quiet = intake.job_quiet();
        for file in &inside.files {
            quiet = quiet.min(settling.still_for(&file.path, &file.metadata, now));
        }
        let all_whole =
            inside.files.iter().all(|file| settling.settled(&file.path, &file.metadata, intake, now));
        let closed = if done { all_whole } else { all_whole && quiet >= intake.job_quiet() };
        if closed && !inside.files.is_empty() {
            let markers = if marker.exists() { vec![marker] } else { Vec::new() };
            jobs.push(Job { markers, ..Job::of(folder.clone()) });
        }
    }
    for file in seen.files.iter().filter(|file| !is_marker(&file.path)) {
        let still = settling.still_for(&file.path, &file.metadata, now);
        if still >= intake.job_quiet() && settling.settled(&file.path, &file.metadata, intake, now) {
            jobs.push(Job { held: Some(Reason::LateFile), ..Job::of(file.path.clone()) });
        }
    }
    Ok(jobs)
}

/// Every index file whose files have all settled is a job; one that waited too long is a job with a gap. Files
/// that no index names are held once they have waited as long.
fn manifests(
    seen: &Look,
    settling: &mut Settling,
    intake: &Intake,
    now: Instant,
) -> std::io::Result<Vec<Job>> {
    let mut jobs = Vec::new();
    let mut named: Vec<PathBuf> = Vec::new();
    for index in seen.files.iter().filter(|file| is_index(&file.path)) {
        let still = settling.still_for(&index.path, &index.metadata, now);
        if still < intake.settle() {
            continue;
        }
        let folder = index.path.parent().unwrap_or(Path::new("."));
        let Ok(manifest) = manifest::read(&std::fs::read(&index.path)?) else {
            if still >= intake.manifest_wait() {
                jobs.push(Job { held: Some(Reason::PageGap), ..Job::of(index.path.clone()) });
            }
            continue;
        };
        let wanted: Vec<PathBuf> = manifest.files.iter().map(|name| folder.join(name)).collect();
        named.extend(wanted.iter().cloned());
        let there: Vec<_> = seen.files.iter().filter(|file| wanted.contains(&file.path)).collect();
        let all_there = !wanted.is_empty() && wanted.iter().all(|w| there.iter().any(|file| file.path == *w));
        let all_whole = there.iter().all(|file| settling.settled(&file.path, &file.metadata, intake, now));
        if all_whole && (all_there || still >= intake.manifest_wait()) {
            let mut paths = vec![index.path.clone()];
            paths.extend(there.iter().map(|file| file.path.clone()));
            jobs.push(Job { paths, markers: Vec::new(), held: (!all_there).then_some(Reason::PageGap) });
        }
    }
    for file in
        seen.files.iter().filter(|f| !is_index(&f.path) && !is_marker(&f.path) && !named.contains(&f.path))
    {
        let still: Duration = settling.still_for(&file.path, &file.metadata, now);
        if still >= intake.manifest_wait() {
            jobs.push(Job { held: Some(Reason::LateFile), ..Job::of(file.path.clone()) });
        }
    }
    Ok(jobs)
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending))
}

pub(crate) fn is_marker(path: &Path) -> bool {
    has_ending(path, "done")
}

pub(crate) fn is_index(path: &Path) -> bool {
    has_ending(path, "csv")
}
