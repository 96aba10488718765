//! Any bytes that are a document are scored: it ends, and both numbers are of 0 to 100.
#![no_main]

use contract::{Source, Task, score};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = Source::read(bytes, "a") else {
        return;
    };
    let task = Task {
        text: "find the thing".to_owned(),
        operation: None,
    };
    let score = score(&source, &[task]);
    for number in [score.readability, score.safety] {
        assert!((0.0..=100.0).contains(&number), "{number}");
    }
});
