//! What comes on paper: good documents, and every trap we know. Each says of every page whose it truly is.

mod head;
mod matter;

use super::World;
use super::dice::Dice;
use super::forms::{BESIDE, LAYOUTS, Shown, beside, day_of_service, document};
use super::mixes::Unseen;
use super::paper::Page;

/// What should become of a document whose reading is perfect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Should {
    File,
    /// With one of these reasons among those given; the first is what it is made for.
    Hold(&'static [&'static str]),
}

/// One document as it lies in the stack.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) trap: &'static str,
    pub(super) pages: Vec<Page>,
    /// Whose each page is: a patient of the list, or nobody's on it.
    pub(super) whose: Vec<Option<usize>>,
    pub(super) should: Should,
    pub(super) unseen: Option<Unseen>,
}

/// Pages, and whose they are.
struct Drawn {
    pages: Vec<Page>,
    whose: Vec<Option<usize>>,
    unseen: Option<Unseen>,
}

impl Drawn {
    fn of(who: usize, pages: Vec<Page>) -> Self {
        Self { whose: vec![Some(who); pages.len()], pages, unseen: None }
    }

    fn nobodys(pages: Vec<Page>) -> Self {
        Self { whose: vec![None; pages.len()], pages, unseen: None }
    }
}

/// Share of good documents, in a thousand.
const GOOD: usize = 480;

pub(super) const TRAPS: &[(&str, Should)] = &[
    ("no identity", Should::Hold(&["NO_ID"])),
    ("name and birth date only", Should::Hold(&["NO_NUMBER"])),
    ("number only", Should::Hold(&["ONE_ID_ONLY"])),
    ("number and name only", Should::Hold(&["ONE_DEMOGRAPHIC"])),
    ("number and birth date only", Should::Hold(&["ONE_DEMOGRAPHIC", "ONE_ID_ONLY"])),
    ("number not in the index", Should::Hold(&["ID_NOT_IN_MPI"])),
    ("second page of another patient", Should::Hold(&["MULTI_PATIENT"])),
    ("two labels on a page", Should::Hold(&["MULTI_PATIENT"])),
    ("another's name", Should::Hold(&["NAME_MISMATCH", "MULTI_PATIENT"])),
    ("a similar name", Should::Hold(&["NAME_MISMATCH"])),
    ("another birth date", Should::Hold(&["DOB_MISMATCH"])),
    ("day and month swapped", Should::Hold(&["DOB_MISMATCH"])),
    ("the other sex", Should::Hold(&["SEX_MISMATCH"])),
    ("bars that decode two ways", Should::Hold(&["DECODER_DISAGREE"])),
    ("bars unlike the print below", Should::Hold(&["HRI_MISMATCH", "MULTI_PATIENT"])),
    ("same name and birth date as another", Should::Hold(&["NOT_UNIQUE", "NAME_ALERT"])),
    ("father and son", Should::Hold(&["NAME_MISMATCH", "DOB_MISMATCH", "NOT_UNIQUE", "NAME_ALERT"])),
    ("retired number without birth date", Should::Hold(&["ID_RETIRED", "ONE_DEMOGRAPHIC"])),
    ("service before birth", Should::Hold(&["DOS_IMPLAUSIBLE"])),
    ("faint number", Should::Hold(&["OCR_LOW"])),
    ("poor picture", Should::Hold(&["QC_FAIL"])),
    ("label that could not be read", Should::Hold(&["ID_UNREAD"])),
    ("sensitive kind", Should::Hold(&["TYPE_SENSITIVE"])),
    ("somebody without a name", Should::Hold(&["NAME_ALERT"])),
    ("newborn without bars", Should::Hold(&["ONE_DEMOGRAPHIC", "NAME_MISMATCH"])),
    ("newborn with bars", Should::File),
    ("age and sex of somebody else in the text", Should::Hold(&["SEX_MISMATCH", "DOB_MISMATCH"])),
    ("list of many patients", Should::Hold(&["MULTI_PATIENT"])),
    ("list of the sender's patients in front", Should::Hold(&["MULTI_PATIENT", "SEPARATOR_MISSING"])),
    (
        "licence of a parent behind",
        Should::Hold(&["TYPE_SENSITIVE", "NAME_MISMATCH", "DOB_MISMATCH", "MULTI_PATIENT", "SILENT_RUN"]),
    ),
    ("silent pages behind", Should::Hold(&["SILENT_RUN", "SEPARATOR_MISSING", "NO_ID"])),
    ("page missing in the count", Should::Hold(&["PAGE_GAP"])),
    ("another form begins and names nobody", Should::Hold(&["SEPARATOR_MISSING", "SILENT_RUN"])),
    ("two forms of the patient in one file", Should::File),
    ("a page no machine can read", Should::Hold(&["PAGE_UNREADABLE"])),
    ("outside facility's number only", Should::Hold(&["NO_NUMBER", "NO_ID"])),
    ("wrong label on the right form", Should::File),
];

