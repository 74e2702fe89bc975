//! Which files of a station folder make up a job that is complete?

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use records::batch::Grouping;
use records::exception::Reason;

use super::look::{Found, Look, look_below};
use super::settle::{Settling, done_marker};
use super::sidecar::pair;
use super::{manifest, names};
use crate::settings::{Intake, Station};

/// Files to be claimed together. Order and gaps are found again from the claim itself, so that a crash loses
/// nothing; only what cannot be seen there is carried along.
pub(crate) struct Job {
    /// A whole folder, or files of one folder. Of a `file` station each is a job of its own, claimed in one go.
    pub(crate) paths: Vec<PathBuf>,
    /// Markers that go with them.
    pub(crate) markers: Vec<PathBuf>,
    pub(crate) held: Option<Reason>,
    /// Where the first cannot be had, nothing is taken: it is the index file of the others.
    pub(crate) whole: bool,
}

/// Files of a `file` station in one claim.
pub(crate) const AT_ONCE: usize = 128;

impl Job {
    pub(crate) fn of(path: PathBuf) -> Self {
        Self { paths: vec![path], markers: Vec::new(), held: None, whole: false }
    }

    fn held(path: PathBuf, reason: Reason) -> Self {
        Self { held: Some(reason), ..Self::of(path) }
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
        Grouping::File => Ok(single_files(station, seen, settling, intake, now)),
        Grouping::Folder => folders(seen, settling, intake, now),
        Grouping::Manifest => Ok(manifests(seen, settling, intake, now)),
    }
}

/// Every settled file is a job, with its sidecar if the station writes any. `.done` markers go with their file.
fn single_files(
    station: &Station,
    seen: &Look,
    settling: &mut Settling,
    intake: &Intake,
    now: Instant,
) -> Vec<Job> {
    let markers: HashSet<&Path> =
        seen.files.iter().map(|file| file.path.as_path()).filter(|p| is_marker(p)).collect();
    let mut jobs: Vec<Job> = Vec::new();
    let paired = pair(&seen.files, station.sidecar);
    for (scan, sidecar) in paired.scans {
        let wanted = station.sidecar.ending().is_some();
        let whole = settling.settled(&scan.path, &scan.metadata, intake, now);
        let beside = sidecar.is_none_or(|s| settling.still_for(&s.path, &s.metadata, now) >= intake.settle());
        let waited = settling.still_for(&scan.path, &scan.metadata, now) >= intake.manifest_wait();
        if !whole || !beside || wanted && sidecar.is_none() && !waited {
            continue;
        }
        let held = (wanted && sidecar.is_none()).then_some(Reason::PageGap);
        let marker = done_marker(&scan.path);
        let markers = if markers.contains(marker.as_path()) { vec![marker] } else { Vec::new() };
        let paths = std::iter::once(scan).chain(sidecar).map(|file| file.path.clone()).collect();
        let job = Job { paths, markers, held, whole: false };
        match jobs.last_mut() {
            Some(last) if fits(last, &job) => {
                last.paths.extend(job.paths);
                last.markers.extend(job.markers);
            }
            _ => jobs.push(job),
        }
    }
    for lone in paired.lone {
        if settling.still_for(&lone.path, &lone.metadata, now) >= intake.manifest_wait() {
            jobs.push(Job::held(lone.path.clone(), Reason::PageGap));
        }
    }
    jobs
}

/// Names in a claim must differ, so all its files are of one folder.
fn fits(claim: &Job, next: &Job) -> bool {
    claim.held.is_none()
        && next.held.is_none()
        && claim.paths.len() < AT_ONCE
        && claim.paths[0].parent() == next.paths[0].parent()
}

/// Every closed sub-folder is a job; a loose file beside them is one that is held.
fn folders(seen: &Look, settling: &mut Settling, intake: &Intake, now: Instant) -> std::io::Result<Vec<Job>> {
    let mut jobs = Vec::new();
    for folder in &seen.folders {
        // It may have gone meanwhile; the next look knows better.
        let Ok(inside) = look_below(folder) else { continue };
        if closed(folder, &inside, settling, intake, now) {
            let marker = done_marker(folder);
            let markers = if marker.exists() { vec![marker] } else { Vec::new() };
            jobs.push(Job { markers, ..Job::of(folder.clone()) });
        }
    }
    for file in seen.files.iter().filter(|file| !is_marker(&file.path)) {
        let still = settling.still_for(&file.path, &file.metadata, now);
        if still >= intake.job_quiet() && settling.settled(&file.path, &file.metadata, intake, now) {
            jobs.push(Job::held(file.path.clone(), Reason::LateFile));
        }
    }
    Ok(jobs)
}

