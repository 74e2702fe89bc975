//! Which pages stood under a control sheet where it appeared first?
//!
//! A cover sheet that comes a second time was copied, or taken out of a stack: nobody knows which of the two is the
//! right one, so the first is looked at as well.

use records::batch::Grouping;
use records::document::SerialUse;
use records::exception::Reason;
use records::ids::{DocumentId, Epoch, PageNumber};
use records::judge::SheetAppearance;
use rusqlite::{Connection, params};

use super::columns::{BLANK, CONTROL_SHEET, DOCUMENT, EXCEPTION, Json, batch_key};
use super::doubts::{Doubt, is_known, raise};
use super::entering::contrary;
use super::sheets::appearances;
use crate::error::Result;
use crate::open::Archive;

impl Archive {
    /// The pages that stood under a sheet where it appeared, wherever they are now; blank ones and sheets of ours not.
    pub fn under_sheet(&self, appearance: &SheetAppearance) -> Result<Vec<PageNumber>> {
        self.0.catalogue.read(|c| {
            let batch = batch_key(c, &appearance.batch)?;
            Ok(Under::sheet(c, &appearance.serial, batch, appearance.page.0)?.pages)
        })
    }
}

/// Puts what stands under the earlier appearances of a sheet on the worklist: a filed document with a doubt, an open
/// exception with one reason more.
pub(super) fn doubt_the_first(tx: &Connection, epoch: Epoch, serial: &SerialUse, batch: i64) -> Result<()> {
    for earlier in appearances(tx, serial)? {
        let other = batch_key(tx, &earlier.batch)?;
        if other != batch {
            let under = Under::sheet(tx, serial, other, earlier.page.0)?;
            under.exceptions.iter().try_for_each(|key| hold_too(tx, *key))?;
            under.documents.iter().try_for_each(|key| doubt_too(tx, epoch, *key))?;
        }
    }
    Ok(())
}

/// What a sheet's span became.
#[derive(Default)]
struct Under {
    pages: Vec<PageNumber>,
    /// Rows.
    documents: Vec<i64>,
    exceptions: Vec<i64>,
}

impl Under {
    /// From the sheet to the next control sheet, or to the end of its original.
    fn sheet(c: &Connection, serial: &SerialUse, batch: i64, sheet: u32) -> Result<Self> {
        let grouping: Json<Grouping> = c
            .prepare_cached("SELECT grouping FROM batch WHERE key = ?1")?
            .query_row([batch], |row| row.get(0))?;
        let mut places = c.prepare_cached(
            "SELECT p.place, p.home, p.original, s.serial IS NOT NULL, p.page FROM place p
             LEFT JOIN sheet_appearance s ON s.serial = ?3 AND s.site = ?4 AND s.kind = ?5
                 AND s.batch = p.batch AND s.page = p.page
             WHERE p.batch = ?1 AND p.page >= ?2 ORDER BY p.page",
        )?;
        let kind = serial.kind.to_string();
        let mut places = places.query(params![batch, sheet, serial.serial, serial.site, kind])?;
        let (mut under, mut original) = (Self::default(), None);
        while let Some(row) = places.next()? {
            let (place, home): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
            let (of, is_itself): (i64, bool) = (row.get(2)?, row.get(3)?);
            let another_file = *original.get_or_insert(of) != of && grouping.0 != Grouping::Folder;
            // The sheet's own other face is no end of its span.
            if another_file || (place == CONTROL_SHEET && !is_itself) {
                break;
            }
            if !is_itself && place != BLANK {
                under.pages.push(PageNumber(row.get(4)?));
            }
            match (place, home) {
                (DOCUMENT, Some(key)) if !under.documents.contains(&key) => under.documents.push(key),
                (EXCEPTION, Some(key)) if !under.exceptions.contains(&key) => under.exceptions.push(key),
                _ => {}
            }
        }
        Ok(under)
    }
}

fn doubt_too(tx: &Connection, epoch: Epoch, key: i64) -> Result<()> {
    let reasons = &[Reason::CoversheetReused];
    let (id, state) = tx
        .prepare_cached("SELECT id, state FROM document WHERE key = ?1")?
        .query_row([key], |row| Ok((DocumentId(row.get(0)?), row.get::<_, String>(1)?)))?;
    if state == "filed" && !is_known(tx, key, reasons, &[])? {
        raise(tx, epoch, (key, id), &Doubt { reasons, evidence: &[], due: None, by: "line" })?;
    }
    Ok(())
}

fn hold_too(tx: &Connection, exception: i64) -> Result<()> {
    let held: Json<Vec<Reason>> = tx
        .prepare_cached("SELECT reasons FROM exception WHERE key = ?1")?
        .query_row([exception], |row| row.get(0))?;
    let mut reasons = held.0;
    if !reasons.contains(&Reason::CoversheetReused) {
        reasons.push(Reason::CoversheetReused);
    }
    tx.prepare_cached(
        "UPDATE exception SET reasons = ?2, was_contrary = max(was_contrary, ?3) WHERE key = ?1",
    )?
    .execute(params![exception, Json(&reasons), contrary(&reasons)])?;
    Ok(())
}
