//! Compares numbers by value, whatever their spelling.

/// Whether two JSON or YAML core-schema number texts stand for the same number. Integers compare exactly up to 128
/// bits, all else as 64-bit floats; `.nan` equals itself.
pub(super) fn same_number(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    match (integer(a), integer(b)) {
        (Some(a), Some(b)) => a == b,
        _ => match (float(a), float(b)) {
            (Some(a), Some(b)) => a == b || a.is_nan() && b.is_nan(),
            _ => false,
        },
    }
}

fn integer(text: &str) -> Option<i128> {
    if let Some(digits) = text.strip_prefix("0x") {
        return i128::from_str_radix(digits, 16).ok();
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return i128::from_str_radix(digits, 8).ok();
    }
    text.parse().ok()
}

fn float(text: &str) -> Option<f64> {
    let (negative, magnitude) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let value: f64 = match magnitude {
        ".inf" | ".Inf" | ".INF" => f64::INFINITY,
        ".nan" | ".NaN" | ".NAN" => f64::NAN,
        _ => match integer(magnitude) {
            Some(whole) => whole as f64,
            // What overflows is not known any more, so it equals its own spelling only.
            None => magnitude
                .parse()
                .ok()
                .filter(|value: &f64| value.is_finite())?,
        },
    };
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::same_number;

    #[test]
    fn spelling_does_not_matter() {
        for (a, b) in [
            ("1", "1.0"),
            ("1e2", "100"),
            ("0x1F", "31"),
            ("0o17", "+15"),
            ("-0", "0.0"),
            ("-.inf", "-.INF"),
            (".nan", ".NaN"),
            ("1e400", "1e400"),
        ] {
            assert!(same_number(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("1", "2"),
            ("9007199254740993", "9007199254740992"),
            (".inf", "-.inf"),
            ("1", ".nan"),
            ("1e400", "2e400"),
        ] {
            assert!(!same_number(a, b), "{a} {b}");
        }
    }
}
