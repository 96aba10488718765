//! Which version a call is for, in every way to ask.

use super::*;
use crate::phases::fixture::{BETA_KEY, KNOWN, NEWCOMER, head, identified, spec};
use crate::snapshot::{CompileError, Snapshot};
use crate::spec::{SurfaceSpec, VersionName};
use adoption::KeyId;

/// The name of the version, or the code of the refusal, and how much of the path it takes.
fn check(
    caller: (adoption::ConsumerId, KeyId),
    rest: &str,
    fields: &[(&str, &str)],
    expect: (&str, Asked, usize),
) {
    let snapshot = Snapshot::compile(&spec()).unwrap();
    let surface = &snapshot.surfaces[0];
    let head = head("GET /", fields);
    let identified = identified(caller.0, caller.1);
    let found = match choose(surface, &identified, &head.fields, rest) {
        Ok(chosen) => {
            let name = chosen.version.name.as_ref().unwrap();
            let name = name.value.to_str().unwrap().to_owned();
            (name, chosen.asked, chosen.path_length)
        }
        Err(refused) => (refused.1.code.to_owned(), Asked::No, 0),
    };
    let expect = (expect.0.to_owned(), expect.1, expect.2);
    assert_eq!(found, expect, "{caller:?} {rest} {fields:?}");
}

const NEW: (adoption::ConsumerId, KeyId) = (NEWCOMER, KeyId::NONE);
const PINNED: (adoption::ConsumerId, KeyId) = (KNOWN, KeyId::NONE);
const BETA: (adoption::ConsumerId, KeyId) = (KNOWN, BETA_KEY);
const HEADER: &str = "towpath-version";
const MEDIA: &str = "application/vnd.acme.v2+json";

#[test]
fn who_names_none_gets_the_pin_of_the_key_then_of_the_consumer_then_the_default() {
    check(NEW, "/items", &[], ("1", Asked::No, 0));
    check(PINNED, "/items", &[], ("2", Asked::No, 0));
    check(BETA, "/items", &[], ("3", Asked::No, 0));
}

#[test]
fn path_comes_before_header_and_header_before_media_type() {
    let explicit = Asked::Explicitly;
    check(NEW, "/v2/items", &[(HEADER, "1")], ("2", explicit, 3));
    check(NEW, "/v2", &[], ("2", explicit, 3));
    check(NEW, "/v20/items", &[], ("1", Asked::No, 0));
    check(BETA, "/items", &[(HEADER, "2")], ("2", explicit, 0));
    check(
        PINNED,
        "/items",
        &[(HEADER, "1"), ("accept", MEDIA)],
        ("1", explicit, 0),
    );
    check(NEW, "/items", &[("accept", MEDIA)], ("2", explicit, 0));
    check(
        NEW,
        "/items",
        &[("content-type", MEDIA)],
        ("2", explicit, 0),
    );
    check(
        NEW,
        "/items",
        &[("accept", "*/*"), ("content-type", MEDIA)],
        ("2", explicit, 0),
    );
    let preferred = "application/vnd.acme.v2+json;q=0.5, application/vnd.acme.v1+json";
    check(
        PINNED,
        "/items",
        &[("accept", preferred)],
        ("1", explicit, 0),
    );
}

