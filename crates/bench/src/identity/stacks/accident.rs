//! What befalls a stack, and what must be told of it?

use super::super::World;
use super::super::dice::Dice;
use super::super::forms::{Shown, day_of_service, page};
use super::super::paper::Page;
use super::super::sheets::{forged, torn};
use super::super::truth::Truth;
use super::{DOCUMENTS, FIRST_USE, Leaf, Role, Stack};

use Accident::{
    ControlDoubled, ControlLost, ControlsSwapped, CoverForged, CoverTorn, CoversSwapped, FedDouble,
    Miscounted, MixedIn, NoEnd, OnTheBack, UsedTwice,
};

/// What befalls a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Accident {
    None,
    ControlLost,
    ControlDoubled,
    CoversSwapped,
    ControlsSwapped,
    FedDouble,
    CoverTorn,
    CoverForged,
    Miscounted,
    /// Neither a count nor an end sheet, and pages that say nothing.
    NoEnd,
    UsedTwice,
    /// A sheet of another's that says nothing lies in the wrong pile.
    MixedIn,
    /// Two-sided stations: another's text on the back of a page.
    OnTheBack,
}

pub(super) const ACCIDENTS: [Accident; 18] = [
    Accident::None,
    Accident::None,
    CoverTorn,
    CoverForged,
    CoverTorn,
    CoverForged,
    ControlLost,
    ControlDoubled,
    CoversSwapped,
    ControlsSwapped,
    FedDouble,
    FedDouble,
    CoverTorn,
    CoverForged,
    Miscounted,
    NoEnd,
    MixedIn,
    OnTheBack,
];

impl Accident {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::None => "good stack",
            ControlLost => "a control sheet lost",
            ControlDoubled => "a control sheet twice",
            CoversSwapped => "two cover sheets swapped",
            ControlsSwapped => "two control sheets swapped",
            FedDouble => "two sheets fed at once",
            CoverTorn => "a cover sheet torn",
            CoverForged => "a cover sheet signed by a stranger",
            Miscounted => "a sheet more than counted",
            NoEnd => "no end sheet and silent pages",
            UsedTwice => FIRST_USE,
            MixedIn => "a silent sheet of another's mixed in",
            OnTheBack => "another patient on the back",
        }
    }
}

impl Stack {
    pub(super) fn happen(
        &mut self,
        accident: Accident,
        world: &World,
        dice: &mut Dice,
    ) -> anyhow::Result<()> {
        if accident != Accident::None {
            self.truths.fill(Truth::Either);
        }
        let target = dice.below(DOCUMENTS);
        let controls: Vec<usize> = self.places(Role::is_control);
        let covers = self.places(|role| matches!(role, Role::Cover(_)));
        match accident {
            Accident::None | UsedTwice => {}
            ControlLost => drop(self.leaves.remove(*dice.pick(&controls))),
            ControlDoubled => {
                let at = *dice.pick(&controls);
                let copy = self.leaves[at].clone();
                if let Role::Cover(of) = copy.role {
                    self.truths[of] = Truth::Held(&["COVERSHEET_REUSED"]);
                }
                self.leaves.insert(at + 1, copy);
            }
            CoversSwapped => {
                let other = (target + 1 + dice.below(DOCUMENTS - 1)) % DOCUMENTS;
                self.leaves.swap(covers[target], covers[other]);
                let told = Truth::Held(&["MULTI_PATIENT", "SEPARATOR_MISSING", "PAGECOUNT_MISMATCH"]);
                (self.truths[target], self.truths[other]) = (told, told);
            }
            ControlsSwapped => {
                let (one, other) = (*dice.pick(&controls), *dice.pick(&controls));
                self.leaves.swap(one, other);
            }
            FedDouble => self.feed_double(dice),
            CoverTorn => (0..DOCUMENTS).for_each(|of| {
                self.replace(covers[of], torn);
                self.truths[of] = Truth::Held(&["SHEET_UNREADABLE"]);
            }),
            CoverForged => {
                for (of, at) in covers.iter().enumerate() {
                    let page = forged(&world.people.all[self.people[of]], dice)?;
                    self.replace(*at, |_| page.clone());
                    self.truths[of] = Truth::Held(&["SHEET_FOREIGN"]);
                }
            }
            Miscounted => {
                (0..DOCUMENTS).filter(|of| self.counted[*of]).collect::<Vec<_>>().into_iter().for_each(|of| {
                    self.slip_in(world, of, dice);
                    self.truths[of] = Truth::Held(&["PAGECOUNT_MISMATCH"]);
                })
            }
            NoEnd => (0..DOCUMENTS).filter(|of| !self.counted[*of]).collect::<Vec<_>>().into_iter().for_each(
                |of| {
                    self.slip_in(world, of, dice);
                    self.leaves.retain(|leaf| leaf.role != Role::End(of));
                    self.truths[of] = Truth::Held(&["PAGECOUNT_MISMATCH"]);
                },
            ),
            MixedIn => self.mix_in(world, target, dice),
            OnTheBack => self.on_the_back(world, target, dice),
        }
        Ok(())
    }

