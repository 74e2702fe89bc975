//! Which pages belong together?
//!
//! A batch falls into streams (originals), a stream at its control sheets into spans, a span by the station's
//! profile into drafts. Everything that cannot be told fails towards more, smaller drafts and towards a person.

use crate::batch::Grouping;
use crate::exception::Reason;
use crate::ids::PageNumber;
use crate::outline::PageOutline;
use crate::sheet::SheetPayload;
use crate::station::{Profile, SeparationMode};

mod alarm;
mod bound;
mod count;
mod divide;
mod paper;
mod person;
mod series;
mod slip;
mod span;

use paper::Paper;
use span::{Opener, Span};

/// Every page of the batch, in exactly one of three lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Separation {
    pub drafts: Vec<Draft>,
    /// Our own sheets and patch sheets: kept in the batch, in no chart.
    pub control_sheets: Vec<ControlSheet>,
    pub blanks: Vec<PageNumber>,
    /// Drafts (their places in the list) that may be two sides of one sheet of paper, where nothing proves that they
    /// are not: what is contrary in one is a question about the other, too (`domain.md` FS-6).
    pub beside: Vec<(usize, usize)>,
    /// Front and back of every proven sheet of paper that is none of ours (FS-6).
    pub proven: Vec<(PageNumber, PageNumber)>,
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
    /// At least one, in order. A control sheet only where it is held because nothing came under it.
    pub pages: Vec<PageNumber>,
    /// The cover sheet over these pages, or the slip that says that this one sheet was scanned again.
    pub declaration: Option<Declaration>,
    /// Why separation itself already says that a person must look; filed only if empty.
    pub held: Vec<Reason>,
    /// Pages that are bound to others of the draft (other side of a proven sheet, "page x of y" printed by the
    /// form, one-file profile): they need no identity of their own (AF-5). In a one-file profile the first page
    /// may be among them.
    pub bound: Vec<PageNumber>,
}

/// A cover sheet or rescan slip, and how sure the end of its span is (`domain.md` 2.14, D-3, D-4).
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    pub payload: SheetPayload,
    /// Where the sheet itself is.
    pub page: PageNumber,
    pub end: SpanEnd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanEnd {
    /// As many sheets as were declared, no more and no fewer; of a slip, one.
    Counted,
    /// Its own end sheet, or the only document of its original. Of a slip: two images that are one sheet if each of
    /// them can tell by itself.
    Sure,
    /// Nothing was declared and no end sheet came: only sheets that pass by themselves are filed.
    Open,
}

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
    let streams: Vec<&[PageOutline]> = match job.grouping {
        Grouping::Folder if outlines.is_empty() => Vec::new(),
        Grouping::Folder => vec![outlines],
        Grouping::File | Grouping::Manifest => outlines.chunk_by(|a, b| a.original == b.original).collect(),
    };
    let declared = job.declared_sheets.filter(|_| streams.len() == 1);
    let mut result = Separation::default();
    let mut opened: Vec<Opened> = Vec::new();
    let mut images = 0;
    for pages in streams {
        let mut cut = span::cut(pages, profile);
        let paper = Paper::of(pages, &cut.spans, profile, declared);
        alarm::double_feeds(pages, profile, &mut cut.spans);
        count::batches(&paper, &mut cut.spans);
        count::short(pages, &paper, &mut cut.spans);
        cut.spans = slip::close_after_one_sheet(pages, &paper, cut.spans);
        result.proven.extend(proven(pages, &paper));
        images += cut.spans.iter().map(|span| span.pages.len()).sum::<usize>();
        for span in &cut.spans {
            let from = result.drafts.len();
            result.drafts.extend(drafts(pages, span, &cut.spans, &paper, profile));
            if !paper.is_countable() {
                result.beside.extend(beside(&result.drafts, from));
            }
            opened.extend(Opened::by(span, from..result.drafts.len()));
        }
        result.blanks.extend(cut.spans.iter().flat_map(|span| span.blanks(pages)).map(|at| pages[at].page));
        let kept =
            |sheet: &ControlSheet| result.drafts.iter().all(|draft| !draft.pages.contains(&sheet.page));
        result.control_sheets.extend(cut.sheets.into_iter().filter(kept));
    }
    hold_reused(&mut result.drafts, &opened);
    if let Some(declared) = job.declared_sheets
        && count::of_images(images, profile).is_some_and(|counted| !counted.contains(&declared))
    {
        result.drafts.iter_mut().for_each(|draft| draft.hold(Reason::PagecountMismatch));
    }
    for draft in &mut result.drafts {
        draft.held.sort_unstable_by_key(|reason| (!is_telling(*reason), *reason));
        draft.held.dedup();
    }
    result
}

