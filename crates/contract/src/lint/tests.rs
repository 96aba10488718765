//! Rules against small documents: what they find, where, and what rulesets may say.

use super::{Ruleset, RulesetSource, lint};
use crate::finding::Finding;
use crate::source::Source;

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: a, version: '1', description: d, contact: {}}\nservers: [{url: 'https://a.b'}]\n";

fn findings(source: &str, ruleset: &Ruleset) -> Vec<Finding> {
    let source = Source::read(source.as_bytes(), "api.yaml").unwrap();
    lint(&source, ruleset)
}

/// Each finding as `id pointer`, for the built-in rules.
fn check(rest: &str, expect: &[&str]) {
    let found = findings(&format!("{HEAD}{rest}"), &Ruleset::spectral_oas());
    let shown: Vec<String> = found
        .iter()
        .map(|f| format!("{} {}", f.id, f.site.pointer))
        .collect();
    assert_eq!(shown, expect, "{rest}");
}

fn parse(text: &str) -> Result<Ruleset, String> {
    let mut load = |name: &str, _: &str| match name {
        "base.yaml" => Ok(RulesetSource {
            file: name.to_owned(),
            bytes: b"rules: {title: {given: $.info, then: {field: title, function: truthy}}}"
                .to_vec(),
        }),
        "self.yaml" => Ok(RulesetSource {
            file: "rules.yaml".to_owned(),
            bytes: Vec::new(),
        }),
        _ => Err("there is no such file".to_owned()),
    };
    Ruleset::parse(text.as_bytes(), "rules.yaml", &mut load).map_err(|error| {
        let lines = error
            .problems
            .iter()
            .map(|p| format!("{}:{} {}", p.line, p.column, p.message));
        lines.collect::<Vec<_>>().join("\n")
    })
}

/// Each finding as `pointer: message`, for the document `{info: {name: Ab, tags: [x, y]}}`.
fn check_rule(rule: &str, expect: &[&str]) {
    let ruleset = parse(&format!(
        "rules:\n  one:\n    message: '{{{{error}}}}'\n{rule}"
    ))
    .unwrap();
    let found = findings(
        "info: {name: Ab, tags: [x, y], 'a/b': {$ref: '#/info/name'}}",
        &ruleset,
    );
    let shown: Vec<String> = found
        .iter()
        .map(|f| format!("{}: {}", f.site.pointer, f.message))
        .collect();
    assert_eq!(shown, expect, "{rule}");
}

fn check_refused(text: &str, expect: &str) {
    assert_eq!(parse(text).map(|_| ()), Err(expect.to_owned()), "{text}");
}

#[test]
fn a_clean_document_has_no_findings() {
    check("paths: {}", &[]);
}

#[test]
fn operations_and_their_parameters() {
    check(
        "tags: [{name: t}]\npaths: {'/a/{b}/': {get: {operationId: x y, tags: [t, u], description: d, responses: {'404': {description: n}}}}}",
        &[
            "path-keys-no-trailing-slash /paths/~1a~1{b}~1",
            "path-params /paths/~1a~1{b}~1/get",
            "operation-operationId-valid-in-url /paths/~1a~1{b}~1/get/operationId",
            "operation-tag-defined /paths/~1a~1{b}~1/get/tags/1",
            "operation-success-response /paths/~1a~1{b}~1/get/responses",
        ],
    );
}

#[test]
fn a_finding_behind_references_is_told_once_where_it_is() {
    check(
        "paths: {}\ncomponents: {schemas: {A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}, c: {$ref: '#/components/schemas/B'}}}, B: {type: string, enum: [1]}, C: {$ref: '#/components/schemas/A'}}}",
        &[
            "typed-enum /components/schemas/B/enum/0",
            "oas3-unused-component /components/schemas/C",
        ],
    );
}

#[test]
fn circles_end_and_what_is_missing_is_told() {
    check(
        "paths: {}\ncomponents: {schemas: {A: {properties: {b: {$ref: '#/components/schemas/B'}}}, B: {items: {$ref: '#/components/schemas/A'}, type: array, example: 5}, C: {allOf: [{$ref: '#/components/schemas/D'}]}}}",
        &[
            "oas3-unused-component /components/schemas/C",
            "invalid-ref /components/schemas/C/allOf/0",
        ],
    );
}

#[test]
fn examples_are_held_against_their_schemas() {
    check(
        "paths: {}\ncomponents: {responses: {R: {description: d, content: {a/b: {schema: {type: object, required: [id], properties: {id: {type: integer}, at: {type: string, nullable: true, format: date-time}}}, examples: {x: {value: {id: z, at: null}}, y: {value: {at: never, id: 1}}, z: {value: {}}}}}}}}",
        &[
            "oas3-unused-component /components/responses/R",
            "oas3-valid-media-example /components/responses/R/content/a~1b/examples/x/value/id",
            "oas3-valid-media-example /components/responses/R/content/a~1b/examples/y/value/at",
            "oas3-valid-media-example /components/responses/R/content/a~1b/examples/z/value",
        ],
    );
}

