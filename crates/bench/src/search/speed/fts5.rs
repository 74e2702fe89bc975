//! How long does SQLite's FTS5 take for the same?
//!
//! As well set up as we know how: the text is not stored, what a page is filed under is a column of words beside it, so
//! that a patient or what must not be seen narrows the match itself, and all else is a table with the same row numbers.

use std::path::Path;
use std::time::Instant;

use rusqlite::{Connection, params, params_from_iter};

use super::pages::{Filed, Pages};
use super::queries::{Asked, Kind};

pub(super) struct Fts5(Connection);

/// What the clerk of [`super::ours::scope`] may not see.
const UNSEEN: &str = "about : (labelpart2 OR labelhiv OR held)";

impl Fts5 {
    /// Opens what an earlier run kept, or builds it.
    pub(super) fn over(file: &Path, pages: &Pages, count: u64) -> anyhow::Result<Self> {
        let mut connection = Connection::open(file)?;
        connection.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;",
        )?;
        let kept: Result<i64, _> = connection.query_row("SELECT count(*) FROM filed", [], |row| row.get(0));
        if kept.is_ok_and(|kept| kept == count as i64) {
            return Ok(Self(connection));
        }
        connection.execute_batch(
            "DROP TABLE IF EXISTS pages; DROP TABLE IF EXISTS filed;
             CREATE VIRTUAL TABLE pages USING fts5(body, about, content = '', tokenize = 'unicode61');
             CREATE TABLE filed(page INTEGER PRIMARY KEY, kind TEXT, station TEXT, year TEXT, first TEXT, last TEXT);",
        )?;
        let writing = connection.transaction()?;
        {
            let mut text = writing.prepare("INSERT INTO pages(rowid, body, about) VALUES (?, ?, ?)")?;
            let mut row = writing.prepare("INSERT INTO filed VALUES (?, ?, ?, ?, ?, ?)")?;
            for nth in 0..count {
                let filed = pages.filed(nth);
                text.execute(params![nth as i64, pages.reading(nth).text(), about(&filed)])?;
                let (first, last) = filed.service;
                let year = format!("{:04}", first.year());
                row.execute(params![
                    nth as i64,
                    filed.kind,
                    filed.station,
                    year,
                    first.to_string(),
                    last.to_string()
                ])?;
            }
        }
        writing.commit()?;
        Ok(Self(connection))
    }

    /// Milliseconds of one query.
    pub(super) fn time(&self, kind: Kind, asked: &Asked) -> anyhow::Result<f64> {
        let began = Instant::now();
        let matching = matching(kind, asked);
        let joined = "FROM pages JOIN filed ON filed.page = pages.rowid WHERE pages MATCH ?";
        match (kind, asked.days) {
            (_, Some((from, to))) => {
                let sql = format!(
                    "SELECT pages.rowid {joined} AND last >= ? AND first <= ? ORDER BY rank LIMIT 20"
                );
                self.rows(&sql, &[matching, from.to_string(), to.to_string()])?;
            }
            (Kind::Newest, _) => {
                self.rows(&format!("SELECT page {joined} ORDER BY first DESC LIMIT 20"), &[matching])?
            }
            (Kind::Facets, _) => {
                self.rows(
                    "SELECT rowid FROM pages WHERE pages MATCH ? ORDER BY rank LIMIT 20",
                    std::slice::from_ref(&matching),
                )?;
                self.rows(
                    &format!("SELECT kind, station, year, count(*) {joined} GROUP BY kind, station, year"),
                    &[matching],
                )?;
            }
            _ => {
                self.rows("SELECT rowid FROM pages WHERE pages MATCH ? ORDER BY rank LIMIT 20", &[matching])?
            }
        }
        Ok(began.elapsed().as_secs_f64() * 1e3)
    }

    fn rows(&self, sql: &str, parameters: &[String]) -> anyhow::Result<()> {
        let mut statement = self.0.prepare_cached(sql)?;
        let mut rows = statement.query(params_from_iter(parameters))?;
        while rows.next()?.is_some() {}
        Ok(())
    }
}

fn about(filed: &Filed) -> String {
    let label = filed.label.map(|label| format!(" label{label}")).unwrap_or_default();
    format!("p{}{label}{}", filed.patient, if filed.held { " held" } else { "" })
}

fn matching(kind: Kind, asked: &Asked) -> String {
    let quoted: Vec<String> = asked.words.iter().map(|word| format!("\"{word}\"")).collect();
    let words = match kind {
        Kind::Phrase | Kind::StopPhrase => format!("body : \"{}\"", asked.words.join(" ")),
        _ => format!("body : ({})", quoted.join(" AND ")),
    };
    let patient = asked.patient.map(|(_, nth)| format!(" AND about : p{nth}")).unwrap_or_default();
    format!("({words}{patient}) NOT {UNSEEN}")
}
