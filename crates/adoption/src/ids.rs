//! One 64-bit newtype per identifier; each knows its prefix and refuses another's.

use std::fmt;
use std::str::FromStr;

use ring::digest::{Context, SHA256};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Crockford base 32, lower case: no `i`, `l`, `o`, `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 64 bits in 5-bit digits: ceil(64 / 5).
const DIGITS: usize = 13;

/// Why a text is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error("id {text:?} does not start with {prefix:?}")]
    Prefix { text: String, prefix: &'static str },
    #[error(
        "id {text:?} needs {DIGITS} characters of 0-9 and a-z without i, l, o, u after its prefix"
    )]
    Digits { text: String },
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            pub const PREFIX: &'static str = $prefix;

            /// Any 64-bit value is an id; values below 16 are reserved for the named constants.
            pub const fn from_raw(raw: u64) -> Self {
                Self(raw)
            }

            pub const fn raw(self) -> u64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($prefix)?;
                write_digits(self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse(text, $prefix).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// Anything others build on.
    SurfaceId "surf_";
    /// Whoever builds on a surface.
    ConsumerId "cons_";
    /// A credential of one consumer on one surface.
    KeyId "key_";
    /// One operation of one surface, the same across contract versions while method and path template stay.
    OperationId "op_";
    /// One published version of a surface's contract.
    ContractId "ctr_";
    /// One breaking change, or several that go together, carried to every consumer.
    RolloutId "roll_";
    /// One thing told to one recipient; told again, it has the same id.
    NoticeId "ntc_";
    /// An address that takes signed messages.
    WebhookId "hook_";
}

impl SurfaceId {
    /// The request matched no surface, or was refused before one could be named.
    pub const NONE: Self = Self(0);
}

impl ContractId {
    /// The surface has no contract yet, or the request matched no surface.
    pub const NONE: Self = Self(0);
}

impl KeyId {
    /// The request carried no credential, or one that we do not know.
    pub const NONE: Self = Self(0);
}

impl ConsumerId {
    /// The one consumer of all traffic without a credential.
    pub const ANONYMOUS: Self = Self(1);
    /// The one consumer of all traffic whose credential we do not know.
    pub const UNKNOWN: Self = Self(2);
}

impl OperationId {
    /// The one bucket of paths and methods that the contract does not have.
    pub const UNMATCHED: Self = Self(1);
    /// The one bucket of requests that the strict front refused.
    pub const REFUSED: Self = Self(2);

    /// The id of `method` on `path_template` of `surface`: the first 64 bits of SHA-256 over the three,
    /// so that every node and every contract version agrees without asking a database.
    pub fn of(surface: SurfaceId, method: &str, path_template: &str) -> Self {
        Self(digest_raw(&[
            &surface.raw().to_be_bytes(),
            method.as_bytes(),
            b" ",
            path_template.as_bytes(),
        ]))
    }
}

impl NoticeId {
    /// The id of what `rollout` tells `recipient`: the first 64 bits of SHA-256 over all four, so that a step that is
    /// taken again after a crash tells the same thing under the same id. `kind` holds no line feed.
    pub fn of(rollout: RolloutId, kind: &str, recipient: &str, revision: u32) -> Self {
        Self(digest_raw(&[
            &rollout.raw().to_be_bytes(),
            &revision.to_be_bytes(),
            kind.as_bytes(),
            b"\n",
            recipient.as_bytes(),
        ]))
    }
}

/// The first 64 bits of SHA-256 over `parts`.
fn digest_raw(parts: &[&[u8]]) -> u64 {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let digest = context.finish();
    let mut first = [0; 8];
    first.copy_from_slice(&digest.as_ref()[..8]);
    let raw = u64::from_be_bytes(first);

    // Reserved values stay reserved: 16 of 2^64 digests move up by 16.
    if raw < 16 { raw + 16 } else { raw }
}

fn write_digits(raw: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = [0; DIGITS];
    for (i, digit) in text.iter_mut().rev().enumerate() {
        *digit = ALPHABET[(raw >> (5 * i)) as usize & 31];
    }
    f.write_str(std::str::from_utf8(&text).expect("the alphabet is ASCII"))
}

fn parse(text: &str, prefix: &'static str) -> Result<u64, IdError> {
    let Some(digits) = text.strip_prefix(prefix) else {
        return Err(IdError::Prefix {
            text: text.to_owned(),
            prefix,
        });
    };
    let bad = || IdError::Digits {
        text: text.to_owned(),
    };
    if digits.len() != DIGITS {
        return Err(bad());
    }

    let mut raw: u64 = 0;
    for (i, byte) in digits.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|a| *a == byte).ok_or_else(bad)? as u64;
        // 13 digits hold 65 bits: the first may only be 0 to 15.
        if i == 0 && digit > 15 {
            return Err(bad());
        }
        raw = raw << 5 | digit;
    }
    Ok(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        for raw in [0, 1, 31, 32, u64::MAX, 0x0123_4567_89ab_cdef] {
            let id = ConsumerId::from_raw(raw);
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        assert_eq!(KeyId::from_raw(u64::MAX).to_string(), "key_fzzzzzzzzzzzz");
    }

    #[test]
    fn another_kind_and_bad_digits_are_refused() {
        assert!(matches!(
            "key_0000000000001".parse::<ConsumerId>(),
            Err(IdError::Prefix { .. })
        ));
        for bad in [
            "key_",
            "key_000000000000u",
            "key_g000000000000",
            "key_00000000000001",
            "key_0000000000é",
        ] {
            assert!(
                matches!(bad.parse::<KeyId>(), Err(IdError::Digits { .. })),
                "{bad}"
            );
        }
    }

    #[test]
    fn operation_identity_needs_method_and_template() {
        let surface = SurfaceId::from_raw(99);
        let get = OperationId::of(surface, "GET", "/payments/{id}");
        assert_eq!(get, OperationId::of(surface, "GET", "/payments/{id}"));
        assert_ne!(get, OperationId::of(surface, "PUT", "/payments/{id}"));
        assert_ne!(
            get,
            OperationId::of(SurfaceId::from_raw(98), "GET", "/payments/{id}")
        );
    }
}
