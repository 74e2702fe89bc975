//! What does the world do to documents: an index out of date, a station on trial, a record written over with somebody
//! else's, a wrong merge and its end, the same paper twice, an upload with another's cover sheet, a number that turns
//! out to be somebody else's?

use std::fs;

use jiff::ToSpan as _;

use super::dice::Dice;
use super::forms::{LAYOUTS, Shown, day_of_service, page, sheet};
use super::mixes::{Mix, Placed, Scan};
use super::people::{HOSPITAL, Person, csv};
use super::sheets::Printer;
use super::site::AUTO;
use super::traps::good_of;
use super::truth::Truth;
use super::{Bench, World};

/// Everything that happens, one after the other, with so many documents each.
pub(super) fn pass(
    bench: &mut Bench<'_>,
    world: &World,
    count: usize,
    dice: &mut Dice,
) -> anyhow::Result<()> {
    out_of_date(bench, world, count, dice)?;
    on_trial(bench, world, count, dice)?;
    written_over(bench, world, count, dice)?;
    merged_by_mistake(bench, world, count, dice)?;
    twice(bench, world, count, dice)?;
    handed_in(bench, world, 2 * count, dice)?;
    somebody_elses_account(bench, world, count, dice)
}

/// Good documents of a story, whatever is to become of them.
fn good(name: &'static str, count: usize, truth: Truth, world: &World, dice: &mut Dice) -> Vec<Scan> {
    let one = |nth: usize| {
        let dice = &mut dice.split();
        let who = *dice.pick(&world.people.plain);
        let pages = 1 + dice.below(2);
        let mut made = good_of(world, who, pages, dice);
        made.trap = name;
        let mut scan = Scan::new(Mix::Times, format!("{}-{nth:05}.txt", name.replace(' ', "-")));
        scan.add(made, truth);
        scan
    };
    (0..count).map(one).collect()
}

fn out_of_date(bench: &mut Bench<'_>, world: &World, count: usize, dice: &mut Dice) -> anyhow::Result<()> {
    const NAME: &str = "the index is out of date";
    bench.site.configure("mode = \"auto\"\nstale_after_hours = 0")?;
    bench.take(Mix::Times, good(NAME, count, Truth::Held(&["MPI_STALE"]), world, dice))?;
    bench.site.configure(AUTO)?;
    // The source was heard from: what waits is judged again, without anybody's doing.
    let contact = &world.people.all[world.people.plain[0]];
    bench.site.patients(std::slice::from_ref(contact))?;
    let running = bench.site.run()?;
    bench.site.wait_until_judged_again("MPI_STALE")?;
    drop(running);
    bench.look_again(Mix::Times, NAME, "the index is fresh again", Truth::Fileable)
}

fn on_trial(bench: &mut Bench<'_>, world: &World, count: usize, dice: &mut Dice) -> anyhow::Result<()> {
    bench.site.configure("mode = \"shadow\"\nstale_after_hours = 87600")?;
    let truth = Truth::Held(&["SHADOW"]);
    bench.take(Mix::Times, good("the station is on trial", count, truth, world, dice))?;
    bench.site.configure(AUTO)
}

/// Name and birth date of a record change at once: two people in one chart, perhaps.
fn written_over(bench: &mut Bench<'_>, world: &World, count: usize, dice: &mut Dice) -> anyhow::Result<()> {
    let people = &world.people;
    let mut changed: Vec<(usize, Person)> = Vec::new();
    for (nth, at) in people.overlaid.iter().take(count.div_ceil(2)).enumerate() {
        let donor = &people.all[people.plain[nth]];
        let mut person = people.all[*at].clone();
        person.family = format!("{}OVER", donor.family);
        person.given.clone_from(&donor.given);
        person.born = person.born.saturating_sub(dice.between(500, 3000).days());
        changed.push((*at, person));
    }
    let list: Vec<Person> = changed.iter().map(|(_, person)| person.clone()).collect();
    bench.site.patients(&list)?;
    let mut scans = Vec::new();
    for nth in 0..count {
        let (who, person) = &changed[nth % changed.len()];
        let page = sheet(world, person, &Shown::all(person), dice.below(LAYOUTS), dice);
        scans.push(single("a record written over", nth, page, Some(*who), Truth::Held(&["PATIENT_FROZEN"])));
    }
    bench.take(Mix::Times, scans)
}

