//! The summary of a score for people: the two numbers, their families, tokens, tasks, and where to begin.

use contract::report::Preface;
use contract::score::{FamilyScore, Findability, NumberDelta, Score, ScoreDelta};

use crate::output::{Align, Colour, Table, count};

/// Lines of a list that a person takes in at a glance.
const LISTED: usize = 5;

pub fn summary(score: &Score, delta: Option<&ScoreDelta>) -> String {
    let change = |number: fn(&ScoreDelta) -> &NumberDelta| match delta.map(number) {
        Some(delta) => format!(" ({:+.1})", delta.change),
        None => String::new(),
    };
    let mut text = format!(
        "readability {:.1}{}   safety {:.1}{}   of 100\n",
        score.readability,
        change(|delta| &delta.readability),
        score.safety,
        change(|delta| &delta.safety),
    );
    let tokens = &score.tokens;
    text.push_str(&format!(
        "{} tools of {} tokens ({}); median {}, largest {}\n",
        count(score.tools.len() as u64),
        count(tokens.total),
        tokens.tokenizer,
        count(tokens.median),
        count(tokens.max),
    ));
    if let Some(delta) = delta {
        text.push_str(&format!(
            "against the base: {} findings more, {} fewer, {} tokens instead of {}\n",
            delta.added.len(),
            delta.removed.len(),
            count(delta.tokens.revision),
            count(delta.tokens.base),
        ));
    }
    text.push('\n');
    text.push_str(&families(&score.families));
    text.push_str(&pairs(score));
    text.push_str(&hotspots(score));
    if let Some(findability) = &score.findability {
        text.push_str(&tasks(findability));
    }
    text
}

/// The same numbers for formats that are pages.
pub fn preface(score: &Score, delta: Option<&ScoreDelta>) -> Preface {
    let change = |number: Option<&NumberDelta>| match number {
        Some(delta) => format!(" ({:+.1})", delta.change),
        None => String::new(),
    };
    let number = |number: Option<f64>| match number {
        Some(number) => format!("{number:.1}"),
        None => "–".to_owned(),
    };
    let tokens = &score.tokens;
    let mut facts = vec![
        (
            format!(
                "readability of 100{}",
                change(delta.map(|delta| &delta.readability))
            ),
            format!("{:.1}", score.readability),
        ),
        (
            format!("safety of 100{}", change(delta.map(|delta| &delta.safety))),
            format!("{:.1}", score.safety),
        ),
        ("tools".to_owned(), count(score.tools.len() as u64)),
        (
            format!("tokens ({})", tokens.tokenizer),
            count(tokens.total),
        ),
        ("tokens of the largest tool".to_owned(), count(tokens.max)),
    ];
    if let Some(findability) = &score.findability {
        let found = findability.recall_at_5.map(|share| share * 100.0);
        facts.push((
            "% of tasks found in the first five".to_owned(),
            number(found),
        ));
    }
    let head = ["family", "readability", "safety", "findings"].map(str::to_owned);
    let rows = score.families.iter().map(|family| {
        vec![
            family.family.as_str().to_owned(),
            number(family.readability),
            number(family.safety),
            count(family.findings),
        ]
    });
    Preface {
        title: "Agent readiness".to_owned(),
        facts,
        table: std::iter::once(head.to_vec()).chain(rows).collect(),
    }
}

fn families(families: &[FamilyScore]) -> String {
    let mut table = Table::new(&[
        ("family", Align::Left),
        ("readability", Align::Right),
        ("safety", Align::Right),
        ("findings", Align::Right),
    ]);
    let number = |number: Option<f64>| match number {
        Some(number) => format!("{number:.1}"),
        None => "-".to_owned(),
    };
    for family in families {
        table.row(vec![
            family.family.as_str().to_owned(),
            number(family.readability),
            number(family.safety),
            count(family.findings),
        ]);
    }
    table.render(Colour::Off)
}

fn pairs(score: &Score) -> String {
    let lines = score.ambiguous.iter().take(LISTED).map(|pair| {
        let [one, other] = &pair.operations;
        format!(
            "  {} {} and {} {} ({:.3})\n",
            one.method, one.path, other.method, other.path, pair.similarity
        )
    });
    let total = score.ambiguous.len();
    section(&format!("hard to tell apart: {total}"), total, lines)
}

fn hotspots(score: &Score) -> String {
    let lines = score.hotspots.iter().take(LISTED).map(|hotspot| {
        let operation = &hotspot.operation;
        format!(
            "  {} {} ({} findings)\n",
            operation.method, operation.path, hotspot.findings
        )
    });
    section("repair first", score.hotspots.len(), lines)
}

fn tasks(findability: &Findability) -> String {
    let share = |share: Option<f64>| match share {
        Some(share) => format!("{:.0}%", share * 100.0),
        None => "-".to_owned(),
    };
    let missed = findability
        .tasks
        .iter()
        .filter(|task| task.expected.is_some() && task.rank.is_none_or(|rank| rank > 5));
    let lines = missed.clone().take(LISTED).map(|task| {
        let expected = task.expected.as_deref().unwrap_or_default();
        format!("  {}: {expected} is not among the first five\n", task.task)
    });
    let title = format!(
        "tasks: {} found first, {} in the first five, {} of those that nothing fits rejected",
        share(findability.recall_at_1),
        share(findability.recall_at_5),
        share(findability.rejected)
    );
    let lines: Vec<String> = lines.collect();
    section(&title, 1, lines.into_iter())
}

/// Nothing where there is nothing to list; control characters of a contract never reach the terminal.
fn section(title: &str, total: usize, lines: impl Iterator<Item = String>) -> String {
    if total == 0 {
        return String::new();
    }
    let lines: String = lines
        .map(|line| line.replace(|c: char| c.is_control() && c != '\n', " "))
        .collect();
    format!("\n{title}\n{lines}")
}
