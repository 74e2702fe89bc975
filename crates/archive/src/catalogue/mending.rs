//! What did a clerk read on a control sheet that no machine could?
//!
//! Mending is two steps: the clerk's declaration is recorded at once and raises the version of the patient index;
//! the line then separates and judges the pages behind the sheet anew (`rearranging`).

use jiff::Timestamp;
use records::document::SerialUse;
use records::identifier::{AuthorityId, Identifier};
use records::ids::{BatchId, ExceptionId, PageNumber};
use records::judge::IssuedSheet;
use records::sheet::{SheetKind, new_serial};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::Lane;
use super::acts::record;
use super::audit::AuditEntry;
use super::bundles::sheet_before;
use super::changes::{Changed, note};
use super::columns::{Millis, Run, batch_key, now};
use super::patients::raise_version;
use super::worklist::{ExceptionRow, exception_runs, exceptions, open_exception};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// What a clerk says a sheet is.
#[derive(Clone, Debug)]
pub enum Mend {
    /// A cover sheet of this patient: number and birth date were typed from the paper and agreed (D-2).
    Cover {
        number: Identifier,
        sheets: Option<u32>,
    },
    Separator,
    /// No sheet of ours.
    Page,
}

/// A mended sheet as it is recorded.
#[derive(Clone, Debug)]
pub struct Mending {
    pub batch: BatchId,
    pub page: PageNumber,
    pub stands: Mend,
    /// Of the clerk's declaration.
    pub serial: SerialUse,
    pub by: String,
    pub at: Timestamp,
    /// What waited behind it.
    pub exception: ExceptionId,
    /// Absent: the line has not yet judged what is behind it.
    pub outcome: Option<Outcome>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// What is behind it was separated and judged anew.
    Judged,
    /// Pages that somebody filed or touched stand in the way: nothing moved but the page itself.
    Blocked,
    /// Somebody had decided about it before.
    Late,
}

impl Outcome {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Judged, "judged"), (Self::Blocked, "blocked"), (Self::Late, "late")];

    fn code(self) -> &'static str {
        Self::ALL.iter().find(|(own, _)| *own == self).expect("all are listed").1
    }
}

impl Archive {
    /// A clerk says what the sheet before an exception's pages is. `page`: where it is; absent: where it must be.
    /// Answers where it was.
    pub fn mend(
        &self,
        id: &ExceptionId,
        page: Option<PageNumber>,
        stands: &Mend,
        clerk: &str,
    ) -> Result<PageNumber> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let key = open_exception(tx, id)?;
            let held = exceptions(tx, "x.key = ?1", key)?.remove(0);
            let runs = exception_runs(tx, key)?;
            let sheet = mendable(tx, &held, &runs, page)?;
            let (number, sheets) = match stands {
                Mend::Cover { number, sheets } => (Some(number), *sheets),
                Mend::Separator | Mend::Page => (None, None),
            };
            tx.prepare_cached(
                "INSERT OR REPLACE INTO sheet_mended (batch, page, stands, site, serial, authority, number, sheets,
                     by, at, exception) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                sheet.batch,
                sheet.first,
                code(stands),
                self.0.settings.site,
                new_serial(*uuid::Uuid::new_v4().as_bytes()),
                number.map(|number| &number.authority.0),
                number.map(|number| &number.value),
                sheets,
                clerk,
                Millis(now()),
                key
            ])?;
            raise_version(tx)?;
            let touched = [vec![sheet], runs].concat();
            note(tx, Changed::Held, None, &touched)?;
            let detail = serde_json::json!({
                "exception": id, "page": sheet.first, "as": code(stands), "number": number, "sheets": sheets,
            });
            record(tx, clerk, "mend", &touched, |entry| AuditEntry { detail, ..entry })?;
            Ok(PageNumber(sheet.first))
        })
    }

    /// Sheets of a batch that clerks have mended.
    pub fn sheets_mended(&self, batch: &BatchId) -> Result<Vec<Mending>> {
        self.0.catalogue.read(|c| mendings(c, "m.batch = ?1", batch_key(c, batch)?))
    }

    /// Mended sheets behind which nothing has been judged anew yet.
    pub fn mended_to_judge(&self) -> Result<Vec<Mending>> {
        self.0.catalogue.read(|c| mendings(c, "?1 = 0 AND m.outcome IS NULL", 0))
    }

    /// Nothing moves behind a mended sheet.
    pub fn mended_in_vain(&self, mending: &Mending, outcome: Outcome) -> Result<()> {
        self.0
            .catalogue
            .write(Lane::Line, |tx| conclude(tx, batch_key(tx, &mending.batch)?, mending.page, outcome))
    }
}

