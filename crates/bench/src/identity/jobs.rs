//! What happens to the files of a job: a gap, another order, one that comes late, one that cannot be read?

use std::fs;

use super::World;
use super::dice::Dice;
use super::forms::{LAYOUTS, Shown, day_of_service, document};
use super::mixes::{FIRST_LINE, Mix, Placed, Scan, script_of};
use super::site::Site;
use super::traps::good_of;
use super::truth::Truth;

/// Job folders for the running line, and files that come to them too late.
pub(super) struct Jobs {
    pub(super) in_time: Vec<Scan>,
    late: Vec<Scan>,
    /// Folders and the numbers of their files, in the order in which they are written.
    files: Vec<Vec<usize>>,
}

impl Jobs {
    /// A third of each: in any order, with a gap, with a file that comes late.
    pub(super) fn of(documents: usize, world: &World, dice: &mut Dice) -> Self {
        let mut jobs = Self { in_time: Vec::new(), late: Vec::new(), files: Vec::new() };
        for nth in 0..documents {
            let dice = &mut dice.split();
            let who = *dice.pick(&world.people.plain);
            let mut scan = Scan::new(Mix::Jobs, format!("job-{nth:05}"));
            let mut numbers = vec![1, 2, 3];
            match nth % 3 {
                0 => {
                    scan.add(good_of(world, who, 3, dice), Truth::Fileable);
                    numbers = dice.pick(&[[3, 1, 2], [2, 3, 1], [3, 2, 1]]).to_vec();
                }
                1 => {
                    // The second file never came; the pages do not say so themselves.
                    let person = &world.people.all[who];
                    let visit = day_of_service(person, dice);
                    for page in 0..2 {
                        let layout = dice.below(LAYOUTS);
                        let pages = document(world, visit, &Shown::all(person), 1, layout, dice);
                        scan.pages.extend(pages);
                        scan.documents.push(placed("a file missing", page, who, Truth::Held(&["PAGE_GAP"])));
                    }
                    numbers = vec![1, 3];
                }
                _ => {
                    let mut made = good_of(world, who, 3, dice);
                    let mut late = Scan::new(Mix::Jobs, format!("late-{nth:05}"));
                    late.pages.extend(made.pages.pop());
                    late.documents.push(placed("a file that came late", 0, who, Truth::Held(&["LATE_FILE"])));
                    made.whose.pop();
                    made.trap = "a file that came late";
                    scan.add(made, Truth::Held(&["PAGE_GAP"]));
                    numbers.pop();
                    jobs.late.push(late);
                }
            }
            jobs.in_time.push(scan);
            jobs.files.push(numbers);
        }
        jobs
    }

    /// Drops everything into the station's folder, the late files when the jobs are closed.
    pub(super) fn drop_in(&self, site: &Site) -> anyhow::Result<()> {
        let _running = site.run()?;
        for (scan, numbers) in self.in_time.iter().zip(&self.files) {
            let folder = site.path("scans").join(&scan.name);
            fs::create_dir_all(&folder)?;
            for number in numbers {
                let at = if numbers.len() == scan.pages.len() && numbers.contains(&2) {
                    number - 1
                } else {
                    number / 2
                };
                let script = format!("{FIRST_LINE}{}", script_of(&scan.pages[at])?);
                fs::write(folder.join(format!("{}_{number:03}.txt", scan.name)), script)?;
            }
            fs::rename(&folder, site.path("in/jobs").join(&scan.name))?;
        }
        site.wait_until_quiet()?;
        for late in &self.late {
            let folder = site.path("in/jobs").join(late.name.replace("late", "job"));
            fs::create_dir_all(&folder)?;
            let script = format!("{FIRST_LINE}{}", script_of(&late.pages[0])?);
            fs::write(folder.join(format!("{}_003.txt", late.name)), script)?;
        }
        site.wait_until_quiet()
    }

    pub(super) fn all(self) -> Vec<Scan> {
        self.in_time.into_iter().chain(self.late).collect()
    }
}

fn placed(trap: &'static str, page: u32, who: usize, truth: Truth) -> Placed {
    Placed { trap, truth, pages: vec![page + 1], whose: vec![Some(who)], unseen: None }
}

/// Files that cannot be read at all.
pub(super) fn broken(documents: usize) -> Vec<Scan> {
    const FAULTS: [(&str, &str, Truth); 5] = [
        ("encrypted", "an encrypted file", Truth::Held(&["ENCRYPTED"])),
        ("damaged", "a damaged file", Truth::Held(&["DAMAGED"])),
        ("empty", "a file without pages", Truth::Held(&["EMPTY"])),
        ("unsupported", "a file of no kind we know", Truth::Held(&["UNSUPPORTED"])),
        ("too_large", "a file that is too large", Truth::Held(&["TOO_LARGE"])),
    ];
    (0..documents)
        .map(|nth| {
            let (fault, trap, truth) = FAULTS[nth % FAULTS.len()];
            let mut scan = Scan::new(Mix::Files, format!("broken-{nth:05}.txt"));
            scan.fault = Some(fault);
            scan.documents.push(Placed { trap, truth, pages: vec![0], whose: vec![None], unseen: None });
            scan
        })
        .collect()
}
