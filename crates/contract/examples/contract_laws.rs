//! Checks the laws of a comparison over documents: `contract_laws DOCUMENT...`, each with itself and with the next.

#[path = "../tests/laws/rewrite.rs"]
mod rewrite;

use std::process::ExitCode;

use contract::{Change, Site, Source};
use serde_json::Value;

fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if names.is_empty() {
        eprintln!("usage: contract_laws DOCUMENT...");
        return ExitCode::from(2);
    }
    let mut failed = 0;
    let mut places = Places::default();
    let documents: Vec<(&String, Value)> = names.iter().map(|name| (name, read(name))).collect();
    for pair in documents.windows(2.min(documents.len())) {
        let (first, last) = (&pair[0], &pair[pair.len() - 1]);
        let broken = rewrite::broken(&first.1, &last.1);
        for law in &broken {
            println!("{} {}: {law}", first.0, last.0);
        }
        failed += broken.len();
        let sides = [&first.1, &last.1].map(|value| rewrite::source(&value.to_string(), "a.json"));
        let there = rewrite::compared(&sides[0], &sides[1]);
        let back = rewrite::compared(&sides[1], &sides[0]);
        for (one, other) in [(&there, &back), (&back, &there)] {
            for mirror in rewrite::without_mirror(one, other) {
                println!("{} {}: no mirror {mirror}", first.0, last.0);
                failed += 1;
            }
        }
        for is_yaml in [false, true] {
            let side = |value: &Value| match is_yaml {
                true => rewrite::source(&rewrite::yaml(value), "a.yaml"),
                false => rewrite::source(&value.to_string(), "a.json"),
            };
            places.count(&side(&first.1), &side(&last.1));
        }
    }
    failed += places.wrong;
    println!(
        "{{\"documents\":{},\"changes\":{},\"wrong_places\":{},\"failed\":{failed}}}",
        documents.len(),
        places.changes,
        places.wrong
    );
    ExitCode::from(u8::from(failed > 0))
}

/// YAML documents are compared as they are by `towpath diff`; here they are rewritten, which takes JSON.
fn read(name: &str) -> Value {
    let bytes = std::fs::read(name).expect("the document can be read");
    serde_json::from_slice(&bytes).expect("the document is JSON")
}

/// How many changes have their places.
#[derive(Default)]
struct Places {
    changes: usize,
    wrong: usize,
}

impl Places {
    fn count(&mut self, base: &Source, revision: &Source) {
        let diff = rewrite::compared(base, revision);
        self.changes += diff.changes.len();
        for change in &diff.changes {
            if !has_places(change, base, revision) {
                self.wrong += 1;
                if self.wrong <= 10 {
                    println!("without its places: {} {}", change.id, change.message);
                }
            }
        }
    }
}

/// At least one side, and on each side that it has a place that is what its pointer names.
fn has_places(change: &Change, base: &Source, revision: &Source) -> bool {
    let is_right = |site: &Option<std::sync::Arc<Site>>, source: &Source| match site {
        None => true,
        Some(site) => is_at(site, source),
    };
    (change.base.is_some() || change.revision.is_some())
        && is_right(&change.base, base)
        && is_right(&change.revision, revision)
}

fn is_at(site: &Site, source: &Source) -> bool {
    let named = contract::pointer::resolve(source.root(), &site.pointer);
    let position = source.tree.position(site.span.start);
    named.is_ok() && site.line >= 1 && (site.line, site.column) == (position.line, position.column)
}
