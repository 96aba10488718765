//! The one key in the data folder from which webhook secrets and signed links are derived; the database holds none of it.

use std::fmt;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use adoption::{ConsumerId, Micros, SurfaceId, WebhookId};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::hmac;

use crate::error::ControlError;

pub(crate) const NOTICE_KEY_FILE: &str = "notices.key";
const KEY_BYTES: usize = 32;
/// 128 bits: forging one takes 2^127 tries on average.
const TAG_BYTES: usize = 16;
/// Longer than any mail address (RFC 5321 section 4.5.3.1.3: 256) and its tag, in base 64.
const TOKEN_CHARS_MAX: usize = 512;

/// Derives every secret of notices; whoever has it can sign as us.
#[derive(Clone)]
pub struct NoticeKey(hmac::Key);

impl fmt::Debug for NoticeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NoticeKey(..)")
    }
}

impl NoticeKey {
    pub fn from_bytes(bytes: &[u8; KEY_BYTES]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// The key of a data folder; made with mode 0600 when there is none. Errors: `File`, `Random`; `Invalid` when the
    /// file holds no key.
    pub(crate) fn of_folder(data_dir: &Path) -> Result<Self, ControlError> {
        let path = data_dir.join(NOTICE_KEY_FILE);
        let failed = |action| {
            let path = path.clone();
            move |source| ControlError::File {
                action,
                path,
                source,
            }
        };
        let made = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path);
        match made {
            Ok(mut file) => {
                let mut bytes = [0; KEY_BYTES];
                getrandom::fill(&mut bytes).map_err(ControlError::Random)?;
                let text = format!("{}\n", STANDARD.encode(bytes));
                file.write_all(text.as_bytes()).map_err(failed("write"))?;
                file.sync_all().map_err(failed("write"))?;
                Ok(Self::from_bytes(&bytes))
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let file = std::fs::File::open(&path).map_err(failed("read"))?;
                let mut text = String::new();
                file.take(1_024)
                    .read_to_string(&mut text)
                    .map_err(failed("read"))?;
                read_key(&text, &path)
            }
            Err(source) => Err(failed("make")(source)),
        }
    }

    /// The secret with which messages to a webhook are signed (Standard Webhooks 1.0: `whsec_` and base 64).
    pub fn webhook_secret(&self, webhook: WebhookId, generation: u64) -> WebhookSecret {
        let parts = [
            &b"webhook"[..],
            &webhook.raw().to_be_bytes(),
            &generation.to_be_bytes(),
        ];
        let tag = self.tag(&parts);
        let mut bytes = [0; KEY_BYTES];
        bytes.copy_from_slice(&tag.as_ref()[..KEY_BYTES]);
        WebhookSecret(bytes)
    }

    /// Lets its holder read what touches one consumer of one surface.
    pub fn feed_token(&self, surface: SurfaceId, consumer: ConsumerId) -> String {
        let mut body = surface.raw().to_be_bytes().to_vec();
        body.extend(consumer.raw().to_be_bytes());
        self.token(b"feed", &body)
    }

    /// Whose page a token opens; `None` for one that we did not make.
    pub fn read_feed_token(&self, token: &str) -> Option<(SurfaceId, ConsumerId)> {
        let body = self.read_token(b"feed", token)?;
        let (surface, consumer) = body.split_first_chunk::<8>()?;
        let consumer: [u8; 8] = consumer.try_into().ok()?;
        Some((
            SurfaceId::from_raw(u64::from_be_bytes(*surface)),
            ConsumerId::from_raw(u64::from_be_bytes(consumer)),
        ))
    }

    /// Lets its holder unsubscribe one address and nothing else.
    pub fn unsubscribe_token(&self, address: &str) -> String {
        self.token(b"unsubscribe", address.as_bytes())
    }

    /// The address that a token unsubscribes; `None` for one that we did not make.
    pub fn read_unsubscribe_token(&self, token: &str) -> Option<String> {
        String::from_utf8(self.read_token(b"unsubscribe", token)?).ok()
    }

