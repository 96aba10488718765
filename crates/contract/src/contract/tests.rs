//! Whole contracts: what is read, what is refused, what is only told.

use super::*;
use crate::operation::ParameterLocation;
use crate::security::SecurityKind;

/// A contract of `rest` (YAML, from line 4 on) with everything else in order.
fn with(openapi: &str, rest: &str) -> String {
    format!("openapi: {openapi}\ninfo: {{title: Payments, version: 1.4.0}}\n\n{rest}")
}

fn read(rest: &str) -> Contract {
    read_source(&with("3.2.0", rest))
}

fn read_source(source: &str) -> Contract {
    parse(source, "api.yaml").unwrap_or_else(|error| panic!("{}", error.render()))
}

fn lines(problems: &[Problem]) -> String {
    let line = |problem: &Problem| {
        format!(
            "{}:{} {} | {} | {}",
            problem.line, problem.column, problem.pointer, problem.message, problem.next_step
        )
    };
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn refused(source: &str) -> String {
    match parse(source, "api.yaml") {
        Ok(_) => "read".to_owned(),
        Err(error) => lines(&error.problems),
    }
}

/// One line per operation: what the gateway needs.
fn summary(contract: &Contract) -> String {
    let line = |operation: &Operation| {
        let id = operation.operation_id.as_deref().unwrap_or("-");
        format!(
            "{} {} {id} {:?}",
            operation.method, operation.path, operation.base_paths
        )
    };
    contract
        .operations()
        .iter()
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn all_that_is_read_of_an_operation() {
    let contract = read(
        "
servers: [{url: 'https://{host}/{base}/', variables: {base: {default: v2}}}]
security: [{key: []}]
paths:
  /payments/{id}:
    parameters:
      - {name: id, in: path, required: true}
      - {name: trace, in: header}
    post:
      operationId: refund
      summary: Refund a payment
      description: All of it.
      tags: [payments, refunds]
      x-units: 5
      parameters:
        - $ref: '#/components/parameters/trace'
        - {name: filter, in: querystring}
      requestBody: {$ref: '#/components/requestBodies/refund'}
      responses: {200: {description: ok}, 4XX: {$ref: '#/components/responses/bad'}, default: {}, x-a: 1}
      security: [{oauth: [write], key: []}, {}]
components:
  parameters: {trace: {name: trace, in: header, required: true}}
  requestBodies: {refund: {content: {application/json: {}, text/csv: {}}}}
  responses: {bad: {description: no}}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    oauth: {$ref: '#/components/securitySchemes/token'}
    token: {type: http, scheme: Bearer}
",
    );
    assert_eq!(contract.title(), "Payments");
    assert_eq!(contract.openapi().to_string(), "3.2.0");
    assert_eq!(contract.base_paths(), ["/v2"]);
    assert_eq!(contract.warnings(), []);

    let operation = &contract.operations()[0];
    assert_eq!(operation.summary.as_deref(), Some("Refund a payment"));
    assert_eq!(operation.description.as_deref(), Some("All of it."));
    assert_eq!(operation.tags, ["payments", "refunds"]);
    assert_eq!(operation.deprecation, None);
    assert_eq!(operation.request_types, ["application/json", "text/csv"]);
    assert_eq!(operation.response_statuses, ["200", "4XX", "default"]);
    assert_eq!(operation.extensions[0].name, "x-units");
    assert_eq!(
        contract
            .tree()
            .node(operation.extensions[0].node)
            .scalar_text(),
        Some("5")
    );
    assert_eq!(&contract.tree().source()[operation.span.bytes()], "post");

    let parameters: Vec<_> = operation
        .parameters
        .iter()
        .map(|p| (p.name.as_str(), p.location, p.required))
        .collect();
    assert_eq!(
        parameters,
        [
            ("id", ParameterLocation::Path, true),
            ("trace", ParameterLocation::Header, true),
            ("filter", ParameterLocation::Querystring, false)
        ]
    );
    let security: Vec<&[String]> = operation
        .security
        .iter()
        .map(|alternative| &alternative.schemes[..])
        .collect();
    assert_eq!(security, [&["oauth".to_owned(), "key".to_owned()][..], &[]]);
    let kinds: Vec<&SecurityKind> = contract
        .security_schemes()
        .iter()
        .map(|scheme| &scheme.kind)
        .collect();
    let bearer = SecurityKind::Http {
        scheme: "bearer".into(),
    };
    assert_eq!(kinds[1..], [&bearer, &bearer]);
}

#[test]
fn every_method_of_each_version() {
    let paths = "
paths:
  x-internal: {get: {}}
  /a: {get: {}, put: {}, post: {}, delete: {}, options: {}, head: {}, patch: {}, trace: {}, query: {}, additionalOperations: {PURGE: {}, copy: {}}}
";
    insta::assert_snapshot!(summary(&read_source(&with("3.2.0", paths))), @r##"
    GET /a - [""]
    PUT /a - [""]
    POST /a - [""]
    DELETE /a - [""]
    OPTIONS /a - [""]
    HEAD /a - [""]
    PATCH /a - [""]
    TRACE /a - [""]
    QUERY /a - [""]
    PURGE /a - [""]
    copy /a - [""]
    "##);
    let older = read_source(&with("3.1.1", paths));
    assert_eq!(older.operations().len(), 8);
    insta::assert_snapshot!(lines(older.warnings()), @r##"
    7:93 /paths/~1a/query | `query` is left out: it is a field of OpenAPI 3.2 | set `openapi` to 3.2.0
    7:104 /paths/~1a/additionalOperations | `additionalOperations` is left out: it is a field of OpenAPI 3.2 | set `openapi` to 3.2.0
    "##);
}

#[test]
fn a_path_item_may_be_a_reference() {
    let contract = read(
        "
paths:
  /a: {$ref: '#/components/pathItems/shared'}
  /b/{id}:
    $ref: '#/paths/~1c~1{id}'
    get: {operationId: ownGet}
  /c/{id}:
    parameters: [{name: id, in: path, required: true}]
    get: {operationId: otherGet}
    delete: {}
components:
  pathItems: {shared: {servers: [{url: /shared}], post: {operationId: sharedPost}}}
",
    );
    insta::assert_snapshot!(summary(&contract), @r##"
    POST /a sharedPost ["/shared"]
    GET /b/{id} ownGet [""]
    DELETE /b/{id} - [""]
    GET /c/{id} otherGet [""]
    DELETE /c/{id} - [""]
    "##);
    assert_eq!(
        contract.operations()[2].parameters.len(),
        1,
        "parameters come with the reference"
    );
    assert_eq!(contract.base_paths(), ["/shared", ""]);
}

#[test]
fn servers_of_operations_replace_those_above() {
    let contract = read(
        "
servers: [{url: /base}, {url: 'http://x/base/'}]
paths:
  /a: {get: {}, put: {servers: [{url: /own}]}}
  /b: {servers: [{url: /item}], get: {}, put: {servers: [{url: /own}]}}
",
    );
    insta::assert_snapshot!(summary(&contract), @r##"
    GET /a - ["/base"]
    PUT /a - ["/own"]
    GET /b - ["/item"]
    PUT /b - ["/own"]
    "##);
    assert_eq!(contract.base_paths(), ["/base", "/own", "/item"]);
}

#[test]
fn deprecation_with_dates_and_replacement() {
    let contract = read(
        "
paths:
  /a:
    get: {deprecated: true}
    put: {deprecated: true, x-deprecated-at: 2026-01-15, x-sunset: 2026-01-15, x-replaced-by: showB}
    post: {x-sunset: '2027-03-31T12:00:00+02:00', x-replaced-by: 'get /b/{any}', x-sunset-link: https://example.com/sunset}
    delete: {deprecated: true, x-replaced-by: https://example.com/v2, x-deprecation-link: ' /why '}
    patch: {deprecated: true, x-replaced-by: /c}
    head: {deprecated: true, x-replaced-by: nothing}
    trace: {deprecated: false, x-replaced-by: showB}
  /b/{id}:
    parameters: [{name: id, in: path, required: true}]
    get: {operationId: showB}
",
    );
    let report: Vec<String> = contract
        .operations()
        .iter()
        .map(|operation| match &operation.deprecation {
            None => format!("{} stays", operation.method),
            Some(d) => {
                let instant = |instant: &Option<jiff::Timestamp>| {
                    instant.map_or("-".to_owned(), |i| i.to_string())
                };
                let text = |text: &Option<String>| text.clone().unwrap_or("-".to_owned());
                format!(
                    "{} {} {} {} {} {}",
                    operation.method,
                    instant(&d.deprecated_at),
                    instant(&d.sunset_at),
                    text(&d.replaced_by),
                    text(&d.deprecation_link),
                    text(&d.sunset_link)
                )
            }
        })
        .collect();
    insta::assert_snapshot!(report.join("\n"), @r##"
    GET - - - - -
    PUT 2026-01-15T00:00:00Z 2026-01-15T23:59:59Z /b/{id} - -
    POST - 2027-03-31T10:00:00Z /b/{id} - https://example.com/sunset
    DELETE - - https://example.com/v2 /why -
    PATCH - - /c - -
    HEAD - - - - -
    TRACE stays
    GET stays
    "##);
    insta::assert_snapshot!(lines(contract.warnings()), @r##"12:45 /paths/~1a/head/x-replaced-by | `x-replaced-by` is left out: this contract has no operation `nothing` | name an operationId of this contract, `METHOD /path`, a path, or a URL"##);
}

#[test]
fn bad_dates_are_errors() {
    let source = with(
        "3.1.0",
        "
paths:
  /a:
    get: {deprecated: true, x-sunset: soon}
    put: {x-deprecated-at: 2026-13-01}
    post: {x-deprecated-at: 2026-02-01, x-sunset: 2026-01-31}
    patch: {x-sunset: [2026]}
",
    );
    insta::assert_snapshot!(refused(&source), @r##"
    7:39 /paths/~1a/get/x-sunset | `x-sunset` is neither a date nor an RFC 3339 date-time: "soon" | write it as "2027-03-31" or "2027-03-31T12:00:00Z"
    8:28 /paths/~1a/put/x-deprecated-at | `x-deprecated-at` is neither a date nor an RFC 3339 date-time: "2026-13-01" | write it as "2027-03-31" or "2027-03-31T12:00:00Z"
    9:51 /paths/~1a/post/x-sunset | the sunset is before `x-deprecated-at` (line 9) | let the operation be deprecated first: correct one of the two dates
    10:23 /paths/~1a/patch/x-sunset | `x-sunset` is neither a date nor an RFC 3339 date-time: "an array" | write it as "2027-03-31" or "2027-03-31T12:00:00Z"
    "##);
}

#[test]
fn the_document_itself() {
    let sources = [
        "{}",
        "[]",
        "swagger: '2.0'",
        "asyncapi: 3.0.0",
        "openapi: 4.0.0",
        "openapi: [3]",
        "openapi: 3.1.0",
        "openapi: 3.1.0\ninfo: {}\npaths: []",
        "openapi: 3.1.0\ninfo: {version: ''}\npaths: {}",
        "openapi: 3.1.0\ninfo: {version: 1}\npaths: {/a: {}}",
        "openapi: 3.1.0\ninfo: {version: null}\npaths: {/a: {get: {}}}",
        "openapi: 3.1.0\ninfo: 5\npaths: {/a: {get: {}}}",
    ];
    let report: Vec<String> = sources
        .iter()
        .map(|source| format!("{source:?}\n{}", refused(source)))
        .collect();
    insta::assert_snapshot!(report.join("\n\n"), @r##"
    "{}"
    1:1  | the field `openapi` is missing | if this is an OpenAPI contract, add its version, for example `openapi: 3.1.0`

    "[]"
    1:1  | the document is an array, not an object | load a file whose outermost value is an OpenAPI object

    "swagger: '2.0'"
    1:1 /swagger | this is a Swagger 2.0 contract, and OpenAPI 3.0, 3.1 and 3.2 are read | convert it to OpenAPI 3 with a Swagger converter, check the result, and load that

    "asyncapi: 3.0.0"
    1:1 /asyncapi | this is an AsyncAPI contract, and OpenAPI 3.0, 3.1 and 3.2 are read | load the OpenAPI contract of the HTTP part

    "openapi: 4.0.0"
    1:10 /openapi | `openapi` is `4.0.0`, which is not read here | use OpenAPI 3.0, 3.1 or 3.2, for example `3.1.0`

    "openapi: [3]"
    1:10 /openapi | `openapi` is an array, which is not read here | use OpenAPI 3.0, 3.1 or 3.2, for example `3.1.0`

    "openapi: 3.1.0"
    1:1  | the field `info` is missing | add `info` with `title` and `version`
    1:1  | the field `paths` is missing | add `paths` with the operations of the API

    "openapi: 3.1.0\ninfo: {}\npaths: []"
    2:1 /info | `info` has no `version` | add `version` to `info`: it names this version of the contract in every report
    3:8 /paths | `paths` is an array, not an object | write each path as a member: `/payments: {get: …}`

    "openapi: 3.1.0\ninfo: {version: ''}\npaths: {}"
    2:17 /info/version | `version` is empty or not a text | add `version` to `info`: it names this version of the contract in every report

    "openapi: 3.1.0\ninfo: {version: 1}\npaths: {/a: {}}"
    3:1 /paths | the contract has no operations | add at least one method to a path

    "openapi: 3.1.0\ninfo: {version: null}\npaths: {/a: {get: {}}}"
    2:17 /info/version | `version` is empty or not a text | add `version` to `info`: it names this version of the contract in every report

    "openapi: 3.1.0\ninfo: 5\npaths: {/a: {get: {}}}"
    2:1 /info | `info` has no `version` | add `version` to `info`: it names this version of the contract in every report
    "##);
}

#[test]
fn numbers_as_versions_are_read() {
    let contract = read_source("openapi: 3.1\ninfo: {version: 1.10}\npaths: {/a: {get: {}}}");
    assert_eq!((contract.version(), contract.title()), ("1.10", ""));
    insta::assert_snapshot!(lines(contract.warnings()), @r##"
    1:10 /openapi | `openapi` is read as 3.1.0 | write it in full and as a text: "3.1.0"
    2:1 /info | `info` has no `title` | add the name of the API as `title`
    2:17 /info/version | `version` is a number, not a string | put it in quotes: "1.10"
    "##);
}

#[test]
fn all_problems_at_once_in_the_order_of_the_source() {
    let source = with(
        "3.2.0",
        "
paths:
  a: {get: {}}
  /b/{id: {get: {}}
  /c?x=1: {get: {}}
  /d:
  /e: {get: null, put: {$ref: '#/components/x'}}
  /f/{a}: {get: {operationId: same}}
  /f/{b}: {get: {operationId: same}}
  /g: {$ref: 'paths.yaml#/g'}
  /h: {get: {parameters: [{$ref: '#/components/parameters/x'}], requestBody: {$ref: '#/components/y'}, responses: {200: {$ref: '#/components/responses/loop'}}}}
  /h2: {parameters: [{$ref: gone.yaml}], get: {responses: {200: {$ref: '#/components/responses/loop'}}}, put: {}}
  /i: {additionalOperations: {get: {}, 'a b': {}}}
  /j: {servers: [{url: '/{base}'}], get: {}}
  /k: {get: {}}
  /k: {put: {}}
components:
  responses: {loop: {$ref: '#/components/responses/loop'}}
  parameters: {}
",
    );
    insta::assert_snapshot!(refused(&source), @r##"
    6:3 /paths/a | the path does not start with `/` | start the path with `/`; an extension of the contract starts with `x-`
    7:3 /paths/~1b~1{id | a `{` is not closed | write each parameter as `{name}`
    8:3 /paths/~1c?x=1 | the path holds a `?`, which never reaches the path of a request | declare query parameters with `in: query`, and drop the fragment
    9:5 /paths/~1d | a path item is null, not an object | write it as an object with methods, or remove the path
    10:13 /paths/~1e/get | the operation is null, not an object | write it as an object, `{}` at least, or remove it
    10:31 /paths/~1e/put/$ref | reference `#/components/x` cannot be followed: `/components` has no `x` | define what it names, or correct the name
    12:12 /paths/~1f~1{b}/get | GET /f/{b} matches the same requests as /f/{a} (line 11) | keep one of the two, or give their paths different fixed parts
    12:31 /paths/~1f~1{b}/get/operationId | the operationId `same` is taken by GET /f/{a} | give each operation its own operationId
    13:14 /paths/~1g/$ref | reference `paths.yaml#/g` cannot be followed: it leads outside of this document | bundle the contract into one file
    14:34 /paths/~1h/get/parameters/0/$ref | reference `#/components/parameters/x` cannot be followed: `/components/parameters` has no `x` | define what it names, or correct the name
    14:85 /paths/~1h/get/requestBody/$ref | reference `#/components/y` cannot be followed: `/components` has no `y` | define what it names, or correct the name
    15:29 /paths/~1h2/parameters/0/$ref | reference `gone.yaml` cannot be followed: it leads outside of this document | bundle the contract into one file
    16:31 /paths/~1i/additionalOperations/get | `get` does not belong in `additionalOperations` | move it to the field `get` of the path item
    16:40 /paths/~1i/additionalOperations/a b | `a b` is not an HTTP method | use letters, digits and `-`, as in `PURGE`
    17:24 /paths/~1j/servers/0/url | the server variable `base` in the path has no default | add `variables: {base: {default: …}}` to this server
    19:3 /paths/~1k | the key `/k` stands twice in this object, first at line 18 | remove one of the two, or rename it: only the last one counts
    21:28 /components/responses/loop/$ref | reference `#/components/responses/loop` cannot be followed: it leads back to itself | let one of the references name the value itself
    "##);
}

#[test]
fn what_is_harmless_is_told() {
    let contract = read(
        "
paths:
  /a/{x}/{x}: {get: {}}
  /b//c: {GET: {}, get: {operationId: 5, deprecated: 'yes', tags: pay, parameters: {}}}
  /d: {get: {parameters: [{name: a}, {name: y, in: path}], security: [{nobody: []}]}}
components:
  schemas: {a: {type: string, type: integer}, b: {<<: {c: 1}}, d: !x e}
  securitySchemes: {gone: {$ref: 'other.yaml'}}
",
    );
    insta::assert_snapshot!(lines(contract.warnings()), @r##"
    6:3 /paths/~1a~1{x}~1{x} | the parameter `{x}` stands twice in this path | give each parameter of a path its own name
    6:16 /paths/~1a~1{x}~1{x}/get | the path parameter `{x}` is not declared | add `{name: x, in: path, required: true}` to `parameters`, with a schema
    7:3 /paths/~1b~1~1c | no request matches this path: it has an empty, `.` or `..` segment | remove the segment
    7:11 /paths/~1b~1~1c/GET | `GET` is not an operation: methods are written in lower case | write `get`
    7:39 /paths/~1b~1~1c/get/operationId | `operationId` is a number, not a string | put the text in quotes
    7:54 /paths/~1b~1~1c/get/deprecated | `deprecated` is a string, not a boolean | write `true` or `false`
    7:67 /paths/~1b~1~1c/get/tags | `tags` is not an array of strings | write it as `tags: [payments]`
    7:84 /paths/~1b~1~1c/get/parameters | `parameters` is an object, not an array | write it as an array
    8:8 /paths/~1d/get | the path parameter `y` is declared, and the path has no `{y}` | remove the parameter, or correct its name
    8:27 /paths/~1d/get/parameters/0 | a parameter without a valid `name` and `in` is left out | give it a `name`, and `in` as path, query, header or cookie
    8:72 /paths/~1d/get/security/0/nobody | the security scheme `nobody` is not defined | define it in `components/securitySchemes`, or correct the name
    10:31 /components/schemas/a/type | the key `type` stands twice in this object, first at line 10 | remove one of the two, or rename it: only the last one counts
    10:51 /components/schemas/b/<< | the merge key `<<` is not part of YAML 1.2: nothing is merged here | write the members out, or use `$ref` to `components`
    10:67 /components/schemas/d | the YAML tag is not known: the value is read as if it had none | remove the tag
    11:21 /components/securitySchemes/gone | reference `other.yaml` cannot be followed: it leads outside of this document | bundle the contract into one file
    "##);
    assert_eq!(contract.warning_count(), contract.warnings().len());
}

#[test]
fn references_that_no_operation_needs_may_lead_anywhere() {
    let contract = read(
        "
paths:
  /a: {get: {responses: {200: {content: {application/json: {schema: {$ref: 'schemas.yaml#/A'}}}}}}}
components: {parameters: {unused: {$ref: 'parameters.yaml'}}, schemas: {a: {$ref: '#/components/schemas/gone'}}}
",
    );
    assert_eq!(contract.warnings(), []);
}

#[test]
fn the_documents_own_address_is_inside() {
    let contract = read_source(
        "openapi: 3.2.0\n$self: https://example.com/api\ninfo: {title: a, version: '1'}\n\
         paths: {/a: {get: {requestBody: {$ref: 'https://example.com/api#/components/b'}}}}\n\
         components: {b: {content: {text/plain: {}}}}",
    );
    assert_eq!(contract.operations()[0].request_types, ["text/plain"]);
}

#[test]
fn duplicates_count_where_the_gateway_reads() {
    let merged = "
paths:
  /a:
    get: &shared {tags: [x]}
    put: {<<: *shared}
";
    insta::assert_snapshot!(refused(&with("3.1.0", merged)), @r##"8:11 /paths/~1a/put/<< | the merge key `<<` is not part of YAML 1.2: nothing is merged here | write the members out, or use `$ref` to `components`"##);
    insta::assert_snapshot!(
        refused("{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"a\", \"version\": \"1\"},\n \"paths\": {\"/a\": {\"get\": {}, \"get\": {}}}}"),
        @r##"2:30 /paths/~1a/get | the key `get` stands twice in this object, first at line 2 | remove one of the two, or rename it: only the last one counts"##
    );
}

#[test]
fn problems_are_bounded() {
    let paths: String = (0..80).map(|i| format!("  p{i}: {{}}\n")).collect();
    let error = parse(&with("3.1.0", &format!("paths:\n{paths}")), "api.yaml").unwrap_err();
    assert_eq!((error.problems.len(), error.count), (50, 80));
    assert_eq!(error.to_string(), "contract api.yaml has 80 problems");
    assert!(error.render().ends_with("\n\nand 30 more\n"));
}

#[test]
fn operations_are_bounded() {
    let methods: String = (0..150).map(|i| format!("M{i}: {{}}, ")).collect();
    let paths: String = (0..150).map(|i| format!("  /p{i}: *item\n")).collect();
    let source = with(
        "3.2.0",
        &format!("x-item: &item {{additionalOperations: {{{methods}}}}}\npaths:\n{paths}"),
    );
    insta::assert_snapshot!(refused(&source), @r##"5:1 /paths | the contract has more than 20000 operations | split it into several contracts, one per surface"##);
}

#[test]
fn a_problem_is_rendered_with_its_line() {
    let source = with(
        "3.1.0",
        "paths:\n  /a:\n    get: {x-a: \t1, x-sunset: soon}\n",
    );
    let error = parse(&source, "api/payments.yaml").unwrap_err();
    insta::assert_snapshot!(error.render(), @r##"
    error: `x-sunset` is neither a date nor an RFC 3339 date-time: "soon"
     --> api/payments.yaml:6:30
      |
    6 |     get: {x-a:  1, x-sunset: soon}
      |                              ^^^^
      = at: /paths/~1a/get/x-sunset
      = help: write it as "2027-03-31" or "2027-03-31T12:00:00Z"
    "##);

    let source = with(
        "3.1.0",
        "paths:\n  /é/{ü:\n    get: {}\n  bezahlung:\n    get: {}\n",
    );
    let error = parse(&source, "api/payments.yaml").unwrap_err();
    insta::assert_snapshot!(error.render(), @r##"
    error: a `{` is not closed
     --> api/payments.yaml:5:3
      |
    5 |   /é/{ü:
      |   ^^^^^
      = at: /paths/~1é~1{ü
      = help: write each parameter as `{name}`

    error: the path does not start with `/`
     --> api/payments.yaml:7:3
      |
    7 |   bezahlung:
      |   ^^^^^^^^^
      = at: /paths/bezahlung
      = help: start the path with `/`; an extension of the contract starts with `x-`
    "##);
}

#[test]
fn a_long_line_is_rendered_around_the_problem() {
    let filler: String = (0..50).map(|i| format!("\"x-{i}\": 1, ")).collect();
    let source = format!(
        "{{\"openapi\": \"3.1.0\", \"info\": {{\"title\": \"a\", \"version\": \"1\"}}, {filler}\"paths\": {{\"no-slash\": {{}}}}, {}}}",
        filler.replace("x-", "y-").trim_end_matches(", ")
    );
    let error = parse(&source, "api.json").unwrap_err();
    insta::assert_snapshot!(error.render(), @r##"
    error: the path does not start with `/`
     --> api.json:1:612
      |
    1 | …6": 1, "x-47": 1, "x-48": 1, "x-49": 1, "paths": {"no-slash": {}}, "y-0": 1, "y-1": 1, "y-2": 1, "y-…
      |                                                    ^^^^^^^^^^
      = at: /paths/no-slash
      = help: start the path with `/`; an extension of the contract starts with `x-`
    "##);
}

#[test]
fn bytes_that_are_not_text_are_refused_with_their_place() {
    let error = parse_bytes(b"openapi: 3.1.0\ninfo: {title: caf\xe9}\n", "api.yaml").unwrap_err();
    insta::assert_snapshot!(error.render(), @r##"
    error: byte 32 (0xe9) is not UTF-8
     --> api.yaml:2:18
      |
    2 | info: {title: caf�}
      |                  ^
      = help: save the file as UTF-8
    "##);
    assert!(
        parse_bytes(
            with("3.0.3", "paths: {/a: {get: {}}}").as_bytes(),
            "api.yaml"
        )
        .is_ok()
    );
}

#[test]
fn a_contract_that_is_given_away_reads_the_same() {
    for text in [
        "{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"a\", \"version\": \"1\"}, \"paths\": {\"/a\": {\"get\": {}}}}",
        &with("3.0.3", "paths: {/a: {get: {}}}"),
        "{\"openapi\": 1",
        "openapi: 3.1.0",
    ] {
        let told = |read: Result<Contract, ContractError>| match read {
            Ok(contract) => format!("{:?} {}", contract.operations(), contract.source().file),
            Err(error) => error.render(),
        };
        let given = parse_owned(text.as_bytes().to_vec(), "api.yaml");
        assert_eq!(told(given), told(parse(text, "api.yaml")), "{text}");
    }
}

#[test]
fn a_broken_text_is_refused_with_its_place() {
    let error = parse(
        "{\n  \"openapi\": \"3.1.0\",\n  \"info\": {\"title\": \"a\" \"version\": \"1\"}\n}",
        "api.json",
    );
    insta::assert_snapshot!(error.unwrap_err().render(), @r##"
    error: expected `,` or `}` after this member, found `"`
     --> api.json:3:25
      |
    3 |   "info": {"title": "a" "version": "1"}
      |                         ^
      = at: /info/title
      = help: put a comma between two members
    "##);
}

#[test]
fn json_and_yaml_of_one_contract_are_read_alike() {
    let json = r#"{"openapi": "3.0.3", "info": {"title": "a", "version": "1"},
        "paths": {"/a/{b}": {"get": {"operationId": "x", "parameters": [{"name": "b", "in": "path"}]}}}}"#;
    let yaml = "openapi: 3.0.3\ninfo: {title: a, version: '1'}\n\
        paths:\n  /a/{b}:\n    get:\n      operationId: x\n      parameters: [{name: b, in: path}]\n";
    let (json, yaml) = (parse(json, "-").unwrap(), parse(yaml, "-").unwrap());
    assert!(json.tree().root().same_value(yaml.tree().root()));
    assert_eq!(summary(&json), summary(&yaml));
    assert_eq!(json.operations()[0].node, yaml.operations()[0].node);
}
