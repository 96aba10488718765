//! Rules on paths, operations, their parameters, callbacks and webhooks.

use super::text::Text;

pub(super) const TEXTS: &[Text] = &[
    Text {
        id: "operation-description",
        purpose: "An operation has a description.",
        why: "It is what people read before they call, and often all that an agent has to choose between two operations.",
        repair: "Say what the operation does, when to use it rather than its neighbour, and what it changes.",
        bad: "paths:
  /refunds:
    post: {operationId: createRefund, summary: Refund}
",
        good: "paths:
  /refunds:
    post:
      operationId: createRefund
      summary: Refund
      description: Gives back a payment, in whole or in part. Cannot be undone.
",
    },
    Text {
        id: "operation-operationId",
        purpose: "An operation has an `operationId`.",
        why: "It becomes the name of the method in a generated client and of the tool that an agent calls. Without it tools make one of method and path, and a change of the path renames it.",
        repair: "Add an `operationId` of a verb and a noun that is unique in the document; keep it when the path changes.",
        bad: "paths:
  /refunds:
    post: {summary: Refund}
",
        good: "paths:
  /refunds:
    post: {operationId: createRefund, summary: Refund}
",
    },
    Text {
        id: "operation-operationId-unique",
        purpose: "Each `operationId` is in the document once.",
        why: "Generators number the second one, drop it, or stop; which operation a name means then depends on the order of the document.",
        repair: "Rename one of the two, the one that nobody calls by its generated name yet.",
        bad: "paths:
  /refunds:
    get: {operationId: refunds}
    post: {operationId: refunds}
",
        good: "paths:
  /refunds:
    get: {operationId: listRefunds}
    post: {operationId: createRefund}
",
    },
    Text {
        id: "operation-operationId-valid-in-url",
        purpose: "An `operationId` holds only characters that a URL may have.",
        why: "Portals use it as the anchor of an operation; a blank or an umlaut there makes links that do not lead back.",
        repair: "Write letters, digits, `-`, `_` or `.`.",
        bad: "paths:
  /refunds:
    post: {operationId: create refund}
",
        good: "paths:
  /refunds:
    post: {operationId: createRefund}
",
    },
    Text {
        id: "operation-parameters",
        purpose: "The parameters of an operation differ in name or in place.",
        why: "Of two parameters with the same name in the same place only one can be sent; tools disagree on which definition holds.",
        repair: "Remove one, or merge what they say. The same name in another place (`query`, `header`) is another parameter.",
        bad: "paths:
  /refunds:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: limit, in: query, schema: {type: string}}
",
        good: "paths:
  /refunds:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: limit, in: header, schema: {type: string}}
