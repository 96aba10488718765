//! What a validator says, cut down to what a person should read: the first error on each way to the value.

use std::collections::BTreeSet;

use boon::{ErrorKind, InstanceToken, ValidationError};
use serde_json::Value as Json;

use super::prepared::Template;
use crate::pointer;
use crate::tree::{Node, NodeId};

/// One error: the names that lead to the wrong part of the value, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::lint) struct SchemaError {
    pub(in crate::lint) path: Vec<String>,
    pub(in crate::lint) message: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// `anyOf`: what its alternatives say is more to the point.
    AnyOf,
    Enum,
    Other,
}

/// Where the schemas are written.
#[derive(Clone, Copy)]
pub(super) enum Schemas<'t> {
    /// In the document of this root.
    Document(Node<'t>),
    Ruleset(&'t Template),
}

/// The errors to tell. `is_exhaustive`: all of them instead of the first on each level.
pub(super) fn told(
    error: &ValidationError<'_, '_>,
    schemas: Schemas<'_>,
    is_exhaustive: bool,
) -> Vec<SchemaError> {
    let mut all = Vec::new();
    Collector {
        schemas,
        is_exhaustive,
    }
    .collect(error, &mut all);
    let ways: Vec<Vec<String>> = all.iter().map(|error| way(&error.path)).collect();
    let is_deeper = |outer: &[String]| {
        ways.iter()
            .any(|way| way.len() > outer.len() && way.starts_with(outer))
    };
    let with_ways = || all.iter().zip(&ways);
    let any_of: BTreeSet<&[String]> = with_ways()
        .filter(|(error, way)| error.kind == Kind::AnyOf && is_deeper(way))
        .map(|(_, way)| way.as_slice())
        .collect();
    let only_enums = |own: &[String]| {
        with_ways()
            .filter(|(_, way)| *way == own)
            .all(|(error, _)| error.kind == Kind::Enum)
    };
    let has_sibling = |own: &[String]| {
        let parent = &own[..own.len() - 1];
        ways.iter()
            .any(|way| way.len() > parent.len() && way.starts_with(parent) && !way.starts_with(own))
    };
    let kept = with_ways().filter(|(error, way)| {
        let is_enum = error.kind == Kind::Enum && only_enums(way) && has_sibling(way);
        !any_of.contains(way.as_slice()) && !is_enum
    });
    let mut kept: Vec<SchemaError> = kept.map(|(error, _)| error.clone()).collect();
    kept.dedup();
    kept
}

/// Where an error stands among the others; never empty. The value itself stands beside its members, not above them, and
/// an element beside its list: so do the tools whose findings ours are compared with.
fn way(path: &[String]) -> Vec<String> {
    let mut way: Vec<String> = Vec::new();
    for name in path {
        let is_index = name.bytes().all(|b| b.is_ascii_digit());
        match way.last_mut() {
            Some(last) if is_index && !last.contains('/') => *last = format!("{last}/{name}"),
            _ => way.push(name.replace('/', "~1")),
        }
    }
    if way.is_empty() {
        way.push(String::new());
    }
    way
}

struct Collector<'t> {
    schemas: Schemas<'t>,
    is_exhaustive: bool,
}

