//! Segmentation truth: who a proposal says breaks, held against who does, for seeded consumers with known use.
//!
//! Consumers whose use is chosen from a seed live 66 days in front of a real gateway: every message of theirs goes
//! over loopback through the observing path into a journal, and from there by the real applier into the roll-ups that a
//! proposal reads. One life of traffic serves every change: each is a revision of the contract that they called.
//! Whether a consumer breaks is told by `oracle`, which shares nothing with the code under test but a reader of YAML.
//!
//! Settings: `TOWPATH_TRUTH_SEEDS`, how many lives; `TOWPATH_TRUTH_SEED`, the first of them;
//! `TOWPATH_TRUTH_CORPUS`, a folder of pairs of contracts of others, which this project does not hold.

mod cast;
mod changes;
mod corpus;
mod document;
mod judge;
mod message;
mod oracle;
mod provider;
mod traffic;
mod wire;

use std::path::PathBuf;

use serde_json::Value;

use cast::{Member, cast};
use changes::CHANGES;
use judge::{Case, Tally, judge};
use oracle::Oracle;
use traffic::{Subject, World};

const PAYMENTS: &str = include_str!("truth/payments.yaml");

#[test]
fn whoever_breaks_is_told_and_nobody_is_proven_safe_who_does() {
    let number = |name: &str, otherwise: u64| {
        let text = std::env::var(name).ok();
        text.map_or(otherwise, |text| text.parse().expect("a number"))
    };
    let first = number("TOWPATH_TRUTH_SEED", 1);
    let mut total = Tally::default();
    for seed in first..first + number("TOWPATH_TRUTH_SEEDS", 1) {
        total.add(check(seed, payments()));
    }
    if let Some(folder) = std::env::var_os("TOWPATH_TRUTH_CORPUS") {
        let folder = PathBuf::from(folder);
        total.add(check(first, foreign(&folder)));
    }
    println!("{}", total.json());
    assert!(total.changes >= 30, "{}", total.changes);
    assert!(total.false_proven.is_empty(), "{:#?}", total.false_proven);
    assert!(total.faults.is_empty(), "{:#?}", total.faults);
    // A proposal that proves nobody to be safe would pass all of the above.
    assert!(total.safe_proven * 10 > total.safe * 9, "{}", total.json());
    assert!(total.breaking > 0 && total.breaking_by_value > 0);
}

/// Subjects, and the changes of each.
struct Plan {
    subjects: Vec<Subject>,
    revisions: Vec<Revision>,
}

struct Revision {
    name: String,
    subject: usize,
    revision: Value,
    change: Option<&'static changes::Change>,
}

fn payments() -> Plan {
    let base = document::read(PAYMENTS);
    // What is new in the base was not there to be seen on the first days.
    let mut early = base.clone();
    document::set(&mut early, "/info/version", "\"0.9.0\"");
    document::set(
        &mut early,
        "/components/schemas/Base/properties/currency",
        r#"{"type": "string"}"#,
    );
    document::cut(
        &mut early,
        "/components/schemas/NewPayment/allOf/1/properties/note",
    );
    document::cut(&mut early, "/paths/~1payments/get/parameters/2");
    let revisions = CHANGES.iter().map(|change| Revision {
        name: change.name.to_owned(),
        subject: 0,
        revision: change.apply(&base),
        change: Some(change),
    });
    Plan {
        revisions: revisions.collect(),
        subjects: vec![Subject {
            name: "payments".to_owned(),
            early,
            base,
        }],
    }
}

fn foreign(folder: &std::path::Path) -> Plan {
    let mut plan = Plan {
        subjects: Vec::new(),
        revisions: Vec::new(),
    };
    for (name, base, revision) in corpus::pairs(folder) {
        plan.revisions.push(Revision {
            name: name.clone(),
            subject: plan.subjects.len(),
            revision,
            change: None,
        });
        plan.subjects.push(Subject {
            name,
            early: base.clone(),
            base,
        });
    }
    plan
}

/// One life, and every change judged; prints a line for each.
fn check(seed: u64, plan: Plan) -> Tally {
    let oracles: Vec<Oracle> = plan
        .subjects
        .iter()
        .map(|subject| Oracle::new(&subject.base))
        .collect();
    let bases: Vec<&Value> = plan.subjects.iter().map(|subject| &subject.base).collect();
    let members = cast(seed, &bases, &|at, message| oracles[at].takes(message));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let world = World::live(&plan.subjects, &members).await;
        println!(
            "seed {seed}: {} members, {} requests",
            members.len(),
            world.calls
        );
        println!(
            "{:>11} {:>11} {:>11} {:>11}",
            "found", "rightly", "by value", "proven"
        );
        let named: Vec<(&Member, _)> = members
            .iter()
            .map(|member| (member, world.id(member)))
            .collect();
        let mut total = Tally::default();
        for Revision {
            name,
            subject,
            revision,
            change,
        } in plan.revisions
        {
            let Some((impact, items)) = world.propose(&plan.subjects[subject], &revision).await
            else {
                assert!(
                    change.is_none(),
                    "seed {seed}: {name} is no breaking change"
                );
                println!("{:>47} {name}: nothing breaks", "");
                continue;
            };
            let case = Case {
                name: format!("seed {seed}: {name}"),
                subject,
                base: &plan.subjects[subject].base,
                revision,
                side: change.map(|change| change.side),
                also: change.and_then(|change| change.also),
            };
            let tally = judge(&case, &named, &impact, &items);
            println!("{} {name}", tally.line());
            total.add(tally);
        }
        total
    })
}
