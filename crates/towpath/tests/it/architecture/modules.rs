//! Who imports whom between the files of one crate, and the circles among them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::source::{Source, is_word, words};

/// A module path from the crate root, empty for the root itself.
type ModulePath = Vec<String>;

/// The files of one crate by module path.
pub struct Modules {
    files: BTreeMap<ModulePath, File>,
}

struct File {
    path: PathBuf,
    imports: Vec<ModulePath>,
    /// Names that the file passes on with `pub use`, and where they come from.
    exports: BTreeMap<String, ModulePath>,
}

impl Modules {
    /// `sources` holds paths below the crate's `src`; test modules and second roots (`main.rs`) are left out.
    pub fn of(sources: &BTreeMap<PathBuf, Source>) -> Self {
        let mut modules = Self {
            files: BTreeMap::new(),
        };
        let known: BTreeSet<ModulePath> = sources
            .keys()
            .filter_map(|path| module_path(path))
            .collect();
        for (path, source) in sources {
            let Some(own) = module_path(path) else {
                continue;
            };
            let (imports, exports) = paths_in(&source.shipped, &own, &known);
            modules.files.insert(
                own,
                File {
                    path: path.clone(),
                    imports,
                    exports,
                },
            );
        }
        modules
    }

    /// Every circle once, as the files it runs through; empty when there is none.
    pub fn circles(&self) -> Vec<Vec<PathBuf>> {
        let edges: BTreeMap<&ModulePath, BTreeSet<&ModulePath>> = self
            .files
            .iter()
            .map(|(own, file)| (own, self.targets(own, file)))
            .collect();
        let mut circles = Vec::new();
        let mut done = BTreeSet::new();
        for start in edges.keys() {
            let mut trail = Vec::new();
            walk(start, &edges, &mut trail, &mut done, &mut circles);
        }
        circles
            .into_iter()
            .map(|circle| {
                circle
                    .iter()
                    .map(|own| self.files[*own].path.clone())
                    .collect()
            })
            .collect()
    }

    fn targets<'a>(&'a self, own: &ModulePath, file: &'a File) -> BTreeSet<&'a ModulePath> {
        file.imports
            .iter()
            .filter_map(|import| self.owner(import, 0))
            .filter(|owner| *owner != own)
            .collect()
    }

    /// The file that owns what `path` names, followed through re-exports.
    fn owner(&self, path: &ModulePath, depth: usize) -> Option<&ModulePath> {
        let length = (0..=path.len())
            .rev()
            .find(|length| self.files.contains_key(&path[..*length]))?;
        let (own, file) = self.files.get_key_value(&path[..length])?;
        let exported = path.get(length).and_then(|name| file.exports.get(name));
        match exported {
            // A chain of re-exports longer than the tree is deep would be a re-export of itself.
            Some(origin) if depth < 16 => {
                let mut origin = origin.clone();
                origin.extend_from_slice(&path[length + 1..]);
                self.owner(&origin, depth + 1)
            }
            // The root only names what others own.
            _ if own.is_empty() => None,
            _ => Some(own),
        }
    }
}

fn walk<'a>(
    at: &'a ModulePath,
    edges: &BTreeMap<&'a ModulePath, BTreeSet<&'a ModulePath>>,
    trail: &mut Vec<&'a ModulePath>,
    done: &mut BTreeSet<&'a ModulePath>,
    circles: &mut Vec<Vec<&'a ModulePath>>,
) {
    if let Some(seen) = trail.iter().position(|own| *own == at) {
        circles.push(trail[seen..].to_vec());
        return;
    }
    if done.contains(at) {
        return;
    }
    trail.push(at);
    for next in edges.get(at).into_iter().flatten() {
        walk(next, edges, trail, done, circles);
    }
    trail.pop();
    done.insert(at);
}

/// `a/b.rs` is `["a", "b"]`; `None` for a file that is no module of the library.
fn module_path(path: &Path) -> Option<ModulePath> {
    let text = path.with_extension("");
    let segments: ModulePath = text
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    match segments.last()?.as_str() {
        "lib" => Some(Vec::new()),
        "main" | "tests" => None,
        _ => Some(segments),
    }
}

