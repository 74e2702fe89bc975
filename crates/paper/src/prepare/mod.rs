//! What is done to a page's picture before an engine sees it, and how are places mapped back?
//!
//! One file a step. The order, and when a step is left out, stand in [`crate::page`].

pub mod background;
pub mod components;
pub mod descreen;
pub mod deskew;
pub mod dust;
pub mod edges;
pub mod frame;
pub mod ink;
pub mod orientation;
pub mod plane;
pub mod resolution;
pub mod shades;
pub mod sheet;
pub mod skew;
pub mod smooth;
pub mod specks;
pub mod squares;
pub mod stamps;
pub mod streaks;
pub mod text_size;
