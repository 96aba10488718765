//! Parameters: distinct within an operation, and in step with the template of their path.

use rustc_hash::{FxHashMap, FxHashSet};

use super::operations::METHODS;
use crate::lint::call::{Call, Fault};
use crate::lint::text::shortened;
use crate::lint::view::{Place, Slot};
use crate::tree::Node;

/// So many names of one path are told of: each finding has the path in its place, and a path may be long.
const NAMES_TOLD_MAX: usize = 100;

/// No two parameters of a list have the same name and place.
pub(super) fn distinct(call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(list) = call.target.node().filter(|node| node.is_array()) else {
        return;
    };
    let mut seen = FxHashSet::default();
    for (index, written) in list.elements().enumerate() {
        let parameter = call.view.follow(written);
        if !parameter.is_object() || parameter.get("$ref").is_some() {
            continue;
        }
        let text = |key| call.get(parameter, key).and_then(Node::scalar_text);
        if !seen.insert((text("in"), text("name"))) {
            let index = index.to_string();
            faults.push(call.fault_at(
                [index.as_str()],
                "another parameter of this operation has the same name and place",
            ));
        }
    }
}

/// Paths differ, and their parameters are defined and used.
pub(super) fn of_paths(call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(paths) = call.target.node() else {
        return;
    };
    let mut known: FxHashMap<String, &str> = FxHashMap::default();
    for path in paths.members() {
        let item = call.view.follow(path.value);
        if !item.is_object() && !item.is_array() {
            continue;
        }
        let (shape, names) = template(path.name());
        let place = call.view.inside(call.place.slot, path.value.id());
        if let Some(first) = known.get(&shape) {
            let message = format!(
                "the paths `{}` and `{}` are the same to a client",
                shortened(first),
                shortened(path.name())
            );
            faults.push(at(place, message));
        } else {
            known.insert(shape, path.name());
        }
        let item = PathItem {
            call,
            path: path.name(),
            slot: place,
            names: distinct_names(names, path.name(), place, faults),
        };
        item.check(faults);
    }
}

fn at(slot: Slot, message: String) -> Fault {
    Fault {
        place: Place::from(slot),
        message,
    }
}

/// A path with its parameters left out, and their names.
fn template(path: &str) -> (String, Vec<&str>) {
    let mut shape = String::new();
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(open) = rest.find('{') {
        let inner = &rest[open + 1..];
        let name = inner.split('}').next().unwrap_or_default();
        let is_closed = inner.len() > name.len();
        let bare = name.trim_start_matches(';').trim_start_matches('?');
        let bare = bare.strip_suffix('*').unwrap_or(bare);
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if is_closed && !bare.is_empty() && bare.chars().all(is_name) {
            shape.push_str(&rest[..open]);
            shape.push('%');
            names.push(bare);
            rest = &inner[name.len() + 1..];
        } else {
            shape.push_str(&rest[..=open]);
            rest = inner;
        }
    }
    shape.push_str(rest);
    (shape, names)
}

fn distinct_names<'t>(
    names: Vec<&'t str>,
    path: &str,
    place: Slot,
    faults: &mut Vec<Fault>,
) -> Vec<&'t str> {
    let mut seen = FxHashSet::default();
    let (distinct, again): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|name| seen.insert(*name));
    let mut told = FxHashSet::default();
    let again = again.into_iter().filter(|name| told.insert(*name));
    for name in again.take(NAMES_TOLD_MAX) {
        faults.push(at(
            place,
            format!(
                "the path `{}` uses the parameter `{}` more than once",
                shortened(path),
                shortened(name)
            ),
        ));
    }
    distinct
}

struct PathItem<'a, 't> {
    call: &'a Call<'a, 't>,
    path: &'t str,
    slot: Slot,
    /// In the template.
    names: Vec<&'t str>,
}

/// The parameters of a path that one list defines, in its order.
type Defined<'t> = Vec<(&'t str, Slot)>;

impl<'t> PathItem<'_, 't> {
    fn check(&self, faults: &mut Vec<Fault>) {
        let view = self.call.view;
        let shared = self.defined(self.slot, faults);
        for member in view.value(self.slot.node).members() {
            let operation = view.inside(self.slot, member.value.id());
            let value = view.value(operation.node);
            if !METHODS.contains(&member.name()) || !(value.is_object() || value.is_array()) {
                continue;
            }
            let own = self.defined(operation, faults);
            self.compare(operation, &shared, &own, faults);
        }
    }

    fn defined(&self, holder: Slot, faults: &mut Vec<Fault>) -> Defined<'t> {
        let view = self.call.view;
        let mut defined: Defined<'t> = Vec::new();
        let mut known = FxHashSet::default();
        let Some(list) = view.child(holder, "parameters") else {
            return defined;
        };
        for element in view.value(list.node).elements() {
            let slot = view.inside(list, element.id());
            let parameter = view.value(slot.node);
            let text = |key| view.get(parameter, key).and_then(Node::scalar_text);
            let (Some("path"), Some(name)) = (text("in"), text("name")) else {
                continue;
            };
            let required = view.get(parameter, "required").and_then(Node::as_bool);
            if required != Some(true) {
                faults.push(at(
                    slot,
                    format!("the path parameter `{name}` must have `required: true`"),
                ));
            }
            if known.insert(name) {
                defined.push((name, slot));
            } else {
                faults.push(at(
                    slot,
                    format!("the path parameter `{name}` is defined more than once"),
                ));
            }
        }
        defined
    }

    fn compare(
        &self,
        operation: Slot,
        shared: &Defined<'t>,
        own: &Defined<'t>,
        faults: &mut Vec<Fault>,
    ) {
        let own_names: FxHashSet<&str> = own.iter().map(|(name, _)| *name).collect();
        let inherited = shared.iter().filter(|(name, _)| !own_names.contains(name));
        let all: Vec<&(&str, Slot)> = inherited.chain(own).collect();
        let used: FxHashSet<&str> = self.names.iter().copied().collect();
        let path = shortened(self.path);
        for (name, slot) in &all {
            if !used.contains(name) {
                faults.push(at(
                    *slot,
                    format!("the parameter `{name}` is not in the path `{path}`"),
                ));
            }
        }
        let defined: FxHashSet<&str> = all.iter().map(|(name, _)| *name).collect();
        let undefined = self.names.iter().filter(|name| !defined.contains(*name));
        for name in undefined.take(NAMES_TOLD_MAX) {
            faults.push(at(
                operation,
                format!(
                    "the operation does not define the parameter `{}` of the path `{path}`",
                    shortened(name)
                ),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::template;

    #[test]
    fn parameters_are_cut_out_of_a_path() {
        for (path, shape, names) in [
            ("/a/{b}/c", "/a/%/c", &["b"][..]),
            ("/a/{b}.{c}", "/a/%.%", &["b", "c"]),
            ("/a/{?b*}{;c}", "/a/%%", &["b", "c"]),
            ("/a/{}/{b c}/{d", "/a/{}/{b c}/{d", &[]),
        ] {
            assert_eq!(template(path), (shape.to_owned(), names.to_vec()), "{path}");
        }
    }
}
