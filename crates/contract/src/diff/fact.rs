//! What the walk hands to the checks: one thing of a contract on both sides.

use std::sync::Arc;

use super::found::Found;
use super::options::DiffOptions;
use super::report::{At, Report};
use crate::change::ChangedOperation;
use crate::model::body::Named;
use crate::model::document::Document;
use crate::model::operation::Operation;
use crate::model::parameter::Parameter;

/// Both documents.
#[derive(Clone, Copy)]
pub(crate) struct Documents<'a, 't> {
    pub(crate) base: &'a Document<'t>,
    pub(crate) revision: &'a Document<'t>,
    pub(crate) options: &'a DiffOptions,
}

impl<'t> Documents<'_, 't> {
    /// Adds a change of no operation; `logical` is a pointer such as `/components/securitySchemes/key`.
    pub(crate) fn report(&self, report: &mut Report<'t>, logical: &str, found: Found<'t>) {
        report.add(
            &At {
                operation: None,
                logical,
            },
            found,
        );
    }
}

/// An operation that is on one side or on both.
pub(crate) struct OperationFact<'a, 't> {
    #[allow(dead_code, reason = "for checks that follow references")]
    pub(crate) documents: Documents<'a, 't>,
    pub(crate) base: Option<&'a Operation<'t>>,
    pub(crate) revision: Option<&'a Operation<'t>>,
    /// Whether the side that lacks the operation has its path (with another method) at all.
    pub(crate) has_path: bool,
    pub(crate) changed: &'a Arc<ChangedOperation>,
}

/// A thing of an operation that is on one side or on both; the operation is on both.
pub(crate) struct Fact<'a, 't, T> {
    #[allow(dead_code, reason = "for checks that follow references")]
    pub(crate) documents: Documents<'a, 't>,
    pub(crate) operation: &'a OperationPair<'a, 't>,
    pub(crate) base: Option<T>,
    pub(crate) revision: Option<T>,
    /// Relative to the operation: `/parameters/query/limit`, `/requestBody`, `/responses/200/headers/etag`.
    pub(crate) logical: &'a str,
    /// The status of the response that the thing is of; empty for requests.
    pub(crate) status: &'a str,
}

pub(crate) type ParameterFact<'a, 't> = Fact<'a, 't, Parameter<'t>>;
/// The request body, a response, a header of a response, or a media type of either.
pub(crate) type NamedFact<'a, 't> = Fact<'a, 't, Named<'t>>;

/// An operation that is on both sides.
pub(crate) struct OperationPair<'a, 't> {
    pub(crate) documents: Documents<'a, 't>,
    pub(crate) base: &'a Operation<'t>,
    pub(crate) revision: &'a Operation<'t>,
    pub(crate) changed: &'a Arc<ChangedOperation>,
}

impl<'t> OperationFact<'_, 't> {
    pub(crate) fn report(&self, report: &mut Report<'t>, found: Found<'t>) {
        report.add(
            &At {
                operation: Some(self.changed),
                logical: "",
            },
            found,
        );
    }
}

impl<'t> OperationPair<'_, 't> {
    /// `logical` is relative to the operation: empty for itself.
    pub(crate) fn report(&self, report: &mut Report<'t>, logical: &str, found: Found<'t>) {
        report.add(
            &At {
                operation: Some(self.changed),
                logical,
            },
            found,
        );
    }
}

impl<'t, T> Fact<'_, 't, T> {
    pub(crate) fn both(&self) -> Option<(&T, &T)> {
        self.base.as_ref().zip(self.revision.as_ref())
    }

    pub(crate) fn added(&self) -> Option<&T> {
        self.revision.as_ref().filter(|_| self.base.is_none())
    }

    pub(crate) fn removed(&self) -> Option<&T> {
        self.base.as_ref().filter(|_| self.revision.is_none())
    }

    pub(crate) fn report(&self, report: &mut Report<'t>, found: Found<'t>) {
        self.operation.report(report, self.logical, found);
    }
}
