//! One rule, ready to run.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::formats::SpecFormat;
use super::function::Function;
use crate::level::Level;

/// A named check: where it looks, and what must hold there.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) id: Arc<str>,
    pub(super) description: Option<String>,
    /// The template of its findings.
    pub(super) message: Option<String>,
    pub(super) level: Level,
    pub(super) is_enabled: bool,
    pub(super) is_recommended: bool,
    /// Whether it sees the document with its references followed.
    pub(super) is_resolved: bool,
    /// `None`: every document.
    pub(super) formats: Option<Vec<SpecFormat>>,
    /// JSONPaths, some of which begin with an alias.
    pub(super) given: Vec<String>,
    pub(super) aliases: Arc<Aliases>,
    pub(super) then: Vec<Then>,
    /// Levels for parts of some files: the files, the pointer, and the level there (`None`: off).
    pub(super) exceptions: Vec<(String, String, Option<Level>)>,
}

/// What must hold of one target.
#[derive(Debug, Clone)]
pub(super) struct Then {
    pub(super) field: Option<Field>,
    pub(super) function: Arc<Function>,
}

/// Which part of the given value is looked at.
#[derive(Debug, Clone)]
pub(super) enum Field {
    /// `@key`
    Keys,
    /// Names that lead there.
    Names(Vec<String>),
    /// A JSONPath below the given value.
    Path(Box<super::path::Path>),
}

/// Names for paths.
#[derive(Debug, Clone, Default)]
pub(super) struct Aliases {
    pub(super) named: BTreeMap<String, Alias>,
}

#[derive(Debug, Clone)]
pub(super) enum Alias {
    Paths(Vec<String>),
    /// Other paths for other formats; the last that fits counts.
    Targets(Vec<(Vec<SpecFormat>, Vec<String>)>),
}

/// Aliases that stand for aliases.
const ALIAS_DEPTH_MAX: usize = 16;

impl Aliases {
    /// The paths that `given` stands for in a document of these formats. Error: a sentence about what is wrong.
    pub(super) fn expand(
        &self,
        given: &str,
        formats: &[SpecFormat],
    ) -> Result<Vec<String>, String> {
        let mut paths = Vec::new();
        self.expand_into(given, formats, 0, &mut paths)?;
        Ok(paths)
    }

    fn expand_into(
        &self,
        given: &str,
        formats: &[SpecFormat],
        depth: usize,
        paths: &mut Vec<String>,
    ) -> Result<(), String> {
        let Some(rest) = given.strip_prefix('#') else {
            paths.push(given.to_owned());
            return Ok(());
        };
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
            .unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        if depth == ALIAS_DEPTH_MAX {
            return Err(format!("the alias `{name}` leads back to itself"));
        }
        let alias = self
            .named
            .get(name)
            .ok_or_else(|| format!("there is no alias `{name}` in this ruleset"))?;
        let stands_for = match alias {
            Alias::Paths(paths) => paths.as_slice(),
            Alias::Targets(targets) => targets
                .iter()
                .rev()
                .find(|(fits, _)| fits.iter().any(|format| formats.contains(format)))
                .map_or(&[][..], |(_, paths)| paths),
        };
        for path in stands_for {
            self.expand_into(&format!("{path}{rest}"), formats, depth + 1, paths)?;
        }
        Ok(())
    }
}
