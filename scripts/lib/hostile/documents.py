"""Writes documents that are built to harm whoever reads them: documents.py FOLDER. Prints one line for each: name, command, files."""
import json
import os
import sys

FOLDER = sys.argv[1]


def put(name, text):
    path = os.path.join(FOLDER, name)
    with open(path, "w") as out:
        out.write(text if isinstance(text, str) else json.dumps(text))
    return path


def contract(schemas, paths=None, use="A"):
    media = {"application/json": {"schema": {"$ref": f"#/components/schemas/{use}"}}}
    operation = {
        "operationId": "go",
        "requestBody": {"content": media},
        "responses": {"200": {"description": "all", "content": media}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Hostile", "version": "1"},
        "paths": paths or {"/a": {"post": operation}},
        "components": {"schemas": schemas},
    }


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def leaf(changed):
    return {"type": "integer" if changed else "string"}


def fan_out(changed):
    """Each schema names the next ten times: 10^50 schemas for whoever unfolds it."""
    schemas = {f"S{n}": {"properties": {f"p{k}": ref(f"S{n + 1}") for k in range(10)}} for n in range(50)}
    return contract({**schemas, "S50": leaf(changed)}, use="S0")


def all_of_fan_out(changed):
    schemas = {f"S{n}": {"allOf": [ref(f"S{n + 1}") for _ in range(10)]} for n in range(50)}
    return contract({**schemas, "S50": {"properties": {"p": leaf(changed)}}}, use="S0")


def one_of_fan_out(changed):
    schemas = {
        f"S{n}": {"oneOf": [ref(f"S{n + 1}"), {"type": "array", "items": ref(f"S{n + 1}")}], "anyOf": [ref(f"S{n + 1}")]}
        for n in range(200)
    }
    return contract({**schemas, "S200": leaf(changed)}, use="S0")


def all_of_chain(changed):
    schemas = {f"S{n}": {"allOf": [ref(f"S{n + 1}")], "properties": {f"p{n}": {"type": "string"}}} for n in range(10_000)}
    return contract({**schemas, "S10000": leaf(changed)}, use="S0")


def ref_chain(changed):
    return contract({**{f"S{n}": ref(f"S{n + 1}") for n in range(10_000)}, "S10000": leaf(changed)}, use="S0")


def property_chain(changed):
    schemas = {f"S{n}": {"properties": {"next": ref(f"S{n + 1}")}} for n in range(10_000)}
    return contract({**schemas, "S10000": leaf(changed)}, use="S0")


def cycles(changed):
    """Every schema leads to every other by every keyword."""
    names = [f"S{n}" for n in range(40)]
    schemas = {}
    for n, name in enumerate(names):
        others = [ref(other) for other in names]
        schemas[name] = {
            "allOf": others, "oneOf": others, "anyOf": others, "not": others[n - 1], "items": others[n - 2],
            "additionalProperties": others[n - 3], "prefixItems": others, "if": others[n], "then": others[n - 1],
            "patternProperties": {"^x": others[n - 4]}, "properties": {"p": others[n - 5], "q": leaf(changed)},
        }
    return contract(schemas, use="S0")


def self_references(changed):
    return contract({
        "A": {"properties": {"a": ref("B"), "b": ref("C"), "c": ref("D"), "d": leaf(changed)}},
        "B": ref("B"), "C": {"allOf": [ref("C")]}, "D": {"$ref": "#"},
        "E": {"$ref": "#/components/schemas/E/properties/x"}, "F": {"$ref": "#/components/schemas/F/$ref"},
    })


def two_periods(changed):
    """Rings of 97 and 101 schemas, so that pairs of the two come again only after 9,797 steps."""
    length = 101 if changed else 97
    schemas = {f"S{n}": {"properties": {"next": ref(f"S{(n + 1) % length}")}, "maxLength": n % 2} for n in range(length)}
    return contract(schemas, use="S0")


def all_pairs(changed):
    """Two rings of alternatives that differ everywhere: every member of the one may stand for every member of the other."""
    names = [f"{'T' if changed else 'S'}{n}" for n in range(300)]
    schemas = {
        name: {"oneOf": [ref(other) for other in names[n % 7::7]], "maximum": n + changed} for n, name in enumerate(names)
    }
    return contract(schemas, use=names[0])


def properties(changed):
    members = {f"p{n}": {"type": "string", "maxLength": 5 + changed * (n % 1000 == 0)} for n in range(100_000)}
    return contract({"A": {"type": "object", "properties": members, "required": list(members)}})


def enums(changed):
    return contract({"A": {"type": "string", "enum": [f"v{n}" for n in range(changed, 200_000 + changed)]}})


def alternatives(changed):
    return contract({"A": {"oneOf": [{"type": "string", "const": f"v{n + changed}"} for n in range(20_000)]}})


def nested(changed):
    schema = leaf(changed)
    for _ in range(120):
        schema = {"properties": {"p": {"items": {"not": schema}}}}
    return contract({"A": schema})


def brackets(changed):
    return "[" * 512 + str(int(changed)) + "]" * 512


def too_deep(changed):
    return "[" * 1_000_000 + str(int(changed)) + "]" * 1_000_000


def nested_flow_yaml(changed):
    return "openapi: 3.0.0\na: " + "{a: " * 100_000 + str(int(changed))


def nested_block_yaml(changed):
    return "".join(" " * n + "a:\n" for n in range(4_000)) + " " * 4_000 + str(int(changed))


def templates(changed):
    """Thousands of paths of one shape, which no router can tell apart."""
    get = {"get": {"responses": {"200": {"description": "ok"}}}}
    return contract({"A": leaf(changed)}, {f"/a/{{p{n}_{int(changed)}}}/b/{{q{n}}}": get for n in range(10_000)})


def operations(changed):
    def one(n):
        return {"operationId": f"op{n}", "summary": "Shows the thing of the other thing", "tags": ["t"],
                "parameters": [{"in": "query", "name": "q", "schema": ref("A")}], "responses": {"200": {"description": "ok"}}}
    return contract({"A": leaf(changed)}, {f"/things/{n}": {"get": one(n)} for n in range(5_000)})


def parameters(changed):
    many = [{"in": "query", "name": f"q{n}", "schema": {"type": "string"}, "required": changed} for n in range(20_000)]
    return contract({"A": {}}, {"/a": {"get": {"parameters": many, "responses": {"200": {"description": "ok"}}}}})


def shared_parameters(changed):
    """Three hundred path parameters for each of three hundred operations: 90,000 changes of 30 bytes each."""
    many = [{"in": "query", "name": f"q{n}", "schema": leaf(changed)} for n in range(300)]
    item = {"parameters": many, "get": {"responses": {"200": {"description": "ok"}}}}
    return contract({"A": {}}, {"/a0": item, **{f"/a{n}": {"$ref": "#/paths/~1a0"} for n in range(1, 300)}})


def discriminators(changed):
    names = [f"S{n}" for n in range(300)]
    mapping = {name: f"#/components/schemas/{name}" for name in names}
    return contract({
        name: {"oneOf": [ref(other) for other in names], "discriminator": {"propertyName": "kind", "mapping": mapping},
               "allOf": [ref(names[n - 1])], "properties": {"kind": {"const": name}, "v": leaf(changed)}}
        for n, name in enumerate(names)
    }, use="S0")


def regexes(changed):
    patterns = ["(a+)+$", "(a|a)*b", "(.*)*x", "(?=(a+))\\1b", "a{1,1000}{1,1000}", "(" * 300 + ")" * 300, "[" * 300,
                "(?:" * 2000 + "a" + "){1000}" * 2000, "\\p{L}{1000}{1000}"]
    fields = {f"p{n}": {"type": "string", "pattern": p, "example": "a" * 40 + "!", "default": "a" * 60 + str(changed)}
              for n, p in enumerate(patterns)}
    return contract({"A": {"type": "object", "properties": fields, "example": {name: "a" * 50 + "!" for name in fields}}})


def aliases(changed):
    text = f"a0: &a0 [{int(changed)}, x, x, x, x, x, x, x, x]\n"
    text += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 60))
    return "openapi: 3.0.0\ninfo: {title: t, version: '1'}\npaths: {}\n" + text


