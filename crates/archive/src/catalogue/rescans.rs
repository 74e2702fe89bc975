//! Which sheets are to be scanned again, and what came of it? (`domain.md` 2.14, D-4)
//!
//! Asking is a named act: it issues a slip for one page of one item. The item is what is held, or a doubt about a filed
//! document, which stays in its chart. A slip counts while its item is open, once.

use jiff::Timestamp;
use records::document::SerialUse;
use records::exception::Reason;
use records::ids::{DocumentId, DoubtId, ExceptionId, PageRef};
use records::judge::IssuedSheet;
use records::sheet::SheetKind;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::Lane;
use super::acts::{Target, record};
use super::audit::AuditEntry;
use super::charts::{document_key, document_runs};
use super::columns::{Millis, Run, now, pages_of, runs_of};
use super::doubts::{Doubt, answer, raise};
use super::sheets::issue;
use super::worklist::{exception_runs, open_exception};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// A rescan that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RescanRow {
    pub slip: SerialUse,
    /// The page it was asked for.
    pub page: PageRef,
    /// What waits for it, as it is now.
    pub item: RescanItem,
    pub state: RescanState,
    pub asked_by: String,
    pub asked_at: Timestamp,
    /// The sides of the old sheet; none before something came.
    pub old: Vec<PageRef>,
    /// The sides that came under the slip.
    pub came: Vec<PageRef>,
    /// `line`, or the clerk who chose between two pictures.
    pub settled_by: Option<String>,
    pub settled_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RescanItem {
    Exception(ExceptionId),
    Document { document: DocumentId, doubt: DoubtId },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RescanState {
    /// The slip counts.
    Awaited,
    /// Its item was closed before it came, or before anybody had compared: the slip declares nothing any more.
    Closed,
    /// It superseded the old sheet.
    Home,
    /// Both pictures stay until a person chooses.
    Both,
    /// A person chose what came.
    Taken,
    /// A person chose what was there.
    Kept,
}

impl RescanState {
    /// `awaited`: what scripts see.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Awaited => "awaited",
            Self::Closed => "closed",
            Self::Home => "home",
            Self::Both => "both",
            Self::Taken => "taken",
            Self::Kept => "kept",
        }
    }
}

