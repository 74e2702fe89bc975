//! How fast are answers over millions of pages, beside what a user would pick instead?

use super::Asked;
use crate::program::{root, say};

mod asking;
mod ours;
mod pages;
mod queries;
mod words;

use asking::Desk;
use pages::Pages;
use queries::Kind;

/// `true`: every bound that could be judged holds.
pub(crate) fn run(asked: Asked) -> anyhow::Result<bool> {
    let count = asked.pages.unwrap_or(1_000_000) as u64;
    let pages = Pages::new(asked.seed);
    let folder = root().join("target/bench-search-speed").join(format!("{}-{count}", asked.seed));
    std::fs::create_dir_all(&folder)?;
    let index = folder.join("index");
    if let Some(built) = ours::index(&index, &pages, count)? {
        say(format!(
            "built in {:.0} s, {:.0} pages per CPU-second",
            built.wall_s,
            count as f64 / built.cpu_s
        ));
    }
    for (kind, bytes) in ours::sizes(&index)? {
        say(format!("{kind:>10} {:>8.1} B/page", bytes as f64 / count as f64));
    }
    let reader = ours::reader(&index)?;
    let desk = Desk { reader: &reader, pages: &pages, vocabulary: search::Vocabulary::default() };
    for kind in Kind::ALL {
        let queries = queries::drawn(kind, &pages, count, asked.seed);
        // Once to warm the caches.
        let hits: usize = queries.iter().map(|q| desk.ask(kind, q).map_or(0, |a| a.total)).sum();
        let mut times = desk.times(kind, &queries)?;
        times.sort_by(f64::total_cmp);
        say(format!(
            "{:<28} {:>9.2} {:>9.2} {:>9.2}   {:>9} hits",
            kind.title(),
            times[times.len() / 2],
            times[times.len() * 99 / 100],
            times[times.len() - 1],
            hits / queries.len()
        ));
    }
    Ok(true)
}
