//! Whatever a scanner, a share or a second Chartroom does to a station's folder: every page is taken, once.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on has failed")]

mod harness;

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use harness::scripts::{BLANK, labelled, write};
use harness::{Chartroom, eventually, names_below, reasons};

fn pause(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}

/// Everything that came is on a chart or the worklist, and searchable.
fn settled(room: &Chartroom) {
    eventually(30, "everything is through", || room.is_quiet());
}

fn batches(room: &Chartroom) -> u64 {
    room.json(&["status", "--json"])["batches"].as_u64().unwrap()
}

fn taken(room: &Chartroom, station: &str) -> usize {
    names_below(&room.path("in").join(station).join("taken")).len()
}

#[test]
fn a_file_that_is_written_in_pieces_is_taken_once_and_whole() {
    let room = Chartroom::scripted();
    let line = room.start(&["run"]);
    let mut scan = fs::File::create(room.path("in/sheets/slow.txt")).unwrap();
    scan.write_all(b"%CHARTROOM-SCRIPT 1\n").unwrap();
    for page in 0..12 {
        pause(60);
        scan.write_all(format!("PAPER\npage {page}\n\x0c\n").as_bytes()).unwrap();
    }
    drop(scan);
    settled(&room);
    line.terminate();
    assert_eq!(batches(&room), 1);
    assert!(!reasons(&room.worklist()).contains(&"LATE_FILE".to_string()));
    assert_eq!(room.verified()["orphans"], 0);
}

#[test]
fn what_a_scanner_still_writes_after_its_file_was_taken_is_taken_too_and_held() {
    let room = Chartroom::scripted();
    let line = room.start(&["run"]);
    let mut scan = fs::File::create(room.path("in/sheets/open.txt")).unwrap();
    scan.write_all(format!("%CHARTROOM-SCRIPT 1\n{}", labelled(1, "first")).as_bytes()).unwrap();
    eventually(20, "it looked complete and was taken", || taken(&room, "sheets") == 1);
    scan.write_all(format!("\x0c\n{}", labelled(1, "second")).as_bytes()).unwrap();
    drop(scan);
    eventually(20, "the whole file comes again", || batches(&room) == 2);
    settled(&room);
    line.terminate();
    assert!(reasons(&room.worklist()).contains(&"LATE_FILE".to_string()), "{:?}", room.worklist());
    assert_eq!(room.verified()["pages"], 3, "one page as it was taken, both as it ended");
}

#[test]
fn a_file_replaced_while_it_waits_is_taken_as_it_is_in_the_end() {
    let room = Chartroom::scripted();
    let line = room.start(&["run"]);
    for version in 0..8 {
        write(&room.path("in/sheets/next.part"), &vec![labelled(version, "a version"); 1 + version]);
        fs::rename(room.path("in/sheets/next.part"), room.path("in/sheets/scan.txt")).unwrap();
        pause(100);
    }
    settled(&room);
    line.terminate();
    assert_eq!(batches(&room), 1);
    assert_eq!(room.verified()["pages"], 8);
}

#[test]
fn one_name_again_and_again_and_clocks_that_are_wrong_lose_nothing() {
    let room = Chartroom::scripted();
    let line = room.start(&["run"]);
    let scan = room.path("in/sheets/scan.txt");
    for time in 0..5_u64 {
        write(&scan, &[labelled(time as usize, "same name, other paper")]);
        let day = Duration::from_secs(86_400 * (time + 1));
        let when = if time % 2 == 0 { SystemTime::now() + day } else { SystemTime::UNIX_EPOCH + day };
        fs::File::options().write(true).open(&scan).unwrap().set_modified(when).unwrap();
        eventually(20, "it is taken", || !scan.exists());
    }
    settled(&room);
    line.terminate();
    assert_eq!(batches(&room), 5);
    assert_eq!(taken(&room, "sheets"), 5);
    room.verified();
}

