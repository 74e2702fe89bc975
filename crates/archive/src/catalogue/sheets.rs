//! Which control sheets are ours, and where have they appeared?

use jiff::Timestamp;
use records::document::SerialUse;
use records::identifier::{AuthorityId, Identifier, IdentifierKind};
use records::ids::{BatchId, PageNumber};
use records::judge::{IssuedSheet, SheetAppearance};
use records::sheet::SheetKey;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::columns::Millis;
use super::mending::declared_by_mending;
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

impl Archive {
    /// The site's signing keys, newest first; the first is for printing. Made on first use.
    pub fn sheet_keys(&self) -> Result<Vec<SheetKey>> {
        crate::keys::load_or_make(&self.0.dir.join("keys"), &self.0.settings.site)
    }

    /// Records a sheet before it is printed.
    pub fn issue_sheet(&self, sheet: &IssuedSheet) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| issue(tx, sheet))
    }

    /// A sheet as its print was recorded.
    pub fn issued_sheet(&self, serial: &SerialUse) -> Result<Option<IssuedSheet>> {
        self.0.catalogue.read(|c| issued(c, serial))
    }
}

/// Records a sheet inside the transaction of what it is printed for.
pub(super) fn issue(tx: &Connection, sheet: &IssuedSheet) -> Result<()> {
    let number = sheet.number.as_ref();
    tx.prepare_cached(
        "INSERT INTO sheet_issued (site, serial, kind, authority, number, number_kind, confirmed, issued_by, issued_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        sheet.serial.site,
        sheet.serial.serial,
        sheet.serial.kind.to_string(),
        number.map(|number| &number.authority.0),
        number.map(|number| &number.value),
        number.map(|number| number.kind.code()),
        sheet.confirmed,
        sheet.by,
        Millis(sheet.at)
    ])?;
    let detail = serde_json::json!({ "sheet": sheet });
    append(tx, &AuditEntry { detail, ..AuditEntry::new(&sheet.by, Action::Create, "issue-sheet") })?;
    Ok(())
}

pub(super) fn issued(c: &Connection, serial: &SerialUse) -> Result<Option<IssuedSheet>> {
    let found = c
        .prepare_cached(
            "SELECT authority, number, number_kind, confirmed, issued_by, issued_at FROM sheet_issued
             WHERE site = ?1 AND serial = ?2 AND kind = ?3",
        )?
        .query_row(params![serial.site, serial.serial, serial.kind.to_string()], |row| {
            let number: (Option<String>, Option<String>, Option<String>) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok((number, row.get(3)?, row.get(4)?, row.get::<_, Millis>(5)?.0))
        })
        .optional()?;
    let Some((number, confirmed, by, at)) = found else { return declared_by_mending(c, serial) };
    let number = match number {
        (Some(authority), Some(value), Some(kind)) => {
            Some(Identifier { value, authority: AuthorityId(authority), kind: identifier_kind(&kind)? })
        }
        _ => None,
    };
    Ok(Some(IssuedSheet { serial: serial.clone(), number, confirmed, by, at }))
}

/// The kind of a stored number.
pub(super) fn identifier_kind(code: &str) -> Result<IdentifierKind> {
    [IdentifierKind::Mrn, IdentifierKind::Account, IdentifierKind::Visit]
        .into_iter()
        .find(|kind| kind.code() == code)
        .ok_or_else(|| ArchiveError::damaged("a kind of number"))
}

/// Where a serial has appeared, in all filed batches.
pub(super) fn appearances(c: &Connection, serial: &SerialUse) -> Result<Vec<SheetAppearance>> {
    let mut rows = c.prepare_cached(
        "SELECT b.id, s.page, s.at FROM sheet_appearance s JOIN batch b ON b.key = s.batch
         WHERE s.site = ?1 AND s.serial = ?2 AND s.kind = ?3 ORDER BY s.at, s.batch, s.page",
    )?;
    let rows = rows.query_map(params![serial.site, serial.serial, serial.kind.to_string()], |row| {
        Ok(SheetAppearance {
            serial: serial.clone(),
            batch: BatchId(row.get(0)?),
            page: PageNumber(row.get(1)?),
            at: row.get::<_, Millis>(2)?.0,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Uses a serial up.
pub(super) fn appear(
    tx: &Connection,
    serial: &SerialUse,
    batch: i64,
    page: PageNumber,
    at: Timestamp,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR IGNORE INTO sheet_appearance (site, serial, kind, batch, page, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![serial.site, serial.serial, serial.kind.to_string(), batch, page.0, Millis(at)])?;
    Ok(())
}