/// Drawn twice as often, or more: what they are held for nothing else is.
const RARE: [&str; 16] = [
    "same name and birth date as another",
    "number only",
    "faint number",
    "poor picture",
    "label that could not be read",
    "service before birth",
    "bars that decode two ways",
    "bars unlike the print below",
    "somebody without a name",
    "retired number without birth date",
    "page missing in the count",
    "a page no machine can read",
    "a page no machine can read",
    "silent pages behind",
    "no identity",
    "number not in the index",
];

/// A document for a station that takes several pages as one (`loose`: always one page).
pub(super) fn make(world: &World, loose: bool, dice: &mut Dice) -> Made {
    if dice.per_mille(GOOD) {
        return good(world, loose, dice);
    }
    loop {
        let at = dice.below(TRAPS.len() + RARE.len());
        let rare = |at: usize| TRAPS.iter().find(|(trap, _)| *trap == RARE[at - TRAPS.len()]);
        let Some((trap, should)) = TRAPS.get(at).or_else(|| rare(at)).copied() else { continue };
        if let Some(made) = trapped(world, trap, should, loose, dice) {
            return made;
        }
    }
}

/// Whom nobody resembles, now and then under a number that was replaced.
pub(super) fn good(world: &World, loose: bool, dice: &mut Dice) -> Made {
    let people = &world.people;
    let who = if dice.per_mille(40) { *dice.pick(&people.merged) } else { *dice.pick(&people.plain) };
    let count = if loose { 1 } else { 1 + dice.below(3) };
    good_of(world, who, count, dice)
}

pub(super) fn good_of(world: &World, who: usize, count: usize, dice: &mut Dice) -> Made {
    let person = &world.people.all[who];
    let visit = day_of_service(person, dice);
    let mut pages = document(world, visit, &Shown::all(person), count, dice.below(LAYOUTS), dice);
    let mut trap = "good";
    if dice.per_mille(350) {
        let (name, lines) = beside(world, person, visit, dice.below(BESIDE), dice);
        trap = name;
        for (y, line) in (2800..).step_by(55).zip(&lines) {
            pages[0].at(200, y, line);
        }
    }
    Made { trap, whose: vec![Some(who); pages.len()], pages, should: Should::File, unseen: None }
}

fn trapped(world: &World, trap: &'static str, should: Should, loose: bool, dice: &mut Dice) -> Option<Made> {
    let scene = Scene::set(world, dice);
    let drawn = head::draw(trap, &scene, dice)
        .or_else(|| matter::on_one_page(trap, &scene, dice))
        .or_else(|| if loose { None } else { matter::on_several(trap, &scene, dice) })?;
    let Drawn { pages, whose, unseen } = drawn;
    Some(Made { trap, pages, whose, should, unseen })
}

/// Who is in the play, and on which form.
struct Scene<'w> {
    world: &'w World,
    who: usize,
    /// Somebody else, in no way like them.
    other: usize,
    layout: usize,
}

impl<'w> Scene<'w> {
    fn set(world: &'w World, dice: &mut Dice) -> Self {
        let who = *dice.pick(&world.people.plain);
        Self { world, who, other: world.people.another(&[who], dice), layout: dice.below(LAYOUTS) }
    }

    fn person(&self) -> &'w super::people::Person {
        &self.world.people.all[self.who]
    }

    fn second(&self) -> &'w super::people::Person {
        &self.world.people.all[self.other]
    }

    fn sheet(&self, shown: &Shown, layout: usize, dice: &mut Dice) -> Page {
        super::forms::sheet(self.world, self.person(), shown, layout, dice)
    }
}
