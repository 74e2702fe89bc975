//! What is known of an item, whether it is held, in question, or not yet typed?

use archive::{DocumentRow, DoubtRow, DoubtState, ExceptionRow, ExceptionState, RescanRow, RescanState};
use jiff::Timestamp;
use jiff::civil::Date;
use records::document::{DocumentState, KindCode};
use records::evidence::Evidence;
use records::exception::Reason;
use records::ids::{PageNumber, PageRef};
use records::patient::Patient;

use super::ItemId;
use super::fields::Shown;
use super::holding;
use super::item::{Candidate, Chart};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::Person;
use crate::told;

/// What is known of an item, whatever it is.
pub(super) struct About {
    pub(super) may_be_seen: bool,
    pub(super) closed: Option<String>,
    pub(super) chart: Option<Chart>,
    /// Whom it is compared with: the document's patient, or the first who it may be.
    pub(super) patient: Option<records::patient::PatientId>,
    pub(super) reasons: Vec<Reason>,
    pub(super) detail: Option<String>,
    pub(super) note: Option<String>,
    pub(super) place: String,
    pub(super) station: String,
    pub(super) since: Timestamp,
    pub(super) batch: String,
    pub(super) pages: Vec<PageRef>,
    pub(super) evidence: Vec<Evidence>,
    pub(super) candidates: Vec<Candidate>,
    pub(super) kind: KindCode,
    pub(super) service: Option<(Date, Date)>,
    pub(super) labels: Vec<String>,
    pub(super) sheet: Option<u32>,
    /// Two pictures of one page wait for a person.
    pub(super) rescan: Option<RescanRow>,
    /// What is looked at beside its pages, and what that is.
    pub(super) beside: Vec<(PageRef, &'static str)>,
}

impl About {
    pub(super) fn of(desk: &Desk, person: &Person, id: ItemId) -> Result<Self, Fault> {
        let mut about = match id {
            ItemId::Exception(id) => Self::held(desk, desk.archive.exception(&id)?.ok_or(Fault::NotThere)?),
            ItemId::Doubt(id) => {
                Self::doubted(desk, person, desk.archive.find_doubt(&id)?.ok_or(Fault::NotThere)?)
            }
            ItemId::Document(id) => Self::filed(person, desk.archive.document(&id)?.ok_or(Fault::NotThere)?),
        };
        if !about.may_be_seen {
            return Err(Fault::NotThere);
        }
        about.rescan =
            desk.archive.rescans_about(&about.pages)?.into_iter().find(|row| row.state == RescanState::Both);
        if let Some(row) = &about.rescan {
            let old = if row.old.is_empty() { vec![row.page] } else { row.old.clone() };
            let all = old.iter().map(|page| (*page, "the old picture"));
            let all = all.chain(row.came.iter().map(|page| (*page, "the new picture")));
            about.beside.extend(all.filter(|(page, _)| !about.pages.contains(page)));
        }
        Ok(about)
    }

    fn held(desk: &Desk, row: ExceptionRow) -> Self {
        let by = || row.resolved_by.as_deref().map_or_else(String::new, |by| holding::colleague(desk, by));
        let closed = match row.state {
            ExceptionState::Open => None,
            ExceptionState::Void => Some(format!("Withdrawn by {}.", by())),
            ExceptionState::SetAside => Some(format!("Set aside by {}.", by())),
            ExceptionState::Resolved if row.document.is_some() => Some(format!("Filed by {}.", by())),
            ExceptionState::Resolved => Some(format!("Arranged anew by {}.", by())),
        };
        let sheet = match &row.bundle {
            Some(archive::Bundle::Sheet { page, .. }) => Some(page.0),
            _ => None,
        };
        let note = row.disposition.as_ref().map(|what| {
            let said = row.resolution.as_deref().unwrap_or(what);
            row.follow_up.map_or_else(|| said.to_owned(), |day| format!("{said} (look again on {day})"))
        });
        let page = |number: u32| PageRef { batch: row.batch, page: PageNumber(number) };
        let beside = sheet.map(page).filter(|page| !row.pages.contains(page));
        Self {
            may_be_seen: true,
            closed,
            chart: None,
            patient: row.candidates.first().map(|own| own.patient.id),
            place: place(&row.file, &row.pages),
            reasons: row.reasons,
            detail: row.detail,
            note,
            station: row.station,
            since: row.created,
            batch: row.batch.to_string(),
            pages: row.pages,
            evidence: row.evidence,
            candidates: row
                .candidates
                .into_iter()
                .map(|own| Candidate { name: own.patient.name, why: own.why })
                .collect(),
            kind: row.kind,
            service: row.service,
            labels: row.labels.into_iter().map(|label| label.0).collect(),
            sheet,
            rescan: None,
            beside: beside.into_iter().map(|page| (page, "the control sheet")).collect(),
        }
    }

    fn doubted(desk: &Desk, person: &Person, row: DoubtRow) -> Self {
        let by = row.resolved_by.as_deref().map_or_else(String::new, |by| holding::colleague(desk, by));
        let closed = match row.state {
            DoubtState::Open => None,
            DoubtState::Dismissed => Some(format!("The chart is right, said {by}.")),
            DoubtState::Resolved => Some(format!("The document left this chart through {by}.")),
        };
        let mut about = Self::filed(person, row.document);
        about.evidence.splice(0..0, row.evidence);
        Self { closed, reasons: row.reasons, since: row.created, ..about }
    }

    fn filed(person: &Person, row: DocumentRow) -> Self {
        let closed = match row.state {
            DocumentState::Filed => None,
            DocumentState::Void => Some("Withdrawn.".to_owned()),
            DocumentState::Quarantined => Some("Hidden: perhaps in the wrong chart.".to_owned()),
        };
        let patient = &row.patient;
        let chart = Chart {
            document: row.id.to_string(),
            name: patient.name.clone(),
            number: patient.mrn.as_ref().map(|own| own.value.clone()).unwrap_or_default(),
            birth_date: patient.birth_date.map(|day| day.to_string()).unwrap_or_default(),
        };
        Self {
            may_be_seen: person.viewer().may_see(&row.labels, Some(row.filed_patient)),
            closed,
            patient: Some(patient.id),
            chart: Some(chart),
            reasons: Vec::new(),
            detail: None,
            note: None,
            place: place(&row.file, &row.pages),
            station: row.station,
            since: row.filed_at,
            batch: row.batch.to_string(),
            pages: row.pages,
            evidence: row.evidence,
            candidates: Vec::new(),
            kind: row.kind,
            service: row.service,
            labels: row.labels.into_iter().map(|label| label.0).collect(),
            sheet: None,
            rescan: None,
            beside: Vec::new(),
        }
    }

    /// Whom what was read is compared with, and how much of the index is shown.
    pub(super) fn whose(&self, desk: &Desk) -> Result<Option<(Patient, Shown)>, Fault> {
        let shown = if self.chart.is_some() { Shown::All } else { Shown::NameOnly };
        let person = self.patient.map(|id| desk.archive.patient(id)).transpose()?.flatten();
        Ok(person.map(|person| (person, shown)))
    }
}

fn place(file: &str, pages: &[PageRef]) -> String {
    match pages.len() {
        0 => file.to_owned(),
        1 => format!("page {} of {file}", told::page_ranges(pages)),
        _ => format!("pages {} of {file}", told::page_ranges(pages)),
    }
}
