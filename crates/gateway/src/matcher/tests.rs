//! The matcher's laws: examples by hand, and agreement with the naive reference on generated contracts.

use http::Method;
use proptest::prelude::*;

use super::reference::Reference;
use super::{Found, MatchError, Matcher};

fn matcher(base_paths: &[&str], routes: &[&str]) -> Matcher {
    let base_paths: Vec<String> = base_paths
        .iter()
        .map(|base_path| (*base_path).to_owned())
        .collect();
    let routes = routes.iter().enumerate().map(|(number, route)| {
        let (method, template) = route.split_once(' ').unwrap();
        (
            Method::from_bytes(method.as_bytes()).unwrap(),
            template,
            number as u32,
        )
    });
    Matcher::compile(&base_paths, routes).unwrap()
}

/// What is found, as the route's text.
fn check(routes: &[&str], cases: &[(&str, &str)]) {
    let matcher = matcher(&[], routes);
    for (request, expected) in cases {
        let (method, path) = request.split_once(' ').unwrap();
        let found = match matcher.find(&method.parse().unwrap(), path) {
            Found::Operation(number) => routes[number as usize].to_owned(),
            Found::OtherMethods(methods) => format!("{methods:?}"),
            Found::Nothing => String::new(),
        };
        assert_eq!(found, *expected, "{request}");
    }
}

#[test]
fn concrete_before_templated_and_more_literal_before_less() {
    check(
        &[
            "GET /pets/{id}",
            "GET /pets/mine",
            "GET /{kind}/{id}",
            "GET /{kind}/mine",
            "GET /a/{b}/c",
            "GET /{a}/b/c",
            "GET /a/b/{c}",
            "GET /a/{b}/{c}",
        ],
        &[
            ("GET /pets/mine", "GET /pets/mine"),
            ("GET /pets/7", "GET /pets/{id}"),
            ("GET /cats/mine", "GET /{kind}/mine"),
            ("GET /cats/7", "GET /{kind}/{id}"),
            // Two literals each: literal further left wins.
            ("GET /a/b/c", "GET /a/b/{c}"),
            ("GET /a/x/c", "GET /a/{b}/c"),
            ("GET /x/b/c", "GET /{a}/b/c"),
            ("GET /a/x/y", "GET /a/{b}/{c}"),
            ("GET /x/y/z", ""),
            ("GET /pets", ""),
            ("GET /", ""),
        ],
    );
}

#[test]
fn partly_literal_segments() {
    check(
        &[
            "GET /repos/{owner}/{repo}/compare/{basehead}",
            "GET /repos/{owner}/{repo}/compare/{base}...{head}",
            "GET /files/{name}",
            "GET /files/{name}.json",
            "GET /files/{name}.tar.json",
            "GET /files/{a}-{b}",
            "GET /files/v{major}.{minor}",
            "GET /pairs/{a}{b}",
        ],
        &[
            (
                "GET /repos/o/r/compare/main...dev",
                "GET /repos/{owner}/{repo}/compare/{base}...{head}",
            ),
            (
                "GET /repos/o/r/compare/main..dev",
                "GET /repos/{owner}/{repo}/compare/{basehead}",
            ),
            (
                "GET /repos/o/r/compare/...dev",
                "GET /repos/{owner}/{repo}/compare/{basehead}",
            ),
            ("GET /files/a.json", "GET /files/{name}.json"),
            ("GET /files/a%2Ejson", "GET /files/{name}.json"),
            ("GET /files/a.tar.json", "GET /files/{name}.tar.json"),
            ("GET /files/.json", "GET /files/{name}"),
            ("GET /files/a-b-c", "GET /files/{a}-{b}"),
            ("GET /files/-b", "GET /files/{name}"),
            ("GET /files/v1.2", "GET /files/v{major}.{minor}"),
            ("GET /pairs/ab", "GET /pairs/{a}{b}"),
            ("GET /pairs/a", ""),
        ],
    );
}

