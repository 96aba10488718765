//! Rules on a tool as a whole: that it is there, what it is called, how it is described.

use crate::level::{Breaks, Level};
use crate::rules::rule::{Action, Kind, Rule};
use crate::tools::base::BASE;

pub(in crate::tools) static REMOVED: Rule = Rule {
    id: "mcp-tool-removed",
    level: Level::Error,
    breaks: &[Breaks::Wire, Breaks::Agent],
    kind: Kind::Existence,
    action: Action::Remove,
    mirror: Some("mcp-tool-added"),
    purpose: "A tool is no longer in the list.",
    why: "An agent that was told of the tool, in a saved plan, a prompt or a cached list, calls a name that does not exist.",
    safely: "Keep the tool and say in its description what replaces it; remove it when nobody calls it any more.",
    breaking_example: "base: {tools: [{name: find}, {name: list}]}\nrevision: {tools: [{name: list}]}",
    safe_example: "base: {tools: [{name: find}, {name: list}]}\nrevision: {tools: [{name: list}, {name: find}]}",
    ..BASE
};

pub(in crate::tools) static ADDED: Rule = Rule {
    id: "mcp-tool-added",
    kind: Kind::Existence,
    action: Action::Add,
    mirror: Some("mcp-tool-removed"),
    purpose: "The list has a new tool.",
    why: "Nobody depends on it yet; it takes its share of the context of every agent.",
    safely: "Check that its description sets it apart from its neighbours.",
    breaking_example: "base: {tools: [{name: list}]}\nrevision: {tools: [{name: list}, {name: find}]}",
    safe_example: "base: {tools: [{name: list}]}\nrevision: {tools: [{name: list}]}",
    ..BASE
};

pub(in crate::tools) static RENAMED: Rule = Rule {
    id: "mcp-tool-renamed",
    level: Level::Error,
    breaks: &[Breaks::Wire, Breaks::Agent],
    kind: Kind::Existence,
    action: Action::Change,
    mirror: Some("mcp-tool-renamed"),
    purpose: "A tool has another name and the same schema.",
    why: "Calls by the old name are refused, and prompts that mention it lead nowhere.",
    safely: "Offer both names for a while, and say in the description of the old one that the new one replaces it.",
    breaking_example: "base: {name: find, inputSchema: {properties: {q: {type: string}}}}\nrevision: {name: search, inputSchema: {properties: {q: {type: string}}}}",
    safe_example: "base: {name: find, title: Find}\nrevision: {name: find, title: Search}",
    ..BASE
};

pub(in crate::tools) static TITLE_CHANGED: Rule = Rule {
    id: "mcp-tool-title-changed",
    level: Level::Info,
    breaks: &[Breaks::Docs],
    kind: Kind::Structure,
    action: Action::Change,
    mirror: Some("mcp-tool-title-changed"),
    purpose: "The title of a tool changed.",
    why: "Only people see it.",
    safely: "Nothing to do.",
    breaking_example: "base: {name: find, title: Find}\nrevision: {name: find, title: Search}",
    safe_example: "base: {name: find, title: Find}\nrevision: {name: find, title: Find}",
    ..BASE
};

pub(in crate::tools) static DESCRIPTION_CHANGED: Rule = Rule {
    id: "mcp-tool-description-changed",
    level: Level::Warning,
    breaks: &[Breaks::Agent],
    kind: Kind::Structure,
    action: Action::Change,
    mirror: Some("mcp-tool-description-changed"),
    purpose: "The description of a tool changed.",
    why: "Agents choose tools by their descriptions: another wording can win or lose calls.",
    safely: "Run your task sentences against both descriptions, and compare which tool is found.",
    breaking_example: "base: {name: find, description: Finds people.}\nrevision: {name: find, description: Finds companies.}",
    safe_example: "base: {name: find, description: Finds people.}\nrevision: {name: find, description: \"Finds people.\"}",
    ..BASE
};

pub(in crate::tools) static DESCRIPTION_REMOVED: Rule = Rule {
    id: "mcp-tool-description-removed",
    level: Level::Warning,
    breaks: &[Breaks::Agent],
    kind: Kind::Structure,
    action: Action::Remove,
    mirror: Some("mcp-tool-description-added"),
    purpose: "A tool lost its description.",
    why: "An agent has only the name to choose by.",
    safely: "Keep one sentence that says what the tool does and when to use it.",
    breaking_example: "base: {name: find, description: Finds people.}\nrevision: {name: find}",
    safe_example: "base: {name: find}\nrevision: {name: find, description: Finds people.}",
    ..BASE
};

