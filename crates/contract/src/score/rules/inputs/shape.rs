//! Whether a request is of a size and a shape that an agent fills in at once.

use std::collections::HashMap;

use crate::level::Level;
use crate::score::resolver::Resolver;
use crate::score::rule::{Family, Number, Rule};
use crate::score::rules::each::{self, Verdict, failure};
use crate::score::rules::prose;
use crate::score::schema::{self, properties};
use crate::score::survey::Survey;
use crate::score::tally::{Failure, Tally};
use crate::tree::{Node, NodeId};

const NESTING_MAX: u8 = 5;
const ARGUMENTS_MAX: usize = 20;
const TOKENS_HIGH: u64 = 1_000;
const TOKENS_EXCESSIVE: u64 = 4_000;

pub(in crate::score::rules) const TOO_DEEP: Rule = Rule {
    id: "schema-too-deep",
    family: Family::Inputs,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "A request is not nested deeply.",
    measure: "Operations with a request body that has a schema; one fails when objects nest more than 5 deep.",
    explain: "Up to a quarter of correct payloads is lost in deep nesting.",
    repair: "Flatten the request, or let deep parts be set by an operation of their own.",
    check: too_deep,
};

fn too_deep<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let mut known = HashMap::new();
    each::operation(survey, tally, |at, operation| {
        let schema = operation
            .body
            .as_ref()
            .and_then(|body| body.schema(&survey.resolver));
        let Some(schema) = schema else {
            return Verdict::Skip;
        };
        let depth = nesting(schema, NESTING_MAX * 2 + 2, &survey.resolver, &mut known);
        Verdict::fail_if(depth > NESTING_MAX, || {
            let message = format!(
                "the objects in the body of {} nest more than {NESTING_MAX} deep",
                operation.label()
            );
            failure(at, operation, message)
        })
    });
}

/// How deep objects nest, looked at to `levels` schemas deep; each schema once per level.
fn nesting<'t>(
    raw: Node<'t>,
    levels: u8,
    resolver: &Resolver<'t>,
    known: &mut HashMap<(NodeId, u8), u8>,
) -> u8 {
    let Some(schema) = resolver.follow(raw).filter(|_| levels > 0) else {
        return 0;
    };
    if let Some(depth) = known.get(&(schema.id(), levels)) {
        return *depth;
    }
    let mut deepest = 0;
    schema::visit_children(schema, |child| {
        deepest = deepest.max(nesting(child, levels - 1, resolver, known));
    });
    let depth = deepest + u8::from(schema.get("properties").is_some());
    known.insert((schema.id(), levels), depth);
    depth
}

pub(in crate::score::rules) const TOO_MANY: Rule = Rule {
    id: "too-many-inputs",
    family: Family::Inputs,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "An operation asks for few things.",
    measure: "Operations; one fails with more than 20 parameters and properties of the body together.",
    explain: "Each further argument is one more to leave out, to invent or to confuse with its neighbour.",
    repair: "Split by purpose, or group what belongs together under one property.",
    check: too_many,
};

fn too_many<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let schema = operation
            .body
            .as_ref()
            .and_then(|body| body.schema(&survey.resolver));
        let of_body = schema.map_or(0, |schema| properties(schema, &survey.resolver).len());
        let count = operation.parameters.len() + of_body;
        Verdict::fail_if(count > ARGUMENTS_MAX, || {
            failure(
                at,
                operation,
                format!("{} takes {count} arguments", operation.label()),
            )
        })
    });
}

pub(in crate::score::rules) const REQUIRED_UNSPECIFIED: Rule = Rule {
    id: "required-unspecified",
    family: Family::Inputs,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "A request says what cannot be left out.",
    measure: "POST and PUT operations whose body has two or more properties; one fails when none of them is required.",
    explain: "When everything is optional an agent sends too little and learns what is missing one error at a time, or sends everything.",
    repair: "List the properties without which the call fails under `required`; write an empty list when there is none.",
    check: required_unspecified,
};

fn required_unspecified<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let schema = operation
            .body
            .as_ref()
            .and_then(|body| body.schema(&survey.resolver));
        let is_write = matches!(operation.method.as_str(), "POST" | "PUT");
        let Some(schema) = schema.filter(|_| is_write) else {
            return Verdict::Skip;
        };
        if properties(schema, &survey.resolver).len() < 2 {
            return Verdict::Skip;
        }
        Verdict::fail_if(!says_required(schema, &survey.resolver), || {
            failure(
                at,
                operation,
                format!(
                    "the body of {} does not say what is required",
                    operation.label()
                ),
            )
        })
    });
}

/// Looks one level into compositions.
fn says_required<'t>(schema: Node<'t>, resolver: &Resolver<'t>) -> bool {
    let composed = ["allOf", "anyOf", "oneOf"]
        .into_iter()
        .filter_map(|name| schema.get(name));
    let mut parts = composed
        .flat_map(Node::elements)
        .filter_map(|raw| resolver.follow(raw));
    schema.get("required").is_some() || parts.any(|part| part.get("required").is_some())
}

