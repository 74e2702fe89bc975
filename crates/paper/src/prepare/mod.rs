//! What is done to a page's picture before an engine sees it, and how are places mapped back?
//!
//! One file a step. The order, and when a step is left out, stand in [`crate::page`].

pub mod plane;