pub(in crate::tools) static DESCRIPTION_ADDED: Rule = Rule {
    id: "mcp-tool-description-added",
    kind: Kind::Structure,
    action: Action::Add,
    mirror: Some("mcp-tool-description-removed"),
    purpose: "A tool got a description.",
    why: "It helps agents to choose.",
    safely: "Nothing to do.",
    breaking_example: "base: {name: find}\nrevision: {name: find, description: Finds people.}",
    safe_example: "base: {name: find}\nrevision: {name: find}",
    ..BASE
};

pub(in crate::tools) static ANNOTATION_CHANGED: Rule = Rule {
    id: "mcp-tool-annotation-changed",
    level: Level::Warning,
    breaks: &[Breaks::Agent],
    kind: Kind::Mutability,
    action: Action::Change,
    mirror: Some("mcp-tool-annotation-relaxed"),
    purpose: "A hint of a tool asks for more care than before: it writes, destroys, may not be repeated, or reaches outside.",
    why: "Clients that ran the tool without asking now stop and ask, and plans that repeated calls are no longer safe.",
    safely: "Move the riskier behaviour into a tool of its own.",
    breaking_example: "base: {name: find, annotations: {readOnlyHint: true}}\nrevision: {name: find, annotations: {readOnlyHint: false}}",
    safe_example: "base: {name: find, annotations: {readOnlyHint: false}}\nrevision: {name: find}",
    ..BASE
};

pub(in crate::tools) static ANNOTATION_RELAXED: Rule = Rule {
    id: "mcp-tool-annotation-relaxed",
    kind: Kind::Mutability,
    action: Action::Change,
    mirror: Some("mcp-tool-annotation-changed"),
    purpose: "A hint of a tool asks for less care than before.",
    why: "Clients may run it without asking. Be sure that the hint is true.",
    safely: "Check the hint against what the tool does.",
    breaking_example: "base: {name: find, annotations: {destructiveHint: true}}\nrevision: {name: find, annotations: {destructiveHint: false}}",
    safe_example: "base: {name: find, annotations: {destructiveHint: true}}\nrevision: {name: find}",
    ..BASE
};

pub(in crate::tools) static TOKENS_GREW: Rule = Rule {
    id: "mcp-tool-tokens-grew",
    level: Level::Warning,
    breaks: &[Breaks::Agent],
    kind: Kind::Constraints,
    action: Action::Increase,
    mirror: Some("mcp-tool-tokens-shrank"),
    purpose: "The definition of a tool takes at least 64 tokens and a quarter more than before; 4 bytes of compact JSON count as one.",
    why: "Every agent pays for it in every conversation, and long lists are chosen from worse.",
    safely: "Move details into the descriptions of arguments or into an answer, and leave out what the schema says already.",
    breaking_example: "base: {name: find, description: Finds people.}\nrevision: {name: find, description: 'Finds people by their name, their city or the company that they work for. Finds people by their name, their city or the company that they work for. Finds people by their name, their city or the company that they work for. Finds people by their name, their city or the company that they work for. Finds people by their name, their city or the company that they work for.'}",
    safe_example: "base: {name: find, description: Finds people.}\nrevision: {name: find, description: Finds people by name.}",
    ..BASE
};

pub(in crate::tools) static TOKENS_SHRANK: Rule = Rule {
    id: "mcp-tool-tokens-shrank",
    kind: Kind::Constraints,
    action: Action::Decrease,
    mirror: Some("mcp-tool-tokens-grew"),
    purpose: "The definition of a tool takes at least 64 tokens and a quarter less than before.",
    why: "It leaves room for other tools.",
    safely: "Nothing to do.",
    breaking_example: "base: {name: find, description: 'Finds people by their name, their city or the company that they work for. Finds people by their name, their city or the company that they work for. Finds people by their name, their city or the company that they work for. Finds people by their name, their city or the company that they work for. Finds people by their name, their city or the company that they work for.'}\nrevision: {name: find, description: Finds people.}",
    safe_example: "base: {name: find, description: Finds people by name.}\nrevision: {name: find, description: Finds people.}",
    ..BASE
};
