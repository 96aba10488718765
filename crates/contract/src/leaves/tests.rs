//! Keys, plans and cuts of contracts; which calls a change touches.

use super::{Certainty, Condition, Evidence, LeafCutReason, LeafLimits, Touching, tables};
use crate::diff::diff;
use crate::diff::options::DiffOptions;
use crate::source::Source;

mod certain;
mod keys;
mod places;
mod rules;

fn source(text: &str) -> Source {
    Source::read(text.as_bytes(), "contract.yaml").unwrap()
}

/// A condition in one line: `+key` sends, `-key of under` lacks, `<key` receives; `?` where it may break.
fn shown(evidence: &Evidence) -> String {
    let mark = |certainty: &Certainty| match certainty {
        Certainty::Breaks => "",
        Certainty::MayBreak => "?",
    };
    let condition = |condition: &Condition| match condition {
        Condition::Sends { key, certainty } => format!("+{key}{}", mark(certainty)),
        Condition::Receives { key } => format!("<{key}"),
        Condition::Lacks {
            key,
            under,
            certainty,
        } => {
            let under = under.as_ref().map(|under| format!(" of {under}"));
            format!("-{key}{}{}", under.unwrap_or_default(), mark(certainty))
        }
    };
    match evidence {
        Evidence::AnyCall(certainty) => format!("any call{}", mark(certainty)),
        Evidence::NoCall => "no call".to_owned(),
        Evidence::Calls(conditions) => {
            let all: Vec<String> = conditions.iter().map(condition).collect();
            all.join(", ")
        }
    }
}
