//! Reads one ruleset file: what it extends, its aliases, its rules and its overrides.

use std::sync::Arc;

use super::definition;
use super::edit::{Edit, Override};
use super::problems::{Problems, formats, texts};
use super::set::{Ruleset, RulesetError, RulesetLoader};
use crate::lint::formats::SpecFormat;
use crate::lint::rule::{Alias, Aliases};
use crate::source::Source;
use crate::tree::{Member, Node};

/// Rulesets that extend one another.
const EXTENDS_DEPTH_MAX: usize = 16;

impl Ruleset {
    /// Reads a ruleset and, through `load`, all that it extends. Errors: every problem found in the first broken file.
    pub fn parse(
        bytes: &[u8],
        file: &str,
        load: &mut RulesetLoader<'_>,
    ) -> Result<Self, RulesetError> {
        let source = source_of(bytes, file)?;
        read(&source, load, &mut vec![file.to_owned()])
    }

    /// The built-in rules for OpenAPI 3, those that are recommended switched on.
    pub fn spectral_oas() -> Self {
        let text = include_str!("../oas/rules.yaml");
        let mut load = |name: &str, _: &str| Err(format!("`{name}` is not built in"));
        Self::parse(text.as_bytes(), "spectral:oas", &mut load)
            .expect("the built-in ruleset is valid: a test reads it")
    }
}

fn source_of(bytes: &[u8], file: &str) -> Result<Source, RulesetError> {
    Source::read(bytes, file).map_err(|error| RulesetError {
        file: file.to_owned(),
        problems: error.problems,
    })
}

/// `open`: the files that led here.
fn read(
    source: &Source,
    load: &mut RulesetLoader<'_>,
    open: &mut Vec<String>,
) -> Result<Ruleset, RulesetError> {
    let mut problems = Problems::of(source);
    let root = source.root();
    if !root.is_object() {
        problems.error(
            root,
            format!("a ruleset is an object, not {}", root.value().described()),
            "start with `extends: spectral:oas` or `rules:`",
        );
    }
    let mut ruleset = Ruleset {
        rules: Vec::new(),
        overrides: Vec::new(),
        notes: Vec::new(),
    };
    if let Some(extends) = root.get("extends") {
        extend(&mut ruleset, extends, load, open, &mut problems)?;
        // Most of what follows would only name rules that could not be read.
        problems = refuse(problems)?;
    }
    check_keys(root, &mut problems);
    let aliases = Arc::new(aliases(root.get("aliases"), &mut problems));
    let formats = formats(root.get("formats"), &mut problems);
    for (id, edit) in edits(root.get("rules"), &ruleset, &aliases, &mut problems) {
        ruleset.edit(&id, with_formats(edit, &id, &ruleset, formats.as_deref()));
    }
    ruleset.overrides = overrides(root.get("overrides"), &ruleset, &aliases, &mut problems);
    ruleset.notes.append(&mut problems.notes);
    refuse(problems)?;
    Ok(ruleset)
}

/// Errors: what is wrong so far.
fn refuse(problems: Problems<'_>) -> Result<Problems<'_>, RulesetError> {
    match problems.errors.is_empty() {
        true => Ok(problems),
        false => Err(RulesetError {
            file: problems.source.file.to_string(),
            problems: problems.errors,
        }),
    }
}

fn check_keys(root: Node<'_>, problems: &mut Problems<'_>) {
    for Member { key, value } in root.members() {
        match key.as_str().unwrap_or_default() {
            "extends" | "rules" | "aliases" | "formats" | "overrides" | "description"
            | "documentationUrl" => {}
            "parserOptions" => problems.note(
                key,
                "`parserOptions` has no effect here",
                "duplicate keys and other syntax are reported as the reader finds them",
            ),
            "functionsDir" => {}
            "functions" if value.elements().next().is_none() && value.is_array() => {}
            "functions" => problems.error(
                key,
                "custom JavaScript functions are not run",
                "express the check with the built-in functions (`pattern`, `schema`, `casing`, …) and remove `functions`",
            ),
            "except" => problems.error(
                key,
                "`except` is a field of older rulesets",
                "write it as `overrides` with `files` and `rules`",
            ),
            name => problems.error(
                key,
                format!("a ruleset has no field `{name}`"),
                "remove it or correct its name: extends, rules, aliases, formats, overrides",
            ),
        }
    }
}

fn with_formats(edit: Edit, id: &str, ruleset: &Ruleset, formats: Option<&[SpecFormat]>) -> Edit {
    let is_new = !ruleset.rules.iter().any(|rule| *rule.id == *id);
    match edit {
        Edit::Define(mut definition) if is_new => {
            definition.formats = definition.formats.or(formats.map(<[_]>::to_vec));
            Edit::Define(definition)
        }
        edit => edit,
    }
}

fn extend(
    ruleset: &mut Ruleset,
    extends: Node<'_>,
    load: &mut RulesetLoader<'_>,
    open: &mut Vec<String>,
    problems: &mut Problems<'_>,
) -> Result<(), RulesetError> {
    let one = [extends];
    let items: Vec<Node<'_>> = match extends.is_array() {
        true => extends.elements().collect(),
        false => one.to_vec(),
    };
    for item in items {
        let name = if item.is_array() {
            item.elements().next()
        } else {
            Some(item)
        };
        let Some(text) = name.and_then(Node::as_str) else {
            problems.error(
                item,
                "`extends` names a ruleset, or a list of them",
                "write `spectral:oas`, a file, or `[spectral:oas, all]`",
            );
            continue;
        };
        let Some(mut other) = other(text, item, load, open, problems)? else {
            continue;
        };
        match item.elements().nth(1).map(|mode| mode.as_str()) {
            None => {}
            Some(Some("recommended")) => switch(&mut other, |recommended| recommended),
            Some(Some("all")) => switch(&mut other, |_| true),
            Some(Some("off")) => switch(&mut other, |_| false),
            Some(_) => problems.error(
                item,
                "this is no way to extend a ruleset",
                "write `all`, `recommended` or `off` after its name",
            ),
        }
        ruleset.extend(other);
    }
    Ok(())
}

