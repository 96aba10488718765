//! The form of OpenAPI 3.1, and of the frame of 3.2.

use super::common::{FLOWS, SECURITY, XML, is_path, is_status};
use super::extra;
use super::form::{Form, OPEN, Others, Shape};

/// The document.
pub(super) static DOCUMENT: Form = Form {
    fields: &[
        ("openapi", Shape::Version("3.1.")),
        ("info", Shape::Object(&INFO)),
        ("jsonSchemaDialect", Shape::Uri),
        ("servers", Shape::List(&Shape::Object(&SERVER))),
        ("paths", Shape::Object(&PATHS)),
        ("webhooks", Shape::Map(&Shape::OrReference(&PATH_ITEM))),
        ("components", Shape::Object(&COMPONENTS)),
        ("security", SECURITY),
        ("tags", Shape::List(&Shape::Object(&TAG))),
        ("externalDocs", Shape::Object(&DOCS)),
    ],
    required: &["openapi", "info"],
    extra: Some(extra::document_3_1),
    ..OPEN
};

/// Info.
static INFO: Form = Form {
    fields: &[
        ("title", Shape::Text),
        ("summary", Shape::Text),
        ("description", Shape::Text),
        ("termsOfService", Shape::Uri),
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
        ("url", Shape::Uri),
        ("email", Shape::Email),
    ],
    ..OPEN
};

/// License.
static LICENSE: Form = Form {
    fields: &[
        ("name", Shape::Text),
        ("identifier", Shape::Text),
        ("url", Shape::Uri),
    ],
    required: &["name"],
    extra: Some(extra::license_3_1),
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
        ("enum", Shape::Some(&Shape::Text)),
        ("default", Shape::Text),
        ("description", Shape::Text),
    ],
    required: &["default"],
    ..OPEN
};

/// Components.
static COMPONENTS: Form = Form {
    fields: &[
        ("schemas", Shape::Names(&Shape::Schema(&SCHEMA))),
        ("responses", Shape::Names(&Shape::OrReference(&RESPONSE))),
        ("parameters", Shape::Names(&Shape::OrReference(&PARAMETER))),
        ("examples", Shape::Names(&Shape::OrReference(&EXAMPLE))),
        (
            "requestBodies",
            Shape::Names(&Shape::OrReference(&REQUEST_BODY)),
        ),
        ("headers", Shape::Names(&Shape::OrReference(&HEADER))),
        (
            "securitySchemes",
            Shape::Names(&Shape::OrReference(&SECURITY_SCHEME)),
        ),
        ("links", Shape::Names(&Shape::OrReference(&LINK))),
        ("callbacks", Shape::Names(&Shape::OrReference(&CALLBACK))),
        ("pathItems", Shape::Names(&Shape::OrReference(&PATH_ITEM))),
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
        ("summary", Shape::Text),
        ("description", Shape::Text),
        ("servers", Shape::List(&Shape::Object(&SERVER))),
        ("parameters", Shape::List(&Shape::OrReference(&PARAMETER))),
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
        ("parameters", Shape::List(&Shape::OrReference(&PARAMETER))),
        ("requestBody", Shape::OrReference(&REQUEST_BODY)),
        ("responses", Shape::Object(&RESPONSES)),
        ("callbacks", Shape::Map(&Shape::OrReference(&CALLBACK))),
        ("deprecated", Shape::Bool),
        ("security", SECURITY),
        ("servers", Shape::List(&Shape::Object(&SERVER))),
    ],
    ..OPEN
};

/// External documentation.
static DOCS: Form = Form {
    fields: &[("description", Shape::Text), ("url", Shape::Uri)],
    required: &["url"],
    ..OPEN
};

/// Parameter.
static PARAMETER: Form = Form {
    fields: &[
        ("name", Shape::Text),
        ("in", Shape::Word(&["query", "header", "path", "cookie"])),
        ("description", Shape::Text),
        ("required", Shape::Bool),
        ("deprecated", Shape::Bool),
        ("allowEmptyValue", Shape::Bool),
        ("style", Shape::Text),
        ("explode", Shape::Bool),
        ("allowReserved", Shape::Bool),
        ("schema", Shape::Schema(&SCHEMA)),
        ("content", Shape::Single(&Shape::Object(&MEDIA_TYPE))),
        ("example", Shape::Any),
        ("examples", Shape::Map(&Shape::OrReference(&EXAMPLE))),
    ],
    required: &["name", "in"],
    extra: Some(extra::parameter_3_1),
    ..OPEN
};

/// Header.
static HEADER: Form = Form {
    fields: &[
        ("description", Shape::Text),
        ("required", Shape::Bool),
        ("deprecated", Shape::Bool),
        ("style", Shape::Word(&["simple"])),
        ("explode", Shape::Bool),
        ("schema", Shape::Schema(&SCHEMA)),
        ("content", Shape::Single(&Shape::Object(&MEDIA_TYPE))),
        ("example", Shape::Any),
        ("examples", Shape::Map(&Shape::OrReference(&EXAMPLE))),
    ],
    extra: Some(extra::one_of_schema_and_content),
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
        ("schema", Shape::Schema(&SCHEMA)),
        ("example", Shape::Any),
        ("examples", Shape::Map(&Shape::OrReference(&EXAMPLE))),
        ("encoding", Shape::Map(&Shape::Object(&ENCODING))),
    ],
    ..OPEN
};

