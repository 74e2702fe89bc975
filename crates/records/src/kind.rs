//! What kind of document is this?
