//! When has a dropped file stopped changing?
//!
//! Size and time must stand still, and the format's own end mark must be there. Looking for the mark is
//! byte-level and bounded (head, tail, TIFF directory chain): nothing is decoded here.

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::settings::Intake;

/// What the sweeps have seen of files that are not yet taken.
#[derive(Default)]
pub(crate) struct Settling {
    seen: BTreeMap<PathBuf, Observed>,
}

#[derive(Clone, Copy)]
struct Observed {
    stamp: Stamp,
    /// When this stamp was first seen, by our own clock: the file's may be wrong or turned back.
    since: Instant,
}

/// A file as it was: any difference means somebody is still writing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stamp {
    pub(crate) device: u64,
    pub(crate) inode: u64,
    pub(crate) size: u64,
    /// Seconds and nanoseconds since 1970, as the file says.
    pub(crate) modified: (i64, i64),
}

impl Stamp {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
        }
    }
}

impl Settling {
    /// How long the file has stood still, counting this look.
    pub(crate) fn still_for(&mut self, path: &Path, metadata: &Metadata, now: Instant) -> Duration {
        let stamp = Stamp::of(metadata);
        let observed = self.seen.entry(path.to_path_buf()).or_insert_with(|| Observed { stamp, since: now });
        if observed.stamp != stamp {
            *observed = Observed { stamp, since: now };
        }
        now.duration_since(observed.since)
    }

    /// Whether a file may be taken now.
    pub(crate) fn settled(
        &mut self,
        path: &Path,
        metadata: &Metadata,
        intake: &Intake,
        now: Instant,
    ) -> bool {
        let still = self.still_for(path, metadata, now);
        still >= intake.incomplete_after()
            || still >= intake.settle() && (marked_done(path) || has_end_mark(path).unwrap_or(false))
    }

    /// A file or folder has another place now; it stands still since when it stood still before.
    pub(crate) fn moved(&mut self, from: &Path, to: &Path) {
        let below = self.seen.range(from.to_path_buf()..).take_while(|(path, _)| path.starts_with(from));
        let below: Vec<(PathBuf, Observed)> = below.map(|(path, seen)| (path.clone(), *seen)).collect();
        for (path, observed) in below {
            self.seen.remove(&path);
            let inside = path.strip_prefix(from).unwrap_or(Path::new(""));
            let place = if inside.as_os_str().is_empty() { to.to_path_buf() } else { to.join(inside) };
            self.seen.insert(place, observed);
        }
    }

    /// The file as it was when it was last looked at.
    pub(crate) fn stamp(&self, path: &Path) -> Option<Stamp> {
        self.seen.get(path).map(|observed| observed.stamp)
    }

    pub(crate) fn forget(&mut self, path: &Path) {
        self.seen.remove(path);
    }

    /// Forgets everything that is no longer there.
    pub(crate) fn keep(&mut self, present: impl Fn(&Path) -> bool) {
        self.seen.retain(|path, _| present(path));
    }

    pub(crate) fn waiting(&self) -> usize {
        self.seen.len()
    }
}

/// `scan.pdf.done` beside `scan.pdf` says that the scanner is finished with it.
pub(crate) fn done_marker(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".done");
    PathBuf::from(name)
}

fn marked_done(path: &Path) -> bool {
    done_marker(path).exists()
}

/// Whether the format's own end is there. Formats we do not read have none and count as whole.
fn has_end_mark(path: &Path) -> std::io::Result<bool> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut head = [0; 16];
    let got = read_up_to(&mut file, &mut head)?;
    let head = &head[..got];
    Ok(match head {
        [0xFF, 0xD8, ..] => holds(&tail(&mut file, size, 4096)?, &[0xFF, 0xD9]),
        [0x89, b'P', b'N', b'G', ..] => holds(&tail(&mut file, size, 64)?, b"IEND"),
        [b'%', b'P', b'D', b'F', ..] => holds(&tail(&mut file, size, 2048)?, b"%%EOF"),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => tiff_chain_is_whole(&mut file, size)?,
        [] => false, // still empty: the copy has hardly begun
        _ => true,
    })
}

fn read_up_to(file: &mut File, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut got = 0;
    while got < buffer.len() {
        match file.read(&mut buffer[got..])? {
            0 => break,
            n => got += n,
        }
    }
    Ok(got)
}