impl Archive {
    /// A clerk asks for a page of something held or filed to be scanned again. `slip` is the serial of the slip about to
    /// be printed; where the page was asked for already, that slip's serial is answered, to be printed once more.
    pub fn ask_rescan(
        &self,
        item: Target,
        page: PageRef,
        slip: &SerialUse,
        clerk: &str,
    ) -> Result<SerialUse> {
        const ACT: &str = "ask for a rescan";
        self.0.catalogue.write(Lane::Desk, |tx| {
            let place = runs_of(tx, &[page])?[0];
            let (runs, exception, document) = match &item {
                Target::Exception(id) => {
                    let key = open_exception(tx, id)?;
                    (exception_runs(tx, key)?, Some(key), None)
                }
                Target::Document(id) => {
                    let (key, state) = document_key(tx, id)?;
                    if state != "filed" {
                        return Err(ArchiveError::NotNow { act: ACT, why: "the document is not filed" });
                    }
                    (document_runs(tx, key)?, None, Some((key, *id)))
                }
            };
            if !runs.iter().any(|run| run.batch == place.batch && (run.first..=run.last).contains(&place.first)) {
                return Err(ArchiveError::NotNow { act: ACT, why: "the page is not one of its pages" });
            }
            let asked = rescans(tx, "r.batch = ?1 AND r.page = ?2 AND r.outcome IS NULL", place)?;
            if let Some(same) = asked.into_iter().find(|row| row.state == RescanState::Awaited) {
                return Ok(same.slip);
            }
            let at = now();
            let issued =
                IssuedSheet { serial: slip.clone(), number: None, confirmed: false, by: clerk.into(), at };
            issue(tx, &issued)?;
            let doubt = document
                .map(|document| {
                    let reasons = &[Reason::RescanAsked];
                    let doubt = Doubt { reasons, evidence: &[], due: None, by: clerk };
                    let id = raise(tx, self.epoch(), document, &doubt)?;
                    let key: i64 = tx
                        .prepare_cached("SELECT key FROM doubt WHERE id = ?1")?
                        .query_row([id.0], |row| row.get(0))?;
                    Ok::<_, ArchiveError>(key)
                })
                .transpose()?;
            tx.prepare_cached(
                "INSERT INTO rescan (site, serial, batch, page, exception, document, doubt, asked_by, asked_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                slip.site,
                slip.serial,
                place.batch,
                place.first,
                exception,
                document.map(|(key, _)| key),
                doubt,
                clerk,
                Millis(at)
            ])?;
            let detail = match item {
                Target::Exception(id) => serde_json::json!({ "slip": slip.serial, "exception": id }),
                Target::Document(_) => serde_json::json!({ "slip": slip.serial }),
            };
            record(tx, clerk, "ask-rescan", &[place], |entry| AuditEntry {
                document: document.map(|(_, id)| id),
                detail,
                ..entry
            })?;
            Ok(slip.clone())
        })
    }

    /// What a slip was printed for; `None`: no slip of this archive.
    pub fn rescan_of(&self, slip: &SerialUse) -> Result<Option<RescanRow>> {
        if slip.kind != SheetKind::Rescan.letter() {
            return Ok(None);
        }
        self.0.catalogue.read(|c| {
            let found = c
                .prepare_cached("SELECT key FROM rescan WHERE serial = ?1 AND site = ?2")?
                .query_row([&slip.serial, &slip.site], |row| row.get::<_, i64>(0))
                .optional()?;
            Ok(match found {
                Some(key) => rescans(c, "r.key = ?1 AND ?2 IS NOT NULL", of_row(key))?.pop(),
                None => None,
            })
        })
    }

    /// Every rescan that has not come yet, or of which a person has still to compare the pictures; the first asked first.
    pub fn rescans_open(&self) -> Result<Vec<RescanRow>> {
        let mut open = self.0.catalogue.read(|c| {
            rescans(c, "(r.outcome IS NULL OR r.outcome = 'both') AND ?1 = 0 AND ?2 = 0", of_row(0))
        })?;
        open.retain(|row| matches!(row.state, RescanState::Awaited | RescanState::Both));
        Ok(open)
    }

    /// Rescans that any of these pages was asked for, was superseded by, or came under; the first asked first.
    pub fn rescans_about(&self, pages: &[PageRef]) -> Result<Vec<RescanRow>> {
        self.0.catalogue.read(|c| {
            let mut about: Vec<RescanRow> = Vec::new();
            for run in runs_of(c, pages)? {
                let touching = "((r.batch = ?1 AND r.page BETWEEN ?2 AND ?3)
                    OR (r.batch = ?1 AND r.old_first <= ?3 AND r.old_last >= ?2)
                    OR (r.came_batch = ?1 AND r.came_first <= ?3 AND r.came_last >= ?2))";
                about.extend(rescans(c, touching, run)?);
            }
            about.sort_by(|a, b| (a.asked_at, &a.slip).cmp(&(b.asked_at, &b.slip)));
            about.dedup();
            Ok(about)
        })
    }

    /// Pages as they were scanned first: what came home is answered as what it superseded, as often as that happened.
    pub fn as_first_scanned(&self, pages: &[PageRef]) -> Result<Vec<PageRef>> {
        /// Nobody scans a page again as often as that.
        const MOST: usize = 64;
        let mut pages = pages.to_vec();
        for _ in 0..MOST {
            let about = self.rescans_about(&pages)?;
            let home = about.into_iter().find_map(|row| {
                let is_home = matches!(row.state, RescanState::Home | RescanState::Taken);
                let at = pages.windows(row.came.len().max(1)).position(|own| own == row.came)?;
                is_home.then_some((at, row))
            });
            let Some((at, row)) = home else { break };
            pages.splice(at..at + row.came.len(), row.old);
        }
        Ok(pages)
    }
}

const fn of_row(key: i64) -> Run {
    Run { batch: key, first: 0, last: 0 }
}

