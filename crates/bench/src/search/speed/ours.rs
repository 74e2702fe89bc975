//! Our index over the made-up pages: what does it cost to build, and how big is it?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::bail;
use records::document::Label;
use records::ids::Epoch;
use records::rights::Scope;
use rustix::time::{ClockId, clock_gettime};
use search::{Index, IndexReader, Opened};

use super::pages::Pages;
use crate::program::say;

const EPOCH: Epoch = Epoch([7; 16]);
/// Pages between two commits: an archive that is indexed anew, not one page at a time.
const COMMIT: u64 = 50_000;
/// Few, as pages come: they are still at hand when they are indexed.
const AT_ONCE: u64 = 1;

/// What the index cost.
pub(super) struct Built {
    pub(super) wall_s: f64,
    /// Without the making of the pages.
    pub(super) cpu_s: f64,
}

/// Opens what an earlier run kept and goes on with it; `None` for the cost where there was anything.
pub(super) fn index(folder: &Path, pages: &Pages, count: u64) -> anyhow::Result<Option<Built>> {
    let mut index = match Index::open(folder, EPOCH)? {
        Opened::AsOf(index) if index.position() <= count => index,
        Opened::Fresh(index) => index,
        Opened::AsOf(_) | Opened::Rebuild(_) => {
            fs::remove_dir_all(folder)?;
            let Opened::Fresh(index) = Index::open(folder, EPOCH)? else { bail!("the index is not empty") };
            index
        }
    };
    let from = index.position();
    let mut next = from;
    let (began, before, mut making) = (Instant::now(), seconds(ClockId::ProcessCPUTime), 0.0);
    while next < count {
        let end = (next + AT_ONCE).min(count);
        let made = seconds(ClockId::ThreadCPUTime);
        let entries: Vec<_> = (next..end).map(|nth| pages.entry(nth)).collect();
        making += seconds(ClockId::ThreadCPUTime) - made;
        for entry in &entries {
            index.upsert(entry)?;
        }
        next = end;
        if next.is_multiple_of(COMMIT) || next == count {
            index.commit(next)?;
        }
        if next.is_multiple_of(500_000) {
            say(format!("  {next} pages after {:.0} s", began.elapsed().as_secs_f64()));
        }
    }
    // With the merges that are still under way.
    index.close()?;
    let cpu_s = seconds(ClockId::ProcessCPUTime) - before - making;
    Ok((from == 0).then(|| Built { wall_s: began.elapsed().as_secs_f64(), cpu_s }))
}

pub(super) fn reader(folder: &Path) -> anyhow::Result<IndexReader> {
    Ok(IndexReader::open(folder)?)
}

/// A clerk's: one label of three, no worklist.
pub(super) fn scope() -> Scope {
    Scope {
        labels: [Label("psych".into())].into(),
        worklist: false,
        excluded: BTreeSet::new(),
        excluded_pages: BTreeSet::new(),
    }
}

/// Bytes by kind of file, largest first.
pub(super) fn sizes(folder: &Path) -> anyhow::Result<Vec<(String, u64)>> {
    let mut by_kind: BTreeMap<String, u64> = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = name.rsplit('.').next().unwrap_or_default().to_owned();
        *by_kind.entry(kind).or_default() += entry.metadata()?.len();
    }
    let mut sizes: Vec<(String, u64)> = by_kind.into_iter().collect();
    sizes.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    Ok(sizes)
}

pub(super) fn seconds(clock: ClockId) -> f64 {
    let now = clock_gettime(clock);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}
