//! What does the kernel say of a program's reader processes: their memory, limits and confinement?

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Looks at the children of a process until asked for the answer.
pub(crate) struct Readers {
    done: Arc<AtomicBool>,
    looking: JoinHandle<u64>,
}

impl Readers {
    pub(crate) fn of(parent: u32) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let until = Arc::clone(&done);
        let looking = std::thread::spawn(move || {
            let mut most = 0;
            while !until.load(Ordering::Relaxed) {
                most = children(parent).into_iter().filter_map(peak).fold(most, u64::max);
                std::thread::sleep(Duration::from_millis(20));
            }
            most
        });
        Self { done, looking }
    }

    /// Of one reader, in megabytes.
    pub(crate) fn most_memory(self) -> u64 {
        self.done.store(true, Ordering::Relaxed);
        self.looking.join().unwrap()
    }
}

/// Processes whose parent is this one.
pub(crate) fn children(parent: u32) -> Vec<u32> {
    let all =
        fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    all.filter(|id| status(*id, "PPid:") == Some(u64::from(parent))).collect()
}

/// The most memory a process has had so far, in megabytes.
fn peak(process: u32) -> Option<u64> {
    status(process, "VmHWM:").map(|kilobytes| kilobytes / 1024)
}

/// The first number behind a word in the process's status (proc(5)).
pub(crate) fn status(process: u32, word: &str) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    text.lines().find_map(|line| line.strip_prefix(word))?.split_whitespace().next()?.parse().ok()
}

/// A limit of the process, both soft and hard, where they are the same (proc(5)).
pub(crate) fn limit(process: u32, name: &str) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/limits")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let mut numbers = line.split_whitespace().filter_map(|word| word.parse().ok());
    let (soft, hard): (u64, u64) = (numbers.next()?, numbers.next()?);
    (soft == hard).then_some(soft)
}

/// What each thread of a process says of its filter for system calls: 2 is a filter of one's own.
pub(crate) fn threads(process: u32) -> Vec<String> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let says = |task: fs::DirEntry| {
        let text = fs::read_to_string(task.path().join("status")).ok()?;
        text.lines().find(|line| line.starts_with("Seccomp:")).map(str::to_owned)
    };
    tasks.filter_map(|task| says(task.ok()?)).collect()
}
