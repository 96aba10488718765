//! Arguments of the steps of a rollout.

use clap::{Args, Subcommand};

use super::FormatArgs;

#[derive(Debug, Subcommand)]
pub enum RolloutStepCommand {
    /// Put the new version beside the running one and open the private beta
    Start(RolloutStart),
    /// Take the next step
    Advance(RolloutAdvance),
    /// Move the sunset, and what follows it, later
    Extend(RolloutExtend),
    /// Take nothing from anyone until it is resumed
    Pause(RolloutHold),
    /// Go on in the phase in which it was paused
    Resume(StepArgs),
    /// End it without a removal: the old stays
    Abort(RolloutHold),
    /// Remove the old, once nobody's calls succeed on it
    Finish(StepArgs),
    /// Move a key onto the new version
    OptIn(RolloutKey),
    /// Move a key back
    OptOut(RolloutKey),
    /// What the cohort of the beta stumbled over
    Friction {
        #[command(subcommand)]
        command: FrictionCommand,
    },
}

/// Which rollout, in whose name.
#[derive(Debug, Args)]
pub struct StepArgs {
    /// Id of a rollout (roll_…), or name of a surface for its newest one
    pub rollout: String,
    /// Who asks, for the history
    #[arg(long, value_name = "NAME", env = "TOWPATH_BY")]
    pub by: Option<String>,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Args)]
pub struct RolloutStart {
    #[command(flatten)]
    pub step: StepArgs,
    /// Where the new version answers; may be given several times [default: the surface's own upstreams]
    #[arg(long = "upstream", value_name = "URL")]
    pub upstreams: Vec<String>,
    /// What requests call the new version [default: info.version of its contract]
    #[arg(long, value_name = "NAME")]
    pub version_name: Option<String>,
    /// A path prefix that asks for the new version, such as /v2
    #[arg(long, value_name = "PREFIX")]
    pub path: Option<String>,
    /// A media type that asks for the new version
    #[arg(long, value_name = "TYPE")]
    pub media_type: Option<String>,
}

#[derive(Debug, Args)]
pub struct RolloutAdvance {
    #[command(flatten)]
    pub step: StepArgs,
    /// The phase to go to: the next one
    #[arg(long, value_name = "PHASE")]
    pub to: Option<String>,
}

#[derive(Debug, Args)]
pub struct RolloutExtend {
    #[command(flatten)]
    pub step: StepArgs,
    /// The later day on which the old stops to answer
    #[arg(long, value_name = "DATE")]
    pub sunset: String,
    /// Why; everyone who was told reads it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

#[derive(Debug, Args)]
pub struct RolloutHold {
    #[command(flatten)]
    pub step: StepArgs,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

#[derive(Debug, Args)]
pub struct RolloutKey {
    #[command(flatten)]
    pub step: StepArgs,
    /// Id of the key (key_…)
    #[arg(long, value_name = "KEY")]
    pub key: String,
}

#[derive(Debug, Subcommand)]
pub enum FrictionCommand {
    /// Note what a consumer stumbled over
    Add(FrictionAdd),
    /// Say how an entry ended
    Close(FrictionClose),
    /// List what was stumbled over
    List(StepArgs),
}

#[derive(Debug, Args)]
pub struct FrictionAdd {
    #[command(flatten)]
    pub step: StepArgs,
    /// Name or id of the consumer
    #[arg(long, value_name = "NAME")]
    pub consumer: String,
    /// Id of the change that it belongs to
    #[arg(long, value_name = "ID")]
    pub change: Option<String>,
    /// What happened, in a sentence
    #[arg(long, value_name = "TEXT")]
    pub text: String,
}

#[derive(Debug, Args)]
pub struct FrictionClose {
    #[command(flatten)]
    pub step: StepArgs,
    /// Id of the entry
    #[arg(long, value_name = "ID")]
    pub entry: String,
    /// How it ended
    #[arg(long, value_name = "TEXT")]
    pub resolution: String,
}
