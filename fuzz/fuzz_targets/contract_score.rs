//! Any document is scored, and so is an edited copy: it ends, both numbers are of 0 to 100, every finding has its place.
#![no_main]

use contract::score::delta;
use contract::{Score, Source, Task, score};
use libfuzzer_sys::fuzz_target;
use towpath_fuzz::{edits, laws, parts};

// The input is a document, a mark, and edits, which are the sentence of a user as well.
fuzz_target!(|input: &[u8]| {
    let (document, edits) = parts::halves(input);
    let Ok(source) = Source::read(document, "a") else {
        return;
    };
    let text = String::from_utf8_lossy(edits);
    let tasks = [
        Task {
            text: "find the thing".to_owned(),
            operation: None,
        },
        Task {
            text: text.clone().into_owned(),
            operation: Some("listThings".to_owned()),
        },
    ];
    // What cannot be a list of tasks says why.
    let _ = Task::parse(&text);

    let before = scored(&source, &tasks);
    let Some(text) = edits::edited(&source, edits) else {
        return;
    };
    let edited = Source::read(text.as_bytes(), "b").expect("an edited document is JSON");
    let after = scored(&edited, &tasks);
    let change = delta(&before, &after);
    assert!(change.readability.change.is_finite() && change.safety.change.is_finite());
});

fn scored(source: &Source, tasks: &[Task]) -> Score {
    let score = score(source, tasks);
    for number in [score.readability, score.safety] {
        assert!((0.0..=100.0).contains(&number), "{number}");
    }
    let findings: Vec<_> = score
        .findings
        .iter()
        .map(|found| found.finding.clone())
        .collect();
    laws::check_findings(&findings, source);
    score
}
