//! Who is read next? One line for all; nobody waits for ever behind somebody else's 5,000 pages.
//!
//! Questions (what does a file hold, what does a page look like) come first: somebody waits for each. Then the
//! higher priority; then the share that has had least; then the older job. A share that joins starts level with
//! whoever has had most, so that neither a large batch nor an endless row of small ones starves.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::File;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossbeam_channel::Sender;
use records::batch::Priority;
use records::geometry::Turn;
use records::reading::{Fault, Survey};

use crate::job::{Answers, Job, LanguageSet, PageOutcome, Picture};
use crate::protocol::OriginalKey;

/// Pages of one original that a worker takes at once: opening a large PDF costs as much as a page.
const RUN: usize = 8;

/// What a worker does next.
pub(crate) enum Task {
    Ask(Asked),
    Read(Run),
}

/// A question that somebody waits for.
pub(crate) struct Asked {
    pub(crate) key: OriginalKey,
    pub(crate) original: Arc<File>,
    pub(crate) reply: Reply,
}

pub(crate) enum Reply {
    Survey(Sender<Result<Survey, Fault>>),
    Picture(u32, Turn, Sender<Result<Picture, Fault>>),
}

/// A job under way, shared by those who read it. Its answers end when the last of them lets go.
pub(crate) struct Order {
    pub(crate) key: OriginalKey,
    pub(crate) original: Arc<File>,
    pub(crate) priority: Priority,
    pub(crate) languages: LanguageSet,
    share: u64,
    answers: Sender<PageOutcome>,
    /// Pages that workers hold: for each there is room among the answers.
    in_hand: AtomicUsize,
    /// Nobody listens any more.
    cancelled: AtomicBool,
}

impl Order {
    /// Never waits: the room was kept. `false`: nobody listens any more.
    pub(crate) fn answer(&self, outcome: PageOutcome) -> bool {
        let heard = self.answers.send(outcome).is_ok();
        self.in_hand.fetch_sub(1, Ordering::SeqCst);
        if !heard {
            self.cancelled.store(true, Ordering::SeqCst);
        }
        heard
    }

    /// Shares are counted apart for each priority.
    fn stands_for(&self) -> (Priority, u64) {
        (self.priority, self.share)
    }

    fn room(&self) -> usize {
        let taken = self.answers.len() + self.in_hand.load(Ordering::SeqCst);
        self.answers.capacity().map_or(RUN, |capacity| capacity.saturating_sub(taken))
    }
}

/// Consecutive pages of one order, in one worker's hands.
pub(crate) struct Run {
    pub(crate) order: Arc<Order>,
    pub(crate) pages: VecDeque<u32>,
}

/// Pages of an order that nobody has taken yet.
struct Waiting {
    order: Arc<Order>,
    pages: VecDeque<u32>,
}

/// The line itself, and what each share has had.
#[derive(Default)]
struct Fair {
    asked: VecDeque<Asked>,
    waiting: Vec<Waiting>,
    /// Pages a share has had, counted from the level at which it joined.
    had: BTreeMap<(Priority, u64), u64>,
    /// Per priority: the most that any share has had.
    level: BTreeMap<Priority, u64>,
    closed: bool,
}

impl Fair {
    fn join(&mut self, order: Arc<Order>, pages: VecDeque<u32>) {
        let share = order.stands_for();
        if self.waiting.iter().all(|waiting| waiting.order.stands_for() != share) {
            // Having been away earns nothing; else a newcomer would be served until it has had as much as all.
            let level = self.level.get(&order.priority).copied().unwrap_or(0);
            let had = self.had.entry(share).or_insert(level);
            *had = level.max(*had);
        }
        self.waiting.push(Waiting { order, pages });
    }

    fn had(&self, order: &Order) -> u64 {
        self.had.get(&order.stands_for()).copied().unwrap_or(0)
    }

    fn next(&mut self) -> Option<Task> {
        if let Some(asked) = self.asked.pop_front() {
            return Some(Task::Ask(asked));
        }
        self.waiting.retain(|waiting| !waiting.order.cancelled.load(Ordering::SeqCst));
        let ready = self.waiting.iter().enumerate().filter(|(_, waiting)| waiting.order.room() > 0);
        let rank = |order: &Order| (std::cmp::Reverse(order.priority), self.had(order), order.key);
        let (at, _) = ready.min_by_key(|(_, waiting)| rank(&waiting.order))?;
        Some(Task::Read(self.take(at)))
    }