",
    },
    Text {
        id: "operation-singular-tag",
        purpose: "An operation has one tag at most.",
        why: "Generators make one class of each tag: with two tags the same method is in two classes, or in one that is chosen by order.",
        repair: "Keep the tag under which a reader would look first.",
        bad: "paths:
  /refunds:
    get: {tags: [refunds, payments]}
",
        good: "paths:
  /refunds:
    get: {tags: [refunds]}
",
    },
    Text {
        id: "operation-success-response",
        purpose: "An operation has a response of status 2xx or 3xx.",
        why: "Without one, nobody knows what a call gives when it works, and generated clients return nothing.",
        repair: "Add the response of success, such as `204` where there is no body.",
        bad: "paths:
  /refunds:
    post:
      responses:
        '404': {description: There is no such payment.}
",
        good: "paths:
  /refunds:
    post:
      responses:
        '201': {description: The refund was made.}
        '404': {description: There is no such payment.}
",
    },
    Text {
        id: "operation-tag-defined",
        purpose: "A tag of an operation is among the tags of the document.",
        why: "A tag that is not listed has no description, and one that is misspelt makes a group of its own.",
        repair: "Correct the spelling, or list the tag in `tags`. `towpath lint --fix` lists it.",
        bad: "tags: [{name: refunds}]
paths:
  /refunds:
    get: {tags: [refund]}
",
        good: "tags: [{name: refunds}]
paths:
  /refunds:
    get: {tags: [refunds]}
",
    },
    Text {
        id: "operation-tags",
        purpose: "An operation has a tag.",
        why: "Portals show operations without one in a group called default, and generators put them in a class of that name.",
        repair: "Give the operation the tag of its resource.",
        bad: "paths:
  /refunds:
    get: {operationId: listRefunds}
",
        good: "paths:
  /refunds:
    get: {operationId: listRefunds, tags: [refunds]}
",
    },
    Text {
        id: "oas3-operation-security-defined",
        purpose: "A security requirement names a scheme, and scopes of it, that are defined.",
        why: "A name without a definition does not say how to prove who one is: clients send nothing and are refused.",
        repair: "Define the scheme in `components.securitySchemes` and its scopes in its flows, or correct the name.",
        bad: "paths:
  /refunds:
    get: {security: [{key: []}]}
",
        good: "paths:
  /refunds:
    get: {security: [{key: []}]}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
",
    },
    Text {
        id: "oas3-parameter-description",
        purpose: "A parameter has a description.",
        why: "A name and a type do not say the unit, the default or the meaning; people try, and agents guess.",
        repair: "Say what the value means, with its unit and what happens without it.",
        bad: "paths:
  /refunds:
    get:
      parameters:
        - {name: age, in: query, schema: {type: integer}}
",
        good: "paths:
  /refunds:
    get:
      parameters:
        - name: age
          in: query
          description: Refunds of the last so many days; 30 without it.
          schema: {type: integer}
",
    },
    Text {
        id: "path-declarations-must-exist",
        purpose: "A parameter in a path has a name.",
        why: "Empty braces cannot be filled in: no definition can refer to them.",
        repair: "Write the name in the braces and define the parameter.",
        bad: "paths:
  /refunds/{}: {}
",
        good: "paths:
  /refunds/{id}: {}
",
    },
    Text {
        id: "path-keys-no-trailing-slash",
        purpose: "A path does not end with a slash.",
        why: "Servers disagree on whether `/refunds` and `/refunds/` are the same; clients that follow the document get a redirect, or nothing.",
        repair: "Cut the slash, after a look at what the server answers. The path `/` alone is fine.",
        bad: "paths:
  /refunds/: {}
",
        good: "paths:
  /refunds: {}
",
    },
    Text {
        id: "path-not-include-query",
        purpose: "A path holds no query.",
        why: "OpenAPI matches paths without their query: such an operation is never found, neither by a gateway nor by a client.",
        repair: "Make what follows the `?` a parameter in `query`.",
        bad: "paths:
  /refunds?state=open: {}
",
        good: "paths:
  /refunds:
    get:
      parameters:
        - {name: state, in: query, schema: {enum: [open]}}
",
    },
    Text {
        id: "path-params",
        purpose: "The parameters of a path are defined and used, and no two paths are the same to a client.",
        why: "A name in braces without a definition has no type, and a definition without braces is never sent. Of two paths that differ in names alone, one is never reached.",
        repair: "Define each name in braces as a required parameter in `path`, remove the others, and merge paths that differ in names alone.",
        bad: "paths:
  /refunds/{id}:
    get: {operationId: getRefund}
",
        good: "paths:
  /refunds/{id}:
    get:
      operationId: getRefund
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
",
    },
    Text {
        id: "oas3-callbacks-in-callbacks",
        purpose: "A callback has no callbacks of its own.",
        why: "The form allows it and no tool follows it: the inner one is never called by anyone who reads the document.",
        repair: "Make the inner callback one of the operation that starts it all, or a webhook.",
        bad: "paths:
  /refunds:
    post:
      callbacks:
        settled:
          '{$request.body#/url}':
            post:
              callbacks: {}
",
        good: "paths:
  /refunds:
    post:
      callbacks:
        settled:
          '{$request.body#/url}':
            post: {operationId: refundSettled}
",
    },
    Text {
        id: "oas3_1-callbacks-in-webhook",
        purpose: "A webhook has no callbacks.",
        why: "A webhook is already a call to the reader; a callback of it would be a call to whom, nobody can say.",
        repair: "Make the callback a webhook of its own.",
        bad: "webhooks:
  settled:
    post:
      callbacks: {}
",
        good: "webhooks:
  settled:
    post: {operationId: refundSettled}
",
    },
    Text {
        id: "oas3_1-servers-in-webhook",
        purpose: "A webhook has no servers.",
        why: "A webhook goes to the address that the consumer registered: a server here is never called.",
        repair: "Remove `servers`, and say in the description how an address is registered.",
        bad: "webhooks:
  settled:
    post:
      servers: [{url: 'https://consumer.test'}]
",
        good: "webhooks:
  settled:
    post: {operationId: refundSettled}
",
    },
];
