//! What the document says of itself.

use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::survey::Survey;
use crate::score::tally::{Failure, Tally};

pub(in crate::score::rules) const INFO: Rule = Rule {
    id: "info-description-missing",
    family: Family::Discoverability,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "The contract says what it is for.",
    measure: "The document; it fails without `info.description` or `info.summary`.",
    explain: "With many APIs at hand an agent chooses the API first.",
    repair: "Say in `info.description` what can be done with it, and what cannot.",
    check: info,
};

fn info<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let info = survey.root.get("info");
    let texts =
        ["description", "summary"].map(|name| info.and_then(|info| info.get(name)?.as_str()));
    let has = texts.iter().flatten().any(|text| !text.trim().is_empty());
    let place = survey
        .root
        .member("info")
        .map_or(survey.root, |member| member.key);
    tally.check(
        (!has).then(|| Failure::at(place, None, "the contract does not say what it is for")),
    );
}

pub(in crate::score::rules) const DOCS: Rule = Rule {
    id: "external-docs-missing",
    family: Family::Discoverability,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "The contract names where more is written.",
    measure: "The document; it fails with neither `externalDocs`, nor `x-llms-txt`, nor `x-arazzo`.",
    explain: "What is too long for a description has to be somewhere, and an agent that is stuck has to find it.",
    repair: "Add `externalDocs` with the address of the guide.",
    check: docs,
};

fn docs<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let names = ["externalDocs", "x-arazzo", "x-llms-txt"];
    let has = names.iter().any(|name| survey.root.get(name).is_some());
    tally.check((!has).then(|| {
        Failure::at(
            survey.root,
            None,
            "the contract names no further documentation",
        )
    }));
}

pub(in crate::score::rules) const NO_OPERATIONS: Rule = Rule {
    id: "operations-missing",
    family: Family::Discoverability,
    counts_for: Number::Readability,
    level: Level::Error,
    purpose: "There is something to call.",
    measure: "The document; it fails without an operation.",
    explain: "A contract without operations is ready for nobody.",
    repair: "Declare the operations under `paths`.",
    check: no_operations,
};

fn no_operations<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let place = survey
        .root
        .member("paths")
        .map_or(survey.root, |member| member.key);
    let is_wrong = survey.operations.is_empty();
    tally.check(is_wrong.then(|| Failure::at(place, None, "the contract has no operation")));
}
