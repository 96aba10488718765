//! Refunds, payouts and disputes; and transfers, the first name of payouts.

use serde::{Deserialize, Serialize};

use crate::demo::records::{
    BANK_ACCOUNT, Balance, Dispute, Money, Number, PAYMENT, Payment, PaymentStatus, Payout, Refund,
    Transfer,
};
use crate::demo::upstream::exchange::{
    Answer, PAGES, Question, body, exists, is_currency, known, network_is_up, new_number, one_of,
    page, parameter,
};
use crate::demo::upstream::problems::{Problem, Violation};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefundCreate {
    payment_id: String,
    amount: Option<Money>,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PayoutCreate {
    amount: Money,
    destination: String,
    statement_descriptor: Option<String>,
}

pub(super) fn create_refund(question: &Question<'_>) -> Result<Answer, Problem> {
    let new: RefundCreate = body(question)?;
    let payment = Payment::of(known("payment", PAYMENT, &new.payment_id)?);
    if payment.status != PaymentStatus::Succeeded {
        return Err(Problem::wrong_status(
            "payment",
            payment.status.as_str(),
            "succeeded",
            "refunded",
        ));
    }
    let amount = new.amount.unwrap_or(payment.amount);
    let reason = new.reason.unwrap_or_else(|| Refund::REASONS[0].to_owned());
    Violation::refuse([
        Violation::unless(amount.minor >= 1, "/amount/minor", "must be at least 1"),
        Violation::unless(
            Refund::REASONS.contains(&reason.as_str()),
            "/reason",
            "must be a known reason",
        ),
    ])?;

    let refund = Refund {
        payment_id: payment.id,
        status: "pending",
        amount,
        reason,
        ..Refund::of(new_number(question))
    };
    Ok(Answer::json(201, &refund).located("refunds", &refund.id))
}

pub(super) fn list_payouts(question: &Question<'_>) -> Result<Answer, Problem> {
    let status = one_of(question.query, "status", &Payout::STATUSES)?;
    page(question, "payouts", |number| {
        let payout = Payout::of(number);
        Payout {
            status: status.unwrap_or(payout.status),
            ..payout
        }
    })
}

pub(super) fn create_payout(question: &Question<'_>) -> Result<Answer, Problem> {
    let new: PayoutCreate = body(question)?;
    Violation::refuse([
        Violation::unless(new.amount.minor >= 1, "/amount/minor", "must be at least 1"),
        Violation::unless(
            is_currency(&new.amount.currency),
            "/amount/currency",
            "must be a currency that we settle in",
        ),
        Violation::unless(
            exists(BANK_ACCOUNT, &new.destination),
            "/destination",
            "must be a known bank account",
        ),
    ])?;
    if new.amount.minor > Balance::AVAILABLE_MINOR {
        return Err(Problem::insufficient_balance());
    }
    network_is_up(question)?;

    let payout = Payout::of(new_number(question));
    let payout = Payout {
        status: "in_transit",
        amount: new.amount,
        destination: new.destination,
        statement_descriptor: new
            .statement_descriptor
            .unwrap_or(payout.statement_descriptor),
        ..payout
    };
    Ok(Answer::json(201, &payout))
}

pub(super) fn list_disputes(question: &Question<'_>) -> Result<Answer, Problem> {
    let status = one_of(question.query, "status", &Dispute::STATUSES)?;
    page(question, "disputes", |number| {
        let dispute = Dispute::of(number);
        Dispute {
            status: status.unwrap_or(dispute.status),
            ..dispute
        }
    })
}

pub(super) fn list_transfers(question: &Question<'_>) -> Result<Answer, Problem> {
    #[derive(Serialize)]
    struct TransferPage {
        transfers: Vec<Transfer>,
        page: u64,
        pages: u64,
    }

    let page: u64 = match parameter(question.query, "page") {
        None => 1,
        Some(text) => text
            .parse()
            .ok()
            .filter(|page| (1..=1_000).contains(page))
            .ok_or_else(|| Problem::bad_parameter("page", "must be 1 to 1000"))?,
    };
    let transfers = (0..20)
        .map(|index| Transfer::of(Number::of(&format!("payouts {page} {index}"))))
        .collect();
    Ok(Answer::json(
        200,
        &TransferPage {
            transfers,
            page,
            pages: PAGES,
        },
    ))
}
