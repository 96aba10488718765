//! What a comparison of small contracts finds, where, and in which order.

use super::schema_table::SchemaTable;
use super::{diff, ways};
use crate::diff::options::{Clients, DiffOptions, LevelOverride};
use crate::level::Level;
use crate::model::document::Document;
use crate::source::Source;
use crate::tree::Node;

fn changes(base: &str, revision: &str) -> Vec<String> {
    let read = |text: &str, name| Source::read(text.as_bytes(), name).unwrap();
    let options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
    let diff = diff(
        &read(base, "base.yaml"),
        &read(revision, "revision.yaml"),
        &options,
    );
    diff.changes
        .iter()
        .map(|change| change.id.to_owned())
        .collect()
}

#[test]
fn equal_contracts_have_no_changes() {
    let text = "openapi: 3.1.0\npaths: {/a: {get: {responses: {200: {content: {application/json: {schema: {$ref: '#/components/schemas/a'}}}}}}}}\ncomponents: {schemas: {a: {properties: {a: {$ref: '#/components/schemas/a'}}}}}";
    assert_eq!(changes(text, text), Vec::<String>::new());
}

fn lines(base: &str, revision: &str) -> String {
    let read = |text: &str, name| Source::read(text.as_bytes(), name).unwrap();
    let options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
    let diff = diff(&read(base, "base"), &read(revision, "revision"), &options);
    let place = |site: &Option<std::sync::Arc<crate::site::Site>>| match site {
        Some(site) => format!("{}:{} {}", site.line, site.column, site.pointer),
        None => "-".to_owned(),
    };
    let lines = diff.changes.iter().map(|change| {
        format!(
            "{} | {} | {} | {}",
            change.id,
            place(&change.base),
            place(&change.revision),
            change.message
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn places_are_where_the_thing_is_written() {
    let contract = |max: u32| {
        format!(
            "openapi: 3.0.3
paths:
  /b/{{id}}:
    post: {{requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/card'}}}}}}}}}}
  /a:
    post: {{requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/card'}}}}}}}}}}
components:
  schemas:
    card:
      properties:
        number: {{type: string, maxLength: {max}}}
"
        )
    };
    let revision = contract(10).replace("{id}", "{key}");
    insta::assert_snapshot!(lines(&contract(20), &revision), @r"
    request-property-max-length-decreased | 11:43 /components/schemas/card/properties/number/maxLength | 11:43 /components/schemas/card/properties/number/maxLength | `maxLength` of request property `number` was decreased from `20` to `10`
    request-property-max-length-decreased | 11:43 /components/schemas/card/properties/number/maxLength | 11:43 /components/schemas/card/properties/number/maxLength | `maxLength` of request property `number` was decreased from `20` to `10`
    ");
}

#[test]
fn schemas_that_all_refer_to_each_other_end() {
    let contract = |leaf: &str| {
        let mut text = String::from(
            "openapi: 3.1.0\npaths: {/a: {get: {responses: {200: {content: {application/json: {schema: {$ref: '#/components/schemas/s0'}}}}}}}}\ncomponents:\n  schemas:\n",
        );
        for one in 0..60 {
            text += &format!("    s{one}:\n      properties:\n        leaf: {{type: {leaf}}}\n");
            for other in 0..60 {
                text += &format!("        p{other}: {{$ref: '#/components/schemas/s{other}'}}\n");
            }
        }
        text
    };
    let found = changes(&contract("string"), &contract("integer"));
    assert_eq!(found.len(), 60);
    assert!(
        found
            .iter()
            .all(|id| id == "response-property-type-changed")
    );
}

/// Rule, level and who breaks, of each change.
fn levels(base: &str, revision: &str, options: &DiffOptions) -> String {
    let read = |text: &str, name| Source::read(text.as_bytes(), name).unwrap();
    let diff = diff(&read(base, "base"), &read(revision, "revision"), options);
    let lines = diff.changes.iter().map(|change| {
        let breaks: Vec<_> = change.breaks.iter().map(|one| one.as_str()).collect();
        let level = change.level.as_str();
        format!("{} {level} [{}]", change.id, breaks.join(", "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn strict_clients_raise_what_breaks_them_and_nothing_else() {
    let contract = |parameter: &str, request: &str, response: &str| {
        let body = |schema: &str| {
            format!("{{content: {{application/json: {{schema: {{type: object, {schema}}}}}}}}}")
        };
        format!(
            "openapi: 3.1.0\npaths: {{/a: {{post: {{parameters: [{parameter}], requestBody: {}, responses: {{200: {}}}}}}}}}",
            body(request),
            body(response)
        )
    };
    let base = contract(
        "{in: query, name: size, schema: {maximum: 1}}",
        "required: [a], properties: {a: {type: string}}",
        "properties: {b: {type: string, pattern: ^a}}",
    );
    // The parameter is loosened and another added; `a` became optional; `b` has another pattern, `c` is new.
    let revision = contract(
        "{in: query, name: size, schema: {maximum: 2}}, {in: query, name: page}",
        "properties: {a: {type: string}}",
        "properties: {b: {type: string, pattern: ^b}, c: {}}",
    );
    let mut options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
    insta::assert_snapshot!(levels(&base, &revision, &options), @r"
    new-optional-request-parameter info []
    response-optional-property-added info []
    request-parameter-max-increased info []
    request-property-became-optional info []
    response-property-pattern-changed info []
    ");
    options.clients = Clients::Strict;
    insta::assert_snapshot!(levels(&base, &revision, &options), @r"
    new-optional-request-parameter warning [sdk]
    response-optional-property-added warning [wire, sdk]
    request-parameter-max-increased info []
    request-property-became-optional warning [sdk]
    response-property-pattern-changed warning [wire, sdk]
    ");

    let id = "new-optional-request-parameter".to_owned();
    options
        .levels
        .insert(id, LevelOverride::Level(Level::Error));
    let id = "response-property-pattern-changed".to_owned();
    options.levels.insert(id, LevelOverride::Off);
    insta::assert_snapshot!(levels(&base, &revision, &options), @r"
    new-optional-request-parameter error [sdk]
    response-optional-property-added warning [wire, sdk]
    request-parameter-max-increased info []
    request-property-became-optional warning [sdk]
    ");
}

#[test]
fn dynamic_references_are_walked_and_end() {
    let contract = |leaf: &str| {
        format!(
            "openapi: 3.1.0
paths: {{/a: {{get: {{responses: {{200: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/tree'}}}}}}}}}}}}}}}}
components:
  schemas:
    tree:
      $dynamicAnchor: node
      properties:
        children: {{type: array, items: {{$dynamicRef: '#node'}}}}
        mark: {{$dynamicRef: '#mark'}}
      $defs: {{mark: {{$dynamicAnchor: mark, type: {leaf}}}}}
"
        )
    };
    insta::assert_snapshot!(lines(&contract("string"), &contract("integer")), @"response-property-type-changed | 10:50 /components/schemas/tree/$defs/mark/type | 10:50 /components/schemas/tree/$defs/mark/type | type of property `mark` of response `200` changed from `string` to `integer`");
}

/// Ids by operation path, of the changes of operations.
fn by_path(base: &str, revision: &str, options: &DiffOptions) -> Vec<String> {
    let read = |text: &str, name| Source::read(text.as_bytes(), name).unwrap();
    let diff = diff(&read(base, "base"), &read(revision, "revision"), options);
    let changes = diff.changes.iter();
    changes
        .filter_map(|change| Some(format!("{} {}", change.operation.as_ref()?.path, change.id)))
        .collect()
}

#[test]
fn grace_of_a_shared_schema_is_that_of_each_operation() {
    let contract = |flag: &str| {
        let post = |stage: &str| {
            format!(
                "{{post: {{x-stability-level: {stage}, requestBody: {{content: {{a/b: {{schema: {{$ref: '#/components/schemas/s'}}}}}}}}}}}}"
            )
        };
        format!(
            "openapi: 3.0.3\npaths:\n  /beta: {}\n  /stable: {}\ncomponents: {{schemas: {{s: {{properties: {{a: {{{flag}}}}}}}}}}}",
            post("beta"),
            post("stable")
        )
    };
    let mut options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
    options.deprecation_days_stable = 30;
    let found = by_path(&contract(""), &contract("deprecated: true"), &options);
    insta::assert_snapshot!(found.join("\n"), @r"
    /beta request-property-deprecated
    /stable request-property-deprecated-sunset-missing
    ");
}

#[test]
fn a_shared_schema_of_parameters_is_judged_by_the_style_of_each() {
    let contract = |schema: &str| {
        let get = |explode: bool| {
            format!(
                "{{get: {{parameters: [{{in: query, name: q, explode: {explode}, schema: {{$ref: '#/components/schemas/s'}}}}]}}}}"
            )
        };
        format!(
            "openapi: 3.0.3\npaths:\n  /joined: {}\n  /repeated: {}\ncomponents: {{schemas: {{s: {schema}}}}}",
            get(false),
            get(true)
        )
    };
    let options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
    let list = "{type: array, items: {type: string}}";
    let found = by_path(&contract("{type: string}"), &contract(list), &options);
    insta::assert_snapshot!(found.join("\n"), @r"
    /joined request-parameter-items-added
    /joined request-parameter-type-changed
    /repeated request-parameter-items-added
    /repeated request-parameter-type-generalized
    ");
}

#[test]
fn an_operation_that_leaves_the_stages_compared_is_told_once() {
    let contract = |stage: &str, required: bool| {
        format!(
            "openapi: 3.0.3\npaths: {{/a: {{get: {{x-stability-level: {stage}, parameters: [{{in: query, name: q, required: {required}}}]}}}}}}"
        )
    };
    let check = |from: &str, to: &str| {
        let options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
        by_path(&contract(from, false), &contract(to, true), &options).join(", ")
    };
    insta::assert_snapshot!(check("stable", "alpha"), @"/a api-stability-decreased");
    insta::assert_snapshot!(check("alpha", "alpha"), @"");
    insta::assert_snapshot!(check("alpha", "stable"), @"/a request-parameter-became-required");
}

#[test]
fn not_turns_a_change_round_and_if_leaves_it_open() {
    let check = |around: &str| {
        let contract = |max: u32| {
            let schema = around.replace('*', &format!("{{maxLength: {max}}}"));
            format!(
                "openapi: 3.1.0\npaths: {{/a: {{post: {{requestBody: {{content: {{a/b: {{schema: {{properties: {{a: {schema}}}}}}}}}}}}}}}}}"
            )
        };
        let read = |text: &str| Source::read(text.as_bytes(), "a.yaml").unwrap();
        let options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
        let diff = diff(&read(&contract(9)), &read(&contract(5)), &options);
        let changes = diff.changes.iter();
        let changes = changes.filter(|change| change.id.contains("-max-length-"));
        let told: Vec<_> = changes
            .map(|change| format!("{:?} {:?} {}", change.level, change.breaks, change.message))
            .collect();
        told.join("\n")
    };
    insta::assert_snapshot!(check("*"), @"Error [Wire, Agent] `maxLength` of request property `a` was decreased from `9` to `5`");
    insta::assert_snapshot!(check("{not: *}"), @"Info [] `maxLength` of request property `a/not` was decreased from `9` to `5`");
    insta::assert_snapshot!(check("{not: {not: *}}"), @"Error [Wire, Agent] `maxLength` of request property `a/not/not` was decreased from `9` to `5`");
    insta::assert_snapshot!(check("{if: *}"), @"Warning [Wire, Agent] `maxLength` of request property `a/if` was decreased from `9` to `5`");
}

#[test]
fn headers_by_content_have_their_schema_compared() {
    let contract = |kind: &str| {
        format!(
            "openapi: 3.0.3\npaths: {{/a: {{get: {{responses: {{200: {{headers: {{X-A: {{content: {{application/json: {{schema: {{type: {kind}}}}}}}}}}}}}}}}}}}}}"
        )
    };
    let found = changes(&contract("string"), &contract("integer"));
    insta::assert_snapshot!(found.join(", "), @"response-header-type-compatible");
}

/// How many pairs of schemas a comparison of two contracts, which have the schemas in their one response, makes.
fn pairs(base: &str, revision: &str) -> usize {
    let contract = |schemas: &str| {
        let text = format!(r#"{{"openapi":"3.1.0","components":{{"schemas":{schemas}}}}}"#);
        Source::read(text.as_bytes(), "a.json").unwrap()
    };
    let (base, revision) = (contract(base), contract(revision));
    let (old, new) = (Document::new(&base), Document::new(&revision));
    let mut table = SchemaTable::new(&old, &new);
    let root = |source| pointer(source, "/components/schemas/s0");
    if let Some(root) = table.pair(root(&base), root(&revision)) {
        ways::all(&mut table, root);
    }
    table.count()
}

fn pointer<'t>(source: &'t Source, to: &str) -> Node<'t> {
    crate::pointer::resolve(source.root(), to).unwrap()
}

/// Schemas of which each refers to each.
fn clique(size: usize, leaf: &str) -> String {
    let schema = |one: usize| {
        let references = (0..size)
            .map(|other| format!("\"p{other}\":{{\"$ref\":\"#/components/schemas/s{other}\"}}"));
        let references = references.collect::<Vec<_>>().join(",");
        format!("\"s{one}\":{{\"properties\":{{\"leaf\":{{\"type\":\"{leaf}\"}},{references}}}}}")
    };
    format!(
        "{{{}}}",
        (0..size).map(schema).collect::<Vec<_>>().join(",")
    )
}

#[test]
fn work_is_bounded_by_what_is_written() {
    let check = |base: &str, revision: &str, max: usize| {
        let count = pairs(base, revision);
        assert!((1..=max).contains(&count), "{count} of {max}");
    };
    // Each schema with its like of the other side, and its leaf.
    check(&clique(100, "string"), &clique(100, "integer"), 200);
    // Circles of which the steps are the same and the lengths coprime: each schema of one meets each of the other.
    let circle = |size: usize, leaf: &str| {
        let schema = |one: usize| {
            let next = (one + 1) % size;
            format!(
                "\"s{one}\":{{\"type\":\"{leaf}\",\"items\":{{\"$ref\":\"#/components/schemas/s{next}\"}}}}"
            )
        };
        format!(
            "{{{}}}",
            (0..size).map(schema).collect::<Vec<_>>().join(",")
        )
    };
    check(&circle(31, "array"), &circle(37, "object"), 31 * 37);
    // As deep as the parser reads: paths of a document take some of the 512.
    let deep = |leaf: &str| {
        let (open, close) = ("{\"items\":".repeat(500), "}".repeat(500));
        format!("{{\"s0\":{open}{{\"type\":\"{leaf}\"}}{close}}}")
    };
    check(&deep("string"), &deep("integer"), 501);
    // A list of which each member changed, by title and by reference.
    let list = |leaf: &str| {
        let members =
            (0..10_000).map(|one| format!("{{\"title\":\"t{one}\",\"type\":\"{leaf}\"}}"));
        format!(
            "{{\"s0\":{{\"oneOf\":[{}]}}}}",
            members.collect::<Vec<_>>().join(",")
        )
    };
    check(&list("string"), &list("integer"), 10_001);
    // Without names to pair them by, none is compared with another.
    let nameless = |leaf: &str| {
        let members = (0..10_000).map(|one| format!("{{\"type\":\"{leaf}\",\"maxLength\":{one}}}"));
        format!(
            "{{\"s0\":{{\"oneOf\":[{}]}}}}",
            members.collect::<Vec<_>>().join(",")
        )
    };
    check(&nameless("string"), &nameless("integer"), 1);
}

#[test]
fn ways_through_a_clique_are_bounded() {
    let contract = |leaf: &str| {
        let text = format!(
            r#"{{"openapi":"3.1.0","components":{{"schemas":{}}}}}"#,
            clique(100, leaf)
        );
        Source::read(text.as_bytes(), "a.json").unwrap()
    };
    let (base, revision) = (contract("string"), contract("integer"));
    let (old, new) = (Document::new(&base), Document::new(&revision));
    let mut table = SchemaTable::new(&old, &new);
    let schema = |source| pointer(source, "/components/schemas/s0");
    let root = table.pair(schema(&base), schema(&revision)).unwrap();
    // The shortest to each of the schemas and to each of their leaves.
    assert_eq!(ways::all(&mut table, root).len(), 200);
}

#[test]
fn a_name_that_a_neighbour_declares_is_a_declared_one() {
    let contract = |required: &str| {
        format!(
            "openapi: 3.1.0\npaths: {{/a: {{post: {{requestBody: {{content: {{application/json: {{schema: {{allOf: [{{$ref: '#/components/schemas/a'}}, {{required: {required}}}]}}}}}}}}}}}}}}\ncomponents: {{schemas: {{a: {{properties: {{a: {{type: string}}, b: {{type: string}}}}}}}}}}\n"
        )
    };
    let told = |old: &str, new: &str| changes(&contract(old), &contract(new));
    assert_eq!(told("[a]", "[a, b]"), ["request-property-became-required"]);
    let undeclared = "request-undeclared-property-became-required";
    assert_eq!(told("[a]", "[a, c]"), [undeclared]);
}

#[test]
fn an_order_is_read_for_strict_clients_and_whoever_asks() {
    let contract = |parameters: &str| {
        let text =
            format!("openapi: 3.1.0\npaths: {{/a: {{get: {{parameters: [{parameters}]}}}}}}");
        Source::read(text.as_bytes(), "contract.yaml").unwrap()
    };
    let base = contract("{in: query, name: a}, {in: query, name: b}, {in: query, name: c}");
    let revision = contract("{in: query, name: a}, {in: query, name: c}, {in: query, name: b}");
    let told = |options: &DiffOptions| -> Vec<_> {
        let changes = diff(&base, &revision, options).changes;
        changes
            .into_iter()
            .map(|change| (change.id, change.level))
            .collect()
    };
    let mut options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
    assert_eq!(told(&options), []);
    let id = "request-parameter-order-changed";
    options.clients = Clients::Strict;
    assert_eq!(told(&options), [(id, Level::Warning)]);
    options.clients = Clients::Tolerant;
    let chosen = LevelOverride::Level(Level::Error);
    options.levels.insert(id.to_owned(), chosen);
    assert_eq!(told(&options), [(id, Level::Error)]);
}

#[test]
fn what_became_a_member_of_all_of_keeps_what_it_says() {
    let contract = |schema: &str| {
        format!(
            "openapi: 3.1.0\npaths: {{/a: {{post: {{requestBody: {{content: {{application/json: {{schema: {{properties: {{x: {schema}}}}}}}}}}}}}}}}}\ncomponents: {{schemas: {{a: {{type: string, maxLength: 10, enum: [b, c]}}}}}}\n"
        )
    };
    let told = |old: &str, new: &str| changes(&contract(old), &contract(new));
    let alone = "{$ref: '#/components/schemas/a'}";
    let member = "{allOf: [{$ref: '#/components/schemas/a'}, {minLength: 1}]}";
    assert_eq!(told(alone, member), ["request-property-all-of-added"]);
    assert_eq!(told(member, alone), ["request-property-all-of-removed"]);
    let tighter = "{maxLength: 5, allOf: [{$ref: '#/components/schemas/a'}, {minLength: 1}]}";
    let found = told(alone, tighter);
    assert!(found.contains(&"request-property-max-length-decreased".to_owned()));
}
