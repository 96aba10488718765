//! Where the references inside of a ruleset's schema lead.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::pointer::percent_decode;

/// By the text of each reference the JSON pointers of all that it may name. A name that stands in many places names each
/// of them: more is counted then than is done, never less.
#[derive(Debug, Default)]
pub(super) struct References {
    targets: BTreeMap<String, Vec<String>>,
}

/// What can be named in a schema.
#[derive(Debug, Default)]
struct Names {
    references: Vec<String>,
    /// `$id` or `id`, and where it stands; the schema itself has the empty one.
    resources: Vec<(String, String)>,
    anchors: Vec<(String, String)>,
}

impl References {
    pub(super) fn of(schema: &Json) -> Self {
        let mut names = Names::default();
        names.resources.push(Default::default());
        names.gather(schema, &mut String::new());
        let mut targets = BTreeMap::new();
        for reference in &names.references {
            if !targets.contains_key(reference) {
                targets.insert(reference.clone(), names.named(schema, reference));
            }
        }
        Self { targets }
    }

    /// Empty: it leads out of the schema.
    pub(super) fn targets(&self, reference: &str) -> &[String] {
        self.targets.get(reference).map_or(&[], Vec::as_slice)
    }
}

/// Whether a keyword refers to another schema.
pub(super) fn refers(keyword: &str) -> bool {
    matches!(keyword, "$ref" | "$dynamicRef" | "$recursiveRef")
}

impl Names {
    fn gather(&mut self, schema: &Json, at: &mut String) {
        let length = at.len();
        match schema {
            Json::Object(members) => {
                for (keyword, value) in members {
                    if let Some(text) = value.as_str() {
                        self.add(keyword, text, at);
                    }
                    let name = keyword.replace('~', "~0").replace('/', "~1");
                    at.push('/');
                    at.push_str(&name);
                    self.gather(value, at);
                    at.truncate(length);
                }
            }
            Json::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    at.push('/');
                    at.push_str(&index.to_string());
                    self.gather(element, at);
                    at.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, keyword: &str, text: &str, at: &str) {
        let place = at.to_owned();
        match keyword {
            keyword if refers(keyword) => self.references.push(text.to_owned()),
            "$anchor" | "$dynamicAnchor" => self.anchors.push((text.to_owned(), place)),
            "$id" | "id" => match text.strip_prefix('#') {
                Some(anchor) => self.anchors.push((anchor.to_owned(), place)),
                None => self.resources.push((text.to_owned(), place)),
            },
            _ => {}
        }
    }

    fn named(&self, schema: &Json, reference: &str) -> Vec<String> {
        let (address, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let fragment = percent_decode(fragment).unwrap_or_default();
        if !fragment.is_empty() && !fragment.starts_with('/') {
            let named = self.anchors.iter().filter(|(name, _)| *name == fragment);
            return named.map(|(_, place)| place.clone()).collect();
        }
        let last = |address: &str| {
            let path = address.trim_end_matches('#');
            path.rsplit('/').next().unwrap_or_default().to_owned()
        };
        let resources = self
            .resources
            .iter()
            .filter(|(id, _)| address.is_empty() || (!id.is_empty() && last(id) == last(address)));
        resources
            .map(|(_, place)| format!("{place}{fragment}"))
            .filter(|place| schema.pointer(place).is_some())
            .collect()
    }
}
