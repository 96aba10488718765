//! What consumers do: each trace is a few calls in order, as one piece of work of a shop, an agent or a bookkeeper makes them.

use std::time::Duration;

use serde_json::{Value, json};

use super::operations::Operation;
use super::records::{
    BANK_ACCOUNT, CHARGE, CUSTOMER, Capture, Money, Number, PAYMENT, PAYMENT_METHOD, REFUND,
    payment_number,
};
use super::seed::Sequence;
use super::upstream::cursor;

/// One kind of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trace {
    Checkout,
    ReserveAndCapture,
    ReserveAndCancel,
    /// Captures what is already captured: 409.
    CaptureTwice,
    Refund,
    LookUpPayment,
    BrowseCustomers,
    UpdateCustomer,
    ReplacePaymentMethod,
    /// A payment with values that are not allowed, or not even JSON.
    BadPayment,
    UnknownPayment,
    Reconcile,
    PollEvents,
    ReviewDisputes,
    PayOut,
    RegisterWebhook,
    WatchEvents,
    Export,
    LegacyCharge,
    LegacyTransfers,
    ReadPayment,
    ReadRefund,
    ReadCustomer,
    ReadPayouts,
    ReadBalance,
    /// A path that the contract does not have.
    WrongPath,
    /// What scanners of the internet ask everyone for.
    Probe,
    /// A request target that could be read in two ways.
    MalformedTarget,
}

/// Where a call counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    Operation(Operation),
    /// No operation has this method and path.
    Unmatched,
    /// Refused before it was looked at.
    Refused,
}

/// How the consumer ends the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Reads it to its end.
    Read,
    /// Reads for so long, then goes away.
    Leave(Duration),
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Between the call before and this one.
    pub pause: Duration,
    pub target: Target,
    pub method: &'static str,
    /// Path and query.
    pub path: String,
    pub idempotency_key: Option<String>,
    pub body: Option<Vec<u8>>,
    pub end: End,
}

/// How many customers a consumer has.
const CUSTOMERS: u64 = 400;
/// How many of its payments a consumer comes back to.
const PAYMENTS: u64 = 4_000;

impl Trace {
    /// The calls of the `serial`th piece of work of `consumer`; the same arguments give the same calls.
    pub fn calls(self, consumer: &str, serial: u64, sequence: &mut Sequence) -> Vec<Call> {
        let mut work = Work {
            consumer,
            serial,
            sequence,
            calls: Vec::new(),
        };
        work.add(self);
        work.calls
    }
}

/// A trace under way.
struct Work<'w> {
    consumer: &'w str,
    serial: u64,
    sequence: &'w mut Sequence,
    calls: Vec<Call>,
}

