//! What does a page's picture say?

pub mod engine;
