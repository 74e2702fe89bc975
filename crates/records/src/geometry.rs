//! Where on a page? Everything is in pixels of the *upright frame*, origin top left.
//!
//! The upright frame is the original raster resampled to square pixels at its finer resolution and turned by
//! a multiple of 90°; it is not deskewed and not cropped.

use serde::{Deserialize, Serialize};

/// An axis-parallel box in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rect {
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

impl Rect {
    /// Pixels.
    pub const fn area(self) -> u64 {
        self.w as u64 * self.h as u64
    }

    pub const fn right(self) -> u32 {
        self.x + self.w
    }

    pub const fn bottom(self) -> u32 {
        self.y + self.h
    }

    /// Centre, rounded down.
    pub const fn centre(self) -> (u32, u32) {
        (self.x + self.w / 2, self.y + self.h / 2)
    }

    /// The smallest box that holds both.
    pub fn union(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self { x, y, w: self.right().max(other.right()) - x, h: self.bottom().max(other.bottom()) - y }
    }

    /// Area shared by both, in pixels.
    pub fn overlap(self, other: Self) -> u64 {
        let w = self.right().min(other.right()).saturating_sub(self.x.max(other.x));
        let h = self.bottom().min(other.bottom()).saturating_sub(self.y.max(other.y));
        u64::from(w) * u64::from(h)
    }

    /// Whether the point lies inside.
    pub const fn holds(self, x: u32, y: u32) -> bool {
        x >= self.x && y >= self.y && x < self.right() && y < self.bottom()
    }

    /// Grown by `by` pixels on every side, stopping at the origin.
    pub const fn grown(self, by: u32) -> Self {
        let (x, y) = (self.x.saturating_sub(by), self.y.saturating_sub(by));
        Self { x, y, w: self.right() + by - x, h: self.bottom() + by - y }
    }
}

/// What was done to set a page upright, in degrees clockwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "u16", try_from = "u16")]
pub enum Turn {
    #[default]
    None,
    Right,
    Half,
    Left,
}

impl Turn {
    /// Degrees clockwise: 0, 90, 180 or 270.
    pub const fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Right => 90,
            Self::Half => 180,
            Self::Left => 270,
        }
    }

    /// This turn and then the other.
    pub fn then(self, other: Self) -> Self {
        Self::try_from((self.degrees() + other.degrees()) % 360).expect("a multiple of 90 below 360")
    }

    /// The turn that undoes this one.
    pub fn back(self) -> Self {
        Self::try_from((360 - self.degrees()) % 360).expect("a multiple of 90 below 360")
    }

    /// Whether width and height change places.
    pub const fn swaps(self) -> bool {
        matches!(self, Self::Right | Self::Left)
    }
}

impl From<Turn> for u16 {
    fn from(turn: Turn) -> Self {
        turn.degrees()
    }
}

impl TryFrom<u16> for Turn {
    type Error = String;

    fn try_from(degrees: u16) -> Result<Self, String> {
        match degrees {
            0 => Ok(Self::None),
            90 => Ok(Self::Right),
            180 => Ok(Self::Half),
            270 => Ok(Self::Left),
            other => Err(format!("a page is turned by 0, 90, 180 or 270 degrees, not by {other}")),
        }
    }
}
