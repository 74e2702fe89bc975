//! What if the disk is full? Intake stops first, everything else waits, and all goes on by itself when there is room.
//!
//! Each test gives one folder a small disk of its own (tmpfs), which needs the right to mount; without it they say so
//! and pass.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on has failed")]

mod harness;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use harness::scripts::{BLANK, labelled, write};
use harness::{Chartroom, Holdings, Running, eventually};

/// A small disk on a folder, gone with the test.
struct Disk(PathBuf);

impl Disk {
    /// What lay in the folder lies on the disk then. Absent where we may not mount.
    fn on(folder: &Path, megabytes: u32) -> Option<Self> {
        fs::create_dir_all(folder).unwrap();
        let aside = folder.with_extension("aside");
        let mount = |on: &Path| {
            let size = format!("size={megabytes}m");
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(on).output().unwrap()
        };
        fs::rename(folder, &aside).unwrap();
        fs::create_dir(folder).unwrap();
        let mounted = mount(folder);
        if !mounted.status.success() {
            eprintln!("skipped: no right to mount a small disk");
            return None;
        }
        let copied = Command::new("cp").arg("-a").arg(aside.join(".")).arg(folder).status().unwrap();
        assert!(copied.success());
        Some(Self(folder.to_owned()))
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }

    /// Leaves so many kilobytes free.
    fn fill_but(&self, kilobytes: u64) {
        let mut ballast = fs::File::create(self.ballast()).unwrap();
        let piece = vec![7; 64 * 1024];
        while ballast.write_all(&piece).is_ok() {}
        let length = ballast.metadata().unwrap().len();
        ballast.set_len(length.saturating_sub(kilobytes * 1024)).unwrap();
    }

    fn free(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// A Chartroom whose low-water mark is so many megabytes.
fn room(low_water: u32) -> Chartroom {
    let room = Chartroom::scripted();
    let path = room.path("chartroom.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("[intake]\n", &format!("[intake]\nlow_water_mb = {low_water}\n"))).unwrap();
    room
}

fn scan(room: &Chartroom, number: usize) {
    let mut pages: Vec<String> =
        (0..4).map(|page| labelled(number + page, &format!("file {number} page {page}"))).collect();
    match number % 5 {
        1 => pages.push(BLANK.into()),
        2 => pages.push("NOTE\nof nobody we could name\n".into()),
        _ => {}
    }
    write(&room.path(&format!("in/sheets/s{number:03}.txt")), &pages);
}

const SCANS: usize = 24;

fn run(room: &Chartroom) -> Running {
    room.start(&["run", "--role", "intake,read,follow"])
}

fn undisturbed() -> Holdings {
    let room = room(0);
    (0..SCANS).for_each(|number| scan(&room, number));
    let line = run(&room);
    eventually(60, "all is filed", || room.is_quiet());
    assert_eq!(line.terminate(), Some(0));
    room.holdings()
}

/// Scans come while `disturb` is going on; then all must end as if nothing had been.
fn goes_on_after(room: &Chartroom, disk: &Disk, disturb: impl FnOnce(&Disk), mend: impl FnOnce(&Disk)) {
    let mut line = run(room);
    eventually(60, "the first is filed", || room.is_quiet());
    (1..8).for_each(|number| scan(room, number));
    disturb(disk);
    for number in 8..SCANS {
        scan(room, number);
        std::thread::sleep(Duration::from_millis(100));
    }
    std::thread::sleep(Duration::from_secs(4));
    assert!(!line.ended(), "the line outlives it");
    mend(disk);
    eventually(90, "all is filed after all", || room.is_quiet());
    assert_eq!(line.terminate(), Some(0));
    room.holdings().assert_same(&undisturbed(), "after the disk was full");
}

#[test]
fn below_the_low_water_mark_scans_wait_in_their_folders_and_somebody_is_told() {
    let room = room(8);
    let Some(disk) = Disk::on(&room.path("data"), 64) else { return };
    disk.fill_but(5 * 1024);
    let line = run(&room);
    scan(&room, 0);
    std::thread::sleep(Duration::from_secs(3));
    let status = room.json(&["status", "--json"]);
    let alarms = status["alarms"].to_string();
    assert!(alarms.contains("no station is swept"), "{status}");
    assert_eq!((&status["waiting"], &status["batches"]), (&0.into(), &0.into()), "{status}");
    assert!(room.path("in/sheets/s000.txt").exists());

    let outside = room.path("scan.txt");
    write(&outside, &[labelled(1, "imported")]);
    let refused = room.run(&["import", outside.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(refused.status.code() == Some(2) && said.contains("nothing was taken"), "{said}");

    disk.free();
    eventually(30, "the scan is filed by itself", || {
        !room.path("in/sheets/s000.txt").exists() && room.is_quiet()
    });
    assert_eq!(room.json(&["status", "--json"])["alarms"].to_string(), "[]");
    assert_eq!(line.terminate(), Some(0));
    room.verified();
}

#[test]
fn a_full_disk_under_the_archive_loses_and_doubles_nothing() {
    let room = room(0);
    let Some(disk) = Disk::on(&room.path("data"), 64) else { return };
    scan(&room, 0);
    goes_on_after(&room, &disk, |disk| disk.fill_but(0), Disk::free);
}

#[test]
fn a_full_disk_under_the_index_keeps_nothing_from_being_filed() {
    let room = room(0);
    let line = run(&room);
    scan(&room, 0);
    eventually(60, "there is an index", || room.is_quiet());
    assert_eq!(line.terminate(), Some(0));
    let Some(disk) = Disk::on(&room.path("data/index"), 8) else { return };
    let filed = || room.json(&["status", "--json"])["batches"].as_u64().unwrap();
    goes_on_after(
        &room,
        &disk,
        |disk| disk.fill_but(0),
        |disk| {
            eventually(30, "scans are filed all the same", || filed() == SCANS as u64);
            disk.free();
        },
    );
}

#[test]
fn a_full_disk_under_a_station_keeps_its_scans_until_there_is_room() {
    let room = room(0);
    let Some(disk) = Disk::on(&room.path("in"), 8) else { return };
    let line = run(&room);
    (0..SCANS).for_each(|number| scan(&room, number));
    disk.fill_but(0);
    std::thread::sleep(Duration::from_secs(4));
    disk.free();
    eventually(60, "all is filed", || room.is_quiet());
    assert_eq!(line.terminate(), Some(0));
    room.holdings().assert_same(&undisturbed(), "after the station's disk was full");
}

/// Nothing below the folder may be written or made, not even by root. `false`: this file system cannot do that.
fn locked(folder: &Path, how: &str) -> bool {
    let names = ["vault", "packs", "views", "index"].map(|name| folder.join(name));
    Command::new("chattr").arg("-R").arg(how).args(names).output().is_ok_and(|out| out.status.success())
}

#[test]
fn folders_that_cannot_be_written_for_a_while_are_waited_for() {
    let room = room(0);
    let mut line = run(&room);
    scan(&room, 0);
    eventually(60, "the first is filed", || room.is_quiet());
    if !locked(&room.path("data"), "+i") {
        eprintln!("skipped: folders cannot be made immutable here");
        return;
    }
    (1..SCANS).for_each(|number| scan(&room, number));
    std::thread::sleep(Duration::from_secs(4));
    assert!(!line.ended(), "the line outlives it");
    assert!(locked(&room.path("data"), "-i"));
    eventually(90, "all is filed after all", || room.is_quiet());
    assert_eq!(line.terminate(), Some(0));
    room.holdings().assert_same(&undisturbed(), "after the folders could not be written");
}