pub(in crate::score::rules) const EXCLUSIVE_IN_PROSE: Rule = Rule {
    id: "exclusive-in-prose",
    family: Family::Inputs,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "What excludes each other does so in the schema.",
    measure: "Parameters and request properties with a description; one fails when the description says that it cannot be combined with another.",
    explain: "Callers that build arguments from the schema never see the sentence.",
    repair: "Use `oneOf` with a required property each, or one parameter with a kind.",
    check: exclusive_in_prose,
};

const EXCLUSIVE: [&str; 9] = [
    "can not be combined",
    "can't be combined",
    "can't be used together",
    "cannot be combined",
    "cannot be used together",
    "cannot be used with",
    "mutually exclusive",
    "only one of these",
    "can't be used with",
];

fn exclusive_in_prose<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let parameters = survey
        .parameters()
        .into_iter()
        .map(|(at, p)| (at, p.node, p.description));
    let properties = survey.properties.iter().filter(|p| p.role.is_input);
    let properties = properties.map(|p| {
        let text = p.raw.get("description").and_then(Node::as_str);
        (None, p.key, text.unwrap_or_default())
    });
    for (at, place, text) in parameters
        .chain(properties)
        .filter(|(_, _, text)| !text.is_empty())
    {
        let is_wrong = prose::has_phrase(text, &EXCLUSIVE);
        let failure = || {
            Failure::at(
                place,
                at,
                "only the description says that it excludes another",
            )
        };
        tally.check(is_wrong.then(failure));
    }
}

pub(in crate::score::rules) const READ_ONLY: Rule = Rule {
    id: "read-only-in-request",
    family: Family::Inputs,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "A request holds what can be sent.",
    measure: "Properties of schemas that only requests use; one fails when it is read-only.",
    explain: "What can never be sent costs tokens in every prompt and tempts agents to send it.",
    repair: "Remove it from the schema of the request.",
    check: read_only,
};

fn read_only<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let sent = survey
        .properties
        .iter()
        .filter(|p| p.role.is_input && !p.role.is_output);
    for property in sent {
        let is_wrong = schema::is_true(property.schema, "readOnly");
        let name = property.name;
        tally.check(is_wrong.then(|| {
            Failure::at(
                property.key,
                None,
                format!("`{name}` is read-only and part of a request"),
            )
        }));
    }
}

pub(in crate::score::rules) const UNUSUAL_BODY: Rule = Rule {
    id: "body-media-type-unusual",
    family: Family::Inputs,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "A request body can be written by any caller.",
    measure: "Operations with a request body; one fails when it is neither JSON nor a form, a text, an image or plain bytes.",
    explain: "Agents write JSON. A body in another format needs a converter that nobody gave them.",
    repair: "Accept `application/json` as well.",
    check: unusual_body,
};

fn unusual_body<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let media = operation.body.as_ref().map(|body| &body.media);
        let Some(media) = media.filter(|media| !media.is_empty()) else {
            return Verdict::Skip;
        };
        let is_usual = media.iter().any(|media| {
            let essence = media.essence();
            let families = ["text/", "image/", "multipart/", "audio/", "video/"];
            let others = [
                "application/x-www-form-urlencoded",
                "application/octet-stream",
                "*/*",
            ];
            media.is_json()
                || families.iter().any(|family| essence.starts_with(family))
                || others.contains(&essence.as_str())
        });
        Verdict::fail_if(!is_usual, || {
            failure(
                at,
                operation,
                format!(
                    "the body of {} is `{}` only",
                    operation.label(),
                    media[0].name
                ),
            )
        })
    });
}

pub(in crate::score::rules) const TOKENS: Rule = Rule {
    id: "tool-tokens-high",
    family: Family::Inputs,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "A tool definition is worth its tokens.",
    measure: "Operations; one fails when its tool definition has more than 1,000 tokens of o200k_base.",
    explain: "Definitions are paid for on every turn, called or not.",
    repair: "Shorten descriptions, drop what is rarely sent into an operation of its own.",
    check: tokens,
};

fn tokens<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    over(survey, tally, TOKENS_HIGH);
}

pub(in crate::score::rules) const TOKENS_FAR: Rule = Rule {
    id: "tool-tokens-excessive",
    family: Family::Inputs,
    counts_for: Number::Readability,
    level: Level::Error,
    purpose: "No tool definition crowds out all others.",
    measure: "Operations; one fails when its tool definition has more than 4,000 tokens of o200k_base.",
    explain: "A handful of such tools fills the part of a prompt that is meant for all of them.",
    repair: "Split the operation, or keep it out of what agents see.",
    check: tokens_far,
};

fn tokens_far<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    over(survey, tally, TOKENS_EXCESSIVE);
}

fn over<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>, limit: u64) {
    each::operation(survey, tally, |at, operation| {
        let tokens = survey.tool_tokens[at];
        Verdict::fail_if(tokens > limit, || {
            failure(
                at,
                operation,
                format!("the tool of {} has {tokens} tokens", operation.label()),
            )
        })
    });
}
