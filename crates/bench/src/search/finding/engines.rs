//! Who answers? Ours, and what a user would pick instead, each as well set up as we know how.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use records::reading::PageReading;

use super::super::postgres::Cluster;
use super::questions::Question;
use super::{ours, plain};

/// Pages of an answer that somebody looks at.
pub(super) const LOOKED_AT: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Engine {
    Ours,
    TantivyAll,
    TantivyAny,
    Fts5All,
    Fts5Porter,
    Fts5PorterAny,
    PostgresAll,
    PostgresAny,
}

impl Engine {
    pub(super) const ALL: [(Self, &'static str); 8] = [
        (Self::Ours, "chartroom"),
        (Self::TantivyAll, "tantivy, all words"),
        (Self::TantivyAny, "tantivy, any word"),
        (Self::Fts5All, "FTS5, all words"),
        (Self::Fts5Porter, "FTS5 porter, all words"),
        (Self::Fts5PorterAny, "FTS5 porter, any word"),
        (Self::PostgresAll, "PostgreSQL, all words"),
        (Self::PostgresAny, "PostgreSQL, any word"),
    ];
}

/// Where engines keep what they need while they answer.
pub(super) struct Desk<'a> {
    pub(super) home: &'a Path,
    pub(super) postgres: Option<&'a Cluster>,
}

impl Desk<'_> {
    /// The first pages of each answer, best first, by their place in the list. `None`: it is not installed.
    pub(super) fn answers(
        &self,
        engine: Engine,
        pages: &[PageReading],
        questions: &[Question],
    ) -> anyhow::Result<Option<Vec<Vec<usize>>>> {
        let answers = match engine {
            Engine::Ours => ours::answers(&self.home.join("ours"), pages, questions)?,
            Engine::TantivyAll => plain::answers(pages, questions, true)?,
            Engine::TantivyAny => plain::answers(pages, questions, false)?,
            Engine::Fts5All => self.fts5(pages, questions, "unicode61", " ")?,
            Engine::Fts5Porter => self.fts5(pages, questions, "porter unicode61", " ")?,
            Engine::Fts5PorterAny => self.fts5(pages, questions, "porter unicode61", " OR ")?,
            Engine::PostgresAll => return self.postgres(pages, questions, " "),
            Engine::PostgresAny => return self.postgres(pages, questions, " or "),
        };
        Ok(Some(answers))
    }

    fn fts5(
        &self,
        pages: &[PageReading],
        questions: &[Question],
        tokenizer: &str,
        between: &str,
    ) -> anyhow::Result<Vec<Vec<usize>>> {
        let mut script =
            format!("CREATE VIRTUAL TABLE pages USING fts5(body, tokenize = '{tokenizer}');\nBEGIN;\n");
        for (at, page) in pages.iter().enumerate() {
            script += &format!("INSERT INTO pages(rowid, body) VALUES ({at}, {});\n", quoted(&page.text()));
        }
        script += "COMMIT;\n";
        for (nth, question) in questions.iter().enumerate() {
            let asked: Vec<String> =
                pieces(&question.text).iter().map(|piece| format!("\"{piece}\"")).collect();
            script += &format!(
                "SELECT {nth}, rowid FROM pages WHERE pages MATCH {} ORDER BY rank LIMIT {LOOKED_AT};\n",
                quoted(&asked.join(between))
            );
        }
        let path = self.home.join("fts5.sql");
        fs::write(&path, script)?;
        let out = Command::new("sqlite3")
            .args(["-batch", "-bail", ":memory:"])
            .stdin(Stdio::from(fs::File::open(&path)?))
            .output()
            .context("sqlite3 is not installed")?;
        if !out.status.success() {
            bail!("sqlite3: {}", String::from_utf8_lossy(&out.stderr));
        }
        by_question(&String::from_utf8(out.stdout)?, questions.len())
    }

    fn postgres(
        &self,
        pages: &[PageReading],
        questions: &[Question],
        between: &str,
    ) -> anyhow::Result<Option<Vec<Vec<usize>>>> {
        let Some(cluster) = self.postgres else { return Ok(None) };
        let mut script = String::from(
            "DROP TABLE IF EXISTS pages;\nCREATE TABLE pages (id int PRIMARY KEY, body tsvector);\nBEGIN;\n",
        );
        for (at, page) in pages.iter().enumerate() {
            script += &format!(
                "INSERT INTO pages VALUES ({at}, to_tsvector('english', {}));\n",
                quoted(&page.text())
            );
        }
        script += "COMMIT;\nCREATE INDEX ON pages USING gin(body);\nANALYZE pages;\n";
        for (nth, question) in questions.iter().enumerate() {
            let asked: Vec<String> = spoken(&question.text).collect();
            script += &format!(
                "SELECT {nth}, id FROM pages, websearch_to_tsquery('english', {}) AS asked WHERE body @@ asked \
                 ORDER BY ts_rank_cd(body, asked) DESC, id LIMIT {LOOKED_AT};\n",
                quoted(&asked.join(between))
            );
        }
        let path = self.home.join("postgres.sql");
        fs::write(&path, script)?;
        by_question(&cluster.ask(&path)?, questions.len()).map(Some)
    }
}

/// A text as SQL writes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''").replace('\0', ""))
}

/// Quoted phrases and single words, without their quotes.
pub(super) fn pieces(asked: &str) -> Vec<String> {
    spoken(asked).map(|piece| piece.replace('"', "")).collect()
}

/// Quoted phrases, with their quotes, and single words.
fn spoken(asked: &str) -> impl Iterator<Item = String> {
    let outside = |(nth, part): (usize, &str)| -> Vec<String> {
        if nth % 2 == 1 {
            vec![format!("\"{part}\"")]
        } else {
            part.split_whitespace().map(str::to_owned).collect()
        }
    };
    asked.split('"').enumerate().flat_map(outside).collect::<Vec<_>>().into_iter()
}

/// Lines of "question|page".
fn by_question(printed: &str, questions: usize) -> anyhow::Result<Vec<Vec<usize>>> {
    let mut answers = vec![Vec::new(); questions];
    for line in printed.lines() {
        let (question, page) = line.split_once('|').with_context(|| format!("not an answer: {line}"))?;
        answers[question.parse::<usize>()?].push(page.parse()?);
    }
    Ok(answers)
}
