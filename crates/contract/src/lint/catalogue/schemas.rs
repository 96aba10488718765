//! Rules on schemas and enums.

use super::text::Text;

pub(super) const TEXTS: &[Text] = &[
    Text {
        id: "array-items",
        purpose: "A schema of type array says what its items are.",
        why: "A list of anything has no type in a generated client; version 3.0 requires the field, and generators for it stop.",
        repair: "Add `items`. Where anything is allowed indeed, `items: {}` says so.",
        bad: "components:
  schemas:
    Refunds: {type: array}
",
        good: "components:
  schemas:
    Refunds: {type: array, items: {type: string}}
",
    },
    Text {
        id: "duplicated-entry-in-enum",
        purpose: "An `enum` names each value once.",
        why: "JSON Schema forbids it, validators refuse the schema, and a generated enum has two members of one name.",
        repair: "Remove the second one; where another value was meant, correct it.",
        bad: "components:
  schemas:
    State: {type: string, enum: [open, settled, open]}
",
        good: "components:
  schemas:
    State: {type: string, enum: [open, settled]}
",
    },
    Text {
        id: "typed-enum",
        purpose: "The values of an `enum` are of the type that the schema names.",
        why: "A value of another type can never be valid, since both must hold. Unquoted YAML does it unseen: `no` or `1` is no text.",
        repair: "Quote the value, or correct `type`. For null add it to the types (3.1), or write `nullable: true` (3.0).",
        bad: "components:
  schemas:
    Stage: {type: string, enum: [one, 2]}
",
        good: "components:
  schemas:
    Stage: {type: string, enum: [one, '2']}
",
    },
    Text {
        id: "oas3-valid-schema-example",
        purpose: "The example and the default of a schema fit it.",
        why: "Readers copy examples before they read anything else, mock servers answer with them, and a default that is not valid is refused when it is sent.",
        repair: "Correct the example, or the schema where the example is what the API really does.",
        bad: "components:
  schemas:
    Amount: {type: integer, example: ten}
",
        good: "components:
  schemas:
    Amount: {type: integer, example: 10}
",
    },
    Text {
        id: "oas3-valid-media-example",
        purpose: "An example fits the schema beside it.",
        why: "Readers copy examples before they read anything else, and mock servers answer with them: one that is wrong teaches a request that is refused.",
        repair: "Correct the example, or the schema where the example is what the API really does.",
        bad: "paths:
  /refunds:
    post:
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [amount]}
            example: {sum: 10}
",
        good: "paths:
  /refunds:
    post:
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [amount]}
            example: {amount: 10}
",
    },
    Text {
        id: "oas3_2-no-deprecated-xml-attribute",
        purpose: "An XML attribute is written as `nodeType: attribute`, as OpenAPI 3.2 has it.",
        why: "3.2 deprecates `attribute` and `wrapped`; a document that mixes both ways can contradict itself.",
        repair: "Write `nodeType: attribute` for `attribute: true`, and `nodeType: element` for `wrapped: true`.",
        bad: "openapi: 3.2.0
components:
  schemas:
    Amount: {type: string, xml: {attribute: true}}
",
        good: "openapi: 3.2.0
components:
  schemas:
    Amount: {type: string, xml: {nodeType: attribute}}
",
    },
];
