//! One operation: its fields, and what makes it one of a kind.

use super::path_item::PathItem;
use super::reader::Reader;
use crate::deprecation;
use crate::operation::{Extension, Operation};
use crate::security::{self, SecurityRequirement};
use crate::server;
use crate::template;
use crate::tree::{Member, Node};

/// Twice what the matcher is measured with; a path item that many paths refer to could make millions.
pub(super) const OPERATIONS_MAX: usize = 20_000;

impl<'t> Reader<'t> {
    pub(super) fn operation(&mut self, item: &PathItem<'t>, method: String, member: Member<'t>) {
        if self.operations.len() == OPERATIONS_MAX {
            self.is_full = true;
            return;
        }
        let Some(node) = self.follow(member.value) else {
            return;
        };
        if !node.is_object() {
            let message = format!(
                "the operation is {}, not an object",
                node.value().described()
            );
            self.findings.error(
                member.value,
                message,
                "write it as an object, `{}` at least, or remove it",
            );
            return;
        }
        self.check_shape(item, &method, member.key);
        let operation_id = self.operation_id(node);
        let deprecation = deprecation::read(node, &mut self.findings);
        if let Some((written, text)) = deprecation.as_ref().and_then(|read| read.replaced_by) {
            self.replacements
                .push((self.operations.len(), written, text));
        }
        let operation = Operation {
            method,
            path: item.path.to_owned(),
            base_paths: self.base_paths_of(item, node),
            operation_id: operation_id.map(str::to_owned),
            summary: self.text(node, "summary").map(str::to_owned),
            description: self.text(node, "description").map(str::to_owned),
            tags: self.tags(node),
            deprecation: deprecation.map(|read| read.deprecation),
            parameters: self.parameters(item, node, member.key),
            request_types: self.request_types(node),
            response_statuses: self.response_statuses(node),
            security: self.security_of(node),
            extensions: extensions(node),
            span: member.key.span(),
            node: node.id(),
        };
        self.operations.push(operation);
    }

    /// Two operations of one method whose paths differ in parameter names only match the same requests.
    fn check_shape(&mut self, item: &PathItem<'t>, method: &str, key: Node<'t>) {
        let shape = template::shape(item.path);
        let next = self.operations.len();
        let first = *self
            .by_shape
            .entry((method.to_owned(), shape))
            .or_insert(next);
        let Some(first) = self.operations.get(first) else {
            return;
        };
        let line = key.tree().lines().line(first.span.start);
        let message = format!(
            "{method} {} matches the same requests as {} (line {line})",
            item.path, first.path
        );
        self.findings.error(
            key,
            message,
            "keep one of the two, or give their paths different fixed parts",
        );
    }

    fn operation_id(&mut self, operation: Node<'t>) -> Option<&'t str> {
        let id = self
            .text(operation, "operationId")
            .filter(|id| !id.is_empty())?;
        let next = self.operations.len();
        let first = *self.by_id.entry(id).or_insert(next);
        if let (Some(first), Some(node)) =
            (self.operations.get(first), operation.get("operationId"))
        {
            let message = format!(
                "the operationId `{id}` is taken by {} {}",
                first.method, first.path
            );
            self.findings
                .error(node, message, "give each operation its own operationId");
        }
        Some(id)
    }

    fn base_paths_of(&mut self, item: &PathItem<'t>, operation: Node<'t>) -> Vec<String> {
        match operation.get("servers").or_else(|| item.get("servers")) {
            Some(servers) => server::base_paths(servers, &mut self.findings),
            None => self.base_paths.clone(),
        }
    }

    fn tags(&mut self, operation: Node<'t>) -> Vec<String> {
        let Some(tags) = operation.get("tags") else {
            return Vec::new();
        };
        let texts: Vec<String> = tags
            .elements()
            .filter_map(|tag| tag.scalar_text().map(str::to_owned))
            .collect();
        if texts.len() < tags.elements().count() || !tags.is_array() {
            self.findings.warning(
                tags,
                "`tags` is not an array of strings",
                "write it as `tags: [payments]`",
            );
        }
        texts
    }

    fn security_of(&mut self, operation: Node<'t>) -> Vec<SecurityRequirement> {
        match operation.get("security") {
            Some(security) => security::requirements(security, &self.schemes, &mut self.findings),
            None => self.security.clone(),
        }
    }

    fn request_types(&mut self, operation: Node<'t>) -> Vec<String> {
        let body = operation
            .get("requestBody")
            .and_then(|body| self.follow(body));
        let content = body.and_then(|body| body.get("content"));
        let members = content.map(|content| content.members());
        members
            .into_iter()
            .flatten()
            .map(|member| member.name().to_owned())
            .collect()
    }

    fn response_statuses(&mut self, operation: Node<'t>) -> Vec<String> {
        let Some(responses) = operation
            .get("responses")
            .and_then(|responses| self.follow(responses))
        else {
            return Vec::new();
        };
        let mut statuses = Vec::new();
        for member in responses
            .members()
            .filter(|member| !member.name().starts_with("x-"))
        {
            // Only whether the reference leads somewhere: a response is read when it is needed.
            self.follow(member.value);
            statuses.push(member.name().to_owned());
        }
        statuses
    }
}

fn extensions(operation: Node<'_>) -> Vec<Extension> {
    let members = operation
        .members()
        .filter(|member| member.name().starts_with("x-"));
    let extension = |member: Member<'_>| Extension {
        name: member.name().to_owned(),
        node: member.value.id(),
    };
    members.map(extension).collect()
}
