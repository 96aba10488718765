//! One spanned arena tree for JSON and YAML: nodes in source order, members in source order, a byte span on each.

use std::fmt;
use std::sync::OnceLock;

use crate::span::{LineIndex, Position, Span};

mod build;
mod duplicates;
mod iter;
mod node;
mod node_id;
mod number;
mod value;
mod wide;
mod widths;

pub(crate) use build::Builder;
pub use iter::{Elements, Member, Members};
pub use node::Node;
pub use node_id::NodeId;
pub use value::Value;
use wide::WideContainers;

/// The longest source that is read: 15 MiB. Spans are 32-bit, so this may grow to 4 GiB.
pub const SOURCE_BYTES_LIMIT: usize = 15 * 1024 * 1024;

/// How deep arrays and objects may nest, the outermost included. Real contracts stay below 50.
pub const DEPTH_LIMIT: usize = 512;

/// How many duplicate keys, and how many other irregularities, a tree remembers.
pub(crate) const IRREGULARITIES_TOLD_MAX: usize = 10_000;

/// What the source was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Json,
    Yaml,
}

/// Something legal enough to read and odd enough to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Irregularity {
    /// The key, or the tagged value.
    pub node: NodeId,
    pub kind: IrregularityKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IrregularityKind {
    /// The same key stands earlier in this object; the later one counts, as in most readers.
    DuplicateKey { object: NodeId, earlier: NodeId },
    /// YAML 1.1's `<<`, which YAML 1.2 does not have: it is a key like any other here.
    MergeKey { object: NodeId },
    /// A YAML tag outside the core schema; the value is read as if it had none.
    UnknownTag,
}

/// One document: its source text and its nodes.
///
/// The nodes lie in one array in source order: a container is followed by its subtree and knows where that ends, so
/// a member is found by a walk over its siblings, without hashing and without a second allocation per container. Only
/// wide containers get an index, on first use.
pub struct Tree {
    source: String,
    format: Format,
    nodes: Vec<RawNode>,
    /// Strings whose text is not a slice of the source (escapes, folded lines), one after the other.
    decoded: String,
    /// Where each of them lies in `decoded`.
    texts: Vec<Span>,
    irregularities: Vec<Irregularity>,
    lines: OnceLock<LineIndex>,
    wide: OnceLock<WideContainers>,
}

/// 16 bytes, so that a 13 MB contract of about 800,000 nodes takes 13 MB.
#[derive(Debug, Clone, Copy)]
struct RawNode {
    span: Span,
    /// For a container: the index after its subtree. For an alias: its target. For a decoded text: its index.
    data: u32,
    kind: RawKind,
    text: TextForm,
    shadowed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RawKind {
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,
    Alias,
}

/// Where a scalar's text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextForm {
    /// The whole span.
    Bare,
    /// The span without its first and last byte.
    Quoted,
    /// In `Tree::decoded`.
    Decoded,
}

impl fmt::Debug for Tree {
    /// Its size: a document may have megabytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Tree({:?}, {} bytes, {} nodes)",
            self.format,
            self.source.len(),
            self.nodes.len()
        )
    }
}

impl Tree {
    /// The source text, without a byte order mark.
    pub fn source(&self) -> &str {
        &self.source
    }

    pub fn format(&self) -> Format {
        self.format
    }

    pub fn root(&self) -> Node<'_> {
        Node::new(self, NodeId(0))
    }

    /// The node that `id` of this very tree names.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node::new(self, id)
    }

    /// At least 1; keys count too.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// In source order of the later key for duplicates, then of the rest; the first 10,000 of each.
    pub fn irregularities(&self) -> &[Irregularity] {
        &self.irregularities
    }

    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(&self.source, offset)
    }

    /// Made on first use.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.source))
    }

    fn raw(&self, id: NodeId) -> &RawNode {
        &self.nodes[id.0 as usize]
    }

    /// The first index after the subtree of `id`.
    pub(crate) fn after(&self, id: NodeId) -> NodeId {
        let raw = self.raw(id);
        match raw.kind {
            RawKind::Array | RawKind::Object => NodeId(raw.data),
            _ => NodeId(id.0 + 1),
        }
    }

    fn text(&self, id: NodeId) -> &str {
        let raw = self.raw(id);
        match raw.text {
            TextForm::Bare => &self.source[raw.span.bytes()],
            TextForm::Quoted => {
                &self.source[raw.span.start as usize + 1..raw.span.end as usize - 1]
            }
            TextForm::Decoded => &self.decoded[self.texts[raw.data as usize].bytes()],
        }
    }
}
