//! The number that names a record, and the id that it is written as.

use jiff::Timestamp;

use crate::demo::seed::{hash, mix};

/// Crockford base 32, lower case.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Nine digits of five bits.
const NUMBER_BITS: u32 = 45;
/// 2026-01-01T00:00:00Z; every record was created in the 280 days after it.
const FIRST_CREATED: i64 = 1_767_225_600;
const CREATED_SECONDS: u64 = 280 * 86_400;

/// The number that names a record: the record exists for every number, and its id carries a check digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number(u64);

impl Number {
    /// The number that `text` leads to, as for the record made under an idempotency key.
    pub fn of(text: &str) -> Self {
        Self::from_hash(hash(text))
    }

    const fn from_hash(hash: u64) -> Self {
        Self(hash & ((1 << NUMBER_BITS) - 1))
    }

    /// The same number with its lowest three bits replaced: in payments they hold the status.
    pub const fn with_low(self, low: u64) -> Self {
        Self(self.0 & !7 | low & 7)
    }

    /// The lowest three bits.
    pub const fn low(self) -> u64 {
        self.0 & 7
    }

    /// The number of an id with this prefix; `None` for every text that no record has.
    pub fn parse(prefix: &str, id: &str) -> Option<Self> {
        let digits = id.strip_prefix(prefix)?.as_bytes();
        let values: Vec<u64> = digits
            .iter()
            .map(|byte| {
                DIGITS
                    .iter()
                    .position(|digit| digit == byte)
                    .map(|value| value as u64)
            })
            .collect::<Option<_>>()?;
        let (check, number) = values.split_last()?;
        let number = Self(number.iter().fold(0, |number, value| number << 5 | value));
        (digits.len() == 10 && *check == number.check()).then_some(number)
    }

    /// The id of the record with this prefix: nine digits and a check digit.
    pub fn id(self, prefix: &str) -> String {
        self.text(prefix, self.check())
    }

    /// An id that looks right and that no record has.
    pub fn id_of_none(self, prefix: &str) -> String {
        self.text(prefix, (self.check() + 1) % 31)
    }

    fn text(self, prefix: &str, check: u64) -> String {
        let mut text = prefix.to_owned();
        let digit = |value: u64| char::from(DIGITS[(value & 31) as usize]);
        text.extend((0..9).rev().map(|index| digit(self.0 >> (5 * index))));
        text.push(digit(check));
        text
    }

    /// 32 is 1 modulo 31, so this is the sum of the digits: it notices every single wrong digit but 0 for z.
    const fn check(self) -> u64 {
        self.0 % 31
    }

    /// An independent hash for one trait of the record.
    pub fn aspect(self, purpose: &str) -> u64 {
        mix(self.0 ^ hash(purpose))
    }

    /// Another record that this one refers to.
    pub fn related(self, purpose: &str) -> Self {
        Self::from_hash(self.aspect(purpose))
    }

    pub(super) fn created_at(self) -> Timestamp {
        let seconds = FIRST_CREATED + (self.aspect("created") % CREATED_SECONDS) as i64;
        Timestamp::from_second(seconds).expect("a date in 2026 is in range")
    }

    pub(super) fn choice<T: Copy>(self, purpose: &str, choices: &[T]) -> T {
        choices[(self.aspect(purpose) % choices.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::records::{CHARGE, PAYMENT};

    #[test]
    fn ids_lead_back_to_their_number_and_a_wrong_digit_to_none() {
        for text in ["a", "b", "c", ""] {
            let number = Number::of(text);
            let id = number.id(PAYMENT);
            assert_eq!(Number::parse(PAYMENT, &id), Some(number));
            assert_eq!(Number::parse(PAYMENT, &number.id_of_none(PAYMENT)), None);
            assert_eq!(Number::parse(CHARGE, &id), None);
            assert_eq!(Number::parse(PAYMENT, &id[..13]), None);
            assert_eq!(Number::parse(PAYMENT, &format!("{id}0")), None);
        }
        assert_eq!(Number::parse(PAYMENT, "pay_"), None);
        assert_eq!(Number::parse(PAYMENT, "pay_uuuuuuuuuu"), None);
    }
}
