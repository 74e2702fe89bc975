//! How fast are answers over millions of pages, beside what a user would pick instead?
//!
//! Pages are made up from the seed and never kept as text: snippets and boxes of the first are made from pages that
//! are made again. An index that an earlier run left, of the same seed and size, is used again.

use std::fs;

use super::Asked;
use crate::program::{root, say};

mod asking;
mod bad;
mod fts5;
mod gin;
mod ours;
mod pages;
mod queries;
mod report;
mod words;

use asking::Desk;
use fts5::Fts5;
use gin::Gin;
use pages::Pages;
use queries::Kind;
use report::{Bounds, Times, percentile};

/// Other engines would take hours over more.
const BESIDE_OTHERS: u64 = 1_000_000;
/// Queries of each kind that other engines are asked: they take long.
const ASKED_OF_OTHERS: usize = 40;
/// What nobody waits longer for, whatever was typed, ms.
const PATIENCE: f64 = 1_000.0;

/// `true`: every bound that could be judged holds.
pub(super) fn run(asked: Asked) -> anyhow::Result<bool> {
    let count = asked.pages.unwrap_or(1_000_000) as u64;
    let pages = Pages::new(asked.seed);
    let home = root().join("target/bench-search-speed").join(format!("{}-{count}", asked.seed));
    fs::create_dir_all(&home)?;
    say(format!("{count} pages of seed {}, below {}", asked.seed, home.display()));
    let mut bounds = Bounds::default();
    let index = home.join("index");
    match ours::index(&index, &pages, count)? {
        Some(built) => {
            let per_cpu_second = count as f64 / built.cpu_s;
            let text = format!("{per_cpu_second:.0} pages indexed per CPU-second, at least 5000");
            say(format!("indexed in {:.0} s, {:.0} s of CPU", built.wall_s, built.cpu_s));
            bounds.judge(per_cpu_second >= 5000.0, &text);
        }
        None => say("the index of an earlier run is used again"),
    }
    sizes(&index, count, &mut bounds)?;
    let reader = ours::reader(&index)?;
    let desk = Desk { reader: &reader, pages: &pages, vocabulary: search::Vocabulary::default() };
    let beside = count <= BESIDE_OTHERS && !asked.alone;
    let fts5 = if beside { Some(Fts5::over(&home.join("fts5.db"), &pages, count)?) } else { None };
    let gin = if beside { Gin::over(&home, &pages, count.min(gin::MOST))? } else { None };
    if beside && gin.is_none() {
        say("PostgreSQL is not installed: left out");
    }
    let mut all = Vec::new();
    for kind in Kind::ALL {
        if std::env::var("TEMPKIND").is_ok_and(|k| !kind.title().contains(&k)) {
            continue;
        }
        let queries = queries::drawn(kind, &pages, count, asked.seed);
        // Files are warmed by other queries: what an answer has worked out for its words is not there yet.
        desk.times(kind, &queries::drawn(kind, &pages, count, asked.seed + 1))?;
        let ours = desk.times(kind, &queries)?;
        let few = &queries[..ASKED_OF_OTHERS];
        let can = kind != Kind::Snippets;
        let fts5 = fts5.as_ref().filter(|_| can);
        let fts5 = fts5.map(|fts5| few.iter().map(|asked| fts5.time(kind, asked)).collect()).transpose()?;
        let postgres = gin.as_ref().filter(|_| can).map(|gin| gin.times(kind, few)).transpose()?;
        all.push(Times { kind, ours, fts5, postgres });
    }
    report::table(&all);
    judge(&all, count, &mut bounds);
    if std::env::var("TEMPKIND").is_ok() {
        return Ok(true);
    }
    stalled(&desk, asked.seed, &mut bounds)?;
    Ok(bounds.hold())
}

fn sizes(index: &std::path::Path, count: u64, bounds: &mut Bounds) -> anyhow::Result<()> {
    let sizes = ours::sizes(index)?;
    let per_page = |bytes: u64| bytes as f64 / count as f64;
    let shares: Vec<String> =
        sizes.iter().take(6).map(|(kind, bytes)| format!("{kind} {:.0}", per_page(*bytes))).collect();
    let whole = per_page(sizes.iter().map(|(_, bytes)| bytes).sum());
    bounds.judge(whole <= 1024.0, &format!("{whole:.0} bytes a page ({}), at most 1024", shares.join(", ")));
    Ok(())
}

fn judge(all: &[Times], count: u64, bounds: &mut Bounds) {
    for times in all {
        let (p50, p99) = (percentile(&times.ours, 50), percentile(&times.ours, 99));
        if times.kind != Kind::StopPhrase {
            let text = format!("{}: p50 {p50:.1} ms below 50, p99 {p99:.1} ms below 250", times.kind.title());
            bounds.judge(p50 < 50.0 && p99 < 250.0, &text);
        }
        let ranked = !matches!(times.kind, Kind::Phrase | Kind::StopPhrase);
        if let Some(ratio) = times.ratio().filter(|_| ranked && count == BESIDE_OTHERS) {
            bounds.judge(
                ratio >= 10.0,
                &format!("{}: FTS5 takes {ratio:.1} times as long, at least 10", times.kind.title()),
            );
        }
    }
}

/// Whatever is typed, nobody waits long.
fn stalled(desk: &Desk<'_>, seed: u64, bounds: &mut Bounds) -> anyhow::Result<()> {
    let mut slowest = (0.0, "");
    for (what, text) in bad::queries(desk.pages, seed) {
        let took = desk.patience(&text)?;
        if took > PATIENCE {
            say(format!("  {what}: {took:.0} ms"));
        }
        if took > slowest.0 {
            slowest = (took, what);
        }
    }
    let text =
        format!("whatever is typed is answered within 1 s: at most {:.0} ms ({})", slowest.0, slowest.1);
    bounds.judge(slowest.0 <= PATIENCE, &text);
    Ok(())
}
