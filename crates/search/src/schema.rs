//! Which fields does the index have?
//!
//! The text itself is not stored. A snippet is made from the page's reading: whoever shows a hit needs its boxes, and
//! those are only there. So text is kept once, a stored copy cannot show what a sight has not been granted for, and
//! the index is a third of what it would be (0.5 instead of 1.7 KB a page).

use std::collections::BTreeSet;

use records::codes::CodeMention;
use records::entry::{Home, PageEntry};
use records::ids::{BatchId, PageNumber, PageRef};
use sha2::{Digest as _, Sha256};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{TantivyDocument, Term};

use crate::handed::{HANDED, written};
use crate::placed::{known, terms};
use crate::sketch::{self, Sketch};
use crate::tokens;

/// The batch, for breaking ties; by name, as tantivy's sort keys want it.
pub(crate) const BATCH: &str = "batch";
/// The page's number in its batch, for breaking ties.
pub(crate) const PAGE_IN_BATCH: &str = "page_in_batch";

/// What answers are divided and sorted by; by name, like the above.
pub(crate) const PATIENT: &str = "patient";
pub(crate) const KIND: &str = "kind";
pub(crate) const STATION: &str = "station";
pub(crate) const STATE: &str = "state";
pub(crate) const SERVICE_FROM: &str = "service_from";
pub(crate) const RECEIVED: &str = "received";
pub(crate) const LEGIBILITY: &str = "legibility";

/// About so many bytes are kept of a page beside its text until it is indexed.
const BESIDE_TEXT: usize = 1_024;

#[derive(Clone, Copy)]
pub(crate) struct Fields {
    /// `batch/page`: the page's key.
    pub(crate) key: Field,
    pub(crate) batch: Field,
    page_in_batch: Field,
    /// From 1; of what is held, the number in its batch.
    pub(crate) page: Field,
    pub(crate) document: Field,
    pub(crate) exception: Field,
    /// As filed.
    pub(crate) patient: Field,
    /// The number it was filed under, canonical.
    pub(crate) number: Field,
    /// Canonical.
    pub(crate) account: Field,
    /// Lower case.
    pub(crate) kind: Field,
    /// Days since 1970-01-01, first and last day of service.
    pub(crate) service_from: Field,
    pub(crate) service_to: Field,
    pub(crate) received: Field,
    /// Lower case.
    pub(crate) station: Field,
    /// `filed` or `held`.
    pub(crate) state: Field,
    pub(crate) label: Field,
    /// The box of paper, lower case: `project.box`, and `box` alone.
    pub(crate) paper_box: Field,
    /// Kinds of evidence and grounds, lower case.
    pub(crate) evidence: Field,
    /// [`records::reading::Legibility`] in its own words.
    pub(crate) legibility: Field,
    /// Codes that stand on the page, lower case, without their points.
    pub(crate) code: Field,
    pub(crate) body: Field,
    /// What copies of the page are found by ([`Sketch::bands`]).
    pub(crate) alike: Field,
    pub(crate) sketch: Field,
}

pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let body = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(HANDED)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions),
    );
    // What is asked for as a whole is not ranked by how long it is: a byte a page for each would be for nothing.
    let exact = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    );
    let fields = Fields {
        key: builder.add_text_field("key", exact.clone() | STORED),
        batch: builder.add_text_field(BATCH, exact.clone() | FAST),
        page_in_batch: builder.add_u64_field(PAGE_IN_BATCH, FAST),
        page: builder.add_u64_field("page", INDEXED),
        document: builder.add_text_field("document", exact.clone() | STORED),
        exception: builder.add_text_field("exception", exact.clone() | STORED),
        patient: builder.add_text_field(PATIENT, exact.clone() | FAST),
        number: builder.add_text_field("number", exact.clone()),
        account: builder.add_text_field("account", exact.clone()),
        kind: builder.add_text_field(KIND, exact.clone() | FAST),
        service_from: builder.add_i64_field(SERVICE_FROM, INDEXED | FAST),
        service_to: builder.add_i64_field("service_to", INDEXED | FAST),
        received: builder.add_i64_field(RECEIVED, INDEXED | FAST),
        station: builder.add_text_field(STATION, exact.clone() | FAST),
        state: builder.add_text_field(STATE, exact.clone() | FAST),
        label: builder.add_text_field("label", exact.clone()),
        paper_box: builder.add_text_field("box", exact.clone()),
        evidence: builder.add_text_field("evidence", exact.clone()),
        legibility: builder.add_text_field(LEGIBILITY, exact.clone() | FAST),
        code: builder.add_text_field("code", exact.clone()),
        body: builder.add_text_field("body", body),
        alike: builder.add_u64_field("alike", INDEXED),
        sketch: builder.add_bytes_field("sketch", STORED),
    };
    (builder.build(), fields)
}

