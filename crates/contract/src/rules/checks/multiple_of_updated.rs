//! What numbers must be a multiple of.

use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::{self, Everywhere};

pub(super) const CHECK: Check = Check {
    name: "MultipleOfUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-multiple-of-set",
            "request-property-multiple-of-set",
            "request-parameter-multiple-of-set",
            "request-parameter-property-multiple-of-set",
        ],
        purpose: "A number in a request must be a multiple of another.",
        why: "What the contract allowed before it no longer does; whether the server ever took it, the document cannot tell.",
        safely: "State only what the server has always asked for; otherwise introduce it in a new version.",
        breaking: "base: {type: integer}\nrevision: {type: integer, multipleOf: 5}",
        safe: "base: {type: integer, multipleOf: 5}\nrevision: {type: integer}",
    },
    Text {
        ids: &[
            "response-body-multiple-of-set",
            "response-property-multiple-of-set",
            "response-header-multiple-of-set",
        ],
        purpose: "A number in a response must be a multiple of another.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: integer}\nrevision: {type: integer, multipleOf: 5}",
        safe: "base: {type: integer, multipleOf: 5}\nrevision: {type: integer}",
    },
    Text {
        ids: &[
            "request-body-multiple-of-unset",
            "request-property-multiple-of-unset",
            "request-parameter-multiple-of-unset",
            "request-parameter-property-multiple-of-unset",
        ],
        purpose: "A number in a request need no longer be a multiple of another.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: integer, multipleOf: 5}\nrevision: {type: integer}",
        safe: "base: {type: integer}\nrevision: {type: integer, multipleOf: 5}",
    },
    Text {
        ids: &[
            "response-body-multiple-of-unset",
            "response-property-multiple-of-unset",
            "response-header-multiple-of-unset",
        ],
        purpose: "A number in a response need no longer be a multiple of another.",
        why: "A client that relied on it meets values it does not expect.",
        safely: "Keep what was promised until every consumer is ready for the new values.",
        breaking: "base: {type: integer, multipleOf: 5}\nrevision: {type: integer}",
        safe: "base: {type: integer}\nrevision: {type: integer, multipleOf: 5}",
    },
    Text {
        ids: &[
            "request-body-multiple-of-generalized",
            "request-property-multiple-of-generalized",
            "request-parameter-multiple-of-generalized",
            "request-parameter-property-multiple-of-generalized",
        ],
        purpose: "A number in a request must be a multiple of a divisor of before.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: integer, multipleOf: 10}\nrevision: {type: integer, multipleOf: 5}",
        safe: "base: {type: integer, multipleOf: 5}\nrevision: {type: integer, multipleOf: 10}",
    },
    Text {
        ids: &[
            "response-body-multiple-of-generalized",
            "response-property-multiple-of-generalized",
            "response-header-multiple-of-generalized",
        ],
        purpose: "A number in a response must be a multiple of a divisor of before.",
        why: "A client that relied on it meets values it does not expect.",
        safely: "Keep what was promised until every consumer is ready for the new values.",
        breaking: "base: {type: integer, multipleOf: 10}\nrevision: {type: integer, multipleOf: 5}",
        safe: "base: {type: integer, multipleOf: 5}\nrevision: {type: integer, multipleOf: 10}",
    },
    Text {
        ids: &[
            "request-body-multiple-of-specialized",
            "request-property-multiple-of-specialized",
            "request-parameter-multiple-of-specialized",
            "request-parameter-property-multiple-of-specialized",
        ],
        purpose: "A number in a request must be a multiple of a multiple of before.",
        why: "A request that was fine before may now be refused.",
        safely: "State only what the server has always asked for; otherwise introduce it in a new version.",
        breaking: "base: {type: integer, multipleOf: 5}\nrevision: {type: integer, multipleOf: 10}",
        safe: "base: {type: integer, multipleOf: 10}\nrevision: {type: integer, multipleOf: 5}",
    },
    Text {
        ids: &[
            "response-body-multiple-of-specialized",
            "response-property-multiple-of-specialized",
            "response-header-multiple-of-specialized",
        ],
        purpose: "A number in a response must be a multiple of a multiple of before.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: integer, multipleOf: 5}\nrevision: {type: integer, multipleOf: 10}",
        safe: "base: {type: integer, multipleOf: 10}\nrevision: {type: integer, multipleOf: 5}",
    },
    Text {
        ids: &[
            "request-body-multiple-of-changed",
            "request-property-multiple-of-changed",
            "request-parameter-multiple-of-changed",
            "request-parameter-property-multiple-of-changed",
        ],
        purpose: "A number in a request must be a multiple of something else.",
        why: "A request that was fine before may now be refused.",
        safely: "State only what the server has always asked for; otherwise introduce it in a new version.",
        breaking: "base: {type: integer, multipleOf: 5}\nrevision: {type: integer, multipleOf: 3}",
        safe: "base: {type: integer, multipleOf: 5}\nrevision: {type: integer, multipleOf: 5.0}",
    },
    Text {
        ids: &[
            "response-body-multiple-of-changed",
            "response-property-multiple-of-changed",
            "response-header-multiple-of-changed",
        ],
        purpose: "A number in a response must be a multiple of something else.",
        why: "A client that relied on it meets values it does not expect.",
        safely: "Keep what was promised until every consumer is ready for the new values.",
        breaking: "base: {type: integer, multipleOf: 5}\nrevision: {type: integer, multipleOf: 3}",
        safe: "base: {type: integer, multipleOf: 5}\nrevision: {type: integer, multipleOf: 5.0}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if everywhere::is_absent(pair) {
        return;
    }
    let (old, new) = (
        pair.base().limit(Keyword::MultipleOf),
        pair.revision().limit(Keyword::MultipleOf),
    );
    let (ids, word) = match (old, new) {
        (None, Some(_)) => (SET, "was set"),
        (Some(_), None) => (UNSET, "was removed"),
        (Some(old), Some(new)) if old.number() == new.number() => return,
        (Some(old), Some(new)) if is_multiple(old.number(), new.number()) => {
            (GENERALIZED, "was generalized")
        }
        (Some(old), Some(new)) if is_multiple(new.number(), old.number()) => {
            (SPECIALIZED, "was specialized")
        }
        (Some(_), Some(_)) => (CHANGED, "changed"),
        (None, None) => return,
    };
    let (old, new) = (old.map(|bound| bound.node), new.map(|bound| bound.node));
    let (from, to) = (shown(old), shown(new));
    let message = format!(
        "`multipleOf` of {} {word}, from `{from}` to `{to}`",
        pair.subject()
    );
    let found = Found::new(ids.id(pair), message).base(old).revision(new);
    pair.report(report, found.value(from).value(to));
}