/// Encoding.
static ENCODING: Form = Form {
    fields: &[
        ("contentType", Shape::Text),
        ("headers", Shape::Map(&Shape::OrReference(&HEADER))),
        (
            "style",
            Shape::Word(&["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
        ),
        ("explode", Shape::Bool),
        ("allowReserved", Shape::Bool),
    ],
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
    others: Others::Each(Shape::OrReference(&PATH_ITEM)),
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
    extra: Some(extra::example_3_1),
    ..OPEN
};

/// Link.
static LINK: Form = Form {
    fields: &[
        ("operationRef", Shape::UriReference),
        ("operationId", Shape::Text),
        ("parameters", Shape::Map(&Shape::Text)),
        ("requestBody", Shape::Any),
        ("description", Shape::Text),
        ("body", Shape::Object(&SERVER)),
    ],
    extra: Some(extra::link_3_1),
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
            Shape::Word(&["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"]),
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
    extra: Some(extra::security_scheme_3_1),
    ..OPEN
};

/// Discriminator.
static DISCRIMINATOR: Form = Form {
    fields: &[
        ("propertyName", Shape::Text),
        ("mapping", Shape::Map(&Shape::Text)),
    ],
    required: &["propertyName"],
    ..OPEN
};

/// Schema: JSON Schema 2020-12 and what OpenAPI adds.
static SCHEMA: Form = Form {
    fields: &[
        ("$id", Shape::UriReference),
        ("$schema", Shape::Uri),
        ("$ref", Shape::UriReference),
        ("$anchor", Shape::Text),
        ("$dynamicRef", Shape::UriReference),
        ("$dynamicAnchor", Shape::Text),
        ("$comment", Shape::Text),
        ("$defs", Shape::Map(&Shape::Schema(&SCHEMA))),
        ("prefixItems", Shape::Some(&Shape::Schema(&SCHEMA))),
        ("items", Shape::Schema(&SCHEMA)),
        ("contains", Shape::Schema(&SCHEMA)),
        ("additionalProperties", Shape::Schema(&SCHEMA)),
        ("properties", Shape::Map(&Shape::Schema(&SCHEMA))),
        ("patternProperties", Shape::Map(&Shape::Schema(&SCHEMA))),
        ("dependentSchemas", Shape::Map(&Shape::Schema(&SCHEMA))),
        ("propertyNames", Shape::Schema(&SCHEMA)),
        ("if", Shape::Schema(&SCHEMA)),
        ("then", Shape::Schema(&SCHEMA)),
        ("else", Shape::Schema(&SCHEMA)),
        ("allOf", Shape::Some(&Shape::Schema(&SCHEMA))),
        ("anyOf", Shape::Some(&Shape::Schema(&SCHEMA))),
        ("oneOf", Shape::Some(&Shape::Schema(&SCHEMA))),
        ("not", Shape::Schema(&SCHEMA)),
        ("unevaluatedItems", Shape::Schema(&SCHEMA)),
        ("unevaluatedProperties", Shape::Schema(&SCHEMA)),
        ("type", Shape::Types),
        ("enum", Shape::List(&Shape::Any)),
        ("multipleOf", Shape::Positive),
        ("maximum", Shape::Number),
        ("exclusiveMaximum", Shape::Number),
        ("minimum", Shape::Number),
        ("exclusiveMinimum", Shape::Number),
        ("maxLength", Shape::Count),
        ("minLength", Shape::Count),
        ("pattern", Shape::Text),
        ("maxItems", Shape::Count),
        ("minItems", Shape::Count),
        ("uniqueItems", Shape::Bool),
        ("maxContains", Shape::Count),
        ("minContains", Shape::Count),
        ("maxProperties", Shape::Count),
        ("minProperties", Shape::Count),
        ("required", Shape::Distinct(&Shape::Text)),
        (
            "dependentRequired",
            Shape::Map(&Shape::Distinct(&Shape::Text)),
        ),
        ("title", Shape::Text),
        ("description", Shape::Text),
        ("deprecated", Shape::Bool),
        ("readOnly", Shape::Bool),
        ("writeOnly", Shape::Bool),
        ("examples", Shape::List(&Shape::Any)),
        ("format", Shape::Text),
        ("contentMediaType", Shape::Text),
        ("contentEncoding", Shape::Text),
        ("contentSchema", Shape::Schema(&SCHEMA)),
        ("discriminator", Shape::Object(&DISCRIMINATOR)),
        ("externalDocs", Shape::Object(&SCHEMA_DOCS)),
        ("xml", Shape::Object(&XML)),
    ],
    others: Others::Free,
    ..OPEN
};

/// External documentation of a schema.
static SCHEMA_DOCS: Form = Form {
    fields: &[("url", Shape::UriReference), ("description", Shape::Text)],
    required: &["url"],
    ..OPEN
};

/// The document of OpenAPI 3.2: its frame alone, for its parts have fields that 3.1 does not know.
pub(super) static DOCUMENT_3_2: Form = Form {
    fields: &[
        ("openapi", Shape::Version("3.2.")),
        ("$self", Shape::UriReference),
        ("info", Shape::Object(&INFO)),
        ("jsonSchemaDialect", Shape::UriReference),
        ("servers", Shape::List(&Shape::Map(&Shape::Any))),
        ("paths", Shape::Map(&Shape::Map(&Shape::Any))),
        ("webhooks", Shape::Map(&Shape::Map(&Shape::Any))),
        ("components", Shape::Map(&Shape::Map(&Shape::Any))),
        ("security", SECURITY),
        ("tags", Shape::List(&Shape::Map(&Shape::Any))),
        ("externalDocs", Shape::Object(&DOCS)),
    ],
    required: &["openapi", "info"],
    extra: Some(extra::document_3_1),
    ..OPEN
};