impl Work<'_> {
    fn add(&mut self, trace: Trace) {
        match trace {
            Trace::Checkout => self.checkout(),
            Trace::ReserveAndCapture => self.reserve(Operation::CapturePayment),
            Trace::ReserveAndCancel => self.reserve(Operation::CancelPayment),
            Trace::CaptureTwice => {
                let payment = self.past_payment();
                self.post(Operation::CapturePayment, &payment, None);
            }
            Trace::Refund => self.refund(),
            Trace::LookUpPayment => self.look_up_payment(),
            Trace::BrowseCustomers => self.browse_customers(),
            Trace::UpdateCustomer => self.update_customer(),
            Trace::ReplacePaymentMethod => self.replace_payment_method(),
            Trace::BadPayment => self.bad_payment(),
            Trace::UnknownPayment => {
                let payment = Number::of(&format!("{} nobody {}", self.consumer, self.serial))
                    .id_of_none(PAYMENT);
                self.get(Operation::GetPayment, &payment, "");
            }
            Trace::Reconcile => self.reconcile(),
            Trace::PollEvents => self.get(Operation::ListEvents, "", "limit=50"),
            Trace::ReviewDisputes => self.review_disputes(),
            Trace::PayOut => self.pay_out(),
            Trace::RegisterWebhook => self.register_webhook(),
            Trace::WatchEvents => {
                let watched = Duration::from_millis(self.sequence.between(3_000, 9_000));
                self.get(Operation::StreamEvents, "", "");
                self.last().end = End::Leave(watched);
            }
            Trace::Export => self.export(),
            Trace::LegacyCharge => self.legacy_charge(),
            Trace::LegacyTransfers => {
                let query = format!("page={}", self.sequence.between(1, 4));
                self.get(Operation::ListTransfers, "", &query);
            }
            Trace::ReadPayment => {
                let payment = self.past_payment();
                self.get(Operation::GetPayment, &payment, "");
            }
            Trace::ReadRefund => {
                let refund = self.other("refund", 200).id(REFUND);
                self.get(Operation::GetRefund, &refund, "");
            }
            Trace::ReadCustomer => {
                let customer = self.customer();
                self.get(Operation::GetCustomer, &customer, "");
            }
            Trace::ReadPayouts => self.get(Operation::ListPayouts, "", "limit=10"),
            Trace::ReadBalance => self.get(Operation::GetBalance, "", ""),
            Trace::WrongPath => self.wrong_path(),
            Trace::Probe => self.probe(),
            Trace::MalformedTarget => self.malformed_target(),
        }
    }

    fn checkout(&mut self) {
        let customer = self.customer();
        if self.sequence.once_in(3) {
            let new = json!({"email": "ada@example.com", "name": "Ada Okafor", "country": "NL"});
            self.post(Operation::CreateCustomer, "", Some(new));
            let token = format!("tok_{:012x}", self.sequence.next() >> 16);
            self.post(
                Operation::AttachPaymentMethod,
                &customer,
                Some(json!({"token": token, "make_default": true})),
            );
        } else {
            self.get(Operation::GetCustomer, &customer, "");
            self.get(Operation::ListPaymentMethods, &customer, "");
        }
        let payment = self.create_payment(&customer, Capture::Automatic);
        self.get(Operation::GetPayment, &payment.id(PAYMENT), "");
    }

    fn reserve(&mut self, end: Operation) {
        let customer = self.customer();
        self.get(Operation::GetCustomer, &customer, "");
        let payment = self.create_payment(&customer, Capture::Manual).id(PAYMENT);
        self.post(end, &payment, None);
        self.last().pause = Duration::from_millis(300);
        self.get(Operation::GetPayment, &payment, "");
    }

    fn create_payment(&mut self, customer: &str, capture: Capture) -> Number {
        let currency = self.sequence.pick(&[(6, "EUR"), (3, "USD"), (1, "GBP")]);
        let amount = Money {
            minor: self.sequence.between(300, 40_000),
            currency: currency.to_owned(),
        };
        let order = format!("{} {}", self.consumer, self.serial);
        let new = json!({
            "amount": amount,
            "customer_id": customer,
            "payment_method_id": self.payment_method(customer),
            "capture": capture,
            "description": order,
        });
        self.post(Operation::CreatePayment, "", Some(new));
        payment_number(
            self.last().idempotency_key.as_deref().unwrap_or_default(),
            capture,
        )
    }

    fn refund(&mut self) {
        let payment = self.past_payment();
        self.get(Operation::GetPayment, &payment, "");
        let new = json!({"payment_id": payment, "reason": "requested_by_customer"});
        self.post(Operation::CreateRefund, "", Some(new));
        let refund =
            Number::of(self.last().idempotency_key.as_deref().unwrap_or_default()).id(REFUND);
        self.get(Operation::GetRefund, &refund, "");
    }

    fn look_up_payment(&mut self) {
        let payment = self.past_payment();
        self.get(Operation::GetPayment, &payment, "");
        if self.sequence.once_in(3) {
            let customer = self.customer();
            self.get(
                Operation::ListPayments,
                "",
                &format!("customer_id={customer}&limit=10"),
            );
        }
    }

    fn browse_customers(&mut self) {
        self.get(Operation::ListCustomers, "", "limit=25");
        let query = format!("limit=25&cursor={}", cursor(2));
        self.get(Operation::ListCustomers, "", &query);
        let customer = self.customer();
        self.get(Operation::GetCustomer, &customer, "");
    }

    fn update_customer(&mut self) {
        let customer = self.customer();
        self.get(Operation::GetCustomer, &customer, "");
        self.post(
            Operation::UpdateCustomer,
            &customer,
            Some(json!({"metadata": {"plan": "platinum"}})),
        );
    }

    fn replace_payment_method(&mut self) {
        let customer = self.customer();
        let method = self.payment_method(&customer);
        self.get(Operation::ListPaymentMethods, &customer, "");
        self.push(Operation::DetachPaymentMethod, &method, "");
        let token = format!("tok_{:012x}", self.sequence.next() >> 16);
        self.post(
            Operation::AttachPaymentMethod,
            &customer,
            Some(json!({"token": token})),
        );
    }

    fn bad_payment(&mut self) {
        let customer = self.customer();
        let method = self.payment_method(&customer);
        let new = match self.sequence.below(3) {
            0 => {
                json!({"amount": {"minor": 0, "currency": "EUR"}, "customer_id": customer, "payment_method_id": method})
            }
            1 => {
                json!({"amount": {"minor": 500, "currency": "eur"}, "customer_id": customer, "payment_method_id": method})
            }
            _ => json!({"amount": 500, "customer": customer}),
        };
        self.post(Operation::CreatePayment, "", Some(new));
        if self.sequence.once_in(4) {
            self.last().body = Some(b"{\"amount\": {\"minor\": 500,".to_vec());
        }
    }

    fn reconcile(&mut self) {
        self.get(Operation::GetBalance, "", "");
        self.get(Operation::ListPayments, "", "status=succeeded&limit=50");
        let query = format!("status=succeeded&limit=50&cursor={}", cursor(2));
        self.get(Operation::ListPayments, "", &query);
        self.get(Operation::ListPayouts, "", "");
        self.get(Operation::ListEvents, "", "type=payout.paid");
    }

    fn review_disputes(&mut self) {
        self.get(
            Operation::ListDisputes,
            "",
            "status=needs_response&limit=10",
        );
        for _ in 0..self.sequence.between(1, 3) {
            let payment = self.past_payment();
            self.get(Operation::GetPayment, &payment, "");
        }
    }

    fn pay_out(&mut self) {
        let destination = self.other("account", 60).id(BANK_ACCOUNT);
        // One in 25 asks for more than the balance holds: 422.
        let minor = if self.sequence.once_in(25) {
            9_000_000
        } else {
            self.sequence.between(90_000, 480_000)
        };
        let new =
            json!({"amount": {"minor": minor, "currency": "EUR"}, "destination": destination});
        self.post(Operation::CreatePayout, "", Some(new));
    }

    fn register_webhook(&mut self) {
        let host = Number::of(self.consumer).id("shop-");
        let url = format!("https://{host}.example.com/hooks/{}", self.serial % 3);
        let new = json!({"url": url, "event_types": ["payment.succeeded", "dispute.created"]});
        self.post(Operation::CreateWebhookEndpoint, "", Some(new));
    }

    fn export(&mut self) {
        let query = format!("month=2026-{:02}", self.sequence.between(1, 9));
        self.get(Operation::ExportPayments, "", &query);
        // One in five is broken off in the middle of the download.
        if self.sequence.once_in(5) {
            self.last().end = End::Leave(Duration::from_millis(90));
        }
    }

    fn legacy_charge(&mut self) {
        let customer = self.customer();
        let source = self.payment_method(&customer);
        let amount = self.sequence.between(300, 20_000);
        let new =
            json!({"amount": amount, "currency": "eur", "customer": customer, "source": source});
        self.post(Operation::CreateCharge, "", Some(new));
        if self.sequence.once_in(2) {
            let key = self.last().idempotency_key.as_deref().unwrap_or_default();
            let charge = payment_number(key, Capture::Automatic).id(CHARGE);
            self.get(Operation::GetCharge, &charge, "");
        }
    }

    fn wrong_path(&mut self) {
        let payment = self.past_payment();
        let (method, path) = match self.sequence.below(3) {
            0 => ("GET", format!("/v1/payment/{payment}")),
            1 => ("GET", format!("/v2/payments/{payment}")),
            _ => ("PUT", format!("/v1/payments/{payment}")),
        };
        self.raw(Target::Unmatched, method, path);
    }

    fn probe(&mut self) {
        let path =
            self.sequence
                .pick(&[(3, "/wp-login.php"), (2, "/.env"), (1, "/actuator/health")]);
        self.raw(Target::Unmatched, "GET", path.to_owned());
    }

    fn malformed_target(&mut self) {
        let path = self.sequence.pick(&[
            (1, "/v1/payments/..%2fadmin"),
            (1, "/v1//payments"),
            (1, "/v1/../admin"),
        ]);
        self.raw(Target::Refused, "GET", path.to_owned());
    }

    // ---- the pieces of a call ----

    fn get(&mut self, operation: Operation, id: &str, query: &str) {
        self.push(operation, id, query);
    }

    /// A call that changes something, with a fresh idempotency key.
    fn post(&mut self, operation: Operation, id: &str, body: Option<Value>) {
        self.push(operation, id, "");
        let key = format!(
            "{}/{}/{}/{:08x}",
            self.consumer,
            self.serial,
            self.calls.len(),
            self.sequence.next() >> 32
        );
        let call = self.last();
        call.idempotency_key = Some(key);
        call.body = body.map(|body| body.to_string().into_bytes());
    }

    fn push(&mut self, operation: Operation, id: &str, query: &str) {
        let template = operation.template();
        let mut path = super::operations::BASE_PATH.to_owned();
        match (template.find('{'), template.find('}')) {
            (Some(open), Some(close)) => {
                path.extend([&template[..open], id, &template[close + 1..]]);
            }
            _ => path.push_str(template),
        }
        if !query.is_empty() {
            path.extend(["?", query]);
        }
        self.raw(Target::Operation(operation), operation.method(), path);
    }

    fn raw(&mut self, target: Target, method: &'static str, path: String) {
        let pause = match self.calls.is_empty() {
            true => Duration::ZERO,
            false => Duration::from_millis(self.sequence.between(5, 60)),
        };
        self.calls.push(Call {
            pause,
            target,
            method,
            path,
            idempotency_key: None,
            body: None,
            end: End::Read,
        });
    }

    fn last(&mut self) -> &mut Call {
        self.calls
            .last_mut()
            .expect("a call was pushed just before")
    }

    /// One of the consumer's customers.
    fn customer(&mut self) -> String {
        self.other("customer", CUSTOMERS).id(CUSTOMER)
    }

    fn payment_method(&self, customer: &str) -> String {
        Number::of(customer).id(PAYMENT_METHOD)
    }

    /// A captured payment that the consumer made some time ago.
    fn past_payment(&mut self) -> String {
        self.other("payment", PAYMENTS).with_low(1).id(PAYMENT)
    }

    fn other(&mut self, noun: &str, count: u64) -> Number {
        let index = self.sequence.below(count);
        Number::of(&format!("{} {noun} {index}", self.consumer))
    }
}
