//! The text of a Towpath key, its checksum made for secret scanners, and the digest that is stored of any credential.

use std::fmt;
use std::str::FromStr;

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What every Towpath key starts with; scanners match `twp_live_[0-9A-Za-z]{36}`.
pub const PREFIX: &str = "twp_live_";
/// 30 base-62 characters hold 178 bits; 6 more hold the CRC-32 of all before them.
const RANDOM_LENGTH: usize = 30;
const CHECKSUM_LENGTH: usize = 6;
const LENGTH: usize = PREFIX.len() + RANDOM_LENGTH + CHECKSUM_LENGTH;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Who a key is meant for. Only a label: limits and rollouts read it, identity does not.
pub type KeyKind = crate::consumer::ConsumerKind;

/// Why a text is not a Towpath key. The text itself is never repeated: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("a key starts with {PREFIX:?}")]
    Prefix,
    #[error("a key has {LENGTH} characters, this text has {length}")]
    Length { length: usize },
    #[error("the checksum of this key is wrong: it was mistyped or cut")]
    Checksum,
}

/// The full text of a key: shown once, never stored, never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey(String);

impl SecretKey {
    /// Builds the key for 30 uniformly random values; each is reduced to one of 62 characters
    /// by the caller giving numbers below 62.
    pub fn from_random(random: [u8; RANDOM_LENGTH]) -> Self {
        let mut text = String::with_capacity(LENGTH);
        text.push_str(PREFIX);
        text.extend(
            random
                .iter()
                .map(|n| char::from(BASE62[usize::from(*n) % 62])),
        );
        let checksum = crc32(text.as_bytes());
        text.push_str(std::str::from_utf8(&checksum_text(checksum)).expect("base 62 is ASCII"));
        Self(text)
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The part that may be shown and stored: the prefix and the first 6 random characters.
    pub fn start(&self) -> &str {
        &self.0[..PREFIX.len() + 6]
    }

    pub fn digest(&self) -> KeyDigest {
        KeyDigest::of(self.0.as_bytes())
    }
}

impl FromStr for SecretKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        check(text.as_bytes())?;
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

/// Whether `text` is a well-formed key; cheap enough to refuse garbage before any look-up.
pub fn check(text: &[u8]) -> Result<(), KeyError> {
    if !text.starts_with(PREFIX.as_bytes()) {
        return Err(KeyError::Prefix);
    }
    if text.len() != LENGTH {
        return Err(KeyError::Length { length: text.len() });
    }
    let (body, checksum) = text.split_at(LENGTH - CHECKSUM_LENGTH);
    if checksum_text(crc32(body)) != checksum {
        return Err(KeyError::Checksum);
    }
    Ok(())
}

/// SHA-256 of a credential as the consumer sends it. With 178 random bits a slow hash buys nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyDigest(pub [u8; 32]);

impl KeyDigest {
    pub fn of(credential: &[u8]) -> Self {
        let digest = digest(&SHA256, credential);
        Self(digest.as_ref().try_into().expect("SHA-256 has 32 bytes"))
    }
}

impl fmt::Display for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A digest is 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 digest has 64 hexadecimal digits")]
pub struct DigestError;

impl FromStr for KeyDigest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let text = text.as_bytes();
        if text.len() != 64 {
            return Err(DigestError);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            let digit = |c: u8| char::from(c).to_digit(16).ok_or(DigestError);
            *byte = (digit(pair[0])? << 4 | digit(pair[1])?) as u8;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for KeyDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for KeyDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

fn checksum_text(checksum: u32) -> [u8; CHECKSUM_LENGTH] {
    let mut rest = checksum;
    let mut text = [b'0'; CHECKSUM_LENGTH];
    for digit in text.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    text
}

/// CRC-32 (IEEE 802.3, reflected), the one that GitHub's token format uses.
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = crc32_table();
    !bytes.iter().fold(!0, |crc, byte| {
        TABLE[usize::from(crc as u8 ^ byte)] ^ (crc >> 8)
    })
}

const fn crc32_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let mut crc = i as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 {
                0xedb8_8320 ^ (crc >> 1)
            } else {
                crc >> 1
            };
            bit += 1;
        }
        table[i] = crc;
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc32_has_the_standard_check_value() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn every_single_character_change_is_noticed() {
        let key = SecretKey::from_random([7; 30]);
        assert_eq!(check(key.expose().as_bytes()), Ok(()));
        assert_eq!(key.expose().len(), LENGTH);
        for at in PREFIX.len()..LENGTH {
            let mut text = key.expose().as_bytes().to_vec();
            text[at] = if text[at] == b'x' { b'y' } else { b'x' };
            assert_eq!(check(&text), Err(KeyError::Checksum), "character {at}");
        }
        assert_eq!(check(b"ghp_abc"), Err(KeyError::Prefix));
        assert_eq!(format!("{key:?}"), "SecretKey(..)");
    }

    #[test]
    fn digest_text_and_back() {
        let digest = KeyDigest::of(b"abc");
        assert_eq!(
            digest.to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(digest.to_string().parse(), Ok(digest));
        assert!("zz".parse::<KeyDigest>().is_err());
    }
}
