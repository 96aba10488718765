//! Whose request this is: a Towpath key, or the credential that the existing API already uses.

use adoption::{ConsumerId, KeyDigest, KeyId, KeyKind, Micros};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::fields::Fields;
use crate::jwt::VerifiedTokens;
use crate::problem::{self, Problem};
use crate::request_head::RequestHead;
use crate::snapshot::{Identity, Key, Surface};

const AUTHORIZATION: &[u8] = b"authorization";
const X_API_KEY: &[u8] = b"x-api-key";

/// The answer to "who calls?".
#[derive(Debug, Clone, Copy)]
pub struct Identified<'a> {
    pub consumer: ConsumerId,
    pub key: KeyId,
    pub kind: Option<KeyKind>,
    /// The consumer's id for the upstream; `None` when nobody was identified.
    pub consumer_header: Option<&'a [u8]>,
    /// The field that held a Towpath key, in lower case: it does not go upstream.
    pub strip: Option<&'a [u8]>,
    /// Set when the credential is to be refused, whatever the policy for anonymous requests says.
    pub refusal: Option<Refusal>,
}

/// Why a credential is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    Unknown,
    Expired,
}

impl Refusal {
    pub const fn problem(self) -> Problem {
        match self {
            Self::Unknown => problem::key_unknown(),
            Self::Expired => problem::key_expired(),
        }
    }
}

impl<'a> Identified<'a> {
    const fn nobody(consumer: ConsumerId) -> Self {
        Self {
            consumer,
            key: KeyId::NONE,
            kind: None,
            consumer_header: None,
            strip: None,
            refusal: None,
        }
    }

    fn by_key(key: &'a Key, now: Micros) -> Self {
        let expired = key.expires_at.is_some_and(|expires_at| expires_at <= now);
        Self {
            consumer: key.consumer,
            key: key.id,
            kind: Some(key.kind),
            consumer_header: Some(key.consumer_header.as_bytes()),
            strip: None,
            refusal: expired.then_some(Refusal::Expired),
        }
    }
}

/// Tries the surface's ways of identification in their order; the first known credential decides.
pub fn identify<'a>(
    surface: &'a Surface,
    head: &RequestHead,
    now: Micros,
    tokens: &mut VerifiedTokens,
) -> Identified<'a> {
    let fields = &head.fields;
    let mut unknown = false;
    for identity in &surface.identity {
        let digest = match identity {
            Identity::TowpathKey => match towpath_key(fields) {
                Some((header, key)) => return by_towpath_key(surface, header, key, now),
                None => None,
            },
            Identity::TowpathKeyIn { header, scheme } => {
                match credential(fields, header.as_str().as_bytes(), scheme.as_deref()) {
                    Some(key) if key.starts_with(adoption::key::PREFIX.as_bytes()) => {
                        return by_towpath_key(surface, header.as_str().as_bytes(), key, now);
                    }
                    _ => None,
                }
            }
            Identity::Header { header, scheme } => {
                credential(fields, header.as_str().as_bytes(), scheme.as_deref()).map(KeyDigest::of)
            }
            Identity::BasicUser => basic_user(fields).map(|user| KeyDigest::of(&user)),
            Identity::Query { parameter } => {
                query_value(head.query(), parameter).map(|value| KeyDigest::of(&value))
            }
            Identity::JwtClaim { claim, verifier } => {
                match credential(fields, AUTHORIZATION, Some("bearer")) {
                    None => None,
                    Some(token) => match tokens.claim(verifier, token, claim, now) {
                        Ok(text) => Some(KeyDigest::of(text.as_bytes())),
                        Err(_) => {
                            unknown = true;
                            None
                        }
                    },
                }
            }
        };
        if let Some(digest) = digest {
            match surface.key(&digest) {
                // The existing API judges its own credentials: an expired one is only a name here.
                Some(key) => {
                    return Identified {
                        refusal: None,
                        ..Identified::by_key(key, now)
                    };
                }
                None => unknown = true,
            }
        }
    }
    Identified::nobody(if unknown {
        ConsumerId::UNKNOWN
    } else {
        ConsumerId::ANONYMOUS
    })
}

