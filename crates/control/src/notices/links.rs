//! Addresses that messages point at, all below the one public address.

use adoption::{ConsumerId, SurfaceId};

use super::secrets::NoticeKey;

/// Where readers reach us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// `https://host` without a trailing slash.
    base: String,
}

impl Links {
    pub fn new(public_url: &str) -> Self {
        Self {
            base: public_url.trim_end_matches('/').to_owned(),
        }
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    /// A page of a surface that everyone may read.
    pub fn surface_feed(&self, surface: &str, file: &str) -> String {
        format!("{}/feeds/{}/{file}", self.base, encoded(surface))
    }

    /// A page that only says what touches one consumer, for readers that cannot send a header.
    pub fn token_feed(
        &self,
        key: &NoticeKey,
        surface: SurfaceId,
        consumer: ConsumerId,
        file: &str,
    ) -> String {
        let token = key.feed_token(surface, consumer);
        format!("{}/feeds/token/{token}/{file}", self.base)
    }

    pub fn status(&self, surface: &str) -> String {
        format!("{}/status/{}/api/v2", self.base, encoded(surface))
    }

    /// One-click unsubscription of `address` (RFC 8058 section 3.1).
    pub fn unsubscribe(&self, key: &NoticeKey, address: &str) -> String {
        let token = key.unsubscribe_token(address);
        format!("{}/unsubscribe?token={token}", self.base)
    }
}

/// One path segment (RFC 3986 section 2.3).
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
