//! Does the house still stand as `ARCHITECTURE.md` says? ("What may never be", 1 to 4, and what we may link.)
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Of what is built on this machine: what only other platforms need was never fetched.
fn metadata() -> Value {
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let told = String::from_utf8(rustc.stdout).unwrap();
    let platform = told.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let out = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", platform])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Our crates and what each names as an ordinary dependency.
fn rooms(metadata: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let members: BTreeSet<&str> =
        metadata["workspace_members"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .filter(|package| members.contains(text(package, "id")))
        .map(|package| {
            let named = package["dependencies"].as_array().unwrap().iter();
            let ordinary = named.filter(|d| d["kind"].is_null()).map(|d| text(d, "name").to_owned());
            (text(package, "name").to_owned(), ordinary.collect())
        })
        .collect()
}

/// Who may use whom: the tree of ARCHITECTURE.md.
const MAY_USE: &[(&str, &[&str])] = &[
    ("records", &[]),
    ("paper", &["records"]),
    ("readers", &["records"]),
    ("print", &["records"]),
    ("archive", &["records"]),
    ("search", &["records"]),
    ("pipeline", &["records", "readers", "archive", "search"]),
    ("exchange", &["records", "print", "archive"]),
    ("web", &["records", "readers", "print", "archive", "search"]),
    (
        "chartroom",
        &["records", "paper", "readers", "print", "archive", "search", "pipeline", "exchange", "web"],
    ),
    ("bench", &["records", "readers", "print", "archive", "search", "pipeline", "exchange"]),
    ("fuzz", &[]),
    ("xtask", &[]),
];

#[test]
fn a_room_uses_only_rooms_above_it() {
    let rooms = rooms(&metadata());
    let ours: BTreeSet<&String> = rooms.keys().collect();
    for (room, uses) in &rooms {
        let (_, may) =
            MAY_USE.iter().find(|(name, _)| name == room).unwrap_or_else(|| panic!("unknown room {room}"));
        for other in uses.iter().filter(|name| ours.contains(name)) {
            assert!(may.contains(&other.as_str()), "{room} must not use {other}");
        }
    }
}

#[test]
fn xtask_builds_before_any_system_package_is_there() {
    assert!(rooms(&metadata())["xtask"].is_empty());
}

#[test]
fn each_engine_has_one_door() {
    const DOORS: &[(&str, &[&str])] = &[
        ("leptess", &["paper"]),
        ("zxing-cpp", &["paper"]),
        ("hayro", &["paper", "bench"]),
        ("hayro-interpret", &["paper"]),
        ("rusqlite", &["archive", "bench"]),
        ("tantivy", &["search", "bench"]),
        ("notify", &["pipeline"]),
        ("clap", &["chartroom"]),
        ("axum", &["web"]),
        ("tokio", &["web", "exchange"]),
        ("hyper", &["web", "exchange"]),
    ];
    let rooms = rooms(&metadata());
    for (engine, doors) in DOORS {
        for (room, _) in rooms.iter().filter(|(_, uses)| uses.contains(*engine)) {
            assert!(doors.contains(&room.as_str()), "{room} must not use {engine}; that is {doors:?}'s");
        }
    }
}

#[test]
fn records_does_no_io() {
    const FORBIDDEN: &[&str] = &[
        "std::fs",
        "std::net",
        "std::process",
        "std::io",
        "std::env",
        "std::thread",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "println!",
        "eprintln!",
    ];
    // Tests may look at the clock: they are not the product.
    let is_test = |file: &Path| {
        file.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs")))
    };
    for file in sources(&root().join("crates/records/src")).into_iter().filter(|file| !is_test(file)) {
        let source = std::fs::read_to_string(&file).unwrap();
        for word in FORBIDDEN {
            assert!(!source.contains(word), "{} must not use {word}", file.display());
        }
    }
}

#[test]
fn unsafe_code_has_one_door() {
    for room in std::fs::read_dir(root().join("crates")).unwrap() {
        let room = room.unwrap().path();
        if room.ends_with("paper") {
            continue;
        }
        let manifest = std::fs::read_to_string(room.join("Cargo.toml")).unwrap();
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{} must keep the house's lints",
            room.display()
        );
    }
    let workspace = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(workspace.contains("unsafe_code = \"forbid\""));
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_licence_we_link_is_one_we_may_link() {
    const FINE: &[&str] = &[
        "MIT",
        "Apache-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "BSD-1-Clause",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "Zlib",
        "MPL-2.0",
        "CC0-1.0",
        "Unicode-3.0",
        "Unicode-DFS-2016",
        "Unlicense",
        "0BSD",
        "BSL-1.0",
        "MIT-0",
        "NCSA",
    ];
    let metadata = metadata();
    let mut refused = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let licence = text(package, "license").replace('/', " OR ").replace(['(', ')'], "");
        // An expression is fine if one side of some OR has only fine parts: AND binds tighter, and expressions
        // with brackets become stricter this way, never laxer.
        let fine =
            licence.split(" OR ").any(|side| side.split(" AND ").all(|part| FINE.contains(&part.trim())));
        if !fine {
            refused.push(format!("{} ({licence})", text(package, "name")));
        }
    }
    assert!(refused.is_empty(), "not to be linked: {}", refused.join(", "));
}
