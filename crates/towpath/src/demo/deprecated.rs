//! Who still calls deprecated operations, gathered by operation.

use adoption::Micros;
use control::DeprecatedCall;
use jiff::Timestamp;

/// One deprecated operation that is still called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deprecated {
    pub operation: String,
    pub sunset_at: Option<Micros>,
    /// The path of its successor.
    pub replaced_by: Option<String>,
    /// Consumers and their calls, most calls first.
    pub callers: Vec<(String, u64)>,
}

/// The operations with the soonest sunset first, those without one last. `calls` come most calls first.
pub fn by_operation(calls: &[DeprecatedCall]) -> Vec<Deprecated> {
    let mut operations: Vec<Deprecated> = Vec::new();
    for call in calls {
        let name = format!("{} {}", call.method, call.path);
        let caller = (call.consumer.clone(), call.calls);
        match operations
            .iter_mut()
            .find(|operation| operation.operation == name)
        {
            Some(operation) => operation.callers.push(caller),
            None => operations.push(Deprecated {
                operation: name,
                sunset_at: call.sunset_at,
                replaced_by: call.replaced_by.clone(),
                callers: vec![caller],
            }),
        }
    }
    operations.sort_by_key(|operation| (operation.sunset_at.is_none(), operation.sunset_at));
    operations
}

/// Such as `31 Mar 2027`, in UTC.
pub fn date(instant: Micros) -> String {
    match Timestamp::from_microsecond(instant.0) {
        Ok(instant) => instant.strftime("%-d %b %Y").to_string(),
        Err(_) => "a date out of range".to_owned(),
    }
}

/// RFC 3339 in UTC.
pub fn instant(instant: Micros) -> String {
    Timestamp::from_microsecond(instant.0).map_or_else(
        |_| "a date out of range".to_owned(),
        |instant| instant.to_string(),
    )
}

#[cfg(test)]
mod tests {
    use adoption::OperationId;

    use super::*;

    #[test]
    fn the_soonest_sunset_comes_first_and_the_busiest_caller() {
        let call = |path: &str, sunset: Option<i64>, consumer: &str, calls| DeprecatedCall {
            surface: "payments".to_owned(),
            operation: OperationId::from_raw(100),
            method: "GET".to_owned(),
            path: path.to_owned(),
            operation_id: None,
            deprecated_at: Micros(0),
            sunset_at: sunset.map(Micros::from_seconds),
            replaced_by: None,
            consumer: consumer.to_owned(),
            calls,
            last_seen: None,
        };
        let operations = by_operation(&[
            call("/a", None, "acme", 90),
            call("/b", Some(1_806_537_599), "acme", 20),
            call("/c", Some(1_800_000_000), "birch", 9),
            call("/b", Some(1_806_537_599), "birch", 3),
        ]);
        let order: Vec<_> = operations
            .iter()
            .map(|operation| operation.operation.as_str())
            .collect();
        assert_eq!(order, ["GET /c", "GET /b", "GET /a"]);
        assert_eq!(
            operations[1].callers,
            [("acme".to_owned(), 20), ("birch".to_owned(), 3)]
        );
        assert_eq!(date(Micros::from_seconds(1_806_537_599)), "31 Mar 2027");
        assert_eq!(
            instant(Micros::from_seconds(1_806_537_599)),
            "2027-03-31T23:59:59Z"
        );
    }
}
