//! The clerk's desk: screens, JSON API, sessions; beside them `/health` and `/metrics` for machines.
//!
//! [`Server::start`] listens at once. What a handler does with the archive runs on threads that may block
//! ([`desk::Desk::work`]); tokio stays inside this crate. Where a page is shown, a `Sight` was recorded before
//! ([`people::Person::look`]).

pub mod acts;
pub mod asking;
mod assets;
mod desk;
mod dress;
mod fault;
mod frame;
mod machines;
mod newest_index;
mod people;
mod pictures;
mod routes;
mod screens;
mod server;
mod settings;
pub mod told;
pub mod whole;

pub use desk::Parts;
pub use machines::{Answers, Health};
pub use people::set_up::first_link;
pub use server::{ServeError, Server};
pub use settings::Settings;
