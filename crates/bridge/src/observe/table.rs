//! The leaves of one operation, compiled for reading: numbered nodes whose names are found without a copy.

use super::dictionary::{Dictionary, Shelf};
use super::media::MediaType;
use super::number;
use super::plan::{Place, Plan, PlanContent, PlanNode, PlanParameter, ValueKind};
use super::scratch::TEXT_BYTES_MAX;
use super::{bits, bits::Bits};

/// Nodes of one operation. One may have more nodes than leaves only where nodes share a leaf.
const NODES_MAX: usize = 3 * bits::LEAVES_MAX;

/// Where no node of the contract is: what stands here is skipped.
pub(super) const NOWHERE: u16 = u16::MAX;

/// Why a plan is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    #[error("the plan cannot be understood at column {column}")]
    Unreadable { column: usize },
    #[error("the plan has {count} leaves, more than {}", bits::LEAVES_MAX)]
    Leaves { count: u32 },
    #[error("the plan has {count} nodes, more than {NODES_MAX}")]
    Nodes { count: usize },
    #[error("the plan names leaf {leaf} of {count}")]
    Leaf { leaf: u32, count: u32 },
    #[error("the plan names node {node} of {count}")]
    Node { node: u32, count: usize },
    #[error("a name or value of the plan has {bytes} bytes, more than {TEXT_BYTES_MAX}")]
    Text { bytes: usize },
}

/// The leaves of one operation, ready to read messages by. Immutable; shared by all workers.
#[derive(Debug)]
pub struct Table {
    leaf_count: u32,
    nodes: Vec<Node>,
    scalars: Vec<Scalar>,
    scalar_texts: Vec<u8>,
    shelf: Shelf,
    pub(super) request: Message,
    /// By place, in the order of [`Place`].
    parameters: [Dictionary; 4],
    responses: Vec<Response>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) leaf: u16,
    pub(super) items: u16,
    /// [`NOWHERE`] where the contract names no values.
    other: u16,
    pub(super) separator: Option<u8>,
    pub(super) properties: Dictionary,
    strings: Dictionary,
    /// Values that are not strings.
    scalars: (u32, u16),
}

/// A value of an enum that is not a string.
#[derive(Debug, Clone, Copy)]
struct Scalar {
    text: (u32, u16),
    kind: ValueKind,
    leaf: u16,
}

/// The media types and the body of a request or a response.
#[derive(Debug, Default)]
pub(super) struct Message {
    pub(super) content: Vec<(MediaType, u16)>,
    pub(super) body: Option<u16>,
}

#[derive(Debug)]
pub(super) struct Response {
    status: StatusRange,
    pub(super) leaf: u16,
    pub(super) headers: Dictionary,
    pub(super) message: Message,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StatusRange {
    Exactly(u16),
    /// Of this hundred.
    Class(u16),
    Default,
    /// What no status is.
    None,
}

impl Table {
    /// Errors: a plan that `contract::leaves` would not have written.
    pub fn compile(plan: &Plan) -> Result<Self, TableError> {
        if plan.leaf_count as usize > bits::LEAVES_MAX {
            let count = plan.leaf_count;
            return Err(TableError::Leaves { count });
        }
        if plan.nodes.len() > NODES_MAX {
            let count = plan.nodes.len();
            return Err(TableError::Nodes { count });
        }
        let mut compiler = Compiler {
            plan,
            table: Self {
                leaf_count: plan.leaf_count,
                nodes: Vec::with_capacity(plan.nodes.len()),
                scalars: Vec::new(),
                scalar_texts: Vec::new(),
                shelf: Shelf::default(),
                request: Message::default(),
                parameters: [Dictionary::default(); 4],
                responses: Vec::new(),
            },
        };
        compiler.run()?;
        Ok(compiler.table)
    }

    pub fn leaf_count(&self) -> u32 {
        self.leaf_count
    }

    /// `at` is a node of this table.
    #[inline]
    pub(super) fn node(&self, at: u16) -> &Node {
        &self.nodes[usize::from(at)]
    }

    #[inline]
    pub(super) fn property_near(&self, at: u16, name: &[u8], next: &mut u16) -> u16 {
        let properties = self.node(at).properties;
        let found = self.shelf.find_near(properties, name, next);
        found.unwrap_or(NOWHERE)
    }

