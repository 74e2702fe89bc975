//! Did libtiff complain about this page?

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_void};
use std::sync::Once;

use super::declared::{TIFFSetErrorHandler, TIFFSetWarningHandler};

/// How many errors and warnings libtiff had about this thread's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::decode::tiff) struct Messages {
    pub(in crate::decode::tiff) errors: u32,
    pub(in crate::decode::tiff) warnings: u32,
}

thread_local! {
    // libtiff's handlers are global; it calls them from the thread that decodes.
    static HEARD: Cell<Messages> = const { Cell::new(Messages { errors: 0, warnings: 0 }) };
}

/// What was heard since the last [`forget`].
pub(in crate::decode::tiff) fn heard() -> Messages {
    HEARD.get()
}

pub(in crate::decode::tiff) fn forget() {
    HEARD.set(Messages::default());
}

pub(super) fn listen() {
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
