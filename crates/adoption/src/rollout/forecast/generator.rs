//! A seeded generator of pseudo-random numbers: the same seed gives the same numbers on every machine.

use super::numbers::ln;

/// xoshiro256++ (Blackman and Vigna), its state filled by splitmix64. Not for secrets.
#[derive(Debug, Clone)]
pub struct Generator {
    state: [u64; 4],
    /// The second half of the last pair of normal numbers.
    spare: Option<f64>,
}

impl Generator {
    pub fn new(seed: u64) -> Self {
        let mut mixed = seed;
        let state = std::array::from_fn(|_| splitmix(&mut mixed));
        Self { state, spare: None }
    }

    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.state;
        let drawn = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        drawn
    }

    /// Evenly in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        // 53 bits are what an f64 holds.
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// With mean 1.
    pub fn exponential(&mut self) -> f64 {
        -ln(1.0 - self.unit())
    }

    /// With mean 0 and standard deviation 1 (Marsaglia's polar method).
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let (x, y) = (2.0 * self.unit() - 1.0, 2.0 * self.unit() - 1.0);
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                let scale = (-2.0 * ln(square) / square).sqrt();
                self.spare = Some(y * scale);
                return x * scale;
            }
        }
    }
}

fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

#[cfg(test)]
mod tests {
    use super::Generator;

    #[test]
    fn moments_are_those_named() {
        let mut generator = Generator::new(7);
        let n = 100_000;
        let mean = |draws: &[f64]| draws.iter().sum::<f64>() / draws.len() as f64;
        let unit: Vec<f64> = (0..n).map(|_| generator.unit()).collect();
        let exponential: Vec<f64> = (0..n).map(|_| generator.exponential()).collect();
        let normal: Vec<f64> = (0..n).map(|_| generator.normal()).collect();
        let squares: Vec<f64> = normal.iter().map(|x| x * x).collect();
        assert!((mean(&unit) - 0.5).abs() < 0.01);
        assert!((mean(&exponential) - 1.0).abs() < 0.02);
        assert!(mean(&normal).abs() < 0.02);
        assert!((mean(&squares) - 1.0).abs() < 0.02);
    }

    #[test]
    fn a_seed_is_one_sequence() {
        let draw = |seed| {
            let mut generator = Generator::new(seed);
            [generator.bits(), generator.bits()]
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
