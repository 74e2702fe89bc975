//! Decisions about an item other than whose it is: in no chart, not yet, the chart is right, or taken back.

use archive::{Mend, SetAside, Take, Target};
use axum::Json;
use axum::extract::{Path, State};
use records::ids::PageNumber;
use records::rights::Right;
use serde::Deserialize;
use serde_json::Value;

use super::ItemId;
use super::about::About;
use super::going_on::{Round, decide, to, view};
use super::holding;
use super::matching::{day, said};
use crate::acts::{Chosen, House, choose_picture};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::people::act::Act;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Because {
    reason: String,
    from: String,
}

impl Because {
    fn why(&self) -> Result<&str, Fault> {
        said(&self.reason).ok_or_else(|| Fault::refused("Say why; it is kept for ever."))
    }
}

pub(super) async fn void(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Because>,
) -> Result<Json<Value>, Fault> {
    let id: ItemId = id.parse()?;
    desk.work(move |desk| {
        let target = Target::Exception(id.exception()?);
        let why = form.why()?;
        decide(desk, &person, id, &form.from, || Ok(desk.archive.void(target, &person.actor(), why)?))
    })
    .await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Aside {
    /// As `chartroom dispose --as` has it.
    what: String,
    /// For another department: which.
    department: String,
    note: String,
    follow_up: String,
    from: String,
}

pub(super) async fn aside(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Aside>,
) -> Result<Json<Value>, Fault> {
    let id: ItemId = id.parse()?;
    desk.work(move |desk| {
        let exception = id.exception()?;
        let what = match (form.what.as_str(), said(&form.department)) {
            ("route", Some(department)) => SetAside::Route(department.to_owned()),
            ("route", None) => return Err(Fault::refused("Say which department it is for.")),
            (code, _) => code.parse().map_err(|_| Fault::refused("Say what it is instead."))?,
        };
        let follow_up = said(&form.follow_up).map(day).transpose()?;
        if what == SetAside::Waiting && said(&form.note).is_none() {
            return Err(Fault::refused("Say what it waits for."));
        }
        decide(desk, &person, id, &form.from, || {
            Ok(desk.archive.dispose(&exception, &what, follow_up, &person.actor(), form.note.trim())?)
        })
    })
    .await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Mending {
    /// `cover`, `separator`, `page`.
    stands: String,
    number: String,
    authority: String,
    birth_date: String,
    sheets: String,
    sheet_page: String,
    from: String,
}

impl Mending {
    fn stands(&self, house: House<'_>) -> Result<Mend, Fault> {
        const DIFFERS: &str = "What was typed does not agree with the patient index; look at the sheet again: the \
                               number or the birth date is another patient's.";
        match self.stands.as_str() {
            "separator" => Ok(Mend::Separator),
            "page" => Ok(Mend::Page),
            "cover" => {
                let both = said(&self.number).zip(said(&self.birth_date));
                let (number, born) =
                    both.ok_or_else(|| Fault::refused("Type number and birth date from the sheet."))?;
                let sheets = said(&self.sheets).map(str::parse).transpose();
                let sheets = sheets.map_err(|_| Fault::refused("How many sheets follow is a number."))?;
                let chosen = Chosen::born(house, number, said(&self.authority), day(born)?)?;
                let Chosen { number, .. } = chosen.ok_or_else(|| Fault::refused(DIFFERS))?;
                Ok(Mend::Cover { number, sheets })
            }
            _ => Err(Fault::refused("Say what the sheet is.")),
        }
    }
}

/// The declaration is on record at once; the line judges what is behind the sheet in a moment.
pub(super) async fn mend(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Mending>,
) -> Result<Json<Value>, Fault> {
    let id: ItemId = id.parse()?;
    desk.work(move |desk| {
        let exception = id.exception()?;
        let house = House { archive: &desk.archive, rules: &desk.rules };
        let stands = form.stands(house)?;
        let page = said(&form.sheet_page).and_then(|page| page.parse().ok()).map(PageNumber);
        decide(desk, &person, id, &form.from, || {
            desk.archive.mend(&exception, page, &stands, &person.actor())?;
            Ok(())
        })
    })
    .await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Picture {
    /// `new`, `old`.
    take: String,
    despite: String,
    from: String,
}

/// Of two pictures of one page, the one that stays.
pub(super) async fn picture(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Picture>,
) -> Result<Json<Value>, Fault> {
    let id: ItemId = id.parse()?;
    desk.work(move |desk| {
        let take = match form.take.as_str() {
            "new" => Take::New,
            "old" => Take::Old,
            _ => return Err(Fault::refused("Say which picture stays.")),
        };
        person.must(Right::Worklist)?;
        let about = About::of(desk, &person, id)?;
        let rescan = about.rescan.ok_or_else(|| Fault::refused("No two pictures wait any more."))?;
        let house = House { archive: &desk.archive, rules: &desk.rules };
        decide(desk, &person, id, &form.from, || {
            Ok(choose_picture(house, &rescan, take, said(&form.despite), &person.actor())?)
        })
    })
    .await
}

pub(super) async fn dismiss(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Because>,
) -> Result<Json<Value>, Fault> {
    let id: ItemId = id.parse()?;
    desk.work(move |desk| {
        let ItemId::Doubt(doubt) = id else { return Err(Fault::NotThere) };
        let why = form.why()?;
        decide(desk, &person, id, &form.from, || {
            Ok(desk.archive.dismiss_doubt(&doubt, &person.actor(), why)?)
        })
    })
    .await
}

/// Out of the chart at once: another person files it again.
pub(super) async fn quarantine(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Because>,
) -> Result<Json<Value>, Fault> {
    let id: ItemId = id.parse()?;
    desk.work(move |desk| {
        let ItemId::Doubt(doubt) = id else { return Err(Fault::NotThere) };
        let document = desk.archive.find_doubt(&doubt)?.ok_or(Fault::NotThere)?.document.id;
        let why = form.why()?;
        decide(desk, &person, id, &form.from, || {
            Ok(desk.archive.quarantine(&document, &person.actor(), why)?)
        })
    })
    .await
}

/// The item waits again, and is opened.
pub(super) async fn undo(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Act { person, form }: Act<Because>,
) -> Result<Json<Value>, Fault> {
    let id: ItemId = id.parse()?;
    desk.work(move |desk| {
        person.must(Right::Worklist)?;
        holding::must_be_free(desk, &person, &[id.to_string()])?;
        desk.archive.take_back(&id.exception()?, &person.actor())?;
        let round = Round::of(desk, &person, view(&form.from))?;
        Ok(to(&round.address(Some(id), None)))
    })
    .await
}
