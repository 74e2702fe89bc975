//! What are pages that belong in no chart, and what still waits for something?

use std::collections::BTreeMap;

use jiff::civil::Date;
use records::ids::ExceptionId;
use rusqlite::{Connection, params};

use super::Lane;
use super::acts::{move_pages, record, resolve};
use super::audit::AuditEntry;
use super::changes::{Changed, note};
use super::columns::{Day, EXCEPTION, SET_ASIDE};
use super::shadow;
use super::worklist::{exception_runs, open_exception};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// Dispositions of a person that put pages in no chart (`domain.md` 2.12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetAside {
    /// Not ours: a privacy incident.
    Misdirected,
    /// Advert, invoice.
    NotARecord,
    /// For another department.
    Route(String),
    /// A list of many patients.
    LogStore,
    /// Stays on the worklist until the person is registered.
    AwaitRegistration,
    /// Stays on the worklist, with a note.
    Waiting,
}

impl SetAside {
    /// As reports count it: `misdirected`, `route:DEPT`.
    pub fn code(&self) -> String {
        match self {
            Self::Misdirected => "misdirected".into(),
            Self::NotARecord => "not-a-record".into(),
            Self::Route(department) => format!("route:{department}"),
            Self::LogStore => "log-store".into(),
            Self::AwaitRegistration => "await-registration".into(),
            Self::Waiting => "waiting".into(),
        }
    }

    /// Whether the pages leave the worklist.
    const fn is_final(&self) -> bool {
        !matches!(self, Self::AwaitRegistration | Self::Waiting)
    }
}

impl std::str::FromStr for SetAside {
    type Err = String;

    fn from_str(code: &str) -> Result<Self, String> {
        Ok(match code {
            "misdirected" => Self::Misdirected,
            "not-a-record" => Self::NotARecord,
            "log-store" => Self::LogStore,
            "await-registration" => Self::AwaitRegistration,
            "waiting" => Self::Waiting,
            other => match other.strip_prefix("route:").filter(|department| !department.is_empty()) {
                Some(department) => Self::Route(department.to_owned()),
                None => {
                    return Err(
                        "use misdirected, not-a-record, route:DEPARTMENT, log-store, await-registration \
                                    or waiting"
                            .to_owned(),
                    );
                }
            },
        })
    }
}

impl Archive {
    /// Sets an exception aside, or notes that it waits and stays, and until when.
    pub fn dispose(
        &self,
        id: &ExceptionId,
        as_what: &SetAside,
        follow_up: Option<Date>,
        clerk: &str,
        note_: &str,
    ) -> Result<()> {
        self.0.catalogue.write(Lane::Desk, |tx| {
            let key = open_exception(tx, id)?;
            let runs = exception_runs(tx, key)?;
            let said = if note_.is_empty() { as_what.code() } else { format!("{}: {note_}", as_what.code()) };
            if as_what.is_final() && follow_up.is_some() {
                let why = "only what waits has a day to look again";
                return Err(ArchiveError::NotNow { act: "set the exception aside", why });
            }
            tx.prepare_cached("UPDATE exception SET disposition = ?2, follow_up = ?3 WHERE key = ?1")?
                .execute(params![key, as_what.code(), follow_up.map(Day)])?;
            if as_what.is_final() {
                resolve(tx, key, "set_aside", None, &said, clerk)?;
                shadow::in_no_chart(tx, key, clerk)?;
                move_pages(tx, &runs, (EXCEPTION, key), (SET_ASIDE, Some(key)))?;
                note(tx, Changed::Held, None, &runs)?;
            } else {
                resolve(tx, key, "open", None, &said, clerk)?;
            }
            let detail = serde_json::json!({
                "exception": id, "as": as_what.code(), "note": note_, "follow_up": follow_up,
            });
            record(tx, clerk, "dispose", &runs, |entry| AuditEntry { detail, ..entry })
        })
    }
}

/// How many exceptions have which disposition, those that wait included.
pub(super) fn dispositions(c: &Connection) -> Result<BTreeMap<String, u64>> {
    let mut rows = c.prepare_cached(
        "SELECT disposition, count(*) FROM exception
         WHERE disposition IS NOT NULL AND state IN ('open', 'set_aside') GROUP BY disposition",
    )?;
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
