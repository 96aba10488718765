//! One `[[surface]]`: where its consumers arrive, where it leads, how they are known.

use std::fmt;
use std::marker::PhantomData;
use std::path::PathBuf;

use gateway::IdentitySpec;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::units::{Size, Span};

/// `name` and `upstream` are required; everything else has a default that changes no client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurfaceSection {
    pub name: String,
    /// Host names that lead here; none means every host.
    #[serde(default, alias = "hosts", deserialize_with = "one_or_many")]
    pub host: Vec<String>,
    /// `""` or `/prefix`.
    #[serde(default)]
    pub path_prefix: String,
    #[serde(default)]
    pub strip_path_prefix: bool,
    /// Where the API's paths begin, instead of what the contract's servers say; `""` is the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<PathBuf>,
    #[serde(alias = "upstreams", deserialize_with = "one_or_many")]
    pub upstream: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream_ca_file: Option<PathBuf>,
    #[serde(default)]
    pub preserve_host: bool,
    #[serde(default = "default_identity")]
    pub identity: Vec<IdentitySpec>,
    /// The default lets unknown paths pass: whoever puts Towpath in front of a running API first observes.
    /// A contract that lags behind its API must show up in the figures, not as an outage.
    #[serde(default)]
    pub unknown_path: UnknownPath,
    /// The default lets anonymous calls pass, for the same reason.
    #[serde(default)]
    pub anonymous: Anonymous,
    #[serde(default)]
    pub timeouts: SurfaceTimeouts,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_limit: Option<Size>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum UnknownPath {
    #[default]
    #[serde(rename = "pass")]
    Pass,
    #[serde(rename = "404")]
    NotFound,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Anonymous {
    #[default]
    #[serde(rename = "pass")]
    Pass,
    #[serde(rename = "401")]
    Unauthorized,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SurfaceTimeouts {
    pub connect: Span,
    /// From the request's last byte to the response head.
    pub response_head: Span,
    /// Between two reads of the response body; `0s` waits for ever (event streams).
    pub response_idle: Span,
}

impl Default for SurfaceTimeouts {
    fn default() -> Self {
        Self {
            connect: Span::seconds(5),
            response_head: Span::seconds(30),
            response_idle: Span::seconds(300),
        }
    }
}

impl SurfaceSection {
    /// A surface with every default.
    pub fn new(name: String, upstream: Vec<String>) -> Self {
        Self {
            name,
            host: Vec::new(),
            path_prefix: String::new(),
            strip_path_prefix: false,
            base_path: None,
            contract: None,
            upstream,
            upstream_ca_file: None,
            preserve_host: false,
            identity: default_identity(),
            unknown_path: UnknownPath::default(),
            anonymous: Anonymous::default(),
            timeouts: SurfaceTimeouts::default(),
            body_limit: None,
        }
    }
}

fn default_identity() -> Vec<IdentitySpec> {
    vec![IdentitySpec::TowpathKey {
        header: None,
        scheme: None,
    }]
}

/// A text stands for a list of one.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct OneOrMany(PhantomData<String>);

    impl<'de> Visitor<'de> for OneOrMany {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text or a list of texts")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok(vec![text.to_owned()])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            let mut texts = Vec::new();
            while let Some(text) = items.next_element()? {
                texts.push(text);
            }
            Ok(texts)
        }
    }

    deserializer.deserialize_any(OneOrMany(PhantomData))
}
