//! From bytes to page readings. The only room with C inside; runs only in reader processes.
//!
//! [`decode`] turns an original into rasters, [`page::read`] turns a raster into a
//! [`records::reading::PageReading`] and its pictures.

pub mod decode;
pub mod raster;
