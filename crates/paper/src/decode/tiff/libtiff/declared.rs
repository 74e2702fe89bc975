//! Which of libtiff's functions are called? As its header `tiffio.h` has them.

use std::ffi::{c_char, c_int, c_void};

#[repr(C)]
pub(super) struct Tiff {
    _opaque: [u8; 0],
}

pub(super) type Transfer = unsafe extern "C" fn(*mut c_void, *mut c_void, isize) -> isize;
pub(super) type Seek = unsafe extern "C" fn(*mut c_void, u64, c_int) -> u64;
pub(super) type Close = unsafe extern "C" fn(*mut c_void) -> c_int;
pub(super) type Size = unsafe extern "C" fn(*mut c_void) -> u64;
pub(super) type Map = unsafe extern "C" fn(*mut c_void, *mut *mut c_void, *mut u64) -> c_int;
pub(super) type Unmap = unsafe extern "C" fn(*mut c_void, *mut c_void, u64);
pub(super) type Handler = unsafe extern "C" fn(*const c_char, *const c_char, *mut c_void);

#[link(name = "tiff")]
unsafe extern "C" {
    pub(super) fn TIFFClientOpen(
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
    pub(super) fn TIFFClose(tiff: *mut Tiff);
    pub(super) fn TIFFSetSubDirectory(tiff: *mut Tiff, at: u64) -> c_int;
    pub(super) fn TIFFGetFieldDefaulted(tiff: *mut Tiff, tag: u32, ...) -> c_int;
    pub(super) fn TIFFSetField(tiff: *mut Tiff, tag: u32, ...) -> c_int;
    pub(super) fn TIFFIsTiled(tiff: *mut Tiff) -> c_int;
    pub(super) fn TIFFScanlineSize(tiff: *mut Tiff) -> isize;
    pub(super) fn TIFFStripSize(tiff: *mut Tiff) -> isize;
    pub(super) fn TIFFTileRowSize(tiff: *mut Tiff) -> isize;
    pub(super) fn TIFFTileSize(tiff: *mut Tiff) -> isize;
    pub(super) fn TIFFReadEncodedStrip(
        tiff: *mut Tiff,
        strip: u32,
        into: *mut c_void,
        length: isize,
    ) -> isize;
    pub(super) fn TIFFReadEncodedTile(tiff: *mut Tiff, tile: u32, into: *mut c_void, length: isize) -> isize;
    pub(super) fn TIFFRGBAImageOK(tiff: *mut Tiff, why: *mut c_char) -> c_int;
    pub(super) fn TIFFReadRGBAImageOriented(
        tiff: *mut Tiff,
        width: u32,
        height: u32,
        into: *mut u32,
        orientation: c_int,
        stop: c_int,
    ) -> c_int;
    pub(super) fn TIFFSetErrorHandler(handler: Option<Handler>) -> Option<Handler>;
    pub(super) fn TIFFSetWarningHandler(handler: Option<Handler>) -> Option<Handler>;
}