    pub(super) fn property(&self, at: u16, name: &[u8]) -> u16 {
        self.named(self.node(at).properties, name)
    }

    /// A parameter by its name.
    pub(super) fn parameter(&self, place: Place, name: &[u8]) -> u16 {
        self.named(self.parameters[place as usize], name)
    }

    pub(super) fn named(&self, names: Dictionary, name: &[u8]) -> u16 {
        let found = self.shelf.find(names, name);
        found.unwrap_or(NOWHERE)
    }

    /// By the status itself, else its class, else `default` (OpenAPI 3.1, 4.8.16).
    pub(super) fn response(&self, status: u16) -> Option<&Response> {
        let ranges = [
            StatusRange::Exactly(status),
            StatusRange::Class(status / 100),
            StatusRange::Default,
        ];
        let mut found = ranges.iter().filter_map(|range| {
            let mut responses = self.responses.iter();
            responses.find(|response| response.status == *range)
        });
        found.next()
    }

    /// Whether the contract names values at this node.
    #[inline]
    pub(super) fn has_values(&self, at: u16) -> bool {
        self.node(at).other != NOWHERE
    }

    /// Whether some of them are no strings.
    pub(super) fn has_scalars(&self, at: u16) -> bool {
        self.node(at).scalars.1 > 0
    }

    /// A value of which no more is known than that it is none of the contract's.
    #[inline]
    pub(super) fn set_other(&self, at: u16, bits: &mut Bits) {
        let other = self.node(at).other;
        if other != NOWHERE {
            bits.set(u32::from(other));
        }
    }

    pub(super) fn set_string(&self, at: u16, text: &[u8], bits: &mut Bits) {
        let node = self.node(at);
        let found = self.shelf.find(node.strings, text);
        let leaf = found.unwrap_or(node.other);
        if leaf != NOWHERE {
            bits.set(u32::from(leaf));
        }
    }

    pub(super) fn set_scalar(&self, at: u16, kind: ValueKind, text: &[u8], bits: &mut Bits) {
        match self.scalar(at, |scalar| scalar.kind == kind, text) {
            Some(leaf) => bits.set(u32::from(leaf)),
            None => self.set_other(at, bits),
        }
    }

    /// A text whose kind nobody says, as in a form.
    pub(super) fn set_text(&self, at: u16, text: &[u8], bits: &mut Bits) {
        match self.scalar(at, |_| true, text) {
            Some(leaf) => bits.set(u32::from(leaf)),
            None => self.set_string(at, text, bits),
        }
    }

    fn scalar(&self, at: u16, is_kind: impl Fn(&Scalar) -> bool, text: &[u8]) -> Option<u16> {
        let (start, count) = self.node(at).scalars;
        let scalars = &self.scalars[start as usize..start as usize + usize::from(count)];
        let found = scalars.iter().find(|scalar| {
            let own = scalar.text.0 as usize;
            let own = &self.scalar_texts[own..own + usize::from(scalar.text.1)];
            is_kind(scalar)
                && match scalar.kind {
                    ValueKind::Number => number::is_same(own, text),
                    _ => own == text,
                }
        });
        found.map(|scalar| scalar.leaf)
    }
}

struct Compiler<'p> {
    plan: &'p Plan,
    table: Table,
}

