//! How are libtiff's functions called safely? The one place of TIFF decoding with unsafe code.
//!
//! Declared by hand, as few as are needed, all of them in libtiff 4.0 and later. The file is handed over through
//! callbacks that read at a place, so nothing is mapped and a page costs what its strips cost.
#![allow(unsafe_code)]

use std::cell::Cell;
use std::ffi::{c_char, c_int};
use std::ptr::NonNull;

use super::directory::OnDisk;
use declared::*;
use messages::listen;
pub(super) use messages::{forget, heard};
use source::{Source, close, map, read, seek, size, unmap, write};

mod declared;
mod messages;
mod source;

/// One directory of a TIFF, opened by libtiff.
pub(super) struct Handle<'file> {
    tiff: NonNull<Tiff>,
    /// What the callbacks read from; libtiff holds its address until it is closed.
    source: Box<Source<'file>>,
}

/// How a page's pixels are stored, in libtiff's words (tags of TIFF 6.0).
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bits: u16,
    pub(super) samples: u16,
    /// 0 white is zero, 1 black is zero, 2 RGB, 3 palette, 4 mask, 5 separated, 6 YCbCr, 8 L*a*b*.
    pub(super) photometric: u16,
    pub(super) compression: u16,
    /// Samples lie in planes of their own.
    pub(super) planar: bool,
    /// 1 whole numbers, 2 signed, 3 floating point, 4 unknown.
    pub(super) sample_format: u16,
    pub(super) orientation: u16,
    /// Meaning of the first extra sample: 0 none known, 1 and 2 alpha.
    pub(super) extra: Option<u16>,
    /// Width and height of the tiles.
    pub(super) tile: Option<(u32, u32)>,
    /// Of a strip.
    pub(super) rows: u32,
    /// Decoded bytes of one row of a strip or tile, and of a whole one.
    pub(super) row_bytes: u64,
    pub(super) part_bytes: u64,
}

impl<'file> Handle<'file> {
    /// Opens the directory at a place. `None` where libtiff cannot make sense of it.
    pub(super) fn open(disk: &'file OnDisk, directory: u64) -> Option<Self> {
        listen();
        forget();
        let source = Box::new(Source {
            disk,
            position: Cell::new(0),
            stand_in: Cell::new(None),
            left: Cell::new(0),
            missed: Cell::new(false),
        });
        let client = std::ptr::from_ref::<Source<'_>>(&source).cast_mut().cast();
        // SAFETY: strings end in zero; the callbacks have the declared types, never unwind and only share the
        // source, whose cells make it mutable; the box keeps its address until `drop` has closed the handle.
        // "h": the first directory is not read, it may be another one; "m": nothing is mapped.
        let tiff = unsafe {
            TIFFClientOpen(
                c"scan".as_ptr(),
                c"rhm".as_ptr(),
                client,
                Some(read),
                Some(write),
                Some(seek),
                Some(close),
                Some(size),
                Some(map),
                Some(unmap),
            )
        };
        let handle = Self { tiff: NonNull::new(tiff)?, source };
        // SAFETY: the handle is open.
        let found = unsafe { TIFFSetSubDirectory(handle.raw(), directory) };
        (found == 1).then_some(handle)
    }

    fn raw(&self) -> *mut Tiff {
        self.tiff.as_ptr()
    }

    /// From here bytes beyond the end of the file read as `stand_in`, `at_most` so many: a strip that was cut off
    /// is decoded as far as it goes.
    pub(super) fn stand_in_for_missing(&self, stand_in: u8, at_most: u64) {
        self.source.stand_in.set(Some(stand_in));
        self.source.left.set(at_most);
    }

    /// Whether bytes beyond the end of the file were asked for since then.
    pub(super) fn missed_bytes(&self) -> bool {
        self.source.missed.get()
    }

    pub(super) fn layout(&self) -> Layout {
        // SAFETY: the handle is open.
        let tiled = unsafe { TIFFIsTiled(self.raw()) } != 0;
        let (row_bytes, part_bytes) = self.sizes(tiled);
        Layout {
            width: self.long(256).unwrap_or(0),
            height: self.long(257).unwrap_or(0),
            bits: self.short(258).unwrap_or(1),
            samples: self.short(277).unwrap_or(1),
            photometric: self.short(262).unwrap_or(1),
            compression: self.short(259).unwrap_or(1),
            planar: self.short(284) == Some(2),
            sample_format: self.short(339).unwrap_or(1),
            orientation: self.short(274).unwrap_or(1),
            extra: self.extra(),
            tile: tiled.then(|| (self.long(322).unwrap_or(0), self.long(323).unwrap_or(0))),
            rows: self.long(278).unwrap_or(u32::MAX),
            row_bytes,
            part_bytes,
        }
    }

