//! Does any document reach a wrong chart, and how many file themselves that could?
//!
//! Made-up people from public lists, scans of every trap we know, four mixes of work and the hazards beside them. The
//! program itself takes them in, from file to chart; only the engine is replaced: originals are scripts that hold
//! readings, with an engine's mistakes in them. A part is drawn and really read, to show that the levels agree. What
//! should have become of each document follows from how it was made ([`truth`]), and shares no code with the rules
//! that are on trial.

mod doubles;
mod drawn;
mod forms;
mod hospitals;
mod jobs;
mod mixes;
mod noise;
mod notes;
mod ordinary;
mod paper;
mod people;
mod report;
mod sheets;
mod site;
mod stacks;
mod tally;
mod times;
mod traps;
mod truth;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;

use crate::dice;
use crate::program::{corpus, say};
use dice::Dice;
use mixes::{Mix, Placed, Scan};
use notes::Notes;
use people::People;
use report::Tallies;
use sheets::Printer;
use site::Site;
use tally::Tally;
use truth::Truth;

/// Who there is, and what is written about them.
struct World {
    people: People,
    notes: Notes,
}

/// `identity [--documents N] [--seed S] [--rendered PAGES]`. `true`: no document in a wrong chart, and the bounds hold.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<bool> {
    let (mut documents, mut seed, mut rendered) = (10_000, fresh_seed(), 320);
    let mut arguments = arguments.iter();
    while let Some(flag) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{flag} wants a number"))?;
        match flag.as_str() {
            "--documents" => documents = value.parse()?,
            "--seed" => seed = value.parse()?,
            "--rendered" => rendered = value.parse::<usize>()?,
            other => anyhow::bail!("{other}: one of --documents N, --seed S, --rendered PAGES"),
        }
    }
    if !corpus().is_dir() {
        say("skipped: the lists of people are not here; set CHARTROOM_CORPUS");
        return Ok(true);
    }
    say(format!("seed {seed}, {documents} documents, {rendered} drawn pages"));
    let home = std::env::temp_dir().join(format!("chartroom-identity-{}", std::process::id()));
    let result = in_folder(&home, documents, rendered, &mut Dice::new(seed));
    let _ = std::fs::remove_dir_all(&home);
    let tallies = result?;
    report::print(&tallies);
    Ok(report::holds(&tallies, documents >= 10_000))
}

fn fresh_seed() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(1, |since| since.as_nanos() as u64 % 1_000_000_007)
}

/// Shares of the documents, in a thousand. Together a little more than all: stories tell some twice.
const EACH_DECLARED: usize = 170;
const STACKS: usize = 90;
const DUPLEX: usize = 120;
const DOUBLES: usize = 30;
const JOBS: usize = 33;
const FILES: usize = 55;
const HOSPITALS: usize = 33;
const ORDINARY: usize = 50;
const EACH_STORY: usize = 11;

fn in_folder(home: &Path, documents: usize, rendered: usize, dice: &mut Dice) -> anyhow::Result<Tallies> {
    let world = World { people: People::gather(dice)?, notes: Notes::gather()? };
    let people = &world.people;
    say(format!("{} people, {} whom nobody resembles", people.all.len(), people.plain.len()));
    let site = Site::open(&home.join("one"), site::ONE_HOSPITAL, &people.all, true)?;
    let mut bench = Bench { site: &site, people, tallies: BTreeMap::new(), all: Vec::new() };
    let share = |per_mille: usize| (documents * per_mille).div_ceil(1000);
    for mix in Mix::DECLARED {
        let mut printer = Printer::default();
        let scans = mixes::scans(mix, share(EACH_DECLARED), &world, &mut printer, dice)?;
        site.register(&printer.issued)?;
        bench.take(mix, scans)?;
    }
    for (mix, documents) in [(Mix::Stacks, share(STACKS)), (Mix::Duplex, share(DUPLEX))] {
        let mut printer = Printer::default();
        let (first, again) = stacks::stacks(mix, documents, &world, &mut printer, dice)?;
        site.register(&printer.issued)?;
        bench.take(mix, first)?;
        bench.take(mix, again)?;
        bench.look_again(
            mix,
            stacks::FIRST_USE,
            "the first use of a sheet used twice",
            Truth::Doubted(&["COVERSHEET_REUSED"]),
        )?;
    }
    bench.take(Mix::Doubles, doubles::scans(share(DOUBLES), &world, dice))?;
    let jobs = jobs::Jobs::of(share(JOBS), &world, dice);
    jobs.drop_in(&site)?;
    bench.compare(Mix::Jobs, jobs.all())?;
    bench.take(Mix::Files, jobs::broken(share(FILES)))?;
    bench.take(Mix::Ordinary, ordinary::scans(share(ORDINARY), &world, dice))?;
    times::pass(&mut bench, &world, share(EACH_STORY), dice)?;
    bench.last_look()?;
    let mut tallies = bench.tallies;
    tallies.insert(Mix::Hospitals, two_hospitals(&home.join("two"), share(HOSPITALS), people, dice)?);
    if rendered > 0 {
        tallies.insert(Mix::Drawn, really_read(&home.join("drawn"), rendered, &world, dice)?);
    }
    Ok(tallies)
}