fn single(
    name: &'static str,
    nth: usize,
    page: super::paper::Page,
    whose: Option<usize>,
    truth: Truth,
) -> Scan {
    let mut scan = Scan::new(Mix::Times, format!("{}-{nth:05}.txt", name.replace([' ', '\''], "-")));
    scan.pages.push(page);
    scan.documents.push(Placed { trap: name, truth, pages: vec![1], whose: vec![whose], unseen: None });
    scan
}

/// Two people made one, their papers filed, and the two parted again.
fn merged_by_mistake(
    bench: &mut Bench<'_>,
    world: &World,
    count: usize,
    dice: &mut Dice,
) -> anyhow::Result<()> {
    const NAMES_BOTH: &str = "names both of a wrong merge";
    const OWN: &str = "names one of a wrong merge";
    let people = &world.people;
    let pairs: Vec<_> = people.mistaken.iter().take(count.div_ceil(3)).copied().collect();
    let merges: Vec<Person> = pairs.iter().map(|(from, _)| people.all[*from].clone()).collect();
    let into = |nth: usize| people.all[pairs[nth].1].mrn.as_str();
    let rows: String = csv(&merges)
        .lines()
        .enumerate()
        .map(|(line, row)| if line == 0 { format!("{row}\n") } else { format!("{row}{}\n", into(line - 1)) })
        .collect();
    let list = bench.site.path("merges.csv");
    fs::write(&list, rows)?;
    bench.site.list_in(&list, &[])?;
    let mut scans = Vec::new();
    for (nth, (from, into)) in pairs.iter().enumerate() {
        let (one, other) = (&people.all[*from], &people.all[*into]);
        let name = Some((one.family.clone(), one.given.clone(), String::new()));
        let mixed = Shown { name, ..Shown::all(other) };
        let papers = [
            // Either of them may be meant: while they are one, there is nothing to be seen.
            (NAMES_BOTH, mixed.clone(), None),
            (NAMES_BOTH, mixed.clone(), None),
            (NAMES_BOTH, mixed, None),
            (OWN, Shown::all(one), Some(*from)),
            (OWN, Shown::all(other), Some(*into)),
        ];
        for (at, (name, shown, whose)) in papers.into_iter().enumerate() {
            let page = sheet(world, other, &shown, dice.below(LAYOUTS), dice);
            scans.push(single(name, 5 * nth + at, page, whose, Truth::Either));
        }
    }
    bench.site.take_in(&scans)?;
    for (from, _) in &pairs {
        let act = [
            "patients",
            "unmerge",
            people.all[*from].mrn.as_str(),
            "--as",
            "bench",
            "--reason",
            "two people",
        ];
        bench.site.program.text(&act)?;
    }
    for scan in &mut scans {
        let placed = &mut scan.documents[0];
        placed.truth = if placed.trap == NAMES_BOTH { Truth::Held(&["UNMERGED"]) } else { Truth::Fileable };
    }
    bench.compare(Mix::Times, scans)
}

/// The same paper goes through the scanner a second time.
fn twice(bench: &mut Bench<'_>, world: &World, count: usize, dice: &mut Dice) -> anyhow::Result<()> {
    let first = good("scanned once", count, Truth::Fileable, world, dice);
    let mut second = Vec::new();
    for (nth, scan) in first.iter().enumerate() {
        let mut again = Scan::new(Mix::Times, format!("twice-{nth:05}.txt"));
        again.pages.clone_from(&scan.pages);
        // Another picture of it: never the same bytes.
        again.pages.iter_mut().flat_map(|page| &mut page.lines).for_each(|line| line.x += 7);
        let one = &scan.documents[0];
        again.documents.push(Placed {
            trap: "scanned twice",
            truth: Truth::Held(&["DUPLICATE_SCAN"]),
            pages: one.pages.clone(),
            whose: one.whose.clone(),
            unseen: None,
        });
        second.push(again);
    }
    bench.take(Mix::Times, first)?;
    bench.take(Mix::Times, second)
}

