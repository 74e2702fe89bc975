//! What does a page's picture say?

pub mod coverage;
pub mod embedded;
pub mod engine;
pub mod order;
pub mod second;
pub mod trial;
