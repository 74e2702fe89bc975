//! How do reader processes share the work, and what becomes of a page that breaks one?

use std::convert::Infallible;
use std::fs::File;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};
use rayon::ThreadPool;
use records::reading::{Fault, FaultCode, PageReading, ReaderVersion, Survey};
use tracing::{error, warn};

use crate::confine::Confinement;
use crate::error::ReadersError;
use crate::job::{Answers, Job, PageOutcome, Picture};
use crate::process::{Failure, Limits, Process};
use crate::protocol::{Answer, Blobs, OriginalKey, Question};
use crate::queue::{Asked, Queue, Reply, Run, Task};
use crate::settings::{Program, Settings};

/// A row of reader processes, each driven by its own thread. Dropping it kills them and waits for their end;
/// pages that were not answered by then are not answered: their receivers end early.
pub struct Readers {
    queue: Arc<Queue>,
    version: ReaderVersion,
    confinement: Confinement,
    jobs: usize,
    /// Ends when the last worker has.
    working: Receiver<Infallible>,
    _pool: ThreadPool,
}

type Ready = Result<(ReaderVersion, Confinement), ReadersError>;

impl Readers {
    /// Starts the workers and one process, to see that it can read; the others start when there is work.
    ///
    /// # Errors
    /// What keeps a reader from starting, and what to do.
    pub fn start(settings: Settings, program: Program) -> Result<Self, ReadersError> {
        let jobs = settings.processes();
        let builder =
            rayon::ThreadPoolBuilder::new().num_threads(jobs).thread_name(|at| format!("reader-{at}"));
        let pool = builder.build().map_err(io::Error::other)?;
        let queue = Arc::new(Queue::new(jobs));
        let (alive, working) = crossbeam_channel::bounded(0);
        let (tell, told) = crossbeam_channel::bounded(1);
        let workplace = queue.clone();
        pool.spawn_broadcast(move |at| {
            let _alive = &alive; // dropped with this closure, when the last worker has ended
            let (queue, version) = (&*workplace, ReaderVersion(String::new()));
            let mut worker = Worker { queue, settings: &settings, program: &program, process: None, version };
            if at.index() == 0 && !worker.begin(&tell) {
                return;
            }
            worker.work();
        });
        match told.recv().unwrap_or(Err(ReadersError::Lost)) {
            Ok((version, confinement)) => {
                Ok(Self { queue, version, confinement, jobs, working, _pool: pool })
            }
            Err(error) => {
                queue.close();
                Err(error)
            }
        }
    }

    /// How many pages are read at a time.
    pub fn jobs(&self) -> usize {
        self.jobs
    }

    pub fn version(&self) -> ReaderVersion {
        self.version.clone()
    }

    /// How far the processes are shut in on this system.
    pub fn confinement(&self) -> Confinement {
        self.confinement
    }

    /// What an original holds; waits for the answer.
    ///
    /// # Errors
    /// What is wrong with the file, or that it broke the reader twice.
    pub fn survey(&self, original: &File) -> Result<Survey, Fault> {
        let (reply, answer) = crossbeam_channel::bounded(1);
        self.queue.ask(again(original)?, Reply::Survey(reply));
        answer.recv().expect("workers live as long as the readers")
    }

    /// The view of page `page` (from 0), made again; waits for the answer.
    ///
    /// # Errors
    /// What is wrong with the file or the page, or that it broke the reader twice.
    pub fn picture(&self, original: &File, page: u32) -> Result<Picture, Fault> {
        let (reply, answer) = crossbeam_channel::bounded(1);
        self.queue.ask(again(original)?, Reply::Picture(page, reply));
        answer.recv().expect("workers live as long as the readers")
    }

    /// Has pages read. Each comes exactly once, in whichever order they are done; then the receiver ends. Answers
    /// that are not taken hold back the rest of the job. Dropping the receiver cancels what is left.
    pub fn read(&self, job: Job) -> Answers {
        self.queue.read(job)
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queue.close();
        let Err(_all_have_ended) = self.working.recv();
    }
}

fn again(original: &File) -> Result<Arc<File>, Fault> {
    original.try_clone().map(Arc::new).map_err(|error| cannot_open(&error))
}

fn cannot_open(error: &io::Error) -> Fault {
    Fault::new(FaultCode::Damaged, format!("the original cannot be opened again ({})", error.kind()))
}

/// One thread and its process.
struct Worker<'a> {
    queue: &'a Queue,
    settings: &'a Settings,
    program: &'a Program,
    process: Option<Process>,
    /// Of the process started last.
    version: ReaderVersion,
}

impl Worker<'_> {
    /// The first process: whether there can be readers at all.
    fn begin(&mut self, tell: &Sender<Ready>) -> bool {
        let ready = self.start().map(|process| (process.version.clone(), process.confinement));
        let good = ready.is_ok();
        tell.send(ready).is_ok() && good
    }

    fn work(&mut self) {
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
            let outcome = match self.once(original, Question::Read(page), |a, b| page_outcome(page, a, b)) {
                Err(Failure::Stopped) => return,
                Ok(outcome) => outcome,
                Err(failure) => {
                    warn!(page = page + 1, ?failure, "a page broke a reader; it is tried once more, alone");
                    // The others of its run neither wait for this page nor die with it.
                    self.queue
                        .give_back(Run { order: run.order.clone(), pages: std::mem::take(&mut run.pages) });
                    match self.once(original, Question::Read(page), |a, b| page_outcome(page, a, b)) {
                        Err(Failure::Stopped) => return,
                        Ok(outcome) => outcome,
                        Err(failure) => self.unreadable(page, &failure),
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

    fn unreadable(&self, page: u32, failure: &Failure) -> PageOutcome {
        warn!(page = page + 1, ?failure, "a page broke a reader twice; it is unreadable");
        let fault = Fault::new(FaultCode::PageUnreadable, failure.words(&format!("page {}", page + 1)));
        let reading = PageReading::unreadable(fault, self.version.clone());
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
            Reply::Picture(page, reply) => {
                let question = Question::Picture(*page);
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
        self.version = process.version.clone();
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
