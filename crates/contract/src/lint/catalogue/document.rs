//! Rules on the document as a whole: its form, its info, its servers and its tags.

use super::text::Text;
use crate::level::Level;

/// Rules that run whatever the ruleset.
pub(super) const ALWAYS: &[(Text, Level)] = &[
    (
        Text {
            id: "invalid-ref",
            purpose: "A `$ref` leads to something in this document.",
            why: "What the reference stands for is missing for every reader: generators stop, and an agent sees an input without a form. One that leads into another file is told at level warning, because rules do not follow it.",
            repair: "Correct the pointer, or add the component that it names. Bundle a contract of several files into one first.",
            bad: "paths:
  /payments:
    get:
      responses:
        '200': {$ref: '#/components/responses/Payments'}
",
            good: "paths:
  /payments:
    get:
      responses:
        '200': {$ref: '#/components/responses/Payments'}
components:
  responses:
    Payments: {description: The payments.}
",
        },
        Level::Error,
    ),
    (
        Text {
            id: "unrecognized-format",
            purpose: "The document says that it is an OpenAPI 3 contract.",
            why: "Rules are written for a version. A document without one passes because nearly nothing was looked at.",
            repair: "Name the version in `openapi`, such as `3.1.0`; lint documents of other kinds with a ruleset of your own.",
            bad: "asyncapi: 3.0.0
info: {title: Payments, version: 1.0.0}
",
            good: "openapi: 3.1.0
info: {title: Payments, version: 1.0.0}
",
        },
        Level::Warning,
    ),
];

