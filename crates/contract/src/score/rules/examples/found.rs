//! The examples of a document, each with the schema that it should fit.

use crate::score::survey::Survey;
use crate::tree::Node;

pub(super) struct Example<'t> {
    pub(super) value: Node<'t>,
    /// As written, a reference not followed.
    pub(super) schema: Option<Node<'t>>,
    pub(super) operation: Option<usize>,
}

/// Those of parameters, request and response bodies, and of the schemas they use; each once.
pub(super) fn examples<'t>(survey: &Survey<'t>) -> Vec<Example<'t>> {
    let mut found = Vec::new();
    for (at, parameter) in survey.parameters() {
        add(survey, parameter.node, parameter.schema, at, &mut found);
    }
    for (at, operation) in survey.operations.iter().enumerate() {
        for media in operation.body.iter().flat_map(|body| &body.media) {
            add(survey, media.node, media.schema, Some(at), &mut found);
        }
    }
    for (at, response) in survey.responses() {
        for media in &response.media {
            add(survey, media.node, media.schema, at, &mut found);
        }
    }
    for used in &survey.schemas {
        let listed = used
            .node
            .get("examples")
            .into_iter()
            .flat_map(Node::elements);
        let values = used.node.get("example").into_iter().chain(listed);
        found.extend(values.map(|value| Example {
            value,
            schema: Some(used.node),
            operation: None,
        }));
    }
    // A shared body is seen once per operation.
    found.sort_by_key(|example| example.value.id());
    found.dedup_by_key(|example| example.value.id());
    found
}

/// `example` and `examples` of a parameter or a media type.
fn add<'t>(
    survey: &Survey<'t>,
    holder: Node<'t>,
    schema: Option<Node<'t>>,
    operation: Option<usize>,
    found: &mut Vec<Example<'t>>,
) {
    let named = holder.get("examples").into_iter().flat_map(Node::members);
    let named = named.filter_map(|member| survey.resolver.follow(member.value)?.get("value"));
    let values = holder.get("example").into_iter().chain(named);
    found.extend(values.map(|value| Example {
        value,
        schema,
        operation,
    }));
}
