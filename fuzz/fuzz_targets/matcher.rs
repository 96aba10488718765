//! The compiled matcher against the naive reference, on contracts and paths made of the input's bytes.
#![no_main]

use gateway::matcher::{Found, Matcher};
use libfuzzer_sys::fuzz_target;

#[path = "../../crates/gateway/src/matcher/reference.rs"]
mod reference;

use reference::Reference;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "QUERY"];
const BASE_PATHS: [&str; 4] = ["", "/a", "/a/b", "/v1"];
/// The reference tries every way to share a segment out among parameters: long segments would take it for ever.
const SEGMENT_BYTES_MAX: usize = 40;

// The input is text: one line of base paths by number, lines of `method number, template`, an empty line, paths.
fuzz_target!(|input: &str| {
    let (contract, paths) = input.split_once("\n\n").unwrap_or((input, ""));
    let mut lines = contract.lines();
    let numbers = lines.next().unwrap_or("").bytes().take(3);
    let base_paths: Vec<String> = numbers
        .map(|n| BASE_PATHS[usize::from(n) % BASE_PATHS.len()].to_owned())
        .collect();
    let routes: Vec<(String, String, u32)> = lines
        .take(64)
        .zip(0..)
        .filter_map(|(line, number)| route(line, number))
        .collect();

    let listed = routes.iter().map(|(method, template, number)| {
        (
            method.parse().expect("a known method"),
            template.as_str(),
            *number,
        )
    });
    // Templates that cannot be one are refused; the reference does not judge them.
    let Ok(compiled) = Matcher::compile(&base_paths, listed) else {
        return;
    };
    let reference = Reference {
        base_paths: &base_paths,
        routes: &routes,
    };
    let bounded = |path: &&str| {
        path.split('/')
            .all(|segment| segment.len() <= SEGMENT_BYTES_MAX)
    };
    for path in paths.lines().take(64).filter(bounded) {
        check(&compiled, &reference, path);
    }
    // Every template is a path, and so is each with its parameters filled in.
    for (_, template, _) in routes
        .iter()
        .filter(|(_, template, _)| bounded(&template.as_str()))
    {
        check(&compiled, &reference, template);
        check(
            &compiled,
            &reference,
            &template.replace('{', "x").replace('}', "y"),
        );
    }
});

fn route(line: &str, number: u32) -> Option<(String, String, u32)> {
    let method = METHODS[usize::from(*line.as_bytes().first()?) % METHODS.len()];
    let template = line.get(1..)?;
    Some((method.to_owned(), template.to_owned(), number))
}

fn check(compiled: &Matcher, reference: &Reference<'_>, path: &str) {
    for method in METHODS {
        let found = compiled.find(&method.parse().expect("a known method"), path);
        let expected = match reference.operation(method, path) {
            Some(operation) => Found::Operation(operation),
            None => match reference.methods(path) {
                methods if methods.is_empty() => Found::Nothing,
                methods => Found::OtherMethods(
                    methods
                        .iter()
                        .map(|method| method.parse().expect("a known method"))
                        .collect(),
                ),
            },
        };
        assert_eq!(found, expected, "{method} {path:?}");
    }
}
