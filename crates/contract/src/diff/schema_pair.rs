//! A schema on both sides, where it is, and how it hangs in its parent: what the checks on schemas are handed.

use super::fact::Documents;
use super::found::Found;
use super::report::Report;
use super::step::Step;
use super::subschemas::ListChange;
use super::transition::Transition;
use crate::model::keyword::Keyword;
use crate::model::operation::Stability;
use crate::model::schema::Schema;
use crate::rules::table;
use crate::tree::{Member, Node};

/// Two schemas compared, once whatever leads to them.
pub(crate) struct SchemaData<'t> {
    pub(crate) base: Schema<'t>,
    pub(crate) revision: Schema<'t>,
    pub(crate) children: Vec<(Step<'t>, u32)>,
    pub(crate) properties_added: Vec<Member<'t>>,
    pub(crate) properties_removed: Vec<Member<'t>>,
    /// Of `oneOf`, `anyOf`, `allOf` and `prefixItems`, in this order.
    pub(crate) lists: [ListChange<'t>; 4],
    pub(crate) transition: Transition<'t>,
}

/// What the schema describes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'a> {
    RequestBody {
        media_type: &'a str,
    },
    /// What the provider sends; without a status it is what a webhook or callback is called with.
    Response {
        status: &'a str,
        media_type: &'a str,
    },
    Parameter {
        location: &'a str,
        name: &'a str,
        /// Whether the revision writes a list by repeating the parameter.
        is_exploded_form: bool,
    },
    Header {
        status: &'a str,
        name: &'a str,
    },
}

/// A pair of schemas on one way. What checks find here is told for every operation with the same pair, place and stage,
/// so they see nothing else of an operation.
pub(crate) struct SchemaPair<'a, 't> {
    pub(crate) documents: Documents<'a, 't>,
    /// Of the operation in the revision; `None` where it names no stage that exists.
    pub(crate) stage: Option<Stability>,
    pub(crate) place: Place<'a>,
    pub(crate) data: &'a SchemaData<'t>,
    /// `None` at the root of the place.
    pub(crate) parent: Option<(&'a SchemaData<'t>, Step<'t>)>,
    /// Stands for the way from the root in messages, which differs by operation; empty at the root.
    pub(crate) path: &'a str,
}

impl<'a, 't> SchemaPair<'a, 't> {
    pub(crate) fn base(&self) -> &'a Schema<'t> {
        &self.data.base
    }

    pub(crate) fn revision(&self) -> &'a Schema<'t> {
        &self.data.revision
    }

    pub(crate) fn is_root(&self) -> bool {
        self.parent.is_none()
    }

    pub(crate) fn is_request_body(&self) -> bool {
        matches!(self.place, Place::RequestBody { .. })
    }

    pub(crate) fn is_response(&self) -> bool {
        matches!(self.place, Place::Response { .. })
    }

    /// The id for the root of a body, or for what is inside it.
    pub(crate) fn pick(&self, body: &'static str, property: &'static str) -> &'static str {
        match self.is_root() {
            true => body,
            false => property,
        }
    }

    /// The nodes of a keyword on both sides, when either has it and they differ.
    pub(crate) fn changed(&self, keyword: Keyword) -> Option<(Option<Node<'t>>, Option<Node<'t>>)> {
        let (base, revision) = (self.base().get(keyword), self.revision().get(keyword));
        match (base, revision) {
            (None, None) => None,
            (Some(a), Some(b)) if a.same_value(b) => None,
            sides => Some(sides),
        }
    }

    /// Whether the base or the revision of the parent requires this property.
    pub(crate) fn is_required(&self) -> (bool, bool) {
        match self.parent {
            Some((parent, Step::Property(name))) => (
                parent.base.required(name).is_some(),
                parent.revision.required(name).is_some(),
            ),
            _ => (false, false),
        }
    }

    /// For messages: "the request body", "request property `a/b`", "query parameter `limit`".
    pub(crate) fn subject(&self) -> String {
        self.subject_of(self.path)
    }

    /// The same for a property of this schema.
    pub(crate) fn property_subject(&self, name: &str) -> String {
        match self.path.is_empty() {
            true => self.subject_of(name),
            false => self.subject_of(&format!("{}/{name}", self.path)),
        }
    }

    fn subject_of(&self, path: &str) -> String {
        match (self.place, path.is_empty()) {
            (Place::RequestBody { .. }, true) => "the request body".to_owned(),
            (Place::RequestBody { .. }, false) => format!("request property `{path}`"),
            (Place::Response { status: "", .. }, true) => "the payload".to_owned(),
            (Place::Response { status: "", .. }, false) => format!("payload property `{path}`"),
            (Place::Response { status, .. }, true) => format!("the body of response `{status}`"),
            (Place::Response { status, .. }, false) => {
                format!("property `{path}` of response `{status}`")
            }
            (Place::Parameter { location, name, .. }, true) => {
                format!("{location} parameter `{name}`")
            }
            (Place::Parameter { location, name, .. }, false) => {
                format!("property `{path}` of {location} parameter `{name}`")
            }
            (Place::Header { status, name }, true) => {
                format!("header `{name}` of response `{status}`")
            }
            (Place::Header { status, name }, false) => {
                format!("property `{path}` of header `{name}` of response `{status}`")
            }
        }
    }

    /// Adds a change of this schema, unless a transition explains it away.
    pub(crate) fn report(&self, report: &mut Report<'t>, found: Found<'t>) {
        let kind = table::find(found.id).map(|row| row.kind);
        if kind.is_some_and(|kind| self.data.transition.explains(kind, found.id)) {
            return;
        }
        report.capture(found);
    }
}
