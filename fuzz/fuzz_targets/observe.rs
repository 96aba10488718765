//! Any bytes are observed alike in one piece and in many, and what serde_json reads as JSON is seen as its tree says.
#![no_main]

use std::sync::OnceLock;

use bridge::observe::{Bits, Observation, Outcome};
use libfuzzer_sys::fuzz_target;
use reference::{Dom, Operation};

#[path = "../../crates/bridge/tests/reference.rs"]
mod reference;

/// What stands inside of strings and how far numbers go is serde_json's concern alone; it refuses the 128th level.
const THEIR_REASONS: [&str; 10] = [
    "control character",
    "invalid unicode code point",
    "lone leading surrogate",
    "lone trailing surrogate",
    "unexpected end of hex escape",
    "invalid escape",
    "invalid utf-8",
    "invalid UTF-8",
    "number out of range",
    "recursion limit exceeded",
];

fn operation() -> &'static Operation {
    static OPERATION: OnceLock<Operation> = OnceLock::new();
    OPERATION.get_or_init(Operation::read)
}

fuzz_target!(|input: &[u8]| {
    let Some((choice, body)) = input.split_first() else {
        return;
    };
    let chunks = [usize::from(choice >> 4) + 1, usize::from(choice & 15) + 1];
    let json = seen(Some("application/json"), body, chunks);
    seen(Some("application/x-www-form-urlencoded"), body, chunks);
    check_json(&json, body);
    let mut bits = Bits::default();
    let table = &operation().table;
    table.query(body, &mut bits);
    table.header(b"cookie", body, &mut bits);
    table.header(b"x-kind", body, &mut bits);
    table.header(body, body, &mut bits);
    table.path_value(b"id", body, &mut bits);
    assert!(bits.iter().all(|leaf| leaf < table.leaf_count()));
});

fn seen(content_type: Option<&str>, body: &[u8], chunks: [usize; 2]) -> Observation {
    let whole = operation().observe(content_type, body, &[usize::MAX]);
    assert_eq!(whole, operation().observe(content_type, body, &chunks));
    assert_eq!(whole, operation().observe(content_type, body, &[1]));
    whole
}

fn check_json(observation: &Observation, body: &[u8]) {
    // A byte order mark is skipped here and refused there.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    match serde_json::from_slice::<Dom>(body) {
        Ok(value) => {
            assert!(matches!(
                observation.outcome,
                Outcome::Complete | Outcome::Limit
            ));
            let (expected, doubt) = operation().expected(&value);
            let sure = |bits: &Bits| -> Vec<&str> {
                let leaves = bits.iter().filter(|leaf| !doubt.contains(*leaf));
                let keys = leaves.map(|leaf| operation().keys[leaf as usize].as_str());
                keys.filter(|key| !key.contains("content")).collect()
            };
            assert_eq!(sure(&observation.bits), sure(&expected));
        }
        Err(error) if observation.outcome == Outcome::Complete && !body.is_empty() => {
            let message = error.to_string();
            let is_theirs = THEIR_REASONS
                .iter()
                .any(|reason| message.starts_with(reason));
            let is_text = std::str::from_utf8(body).is_ok();
            assert!(is_theirs || !is_text, "complete here only: {message}");
        }
        Err(_) => {}
    }
}