fn two_hospitals(home: &Path, documents: usize, people: &People, dice: &mut Dice) -> anyhow::Result<Tally> {
    let world = hospitals::world(people, dice)?;
    let site = Site::open(home, hospitals::TWO_HOSPITALS, &world.people.all, true)?;
    let mut bench = Bench { site: &site, people: &world.people, tallies: BTreeMap::new(), all: Vec::new() };
    bench.take(Mix::Hospitals, hospitals::scans(documents, &world, dice))?;
    Ok(bench.tallies.remove(&Mix::Hospitals).unwrap_or_default())
}

fn really_read(home: &Path, pages: usize, world: &World, dice: &mut Dice) -> anyhow::Result<Tally> {
    let began = Instant::now();
    let site = Site::open(home, site::ONE_HOSPITAL, &world.people.all, false)?;
    let (scans, issued) = drawn::scans(pages, world, &site, dice)?;
    site.register(&issued)?;
    say(format!("  drawn in {:.1} s", began.elapsed().as_secs_f64()));
    for mix in Mix::DECLARED {
        site.import(&site.path("scans").join(mix.station()), &["--station", mix.station()])?;
    }
    let mut tally = Tally::default();
    tally.add(&scans, &world.people, &site.went()?);
    say(format!("  Drawn: {:.1} s", began.elapsed().as_secs_f64()));
    Ok(tally)
}

/// What was taken in so far, and what came of it.
struct Bench<'w> {
    site: &'w Site,
    people: &'w People,
    tallies: Tallies,
    all: Vec<Scan>,
}

impl Bench<'_> {
    /// Takes these in and compares them with the truth, as they lie then.
    fn take(&mut self, mix: Mix, scans: Vec<Scan>) -> anyhow::Result<()> {
        let began = Instant::now();
        self.site.take_in(&scans)?;
        self.compare(mix, scans)?;
        say(format!("  {mix:?}: {:.1} s", began.elapsed().as_secs_f64()));
        Ok(())
    }

    fn compare(&mut self, mix: Mix, scans: Vec<Scan>) -> anyhow::Result<()> {
        self.tallies.entry(mix).or_default().add(&scans, self.people, &self.site.went()?);
        self.all.extend(scans);
        Ok(())
    }

    /// Looks at the documents of a trap again: this should have become of them meanwhile.
    fn look_again(&mut self, mix: Mix, trap: &str, now: &'static str, truth: Truth) -> anyhow::Result<()> {
        let scans = self.all.iter().filter(|scan| scan.mix == mix);
        let placed = scans.flat_map(|scan| scan.documents.iter().map(move |placed| (scan, placed)));
        let then: Vec<(&Scan, &Placed)> = placed.filter(|(_, placed)| placed.trap == trap).collect();
        let went = self.site.went()?;
        let tally = self.tallies.entry(mix).or_default();
        for (scan, placed) in then {
            let (pages, whose) = (placed.pages.clone(), placed.whose.clone());
            tally.one(scan, &Placed { trap: now, truth, pages, whose, unseen: None }, self.people, &went);
        }
        Ok(())
    }

    /// After everything that happened, nothing lies in a wrong chart.
    fn last_look(&mut self) -> anyhow::Result<()> {
        let wrong = tally::wrong_now(&self.all, self.people, &self.site.went()?);
        let times = self.tallies.entry(Mix::Times).or_default();
        times.wrong.extend(wrong);
        let verified = self.site.program.json(&["verify", "--json"])?;
        anyhow::ensure!(verified["ok"] == true, "verify: {verified}");
        Ok(())
    }
}