impl Compiler<'_> {
    fn run(&mut self) -> Result<(), TableError> {
        let plan = self.plan;
        for node in &plan.nodes {
            let node = self.compiled(node)?;
            self.table.nodes.push(node);
        }
        self.table.request = self.message(&plan.request.content, plan.request.body)?;
        for place in [Place::Path, Place::Query, Place::Header, Place::Cookie] {
            let names = self.parameters(&plan.request.parameters, place)?;
            self.table.parameters[place as usize] = names;
        }
        for response in &plan.responses {
            let compiled = Response {
                status: StatusRange::read(&response.status),
                leaf: self.leaf(response.leaf)?,
                headers: self.parameters(&response.headers, Place::Header)?,
                message: self.message(&response.content, response.body)?,
            };
            self.table.responses.push(compiled);
        }
        Ok(())
    }

    fn compiled(&mut self, node: &PlanNode) -> Result<Node, TableError> {
        let properties = self.numbered(&node.properties, Self::node)?;
        let strings: Vec<(&str, u32)> = node
            .values
            .iter()
            .filter(|value| value.kind == ValueKind::String)
            .map(|value| (value.text.as_str(), value.leaf))
            .collect();
        let strings = self.numbered(&strings, Self::leaf)?;
        Ok(Node {
            leaf: self.leaf(node.leaf)?,
            items: node.items.map_or(Ok(NOWHERE), |node| self.node(node))?,
            other: node.other.map_or(Ok(NOWHERE), |leaf| self.leaf(leaf))?,
            separator: None,
            properties,
            strings,
            scalars: self.scalars(node)?,
        })
    }

    fn scalars(&mut self, node: &PlanNode) -> Result<(u32, u16), TableError> {
        let start = self.table.scalars.len();
        let scalars = node.values.iter();
        for value in scalars.filter(|value| value.kind != ValueKind::String) {
            self.fits(value.text.as_bytes())?;
            let text = self.table.scalar_texts.len() as u32;
            let leaf = self.leaf(value.leaf)?;
            self.table.scalar_texts.extend(value.text.as_bytes());
            self.table.scalars.push(Scalar {
                text: (text, value.text.len() as u16),
                kind: value.kind,
                leaf,
            });
        }
        // At most one per leaf, or nearly: a plan that repeats itself is cut.
        let count = (self.table.scalars.len() - start).min(usize::from(u16::MAX));
        Ok((start as u32, count as u16))
    }

    fn numbered<N: AsRef<str>>(
        &mut self,
        names: &[(N, u32)],
        number: fn(&Self, u32) -> Result<u16, TableError>,
    ) -> Result<Dictionary, TableError> {
        let mut numbered = Vec::with_capacity(names.len());
        for (name, given) in names {
            let name = name.as_ref().as_bytes();
            self.fits(name)?;
            numbered.push((name, number(self, *given)?));
        }
        if numbered.len() > NODES_MAX {
            let count = numbered.len();
            return Err(TableError::Nodes { count });
        }
        Ok(self.table.shelf.add(numbered.into_iter()))
    }

    fn parameters(
        &mut self,
        parameters: &[PlanParameter],
        place: Place,
    ) -> Result<Dictionary, TableError> {
        let mut names = Vec::new();
        for parameter in parameters.iter().filter(|one| one.place == place) {
            let node = self.node(parameter.node)?;
            let separator = parameter.separator.map(|one| one.byte());
            self.table.nodes[usize::from(node)].separator = separator;
            names.push((parameter.name.as_str(), parameter.node));
        }
        self.numbered(&names, Self::node)
    }

    fn message(&self, content: &[PlanContent], body: Option<u32>) -> Result<Message, TableError> {
        let content = content.iter().map(|one| {
            let media_type = MediaType::read(one.media_type.as_bytes());
            Ok((media_type, self.leaf(one.leaf)?))
        });
        Ok(Message {
            content: content.collect::<Result<_, TableError>>()?,
            body: body.map(|body| self.node(body)).transpose()?,
        })
    }

    fn leaf(&self, leaf: u32) -> Result<u16, TableError> {
        let count = self.plan.leaf_count;
        match leaf < count {
            true => Ok(leaf as u16),
            false => Err(TableError::Leaf { leaf, count }),
        }
    }

    fn node(&self, node: u32) -> Result<u16, TableError> {
        let count = self.plan.nodes.len();
        match (node as usize) < count {
            true => Ok(node as u16),
            false => Err(TableError::Node { node, count }),
        }
    }

    fn fits(&self, text: &[u8]) -> Result<(), TableError> {
        let bytes = text.len();
        match bytes > TEXT_BYTES_MAX {
            true => Err(TableError::Text { bytes }),
            false => Ok(()),
        }
    }
}

impl StatusRange {
    fn read(text: &str) -> Self {
        match text.as_bytes() {
            b"default" => Self::Default,
            [class @ b'1'..=b'9', b'x' | b'X', b'x' | b'X'] => {
                Self::Class(u16::from(*class - b'0'))
            }
            _ => text.parse().map_or(Self::None, Self::Exactly),
        }
    }
}
