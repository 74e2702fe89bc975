//! How does a batch go from received to filed? The order of the steps is here and nowhere else.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use archive::{BatchRow, FileError, Lease, PackWriter, PictureSize, StoredPicture};
use jiff::Timestamp;
use readers::{Answers, Job, PageOutcome};
use records::ids::{PageNumber, PageRef};
use tracing::{debug, info};

use crate::decide::{decide, pages_of};
use crate::error::LineError;
use crate::line::Tools;
use crate::stop::Stop;

/// How a batch left the line.
pub(crate) enum Processed {
    Filed,
    /// Told to stop: what has been read is kept, the rest waits.
    Stopped,
}

/// Survey, read, decide, file. Each step begins where an earlier run ended.
pub(crate) fn process(tools: &Tools, lease: &Lease, stop: &Stop) -> Result<Processed, LineError> {
    let began = Instant::now();
    survey(tools, lease)?;
    let batch = tools.archive.batch(&lease.batch())?;
    if !read(tools, lease, &batch, stop)? {
        return Ok(Processed::Stopped);
    }
    let readings = tools.archive.readings(lease)?.into();
    /// A patient index that changes faster than a batch is judged is waited for.
    const ATTEMPTS: usize = 10;
    for _ in 0..ATTEMPTS {
        let decided = decide(tools, &batch, &readings, Timestamp::now())?;
        tracing::trace!(target: "fault_point", "before file");
        match tools.archive.file(lease, &decided.filing, &decided.seen) {
            Ok(filed) => {
                tracing::trace!(target: "fault_point", "after file");
                info!(
                    batch = %batch.id, pages = batch.pages(), documents = filed.documents.len(),
                    exceptions = filed.exceptions.len(), lock_ms = filed.longest_lock.as_secs_f64() * 1e3,
                    seconds = began.elapsed().as_secs_f64(), "batch filed"
                );
                return Ok(Processed::Filed);
            }
            // The patient index or a sheet's register has changed: ask again.
            Err(FileError::Moved) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(FileError::Moved.into())
}

/// What each original holds. A fault is an answer, too.
fn survey(tools: &Tools, lease: &Lease) -> Result<(), LineError> {
    let batch = tools.archive.batch(&lease.batch())?;
    for (ordinal, original) in (0..).zip(&batch.originals) {
        if original.pages.is_none() {
            let file = tools.archive.vault().open(&original.digest)?;
            let survey = tools.readers.survey(&file);
            tools.archive.surveyed(lease, ordinal, &survey)?;
            tracing::trace!(target: "fault_point", "surveyed");
        }
    }
    Ok(tools.archive.number_pages(lease)?)
}

/// Reads what is not yet in the pack. `false`: told to stop before the end.
fn read(tools: &Tools, lease: &Lease, batch: &BatchRow, stop: &Stop) -> Result<bool, LineError> {
    let mut pack = Pack::open(tools, lease, batch)?;
    let done: BTreeSet<PageNumber> = pack.writer.pages_done().clone();
    for original in &batch.originals {
        let wanted: Vec<PageNumber> = pages_of(original).filter(|page| !done.contains(page)).collect();
        let Some(first) = original.first_page.filter(|_| !wanted.is_empty()) else { continue };
        let job = Job {
            original: Arc::new(tools.archive.vault().open(&original.digest)?),
            pages: wanted.iter().map(|page| page.0 - first.0).collect(),
            priority: batch.priority,
            share: share_of(batch),
            languages: tools.site.languages.get(&batch.station).copied().unwrap_or_default(),
        };
        let pages = job.pages.len();
        pack.orders.push(Order { first, pages, answers: tools.readers.read(job) });
        // Files of one page: keep enough of them on order that no reader waits for this thread.
        if pack.orders.len() >= tools.readers.jobs() * 4 && !pack.drain(stop)? {
            return Ok(false);
        }
    }
    let complete = pack.drain(stop)?;
    pack.sync()?;
    Ok(complete)
}

/// Fairness is between batches.
fn share_of(batch: &BatchRow) -> u64 {
    u64::from_be_bytes(batch.id.0[..8].try_into().expect("an id has 16 bytes"))
}

/// Pages of one original on their way.
struct Order {
    /// Its first page in the batch.
    first: PageNumber,
    /// Pages not yet answered.
    pages: usize,
    answers: Answers,
}

/// A batch's pack while pages come in.
struct Pack<'a> {
    tools: &'a Tools,
    lease: &'a Lease,
    batch: &'a BatchRow,
    writer: PackWriter,
    orders: Vec<Order>,
    unsynced: usize,
    synced: Instant,
}

impl<'a> Pack<'a> {
    fn open(tools: &'a Tools, lease: &'a Lease, batch: &'a BatchRow) -> Result<Self, LineError> {
        let writer = tools.archive.pack_writer(lease)?;
        let synced = Instant::now();
        Ok(Self { tools, lease, batch, writer, orders: Vec::new(), unsynced: 0, synced })
    }

    /// Takes all pages on order, in whichever order they come. `false`: told to stop.
    fn drain(&mut self, stop: &Stop) -> Result<bool, LineError> {
        while !self.orders.is_empty() {
            if stop.is_set() {
                self.sync()?;
                return Ok(false);
            }
            let mut select = crossbeam_channel::Select::new();
            for order in &self.orders {
                select.recv(&order.answers);
            }
            let Ok(ready) = select.select_timeout(Duration::from_millis(250)) else { continue };
            let at = ready.index();
            match ready.recv(&self.orders[at].answers) {
                Ok(outcome) => self.take(at, outcome)?,
                Err(_) if self.orders[at].pages == 0 => {
                    self.orders.swap_remove(at); // answered to the end
                }
                Err(_) => {
                    self.sync()?; // the readers were closed: the rest is read by the next run
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn take(&mut self, order: usize, outcome: PageOutcome) -> Result<(), LineError> {
        self.orders[order].pages -= 1;
        let page = PageNumber(self.orders[order].first.0 + outcome.page);
        self.writer.append(page, &outcome.reading)?;
        tracing::trace!(target: "fault_point", "page read");
        let place = PageRef { batch: self.batch.id, page };
        for (size, picture) in
            [(PictureSize::View, outcome.view), (PictureSize::Thumbnail, outcome.thumbnail)]
        {
            if let Some(picture) = picture {
                let stored = StoredPicture { media: picture.media, bytes: picture.bytes };
                // Made again when asked for: no reason to give up what was read.
                if let Err(fault) = self.tools.archive.keep_view(place, size, &stored) {
                    debug!(error = %fault, "a page picture was not kept");
                }
            }
        }
        self.tools.progress.page_read();
        self.unsynced += 1;
        // A killed run reads at most these again.
        if self.unsynced >= 64 || self.synced.elapsed() > Duration::from_secs(2) {
            self.sync()?;
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<(), LineError> {
        let safe = self.writer.sync()?;
        tracing::trace!(target: "fault_point", "pack synced");
        self.tools.archive.pages_read(self.lease, &safe)?;
        tracing::trace!(target: "fault_point", "pages noted");
        (self.unsynced, self.synced) = (0, Instant::now());
        Ok(())
    }
}
