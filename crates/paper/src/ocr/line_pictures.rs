//! In what form does the engine keep the picture of a line? As PNG, without compression.
//!
//! Tesseract cuts every line out of the page, writes it as a PNG in memory and reads it back at once; Leptonica
//! compresses it as if for a disk. That is 5 % of a page's CPU time, for bytes that live for a millisecond. What stands
//! here takes the place of Leptonica's writer: the same PNG, its pixels stored as they are. As in
//! [`super::one_thread`], an engine that does not call it by this name does as it ever did.
#![expect(unsafe_code, reason = "the engine calls this by name, with a picture of its own")]

use std::ffi::c_int;
use std::mem::transmute;

use leptess::capi::{IFF_PNG, PIX, pixSetSpecial, pixWriteMemPng};

/// How Leptonica is told, by a picture, how much its PNG is compressed: 10 for not at all, 19 for the most.
const STORED: c_int = 10;

type Writer = unsafe extern "C" fn(*mut *mut u8, *mut usize, *mut PIX, c_int) -> c_int;

#[unsafe(no_mangle)]
unsafe extern "C" fn pixWriteMem(
    bytes: *mut *mut u8,
    size: *mut usize,
    picture: *mut PIX,
    format: c_int,
) -> c_int {
    const PNG: c_int = IFF_PNG as c_int;
    // SAFETY: all is handed on as it came. The library's own function has this type, and is there: the library that
    // has the other two functions has it.
    unsafe {
        if format == PNG {
            pixSetSpecial(picture, STORED);
            return pixWriteMemPng(bytes, size, picture, 0.0);
        }
        let theirs = libc::dlsym(libc::RTLD_NEXT, c"pixWriteMem".as_ptr());
        if theirs.is_null() {
            return 1; // could not be written
        }
        transmute::<*mut libc::c_void, Writer>(theirs)(bytes, size, picture, format)
    }
}

#[cfg(test)]
mod tests {
    use std::ptr;

    use leptess::capi::{
        IFF_BMP, lept_free, pixCreate, pixDestroy, pixEqual, pixReadMem, pixSetPixel, pixSetResolution,
    };

    use super::*;

    #[test]
    fn the_engine_finds_ours_before_the_library_s() {
        // SAFETY: the name ends with a zero byte.
        let found = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"pixWriteMem".as_ptr()) };
        assert_eq!(found, pixWriteMem as *mut libc::c_void);
    }

    #[test]
    fn a_picture_that_was_written_is_read_back_as_it_was() {
        for format in [IFF_PNG, IFF_BMP] {
            // SAFETY: pictures and bytes are the library's, and given back to it once.
            unsafe {
                let mut line = pixCreate(300, 40, 8);
                pixSetResolution(line, 300, 300);
                (0..40).for_each(|at| assert_eq!(pixSetPixel(line, at * 7, at, at as u32 * 5 + 3), 0));
                let (mut bytes, mut size) = (ptr::null_mut(), 0);
                assert_eq!(pixWriteMem(&raw mut bytes, &raw mut size, line, format as c_int), 0);
                assert!(size > 300 * 40, "{size} bytes: nothing was compressed");
                let mut back = pixReadMem(bytes, size);
                let mut same = 0;
                assert_eq!(pixEqual(line, back, &raw mut same), 0);
                assert_eq!((same, (*back).xres, (*back).yres), (1, 300, 300));
                lept_free(bytes.cast());
                pixDestroy(&raw mut back);
                pixDestroy(&raw mut line);
            }
        }
    }
}
