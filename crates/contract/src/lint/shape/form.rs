//! What a form is made of: the fields of an object, and what each may hold.

use crate::tree::Node;

/// What a value must be.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    Any,
    Text,
    Bool,
    Number,
    /// A number above 0.
    Positive,
    /// A whole number, 0 or more.
    Count,
    Uri,
    UriReference,
    Email,
    /// One of these texts.
    Word(&'static [&'static str]),
    /// A text that starts and goes on as a version of this kind does.
    Version(&'static str),
    List(&'static Shape),
    /// At least one element.
    Some(&'static Shape),
    /// No two elements alike.
    Distinct(&'static Shape),
    /// Any names.
    Map(&'static Shape),
    /// Exactly one entry, of any name.
    Single(&'static Shape),
    /// Names of components.
    Names(&'static Shape),
    Object(&'static Form),
    /// The object, or a reference to one.
    OrReference(&'static Form),
    /// The object, a reference to one, or a boolean.
    OrBool(&'static Form),
    /// The object or a boolean.
    Schema(&'static Form),
    /// One type, or a list of them.
    Types,
}

/// What an object must be.
pub(super) struct Form {
    pub(super) fields: &'static [(&'static str, Shape)],
    pub(super) required: &'static [&'static str],
    pub(super) others: Others,
    /// What fields cannot tell; adds the node and the sentence.
    pub(super) extra: Option<Extra>,
}

pub(super) type Extra = for<'t> fn(Node<'t>, &mut dyn FnMut(Node<'t>, &str));

/// The fields that a form does not name.
#[derive(Clone, Copy)]
pub(super) enum Others {
    /// Extensions (`x-`) alone.
    Extensions,
    /// None at all.
    None,
    /// Any.
    Free,
    /// Extensions, and these.
    Keyed(fn(&str) -> bool, Shape),
    /// Extensions, and any name with this.
    Each(Shape),
}

/// An object that may have extensions, and whose fields tell all else.
pub(super) const OPEN: Form = Form {
    fields: &[],
    required: &[],
    others: Others::Extensions,
    extra: None,
};
