//! What becomes of a page that breaks its reader? It is tried once more, alone, and then it is unreadable.

use std::fs::File;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

use records::reading::{Fault, FaultCode, PageReading, ReaderVersion, Survey};
use tracing::{error, warn};

use crate::confine::Confinement;
use crate::error::ReadersError;
use crate::job::{LanguageSet, PageOutcome, Picture};
use crate::process::{Failure, Limits, Process};
use crate::protocol::{Answer, Blobs, OriginalKey, Question};
use crate::queue::{Asked, Queue, Reply, Run, Task};
use crate::settings::{Program, Settings};

/// One thread and its process.
pub(crate) struct Worker<'a> {
    queue: &'a Queue,
    settings: &'a Settings,
    program: &'a Program,
    process: Option<Process>,
    /// Of each set of languages.
    versions: Vec<ReaderVersion>,
}

impl<'a> Worker<'a> {
    pub(crate) fn new(queue: &'a Queue, settings: &'a Settings, program: &'a Program) -> Self {
        let versions = settings.language_sets().iter().map(|_| ReaderVersion(String::new())).collect();
        Self { queue, settings, program, process: None, versions }
    }

    /// Starts its process before there is work, to see whether there can be readers at all.
    ///
    /// # Errors
    /// What keeps a reader from starting, and what to do.
    pub(crate) fn begin(&mut self) -> Result<(Vec<ReaderVersion>, Confinement), ReadersError> {
        self.start().map(|process| (process.versions.clone(), process.confinement))
    }

    /// Until the readers are closed.
    pub(crate) fn work(&mut self) {
        while let Some(task) = self.queue.next() {
            match task {
                Task::Ask(asked) => self.reply(&asked),
                Task::Read(run) => self.read(run),
            }
        }
    }

    fn read(&mut self, mut run: Run) {
        while let Some(page) = run.pages.pop_front() {
            let original = (run.order.key, &*run.order.original);
            let question = Question::Read(page, run.order.languages);
            let outcome = match self.once(original, question, |a, b| page_outcome(page, a, b)) {
                Err(Failure::Stopped) => return,
                Ok(outcome) => outcome,
                Err(failure) => {
                    warn!(page = page + 1, ?failure, "a page broke a reader; it is tried once more, alone");
                    // The others of its run neither wait for this page nor die with it.
                    self.queue
                        .give_back(Run { order: run.order.clone(), pages: std::mem::take(&mut run.pages) });
                    match self.once(original, question, |a, b| page_outcome(page, a, b)) {
                        Err(Failure::Stopped) => return,
                        Ok(outcome) => outcome,
                        Err(failure) => self.unreadable(page, run.order.languages, &failure),
                    }
                }
            };
            let heard = run.order.answer(outcome);
            if !heard {
                return;
            }
            if !run.pages.is_empty() && self.queue.before(run.order.priority) {
                self.queue.give_back(run);
                return;
            }
        }
    }

    fn unreadable(&self, page: u32, languages: LanguageSet, failure: &Failure) -> PageOutcome {
        warn!(page = page + 1, ?failure, "a page broke a reader twice; it is unreadable");
        let fault = Fault::new(FaultCode::PageUnreadable, failure.words(&format!("page {}", page + 1)));
        let reading = PageReading::unreadable(fault, self.versions[languages.at()].clone());
        PageOutcome { page, reading, view: None, thumbnail: None }
    }

    /// Somebody who is gone meanwhile, or asked while the readers are closed, needs no answer.
    fn reply(&mut self, asked: &Asked) {
        let original = (asked.key, &*asked.original);
        match &asked.reply {
            Reply::Survey(reply) => {
                if let Some(answer) = self.twice(original, Question::Survey, FaultCode::Damaged, survey) {
                    let _ = reply.send(answer);
                }
            }
            Reply::Picture(page, turn, reply) => {
                let question = Question::Picture(*page, *turn);
                if let Some(answer) = self.twice(original, question, FaultCode::PageUnreadable, picture) {
                    let _ = reply.send(answer);
                }
            }
        }
    }

