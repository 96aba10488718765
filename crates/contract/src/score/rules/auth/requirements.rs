//! Who may call, and where: requirements of operations, and the addresses of the servers.

use std::collections::BTreeSet;

use super::schemes::schemes;
use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::rules::each::{self, Verdict, failure};
use crate::score::survey::Survey;
use crate::score::tally::{Failure, Tally};
use crate::tree::Node;

pub(in crate::score::rules) const UNDEFINED: Rule = Rule {
    id: "security-undefined",
    family: Family::Auth,
    counts_for: Number::Safety,
    level: Level::Error,
    purpose: "Every operation says who may call it.",
    measure: "Operations; one fails with no `security` of its own and none of the document. An empty list says: everybody.",
    explain: "When the contract is silent an agent tries without credentials, or sends every credential that it has.",
    repair: "Declare `security` for the document, and an empty list where none is needed.",
    check: undefined,
};

fn undefined<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        Verdict::fail_if(operation.security.is_none(), || {
            failure(
                at,
                operation,
                format!("{} does not say who may call it", operation.label()),
            )
        })
    });
}

pub(in crate::score::rules) const UNKNOWN: Rule = Rule {
    id: "security-scheme-unknown",
    family: Family::Auth,
    counts_for: Number::Safety,
    level: Level::Error,
    purpose: "Every credential that is asked for is described.",
    measure: "Operations with security requirements; one fails when it names a scheme that the document does not define.",
    explain: "A name alone does not tell where the credential goes.",
    repair: "Define the scheme in `components/securitySchemes`, or correct the name.",
    check: unknown,
};

fn unknown<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let known: BTreeSet<&str> = schemes(survey)
        .iter()
        .map(|(member, _)| member.name())
        .collect();
    each::operation(survey, tally, |at, operation| {
        let ways = operation.security.into_iter().flat_map(Node::elements);
        let named: Vec<_> = ways
            .flat_map(Node::members)
            .map(|member| member.name())
            .collect();
        let unknown = named.iter().find(|name| !known.contains(**name));
        match (named.is_empty(), unknown) {
            (true, _) => Verdict::Skip,
            (false, None) => Verdict::Pass,
            (false, Some(name)) => {
                let message = format!(
                    "{} asks for `{name}`, which is not defined",
                    operation.label()
                );
                Verdict::Fail(failure(at, operation, message))
            }
        }
    });
}

pub(in crate::score::rules) const SERVER_MISSING: Rule = Rule {
    id: "server-url-missing",
    family: Family::Auth,
    counts_for: Number::Readability,
    level: Level::Error,
    purpose: "The contract says where to call.",
    measure: "The document; it fails without an absolute server URL that is not `localhost`.",
    explain: "An agent that has to guess the address guesses a plausible one, and sends it the token.",
    repair: "List the public address under `servers`.",
    check: server_missing,
};

/// The URLs of the document's servers, with the nodes that hold them.
fn servers<'t>(survey: &Survey<'t>) -> Vec<(Node<'t>, &'t str)> {
    let servers = survey
        .root
        .get("servers")
        .into_iter()
        .flat_map(Node::elements);
    let urls = servers.filter_map(|server| server.get("url"));
    urls.filter_map(|url| Some((url, url.as_str()?))).collect()
}

fn is_local(url: &str) -> bool {
    let host = url.split("://").nth(1).unwrap_or_default();
    ["localhost", "127.", "0.0.0.0", "[::1]"]
        .iter()
        .any(|local| host.starts_with(local))
}

fn server_missing<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let has = servers(survey)
        .iter()
        .any(|(_, url)| url.contains("://") && !is_local(url));
    let place = survey
        .root
        .member("servers")
        .map_or(survey.root, |member| member.key);
    let failure = || Failure::at(place, None, "no server has a public address");
    tally.check((!has).then(failure));
}

pub(in crate::score::rules) const SERVER_INSECURE: Rule = Rule {
    id: "server-url-insecure",
    family: Family::Auth,
    counts_for: Number::Safety,
    level: Level::Warning,
    purpose: "Credentials travel encrypted.",
    measure: "Server URLs with a scheme, other than `localhost`; one fails when it starts with `http:` or `ws:`.",
    explain: "A bearer token over plain HTTP belongs to everybody on the way.",
    repair: "Use `https`.",
    check: server_insecure,
};

fn server_insecure<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let all = servers(survey);
    for (node, url) in all
        .into_iter()
        .filter(|(_, url)| url.contains("://") && !is_local(url))
    {
        let is_wrong = url.starts_with("http://") || url.starts_with("ws://");
        tally.check(is_wrong.then(|| Failure::at(node, None, format!("`{url}` is not encrypted"))));
    }
}
