//! What the rules look at: the operations by path and method, and the schemas they use.

use std::collections::HashSet;

use super::operations::{Operation, Parameter, Response};
use super::schemas::{PropertyUse, SchemaUse};
use crate::score::alike::Alike;
use crate::score::resolver::Resolver;
use crate::score::tool::Tool;
use crate::tree::Node;

/// What the rules look at.
pub(crate) struct Survey<'t> {
    pub(crate) root: Node<'t>,
    pub(crate) resolver: Resolver<'t>,
    /// By path, then by method, whatever their order in the source.
    pub(crate) operations: Vec<Operation<'t>>,
    /// Every schema that a request or a response uses, once, in source order.
    pub(crate) schemas: Vec<SchemaUse<'t>>,
    /// Every property of those, once, in source order.
    pub(crate) properties: Vec<PropertyUse<'t>>,
    /// One per operation, in their order.
    pub(crate) tools: Vec<Tool>,
    /// Tokens of each of the tools.
    pub(crate) tool_tokens: Vec<u64>,
    /// Estimated tokens of each operation's response.
    pub(crate) response_tokens: Vec<u64>,
    pub(crate) alike: Alike,
}

impl<'t> Survey<'t> {
    /// Every parameter with the index of its operation, a shared one once: with the first that uses it.
    pub(crate) fn parameters(&self) -> Vec<(Option<usize>, &Parameter<'t>)> {
        let mut seen = HashSet::new();
        let all = self.operations.iter().enumerate();
        all.flat_map(|(index, operation)| operation.parameters.iter().map(move |p| (index, p)))
            .filter(|(_, parameter)| seen.insert(parameter.node.id()))
            .map(|(index, parameter)| (parameter.is_own.then_some(index), parameter))
            .collect()
    }

    /// Every declared response with the index of its operation, a shared one once.
    pub(crate) fn responses(&self) -> Vec<(Option<usize>, &Response<'t>)> {
        let mut seen = HashSet::new();
        let all = self.operations.iter().enumerate();
        all.flat_map(|(index, operation)| operation.responses.iter().map(move |r| (index, r)))
            .filter(|(_, response)| seen.insert((response.status, response.node.id())))
            .map(|(index, response)| (response.is_own.then_some(index), response))
            .collect()
    }
}
