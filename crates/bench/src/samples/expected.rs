//! What should become of a sample?

use serde_json::{Value, json};

use super::people::Person;

/// The `.expected.json` beside a sample, built up page by page.
#[derive(Default)]
pub(crate) struct Expected {
    documents: Vec<Value>,
    exceptions: Vec<Value>,
    control_sheets: Vec<u32>,
    blank: Vec<u32>,
    find: Vec<Value>,
}

impl Expected {
    pub(crate) fn filed(mut self, pages: &[u32], person: &Person, kind: &str) -> Self {
        self.documents
            .push(json!({ "pages": pages, "authority": "GENHOSP", "mrn": person.mrn, "type": kind }));
        self
    }

    /// The first reason is what a clerk reads.
    pub(crate) fn held(mut self, pages: &[u32], reason: &str) -> Self {
        self.exceptions.push(json!({ "pages": pages, "reasons": [reason] }));
        self
    }

    pub(crate) fn control(mut self, pages: &[u32]) -> Self {
        self.control_sheets.extend(pages);
        self
    }

    pub(crate) fn blank(mut self, pages: &[u32]) -> Self {
        self.blank.extend(pages);
        self
    }

    /// A search that must find this page.
    pub(crate) fn find(mut self, query: &str, page: u32) -> Self {
        self.find.push(json!({ "query": query, "page": page }));
        self
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "documents": self.documents,
            "exceptions": self.exceptions,
            "control_sheets": self.control_sheets,
            "blank": self.blank,
            "find": self.find,
        })
    }
}
