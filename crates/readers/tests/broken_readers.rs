//! What does a page that breaks its reader cost? Itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use readers::{
    Confinement, Job, LanguageSet, PageOutcome, Priority, Program, Readers, ReadersError, Settings,
};
use records::geometry::Turn;
use records::reading::{FaultCode, PageReading};

const READER: &str = env!("CARGO_BIN_EXE_scripted-reader");

fn program(args: &[&str]) -> Program {
    Program { exe: READER.into(), args: args.iter().map(Into::into).collect() }
}

/// Readers with a second of CPU time a page and 256 MB.
fn readers(jobs: usize) -> Readers {
    let settings = Settings { jobs, cpu_s: 1, memory_mb: 256, ..Settings::default() };
    Readers::start(settings, program(&["reader"])).unwrap()
}

fn scan(pages: &[&str]) -> Arc<File> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(pages.join("\n").as_bytes()).unwrap();
    Arc::new(file)
}

fn job(pages: &[&str]) -> Job {
    let all = (0..pages.len() as u32).collect();
    let languages = LanguageSet::default();
    Job { original: scan(pages), pages: all, priority: Priority::Normal, share: 1, languages }
}

/// All answers, each page once.
fn answers(readers: &Readers, job: Job) -> BTreeMap<u32, PageOutcome> {
    let asked = job.pages.len();
    let outcomes: Vec<PageOutcome> = readers.read(job).iter().collect();
    assert_eq!(outcomes.len(), asked);
    let by_page: BTreeMap<u32, PageOutcome> = outcomes.into_iter().map(|o| (o.page, o)).collect();
    assert_eq!(by_page.len(), asked);
    by_page
}

fn said(reading: &PageReading) -> String {
    match &reading.error {
        Some(fault) => format!("{:?}: {}", fault.code, fault.detail),
        None => reading.text(),
    }
}

/// What became of each page.
fn became(readers: &Readers, pages: &[&str]) -> Vec<String> {
    answers(readers, job(pages)).values().map(|outcome| said(&outcome.reading)).collect()
}

#[test]
fn a_page_comes_back_with_its_words_and_pictures() {
    let all = answers(&readers(2), job(&["one", "two", "three"]));
    assert_eq!(all[&1].reading.text(), "two");
    let view = all[&2].view.as_ref().unwrap();
    assert_eq!((view.media.as_str(), view.bytes.as_slice()), ("image/png", b"three".as_slice()));
    assert!(all[&2].thumbnail.is_none());
}

#[test]
fn a_crash_costs_one_page() {
    let crashed = "PageUnreadable: page 2 crashed the reader twice";
    assert_eq!(became(&readers(1), &["a", "crash", "b", "c"]), ["a", crashed, "b", "c"]);
}

#[test]
fn a_page_that_a_tired_reader_cannot_read_is_read_by_a_fresh_one() {
    assert_eq!(became(&readers(1), &["a", "tire", "b", "tire"]), ["a", "tire", "b", "tire"]);
}

#[test]
fn a_panic_costs_one_page() {
    let panicked = "PageUnreadable: page 1 met a mistake in the reader, twice";
    assert_eq!(became(&readers(1), &["panic", "b"]), [panicked, "b"]);
}

#[test]
fn a_page_that_bloats_the_reader_costs_one_page() {
    let bloated = "PageUnreadable: page 2 crashed the reader twice";
    assert_eq!(became(&readers(1), &["take 150", "bloat", "b"]), ["took 150", bloated, "b"]);
}

#[test]
fn a_page_that_never_ends_is_killed_after_its_cpu_time() {
    let readers = readers(1);
    let began = Instant::now();
    let hung = "PageUnreadable: page 1 kept the reader busy for too long, twice";
    let before = cpu_time_of_ended_children();
    assert_eq!(became(&readers, &["spin", "b"]), [hung, "b"]);
    assert!(began.elapsed() > Duration::from_secs(2), "twice a second of CPU time");
    // The wall alone would have let it spin four seconds each time.
    let spun = cpu_time_of_ended_children() - before;
    assert!(spun < Duration::from_secs(4), "{spun:?} of CPU time");
}

#[test]
fn a_page_that_waits_for_ever_is_killed_after_its_wall_time() {
    let began = Instant::now();
    let hung = "PageUnreadable: page 1 kept the reader busy for too long, twice";
    assert_eq!(became(&readers(1), &["sleep", "b"]), [hung, "b"]);
    assert!(began.elapsed() < Duration::from_secs(12), "twice four times a second");
}

