//! What does a page's picture say?

mod alternatives;
pub mod boxes;
pub mod coverage;
pub mod embedded;
pub mod engine;
mod line_pictures;
mod one_thread;
pub mod order;
pub mod poor;
pub mod rows;
pub mod second;
mod shelf;
pub mod trial;
pub mod twice;
