//! Conditions on values in requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyIfUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-body-if-added", "request-property-if-added"],
        purpose: "A value in a request is asked a question that decides which schema it must fit.",
        why: "A request that was fine before may now be refused.",
        safely: "State only what the server has always asked for; else offer it in a new version.",
        breaking: "base: {type: object}\nrevision: {type: object, if: {required: [card]}}",
        safe: "base: {type: object, if: {required: [card]}}\nrevision: {type: object}",
    },
    Text {
        ids: &["request-body-if-removed", "request-property-if-removed"],
        purpose: "A value in a request is no longer asked a question that decides which schema it must fit.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, if: {required: [card]}}\nrevision: {type: object}",
        safe: "base: {type: object}\nrevision: {type: object, if: {required: [card]}}",
    },
    Text {
        ids: &["request-body-then-added", "request-property-then-added"],
        purpose: "A value in a request that meets a condition must fit one more schema.",
        why: "A request that was fine before may now be refused.",
        safely: "State only what the server has always asked for; else offer it in a new version.",
        breaking: "base: {type: object, if: {required: [card]}}\nrevision: {type: object, if: {required: [card]}, then: {required: [number]}}",
        safe: "base: {type: object, if: {required: [card]}, then: {required: [number]}}\nrevision: {type: object, if: {required: [card]}}",
    },
    Text {
        ids: &["request-body-then-removed", "request-property-then-removed"],
        purpose: "A value in a request that meets a condition need no longer fit a schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, if: {required: [card]}, then: {required: [number]}}\nrevision: {type: object, if: {required: [card]}}",
        safe: "base: {type: object, if: {required: [card]}}\nrevision: {type: object, if: {required: [card]}, then: {required: [number]}}",
    },
    Text {
        ids: &["request-body-else-added", "request-property-else-added"],
        purpose: "A value in a request that does not meet a condition must fit one more schema.",
        why: "A request that was fine before may now be refused.",
        safely: "State only what the server has always asked for; else offer it in a new version.",
        breaking: "base: {type: object, if: {required: [card]}}\nrevision: {type: object, if: {required: [card]}, else: {required: [account]}}",
        safe: "base: {type: object, if: {required: [card]}, else: {required: [account]}}\nrevision: {type: object, if: {required: [card]}}",
    },
    Text {
        ids: &["request-body-else-removed", "request-property-else-removed"],
        purpose: "A value in a request that does not meet a condition need no longer fit a schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, if: {required: [card]}, else: {required: [account]}}\nrevision: {type: object, if: {required: [card]}}",
        safe: "base: {type: object, if: {required: [card]}}\nrevision: {type: object, if: {required: [card]}, else: {required: [account]}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let ids = KeywordIds {
        added: ("request-body-if-added", "request-property-if-added"),
        removed: ("request-body-if-removed", "request-property-if-removed"),
        ..KeywordIds::NONE
    };
    keywords::schema(pair, report, (Keyword::If, "if"), &ids);
    let ids = KeywordIds {
        added: ("request-body-then-added", "request-property-then-added"),
        removed: ("request-body-then-removed", "request-property-then-removed"),
        ..KeywordIds::NONE
    };
    keywords::schema(pair, report, (Keyword::Then, "then"), &ids);
    let ids = KeywordIds {
        added: ("request-body-else-added", "request-property-else-added"),
        removed: ("request-body-else-removed", "request-property-else-removed"),
        ..KeywordIds::NONE
    };
    keywords::schema(pair, report, (Keyword::Else, "else"), &ids);
}
