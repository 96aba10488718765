//! Paths and path items: which operations there are.

use super::operations::OPERATIONS_MAX;
use super::path_item::PathItem;
use super::reader::Reader;
use crate::template;
use crate::tree::{Member, Node};
use crate::version::OpenApiVersion;

/// The fields of a path item that hold operations in every version.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

impl<'t> Reader<'t> {
    pub(super) fn paths(&mut self) {
        let Some(Member { key, value: paths }) = self.root.member("paths") else {
            self.findings.error(
                self.root,
                "the field `paths` is missing",
                "add `paths` with the operations of the API",
            );
            return;
        };
        if !paths.is_object() {
            let message = format!("`paths` is {}, not an object", paths.value().described());
            self.findings.error(
                paths,
                message,
                "write each path as a member: `/payments: {get: …}`",
            );
            return;
        }
        for member in paths
            .members()
            .filter(|member| !member.name().starts_with("x-"))
        {
            self.path_item(member);
        }
        if self.is_full {
            let message = format!("the contract has more than {OPERATIONS_MAX} operations");
            self.findings.error(
                key,
                message,
                "split it into several contracts, one per surface",
            );
        }
        if self.operations.is_empty() && !self.findings.has_errors() {
            self.findings.error(
                key,
                "the contract has no operations",
                "add at least one method to a path",
            );
        }
    }

    fn path_item(&mut self, member: Member<'t>) {
        let names = match template::names(member.name()) {
            Ok(names) => names,
            Err(error) => {
                self.findings
                    .error(member.key, error.to_string(), error.next_step());
                return;
            }
        };
        self.check_template(member, &names);
        let layers = match self.refs.layers(member.value) {
            Ok(layers) => layers,
            Err(error) => return self.tell_ref(member.value, &error),
        };
        let item = PathItem {
            path: member.name(),
            names,
            layers,
        };
        for layer in &item.layers {
            if !layer.is_object() {
                let message = format!(
                    "a path item is {}, not an object",
                    layer.value().described()
                );
                self.findings.error(
                    *layer,
                    message,
                    "write it as an object with methods, or remove the path",
                );
                return;
            }
        }
        self.operations_of(&item);
    }

    fn check_template(&mut self, member: Member<'t>, names: &[&str]) {
        if let Some((_, name)) = names
            .iter()
            .enumerate()
            .find(|(i, name)| names[..*i].contains(name))
        {
            self.findings.warning(
                member.key,
                format!("the parameter `{{{name}}}` stands twice in this path"),
                "give each parameter of a path its own name",
            );
        }
        if template::has_dead_segment(member.name()) {
            self.findings.warning(
                member.key,
                "no request matches this path: it has an empty, `.` or `..` segment",
                "remove the segment",
            );
        }
    }

    fn operations_of(&mut self, item: &PathItem<'t>) {
        for (depth, layer) in item.layers.iter().enumerate() {
            let replaced = |name| {
                item.layers[..depth]
                    .iter()
                    .any(|earlier| earlier.get(name).is_some())
            };
            for member in layer.members().filter(|member| !replaced(member.name())) {
                self.path_item_field(item, member);
            }
        }
    }

    fn path_item_field(&mut self, item: &PathItem<'t>, member: Member<'t>) {
        let name = member.name();
        let has_3_2 = self.openapi >= OpenApiVersion::V3_2;
        if METHODS.contains(&name) || name == "query" && has_3_2 {
            return self.operation(item, name.to_ascii_uppercase(), member);
        }
        if name == "additionalOperations" && has_3_2 {
            return self.additional_operations(item, member.value);
        }
        let lower = name.to_ascii_lowercase();
        if lower == "query" || name == "additionalOperations" {
            let message = format!("`{name}` is left out: it is a field of OpenAPI 3.2");
            self.findings
                .warning(member.key, message, "set `openapi` to 3.2.0");
        } else if METHODS.contains(&lower.as_str()) {
            let message =
                format!("`{name}` is not an operation: methods are written in lower case");
            self.findings
                .warning(member.key, message, format!("write `{lower}`"));
        }
    }

    /// Methods that OpenAPI does not name (3.2 section 4.9).
    fn additional_operations(&mut self, item: &PathItem<'t>, operations: Node<'t>) {
        for member in operations.members() {
            let name = member.name();
            let lower = name.to_ascii_lowercase();
            if !is_token(name) {
                let message = format!("`{name}` is not an HTTP method");
                self.findings.error(
                    member.key,
                    message,
                    "use letters, digits and `-`, as in `PURGE`",
                );
            } else if METHODS.contains(&lower.as_str()) || lower == "query" {
                let message = format!("`{name}` does not belong in `additionalOperations`");
                self.findings.error(
                    member.key,
                    message,
                    format!("move it to the field `{lower}` of the path item"),
                );
            } else {
                self.operation(item, name.to_owned(), member);
            }
        }
    }
}

/// RFC 9110 section 5.6.2.
fn is_token(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !text.is_empty() && text.bytes().all(fits)
}
