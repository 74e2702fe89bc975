//! Which small file belongs to which scan?
//!
//! Some scanners write `scan.csv` or `scan.tif.csv` (or XML) beside `scan.tif`, with the number of its sheets and
//! pages. The two are taken together; either waits for the other.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::job::{has_ending, is_marker};
use super::look::Found;
use crate::settings::Sidecar;

/// Scans with their sidecars, and sidecars whose scan has not come.
pub(crate) struct Paired<'a> {
    pub(crate) scans: Vec<(&'a Found, Option<&'a Found>)>,
    pub(crate) lone: Vec<&'a Found>,
}

pub(crate) fn pair(files: &[Found], kind: Sidecar) -> Paired<'_> {
    let (sidecars, scans): (Vec<&Found>, Vec<&Found>) = files
        .iter()
        .filter(|file| !is_marker(&file.path))
        .partition(|file| kind.ending().is_some_and(|ending| has_ending(&file.path, ending)));
    // By what they are named after: `scan` or `scan.tif`.
    let mut free: HashMap<PathBuf, &Found> =
        sidecars.iter().map(|sidecar| (sidecar.path.with_extension(""), *sidecar)).collect();
    let mut paired = Vec::with_capacity(scans.len());
    for scan in scans {
        let own: Option<&Found> = free.remove(&scan.path);
        let own = own.or_else(|| free.remove(&stem(&scan.path)));
        paired.push((scan, own));
    }
    let lone = sidecars.into_iter().filter(|sidecar| free.contains_key(&sidecar.path.with_extension("")));
    Paired { scans: paired, lone: lone.collect() }
}

fn stem(path: &Path) -> PathBuf {
    path.with_extension("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::look::look;

    #[test]
    fn a_sidecar_is_named_after_its_scan_with_or_without_its_ending() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.tif", "a.csv", "b.tif", "b.tif.CSV", "c.tif", "d.csv", "e.tif.done"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let seen = look(folder.path()).unwrap();
        let paired = pair(&seen.files, Sidecar::Csv);
        let names: Vec<_> = paired
            .scans
            .iter()
            .map(|(scan, own)| (scan.name.as_str(), own.map(|s| s.name.as_str())))
            .collect();
        assert_eq!(names, [("a.tif", Some("a.csv")), ("b.tif", Some("b.tif.CSV")), ("c.tif", None)]);
        assert_eq!(paired.lone.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["d.csv"]);
        assert_eq!(pair(&seen.files, Sidecar::None).scans.len(), 6);
    }
}