    /// Asks, and once more if that broke the reader. Absent: the readers are being closed.
    fn twice<T>(
        &mut self,
        original: (OriginalKey, &File),
        question: Question,
        code: FaultCode,
        take: fn(Answer, Blobs) -> Option<Result<T, Fault>>,
    ) -> Option<Result<T, Fault>> {
        let answer = self.once(original, question, take).or_else(|failure| match failure {
            Failure::Stopped => Err(failure),
            failure => {
                warn!(?question, ?failure, "a file broke a reader; it is tried once more");
                self.once(original, question, take)
            }
        });
        match answer {
            Ok(answer) => Some(answer),
            Err(Failure::Stopped) => None,
            Err(failure) => Some(Err(Fault::new(code, failure.words("the file")))),
        }
    }

    /// Asks once, in a process that has not failed before. After any failure the process is gone.
    fn once<T>(
        &mut self,
        original: (OriginalKey, &File),
        question: Question,
        take: impl Fn(Answer, Blobs) -> Option<T>,
    ) -> Result<T, Failure> {
        let (queue, settings) = (self.queue, self.settings);
        let stopped = || queue.closed();
        let limits = Limits { cpu: Some(settings.cpu()), wall: settings.wall(), stopped: &stopped };
        let mut untouched = 0;
        loop {
            let process = self.process()?;
            let asked = panic::catch_unwind(AssertUnwindSafe(|| process.ask(original, question, limits)));
            let failure = match asked {
                Ok(Ok(Ok((answer, blobs)))) => match take(answer, blobs) {
                    Some(answer) => return Ok(answer),
                    None => Failure::Babbled,
                },
                Ok(Ok(Err(failure))) => failure,
                Ok(Err(error)) if passes(&error) => {
                    warn!(%error, "an original cannot be opened again yet; trying again");
                    self.pause(Duration::from_secs(1));
                    continue;
                }
                Ok(Err(error)) => Failure::NoOriginal { why: error.kind() },
                Err(_) => {
                    error!(?question, "asking a reader ended in a panic");
                    Failure::Babbled
                }
            };
            self.process = None;
            if failure != Failure::NotAsked {
                return Err(failure);
            }
            // Killed from outside while it had nothing to do. If that goes on it is no accident.
            untouched += 1;
            if untouched > 3 {
                return Err(Failure::Crashed);
            }
        }
    }

    /// The living process, or a new one: however long that takes, since pages wait for it.
    fn process(&mut self) -> Result<&mut Process, Failure> {
        let mut pause = Duration::from_millis(100);
        while self.process.is_none() {
            if self.queue.closed() {
                return Err(Failure::Stopped);
            }
            if let Err(error) = self.start() {
                warn!(%error, "a reader process cannot be started; trying again");
                self.pause(pause);
                pause = (pause * 2).min(Duration::from_secs(5));
            }
        }
        Ok(self.process.as_mut().expect("there is one by now"))
    }

    fn start(&mut self) -> Result<&Process, ReadersError> {
        let process = Process::start(self.program, self.settings, &|| self.queue.closed())?;
        self.versions.clone_from(&process.versions);
        Ok(self.process.insert(process))
    }

    fn pause(&self, time: Duration) {
        let until = Instant::now() + time;
        while Instant::now() < until && !self.queue.closed() {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Faults of the machine, not of the file: out of descriptors or memory.
fn passes(error: &io::Error) -> bool {
    use rustix::io::Errno;
    [Errno::MFILE, Errno::NFILE, Errno::NOMEM]
        .map(Errno::raw_os_error)
        .map(Some)
        .contains(&error.raw_os_error())
}

fn page_outcome(asked: u32, answer: Answer, [first, second]: Blobs) -> Option<PageOutcome> {
    let Answer::Page { page, reading, view, thumbnail } = answer else { return None };
    let view = view.map(|media| media.picture(first));
    let thumbnail = thumbnail.map(|media| media.picture(second));
    (page == asked).then_some(PageOutcome { page, reading: *reading, view, thumbnail })
}

fn survey(answer: Answer, _: Blobs) -> Option<Result<Survey, Fault>> {
    let Answer::Survey(survey) = answer else { return None };
    Some(survey)
}

fn picture(answer: Answer, [bytes, _]: Blobs) -> Option<Result<Picture, Fault>> {
    let Answer::Picture(media) = answer else { return None };
    Some(media.map(|media| media.picture(bytes)))
}
