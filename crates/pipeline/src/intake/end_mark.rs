//! Does the format's own end stand in a file?
//!
//! Byte-level and bounded (head, tail, the directories of a TIFF and what they point to): nothing is decoded here.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Whether the format's own end is there. Formats we do not read have none and count as whole.
pub(crate) fn has_end_mark(path: &Path) -> std::io::Result<bool> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut head = [0; 16];
    let got = read_up_to(&mut file, &mut head)?;
    let head = &head[..got];
    Ok(match head {
        [0xFF, 0xD8, ..] => holds(&tail(&mut file, size, 4096)?, &[0xFF, 0xD9]),
        [0x89, b'P', b'N', b'G', ..] => holds(&tail(&mut file, size, 64)?, b"IEND"),
        [b'%', b'P', b'D', b'F', ..] => holds(&tail(&mut file, size, 2048)?, b"%%EOF"),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => {
            Tiff::of(&mut file, size)?.is_some_and(|tiff| tiff.is_whole(&mut file).unwrap_or(false))
        }
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

/// How a TIFF writes its numbers (TIFF 6.0, section 2; BigTIFF).
struct Tiff {
    size: u64,
    little: bool,
    big: bool,
    /// Where its first directory stands.
    first: u64,
}

/// Tags of places and lengths of strips and tiles.
const PLACES: [(u64, u64); 2] = [(273, 279), (324, 325)];

impl Tiff {
    fn of(file: &mut File, size: u64) -> std::io::Result<Option<Self>> {
        let mut head = [0; 16];
        file.seek(SeekFrom::Start(0))?;
        if read_up_to(file, &mut head)? < 16 {
            return Ok(None);
        }
        let mut tiff = Self { size, little: head[0] == b'I', big: false, first: 0 };
        tiff.big = tiff.number(&head[2..4]) == 43;
        tiff.first = if tiff.big { tiff.number(&head[8..16]) } else { tiff.number(&head[4..8]) };
        Ok(Some(tiff))
    }

    fn number(&self, bytes: &[u8]) -> u64 {
        let fold = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        if self.little { bytes.iter().rev().fold(0, fold) } else { bytes.iter().fold(0, fold) }
    }

    /// Follows the directories to the last: each, and the picture it points to, must lie inside the file. Bounded by
    /// the number of directories a file of this size can hold, so a loop ends: it is as whole as it will ever be, and
    /// decoding says what is wrong with it.
    fn is_whole(&self, file: &mut File) -> std::io::Result<bool> {
        let mut next = self.first;
        for _ in 0..(self.size / 18 + 1).min(100_000) {
            if next == 0 {
                return Ok(true);
            }
            match self.directory(file, next)? {
                Some(following) => next = following,
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Where the next directory stands; `None`: this one, or its picture, is not all there.
    fn directory(&self, file: &mut File, at: u64) -> std::io::Result<Option<u64>> {
        let (count_bytes, entry_bytes, link_bytes) = if self.big { (8, 20, 8) } else { (2, 12, 4) };
        let Some(count) = self.bytes(file, at, count_bytes)? else { return Ok(None) };
        let entries = self.number(&count);
        let length = entries.checked_mul(entry_bytes).filter(|length| *length <= self.size);
        let Some(length) = length else { return Ok(None) };
        let Some(table) = self.bytes(file, at + count_bytes, length)? else { return Ok(None) };
        let Some(link) = self.bytes(file, at + count_bytes + length, link_bytes)? else { return Ok(None) };
        let entries: Vec<&[u8]> = table.chunks_exact(entry_bytes as usize).collect();
        for (places, lengths) in PLACES {
            let values = |tag| entries.iter().find(|entry| self.number(&entry[..2]) == tag);
            if let (Some(places), Some(lengths)) = (values(places), values(lengths))
                && !self.lie_inside(file, places, lengths)?
            {
                return Ok(None);
            }
        }
        Ok(Some(self.number(&link)))
    }

    /// Whether the last of the strips or tiles, as they stand in the file, ends within it.
    fn lie_inside(&self, file: &mut File, places: &[u8], lengths: &[u8]) -> std::io::Result<bool> {
        let (Some(places), Some(lengths)) = (self.values(file, places)?, self.values(file, lengths)?) else {
            return Ok(false);
        };
        let ends = places.iter().zip(&lengths).map(|(place, length)| place.saturating_add(*length));
        Ok(ends.max().is_none_or(|end| end <= self.size))
    }

    /// The values of an entry; `None`: they are not all there. Of a kind that no place has, or too many: none.
    fn values(&self, file: &mut File, entry: &[u8]) -> std::io::Result<Option<Vec<u64>>> {
        const MOST: u64 = 1 << 20;
        let width = match self.number(&entry[2..4]) {
            3 => 2,
            4 | 13 => 4,
            16..=18 => 8,
            _ => return Ok(Some(Vec::new())),
        };
        let inline = if self.big { 8 } else { 4 };
        let (count, field) = entry[4..].split_at(inline);
        let count = self.number(count);
        if count > MOST {
            return Ok(Some(Vec::new()));
        }
        let bytes = match count * width {
            length if length <= inline as u64 => Some(field[..length as usize].to_vec()),
            length => self.bytes(file, self.number(field), length)?,
        };
        Ok(bytes.map(|bytes| bytes.chunks_exact(width as usize).map(|value| self.number(value)).collect()))
    }

    /// So many bytes at a place; `None`: the file ends before.
    fn bytes(&self, file: &mut File, at: u64, length: u64) -> std::io::Result<Option<Vec<u8>>> {
        if at.checked_add(length).is_none_or(|end| end > self.size) {
            return Ok(None);
        }
        let mut bytes = vec![0; length as usize];
        file.seek(SeekFrom::Start(at))?;
        let got = read_up_to(file, &mut bytes)?;
        Ok((got as u64 == length).then_some(bytes))
    }
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
    fn a_tiff_whose_directory_comes_first_is_whole_when_its_picture_is_there() {
        let entry = |tag: u16, value: u32| {
            [&tag.to_le_bytes()[..], &4_u16.to_le_bytes(), &1_u32.to_le_bytes(), &value.to_le_bytes()]
                .concat()
        };
        let head =
            [b"II*\0\x08\0\0\0".to_vec(), vec![2, 0], entry(273, 38), entry(279, 500), vec![0; 4]].concat();
        assert_eq!(head.len(), 38);
        let whole = [head, vec![7; 500]].concat();
        assert!(has_end_mark(file(&whole).path()).unwrap());
        for cut in [40, 300, 537] {
            assert!(!has_end_mark(file(&whole[..cut]).path()).unwrap(), "cut at {cut}");
        }
    }
}
