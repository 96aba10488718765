//! Conditions on values in responses.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyIfUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-body-if-added", "response-property-if-added"],
        purpose: "A value in a response is asked a question that decides which schema it must fit.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object}\nrevision: {type: object, if: {required: [card]}}",
        safe: "base: {type: object, if: {required: [card]}}\nrevision: {type: object}",
    },
    Text {
        ids: &["response-body-if-removed", "response-property-if-removed"],
        purpose: "A value in a response is no longer asked a question that decides which schema it must fit.",
        why: "A client that relied on what the condition promised meets other values.",
        safely: "Keep what was promised until every consumer is ready.",
        breaking: "base: {type: object, if: {required: [card]}}\nrevision: {type: object}",
        safe: "base: {type: object}\nrevision: {type: object, if: {required: [card]}}",
    },
    Text {
        ids: &["response-body-then-added", "response-property-then-added"],
        purpose: "A value in a response that meets a condition must fit one more schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, if: {required: [card]}}\nrevision: {type: object, if: {required: [card]}, then: {required: [number]}}",
        safe: "base: {type: object, if: {required: [card]}, then: {required: [number]}}\nrevision: {type: object, if: {required: [card]}}",
    },
    Text {
        ids: &[
            "response-body-then-removed",
            "response-property-then-removed",
        ],
        purpose: "A value in a response that meets a condition need no longer fit a schema.",
        why: "A client that relied on what the condition promised meets other values.",
        safely: "Keep what was promised until every consumer is ready.",
        breaking: "base: {type: object, if: {required: [card]}, then: {required: [number]}}\nrevision: {type: object, if: {required: [card]}}",
        safe: "base: {type: object, if: {required: [card]}}\nrevision: {type: object, if: {required: [card]}, then: {required: [number]}}",
    },
    Text {
        ids: &["response-body-else-added", "response-property-else-added"],
        purpose: "A value in a response that does not meet a condition must fit one more schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, if: {required: [card]}}\nrevision: {type: object, if: {required: [card]}, else: {required: [account]}}",
        safe: "base: {type: object, if: {required: [card]}, else: {required: [account]}}\nrevision: {type: object, if: {required: [card]}}",
    },
    Text {
        ids: &[
            "response-body-else-removed",
            "response-property-else-removed",
        ],
        purpose: "A value in a response that does not meet a condition need no longer fit a schema.",
        why: "A client that relied on what the condition promised meets other values.",
        safely: "Keep what was promised until every consumer is ready.",
        breaking: "base: {type: object, if: {required: [card]}, else: {required: [account]}}\nrevision: {type: object, if: {required: [card]}}",
        safe: "base: {type: object, if: {required: [card]}}\nrevision: {type: object, if: {required: [card]}, else: {required: [account]}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    let ids = KeywordIds {
        added: ("response-body-if-added", "response-property-if-added"),
        removed: ("response-body-if-removed", "response-property-if-removed"),
        ..KeywordIds::NONE
    };
    keywords::schema(pair, report, (Keyword::If, "if"), &ids);
    let ids = KeywordIds {
        added: ("response-body-then-added", "response-property-then-added"),
        removed: (
            "response-body-then-removed",
            "response-property-then-removed",
        ),
        ..KeywordIds::NONE
    };
    keywords::schema(pair, report, (Keyword::Then, "then"), &ids);
    let ids = KeywordIds {
        added: ("response-body-else-added", "response-property-else-added"),
        removed: (
            "response-body-else-removed",
            "response-property-else-removed",
        ),
        ..KeywordIds::NONE
    };
    keywords::schema(pair, report, (Keyword::Else, "else"), &ids);
}
