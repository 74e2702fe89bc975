//! What is on the pages of a TIFF?

use std::fs::File;

use records::reading::{Fault, FaultCode};

use crate::decode::{Limits, Original};

/// Opens a TIFF or BigTIFF of either byte order.
pub fn open(_file: File, _limits: &Limits) -> Result<Box<dyn Original>, Fault> {
    Err(Fault::new(FaultCode::Unsupported, "reading TIFF files is under construction"))
}
