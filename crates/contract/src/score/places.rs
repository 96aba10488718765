//! Writes the places of many nodes in one walk: site, JSONPath, and the identity that a fingerprint is made of.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use crate::pointer::push_token;
use crate::site::Site;
use crate::source::Source;
use crate::tree::{Node, NodeId, Value};

/// Where one node is.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) site: Site,
    /// RFC 9535, in brackets throughout.
    pub(crate) json_path: String,
    /// The pointer with a name in place of the index of an element that has one.
    pub(crate) identity: String,
}

/// The places of `wanted`, which may hold doubles. One walk over their ancestors: thousands of findings in a contract
/// on one line cost one pass over that line.
pub(crate) fn places(source: &Source, mut wanted: Vec<NodeId>) -> HashMap<NodeId, Place> {
    wanted.sort_unstable();
    wanted.dedup();
    let mut walk = Walk {
        source,
        wanted: &wanted,
        found: HashMap::with_capacity(wanted.len()),
        steps: Vec::new(),
        line: 0,
        column: 1,
        offset: 0,
    };
    walk.visit(source.root());
    walk.found
}

/// One step down.
enum Step<'t> {
    Name(&'t str),
    Index(usize, Option<String>),
}

struct Walk<'w, 't> {
    source: &'t Source,
    /// Ascending; what is found is taken off the front.
    wanted: &'w [NodeId],
    found: HashMap<NodeId, Place>,
    steps: Vec<Step<'t>>,
    /// The position of `offset`, the start of the node found last.
    line: u32,
    column: u32,
    offset: u32,
}

impl<'t> Walk<'_, 't> {
    /// The nodes wanted lie at or below `node`, up to the next sibling; the parser bounds the depth.
    fn visit(&mut self, node: Node<'t>) {
        self.take(node);
        // An alias is a node of its own, and what it names is visited where that is written.
        if node.target() != node.id() {
            return;
        }
        match node.value() {
            Value::Object(members) => {
                let mut members = members.peekable();
                while let Some(member) = members.next() {
                    let end = members.peek().map(|next| next.key.id());
                    if self.is_wanted_before(end) {
                        self.steps.push(Step::Name(member.name()));
                        self.take(member.key);
                        self.visit(member.value);
                        self.steps.pop();
                    }
                }
            }
            Value::Array(elements) => {
                let mut elements = elements.enumerate().peekable();
                while let Some((index, element)) = elements.next() {
                    let end = elements.peek().map(|(_, next)| next.id());
                    if self.is_wanted_before(end) {
                        self.steps.push(Step::Index(index, element_name(element)));
                        self.visit(element);
                        self.steps.pop();
                    }
                }
            }
            _ => {}
        }
    }

    fn is_wanted_before(&self, end: Option<NodeId>) -> bool {
        let next = self.wanted.first();
        next.is_some_and(|next| end.is_none_or(|end| *next < end))
    }

    fn take(&mut self, node: Node<'t>) {
        // What comes before belongs to no node of the walk (a shadowed member).
        let passed = self.wanted.iter().take_while(|id| **id < node.id()).count();
        self.wanted = &self.wanted[passed..];
        if self.wanted.first() == Some(&node.id()) {
            self.wanted = &self.wanted[1..];
            let place = self.place(node);
            self.found.insert(node.id(), place);
        }
    }

    fn place(&mut self, node: Node<'t>) -> Place {
        let span = node.span();
        self.advance(span.start);
        let mut pointer = String::new();
        let mut identity = String::new();
        let mut json_path = "$".to_owned();
        for step in &self.steps {
            match step {
                Step::Name(name) => {
                    push_token(&mut pointer, name);
                    push_token(&mut identity, name);
                    push_selector(&mut json_path, name);
                }
                Step::Index(index, name) => {
                    let index = index.to_string();
                    push_token(&mut pointer, &index);
                    push_token(&mut identity, name.as_deref().unwrap_or(&index));
                    json_path += &format!("[{index}]");
                }
            }
        }
        Place {
            site: Site {
                file: Arc::clone(&self.source.file),
                line: self.line,
                column: self.column,
                pointer,
                span,
            },
            json_path,
            identity,
        }
    }

    /// Moves the position on to `offset`; within a line only what lies between is counted.
    fn advance(&mut self, offset: u32) {
        let tree = &self.source.tree;
        let line = tree.lines().line(offset);
        if line != self.line {
            self.line = line;
            self.column = 1;
            self.offset = tree.lines().line_span(tree.source(), offset).start;
        }
        let between = &tree.source()[self.offset as usize..offset as usize];
        self.column += between.chars().count() as u32;
        self.offset = offset;
    }
}

/// What tells an element from its neighbours wherever it stands: a parameter's name and place, a tag's name.
fn element_name(element: Node<'_>) -> Option<String> {
    let text = |name| element.get(name).and_then(Node::as_str);
    if let Some(reference) = text("$ref") {
        return Some(reference.to_owned());
    }
    let name = text("name")?;
    Some(match text("in") {
        Some(location) => format!("{location}:{name}"),
        None => name.to_owned(),
    })
}

/// `['name']`, escaped as RFC 9535 section 2.3.1.1 says.
fn push_selector(path: &mut String, name: &str) {
    path.push_str("['");
    for c in name.chars() {
        match c {
            '\'' | '\\' => path.extend(['\\', c]),
            '\n' => path.push_str("\\n"),
            '\r' => path.push_str("\\r"),
            '\t' => path.push_str("\\t"),
            c if c < ' ' => write!(path, "\\u{:04x}", c as u32).expect("a string takes any text"),
            c => path.push(c),
        }
    }
    path.push_str("']");
}
