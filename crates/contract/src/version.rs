//! Which OpenAPI a document is written in, and which of them are read.

use std::fmt;

use crate::findings::Findings;
use crate::tree::{Node, Value};

/// The `openapi` field: 3.0, 3.1 or 3.2 with its patch number, which never changes the meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpenApiVersion {
    minor: u8,
    patch: u32,
}

impl OpenApiVersion {
    pub const V3_0: Self = Self { minor: 0, patch: 0 };
    /// JSON Schema 2020-12, webhooks, `components/pathItems`.
    pub const V3_1: Self = Self { minor: 1, patch: 0 };
    /// The `query` method, `additionalOperations`, `$self`.
    pub const V3_2: Self = Self { minor: 2, patch: 0 };

    /// 0, 1 or 2: the number after `3.`.
    pub const fn minor(self) -> u8 {
        self.minor
    }

    pub const fn patch(self) -> u32 {
        self.patch
    }

    /// `3.1.0`, `3.2.0-rc1`; a missing patch number is 0.
    fn from_text(text: &str) -> Option<Self> {
        let mut numbers = text.split('-').next()?.split('.');
        let major = numbers.next()?;
        let minor = numbers.next()?.parse().ok().filter(|minor| *minor <= 2)?;
        let patch = match numbers.next() {
            Some(patch) => patch.parse().ok()?,
            None => 0,
        };
        (major == "3" && numbers.next().is_none()).then_some(Self { minor, patch })
    }
}

impl fmt::Display for OpenApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "3.{}.{}", self.minor, self.patch)
    }
}

/// The version of the document; `None` with an error told.
pub(crate) fn read(root: Node<'_>, findings: &mut Findings) -> Option<OpenApiVersion> {
    let Some(field) = root.get("openapi") else {
        tell_missing(root, findings);
        return None;
    };
    let version = field.scalar_text().and_then(OpenApiVersion::from_text);
    match (version, field.value()) {
        (None, _) => findings.error(
            field,
            format!("`openapi` is {}, which is not read here", shown(field)),
            "use OpenAPI 3.0, 3.1 or 3.2, for example `3.1.0`",
        ),
        (Some(_), Value::String(text)) if text.matches('.').count() == 2 => {}
        (Some(version), _) => findings.warning(
            field,
            format!("`openapi` is read as {version}"),
            format!("write it in full and as a text: \"{version}\""),
        ),
    }
    version
}

fn tell_missing(root: Node<'_>, findings: &mut Findings) {
    if let Some(swagger) = root.member("swagger") {
        findings.error(
            swagger.key,
            "this is a Swagger 2.0 contract, and OpenAPI 3.0, 3.1 and 3.2 are read",
            "convert it to OpenAPI 3 with a Swagger converter, check the result, and load that",
        );
    } else if let Some(other) = root.member("asyncapi") {
        findings.error(
            other.key,
            "this is an AsyncAPI contract, and OpenAPI 3.0, 3.1 and 3.2 are read",
            "load the OpenAPI contract of the HTTP part",
        );
    } else if root.is_object() {
        findings.error(
            root,
            "the field `openapi` is missing",
            "if this is an OpenAPI contract, add its version, for example `openapi: 3.1.0`",
        );
    } else {
        findings.error(
            root,
            format!(
                "the document is {}, not an object",
                root.value().described()
            ),
            "load a file whose outermost value is an OpenAPI object",
        );
    }
}

fn shown(field: Node<'_>) -> String {
    match field.scalar_text() {
        Some(text) => format!("`{text}`"),
        None => field.value().described().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::OpenApiVersion;

    #[test]
    fn three_minors_and_any_patch() {
        for (text, expect) in [
            ("3.0.3", Some("3.0.3")),
            ("3.1", Some("3.1.0")),
            ("3.2.0-rc1", Some("3.2.0")),
            ("3.3.0", None),
            ("2.0", None),
            ("3", None),
            ("3.0.0.1", None),
            ("v3.0.0", None),
            ("", None),
        ] {
            let version = OpenApiVersion::from_text(text).map(|version| version.to_string());
            assert_eq!(version.as_deref(), expect, "{text}");
        }
        assert!(OpenApiVersion::from_text("3.1.9").unwrap() >= OpenApiVersion::V3_1);
    }
}
