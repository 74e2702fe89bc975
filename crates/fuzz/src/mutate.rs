//! How is an input changed so that it is still almost what it was?

/// Random numbers that are the same in every run (xorshift64*).
pub(crate) struct Chance(u64);

/// Where decoders count, shift and multiply.
const EDGES: [u64; 12] =
    [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, u64::MAX];
/// Steps of one change.
const MOST_STEPS: usize = 6;

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// From 0, less than `bound`; 0 for no bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() >> 33) as usize % bound.max(1)
    }

    /// One of the seeds, changed.
    pub(crate) fn changed(&mut self, seeds: &[Vec<u8>], words: &[&[u8]], most: usize) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(MOST_STEPS) {
            self.step(&mut bytes, seeds, words);
        }
        bytes.truncate(most);
        bytes
    }

    fn step(&mut self, bytes: &mut Vec<u8>, seeds: &[Vec<u8>], words: &[&[u8]]) {
        let at = self.below(bytes.len());
        let longest = 1 << self.below(10);
        let length = 1 + self.below(longest);
        let end = bytes.len().min(at + length);
        match self.below(10) {
            0 | 1 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
            2 if at < bytes.len() => bytes[at] = self.next() as u8,
            // A number at the edge of its kind, in either order of bytes.
            3 | 4 => {
                let size = [1, 2, 4, 8][self.below(4)];
                let edge = EDGES[self.below(EDGES.len())];
                let number = if self.below(2) == 0 {
                    edge.to_le_bytes()[..size].to_vec()
                } else {
                    edge.to_be_bytes()[8 - size..].to_vec()
                };
                put(bytes, at, &number);
            }
            5 => drop(bytes.drain(at..end)),
            6 => {
                let again = bytes[at..end].to_vec();
                let to = self.below(bytes.len());
                bytes.splice(to..to, again);
            }
            7 => bytes.truncate(at),
            8 if !words.is_empty() => {
                let word = words[self.below(words.len())];
                if self.below(2) == 0 {
                    put(bytes, at, word)
                } else {
                    drop(bytes.splice(at..at, word.iter().copied()))
                }
            }
            // A piece of another.
            _ => {
                let other = &seeds[self.below(seeds.len())];
                let from = self.below(other.len());
                let piece = &other[from..other.len().min(from + length)];
                put(bytes, at, piece);
            }
        }
    }
}

/// Writes over what is there, and beyond its end.
fn put(bytes: &mut Vec<u8>, at: usize, what: &[u8]) {
    let end = (at + what.len()).min(bytes.len());
    bytes.splice(at..end, what.iter().copied());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_inputs_and_few_are_alike() {
        let seeds = [b"a scan of a page".to_vec(), vec![0; 40], Vec::new()];
        let inputs = || {
            let mut chance = Chance::new(7);
            (0..1000).map(|_| chance.changed(&seeds, &[b"endobj"], 100)).collect::<Vec<_>>()
        };
        let (mut all, again) = (inputs(), inputs());
        assert_eq!(all, again);
        assert!(all.iter().all(|input| input.len() <= 100));
        all.sort();
        all.dedup();
        assert!(all.len() > 600, "{} of 1000 differ", all.len());
    }
}