fn by_towpath_key<'a>(
    surface: &'a Surface,
    header: &'a [u8],
    key: &[u8],
    now: Micros,
) -> Identified<'a> {
    // The checksum in the key is for secret scanners: whose digest is known needs no second proof.
    let identified = match surface.key(&KeyDigest::of(key)) {
        Some(key) => Identified::by_key(key, now),
        None => Identified {
            refusal: Some(Refusal::Unknown),
            ..Identified::nobody(ConsumerId::UNKNOWN)
        },
    };
    Identified {
        strip: Some(header),
        ..identified
    }
}

fn towpath_key(fields: &Fields) -> Option<(&'static [u8], &[u8])> {
    let ours = |key: &&[u8]| key.starts_with(adoption::key::PREFIX.as_bytes());
    if let Some(key) = credential(fields, AUTHORIZATION, Some("bearer")).filter(ours) {
        return Some((AUTHORIZATION, key));
    }
    credential(fields, X_API_KEY, None)
        .filter(ours)
        .map(|key| (X_API_KEY, key))
}

/// The header's value, after `scheme` in any case where one is asked for.
fn credential<'a>(fields: &'a Fields, header: &[u8], scheme: Option<&str>) -> Option<&'a [u8]> {
    let value = fields.get(header)?;
    let Some(scheme) = scheme else {
        return Some(value);
    };
    let (found, rest) = value.split_at_checked(scheme.len())?;
    if !found.eq_ignore_ascii_case(scheme.as_bytes()) || rest.first() != Some(&b' ') {
        return None;
    }
    Some(rest.trim_ascii())
}

/// The user name of RFC 7617 credentials.
fn basic_user(fields: &Fields) -> Option<Vec<u8>> {
    let encoded = credential(fields, AUTHORIZATION, Some("basic"))?;
    let mut decoded = STANDARD.decode(encoded).ok()?;
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    decoded.truncate(colon);
    Some(decoded)
}

/// The decoded value of the first query parameter of that name.
fn query_value(query: Option<&str>, parameter: &str) -> Option<Vec<u8>> {
    query?
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| percent_decode(name) == parameter.as_bytes())
        .map(|(_, value)| percent_decode(value))
}

fn percent_decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |at: usize| {
            bytes
                .get(at)
                .and_then(|byte| char::from(*byte).to_digit(16))
        };
        match (bytes[i], hex(i + 1), hex(i + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high << 4 | low) as u8);
                i += 3;
            }
            (b'+', _, _) => {
                decoded.push(b' ');
                i += 1;
            }
            (byte, _, _) => {
                decoded.push(byte);
                i += 1;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, value: &str) -> Fields {
        Fields::of([(name.as_bytes(), value.as_bytes())])
    }

    #[test]
    fn a_scheme_is_matched_in_any_case_and_needs_a_space() {
        let scheme = |value: &str| {
            credential(&with("authorization", value), AUTHORIZATION, Some("token"))
                .map(<[u8]>::to_vec)
        };
        assert_eq!(scheme("token abc"), Some(b"abc".to_vec()));
        assert_eq!(scheme("Token  abc"), Some(b"abc".to_vec()));
        assert_eq!(scheme("tokenabc"), None);
        assert_eq!(scheme("bearer abc"), None);
    }

    #[test]
    fn basic_user_and_query_value() {
        assert_eq!(
            basic_user(&with("authorization", "Basic c2tfbGl2ZV8xOg==")),
            Some(b"sk_live_1".to_vec())
        );
        assert_eq!(basic_user(&with("authorization", "Basic ???")), None);
        let query = Some("a=1&api_key=a%20b%2B&api_key=z");
        assert_eq!(query_value(query, "api_key"), Some(b"a b+".to_vec()));
        assert_eq!(query_value(query, "key"), None);
        assert_eq!(query_value(None, "key"), None);
    }
}
