//! `towpath rollout`: propose, list, show, check and edit; what a breaking change does to whom, and what the bar asks for.

mod status;
mod steps;

use std::fmt::Write as _;

use web::api::rollouts::{Rollout, RolloutSummary};

use super::args::{Format, Global, RolloutCommand, RolloutEdit, RolloutPropose, RolloutShow};
use super::remote::{Remote, Submitted, print_list, print_result, read_input};
use crate::client::{Payload, encode};
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Colour, Table, instant};

/// Consumers that the text shows; `--format json` has 50.
const CONSUMERS_SHOWN: usize = 12;
/// Changes that the text shows.
const CHANGES_SHOWN: usize = 40;

pub async fn run(global: &Global, command: RolloutCommand) -> Result<(), Failure> {
    let remote = Remote::find(global)?;
    match command {
        RolloutCommand::Propose(args) => propose(&remote, args).await,
        RolloutCommand::List(args) => {
            let path = match &args.surface {
                Some(surface) => format!("/rollouts?surface={}", encode(surface)),
                None => "/rollouts".to_owned(),
            };
            let rollouts: Vec<RolloutSummary> = remote.list(&path).await?;
            print_list(&rollouts, args.output.format, list_table)
        }
        RolloutCommand::Show(args) => show(&remote, args).await,
        RolloutCommand::Status(args) => status::run(&remote, args).await,
        RolloutCommand::Check(args) => check(&remote, args).await,
        RolloutCommand::Edit(args) => edit(&remote, args).await,
        RolloutCommand::Step(step) => steps::run(&remote, step).await,
    }
}

async fn propose(remote: &Remote, args: RolloutPropose) -> Result<(), Failure> {
    let (file, text) = read_input(&args.revision)?;
    let mut path = format!(
        "/surfaces/{}/rollouts?file={}&evidence_days={}",
        encode(&args.surface),
        encode(&file),
        args.evidence_days
    );
    if let Some(name) = &args.name {
        let _ = write!(path, "&name={}", encode(name));
    }
    let payload = Payload {
        content_type: "application/yaml",
        body: text.clone().into(),
    };
    let source = Submitted {
        file: &file,
        text: &text,
    };
    let rollout: Rollout = remote.submit(&path, payload, source).await?;
    if let Some(target) = &args.plan {
        write_plan(remote, &rollout.summary.id, target).await?;
    }
    print_result(&rollout, args.output.format, &text_of(&rollout))
}

async fn write_plan(
    remote: &Remote,
    rollout: &str,
    target: &std::path::Path,
) -> Result<(), Failure> {
    let text = remote
        .text(&format!("/rollouts/{}/plan", encode(rollout)))
        .await?;
    std::fs::write(target, text)
        .map_err(|error| Failure::input(format!("cannot write {}: {error}", target.display())))
}

async fn show(remote: &Remote, args: RolloutShow) -> Result<(), Failure> {
    if args.plan {
        let path = format!("/rollouts/{}/plan", encode(&args.rollout));
        return output::print(&remote.text(&path).await?);
    }
    let rollout = get(remote, &args.rollout).await?;
    print_result(&rollout, args.output.format, &text_of(&rollout))
}

async fn get(remote: &Remote, rollout: &str) -> Result<Rollout, Failure> {
    remote.get(&format!("/rollouts/{}", encode(rollout))).await
}

async fn check(remote: &Remote, args: RolloutShow) -> Result<(), Failure> {
    let rollout = get(remote, &args.rollout).await?;
    match args.output.format {
        Format::Json => output::print_json(&rollout.bar)?,
        Format::Human | Format::Csv => output::print(&bar_text(&rollout))?,
    }
    judged(&rollout)
}

async fn edit(remote: &Remote, args: RolloutEdit) -> Result<(), Failure> {
    let (file, text) = read_input(&args.plan)?;
    let payload = Payload {
        content_type: "application/toml",
        body: text.clone().into(),
    };
    let source = Submitted {
        file: &file,
        text: &text,
    };
    let path = format!("/rollouts/{}/plan", encode(&args.rollout));
    let rollout: Rollout = remote.replace(&path, payload, source).await?;
    print_result(&rollout, args.output.format, &bar_text(&rollout))?;
    judged(&rollout)
}

/// Exit code 1 where the bar refuses.
fn judged(rollout: &Rollout) -> Result<(), Failure> {
    if rollout.summary.passes {
        return Ok(());
    }
    let below = rollout.bar.iter().filter(|one| is_below(one)).count();
    let what = format!("the bar refuses to publish it: {below} of 5 dimensions are not strong");
    Err(Failure::new(Exit::Findings, what).next(format!(
        "follow the fixes above: towpath rollout show {} --plan > plan.toml, then towpath rollout edit {} --plan plan.toml",
        rollout.summary.id, rollout.summary.id
    )))
}

fn is_below(dimension: &web::api::rollouts::RolloutDimension) -> bool {
    dimension.strength != "strong" && dimension.overrides.is_empty()
}

fn list_table(rollouts: &[RolloutSummary]) -> Table {
    let mut table = Table::new(&[
        ("id", Align::Left),
        ("surface", Align::Left),
        ("name", Align::Left),
        ("phase", Align::Left),
        ("changes", Align::Right),
        ("concerned", Align::Right),
        ("sunset", Align::Left),
        ("bar", Align::Left),
        ("proposed", Align::Left),
    ]);
    for rollout in rollouts {
        table.row(vec![
            rollout.id.clone(),
            rollout.surface.clone(),
            rollout.name.clone(),
            rollout.phase.clone(),
            output::count(rollout.changes),
            output::count(rollout.concerned),
            output::optional(&rollout.sunset),
            if rollout.passes { "passes" } else { "refuses" }.to_owned(),
            instant(Some(rollout.created_at)),
        ]);
    }
    table
}