#[test]
fn the_form_of_the_document_is_checked() {
    check(
        "paths: {/a: {parameters: [{name: q, in: query, schema: {type: text, minLength: -1}, colour: red}]}}\nx-ok: 1\nextra: 2",
        &[
            "oas3-schema /paths/~1a/parameters/0/schema/type",
            "oas3-schema /paths/~1a/parameters/0/schema/minLength",
            "oas3-schema /paths/~1a/parameters/0/colour",
            "oas3-schema /extra",
        ],
    );
}

#[test]
fn rulesets_change_levels_and_switch_rules() {
    let ruleset = parse(
        "extends: [[spectral:oas, off], base.yaml]\nrules: {info-license: error, title: off}",
    )
    .unwrap();
    let enabled: Vec<(&str, crate::Level)> = ruleset.enabled().collect();
    assert_eq!(enabled, [("info-license", crate::Level::Error)]);
}

#[test]
fn functions_fields_and_paths_work_together() {
    check_rule(
        "    given: $.info\n    then: [{field: name, function: casing, functionOptions: {type: camel}}, {field: tags, function: length, functionOptions: {max: 1}}]",
        &[
            "/info/name: \"Ab\" must be in camel case",
            "/info/tags: `tags` must be at most 1 long",
        ],
    );
    check_rule(
        "    given: $.info.tags[?(@ == \"y\" && @property > 0)]\n    then: {function: enumeration, functionOptions: {values: [x]}}",
        &["/info/tags/1: \"y\" must be one of \"x\""],
    );
    check_rule(
        "    given: '$..name^'\n    then: {function: xor, functionOptions: {properties: [name, tags]}}",
        &["/info: only one of `name`, `tags` may be defined"],
    );
    check_rule(
        "    given: $.info\n    then: {field: '@key', function: pattern, functionOptions: {match: '/^[a-z]+$/'}}",
        &["/info/name: \"a/b\" must match the pattern `/^[a-z]+$/`"],
    );
}

#[test]
fn rulesets_as_they_are_found_in_the_wild() {
    let found = |rule: &str| {
        let ruleset = parse(&format!("rules:\n  one: {rule}")).unwrap();
        let source = "info: {a: {x: {b: 1}}, c: [{$ref: '#/info/a'}, {d: 1}]}";
        let found = findings(source, &ruleset);
        found
            .into_iter()
            .map(|f| f.site.pointer)
            .collect::<Vec<_>>()
    };
    // A dot before a bracket goes down as two dots do.
    assert_eq!(
        found("{given: '$.info.[?(@.b)]', then: {function: falsy}}"),
        ["/info/a/x"]
    );
    // A field whose name starts with a dollar sign.
    assert_eq!(
        found("{given: '$.info.c[*]', resolved: false, then: {field: $ref, function: truthy}}"),
        ["/info/c/1"]
    );
    // A schema in another file: told, and the other rules run.
    let text = "rules:\n  one: {given: $.info, then: {function: schema, functionOptions: {schema: {items: {$ref: ./a.yaml}}}}}\n  two: {given: $.info, then: {field: e, function: truthy}}";
    let ruleset = parse(text).unwrap();
    assert_eq!(ruleset.notes().len(), 1);
    assert!(ruleset.notes()[0].message.contains("`./a.yaml`"));
    assert_eq!(findings("info: {}", &ruleset).len(), 1);
}

/// Each finding of the schema as `pointer: message`, for texts and names of many kinds.
fn check_schema(schema: &str, expect: &[&str]) {
    let rule = format!(
        "rules:\n  one: {{message: '{{{{error}}}}', given: $.info, then: {{function: schema, functionOptions: {{allErrors: true, schema: {schema}}}}}}}"
    );
    let source = "info: {id: a-1, key: a_1, words: [one, two two], map: {x-a: 1, b: 2}}";
    let found = findings(source, &parse(&rule).unwrap());
    let shown: Vec<String> = found
        .iter()
        .map(|f| format!("{}: {}", f.site.pointer, f.message))
        .collect();
    assert_eq!(shown, expect, "{schema}");
}

