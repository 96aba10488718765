//! Rules on what a tool takes.

use crate::level::{Breaks, Level};
use crate::rules::rule::{Action, Kind, Rule};
use crate::tools::base::{ARGUMENT, HARMLESS_ARGUMENT};

pub(in crate::tools) static REQUIRED_ARGUMENT_ADDED: Rule = Rule {
    id: "mcp-tool-required-argument-added",
    kind: Kind::Existence,
    action: Action::Add,
    mirror: Some("mcp-tool-argument-removed"),
    purpose: "A tool asks for an argument that it did not have.",
    why: "Calls as they were made before lack it and are refused.",
    safely: "Make the argument optional, with a default that keeps the old behaviour.",
    breaking_example: "base: {name: find, inputSchema: {type: object, properties: {}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {type: string}}, required: [q]}}",
    safe_example: "base: {name: find, inputSchema: {type: object, properties: {}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {type: string}}}}",
    ..ARGUMENT
};

pub(in crate::tools) static OPTIONAL_ARGUMENT_ADDED: Rule = Rule {
    id: "mcp-tool-optional-argument-added",
    kind: Kind::Existence,
    action: Action::Add,
    mirror: Some("mcp-tool-argument-removed"),
    purpose: "A tool takes a new optional argument.",
    breaking_example: "base: {name: find, inputSchema: {type: object, properties: {}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {type: string}}}}",
    safe_example: "base: {name: find, inputSchema: {type: object, properties: {q: {type: string}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {type: string}}}}",
    ..HARMLESS_ARGUMENT
};

pub(in crate::tools) static ARGUMENT_REMOVED: Rule = Rule {
    id: "mcp-tool-argument-removed",
    kind: Kind::Existence,
    action: Action::Remove,
    mirror: Some("mcp-tool-optional-argument-added"),
    purpose: "A tool no longer has an argument.",
    why: "Calls that send it are refused, or do something else than asked.",
    safely: "Keep the argument, say in its description that it has no effect, and remove it when nobody sends it.",
    breaking_example: "base: {name: find, inputSchema: {type: object, properties: {q: {type: string}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {}}}",
    safe_example: "base: {name: find, inputSchema: {type: object, properties: {q: {type: string}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {p: {type: string}, q: {type: string}}}}",
    ..ARGUMENT
};

pub(in crate::tools) static ARGUMENT_BECAME_REQUIRED: Rule = Rule {
    id: "mcp-tool-argument-became-required",
    kind: Kind::Requiredness,
    action: Action::Change,
    mirror: Some("mcp-tool-argument-became-optional"),
    purpose: "An argument that could be left out must be sent.",
    why: "Calls without it are refused.",
    safely: "Keep it optional, with a default.",
    breaking_example: "base: {name: find, inputSchema: {type: object, properties: {q: {type: string}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {type: string}}, required: [q]}}",
    safe_example: "base: {name: find, inputSchema: {type: object, properties: {q: {type: string}}, required: [q]}}\nrevision: {name: find, inputSchema: {type: object, required: [q], properties: {q: {type: string}}}}",
    ..ARGUMENT
};

pub(in crate::tools) static ARGUMENT_BECAME_OPTIONAL: Rule = Rule {
    id: "mcp-tool-argument-became-optional",
    kind: Kind::Requiredness,
    action: Action::Change,
    mirror: Some("mcp-tool-argument-became-required"),
    purpose: "An argument may be left out now.",
    breaking_example: "base: {name: find, inputSchema: {type: object, properties: {q: {type: string}}, required: [q]}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {type: string}}}}",
    safe_example: "base: {name: find, inputSchema: {type: object, properties: {q: {type: string}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {type: string}}}}",
    ..HARMLESS_ARGUMENT
};

