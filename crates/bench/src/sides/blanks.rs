//! Blank backs, and pages on which hardly anything stands.

use super::{Asked, backs, fresh, listed, scraps};

/// Writes `--pages` backs (420) and as many pages with a little writing.
pub(crate) fn run(rest: &[String]) -> anyhow::Result<bool> {
    let asked = Asked::from(rest, 420)?;
    let folder = fresh("bench-blanks")?;
    let fronts = backs::fronts(asked.seed)?;
    let mut lines = Vec::new();
    for number in 0..asked.pages {
        let back = backs::back(asked.seed, number, &fronts);
        let path = back.written(&folder, &format!("back-{number:04}"))?;
        lines.push(format!("{}\t{}\tblank\n", path.display(), back.kind));
        let scrap = scraps::scrap(asked.seed, number)?;
        let path = scrap.written(&folder, &format!("scrap-{number:04}"))?;
        lines.push(format!("{}\t{}\twritten\n", path.display(), scrap.kind));
    }
    listed(&folder, &lines)
}
