//! A key set, and which algorithm each of its keys may verify.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use ring::signature::{
    self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use serde::Deserialize;

use super::TokenError;

/// Keys tried for one token; a set may hold several without or with the same id.
const CANDIDATES_MAX: usize = 8;
/// RFC 7518 section 3.2: at least the size of the hash, 256 bits for the shortest.
const SECRET_BYTES_MIN: usize = 32;

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

/// Signature algorithms of RFC 7518 section 3.1 and RFC 8037; `none` is not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    Hs256,
    Hs384,
    Hs512,
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    EdDsa,
}

impl Algorithm {
    pub fn from_text(text: &str) -> Option<Self> {
        Some(match text {
            "HS256" => Self::Hs256,
            "HS384" => Self::Hs384,
            "HS512" => Self::Hs512,
            "RS256" => Self::Rs256,
            "RS384" => Self::Rs384,
            "RS512" => Self::Rs512,
            "PS256" => Self::Ps256,
            "PS384" => Self::Ps384,
            "PS512" => Self::Ps512,
            "ES256" => Self::Es256,
            "ES384" => Self::Es384,
            "EdDSA" | "Ed25519" => Self::EdDsa,
            _ => return None,
        })
    }

    fn rsa(self) -> Option<&'static RsaParameters> {
        Some(match self {
            Self::Rs256 => &signature::RSA_PKCS1_2048_8192_SHA256,
            Self::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
            Self::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
            Self::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
            Self::Ps384 => &signature::RSA_PSS_2048_8192_SHA384,
            Self::Ps512 => &signature::RSA_PSS_2048_8192_SHA512,
            _ => return None,
        })
    }

    fn hmac(self) -> Option<hmac::Algorithm> {
        Some(match self {
            Self::Hs256 => hmac::HMAC_SHA256,
            Self::Hs384 => hmac::HMAC_SHA384,
            Self::Hs512 => hmac::HMAC_SHA512,
            _ => return None,
        })
    }
}

pub(super) struct KeySet(Vec<Key>);

struct Key {
    id: Option<String>,
    /// The only algorithm that it may be used with, when the set says so.
    algorithm: Option<Algorithm>,
    material: Material,
}

/// A key of a kind; the kind limits the algorithms, so that no token can have a public key taken for a secret.
enum Material {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// Uncompressed points.
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
    Secret(Vec<u8>),
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Jwk>,
}

/// RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2. Members that are not read here are ignored.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    r#use: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    kid: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    k: Option<String>,
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

impl Jwk {
    /// `None` for a key that is not for signatures, or of a kind that is not supported.
    fn key(self, index: usize) -> Result<Option<Key>, JwksError> {
        let for_signatures = self
            .r#use
            .as_deref()
            .is_none_or(|used_for| used_for == "sig")
            && self
                .key_ops
                .as_ref()
                .is_none_or(|operations| operations.iter().any(|one| one == "verify"));
        let algorithm = match &self.alg {
            None => None,
            Some(text) => match Algorithm::from_text(text) {
                Some(algorithm) => Some(algorithm),
                None => return Ok(None),
            },
        };
        if !for_signatures {
            return Ok(None);
        }
        Ok(self.material(index)?.map(|material| Key {
            id: self.kid,
            algorithm,
            material,
        }))
    }

    fn material(&self, index: usize) -> Result<Option<Material>, JwksError> {
        let bytes = |name: &'static str, text: &Option<String>| {
            let decoded = text
                .as_ref()
                .and_then(|text| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok());
            decoded.ok_or(JwksError::Member {
                index,
                id: self.kid.clone(),
                member: name,
            })
        };
        let sized = |name: &'static str, text: &Option<String>, length: usize| {
            let right = |bytes: &Vec<u8>| bytes.len() == length;
            let bytes = bytes(name, text)?;
            Some(bytes).filter(right).ok_or(JwksError::Member {
                index,
                id: self.kid.clone(),
                member: name,
            })
        };
        let point = |length: usize| {
            let (x, y) = (sized("x", &self.x, length)?, sized("y", &self.y, length)?);
            // SEC 1 section 2.3.3: 4 says uncompressed.
            Ok::<_, JwksError>([&[4], x.as_slice(), y.as_slice()].concat())
        };
        Ok(Some(match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => Material::Rsa {
                n: unpadded(bytes("n", &self.n)?),
                e: unpadded(bytes("e", &self.e)?),
            },
            ("EC", Some("P-256")) => Material::P256(point(32)?),
            ("EC", Some("P-384")) => Material::P384(point(48)?),
            ("OKP", Some("Ed25519")) => Material::Ed25519(sized("x", &self.x, 32)?),
            ("oct", _) => {
                let secret =
                    Some(bytes("k", &self.k)?).filter(|secret| secret.len() >= SECRET_BYTES_MIN);
                Material::Secret(secret.ok_or(JwksError::Member {
                    index,
                    id: self.kid.clone(),
                    member: "k",
                })?)
            }
            _ => return Ok(None),
        }))
    }
}

/// Some issuers write a leading zero byte, which the verifier does not take.
fn unpadded(mut number: Vec<u8>) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.drain(..zeros);
    number
}

impl Key {
    fn fits(&self, algorithm: Algorithm) -> bool {
        if self.algorithm.is_some_and(|only| only != algorithm) {
            return false;
        }
        match &self.material {
            Material::Rsa { .. } => algorithm.rsa().is_some(),
            Material::P256(_) => algorithm == Algorithm::Es256,
            Material::P384(_) => algorithm == Algorithm::Es384,
            Material::Ed25519(_) => algorithm == Algorithm::EdDsa,
            Material::Secret(_) => algorithm.hmac().is_some(),
        }
    }
}

impl Material {
    fn verify(&self, algorithm: Algorithm, signed: &[u8], signature: &[u8]) -> bool {
        let public = |algorithm: &'static dyn VerificationAlgorithm, key: &[u8]| {
            UnparsedPublicKey::new(algorithm, key)
                .verify(signed, signature)
                .is_ok()
        };
        match self {
            Self::Rsa { n, e } => algorithm.rsa().is_some_and(|rsa| {
                RsaPublicKeyComponents { n, e }
                    .verify(rsa, signed, signature)
                    .is_ok()
            }),
            Self::P256(point) => public(&signature::ECDSA_P256_SHA256_FIXED, point),
            Self::P384(point) => public(&signature::ECDSA_P384_SHA384_FIXED, point),
            Self::Ed25519(key) => public(&signature::ED25519, key),
            Self::Secret(secret) => algorithm.hmac().is_some_and(|hmac| {
                hmac::verify(&hmac::Key::new(hmac, secret), signed, signature).is_ok()
            }),
        }
    }
}
