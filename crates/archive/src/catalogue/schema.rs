//! What are the tables, and how do older ones become these?

use rusqlite::{Connection, TransactionBehavior, params};

use crate::error::{ArchiveError, Result};

/// Step n brings a catalogue from version n to n + 1. Steps are only ever added; those that were shipped stay
/// as they are.
const MIGRATIONS: &[&str] = &[
    include_str!("v1.sql"),
    include_str!("v2.sql"),
    include_str!("v3.sql"),
    include_str!("v4.sql"),
    include_str!("v5.sql"),
    include_str!("v6.sql"),
    include_str!("v7.sql"),
];

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

    /// Rows as each version wrote them, for the tables it brought. A new version adds its own.
    const ROWS: &[&str] = &[
        include_str!("schema/rows_v1.sql"),
        include_str!("schema/rows_v2.sql"),
        include_str!("schema/rows_v3.sql"),
        include_str!("schema/rows_v4.sql"),
        include_str!("schema/rows_v5.sql"),
        include_str!("schema/rows_v6.sql"),
        include_str!("schema/rows_v7.sql"),
    ];

    /// A catalogue as the program of that version left it.
    fn written_by(version: usize, connection: &Connection) {
        for step in 0..version {
            connection.execute_batch(MIGRATIONS[step]).unwrap();
            connection.execute_batch(ROWS[step]).unwrap();
        }
        connection.pragma_update(None, "user_version", version as i64).unwrap();
    }

    fn column(c: &Connection, sql: &str) -> Vec<String> {
        let mut rows = c.prepare(sql).unwrap();
        rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    fn tables(c: &Connection) -> Vec<String> {
        column(
            c,
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        )
    }

    /// Every row of every table, by the columns given.
    fn all_rows(c: &Connection, columns: &[(String, Vec<String>)]) -> Vec<String> {
        let rows = columns.iter().flat_map(|(table, columns)| {
            let quoted: Vec<String> = columns.iter().map(|name| format!("quote({name})")).collect();
            column(
                c,
                &format!(
                    "SELECT '{table}: ' || concat_ws(', ', {}) FROM {table} ORDER BY 1",
                    quoted.join(", ")
                ),
            )
        });
        rows.collect()
    }

    #[test]
    fn a_catalogue_of_every_earlier_version_keeps_all_it_knows() {
        assert_eq!(ROWS.len(), MIGRATIONS.len(), "a new version needs rows of its own for this test");
        for version in 1..=MIGRATIONS.len() {
            let folder = tempfile::tempdir().unwrap();
            let vault = crate::Vault::open_at(&folder.path().join("vault")).unwrap();
            vault.put(&mut &b"a scan"[..]).unwrap();
            let connection = Connection::open(folder.path().join("catalogue.sqlite")).unwrap();
            written_by(version, &connection);
            let columns: Vec<(String, Vec<String>)> = tables(&connection)
                .into_iter()
                .map(|table| {
                    let own = column(&connection, &format!("SELECT name FROM pragma_table_info('{table}')"));
                    (table, own)
                })
                .collect();
            let before = all_rows(&connection, &columns);
            for (table, _) in &columns {
                let filled = before.iter().any(|row| row.starts_with(&format!("{table}: ")));
                assert!(filled, "version {version}: table {table} has no row in this test");
            }
            drop(connection);

            let archive = crate::Archive::open(folder.path(), &crate::Settings::default()).unwrap();
            let report = archive.verify(true).unwrap();
            assert!(report.ok, "version {version}: {report:?}");
            assert_eq!((report.batches, report.pages), (1, 2));
            assert_eq!(archive.damage().unwrap(), []);
            drop(archive);
            let connection = Connection::open(folder.path().join("catalogue.sqlite")).unwrap();
            assert_eq!(all_rows(&connection, &columns), before, "version {version}");
        }
    }
}
