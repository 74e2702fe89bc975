//! What does libtiff read from? Callbacks that read at a place of the file.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::os::unix::fs::FileExt;

use crate::decode::tiff::directory::OnDisk;

/// What libtiff reads from, through the callbacks.
pub(super) struct Source<'file> {
    pub(super) disk: &'file OnDisk,
    pub(super) position: Cell<u64>,
    /// What bytes beyond the end read as, once pixels are decoded.
    pub(super) stand_in: Cell<Option<u8>>,
    pub(super) left: Cell<u64>,
    pub(super) missed: Cell<bool>,
}

/// # Safety
/// `client` is the address of a living [`Source`], and `into` has room for `length` bytes.
pub(super) unsafe extern "C" fn read(client: *mut c_void, into: *mut c_void, length: isize) -> isize {
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

pub(super) unsafe extern "C" fn write(_client: *mut c_void, _from: *mut c_void, _length: isize) -> isize {
    -1
}

/// # Safety
/// `client` is the address of a living [`Source`].
pub(super) unsafe extern "C" fn seek(client: *mut c_void, by: u64, from: c_int) -> u64 {
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

pub(super) unsafe extern "C" fn close(_client: *mut c_void) -> c_int {
    0
}

/// # Safety
/// `client` is the address of a living [`Source`].
pub(super) unsafe extern "C" fn size(client: *mut c_void) -> u64 {
    // SAFETY: the caller's promise.
    unsafe { &*client.cast::<Source<'_>>() }.disk.size
}

pub(super) unsafe extern "C" fn map(_client: *mut c_void, _at: *mut *mut c_void, _size: *mut u64) -> c_int {
    0
}

pub(super) unsafe extern "C" fn unmap(_client: *mut c_void, _at: *mut c_void, _size: u64) {}