#[test]
fn slashes_and_escapes() {
    check(
        &[
            "GET /a",
            "GET /a/",
            "GET /",
            "GET /b%20c/{x}",
            "GET /d e",
            "GET /{x}/z",
            "GET /n{o}p%2Fq",
        ],
        &[
            ("GET /a", "GET /a"),
            ("GET /a/", "GET /a/"),
            ("GET /", "GET /"),
            ("GET /%61", "GET /a"),
            ("GET /b%20c/1", "GET /b%20c/{x}"),
            ("GET /b%20c/%2F", "GET /b%20c/{x}"),
            ("GET /d%20e", "GET /d e"),
            // An encoded slash is no border, and an empty segment is no parameter.
            ("GET /a%2Fz", ""),
            ("GET //z", ""),
            ("GET /b%20c/", ""),
            ("GET /n1p%2fq", "GET /n{o}p%2Fq"),
            ("GET /A", ""),
            ("GET a", ""),
            ("GET *", ""),
        ],
    );
}

#[test]
fn another_method_is_not_an_unknown_path() {
    check(
        &["GET /a/{b}", "POST /a/{b}", "DELETE /a/c", "QUERY /q"],
        &[
            ("PUT /a/1", "[GET, POST]"),
            ("DELETE /a/1", "[GET, POST]"),
            ("PUT /a/c", "[GET, POST, DELETE]"),
            ("QUERY /q", "QUERY /q"),
            ("GET /q", "[QUERY]"),
            ("get /a/1", "[GET, POST]"),
            ("PUT /x", ""),
        ],
    );
}

#[test]
fn every_base_path_leads_to_the_same_operations_and_the_longest_is_tried_first() {
    let matcher = matcher(
        &["", "/v1", "/v1/beta"],
        &["GET /pets", "GET /{kind}/pets", "GET /beta/pets"],
    );
    let find = |path: &str| matcher.find(&Method::GET, path);
    assert_eq!(find("/pets"), Found::Operation(0));
    assert_eq!(find("/v1/pets"), Found::Operation(0));
    assert_eq!(find("/v1/beta/pets"), Found::Operation(0));
    assert_eq!(find("/v2/pets"), Found::Operation(1));
    assert_eq!(find("/v1/x/pets"), Found::Operation(1));
    assert_eq!(find("/v1beta/pets"), Found::Operation(1));
    assert_eq!(find("/v1"), Found::Nothing);
}

#[test]
fn of_templates_that_differ_in_names_only_the_first_wins() {
    check(&["GET /a/{x}", "GET /a/{y}"], &[("GET /a/1", "GET /a/{x}")]);
    check(
        &["GET /a/{x}-{y}", "GET /a/{p}-{q}"],
        &[("GET /a/1-2", "GET /a/{x}-{y}")],
    );
}