/// Changes whenever an index written before could answer differently.
pub(crate) fn fingerprint(schema: &Schema) -> String {
    let described = serde_json::to_string(schema).unwrap_or_default();
    let digest = Sha256::digest(format!("{}\0{}\0{described}", tokens::VERSION, sketch::VERSION));
    digest[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn key(page: PageRef) -> String {
    format!("{}/{:08}", page.batch, page.page.0)
}

pub(crate) fn page_of_key(key: &str) -> Option<PageRef> {
    let (batch, page) = key.split_once('/')?;
    Some(PageRef { batch: batch.parse::<BatchId>().ok()?, page: PageNumber(page.parse().ok()?) })
}

/// Days since 1970-01-01.
pub(crate) fn day(date: jiff::civil::Date) -> i64 {
    const EPOCH: jiff::civil::Date = jiff::civil::date(1970, 1, 1);
    i64::from((date - EPOCH).get_days())
}

impl Fields {
    pub(crate) fn key_term(&self, page: PageRef) -> Term {
        Term::from_field_text(self.key, &key(page))
    }

    pub(crate) fn document_of(&self, entry: &PageEntry) -> TantivyDocument {
        let tokens = known(&entry.reading);
        let body = written(&terms(&entry.reading, &tokens));
        let mut out = TantivyDocument::with_capacity(body.len() + BESIDE_TEXT);
        out.add_text(self.key, key(entry.page));
        out.add_text(self.batch, entry.page.batch.to_string());
        out.add_u64(self.page_in_batch, u64::from(entry.page.page.0));
        out.add_text(self.station, entry.station.to_lowercase());
        out.add_i64(self.received, day(entry.received));
        for label in &entry.labels {
            out.add_text(self.label, &label.0);
        }
        if let Some(paper_box) = entry.paper_box.as_deref().map(str::to_lowercase) {
            if let Some((_, alone)) = paper_box.split_once('.') {
                out.add_text(self.paper_box, alone);
            }
            out.add_text(self.paper_box, paper_box);
        }
        for kind in &entry.evidence {
            out.add_text(self.evidence, kind.to_lowercase());
        }
        out.add_text(self.legibility, entry.reading.legibility().word());
        for code in entry.codes.iter().map(CodeMention::key).collect::<BTreeSet<_>>() {
            out.add_text(self.code, code);
        }
        self.add_home(&mut out, entry);
        if let Some(sketch) = Sketch::of(&entry.reading, &tokens) {
            sketch.bands().into_iter().for_each(|band| out.add_u64(self.alike, band));
            out.add_bytes(self.sketch, &sketch.to_bytes());
        }
        out.add_text(self.body, body);
        out
    }

    fn add_home(&self, out: &mut TantivyDocument, entry: &PageEntry) {
        match &entry.home {
            Home::Document { id, page_in_document, patient, number, accounts, kind, service, .. } => {
                out.add_text(self.state, "filed");
                out.add_text(self.document, id.to_string());
                out.add_u64(self.page, u64::from(*page_in_document));
                out.add_text(self.patient, patient.0.to_string());
                out.add_text(self.number, number);
                for account in accounts {
                    out.add_text(self.account, account);
                }
                out.add_text(self.kind, kind.0.to_lowercase());
                if let Some((first, last)) = service {
                    out.add_i64(self.service_from, day(*first));
                    out.add_i64(self.service_to, day(*last));
                }
            }
            Home::Exception { id } => {
                out.add_text(self.state, "held");
                out.add_text(self.exception, id.to_string());
                out.add_u64(self.page, u64::from(entry.page.page.0));
            }
        }
    }
}
