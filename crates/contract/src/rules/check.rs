//! What a check is: a name, the texts of its rules, and a function for one kind of fact.

use crate::diff::fact::{Documents, NamedFact, OperationFact, OperationPair, ParameterFact};
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::rule::Text;

pub(crate) type SchemaCheck = for<'a, 't> fn(&SchemaPair<'a, 't>, &mut Report<'t>);

/// What a check is handed, once per fact.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// Once, for what belongs to no operation: info, components, tags, servers, security schemes.
    Document(for<'a, 't> fn(&Documents<'a, 't>, &mut Report<'t>)),
    /// Each operation of either side.
    Operation(for<'a, 't> fn(&OperationFact<'a, 't>, &mut Report<'t>)),
    /// Each operation of both sides: security, tags, servers, callbacks, deprecation.
    OperationPair(for<'a, 't> fn(&OperationPair<'a, 't>, &mut Report<'t>)),
    Parameter(for<'a, 't> fn(&ParameterFact<'a, 't>, &mut Report<'t>)),
    RequestBody(for<'a, 't> fn(&NamedFact<'a, 't>, &mut Report<'t>)),
    /// Each response, by status.
    Response(for<'a, 't> fn(&NamedFact<'a, 't>, &mut Report<'t>)),
    /// Each header of a response that both sides have.
    Header(for<'a, 't> fn(&NamedFact<'a, 't>, &mut Report<'t>)),
    /// Each media type of a request body or response that both sides have; of a request when `status` is empty.
    MediaType(for<'a, 't> fn(&NamedFact<'a, 't>, &mut Report<'t>)),
    /// Each pair of schemas that differ somewhere, wherever it is: see `SchemaPair::place`.
    Schema(SchemaCheck),
    /// Once, after all others, for what depends on what they found.
    Finish(for<'a, 't> fn(&Documents<'a, 't>, &mut Report<'t>)),
}

/// One check.
pub(crate) struct Check {
    /// As oasdiff names it where it has one.
    pub(crate) name: &'static str,
    pub(crate) texts: &'static [Text],
    pub(crate) run: Run,
}