/// Rescans of a condition in which `?1` to `?3` may stand for a run's batch, first and last page.
pub(super) fn rescans(c: &Connection, condition: &str, run: Run) -> Result<Vec<RescanRow>> {
    let mut rows = c.prepare_cached(&format!(
        "SELECT r.site, r.serial, r.batch, r.page, x.id, d.id, q.id, r.asked_by, r.asked_at, r.outcome, r.old_first,
             r.old_last, r.came_batch, r.came_first, r.came_last, r.settled_by, r.settled_at,
             coalesce(x.state = 'open', q.state = 'open' AND d.state = 'filed'),
             (SELECT y.state = 'open' FROM place p JOIN exception y ON y.key = p.home
              WHERE p.batch = r.came_batch AND p.page = r.came_first AND p.place = 2)
         FROM rescan r LEFT JOIN exception x ON x.key = r.exception LEFT JOIN document d ON d.key = r.document
         LEFT JOIN doubt q ON q.key = r.doubt
         WHERE {condition} AND ?3 IS NOT NULL ORDER BY r.asked_at, r.key"
    ))?;
    let mut rows = rows.query(params![run.batch, run.first, run.last])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(row_of(c, row)?);
    }
    Ok(found)
}

fn row_of(c: &Connection, row: &Row<'_>) -> Result<RescanRow> {
    let batch: i64 = row.get(2)?;
    let run = |batch: Option<i64>, first: usize, last: usize| -> Result<Vec<PageRef>> {
        let ends: (Option<u32>, Option<u32>) = (row.get(first)?, row.get(last)?);
        match (batch, ends) {
            (Some(batch), (Some(first), Some(last))) => pages_of(c, &[Run { batch, first, last }]),
            _ => Ok(Vec::new()),
        }
    };
    let page: u32 = row.get(3)?;
    let asked_for = pages_of(c, &[Run { batch, first: page, last: page }])?;
    let id = |column: usize| row.get::<_, Option<[u8; 16]>>(column);
    let item = match (id(4)?, id(5)?, id(6)?) {
        (Some(id), ..) => RescanItem::Exception(ExceptionId(id)),
        (None, Some(document), Some(doubt)) => {
            RescanItem::Document { document: DocumentId(document), doubt: DoubtId(doubt) }
        }
        (None, ..) => return Err(ArchiveError::damaged("a rescan that is for nothing")),
    };
    let outcome: Option<String> = row.get(9)?;
    let open: bool = row.get::<_, Option<bool>>(17)?.unwrap_or(false);
    let uncompared: bool = row.get::<_, Option<bool>>(18)?.unwrap_or(false);
    Ok(RescanRow {
        slip: SerialUse { site: row.get(0)?, serial: row.get(1)?, kind: SheetKind::Rescan.letter() },
        page: *asked_for.first().ok_or_else(|| ArchiveError::damaged("the page of a rescan"))?,
        item,
        state: match outcome.as_deref() {
            None if open => RescanState::Awaited,
            Some("both") if open && uncompared => RescanState::Both,
            Some("home") => RescanState::Home,
            Some("taken") => RescanState::Taken,
            Some("kept") => RescanState::Kept,
            _ => RescanState::Closed,
        },
        asked_by: row.get(7)?,
        asked_at: row.get::<_, Millis>(8)?.0,
        old: run(Some(batch), 10, 11)?,
        came: run(row.get(12)?, 13, 14)?,
        settled_by: row.get(15)?,
        settled_at: row.get::<_, Option<Millis>>(16)?.map(|at| at.0),
    })
}

/// The rescan that waits for a slip, and its keys.
pub(super) struct Asked {
    pub(super) key: i64,
    pub(super) exception: Option<i64>,
    /// Row of the document and of the doubt about it.
    pub(super) document: Option<(i64, i64)>,
    pub(super) row: RescanRow,
}

