//! Where do control sheets and patch codes cut a stream of pages?

use crate::exception::Reason;
use crate::outline::{PageOutline, SheetSeen};
use crate::sheet::{SheetKind, SheetPayload};
use crate::station::{Profile, SeparationMode};

use super::{ControlSheet, SpanEnd};

/// What one image is to separation.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Face<'a> {
    Content,
    /// Content that carries a patch code: it starts something, and stays.
    Start,
    Sheet(&'a SheetPayload),
    /// Looks like a sheet of ours: why it is not believed.
    Doubtful(Reason),
    Patch,
}

/// Every page between one control sheet and the next.
pub(super) struct Span<'a> {
    pub(super) opener: Opener<'a>,
    /// Places in the stream, blank pages included, control sheets not.
    pub(super) pages: Vec<usize>,
    pub(super) closer: Closer<'a>,
    /// Places of the sheets that opened and closed it.
    pub(super) opened_at: Option<usize>,
    pub(super) closed_at: Option<usize>,
    /// Found out after cutting.
    pub(super) alarms: Vec<Reason>,
}

#[derive(Clone, Copy)]
pub(super) enum Opener<'a> {
    /// The beginning of the stream.
    Beginning,
    /// A separator or patch: whoever was meant before is not meant any more.
    Reset,
    Cover {
        payload: &'a SheetPayload,
        at: usize,
    },
    /// A slip: one sheet follows that is scanned again. `end`: how sure it is where that sheet ends.
    Rescan {
        payload: &'a SheetPayload,
        at: usize,
        end: SpanEnd,
    },
    /// Another sheet that an end sheet may close, or that says how many sheets follow.
    Other(&'a SheetPayload),
    Doubtful(Reason),
}

#[derive(Clone, Copy)]
pub(super) enum Closer<'a> {
    EndOfStream,
    Control,
    EndSheet(&'a SheetPayload),
}

pub(super) struct Cut<'a> {
    pub(super) spans: Vec<Span<'a>>,
    pub(super) sheets: Vec<ControlSheet>,
}

/// Words that no sheet of ours has: such a page stays with the pages, whatever it looks like.
const FULL: u32 = 160;

/// Cuts a stream at everything that is, or may be, a control sheet.
pub(super) fn cut<'a>(pages: &'a [PageOutline], profile: &Profile) -> Cut<'a> {
    let mut sheets = Vec::new();
    let mut spans = vec![Span::opened(Opener::Beginning, None)];
    for (at, outline) in pages.iter().enumerate() {
        let current = spans.last_mut().expect("there is always an open span");
        match face(outline, profile) {
            Face::Content => current.pages.push(at),
            Face::Start => {
                let mut next = Span::opened(Opener::Reset, None);
                next.pages.push(at);
                current.closer = Closer::Control;
                spans.push(next);
            }
            Face::Sheet(payload) => {
                sheets.push(ControlSheet { page: outline.page, payload: Some(payload.clone()) });
                if is_second_face(pages, at, profile) {
                    continue;
                }
                current.closer =
                    if payload.kind == SheetKind::End { Closer::EndSheet(payload) } else { Closer::Control };
                current.closed_at = Some(at);
                spans.push(Span::opened(opener(payload, at), Some(at)));
            }
            Face::Patch => {
                sheets.push(ControlSheet { page: outline.page, payload: None });
                current.closer = Closer::Control;
                current.closed_at = Some(at);
                spans.push(Span::opened(Opener::Reset, Some(at)));
            }
            Face::Doubtful(reason) => {
                current.closer = Closer::Control;
                current.closed_at = Some(at);
                let mut next = Span::opened(Opener::Doubtful(reason), Some(at));
                if outline.words > FULL {
                    next.pages.push(at); // a page of a chart that carries one of our codes
                } else {
                    sheets.push(ControlSheet { page: outline.page, payload: None });
                }
                spans.push(next);
            }
        }
    }
    Cut { spans, sheets }
}

