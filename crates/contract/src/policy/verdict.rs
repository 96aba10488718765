//! Whether the version that a revision declares says enough about its changes.

use serde::Serialize;

use super::bump::{Bump, bump_required};
use super::version::Version;
use crate::change::Change;
use crate::source::Source;

/// How the declared versions relate to the required bump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The version moved as far as the changes need, or nothing changed.
    Enough,
    /// The same version stands for two contracts.
    NotBumped,
    /// It moved, and not far enough.
    TooSmall,
    Decreased,
    /// One of the two is absent or no semantic version.
    Unknown,
}

/// A judgement on the versions of two contracts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// `None` when nothing changed.
    pub required: Option<Bump>,
    /// What the versions declare; `None` unless both are semantic and the second is the higher one.
    pub declared: Option<Bump>,
    pub outcome: Outcome,
    /// `info.version` of the base.
    pub base: Option<String>,
    /// `info.version` of the revision.
    pub revision: Option<String>,
    /// One sentence, lower case, without full stop.
    pub reason: String,
}

/// `info.version` as written.
pub fn version_of(source: &Source) -> Option<&str> {
    source.root().get("info")?.get("version")?.scalar_text()
}

/// Below 1.0.0 a minor bump is enough for everything (SemVer 2.0.0 section 4).
pub fn verdict(changes: &[Change], base: &Source, revision: &Source) -> Verdict {
    let required = bump_required(changes);
    let (old, new) = (version_of(base), version_of(revision));
    let versions = old
        .and_then(Version::parse)
        .zip(new.and_then(Version::parse));
    let declared = versions.and_then(|(old, new)| declared(old, new));
    let outcome = match (required, versions) {
        (None, _) => Outcome::Enough,
        (Some(_), None) if old.is_some() && old == new => Outcome::NotBumped,
        (Some(_), None) => Outcome::Unknown,
        (Some(_), Some((old, new))) if new == old => Outcome::NotBumped,
        (Some(required), Some((old, _))) => judge(required, declared, old),
    };
    Verdict {
        required,
        declared,
        outcome,
        base: old.map(str::to_owned),
        revision: new.map(str::to_owned),
        reason: reason(required, declared, outcome, (old, new)),
    }
}

fn declared(old: Version, new: Version) -> Option<Bump> {
    let bump = if new.major > old.major {
        Bump::Major
    } else if new.minor > old.minor {
        Bump::Minor
    } else {
        Bump::Patch
    };
    (new > old).then_some(bump)
}

fn judge(required: Bump, declared: Option<Bump>, old: Version) -> Outcome {
    let needed = match old.major {
        0 => required.min(Bump::Minor),
        _ => required,
    };
    match declared {
        None => Outcome::Decreased,
        Some(declared) if declared >= needed => Outcome::Enough,
        Some(_) => Outcome::TooSmall,
    }
}

fn reason(
    required: Option<Bump>,
    declared: Option<Bump>,
    outcome: Outcome,
    (old, new): (Option<&str>, Option<&str>),
) -> String {
    let Some(required) = required else {
        return "nothing changed, so the version may stay".to_owned();
    };
    let (old, new) = (old.unwrap_or("none"), new.unwrap_or("none"));
    let needs = format!("the changes need a {required} bump, and");
    match (outcome, declared) {
        (Outcome::NotBumped, _) => format!("{needs} the version is still `{old}`"),
        (Outcome::Decreased, _) => format!("{needs} the version went back from `{old}` to `{new}`"),
        (Outcome::Enough, Some(declared)) if declared < required => {
            format!("{needs} `{old}` to `{new}` is a {declared} one, which is enough below 1.0.0")
        }
        (Outcome::Enough | Outcome::TooSmall, Some(declared)) => {
            format!("{needs} `{old}` to `{new}` is a {declared} one")
        }
        (Outcome::Unknown | Outcome::Enough | Outcome::TooSmall, _) => {
            format!("{needs} `{old}` to `{new}` cannot be compared as semantic versions")
        }
    }
}
