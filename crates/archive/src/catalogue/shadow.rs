//! How do people decide about what the line proposed, and which stations file by themselves?
//!
//! While a station is on trial, what the line would have filed is held with whom it would have been filed to. A
//! decision that agrees counts; one that does not, and a document in the wrong chart, put the count back to nothing and
//! take away the supervisor's signature at once.

use std::collections::BTreeSet;

use records::document::KindCode;
use records::ids::DocumentId;
use records::patient::PatientId;
use records::shadow::{ENOUGH, ShadowClass, Signature};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::Lane;
use super::audit::{Action, AuditEntry, append};
use super::columns::{Millis, now};
use super::patients::{patient_key, raise_version, survivor};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

impl Archive {
    /// Every station and kind of document that anything was decided about, by station.
    pub fn shadow_classes(&self) -> Result<Vec<ShadowClass>> {
        self.0.catalogue.read(|c| {
            let mut rows = c.prepare_cached(&format!("{SELECT} ORDER BY station, kind"))?;
            let rows = rows.query_map([], class)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Kinds of document that a station files by itself although the site is in shadow mode. Read after the index
    /// version: a change raises it.
    pub fn released(&self, station: &str) -> Result<BTreeSet<KindCode>> {
        self.0.catalogue.read(|c| {
            let mut rows = c.prepare_cached(
                "SELECT kind FROM shadow_class WHERE station = ?1 AND signed_by IS NOT NULL",
            )?;
            let rows = rows.query_map([station], |row| Ok(KindCode(row.get(0)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// A supervisor ends the trial of a station for one kind of document.
    ///
    /// # Errors
    /// `NotNow` before enough people's decisions agreed, one after the other.
    pub fn sign_shadow(&self, station: &str, kind: &KindCode, by: &str) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let refused = |why| Err(ArchiveError::NotNow { act: "end the trial", why });
            let one = format!("{SELECT} WHERE station = ?1 AND kind = ?2");
            let known = tx.prepare_cached(&one)?.query_row([station, &kind.0], class).optional()?;
            let Some(known) = known else { return refused("nobody has decided about any such document") };
            if known.signed.is_some() {
                return refused("it has ended already");
            }
            if !known.may_be_signed() {
                return refused("too few decisions agreed since the last that did not");
            }
            tx.prepare_cached(
                "UPDATE shadow_class SET signed_by = ?3, signed_at = ?4 WHERE station = ?1 AND kind = ?2",
            )?
            .execute(params![station, kind.0, by, Millis(now())])?;
            raise_version(tx)?;
            let detail = serde_json::json!({
                "station": station, "type": kind, "agreeing": known.agreeing, "enough": ENOUGH,
            });
            append(tx, &AuditEntry { detail, ..AuditEntry::new(by, Action::Execute, "sign-shadow") })?;
            Ok(())
        })
    }
}

const SELECT: &str = "SELECT station, kind, agreeing, disagreeing, last_disagreement, signed_by, signed_at
    FROM shadow_class";

fn class(row: &Row<'_>) -> rusqlite::Result<ShadowClass> {
    let (by, at): (Option<String>, Option<Millis>) = (row.get(5)?, row.get(6)?);
    Ok(ShadowClass {
        station: row.get(0)?,
        kind: KindCode(row.get(1)?),
        agreeing: row.get(2)?,
        disagreeing: row.get(3)?,
        last_disagreement: row.get::<_, Option<Millis>>(4)?.map(|at| at.0),
        signed: by.zip(at).map(|(by, at)| Signature { by, at: at.0 }),
    })
}

/// Keeps whom the line would have filed an exception to; what it would not have filed (any more) has no proposal.
pub(super) fn propose(tx: &Connection, exception: i64, to: Option<PatientId>) -> Result<()> {
    match to {
        Some(patient) => tx
            .prepare_cached("INSERT OR REPLACE INTO shadow_proposal (exception, patient) VALUES (?1, ?2)")?
            .execute([exception, patient_key(tx, patient)?])?,
        None => {
            tx.prepare_cached("DELETE FROM shadow_proposal WHERE exception = ?1")?.execute([exception])?
        }
    };
    Ok(())
}

/// What is split off was proposed as part of the whole.
pub(super) fn inherit(tx: &Connection, exception: i64, part: i64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO shadow_proposal (exception, patient, part)
         SELECT ?2, patient, 1 FROM shadow_proposal WHERE exception = ?1",
    )?
    .execute([exception, part])?;
    Ok(())
}

/// A person says whose an exception is.
pub(super) fn assigned(tx: &Connection, exception: i64, to: PatientId, by: &str) -> Result<()> {
    let Some(proposal) = Proposal::of(tx, exception)? else { return Ok(()) };
    if survivor(tx, patient_key(tx, to)?)? != survivor(tx, proposal.patient)? {
        return disagree(tx, &proposal.station, &proposal.kind, by);
    }
    if proposal.part {
        return Ok(());
    }
    tx.prepare_cached(
        "INSERT INTO shadow_class (station, kind, agreeing) VALUES (?1, ?2, 1)
         ON CONFLICT (station, kind) DO UPDATE SET agreeing = agreeing + 1",
    )?
    .execute([&proposal.station, &proposal.kind])?;
    Ok(())
}

/// An assignment was taken back: an agreement it counted for counts no more. A disagreement stays.
pub(super) fn taken_back(tx: &Connection, exception: i64, document: i64) -> Result<()> {
    let Some(proposal) = Proposal::of(tx, exception)?.filter(|proposal| !proposal.part) else {
        return Ok(());
    };
    let to: i64 = tx
        .prepare_cached("SELECT patient FROM document WHERE key = ?1")?
        .query_row([document], |row| row.get(0))?;
    if survivor(tx, to)? == survivor(tx, proposal.patient)? {
        tx.prepare_cached(
            "UPDATE shadow_class SET agreeing = max(agreeing - 1, 0) WHERE station = ?1 AND kind = ?2",
        )?
        .execute([&proposal.station, &proposal.kind])?;
    }
    Ok(())
}

/// A person says that it belongs in no chart.
pub(super) fn in_no_chart(tx: &Connection, exception: i64, by: &str) -> Result<()> {
    match Proposal::of(tx, exception)? {
        Some(proposal) => disagree(tx, &proposal.station, &proposal.kind, by),
        None => Ok(()),
    }
}

/// A document is, or may be, in the wrong chart. `to`: where it belongs, if that is known. Counts where the line filed
/// it, or had proposed the same.
pub(super) fn wrong_chart(tx: &Connection, document: i64, to: Option<PatientId>, by: &str) -> Result<()> {
    let (id, patient, filed_by, station, kind): (_, i64, String, String, String) = tx
        .prepare_cached(
            "SELECT d.id, d.patient, d.filed_by, b.station, d.kind FROM document d
             JOIN batch b ON b.key = d.batch WHERE d.key = ?1",
        )?
        .query_row([document], |row| {
            Ok((DocumentId(row.get(0)?), row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })?;
    let filed_to = survivor(tx, patient)?;
    if let Some(to) = to
        && survivor(tx, patient_key(tx, to)?)? == filed_to
    {
        return Ok(());
    }
    if filed_by == "line" {
        return disagree(tx, &station, &kind, by);
    }
    let was_held: Option<i64> = tx
        .prepare_cached("SELECT key FROM exception WHERE document = ?1 AND batch = ?2")?
        .query_row(params![id.0, batch_of(tx, document)?], |row| row.get(0))
        .optional()?;
    let proposal = was_held.map_or(Ok(None), |exception| Proposal::of(tx, exception))?;
    match proposal {
        Some(proposal) if survivor(tx, proposal.patient)? == filed_to => {
            disagree(tx, &proposal.station, &proposal.kind, by)
        }
        _ => Ok(()),
    }
}

fn batch_of(tx: &Connection, document: i64) -> Result<i64> {
    Ok(tx
        .prepare_cached("SELECT batch FROM document WHERE key = ?1")?
        .query_row([document], |row| row.get(0))?)
}

/// Back to nothing; where the trial had ended, it begins again at once.
fn disagree(tx: &Connection, station: &str, kind: &str, by: &str) -> Result<()> {
    let was_signed = tx
        .prepare_cached(
            "SELECT 1 FROM shadow_class WHERE station = ?1 AND kind = ?2 AND signed_by IS NOT NULL",
        )?
        .exists([station, kind])?;
    tx.prepare_cached(
        "INSERT INTO shadow_class (station, kind, disagreeing, last_disagreement) VALUES (?1, ?2, 1, ?3)
         ON CONFLICT (station, kind) DO UPDATE SET agreeing = 0, disagreeing = disagreeing + 1,
             last_disagreement = excluded.last_disagreement, signed_by = NULL, signed_at = NULL",
    )?
    .execute(params![station, kind, Millis(now())])?;
    if was_signed {
        raise_version(tx)?;
        let detail = serde_json::json!({ "station": station, "type": kind });
        append(tx, &AuditEntry { detail, ..AuditEntry::new(by, Action::Execute, "shadow-again") })?;
    }
    Ok(())
}

/// What the line would have done with an exception.
struct Proposal {
    patient: i64,
    part: bool,
    station: String,
    kind: String,
}

impl Proposal {
    fn of(tx: &Connection, exception: i64) -> Result<Option<Self>> {
        Ok(tx
            .prepare_cached(
                "SELECT s.patient, s.part, b.station, x.kind FROM shadow_proposal s
                 JOIN exception x ON x.key = s.exception JOIN batch b ON b.key = x.batch
                 WHERE s.exception = ?1",
            )?
            .query_row([exception], |row| {
                Ok(Self { patient: row.get(0)?, part: row.get(1)?, station: row.get(2)?, kind: row.get(3)? })
            })
            .optional()?)
    }
}
