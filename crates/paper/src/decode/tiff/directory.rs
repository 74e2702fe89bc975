//! Which pictures does a TIFF hold, and is its chain of directories whole?
//!
//! libtiff reads pixels but ends quietly where the chain is torn, so the chain is walked here (TIFF 6.0, section
//! 2; BigTIFF). EXIF data, a small TIFF inside a JPEG or PNG, are read by the same walk.

use std::collections::HashSet;
use std::fs::File;
use std::os::unix::fs::FileExt;

/// Bytes at their places.
pub(in crate::decode) trait Bytes {
    /// Fills `into` from place `at`; false where there are not so many.
    fn read(&self, at: u64, into: &mut [u8]) -> bool;
}

impl Bytes for [u8] {
    fn read(&self, at: u64, into: &mut [u8]) -> bool {
        let from =
            usize::try_from(at).ok().and_then(|at| self.get(at..)).and_then(|rest| rest.get(..into.len()));
        from.is_some_and(|from| {
            into.copy_from_slice(from);
            true
        })
    }
}

/// A file, and how long it was when it was opened.
pub(in crate::decode) struct OnDisk {
    pub(in crate::decode) file: File,
    pub(in crate::decode) size: u64,
}

impl Bytes for OnDisk {
    fn read(&self, at: u64, into: &mut [u8]) -> bool {
        self.file.read_exact_at(into, at).is_ok()
    }
}

/// The directories, in the file's order, and where the chain breaks off.
pub(in crate::decode) struct Chain {
    pub(in crate::decode) directories: Vec<Directory>,
    pub(in crate::decode) broken: Option<Broken>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::decode) enum Broken {
    /// The next directory lies outside the file or is cut off.
    CutOff,
    /// The next directory is one that came before.
    Circle,
    /// More than anybody scans.
    Endless,
}

/// What one directory says of its picture. Fields that are absent are what TIFF 6.0 takes for them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::decode) struct Directory {
    /// Place in the file.
    pub(in crate::decode) at: u64,
    pub(in crate::decode) width: u32,
    pub(in crate::decode) height: u32,
    /// NewSubfileType: 1 reduced, 2 a page, 4 a mask.
    pub(in crate::decode) subfile: u32,
    pub(in crate::decode) photometric: Option<u16>,
    pub(in crate::decode) compression: u16,
    pub(in crate::decode) orientation: u16,
    pub(in crate::decode) resolution: [Option<f32>; 2],
    /// 1 none, 2 inch, 3 centimetre.
    pub(in crate::decode) unit: u16,
    /// The last byte of its data lies before this place; 0 where it does not say.
    pub(in crate::decode) data_end: u64,
}

/// libtiff stops there too.
const MOST_DIRECTORIES: usize = 65_535;
/// Strips or tiles whose places are looked at.
const MOST_PARTS: u64 = 1 << 20;

impl Chain {
    /// Walks the chain; `None` where not even the header is there.
    pub(in crate::decode) fn of(bytes: &(impl Bytes + ?Sized)) -> Option<Self> {
        let (form, mut next) = Form::of(bytes)?;
        let mut chain = Self { directories: Vec::new(), broken: None };
        let mut seen = HashSet::new();
        while next != 0 {
            if !seen.insert(next) {
                chain.broken = Some(Broken::Circle);
                break;
            }
            if chain.directories.len() == MOST_DIRECTORIES {
                chain.broken = Some(Broken::Endless);
                break;
            }
            let Some((directory, after)) = form.directory(bytes, next) else {
                chain.broken = Some(Broken::CutOff);
                break;
            };
            chain.directories.push(directory);
            match after {
                Some(after) => next = after,
                None => {
                    chain.broken = Some(Broken::CutOff);
                    break;
                }
            }
        }
        Some(chain)
    }
}

/// Byte order and width of places.
#[derive(Clone, Copy)]
struct Form {
    big_endian: bool,
    big: bool,
}

/// One field: where its values lie.
struct Field {
    tag: u16,
    kind: u16,
    count: u64,
    at: u64,
}

