//! What the sample payments API answers: a pure function of the request, with no clock, no chance and no memory.

mod customers;
mod events;
mod money;
mod payments;

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problems::{Problem, Violation};
use crate::demo::operations::{BASE_PATH, Operation};
use crate::demo::records::{
    Balance, CHARGE, CUSTOMER, Charge, Customer, Money, Number, PAYMENT_METHOD, PaymentStatus, REFUND, Refund,
};
use crate::demo::seed::hash;

/// A request as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    pub method: &'q str,
    /// With the base path.
    pub path: &'q str,
    /// Without `?`; empty for none.
    pub query: &'q str,
    pub idempotency_key: Option<&'q str>,
    pub last_event_id: Option<&'q str>,
    pub body: &'q [u8],
}

/// The answer to a question.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub retry_after_seconds: Option<u64>,
    /// How long the work behind it takes.
    pub delay: Duration,
    pub content: Content,
}

#[derive(Debug)]
pub enum Content {
    Empty,
    Json(Vec<u8>),
    Problem(Vec<u8>),
    /// Newline-delimited payments of one month.
    Export { month: String },
    /// Server-sent events without an end.
    Events { after: Number },
}

/// The answer to a question; 404 for a method and path that the contract does not have.
pub fn answer(question: &Question<'_>) -> Answer {
    let Some((operation, id)) = Operation::route(question.method, question.path) else {
        let problem = Problem::no_such_path(question.method, question.path);
        return Answer::problem(&problem, Duration::from_millis(1));
    };

    let answered = respond(operation, id, question);
    let delay = delay(operation, question);
    match answered {
        Ok(answer) => Answer { delay, ..answer },
        Err(problem) => Answer::problem(&problem, delay),
    }
}

impl Answer {
    fn new(status: u16, content: Content) -> Self {
        Self { status, location: None, retry_after_seconds: None, delay: Duration::ZERO, content }
    }

    fn json(status: u16, record: &impl Serialize) -> Self {
        Self::new(status, Content::Json(to_json(record)))
    }

    fn located(self, collection: &str, id: &str) -> Self {
        Self { location: Some(format!("{BASE_PATH}/{collection}/{id}")), ..self }
    }

    fn problem(problem: &Problem, delay: Duration) -> Self {
        let content = Content::Problem(to_json(problem));
        let retry_after_seconds = (problem.status == 503).then_some(2);
        Self { retry_after_seconds, delay, ..Self::new(problem.status, content) }
    }
}

fn to_json(record: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(record).expect("records have text keys and no failing field")
}

/// Most answers take a few milliseconds, card networks tens; one in twelve is slow.
fn delay(operation: Operation, question: &Question<'_>) -> Duration {
    let draw = hash(&format!("{}?{}#{:?}", question.path, question.query, question.idempotency_key));
    let (low, high) = match operation {
        Operation::CreatePayment | Operation::CreateCharge | Operation::CapturePayment => (8, 32),
        Operation::CreateRefund | Operation::CreatePayout | Operation::AttachPaymentMethod => (6, 24),
        Operation::ExportPayments => (20, 60),
        _ if operation.method() != "GET" => (3, 9),
        _ if operation.template().contains('{') => (1, 4),
        _ => (2, 8),
    };
    let slow = if (draw >> 32).is_multiple_of(12) { 10 + draw % 49 } else { 0 };
    Duration::from_millis(low + draw % (high - low) + slow)
}

