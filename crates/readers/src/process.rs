//! How is one reader process asked, and when has it overstayed?

use std::fs::File;
use std::io::{self, PipeReader, Read};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use records::reading::ReaderVersion;
use rustix::fs::OFlags;
use tracing::debug;

use crate::confine::Confinement;
use crate::error::ReadersError;
use crate::protocol::{self, Answer, Blobs, OriginalKey, Question, Request, Start};
use crate::settings::{Program, Settings};

/// How often a working child is looked after.
const TICK: Duration = Duration::from_millis(100);
/// A cold disk may take this long to bring program and models.
const START_LIMIT: Duration = Duration::from_secs(60);

/// One living reader process. Dropping it kills it and waits for its end.
pub(crate) struct Process {
    child: Child,
    socket: UnixStream,
    /// Engines grumble there, and may quote a page: counted, never kept.
    stderr: PipeReader,
    /// Bytes counted on `stderr`.
    grumbled: usize,
    /// The original the child holds open.
    holds: Option<OriginalKey>,
    /// Of each set of languages.
    pub(crate) versions: Vec<ReaderVersion>,
    pub(crate) confinement: Confinement,
}

/// Why a question has no answer. The process must not be asked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The readers are being closed.
    Stopped,
    /// The process had gone before it was asked: nobody's fault.
    NotAsked,
    Crashed,
    /// Took longer than its CPU time or four times that on the wall.
    Overstayed,
    /// A bug, at this place of the source.
    Panicked {
        at: String,
    },
    /// Answered something else than it was asked.
    Babbled,
    /// The original cannot be opened once more.
    NoOriginal {
        why: io::ErrorKind,
    },
}

impl Failure {
    /// What `what` ("page 3", "the file") has done to two readers, in a clerk's words.
    pub(crate) fn words(&self, what: &str) -> String {
        match self {
            Self::Overstayed => format!("{what} kept the reader busy for too long, twice"),
            Self::Panicked { .. } => format!("{what} met a mistake in the reader, twice"),
            Self::NoOriginal { why } => {
                format!("{what} is in an original that cannot be opened again ({why})")
            }
            Self::Stopped | Self::NotAsked | Self::Crashed | Self::Babbled => {
                format!("{what} crashed the reader twice")
            }
        }
    }
}

/// When is a child given up?
#[derive(Clone, Copy)]
pub(crate) struct Limits<'a> {
    /// CPU time it may use for the answer, where that is limited.
    pub(crate) cpu: Option<Duration>,
    pub(crate) wall: Duration,
    /// Whether the readers are being closed.
    pub(crate) stopped: &'a dyn Fn() -> bool,
}

impl Process {
    /// Starts a child and waits until its engine is warm. It dies together with the *thread* that calls this.
    pub(crate) fn start(
        program: &Program,
        settings: &Settings,
        stopped: &dyn Fn() -> bool,
    ) -> Result<Self, ReadersError> {
        let (socket, theirs) = UnixStream::pair()?;
        socket.set_read_timeout(Some(TICK))?;
        socket.set_write_timeout(Some(TICK * 50))?;
        let (stderr, grumbles) = io::pipe()?;
        rustix::fs::fcntl_setfl(&stderr, OFlags::NONBLOCK).map_err(io::Error::from)?;
        let child = Command::new(&program.exe)
            .args(&program.args)
            .env("OMP_THREAD_LIMIT", "1") // the engine's own threads cost more than they bring
            .process_group(0) // Ctrl-C is the parent's to answer; a reader that took it would cost its page
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::null())
            .stderr(grumbles)
            .spawn()?;
        let (versions, confinement) = (Vec::new(), Confinement::default());
        let mut process = Self { child, socket, stderr, grumbled: 0, holds: None, versions, confinement };
        let hello = Request::Hello(Start {
            languages: settings.language_sets(),
            tessdata: settings.tessdata.clone(),
            symbologies: settings.symbologies.clone(),
            memory: settings.memory_mb << 20,
        });
        protocol::send(&process.socket, &hello, &Blobs::default(), None).map_err(|_| ReadersError::Lost)?;
        match process.answer(Limits { cpu: None, wall: START_LIMIT, stopped }) {
            Ok((Answer::Ready { versions, confinement }, _))
                if versions.len() == settings.language_sets().len() =>
            {
                (process.versions, process.confinement) = (versions, confinement);
                Ok(process)
            }
            Ok((Answer::Refused { why }, _)) => Err(ReadersError::Refused { why }),
            Ok(_) | Err(_) => Err(ReadersError::Lost),
        }
    }

    /// Asks about an original; sends it along if the child does not hold it. `Ok(Err(_))`: no answer.
    ///
    /// # Errors
    /// The system cannot open the original once more: out of files, or the file is gone.
    pub(crate) fn ask(
        &mut self,
        (key, original): (OriginalKey, &File),
        question: Question,
        limits: Limits<'_>,
    ) -> io::Result<Result<(Answer, Blobs), Failure>> {
        let file = if self.holds == Some(key) { None } else { Some(reopen(original)?) };
        self.holds = Some(key);
        let began = cpu_time(self.child.id());
        let limits = Limits { cpu: limits.cpu.map(|cpu| cpu + began), ..limits };
        let request = Request::About { original: key, question };
        if protocol::send(&self.socket, &request, &Blobs::default(), file.as_ref()).is_err() {
            return Ok(Err(Failure::NotAsked));
        }
        Ok(self.answer(limits))
    }

    /// `limits.cpu` is the child's whole CPU time here.
    fn answer(&mut self, limits: Limits<'_>) -> Result<(Answer, Blobs), Failure> {
        let now = Instant::now();
        let mut watched =
            Watched { process: self, limits, until: now + limits.wall, look: now + TICK, failure: None };
        let answer = protocol::receive(&mut watched);
        let failure = watched.failure.take();
        self.count_grumbles();
        match answer {
            _ if failure.is_some() => Err(failure.expect("just looked")),
            Ok((Answer::Panicked { at }, _)) => Err(Failure::Panicked { at }),
            Ok(answer) => Ok(answer),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(Failure::Babbled),
            Err(_) => Err(Failure::Crashed),
        }
    }

    /// Keeps the child from waiting for somebody to listen.
    fn count_grumbles(&mut self) {
        let mut unread = [0; 4096];
        while let Ok(bytes @ 1..) = self.stderr.read(&mut unread) {
            self.grumbled += bytes;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.count_grumbles();
        // Both fail only for a child that has ended and been waited for.
        let _ = self.child.kill();
        let status = self.child.wait();
        debug!(?status, grumbled = self.grumbled, "a reader process has ended");
    }
}

