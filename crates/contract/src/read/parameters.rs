//! The parameters of an operation, its path item's included, against the names in its path.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::path_item::PathItem;
use super::reader::Reader;
use crate::operation::{Parameter, ParameterLocation};
use crate::tree::Node;

/// Of one array. The most in the contracts of GitHub, Stripe and Twilio is 23; a YAML alias could make millions.
const PARAMETERS_MAX: usize = 500;

impl<'t> Reader<'t> {
    /// `key` is the operation's method, for what is missing.
    pub(super) fn parameters(
        &mut self,
        item: &PathItem<'t>,
        operation: Node<'t>,
        key: Node<'t>,
    ) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut places = HashMap::new();
        for declared in [item.get("parameters"), operation.get("parameters")]
            .into_iter()
            .flatten()
        {
            if !declared.is_array() {
                let message = format!(
                    "`parameters` is {}, not an array",
                    declared.value().described()
                );
                self.findings
                    .warning(declared, message, "write it as an array");
            }
            if declared.elements().count() > PARAMETERS_MAX {
                let message = format!("only the first {PARAMETERS_MAX} parameters are read");
                self.findings
                    .warning(declared, message, "put them into the request body");
            }
            for node in declared.elements().take(PARAMETERS_MAX) {
                let Some((name, parameter)) = self.parameter(node) else {
                    continue;
                };
                match places.entry((parameter.location, name)) {
                    Entry::Occupied(place) => parameters[*place.get()] = parameter,
                    Entry::Vacant(place) => {
                        place.insert(parameters.len());
                        parameters.push(parameter);
                    }
                }
            }
        }
        self.check_path_parameters(item, &parameters, key);
        parameters
    }

    /// With its name once more, as a key; `None` with a finding told.
    fn parameter(&mut self, node: Node<'t>) -> Option<(&'t str, Parameter)> {
        let target = self.follow(node)?;
        let name = target.get("name").and_then(Node::scalar_text);
        let location = target
            .get("in")
            .and_then(Node::as_str)
            .and_then(ParameterLocation::from_text);
        let (Some(name), Some(location)) = (name, location) else {
            self.findings.warning(
                target,
                "a parameter without a valid `name` and `in` is left out",
                "give it a `name`, and `in` as path, query, header or cookie",
            );
            return None;
        };
        let required = target
            .get("required")
            .and_then(Node::as_bool)
            .unwrap_or(false);
        let parameter = Parameter {
            name: name.to_owned(),
            location,
            required: required || location == ParameterLocation::Path,
            node: target.id(),
        };
        Some((name, parameter))
    }

    fn check_path_parameters(
        &mut self,
        item: &PathItem<'t>,
        parameters: &[Parameter],
        key: Node<'t>,
    ) {
        let in_path = || {
            parameters
                .iter()
                .filter(|parameter| parameter.location == ParameterLocation::Path)
        };
        for (i, name) in item.names.iter().enumerate() {
            if !item.names[..i].contains(name)
                && !in_path().any(|parameter| parameter.name == *name)
            {
                self.findings.warning(
                    key,
                    format!("the path parameter `{{{name}}}` is not declared"),
                    format!("add `{{name: {name}, in: path, required: true}}` to `parameters`, with a schema"),
                );
            }
        }
        for parameter in
            in_path().filter(|parameter| !item.names.contains(&parameter.name.as_str()))
        {
            let name = &parameter.name;
            self.findings.warning(
                key,
                format!(
                    "the path parameter `{name}` is declared, and the path has no `{{{name}}}`"
                ),
                "remove the parameter, or correct its name",
            );
        }
    }
}
