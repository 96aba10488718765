//! Lists: pages, the way to the next one, and fields to choose.

use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::rules::each::{self, Verdict, failure};
use crate::score::schema::{list_items, properties};
use crate::score::survey::{Operation, Survey};
use crate::score::tally::Tally;
use crate::score::words::words;

/// From here on it is worth asking for less.
const SELECTION_FROM_TOKENS: u64 = 5_000;

pub(in crate::score::rules) const NO_PAGES: Rule = Rule {
    id: "list-without-pagination",
    family: Family::Outputs,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "A list comes in pages.",
    measure: "GET operations that return a list; one fails without a parameter such as `limit`, `page`, `cursor` or `after`.",
    explain: "A list without a limit is a response of unknown size.",
    repair: "Add a limit and a cursor.",
    check: no_pages,
};

const PAGE_WORDS: [&str; 14] = [
    "after", "before", "count", "cursor", "first", "last", "limit", "max", "offset", "page", "per",
    "since", "size", "top",
];

fn returns_list<'t>(survey: &Survey<'t>, operation: &Operation<'t>) -> bool {
    let schema = operation.success().and_then(|response| response.schema());
    operation.method == "GET"
        && schema.is_some_and(|schema| list_items(schema, &survey.resolver).is_some())
}

fn has_pages(operation: &Operation<'_>) -> bool {
    operation
        .parameters
        .iter()
        .filter(|p| p.location == "query")
        .any(|parameter| {
            words(parameter.name)
                .iter()
                .any(|word| PAGE_WORDS.contains(&word.as_str()) || word == "skip" || word == "take")
        })
}

fn no_pages<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        if !returns_list(survey, operation) {
            return Verdict::Skip;
        }
        Verdict::fail_if(!has_pages(operation), || {
            failure(
                at,
                operation,
                format!("{} returns its whole list at once", operation.label()),
            )
        })
    });
}

pub(in crate::score::rules) const NO_NEXT: Rule = Rule {
    id: "list-without-next",
    family: Family::Outputs,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "A page says whether there is another.",
    measure: "GET operations that return a list in pages; one fails when the response has neither a `Link` header nor a property such as `next`, `has_more` or `total`.",
    explain: "An agent that cannot see the end asks once too often or stops too early.",
    repair: "Return the next cursor, or a `Link` header.",
    check: no_next,
};

const NEXT_WORDS: [&str; 7] = [
    "continuation",
    "cursor",
    "has",
    "more",
    "next",
    "pages",
    "total",
];

fn no_next<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let success = operation
            .success()
            .filter(|_| returns_list(survey, operation) && has_pages(operation));
        let Some((response, raw)) = success.and_then(|r| Some((r, r.schema()?))) else {
            return Verdict::Skip;
        };
        let in_body = properties(raw, &survey.resolver).iter().any(|property| {
            words(property.name)
                .iter()
                .any(|word| NEXT_WORDS.contains(&word.as_str()))
        });
        let in_head = ["link", "x-next-page", "x-total", "x-total-count"]
            .iter()
            .any(|name| response.has_header(name));
        Verdict::fail_if(!in_body && !in_head, || {
            failure(
                at,
                operation,
                format!(
                    "a page of {} does not say whether there is another",
                    operation.label()
                ),
            )
        })
    });
}

pub(in crate::score::rules) const NO_SELECTION: Rule = Rule {
    id: "field-selection-missing",
    family: Family::Outputs,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "A large response can be asked for in part.",
    measure: "Read operations whose response is estimated at more than 5,000 tokens; one fails without a parameter such as `fields`, `select`, `include` or `filter`.",
    explain: "What an agent did not ask for still fills its window.",
    repair: "Let callers choose the fields.",
    check: no_selection,
};

const SELECTION_WORDS: [&str; 9] = [
    "exclude",
    "expand",
    "field",
    "fields",
    "filter",
    "include",
    "projection",
    "select",
    "view",
];

fn no_selection<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        if !operation.is_safe_method() || survey.response_tokens[at] <= SELECTION_FROM_TOKENS {
            return Verdict::Skip;
        }
        let has = operation.has_parameter(|name| {
            words(name)
                .iter()
                .any(|w| SELECTION_WORDS.contains(&w.as_str()))
        });
        Verdict::fail_if(!has, || {
            failure(
                at,
                operation,
                format!(
                    "a response of {} cannot be asked for in part",
                    operation.label()
                ),
            )
        })
    });
}
