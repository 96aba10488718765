//! The form of OpenAPI 3.0.

use super::common::{FLOWS, SECURITY, XML, is_path, is_status};
use super::extra;
use super::form::{Form, OPEN, Others, Shape};

// This table follows the published schema of 3.0 line by line, the one of 3.1 its own: many objects look alike and differ
// in a field or two, so they stay apart, and only what is the same in all that it holds is shared.

/// The document.
pub(super) static DOCUMENT: Form = Form {
    fields: &[
        ("openapi", Shape::Version("3.0.")),
        ("info", Shape::Object(&INFO)),
        ("externalDocs", Shape::Object(&DOCS)),
        ("servers", Shape::List(&Shape::Object(&SERVER))),
        ("security", SECURITY),
        ("tags", Shape::Distinct(&Shape::Object(&TAG))),
        ("paths", Shape::Object(&PATHS)),
        ("components", Shape::Object(&COMPONENTS)),
    ],
    required: &["openapi", "info", "paths"],
    ..OPEN
};

/// Info.
static INFO: Form = Form {
    fields: &[
        ("title", Shape::Text),
        ("description", Shape::Text),
        ("termsOfService", Shape::UriReference),
        ("contact", Shape::Object(&CONTACT)),
        ("license", Shape::Object(&LICENSE)),
        ("version", Shape::Text),
    ],
    required: &["title", "version"],
    ..OPEN
};

/// Contact.
static CONTACT: Form = Form {
    fields: &[
        ("name", Shape::Text),
        ("url", Shape::UriReference),
        ("email", Shape::Email),
    ],
    ..OPEN
};

/// License.
static LICENSE: Form = Form {
    fields: &[("name", Shape::Text), ("url", Shape::UriReference)],
    required: &["name"],
    ..OPEN
};

/// Server.
static SERVER: Form = Form {
    fields: &[
        ("url", Shape::Text),
        ("description", Shape::Text),
        ("variables", Shape::Map(&Shape::Object(&VARIABLE))),
    ],
    required: &["url"],
    ..OPEN
};

/// Variable of a server.
static VARIABLE: Form = Form {
    fields: &[
        ("enum", Shape::List(&Shape::Text)),
        ("default", Shape::Text),
        ("description", Shape::Text),
    ],
    required: &["default"],
    ..OPEN
};

/// Components.
static COMPONENTS: Form = Form {
    fields: &[
        ("schemas", Shape::Map(&Shape::OrReference(&SCHEMA))),
        ("responses", Shape::Map(&Shape::OrReference(&RESPONSE))),
        ("parameters", Shape::Map(&Shape::OrReference(&PARAMETER))),
        ("examples", Shape::Map(&Shape::OrReference(&EXAMPLE))),
        (
            "requestBodies",
            Shape::Map(&Shape::OrReference(&REQUEST_BODY)),
        ),
        ("headers", Shape::Map(&Shape::OrReference(&HEADER))),
        (
            "securitySchemes",
            Shape::Map(&Shape::OrReference(&SECURITY_SCHEME)),
        ),
        ("links", Shape::Map(&Shape::OrReference(&LINK))),
        ("callbacks", Shape::Map(&Shape::OrReference(&CALLBACK))),
    ],
    ..OPEN
};

/// Paths.
static PATHS: Form = Form {
    others: Others::Keyed(is_path, Shape::Object(&PATH_ITEM)),
    ..OPEN
};

/// Path item.
static PATH_ITEM: Form = Form {
    fields: &[
        ("$ref", Shape::Text),
        ("summary", Shape::Text),
        ("description", Shape::Text),
        ("servers", Shape::List(&Shape::Object(&SERVER))),
        (
            "parameters",
            Shape::Distinct(&Shape::OrReference(&PARAMETER)),
        ),
        ("get", Shape::Object(&OPERATION)),
        ("put", Shape::Object(&OPERATION)),
        ("post", Shape::Object(&OPERATION)),
        ("delete", Shape::Object(&OPERATION)),
        ("options", Shape::Object(&OPERATION)),
        ("head", Shape::Object(&OPERATION)),
        ("patch", Shape::Object(&OPERATION)),
        ("trace", Shape::Object(&OPERATION)),
    ],
    ..OPEN
};

