//! How is a function fed without it taking the tests with it when it breaks?

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::mutate::Chance;
use crate::seeds;

/// A function that takes any bytes and must come back.
pub struct Target {
    pub name: &'static str,
    /// Inputs that once broke it, one a file; kept with the crate's tests.
    pub regressions: PathBuf,
    pub seeds: Vec<Vec<u8>>,
    /// What its format is made of.
    pub words: &'static [&'static [u8]],
    /// Bytes of the largest input.
    pub most: usize,
    pub feed: fn(&[u8]),
}

/// One input may take so long, by the clock on the wall of a busy machine.
const HANGS: Duration = Duration::from_secs(20);
const MEMORY: u64 = 1 << 30;
/// Says to a child whom it is to feed, and where its parent looks.
const CHILD: &str = "CHARTROOM_FUZZ_CHILD";
const PLACE: &str = "CHARTROOM_FUZZ_PLACE";

/// Feeds all of them at a time: regressions, seeds, and changed seeds for `CHARTROOM_FUZZ_S` seconds (20 by default).
/// `test` is the test that calls this, by its full name: it is called again, in a child for each target.
///
/// # Panics
/// If a function panics, aborts, takes too much memory or does not come back; the words name a file with the input.
pub fn run(test: &str, targets: &[Target]) {
    if let Ok(name) = env::var(CHILD) {
        let target = targets.iter().find(|target| target.name == name).expect("one of these");
        return be_fed(target, Path::new(&env::var_os(PLACE).expect("a place")));
    }
    let found: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> = targets.iter().map(|target| scope.spawn(|| watch(test, target))).collect();
        all.into_iter().filter_map(|one| one.join().expect("watching does not break").err()).collect()
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Starts a child that feeds one target, and waits for its end.
fn watch(test: &str, target: &Target) -> Result<(), String> {
    let folder = env::temp_dir().join(format!("chartroom-fuzz-{}-{}", std::process::id(), target.name));
    fs::create_dir_all(&folder).expect("a folder for what is fed");
    let said = folder.join("said");
    let mut child = Command::new(env::current_exe().expect("a test has a program"))
        .args(["--exact", test, "--nocapture", "--test-threads", "1"])
        .envs([(CHILD, target.name.as_ref()), (PLACE, folder.as_os_str())])
        .stdout(Stdio::null())
        .stderr(fs::File::create(&said).expect("a file for what it says"))
        .spawn()
        .expect("the test can be called again");
    let count = || fs::read_to_string(folder.join("count")).unwrap_or_default();
    let mut last = (String::new(), Instant::now());
    let wrong = loop {
        match child.try_wait().expect("a child can be asked") {
            Some(status) if status.success() => break None,
            Some(status) => break Some(format!("broke ({status})")),
            None if count() != last.0 => last = (count(), Instant::now()),
            None if last.1.elapsed() > HANGS => {
                child.kill().expect("a child can be ended");
                child.wait().expect("an ended child can be waited for");
                break Some("does not come back".into());
            }
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    if let Some(wrong) = wrong {
        let said = fs::read_to_string(said).unwrap_or_default();
        let said: Vec<&str> = said.lines().filter(|line| !line.is_empty()).take(4).collect();
        let (input, keep) = (folder.join("input"), &target.regressions);
        return Err(format!(
            "{} {wrong} on {}, mend it and keep that in {}: {}",
            target.name,
            input.display(),
            keep.display(),
            said.join(" / ")
        ));
    }
    let inputs: u64 = count().parse().unwrap_or(0);
    report(target, inputs);
    fs::remove_dir_all(&folder).expect("the folder can go again");
    if inputs < 20 {
        Err(format!("{} was fed {inputs} inputs only; is {test} its test?", target.name))
    } else {
        Ok(())
    }
}

#[expect(clippy::print_stdout, reason = "whoever runs the test by hand wants to know")]
fn report(target: &Target, inputs: u64) {
    println!("{}: fed {inputs} inputs", target.name);
}

fn be_fed(target: &Target, folder: &Path) {
    setrlimit(Resource::Data, Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) }).expect("less memory");
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).expect("no core dumps");
    let mut fed = Fed { input: folder.join("input"), count: folder.join("count"), inputs: 0 };
    let old = seeds(&target.regressions, &[], u64::MAX);
    let mut known: Vec<Vec<u8>> =
        target.seeds.iter().filter(|seed| seed.len() <= target.most).cloned().collect();
    old.iter().chain(&known).for_each(|input| fed.feed(target, input));
    known.extend(old);
    known.push(Vec::new());
    let seconds = env::var("CHARTROOM_FUZZ_S").ok().and_then(|text| text.parse().ok()).unwrap_or(20);
    let seed = env::var("CHARTROOM_FUZZ_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0x5EED);
    let mut chance = Chance::new(seed);
    let until = Instant::now() + Duration::from_secs(seconds);
    while Instant::now() < until {
        let input = chance.changed(&known, target.words, target.most);
        fed.feed(target, &input);
    }
}

/// What was fed so far, where the parent finds it.
struct Fed {
    input: PathBuf,
    count: PathBuf,
    inputs: u64,
}

impl Fed {
    fn feed(&mut self, target: &Target, input: &[u8]) {
        fs::write(&self.input, input).expect("room for the input");
        self.inputs += 1;
        fs::write(&self.count, self.inputs.to_string()).expect("room for a number");
        (target.feed)(input);
    }
}
