//! Server URLs and their variables.

use crate::lint::call::{Call, Fault};
use crate::lint::view::View;
use crate::tree::Node;

/// Substitutions that are tried, and those that are told.
const TRIED_MAX: usize = 1_000;
const TOLD_MAX: usize = 5;

/// A variable and the values that it can have.
type Variable<'t> = (&'t str, Vec<&'t str>);

pub(super) fn variables(call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(server) = call.target.node() else {
        return;
    };
    let view = call.view;
    let Some(url) = valid_url(view, server) else {
        faults.push(call.fault("this is no valid server object"));
        return;
    };
    let used = names_in(url);
    let defined: Vec<(&str, Node<'_>)> = view
        .get(server, "variables")
        .into_iter()
        .flat_map(Node::members)
        .map(|member| (member.name(), view.follow(member.value)))
        .collect();

    for (name, _) in defined.iter().filter(|(name, _)| !used.contains(name)) {
        faults.push(call.fault_at(
            ["variables", name],
            format!("the url does not use the variable `{name}`"),
        ));
    }
    let is_defined = |name: &&&str| defined.iter().any(|(known, _)| *known == **name);
    let missing: Vec<&&str> = used.iter().filter(|name| !is_defined(name)).collect();
    if !missing.is_empty() {
        let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
        faults.push(call.fault_at(
            ["variables"],
            format!(
                "the url uses {}, which `variables` does not define",
                names.join(", ")
            ),
        ));
    }
    if view.get(server, "variables").is_none() {
        return;
    }
    let values: Vec<Variable<'_>> = defined
        .iter()
        .filter(|(name, _)| used.contains(name))
        .map(|(name, variable)| (*name, values_of(call, name, *variable, faults)))
        .collect();
    substitute(call, url, &values, faults);
}

fn values_of<'t>(
    call: &Call<'_, 't>,
    name: &str,
    variable: Node<'t>,
    faults: &mut Vec<Fault>,
) -> Vec<&'t str> {
    let default = call.get(variable, "default").and_then(Node::as_str);
    let listed = call.get(variable, "enum");
    let values: Vec<&str> = match listed {
        Some(values) => values.elements().filter_map(Node::as_str).collect(),
        None => default.into_iter().collect(),
    };
    if let Some(default) = default.filter(|default| !values.contains(default)) {
        let message = format!("the default `{default}` of `{name}` is not among its values");
        faults.push(call.fault_at(["variables", name, "default"], message));
    }
    if default.is_none() {
        faults.push(call.fault_at(
            ["variables", name],
            format!("the variable `{name}` has no default"),
        ));
    }
    values
}

/// The url, if the server has the form that it must have.
fn valid_url<'t>(view: View<'_, 't>, server: Node<'t>) -> Option<&'t str> {
    let url = view.get(server, "url")?.as_str()?;
    let Some(variables) = view.get(server, "variables") else {
        return Some(url);
    };
    let is_valid = |variable: Node<'t>| {
        variable.is_object()
            && variable.members().all(|member| match member.name() {
                "enum" => {
                    let values = view.follow(member.value);
                    values.is_array() && values.elements().all(|value| value.as_str().is_some())
                }
                "default" | "description" | "examples" => member.value.as_str().is_some(),
                name => name.starts_with("x-"),
            })
    };
    let all_valid = variables.is_object()
        && variables
            .members()
            .all(|member| is_valid(view.follow(member.value)));
    all_valid.then_some(url)
}

/// The names in braces, in order.
fn names_in(url: &str) -> Vec<&str> {
    let parts = url.split('{').skip(1);
    parts
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
        .filter(|name| !name.is_empty())
        .collect()
}

fn substitute(call: &Call<'_, '_>, url: &str, variables: &[Variable<'_>], faults: &mut Vec<Fault>) {
    if variables.is_empty() || variables.iter().any(|(_, values)| values.is_empty()) {
        return;
    }
    let mut wrong = Vec::new();
    let count: usize = variables
        .iter()
        .map(|(_, values)| values.len())
        .fold(1, usize::saturating_mul);
    for at in 0..count.min(TRIED_MAX) {
        let mut left = at;
        let mut text = url.to_owned();
        for (name, values) in variables {
            text = text.replace(&format!("{{{name}}}"), values[left % values.len()]);
            left /= values.len();
        }
        if !is_url(&text) {
            wrong.push(format!("`{text}`"));
        }
        if wrong.len() == TOLD_MAX {
            break;
        }
    }
    if !wrong.is_empty() {
        faults.push(call.fault_at(
            ["variables"],
            format!(
                "the values of the variables make invalid urls: {}",
                wrong.join(", ")
            ),
        ));
    }
}

/// Whether a browser would take the text as an absolute URL: a scheme, and for the web a host and a port in range.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.trim().split_once(':') else {
        return false;
    };
    let mut letters = scheme.chars();
    let is_scheme = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let is_web =
        ["http", "https", "ws", "wss", "ftp"].contains(&scheme.to_ascii_lowercase().as_str());
    if !is_scheme || !is_web {
        return is_scheme;
    }
    let authority = rest.trim_start_matches(['/', '\\']);
    let authority = authority
        .split(['/', '?', '#', '\\'])
        .next()
        .unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if !host.ends_with(']') || port.bytes().all(|b| b.is_ascii_digit()) => {
            (host, port)
        }
        _ => (host, ""),
    };
    let has_port = port.is_empty() || port.parse::<u16>().is_ok();
    let is_host = !host.is_empty()
        && !host.contains([' ', '<', '>', '^', '|', '%', '{', '}', '[', ']'])
        || host.starts_with('[');
    has_port && is_host
}
