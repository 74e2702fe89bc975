//! From bytes to page readings. The only room with C inside; runs only in reader processes.
//!
//! [`decode`] turns an original into rasters, [`page::Reader`] turns a raster into a
//! [`records::reading::PageReading`] and its pictures.

pub mod barcode;
pub mod blank;
pub mod decode;
pub mod error;
#[doc(hidden)]
pub mod fuzz;
mod jpeg;
pub mod ocr;
pub mod page;
pub mod pictures;
pub mod prepare;
pub mod quality;
pub mod raster;
mod upright;
