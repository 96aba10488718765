//! One call of a function: what it looks at, and what it finds.

use std::borrow::Cow;
use std::cell::RefCell;

use super::formats::SpecFormat;
use super::links::Links;
use super::text;
use super::validate::{Budget, Store};
use super::view::{Place, View};
use crate::tree::Node;

/// What a function looks at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target<'t> {
    /// There is nothing at the place.
    Missing,
    /// The name of the member at the place.
    Key(&'t str),
    /// The index of the element at the place, as a name.
    Index(usize),
    Node(Node<'t>),
}

impl<'t> Target<'t> {
    pub(super) fn node(self) -> Option<Node<'t>> {
        match self {
            Self::Node(node) => Some(node),
            Self::Missing | Self::Key(_) | Self::Index(_) => None,
        }
    }

    pub(super) fn as_text(self) -> Option<Cow<'t, str>> {
        match self {
            Self::Key(key) => Some(Cow::Borrowed(key)),
            Self::Index(index) => Some(Cow::Owned(index.to_string())),
            Self::Node(node) => node.as_str().map(Cow::Borrowed),
            Self::Missing => None,
        }
    }

    pub(super) fn print(self) -> String {
        match self {
            Self::Key(key) => text::quoted(key),
            Self::Index(index) => text::quoted(&index.to_string()),
            other => text::print(other.node()),
        }
    }
}

/// The document that is linted.
#[derive(Debug)]
pub(super) struct Document<'t> {
    pub(super) root: Node<'t>,
    pub(super) links: Links<'t>,
    pub(super) formats: Vec<SpecFormat>,
    /// Schemas that were compiled for examples.
    pub(super) store: RefCell<Store>,
    pub(super) schemas: RefCell<RulesetSchemas>,
}

/// What the schemas of the ruleset have come to.
#[derive(Debug, Default)]
pub(super) struct RulesetSchemas {
    pub(super) budget: Budget,
    /// Why the call that is made did not look: no fault of the document, told as it is whatever message the rule has.
    pub(super) cut: Option<String>,
}

/// One call.
#[derive(Debug)]
pub(super) struct Call<'a, 't> {
    pub(super) document: &'a Document<'t>,
    pub(super) view: View<'a, 't>,
    pub(super) target: Target<'t>,
    pub(super) place: &'a Place,
}

/// Something that a function finds.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) place: Place,
    pub(super) message: String,
}

impl<'t> Call<'_, 't> {
    /// A fault of the target itself.
    pub(super) fn fault(&self, message: impl Into<String>) -> Fault {
        Fault {
            place: self.place.clone(),
            message: message.into(),
        }
    }

    /// A fault of what `names` lead to from the target.
    pub(super) fn fault_at<'n>(
        &self,
        names: impl IntoIterator<Item = &'n str>,
        message: impl Into<String>,
    ) -> Fault {
        Fault {
            place: self.view.place(self.place.slot, names),
            message: message.into(),
        }
    }

    pub(super) fn is(&self, format: SpecFormat) -> bool {
        self.document.formats.contains(&format)
    }

    /// The member of the target's value, its reference followed.
    pub(super) fn get(&self, node: Node<'t>, key: &str) -> Option<Node<'t>> {
        self.view.get(node, key)
    }

    /// How a sentence about the target starts.
    pub(super) fn subject(&self) -> String {
        match self.property() {
            name if name.is_empty() => "the document".to_owned(),
            name => format!("`{name}`"),
        }
    }

    pub(super) fn property(&self) -> String {
        property(self.view, self.place)
    }
}

/// The name of what stands at `place`, or is missing there.
pub(super) fn property(view: View<'_, '_>, place: &Place) -> String {
    if !place.missing.is_empty() {
        return place.missing.join(".");
    }
    let pointer = view.tree().node(place.slot.node).pointer();
    let token = pointer.rsplit('/').next().unwrap_or_default();
    token.replace("~1", "/").replace("~0", "~")
}