/// Where the sheet is, if what waits behind it can be judged anew.
fn mendable(tx: &Connection, held: &ExceptionRow, runs: &[Run], page: Option<PageNumber>) -> Result<Run> {
    let refused = |why| Err(ArchiveError::NotNow { act: "mend the sheet", why });
    if !held.reasons.iter().any(|reason| reason.is_of_sheet()) {
        return refused("it does not wait behind a control sheet that could not be read");
    }
    let [run] = runs else {
        return refused("a person has joined it: assign it, or split it and assign the parts");
    };
    if held.made_by.is_some() {
        return refused("a person has divided it: assign the parts");
    }
    let before = sheet_before(tx, *run)?;
    let page = page.map_or_else(|| before.unwrap_or(run.first), |page| page.0);
    if Some(page) != before && page != run.first {
        return refused("that page is neither the sheet right before it nor its first page");
    }
    let was_read = tx
        .prepare_cached("SELECT 1 FROM sheet_appearance WHERE batch = ?1 AND page = ?2")?
        .exists([run.batch, page.into()])?;
    if was_read {
        return refused("that sheet was read");
    }
    Ok(Run { batch: run.batch, first: page, last: page })
}

pub(super) fn conclude(tx: &Connection, batch: i64, page: PageNumber, outcome: Outcome) -> Result<()> {
    tx.prepare_cached("UPDATE sheet_mended SET outcome = ?3 WHERE batch = ?1 AND page = ?2")?
        .execute(params![batch, page.0, outcome.code()])?;
    Ok(())
}

const fn code(stands: &Mend) -> &'static str {
    match stands {
        Mend::Cover { .. } => "cover",
        Mend::Separator => "separator",
        Mend::Page => "page",
    }
}

fn mendings(c: &Connection, condition: &str, value: i64) -> Result<Vec<Mending>> {
    let mut rows = c.prepare_cached(&format!("{SELECT} WHERE {condition} ORDER BY m.batch, m.page"))?;
    let rows = rows.query_map([value], mending)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

const SELECT: &str =
    "SELECT b.id, m.page, m.stands, m.site, m.serial, m.authority, m.number, m.sheets, m.by, m.at,
        x.id, m.outcome
    FROM sheet_mended m JOIN batch b ON b.key = m.batch JOIN exception x ON x.key = m.exception";

fn mending(row: &Row<'_>) -> rusqlite::Result<Mending> {
    let number: (Option<String>, Option<String>) = (row.get(5)?, row.get(6)?);
    let (stands, kind) = match (row.get::<_, String>(2)?.as_str(), number) {
        ("cover", (Some(authority), Some(value))) => {
            let number = Identifier::mrn(&AuthorityId(authority), &value);
            (Mend::Cover { number, sheets: row.get(7)? }, SheetKind::Cover)
        }
        ("page", _) => (Mend::Page, SheetKind::DocumentType),
        _ => (Mend::Separator, SheetKind::DocumentType),
    };
    let outcome: Option<String> = row.get(11)?;
    Ok(Mending {
        batch: BatchId(row.get(0)?),
        page: PageNumber(row.get(1)?),
        stands,
        serial: SerialUse { site: row.get(3)?, serial: row.get(4)?, kind: kind.letter() },
        by: row.get(8)?,
        at: row.get::<_, Millis>(9)?.0,
        exception: ExceptionId(row.get(10)?),
        outcome: outcome.map(|code| {
            Outcome::ALL.iter().find(|(_, own)| *own == code).map_or(Outcome::Judged, |(own, _)| *own)
        }),
    })
}

/// A mended cover sheet is a declaration of the clerk who mended it: confirmed, and in no register of prints.
pub(super) fn declared_by_mending(c: &Connection, serial: &SerialUse) -> Result<Option<IssuedSheet>> {
    let found = c
        .prepare_cached(&format!("{SELECT} WHERE m.serial = ?1 AND m.site = ?2 AND m.stands = 'cover'"))?
        .query_row(params![serial.serial, serial.site], mending)
        .optional()?;
    Ok(found.and_then(|found| match found.stands {
        Mend::Cover { number, .. } if found.serial.kind == serial.kind => Some(IssuedSheet {
            serial: serial.clone(),
            number: Some(number),
            confirmed: true,
            by: found.by,
            at: found.at,
        }),
        _ => None,
    }))
}
