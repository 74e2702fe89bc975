//! What does plain tantivy answer: its default tokenizer and its own query parser?

use anyhow::Context as _;
use records::reading::PageReading;
use tantivy::collector::TopDocs;
use tantivy::query::QueryParser;
use tantivy::schema::{INDEXED, STORED, Schema, TEXT, Value as _};
use tantivy::{Index, TantivyDocument};

use super::engines::{LOOKED_AT, pieces};
use super::questions::Question;

/// `all`: every word must stand on the page.
pub(super) fn answers(
    pages: &[PageReading],
    questions: &[Question],
    all: bool,
) -> anyhow::Result<Vec<Vec<usize>>> {
    let mut schema = Schema::builder();
    let id = schema.add_u64_field("id", STORED | INDEXED);
    let body = schema.add_text_field("body", TEXT);
    let index = Index::create_in_ram(schema.build());
    let mut writer = index.writer_with_num_threads(1, 20_000_000)?;
    for (at, page) in (0..).zip(pages) {
        let mut document = TantivyDocument::new();
        document.add_u64(id, at);
        document.add_text(body, page.text());
        writer.add_document(document)?;
    }
    writer.commit()?;
    let searcher = index.reader()?.searcher();
    let mut parser = QueryParser::for_index(&index, vec![body]);
    if all {
        parser.set_conjunction_by_default();
    }
    let mut answers = Vec::new();
    for question in questions {
        // In quotes nothing is taken for its syntax.
        let asked: Vec<String> = pieces(&question.text).iter().map(|piece| format!("\"{piece}\"")).collect();
        let query = parser.parse_query(&asked.join(" "))?;
        let found = searcher.search(&query, &TopDocs::with_limit(LOOKED_AT).order_by_score())?;
        let mut answer = Vec::new();
        for (_, address) in found {
            let document: TantivyDocument = searcher.doc(address)?;
            answer.push(
                document
                    .get_first(id)
                    .and_then(|value| value.as_u64())
                    .context("a page without its number")? as usize,
            );
        }
        answers.push(answer);
    }
    Ok(answers)
}
