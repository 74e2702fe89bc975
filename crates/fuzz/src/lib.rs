//! Feeds broken input to a function until it breaks.
//!
//! For tests on stable Rust: first what broke it before, then seeds, then seeds that are changed at random, the same in
//! every run. All of it in a child process with little memory, since a decoder may abort or hang; what it was fed last
//! is then in a file. The long run with coverage is `cargo xtask soak fuzz`, over the same functions.

mod mutate;
mod run;

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

pub use run::{Target, run};

/// The files of a folder and below, in order, none larger than `most` bytes; empty where there is no such folder.
///
/// # Panics
/// If a file cannot be read.
pub fn seeds(folder: &Path, endings: &[&str], most: u64) -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    collect(folder, &mut paths);
    paths.sort();
    let fits = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        (endings.is_empty() || endings.contains(&ending))
            && path.metadata().is_ok_and(|about| about.len() <= most)
    };
    paths.iter().filter(|path| fits(path)).map(|path| std::fs::read(path).expect("a readable seed")).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, paths) } else { paths.push(path) }
    }
}

/// Real files from elsewhere, where they are there.
pub fn corpus() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    std::env::var_os("CHARTROOM_CORPUS").map_or(beside, PathBuf::from)
}

/// A file with these bytes that is in memory only, opened at its start.
///
/// # Panics
/// If the system gives none.
pub fn file(bytes: &[u8]) -> File {
    let memory =
        rustix::fs::memfd_create("input", rustix::fs::MemfdFlags::CLOEXEC).expect("a file in memory");
    let mut file = File::from(memory);
    file.write_all(bytes).expect("memory for the input");
    file.seek(SeekFrom::Start(0)).expect("a place to start at");
    file
}
