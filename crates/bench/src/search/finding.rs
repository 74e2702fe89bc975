//! How much of what stands on the paper is found once it was copied, faxed and read?
//!
//! Pages are drawn from a seed, damaged lightly and heavily, and read by the program. The same questions are asked of
//! the clean text and of what was read, of Chartroom and of what a user would pick instead.

mod engines;
mod kinds;
mod misses;
mod ours;
mod pages;
mod plain;
mod questions;
mod readings;
mod report;
mod scores;
mod topics;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use records::reading::PageReading;

use super::Asked;
use super::postgres::Cluster;
use crate::dice::Dice;
use crate::program::{corpus, root, say};
use crate::reading::damage::Damage;
use crate::reading::texts::Texts;
use engines::{Desk, Engine};
use report::{Answers, Level};

/// Pages, each of which is damaged lightly and heavily.
const PAGES: usize = 120;

/// An office scanner on a bad day.
const LIGHT: [&[Damage]; 4] = [&[Damage::Skew], &[Damage::Noise], &[Damage::Specks], &[Damage::Jpeg]];
/// A fax of a page that lay askew, a fine fax of a copy of a copy, that copy itself, a blurred scan of a page askew.
const HEAVY: [&[Damage]; 4] = [
    &[Damage::Skew, Damage::Fax98],
    &[Damage::Photocopy, Damage::Fax196],
    &[Damage::Photocopy],
    &[Damage::Skew, Damage::Blur],
];

/// `true`: every bound that could be judged holds.
pub(super) fn run(asked: Asked) -> anyhow::Result<bool> {
    if !corpus().is_dir() {
        say("skipped: the public notes are not here; set CHARTROOM_CORPUS");
        return Ok(true);
    }
    let home = std::env::temp_dir().join(format!("chartroom-search-{}", std::process::id()));
    fs::create_dir_all(&home)?;
    let done = in_folder(&home, asked);
    let _ = fs::remove_dir_all(&home);
    done
}

fn in_folder(home: &Path, asked: Asked) -> anyhow::Result<bool> {
    let began = Instant::now();
    let texts = Texts::gather()?;
    let dice = &mut Dice::new(asked.seed);
    let sources = pages::sources(asked.pages.unwrap_or(PAGES), &texts, dice);
    let questions = questions::questions(&sources, dice);
    let clean: Vec<PageReading> = sources.iter().map(readings::perfect).collect();
    let (light, known_light) = readings::read(&home.join("light"), &sources, &LIGHT, &texts)?;
    let (heavy, known_heavy) = readings::read(&home.join("heavy"), &sources, &HEAVY, &texts)?;
    say(format!(
        "seed {}: {} pages, each damaged lightly and heavily and read in {:.0} s ({} readings kept from before), \
         {} searches",
        asked.seed,
        sources.len(),
        began.elapsed().as_secs_f64(),
        known_light + known_heavy,
        questions.len(),
    ));
    let postgres = Cluster::start()?;
    if postgres.is_none() {
        say("PostgreSQL is not installed here: skipped");
    }
    let desk = Desk { home, postgres: postgres.as_ref() };
    let mut levels = Vec::new();
    for (name, pages) in [("clean", &clean), ("light", &light), ("heavy", &heavy)] {
        let mut answers: Answers = BTreeMap::new();
        for (engine, _) in Engine::ALL {
            if let Some(said) = desk.answers(engine, pages, &questions)? {
                answers.insert(engine, said);
            }
        }
        let (kinds, days, mistaken) = kinds::judged(&sources, pages)?;
        levels.push(Level { name, pages, answers, kinds, days, mistaken });
    }
    let kept = root().join("target/bench-search");
    fs::create_dir_all(&kept)?;
    report::tables(&questions, &levels);
    report::kinds(&levels);
    for level in &levels {
        let table = report::misses(&questions, level);
        fs::write(kept.join(format!("missed-{}.tsv", level.name)), table)?;
    }
    Ok(report::bounds(&questions, &levels, asked.seed))
}