/// Operation.
static OPERATION: Form = Form {
    fields: &[
        ("tags", Shape::List(&Shape::Text)),
        ("summary", Shape::Text),
        ("description", Shape::Text),
        ("externalDocs", Shape::Object(&DOCS)),
        ("operationId", Shape::Text),
        (
            "parameters",
            Shape::Distinct(&Shape::OrReference(&PARAMETER)),
        ),
        ("requestBody", Shape::OrReference(&REQUEST_BODY)),
        ("responses", Shape::Object(&RESPONSES)),
        ("callbacks", Shape::Map(&Shape::OrReference(&CALLBACK))),
        ("deprecated", Shape::Bool),
        ("security", SECURITY),
        ("servers", Shape::List(&Shape::Object(&SERVER))),
    ],
    required: &["responses"],
    ..OPEN
};

/// External documentation.
static DOCS: Form = Form {
    fields: &[("description", Shape::Text), ("url", Shape::UriReference)],
    required: &["url"],
    ..OPEN
};

/// Parameter.
static PARAMETER: Form = Form {
    fields: &[
        ("name", Shape::Text),
        ("in", Shape::Text),
        ("description", Shape::Text),
        ("required", Shape::Bool),
        ("deprecated", Shape::Bool),
        ("allowEmptyValue", Shape::Bool),
        ("style", Shape::Text),
        ("explode", Shape::Bool),
        ("allowReserved", Shape::Bool),
        ("schema", Shape::OrReference(&SCHEMA)),
        ("content", Shape::Single(&Shape::Object(&MEDIA_TYPE))),
        ("example", Shape::Any),
        ("examples", Shape::Map(&Shape::OrReference(&EXAMPLE))),
    ],
    required: &["name"],
    extra: Some(extra::parameter_3_0),
    ..OPEN
};

/// Header.
static HEADER: Form = Form {
    fields: &[
        ("description", Shape::Text),
        ("required", Shape::Bool),
        ("deprecated", Shape::Bool),
        ("allowEmptyValue", Shape::Bool),
        ("allowReserved", Shape::Bool),
        ("style", Shape::Word(&["simple"])),
        ("explode", Shape::Bool),
        ("schema", Shape::OrReference(&SCHEMA)),
        ("content", Shape::Single(&Shape::Object(&MEDIA_TYPE))),
        ("example", Shape::Any),
        ("examples", Shape::Map(&Shape::OrReference(&EXAMPLE))),
    ],
    extra: Some(extra::header_3_0),
    ..OPEN
};

/// Request body.
static REQUEST_BODY: Form = Form {
    fields: &[
        ("description", Shape::Text),
        ("content", Shape::Map(&Shape::Object(&MEDIA_TYPE))),
        ("required", Shape::Bool),
    ],
    required: &["content"],
    ..OPEN
};

/// Media type.
static MEDIA_TYPE: Form = Form {
    fields: &[
        ("schema", Shape::OrReference(&SCHEMA)),
        ("example", Shape::Any),
        ("examples", Shape::Map(&Shape::OrReference(&EXAMPLE))),
        ("encoding", Shape::Map(&Shape::Object(&ENCODING))),
    ],
    extra: Some(extra::example_or_examples),
    ..OPEN
};

