//! A key set, and the search in it for the key of a token.

use serde::Deserialize;

use super::algorithm::Algorithm;
use super::error::{JwksError, TokenError};
use super::jwk::Jwk;
use super::key::Key;

/// Keys tried for one token; a set may hold several without or with the same id.
const CANDIDATES_MAX: usize = 8;

pub(super) struct KeySet(Vec<Key>);

#[derive(Deserialize)]
struct Document {
    keys: Vec<Jwk>,
}

impl KeySet {
    pub fn parse(jwks: &[u8]) -> Result<Self, JwksError> {
        let document: Document = serde_json::from_slice(jwks).map_err(JwksError::Json)?;
        let count = document.keys.len();
        let keys = document
            .keys
            .into_iter()
            .enumerate()
            .map(|(index, jwk)| jwk.key(index));
        let keys: Vec<Key> = keys
            .filter_map(Result::transpose)
            .collect::<Result<_, _>>()?;
        if keys.is_empty() {
            Err(JwksError::Empty { keys: count })
        } else {
            Ok(Self(keys))
        }
    }

    /// Whether a key with this id, or with none, made `signature` over `signed`.
    pub fn verify(
        &self,
        algorithm: Algorithm,
        id: Option<&str>,
        signed: &[u8],
        signature: &[u8],
    ) -> Result<(), TokenError> {
        let has_id = |key: &&Key| id.is_none() || key.id.is_none() || key.id.as_deref() == id;
        let mut candidates = self.0.iter().filter(has_id).peekable();
        if candidates.peek().is_none() {
            return Err(TokenError::KeyUnknown);
        }
        let mut fitting = candidates
            .filter(|key| key.fits(algorithm))
            .take(CANDIDATES_MAX)
            .peekable();
        if fitting.peek().is_none() {
            return Err(TokenError::Algorithm);
        }
        let verified = fitting.any(|key| key.material.verify(algorithm, signed, signature));
        if verified {
            Ok(())
        } else {
            Err(TokenError::Signature)
        }
    }
}
