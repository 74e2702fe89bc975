//! How fast, beside what a user would pick instead?
