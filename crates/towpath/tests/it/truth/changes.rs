//! Breaking changes of the payments contract, one kind each, and which calls each of them can break.

use serde_json::Value;

use super::document::{add, cut, rename, set};
use super::message::Message;

/// One step of an edit; places are JSON pointers.
#[derive(Debug, Clone, Copy)]
pub enum Edit {
    /// To this JSON, new or not.
    Set(&'static str, &'static str),
    /// At the end of an array.
    Add(&'static str, &'static str),
    Cut(&'static str),
    Rename(&'static str, &'static str),
}

/// What tells whether a call breaks.
#[derive(Debug, Clone, Copy)]
pub enum Side {
    /// Names and values that leaves show.
    Request,
    /// What leaves do not show, such as the length of a value: nobody can be called affected.
    RequestValue,
    /// The calls of this method and path whose answer held this place; `""` is any answer.
    Response(&'static str, &'static str, &'static str),
}

/// One change.
#[derive(Clone, Copy)]
pub struct Change {
    pub name: &'static str,
    pub side: Side,
    pub edits: &'static [Edit],
    /// Calls that break though the revision takes them.
    pub also: Option<fn(&Message) -> bool>,
}

impl Change {
    const fn new(name: &'static str, side: Side, edits: &'static [Edit]) -> Self {
        Self {
            name,
            side,
            edits,
            also: None,
        }
    }

