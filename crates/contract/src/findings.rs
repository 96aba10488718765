//! Collects problems while a contract is read, bounded, and puts them in the order of the source.

use crate::problem::{Problem, Severity};
use crate::span::Span;
use crate::tree::{Node, Tree};

/// How many errors, and how many warnings, are told. One wrong indentation can make thousands.
pub const PROBLEMS_TOLD_MAX: usize = 50;

#[derive(Debug, Default)]
pub(crate) struct Findings {
    errors: Bounded,
    warnings: Bounded,
}

#[derive(Debug, Default)]
struct Bounded {
    told: Vec<Finding>,
    count: usize,
}

#[derive(Debug)]
struct Finding {
    span: Span,
    pointer: String,
    message: String,
    next_step: String,
}

/// Problems of one severity, in the order of the source, and how many there were.
pub(crate) struct Told {
    pub(crate) problems: Vec<Problem>,
    pub(crate) count: usize,
}

impl Findings {
    pub(crate) fn error(
        &mut self,
        node: Node<'_>,
        message: impl Into<String>,
        next_step: impl Into<String>,
    ) {
        self.errors.add(node, message, next_step);
    }

    pub(crate) fn warning(
        &mut self,
        node: Node<'_>,
        message: impl Into<String>,
        next_step: impl Into<String>,
    ) {
        self.warnings.add(node, message, next_step);
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.errors.count > 0
    }

    pub(crate) fn errors(self, tree: &Tree, file: &str) -> Told {
        self.errors.told(tree, file, Severity::Error)
    }

    pub(crate) fn warnings(self, tree: &Tree, file: &str) -> Told {
        self.warnings.told(tree, file, Severity::Warning)
    }
}

impl Bounded {
    /// A shared part (a path item's parameter, a component) is read once per operation and told once.
    fn add(&mut self, node: Node<'_>, message: impl Into<String>, next_step: impl Into<String>) {
        let (span, message) = (node.span(), message.into());
        if self
            .told
            .iter()
            .any(|told| told.span == span && told.message == message)
        {
            return;
        }
        self.count += 1;
        if self.told.len() < PROBLEMS_TOLD_MAX {
            self.told.push(Finding {
                span,
                pointer: node.pointer(),
                message,
                next_step: next_step.into(),
            });
        }
    }

    fn told(mut self, tree: &Tree, file: &str, severity: Severity) -> Told {
        self.told.sort_by_key(|finding| finding.span);
        let problems = self.told.into_iter().map(|finding| Problem {
            message: finding.message,
            next_step: finding.next_step,
            ..Problem::at(tree, file, severity, finding.span, finding.pointer)
        });
        Told {
            problems: problems.collect(),
            count: self.count,
        }
    }
}
