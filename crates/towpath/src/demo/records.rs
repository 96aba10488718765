//! The records of the sample payments API: each is computed from its id alone, so nothing is stored and nothing differs between runs.

mod number;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use number::Number;

pub const CUSTOMER: &str = "cus_";
pub const PAYMENT_METHOD: &str = "pm_";
pub const PAYMENT: &str = "pay_";
pub const REFUND: &str = "re_";
pub const PAYOUT: &str = "po_";
pub const BANK_ACCOUNT: &str = "ba_";
pub const DISPUTE: &str = "dp_";
pub const WEBHOOK_ENDPOINT: &str = "we_";
pub const EVENT: &str = "evt_";
pub const CHARGE: &str = "ch_";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    pub minor: u64,
    pub currency: String,
}

impl Money {
    pub const CURRENCIES: [&'static str; 5] = ["EUR", "USD", "GBP", "CHF", "JPY"];

    fn of(number: Number) -> Self {
        // The product of two draws: many small amounts, few large ones.
        let minor = 100 + (number.aspect("amount") % 200) * (number.aspect("amount size") % 200);
        let currency = number.choice(
            "currency",
            &["EUR", "EUR", "EUR", "USD", "USD", "GBP", "CHF", "JPY"],
        );
        Self {
            minor,
            currency: currency.to_owned(),
        }
    }

    fn nothing(&self) -> Self {
        Self {
            minor: 0,
            currency: self.currency.clone(),
        }
    }
}

/// Texts of the consumer's own, in order of name.
pub type Metadata = std::collections::BTreeMap<String, String>;

#[derive(Debug, Serialize)]
pub struct Customer {
    pub id: String,
    pub email: String,
    pub name: String,
    pub country: String,
    pub default_payment_method: Option<String>,
    pub metadata: Metadata,
    pub created_at: Timestamp,
}

impl Customer {
    pub fn of(number: Number) -> Self {
        const FIRST: [&str; 12] = [
            "Ada", "Bela", "Chidi", "Dana", "Emre", "Freya", "Goran", "Hana", "Ines", "Jonas",
            "Kofi", "Lena",
        ];
        const LAST: [&str; 12] = [
            "Okafor",
            "Novak",
            "Silva",
            "Haddad",
            "Lindqvist",
            "Moreau",
            "Tanaka",
            "Weber",
            "Rossi",
            "Kowalska",
            "Mensah",
            "Brandt",
        ];
        let (first, last) = (
            number.choice("first name", &FIRST),
            number.choice("last name", &LAST),
        );
        let email = format!(
            "{}.{}@example.com",
            first.to_lowercase(),
            last.to_lowercase()
        );
        let plan = number.choice("plan", &["basic", "gold", "platinum"]);
        Self {
            id: number.id(CUSTOMER),
            email,
            name: format!("{first} {last}"),
            country: number
                .choice("country", &["NL", "DE", "FR", "SE", "PT", "GB", "US", "JP"])
                .to_owned(),
            default_payment_method: Some(number.related("default method").id(PAYMENT_METHOD)),
            metadata: Metadata::from([("plan".to_owned(), plan.to_owned())]),
            created_at: number.created_at(),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct PaymentMethod {
    pub id: String,
    pub customer_id: String,
    #[serde(flatten)]
    pub means: Means,
    pub created_at: Timestamp,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Means {
    Card { card: Card },
    SepaDebit { sepa_debit: SepaDebit },
}

#[derive(Debug, Serialize)]
pub struct Card {
    pub brand: &'static str,
    pub last4: String,
    pub expires: String,
}

#[derive(Debug, Serialize)]
pub struct SepaDebit {
    pub country: &'static str,
    pub last4: String,
}

impl PaymentMethod {
    pub fn of(number: Number, customer_id: &str) -> Self {
        let last4 = format!("{:04}", number.aspect("last4") % 10_000);
        let means = if number.aspect("means").is_multiple_of(4) {
            Means::SepaDebit {
                sepa_debit: SepaDebit {
                    country: number.choice("bank", &["NL", "DE", "FR"]),
                    last4,
                },
            }
        } else {
            let expires = format!(
                "{}-{:02}",
                2027 + number.aspect("year") % 5,
                1 + number.aspect("month") % 12
            );
            Means::Card {
                card: Card {
                    brand: number.choice("brand", &["visa", "mastercard", "amex"]),
                    last4,
                    expires,
                },
            }
        };
        Self {
            id: number.id(PAYMENT_METHOD),
            customer_id: customer_id.to_owned(),
            means,
            created_at: number.created_at(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    RequiresCapture,
    Succeeded,
    Failed,
    Canceled,
}

impl PaymentStatus {
    pub const fn of(number: Number) -> Self {
        match number.low() {
            0 => Self::RequiresCapture,
            6 => Self::Failed,
            7 => Self::Canceled,
            _ => Self::Succeeded,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RequiresCapture => "requires_capture",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }
}

/// Whether the money of a new payment is taken at once or only reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capture {
    #[default]
    Automatic,
    Manual,
}

/// The payment that is made under an idempotency key: whoever knows the key knows the id.
pub fn payment_number(idempotency_key: &str, capture: Capture) -> Number {
    let number = Number::of(idempotency_key);
    match capture {
        Capture::Manual => number.with_low(0),
        // The issuer declines one payment in 32.
        Capture::Automatic if number.aspect("declined").is_multiple_of(32) => number.with_low(6),
        Capture::Automatic => number.with_low(1 + number.aspect("status") % 5),
    }
}

#[derive(Debug, Serialize)]
pub struct Payment {
    pub id: String,
    pub status: PaymentStatus,
    pub amount: Money,
    pub amount_refunded: Money,
    pub customer_id: String,
    pub payment_method_id: String,
    pub description: Option<String>,
    pub failure_code: Option<&'static str>,
    pub metadata: Metadata,
    pub created_at: Timestamp,
}

impl Payment {
    pub fn of(number: Number) -> Self {
        let amount = Money::of(number);
        let order = 1_000 + number.aspect("order") % 9_000;
        let status = PaymentStatus::of(number);
        let codes = ["insufficient_funds", "card_expired", "suspected_fraud"];
        Self {
            id: number.id(PAYMENT),
            status,
            amount_refunded: amount.nothing(),
            amount,
            customer_id: number.related("customer").id(CUSTOMER),
            payment_method_id: number.related("method").id(PAYMENT_METHOD),
            description: Some(format!("Order {order}")),
            failure_code: (status == PaymentStatus::Failed)
                .then(|| number.choice("failure", &codes)),
            metadata: Metadata::from([("order".to_owned(), order.to_string())]),
            created_at: number.created_at(),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Refund {
    pub id: String,
    pub payment_id: String,
    pub status: &'static str,
    pub amount: Money,
    pub reason: String,
    pub created_at: Timestamp,
}

impl Refund {
    pub const REASONS: [&'static str; 3] = ["requested_by_customer", "duplicate", "fraudulent"];

    pub fn of(number: Number) -> Self {
        let payment = number.related("payment").with_low(1);
        Self {
            id: number.id(REFUND),
            payment_id: payment.id(PAYMENT),
            status: number.choice(
                "refund status",
                &["pending", "succeeded", "succeeded", "failed"],
            ),
            amount: Money::of(payment),
            reason: number.choice("reason", &Self::REASONS).to_owned(),
            created_at: number.created_at(),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Payout {
    pub id: String,
    pub status: &'static str,
    pub amount: Money,
    pub destination: String,
    pub statement_descriptor: String,
    pub arrives_on: Date,
    pub created_at: Timestamp,
}

impl Payout {
    pub const STATUSES: [&'static str; 3] = ["in_transit", "paid", "returned"];

    pub fn of(number: Number) -> Self {
        let created_at = number.created_at();
        Self {
            id: number.id(PAYOUT),
            status: number.choice(
                "payout status",
                &["paid", "paid", "paid", "in_transit", "returned"],
            ),
            amount: Money::of(number),
            destination: number.related("account").id(BANK_ACCOUNT),
            statement_descriptor: "PAYMENTS".to_owned(),
            arrives_on: days_after(created_at, 2),
            created_at,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Balance {
    pub available: [Money; 2],
    pub pending: [Money; 1],
}

impl Balance {
    /// More than this cannot be paid out at once.
    pub const AVAILABLE_MINOR: u64 = 1_248_000;

    pub fn current() -> Self {
        let money = |minor, currency: &str| Money {
            minor,
            currency: currency.to_owned(),
        };
        Self {
            available: [money(Self::AVAILABLE_MINOR, "EUR"), money(90_450, "USD")],
            pending: [money(310_025, "EUR")],
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Dispute {
    pub id: String,
    pub payment_id: String,
    pub status: &'static str,
    pub reason: &'static str,
    pub amount: Money,
    pub respond_by: Date,
    pub created_at: Timestamp,
}

impl Dispute {
    pub const STATUSES: [&'static str; 4] = ["needs_response", "under_review", "won", "lost"];

    pub fn of(number: Number) -> Self {
        let reasons = [
            "fraudulent",
            "product_not_received",
            "product_unacceptable",
            "duplicate",
        ];
        let payment = number.related("payment").with_low(1);
        let created_at = number.created_at();
        Self {
            id: number.id(DISPUTE),
            payment_id: payment.id(PAYMENT),
            status: number.choice("dispute status", &Self::STATUSES),
            reason: number.choice("dispute reason", &reasons),
            amount: Money::of(payment),
            respond_by: days_after(created_at, 14),
            created_at,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct WebhookEndpoint {
    pub id: String,
    pub url: String,
    pub event_types: Vec<String>,
    pub secret: String,
    pub created_at: Timestamp,
}

impl WebhookEndpoint {
    /// The same URL is the same endpoint.
    pub fn of(url: String, event_types: Vec<String>) -> Self {
        let number = Number::of(&url);
        Self {
            id: number.id(WEBHOOK_ENDPOINT),
            url,
            event_types,
            secret: format!("whsec_{:016x}", number.aspect("secret")),
            created_at: number.created_at(),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Event {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub resource_id: String,
    pub created_at: Timestamp,
}

impl Event {
    pub const TYPES: [&'static str; 7] = [
        "payment.succeeded",
        "payment.failed",
        "payment.canceled",
        "refund.created",
        "payout.paid",
        "dispute.created",
        "dispute.closed",
    ];

    pub fn of(number: Number) -> Self {
        let resource = number.related("resource");
        let (kind, resource_id) = match number.choice("event", &Self::TYPES) {
            kind @ "payment.succeeded" => (kind, resource.with_low(1).id(PAYMENT)),
            kind @ "payment.failed" => (kind, resource.with_low(6).id(PAYMENT)),
            kind @ "payment.canceled" => (kind, resource.with_low(7).id(PAYMENT)),
            kind @ "refund.created" => (kind, resource.id(REFUND)),
            kind @ "payout.paid" => (kind, resource.id(PAYOUT)),
            kind => (kind, resource.id(DISPUTE)),
        };
        Self {
            id: number.id(EVENT),
            kind,
            resource_id,
            created_at: number.created_at(),
        }
    }
}

/// The shape of version 1.0.
#[derive(Debug, Serialize)]
pub struct Charge {
    pub id: String,
    pub paid: bool,
    pub amount: u64,
    pub currency: String,
    pub customer: String,
    pub source: String,
    pub created: i64,
}

impl Charge {
    /// The payment of this number as a charge.
    pub fn of(number: Number) -> Self {
        let payment = Payment::of(number);
        Self {
            id: number.id(CHARGE),
            paid: payment.status == PaymentStatus::Succeeded,
            amount: payment.amount.minor,
            currency: payment.amount.currency.to_lowercase(),
            customer: payment.customer_id,
            source: payment.payment_method_id,
            created: payment.created_at.as_second(),
        }
    }
}

/// A payout under its first name.
#[derive(Debug, Serialize)]
pub struct Transfer {
    pub id: String,
    pub amount: u64,
    pub currency: String,
    pub state: &'static str,
}

impl Transfer {
    pub fn of(number: Number) -> Self {
        let Payout {
            id,
            status: state,
            amount,
            ..
        } = Payout::of(number);
        Self {
            id,
            amount: amount.minor,
            currency: amount.currency.to_lowercase(),
            state,
        }
    }
}

fn days_after(instant: Timestamp, days: i64) -> Date {
    let later = instant.as_second() + days * 86_400;
    let later = Timestamp::from_second(later).expect("a date in 2026 is in range");
    later.to_zoned(jiff::tz::TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_payment_waits_for_its_capture() {
        for index in 0..200 {
            let key = format!("order {index}");
            let manual = payment_number(&key, Capture::Manual);
            assert_eq!(PaymentStatus::of(manual), PaymentStatus::RequiresCapture);
            let automatic = PaymentStatus::of(payment_number(&key, Capture::Automatic));
            assert!(
                matches!(automatic, PaymentStatus::Succeeded | PaymentStatus::Failed),
                "{automatic:?}"
            );
        }
    }

    #[test]
    fn a_record_is_the_same_every_time() {
        let payment = Payment::of(Number::of("example"));
        insta::assert_snapshot!(serde_json::to_string_pretty(&payment).unwrap(), @r#"
        {
          "id": "pay_pxtmyyqd6d",
          "status": "failed",
          "amount": {
            "minor": 3510,
            "currency": "CHF"
          },
          "amount_refunded": {
            "minor": 0,
            "currency": "CHF"
          },
          "customer_id": "cus_yfpfr67m2h",
          "payment_method_id": "pm_fhtgv59s1h",
          "description": "Order 9723",
          "failure_code": "suspected_fraud",
          "metadata": {
            "order": "9723"
          },
          "created_at": "2026-07-28T16:34:09Z"
        }
        "#);
    }
}