/// The whole proposal, as a product manager reads it.
fn text_of(rollout: &Rollout) -> String {
    let summary = &rollout.summary;
    let mut text = format!(
        "{} ({}), {} on {}: {} to {}\n",
        summary.name,
        summary.id,
        summary.phase,
        summary.surface,
        rollout.version_from,
        rollout.version_to
    );
    let _ = writeln!(
        text,
        "evidence from {} to before {}: {} calls on the surface\n",
        rollout.evidence_from,
        rollout.evidence_until,
        output::count(rollout.volume_calls)
    );
    changes_text(&mut text, rollout);
    consumers_text(&mut text, rollout);
    dates_text(&mut text, rollout);
    text.push_str(&bar_text(rollout));
    text
}

fn changes_text(text: &mut String, rollout: &Rollout) {
    let warnings = match rollout.warnings {
        0 => String::new(),
        count => format!(", and {} that may break", output::count(count)),
    };
    let _ = writeln!(
        text,
        "BREAKING CHANGES  {}{warnings}",
        output::count(rollout.changes.len() as u64)
    );
    let mut table = Table::new(&[
        ("change", Align::Left),
        ("affected", Align::Right),
        ("likely", Align::Right),
        ("possible", Align::Right),
        ("proven safe", Align::Right),
        ("calls", Align::Right),
        ("volume", Align::Right),
        ("bridge", Align::Left),
    ]);
    for change in rollout.changes.iter().take(CHANGES_SHOWN) {
        table.row(vec![
            format!("{}: {}", change.subject, change.summary),
            output::count(change.affected),
            output::count(change.likely),
            output::count(change.possible),
            output::count(change.unaffected_proven),
            output::count(change.calls),
            share(change.share_ppm),
            change.bridge.clone(),
        ]);
    }
    text.push_str(&table.render(Colour::of_stdout()));
    more(text, rollout.changes.len(), CHANGES_SHOWN);
}

fn consumers_text(text: &mut String, rollout: &Rollout) {
    let segments: Vec<String> = rollout
        .segments
        .iter()
        .map(|one| {
            let name = one.segment.replace('_', " ");
            format!("{} {name}", output::count(one.consumers))
        })
        .collect();
    let segments = match segments.is_empty() {
        true => String::new(),
        false => format!(": {}", segments.join(", ")),
    };
    let concerned = rollout.summary.concerned;
    let _ = writeln!(
        text,
        "\nCONCERNED CONSUMERS  {}{segments}",
        output::count(concerned)
    );
    let mut table = Table::new(&[
        ("consumer", Align::Left),
        ("segment", Align::Left),
        ("verdict", Align::Left),
        ("evidence", Align::Left),
        ("changes", Align::Right),
        ("calls", Align::Right),
        ("volume", Align::Right),
        ("last seen", Align::Left),
        ("rhythm", Align::Right),
        ("releases", Align::Right),
    ]);
    let days = |days: Option<u64>| days.map_or("?".to_owned(), |days| format!("{days} d"));
    for consumer in rollout.consumers.iter().take(CONSUMERS_SHOWN) {
        table.row(vec![
            consumer.name.clone(),
            consumer.segment.replace('_', " "),
            consumer.verdict.replace('_', " "),
            output::optional(&consumer.grade),
            output::count(consumer.changes),
            output::count(consumer.calls),
            share(consumer.share_ppm),
            instant(consumer.last_seen).chars().take(10).collect(),
            days(consumer.rhythm_days),
            days(consumer.release_cycle_days),
        ]);
    }
    text.push_str(&table.render(Colour::of_stdout()));
    more(text, concerned as usize, CONSUMERS_SHOWN);
}

fn dates_text(text: &mut String, rollout: &Rollout) {
    text.push_str("\nWINDOW\n");
    if rollout.dates.is_empty() {
        text.push_str("  none is lawful: freezes leave no days for the brownouts\n");
    }
    for date in &rollout.dates {
        let reason = date.reasons.first().map_or("", String::as_str);
        let _ = writeln!(text, "  {:<10} {}  {reason}", date.name, date.date);
    }
    if !rollout.cohort.is_empty() {
        let _ = writeln!(text, "\nPRIVATE BETA  {}", rollout.cohort.join(", "));
    }
}

fn bar_text(rollout: &Rollout) -> String {
    let mut text = String::from("\nTHE BAR\n");
    for dimension in &rollout.bar {
        let name = dimension.dimension.replace('_', " ");
        let _ = writeln!(text, "  {name:<20} {}", dimension.strength);
        for reason in &dimension.reasons {
            let _ = writeln!(text, "    - {reason}");
        }
        for fix in &dimension.fixes {
            let _ = writeln!(text, "      fix: {fix}");
        }
        for one in &dimension.overrides {
            let _ = writeln!(text, "      override by {one}");
        }
    }
    text
}

fn more(text: &mut String, count: usize, shown: usize) {
    if count > shown {
        let _ = writeln!(text, "… and {} more", count - shown);
    }
}

fn share(ppm: u64) -> String {
    output::percent(ppm as f64 / 1_000_000.0)
}
