//! Print cover sheets, end sheets and separator sheets.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use print::label::Label;
use print::sheet::SheetPage;
use records::document::KindCode;
use records::identifier::Identifier;
use records::judge::IssuedSheet;
use records::name::PersonName;
use records::patient::Patient;
use records::sheet::{SheetKey, SheetKind, SheetPayload, new_serial};
use serde_json::json;
use web::acts::TypedName;

use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, clerk};
use crate::show;

#[derive(Args)]
pub(crate) struct SheetArguments {
    /// The number, typed from the paper
    #[arg(long, required_unless_present_any = ["separators", "paper_box", "register"])]
    mrn: Option<String>,
    /// Who assigned the number
    #[arg(long)]
    authority: Option<String>,
    /// The birth date, typed from the paper (1962-03-15). Without it the sheet proposes only
    #[arg(long, value_name = "DATE")]
    birth_date: Option<Date>,
    /// Where the label has no birth date: the full name, typed from the paper ("Doe, Jane")
    #[arg(long, value_name = "NAME", conflicts_with = "birth_date")]
    name: Option<String>,
    /// Visit or account number
    #[arg(long)]
    visit: Option<String>,
    /// Kind of the document that follows
    #[arg(long = "type", value_name = "CODE")]
    kind: Option<String>,
    /// Date of service
    #[arg(long, value_name = "DATE")]
    service: Option<Date>,
    /// How many sheets of paper follow
    #[arg(long, value_name = "N")]
    sheets: Option<u32>,
    /// No end sheet with the cover sheet
    #[arg(long)]
    no_end: bool,
    /// Also (or only) so many separator sheets
    #[arg(long, value_name = "N", default_value_t = 0)]
    separators: u32,
    /// Also (or only) the sheet that begins a box of paper: its pages are found with box:PROJECT.BOX
    #[arg(long = "box", value_name = "PROJECT.BOX", value_parser = paper_box)]
    paper_box: Option<String>,
    /// Instead of a cover sheet, so many labels for this patient (30 on a page)
    #[arg(long, value_name = "N", requires = "mrn", conflicts_with = "separators")]
    labels: Option<usize>,
    /// Every sheet on both faces, for a scanner that reads both
    #[arg(long)]
    both_faces: bool,
    /// Take over the register of sheets that another Chartroom of this site printed
    #[arg(long, value_name = "FILE.json", conflicts_with_all = ["mrn", "separators", "paper_box"])]
    register: Option<PathBuf>,
    /// Where the PDF goes
    #[arg(short, long, value_name = "FILE.pdf", required_unless_present = "register")]
    output: Option<PathBuf>,
    /// Who prints
    #[arg(long = "as", value_name = "CLERK")]
    clerk: Option<String>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(place: &PlaceArguments, arguments: &SheetArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    if let Some(register) = &arguments.register {
        return take_over(&door, register);
    }
    let output = arguments.output.as_deref().unwrap_or(Path::new("sheet.pdf"));
    if let (Some(mrn), Some(count)) = (&arguments.mrn, arguments.labels) {
        return labels(&door, arguments, mrn, count, output);
    }
    let keys = door.sheet_keys()?;
    let key =
        keys.first().context("there is no key to sign sheets with; see [sheets] in the configuration")?;
    let mut pages = Vec::new();
    let mut confirmed = false;
    if let Some(paper_box) = &arguments.paper_box {
        let payload = SheetPayload { folder: Some(paper_box.clone()), ..blank_payload(key, SheetKind::Box) };
        issue(&door, &payload, None, false, arguments)?;
        pages.push(SheetPage { payload, name: None, birth_date: None });
    }
    if let Some(mrn) = &arguments.mrn {
        let cover = Cover::of(&door, arguments, mrn)?;
        confirmed = cover.confirmed;
        pages.extend(cover.pages(&door, arguments, key)?);
    }
    for _ in 0..arguments.separators {
        let payload = blank_payload(key, SheetKind::DocumentType);
        issue(&door, &payload, None, false, arguments)?;
        pages.push(SheetPage { payload, name: None, birth_date: None });
    }
    let draw = if arguments.both_faces { print::sheet::pdf_both_faces } else { print::sheet::pdf };
    std::fs::write(output, draw(&pages, key))
        .with_context(|| format!("cannot write {}", output.display()))?;
    let serials: Vec<&str> = pages.iter().map(|page| page.payload.serial.as_str()).collect();
    if arguments.json {
        show::json(
            &json!({ "file": output, "pages": pages.len(), "serials": serials, "confirmed": confirmed }),
        )?;
        return Ok(Outcome::Done);
    }
    show::line(format!("{} in {}", show::count(pages.len() as u64, "sheet", "sheets"), output.display()));
    if arguments.mrn.is_some() && !confirmed {
        show::line(
            "Unconfirmed: without birth date or name it separates and proposes, but declares nothing.",
        );
    }
    Ok(Outcome::Done)
}

/// Two words with a point between, as a box of a project is named.
fn paper_box(text: &str) -> Result<String, String> {
    let word = |part: &str| {
        (1..=20).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    match text.split_once('.') {
        Some((project, number)) if word(project) && word(number) => Ok(text.to_owned()),
        _ => Err("a box is PROJECT.BOX, letters, digits and hyphens: ER2019.12".into()),
    }
}

/// Labels show what the index has: they are printed only for who typed number and birth date (or name) from paper.
fn labels(
    door: &Door,
    arguments: &SheetArguments,
    mrn: &str,
    count: usize,
    output: &Path,
) -> anyhow::Result<Outcome> {
    let Cover { patient, number, confirmed } = Cover::of(door, arguments, mrn)?;
    let (true, Some(name)) = (confirmed, patient.name()) else {
        bail!("labels need --birth-date (or --name), typed from the paper");
    };
    let label = Label { name: name.filed(), birth_date: patient.birth_date, number };
    std::fs::write(output, print::label::pdf(&vec![label; count]))
        .with_context(|| format!("cannot write {}", output.display()))?;
    show::line(format!("{} in {}", show::count(count as u64, "label", "labels"), output.display()));
    Ok(Outcome::Done)
}

/// Whose cover sheet it is to be, and whether a person has confirmed it (`domain.md` 2.14, D-2).
struct Cover {
    patient: Patient,
    number: Identifier,
    confirmed: bool,
}

impl Cover {
    fn of(door: &Door, arguments: &SheetArguments, mrn: &str) -> anyhow::Result<Self> {
        let patient = super::patients::find(door, mrn, arguments.authority.as_deref())?;
        let number = door.number(mrn, arguments.authority.as_deref())?;
        // What the chart says is not shown before both were typed, and not when they differ.
        let confirmed = match (arguments.birth_date, &arguments.name) {
            (Some(typed), _) if Some(typed) == patient.birth_date => true,
            (None, Some(typed)) if is_named(&patient, typed) => true,
            (None, None) => false,
            _ => bail!(
                "what was typed does not agree with the patient index; look at the paper again: \
                 the number or the birth date (or name) is another patient's"
            ),
        };
        Ok(Self { patient, number, confirmed })
    }

    /// The cover sheet and the end sheet that closes it.
    fn pages(
        &self,
        door: &Door,
        arguments: &SheetArguments,
        key: &SheetKey,
    ) -> anyhow::Result<Vec<SheetPage>> {
        let cover = SheetPayload {
            authority: Some(self.number.authority.clone()),
            mrn: Some(self.number.value.clone()),
            visit: arguments.visit.clone(),
            document_kind: arguments.kind.clone().map(KindCode),
            service: arguments.service,
            sheets: arguments.sheets,
            ..blank_payload(key, SheetKind::Cover)
        };
        let end = SheetPayload { kind: SheetKind::End, sheets: None, ..cover.clone() };
        let mut pages = Vec::new();
        for payload in [Some(cover), Some(end).filter(|_| !arguments.no_end)].into_iter().flatten() {
            issue(door, &payload, Some(&self.number), self.confirmed, arguments)?;
            let name = self.patient.name().map(PersonName::filed);
            pages.push(SheetPage { payload, name, birth_date: self.patient.birth_date });
        }
        Ok(pages)
    }
}

/// Whether the typed "family, given" is the patient's current name.
fn is_named(patient: &Patient, typed: &str) -> bool {
    TypedName::of(typed).zip(patient.name()).is_some_and(|(typed, own)| typed.is(own))
}

pub(super) fn blank_payload(key: &SheetKey, kind: SheetKind) -> SheetPayload {
    SheetPayload {
        site: key.site.clone(),
        key_id: key.id.clone(),
        kind,
        authority: None,
        mrn: None,
        visit: None,
        document_kind: None,
        service: None,
        sheets: None,
        folder: None,
        printed: Timestamp::now(),
        serial: new_serial(*uuid::Uuid::new_v4().as_bytes()),
    }
}

/// In the register before it is on paper.
fn issue(
    door: &Door,
    payload: &SheetPayload,
    number: Option<&Identifier>,
    confirmed: bool,
    arguments: &SheetArguments,
) -> anyhow::Result<()> {
    Ok(door.archive.issue_sheet(&IssuedSheet {
        serial: payload.serial_use(),
        number: number.cloned(),
        confirmed,
        by: clerk(arguments.clerk.as_deref()),
        at: payload.printed,
    })?)
}

fn take_over(door: &Door, register: &Path) -> anyhow::Result<Outcome> {
    let bytes = std::fs::read(register)
        .with_context(|| format!("cannot read the register {}", register.display()))?;
    let sheets: Vec<IssuedSheet> = serde_json::from_slice(&bytes)
        .with_context(|| format!("{} is no register of sheets", register.display()))?;
    for sheet in &sheets {
        door.archive.issue_sheet(sheet)?;
    }
    show::line(format!("{} taken over", show::count(sheets.len() as u64, "sheet", "sheets")));
    Ok(Outcome::Done)
}
