//! The search index: anew, behind, or caught up.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::bail;
use clap::Subcommand;
use pipeline::Line;
use records::ids::PageRef;
use search::{IndexReader, SearchError};

use super::{Outcome, PlaceArguments};
use crate::archive_door::Door;
use crate::show;

#[derive(Subcommand)]
pub(crate) enum IndexCommand {
    /// Build the search index anew, beside the old one, then swap
    Rebuild,
}

pub(crate) fn run(place: &PlaceArguments, command: &IndexCommand) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    match command {
        IndexCommand::Rebuild => {
            // The lock keeps a line from writing the index that is about to go.
            let Some(_lock) = door.archive.try_become_line()? else { return rebuilt_by_the_line(&door) };
            let index =
                pipeline::rebuild_index(&door.archive, &door.config.codes.tables()?, &door.index_folder())?;
            let pages = index.reader().pages()?.len() as u64;
            show::line(format!("{} can be found.", show::count(pages, "page", "pages")));
            Ok(Outcome::Done)
        }
    }
}

/// The line that runs writes the index: it builds the new one while it goes on with the old one.
fn rebuilt_by_the_line(door: &Door) -> anyhow::Result<Outcome> {
    let request = door.archive.ask_for_index()?;
    show::note("A line is running: it builds the new index beside the one that answers.");
    while !door.archive.is_index_built(request)? {
        if !door.archive.line_is_alive() {
            bail!("the line has stopped; the next one builds the index, or run this command again");
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    show::line("The search index is new.");
    Ok(Outcome::Done)
}

/// Waits until our own line has made everything that has happened so far findable.
pub(crate) fn wait_for_line(door: &Door, line: &Line) -> anyhow::Result<()> {
    /// Without any progress: a rebuild of a large archive shows none.
    const PATIENCE: Duration = Duration::from_secs(60);
    let (head, began) = (door.archive.position()?, Instant::now());
    while line.progress().indexed() < head {
        if began.elapsed() > PATIENCE && !line.progress().index_damaged() {
            show::note("The search index is still behind; it catches up at the next start.");
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Asks the index. One that is damaged is being built anew by the line that runs: it is asked again, for a while.
pub(crate) fn ask_index<T>(
    door: &Door,
    mut ask: impl FnMut(&IndexReader) -> anyhow::Result<Result<T, SearchError>>,
) -> anyhow::Result<Result<T, SearchError>> {
    let began = Instant::now();
    loop {
        let fault = match IndexReader::open(&door.index_folder()) {
            Ok(reader) => match ask(&reader)? {
                Ok(answer) => return Ok(Ok(answer)),
                Err(fault) => fault,
            },
            Err(fault) => fault,
        };
        if !matches!(fault, SearchError::Damaged(_)) {
            return Ok(Err(fault));
        }
        let line = door.archive.line_is_alive();
        // Without a line it may have been opened in the very moment of a swap: at once it is whole.
        if began.elapsed() > if line { Duration::from_secs(10) } else { Duration::from_millis(300) } {
            if line {
                bail!("the search index is damaged; the line is building it anew, try again in some minutes");
            }
            return Ok(Err(fault));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// While no line runs. What was done is done, whatever is wrong with a table of codes.
fn catch_up(door: &Door) -> anyhow::Result<()> {
    let codes = match door.config.codes.tables() {
        Ok(codes) => codes,
        Err(error) => {
            show::note(format!("The search index is left to the next line: {error:#}"));
            return Ok(());
        }
    };
    match pipeline::open_index(&door.archive, &codes, &door.index_folder())? {
        Some(mut index) => pipeline::catch_up(&door.archive, &codes, &mut index)?,
        None => show::note("The tables of codes have changed; the next line builds the search index anew."),
    }
    Ok(())
}

/// Waits until everything that has happened so far can be found: by the line that runs, else by ourselves.
pub(crate) fn wait_for_index(door: &Door) -> anyhow::Result<()> {
    const PATIENCE: Duration = Duration::from_secs(60);
    let (head, began) = (door.archive.position()?, Instant::now());
    loop {
        if let Some(_lock) = door.archive.try_become_line()? {
            return catch_up(door);
        }
        if IndexReader::open(&door.index_folder()).is_ok_and(|reader| reader.position() >= head) {
            return Ok(());
        }
        if began.elapsed() > PATIENCE {
            show::note("The search index is still behind; it catches up while the line runs.");
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Pages on which the index and the catalogue differ: missing in it, in it by mistake, or in it twice.
pub(crate) fn index_behind(door: &Door) -> anyhow::Result<u64> {
    let mut twice = 0;
    let mut indexed = match IndexReader::open(&door.index_folder()) {
        Ok(reader) if reader.follows(door.archive.epoch()) => {
            let pages = reader.pages()?;
            twice = reader.count() - pages.len() as u64;
            pages
        }
        Ok(_) | Err(SearchError::Missing) => Default::default(),
        Err(error) if error.needs_rebuild() => Default::default(),
        Err(error) => return Err(error.into()),
    };
    let mut missing = 0;
    for page in door.archive.indexed_pages() {
        if !indexed.remove(&page?) {
            missing += 1;
        }
    }
    Ok(missing + twice + indexed.len() as u64)
}

/// Position of the change log up to which everything can be found.
pub(crate) fn index_position(door: &Door) -> u64 {
    IndexReader::open(&door.index_folder()).map_or(0, |reader| reader.position())
}

/// Pages that the writer of the index falls over: nobody finds them until the program can bear them.
pub(crate) fn left_out(door: &Door) -> BTreeSet<PageRef> {
    IndexReader::open(&door.index_folder()).map(|reader| reader.left_out()).unwrap_or_default()
}

/// Which they are, a few of many.
pub(crate) fn named(pages: &BTreeSet<PageRef>) -> String {
    const FEW: usize = 3;
    let few: Vec<String> =
        pages.iter().take(FEW).map(|page| format!("page {} of batch {}", page.page, page.batch)).collect();
    let more = if pages.len() > FEW { ", ..." } else { "" };
    format!("{}{more}", few.join(", "))
}

#[cfg(test)]
mod tests {
    use records::ids::{BatchId, PageNumber};

    use super::*;

    #[test]
    fn a_few_of_many_pages_are_named() {
        let page = |number| PageRef { batch: BatchId([7; 16]), page: PageNumber(number) };
        let batch = BatchId([7; 16]);
        let named = |numbers: std::ops::Range<u32>| named(&numbers.map(page).collect());
        assert_eq!(named(2..3), format!("page 2 of batch {batch}"));
        assert!(named(1..4).ends_with(&format!("page 3 of batch {batch}")));
        assert!(named(1..9).ends_with(&format!("page 3 of batch {batch}, ...")));
    }
}
