//! How do our types stand in a row?

use jiff::Timestamp;
use jiff::civil::Date;
use records::document::Place;
use records::ids::{BatchId, PageNumber, PageRef};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{ArchiveError, Result};

/// JSON text.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text = serde_json::to_string(&self.0)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        Ok(text.into())
    }
}

/// Milliseconds since 1970.
pub(super) struct Millis(pub(super) Timestamp);

impl FromSql for Millis {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Timestamp::from_millisecond(value.as_i64()?).map(Self).map_err(FromSqlError::other)
    }
}

impl ToSql for Millis {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_millisecond().into())
    }
}

/// Now, as it is stored: whole milliseconds, so that it reads back as itself.
pub(super) fn now() -> Timestamp {
    Timestamp::from_millisecond(Timestamp::now().as_millisecond()).expect("now is a time that can be written")
}

/// ISO text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Day(pub(super) Date);

impl FromSql for Day {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map(Self).map_err(FromSqlError::other)
    }
}

impl ToSql for Day {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.to_string().into())
    }
}

/// First and last day from their two columns.
pub(super) fn days(first: Option<Day>, last: Option<Day>) -> Option<(Date, Date)> {
    Some((first?.0, last.or(first)?.0))
}

/// Codes of `place.place`.
pub(super) const PENDING: i64 = 0;
pub(super) const DOCUMENT: i64 = 1;
pub(super) const EXCEPTION: i64 = 2;
pub(super) const CONTROL_SHEET: i64 = 3;
pub(super) const BLANK: i64 = 4;
pub(super) const SUPERSEDED: i64 = 5;
pub(super) const VOID: i64 = 6;
pub(super) const SET_ASIDE: i64 = 7;

/// The place of a page, given the id its home has.
pub(super) fn place(code: i64, document: Option<[u8; 16]>, exception: Option<[u8; 16]>) -> Result<Place> {
    use records::ids::{DocumentId, ExceptionId};
    match (code, document, exception) {
        (PENDING, ..) => Ok(Place::Pending),
        (DOCUMENT, Some(id), _) => Ok(Place::Document(DocumentId(id))),
        (EXCEPTION, _, Some(id)) => Ok(Place::Exception(ExceptionId(id))),
        (CONTROL_SHEET, ..) => Ok(Place::ControlSheet),
        (BLANK, ..) => Ok(Place::Blank),
        (SUPERSEDED, ..) => Ok(Place::Superseded),
        (VOID, ..) => Ok(Place::Void),
        (SET_ASIDE, ..) => Ok(Place::SetAside),
        _ => Err(ArchiveError::damaged("a page's place leads nowhere")),
    }
}

/// Consecutive pages of one batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Row of the batch.
    pub(super) batch: i64,
    pub(super) first: u32,
    pub(super) last: u32,
}

/// Pages of one batch as runs, in their order.
pub(super) fn runs(batch: i64, pages: &[PageNumber]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for page in pages {
        match runs.last_mut() {
            Some(run) if run.last + 1 == page.0 => run.last = page.0,
            _ => runs.push(Run { batch, first: page.0, last: page.0 }),
        }
    }
    runs
}

/// Pages of any batches as runs, in their order.
pub(super) fn runs_of(connection: &Connection, pages: &[PageRef]) -> Result<Vec<Run>> {
    let mut all = Vec::new();
    for same in pages.chunk_by(|a, b| a.batch == b.batch) {
        let batch = batch_key(connection, &same[0].batch)?;
        let numbers: Vec<_> = same.iter().map(|page| page.page).collect();
        all.extend(runs(batch, &numbers));
    }
    Ok(all)
}

/// The pages of runs, in order.
pub(super) fn pages_of(connection: &Connection, runs: &[Run]) -> Result<Vec<PageRef>> {
    let mut id = connection.prepare_cached("SELECT id FROM batch WHERE key = ?1")?;
    let mut pages = Vec::new();
    for run in runs {
        let batch = BatchId(id.query_row([run.batch], |row| row.get(0))?);
        pages.extend((run.first..=run.last).map(|page| PageRef { batch, page: PageNumber(page) }));
    }
    Ok(pages)
}

/// Rows of a run table as runs: batch, first, last.
pub(super) fn read_runs(connection: &Connection, sql: &str, key: i64) -> Result<Vec<Run>> {
    let mut rows = connection.prepare_cached(sql)?;
    let runs =
        rows.query_map([key], |row| Ok(Run { batch: row.get(0)?, first: row.get(1)?, last: row.get(2)? }))?;
    Ok(runs.collect::<rusqlite::Result<_>>()?)
}

/// The row of a batch.
pub(super) fn batch_key(connection: &Connection, id: &BatchId) -> Result<i64> {
    connection
        .prepare_cached("SELECT key FROM batch WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0))
        .optional()?
        .ok_or(ArchiveError::Unknown { what: "batch" })
}

/// What `meta` has under a name, if anything.
pub(super) fn meta<T: FromSql>(connection: &Connection, name: &str) -> Result<Option<T>> {
    Ok(connection
        .prepare_cached("SELECT value FROM meta WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?)
}

/// Puts it there, in the place of what was.
pub(super) fn set_meta(tx: &Connection, name: &str, value: impl ToSql) -> Result<()> {
    tx.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)", params![name, value])?;
    Ok(())
}

/// A number of `meta`.
pub(super) fn meta_number(connection: &Connection, name: &str) -> Result<i64> {
    Ok(connection
        .prepare_cached("SELECT value FROM meta WHERE name = ?1")?
        .query_row([name], |row| row.get(0))?)
}

/// Raises a number of `meta` by one and answers the new one.
pub(super) fn raise_meta(connection: &Connection, name: &str) -> Result<i64> {
    Ok(connection
        .prepare_cached("UPDATE meta SET value = value + 1 WHERE name = ?1 RETURNING value")?
        .query_row(params![name], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_keep_the_order_of_pages() {
        let numbers = [3, 4, 5, 2, 9, 10].map(PageNumber);
        let found: Vec<_> = runs(7, &numbers).iter().map(|run| (run.first, run.last)).collect();
        assert_eq!(found, [(3, 5), (2, 2), (9, 10)]);
    }
}
