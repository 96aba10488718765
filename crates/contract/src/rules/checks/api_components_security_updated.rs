//! Security schemes that came, went or changed.

use crate::diff::fact::Documents;
use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::model::body::{self, Named};
use crate::model::document::Document;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::tree::{Member, Node};

pub(super) const CHECK: Check = Check {
    name: "APIComponentsSecurityUpdatedCheck",
    texts: TEXTS,
    run: Run::Document(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["api-security-component-removed"],
        purpose: "A security scheme is no longer declared.",
        why: "Operations that name it name nothing; generated clients lose the credential.",
        safely: "Keep it declared for as long as an operation names it.",
        breaking: "base: {components: {securitySchemes: {a: {type: http, scheme: basic}}}}\nrevision: {components: {securitySchemes: {}}}",
        safe: "base: {components: {securitySchemes: {}}}\nrevision: {components: {securitySchemes: {a: {type: http, scheme: basic}}}}",
    },
    Text {
        ids: &["api-security-component-added"],
        purpose: "A security scheme is newly declared.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {components: {securitySchemes: {}}}\nrevision: {components: {securitySchemes: {a: {type: http, scheme: basic}}}}",
        safe: "base: {components: {securitySchemes: {a: {type: http, scheme: basic}}}}\nrevision: {components: {securitySchemes: {}}}",
    },
    Text {
        ids: &["api-security-component-type-changed"],
        purpose: "A security scheme is of another type.",
        why: "Clients send a credential that is not looked at any more.",
        safely: "Declare a second scheme, and accept both until nobody uses the old one.",
        breaking: "base: {components: {securitySchemes: {a: {type: http, scheme: basic}}}}\nrevision: {components: {securitySchemes: {a: {type: apiKey, in: header, name: X-Key}}}}",
        safe: "base: {components: {securitySchemes: {a: {type: http, scheme: basic}}}}\nrevision: {components: {securitySchemes: {a: {type: http, scheme: bearer}}}}",
    },
    Text {
        ids: &["api-security-component-oauth-url-changed"],
        purpose: "The address at which users of an OAuth flow consent changed.",
        why: "Clients that were built with the old address send users to the wrong place.",
        safely: "Redirect the old address to the new one.",
        breaking: "base: {components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {authorizationUrl: 'https://a.test', scopes: {}}}}}}}\nrevision: {components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {authorizationUrl: 'https://b.test', scopes: {}}}}}}}",
        safe: "base: {components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {authorizationUrl: 'https://a.test', scopes: {}}}}}}}\nrevision: {components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {authorizationUrl: 'https://a.test', scopes: {s: S}}}}}}}",
    },
    Text {
        ids: &["api-security-component-oauth-token-url-changed"],
        purpose: "The address at which an OAuth flow gives out tokens changed.",
        why: "Clients that were built with the old address get no tokens.",
        safely: "Answer at both addresses until nobody calls the old one.",
        breaking: "base: {components: {securitySchemes: {a: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://a.test', scopes: {}}}}}}}\nrevision: {components: {securitySchemes: {a: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://b.test', scopes: {}}}}}}}",
        safe: "base: {components: {securitySchemes: {a: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://a.test', scopes: {}}}}}}}\nrevision: {components: {securitySchemes: {a: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://a.test', scopes: {s: S}}}}}}}",
    },
    Text {
        ids: &["api-security-component-oauth-scope-added"],
        purpose: "An OAuth flow offers one more scope.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {scopes: {}}}}}}}\nrevision: {components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {scopes: {s: S}}}}}}}",
        safe: "base: {components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {scopes: {s: S}}}}}}}\nrevision: {components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {scopes: {}}}}}}}",
    },
    Text {
        ids: &["api-security-component-oauth-scope-removed"],
        purpose: "An OAuth flow no longer offers a scope.",
        why: "Clients that ask for it get no token.",
        safely: "Keep granting it until nobody asks for it.",
        breaking: "base: {components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {scopes: {s: S}}}}}}}\nrevision: {components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {scopes: {}}}}}}}",
        safe: "base: {components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {scopes: {}}}}}}}\nrevision: {components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {scopes: {s: S}}}}}}}",
    },
    Text {
        ids: &["api-security-component-oauth-scope-changed"],
        purpose: "The description of an OAuth scope changed.",
        why: "Nothing changes on the wire; users are asked to consent to other words.",
        safely: "Tell consumers if the scope means something else.",
        breaking: "base: {components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {scopes: {s: S}}}}}}}\nrevision: {components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {scopes: {s: T}}}}}}}",
        safe: "base: {components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {scopes: {s: S}}}}}}}\nrevision: {components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {scopes: {t: S}}}}}}}",
    },
];

