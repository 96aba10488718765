//! Customers and their payment methods.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::demo::records::{CUSTOMER, Customer, Metadata, Number, PaymentMethod};
use crate::demo::upstream::exchange::{
    Answer, Page, Question, body, known, new_number, page, parameter, window,
};
use crate::demo::upstream::problems::{Problem, Violation};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomerCreate {
    email: String,
    name: String,
    country: String,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomerUpdate {
    email: Option<String>,
    name: Option<String>,
    default_payment_method: Option<String>,
    #[serde(default)]
    metadata: BTreeMap<String, Option<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaymentMethodAttach {
    token: String,
    #[serde(default, rename = "make_default")]
    _make_default: bool,
}

pub(super) fn list_customers(question: &Question<'_>) -> Result<Answer, Problem> {
    let Some(email) = parameter(question.query, "email") else {
        return page(question, "customers", Customer::of);
    };
    // An e-mail address leads to one customer.
    let customer = Customer {
        email: email.replace("%40", "@"),
        ..Customer::of(Number::of(email))
    };
    Ok(Answer::json(
        200,
        &Page {
            data: vec![customer],
            next_cursor: None,
        },
    ))
}

pub(super) fn create_customer(question: &Question<'_>) -> Result<Answer, Problem> {
    let new: CustomerCreate = body(question)?;
    Violation::refuse([
        Violation::unless(
            new.email.contains('@'),
            "/email",
            "must be an e-mail address",
        ),
        Violation::unless(!new.name.is_empty(), "/name", "must not be empty"),
        Violation::unless(
            is_country(&new.country),
            "/country",
            "must be two upper-case letters",
        ),
    ])?;

    let customer = Customer {
        email: new.email,
        name: new.name,
        country: new.country,
        metadata: new.metadata,
        default_payment_method: None,
        ..Customer::of(new_number(question))
    };
    Ok(Answer::json(201, &customer).located("customers", &customer.id))
}

pub(super) fn update_customer(id: &str, question: &Question<'_>) -> Result<Answer, Problem> {
    let mut customer = Customer::of(known("customer", CUSTOMER, id)?);
    let update: CustomerUpdate = body(question)?;

    for (key, value) in update.metadata {
        match value {
            Some(value) => customer.metadata.insert(key, value),
            None => customer.metadata.remove(&key),
        };
    }
    let customer = Customer {
        email: update.email.unwrap_or(customer.email),
        name: update.name.unwrap_or(customer.name),
        default_payment_method: update
            .default_payment_method
            .or(customer.default_payment_method),
        ..customer
    };
    Ok(Answer::json(200, &customer))
}

pub(super) fn list_payment_methods(id: &str, question: &Question<'_>) -> Result<Answer, Problem> {
    known("customer", CUSTOMER, id)?;
    let data = vec![
        PaymentMethod::of(Number::of(id), id),
        PaymentMethod::of(Number::of(id).related("second method"), id),
    ];
    window(question)?;
    Ok(Answer::json(
        200,
        &Page {
            data,
            next_cursor: None,
        },
    ))
}

pub(super) fn attach_payment_method(id: &str, question: &Question<'_>) -> Result<Answer, Problem> {
    known("customer", CUSTOMER, id)?;
    let new: PaymentMethodAttach = body(question)?;
    Violation::refuse([Violation::unless(
        new.token.starts_with("tok_"),
        "/token",
        "must start with tok_",
    )])?;
    Ok(Answer::json(
        201,
        &PaymentMethod::of(new_number(question), id),
    ))
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}
