//! Runs rules over a document and gathers their findings.

use std::borrow::Cow;
use std::cell::RefCell;

use rustc_hash::FxHashSet;

use super::call::{Call, Document, Fault, Target, property};
use super::formats::SpecFormat;
use super::links::Links;
use super::message::{Words, fill};
use super::path::{self, Path};
use super::rule::{Field, Rule, Then};
use super::ruleset::file_matches;
use super::view::{Place, View};
use super::walk::{Hit, walk};
use super::{functions, overlay, text};
use crate::finding::Finding;
use crate::level::Level;
use crate::source::Source;
use crate::tree::NodeId;

pub(super) fn run(source: &Source, rules: &[Rule]) -> Vec<Finding> {
    let root = source.root();
    let document = Document {
        root,
        links: Links::of(root),
        formats: SpecFormat::of(root),
        store: RefCell::default(),
        schemas: RefCell::default(),
    };
    let mut run = Run {
        source,
        document: &document,
        rules,
        found: Vec::new(),
        told: FxHashSet::default(),
        seen: FxHashSet::default(),
    };
    run.unreadable_references();
    run.unknown_format();
    run.walk(View::resolved(root, &document.links), true);
    run.walk(View::written(root), false);
    run.findings()
}

/// One finding before its place is worked out.
struct Found<'r> {
    node: NodeId,
    id: &'r str,
    level: Level,
    message: String,
}

struct Run<'r, 't> {
    source: &'t Source,
    document: &'r Document<'t>,
    rules: &'r [Rule],
    found: Vec<Found<'r>>,
    told: FxHashSet<(NodeId, &'r str, String)>,
    /// The rule, the place and the value of what was looked at: many references lead to the same.
    seen: FxHashSet<(usize, NodeId, NodeId)>,
}

impl<'r, 't> Run<'r, 't> {
    fn unreadable_references(&mut self) {
        for reference in &self.document.links.all {
            if reference.target.is_some() {
                continue;
            }
            let message = match reference.text.starts_with('#') {
                true => format!(
                    "the reference `{}` names nothing in this document",
                    reference.text
                ),
                false => format!(
                    "the reference `{}` leads outside of this document, where rules do not follow it",
                    reference.text
                ),
            };
            let level = match reference.text.starts_with('#') {
                true => Level::Error,
                false => Level::Warning,
            };
            self.add(reference.slot, "invalid-ref", level, message);
        }
    }

    fn unknown_format(&mut self) {
        let choosy: Vec<&Rule> = self
            .rules
            .iter()
            .filter(|rule| rule.formats.is_some())
            .collect();
        let is_openapi_3 = self.document.formats.contains(&SpecFormat::Oas3);
        if !is_openapi_3 && !choosy.is_empty() && !choosy.iter().any(|rule| self.applies(rule)) {
            let message =
                "the document is no OpenAPI 3 contract: most rules do not apply".to_owned();
            self.add(
                self.document.root.id(),
                "unrecognized-format",
                Level::Warning,
                message,
            );
        }
    }

    fn add(&mut self, node: NodeId, id: &'r str, level: Level, message: String) {
        if self.told.insert((node, id, message.clone())) {
            self.found.push(Found {
                node,
                id,
                level,
                message,
            });
        }
    }

    fn applies(&self, rule: &Rule) -> bool {
        let formats = &self.document.formats;
        let fits = rule
            .formats
            .as_ref()
            .is_none_or(|wanted| wanted.iter().any(|format| formats.contains(format)));
        rule.is_enabled && fits
    }

    fn walk(&mut self, view: View<'_, 't>, is_resolved: bool) {
        let mut paths: Vec<Path> = Vec::new();
        let mut owners: Vec<usize> = Vec::new();
        for (number, rule) in self.rules.iter().enumerate() {
            if rule.is_resolved != is_resolved || !self.applies(rule) {
                continue;
            }
            for path in self.paths_of(rule) {
                paths.push(path);
                owners.push(number);
            }
        }
        walk(view, &paths, &mut |hit| {
            self.hit(view, owners[hit.path], hit);
        });
    }

    /// The ruleset was checked when it was read, so what does not expand or parse here is left out.
    fn paths_of(&self, rule: &Rule) -> Vec<Path> {
        let expanded = rule.given.iter().flat_map(|given| {
            rule.aliases
                .expand(given, &self.document.formats)
                .unwrap_or_default()
        });
        expanded
            .filter_map(|text| path::parse(&text).ok())
            .collect()
    }

    fn hit(&mut self, view: View<'_, 't>, number: usize, hit: Hit<'t>) {
        let value = view.value(hit.slot.node).id();
        if !self.seen.insert((number, view.located(hit.slot), value)) {
            return;
        }
        let rule = &self.rules[number];
        for then in &rule.then {
            self.then(view, rule, then, &hit);
        }
    }

