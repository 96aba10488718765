//! Compares pairs of contracts with their vendor's notes: `vendor_notes FOLDER [--clients tolerant|strict]`.
//!
//! The folder holds pairs.tsv and specs/. Without a choice of clients both figures are told, and no lines.
//! One line for each note says whether what changed bears a name from the note. It is a word comparison, not a
//! judgement: a note may name what the two documents do not show, and a change next to it may bear its name.

mod words;

use std::path::Path;
use std::process::ExitCode;

use contract::{Change, Clients, DiffOptions, Level, Source, diff};

use words::{Names, names, words};

const USAGE: &str = "usage: vendor_notes FOLDER [--clients tolerant|strict], where FOLDER holds pairs.tsv and specs/";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (folder, chosen) = match arguments[..] {
        [folder] => (folder, None),
        [folder, "--clients", "tolerant"] => (folder, Some(Clients::Tolerant)),
        [folder, "--clients", "strict"] => (folder, Some(Clients::Strict)),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    let folder = Path::new(folder);
    let Ok(table) = std::fs::read_to_string(folder.join("pairs.tsv")) else {
        eprintln!(
            "there is no {}/pairs.tsv; nothing was checked",
            folder.display()
        );
        return ExitCode::from(3);
    };
    match chosen {
        Some(clients) => tell(folder, &table, clients, Lines::Each),
        None => {
            for clients in [Clients::Tolerant, Clients::Strict] {
                tell(folder, &table, clients, Lines::None);
            }
        }
    }
    ExitCode::SUCCESS
}

/// What is told before the sums.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    /// One for each note.
    Each,
    None,
}

fn tell(folder: &Path, table: &str, clients: Clients, lines: Lines) {
    let mut counts = [0; 6];
    for line in table.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [base, revision, _, _, note] = columns[..] else {
            eprintln!("a row without five columns: {line}");
            continue;
        };
        let (outcome, change) = outcome(folder, base, revision, note, clients);
        counts[outcome as usize] += 1;
        if lines == Lines::Each {
            println!("{outcome:?}\t{base}\t{revision}\t{note}\t{change}");
        }
    }
    let [named, nearby, told, other, same, missing] = counts;
    println!(
        "{{\"clients\":\"{clients:?}\",\"named\":{named},\"nearby\":{nearby},\"told\":{told},\"other\":{other},\"same\":{same},\"missing\":{missing}}}"
    );
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

/// The outcome, and the change that decided it; empty where there is none.
fn outcome(
    folder: &Path,
    base: &str,
    revision: &str,
    note: &str,
    clients: Clients,
) -> (Outcome, String) {
    let read = |name: &str| {
        let bytes = std::fs::read(folder.join("specs").join(name)).ok()?;
        Source::read(&bytes, name).ok()
    };
    let (Some(base), Some(revision)) = (read(base), read(revision)) else {
        return (Outcome::Missing, String::new());
    };
    let options = DiffOptions {
        clients,
        ..DiffOptions::new(jiff::civil::date(2026, 1, 1))
    };
    let changes = diff(&base, &revision, &options).changes;
    let names = names(note);
    let (grave, slight): (Vec<_>, Vec<_>) = changes
        .iter()
        .partition(|change| change.level >= Level::Warning);

    let about = |change: &&&Change| is_about(change, &names);
    let near = |change: &&&Change| is_near(change, &names);
    let found = [
        (Outcome::Named, grave.iter().find(about)),
        (Outcome::Nearby, grave.iter().find(near)),
        (Outcome::Told, slight.iter().find(about)),
    ];
    let none = match changes.is_empty() {
        true => Outcome::Same,
        false => Outcome::Other,
    };
    found
        .into_iter()
        .find_map(|(outcome, change)| Some((outcome, text(change?))))
        .unwrap_or((none, String::new()))
}

fn text(change: &Change) -> String {
    let operation = change.operation.as_ref();
    let place = operation.map(|operation| format!("{} {}", operation.method, operation.path));
    format!(
        "{}[{}] {}: {}",
        change.level.as_str(),
        change.id,
        place.unwrap_or_default(),
        change.message
    )
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