#[test]
fn folders_moved_in_and_names_that_are_no_text_are_taken_and_links_are_refused_with_what_to_do() {
    let room = Chartroom::scripted();
    let away = room.path("away");
    fs::create_dir_all(away.join("monday")).unwrap();
    write(&away.join("monday/a.txt"), &[labelled(1, "monday")]);
    write(&away.join(OsStr::from_bytes(b"b\xff\xfe.txt")), &[labelled(2, "a name in no script")]);
    let line = room.start(&["run"]);
    let folder = room.path("in/sheets");
    fs::rename(&away, folder.join("moved in")).unwrap();
    let secret = room.path("secret.txt");
    write(&secret, &[labelled(3, "not for us")]);
    symlink(&secret, folder.join("link.txt")).unwrap();
    fs::hard_link(&secret, folder.join("hard.txt")).unwrap();
    symlink(room.path("data"), folder.join("linked folder")).unwrap();
    assert!(Command::new("mkfifo").arg(folder.join("pipe")).status().unwrap().success());
    eventually(30, "both are taken", || taken(&room, "sheets") == 2);
    settled(&room);
    line.terminate();
    assert_eq!(room.documents().len(), 2);
    let status = room.json(&["status", "--json"]);
    let refused = status["stations"][0]["refused"].to_string();
    assert_eq!(refused.matches("copy the scan itself here").count(), 4, "{refused}");
    assert!(status["alarms"].to_string().contains("4 names cannot be taken"), "{status}");
    assert!(secret.exists() && folder.join("hard.txt").exists());
}

#[test]
fn a_folder_that_comes_again_under_the_name_of_a_closed_job_is_held_as_late() {
    let room = Chartroom::scripted();
    let line = room.start(&["run"]);
    let job = room.path("in/jobs/job7");
    for (time, page) in ["p1.txt", "p2.txt"].iter().enumerate() {
        fs::create_dir(&job).unwrap();
        write(&job.join(page), &[labelled(time, "a page of job 7")]);
        eventually(20, "it is taken", || !job.exists());
    }
    settled(&room);
    line.terminate();
    assert_eq!(batches(&room), 2);
    assert_eq!(reasons(&room.worklist()), ["LATE_FILE"]);
    assert_eq!(room.documents().len(), 1);
    room.verified();
}

#[test]
fn a_job_with_folders_in_it_is_taken_whole_and_held() {
    let room = Chartroom::scripted();
    let job = room.path("in/jobs/job8");
    fs::create_dir_all(job.join("10")).unwrap();
    fs::create_dir_all(job.join("9/deep")).unwrap();
    for (at, page) in ["cover.txt", "9/a.txt", "9/deep/b.txt", "10/c.txt"].iter().enumerate() {
        write(&job.join(page), &[labelled(1, &format!("page {at}"))]);
    }
    fs::write(job.join("10/Thumbs.db"), "junk").unwrap();
    let line = room.start(&["run"]);
    eventually(30, "it is taken", || taken(&room, "jobs") == 5);
    settled(&room);
    line.terminate();
    let waiting = room.worklist();
    assert!(reasons(&waiting).contains(&"PAGE_GAP".to_string()), "{waiting:?}");
    let batch = room.json(&["show", waiting[0]["batch"].as_str().unwrap(), "--json"]);
    let names: Vec<_> =
        batch["files"].as_array().unwrap().iter().map(|f| f["file"].as_str().unwrap()).collect();
    assert_eq!(names, ["cover.txt", "9/a.txt", "9/deep/b.txt", "10/c.txt"]);
    assert_eq!(room.verified()["pages"], 4);
}

