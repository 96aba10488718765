//! Why a key set is not usable, and why a token is not believed.

/// Why a text is not a usable key set.
#[derive(Debug, thiserror::Error)]
pub enum JwksError {
    #[error("it is not a JSON Web Key Set: an object with a list `keys`")]
    Json(#[source] serde_json::Error),
    #[error(
        "key {index} (id {id:?}) has an unusable {member:?}; export the set again from its issuer"
    )]
    Member {
        index: usize,
        id: Option<String>,
        member: &'static str,
    },
    #[error("none of its {keys} keys verifies signatures by RSA, P-256, P-384, Ed25519 or HMAC")]
    Empty { keys: usize },
}

/// Why a token is not believed. The token itself is never repeated: it is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the token is not three base64url parts of JSON, JSON and signature, or is too long")]
    Malformed,
    #[error("the token's algorithm is none, unknown, or not one for its key")]
    Algorithm,
    #[error("the token demands an extension that is not understood")]
    Critical,
    #[error("no key of the set has the token's key id")]
    KeyUnknown,
    #[error("the token's signature does not verify")]
    Signature,
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid yet")]
    NotYetValid,
    #[error("the token is of another issuer")]
    Issuer,
    #[error("the token is for another audience")]
    Audience,
    #[error("the token does not hold the claim as text or whole number")]
    Claim,
}