/// The child's socket, read under its limits.
struct Watched<'a> {
    process: &'a mut Process,
    limits: Limits<'a>,
    /// End of the wall time.
    until: Instant,
    /// When to look after the child again.
    look: Instant,
    failure: Option<Failure>,
}

impl Watched<'_> {
    fn overstays(&self) -> bool {
        let spent = |limit| cpu_time(self.process.child.id()) > limit;
        Instant::now() >= self.until || self.limits.cpu.is_some_and(spent)
    }
}

impl Read for Watched<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        loop {
            if Instant::now() >= self.look {
                self.look = Instant::now() + TICK;
                self.process.count_grumbles();
                if (self.limits.stopped)() {
                    self.failure = Some(Failure::Stopped);
                } else if self.overstays() {
                    self.failure = Some(Failure::Overstayed);
                }
                if self.failure.is_some() {
                    return Err(io::ErrorKind::TimedOut.into());
                }
            }
            match self.process.socket.read(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return read,
            }
        }
    }
}

/// The same file with a position of its own: two children that shared one would read each other's bytes.
pub(crate) fn reopen(file: &File) -> io::Result<File> {
    File::open(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

/// CPU time a process has used so far, user and system; zero where the system does not say, and then the wall
/// alone limits it.
fn cpu_time(process: u32) -> Duration {
    let ticks = || {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // The name, in brackets, may hold anything; after it come field 3 and the rest (proc(5)).
        let mut fields = stat[stat.rfind(')')? + 1..].split_ascii_whitespace().skip(11);
        let mut next = || fields.next()?.parse::<u64>().ok();
        Some(next()? + next()?)
    };
    let ticks = ticks().unwrap_or(0);
    Duration::from_millis(ticks * 1000 / rustix::param::clock_ticks_per_second().max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Seek as _, SeekFrom};

    #[test]
    fn a_file_opened_again_has_a_position_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("scan"), b"abcdef").unwrap();
        let mut first = File::open(folder.path().join("scan")).unwrap();
        let mut second = reopen(&first).unwrap();
        first.seek(SeekFrom::Start(4)).unwrap();
        let mut text = String::new();
        second.read_to_string(&mut text).unwrap();
        assert_eq!(text, "abcdef");
    }

    #[test]
    fn busy_work_is_seen_as_cpu_time() {
        let before = cpu_time(std::process::id());
        let began = Instant::now();
        let mut sum = 0_u64;
        while cpu_time(std::process::id()) < before + Duration::from_millis(30) {
            sum = (0..100_000).fold(sum, |sum, n| std::hint::black_box(sum ^ n));
            assert!(began.elapsed() < Duration::from_secs(10), "no CPU time is seen");
        }
    }
}