def small_aliases(changed):
    """Just under the limit: seven million nodes in three hundred bytes."""
    text = "x-a0: &a0 {a: 1, b: 2, c: 3, d: 4, e: %d}\n" % changed
    text += "".join(f"x-a{n}: &a{n} {{{', '.join(f'k{k}: *a{n - 1}' for k in range(9))}}}\n" for n in range(1, 7))
    return "openapi: 3.0.0\ninfo: {title: t, version: '1'}\npaths: {}\n" + text


def alias_schemas(changed):
    text = "s0: &s0 {type: %s}\n" % ("integer" if changed else "string")
    text += "".join(f"s{n}: &s{n} {{properties: {{{', '.join(f'p{k}: *s{n - 1}' for k in range(8))}}}}}\n" for n in range(1, 7))
    return ("x-all:\n" + "".join("  " + line + "\n" for line in text.splitlines())
            + "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    post:\n      requestBody: {content: {application/json: "
              "{schema: *s6}}}\n      responses: {'200': {description: ok, content: {application/json: {schema: *s6}}}}\n")


def merge_keys(changed):
    lines = [f"m0: &m0 {{a: {int(changed)}}}"]
    lines += [f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 6)}], k{n}: 1}}" for n in range(1, 8)]
    return "\n".join(lines) + "\nopenapi: 3.0.0\n"


