//! The ways in: how credentials travel, and what they allow.

use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::survey::Survey;
use crate::score::tally::{Failure, Tally};
use crate::tree::{Member, Node};

/// The security schemes of the document, references followed; each with its key.
pub(super) fn schemes<'t>(survey: &Survey<'t>) -> Vec<(Member<'t>, Node<'t>)> {
    let components = survey.root.get("components");
    let declared = components.and_then(|components| components.get("securitySchemes"));
    let members = declared.into_iter().flat_map(Node::members);
    members
        .filter_map(|member| Some((member, survey.resolver.follow(member.value)?)))
        .collect()
}

fn kind<'t>(scheme: Node<'t>) -> &'t str {
    scheme
        .get("type")
        .and_then(Node::as_str)
        .unwrap_or_default()
}

pub(in crate::score::rules) const KEY_IN_QUERY: Rule = Rule {
    id: "api-key-in-query",
    family: Family::Auth,
    counts_for: Number::Safety,
    level: Level::Error,
    purpose: "Credentials do not travel in the URL.",
    measure: "Security schemes of type `apiKey`; one fails when the key is a query parameter.",
    explain: "URLs end up in logs, in histories and in the transcript of the agent.",
    repair: "Accept the key in a header.",
    check: key_in_query,
};

fn key_in_query<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    for (member, scheme) in schemes(survey)
        .into_iter()
        .filter(|(_, s)| kind(*s) == "apiKey")
    {
        let place = scheme.get("in").and_then(Node::as_str);
        let name = member.name();
        let failure = || {
            Failure::at(
                member.key,
                None,
                format!("the key of `{name}` travels in the URL"),
            )
        };
        tally.check((place == Some("query")).then(failure));
    }
}

pub(in crate::score::rules) const IMPLICIT: Rule = Rule {
    id: "oauth-flow-unsafe",
    family: Family::Auth,
    counts_for: Number::Safety,
    level: Level::Warning,
    purpose: "No flow hands tokens or passwords about.",
    measure: "Security schemes of type `oauth2`; one fails with the `implicit` or the `password` flow.",
    explain: "Both are removed from OAuth 2.1: one puts the token into the URL, the other gives the agent the password of the person.",
    repair: "Use the authorization code flow with PKCE.",
    check: implicit,
};

fn implicit<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    for (member, scheme) in schemes(survey)
        .into_iter()
        .filter(|(_, s)| kind(*s) == "oauth2")
    {
        let flows = scheme.get("flows").into_iter().flat_map(Node::members);
        let mut unsafe_flows = flows.filter(|flow| matches!(flow.name(), "implicit" | "password"));
        let name = member.name();
        tally.check(unsafe_flows.next().map(|flow| {
            Failure::at(
                flow.key,
                None,
                format!("`{name}` offers the {} flow", flow.name()),
            )
        }));
    }
}

pub(in crate::score::rules) const SCOPES: Rule = Rule {
    id: "scopes-undocumented",
    family: Family::Auth,
    counts_for: Number::Safety,
    level: Level::Warning,
    purpose: "Every scope says what it allows.",
    measure: "Scopes of OAuth flows; one fails without a description.",
    explain: "An agent asks for the least it needs only when it can tell what that is.",
    repair: "Describe what the scope allows.",
    check: scopes,
};

fn scopes<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    for (_, scheme) in schemes(survey) {
        let flows = scheme.get("flows").into_iter().flat_map(Node::members);
        let scopes = flows.filter_map(|flow| flow.value.get("scopes"));
        for scope in scopes.flat_map(Node::members) {
            let text = scope.value.as_str().unwrap_or_default().trim();
            let name = scope.name();
            let failure = || {
                Failure::at(
                    scope.key,
                    None,
                    format!("nothing says what the scope `{name}` allows"),
                )
            };
            tally.check((text.is_empty() || text == name).then(failure));
        }
    }
}

pub(in crate::score::rules) const UNDESCRIBED: Rule = Rule {
    id: "security-scheme-undescribed",
    family: Family::Auth,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "The contract says how to get credentials.",
    measure: "Security schemes other than OAuth and OpenID Connect, which say it themselves; one fails without a description.",
    explain: "An agent that lacks a key can only ask for one if it knows where they come from.",
    repair: "Say in the description where the credential is made, and what it looks like.",
    check: undescribed,
};

fn undescribed<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let told = ["oauth2", "openIdConnect"];
    for (member, scheme) in schemes(survey)
        .into_iter()
        .filter(|(_, s)| !told.contains(&kind(*s)))
    {
        let text = scheme.get("description").and_then(Node::as_str);
        let name = member.name();
        let failure = || {
            Failure::at(
                member.key,
                None,
                format!("nothing says how to get credentials for `{name}`"),
            )
        };
        tally.check(text.unwrap_or_default().trim().is_empty().then(failure));
    }
}