impl Form {
    fn of(bytes: &(impl Bytes + ?Sized)) -> Option<(Self, u64)> {
        let mut head = [0; 4];
        if !bytes.read(0, &mut head) {
            return None;
        }
        let form = match &head {
            b"II*\0" => Self { big_endian: false, big: false },
            b"MM\0*" => Self { big_endian: true, big: false },
            b"II+\0" => Self { big_endian: false, big: true },
            b"MM\0+" => Self { big_endian: true, big: true },
            _ => return None,
        };
        let first = form.number(bytes, if form.big { 8 } else { 4 }, form.place())?;
        Some((form, first))
    }

    /// Bytes of a place or count.
    const fn place(self) -> usize {
        if self.big { 8 } else { 4 }
    }

    /// The number of `size` bytes at a place.
    fn number(self, bytes: &(impl Bytes + ?Sized), at: u64, size: usize) -> Option<u64> {
        let mut raw = [0; 8];
        bytes.read(at, &mut raw[..size]).then(|| self.value(&raw[..size]))
    }

    fn value(self, raw: &[u8]) -> u64 {
        let join = |sum: u64, &byte: &u8| (sum << 8) | u64::from(byte);
        if self.big_endian { raw.iter().fold(0, join) } else { raw.iter().rev().fold(0, join) }
    }

    /// The directory at a place, and the place of the next one where that can be read.
    fn directory(self, bytes: &(impl Bytes + ?Sized), at: u64) -> Option<(Directory, Option<u64>)> {
        let (count_size, field_size) = if self.big { (8, 20) } else { (2, 12) };
        let count = self.number(bytes, at, count_size)?;
        if count > 65_535 {
            return None;
        }
        let fields_at = at.checked_add(count_size as u64)?;
        let mut raw = vec![0; count as usize * field_size];
        if !bytes.read(fields_at, &mut raw) {
            return None;
        }
        let fields: Vec<Field> = raw
            .chunks_exact(field_size)
            .enumerate()
            .map(|(index, raw)| self.field(raw, fields_at + (index * field_size) as u64))
            .collect();
        let next = self.number(bytes, fields_at + raw.len() as u64, self.place());
        Some((self.described(bytes, at, &fields), next))
    }

    fn field(self, raw: &[u8], at: u64) -> Field {
        let place = self.place();
        let field = Field {
            tag: self.value(&raw[..2]) as u16,
            kind: self.value(&raw[2..4]) as u16,
            count: self.value(&raw[4..4 + place]),
            at: at + 4 + place as u64,
        };
        let inside = field.count.saturating_mul(value_size(field.kind) as u64) <= place as u64;
        if inside { field } else { Field { at: self.value(&raw[4 + place..]), ..field } }
    }

    fn described(self, bytes: &(impl Bytes + ?Sized), at: u64, fields: &[Field]) -> Directory {
        let field = |tag: u16| fields.iter().find(|field| field.tag == tag);
        let first = |tag: u16| {
            let field =
                field(tag).filter(|field| field.count > 0 && matches!(field.kind, 1 | 3 | 4 | 13 | 16))?;
            self.number(bytes, field.at, value_size(field.kind))
        };
        let whole = |tag: u16| first(tag).map_or(0, |value| u32::try_from(value).unwrap_or(u32::MAX));
        let short = |tag: u16| first(tag).map(|value| u16::try_from(value).unwrap_or(0));
        let ratio = |tag: u16| {
            let field = field(tag).filter(|field| field.count > 0)?;
            match field.kind {
                5 => {
                    let (above, below) =
                        (self.number(bytes, field.at, 4)?, self.number(bytes, field.at + 4, 4)?);
                    (below != 0).then(|| above as f32 / below as f32)
                }
                11 => self.number(bytes, field.at, 4).map(|bits| f32::from_bits(bits as u32)),
                _ => first(tag).map(|value| value as f32),
            }
        };
        // 255 is what older writers used: 2 reduced, 3 a page.
        let subfile = if first(254).is_none() && short(255) == Some(2) { 1 } else { whole(254) };
        let parts = |places, sizes| Some((field(places)?, field(sizes)?));
        let parts_end =
            parts(273, 279).or_else(|| parts(324, 325)).and_then(|(p, s)| self.data_end(bytes, p, s));
        // What else it says lies behind the picture in some files: cut off, it is not whole either.
        let values_end = fields.iter().filter(|field| is_known(field.kind)).map(Field::end).max();
        Directory {
            at,
            width: whole(256),
            height: whole(257),
            subfile,
            photometric: short(262),
            compression: short(259).unwrap_or(1),
            orientation: short(274).unwrap_or(1),
            resolution: [ratio(282), ratio(283)],
            unit: short(296).unwrap_or(2),
            data_end: parts_end.max(values_end).unwrap_or(0),
        }
    }

