//! Discriminators of schemas in requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::discriminator::{self, Ids};

pub(super) const CHECK: Check = Check {
    name: "RequestDiscriminatorUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-discriminator-added",
            "request-property-discriminator-added",
        ],
        purpose: "A schema in a request got a discriminator.",
        why: "Validation is the same; generated code may pick another class.",
        safely: "Regenerate clients; nothing changes on the wire.",
        breaking: "base: {type: object}\nrevision: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}",
        safe: "base: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}\nrevision: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}",
    },
    Text {
        ids: &[
            "request-body-discriminator-removed",
            "request-property-discriminator-removed",
        ],
        purpose: "A schema in a request lost its discriminator.",
        why: "Validation is the same; generated code may pick another class.",
        safely: "Regenerate clients; nothing changes on the wire.",
        breaking: "base: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}\nrevision: {type: object}",
        safe: "base: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}\nrevision: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}",
    },
    Text {
        ids: &[
            "request-body-discriminator-property-name-changed",
            "request-property-discriminator-property-name-changed",
        ],
        purpose: "A schema in a request is told apart by another property.",
        why: "Validation is the same; generated code may pick another class.",
        safely: "Regenerate clients; nothing changes on the wire.",
        breaking: "base: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}\nrevision: {type: object, discriminator: {propertyName: sort, mapping: {a: A}}}",
        safe: "base: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}\nrevision: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}",
    },
    Text {
        ids: &[
            "request-body-discriminator-mapping-added",
            "request-property-discriminator-mapping-added",
        ],
        purpose: "A schema in a request knows one more discriminator value.",
        why: "Validation is the same; generated code may pick another class.",
        safely: "Regenerate clients; nothing changes on the wire.",
        breaking: "base: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}\nrevision: {type: object, discriminator: {propertyName: kind, mapping: {a: A, b: B}}}",
        safe: "base: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}\nrevision: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}",
    },
    Text {
        ids: &[
            "request-body-discriminator-mapping-deleted",
            "request-property-discriminator-mapping-deleted",
        ],
        purpose: "A schema in a request knows a discriminator value less.",
        why: "Validation is the same; generated code may pick another class.",
        safely: "Regenerate clients; nothing changes on the wire.",
        breaking: "base: {type: object, discriminator: {propertyName: kind, mapping: {a: A, b: B}}}\nrevision: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}",
        safe: "base: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}\nrevision: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}",
    },
    Text {
        ids: &[
            "request-body-discriminator-mapping-changed",
            "request-property-discriminator-mapping-changed",
        ],
        purpose: "A schema in a request maps a discriminator value to another schema.",
        why: "Validation is the same; generated code may pick another class.",
        safely: "Regenerate clients; nothing changes on the wire.",
        breaking: "base: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}\nrevision: {type: object, discriminator: {propertyName: kind, mapping: {a: B}}}",
        safe: "base: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}\nrevision: {type: object, discriminator: {propertyName: kind, mapping: {a: A}}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let ids = Ids {
        added: pair.pick(
            "request-body-discriminator-added",
            "request-property-discriminator-added",
        ),
        removed: pair.pick(
            "request-body-discriminator-removed",
            "request-property-discriminator-removed",
        ),
        property_name_changed: pair.pick(
            "request-body-discriminator-property-name-changed",
            "request-property-discriminator-property-name-changed",
        ),
        mapping_added: pair.pick(
            "request-body-discriminator-mapping-added",
            "request-property-discriminator-mapping-added",
        ),
        mapping_deleted: pair.pick(
            "request-body-discriminator-mapping-deleted",
            "request-property-discriminator-mapping-deleted",
        ),
        mapping_changed: pair.pick(
            "request-body-discriminator-mapping-changed",
            "request-property-discriminator-mapping-changed",
        ),
    };
    discriminator::report(pair, report, &ids);
}
