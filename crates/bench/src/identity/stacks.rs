//! What happens to control sheets, and to two sheets that go through at once?
//!
//! Stacks of documents under cover sheets, each with one accident. Nobody's page may lie in another's chart then;
//! where a rule says what a person must be told, that is expected too.

mod accident;

use accident::{ACCIDENTS, Accident};

use super::World;
use super::dice::Dice;
use super::forms::{LAYOUTS, Shown, a_title, day_of_service, page};
use super::mixes::{Mix, Placed, Scan, Unseen};
use super::paper::Page;
use super::sheets::{Cover, Printer};
use super::truth::Truth;

/// Documents in a stack.
const DOCUMENTS: usize = 4;

/// Documents under a cover sheet that is used a second time later: the first of their stack.
pub(super) const FIRST_USE: &str = "a cover sheet used twice";

/// A sheet of paper: its front, its back, and what is known of it.
#[derive(Clone)]
struct Leaf {
    front: Page,
    /// Only at two-sided stations.
    back: Option<Page>,
    role: Role,
    whose: usize,
    /// Whose the back is, where that is somebody else.
    back_whose: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Cover(usize),
    End(usize),
    /// Of the document of this place in the stack.
    Page(usize),
}

impl Role {
    const fn is_control(self) -> bool {
        !matches!(self, Self::Page(_))
    }

    const fn document(self) -> usize {
        match self {
            Self::Cover(of) | Self::End(of) | Self::Page(of) => of,
        }
    }
}

/// Stacks of about so many documents, and those that come after: with a cover sheet that was used before.
pub(super) fn stacks(
    mix: Mix,
    documents: usize,
    world: &World,
    printer: &mut Printer,
    dice: &mut Dice,
) -> anyhow::Result<(Vec<Scan>, Vec<Scan>)> {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for nth in 0..documents.div_ceil(DOCUMENTS) {
        let dice = &mut dice.split();
        let mut stack = Stack::build(mix, world, printer, dice)?;
        let name = format!("{}-{nth:05}.txt", mix.station());
        if nth % 3 == 0 {
            let again = stack.again(world, dice);
            stack.truths[0] = Truth::Either;
            let mut again = again.scan(mix, name.replace(".txt", "-again.txt"), Accident::UsedTwice);
            again.documents.iter_mut().for_each(|placed| placed.trap = "the second use of a cover sheet");
            second.push(again);
            first.push(stack.scan(mix, name, Accident::UsedTwice));
        } else {
            let accident =
                if nth % 3 == 1 && mix == Mix::Duplex { Accident::FedDouble } else { *dice.pick(&ACCIDENTS) };
            stack.happen(accident, world, dice)?;
            first.push(stack.scan(mix, name, accident));
        }
    }
    Ok((first, second))
}

struct Stack {
    leaves: Vec<Leaf>,
    people: Vec<usize>,
    covers: Vec<Cover>,
    truths: Vec<Truth>,
    /// Whether somebody counted its sheets.
    counted: Vec<bool>,
    /// The document among whose sheets lies one of another's.
    mixed_in: Option<usize>,
    two_sided: bool,
}

impl Stack {
    fn build(mix: Mix, world: &World, printer: &mut Printer, dice: &mut Dice) -> anyhow::Result<Self> {
        let mut people: Vec<usize> = Vec::new();
        for _ in 0..DOCUMENTS {
            people.push(world.people.another(&people, dice));
        }
        let mut stack = Self {
            leaves: Vec::new(),
            people,
            covers: Vec::new(),
            truths: vec![Truth::Fileable; DOCUMENTS],
            counted: Vec::new(),
            mixed_in: None,
            two_sided: mix == Mix::Duplex,
        };
        for of in 0..DOCUMENTS {
            let who = stack.people[of];
            let pages = stack.pages(of, world, dice);
            // Three ways in which the end is sure: an end sheet, a count, both.
            let ways = dice.below(3);
            let counted = (ways > 0).then_some(pages.len() as u32);
            let cover = printer.cover(&world.people.all[who], counted, dice)?;
            stack.leaves.push(stack.control(&cover.front, Role::Cover(of), who));
            stack.leaves.extend(pages);
            if ways < 2 {
                stack.leaves.push(stack.control(&cover.end, Role::End(of), who));
            }
            stack.covers.push(cover);
            stack.counted.push(counted.is_some());
        }
        Ok(stack)
    }

    fn control(&self, page: &Page, role: Role, whose: usize) -> Leaf {
        Leaf {
            front: page.clone(),
            back: self.two_sided.then(|| page.clone()),
            role,
            whose,
            back_whose: None,
        }
    }

    /// A first page that says whose it is, and up to two that say nothing.
    fn pages(&self, of: usize, world: &World, dice: &mut Dice) -> Vec<Leaf> {
        let whose = self.people[of];
        let person = &world.people.all[whose];
        let (title, visit, layout) = (a_title(dice), day_of_service(person, dice), dice.below(LAYOUTS));
        let count = 1 + dice.below(3);
        (0..count)
            .map(|nth| {
                let shown = if nth == 0 { Shown::all(person) } else { Shown::nothing() };
                let front = page(world, title, visit, &shown, layout, dice);
                let back = match dice.below(3) {
                    0 => Page::white(),
                    1 => page(world, title, visit, &Shown::nothing(), layout, dice),
                    _ => page(world, title, visit, &Shown::all(person), layout, dice),
                };
                let back = self.two_sided.then_some(back);
                Leaf { front, back, role: Role::Page(of), whose, back_whose: None }
            })
            .collect()
    }

    /// The same cover sheet over another document of the same person.
    fn again(&self, world: &World, dice: &mut Dice) -> Self {
        let pages = self.pages(0, world, dice);
        let mut leaves = vec![self.control(&self.covers[0].front, Role::Cover(0), self.people[0])];
        leaves.extend(pages);
        leaves.push(self.control(&self.covers[0].end, Role::End(0), self.people[0]));
        Self {
            leaves,
            people: vec![self.people[0]],
            covers: self.covers.clone(),
            truths: vec![Truth::Held(&["COVERSHEET_REUSED"])],
            counted: vec![self.counted[0]],
            mixed_in: None,
            two_sided: self.two_sided,
        }
    }

    /// Pages in their order; a document is what belongs together in truth, wherever its pages lie.
    fn scan(self, mix: Mix, name: String, accident: Accident) -> Scan {
        let mut scan = Scan::new(mix, name);
        let mut placed: Vec<Placed> = self
            .truths
            .iter()
            .enumerate()
            .map(|(of, truth)| Placed {
                trap: if accident == Accident::UsedTwice && of > 0 { "good stack" } else { accident.words() },
                truth: *truth,
                pages: Vec::new(),
                whose: Vec::new(),
                unseen: (self.mixed_in == Some(of)).then_some(Unseen::Pile),
            })
            .collect();
        for leaf in self.leaves {
            let sides = [
                Some((leaf.front, leaf.whose)),
                leaf.back.map(|back| (back, leaf.back_whose.unwrap_or(leaf.whose))),
            ];
            for (page, whose) in sides.into_iter().flatten() {
                let of = &mut placed[leaf.role.document()];
                let ours = page.lines.first().is_some_and(|line| line.text == records::sheet::MARK);
                if !ours && !page.blank {
                    of.pages.push(scan.pages.len() as u32 + 1);
                    of.whose.push(Some(whose));
                }
                scan.pages.push(page);
            }
        }
        placed.retain(|placed| !placed.pages.is_empty());
        scan.documents = placed;
        scan
    }
}
