//! The rules of separation, each on a stack of paper small enough to see.
//!
//! A stack is written one letter a page: see [`page`].

use std::collections::BTreeSet;

use crate::identifier::AuthorityId;
use crate::outline::SheetSeen;
use crate::sheet::{SheetKind, new_serial};
use crate::station::{BlankBacks, Multifeed, SeparationMode};

use super::*;

mod accidents;
mod numbers;
mod properties;
mod sheets;
mod slips;
mod stations;

/// `a`–`d`: a page that names patient a–d · `.` silent · `_` blank · `?` unreadable by the machine ·
/// `A`–`D` cover sheet of a–d (counted: 2 sheets) · `P`, `Q` cover of a, b without a count · `E`, `F` end sheets of
/// `P`/`A`, `Q`/`B` · `R`, `S` rescan slips · `|` separator · `1`, `2`, `3`, `4`, `6`, `T` patch sheets · `~` torn sheet of ours · `!` foreign sheet.
fn page(number: u32, letter: char) -> PageOutline {
    let sheet = |kind, person: u8, sheets| {
        let serial = new_serial([person; 16]);
        Some(SheetSeen::Ours(Box::new(SheetPayload { sheets, ..payload(kind, &serial) })))
    };
    let mut outline = PageOutline {
        page: PageNumber(number),
        original: 0,
        blank: letter == '_',
        readable: letter != '?',
        sheet: match letter {
            'A'..='D' => sheet(SheetKind::Cover, letter as u8, Some(2)),
            'P' => sheet(SheetKind::Cover, b'A', None),
            'Q' => sheet(SheetKind::Cover, b'B', None),
            'E' => sheet(SheetKind::End, b'A', None),
            'F' => sheet(SheetKind::End, b'B', None),
            'R' | 'S' => sheet(SheetKind::Rescan, letter as u8, Some(1)),
            '|' => sheet(SheetKind::DocumentType, 0, None),
            '~' => Some(SheetSeen::Unreadable),
            '!' => Some(SheetSeen::Foreign),
            _ => None,
        },
        patch: Some(letter).filter(|letter| "12346T".contains(*letter)),
        words: 0,
        page_of: None,
        title: String::new(),
        form: None,
        names_patient: false,
        identity_key: None,
    };
    if letter.is_ascii_lowercase() {
        outline.names_patient = true;
        outline.identity_key =
            Some(format!("{0}{0}{0}{0}|196203{1}|-", letter as u8, 10 + letter as u8 - b'a'));
    }
    outline
}

fn payload(kind: SheetKind, serial: &str) -> SheetPayload {
    SheetPayload {
        site: "S".into(),
        key_id: "1".into(),
        kind,
        authority: Some(AuthorityId("GENHOSP".into())),
        mrn: None,
        visit: None,
        document_kind: None,
        service: None,
        sheets: None,
        folder: None,
        printed: jiff::Timestamp::UNIX_EPOCH,
        serial: serial.into(),
    }
}

/// Pages of a stack; a space starts another original.
fn stack(letters: &str) -> Vec<PageOutline> {
    let mut outlines = Vec::new();
    for (original, letters) in (0..).zip(letters.split(' ')) {
        for letter in letters.chars() {
            let number = u32::try_from(outlines.len()).unwrap() + 1;
            outlines.push(PageOutline { original, ..page(number, letter) });
        }
    }
    outlines
}

fn profile(separation: SeparationMode) -> Profile {
    Profile { separation, ..Profile::default() }
}

/// A two-sided station whose scanner stops at a double feed and delivers blank backs.
fn duplex(separation: SeparationMode) -> Profile {
    Profile {
        sides: 2,
        blank_backs: BlankBacks::Delivered,
        multifeed: Multifeed::Stops,
        ..profile(separation)
    }
}

fn control() -> Profile {
    profile(SeparationMode::Control)
}

fn apart(letters: &str, profile: &Profile) -> Separation {
    separate(&stack(letters), profile, Job::default())
}

fn numbers(pages: &[PageNumber]) -> Vec<u32> {
    pages.iter().map(|page| page.0).collect()
}

/// The pages of each draft.
fn pages(separation: &Separation) -> Vec<Vec<u32>> {
    separation.drafts.iter().map(|draft| numbers(&draft.pages)).collect()
}

/// What each draft is held for.
fn held(separation: &Separation) -> Vec<&[Reason]> {
    separation.drafts.iter().map(|draft| draft.held.as_slice()).collect()
}

fn ends(separation: &Separation) -> Vec<Option<SpanEnd>> {
    separation.drafts.iter().map(|draft| draft.declaration.as_ref().map(|said| said.end)).collect()
}
