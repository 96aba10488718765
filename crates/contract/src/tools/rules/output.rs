//! Rules on what a tool returns.

use crate::level::{Breaks, Level};
use crate::rules::rule::{Action, Kind, Rule};
use crate::tools::base::{HARMLESS_OUTPUT, OUTPUT};

pub(in crate::tools) static OUTPUT_SCHEMA_REMOVED: Rule = Rule {
    id: "mcp-tool-output-schema-removed",
    kind: Kind::Existence,
    action: Action::Remove,
    mirror: Some("mcp-tool-output-schema-added"),
    purpose: "A tool no longer says what it returns.",
    why: "Programs that read structured results lose the promise of their form.",
    safely: "Keep the schema.",
    breaking_example: "base: {name: find, outputSchema: {type: object, properties: {id: {type: string}}}}\nrevision: {name: find}",
    safe_example: "base: {name: find}\nrevision: {name: find, outputSchema: {type: object, properties: {id: {type: string}}}}",
    ..OUTPUT
};

pub(in crate::tools) static OUTPUT_SCHEMA_ADDED: Rule = Rule {
    id: "mcp-tool-output-schema-added",
    kind: Kind::Existence,
    action: Action::Add,
    mirror: Some("mcp-tool-output-schema-removed"),
    purpose: "A tool says what it returns.",
    why: "Nobody depends on less than before.",
    breaking_example: "base: {name: find}\nrevision: {name: find, outputSchema: {type: object, properties: {id: {type: string}}}}",
    safe_example: "base: {name: find}\nrevision: {name: find}",
    ..HARMLESS_OUTPUT
};

pub(in crate::tools) static OUTPUT_SCHEMA_PROPERTY_REMOVED: Rule = Rule {
    id: "mcp-tool-output-schema-property-removed",
    kind: Kind::Existence,
    action: Action::Remove,
    mirror: Some("mcp-tool-output-schema-property-added"),
    purpose: "The output lost a property.",
    why: "Whoever reads it finds nothing.",
    safely: "Keep the property until nobody reads it.",
    breaking_example: "base: {name: find, outputSchema: {type: object, properties: {id: {type: string}}}}\nrevision: {name: find, outputSchema: {type: object, properties: {}}}",
    safe_example: "base: {name: find, outputSchema: {type: object, properties: {id: {type: string}}}}\nrevision: {name: find, outputSchema: {type: object, properties: {name: {type: string}, id: {type: string}}}}",
    ..OUTPUT
};

pub(in crate::tools) static OUTPUT_SCHEMA_PROPERTY_ADDED: Rule = Rule {
    id: "mcp-tool-output-schema-property-added",
    kind: Kind::Existence,
    action: Action::Add,
    mirror: Some("mcp-tool-output-schema-property-removed"),
    purpose: "The output has a new property.",
    why: "Readers pass over what they do not know.",
    breaking_example: "base: {name: find, outputSchema: {type: object, properties: {}}}\nrevision: {name: find, outputSchema: {type: object, properties: {id: {type: string}}}}",
    safe_example: "base: {name: find, outputSchema: {type: object, properties: {id: {type: string}}}}\nrevision: {name: find, outputSchema: {type: object, properties: {id: {type: string}}}}",
    ..HARMLESS_OUTPUT
};

pub(in crate::tools) static OUTPUT_SCHEMA_PROPERTY_BECAME_OPTIONAL: Rule = Rule {
    id: "mcp-tool-output-schema-property-became-optional",
    kind: Kind::Requiredness,
    action: Action::Change,
    mirror: None,
    purpose: "A property that was always there may be absent.",
    why: "Readers that rely on it fail.",
    safely: "Always send it, with a neutral value.",
    breaking_example: "base: {name: find, outputSchema: {type: object, properties: {id: {type: string}}, required: [id]}}\nrevision: {name: find, outputSchema: {type: object, properties: {id: {type: string}}}}",
    safe_example: "base: {name: find, outputSchema: {type: object, properties: {id: {type: string}}}}\nrevision: {name: find, outputSchema: {type: object, properties: {id: {type: string}}, required: [id]}}",
    ..OUTPUT
};

pub(in crate::tools) static OUTPUT_SCHEMA_TYPE_CHANGED: Rule = Rule {
    id: "mcp-tool-output-schema-type-changed",
    kind: Kind::Type,
    action: Action::Change,
    mirror: Some("mcp-tool-output-schema-type-changed"),
    purpose: "A part of the output has another type, or more types.",
    why: "Readers meet a value that they do not expect.",
    safely: "Add a new property of the new type and keep the old one.",
    breaking_example: "base: {name: find, outputSchema: {type: object, properties: {id: {type: string}}}}\nrevision: {name: find, outputSchema: {type: object, properties: {id: {type: integer}}}}",
    safe_example: "base: {name: find, outputSchema: {type: object, properties: {id: {type: number}}}}\nrevision: {name: find, outputSchema: {type: object, properties: {id: {type: integer}}}}",
    ..OUTPUT
};

pub(in crate::tools) static OUTPUT_SCHEMA_TYPE_NARROWED: Rule = Rule {
    id: "mcp-tool-output-schema-type-narrowed",
    kind: Kind::Type,
    action: Action::Specialize,
    mirror: Some("mcp-tool-output-schema-type-changed"),
    purpose: "A part of the output has fewer types than before.",
    why: "Readers meet less than they are ready for.",
    breaking_example: "base: {name: find, outputSchema: {type: object, properties: {id: {type: number}}}}\nrevision: {name: find, outputSchema: {type: object, properties: {id: {type: integer}}}}",
    safe_example: "base: {name: find, outputSchema: {type: object, properties: {id: {type: [string, \"null\"]}}}}\nrevision: {name: find, outputSchema: {type: object, properties: {id: {type: [\"null\", string]}}}}",
    ..HARMLESS_OUTPUT
};

pub(in crate::tools) static OUTPUT_SCHEMA_ENUM_WIDENED: Rule = Rule {
    id: "mcp-tool-output-schema-enum-widened",
    level: Level::Warning,
    breaks: &[Breaks::Sdk, Breaks::Agent],
    kind: Kind::Values,
    action: Action::Generalize,
    mirror: None,
    purpose: "A part of the output may have values that it never had.",
    why: "Readers that know only the old values may fail on a new one.",
    safely: "Say from the start that the list of values is open.",
    breaking_example: "base: {name: find, outputSchema: {type: object, properties: {id: {enum: [a]}}}}\nrevision: {name: find, outputSchema: {type: object, properties: {id: {enum: [a, b]}}}}",
    safe_example: "base: {name: find, outputSchema: {type: object, properties: {id: {enum: [a, b]}}}}\nrevision: {name: find, outputSchema: {type: object, properties: {id: {enum: [a]}}}}",
    ..OUTPUT
};
