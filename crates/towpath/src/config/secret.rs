//! What of a setting may be shown.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// A password or token: never shown, not even in a report.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct HiddenText(String);

impl HiddenText {
    #[cfg(test)]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for the one who sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for HiddenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HiddenText(..)")
    }
}

impl Serialize for HiddenText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(hidden)")
    }
}

/// A URL without its user name and password; any other text as it is.
pub fn without_userinfo(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let authority_length = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..authority_length].rfind('@') {
        Some(at) => format!("{scheme}://(hidden)@{}", &rest[at + 1..]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_urls_are_hidden() {
        assert_eq!(
            without_userinfo("http://u:p@host:1/x@y"),
            "http://(hidden)@host:1/x@y"
        );
        assert_eq!(without_userinfo("http://host/x@y"), "http://host/x@y");
        assert_eq!(without_userinfo("plain"), "plain");
    }
}