fn switch(ruleset: &mut Ruleset, is_on: impl Fn(bool) -> bool) {
    for rule in &mut ruleset.rules {
        rule.is_enabled = is_on(rule.is_recommended);
    }
}

fn other(
    name: &str,
    at: Node<'_>,
    load: &mut RulesetLoader<'_>,
    open: &mut Vec<String>,
    problems: &mut Problems<'_>,
) -> Result<Option<Ruleset>, RulesetError> {
    if name == "spectral:oas" {
        return Ok(Some(Ruleset::spectral_oas()));
    }
    if name.starts_with("spectral:") {
        problems.error(
            at,
            format!("there is no built-in ruleset `{name}`"),
            "write `spectral:oas`",
        );
        return Ok(None);
    }
    if [".js", ".mjs", ".cjs", ".ts"]
        .iter()
        .any(|end| name.ends_with(end))
    {
        problems.error(
            at,
            "a ruleset in JavaScript is not run",
            "write the ruleset as YAML with the built-in functions",
        );
        return Ok(None);
    }
    let from = Arc::clone(&problems.source.file);
    match load(name, &from) {
        Ok(loaded) if open.contains(&loaded.file) => {
            problems.error(
                at,
                format!("`{name}` extends the ruleset that extends it"),
                "remove one of the two",
            );
            Ok(None)
        }
        Ok(_) if open.len() == EXTENDS_DEPTH_MAX => {
            problems.error(
                at,
                "more than 16 rulesets extend one another",
                "extend them side by side",
            );
            Ok(None)
        }
        Ok(loaded) => {
            let source = source_of(&loaded.bytes, &loaded.file)?;
            open.push(loaded.file);
            let read = read(&source, load, open);
            open.pop();
            read.map(Some)
        }
        Err(why) => {
            problems.error(
                at,
                format!("`{name}` cannot be read: {why}"),
                "correct the name; it is relative to this file",
            );
            Ok(None)
        }
    }
}

fn aliases(node: Option<Node<'_>>, problems: &mut Problems<'_>) -> Aliases {
    let mut aliases = Aliases::default();
    for member in node.into_iter().flat_map(Node::members) {
        let targets = member.value.get("targets");
        let alias = match targets {
            Some(targets) => Alias::Targets(
                targets
                    .elements()
                    .map(|target| {
                        let formats = formats(target.get("formats"), problems).unwrap_or_default();
                        let paths = target.get("given").map(|given| texts(given, problems));
                        (formats, paths.unwrap_or_default())
                    })
                    .collect(),
            ),
            None => Alias::Paths(texts(member.value, problems)),
        };
        aliases.named.insert(member.name().to_owned(), alias);
    }
    aliases
}

fn edits(
    rules: Option<Node<'_>>,
    ruleset: &Ruleset,
    aliases: &Arc<Aliases>,
    problems: &mut Problems<'_>,
) -> Vec<(Arc<str>, Edit)> {
    let mut edits = Vec::new();
    for member in rules.into_iter().flat_map(Node::members) {
        let is_known = ruleset.rules.iter().any(|rule| *rule.id == *member.name());
        if let Some(edit) = definition::edit(member, is_known, aliases, problems) {
            edits.push((Arc::from(member.name()), edit));
        }
    }
    edits
}

fn overrides(
    node: Option<Node<'_>>,
    ruleset: &Ruleset,
    aliases: &Arc<Aliases>,
    problems: &mut Problems<'_>,
) -> Vec<Override> {
    let mut overrides = Vec::new();
    for item in node.into_iter().flat_map(Node::elements) {
        let Some(files) = item.get("files") else {
            problems.error(
                item,
                "an override has no `files`",
                "name the files that it is about, such as `\"legacy/*.yaml\"`",
            );
            continue;
        };
        let files = texts(files, problems)
            .into_iter()
            .map(|text| match text.split_once('#') {
                Some((pattern, pointer)) => (pattern.to_owned(), Some(pointer.to_owned())),
                None => (text, None),
            });
        overrides.push(Override {
            files: files.collect(),
            edits: edits(item.get("rules"), ruleset, aliases, problems),
        });
    }
    overrides
}
