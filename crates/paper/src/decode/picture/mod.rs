//! What is on a JPEG or PNG picture, the one page of its file?

use std::fs::File;

use records::reading::{Fault, FaultCode};

use crate::decode::{Limits, Original};

/// Opens a JPEG.
pub fn open_jpeg(_file: File, _limits: &Limits) -> Result<Box<dyn Original>, Fault> {
    Err(Fault::new(FaultCode::Unsupported, "reading JPEG files is under construction"))
}

/// Opens a PNG.
pub fn open_png(_file: File, _limits: &Limits) -> Result<Box<dyn Original>, Fault> {
    Err(Fault::new(FaultCode::Unsupported, "reading PNG files is under construction"))
}