pub(in crate::tools) static ARGUMENT_ENUM_NARROWED: Rule = Rule {
    id: "mcp-tool-argument-enum-narrowed",
    kind: Kind::Values,
    action: Action::Specialize,
    mirror: Some("mcp-tool-argument-enum-widened"),
    purpose: "An argument takes fewer values than before.",
    why: "Calls with one of the lost values are refused.",
    safely: "Take the old values too, and treat each as its successor.",
    breaking_example: "base: {name: find, inputSchema: {type: object, properties: {q: {enum: [a, b]}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {enum: [a]}}}}",
    safe_example: "base: {name: find, inputSchema: {type: object, properties: {q: {enum: [a, b]}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {enum: [b, a]}}}}",
    ..ARGUMENT
};

pub(in crate::tools) static ARGUMENT_ENUM_WIDENED: Rule = Rule {
    id: "mcp-tool-argument-enum-widened",
    kind: Kind::Values,
    action: Action::Generalize,
    mirror: Some("mcp-tool-argument-enum-narrowed"),
    purpose: "An argument takes more values than before.",
    breaking_example: "base: {name: find, inputSchema: {type: object, properties: {q: {enum: [a]}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {enum: [a, b]}}}}",
    safe_example: "base: {name: find, inputSchema: {type: object, properties: {q: {enum: [a]}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {const: a}}}}",
    ..HARMLESS_ARGUMENT
};

pub(in crate::tools) static ARGUMENT_TYPE_CHANGED: Rule = Rule {
    id: "mcp-tool-argument-type-changed",
    kind: Kind::Type,
    action: Action::Change,
    mirror: Some("mcp-tool-argument-type-changed"),
    purpose: "An argument has another type, or fewer types.",
    why: "Calls with a value of the old type are refused.",
    safely: "Add a new argument of the new type and keep the old one.",
    breaking_example: "base: {name: find, inputSchema: {type: object, properties: {q: {type: string}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {type: integer}}}}",
    safe_example: "base: {name: find, inputSchema: {type: object, properties: {q: {type: integer}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {type: number}}}}",
    ..ARGUMENT
};

pub(in crate::tools) static ARGUMENT_TYPE_WIDENED: Rule = Rule {
    id: "mcp-tool-argument-type-widened",
    kind: Kind::Type,
    action: Action::Generalize,
    mirror: Some("mcp-tool-argument-type-changed"),
    purpose: "An argument takes more types than before.",
    breaking_example: "base: {name: find, inputSchema: {type: object, properties: {q: {type: integer}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {type: number}}}}",
    safe_example: "base: {name: find, inputSchema: {type: object, properties: {q: {type: [string, integer]}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {type: [integer, string]}}}}",
    ..HARMLESS_ARGUMENT
};

pub(in crate::tools) static ARGUMENT_CONSTRAINT_TIGHTENED: Rule = Rule {
    id: "mcp-tool-argument-constraint-tightened",
    kind: Kind::Constraints,
    action: Action::Decrease,
    mirror: Some("mcp-tool-argument-constraint-relaxed"),
    purpose: "A bound of an argument is stricter than before, or new.",
    why: "Calls with a value outside the new bound are refused.",
    safely: "Take the old range, and clamp or page on the server.",
    breaking_example: "base: {name: find, inputSchema: {type: object, properties: {q: {maximum: 100}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {maximum: 50}}}}",
    safe_example: "base: {name: find, inputSchema: {type: object, properties: {q: {maximum: 100}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {maximum: 100.0}}}}",
    ..ARGUMENT
};

pub(in crate::tools) static ARGUMENT_CONSTRAINT_RELAXED: Rule = Rule {
    id: "mcp-tool-argument-constraint-relaxed",
    kind: Kind::Constraints,
    action: Action::Increase,
    mirror: Some("mcp-tool-argument-constraint-tightened"),
    purpose: "A bound of an argument is looser than before, or gone.",
    breaking_example: "base: {name: find, inputSchema: {type: object, properties: {q: {maxLength: 10}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {}}}}",
    safe_example: "base: {name: find, inputSchema: {type: object, properties: {q: {maxLength: 10}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {maxLength: 10}}}}",
    ..HARMLESS_ARGUMENT
};