#[test]
fn equal_blank_pages_of_a_folder_job_stay_pages_of_their_own() {
    let room = Chartroom::scripted();
    let job = room.path("in/jobs/job9");
    fs::create_dir(&job).unwrap();
    write(&job.join("p1.txt"), &[labelled(1, "words")]);
    for page in 2..=6 {
        write(&job.join(format!("p{page}.txt")), &[BLANK.into()]);
    }
    let line = room.start(&["run"]);
    eventually(30, "it is taken", || taken(&room, "jobs") == 6);
    settled(&room);
    line.terminate();
    let report = room.verified();
    assert_eq!((&report["batches"], &report["pages"]), (&1.into(), &6.into()), "{report}");
}

#[test]
fn a_sidecar_declares_pages_and_a_scan_without_one_is_held() {
    let station = "[[station]]\nname = \"counted\"\nfolder = \"in/counted\"\nseparation = \"sheet\"\nsidecar = \"xml\"\n";
    let room = Chartroom::scripted_with(station);
    // `manifest_wait_s` stands in the section that the harness has written already.
    let config = fs::read_to_string(room.path("chartroom.toml")).unwrap();
    fs::write(room.path("chartroom.toml"), config.replace("[intake]\n", "[intake]\nmanifest_wait_s = 1.0\n"))
        .unwrap();
    let folder = room.path("in/counted");
    fs::create_dir_all(&folder).unwrap();
    for (at, name) in ["right", "wrong", "alone"].iter().enumerate() {
        write(&folder.join(format!("{name}.txt")), &[labelled(at, name)]);
    }
    fs::write(folder.join("right.xml"), "<scan><pages>1</pages></scan>").unwrap();
    fs::write(folder.join("wrong.txt.xml"), "<scan pages=\"2\"/>").unwrap();
    let line = room.start(&["run"]);
    eventually(30, "all is taken", || taken(&room, "counted") == 5);
    settled(&room);
    line.terminate();
    let mut why = reasons(&room.worklist());
    why.sort();
    assert_eq!(why, ["PAGECOUNT_MISMATCH", "PAGE_GAP"]);
    assert_eq!(room.documents().len(), 1);
    room.verified();
}

#[test]
fn an_xml_index_gathers_its_scans() {
    let station = "[[station]]\nname = \"listed\"\nfolder = \"in/listed\"\nseparation = \"sheet\"\ngroup = \"manifest\"\n";
    let room = Chartroom::scripted_with(station);
    let folder = room.path("in/listed/box 1");
    fs::create_dir_all(&folder).unwrap();
    for (at, name) in ["b.txt", "a.txt"].iter().enumerate() {
        write(&folder.join(name), &[labelled(at, name)]);
    }
    fs::write(
        folder.join("job.xml"),
        "<job><page file=\"b.txt\" pages=\"1\"/><page file=\"a.txt\" pages=\"1\"/></job>",
    )
    .unwrap();
    let line = room.start(&["run"]);
    eventually(30, "all is taken", || taken(&room, "listed") == 3);
    settled(&room);
    line.terminate();
    assert_eq!(batches(&room), 1);
    assert_eq!(room.documents().len(), 2, "{:?}", room.worklist());
}

#[test]
fn a_folder_that_cannot_be_written_is_read_once_also_over_a_restart() {
    let room = Chartroom::scripted();
    let folder = room.path("in/sheets");
    let script = "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" && exec \"$@\"";
    let mut may = Command::new("unshare");
    may.args(["-rm", "sh", "-c", script]).arg(&folder).arg("true");
    if !may.stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: this machine lets nobody mount");
        return;
    }
    write(&folder.join("first.txt"), &[labelled(1, "first")]);
    for round in 0..2 {
        let run = room.command(&["run"]);
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", script]).arg(&folder).arg(run.get_program()).args(run.get_args());
        command.envs(run.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let line = room.start_command(command);
        if round == 1 {
            write(&folder.join("second.txt"), &[labelled(2, "second")]);
        }
        eventually(30, "it is filed", || room.documents().len() == 1 + round);
        pause(1500);
        line.terminate();
    }
    assert_eq!(batches(&room), 2);
    assert!(folder.join("first.txt").exists() && folder.join("second.txt").exists());
    assert_eq!(room.json(&["status", "--json"])["batches"], 2);
    room.verified();
}

