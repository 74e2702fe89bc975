//! Where do the readings of a batch rest?
//!
//! In `packs/<xy>/<batch>.pack`, append-only: the magic `CRPACK1\n`, then one record a page: page number (u32,
//! little endian), length of the frame (u32, little endian), the first 8 bytes of the frame's SHA-256, and the
//! frame: one zstd frame of the JSON of a [`PageReading`]. The last record of a page counts. A page is read
//! without touching the others; a torn tail is cut off when the pack is next opened for writing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use records::ids::{BatchId, Digest, PageNumber};
use records::reading::{Fault, FaultCode, PageReading, ReaderVersion};
use rustix::fs::{FlockOperation, flock};

use crate::error::{ArchiveError, Result};
use crate::vault::sync_folder;

const MAGIC: &[u8; 8] = b"CRPACK1\n";
const HEADER: u64 = 16;
/// zstd level: 3 halves what 1 leaves and costs a millisecond a page.
const LEVEL: i32 = 3;
/// A frame beyond this is not one of ours.
const LARGEST: u32 = 256 << 20;

/// A page whose reading is safe on disk. Made only by [`PackWriter::sync`].
#[derive(Clone, Debug)]
pub struct ReadPage {
    pub(crate) page: PageNumber,
    /// Where its record begins in the pack.
    pub(crate) offset: u64,
    /// Length of the record, header included.
    pub(crate) length: u64,
    pub(crate) reader: ReaderVersion,
    pub(crate) blank: bool,
    pub(crate) readable: bool,
    pub(crate) words: u32,
    pub(crate) confidence: f32,
}

impl ReadPage {
    pub fn page(&self) -> PageNumber {
        self.page
    }

    fn of(page: PageNumber, at: Span, reading: &PageReading) -> Self {
        Self {
            page,
            offset: at.offset,
            length: at.length,
            reader: reading.reader.clone(),
            blank: reading.blank,
            readable: reading.error.is_none(),
            words: reading.words.len() as u32,
            confidence: reading.confidence,
        }
    }
}

/// Where a record lies in its pack, bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

/// `packs/<xy>/<batch>.pack`.
pub(crate) fn pack_path(packs: &Path, batch: &BatchId) -> PathBuf {
    let name = batch.to_string();
    packs.join(&name[1..3]).join(format!("{name}.pack"))
}

/// Appends readings to a batch's pack. One at a time, between all processes.
pub struct PackWriter {
    file: File,
    /// Where the next record goes.
    end: u64,
    done: BTreeSet<PageNumber>,
    unsynced: Vec<ReadPage>,
}

impl PackWriter {
    /// Opens or creates the pack. `reported` is how far the catalogue knows it and `done` what it knows; records
    /// behind that are found again and answered as read, a torn one is cut off.
    pub(crate) fn open(
        path: &Path,
        reported: u64,
        done: BTreeSet<PageNumber>,
    ) -> Result<(Self, Vec<ReadPage>)> {
        let folder = path.parent().expect("packs lie in folders");
        fs::create_dir_all(folder).map_err(ArchiveError::io("create a folder for packs"))?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path)
            .map_err(ArchiveError::io("open a pack"))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => return Err(ArchiveError::Busy),
            Err(errno) => return Err(ArchiveError::io("lock a pack")(errno.into())),
        }
        let length = file.metadata().map_err(ArchiveError::io("look at a pack"))?.len();
        let mut magic = [0; MAGIC.len()];
        if file.read_exact_at(&mut magic, 0).is_err() {
            file.write_all_at(MAGIC, 0).map_err(ArchiveError::io("write a pack"))?;
            file.sync_all().map_err(ArchiveError::io("sync a pack"))?;
            sync_folder(folder)?;
            sync_folder(folder.parent().expect("folders of packs lie in one"))?;
        }
        if length >= MAGIC.len() as u64 && magic != *MAGIC {
            return Err(ArchiveError::damaged("a reading pack; move it away, its batch is read again"));
        }
        let mut pack = Self { file, end: reported.max(MAGIC.len() as u64), done, unsynced: Vec::new() };
        let found = pack.recover()?;
        Ok((pack, found))
    }

    /// Pages that need not be read again.
    pub fn pages_done(&self) -> &BTreeSet<PageNumber> {
        &self.done
    }

    /// Adds a page's reading; safe only after [`PackWriter::sync`].
    pub fn append(&mut self, page: PageNumber, reading: &PageReading) -> Result<()> {
        let record = record(page, reading)?;
        // Written at its place: after a failure (disk full) the next try overwrites what got through.
        self.file.write_all_at(&record, self.end).map_err(ArchiveError::io("write a reading"))?;
        let at = Span { offset: self.end, length: record.len() as u64 };
        self.end += at.length;
        self.unsynced.push(ReadPage::of(page, at, reading));
        self.done.insert(page);
        Ok(())
    }

    /// Makes everything appended safe; answers it, for [`crate::Archive::pages_read`].
    pub fn sync(&mut self) -> Result<Vec<ReadPage>> {
        if !self.unsynced.is_empty() {
            self.file.sync_data().map_err(ArchiveError::io("sync a pack"))?;
        }
        Ok(std::mem::take(&mut self.unsynced))
    }

    /// Whole records behind the reported end; what follows the last whole one is cut off.
    fn recover(&mut self) -> Result<Vec<ReadPage>> {
        let length = self.file.metadata().map_err(ArchiveError::io("look at a pack"))?.len();
        let mut found = Vec::new();
        let mut at = self.end;
        while let Some(span) = next_span(&self.file, at, length)? {
            at += span.length;
            if let Ok((page, reading)) = read_record(&self.file, span) {
                found.push(ReadPage::of(page, span, &reading));
                self.done.insert(page);
                self.end = at;
            }
        }
        if length > self.end {
            self.file.set_len(self.end).map_err(ArchiveError::io("cut a torn reading"))?;
        }
        if length != self.end || !found.is_empty() {
            self.file.sync_all().map_err(ArchiveError::io("sync a pack"))?;
        }
        Ok(found)
    }
}

