//! What the sample payments API answers: a pure function of the request, with no clock, no chance and no memory.

mod customers;
mod events;
mod money;
mod payments;

use std::time::Duration;

use super::exchange::{Answer, Content, Question, known};
use super::problems::Problem;
use crate::demo::operations::Operation;
use crate::demo::records::{
    Balance, CHARGE, CUSTOMER, Charge, Customer, PAYMENT_METHOD, PaymentStatus, REFUND, Refund,
};
use crate::demo::seed::hash;

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

/// Most answers take a few milliseconds, card networks tens; one in twelve is slow.
fn delay(operation: Operation, question: &Question<'_>) -> Duration {
    let draw = hash(&format!(
        "{}?{}#{:?}",
        question.path, question.query, question.idempotency_key
    ));
    let (low, high) = match operation {
        Operation::CreatePayment | Operation::CreateCharge | Operation::CapturePayment => (8, 32),
        Operation::CreateRefund | Operation::CreatePayout | Operation::AttachPaymentMethod => {
            (6, 24)
        }
        Operation::ExportPayments => (20, 60),
        _ if operation.method() != "GET" => (3, 9),
        _ if operation.template().contains('{') => (1, 4),
        _ => (2, 8),
    };
    let slow = if (draw >> 32).is_multiple_of(12) {
        10 + draw % 49
    } else {
        0
    };
    Duration::from_millis(low + draw % (high - low) + slow)
}

fn respond(operation: Operation, id: &str, question: &Question<'_>) -> Result<Answer, Problem> {
    match operation {
        Operation::ListCustomers => customers::list_customers(question),
        Operation::CreateCustomer => customers::create_customer(question),
        Operation::GetCustomer => Ok(Answer::json(
            200,
            &Customer::of(known("customer", CUSTOMER, id)?),
        )),
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
            payments::end_reservation(id, "canceled", PaymentStatus::Canceled)
                .map(|payment| Answer::json(200, &payment))
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

#[cfg(test)]
mod tests;