fn check<'t>(documents: &Documents<'_, 't>, report: &mut Report<'t>) {
    let old = schemes(documents.base);
    let new = schemes(documents.revision);
    for (old, new) in body::paired(old, new, |a, b| a == b) {
        match (old, new) {
            (Some(old), Some(new)) => Scheme { old, new }.compare(documents, report),
            (Some(old), None) => {
                let message = format!("security scheme `{}` was removed", old.name);
                let found = Found::new("api-security-component-removed", message).base(old.key);
                documents.report(report, LOGICAL, found.tail(old.name));
            }
            (None, Some(new)) => {
                let message = format!("security scheme `{}` was added", new.name);
                let found = Found::new("api-security-component-added", message).revision(new.key);
                documents.report(report, LOGICAL, found.tail(new.name));
            }
            (None, None) => {}
        }
    }
}

const LOGICAL: &str = "/components/securitySchemes";

fn schemes<'t>(document: &Document<'t>) -> Vec<Named<'t>> {
    let components = document.root().get("components");
    components.map_or_else(Vec::new, |components| {
        body::named(document, components, "securitySchemes")
    })
}

/// A security scheme on both sides.
struct Scheme<'t> {
    old: Named<'t>,
    new: Named<'t>,
}

/// A flow of it on both sides.
struct Flow<'a, 't> {
    scheme: &'a Scheme<'t>,
    name: &'t str,
    old: Node<'t>,
    new: Node<'t>,
}

impl<'t> Scheme<'t> {
    fn compare(&self, documents: &Documents<'_, 't>, report: &mut Report<'t>) {
        let (old, new) = (self.old.node.get("type"), self.new.node.get("type"));
        let (from, to) = (shown(old), shown(new));
        if from != to {
            let message = format!(
                "the type of security scheme `{}` changed from `{from}` to `{to}`",
                self.new.name
            );
            let found = Found::new("api-security-component-type-changed", message)
                .base(old.unwrap_or(self.old.key))
                .revision(new.unwrap_or(self.new.key));
            let found = found.tail(self.new.name).value(from).value(to);
            documents.report(report, LOGICAL, found);
        }
        let (Some(old), Some(new)) = (self.old.node.get("flows"), self.new.node.get("flows"))
        else {
            return;
        };
        for flow in old.members() {
            if let Some(other) = new.get(flow.name()) {
                let flow = Flow {
                    scheme: self,
                    name: flow.name(),
                    old: flow.value,
                    new: other,
                };
                flow.compare(documents, report);
            }
        }
    }
}

impl<'t> Flow<'_, 't> {
    fn compare(&self, documents: &Documents<'_, 't>, report: &mut Report<'t>) {
        self.address(
            documents,
            report,
            "authorizationUrl",
            "api-security-component-oauth-url-changed",
        );
        self.address(
            documents,
            report,
            "tokenUrl",
            "api-security-component-oauth-token-url-changed",
        );
        let (old, new) = (self.old.get("scopes"), self.new.get("scopes"));
        for scope in old.into_iter().flat_map(Node::members) {
            match new.and_then(|new| new.member(scope.name())) {
                None => {
                    let found = Found::new(
                        "api-security-component-oauth-scope-removed",
                        self.message(scope.name(), "was removed"),
                    );
                    self.report(documents, report, found.base(scope.key), scope.name());
                }
                Some(other) => self.description(documents, report, &scope, &other),
            }
        }
        for scope in new.into_iter().flat_map(Node::members) {
            if old.is_none_or(|old| old.get(scope.name()).is_none()) {
                let found = Found::new(
                    "api-security-component-oauth-scope-added",
                    self.message(scope.name(), "was added"),
                );
                self.report(documents, report, found.revision(scope.key), scope.name());
            }
        }
    }

    fn description(
        &self,
        documents: &Documents<'_, 't>,
        report: &mut Report<'t>,
        old: &Member<'t>,
        new: &Member<'t>,
    ) {
        if old.value.same_value(new.value) {
            return;
        }
        let found = Found::new(
            "api-security-component-oauth-scope-changed",
            self.message(new.name(), "is described in other words"),
        );
        let found = found.base(old.value).revision(new.value);
        self.report(documents, report, found, new.name());
    }

    fn address(
        &self,
        documents: &Documents<'_, 't>,
        report: &mut Report<'t>,
        key: &str,
        id: &'static str,
    ) {
        let (old, new) = (self.old.get(key), self.new.get(key));
        let (from, to) = (shown(old), shown(new));
        if from == to {
            return;
        }
        let message = format!(
            "`{key}` of flow `{}` of security scheme `{}` changed from `{from}` to `{to}`",
            self.name, self.scheme.new.name
        );
        let found = Found::new(id, message)
            .base(old.unwrap_or(self.old))
            .revision(new.unwrap_or(self.new));
        self.report(documents, report, found.value(from).value(to), key);
    }

    fn message(&self, scope: &str, what: &str) -> String {
        format!(
            "scope `{scope}` of flow `{}` of security scheme `{}` {what}",
            self.name, self.scheme.new.name
        )
    }

    fn report(
        &self,
        documents: &Documents<'_, 't>,
        report: &mut Report<'t>,
        found: Found<'t>,
        member: &str,
    ) {
        let found = found
            .tail(self.scheme.new.name)
            .tail(self.name)
            .tail(member);
        documents.report(report, LOGICAL, found);
    }
}