/// Whether a job folder, ours already or not yet, is complete: nothing in it is still written, and it says so itself
/// or has been quiet long enough.
pub(crate) fn closed(
    folder: &Path,
    inside: &Look,
    settling: &mut Settling,
    intake: &Intake,
    now: Instant,
) -> bool {
    let done = folder.join(".done").exists() || done_marker(folder).exists();
    let mut quiet = intake.job_quiet();
    for file in &inside.files {
        quiet = quiet.min(settling.still_for(&file.path, &file.metadata, now));
    }
    let all_whole = inside.files.iter().all(|file| settling.settled(&file.path, &file.metadata, intake, now));
    // A name that says "still being written" is believed for as long as a file without its end.
    let unfinished = unfinished(inside).filter_map(|path| Some((path, path.symlink_metadata().ok()?)));
    let all_named = unfinished
        .into_iter()
        .all(|(path, m)| settling.still_for(path, &m, now) >= intake.incomplete_after());
    !inside.files.is_empty() && all_whole && all_named && (done || quiet >= intake.job_quiet())
}

/// What lies in a job folder under a name that says it is not finished.
pub(crate) fn unfinished(inside: &Look) -> impl Iterator<Item = &PathBuf> {
    inside.ignored.iter().filter(|path| names::is_unfinished(&super::look::shown(path)))
}

/// Every index file whose files have all settled is a job; one that waited too long is a job with a gap. Files
/// that no index names are held once they have waited as long.
fn manifests(seen: &Look, settling: &mut Settling, intake: &Intake, now: Instant) -> Vec<Job> {
    let mut jobs = Vec::new();
    let mut named: HashSet<PathBuf> = HashSet::new();
    let there: HashMap<&Path, &Found> = seen.files.iter().map(|file| (file.path.as_path(), file)).collect();
    for index in seen.files.iter().filter(|file| is_index(&file.path)) {
        let still = settling.still_for(&index.path, &index.metadata, now);
        if still < intake.settle() {
            continue;
        }
        let waited = still >= intake.manifest_wait();
        let Ok(manifest) = manifest::read_file(&index.path) else {
            if waited {
                jobs.push(Job::held(index.path.clone(), Reason::PageGap));
            }
            continue;
        };
        let folder = index.path.parent().unwrap_or(Path::new("."));
        let wanted: Vec<PathBuf> = manifest.files.iter().map(|name| folder.join(name)).collect();
        let here: Vec<&Found> = wanted.iter().filter_map(|path| there.get(path.as_path()).copied()).collect();
        let all_there = !wanted.is_empty() && here.len() == wanted.len();
        let all_whole = here.iter().all(|file| settling.settled(&file.path, &file.metadata, intake, now));
        if all_whole && (all_there || waited) {
            let mut paths = vec![index.path.clone()];
            paths.extend(here.iter().map(|file| file.path.clone()));
            let held = (!all_there).then_some(Reason::PageGap);
            jobs.push(Job { paths, markers: Vec::new(), held, whole: true });
        }
        named.extend(wanted);
    }
    let no_index_names =
        seen.files.iter().filter(|f| !is_index(&f.path) && !is_marker(&f.path) && !named.contains(&f.path));
    for file in no_index_names {
        if settling.still_for(&file.path, &file.metadata, now) >= intake.manifest_wait() {
            jobs.push(Job::held(file.path.clone(), Reason::LateFile));
        }
    }
    jobs
}

pub(crate) fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending))
}

pub(crate) fn is_marker(path: &Path) -> bool {
    has_ending(path, "done")
}

pub(crate) fn is_index(path: &Path) -> bool {
    has_ending(path, "csv") || has_ending(path, "xml")
}
