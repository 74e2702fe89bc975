//! What does a control sheet say that no machine could read, once a clerk has read it? (`domain.md` 2.14, D-2)

use crate::identifier::canonical;
use crate::ids::PageNumber;
use crate::outline::{PageOutline, SheetSeen};
use crate::sheet::{SheetKind, SheetPayload};

/// A sheet as a clerk declared it.
#[derive(Clone, Debug, PartialEq)]
pub struct MendedSheet {
    pub page: PageNumber,
    pub stands: Stands,
}

/// What the page is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stands {
    /// A cover or separator sheet, with the clerk's words for its payload.
    Sheet(Box<SheetPayload>),
    /// No sheet of ours: a page of somebody's.
    Page,
}

/// Puts what clerks read in the place of what machines could not. A sheet that was read, and a page that never
/// looked like one, stays what it is.
pub fn mend(outlines: &mut [PageOutline], mended: &[MendedSheet], sides: u8) {
    for sheet in mended {
        let Some(at) = outlines.iter().position(|outline| outline.page == sheet.page) else { continue };
        let other_face = other_face(outlines, at).filter(|_| sides == 2);
        for at in [Some(at), other_face].into_iter().flatten() {
            if !is_doubtful(&outlines[at]) {
                continue;
            }
            match &sheet.stands {
                Stands::Sheet(payload) => outlines[at].sheet = Some(SheetSeen::Ours(payload.clone())),
                Stands::Page => (outlines[at].sheet, outlines[at].patch) = (None, None),
            }
        }
        if let Stands::Sheet(payload) = &sheet.stands {
            close(&mut outlines[at..], payload);
        }
    }
}

const fn is_doubtful(outline: &PageOutline) -> bool {
    matches!(outline.sheet, Some(SheetSeen::Unreadable | SheetSeen::Foreign))
}

/// The other image of the same feed, where a scanner takes both sides.
fn other_face(outlines: &[PageOutline], at: usize) -> Option<usize> {
    let begin = outlines.iter().position(|outline| outline.original == outlines[at].original)?;
    let other = begin + ((at - begin) ^ 1);
    outlines.get(other).filter(|outline| outline.original == outlines[at].original).map(|_| other)
}

/// The end sheet of a torn cover sheet still has the serial that nobody can read on the cover: where the next
/// control sheet is an end sheet of the same patient, it closes what the clerk declared.
fn close(behind: &mut [PageOutline], cover: &SheetPayload) {
    if cover.kind != SheetKind::Cover {
        return;
    }
    let original = behind[0].original;
    let next = behind.iter().take_while(|outline| outline.original == original).find_map(|outline| {
        match &outline.sheet {
            Some(SheetSeen::Ours(payload)) if payload.serial != cover.serial => Some(payload.clone()),
            _ => None,
        }
    });
    let number = |payload: &SheetPayload| payload.mrn.as_deref().map(canonical);
    let Some(end) = next.filter(|next| {
        next.kind == SheetKind::End && number(next) == number(cover) && next.authority == cover.authority
    }) else {
        return;
    };
    for outline in behind.iter_mut().take_while(|outline| outline.original == original) {
        if outline.sheet == Some(SheetSeen::Ours(end.clone())) {
            let own = SheetPayload { site: cover.site.clone(), serial: cover.serial.clone(), ..*end.clone() };
            outline.sheet = Some(SheetSeen::Ours(Box::new(own)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(page: u32) -> PageOutline {
        PageOutline {
            page: PageNumber(page),
            original: 0,
            blank: false,
            readable: true,
            sheet: None,
            patch: None,
            words: 30,
            page_of: None,
            title: String::new(),
            form: None,
            names_patient: false,
            identity_key: None,
        }
    }

    fn sheet(kind: SheetKind, mrn: &str, serial: &str) -> Box<SheetPayload> {
        Box::new(SheetPayload {
            site: "SITE".into(),
            key_id: "1".into(),
            kind,
            authority: None,
            mrn: Some(mrn.into()),
            visit: None,
            document_kind: None,
            service: None,
            sheets: None,
            folder: None,
            printed: jiff::Timestamp::UNIX_EPOCH,
            serial: serial.into(),
        })
    }

    /// A torn sheet, two pages, and an end sheet of patient 1.
    fn stack() -> Vec<PageOutline> {
        let mut pages: Vec<PageOutline> = (1..=4).map(outline).collect();
        pages[0].sheet = Some(SheetSeen::Unreadable);
        pages[3].sheet = Some(SheetSeen::Ours(sheet(SheetKind::End, "1", "PRINTED")));
        pages
    }

    fn as_cover(mrn: &str) -> MendedSheet {
        let payload = sheet(SheetKind::Cover, mrn, "MENDED");
        MendedSheet { page: PageNumber(1), stands: Stands::Sheet(payload) }
    }

    fn serial(outline: &PageOutline) -> &str {
        match &outline.sheet {
            Some(SheetSeen::Ours(payload)) => &payload.serial,
            _ => "",
        }
    }

    #[test]
    fn a_mended_cover_sheet_is_closed_by_the_end_sheet_that_was_printed_with_it() {
        let mut pages = stack();
        mend(&mut pages, &[as_cover("1")], 1);
        assert_eq!((serial(&pages[0]), serial(&pages[3])), ("MENDED", "MENDED"));
    }

    #[test]
    fn another_patients_end_sheet_closes_nothing_that_was_mended() {
        let mut pages = stack();
        mend(&mut pages, &[as_cover("2")], 1);
        assert_eq!((serial(&pages[0]), serial(&pages[3])), ("MENDED", "PRINTED"));
    }

    #[test]
    fn both_faces_of_a_torn_sheet_are_mended_at_once_and_no_page_of_somebodys() {
        let mut pages = stack();
        pages[1].sheet = Some(SheetSeen::Unreadable);
        mend(&mut pages, &[as_cover("1")], 2);
        assert_eq!((serial(&pages[0]), serial(&pages[1])), ("MENDED", "MENDED"));
        let mut pages = stack();
        mend(&mut pages, &[as_cover("1")], 2);
        assert_eq!(pages[1].sheet, None);
    }

    #[test]
    fn what_is_no_sheet_is_a_page_again_and_what_was_read_stays() {
        let mut pages = stack();
        mend(&mut pages, &[MendedSheet { page: PageNumber(1), stands: Stands::Page }], 1);
        assert_eq!(pages[0].sheet, None);
        let read = MendedSheet { page: PageNumber(4), stands: Stands::Page };
        mend(&mut pages, &[read], 1);
        assert_eq!(serial(&pages[3]), "PRINTED");
    }
}
