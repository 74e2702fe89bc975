//! Whose is it, decides a clerk; does what was read speak against it?

use archive::{Assignment, RescanItem, RescanRow, Take};
use jiff::Timestamp;
use records::document::{KindCode, Label};
use records::ids::{DocumentId, ExceptionId, PageRef};
use records::judge::Objections;
use records::patient::Patient;

use super::{About, ActError, Chosen, House};

/// What was read on these pages, held against the patient who was chosen.
///
/// # Errors
/// The archive cannot be read.
pub fn held_against(house: House<'_>, pages: &[PageRef], patient: &Patient) -> Result<Objections, ActError> {
    Ok(house.archive.objections(house.rules, pages, patient, Timestamp::now())?)
}

/// What is assigned, as it was until now.
#[derive(Clone, Copy)]
pub struct Before<'a> {
    pub pages: &'a [PageRef],
    pub kind: &'a KindCode,
    pub labels: &'a [Label],
}

/// What the clerk said, checked against what was read.
///
/// # Errors
/// `NamesOther` where something read names another and nobody said why it is this patient's all the same.
pub fn assignment(
    house: House<'_>,
    before: Before<'_>,
    chosen: &Chosen,
    about: About,
    despite: Option<&str>,
    clerk: &str,
) -> Result<Assignment, ActError> {
    let found = held_against(house, before.pages, &chosen.patient)?;
    if !found.against.is_empty() && despite.is_none() {
        return Err(ActError::NamesOther(Box::new(found)));
    }
    let kind = about.kind.as_ref().unwrap_or(before.kind);
    Ok(Assignment {
        patient: chosen.patient.id,
        filed_under: chosen.number.clone(),
        labels: about.labels_of(house.rules, kind, before.labels),
        kind: about.kind,
        service: about.service,
        encounter: about.encounter,
        against: found.reasons(),
        seen: Some(found.seen),
        despite: despite.map(str::to_owned),
        clerk: clerk.to_owned(),
    })
}

/// Adds pages that came late to a document, before a page of it or behind the last. They must not name somebody else,
/// or a person says why they belong there. Answers how many there were.
///
/// # Errors
/// `NamesOther` as above; what the archive refuses.
pub fn insert(
    house: House<'_>,
    document: &DocumentId,
    late: &ExceptionId,
    before: Option<u32>,
    despite: Option<&str>,
    clerk: &str,
) -> Result<u32, ActError> {
    let archive = house.archive;
    let row = archive.document(document)?.ok_or(ActError::Unknown("document"))?;
    let held = archive.exception(late)?.ok_or(ActError::Unknown("exception"))?;
    let person = archive.patient(row.patient.id)?.ok_or(ActError::Orphan)?;
    must_name_nobody_else(house, &held.pages, &person, despite)?;
    archive.insert(document, late, before, clerk, despite)?;
    Ok(u32::try_from(held.pages.len()).unwrap_or(u32::MAX))
}

/// Says which of two pictures of a page stays. A new one in a chart must not name somebody else, or a person says why
/// it is of that page all the same.
///
/// # Errors
/// `NamesOther` as above; what the archive refuses.
pub fn choose_picture(
    house: House<'_>,
    rescan: &RescanRow,
    take: Take,
    despite: Option<&str>,
    clerk: &str,
) -> Result<(), ActError> {
    if let (Take::New, RescanItem::Document { document, .. }) = (take, rescan.item) {
        let document = house.archive.document(&document)?.ok_or(ActError::Unknown("document"))?;
        let person = house.archive.patient(document.patient.id)?.ok_or(ActError::Orphan)?;
        must_name_nobody_else(house, &rescan.came, &person, despite)?;
    }
    Ok(house.archive.choose_picture(&rescan.slip, take, clerk, despite)?)
}

fn must_name_nobody_else(
    house: House<'_>,
    pages: &[PageRef],
    person: &Patient,
    despite: Option<&str>,
) -> Result<(), ActError> {
    if despite.is_some() {
        return Ok(());
    }
    let found = held_against(house, pages, person)?;
    if found.against.is_empty() { Ok(()) } else { Err(ActError::NamesOther(Box::new(found))) }
}