#[test]
fn patterns_of_schemas_look_around() {
    let missed = "/info/key: `key` does not match the pattern `^(?!.*_)[a-z0-9_-]+$`";
    check_schema("{properties: {id: {pattern: '^(?!.*_)[a-z0-9_-]+$'}}}", &[]);
    check_schema(
        "{properties: {key: {pattern: '^(?!.*_)[a-z0-9_-]+$'}}}",
        &[missed],
    );
    check_schema(
        "{properties: {id: {pattern: '(?<=-)\\d$'}, key: {pattern: '(?<=-)\\d$'}}}",
        &["/info/key: `key` does not match the pattern `(?<=-)\\d$`"],
    );
    // The same text named again, beside other keywords, in a list.
    check_schema(
        "{properties: {words: {items: {type: string, maxLength: 9, pattern: '^(?!(.+) \\1$)', allOf: [{minLength: 4}]}}}}",
        &[
            "/info/words/0: `0`: length must be >=4, but got 3",
            "/info/words/1: `1` does not match the pattern `^(?!(.+) \\1$)`",
        ],
    );
    // A branch that fails because of its pattern.
    check_schema(
        "{properties: {id: {oneOf: [{pattern: '^(?=a)'}, {pattern: '^(?=b)'}]}}}",
        &[],
    );
    check_schema("{not: {properties: {id: {pattern: '^(?=b)'}}}}", &[]);
    // Definitions and references.
    check_schema(
        "{definitions: {t: {pattern: '^(?!a)'}}, properties: {id: {$ref: '#/definitions/t'}, key: {const: a_1}}}",
        &["/info/id: `id` does not match the pattern `^(?!a)`"],
    );
    // What is no keyword stays as it is.
    check_schema(
        "{properties: {pattern: {type: string}, id: {enum: ['a-1', '^(?!a)']}}}",
        &[],
    );
}

#[test]
fn names_of_properties_look_around() {
    let map = |schema: &str, expect: &[&str]| {
        check_schema(&format!("{{properties: {{map: {schema}}}}}"), expect);
    };
    map(
        "{patternProperties: {'^(?!x-)': {type: integer}}, additionalProperties: {type: integer}}",
        &[],
    );
    map(
        "{patternProperties: {'^(?!x-)': {type: string}}}",
        &["/info/map/b: `b`: want string, but got number"],
    );
    map(
        "{patternProperties: {'^(?!x-)': {maximum: 1}}, properties: {b: {minimum: 3}}}",
        &[
            "/info/map/b: `b`: must be <=1, but got 2",
            "/info/map/b: `b`: must be >=3, but got 2",
        ],
    );
    map(
        "{patternProperties: {'^(?!x-)': true}, additionalProperties: false}",
        &["/info/map: `map`: additionalProperties 'x-a' not allowed"],
    );
    check_schema(
        "{propertyNames: {pattern: '^(?!map)'}}",
        &["/info: the value: invalid property 'map'"],
    );
}

#[test]
fn a_broken_ruleset_says_where_and_what() {
    check_refused("rules: {a: warn}", "1:9 there is no rule `a` to change");
    check_refused(
        "functions: [mine]",
        "1:1 custom JavaScript functions are not run",
    );
    check_refused(
        "extends: other.yaml",
        "1:10 `other.yaml` cannot be read: there is no such file",
    );
    check_refused(
        "extends: other.yaml\nrules: {theirs: off}",
        "1:10 `other.yaml` cannot be read: there is no such file",
    );
    check_refused(
        "extends: self.yaml",
        "1:10 `self.yaml` extends the ruleset that extends it",
    );
    check_refused(
        "rules: {a: {given: $.a, then: {function: pattern, functionOptions: {match: '('}}}}",
        "1:76 this is no regular expression: Parsing error at position 1: Opening parenthesis without closing parenthesis",
    );
}

#[test]
fn repairs_make_an_overlay() {
    let source = "openapi: 3.0.3\ninfo: {title: a, version: '1'}\nservers: [{url: 'https://a.b/'}]\npaths: {/a: {get: {tags: [t], responses: {}}}}";
    let overlay = super::overlay::overlay(&findings(source, &Ruleset::spectral_oas()));
    let targets: Vec<String> = overlay["actions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| a["target"].to_string())
        .collect();
    assert_eq!(targets, ["\"$['servers'][0]\"", "\"$\""]);
    // One form whether the document has tags or not.
    assert_eq!(
        overlay["actions"][1]["update"],
        serde_json::json!({ "tags": [{ "name": "t" }] })
    );
}

#[test]
fn a_number_is_an_index_inside_of_a_list_alone() {
    let source = "openapi: 3.0.3
components:
  schemas:
    '12': {type: object}
    \"it's\\n\": {type: object}
  parameters:
    list: {name: q, in: query, schema: {oneOf: [{type: string}, {$ref: '#/components/parameters/list/schema', '7': 1}]}}";
    let overlay = super::overlay::overlay(&findings(source, &Ruleset::spectral_oas()));
    let mut targets: Vec<&str> = overlay["actions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|action| action["target"].as_str().unwrap())
        .collect();
    targets.sort_unstable();
    assert_eq!(
        targets,
        [
            "$['components']['parameters']['list']",
            "$['components']['parameters']['list']['schema']['oneOf'][1]['7']",
            "$['components']['schemas']['12']",
            "$['components']['schemas']['it\\'s\\u000a']",
        ]
    );
}