    fn sizes(&self, tiled: bool) -> (u64, u64) {
        let raw = self.raw();
        // SAFETY: the handle is open.
        let (row, part) = unsafe {
            if tiled {
                (TIFFTileRowSize(raw), TIFFTileSize(raw))
            } else {
                (TIFFScanlineSize(raw), TIFFStripSize(raw))
            }
        };
        (u64::try_from(row).unwrap_or(0), u64::try_from(part).unwrap_or(0))
    }

    /// A field whose value libtiff hands out as `uint16_t`.
    fn short(&self, tag: u32) -> Option<u16> {
        let mut value = 0_u16;
        // SAFETY: the handle is open, and the tags asked for have one `uint16_t`.
        let known = unsafe { TIFFGetFieldDefaulted(self.raw(), tag, &raw mut value) };
        (known == 1).then_some(value)
    }

    /// A field whose value libtiff hands out as `uint32_t`.
    fn long(&self, tag: u32) -> Option<u32> {
        let mut value = 0_u32;
        // SAFETY: the handle is open, and the tags asked for have one `uint32_t`.
        let known = unsafe { TIFFGetFieldDefaulted(self.raw(), tag, &raw mut value) };
        (known == 1).then_some(value)
    }

    fn extra(&self) -> Option<u16> {
        let mut count = 0_u16;
        let mut kinds: *const u16 = std::ptr::null();
        // SAFETY: the handle is open; this tag has a count and the address of so many `uint16_t` of the handle.
        let known = unsafe { TIFFGetFieldDefaulted(self.raw(), 338, &raw mut count, &raw mut kinds) };
        if known != 1 || count == 0 || kinds.is_null() {
            return None;
        }
        // SAFETY: libtiff says that there is at least one.
        Some(unsafe { *kinds })
    }

    /// Has JPEG data in YCbCr handed out as RGB; to be called before pixels are read. Answers the new layout.
    pub(super) fn in_rgb(&self) -> Layout {
        const JPEG_COLOUR_MODE: u32 = 65_538;
        const RGB: c_int = 1;
        // SAFETY: the handle is open, and this tag takes an `int`.
        unsafe { TIFFSetField(self.raw(), JPEG_COLOUR_MODE, RGB) };
        self.layout()
    }

    /// Says what the directory does not: how samples are to be understood. Answers the new layout.
    pub(super) fn understood_as(&self, photometric: u16) -> Layout {
        // SAFETY: the handle is open, and this tag takes a `uint16_t`, as an `int`.
        unsafe { TIFFSetField(self.raw(), 262, c_int::from(photometric)) };
        self.layout()
    }

    /// Decodes a strip, as much of it as fits; false where libtiff gave up, with what it had decoded.
    pub(super) fn strip(&self, index: u32, into: &mut [u8]) -> bool {
        let length = into.len() as isize;
        // SAFETY: the handle is open; libtiff checks the index and writes at most `length` bytes.
        unsafe { TIFFReadEncodedStrip(self.raw(), index, into.as_mut_ptr().cast(), length) == length }
    }

    /// Decodes a tile; as [`Self::strip`].
    pub(super) fn tile(&self, index: u32, into: &mut [u8]) -> bool {
        let length = into.len() as isize;
        // SAFETY: the handle is open; libtiff checks the index and writes at most `length` bytes.
        unsafe { TIFFReadEncodedTile(self.raw(), index, into.as_mut_ptr().cast(), length) == length }
    }

    /// Whether libtiff can convert this layout by itself.
    pub(super) fn can_convert(&self) -> bool {
        let mut why = [0 as c_char; 1024];
        // SAFETY: the handle is open, and the text has the 1,024 bytes that are asked for.
        unsafe { TIFFRGBAImageOK(self.raw(), why.as_mut_ptr()) == 1 }
    }

    /// Converts the page, rows and columns as stored: red is the lowest byte, alpha the highest, colours already
    /// multiplied by it. False where parts could not be decoded; they are left as they were.
    ///
    /// # Panics
    /// If `into` has not as many pixels as the layout says.
    pub(super) fn converted(&self, layout: &Layout, into: &mut [u32]) -> bool {
        assert_eq!(
            into.len() as u64,
            u64::from(layout.width) * u64::from(layout.height),
            "a place for every pixel"
        );
        // Asked for the orientation it is stored in, libtiff changes nothing.
        let orientation = c_int::from(layout.orientation);
        // SAFETY: the handle is open, and `into` has width × height places.
        let whole = unsafe {
            TIFFReadRGBAImageOriented(
                self.raw(),
                layout.width,
                layout.height,
                into.as_mut_ptr(),
                orientation,
                0,
            )
        };
        whole == 1
    }
}

impl Drop for Handle<'_> {
    fn drop(&mut self) {
        // SAFETY: the handle is open and not used again; the source outlives this call.
        unsafe { TIFFClose(self.raw()) }
    }
}
