//! How long does PostgreSQL's full text take for the same? A GIN index over text that is kept as a vector only.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::Context as _;

use super::super::postgres::Cluster;
use super::pages::Pages;
use super::queries::{Asked, Kind};

/// More pages take longer to load than all else together.
pub(super) const MOST: u64 = 200_000;

pub(super) struct Gin<'a> {
    cluster: Cluster,
    home: &'a Path,
}

impl<'a> Gin<'a> {
    /// `None`: PostgreSQL is not installed here.
    pub(super) fn over(home: &'a Path, pages: &Pages, count: u64) -> anyhow::Result<Option<Self>> {
        let Some(cluster) = Cluster::start()? else {
            return Ok(None);
        };
        let script = home.join("load.sql");
        let mut out = BufWriter::new(File::create(&script)?);
        writeln!(
            out,
            "CREATE UNLOGGED TABLE pages(page int, patient int, kind text, station text, first date, last date,
             unseen bool, body tsvector);
             CREATE UNLOGGED TABLE texts(page int, patient int, kind text, station text, first date, last date,
             unseen bool, body text);
             COPY texts FROM STDIN;"
        )?;
        for nth in 0..count {
            let filed = pages.filed(nth);
            let (first, last) = filed.service;
            let unseen = filed.held || filed.label.is_some_and(|label| label != "psych");
            let text = pages.reading(nth).text().replace('\n', " ");
            writeln!(
                out,
                "{nth}\t{}\t{}\t{}\t{first}\t{last}\t{unseen}\t{text}",
                filed.patient, filed.kind, filed.station
            )?;
        }
        writeln!(
            out,
            "\\.
             INSERT INTO pages SELECT page, patient, kind, station, first, last, unseen,
             to_tsvector('simple', body) FROM texts;
             DROP TABLE texts;
             CREATE INDEX ON pages USING gin(body);
             CREATE INDEX ON pages(patient);
             ANALYZE pages;"
        )?;
        out.flush()?;
        drop(out);
        let gin = Self { cluster, home };
        gin.cluster.ask(&script)?;
        fs::remove_file(&script)?;
        Ok(Some(gin))
    }

    /// Milliseconds of each query, asked one after the other on one connection.
    pub(super) fn times(&self, kind: Kind, asked: &[Asked]) -> anyhow::Result<Vec<f64>> {
        let mut script = String::from("SET statement_timeout = '10s';\n\\o /dev/null\n\\timing on\n");
        for asked in asked {
            writeln!(script, "{}", sql(kind, asked))?;
        }
        let file = self.home.join("ask.sql");
        fs::write(&file, script)?;
        let said = self.cluster.ask(&file)?;
        fs::remove_file(&file)?;
        let times = said.lines().filter_map(|line| line.strip_prefix("Time: ")?.split(' ').next());
        times.map(|time| time.parse().context("psql says no time")).collect()
    }
}

fn sql(kind: Kind, asked: &Asked) -> String {
    let between = if matches!(kind, Kind::Phrase | Kind::StopPhrase) { " <-> " } else { " & " };
    let wanted = format!("'{}'::tsquery", asked.words.join(between));
    let mut condition = format!("body @@ {wanted} AND NOT unseen");
    if let (Some((_, patient)), Some((from, to))) = (asked.patient, asked.days) {
        condition += &format!(" AND patient = {patient} AND last >= '{from}' AND first <= '{to}'");
    }
    let ranked =
        format!("SELECT page FROM pages WHERE {condition} ORDER BY ts_rank(body, {wanted}) DESC LIMIT 20;");
    match kind {
        Kind::Newest => format!("SELECT page FROM pages WHERE {condition} ORDER BY first DESC LIMIT 20;"),
        Kind::Facets => format!(
            "WITH found AS MATERIALIZED (SELECT kind, station, first FROM pages WHERE {condition})
             SELECT kind, station, date_part('year', first), count(*) FROM found GROUP BY 1, 2, 3;"
        ),
        _ => ranked,
    }
}
