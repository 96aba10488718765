//! Whether `info.version` tells of a breaking change: by semantic versioning it asks for a new major version.

use std::cmp::Ordering;

use crate::diff::fact::Documents;
use crate::diff::found::Found;
use crate::diff::options::VersionPolicy;
use crate::diff::report::Report;
use crate::level::Level;
use crate::model::document::Document;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "VersionPolicyCheck",
    texts: TEXTS,
    run: Run::Finish(check),
};

const WHY: &str = "Consumers take a version of the same major for one that breaks nothing, and move to it unread.";

const TEXTS: &[Text] = &[
    Text {
        ids: &["api-version-not-bumped"],
        purpose: "The contract has breaking changes and the same `info.version` as before.",
        why: WHY,
        safely: "Release it as the next major version; below 1.0.0 the next minor version will do.",
        breaking: "base: {info: {version: 1.2.3}, paths: {/a: {get: {responses: {}}}}}\nrevision: {info: {version: 1.2.3}, paths: {}}",
        safe: "base: {info: {version: 1.2.3}, paths: {/a: {get: {responses: {}}}}}\nrevision: {info: {version: 2.0.0}, paths: {}}",
    },
    Text {
        ids: &["api-version-decreased"],
        purpose: "The contract has breaking changes and an `info.version` below the one before.",
        why: WHY,
        safely: "Release it as the next major version; below 1.0.0 the next minor version will do.",
        breaking: "base: {info: {version: 1.2.3}, paths: {/a: {get: {responses: {}}}}}\nrevision: {info: {version: 1.2.2}, paths: {}}",
        safe: "base: {info: {version: 1.2.3}, paths: {}}\nrevision: {info: {version: 1.2.2}, paths: {/a: {get: {responses: {}}}}}",
    },
    Text {
        ids: &["api-major-version-not-bumped"],
        purpose: "The contract has breaking changes and a higher `info.version` of the same major.",
        why: WHY,
        safely: "Release it as the next major version; below 1.0.0 the next minor version will do.",
        breaking: "base: {info: {version: 1.2.3}, paths: {/a: {get: {responses: {}}}}}\nrevision: {info: {version: 1.3.0}, paths: {}}",
        safe: "base: {info: {version: 0.2.3}, paths: {/a: {get: {responses: {}}}}}\nrevision: {info: {version: 0.3.0}, paths: {}}",
    },
];

/// Versions that are not semantic ones are not judged: nothing says which of their parts tells of breaking changes.
fn check<'t>(documents: &Documents<'_, 't>, report: &mut Report<'t>) {
    match documents.options.version_policy {
        VersionPolicy::Semver if report.has(Level::Error) => {}
        VersionPolicy::Semver | VersionPolicy::None => return,
    }
    let sides = version(documents.base).zip(version(documents.revision));
    let Some((old, new)) = sides else { return };
    let (Some(from), Some(to)) = (semantic(old.text()), semantic(new.text())) else {
        return;
    };
    let (was, is) = (old.text(), new.text());
    let (id, message) = match to.cmp(&from) {
        _ if was == is => (
            "api-version-not-bumped",
            format!("there are breaking changes, and the version is still `{is}`"),
        ),
        Ordering::Less | Ordering::Equal => (
            "api-version-decreased",
            format!("there are breaking changes, and the version went from `{was}` to `{is}`"),
        ),
        Ordering::Greater if !is_major(from, to) => (
            "api-major-version-not-bumped",
            format!(
                "there are breaking changes, and the version went from `{was}` to `{is}`, of the same major"
            ),
        ),
        Ordering::Greater => return,
    };
    let found = Found::new(id, message).base(old).revision(new);
    documents.report(report, "/info/version", found.value(was).value(is));
}

fn version<'t>(document: &Document<'t>) -> Option<Node<'t>> {
    let version = document.root().get("info")?.get("version")?;
    version.as_str().map(|_| version)
}

/// Below 1.0.0 the minor version has the part of the major (Semantic Versioning 2.0.0, section 4).
fn is_major(from: [u64; 3], to: [u64; 3]) -> bool {
    match (from, to) {
        ([0, from, _], [0, to, _]) => to > from,
        ([from, ..], [to, ..]) => to > from,
    }
}

/// Major, minor and patch of a semantic version, with a `v` before it or without; what follows them is read past.
fn semantic(text: &str) -> Option<[u64; 3]> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let (text, build) = split(text, '+');
    let (core, prerelease) = split(text, '-');
    let is_word = |part: &str| {
        let mut bytes = part.bytes();
        !part.is_empty() && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_release = |part: &str| is_word(part) && (!is_digits(part) || number(part).is_some());
    let is_valid = build.is_none_or(|build| build.split('.').all(is_word))
        && prerelease.is_none_or(|prerelease| prerelease.split('.').all(is_release));
    let mut parts = core.split('.').map(number);
    let version = [parts.next()??, parts.next()??, parts.next()??];
    (is_valid && parts.next().is_none()).then_some(version)
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Without leading zeros.
fn number(text: &str) -> Option<u64> {
    let is_number = is_digits(text) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_semantic_versions_are_read() {
        let check = |text: &str, expect: Option<[u64; 3]>| {
            assert_eq!(semantic(text), expect, "{text}");
        };
        check("1.2.3", Some([1, 2, 3]));
        check("v1.2.3", Some([1, 2, 3]));
        check("1.2.3-rc-1.0+build.01", Some([1, 2, 3]));
        check("1.2.3+a-b", Some([1, 2, 3]));
        for text in [
            "",
            "1",
            "v1",
            "1.2",
            "1.2.3.4",
            "01.2.3",
            "1.2.3-",
            "1.2.3-01",
            "1.2.3+",
            "1.+2.3",
            "2026-01-02",
            "1.2.99999999999999999999",
            "vv1.2.3",
        ] {
            check(text, None);
        }
    }
}
