//! The steps of `towpath rollout`: start, advance, extend, pause, resume, abort, finish, keys and friction.

use std::fmt::Write as _;

use web::api::rollout_course::RolloutFriction;
use web::api::rollout_steps::{
    FrictionClosed, KeyOptedIn, NewFriction, RolloutAdvance, RolloutBy, RolloutExtend,
    RolloutReason, RolloutStart,
};
use web::api::rollouts::Rollout;

use crate::cli::args::{self, FrictionCommand, RolloutStepCommand, StepArgs};
use crate::cli::remote::{Remote, print_result};
use crate::client::encode;
use crate::failure::Failure;
use crate::output::{Align, Colour, Table, instant};

/// Takes a step.
pub async fn run(remote: &Remote, command: RolloutStepCommand) -> Result<(), Failure> {
    match command {
        RolloutStepCommand::Start(args) => start(remote, args).await,
        RolloutStepCommand::Advance(args) => {
            let body = RolloutAdvance {
                by: args.step.by.clone(),
                to: args.to,
            };
            step(remote, &args.step, "advance", &body).await
        }
        RolloutStepCommand::Extend(args) => {
            let body = RolloutExtend {
                by: args.step.by.clone(),
                sunset: args.sunset,
                reason: args.reason,
            };
            step(remote, &args.step, "extend", &body).await
        }
        RolloutStepCommand::Pause(args) => held(remote, args, "pause").await,
        RolloutStepCommand::Abort(args) => held(remote, args, "abort").await,
        RolloutStepCommand::Resume(args) => {
            let by = args.by.clone();
            step(remote, &args, "resume", &RolloutBy { by }).await
        }
        RolloutStepCommand::Finish(args) => {
            let by = args.by.clone();
            step(remote, &args, "finish", &RolloutBy { by }).await
        }
        RolloutStepCommand::OptIn(args) => {
            let body = KeyOptedIn {
                by: args.step.by.clone(),
                key: args.key,
            };
            step(remote, &args.step, "keys", &body).await
        }
        RolloutStepCommand::OptOut(args) => {
            let rollout = encode(&args.step.rollout);
            let path = format!("/rollouts/{rollout}/keys/{}", encode(&args.key));
            let rollout: Rollout = remote.delete(&path).await?;
            print(&rollout, &args.step)
        }
        RolloutStepCommand::Friction { command } => friction(remote, command).await,
    }
}

async fn start(remote: &Remote, args: args::RolloutStart) -> Result<(), Failure> {
    let body = RolloutStart {
        by: args.step.by.clone(),
        name: args.version_name,
        upstreams: args.upstreams,
        path: args.path,
        media_type: args.media_type,
    };
    step(remote, &args.step, "start", &body).await
}

async fn held(remote: &Remote, args: args::RolloutHold, how: &str) -> Result<(), Failure> {
    let body = RolloutReason {
        by: args.step.by.clone(),
        reason: args.reason,
    };
    step(remote, &args.step, how, &body).await
}

async fn friction(remote: &Remote, command: FrictionCommand) -> Result<(), Failure> {
    match command {
        FrictionCommand::Add(args) => {
            let body = NewFriction {
                by: args.step.by.clone(),
                consumer: args.consumer,
                change: args.change,
                text: args.text,
            };
            let rollout = ask(remote, &args.step, "friction", &body).await?;
            let text = friction_text(&rollout.course.friction);
            print_result(&rollout.course.friction, args.step.output.format, &text)
        }
        FrictionCommand::Close(args) => {
            let body = FrictionClosed {
                by: args.step.by.clone(),
                resolution: args.resolution,
            };
            let how = format!("friction/{}/close", encode(&args.entry));
            let rollout = ask(remote, &args.step, &how, &body).await?;
            let text = friction_text(&rollout.course.friction);
            print_result(&rollout.course.friction, args.step.output.format, &text)
        }
        FrictionCommand::List(args) => {
            let path = format!("/rollouts/{}", encode(&args.rollout));
            let rollout: Rollout = remote.get(&path).await?;
            let text = friction_text(&rollout.course.friction);
            print_result(&rollout.course.friction, args.output.format, &text)
        }
    }
}

async fn step(
    remote: &Remote,
    args: &StepArgs,
    how: &str,
    body: &impl serde::Serialize,
) -> Result<(), Failure> {
    let rollout = ask(remote, args, how, body).await?;
    print(&rollout, args)
}

async fn ask(
    remote: &Remote,
    args: &StepArgs,
    how: &str,
    body: &impl serde::Serialize,
) -> Result<Rollout, Failure> {
    let path = format!("/rollouts/{}/{how}", encode(&args.rollout));
    remote.post(&path, body).await
}

fn print(rollout: &Rollout, args: &StepArgs) -> Result<(), Failure> {
    print_result(rollout, args.output.format, &course_text(rollout))
}

/// Where it stands, in a few lines.
pub fn course_text(rollout: &Rollout) -> String {
    let (summary, course) = (&rollout.summary, &rollout.course);
    let mut text = format!("{} ({}): {}\n", summary.name, summary.id, summary.phase);
    if let Some(held) = &course.held {
        let _ = writeln!(text, "  {held}");
    }
    if let Some(step) = course.steps.last() {
        let at = instant(Some(step.at));
        let _ = writeln!(text, "  {at}  {} ({})", step.what, step.by);
        for one in &step.overrides {
            let _ = writeln!(text, "    override by {one}");
        }
    }
    if let Some(next) = &course.next {
        let date = rollout.dates.iter().find(|date| date_of(next) == date.name);
        let on = date.map_or_else(String::new, |date| format!(", from {} on", date.date));
        let _ = writeln!(text, "  next: {next}{on}");
    }
    let running = course
        .brownouts
        .iter()
        .filter(|one| one.outcome == "planned");
    if let Some(first) = running.clone().next() {
        let _ = writeln!(
            text,
            "  brownouts: {} to come, the first for {} at {}",
            running.count(),
            first.segment.replace('_', " "),
            instant(Some(first.from))
        );
    }
    text
}

/// The date that a phase waits for.
fn date_of(phase: &str) -> &str {
    match phase {
        "announced" => "announce",
        "deprecated" => "deprecate",
        "closed" => "close",
        "removed" => "remove",
        other => other,
    }
}

fn friction_text(entries: &[RolloutFriction]) -> String {
    if entries.is_empty() {
        return "nobody has stumbled over anything\n".to_owned();
    }
    let mut table = Table::new(&[
        ("entry", Align::Left),
        ("consumer", Align::Left),
        ("what", Align::Left),
        ("since", Align::Left),
        ("ended", Align::Left),
    ]);
    for entry in entries {
        table.row(vec![
            entry.id.clone(),
            entry.consumer.clone(),
            entry.text.clone(),
            instant(Some(entry.at)),
            entry
                .resolution
                .clone()
                .unwrap_or_else(|| "open".to_owned()),
        ]);
    }
    table.render(Colour::of_stdout())
}