#[test]
fn two_chartrooms_on_one_folder_never_both_take_a_file() {
    let rooms = [Chartroom::scripted(), Chartroom::scripted()];
    let shared = tempfile::tempdir().unwrap();
    for room in &rooms {
        let config = fs::read_to_string(room.path("chartroom.toml")).unwrap();
        let there = format!("folder = {:?}", shared.path());
        fs::write(room.path("chartroom.toml"), config.replace("folder = \"in/sheets\"", &there)).unwrap();
    }
    let lines = rooms.each_ref().map(|room| room.start(&["run"]));
    for file in 0..300 {
        write(&shared.path().join(format!("scan{file}.txt")), &[labelled(file, &format!("paper {file}"))]);
        pause(if file % 50 == 0 { 200 } else { 1 });
    }
    eventually(60, "all are taken", || names_below(&shared.path().join("taken")).len() == 300);
    lines.into_iter().for_each(|line| assert_eq!(line.terminate(), Some(0)));
    let counts = rooms.each_ref().map(batches);
    assert_eq!(counts.iter().sum::<u64>(), 300, "{counts:?}");
    eprintln!("they took {counts:?}");
    rooms.iter().for_each(|room| drop(room.verified()));
}

#[test]
fn the_claims_of_a_dead_chartroom_are_adopted_on_request_only() {
    let room = Chartroom::scripted();
    let claim = room.path("in/sheets/.chartroom/0123456789abcdef/n1");
    fs::create_dir_all(&claim).unwrap();
    write(&claim.join("left.txt"), &[labelled(1, "left behind")]);
    let line = room.start(&["run"]);
    pause(1500);
    line.terminate();
    assert!(claim.exists(), "nobody asked for it");
    let line = room.start(&["run", "--adopt", "0123456789abcdef"]);
    eventually(30, "it is filed", || room.documents().len() == 1);
    line.terminate();
    let again = room.run(&["run", "--adopt", "0123456789abcdef"]);
    assert_eq!(again.status.code(), Some(2), "there is nothing left to adopt");
}

#[test]
fn a_folder_that_goes_and_comes_back_goes_on_being_watched() {
    let room = Chartroom::scripted();
    let line = room.start(&["run"]);
    let folder = room.path("in/sheets");
    for time in 0..3 {
        write(&folder.join("scan.txt"), &[labelled(time, "between two absences")]);
        eventually(30, "it is taken", || taken(&room, "sheets") == 1);
        settled(&room);
        fs::rename(&folder, room.path(&format!("gone{time}"))).unwrap();
        pause(300);
        fs::create_dir(&folder).unwrap();
    }
    line.terminate();
    assert_eq!(batches(&room), 3);
    room.verified();
}

#[test]
fn a_share_that_comes_back_with_its_claims_goes_on_with_them() {
    let room = Chartroom::scripted();
    let folder = room.path("in/sheets");
    let epoch =
        |folder: &Path| fs::read_dir(folder.join(".chartroom")).unwrap().next().unwrap().unwrap().path();
    let line = room.start(&["run"]);
    write(&folder.join("first.txt"), &[labelled(1, "first")]);
    eventually(30, "it is taken", || taken(&room, "sheets") == 1);
    fs::rename(&folder, room.path("off-line")).unwrap();
    // While it was away its claims were found to hold another file.
    let claim = epoch(&room.path("off-line")).join("n1");
    fs::create_dir(&claim).unwrap();
    write(&claim.join("claimed.txt"), &[labelled(2, "claimed")]);
    pause(500);
    fs::rename(room.path("off-line"), &folder).unwrap();
    eventually(40, "what was claimed is taken", || taken(&room, "sheets") == 2);
    settled(&room);
    line.terminate();
    assert_eq!(batches(&room), 2);
}
