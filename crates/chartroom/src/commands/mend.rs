//! What does a control sheet say that no machine could read?
//!
//! A clerk's declaration (`domain.md` 2.14, D-2): number and birth date are typed from the paper and agree with the
//! patient index, or the sheet only separates.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use archive::{ExceptionRow, Mend};
use clap::Args;
use jiff::civil::Date;
use records::document::Place;
use records::ids::{DocumentId, ExceptionId, PageNumber};
use serde_json::json;
use web::acts::Chosen;

use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, at_the_prompt, clerk};
use crate::show;

#[derive(Args)]
#[command(group = clap::ArgGroup::new("what").args(["mrn", "separator", "not_a_sheet"]).required(true))]
pub(crate) struct MendArguments {
    /// What waits behind the sheet, as `chartroom worklist` shows it
    exception: String,
    /// Page of the sheet, as the worklist numbers them [default: the sheet right before]
    #[arg(long, value_name = "N")]
    sheet_page: Option<u32>,
    /// It is a cover sheet of this number, typed from the paper
    #[arg(long, requires = "birth_date")]
    mrn: Option<String>,
    /// Who assigned the number
    #[arg(long)]
    authority: Option<String>,
    /// The birth date, typed from the paper (1962-03-15)
    #[arg(long, value_name = "DATE", requires = "mrn")]
    birth_date: Option<Date>,
    /// How many sheets of paper the cover sheet says follow
    #[arg(long, value_name = "N", requires = "mrn")]
    sheets: Option<u32>,
    /// It separates, and names nobody
    #[arg(long)]
    separator: bool,
    /// It is no control sheet of ours, but somebody's page
    #[arg(long)]
    not_a_sheet: bool,
    /// Who declares it
    #[arg(long = "as", value_name = "CLERK")]
    clerk: Option<String>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(place: &PlaceArguments, arguments: &MendArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let id: ExceptionId = arguments.exception.parse()?;
    let held =
        door.archive.exception(&id)?.context("there is no such exception; see `chartroom worklist`")?;
    let stands = arguments.stands(&door)?;
    let page = arguments.sheet_page.map(PageNumber);
    let sheet = door.archive.mend(&id, page, &stands, &clerk(arguments.clerk.as_deref()))?;
    wait_for_judgement(&door, &held, sheet)?;
    let (documents, exceptions) = what_became_of(&door, &held)?;
    if arguments.json {
        show::json(&json!({ "sheet_page": sheet, "documents": documents, "exceptions": exceptions }))?;
    } else {
        show::line(format!(
            "The sheet is mended. Of what waited behind it, {} filed; {} for a person.",
            show::count(documents.len() as u64, "document is", "documents are"),
            show::count(exceptions.len() as u64, "exception waits", "exceptions wait"),
        ));
    }
    Ok(Outcome::Done)
}

impl MendArguments {
    fn stands(&self, door: &Door) -> anyhow::Result<Mend> {
        let Some(mrn) = &self.mrn else {
            return Ok(if self.separator { Mend::Separator } else { Mend::Page });
        };
        let typed =
            self.birth_date.map(|born| Chosen::born(door.house(), mrn, self.authority.as_deref(), born));
        let Some(Chosen { number, .. }) = typed.transpose().map_err(at_the_prompt)?.flatten() else {
            bail!(
                "what was typed does not agree with the patient index; look at the sheet again: \
                 the number or the birth date is another patient's"
            );
        };
        Ok(Mend::Cover { number, sheets: self.sheets })
    }
}

/// The line judges; where none runs, we are the line for as long as that takes.
fn wait_for_judgement(door: &Door, held: &ExceptionRow, sheet: PageNumber) -> anyhow::Result<()> {
    const PATIENCE: Duration = Duration::from_secs(60);
    let mut line = door.become_line(Vec::new())?;
    let began = Instant::now();
    loop {
        let mended = door.archive.sheets_mended(&held.batch)?;
        if mended.iter().any(|own| own.page == sheet && own.outcome.is_some()) {
            break;
        }
        if began.elapsed() > PATIENCE {
            bail!(
                "the sheet is mended; the line has not judged what is behind it yet, see `chartroom status`"
            );
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    match &mut line {
        Some(line) => {
            super::index::wait_for_line(door, line)?;
            line.stop();
        }
        None => super::wait_for_index(door)?,
    }
    Ok(())
}

fn what_became_of(
    door: &Door,
    held: &ExceptionRow,
) -> anyhow::Result<(BTreeSet<DocumentId>, BTreeSet<ExceptionId>)> {
    let (mut documents, mut exceptions) = (BTreeSet::new(), BTreeSet::new());
    for page in &held.pages {
        match door.archive.place(*page)? {
            Some(Place::Document(id)) => drop(documents.insert(id)),
            Some(Place::Exception(id)) => drop(exceptions.insert(id)),
            _ => {}
        }
    }
    Ok((documents, exceptions))
}
