//! Operations that are gone, and whether they were announced.

use crate::diff::fact::OperationFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::model::operation::Listing;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::sunset;
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "APIRemovedCheck",
    texts: TEXTS,
    run: Run::Operation(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["api-removed-without-deprecation"],
        purpose: "An operation was removed that was not deprecated.",
        why: "Every client that calls it gets 404 or 405.",
        safely: "Deprecate the operation with a sunset date, tell its consumers, and remove it after that date.",
        breaking: "base: {paths: {/b: {get: {}}, /a: {put: {}, get: {}}}}\nrevision: {paths: {/b: {get: {}}, /a: {put: {}}}}",
        safe: "base: {paths: {/b: {get: {}}}}\nrevision: {paths: {/b: {get: {}}}}",
    },
    Text {
        ids: &["api-path-removed-without-deprecation"],
        purpose: "A path was removed with operations that were not deprecated.",
        why: "Every client that calls it gets 404 or 405.",
        safely: "Deprecate the operation with a sunset date, tell its consumers, and remove it after that date.",
        breaking: "base: {paths: {/b: {get: {}}, /a: {get: {}}}}\nrevision: {paths: {/b: {get: {}}}}",
        safe: "base: {paths: {/b: {get: {}}}}\nrevision: {paths: {/b: {get: {}}}}",
    },
    Text {
        ids: &["api-removed-with-deprecation"],
        purpose: "A deprecated operation without a sunset date was removed.",
        why: "Every client that calls it gets 404 or 405.",
        safely: "Deprecate the operation with a sunset date, tell its consumers, and remove it after that date.",
        breaking: "base: {paths: {/b: {get: {}}, /a: {put: {}, get: {deprecated: true}}}}\nrevision: {paths: {/b: {get: {}}, /a: {put: {}}}}",
        safe: "base: {paths: {/b: {get: {}}}}\nrevision: {paths: {/b: {get: {}}}}",
    },
    Text {
        ids: &["api-path-removed-with-deprecation"],
        purpose: "A path was removed with deprecated operations that had no sunset date.",
        why: "Every client that calls it gets 404 or 405.",
        safely: "Deprecate the operation with a sunset date, tell its consumers, and remove it after that date.",
        breaking: "base: {paths: {/b: {get: {}}, /a: {get: {deprecated: true}}}}\nrevision: {paths: {/b: {get: {}}}}",
        safe: "base: {paths: {/b: {get: {}}}}\nrevision: {paths: {/b: {get: {}}}}",
    },
    Text {
        ids: &["api-removed-before-sunset"],
        purpose: "A deprecated operation was removed before its sunset.",
        why: "Every client that calls it gets 404 or 405.",
        safely: "Deprecate the operation with a sunset date, tell its consumers, and remove it after that date.",
        breaking: "base: {paths: {/b: {get: {}}, /a: {put: {}, get: {deprecated: true, x-sunset: '9999-01-01'}}}}\nrevision: {paths: {/b: {get: {}}, /a: {put: {}}}}",
        safe: "base: {paths: {/b: {get: {}}}}\nrevision: {paths: {/b: {get: {}}}}",
    },
    Text {
        ids: &["api-path-removed-before-sunset"],
        purpose: "A path was removed with deprecated operations before their sunset.",
        why: "Every client that calls it gets 404 or 405.",
        safely: "Deprecate the operation with a sunset date, tell its consumers, and remove it after that date.",
        breaking: "base: {paths: {/b: {get: {}}, /a: {get: {deprecated: true, x-sunset: '9999-01-01'}}}}\nrevision: {paths: {/b: {get: {}}}}",
        safe: "base: {paths: {/b: {get: {}}}}\nrevision: {paths: {/b: {get: {}}}}",
    },
    Text {
        ids: &["api-path-sunset-parse"],
        purpose: "The sunset of a deprecated operation is not a date.",
        why: "Every client that calls it gets 404 or 405.",
        safely: "Deprecate the operation with a sunset date, tell its consumers, and remove it after that date.",
        breaking: "base: {paths: {/b: {get: {}}, /a: {get: {deprecated: true, x-sunset: soon}}}}\nrevision: {paths: {/b: {get: {}}}}",
        safe: "base: {paths: {/b: {get: {}}}}\nrevision: {paths: {/b: {get: {}}}}",
    },
];

fn check<'t>(fact: &OperationFact<'_, 't>, report: &mut Report<'t>) {
    let (Some(base), None) = (fact.base, fact.revision) else {
        return;
    };
    if base.listing != Listing::Paths || base.stability() < report.options.stability_min {
        return;
    }
    let deprecated = base.node.get("deprecated").and_then(Node::as_bool) == Some(true);
    let date = sunset::of(base.node);
    let pick = |operation, path| if fact.has_path { operation } else { path };
    let (id, words) = match (deprecated, date) {
        (false, _) => (
            pick(
                "api-removed-without-deprecation",
                "api-path-removed-without-deprecation",
            ),
            "the operation was removed without deprecation".to_owned(),
        ),
        (true, sunset::Sunset::Missing) => (
            pick(
                "api-removed-with-deprecation",
                "api-path-removed-with-deprecation",
            ),
            "the deprecated operation was removed".to_owned(),
        ),
        (true, sunset::Sunset::Invalid(text)) => (
            "api-path-sunset-parse",
            format!("the sunset `{text}` of the removed operation is not a date"),
        ),
        (true, sunset::Sunset::On(date)) if report.options.today < date => (
            pick(
                "api-removed-before-sunset",
                "api-path-removed-before-sunset",
            ),
            format!("the operation was removed before its sunset on `{date}`"),
        ),
        (true, sunset::Sunset::On(_)) => return,
    };
    fact.report(report, Found::new(id, words).base(base.key));
}
