//! Whose is it? The clerk types the number from the paper, sees who that is, and files it there.
//!
//! What is shown and what is filed are the same person, or nothing is filed: a form names whom it showed.

use archive::{Action, AuditEntry};
use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::civil::Date;
use records::judge::Objections;
use records::name::PersonName;
use records::patient::{Patient, Sex};
use serde::Deserialize;
use serde_json::Value;

use super::ItemId;
use super::fields::{self, Compared, Field, Shown};
use super::going_on::decide;
use super::holding::must_hold;
use super::list::first_sentence;
use crate::acts::{self, About, ActError, Before, Chosen, House, Said, Whose, held_against};
use crate::desk::{Desk, today};
use crate::fault::Fault;
use crate::frame::html;
use crate::people::Person;
use crate::people::act::Act;

/// As it was typed; what is empty was not.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    number: String,
    authority: String,
    name: String,
    birth_date: String,
    kind: String,
    date: String,
    encounter: String,
    label: String,
    despite: String,
    /// Who was shown for it.
    shown: String,
    from: String,
}

/// Empty is absent.
pub(super) fn said(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// A day as clerks type it: 2026-03-04, or its digits alone.
pub(super) fn day(text: &str) -> Result<Date, Fault> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = text.trim();
    let iso = if plain.len() == 8 && digits.len() == 8 {
        format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..])
    } else {
        plain.to_owned()
    };
    iso.parse().map_err(|_| Fault::refused("Write a date as 2026-03-04."))
}

impl Typed {
    fn chosen(&self, house: House<'_>) -> Result<Chosen, Refusal> {
        let birth_date = said(&self.birth_date).map(day).transpose()?;
        let mrn = said(&self.number);
        let name = if mrn.is_none() { said(&self.name) } else { None };
        if mrn.is_none() && (name.is_none() || birth_date.is_none()) {
            let how = "Type the number from the page; where none is printed, the name and the birth date.";
            return Err(Fault::refused(how).into());
        }
        let whose = Whose { mrn, name, birth_date, authority: said(&self.authority) };
        Ok(Chosen::by(house, whose)?.ok_or_else(|| Fault::refused("Type the number from the page."))?)
    }

    fn about(&self, house: House<'_>) -> Result<About, Fault> {
        let labels: Vec<String> =
            self.label.split([',', ' ']).filter_map(said).map(str::to_uppercase).collect();
        let date = said(&self.date).map(days).transpose()?;
        let kind = said(&self.kind).map(|kind| code_of(house, kind));
        let said = Said {
            kind: kind.as_deref(),
            date: date.as_deref(),
            encounter: said(&self.encounter),
            labels: &labels,
            authority: said(&self.authority),
        };
        Ok(About::of(house, said)?)
    }
}

/// First and last day as [`acts`] reads them.
fn days(text: &str) -> Result<String, Fault> {
    let (first, last) = text.split_once('/').unwrap_or((text, text));
    Ok(format!("{}/{}", day(first)?, day(last)?))
}

/// A kind as it was typed: its code, or words that mean exactly one.
pub(super) fn code_of(house: House<'_>, typed: &str) -> String {
    match house.rules.kinds.named(typed).as_slice() {
        [only] => only.code.0.clone(),
        _ => typed.to_uppercase(),
    }
}

/// Why nobody is shown.
enum Refusal {
    Act(ActError),
    Fault(Fault),
}