pub(super) fn face<'a>(outline: &'a PageOutline, profile: &Profile) -> Face<'a> {
    /// A patch sheet carries a line or two of print; a page with more is somebody's page.
    const SHEET_WORDS: u32 = 40;
    match &outline.sheet {
        Some(SheetSeen::Ours(payload)) => Face::Sheet(payload),
        Some(SheetSeen::Unreadable) => Face::Doubtful(Reason::SheetUnreadable),
        Some(SheetSeen::Foreign) => Face::Doubtful(Reason::SheetForeign),
        None if outline.patch.is_none() => Face::Content,
        None if !outline.names_patient && outline.words <= SHEET_WORDS => Face::Patch,
        None if profile.separation == SeparationMode::Control => Face::Start,
        None => Face::Content,
    }
}

fn opener(payload: &SheetPayload, at: usize) -> Opener<'_> {
    match payload.kind {
        SheetKind::Cover => Opener::Cover { payload, at },
        SheetKind::Batch | SheetKind::EndOfBatch | SheetKind::Folder => Opener::Other(payload),
        // Outside a folder session a tab identifies nothing and what follows is held (FS-10).
        SheetKind::Tab => Opener::Doubtful(Reason::FolderSheetMissing),
        SheetKind::Rescan => Opener::Rescan { payload, at, end: SpanEnd::Open },
        SheetKind::DocumentType | SheetKind::End | SheetKind::Box | SheetKind::ReturnFax => Opener::Reset,
    }
}

/// Front and back of one control sheet at a two-sided station are one appearance; at a one-sided station the
/// same serial twice is two sheets.
fn is_second_face(pages: &[PageOutline], at: usize, profile: &Profile) -> bool {
    let same = |a: usize, b: usize| pages[a].sheet == pages[b].sheet;
    profile.sides == 2 && at >= 1 && same(at, at - 1) && !(at >= 2 && same(at, at - 2))
}

impl<'a> Span<'a> {
    pub(super) fn opened(opener: Opener<'a>, at: Option<usize>) -> Self {
        Self {
            opener,
            pages: Vec::new(),
            closer: Closer::EndOfStream,
            opened_at: at,
            closed_at: None,
            alarms: Vec::new(),
        }
    }

    /// The cover sheet over this span and its place in the stream.
    pub(super) const fn cover(&self) -> Option<(&'a SheetPayload, usize)> {
        match self.opener {
            Opener::Cover { payload, at } => Some((payload, at)),
            _ => None,
        }
    }

    /// The rescan slip over this span, its place, and where its sheet ends.
    pub(super) const fn slip(&self) -> Option<(&'a SheetPayload, usize, SpanEnd)> {
        match self.opener {
            Opener::Rescan { payload, at, end } => Some((payload, at, end)),
            _ => None,
        }
    }

    /// Pages to be filed; what could not be read counts as written on.
    pub(super) fn inked(&self, pages: &[PageOutline]) -> Vec<usize> {
        self.pages.iter().copied().filter(|&at| !is_blank(&pages[at])).collect()
    }

    pub(super) fn blanks(&self, pages: &[PageOutline]) -> Vec<usize> {
        self.pages.iter().copied().filter(|&at| is_blank(&pages[at])).collect()
    }

    /// Whether an end sheet closes it that belongs to what opened it.
    pub(super) fn closed_by_own(&self) -> bool {
        let Closer::EndSheet(end) = self.closer else { return false };
        match self.opener {
            Opener::Cover { payload, .. } | Opener::Other(payload) => {
                payload.serial == end.serial && payload.site == end.site
            }
            _ => false,
        }
    }

    /// What its own control sheets say against it.
    pub(super) fn held(&self) -> Vec<Reason> {
        let mut held = self.alarms.clone();
        if let Opener::Doubtful(reason) = self.opener {
            held.push(reason);
        }
        // The sheet that this end sheet belongs to never came: somebody else's pages begin in here. (Behind a sheet
        // that cannot be read it is most likely that sheet's own.)
        let doubtful = matches!(self.opener, Opener::Doubtful(_));
        if matches!(self.closer, Closer::EndSheet(_)) && !self.closed_by_own() && !doubtful {
            held.push(Reason::SeparatorMissing);
        }
        held
    }
}

/// A sheet of ours, and a page that nobody could read, is never a blank page.
const fn is_blank(outline: &PageOutline) -> bool {
    outline.blank && outline.readable && outline.sheet.is_none()
}
