//! How does a list become the index wholly, or not at all?
//!
//! Its rows are laid ready in pieces that nothing sees. One short transaction decides that the import will happen;
//! from then on it is written in pieces, and whoever opens the archive next finishes one that was cut short. Until
//! the last piece is written the index knows nobody: nothing may be judged by a half of it.

use jiff::Timestamp;
use records::document::IndexVersion;
use records::identifier::AuthorityId;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use tracing::info;

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::columns::{Json, Millis, now};
use super::encounters::{EncounterRow, put_row};
use super::history::Origin;
use super::import::{PatientRow, write_merge, write_person};
use super::import_report::PatientReport;
use super::matters::{MatterKind, open_matter};
use super::patients::raise_version;
use crate::error::{ArchiveError, Result};
use crate::instance::{try_lock, wait_lock};
use crate::open::Archive;

/// What is to be taken in, but for its rows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Plan {
    pub(super) source: String,
    pub(super) full: bool,
    pub(super) by: String,
    /// Whose numbers the list has: of these, those that are missing have vanished.
    pub(super) authorities: Vec<AuthorityId>,
    pub(super) rows: u64,
    /// Rows of the file that a person decided to leave out.
    pub(super) left_out: u64,
    /// Visits and accounts, not people: no contact with the source of the index.
    pub(super) visits: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StagedRow {
    Person(PatientRow),
    Visit(EncounterRow),
}

/// Rows laid ready in one transaction, and rows written in one.
const LAID: usize = 500;
const PIECE: u64 = 100;

impl Archive {
    /// Whether an import is being written: until it is done the index knows nobody.
    pub fn index_is_changing(&self) -> Result<bool> {
        self.0.catalogue.read(is_changing)
    }

    /// Does something to the index while nobody imports, and no import is half written.
    pub(super) fn alone_with_the_index<T>(&self, act: impl FnOnce() -> Result<T>) -> Result<T> {
        let _alone = wait_lock(&self.0.dir.join(LOCK))?;
        self.finish_decided()?;
        act()
    }

    /// Finishes an import that was decided and cut short, unless somebody is at it. Answers whether there was one.
    pub fn finish_imports(&self) -> Result<bool> {
        if !self.0.catalogue.read(is_changing)? {
            return Ok(false);
        }
        let Some(_alone) = try_lock(&self.0.dir.join(LOCK))? else { return Ok(false) };
        self.finish_decided()
    }

    fn finish_decided(&self) -> Result<bool> {
        let decided: Vec<i64> = self.0.catalogue.read(|c| {
            let mut rows = c.prepare_cached("SELECT key FROM patient_import WHERE decided IS NOT NULL")?;
            let keys = rows.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            Ok::<_, ArchiveError>(keys)
        })?;
        for key in &decided {
            self.carry_out(*key)?;
            info!("an import of the patient index that was cut short is finished");
        }
        Ok(!decided.is_empty())
    }

    /// Lays all rows ready, decides, and writes them. The caller is alone with the index.
    pub(super) fn take_in(&self, plan: &Plan, rows: &[StagedRow]) -> Result<PatientReport> {
        self.sweep_undecided()?;
        let key = self.0.catalogue.write(Lane::Line, |tx| {
            tx.prepare_cached("INSERT INTO patient_import (plan, report) VALUES (?1, ?2)")?
                .execute(params![Json(plan), Json(PatientReport::default())])?;
            Ok::<_, ArchiveError>(tx.last_insert_rowid())
        })?;
        for (piece, at) in rows.chunks(LAID).zip((0_i64..).step_by(LAID)) {
            self.0.catalogue.write(Lane::Line, |tx| {
                let mut lay = tx.prepare_cached(
                    "INSERT INTO patient_import_row (import, ordinal, row) VALUES (?1, ?2, ?3)",
                )?;
                for (row, ordinal) in piece.iter().zip(at..) {
                    lay.execute(params![key, ordinal, Json(row)])?;
                }
                Ok::<_, ArchiveError>(())
            })?;
            tracing::trace!(target: "fault_point", "patients laid");
        }
        self.0.catalogue.write(Lane::Line, |tx| {
            tx.prepare_cached("UPDATE patient_import SET decided = ?2 WHERE key = ?1")?
                .execute(params![key, Millis(now())])?;
            let detail = serde_json::json!({ "source": plan.source, "full": plan.full, "rows": plan.rows,
                "left_out": plan.left_out });
            let entry = AuditEntry::new(&plan.by, Action::Execute, "patients-import-decided");
            append(tx, &AuditEntry { detail, ..entry })?;
            raise_version(tx)
        })?;
        tracing::trace!(target: "fault_point", "patients decided");
        self.carry_out(key)
    }