impl Collector<'_> {
    fn collect(&self, error: &ValidationError<'_, '_>, all: &mut Vec<SchemaError>) {
        match &error.kind {
            ErrorKind::Group
            | ErrorKind::Schema { .. }
            | ErrorKind::Reference { .. }
            | ErrorKind::AllOf => {
                let depth = depth(error);
                let mut causes = Vec::new();
                flatten(error, &mut causes);
                causes.sort_by_key(|cause| self.rank(cause, depth));
                let count = if self.is_exhaustive { causes.len() } else { 1 };
                for cause in causes.into_iter().take(count) {
                    self.collect(cause, all);
                }
            }
            ErrorKind::AnyOf | ErrorKind::OneOf(None) => {
                for cause in &error.causes {
                    self.collect(cause, all);
                }
                self.push(error, all);
            }
            _ => self.push(error, all),
        }
    }

    /// By keyword; the properties of a schema in the order in which it lists them.
    fn rank(&self, error: &ValidationError<'_, '_>, level: usize) -> (u8, usize) {
        match error.instance_location.tokens.get(level) {
            Some(InstanceToken::Item(index)) => (54, *index),
            Some(InstanceToken::Prop(_)) if error.schema_url.ends_with("/additionalProperties") => {
                (74, 0)
            }
            Some(InstanceToken::Prop(_)) => (77, self.place_of(error.schema_url)),
            None => (keyword_rank(&error.kind), 0),
        }
    }

    /// Where in the document a schema is written, by its address.
    fn place_of(&self, address: &str) -> usize {
        let node = || {
            let Schemas::Document(root) = self.schemas else {
                return None;
            };
            let (address, fragment) = address.split_once('#')?;
            let id = address.rsplit('/').next()?.parse().ok()?;
            pointer::resolve_fragment(root.tree().node(NodeId(id)), fragment).ok()
        };
        node().map_or(0, |node| node.id().0 as usize)
    }

    /// The pattern that a condition stands for.
    fn pattern(&self, error: &ValidationError<'_, '_>) -> Option<&str> {
        match self.schemas {
            Schemas::Document(_) => None,
            Schemas::Ruleset(template) => template.pattern_at(error.schema_url),
        }
    }

    fn push(&self, error: &ValidationError<'_, '_>, all: &mut Vec<SchemaError>) {
        let path: Vec<String> = error.instance_location.tokens.iter().map(name_of).collect();
        let what = match path.last() {
            Some(name) => format!("`{name}`"),
            None => "the value".to_owned(),
        };
        let kind = match error.kind {
            ErrorKind::AnyOf => Kind::AnyOf,
            ErrorKind::Enum { .. } => Kind::Enum,
            _ => Kind::Other,
        };
        let message = match &error.kind {
            ErrorKind::AnyOf | ErrorKind::OneOf(None) => {
                format!("{what} fits none of the alternatives")
            }
            ErrorKind::OneOf(Some(_)) => format!("{what} fits more than one of the alternatives"),
            ErrorKind::Enum { want } => {
                let values: Vec<String> = want.iter().take(10).map(Json::to_string).collect();
                format!("{what} must be one of {}", values.join(", "))
            }
            ErrorKind::Not if self.pattern(error).is_some() => {
                let pattern = self.pattern(error).unwrap_or_default();
                format!("{what} does not match the pattern `{pattern}`")
            }
            ErrorKind::Not => format!("{what} fits a schema that it must not fit"),
            // A format's own words would differ between machines and versions.
            ErrorKind::Format { want, .. } => format!("{what} must have the format `{want}`"),
            kind => format!("{what}: {kind}"),
        };
        all.push(SchemaError {
            path,
            message,
            kind,
        });
    }
}

/// The errors of one level: groups, references and `allOf` are only ways to them.
fn flatten<'e, 's, 'v>(
    error: &'e ValidationError<'s, 'v>,
    causes: &mut Vec<&'e ValidationError<'s, 'v>>,
) {
    for cause in &error.causes {
        let is_same_level = depth(cause) == depth(error);
        match cause.kind {
            ErrorKind::Group | ErrorKind::Schema { .. } | ErrorKind::Reference { .. }
                if is_same_level =>
            {
                flatten(cause, causes);
            }
            _ => causes.push(cause),
        }
    }
}

fn depth(error: &ValidationError<'_, '_>) -> usize {
    error.instance_location.tokens.len()
}

fn name_of(token: &InstanceToken<'_>) -> String {
    match token {
        InstanceToken::Prop(name) => name.to_string(),
        InstanceToken::Item(index) => index.to_string(),
    }
}

/// The order in which OpenAPI tools check keywords.
fn keyword_rank(kind: &ErrorKind<'_, '_>) -> u8 {
    match kind {
        ErrorKind::Type { .. } | ErrorKind::FalseSchema => 0,
        ErrorKind::Maximum { .. } | ErrorKind::ExclusiveMaximum { .. } => 10,
        ErrorKind::Minimum { .. } | ErrorKind::ExclusiveMinimum { .. } => 11,
        ErrorKind::MultipleOf { .. } => 12,
        ErrorKind::MaxLength { .. } => 20,
        ErrorKind::MinLength { .. } => 21,
        ErrorKind::Pattern { .. } => 22,
        ErrorKind::Format { .. } => 23,
        ErrorKind::Const { .. } => 30,
        ErrorKind::Enum { .. } => 31,
        ErrorKind::Not => 32,
        ErrorKind::AnyOf => 33,
        ErrorKind::OneOf(_) => 34,
        ErrorKind::AllOf => 35,
        ErrorKind::MaxItems { .. } => 50,
        ErrorKind::MinItems { .. } => 51,
        ErrorKind::UniqueItems { .. } => 52,
        ErrorKind::AdditionalItems { .. } => 53,
        ErrorKind::Contains | ErrorKind::MinContains { .. } | ErrorKind::MaxContains { .. } => 55,
        ErrorKind::MaxProperties { .. } => 70,
        ErrorKind::MinProperties { .. } => 71,
        ErrorKind::Required { .. } => 72,
        ErrorKind::PropertyName { .. } => 73,
        ErrorKind::AdditionalProperties { .. } => 74,
        ErrorKind::Dependency { .. } => 75,
        ErrorKind::DependentRequired { .. } => 76,
        _ => 40,
    }
}
