//! What breaks only strict clients: compatible changes that are warnings for those who generate code with a place for
//! each argument, or decode by a closed list of members.

use crate::level::{Breaks, Level};

/// Whether a client is that strict the document does not tell.
pub(crate) const LEVEL: Level = Level::Warning;

/// Rules with one reason. All are infos for tolerant clients.
pub(crate) struct Family {
    ids: &'static [&'static str],
    pub(crate) breaks: &'static [Breaks],
    pub(crate) why: &'static str,
}

/// The family of a rule; `None` for a rule whose level is the same for all clients.
pub(crate) fn family(id: &str) -> Option<&'static Family> {
    FAMILIES.iter().find(|family| family.ids.contains(&id))
}

/// What is left out on purpose: what no code had before (an operation, a webhook, a media type that a client does not
/// ask for), what only loosens a limit, and the write-only properties of a response, which are never sent.
const FAMILIES: &[Family] = &[
    Family {
        ids: &[
            "request-parameter-order-changed",
            "request-body-property-order-changed",
        ],
        breaks: &[Breaks::Sdk],
        why: "generators that write one argument for each input take the order of the contract: a call by position passes its values to the wrong argument",
    },
    Family {
        ids: &[
            "new-optional-request-parameter",
            "new-optional-request-default-parameter-to-existing-path",
            "new-optional-request-property",
            "request-body-added-optional",
        ],
        breaks: &[Breaks::Sdk],
        why: "generators that write one argument for each input put the new one into the signature of a method or constructor: a call by position no longer compiles, or passes its values to the wrong argument",
    },
    Family {
        ids: &[
            "request-parameter-became-optional",
            "request-property-became-optional",
            "request-body-became-optional",
        ],
        breaks: &[Breaks::Sdk],
        why: "generators ask for required inputs in the constructor or as leading arguments: what became optional leaves that place or changes its type, and code written for the old signature no longer compiles",
    },
    Family {
        ids: &[
            "response-optional-property-added",
            "response-required-property-added",
        ],
        breaks: &[Breaks::Wire, Breaks::Sdk],
        why: "decoders that refuse members they do not know (Jackson 2 unless told otherwise, `DisallowUnknownFields` in Go, `extra=\"forbid\"` in Pydantic) fail at the whole response",
    },
    Family {
        ids: &[
            "response-property-pattern-changed",
            "response-property-pattern-removed",
        ],
        breaks: &[Breaks::Wire, Breaks::Sdk],
        why: "clients that validate what they receive, as some generated models do, refuse a value that the old pattern does not match",
    },
    Family {
        ids: &[
            "response-body-any-of-added",
            "response-property-any-of-added",
            "response-body-discriminator-mapping-added",
            "response-property-discriminator-mapping-added",
        ],
        breaks: &[Breaks::Wire, Breaks::Sdk],
        why: "a decoder with a closed list of alternatives (a sealed union, the subtypes of Jackson) fails at one that was not in it",
    },
    Family {
        ids: &["response-success-status-added"],
        breaks: &[Breaks::Wire, Breaks::Sdk],
        why: "clients that take only the statuses they were generated for (AutoRest's treat any other as an error) fail at the new one",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::rules;

    #[test]
    fn each_rule_is_told_and_an_info_for_tolerant_clients() {
        for id in FAMILIES.iter().flat_map(|family| family.ids) {
            let rule = rules().iter().find(|rule| rule.id == *id);
            let rule = rule.unwrap_or_else(|| panic!("{id}"));
            assert_eq!(rule.level, Level::Info, "{id}");
            assert!(!rule.purpose.is_empty(), "{id}");
            let others = FAMILIES.iter().filter(|family| family.ids.contains(id));
            assert_eq!(others.count(), 1, "{id}");
        }
    }

    #[test]
    fn every_reason_is_a_clause_and_names_generated_code() {
        for family in FAMILIES {
            assert!(family.breaks.contains(&Breaks::Sdk));
            assert!(!family.why.ends_with('.') && family.why.starts_with(char::is_lowercase));
        }
    }
}
