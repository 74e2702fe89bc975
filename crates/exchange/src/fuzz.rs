//! What is fed with broken files: the reading of patient lists, for the tests and for `cargo xtask soak fuzz`.

use records::identifier::AuthorityId;

use crate::patients;

pub fn patients(bytes: &[u8]) {
    let _ = patients::read(bytes, None);
    if let Ok(rows) = patients::read(bytes, Some(&AuthorityId("GENHOSP".into()))) {
        let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
        assert!(rows.len() <= lines + 1, "{} patients in {lines} lines", rows.len());
    }
}