    pub fn apply(&self, base: &Value) -> Value {
        let mut revision = base.clone();
        set(&mut revision, "/info/version", "\"2.0.0\"");
        for edit in self.edits {
            match edit {
                Edit::Set(at, json) => set(&mut revision, at, json),
                Edit::Add(at, json) => add(&mut revision, at, json),
                Edit::Cut(at) => cut(&mut revision, at),
                Edit::Rename(at, name) => rename(&mut revision, at, name),
            }
        }
        revision
    }
}

use Edit::{Add, Cut, Rename, Set};
use Side::{Request, RequestValue, Response};

const LIST: &str = "/paths/~1payments/get/parameters";

#[rustfmt::skip]
pub const CHANGES: &[Change] = &[
    Change::new("an operation goes", Request, &[Cut("/paths/~1refunds/post")]),
    Change::new("a path goes", Request, &[Cut("/paths/~1hooks~1{hook_id}")]),
    Change::new("one method of a path goes", Request, &[Cut("/paths/~1payments~1{payment_id}/delete")]),
    Change::new("a path is renamed", Request, &[Rename("/paths/~1quotes", "/offers")]),
    Change::new("a property goes", Request, &[Cut("/components/schemas/NewPayment/allOf/1/properties/note")]),
    Change::new("a property behind a reference of allOf goes", Request, &[Cut("/components/schemas/Base/properties/reference")]),
    Change::new("a nested property goes", Request, &[Cut("/components/schemas/NewPayment/allOf/1/properties/customer/properties/email")]),
    Change::new("a property of elements goes", Request, &[Cut("/components/schemas/NewPayment/allOf/1/properties/lines/items/properties/quantity")]),
    Change::new("a property deep below elements goes", Request, &[Cut("/components/schemas/NewPayment/allOf/1/properties/lines/items/properties/discount/properties/code")]),
    Change::new("a property of a schema that two operations share goes", Request, &[Cut("/components/schemas/Address/properties/line")]),
    Change::new("a property is renamed", Request, &[Rename("/paths/~1payments~1{payment_id}/patch/requestBody/content/application~1json/schema/properties/note", "memo")]),
    Change::new("a property of one of several schemas goes", Request, &[Cut("/components/schemas/CardTarget/properties/holder")]),
    Change::new("a property goes from JSON and form", Request, &[Cut("/components/schemas/NewCustomer/properties/phone")]),
    Change::new("an object goes with all it holds", Request, &[Cut("/components/schemas/NewQuote/properties/basket/properties/ship")]),
    Change::new("an optional property becomes required", Request, &[Add("/components/schemas/Base/required", "\"currency\"")]),
    Change::new("an optional nested property becomes required", Request, &[Add("/components/schemas/NewQuote/properties/basket/required", "\"coupon\"")]),
    Change::new("a new required property", Request, &[
        Set("/components/schemas/NewQuote/properties/market", r#"{"type": "string"}"#),
        Add("/components/schemas/NewQuote/required", "\"market\""),
    ]),
    Change::new("a new required nested property", Request, &[
        Set("/components/schemas/Address/properties/zip", r#"{"type": "string"}"#),
        Add("/components/schemas/Address/required", "\"zip\""),
    ]),
    Change::new("a property of form and JSON becomes required", Request, &[Add("/components/schemas/NewCustomer/required", "\"tier\"")]),
    Change::new("an optional body becomes required", Request, &[Set("/paths/~1quotes/post/requestBody/required", "true")]),
    Change::new("a new required query parameter", Request, &[Add(LIST, r#"{"in": "query", "name": "market", "required": true, "schema": {"type": "string"}}"#)]),
    Change::new("a new required header", Request, &[Add("/paths/~1payments/post/parameters", r#"{"in": "header", "name": "X-Market", "required": true, "schema": {"type": "string"}}"#)]),
    Change::new("a query parameter becomes required", Request, &[Set("/paths/~1payments/get/parameters/0/required", "true")]),
    Change::new("a header becomes required", Request, &[Set("/paths/~1payments/get/parameters/4/required", "true")]),
    Change::new("a cookie becomes required", Request, &[Set("/paths/~1payments/get/parameters/5/required", "true")]),
    Change::new("a query parameter goes", Request, &[Cut("/paths/~1payments/get/parameters/2")]),
    Change::new("a query parameter is renamed", Request, &[Set("/paths/~1payments/get/parameters/2/name", "\"after\"")]),
    Change::new("a header goes", Request, &[Cut("/paths/~1payments/post/parameters/0")]),
    Change::new("a parameter of what anybody may call goes", Request, &[Cut("/paths/~1currencies/get/parameters/0")]),
    Change::new("a value of a property goes", Request, &[Set("/components/schemas/Base/properties/currency/enum", r#"["EUR", "USD", "GBP"]"#)]),
    Change::new("a value of a property in the second of allOf goes", Request, &[Set("/components/schemas/NewPayment/allOf/1/properties/channel/enum", r#"["shop", "phone"]"#)]),
    Change::new("a value of elements goes", Request, &[Set("/paths/~1payments~1{payment_id}/patch/requestBody/content/application~1json/schema/properties/labels/items/enum", r#"["gift", "rush"]"#)]),
    Change::new("a value of a property of elements goes", Request, &[Set("/paths/~1hooks~1{hook_id}/put/requestBody/content/application~1json/schema/properties/events/items/properties/name/enum", r#"["paid", "refund"]"#)]),
    Change::new("a value of a shared schema goes", Request, &[Set("/components/schemas/Address/properties/country/enum", r#"["DE", "FR"]"#)]),
    Change::new("a value of a query parameter goes", Request, &[Set("/paths/~1payments/get/parameters/1/schema/enum", r#"["open", "paid"]"#)]),
    Change::new("a value of a list parameter goes", Request, &[Set("/paths/~1payments/get/parameters/3/schema/items/enum", r#"["customer", "lines"]"#)]),
    Change::new("a value of a cookie goes", Request, &[Set("/paths/~1payments/get/parameters/5/schema/enum", r#"["north"]"#)]),
    Change::new("a value of a path parameter goes", Request, &[Set("/paths/~1reports~1{kind}/get/parameters/0/schema/enum", r#"["daily", "weekly"]"#)]),
    Change::new("a value of a deep object parameter goes", Request, &[Set("/paths/~1customers/get/parameters/0/schema/properties/tier/enum", r#"["gold"]"#)]),
    Change::new("a value is renamed", Request, &[Set("/paths/~1refunds/post/requestBody/content/application~1json/schema/properties/reason/enum", r#"["doubled", "fraud", "asked"]"#)]),
    Change::new("the type of a property changes", Request, &[Set("/components/schemas/NewQuote/properties/until", r#"{"type": "string"}"#)]),
    Change::new("the type of a property of elements changes", Request, &[Set("/components/schemas/NewPayment/allOf/1/properties/lines/items/properties/quantity", r#"{"type": "string"}"#)]),
    Change::new("a media type goes", Request, &[Cut("/paths/~1customers/post/requestBody/content/application~1x-www-form-urlencoded")]),
    Change::new("one of several schemas goes", RequestValue, &[Cut("/paths/~1refunds/post/requestBody/content/application~1json/schema/properties/target/oneOf/1")]),
    Change { also: Some(|call| call.is("GET", "/customers") && !call.has_query("sort")),
        ..Change::new("the default of a parameter changes", RequestValue, &[Set("/paths/~1customers/get/parameters/1/schema/default", "\"age\"")]) },
    Change::new("a key of the tenant is asked for", Request, &[Set("/paths/~1reports~1{kind}/get/security", r#"[{"tenant": []}]"#)]),
    Change::new("a path parameter is renamed and its values are fewer", Request, &[
        Rename("/paths/~1reports~1{kind}", "/reports/{name}"),
        Set("/paths/~1reports~1{name}/get/parameters/0", r#"{"in": "path", "name": "name", "required": true, "schema": {"type": "string", "enum": ["daily", "monthly"]}}"#),
    ]),
    Change::new("three things at once", Request, &[
        Cut("/components/schemas/Base/properties/reference"),
        Set("/components/schemas/NewPayment/allOf/1/properties/channel/enum", r#"["shop"]"#),
        Set("/paths/~1payments/get/parameters/0/required", "true"),
    ]),

    Change::new("a property may no longer be null", RequestValue, &[Set("/paths/~1payments~1{payment_id}/patch/requestBody/content/application~1json/schema/properties/notify/type", "\"boolean\"")]),
    Change::new("the largest amount is less", RequestValue, &[Set("/components/schemas/Base/properties/amount/maximum", "500000")]),
    Change::new("the largest limit is less", RequestValue, &[Set("/paths/~1payments/get/parameters/0/schema/maximum", "50")]),
    Change::new("a text may be less long", RequestValue, &[Set("/paths/~1payments~1{payment_id}/patch/requestBody/content/application~1json/schema/properties/note/maxLength", "12")]),
    Change::new("a cursor may be less long", RequestValue, &[Set("/paths/~1payments/get/parameters/2/schema/maxLength", "12")]),
    Change::new("the least percentage is more", RequestValue, &[Set("/components/schemas/NewPayment/allOf/1/properties/lines/items/properties/discount/properties/percent/minimum", "40")]),
    Change::new("a text becomes one of some", RequestValue, &[Set("/components/schemas/Base/properties/reference/enum", r#"["one", "two"]"#)]),
    Change::new("a list is asked to have two", RequestValue, &[Set("/paths/~1payments~1{payment_id}/patch/requestBody/content/application~1json/schema/properties/labels/minItems", "2")]),
    Change::new("a part of parameters of a path is narrowed", RequestValue, &[Set("/paths/~1payments~1{payment_id}/get/parameters/0/schema/maxLength", "12")]),

    Change::new("a required property of answers goes", Response("POST", "/refunds", "/state"), &[
        Cut("/paths/~1refunds/post/responses/201/content/application~1json/schema/properties/state"),
        Set("/paths/~1refunds/post/responses/201/content/application~1json/schema/required", r#"["id"]"#),
    ]),
    Change::new("an optional property of answers goes", Response("GET", "/payments/{payment_id}", "/fee"), &[Cut("/components/schemas/Payment/properties/fee")]),
    Change::new("a property of answers may be null", Response("POST", "/refunds", "/arrives"), &[Set("/paths/~1refunds/post/responses/201/content/application~1json/schema/properties/arrives/type", r#"["string", "null"]"#)]),
    Change::new("a required property of answers becomes optional", Response("GET", "/payments/{payment_id}", "/payer"), &[Cut("/components/schemas/Payment/properties/payer/required")]),
    Change::new("answers may hold another value", Response("POST", "/refunds", "/state"), &[Add("/paths/~1refunds/post/responses/201/content/application~1json/schema/properties/state/enum", "\"late\"")]),
    Change::new("the type of a property of answers changes", Response("POST", "/customers", "/score"), &[Set("/paths/~1customers/post/responses/201/content/application~1json/schema/properties/score/type", "\"string\"")]),
    Change::new("a status goes", Response("POST", "/payments", ""), &[Rename("/paths/~1payments/post/responses/201", "200")]),
    Change::new("a header of answers goes", Response("POST", "/payments", ""), &[Cut("/paths/~1payments/post/responses/201/headers")]),
];

/// Rules that are warnings unless an owner knows better: here unknown names are refused, so they break.
pub const BREAKING_HERE: &[&str] = &[
    "request-property-removed",
    "request-parameter-removed",
    "request-body-max-length-decreased",
    "request-property-min-items-set",
    "request-parameter-max-length-set",
    "response-optional-property-removed",
    "response-property-enum-value-added",
    "api-security-added",
    "api-security-removed",
];