/// Encoding.
static ENCODING: Form = Form {
    fields: &[
        ("contentType", Shape::Text),
        ("headers", Shape::Map(&Shape::Object(&HEADER))),
        (
            "style",
            Shape::Word(&["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
        ),
        ("explode", Shape::Bool),
        ("allowReserved", Shape::Bool),
    ],
    others: Others::None,
    ..OPEN
};

/// Responses.
static RESPONSES: Form = Form {
    fields: &[("default", Shape::OrReference(&RESPONSE))],
    required: &[],
    others: Others::Keyed(is_status, Shape::OrReference(&RESPONSE)),
    extra: Some(extra::responses),
};

/// Response.
static RESPONSE: Form = Form {
    fields: &[
        ("description", Shape::Text),
        ("headers", Shape::Map(&Shape::OrReference(&HEADER))),
        ("content", Shape::Map(&Shape::Object(&MEDIA_TYPE))),
        ("links", Shape::Map(&Shape::OrReference(&LINK))),
    ],
    required: &["description"],
    ..OPEN
};

/// Callback.
static CALLBACK: Form = Form {
    others: Others::Each(Shape::Object(&PATH_ITEM)),
    ..OPEN
};

/// Example.
static EXAMPLE: Form = Form {
    fields: &[
        ("summary", Shape::Text),
        ("description", Shape::Text),
        ("value", Shape::Any),
        ("externalValue", Shape::UriReference),
    ],
    ..OPEN
};

/// Link.
static LINK: Form = Form {
    fields: &[
        ("operationRef", Shape::UriReference),
        ("operationId", Shape::Text),
        ("parameters", Shape::Map(&Shape::Any)),
        ("requestBody", Shape::Any),
        ("description", Shape::Text),
        ("server", Shape::Object(&SERVER)),
    ],
    extra: Some(extra::link_3_0),
    ..OPEN
};

/// Tag.
static TAG: Form = Form {
    fields: &[
        ("name", Shape::Text),
        ("description", Shape::Text),
        ("externalDocs", Shape::Object(&DOCS)),
    ],
    required: &["name"],
    ..OPEN
};

/// Security scheme.
static SECURITY_SCHEME: Form = Form {
    fields: &[
        (
            "type",
            Shape::Word(&["apiKey", "http", "oauth2", "openIdConnect"]),
        ),
        ("description", Shape::Text),
        ("name", Shape::Text),
        ("in", Shape::Word(&["query", "header", "cookie"])),
        ("scheme", Shape::Text),
        ("bearerFormat", Shape::Text),
        ("flows", Shape::Object(&FLOWS)),
        ("openIdConnectUrl", Shape::UriReference),
    ],
    required: &["type"],
    extra: Some(extra::security_scheme),
    ..OPEN
};

/// Discriminator.
static DISCRIMINATOR: Form = Form {
    fields: &[
        ("propertyName", Shape::Text),
        ("mapping", Shape::Map(&Shape::Text)),
    ],
    required: &["propertyName"],
    others: Others::Free,
    ..OPEN
};

/// Schema.
static SCHEMA: Form = Form {
    fields: &[
        ("title", Shape::Text),
        ("multipleOf", Shape::Positive),
        ("maximum", Shape::Number),
        ("exclusiveMaximum", Shape::Bool),
        ("minimum", Shape::Number),
        ("exclusiveMinimum", Shape::Bool),
        ("maxLength", Shape::Count),
        ("minLength", Shape::Count),
        ("pattern", Shape::Text),
        ("maxItems", Shape::Count),
        ("minItems", Shape::Count),
        ("uniqueItems", Shape::Bool),
        ("maxProperties", Shape::Count),
        ("minProperties", Shape::Count),
        ("required", Shape::Some(&Shape::Text)),
        ("enum", Shape::Some(&Shape::Any)),
        (
            "type",
            Shape::Word(&["array", "boolean", "integer", "number", "object", "string"]),
        ),
        ("not", Shape::OrReference(&SCHEMA)),
        ("allOf", Shape::List(&Shape::OrReference(&SCHEMA))),
        ("oneOf", Shape::List(&Shape::OrReference(&SCHEMA))),
        ("anyOf", Shape::List(&Shape::OrReference(&SCHEMA))),
        ("items", Shape::OrReference(&SCHEMA)),
        ("properties", Shape::Map(&Shape::OrReference(&SCHEMA))),
        ("additionalProperties", Shape::OrBool(&SCHEMA)),
        ("description", Shape::Text),
        ("format", Shape::Text),
        ("default", Shape::Any),
        ("nullable", Shape::Bool),
        ("discriminator", Shape::Object(&DISCRIMINATOR)),
        ("readOnly", Shape::Bool),
        ("writeOnly", Shape::Bool),
        ("example", Shape::Any),
        ("externalDocs", Shape::Object(&DOCS)),
        ("deprecated", Shape::Bool),
        ("xml", Shape::Object(&XML)),
    ],
    ..OPEN
};
