//! How do many files enter the ledger at once?
//!
//! Under load one transaction a file would wait for the disk every time. Here as many go into one as fit well below
//! the 50 ms that nobody may hold the catalogue.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use records::batch::{Arrival, NewBatch, Receipt};
use records::ids::ArrivalId;
use rusqlite::{Connection, params};

use super::Lane;
use super::columns::Millis;
use super::intake::{Closed, close, note_taken, receive, receive_part};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;

/// A transaction that has taken this long takes no further file.
const ENOUGH: Duration = Duration::from_millis(20);

impl Archive {
    /// Enters files that are each a job of their own and closes their jobs: [`Archive::receive`] and
    /// [`Archive::close_batch`] for each. Answers in the same order. Idempotent as those are.
    pub fn receive_many(&self, jobs: &[(Arrival, NewBatch)]) -> Result<Vec<Closed>> {
        self.in_pieces(jobs, |tx, (arrival, batch)| match receive(tx, arrival)? {
            Receipt::Duplicate(batch) => Ok(Closed::Duplicate(batch)),
            Receipt::New | Receipt::Resumed => close(tx, batch),
        })
    }

    /// Enters files of one job of several: [`Archive::receive_part`] for each.
    pub fn receive_parts(&self, arrivals: &[Arrival], job: &str) -> Result<()> {
        self.in_pieces(arrivals, |tx, arrival| receive_part(tx, arrival, job).map(drop)).map(drop)
    }

    /// Remembers where arrivals' files were moved: [`Archive::taken`] for each.
    pub fn taken_many(&self, moved: &[(ArrivalId, PathBuf)]) -> Result<()> {
        self.in_pieces(moved, |tx, (arrival, path)| note_taken(tx, *arrival, path)).map(drop)
    }

    /// The file of an arrival is no longer where it was moved: somebody still wrote to it.
    pub fn taken_back(&self, arrival: ArrivalId) -> Result<()> {
        self.0.catalogue.write(Lane::Line, |tx| {
            tx.prepare_cached("UPDATE arrival SET taken = NULL WHERE id = ?1")?.execute([arrival.0])?;
            Ok(())
        })
    }

    /// Whether a job of this name was closed for the station since then.
    pub fn job_closed_since(&self, station: &str, job_name: &str, since: Timestamp) -> Result<bool> {
        self.0.catalogue.read(|c| {
            Ok(c.prepare_cached(
                "SELECT 1 FROM batch WHERE station = ?1 AND job_name = ?2 AND created >= ?3",
            )?
            .exists(params![station, job_name, Millis(since)])?)
        })
    }

    fn in_pieces<T, R>(&self, all: &[T], act: impl Fn(&Connection, &T) -> Result<R>) -> Result<Vec<R>> {
        let mut done = Vec::with_capacity(all.len());
        while done.len() < all.len() {
            let some = self.0.catalogue.write(Lane::Line, |tx| {
                let begun = Instant::now();
                let mut some = Vec::new();
                for one in &all[done.len()..] {
                    some.push(act(tx, one)?);
                    if begun.elapsed() > ENOUGH {
                        break;
                    }
                }
                Ok::<_, ArchiveError>(some)
            })?;
            done.extend(some);
        }
        Ok(done)
    }
}
