//! What is fed with broken files: the reading of patient lists, for the tests and for `cargo xtask soak fuzz`.

use records::identifier::AuthorityId;

use crate::patients::Reading;
use crate::{encounters, patients};

pub fn patients(bytes: &[u8]) {
    let today = jiff::civil::date(2026, 3, 1);
    let mut reading = Reading { authority: None, dates: None, today };
    let _ = patients::read(bytes, &reading);
    reading.authority = Some(AuthorityId("GENHOSP".into()));
    let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    if let Ok(list) = patients::read(bytes, &reading) {
        assert!(list.rows.len() <= lines + 1, "{} patients in {lines} lines", list.rows.len());
        assert!(list.rows.iter().all(|row| row.birth_date.is_none_or(|day| day <= today)));
    }
    if let Ok(list) = encounters::read(bytes, &reading) {
        assert!(list.rows.len() <= lines + 1, "{} visits in {lines} lines", list.rows.len());
    }
}