/// Reads single pages of a batch's pack.
pub struct PackReader {
    file: Option<File>,
    spans: BTreeMap<PageNumber, Span>,
}

impl PackReader {
    pub(crate) fn open(path: &Path, spans: BTreeMap<PageNumber, Span>) -> Result<Self> {
        match File::open(path) {
            Ok(file) => Ok(Self { file: Some(file), spans }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self { file: None, spans }),
            Err(error) => Err(ArchiveError::io("open a pack")(error)),
        }
    }

    /// The last reading of a page; `None`: none yet.
    ///
    /// # Errors
    /// `Damaged` where the catalogue knows a reading and the pack does not have it as it was written.
    pub fn get(&self, page: PageNumber) -> Result<Option<PageReading>> {
        let Some(span) = self.spans.get(&page) else { return Ok(None) };
        let Some(file) = &self.file else { return Err(damaged()) };
        let (found, reading) = read_record(file, *span)?;
        if found == page { Ok(Some(reading)) } else { Err(damaged()) }
    }

    /// Each of these pages with its reading. A page without one is one that could not be read: it is never passed over.
    pub fn all(&self, pages: &[PageNumber]) -> Result<Vec<(PageNumber, PageReading)>> {
        let missing = |page: PageNumber| {
            let fault = Fault::new(FaultCode::PageUnreadable, format!("page {page} has no reading"));
            PageReading::unreadable(fault, ReaderVersion("none".into()))
        };
        pages.iter().map(|page| Ok((*page, self.get(*page)?.unwrap_or_else(|| missing(*page))))).collect()
    }

    /// Pages that have a reading.
    pub fn pages(&self) -> impl Iterator<Item = PageNumber> + '_ {
        self.spans.keys().copied()
    }

    /// Whether a page's record is there (and, if `hashed`, is what was written).
    pub(crate) fn holds(&self, page: PageNumber, hashed: bool) -> bool {
        let (Some(file), Some(span)) = (&self.file, self.spans.get(&page)) else { return false };
        if hashed {
            read_frame(file, *span).is_ok_and(|(found, _)| found == page)
        } else {
            file.metadata().is_ok_and(|file| span.offset + span.length <= file.len())
        }
    }
}

fn record(page: PageNumber, reading: &PageReading) -> Result<Vec<u8>> {
    let unwritable = |error: std::io::Error| ArchiveError::io("compress a reading")(error);
    let json = serde_json::to_vec(reading).map_err(|error| unwritable(error.into()))?;
    let mut zstd = zstd::bulk::Compressor::new(LEVEL).map_err(unwritable)?;
    zstd.include_checksum(true).map_err(unwritable)?;
    let frame = zstd.compress(&json).map_err(unwritable)?;
    let length = u32::try_from(frame.len()).ok().filter(|&length| length <= LARGEST).ok_or_else(|| {
        unwritable(std::io::Error::new(std::io::ErrorKind::InvalidInput, "a page has too many words"))
    })?;
    let mut record = Vec::with_capacity(HEADER as usize + frame.len());
    record.extend(page.0.to_le_bytes());
    record.extend(length.to_le_bytes());
    record.extend(&Digest::of(&frame).0[..8]);
    record.extend(frame);
    Ok(record)
}

/// The record that begins at an offset, if its header and its length lie within the file.
fn next_span(file: &File, offset: u64, end: u64) -> Result<Option<Span>> {
    if offset + HEADER > end {
        return Ok(None);
    }
    let mut header = [0; HEADER as usize];
    file.read_exact_at(&mut header, offset).map_err(ArchiveError::io("read a pack"))?;
    let length = HEADER + u64::from(frame_length(&header));
    Ok((offset + length <= end).then_some(Span { offset, length }))
}

