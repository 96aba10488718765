//! Reads a tree as an OpenAPI document: every version into the same facts, with all that is wrong on the way.

use crate::facts::Facts;
use crate::findings::Findings;
use crate::operation::Operation;
use crate::tree::Node;
use crate::version;

mod info;
mod irregularities;
mod operations;
mod parameters;
mod path_item;
mod paths;
mod reader;
mod replacements;

use reader::Reader;

/// The facts of the document, as far as they can be read: `None` only with an error among the findings.
pub(crate) fn facts(root: Node<'_>) -> (Option<Facts>, Findings) {
    let mut findings = Findings::default();
    let Some(openapi) = version::read(root, &mut findings) else {
        return (None, findings);
    };
    irregularities::tell(root.tree(), &mut findings);
    let info = root.member("info");
    let version = info::version(root, info, &mut findings);
    let title = info::title(info, &mut findings);

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
