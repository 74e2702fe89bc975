//! How are reader processes started, asked and ended?

use std::convert::Infallible;
use std::fs::File;
use std::io;
use std::sync::Arc;

use crossbeam_channel::Receiver;
use rayon::ThreadPool;
use records::geometry::Turn;
use records::reading::{Fault, FaultCode, ReaderVersion, Survey};

use crate::confine::Confinement;
use crate::error::ReadersError;
use crate::job::{Answers, Job, LanguageSet, Picture};
use crate::queue::{Queue, Reply};
use crate::settings::{Program, Settings};
use crate::worker::Worker;

/// A row of reader processes, each driven by its own thread. Dropping it kills them and waits for their end;
/// pages that were not answered by then are not answered: their receivers end early.
pub struct Readers {
    queue: Arc<Queue>,
    /// As they are named, each with its version.
    languages: Vec<(String, ReaderVersion)>,
    confinement: Confinement,
    jobs: usize,
    /// Ends when the last worker has.
    working: Receiver<Infallible>,
    _pool: ThreadPool,
}

impl Readers {
    /// Starts the workers and one process, to see that it can read; the others start when there is work.
    ///
    /// # Errors
    /// What keeps a reader from starting, and what to do.
    pub fn start(settings: Settings, program: Program) -> Result<Self, ReadersError> {
        let (jobs, sets) = (settings.processes(), settings.language_sets());
        let builder =
            rayon::ThreadPoolBuilder::new().num_threads(jobs).thread_name(|at| format!("reader-{at}"));
        let pool = builder.build().map_err(io::Error::other)?;
        let queue = Arc::new(Queue::new(jobs));
        let (alive, working) = crossbeam_channel::bounded(0);
        let (tell, told) = crossbeam_channel::bounded(1);
        let workplace = queue.clone();
        pool.spawn_broadcast(move |at| {
            let _alive = &alive; // dropped with this closure, when the last worker has ended
            let mut worker = Worker::new(&workplace, &settings, &program);
            if at.index() == 0 {
                let ready = worker.begin();
                let good = ready.is_ok();
                if tell.send(ready).is_err() || !good {
                    return;
                }
            }
            worker.work();
        });
        match told.recv().unwrap_or(Err(ReadersError::Lost)) {
            Ok((versions, confinement)) => {
                let languages = sets.into_iter().zip(versions).collect();
                Ok(Self { queue, languages, confinement, jobs, working, _pool: pool })
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

    /// Of what is read where a job does not say.
    pub fn version(&self) -> ReaderVersion {
        self.languages[0].1.clone()
    }

    /// Absent: the readers were not started with these.
    pub fn languages(&self, named: &str) -> Option<LanguageSet> {
        self.languages.iter().position(|(name, _)| name == named).map(LanguageSet)
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

    /// The view of page `page` (from 0), made again with the turn its reading says; waits for the answer.
    ///
    /// # Errors
    /// What is wrong with the file or the page, or that it broke the reader twice.
    pub fn picture(&self, original: &File, page: u32, turn: Turn) -> Result<Picture, Fault> {
        let (reply, answer) = crossbeam_channel::bounded(1);
        self.queue.ask(again(original)?, Reply::Picture(page, turn, reply));
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
    let cannot = |error: io::Error| format!("the original cannot be opened again ({})", error.kind());
    original.try_clone().map(Arc::new).map_err(|error| Fault::new(FaultCode::Damaged, cannot(error)))
}
