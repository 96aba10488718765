//! The schemas of the document that examples are held against, each compiled once.

use std::fmt;

use boon::{CompileError, Compiler, SchemaIndex, Schemas};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value as Json;

use super::convert::{Converter, Holds, Side, holds};
use super::effort::Effort;
use super::errors::{SchemaError, Schemas as Written, told};
use super::sides::Sides;
use super::validator::compiler;
use crate::lint::view::View;
use crate::tree::{Node, NodeId};

/// How deep schemas are looked into.
const DEPTH_MAX: usize = 400;

/// What becomes of an example.
pub(in crate::lint) enum Verdict {
    Fits,
    /// It cannot be told: the schema leads back to itself, or has too many ways for this value.
    Open,
    /// The schema itself is wrong.
    Unusable(String),
    Errors(Vec<SchemaError>),
}

/// Compiled schemas by their place.
#[derive(Default)]
pub(in crate::lint) struct Store {
    compiler: Option<Compiler>,
    schemas: Schemas,
    added: FxHashSet<(Side, NodeId)>,
    compiled: FxHashMap<(Side, NodeId), Result<SchemaIndex, Option<String>>>,
    looks: FxHashMap<NodeId, Seen>,
    sides: Option<Sides>,
    effort: Effort,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({} schemas)", self.added.len())
    }
}

/// What a look into a schema tells before it is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    Plain,
    /// `nullable` stands without a `type`.
    Untyped,
    /// A reference inside leads back to itself.
    Circle,
}

/// What is known of a schema with all that is inside.
#[derive(Debug, Clone, Copy)]
struct Seen {
    look: Look,
    /// Whether anything is only read or only written: else it is the same from each side, and compiled once.
    is_sided: bool,
}

/// How schemas of this document are read.
#[derive(Debug, Clone, Copy)]
pub(in crate::lint) struct Reading {
    pub(in crate::lint) side: Side,
    pub(in crate::lint) is_oas3_0: bool,
}

impl Store {
    /// Which side of a call the byte `at` of the document is about.
    pub(in crate::lint) fn side(&mut self, root: Node<'_>, at: u32) -> Side {
        self.sides.get_or_insert_with(|| Sides::of(root)).at(at)
    }

    /// `schema` is no reference any more.
    pub(in crate::lint) fn judge(
        &mut self,
        view: View<'_, '_>,
        schema: Node<'_>,
        reading: Reading,
        value: &Json,
    ) -> Verdict {
        let seen = self.look(view, schema, DEPTH_MAX);
        match seen.look {
            Look::Plain => {}
            Look::Circle => return Verdict::Open,
            Look::Untyped => {
                return Verdict::Unusable("`nullable` stands beside no `type`".to_owned());
            }
        }
        if !self.effort.take(view, schema, value) {
            return Verdict::Open;
        }
        let side = match seen.is_sided {
            true => reading.side,
            false => Side::Either,
        };
        let reading = Reading { side, ..reading };
        let key = (side, schema.id());
        let index = match self.compiled.get(&key) {
            Some(known) => known.clone(),
            None => {
                let made = self.compile(view, schema, reading);
                self.compiled.insert(key, made.clone());
                made
            }
        };
        match index {
            Ok(index) => match self.schemas.validate(value, index) {
                Ok(()) => Verdict::Fits,
                Err(error) => Verdict::Errors(told(&error, Written::Document(view.root), false)),
            },
            Err(Some(message)) => Verdict::Unusable(message),
            Err(None) => Verdict::Open,
        }
    }

    /// Error: what is wrong, or nothing where only the validator is at a loss.
    fn compile(
        &mut self,
        view: View<'_, '_>,
        schema: Node<'_>,
        reading: Reading,
    ) -> Result<SchemaIndex, Option<String>> {
        let dialect = if reading.is_oas3_0 {
            "draft4"
        } else {
            "draft2020-12"
        };
        let compiler = self.compiler.get_or_insert_with(|| compiler(dialect));
        let mut open = vec![schema.id()];
        while let Some(id) = open.pop() {
            if !self.added.insert((reading.side, id)) {
                continue;
            }
            let mut converter = Converter {
                view,
                side: reading.side,
                referred: Vec::new(),
            };
            let json = converter.schema(view.tree().node(id));
            open.append(&mut converter.referred);
            compiler
                .add_resource(&reading.side.address(id), json)
                .map_err(|error| Some(error.to_string()))?;
        }
        let address = reading.side.address(schema.id());
        compiler
            .compile(&address, &mut self.schemas)
            .map_err(|error| match error {
                CompileError::InvalidRegex { .. } | CompileError::Bug(_) => None,
                CompileError::ValidationError { .. } => {
                    Some("the schema is not valid itself".to_owned())
                }
                _ => Some("the schema cannot be read".to_owned()),
            })
    }

    fn look(&mut self, view: View<'_, '_>, schema: Node<'_>, depth: usize) -> Seen {
        if let Some(known) = self.looks.get(&schema.id()) {
            return *known;
        }
        let is = |keyword| schema.get(keyword).and_then(Node::as_bool) == Some(true);
        let mut seen = Seen {
            look: Look::Plain,
            is_sided: is("readOnly") || is("writeOnly"),
        };
        if depth == 0
            || schema
                .get("$ref")
                .is_some_and(|text| text.as_str().is_some())
        {
            seen.look = Look::Circle;
            return seen;
        }
        if schema.get("nullable").is_some() && schema.get("type").is_none() {
            seen.look = Look::Untyped;
        }
        for member in schema.members() {
            let inner = view.follow(member.value);
            let mut visit = |node: Node<'_>| {
                let node = view.tree().node(view.value(node.id()).id());
                let inside = self.look(view, node, depth - 1);
                seen.look = seen.look.max(inside.look);
                seen.is_sided |= inside.is_sided;
            };
            match holds(member.name()) {
                Some(Holds::Named) => inner.members().for_each(|member| visit(member.value)),
                Some(_) if inner.is_array() => inner.elements().for_each(visit),
                Some(_) => visit(inner),
                None => {}
            }
        }
        self.looks.insert(schema.id(), seen);
        seen
    }
}