    /// What was laid ready and never decided goes without a trace.
    fn sweep_undecided(&self) -> Result<()> {
        loop {
            let swept = self.0.catalogue.write(Lane::Line, |tx| {
                let swept = tx
                    .prepare_cached(
                        "DELETE FROM patient_import_row WHERE (import, ordinal) IN (
                             SELECT r.import, r.ordinal FROM patient_import_row r
                             JOIN patient_import i ON i.key = r.import WHERE i.decided IS NULL LIMIT ?1)",
                    )?
                    .execute([LAID as i64])?;
                if swept == 0 {
                    tx.execute("DELETE FROM patient_import WHERE decided IS NULL", [])?;
                }
                Ok::<_, ArchiveError>(swept)
            })?;
            if swept == 0 {
                return Ok(());
            }
        }
    }

    /// First people and visits, then merges, so that the order within the list does not matter; then what the list
    /// lacks. Every piece can be done anew.
    fn carry_out(&self, key: i64) -> Result<PatientReport> {
        let mut work = self.0.catalogue.read(|c| Work::of(c, key))?;
        while work.done < work.plan.rows {
            self.0.catalogue.write(Lane::Line, |tx| work.write_piece(tx))?;
            tracing::trace!(target: "fault_point", "patients piece");
        }
        while self.0.catalogue.write(Lane::Line, |tx| work.merge_piece(tx))? {
            tracing::trace!(target: "fault_point", "patients piece");
        }
        if work.plan.full {
            let vanished = self.0.catalogue.read(|c| vanished(c, &work.plan.authorities, work.decided))?;
            work.report.vanished = vanished.len() as u64;
            for piece in vanished.chunks(PIECE as usize) {
                self.0.catalogue.write(Lane::Line, |tx| {
                    let unseen = piece.iter().filter(|gone| !gone.looked_at);
                    unseen.into_iter().try_for_each(|gone| {
                        open_matter(
                            tx,
                            MatterKind::Vanished,
                            gone.patient,
                            None,
                            None,
                            work.decided,
                            &work.origin(),
                        )
                    })
                })?;
            }
        }
        work.report.version = self.0.catalogue.write(Lane::Line, |tx| work.end(tx))?;
        Ok(work.report)
    }
}

const LOCK: &str = "patients.lock";

/// Whether an import is decided and not finished: until then nothing may be judged by the index.
pub(super) fn is_changing(c: &Connection) -> Result<bool> {
    Ok(c.prepare_cached("SELECT 1 FROM patient_import WHERE decided IS NOT NULL")?.exists([])?)
}

/// A decided import under way.
struct Work {
    key: i64,
    plan: Plan,
    decided: Timestamp,
    done: u64,
    report: PatientReport,
}

impl Work {
    fn of(c: &Connection, key: i64) -> Result<Self> {
        let found = c
            .query_row(
                "SELECT plan, decided, done, report FROM patient_import WHERE key = ?1 AND decided IS NOT NULL",
                [key],
                |row| {
                    Ok(Self {
                        key,
                        plan: row.get::<_, Json<_>>(0)?.0,
                        decided: row.get::<_, Millis>(1)?.0,
                        done: row.get::<_, i64>(2)?.unsigned_abs(),
                        report: row.get::<_, Json<_>>(3)?.0,
                    })
                },
            )
            .optional()?;
        found.ok_or(ArchiveError::Unknown { what: "import" })
    }

