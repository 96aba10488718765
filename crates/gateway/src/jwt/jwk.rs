//! One key as the set file writes it (JSON Web Key).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::algorithm::Algorithm;
use super::error::JwksError;
use super::key::{Key, Material};

/// RFC 7518 section 3.2: at least the size of the hash, 256 bits for the shortest.
const SECRET_BYTES_MIN: usize = 32;

/// RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2. Members that are not read here are ignored.
#[derive(Deserialize)]
pub(super) struct Jwk {
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

impl Jwk {
    /// `None` for a key that is not for signatures, or of a kind that is not supported.
    pub(super) fn key(self, index: usize) -> Result<Option<Key>, JwksError> {
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
