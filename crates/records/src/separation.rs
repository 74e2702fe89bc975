//! Which pages belong together?

use crate::batch::Grouping;
use crate::exception::Reason;
use crate::ids::PageNumber;
use crate::outline::PageOutline;
use crate::sheet::SheetPayload;
use crate::station::Profile;

/// What is known of the job beside its pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Job {
    /// In a folder job each file is one page: there the end of an original ends nothing.
    pub grouping: Grouping,
    /// Sheets the operator or an index file declared, control sheets not counted.
    pub declared_sheets: Option<u32>,
}

/// Takes a batch apart. `outlines` are all its pages, in order.
pub fn separate(outlines: &[PageOutline], profile: &Profile, job: Job) -> Separation {
    let _ = (profile, job);
    let pages = outlines.iter().map(|outline| outline.page).collect();
    Separation {
        drafts: vec![Draft { pages, declaration: None, held: Vec::new(), bound: Vec::new() }],
        ..Separation::default()
    }
}

/// Every page of the batch, in exactly one of three lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Separation {
    pub drafts: Vec<Draft>,
    /// Our own sheets and patch sheets: kept in the batch, in no chart.
    pub control_sheets: Vec<ControlSheet>,
    pub blanks: Vec<PageNumber>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ControlSheet {
    pub page: PageNumber,
    /// Absent for patch sheets and separators without a payload.
    pub payload: Option<SheetPayload>,
}

/// Pages that belong together, owner not yet decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// At least one, in order.
    pub pages: Vec<PageNumber>,
    /// The cover sheet over these pages.
    pub declaration: Option<Declaration>,
    /// Why separation itself already says that a person must look; filed only if empty.
    pub held: Vec<Reason>,
    /// Pages that are bound to the page before them (other side of a proven sheet, "page x of y" printed by the
    /// form, one-file profile): they need no identity of their own (AF-5).
    pub bound: Vec<PageNumber>,
}

/// A cover sheet and how sure the end of its span is (`domain.md` 2.14, D-3).
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    pub payload: SheetPayload,
    /// Where the cover sheet itself is.
    pub page: PageNumber,
    pub end: SpanEnd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanEnd {
    /// Its own end sheet, or the declared count and a control sheet or the end of the original, or the only
    /// document of its original.
    Sure,
    /// Nothing was declared and no end sheet came: only sheets that pass by themselves are filed.
    Open,
}