    fn origin(&self) -> Origin<'_> {
        Origin { source: &self.plan.source, by: &self.plan.by, at: self.decided }
    }

    fn rows(&self, tx: &Connection, from: u64) -> Result<Vec<(i64, StagedRow)>> {
        let mut rows = tx.prepare_cached(
            "SELECT ordinal, row FROM patient_import_row WHERE import = ?1 AND ordinal >= ?2
             ORDER BY ordinal LIMIT ?3",
        )?;
        let rows = rows.query_map(params![self.key, from as i64, PIECE as i64], |row| {
            Ok((row.get(0)?, row.get::<_, Json<StagedRow>>(1)?.0))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What a failed piece counted must not count.
    fn write_piece(&mut self, tx: &Connection) -> Result<()> {
        let mut report = self.report.clone();
        for (_, row) in self.rows(tx, self.done)? {
            match &row {
                StagedRow::Person(row) => write_person(tx, row, &self.origin(), &mut report)?,
                StagedRow::Visit(row) => put_row(tx, row, &self.origin(), &mut report)?,
            }
        }
        let done = (self.done + PIECE).min(self.plan.rows);
        self.keep(tx, done, &report)?;
        (self.done, self.report) = (done, report);
        Ok(())
    }

    /// Answers whether there was anything left.
    fn merge_piece(&mut self, tx: &Connection) -> Result<bool> {
        let rows = self.rows(tx, 0)?;
        let Some((last, _)) = rows.last() else { return Ok(false) };
        let mut report = self.report.clone();
        for (_, row) in &rows {
            if let StagedRow::Person(row) = row {
                write_merge(tx, row, &self.origin(), &mut report)?;
            }
        }
        tx.prepare_cached("DELETE FROM patient_import_row WHERE import = ?1 AND ordinal <= ?2")?
            .execute([self.key, *last])?;
        self.keep(tx, self.done, &report)?;
        self.report = report;
        Ok(true)
    }

    fn keep(&self, tx: &Connection, done: u64, report: &PatientReport) -> Result<()> {
        tx.prepare_cached("UPDATE patient_import SET done = ?2, report = ?3 WHERE key = ?1")?
            .execute(params![self.key, done as i64, Json(report)])?;
        Ok(())
    }

    /// The index is whole again, and fresh as of the decision.
    fn end(&self, tx: &Connection) -> Result<IndexVersion> {
        let (plan, report) = (&self.plan, &self.report);
        if !plan.visits {
            tx.prepare_cached(
                "INSERT INTO patient_source (source, last_contact, last_full, rows) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (source) DO UPDATE SET last_contact = excluded.last_contact, rows = excluded.rows,
                     last_full = coalesce(excluded.last_full, last_full)",
            )?
            .execute(params![
                plan.source,
                Millis(self.decided),
                plan.full.then_some(Millis(self.decided)),
                plan.rows as i64
            ])?;
        }
        tx.prepare_cached("DELETE FROM patient_import WHERE key = ?1")?.execute([self.key])?;
        append(tx, &report.entry(&plan.source, &plan.by, plan.full))?;
        raise_version(tx)
    }
}

struct Vanished {
    patient: i64,
    /// A person has been told already.
    looked_at: bool,
}

/// Identities whose number of these authorities no list has named since.
fn vanished(c: &Connection, authorities: &[AuthorityId], since: Timestamp) -> Result<Vec<Vanished>> {
    let mut all = Vec::new();
    for authority in authorities {
        let mut rows = c.prepare_cached(
            "SELECT p.key, EXISTS (SELECT 1 FROM patient_matter m WHERE m.patient = p.key
                 AND m.kind = 'vanished' AND m.opened > coalesce(i.last_seen, 0))
             FROM patient_identifier i JOIN patient p ON p.key = i.patient
             WHERE i.authority = ?1 AND i.kind = 'MR' AND NOT i.retired AND p.merged_into IS NULL
                 AND coalesce(i.last_seen, 0) < ?2 ORDER BY p.key",
        )?;
        let rows = rows.query_map(params![authority.0, Millis(since)], |row| {
            Ok(Vanished { patient: row.get(0)?, looked_at: row.get(1)? })
        })?;
        all.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    Ok(all)
}
