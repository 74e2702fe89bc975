//! Which pages are there, and what is true of them?

use paper::prepare::deskew::straightened;
use paper::prepare::plane::Plane;
use paper::raster::Raster;
use records::geometry::{Rect, Turn};
use records::reading::Symbology;

use crate::canvas::{Spot, print};
use crate::clutter::Clutter;
use crate::codes::{Code, MACHINE_READ, patch_as_it_lies};
use crate::damage::Damage;
use crate::dice::Dice;

/// A page and the truth.
pub(crate) struct Page {
    pub(crate) raster: Raster,
    pub(crate) damage: Damage,
    /// What it is full of instead of symbols.
    pub(crate) clutter: Option<Clutter>,
    pub(crate) truth: Vec<Truth>,
}

pub(crate) struct Truth {
    pub(crate) symbology: Symbology,
    pub(crate) text: String,
    pub(crate) place: Rect,
}

/// Print to put symbols on; drawing it takes longer than all the rest.
pub(crate) struct Printed(Vec<Plane>);

impl Printed {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, u64::MAX);
        Self((0..10).map(|at| crate::print::page(&mut dice, at % 2 == 1)).collect())
    }
}

/// The `number`th page with symbols.
pub(crate) fn with_codes(printed: &Printed, seed: u64, number: u32) -> Page {
    let mut dice = Dice::new(seed, number.into());
    let damage = Damage::ALL[number as usize % Damage::ALL.len()];
    let (turn, skew) = leaning(damage, &mut dice);
    let mut page = laid(printed.0[number as usize % printed.0.len()].clone(), turn, skew);
    let degrees = (quarter(turn) as f32 * 90.0 + skew).rem_euclid(360.0);

    let count = if dice.often(0.1) { 8 } else { 1 + dice.below(4) };
    let mut taken: Vec<Rect> = Vec::new();
    let mut truth = Vec::new();
    for own in 0..count {
        // Every symbology is as often under every damage.
        let kind = (number / Damage::ALL.len() as u32 + own) as usize % MACHINE_READ.len();
        let code = Code::of(MACHINE_READ[kind], &mut dice);
        truth.extend(put(&mut page, &code, degrees, damage, &mut taken, &mut dice));
    }
    if dice.often(0.25) {
        let code = Code::of(Symbology::Patch, &mut dice);
        truth.extend(put(&mut page, &code, degrees, damage, &mut taken, &mut dice));
    }
    Page { raster: damage.done(page, &mut dice), damage, clutter: None, truth }
}

/// The `number`th page without.
pub(crate) fn without_codes(printed: &Printed, seed: u64, number: u32) -> Page {
    let mut dice = Dice::new(seed, u64::from(number) | 1 << 40);
    let clutter = Clutter::ALL[number as usize % Clutter::ALL.len()];
    let damage = Damage::ALL[(number as usize / Clutter::ALL.len()) % Damage::ALL.len()];
    let tables = usize::from(clutter == Clutter::Table);
    let mut page = printed.0[(number as usize * 2 + tables) % printed.0.len()].clone();
    clutter.drawn(&mut page, &mut dice);
    let (turn, skew) = leaning(damage, &mut dice);
    let page = laid(page, turn, skew);
    Page { raster: damage.done(page, &mut dice), damage, clutter: Some(clutter), truth: Vec::new() }
}

/// Half of the pages upright; nearly straight but for those that are meant not to be.
fn leaning(damage: Damage, dice: &mut Dice) -> (Turn, f32) {
    let turn = *dice.pick(&[Turn::None, Turn::None, Turn::None, Turn::Right, Turn::Half, Turn::Left]);
    let most = if damage == Damage::Skewed { 15.0 } else { 2.0 };
    let skew = if damage != Damage::Skewed && dice.often(0.4) { 0.0 } else { dice.between(-most, most) };
    (turn, skew)
}

const fn quarter(turn: Turn) -> u32 {
    match turn {
        Turn::None => 0,
        Turn::Right => 1,
        Turn::Half => 2,
        Turn::Left => 3,
    }
}

/// As it lies on the glass: turned, and falling to the right by so many degrees.
fn laid(page: Plane, turn: Turn, skew: f32) -> Plane {
    let page = page.turned(turn);
    if skew == 0.0 { page } else { straightened(&page, -skew) }
}

/// Puts the symbol where none is yet; nothing where no room is left.
fn put(
    page: &mut Plane,
    code: &Code,
    page_degrees: f32,
    damage: Damage,
    taken: &mut Vec<Rect>,
    dice: &mut Dice,
) -> Option<Truth> {
    // Labels are stuck on sideways, too.
    let own = if dice.often(0.15) { *dice.pick(&[90.0, 180.0, 270.0]) } else { 0.0 };
    let degrees = (page_degrees + own).rem_euclid(360.0);
    let (module, bar) = match (code.symbology, code.is_linear()) {
        // A narrow bar of 0.08 in; bars of 0.8 to 2 in.
        (Symbology::Patch, _) => (6.0, dice.between(240.0, 600.0)),
        (_, linear) => {
            let fine = damage == Damage::Small;
            let module = match fine {
                true => dice.between(2.0, 2.6),
                false if linear => dice.between(3.0, 5.5),
                false => dice.between(3.5, 8.0),
            };
            (module, dice.between(60.0, 160.0))
        }
    };
    for _ in 0..40 {
        let spot = Spot {
            x: dice.between(0.0, page.width as f32),
            y: dice.between(0.0, page.height as f32),
            degrees,
            module,
            bar,
        };
        let place = spot.place(code);
        let inside = place.x > 20
            && place.y > 20
            && place.right() + 20 < page.width
            && place.bottom() + 20 < page.height;
        if !inside || taken.iter().any(|other| other.overlap(place.grown(10)) > 0) {
            continue;
        }
        taken.push(place);
        print(page, code, spot);
        let text = match code.symbology {
            Symbology::Patch => patch_as_it_lies(&code.text, degrees).to_owned(),
            _ => code.text.clone(),
        };
        return Some(Truth { symbology: code.symbology, text, place });
    }
    None
}
