//! What does a reader process do? It answers one request after the other until its parent is gone.

use std::fs::File;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use records::geometry::Turn;
use records::reading::{Fault, PageReading, ReaderVersion, Survey};

use crate::confine;
use crate::job::{LanguageSet, Picture};
use crate::protocol::{self, Answer, Blobs, Incoming, Media, OriginalKey, Question, Request, Start};

/// What reads. The program wires the engines to it; tests script it.
pub trait Serve: Sized {
    /// An opened original.
    type Original;

    /// Warms the engine: the last chance to open files.
    ///
    /// # Errors
    /// Why not, and what to install or correct.
    fn start(start: &Start) -> Result<Self, String>;

    fn version(&self, languages: LanguageSet) -> ReaderVersion;

    /// # Errors
    /// What is wrong with the file.
    fn open(&mut self, file: File) -> Result<Self::Original, Fault>;

    fn survey(&mut self, original: &mut Self::Original) -> Survey;

    /// Page `page`, from 0. What cannot be read is said in the reading.
    fn read(&mut self, original: &mut Self::Original, page: u32, languages: LanguageSet) -> PageRead;

    /// The view of a page, made again; `turn` is what sets it upright.
    ///
    /// # Errors
    /// What is wrong with the page.
    fn picture(&mut self, original: &mut Self::Original, page: u32, turn: Turn) -> Result<Picture, Fault>;
}

/// A page as it was read.
pub struct PageRead {
    pub reading: PageReading,
    pub view: Option<Picture>,
    pub thumbnail: Option<Picture>,
}

/// Lives as a reader: the parent's socket is standard input. Returns when the parent has closed it.
pub fn serve<S: Serve>() -> ExitCode {
    match Child::<S>::begin().map(Child::answer_all) {
        Some(()) => ExitCode::SUCCESS,
        None => ExitCode::from(2), // not started by a parent, or refused to it
    }
}

struct Child<S: Serve> {
    socket: UnixStream,
    engine: S,
    /// The original of the last request, or why it cannot be opened.
    held: Option<(OriginalKey, Result<S::Original, Fault>)>,
}

impl<S: Serve> Child<S> {
    fn begin() -> Option<Self> {
        remember_where_panics_are();
        let socket = UnixStream::from(rustix::stdio::stdin().try_clone_to_owned().ok()?);
        // Nothing below may read from or write to the parent by accident.
        rustix::stdio::dup2_stdin(File::open("/dev/null").ok()?.as_fd()).ok()?;
        let (Request::Hello(start), _) =
            protocol::receive(&mut Incoming { socket: &socket, file: None }).ok()?
        else {
            return None;
        };
        let started = confine::limit(start.memory).map_err(|error| format!("cannot limit itself: {error}"));
        let (answer, engine) = match started.and_then(|()| S::start(&start)) {
            Ok(engine) => {
                let confinement = confine::shut_in();
                let sets = (0..start.languages.len()).map(LanguageSet);
                let versions = sets.map(|set| engine.version(set)).collect();
                (Answer::Ready { versions, confinement }, Some(engine))
            }
            Err(why) => (Answer::Refused { why }, None),
        };
        protocol::send(&socket, &answer, &Blobs::default(), None).ok()?;
        Some(Self { socket, engine: engine?, held: None })
    }

    fn answer_all(mut self) {
        loop {
            let mut incoming = Incoming { socket: &self.socket, file: None };
            let Ok((Request::About { original, question }, _)) = protocol::receive(&mut incoming) else {
                return;
            };
            let file = incoming.file;
            let (answer, blobs) =
                panic::catch_unwind(AssertUnwindSafe(|| self.answer(original, question, file)))
                    .unwrap_or_else(|_| (Answer::Panicked { at: last_panic() }, Blobs::default()));
            // Whatever a panic left behind is not trusted with another page.
            let last = matches!(answer, Answer::Panicked { .. });
            if protocol::send(&self.socket, &answer, &blobs, None).is_err() || last {
                return;
            }
        }
    }

    fn answer(&mut self, key: OriginalKey, question: Question, file: Option<File>) -> (Answer, Blobs) {
        if let Some(file) = file {
            self.held = None; // its memory is needed for the next
            self.held = Some((key, self.engine.open(file)));
        }
        let held = self.held.as_mut().filter(|(held, _)| *held == key);
        let (_, original) = held.expect("an original that is not held comes with its request");
        match (question, original) {
            (Question::Survey, original) => {
                let survey = original.as_mut().map(|original| self.engine.survey(original));
                (Answer::Survey(survey.map_err(|fault| fault.clone())), Blobs::default())
            }
            (Question::Read(page, languages), Ok(original)) => {
                page_answer(page, self.engine.read(original, page, languages))
            }
            (Question::Read(page, languages), Err(fault)) => {
                let reading = PageReading::unreadable(fault.clone(), self.engine.version(languages));
                page_answer(page, PageRead { reading, view: None, thumbnail: None })
            }
            (Question::Picture(page, turn), original) => {
                let picture = match original {
                    Ok(original) => self.engine.picture(original, page, turn),
                    Err(fault) => Err(fault.clone()),
                };
                let media = picture.as_ref().map(of_picture).map_err(Fault::clone);
                (
                    Answer::Picture(media),
                    [picture.map_or_else(|_| Vec::new(), |picture| picture.bytes), Vec::new()],
                )
            }
        }
    }
}

fn page_answer(page: u32, read: PageRead) -> (Answer, Blobs) {
    let PageRead { reading, view, thumbnail } = read;
    let answer = Answer::Page {
        page,
        reading: Box::new(reading),
        view: view.as_ref().map(of_picture),
        thumbnail: thumbnail.as_ref().map(of_picture),
    };
    (answer, [view, thumbnail].map(|picture| picture.map_or_else(Vec::new, |picture| picture.bytes)))
}

fn of_picture(picture: &Picture) -> Media {
    Media::of(picture).expect("a page's picture is PNG or JPEG")
}

/// Where the last panic was: a place in the source, never its message, which may quote a page.
static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

fn remember_where_panics_are() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
        *LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
}

fn last_panic() -> String {
    LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
