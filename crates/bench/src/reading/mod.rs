//! Who reads truest, and at what cost: Chartroom or what a user would pick instead?
//!
//! Pages are drawn from a seed, damaged in the ways of paper and scanners, and written as scanners write them; real
//! pages with a known text come beside them. Every tool reads the same files in the same run.

pub(crate) mod bootstrap;
mod bounds;
pub(crate) mod damage;
pub(crate) mod files;
pub(crate) mod fonts;
pub(crate) mod generated;
pub(crate) mod layouts;
mod measures;
pub(crate) mod page;
mod real;
mod report;
pub(crate) mod sheet;
mod speed;
pub(crate) mod texts;
pub(crate) mod tools;
mod trial;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, bail};

use crate::program::{corpus, say};
use damage::Damage;
use generated::Order;
use texts::Texts;
use tools::{Outcome, Tool, Tools};
use trial::{Judged, Spent, Trial, judge};

const USAGE: &str = "[--seed N] [--pages N] [--only DAMAGE,KIND,real] [--tools ours,tesseract,psm1,ocrmypdf,best] \
                     [--keep DIR] [--fresh] [--no-speed]";

struct Arguments {
    order: Order,
    tools: Vec<Tool>,
    keep: Option<PathBuf>,
    fresh: bool,
    speed: bool,
}

fn parsed(arguments: &[String]) -> anyhow::Result<Arguments> {
    let order = Order { seed: fresh_seed(), each: 20, only: Vec::new() };
    let all = Tool::ALL.iter().map(|(tool, _, _)| *tool).collect();
    let mut parsed = Arguments { order, tools: all, keep: None, fresh: false, speed: true };
    let mut arguments = arguments.iter();
    while let Some(flag) = arguments.next() {
        match flag.as_str() {
            "--fresh" => parsed.fresh = true,
            "--no-speed" => parsed.speed = false,
            _ => {
                let value = arguments.next().with_context(|| format!("{flag}? {USAGE}"))?;
                let list = || value.split(',').map(str::to_owned);
                match flag.as_str() {
                    "--seed" => parsed.order.seed = value.parse()?,
                    "--pages" => parsed.order.each = value.parse::<usize>()?.div_ceil(Damage::ALL.len()),
                    "--only" => parsed.order.only = list().collect(),
                    "--keep" => parsed.keep = Some(PathBuf::from(value)),
                    "--tools" => parsed.tools = list().map(|name| tool(&name)).collect::<Result<_, _>>()?,
                    other => bail!("{other}? {USAGE}"),
                }
            }
        }
    }
    Ok(parsed)
}

fn tool(name: &str) -> anyhow::Result<Tool> {
    let found = Tool::ALL.iter().find(|(_, short, _)| *short == name);
    found.map(|(tool, _, _)| *tool).with_context(|| format!("{name}: no tool of this bench. {USAGE}"))
}

fn fresh_seed() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(1, |since| since.as_nanos() as u64 % 1_000_000_007)
}

/// `true`: every bound that could be judged holds.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<bool> {
    let arguments = parsed(arguments)?;
    if !corpus().is_dir() {
        say("skipped: the public notes and pages are not here; set CHARTROOM_CORPUS");
        return Ok(true);
    }
    let home = match &arguments.keep {
        Some(folder) => folder.clone(),
        None => std::env::temp_dir().join(format!("chartroom-reading-{}", std::process::id())),
    };
    fs::create_dir_all(&home)?;
    let done = in_folder(&home.canonicalize()?, &arguments);
    if arguments.keep.is_none() {
        let _ = fs::remove_dir_all(&home);
    }
    done
}

fn in_folder(home: &Path, arguments: &Arguments) -> anyhow::Result<bool> {
    let began = Instant::now();
    let seed = arguments.order.seed;
    let texts = Texts::gather()?;
    let drawn = generated::write(&arguments.order, &texts, home)?;
    let real = real::gather(home, &arguments.order.only)?;
    let pages: usize = drawn.iter().map(|trial| trial.pages.len()).sum();
    say(format!(
        "seed {seed}: {pages} pages drawn in {:.0} s, {} real pages",
        began.elapsed().as_secs_f64(),
        real.len()
    ));
    let tools = Tools::new(home, arguments.fresh)?;
    say(format!("beside {}", tools.versions.join(", ")));
    let speed = if arguments.speed { Some(speed::measure(&tools, &drawn)?) } else { None };
    let mut cpu = BTreeMap::new();
    let (drawn, spent) = read(&tools, arguments, drawn, &mut cpu)?;
    let (real, spent_real) = read(&tools, arguments, real, &mut cpu)?;
    report::tools("Generated pages", &drawn.iter().collect::<Vec<_>>(), &spent, &arguments.tools, true);
    report::tools("Real pages", &real.iter().collect::<Vec<_>>(), &spent_real, &arguments.tools, false);
    let (generated, all) = (drawn.len(), drawn.into_iter().chain(real).collect::<Vec<_>>());
    for other in arguments.tools.iter().filter(|tool| **tool == Tool::Tesseract) {
        report::by_group(&all, *other, &cpu, seed);
        report::singly(&all[generated..], *other);
    }
    if let Some(folder) = &arguments.keep {
        fs::write(folder.join("scores.tsv"), report::page_by_page(&all))?;
    }
    let (kept, asked) = tools.kept_answers();
    say(format!(
        "\n{kept} of {asked} answers of other tools came from the cache; {:.0} s in all",
        began.elapsed().as_secs_f64()
    ));
    let holds = bounds::print(&all[..generated], &all[generated..], &spent, speed.as_ref(), seed);
    Ok(holds)
}

/// All pages by all tools, unit by unit, so that a machine with other work is as fast for one tool as for the next.
fn read(
    tools: &Tools,
    arguments: &Arguments,
    trials: Vec<Trial>,
    cpu: &mut BTreeMap<(String, Tool), f64>,
) -> anyhow::Result<(Vec<Judged>, BTreeMap<Tool, Spent>)> {
    let (mut judged, mut spent) = (Vec::new(), BTreeMap::<Tool, Spent>::new());
    for trial in trials {
        let mut outcomes: Vec<(Tool, Outcome)> = Vec::new();
        for tool in &arguments.tools {
            let outcome = tools.read(*tool, &trial.unit)?;
            spent.entry(*tool).or_default().add(&outcome);
            cpu.insert((trial.unit.name.clone(), *tool), outcome.cpu_s);
            outcomes.push((*tool, outcome));
        }
        for (at, page) in trial.pages.into_iter().enumerate() {
            if let Some(folder) = &arguments.keep {
                keep_texts(folder, &page, at, &outcomes)?;
            }
            judged.push(judge(page, outcomes.iter().map(|(tool, read)| (*tool, read.texts[at].clone()))));
        }
    }
    Ok((judged, spent))
}

fn keep_texts(
    folder: &Path,
    page: &trial::Trialled,
    at: usize,
    outcomes: &[(Tool, Outcome)],
) -> anyhow::Result<()> {
    let texts = folder.join("texts");
    fs::create_dir_all(&texts)?;
    fs::write(texts.join(format!("{}.truth.txt", page.name)), &page.truth)?;
    for (tool, outcome) in outcomes {
        fs::write(texts.join(format!("{}.{}.txt", page.name, tool.short())), &outcome.texts[at])?;
    }
    Ok(())
}
