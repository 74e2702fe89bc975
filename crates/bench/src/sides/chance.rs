//! Chance that can be repeated, in the measures of paper.

use crate::samples::damage::Dice;

pub(super) struct Chance(Dice);

impl Chance {
    /// The same for the same seed and number.
    pub(super) fn of(seed: u64, number: usize) -> Self {
        let mut dice = Dice::new(seed.wrapping_mul(1_000_003).wrapping_add(number as u64 + 1));
        // The first throws of neighbouring seeds are alike.
        (0..8).for_each(|_| {
            dice.next();
        });
        Self(dice)
    }

    /// 0 to `below` − 1.
    pub(super) fn below(&mut self, below: usize) -> usize {
        self.0.below(below as u64) as usize
    }

    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.0.below(1 << 20) as f32 / (1 << 20) as f32
    }

    /// About normal, from −3 to 3, with a spread of 1.
    pub(super) fn normal(&mut self) -> f32 {
        let throw = self.0.next();
        let parts = (0..4).map(|part| (throw >> (part * 16) & 0xFFFF) as f32 / 65_536.0 - 0.5);
        parts.sum::<f32>() * 1.732
    }

    pub(super) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(super) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}
