//! What is fed with broken text: the query language, for the tests and for `cargo xtask soak fuzz`.

use crate::Query;

/// Any text is a query; what it was understood as can be said, and asked for again.
pub fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let today = jiff::civil::date(2026, 3, 4);
    let query = Query::parse(&text, today);
    let terms = query.patient_terms().len();
    let both = query.clone().and(query.clone());
    assert_eq!(both.patient_terms().len(), 2 * terms, "both halves name their patients");
    let _ = Query::parse(&query.explain(), today);
    for field in ["mrn", "patient", "dob", "type", "from", "to", "received", "page", "state", "no such field"]
    {
        let _ = Query::field(field, &text, today);
    }
}