pub(super) const TEXTS: &[Text] = &[
    Text {
        id: "oas3-schema",
        purpose: "The document has the form that its version of OpenAPI prescribes.",
        why: "A tool may refuse a document of another form, or skip the part that it does not understand without a word.",
        repair: "Do what the message says at the place that it names: remove a field that does not exist there, add one that is required, correct a type.",
        bad: "info: {title: Payments, version: 1.0.0}
paths:
  /payments:
    get:
      responses:
        '200': {}
",
        good: "info: {title: Payments, version: 1.0.0}
paths:
  /payments:
    get:
      responses:
        '200': {description: The payments.}
",
    },
    Text {
        id: "info-contact",
        purpose: "`info` names a contact.",
        why: "Whoever finds a fault, or is about to be broken by a change, looks here for somebody to ask.",
        repair: "Add `info.contact` with a team rather than a person: people move on.",
        bad: "info: {title: Payments, version: 1.0.0}
",
        good: "info:
  title: Payments
  version: 1.0.0
  contact: {name: Payments team, email: payments@example.com}
",
    },
    Text {
        id: "contact-properties",
        purpose: "The contact has a name, a URL and an email address.",
        why: "A contact with one way to reach it fails when that way does.",
        repair: "Fill in `name`, `url` and `email`.",
        bad: "info:
  contact: {name: Payments team}
",
        good: "info:
  contact:
    name: Payments team
    url: https://example.com/payments
    email: payments@example.com
",
    },
    Text {
        id: "info-description",
        purpose: "`info` has a description.",
        why: "It is the first text of a portal's page, and what an agent reads to decide whether this is the right API at all.",
        repair: "Say in two or three sentences what the API is for, what it is not for, and who may use it.",
        bad: "info: {title: Payments, version: 1.0.0}
",
        good: "info:
  title: Payments
  version: 1.0.0
  description: Takes and refunds card payments. Payouts are another API.
",
    },
    Text {
        id: "info-license",
        purpose: "`info` names a license.",
        why: "Without one, companies may not generate and publish clients from the contract.",
        repair: "Add `info.license` with at least a `name`.",
        bad: "info: {title: Payments, version: 1.0.0}
",
        good: "info:
  title: Payments
  version: 1.0.0
  license: {name: Apache 2.0, url: 'https://www.apache.org/licenses/LICENSE-2.0'}
",
    },
    Text {
        id: "license-url",
        purpose: "The license has a URL.",
        why: "A name such as `proprietary` does not say what is allowed; the text behind the URL does.",
        repair: "Add `info.license.url`. A document that uses `identifier` (SPDX, since 3.1) instead may switch the rule off.",
        bad: "info:
  license: {name: Apache 2.0}
",
        good: "info:
  license: {name: Apache 2.0, url: 'https://www.apache.org/licenses/LICENSE-2.0'}
",
    },
    Text {
        id: "no-eval-in-markdown",
        purpose: "No title or description holds a call of `eval`.",
        why: "Portals render these texts as Markdown, in which HTML is allowed: code in them would run in the reader's browser.",
        repair: "Remove the call. A text about the function can write `eval` without a bracket behind it.",
        bad: "info: {title: Payments, description: 'Never call eval(input).'}
",
        good: "info: {title: Payments, description: 'Never evaluate the input.'}
",
    },
    Text {
        id: "no-script-tags-in-markdown",
        purpose: "No title or description holds a `<script` element.",
        why: "Portals render these texts as Markdown, in which HTML is allowed: the script would run in the reader's browser.",
        repair: "Remove the element; what a page shall run belongs to the page.",
        bad: "info: {title: Payments, description: '<script src=\"/stats.js\"></script>'}
",
        good: "info: {title: Payments, description: Takes card payments.}
",
    },
    Text {
        id: "oas3-api-servers",
        purpose: "The document names at least one server.",
        why: "Without one the server is wherever the document happens to lie, so examples, generated clients and agents call the wrong host.",
        repair: "Add `servers` with the URL of production first.",
        bad: "info: {title: Payments}
",
        good: "info: {title: Payments}
servers: [{url: 'https://api.payments.test'}]
",
    },
    Text {
        id: "oas3-server-not-example.com",
        purpose: "No server is `example.com`.",
        why: "It is a host for documentation: nobody answers there, so the URL was forgotten when the template was filled in.",
        repair: "Write the real host.",
        bad: "servers: [{url: 'https://api.example.com'}]
",
        good: "servers: [{url: 'https://api.payments.test'}]
",
    },
    Text {
        id: "oas3-server-trailing-slash",
        purpose: "The URL of a server does not end with a slash.",
        why: "Paths begin with a slash, and clients put both together as text: the result has two, which many servers do not match.",
        repair: "Cut the slash at the end. `towpath lint --fix` does.",
        bad: "servers: [{url: 'https://api.payments.test/'}]
",
        good: "servers: [{url: 'https://api.payments.test'}]
",
    },
    Text {
        id: "oas3-server-variables",
        purpose: "The variables of a server's URL are defined, used, and make valid URLs.",
        why: "A variable without a definition stays in the URL as text in braces; one without a default leaves every client to guess.",
        repair: "Define each variable in braces with a `default` that is among its `enum`, and remove definitions that the URL does not use.",
        bad: "servers:
  - url: https://{region}.payments.test
    variables: {zone: {default: eu}}
",
        good: "servers:
  - url: https://{region}.payments.test
    variables: {region: {default: eu, enum: [eu, us]}}
",
    },
    Text {
        id: "openapi-tags",
        purpose: "The document lists its tags.",
        why: "The list is where a tag gets its description and its place in the order of a portal.",
        repair: "Add `tags` with each tag that operations use.",
        bad: "info: {title: Payments}
",
        good: "info: {title: Payments}
tags: [{name: refunds}]
",
    },
    Text {
        id: "openapi-tags-alphabetical",
        purpose: "The tags of the document are in alphabetical order.",
        why: "In a long list, what is sorted is found, and two branches that add a tag do not meet in the last line.",
        repair: "Sort `tags` by name, or switch the rule off where the order of the list is the order of the portal.",
        bad: "tags: [{name: refunds}, {name: payments}]
",
        good: "tags: [{name: payments}, {name: refunds}]
",
    },
    Text {
        id: "openapi-tags-uniqueness",
        purpose: "Each tag of the document has a name of its own.",
        why: "Of two entries with one name a tool shows the first, the last or both; which one the description comes from is chance.",
        repair: "Merge the entries into one.",
        bad: "tags: [{name: refunds}, {name: refunds, description: Money back.}]
",
        good: "tags: [{name: refunds, description: Money back.}]
",
    },
    Text {
        id: "tag-description",
        purpose: "Each tag of the document has a description.",
        why: "Tags group a portal's pages and an agent's tools; a name alone does not say what belongs there.",
        repair: "Say in one sentence what the operations of the tag have in common.",
        bad: "tags: [{name: refunds}]
",
        good: "tags: [{name: refunds, description: Give money back.}]
",
    },
];
