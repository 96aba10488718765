//! Reproducible numbers: a hash of texts and a seeded sequence. The same seed gives the same numbers on every machine.

/// FNV-1a over the bytes, then mixed so that similar texts land far apart.
pub fn hash(text: &str) -> u64 {
    let fnv = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |state: u64, byte| {
            (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    mix(fnv)
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): a bijection in which every bit depends on all.
pub const fn mix(mut state: u64) -> u64 {
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// A SplitMix64 sequence.
#[derive(Debug, Clone)]
pub struct Sequence(u64);

impl Sequence {
    /// The sequence of `seed` for one named purpose; other purposes do not disturb it.
    pub fn new(seed: u64, purpose: &str) -> Self {
        Self(mix(seed) ^ hash(purpose))
    }

    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Uniform in `0..bound`; `bound` must not be 0. The bias of the remainder is below 2^-32 for the small bounds used here.
    pub const fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Uniform in `low..=high`.
    pub const fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// True once in `n` draws.
    pub const fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// Uniform in `(0, 1]`.
    pub const fn unit(&mut self) -> f64 {
        // 53 bits are what a double holds exactly.
        ((self.next() >> 11) + 1) as f64 / (1u64 << 53) as f64
    }

    /// Exponentially distributed with this mean: the gaps between independent arrivals.
    pub fn gap(&mut self, mean: f64) -> f64 {
        -self.unit().ln() * mean
    }

    /// One of the choices, each as likely as its weight.
    pub fn pick<T: Copy>(&mut self, choices: &[(u32, T)]) -> T {
        let total: u64 = choices.iter().map(|(weight, _)| u64::from(*weight)).sum();
        let mut left = self.below(total);
        for (weight, choice) in choices {
            match left.checked_sub(u64::from(*weight)) {
                Some(rest) => left = rest,
                None => return *choice,
            }
        }
        unreachable!("the draw is below the sum of the weights")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_and_a_purpose_name_one_sequence() {
        let draw = |seed, purpose| {
            let mut sequence = Sequence::new(seed, purpose);
            [sequence.next(), sequence.next(), sequence.next()]
        };
        assert_eq!(draw(1, "a"), draw(1, "a"));
        assert_ne!(draw(1, "a"), draw(2, "a"));
        assert_ne!(draw(1, "a"), draw(1, "b"));
        assert_eq!(hash("towpath"), 0xafc0_9118_6f14_33e5);
    }

    #[test]
    fn draws_follow_their_weights_and_mean() {
        let mut sequence = Sequence::new(7, "weights");
        let picked = (0..10_000)
            .filter(|_| sequence.pick(&[(3, true), (1, false)]))
            .count();
        assert!((7_300..7_700).contains(&picked), "{picked}");
        let mean = (0..10_000).map(|_| sequence.gap(4.0)).sum::<f64>() / 10_000.0;
        assert!((3.8..4.2).contains(&mean), "{mean}");
    }
}
