//! What is on the disk before what, should the power fail: seen in the calls that the program makes to the system.
//!
//! `strace` records them; where the machine has none, or forbids tracing, the test says so and passes.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on has failed")]

mod harness;

use std::fs;
use std::process::{Command, Stdio};

use harness::scripts::{labelled, write};
use harness::{Chartroom, Running, eventually};

/// One call: what it was, its arguments, and the lines of the record on which it began and ended.
struct Call {
    name: String,
    arguments: String,
    began: usize,
    ended: usize,
}

/// Calls of a record of `strace -f -y`, put together where another thread's came between.
fn calls(record: &str) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    let mut open: Vec<(String, usize)> = Vec::new();
    for (at, line) in record.lines().enumerate() {
        let Some((thread, rest)) = line.trim_start().split_once(' ') else { continue };
        let rest = rest.trim_start();
        if let Some(resumed) = rest.strip_prefix("<... ") {
            if let Some(place) = open.iter().position(|(own, _)| own == thread) {
                let (_, call) = open.remove(place);
                calls[call].arguments.push_str(resumed);
                calls[call].ended = at;
            }
            continue;
        }
        let Some((name, arguments)) = rest.split_once('(') else { continue };
        if arguments.contains("<unfinished") {
            open.push((thread.to_owned(), calls.len()));
        }
        calls.push(Call { name: name.into(), arguments: arguments.into(), began: at, ended: at });
    }
    calls
}

/// The first call of these names whose arguments hold all parts and that began after a line; it must have ended well.
fn first<'c>(calls: &'c [Call], after: usize, names: &[&str], parts: &[&str]) -> &'c Call {
    calls
        .iter()
        .find(|call| {
            call.began >= after
                && names.contains(&call.name.as_str())
                && parts.iter().all(|part| call.arguments.contains(part))
                && call.arguments.contains("= 0")
        })
        .unwrap_or_else(|| panic!("no {names:?} of {parts:?} after line {after} of the record"))
}

fn can_trace() -> bool {
    let mut probe = Command::new("strace");
    probe.args(["-f", "-o", "/dev/null", "true"]).stdout(Stdio::null()).stderr(Stdio::null());
    let can = probe.status().is_ok_and(|status| status.success());
    if !can {
        eprintln!("skipped: strace is not here or may not trace");
    }
    can
}

#[test]
fn nothing_leaves_the_intake_before_it_is_on_disk_and_in_the_ledger() {
    if !can_trace() {
        return;
    }
    let room = Chartroom::scripted();
    let record = room.path("calls");
    let plain = room.command(&["run"]);
    // -D: what is started, and stopped, is the line itself.
    let mut traced = Command::new("strace");
    traced
        .args(["-D", "-f", "-y", "-s", "500", "-e", "trace=fsync,fdatasync,rename,renameat,renameat2", "-o"])
        .arg(&record);
    traced.arg(plain.get_program()).args(plain.get_args());
    traced.envs(plain.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
    let line = Running::of(&mut traced);
    let names = ["one.txt", "two.txt", "three.txt"];
    for (which, name) in names.iter().enumerate() {
        write(&room.path("hidden"), &[labelled(which, name)]);
        fs::rename(room.path("hidden"), room.path("in/sheets").join(name)).unwrap();
    }
    eventually(60, "all is filed", || room.documents().len() == names.len() && room.is_quiet());
    line.terminate();
    let seen = || fs::read_to_string(&record).unwrap();
    eventually(30, "the record ends", || seen().lines().any(|line| line.ends_with("+++ exited with 0 +++")));

    let record = seen();
    let calls = calls(&record);
    const SYNC: [&str; 2] = ["fsync", "fdatasync"];
    const RENAME: [&str; 3] = ["rename", "renameat", "renameat2"];
    for name in names {
        let claimed = first(&calls, 0, &RENAME, &[&format!("in/sheets/{name}\""), ".chartroom/"]);
        let digest = digest_of(&room, name);
        let stored = first(&calls, claimed.ended, &RENAME, &["vault/incoming/", &digest]);
        let temporary = stored.arguments.split('"').find(|part| part.contains("incoming/")).unwrap();
        let written = first(&calls, claimed.ended, &SYNC, &[temporary]);
        assert!(written.ended < stored.began, "{name}: the original is on disk before it gets its name");
        let folder = format!("vault/{}/{}>", &digest[..2], &digest[2..4]);
        let named = first(&calls, stored.ended, &SYNC, &[&folder]);
        let ledger = first(&calls, named.ended, &SYNC, &["catalogue.sqlite-wal>"]);
        let taken = first(&calls, 0, &RENAME, &[".chartroom/", "/taken/", &format!("{name}\"")]);
        assert!(ledger.ended < taken.began, "{name}: it leaves the intake once the ledger is on disk");
        first(&calls, taken.ended, &SYNC, &["/taken/"]);
    }
}

/// The name of its object.
fn digest_of(room: &Chartroom, name: &str) -> String {
    fn find(folder: &std::path::Path, name: &str) -> Option<std::path::PathBuf> {
        fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).find_map(|path| {
            if path.is_dir() { find(&path, name) } else { path.ends_with(name).then_some(path) }
        })
    }
    let kept = find(&room.path("in/sheets/taken"), name).unwrap();
    let out = Command::new("sha256sum").arg(kept).output().unwrap();
    String::from_utf8(out.stdout).unwrap()[..64].to_owned()
}
