//! What lies in a folder right now?

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::names;

/// One look at a folder. Names are kept as the system gives them; what is shown of them is lossy.
#[derive(Default)]
pub(crate) struct Look {
    /// Regular files, in natural order.
    pub(crate) files: Vec<Found>,
    /// Sub-folders, in natural order.
    pub(crate) folders: Vec<PathBuf>,
    /// Left where they are.
    pub(crate) ignored: Vec<PathBuf>,
    /// Cannot be taken, and why.
    pub(crate) refused: Vec<(PathBuf, &'static str)>,
}

pub(crate) struct Found {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) metadata: Metadata,
}

/// Folders in folders in folders: deeper than this nobody files, but a loop of mounts does.
const DEEPEST: usize = 16;

/// Reads one folder, not what is below it. A file that vanishes meanwhile is not there.
pub(crate) fn look(folder: &Path) -> std::io::Result<Look> {
    let mut look = Look::default();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = shown(&path);
        if names::is_ignored(&name) {
            look.ignored.push(path);
            continue;
        }
        // Of the entry itself: a symbolic link is seen as one and never followed.
        let Ok(metadata) = path.symlink_metadata() else { continue };
        if metadata.is_dir() {
            look.folders.push(path);
        } else if metadata.is_file() {
            look.files.push(Found { path, name, metadata });
        } else if metadata.is_symlink() {
            look.refused.push((path, "a symbolic link; copy the scan itself here"));
        } else {
            look.refused.push((path, "not a regular file; copy the scan itself here"));
        }
    }
    look.files.sort_by(|a, b| names::natural_order(&a.name, &b.name));
    look.folders.sort_by(|a, b| names::natural_order(&shown(a), &shown(b)));
    look.ignored.sort();
    Ok(look)
}

/// As [`look`], and everything below: the files of a folder, then those of its sub-folders.
pub(crate) fn look_below(folder: &Path) -> std::io::Result<Look> {
    let mut all = look(folder)?;
    descend(&mut all, DEEPEST);
    Ok(all)
}

/// A station's folder: without what is ours in it, and without files that have another name elsewhere.
pub(crate) fn look_at_station(folder: &Path) -> std::io::Result<Look> {
    let mut seen = look(folder)?;
    seen.without_ours(folder);
    seen.refuse_hard_links();
    Ok(seen)
}

/// As [`look_at_station`], and everything below.
pub(crate) fn look_below_station(folder: &Path) -> std::io::Result<Look> {
    let mut all = look_for_import(folder)?;
    all.refuse_hard_links();
    Ok(all)
}

/// Everything below a folder, which may be a station's: what stays where it is may have other names.
pub(crate) fn look_for_import(folder: &Path) -> std::io::Result<Look> {
    let mut all = look(folder)?;
    all.without_ours(folder);
    descend(&mut all, DEEPEST);
    Ok(all)
}

fn descend(all: &mut Look, depth: usize) {
    for folder in std::mem::take(&mut all.folders) {
        if depth == 0 {
            all.refused.push((folder, "a folder too deep in other folders; move it up"));
            continue;
        }
        // It may have gone meanwhile; the next look knows better.
        let Ok(mut inner) = look(&folder) else { continue };
        descend(&mut inner, depth - 1);
        all.files.append(&mut inner.files);
        all.ignored.append(&mut inner.ignored);
        all.refused.append(&mut inner.refused);
    }
}

impl Look {
    fn without_ours(&mut self, station: &Path) {
        self.folders.retain(|inner| *inner != station.join(names::TAKEN));
        self.ignored.retain(|inner| *inner != station.join(names::CLAIMS));
    }

    /// Whoever holds the other name of a file can still change it.
    fn refuse_hard_links(&mut self) {
        let refused = &mut self.refused;
        self.files.retain(|file| {
            let alone = file.metadata.nlink() <= 1;
            if !alone {
                refused.push((file.path.clone(), "a hard link; copy the scan itself here"));
            }
            alone
        });
    }
}

/// The last part of a path, as far as it can be shown.
pub(crate) fn shown(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_refused_with_what_to_do_and_never_followed() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(elsewhere.path().join("secret.tif"), "x").unwrap();
        symlink(elsewhere.path(), at("linked folder")).unwrap();
        symlink(elsewhere.path().join("secret.tif"), at("linked.tif")).unwrap();
        std::fs::hard_link(elsewhere.path().join("secret.tif"), at("hard.tif")).unwrap();
        std::fs::write(at("scan.tif"), "x").unwrap();
        let seen = look_below_station(folder.path()).unwrap();
        assert_eq!(seen.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["scan.tif"]);
        assert_eq!(seen.refused.len(), 3);
        assert!(seen.refused.iter().all(|(_, why)| why.contains("copy the scan itself")));
    }

    #[test]
    fn what_lies_deeper_comes_after_in_natural_order_and_ours_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["b.tif", "10/x.tif", "9/y.tif", "9/taken/z.tif", "taken/old.tif", ".chartroom/e/n/c.tif"]
        {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        let seen = look_below_station(folder.path()).unwrap();
        let names: Vec<_> = seen.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["b.tif", "y.tif", "z.tif", "x.tif"]);
        assert!(seen.ignored.is_empty());
    }
}
