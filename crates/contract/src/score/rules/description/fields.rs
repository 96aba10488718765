//! What parameters and properties say of themselves.

use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::survey::{PropertyUse, Survey};
use crate::score::tally::{Failure, Tally};

pub(in crate::score::rules) const PARAMETER: Rule = Rule {
    id: "param-description-missing",
    family: Family::Description,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "Every parameter says what to put into it.",
    measure: "Parameters, a shared one once; one fails without a description of its own or of its schema.",
    explain: "Agents fill what they do not understand with a guess.",
    repair: "Describe the value: what it names, where it comes from, which form it has.",
    check: parameter,
};

fn parameter<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    for (at, parameter) in survey.parameters() {
        let is_described = is_described(survey, parameter);
        tally.check((!is_described).then(|| {
            let name = parameter.name;
            let place = parameter.location;
            Failure::at(
                parameter.node,
                at,
                format!("the {place} parameter `{name}` has no description"),
            )
        }));
    }
}

pub(in crate::score::rules) const GENERIC_NAME: Rule = Rule {
    id: "param-name-generic",
    family: Family::Description,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "A parameter whose name says nothing is described.",
    measure: "Parameters called `id`, `name`, `type`, `data` and the like; one fails without a description.",
    explain: "`id` of what? A wrong identifier is a call that fails, or worse, one that succeeds on something else.",
    repair: "Describe it, or give it a name that says what it is.",
    check: generic_name,
};

const GENERIC: [&str; 20] = [
    "arg", "body", "code", "data", "field", "id", "info", "input", "item", "key", "name", "object",
    "options", "param", "params", "payload", "q", "type", "val", "value",
];

fn generic_name<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let all = survey.parameters();
    let generic = all.into_iter().filter(|(_, p)| GENERIC.contains(&p.name));
    for (at, parameter) in generic {
        let name = parameter.name;
        let wrong = !is_described(survey, parameter);
        tally.check(wrong.then(|| {
            Failure::at(
                parameter.node,
                at,
                format!("`{name}` can be anything, and nothing describes it"),
            )
        }));
    }
}

fn is_described<'t>(survey: &Survey<'t>, parameter: &crate::score::survey::Parameter<'t>) -> bool {
    let of_schema = parameter.schema.is_some_and(|raw| {
        let followed = survey.resolver.follow(raw);
        [Some(raw), followed]
            .into_iter()
            .flatten()
            .any(has_description)
    });
    !parameter.description.is_empty() || of_schema
}

pub(in crate::score::rules) const PROPERTY: Rule = Rule {
    id: "property-description-missing",
    family: Family::Description,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "Every property of a request says what to put into it.",
    measure: "Properties of schemas that requests use, read-only ones and constants left out; one fails without a description beside or behind its reference.",
    explain: "The body of a request is filled property by property, from the descriptions.",
    repair: "Describe the value in a few words; what the name says already need not be repeated.",
    check: property,
};

fn property<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let sent = |property: &&PropertyUse<'t>| {
        property.role.is_input
            && !crate::score::schema::is_true(property.schema, "readOnly")
            && !is_constant(property.schema)
    };
    for property in survey.properties.iter().filter(sent) {
        let is_described = has_description(property.raw) || has_description(property.schema);
        tally.check((!is_described).then(|| {
            let name = property.name;
            Failure::at(
                property.key,
                None,
                format!("the property `{name}` has no description"),
            )
        }));
    }
}

/// Such a property can be filled in one way only.
fn is_constant(schema: crate::tree::Node<'_>) -> bool {
    let values = schema.get("enum").map(|values| values.elements().count());
    schema.get("const").is_some() || values == Some(1)
}

fn has_description(node: crate::tree::Node<'_>) -> bool {
    let text = node.get("description").and_then(|node| node.as_str());
    text.is_some_and(|text| !text.trim().is_empty())
}
