//! Instants, dates and markup as the formats write them.

use adoption::Micros;
use jiff::Timestamp;
use jiff::civil::Date;

/// `2027-06-05T14:00:00Z`; the epoch for what no calendar holds.
pub fn rfc3339(at: Micros) -> String {
    timestamp(at).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `20270605T140000Z` (RFC 5545 section 3.3.5, form 2).
pub fn ics_instant(at: Micros) -> String {
    timestamp(at).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// `20270605` (RFC 5545 section 3.3.4).
pub fn ics_date(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

/// `2027-06-05 14:00 UTC`, for people.
pub fn minute(at: Micros) -> String {
    timestamp(at).strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn timestamp(at: Micros) -> Timestamp {
    Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Text for XML and HTML, in content and between double quotes. What XML 1.0 cannot hold is left out.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// One line: whatever could begin another becomes a space.
pub fn one_line(text: &str) -> String {
    let clean = |c: char| match c {
        c if c.is_control() || c == '\u{2028}' || c == '\u{2029}' => ' ',
        c => c,
    };
    text.chars()
        .map(clean)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Millionths as percent with one or more digits: `6.9 %`, `0.03 %`, `under 0.01 %`.
pub fn percent(ppm: u32) -> String {
    match ppm {
        0 => "0 %".to_owned(),
        1..100 => "under 0.01 %".to_owned(),
        100..1_000 => format!("0.{:02} %", ppm / 100),
        _ => format!("{}.{} %", ppm / 10_000, ppm / 1_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_lines_cannot_be_broken_out_of() {
        assert_eq!(
            escaped("<a href=\"x\">&'\u{0}\n"),
            "&lt;a href=&quot;x&quot;&gt;&amp;&#39;\n"
        );
        assert_eq!(one_line("a\r\nBcc: b\u{2028}c"), "a  Bcc: b c");
    }

    #[test]
    fn figures_for_people() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!(
            [0, 99, 150, 1_000, 69_123, 1_000_000].map(percent),
            ["0 %", "under 0.01 %", "0.01 %", "0.1 %", "6.9 %", "100.0 %"]
        );
        let at = Micros(1_800_000_000_000_000);
        assert_eq!(rfc3339(at), "2027-01-15T08:00:00Z");
        assert_eq!(ics_instant(at), "20270115T080000Z");
        assert_eq!(minute(at), "2027-01-15 08:00 UTC");
    }
}
