//! Compares pairs of contracts with their vendor's notes: `vendor_notes FOLDER`, which holds pairs.tsv and specs/.
//!
//! One line for each note says whether what changed bears a name from the note. It is a word comparison, not a
//! judgement: a note may name what the two documents do not show, and a change next to it may bear its name.

mod words;

use std::path::Path;
use std::process::ExitCode;

use contract::{Change, DiffOptions, Level, Source, diff};

use words::{Names, names, words};

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: vendor_notes FOLDER, which holds pairs.tsv and specs/");
        return ExitCode::from(2);
    };
    let folder = Path::new(&folder);
    let Ok(table) = std::fs::read_to_string(folder.join("pairs.tsv")) else {
        eprintln!(
            "there is no {}/pairs.tsv; nothing was checked",
            folder.display()
        );
        return ExitCode::from(3);
    };
    let mut counts = [0; 6];
    for line in table.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [base, revision, _, _, note] = columns[..] else {
            eprintln!("a row without five columns: {line}");
            continue;
        };
        let outcome = outcome(folder, base, revision, note);
        counts[outcome as usize] += 1;
        println!("{outcome:?}\t{base}\t{revision}\t{note}");
    }
    let [named, nearby, told, other, same, missing] = counts;
    println!(
        "{{\"named\":{named},\"nearby\":{nearby},\"told\":{told},\"other\":{other},\"same\":{same},\"missing\":{missing}}}"
    );
    ExitCode::SUCCESS
}

#[derive(Debug, Clone, Copy)]
enum Outcome {
    /// What an error or a warning is about bears a name from the note.
    Named,
    /// Only the operation or the place of an error or a warning bears one.
    Nearby,
    /// Only what an info is about bears one.
    Told,
    /// There are changes, none with a name from the note.
    Other,
    /// There is no change at all.
    Same,
    /// A document is not there or cannot be read.
    Missing,
}

fn outcome(folder: &Path, base: &str, revision: &str, note: &str) -> Outcome {
    let read = |name: &str| {
        let bytes = std::fs::read(folder.join("specs").join(name)).ok()?;
        Source::read(&bytes, name).ok()
    };
    let (Some(base), Some(revision)) = (read(base), read(revision)) else {
        return Outcome::Missing;
    };
    let options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
    let changes = diff(&base, &revision, &options).changes;
    let names = names(note);
    let (grave, slight): (Vec<_>, Vec<_>) = changes
        .iter()
        .partition(|change| change.level >= Level::Warning);

    if changes.is_empty() {
        Outcome::Same
    } else if grave.iter().any(|change| is_about(change, &names)) {
        Outcome::Named
    } else if grave.iter().any(|change| is_near(change, &names)) {
        Outcome::Nearby
    } else if slight.iter().any(|change| is_about(change, &names)) {
        Outcome::Told
    } else {
        Outcome::Other
    }
}

/// Whether the thing that changed bears one of the names: what the sentence has in backquotes, and the operation when
/// the rule is about an operation as a whole.
fn is_about(change: &Change, names: &Names) -> bool {
    let quoted = change.message.split('`').skip(1).step_by(2);
    let mut subjects = quoted.map(|text| words(last_segment(text)));
    if subjects.any(|words| names.are_in(&words)) {
        return true;
    }
    let whole = change.id.starts_with("api-") || change.id.starts_with("endpoint-");
    // A removed operation is a changed address, which a note may call by no other name.
    let moved = change.id.contains("removed") && names.speak_of_addresses();
    whole && (moved || operation_bears(change, names))
}

/// Of `orders/items/total` the property that changed, `total`: what it stands in did not change.
fn last_segment(text: &str) -> &str {
    let mut segments = text.rsplit('/');
    segments
        .find(|segment| *segment != "items")
        .unwrap_or_default()
}

/// Whether the operation or a pointer of the change bears one of the names.
fn is_near(change: &Change, names: &Names) -> bool {
    let sites = [&change.base, &change.revision];
    let mut pointers = sites.into_iter().flatten().map(|site| words(&site.pointer));
    operation_bears(change, names) || pointers.any(|words| names.are_in(&words))
}

fn operation_bears(change: &Change, names: &Names) -> bool {
    let Some(operation) = &change.operation else {
        return false;
    };
    let id = operation.operation_id.as_deref().unwrap_or_default();
    names.are_in(&words(&operation.path)) || names.are_in(&words(id))
}