    fn places(&self, of: impl Fn(Role) -> bool) -> Vec<usize> {
        (0..self.leaves.len()).filter(|at| of(self.leaves[*at].role)).collect()
    }

    fn replace(&mut self, at: usize, with: impl Fn(Page) -> Page) {
        let leaf = &mut self.leaves[at];
        leaf.front = with(leaf.front.clone());
        leaf.back = leaf.back.take().map(with);
    }

    /// A sheet more that says nothing, behind the others of its document.
    fn slip_in(&mut self, world: &World, of: usize, dice: &mut Dice) {
        let behind = self.places(|role| role == Role::Page(of)).last().map_or(0, |at| at + 1);
        let (front, back) = self.silent(world, of, dice);
        let leaf = Leaf { front, back, role: Role::Page(of), whose: self.people[of], back_whose: None };
        self.leaves.insert(behind, leaf);
    }

    fn silent(&self, world: &World, of: usize, dice: &mut Dice) -> (Page, Option<Page>) {
        let person = &world.people.all[self.people[of]];
        let visit = day_of_service(person, dice);
        let mut silent = || page(world, "PROGRESS NOTE", visit, &Shown::nothing(), 0, dice);
        (silent(), self.two_sided.then(silent))
    }

    /// One image is the front of the upper sheet, the other the back of the lower; at a one-sided station the lower
    /// is not seen at all.
    fn feed_double(&mut self, dice: &mut Dice) {
        // Where sheets of ours are concerned there is something to be seen.
        let beside =
            |at: &usize| self.leaves[*at].role.is_control() || self.leaves[*at + 1].role.is_control();
        let places: Vec<usize> =
            (0..self.leaves.len() - 1).filter(|at| beside(at) || dice.per_mille(300)).collect();
        let at = *dice.pick(&places);
        let lower = self.leaves.remove(at + 1);
        let upper = &mut self.leaves[at];
        let Some(back) = lower.back else { return };
        let ours = upper.role.is_control() || lower.role.is_control();
        let seen = upper.role != lower.role && !back.blank && !upper.front.blank;
        let touched = [upper.role.document(), lower.role.document()];
        upper.back = Some(back);
        upper.back_whose = Some(lower.whose);
        if ours && seen {
            touched.into_iter().for_each(|of| self.truths[of] = Truth::Held(&["DOUBLE_FEED"]));
        }
    }

    fn mix_in(&mut self, world: &World, target: usize, dice: &mut Dice) {
        let other = (target + 1) % DOCUMENTS;
        let pages = self.places(|role| role == Role::Page(target));
        let (front, back) = self.silent(world, other, dice);
        let whose = self.people[other];
        // In the place of a sheet that was there, so that the count is right.
        let at = pages[pages.len() - 1];
        if pages.len() > 1 {
            self.leaves[at] = Leaf { front, back, role: Role::Page(target), whose, back_whose: None };
            self.mixed_in = Some(target);
        }
    }

    fn on_the_back(&mut self, world: &World, target: usize, dice: &mut Dice) {
        if !self.two_sided {
            return;
        }
        let other = world.people.another(&self.people, dice);
        let person = &world.people.all[other];
        let visit = day_of_service(person, dice);
        let at = self.places(|role| role == Role::Page(target))[0];
        self.leaves[at].back = Some(page(world, "PROGRESS NOTE", visit, &Shown::all(person), 0, dice));
        self.leaves[at].back_whose = Some(other);
        self.truths[target] = Truth::Held(&["MULTI_PATIENT", "SEPARATOR_MISSING"]);
    }
}
