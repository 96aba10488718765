//! Checks the laws of a comparison over documents: `contract_laws [--findings] DOCUMENT...`, each with itself and with the
//! next. Prints what breaks a law, then one JSON line.

#[path = "../tests/laws/places.rs"]
mod places;
#[path = "../tests/laws/rewrite.rs"]
mod rewrite;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use contract::{Node, Ruleset, Source, lint, score};
use serde_json::{Value as Json, json};

use places::Places;

/// Larger documents, with every alias counted as a copy, are left out.
const NODES_MAX: usize = 5_000_000;

const THREADS: usize = 2;

fn main() -> ExitCode {
    let mut names: Vec<String> = std::env::args().skip(1).collect();
    let given = names.len();
    names.retain(|name| name != "--findings");
    if names.is_empty() {
        eprintln!("usage: contract_laws [--findings] DOCUMENT...");
        return ExitCode::from(2);
    }
    let told = told(&names, names.len() < given);
    println!("{}", told.json());
    ExitCode::from(u8::from(told.failed() > 0))
}

/// The pairs are shared out between two threads; what they tell is counted together.
fn told(names: &[String], with_findings: bool) -> Told {
    let told = Mutex::new(Told::default());
    let next = AtomicUsize::new(0);
    let worker = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let one = match names.get(at..).unwrap_or_default() {
                [] => break,
                [first, second, ..] => pair(first, second, with_findings),
                [only] if at == 0 => pair(only, only, with_findings),
                [last] => Told {
                    documents: usize::from(read(last).is_some()),
                    unread: usize::from(read(last).is_none()),
                    ..Told::default()
                },
            };
            told.lock().expect("no thread panicked").add(one);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(worker);
        }
    });
    told.into_inner().expect("no thread panicked")
}

/// What was looked at, and what was found.
#[derive(Default)]
struct Told {
    documents: usize,
    unread: usize,
    pairs: usize,
    changes: usize,
    places: Places,
    /// How often by law.
    broken: BTreeMap<&'static str, usize>,
}

impl Told {
    fn add(&mut self, other: Self) {
        self.documents += other.documents;
        self.unread += other.unread;
        self.pairs += other.pairs;
        self.changes += other.changes;
        self.places.add(&other.places);
        for (law, count) in other.broken {
            *self.broken.entry(law).or_default() += count;
        }
    }

    fn broke(&mut self, law: &'static str, names: [&str; 2], what: &str) {
        println!("{} {}: {law}: {what}", names[0], names[1]);
        *self.broken.entry(law).or_default() += 1;
    }

    fn failed(&self) -> usize {
        self.places.wrong + self.broken.values().sum::<usize>()
    }

    fn json(&self) -> Json {
        let places = &self.places;
        json!({
            "documents": self.documents,
            "unread": self.unread,
            "pairs": self.pairs,
            "changes": self.changes,
            "places": {"told": places.told, "of_findings": places.findings, "wrong": places.wrong},
            "broken": self.broken,
            "failed": self.failed(),
        })
    }
}

fn pair(first: &str, second: &str, with_findings: bool) -> Told {
    let mut told = Told::default();
    let Some(base) = read(first) else {
        told.unread = 1;
        return told;
    };
    told.documents = 1;
    let Some(revision) = read(second) else {
        return told;
    };
    told.pairs = 1;
    let names = [first, second];
    for (law, what) in rewrite::broken(&base, &revision) {
        told.broke(law, names, &what);
    }
    let sides = |is_yaml: bool| {
        [&base, &revision].map(|value| match is_yaml {
            true => rewrite::source(&rewrite::yaml(value), "a.yaml"),
            false => rewrite::source(&value.to_string(), "a.json"),
        })
    };
    let [old, new] = sides(false);
    let there = rewrite::compared(&old, &new);
    let back = rewrite::compared(&new, &old);
    told.changes = there.changes.len();
    for (one, other) in [(&there, &back), (&back, &there)] {
        for mirror in rewrite::without_mirror(one, other) {
            told.broke("diff(b, a) mirrors diff(a, b)", names, &mirror);
        }
    }
    told.places.check(&there, &old, &new);
    told.places.check(&back, &new, &old);
    let [old_yaml, new_yaml] = sides(true);
    let in_yaml = rewrite::compared(&old_yaml, &new_yaml);
    told.places.check(&in_yaml, &old_yaml, &new_yaml);
    if with_findings {
        for source in [&new, &new_yaml] {
            check_findings(source, &mut told.places);
        }
    }
    told
}

fn check_findings(source: &Source, places: &mut Places) {
    for finding in lint(source, &Ruleset::spectral_oas()) {
        places.check_finding(&finding.id, &finding.site, source);
    }
    for finding in score(source, &[]).findings {
        places.check_finding(&finding.finding.id, &finding.finding.site, source);
    }
}

/// The document as JSON, whatever it is written in; `None` for what is no contract that can be rewritten.
fn read(name: &str) -> Option<Json> {
    let bytes = std::fs::read(name).expect("the document can be read");
    let source = Source::read(&bytes, name).ok()?;
    let value = json_of(source.root(), &mut NODES_MAX.clone())?;
    // What is written again as JSON is longer than some YAML.
    let is_readable = value.to_string().len() < contract::SOURCE_BYTES_LIMIT;
    (value.is_object() && is_readable).then_some(value)
}

fn json_of(node: Node<'_>, room: &mut usize) -> Option<Json> {
    *room = room.checked_sub(1)?;
    Some(match node.value() {
        contract::Value::Null => Json::Null,
        contract::Value::Bool(value) => value.into(),
        // Numbers that JSON does not have are texts to every law.
        contract::Value::Number(text) => text.parse().map_or_else(|_| text.into(), Json::Number),
        contract::Value::String(text) => text.into(),
        contract::Value::Array(elements) => {
            let elements = elements.map(|one| json_of(one, room));
            Json::Array(elements.collect::<Option<_>>()?)
        }
        contract::Value::Object(members) => {
            let member = |member: contract::Member<'_>| {
                Some((member.name().to_owned(), json_of(member.value, room)?))
            };
            Json::Object(members.map(member).collect::<Option<_>>()?)
        }
    })
}