#[test]
fn a_template_that_cannot_be_one_is_refused_by_name() {
    let compile = |template: &str| Matcher::compile(&[], [(Method::GET, template, 0)]).map(drop);
    let error = |template: &str| compile(template).unwrap_err().to_string();
    insta::assert_snapshot!(error("a/b"), @r#"path template "a/b" does not start with /"#);
    insta::assert_snapshot!(error("/a/{b"), @r#"path template "/a/{b" has braces that do not pair within one segment"#);
    for bad in ["/a}", "/{a/b}", "/{{a}}", "/{a}}", "/a{"] {
        assert!(
            matches!(compile(bad), Err(MatchError::Braces { .. })),
            "{bad}"
        );
    }
    assert_eq!(compile(&"/a".repeat(32)), Ok(()));
    let deep = "/a".repeat(33);
    assert_eq!(
        compile(&deep),
        Err(MatchError::Segments {
            template: deep.clone(),
            segments: 33
        })
    );
}

#[test]
fn what_differs_far_from_the_start_decides_too() {
    for depth in [7, 8, 9, 16, 17, 24, 25, 32] {
        let start = "/{x}/a".repeat(16);
        let prefix: String = start.split_inclusive('/').take(depth).collect();
        let [one, other, free] = ["one", "other", "{y}"].map(|last| format!("GET {prefix}{last}"));
        let path: String = "/1/a".repeat(16).split_inclusive('/').take(depth).collect();
        check(
            &[&free, &one, &other],
            &[
                (&format!("GET {path}one"), &one),
                (&format!("GET {path}other"), &other),
                (&format!("GET {path}third"), &free),
                (&format!("GET {path}"), ""),
            ],
        );
    }
    check(
        &["GET /a/{b}"],
        &[(&format!("GET {}", "/a".repeat(40)), "")],
    );
}

#[test]
fn many_operations_are_each_found_by_their_own_path() {
    let templates: Vec<String> = (0..10_000)
        .map(|i| format!("/s{}/{{a}}/k{}/{{b}}/t{}", i % 97, i % 89, i))
        .collect();
    let routes = templates
        .iter()
        .enumerate()
        .map(|(i, template)| (Method::GET, template.as_str(), i as u32));
    let matcher = Matcher::compile(&[], routes).unwrap();
    for i in 0..10_000 {
        let path = format!("/s{}/x{i}/k{}/y/t{i}", i % 97, i % 89);
        assert_eq!(
            matcher.find(&Method::GET, &path),
            Found::Operation(i),
            "{path}"
        );
    }
}

/// Few and short words, so that templates overlap and compete.
fn segment() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop_oneof![Just("a"), Just("b"), Just("ab"), Just(""), Just("a.b"), Just("%61"), Just("a%2Fb")].prop_map(str::to_owned),
        4 => Just("{x}".to_owned()),
        2 => prop_oneof![Just("{x}.b"), Just("a{x}"), Just("{x}-{y}"), Just("{x}a{y}"), Just("{x}{y}"), Just("a{x}b{y}a"), Just("{x}.%62")]
            .prop_map(str::to_owned),
    ]
}

fn path_segment() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop_oneof![Just("a"), Just("b"), Just("ab"), Just(""), Just("a.b"), Just("%61"), Just("a%2fb"), Just("%"), Just("a%2"), Just("%%61")]
            .prop_map(str::to_owned),
        1 => "[ab.%-]{0,6}",
    ]
}

fn path_of(segments: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop::collection::vec(segments, 1..5).prop_map(|segments| format!("/{}", segments.join("/")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_the_reference(
        routes in prop::collection::vec((prop_oneof![Just("GET"), Just("POST"), Just("LOCK")], path_of(segment())), 0..24),
        base_paths in prop::collection::vec(prop_oneof![Just(""), Just("/a"), Just("/a/b")], 0..3),
        paths in prop::collection::vec(path_of(path_segment()), 1..16),
    ) {
        let base_paths: Vec<String> = base_paths.into_iter().map(str::to_owned).collect();
        let routes: Vec<(String, String, u32)> = routes
            .into_iter()
            .enumerate()
            .map(|(number, (method, template))| (method.to_owned(), template, number as u32))
            .collect();
        let compiled = Matcher::compile(
            &base_paths,
            routes.iter().map(|(method, template, number)| (method.parse().unwrap(), template.as_str(), *number)),
        )
        .unwrap();
        let reference = Reference { base_paths: &base_paths, routes: &routes };
        for path in paths {
            for method in ["GET", "LOCK"] {
                let expected = match reference.operation(method, &path) {
                    Some(operation) => Found::Operation(operation),
                    None => match reference.methods(&path) {
                        methods if methods.is_empty() => Found::Nothing,
                        methods => Found::OtherMethods(methods.iter().map(|method| method.parse().unwrap()).collect()),
                    },
                };
                prop_assert_eq!(compiled.find(&method.parse().unwrap(), &path), expected, "{} {}", method, path);
            }
        }
    }
}
