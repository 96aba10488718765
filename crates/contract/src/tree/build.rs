//! Writes the nodes of a tree in source order; the JSON scanner and the YAML reader are its two users.

use std::sync::OnceLock;

use super::duplicates::shadow_duplicates;
use super::{
    Format, IRREGULARITIES_TOLD_MAX, Irregularity, NodeId, RawKind, RawNode, TextForm, Tree,
};
use crate::span::Span;

pub(crate) struct Builder {
    nodes: Vec<RawNode>,
    decoded: String,
    texts: Vec<Span>,
}

impl Builder {
    pub(crate) fn new(source: &str) -> Self {
        // Real contracts hold one node per 14 to 25 bytes.
        Self {
            nodes: Vec::with_capacity(source.len() / 16 + 8),
            decoded: String::new(),
            texts: Vec::new(),
        }
    }

    pub(crate) fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// A scalar whose text is a slice of the source.
    #[inline]
    pub(crate) fn scalar(&mut self, kind: RawKind, span: Span, text: TextForm) -> NodeId {
        self.push(RawNode {
            span,
            data: 0,
            kind,
            text,
            shadowed: false,
        })
    }

    /// A scalar whose text `decode` appends.
    pub(crate) fn decoded<E>(
        &mut self,
        kind: RawKind,
        span: Span,
        decode: impl FnOnce(&mut String) -> Result<(), E>,
    ) -> Result<NodeId, E> {
        let start = self.decoded.len() as u32;
        decode(&mut self.decoded)?;
        let data = self.texts.len() as u32;
        self.texts.push(Span::new(start, self.decoded.len() as u32));
        Ok(self.push(RawNode {
            span,
            data,
            kind,
            text: TextForm::Decoded,
            shadowed: false,
        }))
    }

    pub(crate) fn alias(&mut self, span: Span, target: NodeId) -> NodeId {
        self.push(RawNode {
            span,
            data: target.0,
            kind: RawKind::Alias,
            text: TextForm::Bare,
            shadowed: false,
        })
    }

    /// An array or an object whose content follows, up to `close`.
    #[inline]
    pub(crate) fn open(&mut self, kind: RawKind, start: u32) -> NodeId {
        self.push(RawNode {
            span: Span::new(start, start),
            data: 0,
            kind,
            text: TextForm::Bare,
            shadowed: false,
        })
    }

    #[inline]
    pub(crate) fn close(&mut self, id: NodeId, end: u32) {
        let after = self.nodes.len() as u32;
        let node = &mut self.nodes[id.0 as usize];
        node.span.end = end;
        node.data = after;
    }

    pub(crate) fn span(&self, id: NodeId) -> Span {
        self.nodes[id.0 as usize].span
    }

    pub(crate) fn kind(&self, id: NodeId) -> RawKind {
        self.nodes[id.0 as usize].kind
    }

    /// The text of a scalar already written.
    pub(crate) fn text<'a>(&'a self, source: &'a str, id: NodeId) -> &'a str {
        let raw = &self.nodes[id.0 as usize];
        match raw.text {
            TextForm::Bare => &source[raw.span.bytes()],
            TextForm::Quoted => &source[raw.span.start as usize + 1..raw.span.end as usize - 1],
            TextForm::Decoded => &self.decoded[self.texts[raw.data as usize].bytes()],
        }
    }

    /// The tree of a whole document: one root, every container closed.
    pub(crate) fn finish(
        self,
        source: String,
        format: Format,
        irregularities: Vec<Irregularity>,
    ) -> Tree {
        assert!(!self.nodes.is_empty(), "a document has a root");
        let mut tree = Tree {
            source,
            format,
            nodes: self.nodes,
            decoded: self.decoded,
            texts: self.texts,
            irregularities: Vec::new(),
            lines: OnceLock::new(),
            wide: OnceLock::new(),
        };
        tree.irregularities = shadow_duplicates(&mut tree, IRREGULARITIES_TOLD_MAX);
        tree.irregularities.extend(irregularities);
        tree
    }

    #[inline]
    fn push(&mut self, node: RawNode) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(node);
        id
    }
}