impl From<ActError> for Refusal {
    fn from(error: ActError) -> Self {
        Self::Act(error)
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

#[derive(Template)]
#[template(path = "worklist/match.html")]
struct Match {
    /// Whom the form may file to.
    shown: String,
    name: String,
    sex: &'static str,
    birth_date: String,
    number: String,
    alerts: Vec<&'static str>,
    fields: Vec<Field>,
    against: Vec<Against>,
    /// Nobody is shown: why, and what tells several apart.
    problem: Option<String>,
    several: Vec<String>,
}

/// What on the pages names somebody else, of one sort.
struct Against {
    words: &'static str,
    seen: Vec<(u32, String)>,
}

/// Each reading once.
fn against(found: &Objections) -> Vec<Against> {
    let mut all: Vec<Against> = Vec::new();
    for (reason, seen) in &found.against {
        let words = first_sentence(reason.words());
        let at = all.iter().position(|own| own.words == words).unwrap_or_else(|| {
            all.push(Against { words, seen: Vec::new() });
            all.len() - 1
        });
        let reading = (seen.page.0, seen.text.clone());
        if !all[at].seen.contains(&reading) {
            all[at].seen.push(reading);
        }
    }
    all
}

pub(super) async fn matched(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Typed>,
) -> Result<Response, Fault> {
    let id: ItemId = id.parse()?;
    desk.work(move |desk| {
        must_hold(desk, &person, &id.to_string())?;
        let held = desk.archive.exception(&id.exception()?)?.ok_or(Fault::NotThere)?;
        let house = House { archive: &desk.archive, rules: &desk.rules };
        let chosen = match form.chosen(house) {
            Ok(chosen) => chosen,
            Err(Refusal::Fault(fault)) => return html(&Match::problem(fault.words(), Vec::new())),
            Err(Refusal::Act(error)) => {
                let several = match &error {
                    ActError::Several(fit) => {
                        person.record_list(desk, "same-name", fit.len())?;
                        acts::differing(fit)
                    }
                    _ => Vec::new(),
                };
                return html(&Match::problem(Fault::from(error).words(), several));
            }
        };
        record_look(desk, &person, &chosen.patient)?;
        let found = held_against(house, &held.pages, &chosen.patient)?;
        let visits = desk.archive.visits(chosen.patient.id)?;
        let with = Compared { person: &chosen.patient, visits: &visits, shown: Shown::All };
        let mut shown = fields::identity(&found.seen, Some(&with), &desk.rules, today());
        let service = form.about(house).ok().and_then(|about| about.service).or(held.service);
        shown.push(fields::service(service, Some(&with)));
        html(&Match { against: against(&found), fields: shown, ..Match::of(&chosen) })
    })
    .await
}

impl Match {
    fn of(chosen: &Chosen) -> Self {
        let patient = &chosen.patient;
        Self {
            shown: patient.id.0.to_string(),
            name: patient.name().map(PersonName::filed).unwrap_or_default(),
            sex: match patient.sex {
                Some(Sex::Female) => "F",
                Some(Sex::Male) => "M",
                None => "sex not known",
            },
            birth_date: patient.birth_date.map_or_else(|| "not known".into(), |day| day.to_string()),
            number: chosen.number.value.clone(),
            alerts: alerts(patient),
            fields: Vec::new(),
            against: Vec::new(),
            problem: None,
            several: Vec::new(),
        }
    }

    fn problem(words: String, several: Vec<String>) -> Self {
        Self {
            shown: String::new(),
            name: String::new(),
            sex: "",
            birth_date: String::new(),
            number: String::new(),
            alerts: Vec::new(),
            fields: Vec::new(),
            against: Vec::new(),
            problem: Some(words),
            several,
        }
    }
}

/// What a clerk must know of a chart before anything goes into it.
fn alerts(patient: &Patient) -> Vec<&'static str> {
    let flags = patient.flags;
    let all = [
        (flags.name_alert, "another patient has the same name: compare everything"),
        (flags.twin, "a twin: compare the given name"),
        (flags.confidential, "confidential chart"),
        (flags.frozen, "the chart is frozen: two people seem to be in it"),
        (flags.test_patient, "a test patient"),
        (flags.unknown_person, "nobody knows who this is"),
        (patient.died.is_some(), "died"),
    ];
    all.into_iter().filter(|(is, _)| *is).map(|(_, words)| words).collect()
}

fn record_look(desk: &Desk, person: &Person, patient: &Patient) -> Result<(), Fault> {
    let look = AuditEntry::new(&person.actor(), Action::Read, "match");
    desk.archive.record(&AuditEntry { patient: Some(patient.id), ..look })?;
    Ok(())
}

pub(super) async fn file(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Typed>,
) -> Result<Json<Value>, Fault> {
    let id: ItemId = id.parse()?;
    desk.work(move |desk| {
        let exception = id.exception()?;
        let from = form.from.clone();
        decide(desk, &person, id, &from, || {
            let held = desk.archive.exception(&exception)?.ok_or(Fault::NotThere)?;
            let house = House { archive: &desk.archive, rules: &desk.rules };
            let chosen = form.chosen(house).map_err(|refusal| match refusal {
                Refusal::Act(error) => error.into(),
                Refusal::Fault(fault) => fault,
            })?;
            if chosen.patient.id.0.to_string() != form.shown {
                return Err(Fault::Moved("Look at whom the number names, then file.".into()));
            }
            let before = Before { pages: &held.pages, kind: &held.kind, labels: &held.labels };
            let about = form.about(house)?;
            let despite = said(&form.despite);
            let assignment = acts::assignment(house, before, &chosen, about, despite, &person.actor())?;
            desk.archive.assign(&exception, &assignment)?;
            Ok(())
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_may_be_typed_as_eight_digits() {
        assert_eq!(day("19620315").unwrap(), jiff::civil::date(1962, 3, 15));
        assert_eq!(day(" 1962-03-15 ").unwrap(), jiff::civil::date(1962, 3, 15));
        assert!(day("03/15/1962").is_err(), "which is the day and which the month, the paper says, not we");
        assert!(day("1962").is_err());
    }
}