/// A clerk hands a file in for somebody, and the cover sheet in it names somebody else.
fn handed_in(bench: &mut Bench<'_>, world: &World, count: usize, dice: &mut Dice) -> anyhow::Result<()> {
    let people = &world.people;
    let mut printer = Printer::default();
    let mut scans = Vec::new();
    for nth in 0..count {
        let dice = &mut dice.split();
        let who = *dice.pick(&people.plain);
        let person = &people.all[who];
        let visit = day_of_service(person, dice);
        // A declaration and one witness; a declaration and none; two declarations.
        let silent = (1..=3).contains(&(nth % 8));
        let number = Some(person.mrn.clone()).filter(|_| !silent);
        let shown = Shown { number, ..Shown::nothing() };
        let page = page(world, "PROGRESS NOTE", visit, &shown, 0, dice);
        if silent {
            let truth = Truth::Held(&["NO_WITNESS"]);
            scans.push((who, single("handed in, and it names nobody", nth, page, Some(who), truth)));
            continue;
        }
        if nth % 8 == 0 {
            scans.push((who, single("handed in", nth, page, Some(who), Truth::Fileable)));
            continue;
        }
        let cover = printer.cover(&people.all[people.another(&[who], dice)], None, dice)?;
        let mut scan = single(
            "handed in, under another's cover sheet",
            nth,
            page,
            Some(who),
            Truth::Held(&["DECLARATIONS_DIFFER"]),
        );
        scan.pages.insert(0, cover.front);
        scan.documents[0].pages = vec![2];
        scans.push((who, scan));
    }
    bench.site.register(&printer.issued)?;
    let path = bench.site.path("scans/handed-in");
    fs::create_dir_all(&path)?;
    for (who, scan) in &scans {
        let file = path.join(&scan.name);
        fs::write(&file, scan.script()?)?;
        let person = &people.all[*who];
        let born = person.born.to_string();
        bench.site.import(&file, &["--mrn", &person.mrn, "--birth-date", &born, "--as", "bench"])?;
    }
    bench.compare(Mix::Times, scans.into_iter().map(|(_, scan)| scan).collect())
}

/// A number in bars that no list knew when it was filed turns out to be another's account.
fn somebody_elses_account(
    bench: &mut Bench<'_>,
    world: &World,
    count: usize,
    dice: &mut Dice,
) -> anyhow::Result<()> {
    const NAME: &str = "an account number of nobody's yet";
    let people = &world.people;
    let mut list = String::from("authority,number,kind,mrn,from,to\n");
    let mut scans = good(NAME, count, Truth::Fileable, world, dice);
    for scan in &mut scans {
        let number = format!("A{}", dice.between(10_000_000, 99_999_999));
        scan.pages[0].bars(1650, 2500, &number, &number);
        let who = scan.documents[0].whose[0].unwrap_or_default();
        let other = &people.all[people.another(&[who], dice)];
        list.push_str(&format!("{HOSPITAL},{number},account,{},,\n", other.mrn));
    }
    bench.take(Mix::Times, scans)?;
    let path = bench.site.path("encounters.csv");
    fs::write(&path, list)?;
    bench.site.list_in(&path, &["--encounters"])?;
    bench.site.program.text(&["sweep", "--json"])?;
    bench.look_again(
        Mix::Times,
        NAME,
        "an account number that is another's",
        Truth::Doubted(&["SWEEP_OTHER_PATIENT"]),
    )
}
