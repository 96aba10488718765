//! The table of all rules, family by family.

use super::rule::Rule;

mod auth;
mod description;
mod discoverability;
mod each;
mod errors;
mod examples;
mod identity;
mod inputs;
mod lifecycle;
mod outputs;
mod prose;
mod safety;
mod verbs;

/// Every rule, in the order of the families; the ids are unique and never change their meaning.
pub fn rules() -> &'static [Rule] {
    &RULES
}

static RULES: [Rule; 83] = [
    identity::ids::MISSING,
    identity::ids::VERB_OBJECT,
    identity::ids::MIXED_CASE,
    identity::ids::SYNONYM_SPLIT,
    identity::tool_names::ILLEGAL,
    identity::tool_names::TOO_LONG,
    identity::tool_names::COLLISION,
    identity::tool_names::AMBIGUOUS,
    identity::tool_names::WHEN_TO_USE,
    description::compactness::TOO_LONG,
    description::compactness::MARKUP,
    description::compactness::REPEATS_SUMMARY,
    description::compactness::DUPLICATED,
    description::fields::PARAMETER,
    description::fields::GENERIC_NAME,
    description::fields::PROPERTY,
    description::operations::MISSING,
    description::operations::TOO_SHORT,
    description::operations::RESTATES_NAME,
    description::operations::PLACEHOLDER,
    description::operations::EFFECT_UNSTATED,
    inputs::shape::TOO_DEEP,
    inputs::shape::TOO_MANY,
    inputs::shape::REQUIRED_UNSPECIFIED,
    inputs::shape::EXCLUSIVE_IN_PROSE,
    inputs::shape::READ_ONLY,
    inputs::shape::UNUSUAL_BODY,
    inputs::shape::TOKENS,
    inputs::shape::TOKENS_FAR,
    inputs::types::UNTYPED,
    inputs::types::FREE_FORM,
    inputs::types::UNCONSTRAINED,
    inputs::types::ENUM_UNDOCUMENTED,
    inputs::types::NO_DISCRIMINATOR,
    inputs::types::OVERLAP,
    inputs::types::DEFAULT_UNDOCUMENTED,
    outputs::lists::NO_PAGES,
    outputs::lists::NO_NEXT,
    outputs::lists::NO_SELECTION,
    outputs::success::MISSING,
    outputs::success::NO_SCHEMA,
    outputs::success::UNTYPED,
    outputs::success::OVER_BUDGET,
    errors::bodies::NO_SCHEMA,
    errors::bodies::NOT_PROBLEM,
    errors::bodies::NO_CODE,
    errors::bodies::NO_FIELD,
    errors::declared::MISSING,
    errors::declared::RATE_LIMIT,
    errors::declared::RETRY_AFTER,
    errors::declared::AUTH_ERRORS,
    safety::effects::DELETE_UNMARKED,
    safety::effects::GET_WITH_EFFECT,
    safety::effects::READ_BY_POST,
    safety::effects::CONTRADICTED,
    safety::writes::IDEMPOTENCY,
    safety::writes::DRY_RUN,
    safety::writes::ASYNC_STATUS,
    auth::requirements::UNDEFINED,
    auth::requirements::UNKNOWN,
    auth::requirements::SERVER_MISSING,
    auth::requirements::SERVER_INSECURE,
    auth::schemes::KEY_IN_QUERY,
    auth::schemes::IMPLICIT,
    auth::schemes::SCOPES,
    auth::schemes::UNDESCRIBED,
    examples::shown::REQUEST_MISSING,
    examples::shown::RESPONSE_MISSING,
    examples::shown::INVALID,
    examples::shown::PARAMETER_MISSING,
    examples::shown::SECRET,
    lifecycle::deprecation::NO_REPLACEMENT,
    lifecycle::deprecation::NO_SUNSET,
    lifecycle::deprecation::IN_PROSE,
    lifecycle::deprecation::VERSION,
    discoverability::document::INFO,
    discoverability::document::DOCS,
    discoverability::document::NO_OPERATIONS,
    discoverability::groups::UNTAGGED,
    discoverability::groups::UNGROUPED,
    discoverability::groups::UNDECLARED,
    discoverability::groups::UNDESCRIBED,
    discoverability::groups::OVER_BUDGET,
];