fn tail(file: &mut File, size: u64, length: u64) -> std::io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(size.saturating_sub(length)))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn holds(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.windows(mark.len()).any(|window| window == mark)
}

/// Follows the directories of a TIFF to the last: each must lie inside the file. Bounded by the number of
/// directories a file of this size can hold, so a loop ends.
fn tiff_chain_is_whole(file: &mut File, size: u64) -> std::io::Result<bool> {
    let mut head = [0; 16];
    file.seek(SeekFrom::Start(0))?;
    if read_up_to(file, &mut head)? < 16 {
        return Ok(false);
    }
    let little = head[0] == b'I';
    let number = |bytes: &[u8]| -> u64 {
        let fold = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        if little { bytes.iter().rev().fold(0, fold) } else { bytes.iter().fold(0, fold) }
    };
    let big = number(&head[2..4]) == 43;
    let (count_bytes, entry_bytes, offset_bytes) = if big { (8, 20, 8) } else { (2, 12, 4) };
    let mut next = if big { number(&head[8..16]) } else { number(&head[4..8]) };
    let most = size / 18 + 1;
    for _ in 0..most.min(100_000) {
        if next == 0 {
            return Ok(true);
        }
        let mut count = [0; 8];
        file.seek(SeekFrom::Start(next))?;
        if next >= size || read_up_to(file, &mut count[..count_bytes])? < count_bytes {
            return Ok(false);
        }
        let entries = number(&count[..count_bytes]);
        let Some(link) =
            entries.checked_mul(entry_bytes).and_then(|n| n.checked_add(next + count_bytes as u64))
        else {
            return Ok(false);
        };
        let mut offset = [0; 8];
        file.seek(SeekFrom::Start(link))?;
        if read_up_to(file, &mut offset[..offset_bytes])? < offset_bytes {
            return Ok(false);
        }
        next = number(&offset[..offset_bytes]);
    }
    Ok(true) // a loop: as whole as it will ever be; decoding says what is wrong with it
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        file
    }

    #[test]
    fn a_half_written_file_has_no_end_mark() {
        for half in [
            b"%PDF-1.7 and so on".as_slice(),
            &[0xFF, 0xD8, 0xFF, 0xE0, 0, 0],
            b"\x89PNG\r\n\x1a\n....",
            b"II*\0\x00\x01\x00\x00........",
            b"",
        ] {
            assert!(!has_end_mark(file(half).path()).unwrap(), "{half:?}");
        }
    }

    #[test]
    fn a_whole_file_has_one() {
        let tiff = [b"II*\0\x08\0\0\0".as_slice(), &[1, 0], &[0; 12], &[0; 4], &[0; 8]].concat();
        for whole in [b"%PDF-1.7\n%%EOF\n".as_slice(), &[0xFF, 0xD8, 1, 2, 0xFF, 0xD9], &tiff, b"plain text"]
        {
            assert!(has_end_mark(file(whole).path()).unwrap(), "{whole:?}");
        }
    }

    #[test]
    fn a_file_that_still_grows_is_not_settled() {
        let growing = file(b"%PDF-1.7\n%%EOF\n");
        let intake = Intake::default();
        let mut settling = Settling::default();
        let start = Instant::now();
        let look = |settling: &mut Settling, after: u64| {
            let metadata = growing.path().metadata().unwrap();
            settling.settled(growing.path(), &metadata, &intake, start + Duration::from_secs(after))
        };
        assert!(!look(&mut settling, 0));
        std::fs::write(growing.path(), b"%PDF-1.7 longer now\n%%EOF\n").unwrap();
        assert!(!look(&mut settling, 3), "it changed since the last look");
        assert!(!look(&mut settling, 4));
        assert!(look(&mut settling, 5));
    }

    #[test]
    fn a_file_that_never_ends_is_taken_in_the_end() {
        let half = file(b"%PDF-1.7 cut");
        let mut settling = Settling::default();
        let start = Instant::now();
        let metadata = half.path().metadata().unwrap();
        assert!(!settling.settled(half.path(), &metadata, &Intake::default(), start));
        let later = start + Duration::from_secs(601);
        assert!(settling.settled(half.path(), &metadata, &Intake::default(), later));
    }
}
