//! In which stacks do documents come? The four declared mixes of work, each a station.

use super::World;
use super::dice::Dice;
use super::noise;
use super::paper::Page;
use super::sheets::Printer;
use super::traps::{self, Made};
use super::truth::{self, Truth};

/// Lines with a letter wrong, in a thousand.
pub(super) const MISREAD: usize = 15;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mix {
    /// Loose labelled sheets, twenty a file.
    Loose,
    /// A registration desk: a file is a document.
    Desk,
    /// A fax line.
    Fax,
    /// Stacks with a cover sheet and an end sheet for each document.
    Covers,
    /// Such stacks with a control sheet lost, doubled, in the wrong place, torn, forged, used twice.
    Stacks,
    /// The same at a station that reads both sides and stops at a double feed.
    Duplex,
    /// Loose two-sided sheets at a station that does not notice a double feed.
    Doubles,
    /// Job folders with gaps, late files, files in the wrong order.
    Jobs,
    /// Files that cannot be read.
    Files,
    /// Two hospitals that give numbers of one shape, one with a check digit.
    Hospitals,
    /// What the world does to documents: an index out of date, a trial, a record written over, a wrong merge.
    Times,
    /// Histories and physicals that are nobody's secret.
    Ordinary,
    /// Drawn at 300 dpi and really read.
    Drawn,
}

impl Mix {
    pub(super) const DECLARED: [Self; 4] = [Self::Loose, Self::Desk, Self::Fax, Self::Covers];

    pub(super) const fn station(self) -> &'static str {
        match self {
            Self::Loose => "loose",
            Self::Desk | Self::Files | Self::Hospitals | Self::Times | Self::Ordinary | Self::Drawn => "desk",
            Self::Fax => "fax",
            Self::Covers => "covers",
            Self::Stacks => "stacks",
            Self::Duplex => "duplex",
            Self::Doubles => "doubles",
            Self::Jobs => "jobs",
        }
    }

    const fn documents_a_file(self) -> usize {
        match self {
            Self::Loose => 20,
            Self::Covers => 6,
            _ => 1,
        }
    }
}

/// What no reading can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unseen {
    /// The label itself is another's.
    Label,
    /// A sheet that says nothing lay in another's pile (`domain.md` FS-14).
    Pile,
}

/// A document in its file.
pub(super) struct Placed {
    pub(super) trap: &'static str,
    pub(super) truth: Truth,
    /// Numbers of its pages in the file, from 1.
    pub(super) pages: Vec<u32>,
    /// Whose each of them is.
    pub(super) whose: Vec<Option<usize>>,
    pub(super) unseen: Option<Unseen>,
}

/// One file of a station, or one job folder.
pub(super) struct Scan {
    pub(super) mix: Mix,
    /// The station it comes from, where that is not the mix's own.
    pub(super) station: &'static str,
    pub(super) name: String,
    pub(super) pages: Vec<Page>,
    pub(super) documents: Vec<Placed>,
    /// Why no page of it can be read, as the reader says it.
    pub(super) fault: Option<&'static str>,
}

impl Scan {
    pub(super) fn new(mix: Mix, name: String) -> Self {
        Self { mix, station: mix.station(), name, pages: Vec::new(), documents: Vec::new(), fault: None }
    }

    /// For the scripted reader.
    pub(super) fn script(&self) -> anyhow::Result<String> {
        let pages: Vec<String> = match self.fault {
            Some(fault) => vec![format!("@fault {fault}\n{}\n", self.name)],
            None => self.pages.iter().map(script_of).collect::<anyhow::Result<_>>()?,
        };
        Ok(format!("{FIRST_LINE}{}", pages.join("\u{c}\n")))
    }

    /// Puts a document behind what is there. `None`: a page of ours, that belongs to no document.
    pub(super) fn add(&mut self, made: Made, truth: Truth) {
        let first = self.pages.len() as u32 + 1;
        let Made { trap, pages, whose, unseen, .. } = made;
        let numbers = (first..).take(pages.len()).collect();
        self.pages.extend(pages);
        self.documents.push(Placed { trap, truth, pages: numbers, whose, unseen });
    }
}

pub(super) const FIRST_LINE: &str = "%CHARTROOM-SCRIPT 1\n";

pub(super) fn script_of(page: &Page) -> anyhow::Result<String> {
    Ok(format!("@reading {}\n", serde_json::to_string(&page.reading())?))
}

/// A document as it is read, and what should become of it.
pub(super) fn read(mut made: Made, dice: &mut Dice) -> (Made, Truth) {
    let mut harm = noise::Harm::default();
    for page in &mut made.pages {
        let page_harm = noise::read_badly(page, MISREAD, dice);
        harm.misread += page_harm.misread;
        harm.faint += page_harm.faint;
    }
    let truth = truth::of(&made, harm);
    (made, truth)
}

/// So many documents of a declared mix.
pub(super) fn scans(
    mix: Mix,
    documents: usize,
    world: &World,
    printer: &mut Printer,
    dice: &mut Dice,
) -> anyhow::Result<Vec<Scan>> {
    let (mut scans, mut left) = (Vec::new(), documents);
    while left > 0 {
        let count = mix.documents_a_file().min(left);
        left -= count;
        let mut scan = Scan::new(mix, format!("{}-{:05}.txt", mix.station(), scans.len()));
        for _ in 0..count {
            let dice = &mut dice.split();
            let (mut made, truth) = read(traps::make(world, mix == Mix::Loose, dice), dice);
            match mix {
                Mix::Fax => {
                    made.pages.iter_mut().for_each(|page| banner(page, dice));
                    scan.add(made, truth);
                }
                Mix::Covers => covered(&mut scan, made, truth, world, printer, dice)?,
                _ => scan.add(made, truth),
            }
        }
        scans.push(scan);
    }
    Ok(scans)
}

/// Under a cover sheet and before its end sheet, for whom the stack says; what is nobody's has none.
fn covered(
    scan: &mut Scan,
    made: Made,
    truth: Truth,
    world: &World,
    printer: &mut Printer,
    dice: &mut Dice,
) -> anyhow::Result<()> {
    match made.whose.iter().flatten().next().filter(|_| made.unseen.is_none()) {
        Some(who) => {
            let cover = printer.cover(&world.people.all[*who], None, dice)?;
            let truth = truth::under_a_cover(truth, &made);
            scan.pages.push(cover.front);
            scan.add(made, truth);
            scan.pages.push(cover.end);
        }
        None => scan.add(made, truth),
    }
    Ok(())
}

/// A machine on the way prints its line at the top edge.
fn banner(page: &mut Page, dice: &mut Dice) {
    let day = dice.between(10, 28);
    page.at(150, 40, &format!("03/{day}/2025  10:22   FROM: CLINIC FAX   555-013-2210   P. 1/3"));
}
