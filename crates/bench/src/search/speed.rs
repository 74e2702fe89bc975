//! How fast are answers over millions of pages, beside what a user would pick instead?

use super::Asked;
use crate::program::{root, say};

mod ours;
mod pages;
mod words;

use pages::Pages;

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
    let text: usize = (0..1000).map(|nth| pages.reading(nth).text().len()).sum();
    say(format!("{} bytes of text a page", text / 1000));
    Ok(true)
}