#[test]
fn a_name_that_no_version_has_is_refused_with_those_that_there_are() {
    let unknown = ("version_unknown", Asked::No, 0);
    for bad in ["9", "", "2, 1", "v2", "\u{7f}`"] {
        check(BETA, "/items", &[(HEADER, bad)], unknown);
    }
    check(NEW, "/items", &[(HEADER, "1"), (HEADER, "2")], unknown);
    check(
        NEW,
        "/items",
        &[(HEADER, "2"), (HEADER, "2")],
        ("2", Asked::Explicitly, 0),
    );

    let snapshot = Snapshot::compile(&spec()).unwrap();
    let head = head("GET /", &[(HEADER, "9`\n")]);
    let caller = identified(NEWCOMER, KeyId::NONE);
    let refused = choose(&snapshot.surfaces[0], &caller, &head.fields, "/").unwrap_err();
    insta::assert_snapshot!(refused.1.detail, @r#"`Towpath-Version` asks for `9??`, which is no version of this API or not the only one asked for; there are `1`, `2`, `3` (private beta); leave the field out to be served by the version that you are pinned to"#);
}

#[test]
fn a_private_beta_is_open_to_its_keys_alone() {
    let closed = ("version_not_open", Asked::No, 0);
    check(PINNED, "/items", &[(HEADER, "3")], closed);
    check(NEW, "/v3/items", &[], closed);
    check(BETA, "/v3/items", &[], ("3", Asked::Explicitly, 3));
}

/// What is said of a surface that was changed.
fn broken(change: impl FnOnce(&mut SurfaceSpec)) -> String {
    let mut spec = spec();
    change(&mut spec.surfaces[0]);
    match Snapshot::compile(&spec) {
        Ok(_) => "compiled".to_owned(),
        Err(error @ (CompileError::Version { .. } | CompileError::VersionHeader { .. })) => {
            error.to_string()
        }
        Err(error) => format!("another error: {error}"),
    }
}

#[test]
fn a_snapshot_says_which_version_of_which_surface_is_wrong() {
    let second = |change: fn(&mut VersionName)| {
        broken(|surface| change(&mut surface.versions.as_mut().unwrap().others[0].name))
    };
    let found = [
        second(|name| name.name = "1".to_owned()),
        second(|name| name.name = "a b".to_owned()),
        second(|name| name.path = Some("/v1".to_owned())),
        second(|name| name.path = Some("/v2/".to_owned())),
        second(|name| name.path = Some("/../v2".to_owned())),
        second(|name| name.media_type = Some("APPLICATION/vnd.acme.v1+json".to_owned())),
        second(|name| name.media_type = Some("*/*".to_owned())),
        broken(|surface| surface.versions.as_mut().unwrap().default = "4".to_owned()),
        broken(|surface| surface.versions.as_mut().unwrap().default = "3".to_owned()),
        broken(|surface| surface.versions.as_mut().unwrap().pins[0].1 = "4".to_owned()),
        broken(|surface| surface.versions.as_mut().unwrap().key_pins[0].1 = "4".to_owned()),
        broken(|surface| surface.versions.as_mut().unwrap().header = "Host".to_owned()),
        broken(|surface| {
            let versions = surface.versions.as_mut().unwrap();
            let many = (0..64).map(|i| {
                let mut other = versions.others[0].clone();
                other.name = VersionName {
                    name: format!("many{i}"),
                    path: None,
                    media_type: None,
                };
                other
            });
            versions.others = many.collect();
        }),
    ];
    insta::assert_snapshot!(found.join("\n"), @r#"
    version "1" of surface "orders" cannot be served: another version has its name
    version "a b" of surface "orders" cannot be served: its name is not 1 to 64 visible ASCII characters without `,` and `;`
    version "2" of surface "orders" cannot be served: another version has its path
    version "2" of surface "orders" cannot be served: its path is not `/` and letters, digits, `-`, `.`, `_` or `~`, without a slash at the end
    version "2" of surface "orders" cannot be served: its path is not `/` and letters, digits, `-`, `.`, `_` or `~`, without a slash at the end
    version "2" of surface "orders" cannot be served: another version has its media type
    version "2" of surface "orders" cannot be served: its media type is none, and no parameter of one
    version "4" of surface "orders" cannot be served: no version has this name, which the default or a pin asks for
    version "3" of surface "orders" cannot be served: it is the default and not open to everyone
    version "4" of surface "orders" cannot be served: no version has this name, which the default or a pin asks for
    version "4" of surface "orders" cannot be served: no version has this name, which the default or a pin asks for
    header "Host" of surface "orders" has a meaning of its own and cannot name versions
    version "many63" of surface "orders" cannot be served: it is one more than a surface may have
    "#);
}
