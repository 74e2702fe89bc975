//! Who may write next?
