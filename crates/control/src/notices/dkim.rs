//! DKIM signatures (RFC 6376, RFC 8463): relaxed canonical form, RSA or Ed25519 with SHA-256, by the crate's one crypto.

use std::fmt;

use adoption::Micros;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;

/// What a reader acts on; RFC 8058 section 4 wants both of its headers signed.
const SIGNED: [&str; 12] = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "auto-submitted",
    "list-unsubscribe",
    "list-unsubscribe-post",
];
/// Characters of a line of the signature.
const FOLD: usize = 72;

/// The key with which mails of a domain are signed.
pub struct DkimKey {
    selector: String,
    domain: String,
    key: Key,
}

enum Key {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
}

/// Why a file is no key for DKIM.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DkimError {
    #[error("the file holds no private key in PEM")]
    Pem,
    #[error("the private key is neither RSA of 2048 to 4096 bits nor Ed25519")]
    Kind,
}

impl fmt::Debug for DkimKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DkimKey({}._domainkey.{})", self.selector, self.domain)
    }
}

impl DkimKey {
    /// Of a private key in PEM: PKCS #8 or PKCS #1.
    pub fn read(selector: &str, domain: &str, pem: &[u8]) -> Result<Self, DkimError> {
        let der = PrivateKeyDer::from_pem_slice(pem).map_err(|_| DkimError::Pem)?;
        let key = match &der {
            PrivateKeyDer::Pkcs8(der) => {
                let bytes = der.secret_pkcs8_der();
                let rsa = RsaKeyPair::from_pkcs8(bytes).map(|key| Key::Rsa(Box::new(key)));
                // OpenSSL writes Ed25519 keys without their public half.
                rsa.or_else(|_| {
                    Ed25519KeyPair::from_pkcs8_maybe_unchecked(bytes)
                        .map(|key| Key::Ed25519(Box::new(key)))
                })
                .map_err(|_| DkimError::Kind)?
            }
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der())
                .map(|key| Key::Rsa(Box::new(key)))
                .map_err(|_| DkimError::Kind)?,
            _ => return Err(DkimError::Kind),
        };
        Ok(Self {
            selector: selector.to_owned(),
            domain: domain.to_owned(),
            key,
        })
    }

    /// `mail` with its signature before it. A mail without an empty line is left as it is.
    pub fn signed(&self, mail: &[u8], at: Micros) -> Vec<u8> {
        let Some((head, body)) = parted(mail) else {
            return mail.to_vec();
        };
        let fields = fields(head);
        let mut names = Vec::new();
        let mut signed = Vec::new();
        for name in SIGNED {
            // The last field of a name is the one that counts (RFC 6376 section 5.4.2); ours occur once.
            if let Some((_, value)) = fields.iter().rev().find(|(known, _)| known == name) {
                names.push(name);
                signed.extend_from_slice(format!("{name}:{value}\r\n").as_bytes());
            }
        }
        let body_hash = STANDARD.encode(digest(&SHA256, &relaxed_body(body)));
        let unsigned = format!(
            "v=1; a={}; c=relaxed/relaxed; d={}; s={}; t={}; h={}; bh={body_hash}; b=",
            self.algorithm(),
            self.domain,
            self.selector,
            at.seconds(),
            names.join(":"),
        );
        signed.extend_from_slice(format!("dkim-signature:{unsigned}").as_bytes());
        let Some(signature) = self.sign(&signed) else {
            return mail.to_vec();
        };
        let value = format!("{unsigned}{}", STANDARD.encode(signature));
        let mut out = folded(&value).into_bytes();
        out.extend_from_slice(mail);
        out
    }

    const fn algorithm(&self) -> &'static str {
        match &self.key {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        }
    }

    /// `None` when there is no randomness for blinding the RSA operation.
    fn sign(&self, text: &[u8]) -> Option<Vec<u8>> {
        match &self.key {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(
                    &RSA_PKCS1_SHA256,
                    &SystemRandom::new(),
                    text,
                    &mut signature,
                )
                .ok()?;
                Some(signature)
            }
            // RFC 8463 section 3: the signature is over the hash.
            Key::Ed25519(key) => {
                let hash = digest(&SHA256, text);
                Some(key.sign(hash.as_ref()).as_ref().to_vec())
            }
        }
    }
}

