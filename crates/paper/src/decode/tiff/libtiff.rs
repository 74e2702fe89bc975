//! How are libtiff's functions called safely? The one place of TIFF decoding with unsafe code.
//!
//! Declared by hand, as few as are needed, all of them in libtiff 4.0 and later. The file is handed over through
//! callbacks that read at a place, so nothing is mapped and a page costs what its strips cost.
#![allow(unsafe_code)]

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::os::unix::fs::FileExt;
use std::ptr::NonNull;
use std::sync::Once;

use super::directory::OnDisk;

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

/// What libtiff reads from, through the callbacks.
struct Source<'file> {
    disk: &'file OnDisk,
    position: Cell<u64>,
    /// What bytes beyond the end read as, once pixels are decoded.
    stand_in: Cell<Option<u8>>,
    left: Cell<u64>,
    missed: Cell<bool>,
}

/// # Safety
/// `client` is the address of a living [`Source`], and `into` has room for `length` bytes.
unsafe extern "C" fn read(client: *mut c_void, into: *mut c_void, length: isize) -> isize {
    let Ok(wanted) = usize::try_from(length) else { return -1 };
    // SAFETY: the caller's promise; sources are only ever shared.
    let source = unsafe { &*client.cast::<Source<'_>>() };
    // SAFETY: the caller's promise; zeros first, so that the slice holds bytes that are.
    let into = unsafe {
        into.cast::<u8>().write_bytes(0, wanted);
        std::slice::from_raw_parts_mut(into.cast::<u8>(), wanted)
    };
    let mut done = 0;
    while done < wanted {
        let at = source.position.get().saturating_add(done as u64);
        match source.disk.file.read_at(&mut into[done..], at) {
            Ok(0) => break,
            Ok(more) => done += more.min(wanted - done),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    if let Some(stand_in) = source.stand_in.get().filter(|_| done < wanted) {
        source.missed.set(true);
        let missing = (wanted - done) as u64;
        if missing <= source.left.get() {
            source.left.set(source.left.get() - missing);
            into[done..].fill(stand_in);
            done = wanted;
        }
    }
    source.position.set(source.position.get().saturating_add(done as u64));
    done as isize
}

unsafe extern "C" fn write(_client: *mut c_void, _from: *mut c_void, _length: isize) -> isize {
    -1
}

/// # Safety
/// `client` is the address of a living [`Source`].
unsafe extern "C" fn seek(client: *mut c_void, by: u64, from: c_int) -> u64 {
    // SAFETY: the caller's promise.
    let source = unsafe { &*client.cast::<Source<'_>>() };
    // As `lseek`: 1 from here, 2 from the end; offsets may be negative numbers in disguise.
    let to = match from {
        1 => source.position.get().wrapping_add(by),
        2 => source.disk.size.wrapping_add(by),
        _ => by,
    };
    source.position.set(to);
    to
}

unsafe extern "C" fn close(_client: *mut c_void) -> c_int {
    0
}

/// # Safety
/// `client` is the address of a living [`Source`].
unsafe extern "C" fn size(client: *mut c_void) -> u64 {
    // SAFETY: the caller's promise.
    unsafe { &*client.cast::<Source<'_>>() }.disk.size
}

unsafe extern "C" fn map(_client: *mut c_void, _at: *mut *mut c_void, _size: *mut u64) -> c_int {
    0
}

unsafe extern "C" fn unmap(_client: *mut c_void, _at: *mut c_void, _size: u64) {}

/// How many errors and warnings libtiff had about this thread's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Messages {
    pub(super) errors: u32,
    pub(super) warnings: u32,
}

thread_local! {
    // libtiff's handlers are global; it calls them from the thread that decodes.
    static HEARD: Cell<Messages> = const { Cell::new(Messages { errors: 0, warnings: 0 }) };
}

/// What was heard since the last [`forget`].
pub(super) fn heard() -> Messages {
    HEARD.get()
}

pub(super) fn forget() {
    HEARD.set(Messages::default());
}

fn listen() {
    static ONCE: Once = Once::new();
    // SAFETY: the handlers have the declared type and never unwind. The last argument, a `va_list`, is never
    // touched: it is a pointer or passed by one wherever this is built. Messages are counted, not kept.
    ONCE.call_once(|| unsafe {
        TIFFSetErrorHandler(Some(error));
        TIFFSetWarningHandler(Some(warning));
    });
}

unsafe extern "C" fn error(_module: *const c_char, _format: *const c_char, _values: *mut c_void) {
    let _ = HEARD.try_with(|heard| {
        let now = heard.get();
        heard.set(Messages { errors: now.errors.saturating_add(1), ..now });
    });
}

unsafe extern "C" fn warning(_module: *const c_char, format: *const c_char, _values: *mut c_void) {
    // SAFETY: libtiff's formats are literals.
    let says = |what: &[u8]| {
        unsafe { CStr::from_ptr(format) }.to_bytes().windows(what.len()).any(|part| part == what)
    };
    // About the writer's age, not about this page.
    if format.is_null() || says(b"old-style JPEG") || says(b"Old-style LZW") {
        return;
    }
    let _ = HEARD.try_with(|heard| {
        let now = heard.get();
        heard.set(Messages { warnings: now.warnings.saturating_add(1), ..now });
    });
}

#[repr(C)]
struct Tiff {
    _opaque: [u8; 0],
}

type Transfer = unsafe extern "C" fn(*mut c_void, *mut c_void, isize) -> isize;
type Seek = unsafe extern "C" fn(*mut c_void, u64, c_int) -> u64;
type Close = unsafe extern "C" fn(*mut c_void) -> c_int;
type Size = unsafe extern "C" fn(*mut c_void) -> u64;
type Map = unsafe extern "C" fn(*mut c_void, *mut *mut c_void, *mut u64) -> c_int;
type Unmap = unsafe extern "C" fn(*mut c_void, *mut c_void, u64);
type Handler = unsafe extern "C" fn(*const c_char, *const c_char, *mut c_void);

#[link(name = "tiff")]
unsafe extern "C" {
    fn TIFFClientOpen(
        name: *const c_char,
        mode: *const c_char,
        client: *mut c_void,
        read: Option<Transfer>,
        write: Option<Transfer>,
        seek: Option<Seek>,
        close: Option<Close>,
        size: Option<Size>,
        map: Option<Map>,
        unmap: Option<Unmap>,
    ) -> *mut Tiff;
    fn TIFFClose(tiff: *mut Tiff);
    fn TIFFSetSubDirectory(tiff: *mut Tiff, at: u64) -> c_int;
    fn TIFFGetFieldDefaulted(tiff: *mut Tiff, tag: u32, ...) -> c_int;
    fn TIFFSetField(tiff: *mut Tiff, tag: u32, ...) -> c_int;
    fn TIFFIsTiled(tiff: *mut Tiff) -> c_int;
    fn TIFFScanlineSize(tiff: *mut Tiff) -> isize;
    fn TIFFStripSize(tiff: *mut Tiff) -> isize;
    fn TIFFTileRowSize(tiff: *mut Tiff) -> isize;
    fn TIFFTileSize(tiff: *mut Tiff) -> isize;
    fn TIFFReadEncodedStrip(tiff: *mut Tiff, strip: u32, into: *mut c_void, length: isize) -> isize;
    fn TIFFReadEncodedTile(tiff: *mut Tiff, tile: u32, into: *mut c_void, length: isize) -> isize;
    fn TIFFRGBAImageOK(tiff: *mut Tiff, why: *mut c_char) -> c_int;
    fn TIFFReadRGBAImageOriented(
        tiff: *mut Tiff,
        width: u32,
        height: u32,
        into: *mut u32,
        orientation: c_int,
        stop: c_int,
    ) -> c_int;
    fn TIFFSetErrorHandler(handler: Option<Handler>) -> Option<Handler>;
    fn TIFFSetWarningHandler(handler: Option<Handler>) -> Option<Handler>;
}
