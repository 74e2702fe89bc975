//! What is on the pages of a PDF?

use std::fs::File;

use records::reading::{Fault, FaultCode};

use crate::decode::{Limits, Original};

/// Opens a PDF that starts with its magic bytes.
pub fn open(_file: File, _limits: &Limits) -> Result<Box<dyn Original>, Fault> {
    Err(Fault::new(FaultCode::Unsupported, "reading PDF files is under construction"))
}
