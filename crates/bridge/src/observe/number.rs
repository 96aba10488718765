//! When two number texts stand for the same number: exactly, whatever their size.

/// A JSON number taken apart.
struct Parts<'n> {
    is_negative: bool,
    whole: &'n [u8],
    fraction: &'n [u8],
    exponent: i64,
}

/// Whether `a` and `b` are the same number: `1.0` is `1`, `10e-1` too. What is no number is the same as itself only.
pub(super) fn is_same(a: &[u8], b: &[u8]) -> bool {
    if a == b {
        return true;
    }
    let (Some(a), Some(b)) = (Parts::read(a), Parts::read(b)) else {
        return false;
    };
    match (a.significant(), b.significant()) {
        (None, None) => true,
        (Some(first), Some(second)) => {
            a.is_negative == b.is_negative
                && a.weight(first.0) == b.weight(second.0)
                && first.1 - first.0 == second.1 - second.0
                && (first.0..=first.1)
                    .zip(second.0..)
                    .all(|(at, other)| a.digit(at) == b.digit(other))
        }
        _ => false,
    }
}

impl<'n> Parts<'n> {
    fn read(text: &'n [u8]) -> Option<Self> {
        let (is_negative, text) = match text.strip_prefix(b"-") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let end = text.iter().position(|byte| matches!(byte, b'e' | b'E'));
        let (decimal, exponent) = match end {
            Some(at) => (&text[..at], exponent(&text[at + 1..])?),
            None => (text, 0),
        };
        let point = decimal.iter().position(|byte| *byte == b'.');
        let (whole, fraction) = match point {
            Some(at) => (&decimal[..at], &decimal[at + 1..]),
            None => (decimal, &decimal[..0]),
        };
        let is_digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
        (!whole.is_empty() && is_digits(whole) && is_digits(fraction)).then_some(Self {
            is_negative,
            whole,
            fraction,
            exponent,
        })
    }

    fn digit(&self, at: usize) -> u8 {
        match at.checked_sub(self.whole.len()) {
            None => self.whole[at],
            Some(at) => self.fraction[at],
        }
    }

    /// The power of ten that the digit at `at` stands for.
    fn weight(&self, at: usize) -> i64 {
        (self.whole.len() as i64 - 1 - at as i64).saturating_add(self.exponent)
    }

    /// The first and the last digit that is not 0; `None` for zero.
    fn significant(&self) -> Option<(usize, usize)> {
        let mut all = 0..self.whole.len() + self.fraction.len();
        let first = all.find(|at| self.digit(*at) != b'0')?;
        let last = all.rfind(|at| self.digit(*at) != b'0').unwrap_or(first);
        Some((first, last))
    }
}

fn exponent(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        _ => (1, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // Past 18 digits it is as far from any other number as makes no difference.
    let value = digits.iter().fold(0_i64, |value, digit| {
        value
            .saturating_mul(10)
            .saturating_add(i64::from(digit - b'0'))
    });
    Some(sign * value)
}

#[cfg(test)]
mod tests {
    use super::is_same;

    fn check(a: &str, b: &str, expect: bool) {
        assert_eq!(is_same(a.as_bytes(), b.as_bytes()), expect, "{a} {b}");
        assert_eq!(is_same(b.as_bytes(), a.as_bytes()), expect, "{b} {a}");
    }

    #[test]
    fn numbers_are_told_apart_by_value() {
        check("1", "1", true);
        check("1", "1.0", true);
        check("1", "10e-1", true);
        check("0.5", "5E-1", true);
        check("-0", "0.000", true);
        check("100", "1e+2", true);
        check("120.0", "12e1", true);
        check("9007199254740993", "9007199254740992", false);
        check("1", "-1", false);
        check("1", "11", false);
        check("101", "1001", false);
        check("1", "1e99999999999999999999", false);
        check("0x1F", "31", false);
        check("0x1F", "0x1F", true);
    }
}