#[test]
fn others_do_not_wait_for_a_page_that_hangs() {
    let readers = readers(2);
    let outcomes = readers.read(job(&["sleep", "a", "b", "c", "d", "e", "f", "g"]));
    let began = Instant::now();
    let first: Vec<u32> = outcomes.iter().take(7).map(|outcome| outcome.page).collect();
    assert!(!first.contains(&0));
    // The run's rest is given back once its first page has failed: after one wall time, not two.
    assert!(began.elapsed() < Duration::from_secs(7), "{:?}", began.elapsed());
}

#[test]
fn a_reader_that_grumbles_much_reads_on() {
    assert_eq!(became(&readers(1), &["grumble 300000", "b"]), ["grumble 300000", "b"]);
}

#[test]
fn a_warm_reader_reaches_no_file_and_no_network() {
    let readers = readers(1);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let connect = format!("connect {}", listener.local_addr().unwrap());
    let pages = became(&readers, &["open /etc/hostname", "open /dev/null", &connect]);
    let Confinement { files, network } = readers.confinement();
    let reached =
        |closed, what: &str| if closed { "Err(PermissionDenied)".into() } else { format!("Ok({what:?})") };
    assert_eq!(pages[0], reached(files, "opened"));
    assert_eq!(pages[1], "Ok(\"opened\")");
    assert_eq!(pages[2], reached(network, "connected"));
    assert_eq!(readers.confinement().to_string().contains("would close"), !(files && network));
}

#[test]
fn a_file_says_how_many_pages_it_holds_or_what_is_wrong() {
    let readers = readers(1);
    assert_eq!(readers.survey(&scan(&["a", "b"])).unwrap().pages, 2);
    assert_eq!(readers.survey(&scan(&[])).unwrap_err().code, FaultCode::Empty);
    let crashed = readers.survey(&scan(&["crash on opening"])).unwrap_err();
    assert_eq!(
        (crashed.code, crashed.detail.as_str()),
        (FaultCode::Damaged, "the file crashed the reader twice")
    );
}

#[test]
fn pages_of_a_file_that_cannot_be_opened_say_why() {
    let empty = Job { pages: vec![0, 1], ..job(&[]) };
    let all = answers(&readers(1), empty);
    assert!(all.values().all(|outcome| said(&outcome.reading) == "Empty: no lines"));
}

#[test]
fn a_picture_is_made_again() {
    let readers = readers(1);
    let picture = readers.picture(&scan(&["a", "b"]), 1, Turn::Half).unwrap();
    assert_eq!(picture.media, "image/jpeg");
    assert_eq!(picture.bytes, b"b turned by 180");
    assert_eq!(readers.picture(&scan(&["a"]), 7, Turn::None).unwrap_err().detail, "no such page");
}

#[test]
fn a_job_is_read_in_its_own_languages() {
    let mut settings = Settings { jobs: 1, ..Settings::default() };
    settings.other_languages = ["deu", "eng", "eng+fra", "deu"].map(str::to_owned).to_vec();
    let readers = Readers::start(settings, program(&["reader"])).unwrap();
    let version_in = |named: &str| {
        let languages = readers.languages(named)?;
        let all = answers(&readers, Job { languages, ..job(&["a"]) });
        Some(all[&0].reading.reader.0.clone())
    };
    let versions = ["eng", "deu", "eng+fra", "spa"].map(version_in);
    let versions = versions.each_ref().map(Option::as_deref);
    assert_eq!(versions, [Some("scripted/eng"), Some("scripted/deu"), Some("scripted/eng+fra"), None]);
    assert_eq!(readers.version().0, "scripted/eng");
}

#[test]
fn a_page_that_breaks_its_reader_names_the_languages_it_was_to_be_read_in() {
    let settings = Settings { jobs: 1, other_languages: vec!["deu".into()], ..Settings::default() };
    let readers = Readers::start(settings, program(&["reader"])).unwrap();
    let languages = readers.languages("deu").unwrap();
    let all = answers(&readers, Job { languages, ..job(&["crash"]) });
    assert_eq!(all[&0].reading.reader.0, "scripted/deu");
}