    fn then(&mut self, view: View<'_, 't>, rule: &'r Rule, then: &Then, hit: &Hit<'t>) {
        let node = view.value(hit.slot.node);
        let own = Place::from(hit.slot);
        if let Some(key) = hit.key {
            return self.call(view, rule, then, Target::Key(key), &own);
        }
        match then
            .field
            .as_ref()
            .filter(|_| node.is_object() || node.is_array())
        {
            None => self.call(view, rule, then, Target::Node(node), &own),
            Some(Field::Keys) => {
                let mut is_empty = true;
                for member in node.members() {
                    is_empty = false;
                    let place = Place::from(view.inside(hit.slot, member.value.id()));
                    self.call(view, rule, then, Target::Key(member.name()), &place);
                }
                for (index, element) in node.elements().enumerate() {
                    is_empty = false;
                    let place = Place::from(view.inside(hit.slot, element.id()));
                    self.call(view, rule, then, Target::Index(index), &place);
                }
                if is_empty {
                    self.call(view, rule, then, Target::Missing, &own);
                }
            }
            Some(Field::Names(names)) => {
                let place = view.place(hit.slot, names.iter().map(String::as_str));
                let target = match place.missing.is_empty() {
                    true => Target::Node(view.value(place.slot.node)),
                    false => Target::Missing,
                };
                self.call(view, rule, then, target, &place);
            }
            Some(Field::Path(path)) => self.below(view, rule, then, path, hit),
        }
    }

    fn below(
        &mut self,
        view: View<'_, 't>,
        rule: &'r Rule,
        then: &Then,
        path: &Path,
        hit: &Hit<'t>,
    ) {
        let mut places = Vec::new();
        let from = view.at(hit.slot);
        walk(from, std::slice::from_ref(path), &mut |hit| {
            places.push(hit.slot)
        });
        if places.is_empty() {
            return self.call(view, rule, then, Target::Missing, &Place::from(hit.slot));
        }
        for slot in places {
            let target = Target::Node(view.value(slot.node));
            self.call(view, rule, then, target, &Place::from(slot));
        }
    }

    fn call(
        &mut self,
        view: View<'_, 't>,
        rule: &'r Rule,
        then: &Then,
        target: Target<'t>,
        place: &Place,
    ) {
        let call = Call {
            document: self.document,
            view,
            target,
            place,
        };
        let mut faults = Vec::new();
        functions::run(&then.function, &call, &mut faults);
        for fault in faults {
            self.tell(view, rule, fault);
        }
        let cut = self.document.schemas.borrow_mut().cut.take();
        if let Some(message) = cut {
            let node = view.located(place.slot);
            if let Some(level) = self.level_at(rule, node) {
                self.add(node, &rule.id, level, message);
            }
        }
    }

    fn tell(&mut self, view: View<'_, 't>, rule: &'r Rule, fault: Fault) {
        let node = view.located(fault.place.slot);
        let Some(level) = self.level_at(rule, node) else {
            return;
        };
        let message = match (&rule.message, &rule.description) {
            (None, Some(description)) => description.clone(),
            (None, None) => fault.message,
            (Some(template), description) if template.contains("{{") => {
                let name = property(view, &fault.place);
                let path = format!("#{}", view.tree().node(node).pointer());
                fill(
                    template,
                    &Words {
                        error: &fault.message,
                        description: description.as_deref().unwrap_or_default(),
                        path: &path,
                        property: &name,
                        value: &text::print(Some(view.tree().node(node))),
                    },
                )
            }
            (Some(template), _) => template.clone(),
        };
        self.add(node, &rule.id, level, message);
    }

    /// The level of the rule at `node`; the exception with the longest pointer counts.
    fn level_at(&self, rule: &Rule, node: NodeId) -> Option<Level> {
        if rule.exceptions.is_empty() {
            return Some(rule.level);
        }
        let pointer = self.source.tree.node(node).pointer();
        let is_inside = |outer: &str| {
            pointer
                .strip_prefix(outer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        rule.exceptions
            .iter()
            .filter(|(pattern, outer, _)| {
                file_matches(pattern, &self.source.file) && is_inside(outer)
            })
            .max_by_key(|(_, outer, _)| outer.len())
            .map_or(Some(rule.level), |(_, _, level)| *level)
    }

    fn findings(mut self) -> Vec<Finding> {
        let tree = &self.source.tree;
        self.found.sort_by(|a, b| {
            let start = |found: &Found<'_>| tree.node(found.node).span().start;
            (start(a), a.node, a.id, &a.message).cmp(&(start(b), b.node, b.id, &b.message))
        });
        let fixes = overlay::Fixes::of(self.source);
        let finding = |found: Found<'_>| Finding {
            fix: fixes.of_finding(found.id, found.node),
            site: self.source.site(found.node),
            id: Cow::Owned(found.id.to_owned()),
            level: found.level,
            message: found.message,
        };
        std::mem::take(&mut self.found)
            .into_iter()
            .map(finding)
            .collect()
    }
}
