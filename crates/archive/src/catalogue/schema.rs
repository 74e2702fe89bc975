//! What are the tables, and how do older ones become these?

use rusqlite::{Connection, TransactionBehavior, params};

use crate::error::{ArchiveError, Result};

/// Step n brings a catalogue from version n to n + 1. Steps are only ever added; those that were shipped stay
/// as they are.
const MIGRATIONS: &[&str] = &[include_str!("v1.sql"), include_str!("v2.sql")];

/// Brings the catalogue to this program's version, each step in one transaction.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    let known = MIGRATIONS.len() as i64;
    loop {
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found: i64 = step.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if found > known {
            return Err(ArchiveError::NewerSchema { found, known });
        }
        let Some(sql) = usize::try_from(found).ok().and_then(|found| MIGRATIONS.get(found)) else {
            return Ok(());
        };
        step.execute_batch(sql)?;
        if found == 0 {
            begin_life(&step)?;
        }
        step.pragma_update(None, "user_version", found + 1)?;
        step.commit()?;
    }
}

/// What a catalogue knows before anything has come.
fn begin_life(fresh: &Connection) -> Result<()> {
    let epoch = uuid::Uuid::new_v4();
    let mut put = fresh.prepare("INSERT INTO meta (name, value) VALUES (?1, ?2)")?;
    put.execute(params!["epoch", epoch.as_bytes()])?;
    put.execute(params!["index_version", 0])?;
    put.execute(params!["lease_token", 0])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_catalogue_of_a_newer_program_is_refused_and_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(migrate(&mut connection), Err(ArchiveError::NewerSchema { found: 99, .. })));
        let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(found, 99);
    }

    #[test]
    fn migrating_twice_keeps_the_epoch() {
        let mut connection = Connection::open_in_memory().unwrap();
        let epoch = |c: &Connection| -> Vec<u8> {
            c.query_row("SELECT value FROM meta WHERE name = 'epoch'", [], |row| row.get(0)).unwrap()
        };
        migrate(&mut connection).unwrap();
        let first = epoch(&connection);
        migrate(&mut connection).unwrap();
        assert_eq!(epoch(&connection), first);
    }
}
