//! Whose pages did somebody say they are, who handed in the file?

use records::batch::Upload;
use records::identifier::{AuthorityId, Identifier};
use records::ids::BatchId;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::audit::{Action, AuditEntry, append};
use super::columns::Millis;
use super::sheets::identifier_kind;
use crate::error::Result;

/// Keeps a declaration with the batch it is about; the act is on record under the name of who made it.
pub(super) fn keep(tx: &Connection, batch: i64, id: BatchId, upload: Option<&Upload>) -> Result<()> {
    let Some(upload) = upload else { return Ok(()) };
    tx.prepare_cached(
        "INSERT INTO batch_upload (batch, authority, number, number_kind, declared_by, declared_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        batch,
        upload.number.authority.0,
        upload.number.value,
        upload.number.kind.code(),
        upload.by,
        Millis(upload.at)
    ])?;
    let detail = serde_json::json!({ "batch": id, "number": upload.number });
    append(tx, &AuditEntry { detail, ..AuditEntry::new(&upload.by, Action::Create, "declare") })?;
    Ok(())
}

/// What was declared of a batch.
pub(super) fn of(c: &Connection, batch: i64) -> Result<Option<Upload>> {
    let found = c
        .prepare_cached(
            "SELECT authority, number, number_kind, declared_by, declared_at FROM batch_upload WHERE batch = ?1",
        )?
        .query_row([batch], |row| {
            let kind: String = row.get(2)?;
            Ok((AuthorityId(row.get(0)?), row.get(1)?, kind, row.get(3)?, row.get::<_, Millis>(4)?.0))
        })
        .optional()?;
    let Some((authority, value, kind, by, at)) = found else { return Ok(None) };
    let number = Identifier { value, authority, kind: identifier_kind(&kind)? };
    Ok(Some(Upload { number, by, at }))
}