#[test]
fn a_missing_model_is_said_at_the_start() {
    let error = Readers::start(Settings::default(), program(&["refusing"])).err().unwrap();
    assert_eq!(error.to_string(), "the page reader cannot start: no model; install one");
    let error = Readers::start(Settings::default(), program(&["no such word"])).err().unwrap();
    assert!(matches!(error, ReadersError::Lost), "{error}");
}

#[test]
fn a_stat_fax_overtakes_five_thousand_pages() {
    let readers = readers(1);
    let large = readers.read(job(&["slow 5"; 5_000]));
    large.recv().unwrap();
    let fax = Job { priority: Priority::Stat, share: 2, ..job(&["a", "b", "c"]) };
    let fax = readers.read(fax);
    let mut before = 0;
    let mut stat = 0;
    while stat < 3 {
        crossbeam_channel::select! {
            recv(fax) -> outcome => { outcome.unwrap(); stat += 1; }
            recv(large) -> outcome => { outcome.unwrap(); before += 1; }
        }
    }
    assert!(before <= 4, "{before} pages of the large file came first");
}

#[test]
fn answers_that_nobody_takes_stop_only_their_own_job() {
    let readers = readers(1);
    let untaken = readers.read(job(&["a"; 500]));
    let other = Job { share: 2, ..job(&["b"; 40]) };
    assert_eq!(answers(&readers, other).len(), 40);
    assert!(untaken.len() < 100, "{} lie about", untaken.len());
    assert_eq!(untaken.iter().count(), 500);
}

#[test]
fn closing_kills_what_is_under_way_and_answers_nothing_more() {
    let readers = readers(2);
    let outcomes = readers.read(job(&["sleep", "a"]));
    std::thread::sleep(Duration::from_millis(300));
    let began = Instant::now();
    drop(readers);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert!(outcomes.iter().count() <= 1);
}

#[test]
fn readers_killed_at_random_cost_nothing_but_time() {
    let settings = Settings { jobs: 2, ..Settings::default() };
    let readers = Readers::start(settings, program(&["reader", "killed-at-random"])).unwrap();
    let done = AtomicBool::new(false);
    let all = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(40));
                processes("killed-at-random").first().into_iter().for_each(|process| kill(*process));
            }
        });
        let all = answers(&readers, job(&["slow 3"; 300]));
        done.store(true, Ordering::SeqCst);
        all
    });
    let unreadable = all.values().filter(|outcome| outcome.reading.error.is_some()).count();
    // A page may be hit twice; most must not be.
    assert!(unreadable < 30, "{unreadable} of 300 pages");
}

#[test]
fn a_reader_does_not_take_the_signals_of_its_parent_s_terminal() {
    let settings = Settings { jobs: 1, ..Settings::default() };
    let _readers = Readers::start(settings, program(&["reader", "apart"])).unwrap();
    let reader = rustix::process::Pid::from_raw(processes("apart")[0]).unwrap();
    assert_ne!(rustix::process::getpgid(Some(reader)).unwrap(), rustix::process::getpgrp());
}

#[test]
fn a_parent_that_is_killed_leaves_no_readers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan");
    std::fs::write(&path, ["spin"; 16].join("\n")).unwrap();
    let mut parent = Command::new(READER).arg("parent").arg(&path).spawn().unwrap();
    let name = format!("of-{}", parent.id());
    let wait = |what: &str, good: &dyn Fn(usize) -> bool| {
        let began = Instant::now();
        while !good(processes(&name).len()) {
            assert!(began.elapsed() < Duration::from_secs(10), "{what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    wait("two readers start", &|living| living == 2);
    parent.kill().unwrap();
    parent.wait().unwrap();
    wait("both readers end", &|living| living == 0);
}

/// CPU time of readers that have ended and been waited for.
fn cpu_time_of_ended_children() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // Behind the name in brackets come field 3 and the rest (proc(5)); 16 and 17 are the children's.
    let fields: Vec<&str> = stat[stat.rfind(')').unwrap() + 1..].split_ascii_whitespace().collect();
    let ticks: u64 = fields[13..15].iter().map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 1000 / rustix::param::clock_ticks_per_second())
}

/// Living processes with this argument.
fn processes(argument: &str) -> Vec<i32> {
    let all = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let has = |id: &i32| {
        let line = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|word| word == argument.as_bytes())
    };
    all.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(has).collect()
}

fn kill(process: i32) {
    if let Some(process) = rustix::process::Pid::from_raw(process) {
        let _ = rustix::process::kill_process(process, rustix::process::Signal::KILL);
    }
}