fn respond(operation: Operation, id: &str, question: &Question<'_>) -> Result<Answer, Problem> {
    match operation {
        Operation::ListCustomers => customers::list_customers(question),
        Operation::CreateCustomer => customers::create_customer(question),
        Operation::GetCustomer => Ok(Answer::json(200, &Customer::of(known("customer", CUSTOMER, id)?))),
        Operation::UpdateCustomer => customers::update_customer(id, question),
        Operation::ListPaymentMethods => customers::list_payment_methods(id, question),
        Operation::AttachPaymentMethod => customers::attach_payment_method(id, question),
        Operation::DetachPaymentMethod => {
            known("payment method", PAYMENT_METHOD, id).map(|_| Answer::new(204, Content::Empty))
        }
        Operation::ListPayments => payments::list_payments(question),
        Operation::CreatePayment => payments::create_payment(question),
        Operation::GetPayment => payments::get_payment(id),
        Operation::CapturePayment => payments::capture_payment(id, question),
        Operation::CancelPayment => {
            payments::end_reservation(id, "canceled", PaymentStatus::Canceled).map(|payment| Answer::json(200, &payment))
        }
        Operation::CreateRefund => money::create_refund(question),
        Operation::GetRefund => Ok(Answer::json(200, &Refund::of(known("refund", REFUND, id)?))),
        Operation::ListPayouts => money::list_payouts(question),
        Operation::CreatePayout => money::create_payout(question),
        Operation::GetBalance => Ok(Answer::json(200, &Balance::current())),
        Operation::ListDisputes => money::list_disputes(question),
        Operation::CreateWebhookEndpoint => events::create_webhook_endpoint(question),
        Operation::ListEvents => events::list_events(question),
        Operation::StreamEvents => events::stream_events(question),
        Operation::ExportPayments => events::export_payments(question),
        Operation::CreateCharge => payments::create_charge(question),
        Operation::GetCharge => Ok(Answer::json(200, &Charge::of(known("charge", CHARGE, id)?))),
        Operation::ListTransfers => money::list_transfers(question),
    }
}

fn known(noun: &str, prefix: &str, id: &str) -> Result<Number, Problem> {
    Number::parse(prefix, id).ok_or_else(|| Problem::not_found(noun, id))
}

/// Every list ends after this many pages.
const PAGES: u64 = 4;

#[derive(Serialize)]
struct Page<T> {
    data: Vec<T>,
    next_cursor: Option<String>,
}

/// The page number, from 1, and the items on a page that the query asks for.
fn window(question: &Question<'_>) -> Result<(u64, u64), Problem> {
    let limit = match parameter(question.query, "limit") {
        None => 20,
        Some(text) => text
            .parse()
            .ok()
            .filter(|limit| (1..=100).contains(limit))
            .ok_or_else(|| Problem::bad_parameter("limit", "must be 1 to 100"))?,
    };
    let page = match parameter(question.query, "cursor") {
        None => 1,
        Some(text) => (2..=PAGES)
            .find(|page| cursor(*page) == text)
            .ok_or_else(|| Problem::bad_parameter("cursor", "must be the next_cursor of a page"))?,
    };
    Ok((page, limit))
}

/// The opaque text that leads to a page.
pub fn cursor(page: u64) -> String {
    format!("{:013x}", hash(&format!("page {page}")) >> 12)
}

fn page<T: Serialize>(
    question: &Question<'_>,
    list: &str,
    record: impl Fn(Number) -> T,
) -> Result<Answer, Problem> {
    let (page, limit) = window(question)?;
    let data = (0..limit).map(|index| record(Number::of(&format!("{list} {page} {index}")))).collect();
    let next_cursor = (page < PAGES).then(|| cursor(page + 1));
    Ok(Answer::json(200, &Page { data, next_cursor }))
}

fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

fn one_of<'c>(query: &str, name: &str, choices: &[&'c str]) -> Result<Option<&'c str>, Problem> {
    let Some(text) = parameter(query, name) else {
        return Ok(None);
    };
    let choice = choices.iter().find(|choice| **choice == text);
    choice.map(|choice| Some(*choice)).ok_or_else(|| Problem::bad_parameter(name, "is not one of the allowed values"))
}

fn body<T: DeserializeOwned>(question: &Question<'_>) -> Result<T, Problem> {
    serde_json::from_slice(question.body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Problem::invalid_shape(&error),
        _ => Problem::malformed_body(&error),
    })
}

/// What names the piece of work: the idempotency key, or else the body itself.
fn new_key(question: &Question<'_>) -> String {
    match question.idempotency_key {
        Some(key) => key.to_owned(),
        None => format!("{} {}", question.path, String::from_utf8_lossy(question.body)),
    }
}

fn new_number(question: &Question<'_>) -> Number {
    Number::of(&new_key(question))
}

fn exists(prefix: &str, id: &str) -> bool {
    Number::parse(prefix, id).is_some()
}

fn is_currency(text: &str) -> bool {
    Money::CURRENCIES.contains(&text)
}

/// The card network fails for one piece of work in 300, always the same ones.
fn network_is_up(question: &Question<'_>) -> Result<(), Problem> {
    match new_number(question).aspect("network").is_multiple_of(300) {
        true => Err(Problem::network_unavailable()),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests;
