//! Names the version of what browsers load by what it is.

use std::hash::{DefaultHasher, Hasher as _};
use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=assets");
    let mut hash = DefaultHasher::new();
    hash_folder(Path::new("assets"), &mut hash);
    println!("cargo:rustc-env=CHARTROOM_ASSETS={:016x}", hash.finish());
}

fn hash_folder(folder: &Path, hash: &mut DefaultHasher) {
    let listed = std::fs::read_dir(folder).expect("the assets lie beside the build script");
    let mut paths: Vec<_> = listed.map(|entry| entry.expect("a folder that can be read").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            hash_folder(&path, hash);
        } else {
            hash.write(path.to_string_lossy().as_bytes());
            hash.write(&std::fs::read(&path).expect("a file that can be read"));
        }
    }
}
