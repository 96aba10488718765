//! The contract of a surface: parsed, checked, and read into what the gateway and control need.

use crate::facts::Facts;
use crate::operation::Operation;
use crate::problem::{ContractError, Problem};
use crate::read;
use crate::refs::Refs;
use crate::security::SecurityScheme;
use crate::source::Source;
use crate::tree::Tree;
use crate::version::OpenApiVersion;

/// An OpenAPI contract on which the gateway can act.
#[derive(Debug)]
pub struct Contract {
    source: Source,
    facts: Facts,
    warnings: Vec<Problem>,
    warning_count: usize,
}

/// Reads an OpenAPI 3.0, 3.1 or 3.2 contract, JSON or YAML, of at most 15 MiB. `file` names it in problems, and its
/// `.json` makes it JSON only; any other text that starts with `{` may be both.
///
/// Errors: everything for which the gateway could not act right, in the order of the source. What is odd but harmless
/// is in [`Contract::warnings`]. References into other files are errors where an operation needs them; schemas are
/// not looked into.
///
/// ```
/// let source = "
/// openapi: 3.1.0
/// info: {title: Payments, version: 2.3.0}
/// servers: [{url: 'https://api.example.com/v2/'}]
/// paths:
///   /payments/{id}:
///     get:
///       operationId: getPayment
///       deprecated: true
///       x-sunset: 2027-03-31
///       x-replaced-by: showPayment
///       parameters: [{name: id, in: path, required: true}]
///   /payment/{id}:
///     get: {operationId: showPayment, parameters: [{name: id, in: path, required: true}]}
/// ";
/// let contract = contract::parse(source, "payments.yaml")?;
/// assert_eq!(contract.version(), "2.3.0");
/// assert_eq!(contract.base_paths(), ["/v2"]);
///
/// let operation = &contract.operations()[0];
/// assert_eq!((operation.method.as_str(), operation.path.as_str()), ("GET", "/payments/{id}"));
/// let deprecation = operation.deprecation.as_ref().expect("it is deprecated");
/// assert_eq!(deprecation.replaced_by.as_deref(), Some("/payment/{id}"));
/// assert_eq!(deprecation.sunset_at.expect("it has a date").to_string(), "2027-03-31T23:59:59Z");
/// # Ok::<(), contract::ContractError>(())
/// ```
///
/// A problem says where it is and what to do:
///
/// ```
/// let error = contract::parse("swagger: '2.0'", "old.yaml").unwrap_err();
/// let problem = &error.problems[0];
/// assert_eq!((problem.line, problem.column), (1, 1));
/// assert!(problem.next_step.starts_with("convert it to OpenAPI 3"));
/// ```
pub fn parse(source: &str, file: &str) -> Result<Contract, ContractError> {
    of_source(Source::read(source.as_bytes(), file)?)
}

/// [`parse`] of bytes; what is not UTF-8 is an error with its byte offset.
pub fn parse_bytes(source: &[u8], file: &str) -> Result<Contract, ContractError> {
    of_source(Source::read(source, file)?)
}

/// [`parse_bytes`] of bytes that are given away: a JSON document is kept and not copied.
pub fn parse_owned(source: Vec<u8>, file: &str) -> Result<Contract, ContractError> {
    of_source(Source::read_owned(source, file)?)
}

fn of_source(source: Source) -> Result<Contract, ContractError> {
    let (tree, file) = (&source.tree, &*source.file);
    let (facts, findings) = read::facts(tree.root());
    let Some(facts) = facts.filter(|_| !findings.has_errors()) else {
        let told = findings.errors(tree, file);
        return Err(ContractError {
            file: file.to_owned(),
            problems: told.problems,
            count: told.count,
        });
    };
    let told = findings.warnings(tree, file);
    Ok(Contract {
        facts,
        warnings: told.problems,
        warning_count: told.count,
        source,
    })
}

impl Contract {
    /// `info.version`; never empty.
    pub fn version(&self) -> &str {
        &self.facts.version
    }

    /// `info.title`; empty if there is none.
    pub fn title(&self) -> &str {
        &self.facts.title
    }

    pub fn openapi(&self) -> OpenApiVersion {
        self.facts.openapi
    }

    /// The distinct URL path prefixes of the servers under which operations lie, those of path items and operations
    /// included, variables at their defaults: `/v1`, without trailing slash, `""` for none. Never empty.
    pub fn base_paths(&self) -> Vec<String> {
        self.facts.base_paths.clone()
    }

    /// In source order; never empty.
    pub fn operations(&self) -> &[Operation] {
        &self.facts.operations
    }

    /// In source order.
    pub fn security_schemes(&self) -> &[SecurityScheme] {
        &self.facts.security_schemes
    }

    /// What is odd but harmless, in the order of the source; the first [`crate::PROBLEMS_TOLD_MAX`].
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// All warnings, those beyond the bound included.
    pub fn warning_count(&self) -> usize {
        self.warning_count
    }

    /// The document as diff, lint and leaves read it.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The whole document with its positions.
    pub fn tree(&self) -> &Tree {
        &self.source.tree
    }

    /// Follows references inside the document.
    pub fn refs(&self) -> Refs<'_> {
        Refs::new(self.source.root())
    }
}

#[cfg(test)]
mod tests;
