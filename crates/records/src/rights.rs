//! Who may see what?

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::document::Label;
use crate::ids::{DocumentId, PageRef};

/// Somebody who looks: a clerk, or the user of the operating system at a prompt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// `clerk:lopez`, `os:root`.
    pub name: String,
    /// Protection labels this person may see; documents without a label are for everyone with an account.
    pub labels: BTreeSet<Label>,
    /// Whether what waits on the worklist may be seen.
    pub worklist: bool,
}

/// What a viewer may find, as of a position of the change log. Made only by `archive.scope(&Viewer, position)`
/// and taken by everything `search` answers.
#[derive(Clone, Debug)]
pub struct Scope {
    pub labels: BTreeSet<Label>,
    pub worklist: bool,
    /// Documents voided, quarantined, moved or relabelled since the position the index has reached.
    pub excluded: BTreeSet<DocumentId>,
    /// Pages that waited on the worklist and were voided, filed, split or set aside since: who may see the worklist may
    /// not be let see what has become of them.
    pub excluded_pages: BTreeSet<PageRef>,
}