fn frame_length(header: &[u8; HEADER as usize]) -> u32 {
    u32::from_le_bytes([header[4], header[5], header[6], header[7]])
}

/// A record's page and frame, checked.
fn read_frame(file: &File, span: Span) -> Result<(PageNumber, Vec<u8>)> {
    if span.length < HEADER || span.length > HEADER + u64::from(LARGEST) {
        return Err(damaged());
    }
    let mut record = vec![0; span.length as usize];
    file.read_exact_at(&mut record, span.offset).map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => damaged(),
        _ => ArchiveError::io("read a pack")(error),
    })?;
    let (header, frame) = record.split_first_chunk::<{ HEADER as usize }>().ok_or_else(damaged)?;
    if frame.len() != frame_length(header) as usize || Digest::of(frame).0[..8] != header[8..] {
        return Err(damaged());
    }
    let page = u32::from_le_bytes([header[0], header[1], header[2], header[3]]);
    Ok((PageNumber(page), frame.to_vec()))
}

pub(crate) fn read_record(file: &File, span: Span) -> Result<(PageNumber, PageReading)> {
    let (page, frame) = read_frame(file, span)?;
    let json = zstd::decode_all(frame.as_slice()).map_err(|_| damaged())?;
    Ok((page, serde_json::from_slice(&json).map_err(|_| damaged())?))
}

fn damaged() -> ArchiveError {
    ArchiveError::damaged("a reading in a pack; read its batch again")
}

#[cfg(test)]
mod tests {

    use super::*;

    fn reading(words: &str) -> PageReading {
        let fault = Fault::new(FaultCode::PageUnreadable, words);
        PageReading::unreadable(fault, ReaderVersion("test/1".into()))
    }

    fn fresh(path: &Path) -> PackWriter {
        PackWriter::open(path, 0, BTreeSet::new()).unwrap().0
    }

    /// A pack of three pages; answers the path and the ends of its records.
    fn three_pages(folder: &Path) -> (PathBuf, Vec<u64>) {
        let path = folder.join("xy/one.pack");
        let mut pack = fresh(&path);
        let mut ends = vec![MAGIC.len() as u64];
        for page in 1..=3 {
            pack.append(PageNumber(page), &reading(&format!("page {page}"))).unwrap();
            ends.push(pack.end);
        }
        pack.sync().unwrap();
        (path, ends)
    }

    #[test]
    fn wherever_a_pack_is_torn_the_whole_pages_before_survive_and_writing_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let (path, ends) = three_pages(folder.path());
        let whole = fs::read(&path).unwrap();
        for torn_at in MAGIC.len()..=whole.len() {
            fs::write(&path, &whole[..torn_at]).unwrap();
            let (mut pack, found) = PackWriter::open(&path, 0, BTreeSet::new()).unwrap();
            let survive = ends.iter().filter(|end| **end <= torn_at as u64).count() - 1;
            assert_eq!(found.len(), survive, "torn at {torn_at}");
            pack.append(PageNumber(9), &reading("after")).unwrap();
            let after = pack.sync().unwrap().remove(0);
            let at = Span { offset: after.offset, length: after.length };
            assert_eq!(read_record(&pack.file, at).unwrap(), (PageNumber(9), reading("after")));
        }
    }

    #[test]
    fn garbage_behind_the_last_page_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let (path, ends) = three_pages(folder.path());
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend([0; 4096]); // what a file system may leave of a write that never finished
        fs::write(&path, &bytes).unwrap();
        let (_, found) = PackWriter::open(&path, 0, BTreeSet::new()).unwrap();
        assert_eq!(found.len(), 3);
        assert_eq!(fs::metadata(&path).unwrap().len(), ends[3]);
    }

    #[test]
    fn a_flipped_bit_is_damage_and_never_a_reading() {
        let folder = tempfile::tempdir().unwrap();
        let (path, ends) = three_pages(folder.path());
        let span = Span { offset: ends[1], length: ends[2] - ends[1] };
        let whole = fs::read(&path).unwrap();
        for at in span.offset..span.offset + span.length {
            let mut bytes = whole.clone();
            bytes[at as usize] ^= 4;
            fs::write(&path, &bytes).unwrap();
            let pack = PackReader::open(&path, [(PageNumber(2), span)].into()).unwrap();
            assert!(matches!(pack.get(PageNumber(2)), Err(ArchiveError::Damaged { .. })), "byte {at}");
        }
    }

    #[test]
    fn a_pack_has_one_writer() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("xy/one.pack");
        let first = fresh(&path);
        assert!(matches!(PackWriter::open(&path, 0, BTreeSet::new()), Err(ArchiveError::Busy)));
        drop(first);
        assert!(PackWriter::open(&path, 0, BTreeSet::new()).is_ok());
    }
}