/// What a slip is for, if it is in one of these states.
pub(super) fn asked(tx: &Connection, slip: &SerialUse, state: RescanState) -> Result<Option<Asked>> {
    let found = tx
        .prepare_cached("SELECT key, exception, document, doubt FROM rescan WHERE serial = ?1 AND site = ?2")?
        .query_row([&slip.serial, &slip.site], |row| {
            let (document, doubt): (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
            Ok((row.get::<_, i64>(0)?, row.get(1)?, document.zip(doubt)))
        })
        .optional()?;
    let Some((key, exception, document)) = found else { return Ok(None) };
    let row = rescans(tx, "r.key = ?1 AND ?2 IS NOT NULL", of_row(key))?.pop();
    Ok(row.filter(|row| row.state == state).map(|row| Asked { key, exception, document, row }))
}

/// Whether another sheet of something held is still to be scanned again.
pub(super) fn awaits_more(tx: &Connection, asked: &Asked, old: Run) -> Result<bool> {
    let others = "SELECT 1 FROM rescan WHERE exception = ?1 AND outcome IS NULL
         AND NOT (batch = ?2 AND page BETWEEN ?3 AND ?4)";
    Ok(tx.prepare_cached(others)?.exists(params![asked.exception, old.batch, old.first, old.last])?)
}

/// Whatever else of an item is to be scanned again, or compared, is so of what it becomes. For the other side of the
/// sheet that came nothing waits any more.
pub(super) fn carry_rescans(
    tx: &Connection,
    item: &str,
    (from, to): (i64, i64),
    old: Run,
    by: &str,
) -> Result<()> {
    let same = "batch = ?2 AND page BETWEEN ?3 AND ?4 AND outcome IS NULL";
    let doubts = tx
        .prepare_cached(&format!(
            "SELECT doubt FROM rescan WHERE {item} = ?1 AND {same} AND doubt IS NOT NULL"
        ))?
        .query_map(params![from, old.batch, old.first, old.last], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    for doubt in doubts {
        answer(tx, doubt, "scanned again", by)?;
    }
    tx.prepare_cached(&format!(
        "UPDATE rescan SET {item} = ?5 WHERE {item} = ?1 AND (outcome IS NULL OR outcome = 'both') AND NOT ({same})"
    ))?
    .execute(params![from, old.batch, old.first, old.last, to])?;
    Ok(())
}

/// What came of a slip. `old` and `came` are the sides of one sheet each.
pub(super) fn conclude(
    tx: &Connection,
    key: i64,
    outcome: &str,
    (old, came): (Run, Run),
    by: &str,
) -> Result<()> {
    tx.prepare_cached(
        "UPDATE rescan SET outcome = ?2, old_first = ?3, old_last = ?4, came_batch = ?5, came_first = ?6,
             came_last = ?7, settled_by = ?8, settled_at = ?9 WHERE key = ?1",
    )?
    .execute(params![
        key,
        outcome,
        old.first,
        old.last,
        came.batch,
        came.first,
        came.last,
        by,
        Millis(now())
    ])?;
    Ok(())
}

/// Whether a sheet of a batch took its old self's place: then the batch is not taken back.
pub(super) fn came_home_from(tx: &Connection, batch: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM rescan WHERE came_batch = ?1 AND outcome IN ('home', 'taken')";
    Ok(tx.prepare_cached(sql)?.exists([batch])?)
}

/// What came with a batch that is put back on the line has not come yet.
pub(super) fn await_again(tx: &Connection, batch: i64) -> Result<()> {
    tx.prepare_cached(
        "UPDATE rescan SET outcome = NULL, old_first = NULL, old_last = NULL, came_batch = NULL, came_first = NULL,
             came_last = NULL, settled_by = NULL, settled_at = NULL WHERE came_batch = ?1 AND outcome = 'both'",
    )?
    .execute([batch])?;
    Ok(())
}

/// The slip of which both pictures wait for a person, where these are the item's pages or those that came.
pub(super) fn slip_of_both(
    c: &Connection,
    exception: ExceptionId,
    first: Option<Run>,
) -> Result<Option<String>> {
    let first = first.unwrap_or(of_row(0));
    Ok(c.prepare_cached(
        "SELECT r.serial FROM rescan r WHERE r.outcome = 'both'
             AND (EXISTS (SELECT 1 FROM exception x WHERE x.key = r.exception AND x.state = 'open')
                 OR EXISTS (SELECT 1 FROM doubt q WHERE q.key = r.doubt AND q.state = 'open'))
             AND (r.exception = (SELECT key FROM exception WHERE id = ?1) OR (r.came_batch = ?2 AND r.came_first = ?3))",
    )?
    .query_row(params![exception.0, first.batch, first.first], |row| row.get(0))
    .optional()?)
}
