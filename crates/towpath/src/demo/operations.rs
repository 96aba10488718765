//! The operations of the sample payments API, in the order of its contract.

/// One operation of `assets/payments.yaml`; a test holds the two together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    ListCustomers,
    CreateCustomer,
    GetCustomer,
    UpdateCustomer,
    ListPaymentMethods,
    AttachPaymentMethod,
    DetachPaymentMethod,
    ListPayments,
    CreatePayment,
    GetPayment,
    CapturePayment,
    CancelPayment,
    CreateRefund,
    GetRefund,
    ListPayouts,
    CreatePayout,
    GetBalance,
    ListDisputes,
    CreateWebhookEndpoint,
    ListEvents,
    StreamEvents,
    ExportPayments,
    CreateCharge,
    GetCharge,
    ListTransfers,
}

use Operation::*;

/// Operation, method, path template, `operationId`.
const TABLE: [(Operation, &str, &str, &str); 25] = [
    (ListCustomers, "GET", "/customers", "listCustomers"),
    (CreateCustomer, "POST", "/customers", "createCustomer"),
    (
        GetCustomer,
        "GET",
        "/customers/{customer_id}",
        "getCustomer",
    ),
    (
        UpdateCustomer,
        "PATCH",
        "/customers/{customer_id}",
        "updateCustomer",
    ),
    (
        ListPaymentMethods,
        "GET",
        "/customers/{customer_id}/payment-methods",
        "listPaymentMethods",
    ),
    (
        AttachPaymentMethod,
        "POST",
        "/customers/{customer_id}/payment-methods",
        "attachPaymentMethod",
    ),
    (
        DetachPaymentMethod,
        "DELETE",
        "/payment-methods/{payment_method_id}",
        "detachPaymentMethod",
    ),
    (ListPayments, "GET", "/payments", "listPayments"),
    (CreatePayment, "POST", "/payments", "createPayment"),
    (GetPayment, "GET", "/payments/{payment_id}", "getPayment"),
    (
        CapturePayment,
        "POST",
        "/payments/{payment_id}/capture",
        "capturePayment",
    ),
    (
        CancelPayment,
        "POST",
        "/payments/{payment_id}/cancel",
        "cancelPayment",
    ),
    (CreateRefund, "POST", "/refunds", "createRefund"),
    (GetRefund, "GET", "/refunds/{refund_id}", "getRefund"),
    (ListPayouts, "GET", "/payouts", "listPayouts"),
    (CreatePayout, "POST", "/payouts", "createPayout"),
    (GetBalance, "GET", "/balance", "getBalance"),
    (ListDisputes, "GET", "/disputes", "listDisputes"),
    (
        CreateWebhookEndpoint,
        "POST",
        "/webhook-endpoints",
        "createWebhookEndpoint",
    ),
    (ListEvents, "GET", "/events", "listEvents"),
    (StreamEvents, "GET", "/events/stream", "streamEvents"),
    (ExportPayments, "GET", "/exports/payments", "exportPayments"),
    (CreateCharge, "POST", "/charges", "createCharge"),
    (GetCharge, "GET", "/charges/{charge_id}", "getCharge"),
    (ListTransfers, "GET", "/transfers", "listTransfers"),
];

/// The path prefix of the contract's servers.
pub const BASE_PATH: &str = "/v1";

impl Operation {
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        TABLE.iter().map(|row| row.0)
    }

    /// Upper case.
    pub const fn method(self) -> &'static str {
        TABLE[self as usize].1
    }

    /// Without the base path, such as `/payments/{payment_id}`.
    pub const fn template(self) -> &'static str {
        TABLE[self as usize].2
    }

    #[cfg(test)]
    pub const fn operation_id(self) -> &'static str {
        TABLE[self as usize].3
    }

    /// The operation that serves `path` (with base path, without query), and the text in place of its parameter;
    /// empty for an operation without one. Concrete paths win over templated ones.
    pub fn route<'p>(method: &str, path: &'p str) -> Option<(Self, &'p str)> {
        let path = path.strip_prefix(BASE_PATH)?;
        let of_method = || TABLE.iter().filter(|row| row.1 == method);
        if let Some(row) = of_method().find(|row| row.2 == path) {
            return Some((row.0, ""));
        }
        of_method().find_map(|row| parameter(row.2, path).map(|text| (row.0, text)))
    }
}

/// The text in `path` where `template` has its one parameter, when everything else is the same.
fn parameter<'p>(template: &str, path: &'p str) -> Option<&'p str> {
    let (before, rest) = template.split_once('{')?;
    let (_, after) = rest.split_once('}')?;
    let text = path.strip_prefix(before)?.strip_suffix(after)?;
    (!text.is_empty() && !text.contains('/')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        assert!(
            Operation::all()
                .enumerate()
                .all(|(index, operation)| operation as usize == index)
        );
    }

    #[test]
    fn every_operation_is_found_by_its_own_path_and_by_no_other() {
        for operation in Operation::all() {
            let (before, rest) = operation
                .template()
                .split_once('{')
                .unwrap_or((operation.template(), ""));
            let (parameter, after) = rest
                .split_once('}')
                .map_or(("", ""), |(_, after)| ("x1", after));
            let path = format!("/v1{before}{parameter}{after}");
            assert_eq!(
                Operation::route(operation.method(), &path),
                Some((operation, parameter)),
                "{path}"
            );
        }
        for (method, path) in [
            ("GET", "/payments"),
            ("GET", "/v1/payments/"),
            ("GET", "/v1/payments/a/b"),
            ("PUT", "/v1/payments/a"),
            ("POST", "/v1/payments//capture"),
            ("GET", "/v1"),
        ] {
            assert_eq!(Operation::route(method, path), None, "{method} {path}");
        }
        assert_eq!(
            Operation::route("GET", "/v1/events/stream"),
            Some((StreamEvents, ""))
        );
    }
}