def anchors(changed):
    return "".join(f"k{n}: &a{n} {int(changed)}\n" for n in range(100_000))


def strings(changed):
    text = "word " * 200_000 + str(changed)
    operation = {"operationId": "o" * 100_000, "summary": text, "description": "<a>" * 100_000 + "`" * 100_000,
                 "responses": {"200": {"description": text}}}
    return contract({"A": leaf(changed)}, {"/" + "a" * 100_000: {"get": operation}, "/" + "{" * 50_000: {"get": operation},
                                            "/" + "/{a}" * 20_000: {"get": operation}})


def escapes(changed):
    return '{"openapi":"3.0.0","info":{"title":"' + "\\u0000" * 500_000 + str(changed) + '"},"paths":{}}'


def duplicate_keys(changed):
    return '{"openapi":"3.0.0","paths":{' + ",".join('"/a":{"get":{"responses":{}}}' for _ in range(50_000)) + f'}},"a":{int(changed)}}}'


def numbers(changed):
    digits = "9" * 500_000
    return ('{"openapi":"3.1.0","paths":{"/a":{"get":{"parameters":[{"in":"query","name":"q","schema":{"type":"number","maximum":'
            + digits + f'e{int(changed)},"minimum":1e999999999,"multipleOf":1e-999999999' + ',"enum":[1e400000000,1E400000000,0.1e400000001]}}],'
            + '"responses":{}}}}}')


def dynamic(changed):
    schemas = {
        f"S{n}": {"$id": f"s{n}", "$dynamicAnchor": "node", "$anchor": f"a{n}",
                  "properties": {f"p{k}": {"$dynamicRef": "#node"} for k in range(10)}, "allOf": [ref(f"S{(n + 1) % 100}")]}
        for n in range(100)
    }
    schemas["S99"]["maximum"] = int(changed)
    return contract(schemas, use="S0")


def tool_list(changed):
    return {"tools": [{"name": f"t{n}", "description": "word " * 50, "inputSchema": {"type": "object", "properties": {
        f"p{k}": {"$ref": "#/properties/p%d" % ((k + 1) % 50), "maximum": int(changed)} for k in range(50)}}} for n in range(1_000)]}


def tool_arguments(changed):
    members = {f"p{n}": {"type": "string", "enum": ["a"], "maxLength": 5 + changed * (n % 1000 == 0)} for n in range(50_000)}
    required = [f"p{n}" for n in range(int(changed), 50_000)]
    tool = {"name": "t", "inputSchema": {"type": "object", "properties": members, "required": required}}
    many = {"name": "u", "inputSchema": {"properties": {"a": {"enum": [f"v{n + changed}" for n in range(100_000)]}}}}
    return {"tools": [tool, many, {**tool, "name": "o", "outputSchema": tool["inputSchema"]}]}


def examples(changed):
    """Whoever tries every alternative for the example of the first schema tries 10^40."""
    schemas = {f"S{n}": {"anyOf": [ref(f"S{n + 1}") for _ in range(10)]} for n in range(40)}
    document = contract({**schemas, "S40": {"const": 1 + changed}}, use="S0")
    media = document["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"]
    media["example"] = 3
    document["components"]["schemas"]["S0"]["default"] = "x"
    document["components"]["schemas"]["S0"]["example"] = "y"
    return document


def round_examples(changed):
    """The same in a circle, for an example that is deep."""
    schemas = {f"S{n}": {"oneOf": [ref(f"S{k}") for k in range(12) if k != n] + [{"items": ref(f"S{n}")}]} for n in range(12)}
    example = int(changed)
    for _ in range(40):
        example = [example]
    schemas["S0"]["example"] = example
    return contract(schemas, use="S0")


