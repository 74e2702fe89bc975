//! What does a page that was found look like in the list?

use jiff::civil::Date;
use records::geometry::Rect;
use search::{Hit, Piece};

use super::ask::Told;
use super::strip::Strip;
use crate::asking::{Found, place_of};
use crate::desk::Desk;
use crate::fault::Fault;

/// One page of the list.
pub(super) struct Row {
    /// From 1; nearly hits go on behind the hits.
    pub(super) number: usize,
    /// `batch/page`: the same page has the same wherever it is listed.
    pub(super) key: String,
    /// The page in the viewer.
    pub(super) to: String,
    /// Absent: it waits on the worklist.
    pub(super) patient: Option<Person>,
    /// Type and day of service: "Consultation, 2026-03-03".
    pub(super) what: String,
    pub(super) kind_code: String,
    /// "page 2 of 5".
    pub(super) place: String,
    pub(super) station: String,
    pub(super) pieces: Vec<Piece>,
    pub(super) strip: Option<Shown>,
    /// What it looks like a copy of, and where that is.
    pub(super) copy: Option<(String, String)>,
    /// What was asked for and is not on it.
    pub(super) without: Vec<String>,
}

/// Whose chart a page is in.
pub(super) struct Person {
    pub(super) chart: String,
    pub(super) name: String,
    pub(super) born: Option<Date>,
    pub(super) number: Option<String>,
}

/// A strip of the scan, with its picture's address.
pub(super) struct Shown {
    pub(super) picture: String,
    pub(super) view_box: String,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) boxes: Vec<Rect>,
    /// What a reader hears of it.
    pub(super) words: String,
}

/// The pages of an answer, numbered from `after` + 1 on. `name`: of the search.
pub(super) fn rows(desk: &Desk, name: &str, told: &Told, after: usize) -> Result<Vec<Row>, Fault> {
    let mut rows: Vec<Row> = Vec::new();
    for (at, found) in told.found.iter().enumerate() {
        let mut row = row(desk, name, told.seq, found, after + at + 1);
        let above = |copy: &Hit| told.found[..at].iter().position(|other| other.hit.page == copy.page);
        row.copy = match (found.copies.iter().filter_map(above).min(), found.copies.first()) {
            (Some(above), _) => {
                Some((format!("looks like a copy of {}", after + above + 1), rows[above].to.clone()))
            }
            (None, Some(copy)) => {
                let place = place_of(&desk.archive, copy)?;
                let to = address(&place.id, place.page, name);
                Some(("looks like a copy of another page".into(), to))
            }
            (None, None) => None,
        };
        rows.push(row);
    }
    Ok(rows)
}

fn address(id: &str, page: usize, search: &str) -> String {
    format!("/page/{id}/{page}?find={search}")
}

fn row(desk: &Desk, name: &str, seq: Option<u64>, found: &Found, number: usize) -> Row {
    let page = found.hit.page;
    let place = found.place();
    let (to, place) = match &place {
        Some(place) => {
            (address(&place.id, place.page, name), format!("page {} of {}", place.page, place.pages))
        }
        None => (address(&page.batch.to_string(), page.page.0 as usize, name), format!("page {}", page.page)),
    };
    let document = found.document.as_ref();
    let held = found.exception.as_ref();
    let code = document.map(|own| &own.kind).or(held.map(|own| &own.kind));
    let kind = code.and_then(|code| desk.rules.kinds.get(code)).map(|kind| kind.name.clone());
    let service = document.and_then(|own| own.service).or(held.and_then(|own| own.service));
    let station = document.map(|own| &own.station).or(held.map(|own| &own.station));
    Row {
        number,
        key: format!("{}/{}", page.batch, page.page),
        to,
        patient: document.map(|own| Person {
            chart: format!("/chart/{}", own.patient.id.0),
            name: if own.patient.name.is_empty() {
                "name not known".into()
            } else {
                own.patient.name.clone()
            },
            born: own.patient.birth_date,
            number: own.patient.mrn.as_ref().map(|mrn| mrn.value.clone()),
        }),
        what: what(kind, service, document.is_none()),
        kind_code: code.map(|code| code.0.clone()).unwrap_or_default(),
        place,
        station: station.cloned().unwrap_or_default(),
        pieces: found.marked.pieces.clone(),
        strip: seq.and_then(|seq| shown(found, seq)),
        copy: None,
        without: found.without.clone(),
    }
}

/// Of what waits on the worklist, type and day are only what was read: they are settled, and searched for, once it is
/// filed.
fn what(kind: Option<String>, service: Option<(Date, Date)>, is_held: bool) -> String {
    let day = service.map(
        |(first, last)| {
            if first == last { first.to_string() } else { format!("{first} to {last}") }
        },
    );
    match (is_held, kind, day) {
        (false, kind, day) => {
            let kind = kind.unwrap_or_else(|| "Type not known".into());
            format!("{kind}, {}", day.unwrap_or_else(|| "no date".into()))
        }
        (true, None, None) => "Not settled".into(),
        (true, kind, day) => {
            format!("Perhaps {}", kind.into_iter().chain(day).collect::<Vec<_>>().join(", "))
        }
    }
}

fn shown(found: &Found, seq: u64) -> Option<Shown> {
    let strip = Strip::of(found.frame?, &found.marked.boxes)?;
    let page = found.hit.page;
    let words = match strip.boxes.len() {
        0 => "The head of the page as scanned".into(),
        1 => "The page as scanned, the word that was found in a box".into(),
        words => format!("The page as scanned, {words} words that were found in boxes"),
    };
    Some(Shown {
        picture: format!("/picture/{seq}/{}/{}/strip/{}", page.batch, page.page, strip.address()),
        view_box: strip.view_box(),
        width: strip.place.w,
        height: strip.place.h,
        boxes: strip.boxes,
        words,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_waits_on_the_worklist_has_no_settled_type_and_day() {
        let (first, last) = (date(2026, 3, 9), date(2026, 3, 11));
        let said = |kind: Option<&str>, service, is_held| what(kind.map(str::to_owned), service, is_held);
        assert_eq!(said(Some("Consultation"), Some((first, first)), false), "Consultation, 2026-03-09");
        assert_eq!(said(None, Some((first, last)), false), "Type not known, 2026-03-09 to 2026-03-11");
        assert_eq!(said(Some("Referral"), None, false), "Referral, no date");
        assert_eq!(said(Some("Referral"), Some((first, first)), true), "Perhaps Referral, 2026-03-09");
        assert_eq!(
            (said(None, None, true), said(None, Some((first, first)), true)),
            ("Not settled".into(), "Perhaps 2026-03-09".into())
        );
    }
}
