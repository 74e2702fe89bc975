//! How does a station scan? Its profile decides how its batches are taken apart.

use serde::{Deserialize, Serialize};

use crate::document::Label;

/// What the rules need to know about a station. (Its folder and watching belong to the line.)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    pub separation: SeparationMode,
    /// Sides scanned of each sheet: 1, or 2 for duplex.
    pub sides: u8,
    pub blank_backs: BlankBacks,
    pub multifeed: Multifeed,
    /// `separation = "file"`: how many silent first sheets a file may bind.
    pub file_sheets: u32,
    /// A fax line: its numbers are never sole evidence and `file_sheets` counts as 0.
    pub fax: bool,
    /// Protection labels of everything that comes from here: a clinic whose every paper is protected.
    pub labels: Vec<Label>,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            separation: SeparationMode::Control,
            sides: 1,
            blank_backs: BlankBacks::Unknown,
            multifeed: Multifeed::Unknown,
            file_sheets: 2,
            fax: false,
            labels: Vec::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SeparationMode {
    /// Control sheets, patch codes, form boundaries.
    #[default]
    Control,
    /// One original is one document.
    File,
    /// Every sheet of paper, front and back, is a document.
    Sheet,
    /// A sheet with full identity of its own starts a document.
    Identity,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BlankBacks {
    Delivered,
    Dropped,
    #[default]
    Unknown,
}

/// Does the scanner stop at a double feed?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Multifeed {
    Stops,
    #[default]
    Unknown,
}
