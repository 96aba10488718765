//! Reads a tree as an OpenAPI document: every version into the same facts, with all that is wrong on the way.

use std::collections::HashMap;

use crate::contract::Facts;
use crate::findings::Findings;
use crate::operation::Operation;
use crate::refs::{RefError, Refs};
use crate::security::{self, SecurityRequirement, SecurityScheme};
use crate::server;
use crate::tree::{Member, Node, Value};
use crate::version::{self, OpenApiVersion};

mod irregularities;
mod operations;
mod parameters;
mod paths;
mod replacements;

/// The facts of the document, as far as they can be read: `None` only with an error among the findings.
pub(crate) fn facts(root: Node<'_>) -> (Option<Facts>, Findings) {
    let mut findings = Findings::default();
    let Some(openapi) = version::read(root, &mut findings) else {
        return (None, findings);
    };
    irregularities::tell(root.tree(), &mut findings);
    let info = root.member("info");
    let version = read_version(root, info, &mut findings);
    let title = read_title(info, &mut findings);

    let mut reader = Reader::new(root, openapi, findings);
    reader.paths();
    reader.resolve_replacements();
    let facts = version.map(|version| Facts {
        openapi,
        title,
        version,
        base_paths: distinct_base_paths(&reader.operations),
        operations: reader.operations,
        security_schemes: reader.schemes,
    });
    (facts, reader.findings)
}

struct Reader<'t> {
    root: Node<'t>,
    openapi: OpenApiVersion,
    refs: Refs<'t>,
    findings: Findings,
    schemes: Vec<SecurityScheme>,
    /// Of operations that have none of their own.
    base_paths: Vec<String>,
    security: Vec<SecurityRequirement>,
    operations: Vec<Operation>,
    /// An operation beyond the limit was left out.
    is_full: bool,
    /// The first operation of each operationId, by index.
    by_id: HashMap<&'t str, usize>,
    /// The first operation of each method and path shape, by index.
    by_shape: HashMap<(String, String), usize>,
    /// `x-replaced-by` as written: the index of its operation, its node, its text.
    replacements: Vec<(usize, Node<'t>, &'t str)>,
}

impl<'t> Reader<'t> {
    fn new(root: Node<'t>, openapi: OpenApiVersion, mut findings: Findings) -> Self {
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
    fn follow(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        match self.refs.follow(node) {
            Ok(target) => Some(target),
            Err(error) => {
                self.tell_ref(node, &error);
                None
            }
        }
    }

    fn tell_ref(&mut self, node: Node<'t>, error: &RefError) {
        // The end of a chain of references is where the mistake is.
        let place = node.tree().node(error.node);
        self.findings
            .error(place, error.to_string(), error.reason.next_step());
    }

    /// The text of the field `name`; another kind of value is told and left out.
    fn text(&mut self, object: Node<'t>, name: &str) -> Option<&'t str> {
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

/// `info.version`; `None` with an error told.
fn read_version(
    root: Node<'_>,
    info: Option<Member<'_>>,
    findings: &mut Findings,
) -> Option<String> {
    let next_step =
        "add `version` to `info`: it names this version of the contract in every report";
    let Some(info) = info else {
        findings.error(
            root,
            "the field `info` is missing",
            "add `info` with `title` and `version`",
        );
        return None;
    };
    let Some(version) = info.value.get("version") else {
        findings.error(info.key, "`info` has no `version`", next_step);
        return None;
    };
    let text = version
        .scalar_text()
        .map(str::trim)
        .filter(|text| !text.is_empty() && !version.is_null());
    match (text, version.value()) {
        (Some(_), Value::String(_)) => {}
        (Some(text), _) => {
            let message = format!("`version` is {}, not a string", version.value().described());
            findings.warning(version, message, format!("put it in quotes: \"{text}\""));
        }
        (None, _) => findings.error(version, "`version` is empty or not a text", next_step),
    }
    text.map(str::to_owned)
}

fn read_title(info: Option<Member<'_>>, findings: &mut Findings) -> String {
    let title = info.and_then(|info| info.value.get("title"));
    let text = title.and_then(Node::scalar_text);
    if let (Some(info), None) = (info, text) {
        findings.warning(
            info.key,
            "`info` has no `title`",
            "add the name of the API as `title`",
        );
    }
    text.unwrap_or_default().to_owned()
}

fn distinct_base_paths(operations: &[Operation]) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for path in operations
        .iter()
        .flat_map(|operation| &operation.base_paths)
    {
        if !paths.contains(path) {
            paths.push(path.clone());
        }
    }
    paths
}