/// What a clerk reads first: a fault of the sheets, of which the others follow.
const fn is_telling(reason: Reason) -> bool {
    use Reason::{CoversheetReused, DoubleFeed, SheetForeign, SheetUnreadable};
    matches!(reason, SheetUnreadable | SheetForeign | CoversheetReused | DoubleFeed)
}

/// The drafts of one span, with everything that already speaks against them.
fn drafts(
    pages: &[PageOutline],
    span: &Span<'_>,
    spans: &[Span<'_>],
    paper: &Paper,
    profile: &Profile,
) -> Vec<Draft> {
    let counted = count::judge(span, spans, paper, profile);
    let declared = span.cover().map(|(payload, at)| (payload, at, counted.end)).or_else(|| span.slip());
    let declaration = declared.map(|(payload, at, end)| Declaration {
        payload: payload.clone(),
        page: pages[at].page,
        end,
    });
    let slip = span.slip().is_some();
    let mut groups = divide::divide(pages, span, paper, profile);
    if slip {
        groups = vec![groups.concat()].into_iter().filter(|sheet| !sheet.is_empty()).collect();
    }
    let missed = !counted.held.is_empty() || matches!(span.opener, Opener::Doubtful(_));
    if groups.is_empty()
        && missed
        && let Some(at) = span.opened_at
    {
        // What was declared did not come, or nothing follows a sheet that cannot be read: the sheet itself goes
        // to a person, for nobody else will tell.
        groups.push(vec![at]);
    }
    // Where control sheets should stand and none does, each person's pages are an exception of their own.
    let uncontrolled = profile.separation == SeparationMode::Control && spans.len() == 1;
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let mut drafts: Vec<Draft> = Vec::new();
    for group in groups {
        // One sheet of a document has neither its first page nor its last.
        let of_pages = match slip {
            true => Vec::new(),
            false => alarm::of(pages, &group, (counted.end, declaration.is_some()), profile),
        };
        let held = [span.held(), counted.held.clone(), of_pages].concat();
        let apart = if uncontrolled { divide::by_identity(pages, &group) } else { vec![group] };
        for part in apart {
            drafts.push(Draft {
                pages: part.iter().map(|&at| pages[at].page).collect(),
                declaration: declaration.clone(),
                held: held.clone(),
                bound: bound::bound(pages, &part, paper, profile),
            });
            parts.push(part);
        }
    }
    alarm::unreadable(pages, &parts, &mut drafts);
    drafts
}

/// Front and back of each sheet, where that is proven.
fn proven(pages: &[PageOutline], paper: &Paper) -> Vec<(PageNumber, PageNumber)> {
    let pairs =
        pages.chunks_exact(2).enumerate().filter(|(nth, _)| paper.is_proven_sheet(2 * nth, 2 * nth + 1));
    let paper = pairs.filter(|(_, pair)| pair.iter().all(|page| page.sheet.is_none()));
    paper.map(|(_, pair)| (pair[0].page, pair[1].page)).collect()
}

/// Neighbours from a place of the list on, with no image between them.
fn beside(drafts: &[Draft], from: usize) -> Vec<(usize, usize)> {
    let follows = |nth: &usize| {
        let (last, first) = (drafts[nth - 1].pages.last(), drafts[*nth].pages.first());
        last.zip(first).is_some_and(|(last, first)| last.0 + 1 == first.0)
    };
    (from + 1..drafts.len()).filter(follows).map(|nth| (nth - 1, nth)).collect()
}

impl Draft {
    fn hold(&mut self, reason: Reason) {
        self.held.push(reason);
    }
}

/// Where a cover sheet or slip is, and which drafts stand under it.
struct Opened {
    serial: crate::document::SerialUse,
    drafts: std::ops::Range<usize>,
}

impl Opened {
    fn by(span: &Span<'_>, drafts: std::ops::Range<usize>) -> Option<Self> {
        match span.opener {
            Opener::Cover { payload, .. } | Opener::Rescan { payload, .. } => {
                Some(Self { serial: payload.serial_use(), drafts })
            }
            _ => None,
        }
    }
}

/// Two places in one batch: nobody knows which sheet was the copy, so both are held.
fn hold_reused(drafts: &mut [Draft], opened: &[Opened]) {
    for one in opened {
        if opened.iter().filter(|other| other.serial == one.serial).count() > 1 {
            drafts[one.drafts.clone()].iter_mut().for_each(|draft| draft.hold(Reason::CoversheetReused));
        }
    }
}

#[cfg(test)]
mod tests;