    fn take(&mut self, at: usize) -> Run {
        let Waiting { order, pages } = &mut self.waiting[at];
        let count = pages.len().min(RUN).min(order.room());
        let run = Run { order: order.clone(), pages: pages.drain(..count).collect() };
        if pages.is_empty() {
            self.waiting.swap_remove(at);
        }
        run.order.in_hand.fetch_add(count, Ordering::SeqCst);
        let had = self.had(&run.order) + count as u64;
        self.had.insert(run.order.stands_for(), had);
        let level = self.level.entry(run.order.priority).or_insert(0);
        *level = had.max(*level);
        if self.had.len() > 1024 {
            let waiting: BTreeSet<_> =
                self.waiting.iter().map(|waiting| waiting.order.stands_for()).collect();
            self.had.retain(|share, _| waiting.contains(share));
        }
        run
    }

    fn give_back(&mut self, run: Run) {
        let Run { order, pages } = run;
        order.in_hand.fetch_sub(pages.len(), Ordering::SeqCst);
        if let Some(had) = self.had.get_mut(&order.stands_for()) {
            *had = had.saturating_sub(pages.len() as u64);
        }
        match self.waiting.iter_mut().find(|waiting| Arc::ptr_eq(&waiting.order, &order)) {
            Some(waiting) => pages.into_iter().rev().for_each(|page| waiting.pages.push_front(page)),
            None if pages.is_empty() => {}
            None => {
                let level = self.level.get(&order.priority).copied().unwrap_or(0);
                self.had.entry(order.stands_for()).or_insert(level);
                self.waiting.push(Waiting { order, pages });
            }
        }
    }

    /// Whether somebody waits who comes before work of this priority.
    fn before(&self, priority: Priority) -> bool {
        let sooner = |waiting: &Waiting| waiting.order.priority > priority && waiting.order.room() > 0;
        !self.asked.is_empty() || self.waiting.iter().any(sooner)
    }
}

/// The line, for many threads.
pub(crate) struct Queue {
    line: Mutex<Fair>,
    came: Condvar,
    /// Answers a job may have lying about unread; more are not read before some are taken.
    room: usize,
    next_key: AtomicUsize,
}

impl Queue {
    pub(crate) fn new(workers: usize) -> Self {
        let room = RUN * (workers + 1);
        Self { line: Mutex::default(), came: Condvar::new(), room, next_key: AtomicUsize::new(0) }
    }

    fn line(&self) -> MutexGuard<'_, Fair> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self) -> OriginalKey {
        self.next_key.fetch_add(1, Ordering::SeqCst) as OriginalKey
    }

    pub(crate) fn read(&self, job: Job) -> Answers {
        let Job { original, pages, priority, share, languages } = job;
        let (answers, receiver) = crossbeam_channel::bounded(self.room);
        let (in_hand, cancelled) = (AtomicUsize::new(0), AtomicBool::new(false));
        let key = self.key();
        let order =
            Arc::new(Order { key, original, priority, languages, share, answers, in_hand, cancelled });
        if !pages.is_empty() {
            self.line().join(order, pages.into());
            self.came.notify_all();
        }
        receiver
    }

    pub(crate) fn ask(&self, original: Arc<File>, reply: Reply) {
        let asked = Asked { key: self.key(), original, reply };
        self.line().asked.push_back(asked);
        self.came.notify_one();
    }

    /// Waits for work. Absent: the readers are being closed.
    pub(crate) fn next(&self) -> Option<Task> {
        let mut line = self.line();
        loop {
            if line.closed {
                return None;
            }
            if let Some(task) = line.next() {
                return Some(task);
            }
            // Nobody tells when an answer is taken and makes room.
            let patience =
                if line.waiting.is_empty() { Duration::from_secs(5) } else { Duration::from_millis(20) };
            line = self.came.wait_timeout(line, patience).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    pub(crate) fn give_back(&self, run: Run) {
        self.line().give_back(run);
        self.came.notify_all();
    }

    pub(crate) fn before(&self, priority: Priority) -> bool {
        self.line().before(priority)
    }

    /// Nothing is answered after this; whoever waits sees the end.
    pub(crate) fn close(&self) {
        let mut line = self.line();
        line.closed = true;
        line.asked.clear();
        line.waiting.clear();
        drop(line);
        self.came.notify_all();
    }

    pub(crate) fn closed(&self) -> bool {
        self.line().closed
    }
}

#[cfg(test)]
mod tests;
