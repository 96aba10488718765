//! What the reading of one document carries along, and how it follows references and tells findings.

use std::collections::HashMap;

use crate::findings::Findings;
use crate::operation::Operation;
use crate::refs::{RefError, Refs};
use crate::security::{self, SecurityRequirement, SecurityScheme};
use crate::server;
use crate::tree::Node;
use crate::version::OpenApiVersion;

pub(super) struct Reader<'t> {
    pub(super) root: Node<'t>,
    pub(super) openapi: OpenApiVersion,
    pub(super) refs: Refs<'t>,
    pub(super) findings: Findings,
    pub(super) schemes: Vec<SecurityScheme>,
    /// Of operations that have none of their own.
    pub(super) base_paths: Vec<String>,
    pub(super) security: Vec<SecurityRequirement>,
    pub(super) operations: Vec<Operation>,
    /// An operation beyond the limit was left out.
    pub(super) is_full: bool,
    /// The first operation of each operationId, by index.
    pub(super) by_id: HashMap<&'t str, usize>,
    /// The first operation of each method and path shape, by index.
    pub(super) by_shape: HashMap<(String, String), usize>,
    /// `x-replaced-by` as written: the index of its operation, its node, its text.
    pub(super) replacements: Vec<(usize, Node<'t>, &'t str)>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(root: Node<'t>, openapi: OpenApiVersion, mut findings: Findings) -> Self {
        let refs = Refs::new(root);
        let schemes = security::schemes(root, &refs, &mut findings);
        let base_paths = match root.get("servers") {
            Some(servers) => server::base_paths(servers, &mut findings),
            None => vec![String::new()],
        };
        let security = root
            .get("security")
            .map(|security| security::requirements(security, &schemes, &mut findings));
        Self {
            root,
            openapi,
            refs,
            findings,
            schemes,
            base_paths,
            security: security.unwrap_or_default(),
            operations: Vec::new(),
            is_full: false,
            by_id: HashMap::new(),
            by_shape: HashMap::new(),
            replacements: Vec::new(),
        }
    }

    /// What `node` is once its `$ref` is followed; `None` with an error told.
    pub(super) fn follow(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        match self.refs.follow(node) {
            Ok(target) => Some(target),
            Err(error) => {
                self.tell_ref(node, &error);
                None
            }
        }
    }

    pub(super) fn tell_ref(&mut self, node: Node<'t>, error: &RefError) {
        // The end of a chain of references is where the mistake is.
        let place = node.tree().node(error.node);
        self.findings
            .error(place, error.to_string(), error.reason.next_step());
    }

    /// The text of the field `name`; another kind of value is told and left out.
    pub(super) fn text(&mut self, object: Node<'t>, name: &str) -> Option<&'t str> {
        let node = object.get(name)?;
        let text = node.as_str();
        if text.is_none() {
            let message = format!("`{name}` is {}, not a string", node.value().described());
            self.findings
                .warning(node, message, "put the text in quotes");
        }
        text
    }
}
