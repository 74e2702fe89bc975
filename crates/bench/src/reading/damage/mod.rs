//! What happened to the page before it became a file?

mod colours;
mod copies;
mod fax;
pub(super) mod geometry;
mod optics;
mod surface;

use image::GrayImage;

use super::layouts::Kind;
use super::page::{Picture, Seen};
use super::texts::Texts;
use crate::dice::Dice;
use optics::{bilevel, blurred, grain, levels};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Damage {
    Clean,
    Blur,
    Noise,
    Specks,
    Skew,
    Fax98,
    Fax196,
    Thermal,
    Carbon,
    Photocopy,
    Photo,
    Stamp,
    Highlighter,
    Shaded,
    Streaks,
    Coarse,
    Jpeg,
    ShowThrough,
}

impl Damage {
    pub(crate) const ALL: [(Self, &'static str); 18] = [
        (Self::Clean, "clean"),
        (Self::Blur, "blur"),
        (Self::Noise, "noise"),
        (Self::Specks, "specks"),
        (Self::Skew, "skew"),
        (Self::Fax98, "fax-98"),
        (Self::Fax196, "fax-196"),
        (Self::Thermal, "thermal"),
        (Self::Carbon, "carbon"),
        (Self::Photocopy, "photocopy"),
        (Self::Photo, "photo"),
        (Self::Stamp, "stamp"),
        (Self::Highlighter, "highlighter"),
        (Self::Shaded, "shaded"),
        (Self::Streaks, "streaks"),
        (Self::Coarse, "coarse"),
        (Self::Jpeg, "jpeg"),
        (Self::ShowThrough, "show-through"),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// What the scanner is set to.
    pub(super) fn dpi(self, dice: &mut Dice) -> u32 {
        match self {
            Self::Fax98 | Self::Fax196 => 204,
            Self::Coarse => 150,
            Self::Jpeg => 200,
            _ => *dice.pick(&[200, 300, 300]),
        }
    }

    /// Kinds of page that this happens to, where not to all.
    pub(crate) fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Shaded => &[Kind::LabRuled, Kind::LabPlain, Kind::Medications, Kind::Form],
            _ => &[],
        }
    }

    pub(super) fn befall(self, seen: &mut Seen, texts: &Texts, dice: &mut Dice) -> anyhow::Result<()> {
        match self {
            Self::Clean => finish(seen, dice),
            Self::Blur => {
                let sigma = seen.points(dice.within(0.42, 0.68));
                let blurry = blurred(&seen.grey(), sigma);
                seen.picture = Picture::Grey(levels(&blurry, 20.0, 245.0));
                grain(seen, 2.0, dice);
            }
            Self::Noise => {
                let soft = blurred(&seen.grey(), 0.7);
                seen.picture =
                    Picture::Grey(levels(&soft, dice.within(25.0, 60.0), dice.within(205.0, 235.0)));
                grain(seen, dice.within(9.0, 24.0), dice);
            }
            Self::Specks => {
                optics::soften(seen, dice);
                surface::specks(seen, dice.within(150.0, 900.0), dice);
                finish_bilevel(seen, 150.0);
            }
            Self::Skew => {
                let side = *dice.pick(&[-1.0, 1.0]);
                geometry::skewed(seen, side * dice.within(0.5, 4.0));
                finish(seen, dice);
            }
            Self::Fax98 => fax::sent(seen, 98, dice),
            Self::Fax196 => fax::sent(seen, 196, dice),
            Self::Thermal => surface::thermal(seen, dice),
            Self::Carbon => copies::carbon(seen, dice),
            Self::Photocopy => copies::photocopied(seen, dice),
            Self::Photo => geometry::photographed(seen, dice),
            Self::Stamp => colours::stamped(seen, dice)?,
            Self::Highlighter => colours::highlighted(seen, dice),
            Self::Shaded => surface::shaded(seen, dice),
            Self::Streaks => surface::streaked(seen, dice),
            Self::Coarse | Self::Jpeg => {
                optics::soften(seen, dice);
                grain(seen, 3.0, dice);
            }
            Self::ShowThrough => surface::shown_through(seen, texts, dice)?,
        }
        Ok(())
    }
}

/// A good office scanner: a little soft, a little grain, paper that is not quite white; half of them make it bilevel.
fn finish(seen: &mut Seen, dice: &mut Dice) {
    optics::soften(seen, dice);
    if dice.below(2) == 0 {
        finish_bilevel(seen, 160.0);
    } else {
        grain(seen, 2.0, dice);
    }
}

fn finish_bilevel(seen: &mut Seen, threshold: f32) {
    let soft: GrayImage = seen.grey();
    seen.picture = Picture::Bilevel(bilevel(&soft, threshold));
}