    fn token(&self, purpose: &[u8], body: &[u8]) -> String {
        let tag = self.tag(&[purpose, body]);
        let mut bytes = tag.as_ref()[..TAG_BYTES].to_vec();
        bytes.extend(body);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn read_token(&self, purpose: &[u8], token: &str) -> Option<Vec<u8>> {
        if token.len() > TOKEN_CHARS_MAX {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (given, body) = bytes.split_at_checked(TAG_BYTES)?;
        let tag = self.tag(&[purpose, body]);
        let same = subtle::ConstantTimeEq::ct_eq(given, &tag.as_ref()[..TAG_BYTES]);
        bool::from(same).then(|| body.to_vec())
    }

    /// Each part behind its length, so that no two lists of parts look alike.
    fn tag(&self, parts: &[&[u8]]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        context.sign()
    }
}

fn read_key(text: &str, path: &Path) -> Result<NoticeKey, ControlError> {
    let bytes = STANDARD.decode(text.trim()).ok();
    let bytes: Option<[u8; KEY_BYTES]> = bytes.and_then(|bytes| bytes.try_into().ok());
    bytes
        .map(|bytes| NoticeKey::from_bytes(&bytes))
        .ok_or_else(|| ControlError::Invalid {
            field: NOTICE_KEY_FILE,
            message: format!(
                "{} holds no key: put it back from a backup, or remove it to make a new one, after which every webhook needs its new secret",
                path.display()
            ),
        })
}

/// Signs messages to one webhook.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret([u8; KEY_BYTES]);

impl WebhookSecret {
    /// `whsec_` and base 64, for the one who is shown it once.
    pub fn expose(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0))
    }

    /// `v1,` and the HMAC-SHA256 of `id.timestamp.body` (Standard Webhooks 1.0, "Signature scheme").
    pub fn signature(&self, id: &str, at: Micros, body: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let mut context = hmac::Context::with_key(&key);
        context.update(id.as_bytes());
        context.update(format!(".{}.", at.seconds()).as_bytes());
        context.update(body);
        format!("v1,{}", STANDARD.encode(context.sign()))
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_open_what_they_were_made_for_and_nothing_else() {
        let key = NoticeKey::from_bytes(&[7; 32]);
        let (surface, consumer) = (SurfaceId::from_raw(20), ConsumerId::from_raw(300));
        let token = key.feed_token(surface, consumer);
        assert_eq!(key.read_feed_token(&token), Some((surface, consumer)));
        assert_eq!(key.read_unsubscribe_token(&token), None);
        assert_eq!(
            NoticeKey::from_bytes(&[8; 32]).read_feed_token(&token),
            None
        );
        let address = key.unsubscribe_token("dev@example.com");
        assert_eq!(
            key.read_unsubscribe_token(&address).as_deref(),
            Some("dev@example.com")
        );
        for bad in ["", "x", &token[1..], &"A".repeat(10_000)] {
            assert_eq!(key.read_feed_token(bad), None, "{bad}");
        }
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let read = key.read_feed_token(&changed);
            assert!(read.is_none() || changed == token, "{changed}");
        }
    }

    #[test]
    fn the_key_of_a_folder_stays_and_a_cut_one_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let hook = WebhookId::from_raw(99);
        let one = NoticeKey::of_folder(dir.path()).unwrap();
        let two = NoticeKey::of_folder(dir.path()).unwrap();
        assert_eq!(one.webhook_secret(hook, 1), two.webhook_secret(hook, 1));
        assert_ne!(one.webhook_secret(hook, 1), one.webhook_secret(hook, 2));
        std::fs::write(dir.path().join(NOTICE_KEY_FILE), "short\n").unwrap();
        let refused = NoticeKey::of_folder(dir.path()).unwrap_err();
        assert_eq!(refused.code(), "invalid_field");
    }
}
