//! Payments, and charges as their predecessor.

use serde::Deserialize;

use crate::demo::records::{
    CUSTOMER, Capture, Charge, Metadata, Money, PAYMENT, PAYMENT_METHOD, Payment, PaymentStatus,
    payment_number,
};
use crate::demo::upstream::exchange::{
    Answer, Question, body, exists, is_currency, known, network_is_up, new_key, one_of, page,
    parameter,
};
use crate::demo::upstream::problems::{Problem, Violation};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaymentCreate {
    amount: Money,
    customer_id: String,
    payment_method_id: String,
    #[serde(default)]
    capture: Capture,
    description: Option<String>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaymentCapture {
    amount: Option<Money>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChargeCreate {
    amount: u64,
    currency: String,
    customer: String,
    source: String,
}

pub(super) fn list_payments(question: &Question<'_>) -> Result<Answer, Problem> {
    let statuses = ["requires_capture", "succeeded", "failed", "canceled"];
    let status = one_of(question.query, "status", &statuses)?;
    let customer = parameter(question.query, "customer_id");
    page(question, "payments", |number| {
        let number = match status {
            Some("requires_capture") => number.with_low(0),
            Some("succeeded") => number.with_low(1),
            Some("failed") => number.with_low(6),
            Some(_) => number.with_low(7),
            None => number,
        };
        let payment = Payment::of(number);
        let customer_id = customer.map_or(payment.customer_id, str::to_owned);
        Payment {
            customer_id,
            ..payment
        }
    })
}

pub(super) fn create_payment(question: &Question<'_>) -> Result<Answer, Problem> {
    let new: PaymentCreate = body(question)?;
    Violation::refuse([
        Violation::unless(new.amount.minor >= 1, "/amount/minor", "must be at least 1"),
        Violation::unless(
            is_currency(&new.amount.currency),
            "/amount/currency",
            "must be a currency that we settle in",
        ),
        Violation::unless(
            exists(CUSTOMER, &new.customer_id),
            "/customer_id",
            "must be an existing customer",
        ),
        Violation::unless(
            exists(PAYMENT_METHOD, &new.payment_method_id),
            "/payment_method_id",
            "must be a saved payment method",
        ),
    ])?;
    network_is_up(question)?;

    let payment = Payment::of(payment_number(&new_key(question), new.capture));
    let payment = Payment {
        amount_refunded: Money {
            minor: 0,
            currency: new.amount.currency.clone(),
        },
        amount: new.amount,
        customer_id: new.customer_id,
        payment_method_id: new.payment_method_id,
        description: new.description,
        metadata: new.metadata,
        ..payment
    };
    Ok(Answer::json(201, &payment).located("payments", &payment.id))
}

pub(super) fn get_payment(id: &str) -> Result<Answer, Problem> {
    let number = known("payment", PAYMENT, id)?;
    // One payment in 400 lies on a broken shard and can never be read.
    if number.aspect("shard").is_multiple_of(400) {
        return Err(Problem::internal());
    }
    Ok(Answer::json(200, &Payment::of(number)))
}

pub(super) fn capture_payment(id: &str, question: &Question<'_>) -> Result<Answer, Problem> {
    let mut payment = end_reservation(id, "captured", PaymentStatus::Succeeded)?;
    if question.body.is_empty() {
        return Ok(Answer::json(200, &payment));
    }

    let capture: PaymentCapture = body(question)?;
    if let Some(amount) = capture.amount {
        Violation::refuse([
            Violation::unless(amount.minor >= 1, "/amount/minor", "must be at least 1"),
            Violation::unless(
                amount.minor <= payment.amount.minor,
                "/amount/minor",
                "must not exceed the payment",
            ),
        ])?;
        payment.amount = amount;
    }
    Ok(Answer::json(200, &payment))
}

/// A reserved payment in the status that ends its reservation.
pub(super) fn end_reservation(
    id: &str,
    verb: &str,
    end: PaymentStatus,
) -> Result<Payment, Problem> {
    let payment = Payment::of(known("payment", PAYMENT, id)?);
    if payment.status != PaymentStatus::RequiresCapture {
        return Err(Problem::wrong_status(
            "payment",
            payment.status.as_str(),
            "requires_capture",
            verb,
        ));
    }
    Ok(Payment {
        status: end,
        ..payment
    })
}

pub(super) fn create_charge(question: &Question<'_>) -> Result<Answer, Problem> {
    let new: ChargeCreate = body(question)?;
    Violation::refuse([
        Violation::unless(new.amount >= 1, "/amount", "must be at least 1"),
        Violation::unless(
            is_currency(&new.currency.to_uppercase())
                && new.currency == new.currency.to_lowercase(),
            "/currency",
            "must be a currency that we settle in, in lower case",
        ),
        Violation::unless(
            exists(CUSTOMER, &new.customer),
            "/customer",
            "must be an existing customer",
        ),
        Violation::unless(
            exists(PAYMENT_METHOD, &new.source),
            "/source",
            "must be a saved payment method",
        ),
    ])?;
    network_is_up(question)?;

    let charge = Charge::of(payment_number(&new_key(question), Capture::Automatic));
    if !charge.paid {
        return Err(Problem::card_declined());
    }
    let charge = Charge {
        amount: new.amount,
        currency: new.currency,
        customer: new.customer,
        source: new.source,
        ..charge
    };
    Ok(Answer::json(201, &charge).located("charges", &charge.id))
}
