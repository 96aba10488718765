//! Checks the laws of a comparison over documents: `contract_laws [--findings] DOCUMENT...`, each with itself and with the
//! next. Prints what breaks a law, then one JSON line.

#[path = "../tests/laws/lines.rs"]
mod lines;
#[path = "../tests/laws/mirrors.rs"]
mod mirrors;
#[path = "../tests/laws/places.rs"]
mod places;
#[path = "../tests/laws/rewrite.rs"]
mod rewrite;
#[path = "../tests/laws/things.rs"]
mod things;

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
    let with_findings = names.len() < given;
    let count = names.len();
    // What is no contract stands between no two that are.
    names.retain(|name| read(name).is_some());
    let mut told = told(&names, with_findings);
    told.documents = names.len();
    told.unread = count - names.len();
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
            let Some(name) = names.get(at) else { break };
            let mut one = match names.get(at + 1) {
                Some(next) => pair(name, next),
                None if at == 0 => pair(name, name),
                None => Told::default(),
            };
            if with_findings {
                check_findings(name, &mut one.places);
            }
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
        self.places.failed() + self.broken.values().sum::<usize>()
    }

    fn json(&self) -> Json {
        let places = &self.places;
        json!({
            "documents": self.documents,
            "unread": self.unread,
            "pairs": self.pairs,
            "changes": self.changes,
            "places": {"told": places.told, "of_findings": places.findings, "missing": places.missing, "wrong": places.wrong},
            "broken": self.broken,
            "failed": self.failed(),
        })
    }
}

fn pair(first: &str, second: &str) -> Told {
    let mut told = Told {
        pairs: 1,
        ..Told::default()
    };
    let names = [first, second];
    let [base, revision] = names.map(|name| read(name).expect("it was read before"));
    for (law, what) in rewrite::broken(&base, &revision) {
        told.broke(law, names, &what);
    }
    let [old, new] = [&base, &revision].map(json);
    let there = rewrite::compared(&old, &new);
    let back = rewrite::compared(&new, &old);
    told.changes = there.changes.len();
    told.places.check(&there, &old, &new);
    told.places.check(&back, &new, &old);
    let [old_yaml, new_yaml] = [&base, &revision].map(yaml);
    let in_yaml = rewrite::compared(&old_yaml, &new_yaml);
    told.places.check(&in_yaml, &old_yaml, &new_yaml);
    let there = mirrors::compared(&old, &new);
    let back = mirrors::compared(&new, &old);
    for (one, other) in [(&there, &back), (&back, &there)] {
        for mirror in mirrors::missing(one, other) {
            told.broke("diff(b, a) mirrors diff(a, b)", names, &mirror);
        }
    }
    told
}

/// In lines, so that places have them.
fn json(value: &Json) -> Source {
    rewrite::source(&format!("{value:#}"), "a.json")
}

fn yaml(value: &Json) -> Source {
    rewrite::source(&rewrite::yaml(value), "a.yaml")
}

fn check_findings(name: &str, places: &mut Places) {
    let value = read(name).expect("it was read before");
    for source in [json(&value), yaml(&value)] {
        let found = lint(&source, &Ruleset::spectral_oas());
        let sites = found.iter().map(|one| (one.id.as_ref(), &one.site));
        places.check_findings(sites, &source);
        let found = score(&source, &[]).findings;
        let sites = found
            .iter()
            .map(|one| (one.finding.id.as_ref(), &one.finding.site));
        places.check_findings(sites, &source);
    }
}

/// The document as JSON, whatever it is written in; `None` for what is no contract that can be rewritten.
fn read(name: &str) -> Option<Json> {
    let bytes = std::fs::read(name).expect("the document can be read");
    let source = Source::read(&bytes, name).ok()?;
    let value = json_of(source.root(), &mut NODES_MAX.clone())?;
    // What is written again as JSON is longer than some YAML.
    let is_readable = || format!("{value:#}").len() < contract::SOURCE_BYTES_LIMIT;
    (value.is_object() && is_readable()).then_some(value)
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
