//! Verified claims of JSON Web Tokens (RFC 7519) against a key set file (RFC 7517).
//!
//! The upstream still judges the token; here it only tells who calls. So a token is believed only if its signature
//! verifies under a key of the set and it is within its time. Never fetches a key set, never reads the clock.

mod algorithm;
mod claims;
mod error;
mod jwk;
mod key;
mod keys;
mod tokens;

use std::borrow::Cow;
use std::fmt;

use adoption::Micros;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{Context, SHA256};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use algorithm::Algorithm;
use claims::{check_times, claim_text};
pub use error::{JwksError, TokenError};
use keys::KeySet;
pub use tokens::VerifiedTokens;

/// The largest default request head; no longer token can arrive without the owner raising that limit.
const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// The keys of one issuer and what their tokens must say.
pub struct Verifier {
    keys: KeySet,
    issuer: Option<String>,
    audience: Option<String>,
    /// Of all of the above: tells verdicts of different verifiers apart.
    fingerprint: [u8; 32],
}

/// A claim of a verified token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub claim: String,
    /// Believed strictly before this instant; `None` if the token never expires.
    pub until: Option<Micros>,
}

/// RFC 7515 section 4.1. A field given twice is an error of the deserialiser.
#[derive(Deserialize)]
struct Header<'a> {
    #[serde(borrow)]
    alg: Cow<'a, str>,
    #[serde(borrow, default)]
    kid: Option<Cow<'a, str>>,
    #[serde(default)]
    crit: Option<IgnoredAny>,
}

impl Verifier {
    /// `jwks` is the JSON text of a key set. With `issuer` or `audience`, a token must name it.
    pub fn new(
        jwks: &[u8],
        issuer: Option<String>,
        audience: Option<String>,
    ) -> Result<Self, JwksError> {
        let keys = KeySet::parse(jwks)?;
        let mut context = Context::new(&SHA256);
        for part in [
            Some(jwks),
            issuer.as_deref().map(str::as_bytes),
            audience.as_deref().map(str::as_bytes),
        ] {
            // Lengths keep the parts apart; an absent part is no empty one.
            context.update(
                &part
                    .map_or(u64::MAX, |part| part.len() as u64)
                    .to_le_bytes(),
            );
            context.update(part.unwrap_or_default());
        }
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(context.finish().as_ref());
        Ok(Self {
            keys,
            issuer,
            audience,
            fingerprint,
        })
    }

    /// The text of `claim` in `token`. A `claim` that starts with `/` is a JSON Pointer (RFC 6901), any other the
    /// name of a claim; whole numbers are given in decimal.
    pub fn verify(&self, token: &[u8], claim: &str, now: Micros) -> Result<Verified, TokenError> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(TokenError::Malformed);
        }
        let (signed, signature) = split_last(token).ok_or(TokenError::Malformed)?;
        let (header, payload) = split_last(signed).ok_or(TokenError::Malformed)?;
        self.check_signature(&decode(header)?, signed, &decode(signature)?)?;

        let payload: Value =
            serde_json::from_slice(&decode(payload)?).map_err(|_| TokenError::Malformed)?;
        let until = check_times(&payload, now)?;
        self.check_parties(&payload)?;
        Ok(Verified {
            claim: claim_text(&payload, claim).ok_or(TokenError::Claim)?,
            until,
        })
    }

    fn check_signature(
        &self,
        header: &[u8],
        signed: &[u8],
        signature: &[u8],
    ) -> Result<(), TokenError> {
        let header: Header<'_> =
            serde_json::from_slice(header).map_err(|_| TokenError::Malformed)?;
        if header.crit.is_some() {
            return Err(TokenError::Critical);
        }
        let algorithm = Algorithm::from_text(&header.alg).ok_or(TokenError::Algorithm)?;
        self.keys
            .verify(algorithm, header.kid.as_deref(), signed, signature)
    }

    fn check_parties(&self, payload: &Value) -> Result<(), TokenError> {
        if let Some(issuer) = &self.issuer
            && payload.get("iss").and_then(Value::as_str) != Some(issuer)
        {
            return Err(TokenError::Issuer);
        }
        let Some(audience) = &self.audience else {
            return Ok(());
        };
        let named = match payload.get("aud") {
            Some(Value::String(one)) => one == audience,
            Some(Value::Array(several)) => several.iter().any(|one| one.as_str() == Some(audience)),
            _ => false,
        };
        if named {
            Ok(())
        } else {
            Err(TokenError::Audience)
        }
    }

    fn fingerprint(&self) -> &[u8; 32] {
        &self.fingerprint
    }
}

impl fmt::Debug for Verifier {
    /// Without the keys: some are secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}

/// What stands before and after the last dot.
fn split_last(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let dot = text.iter().rposition(|byte| *byte == b'.')?;
    Some((&text[..dot], &text[dot + 1..]))
}

fn decode(part: &[u8]) -> Result<Vec<u8>, TokenError> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| TokenError::Malformed)
}

#[cfg(test)]
mod tests;
