//! `x-replaced-by`: a URL, a path, `METHOD /path`, or an operationId of this contract.

use super::reader::Reader;
use crate::template;

impl Reader<'_> {
    /// Once every operation is known.
    pub(super) fn resolve_replacements(&mut self) {
        for (index, node, text) in std::mem::take(&mut self.replacements) {
            let resolved = self.resolve_replacement(text);
            if resolved.is_none() {
                self.findings.warning(
                    node,
                    format!("`x-replaced-by` is left out: this contract has no operation `{text}`"),
                    "name an operationId of this contract, `METHOD /path`, a path, or a URL",
                );
            }
            let deprecation = self
                .operations
                .get_mut(index)
                .and_then(|operation| operation.deprecation.as_mut());
            if let Some(deprecation) = deprecation {
                deprecation.replaced_by = resolved;
            }
        }
    }

    fn resolve_replacement(&self, text: &str) -> Option<String> {
        if text.starts_with("https://") || text.starts_with("http://") || text.starts_with('/') {
            return Some(text.to_owned());
        }
        if let Some((method, path)) = text.split_once(' ') {
            let key = (method.to_ascii_uppercase(), template::shape(path.trim()));
            let operation = self.operations.get(*self.by_shape.get(&key)?)?;
            return Some(operation.path.clone());
        }
        let operation = self.operations.get(*self.by_id.get(text)?)?;
        Some(operation.path.clone())
    }
}