    /// Where the last strip or tile ends.
    fn data_end(self, bytes: &(impl Bytes + ?Sized), places: &Field, sizes: &Field) -> Option<u64> {
        let (places, sizes) = (self.list(bytes, places)?, self.list(bytes, sizes)?);
        places.iter().zip(&sizes).map(|(place, size)| place.saturating_add(*size)).max()
    }

    fn list(self, bytes: &(impl Bytes + ?Sized), field: &Field) -> Option<Vec<u64>> {
        let size = value_size(field.kind);
        if field.count > MOST_PARTS || !matches!(field.kind, 3 | 4 | 16) {
            return None;
        }
        let mut raw = vec![0; field.count as usize * size];
        bytes.read(field.at, &mut raw).then(|| raw.chunks_exact(size).map(|raw| self.value(raw)).collect())
    }
}

impl Field {
    /// Where its values end.
    fn end(&self) -> u64 {
        self.at.saturating_add(self.count.saturating_mul(value_size(self.kind) as u64))
    }
}

const fn is_known(kind: u16) -> bool {
    matches!(kind, 1..=13 | 16..=18)
}

/// Bytes of one value of a type (TIFF 6.0, section 2; 13 and 16 to 18 are later).
const fn value_size(kind: u16) -> usize {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16 | 17 | 18 => 8,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Little-endian directory of SHORT and LONG fields.
    fn directory(fields: &[(u16, u16, u32)], next: u32) -> Vec<u8> {
        let mut raw = (fields.len() as u16).to_le_bytes().to_vec();
        for &(tag, kind, value) in fields {
            raw.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
            raw.extend([1_u32.to_le_bytes(), value.to_le_bytes()].concat());
        }
        raw.extend(next.to_le_bytes());
        raw
    }

    fn file(parts: &[Vec<u8>]) -> Vec<u8> {
        [b"II*\0\x08\0\0\0".to_vec(), parts.concat()].concat()
    }

    #[test]
    fn a_chain_is_walked_to_its_end() {
        let first = directory(&[(256, 3, 1728), (257, 4, 1078), (274, 3, 6)], 8 + 42);
        let chain = Chain::of(&file(&[first, directory(&[(256, 3, 10)], 0)])[..]).unwrap();
        assert_eq!(chain.broken, None);
        let [first, second] = &chain.directories[..] else { panic!("not two") };
        assert_eq!((first.width, first.height, first.orientation, first.unit), (1728, 1078, 6, 2));
        assert_eq!((second.at, second.width, second.orientation), (50, 10, 1));
    }

    #[test]
    fn a_chain_that_leads_out_of_the_file_is_cut_off() {
        let bytes = file(&[directory(&[(256, 3, 10)], 5000)]);
        let chain = Chain::of(&bytes[..]).unwrap();
        assert_eq!((chain.directories.len(), chain.broken), (1, Some(Broken::CutOff)));
        let without_the_last_place = Chain::of(&bytes[..bytes.len() - 2]).unwrap();
        assert_eq!(
            (without_the_last_place.directories.len(), without_the_last_place.broken),
            (1, Some(Broken::CutOff))
        );
    }

    #[test]
    fn a_chain_that_bites_its_tail_ends() {
        let chain = Chain::of(&file(&[directory(&[(256, 3, 10)], 8)])[..]).unwrap();
        assert_eq!((chain.directories.len(), chain.broken), (1, Some(Broken::Circle)));
    }

    #[test]
    fn places_and_counts_that_cannot_be_are_harmless() {
        let mut bytes = file(&[directory(&[(273, 4, u32::MAX), (279, 4, u32::MAX), (282, 5, u32::MAX)], 0)]);
        bytes[14..18].copy_from_slice(&u32::MAX.to_le_bytes());
        let chain = Chain::of(&bytes[..]).unwrap();
        assert_eq!(chain.directories[0].resolution, [None, None]);
        assert!(chain.directories[0].data_end > bytes.len() as u64, "its values are not all in the file");
    }
}