/// Head and body, parted by the first empty line.
fn parted(mail: &[u8]) -> Option<(&str, &[u8])> {
    let at = mail.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&mail[..at + 2]).ok()?;
    Some((head, &mail[at + 4..]))
}

/// Each field in the relaxed form (RFC 6376 section 3.4.2): lower-case name, unfolded value with single spaces.
fn fields(head: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in head.split("\r\n").filter(|line| !line.is_empty()) {
        match (line.starts_with([' ', '\t']), fields.last_mut()) {
            (true, Some((_, value))) => {
                value.push(' ');
                value.push_str(line);
            }
            _ => {
                if let Some((name, value)) = line.split_once(':') {
                    fields.push((name.trim().to_ascii_lowercase(), value.to_owned()));
                }
            }
        }
    }
    for (_, value) in &mut fields {
        let words: Vec<&str> = value
            .split([' ', '\t'])
            .filter(|word| !word.is_empty())
            .collect();
        *value = words.join(" ");
    }
    fields
}

/// RFC 6376 section 3.4.4: spaces within a line become one, those at its end and empty lines at the end go.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut empty_lines = 0;
    let mut lines: Vec<&[u8]> = split_lines(body);
    if lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    for line in lines {
        let mut relaxed = Vec::with_capacity(line.len());
        let mut space = false;
        for byte in line {
            if matches!(byte, b' ' | b'\t') {
                space = true;
                continue;
            }
            if space {
                relaxed.push(b' ');
                space = false;
            }
            relaxed.push(*byte);
        }
        if relaxed.is_empty() {
            empty_lines += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut empty_lines) {
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(&relaxed);
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// Parted at CRLF; what follows the last one is a line too, empty or not.
fn split_lines(body: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at + 1 < body.len() {
        if &body[at..at + 2] == b"\r\n" {
            lines.push(&body[start..at]);
            at += 2;
            start = at;
        } else {
            at += 1;
        }
    }
    lines.push(&body[start..]);
    lines
}

/// The header field, folded at its spaces and within the signature, where folds do not count (section 3.5, `b=`).
fn folded(value: &str) -> String {
    let (tags, signature) = value.rsplit_once(" b=").unwrap_or((value, ""));
    let mut out = String::from("DKIM-Signature:");
    let mut column = out.len();
    for word in tags.split(' ') {
        if column + 1 + word.len() > FOLD {
            out.push_str("\r\n");
            column = 0;
        }
        out.push(' ');
        out.push_str(word);
        column += 1 + word.len();
    }
    out.push_str("\r\n b=");
    for (index, chunk) in signature.as_bytes().chunks(FOLD - 4).enumerate() {
        if index > 0 {
            out.push_str("\r\n ");
        }
        out.push_str(std::str::from_utf8(chunk).expect("base 64 is ASCII"));
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 6376 section 3.4.5.
    #[test]
    fn the_relaxed_form_is_the_one_of_the_standard() {
        let mail = b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n";
        let (head, body) = parted(mail).unwrap();
        let texts: Vec<String> = fields(head)
            .into_iter()
            .map(|(name, value)| format!("{name}:{value}"))
            .collect();
        assert_eq!(texts, ["a:X", "b:Y Z"]);
        assert_eq!(relaxed_body(body), b" C\r\nD E\r\n");
        assert_eq!(relaxed_body(b""), b"");
        assert_eq!(relaxed_body(b"x"), b"x\r\n");
    }

    #[test]
    fn a_signature_is_folded_and_stands_before_the_mail() {
        let pem = b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n-----END PRIVATE KEY-----\n";
        let key = DkimKey::read("sel", "example.com", pem).unwrap();
        let mail = b"From: a@example.com\r\nSubject: x\r\n\r\nhello\r\n";
        let signed = key.signed(mail, Micros::from_seconds(1));
        let text = String::from_utf8(signed).unwrap();
        assert!(text.ends_with(std::str::from_utf8(mail).unwrap()));
        assert!(
            text.starts_with("DKIM-Signature: v=1; a=ed25519-sha256;"),
            "{text}"
        );
        assert!(text.split("\r\n").all(|line| line.len() <= 76), "{text}");
        assert!(text.contains("h=from:subject;"), "{text}");
        assert_eq!(DkimKey::read("s", "d", b"x").unwrap_err(), DkimError::Pem);
    }
}
