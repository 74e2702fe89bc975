//! What is fed with broken files: the reading of index files, for the tests and for `cargo xtask soak fuzz`.

use crate::intake::manifest;

pub fn manifest(bytes: &[u8]) {
    if let Ok(index) = manifest::read(bytes) {
        let outside = index.files.iter().find(|name| name.contains('/') || *name == "..");
        assert_eq!(outside, None, "files of one folder");
    }
}
