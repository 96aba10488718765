//! Rules on components, references and examples.

use super::text::Text;

pub(super) const TEXTS: &[Text] = &[
    Text {
        id: "no-$ref-siblings",
        purpose: "In OpenAPI 3.0 nothing stands beside a `$ref`.",
        why: "3.0 says that siblings are ignored: a description or a bound that is written there has no effect, though it looks as if it had.",
        repair: "Remove the siblings (`towpath lint --fix` does), wrap the reference in `allOf`, or move to 3.1, where they count.",
        bad: "openapi: 3.0.4
components:
  schemas:
    Refund: {$ref: '#/components/schemas/Payment', description: Money back.}
    Payment: {type: object}
",
        good: "openapi: 3.0.4
components:
  schemas:
    Refund:
      description: Money back.
      allOf: [{$ref: '#/components/schemas/Payment'}]
    Payment: {type: object}
",
    },
    Text {
        id: "oas3-examples-value-or-externalValue",
        purpose: "An example has either a `value` or an `externalValue`.",
        why: "With both, tools show one or the other; with none there is nothing to show.",
        repair: "Keep the one that is meant.",
        bad: "components:
  examples:
    refund: {value: {amount: 10}, externalValue: 'https://docs.payments.test/refund.json'}
",
        good: "components:
  examples:
    refund: {value: {amount: 10}}
",
    },
    Text {
        id: "oas3-unused-component",
        purpose: "Something refers to each component.",
        why: "Generators make code for it, readers take it for part of the API, and nobody dares to change it.",
        repair: "Remove it (`towpath lint --fix` does), or refer to it where it was meant to be used.",
        bad: "components:
  schemas:
    Refund: {type: object}
",
        good: "paths:
  /refunds:
    get:
      responses:
        '200':
          description: A refund.
          content: {application/json: {schema: {$ref: '#/components/schemas/Refund'}}}
components:
  schemas:
    Refund: {type: object}
",
    },
];