fn is_multiple(number: f64, of: f64) -> bool {
    (number / of).fract() == 0.0
}

const SET: Everywhere = Everywhere {
    request: (
        "request-body-multiple-of-set",
        "request-property-multiple-of-set",
    ),
    response: (
        "response-body-multiple-of-set",
        "response-property-multiple-of-set",
    ),
    parameter: (
        "request-parameter-multiple-of-set",
        "request-parameter-property-multiple-of-set",
    ),
    header: "response-header-multiple-of-set",
};
const UNSET: Everywhere = Everywhere {
    request: (
        "request-body-multiple-of-unset",
        "request-property-multiple-of-unset",
    ),
    response: (
        "response-body-multiple-of-unset",
        "response-property-multiple-of-unset",
    ),
    parameter: (
        "request-parameter-multiple-of-unset",
        "request-parameter-property-multiple-of-unset",
    ),
    header: "response-header-multiple-of-unset",
};
const GENERALIZED: Everywhere = Everywhere {
    request: (
        "request-body-multiple-of-generalized",
        "request-property-multiple-of-generalized",
    ),
    response: (
        "response-body-multiple-of-generalized",
        "response-property-multiple-of-generalized",
    ),
    parameter: (
        "request-parameter-multiple-of-generalized",
        "request-parameter-property-multiple-of-generalized",
    ),
    header: "response-header-multiple-of-generalized",
};
const SPECIALIZED: Everywhere = Everywhere {
    request: (
        "request-body-multiple-of-specialized",
        "request-property-multiple-of-specialized",
    ),
    response: (
        "response-body-multiple-of-specialized",
        "response-property-multiple-of-specialized",
    ),
    parameter: (
        "request-parameter-multiple-of-specialized",
        "request-parameter-property-multiple-of-specialized",
    ),
    header: "response-header-multiple-of-specialized",
};
const CHANGED: Everywhere = Everywhere {
    request: (
        "request-body-multiple-of-changed",
        "request-property-multiple-of-changed",
    ),
    response: (
        "response-body-multiple-of-changed",
        "response-property-multiple-of-changed",
    ),
    parameter: (
        "request-parameter-multiple-of-changed",
        "request-parameter-property-multiple-of-changed",
    ),
    header: "response-header-multiple-of-changed",
};
