//! What OpenAPI 3.0 and 3.1 prescribe alike.

use super::form::{Form, OPEN, Shape};

/// Security requirements.
pub(super) const SECURITY: Shape = Shape::List(&Shape::Map(&Shape::List(&Shape::Text)));

/// OAuth flows.
pub(super) static FLOWS: Form = Form {
    fields: &[
        ("implicit", Shape::Object(&IMPLICIT)),
        ("password", Shape::Object(&TOKEN)),
        ("clientCredentials", Shape::Object(&TOKEN)),
        ("authorizationCode", Shape::Object(&CODE)),
    ],
    ..OPEN
};

/// Implicit flow.
static IMPLICIT: Form = Form {
    fields: &[
        ("authorizationUrl", Shape::UriReference),
        ("refreshUrl", Shape::UriReference),
        ("scopes", Shape::Map(&Shape::Text)),
    ],
    required: &["authorizationUrl", "scopes"],
    ..OPEN
};

/// Flows that ask for a token at once.
static TOKEN: Form = Form {
    fields: &[
        ("tokenUrl", Shape::UriReference),
        ("refreshUrl", Shape::UriReference),
        ("scopes", Shape::Map(&Shape::Text)),
    ],
    required: &["tokenUrl", "scopes"],
    ..OPEN
};

/// Authorization code flow.
static CODE: Form = Form {
    fields: &[
        ("authorizationUrl", Shape::UriReference),
        ("tokenUrl", Shape::UriReference),
        ("refreshUrl", Shape::UriReference),
        ("scopes", Shape::Map(&Shape::Text)),
    ],
    required: &["authorizationUrl", "tokenUrl", "scopes"],
    ..OPEN
};

/// XML.
pub(super) static XML: Form = Form {
    fields: &[
        ("name", Shape::Text),
        ("namespace", Shape::Uri),
        ("prefix", Shape::Text),
        ("attribute", Shape::Bool),
        ("wrapped", Shape::Bool),
    ],
    ..OPEN
};

/// `200`, `4XX`.
pub(super) fn is_status(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.len() == 3
        && (b'1'..=b'5').contains(&bytes[0])
        && (name.ends_with("XX") || bytes[1..].iter().all(u8::is_ascii_digit))
}

pub(super) fn is_path(name: &str) -> bool {
    name.starts_with('/')
}