/// Absolute module paths that the code names, and those it passes on.
fn paths_in(
    code: &str,
    own: &ModulePath,
    known: &BTreeSet<ModulePath>,
) -> (Vec<ModulePath>, BTreeMap<String, ModulePath>) {
    let mut imports = Vec::new();
    let mut exports = BTreeMap::new();
    let mut covered = 0;
    for word in words(code) {
        if word.start < covered {
            continue;
        }
        let before = code[..word.start].trim_end();
        if &code[word.clone()] == "use" {
            let end = code[word.end..]
                .find(';')
                .map_or(code.len(), |at| word.end + at);
            let public =
                before.ends_with("pub") || before.ends_with(')') && before.contains("pub(");
            for (path, name) in use_tree(&code[word.end..end]) {
                let Some(absolute) = resolve(&path, own, known) else {
                    continue;
                };
                if public {
                    exports.insert(name, absolute);
                } else {
                    imports.push(absolute);
                }
            }
            covered = end;
        } else if code[word.end..].starts_with("::")
            && !before.ends_with("::")
            && !before.ends_with("pub(in")
        {
            let text: String = code[word.start..]
                .chars()
                .take_while(|c| is_word(*c) || *c == ':')
                .collect();
            let path: ModulePath = text.split("::").map(str::to_owned).collect();
            imports.extend(resolve(&path, own, known));
        }
    }
    (imports, exports)
}

/// The leaves of a use tree: full path and the name it is bound to.
fn use_tree(text: &str) -> Vec<(ModulePath, String)> {
    let text = text.trim();
    if let Some(open) = text.find('{') {
        let prefix: ModulePath = segments(&text[..open]);
        let inside = text[open + 1..].trim_end().trim_end_matches('}');
        return split_outside_braces(inside)
            .into_iter()
            .flat_map(use_tree)
            .map(|(path, name)| {
                let mut full = prefix.clone();
                full.extend(path.into_iter().filter(|segment| segment != "self"));
                (full, name)
            })
            .collect();
    }
    let (path, alias) = text
        .split_once(" as ")
        .map_or((text, None), |(path, alias)| (path, Some(alias)));
    let path = segments(path);
    let name = alias
        .map(|alias| alias.trim().to_owned())
        .or_else(|| path.last().cloned());
    name.map(|name| (path, name)).into_iter().collect()
}

fn segments(text: &str) -> ModulePath {
    text.split("::")
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

fn split_outside_braces(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    // The last brace of the outer group may have been trimmed together with an inner one.
    parts.push(&text[start..]);
    parts
}

/// `None` for a path into another crate.
fn resolve(
    path: &ModulePath,
    own: &ModulePath,
    known: &BTreeSet<ModulePath>,
) -> Option<ModulePath> {
    let mut base = own.clone();
    let mut rest = path.as_slice();
    match rest.first()?.as_str() {
        "crate" => {
            base.clear();
            rest = &rest[1..];
        }
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|segment| segment == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        child => {
            base.push(child.to_owned());
            let is_child = known.contains(&base);
            base.pop();
            if !is_child {
                return None;
            }
        }
    }
    base.extend(rest.iter().filter(|segment| *segment != "*").cloned());
    Some(base)
}

mod tests {
    use super::*;

    fn circles(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let sources = files
            .iter()
            .map(|(path, text)| (PathBuf::from(path), Source::read(text)))
            .collect();
        let name = |path: PathBuf| path.to_string_lossy().into_owned();
        Modules::of(&sources)
            .circles()
            .into_iter()
            .map(|circle| circle.into_iter().map(name).collect())
            .collect()
    }

    #[test]
    fn a_circle_through_a_re_export_is_seen() {
        let found = circles(&[
            (
                "lib.rs",
                "pub mod a; mod b; pub use b::{deep::Thing, Other as Name};",
            ),
            ("a.rs", "use crate::{Name, x::Y};"),
            ("b.rs", "fn f() { crate::a::g() }"),
            ("b/deep.rs", "use std::fmt;"),
        ]);
        assert_eq!(found, [["a.rs", "b.rs"]]);
    }

    #[test]
    fn a_facade_over_its_children_is_no_circle_and_a_parent_that_uses_them_is() {
        let child = ("a/b.rs", "use super::Error;");
        assert!(
            circles(&[
                ("lib.rs", "mod a;"),
                ("a.rs", "mod b; pub use b::X; enum Error {}"),
                child
            ])
            .is_empty()
        );
        let used = circles(&[
            ("lib.rs", "mod a;"),
            ("a.rs", "mod b; fn f() { b::g() }"),
            child,
        ]);
        assert_eq!(used, [["a.rs", "a/b.rs"]]);
        let only_in_tests = "mod b; #[cfg(test)] mod tests { use super::b::g; }";
        assert!(circles(&[("lib.rs", "mod a;"), ("a.rs", only_in_tests), child]).is_empty());
    }
}
