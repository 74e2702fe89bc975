//! On how many threads does the engine work? On one: the caller's.
//!
//! Tesseract opens a parallel region for every step of its network, thousands a page. Even where it is allowed one
//! thread only, GNU's OpenMP makes a team for each region and takes it apart again: 5 % of a page's CPU time. What
//! stands here takes the place of its entry points: a region is run by whoever comes to it, and that is all. For one
//! thread OpenMP promises nothing else, so the words are the same.
//!
//! A program's own symbols are found before those of a library, and a linker shows a library what it asks for: every
//! program that links `paper` has them. An engine built with another OpenMP never calls them.
#![expect(unsafe_code, reason = "the engine calls these by name, with a function of its own to be run")]

use std::cell::Cell;
use std::ffi::{c_uint, c_void};

/// The body of a region.
type Region = unsafe extern "C-unwind" fn(*mut c_void);

thread_local! {
    /// Of the sections construct under way: the last section given out, and how many there are.
    static SECTIONS: Cell<(c_uint, c_uint)> = const { Cell::new((0, 0)) };
}

#[unsafe(no_mangle)]
unsafe extern "C-unwind" fn GOMP_parallel(
    region: Region,
    data: *mut c_void,
    _threads: c_uint,
    _flags: c_uint,
) {
    // SAFETY: the caller gives a function and what that expects.
    unsafe { region(data) }
}

#[unsafe(no_mangle)]
unsafe extern "C-unwind" fn GOMP_parallel_sections(
    region: Region,
    data: *mut c_void,
    _threads: c_uint,
    sections: c_uint,
    _flags: c_uint,
) {
    let around = SECTIONS.replace((0, sections));
    // SAFETY: the caller gives a function and what that expects.
    unsafe { region(data) }
    SECTIONS.set(around);
}

#[unsafe(no_mangle)]
extern "C-unwind" fn GOMP_sections_start(sections: c_uint) -> c_uint {
    SECTIONS.set((0, sections));
    GOMP_sections_next()
}

/// The section to be run next, from 1; 0: there are no more.
#[unsafe(no_mangle)]
extern "C-unwind" fn GOMP_sections_next() -> c_uint {
    let (last, sections) = SECTIONS.get();
    if last >= sections {
        return 0;
    }
    SECTIONS.set((last + 1, sections));
    last + 1
}

/// Nobody else is waited for.
#[unsafe(no_mangle)]
extern "C-unwind" fn GOMP_sections_end() {}

#[unsafe(no_mangle)]
extern "C-unwind" fn GOMP_sections_end_nowait() {}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;

    /// Where a library's call by this name ends up.
    fn found(name: &CStr) -> *mut c_void {
        // SAFETY: the name ends with a zero byte.
        unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) }
    }

    #[test]
    fn the_engine_finds_ours_before_the_library_s() {
        for (name, ours) in [
            (c"GOMP_parallel", GOMP_parallel as *mut c_void),
            (c"GOMP_parallel_sections", GOMP_parallel_sections as *mut c_void),
            (c"GOMP_sections_next", GOMP_sections_next as *mut c_void),
            (c"GOMP_sections_end_nowait", GOMP_sections_end_nowait as *mut c_void),
        ] {
            assert_eq!(found(name), ours, "{name:?}");
        }
    }

    /// Writes down every section it is given.
    unsafe extern "C-unwind" fn note(data: *mut c_void) {
        // SAFETY: the tests below give a list of their own.
        let noted = unsafe { &mut *data.cast::<Vec<c_uint>>() };
        while let section @ 1.. = GOMP_sections_next() {
            noted.push(section);
        }
        GOMP_sections_end_nowait();
    }

    #[test]
    fn every_section_is_run_once_also_inside_another() {
        unsafe extern "C-unwind" fn outer(data: *mut c_void) {
            // SAFETY: as of `note`.
            let noted = unsafe { &mut *data.cast::<Vec<c_uint>>() };
            while let section @ 1.. = GOMP_sections_next() {
                noted.push(section * 10);
                // SAFETY: as of `note`.
                unsafe { GOMP_parallel_sections(note, data, 4, 2, 0) };
            }
        }
        let mut noted: Vec<c_uint> = Vec::new();
        // SAFETY: both functions take the list.
        unsafe { GOMP_parallel_sections(outer, (&raw mut noted).cast(), 4, 2, 0) };
        assert_eq!(noted, [10, 1, 2, 20, 1, 2]);
        assert_eq!((GOMP_sections_start(1), GOMP_sections_next()), (1, 0));
    }
}