def renamed(changed):
    """Every property got another name of the same schema: whoever pairs them by likeness compares each with each."""
    letter = "b" if changed else "a"
    return contract({"A": {"properties": {f"{letter}{n}": {"type": "string", "title": f"{letter}{n}"} for n in range(20_000)}}})


def components(changed):
    return contract({f"S{n}": {"type": "object", "properties": {"a": ref(f"S{(n * 7 + 1) % 30_000}"), "b": leaf(changed)}}
                     for n in range(30_000)}, use="S0")


def security(changed):
    schemes = {f"s{n}": {"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "https://a", "scopes": {
        f"c{k}": "" for k in range(50)}}}} for n in range(300)}
    document = contract({"A": leaf(changed)})
    document["components"]["securitySchemes"] = schemes
    document["security"] = [{f"s{n}": [f"c{n % 50}"], f"s{(n + 1) % 300}": ["c1"]} for n in range(3_000 - changed)]
    return document


def callbacks(changed):
    operation = {"responses": {"200": {"description": "ok"}}}
    document = contract({"A": leaf(changed)})
    document["components"]["pathItems"] = {
        f"p{n}": {"post": {**operation, "callbacks": {f"c{k}": {"{$url}": {"$ref": f"#/components/pathItems/p{(n + 1) % 50}"}}
                                                      for k in range(5)}}} for n in range(50)}
    document["paths"]["/cb"] = {"$ref": "#/components/pathItems/p0"}
    return document


RULESETS = {
    "regexes": {"rules": {f"r{n}": {"given": "$..[*]", "then": {"field": "@key", "function": "pattern", "functionOptions": {"match": match}}}
                          for n, match in enumerate(["(a+)+$", "(a|a)*b", "(?=(a+))\\1b", "(.*)*\\1x"])}},
    "descents": {"rules": {"deep": {"given": "$" + "..*" * 12, "then": {"function": "falsy"}}}},
    "filters": {"rules": {"all": {"given": "$..[?(@.a || @..b || !(@.c == $..d))]", "then": {"function": "truthy"}}}},
    "repeats": {"rules": {f"r{n}": {"given": "$..*", "then": {"function": "truthy"}} for n in range(300)}},
    "deep": {"rules": {"d": {"given": "$" + "[?(@" * 2_000 + ")]" * 2_000, "then": {"function": "truthy"}}}},
    "aliases": {"aliases": {f"A{n}": [f"#A{n + 1}.*"] * 10 for n in range(20)} | {"A20": ["$"]}, "rules": {
        "a": {"given": "#A0", "then": {"function": "truthy"}}, "b": {"given": "#B", "then": {"function": "truthy"}}}},
    "schema": {"rules": {"s": {"given": "$..*", "then": {"function": "schema", "functionOptions": {"schema": {
        "$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}] * 5}, "b": {"anyOf": [{"$ref": "#/$defs/c"}] * 5},
                                       "c": {"anyOf": [{"$ref": "#/$defs/a"}] * 5}}}}}}}},
}

DOCUMENTS = [
    fan_out, all_of_fan_out, one_of_fan_out, all_of_chain, ref_chain, property_chain, cycles, self_references, two_periods, all_pairs,
    properties, enums, alternatives, nested, brackets, too_deep, nested_flow_yaml, nested_block_yaml, templates, operations, parameters,
    shared_parameters, discriminators, regexes, aliases, small_aliases, alias_schemas, merge_keys, anchors, strings, escapes,
    duplicate_keys, numbers, dynamic, tool_list, tool_arguments, examples, round_examples, renamed, components, security, callbacks,
]

for make in DOCUMENTS:
    name = make.__name__
    base, revision = put(f"{name}.base", make(False)), put(f"{name}.revision", make(True))
    print(name, "diff", base, revision, sep="\t")
    print(name, "changelog", base, revision, sep="\t")
    print(name, "lint", base, sep="\t")
    print(name, "score", base, sep="\t")

words = put("words.json", {"a" * 30 + "!": {"b": ["a" * 40 + "!", {"c" * 40: 1}]}, **{f"k{n}": {"a": [n, {"d": n}]} for n in range(2_000)}})
for name, ruleset in RULESETS.items():
    print(f"ruleset {name}", "lint", words, "--ruleset", put(f"ruleset-{name}.yaml", ruleset), sep="\t")
