//! One usable key, and which algorithm it may verify.

use ring::hmac;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};

use super::algorithm::Algorithm;

pub(super) struct Key {
    pub(super) id: Option<String>,
    /// The only algorithm that it may be used with, when the set says so.
    pub(super) algorithm: Option<Algorithm>,
    pub(super) material: Material,
}

/// A key of a kind; the kind limits the algorithms, so that no token can have a public key taken for a secret.
pub(super) enum Material {
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

impl Key {
    pub(super) fn fits(&self, algorithm: Algorithm) -> bool {
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
    pub(super) fn verify(&self, algorithm: Algorithm, signed: &[u8], signature: &[u8]) -> bool {
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