pub(in crate::tools) static ARGUMENT_DEFAULT_CHANGED: Rule = Rule {
    id: "mcp-tool-argument-default-changed",
    level: Level::Warning,
    breaks: &[Breaks::Agent],
    kind: Kind::Values,
    action: Action::Change,
    mirror: Some("mcp-tool-argument-default-changed"),
    purpose: "The value that stands for an absent argument changed.",
    why: "Calls that leave the argument out do something else than before.",
    safely: "Keep the default, and let those who want the other value send it.",
    breaking_example: "base: {name: find, inputSchema: {type: object, properties: {q: {default: 10}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {default: 50}}}}",
    safe_example: "base: {name: find, inputSchema: {type: object, properties: {q: {default: 10}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {default: 10.0}}}}",
    ..ARGUMENT
};

pub(in crate::tools) static ARGUMENT_SCHEMA_CHANGED: Rule = Rule {
    id: "mcp-tool-argument-schema-changed",
    level: Level::Warning,
    breaks: &[Breaks::Agent],
    kind: Kind::Structure,
    action: Action::Change,
    mirror: Some("mcp-tool-argument-schema-changed"),
    purpose: "An argument changed in a way that the schemas alone do not decide: a composition, a condition, a pattern or a format.",
    why: "Values that were accepted may be refused.",
    safely: "Write the change as types, values and bounds, which can be compared.",
    breaking_example: "base: {name: find, inputSchema: {type: object, properties: {q: {pattern: \"^a\"}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {pattern: \"^b\"}}}}",
    safe_example: "base: {name: find, inputSchema: {type: object, properties: {q: {pattern: \"^a\"}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {pattern: '^a'}}}}",
    ..ARGUMENT
};

pub(in crate::tools) static ARGUMENT_DESCRIPTION_CHANGED: Rule = Rule {
    id: "mcp-tool-argument-description-changed",
    level: Level::Info,
    breaks: &[Breaks::Agent],
    kind: Kind::Structure,
    action: Action::Change,
    mirror: Some("mcp-tool-argument-description-changed"),
    purpose: "The description of an argument changed.",
    why: "Agents fill arguments by their descriptions.",
    safely: "Check that it still says form, unit and where the value comes from.",
    breaking_example: "base: {name: find, inputSchema: {type: object, properties: {q: {description: A name.}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {description: A city.}}}}",
    safe_example: "base: {name: find, inputSchema: {type: object, properties: {q: {description: A name.}}}}\nrevision: {name: find, inputSchema: {type: object, properties: {q: {description: \"A name.\"}}}}",
    ..ARGUMENT
};

pub(in crate::tools) static UNKNOWN_ARGUMENTS_REFUSED: Rule = Rule {
    id: "mcp-tool-unknown-arguments-refused",
    level: Level::Warning,
    breaks: &[Breaks::Wire, Breaks::Agent],
    kind: Kind::Constraints,
    action: Action::Specialize,
    mirror: Some("mcp-tool-unknown-arguments-allowed"),
    purpose: "Arguments that the schema does not name are refused now.",
    why: "Calls that sent one, even without effect, fail.",
    safely: "Ignore unknown arguments, and report them in the answer.",
    breaking_example: "base: {name: find, inputSchema: {type: object, properties: {}}}\nrevision: {name: find, inputSchema: {type: object, properties: {}, additionalProperties: false}}",
    safe_example: "base: {name: find, inputSchema: {type: object, properties: {}}}\nrevision: {name: find, inputSchema: {type: object, properties: {}, additionalProperties: true}}",
    ..ARGUMENT
};

pub(in crate::tools) static UNKNOWN_ARGUMENTS_ALLOWED: Rule = Rule {
    id: "mcp-tool-unknown-arguments-allowed",
    kind: Kind::Constraints,
    action: Action::Generalize,
    mirror: Some("mcp-tool-unknown-arguments-refused"),
    purpose: "Arguments that the schema does not name are taken now.",
    breaking_example: "base: {name: find, inputSchema: {type: object, additionalProperties: false}}\nrevision: {name: find, inputSchema: {type: object, properties: {}}}",
    safe_example: "base: {name: find, inputSchema: {type: object, additionalProperties: true}}\nrevision: {name: find, inputSchema: {type: object, properties: {}}}",
    ..HARMLESS_ARGUMENT
};
