//! The bar's communication before the change: a private beta first, every channel, and a person's word to the heaviest.

use std::collections::BTreeSet;

use super::finding::Finding;
use super::needs::{COHORT, heaviest, is_blank, outreach};
use super::{Edit, Fix, Place, Strength, quoted};
use crate::rollout::impact::Impact;
use crate::rollout::plan::{Beta, Channel, ExitRule, Plan};

/// `strong` is the plan made strong.
pub fn find(plan: &Plan, strong: &Plan, impact: &Impact) -> Finding {
    let communication = &plan.communication;
    let mut defects = beta_defects(plan, strong, impact);
    let lacking: Vec<_> = Channel::ALL
        .into_iter()
        .filter(|c| !communication.channels.contains(c))
        .collect();
    if !lacking.is_empty() {
        let names: Vec<_> = lacking.iter().map(|c| c.as_str()).collect();
        let reason = format!("nobody is told by {}", names.join(", "));
        defects.push((reason, channels_fix(&strong.communication.channels)));
    }
    let needed = outreach(impact);
    if communication.outreach_top < needed {
        let reason = format!(
            "a person writes to {} consumers, not to the {needed} heaviest",
            communication.outreach_top
        );
        defects.push((reason, outreach_fix(strong.communication.outreach_top)));
    }
    let nothing =
        plan.beta.is_none() && communication.channels.is_empty() && communication.outreach_top == 0;
    Finding::of(
        if nothing {
            Strength::Missing
        } else {
            Strength::Weak
        },
        defects,
    )
}

fn beta_defects(plan: &Plan, strong: &Plan, impact: &Impact) -> Vec<(String, Fix)> {
    let Some(target) = &strong.beta else {
        return Vec::new();
    };
    let Some(beta) = &plan.beta else {
        let reason = "no private beta: the public would be the first to try it".to_owned();
        return vec![(reason, beta_fix(target))];
    };
    let mut reasons = cohort_defects(beta, impact);
    if let Some(window) = plan
        .window
        .as_ref()
        .filter(|window| beta.opens >= window.announce.date)
    {
        reasons.push(format!(
            "the beta opens on {}, not before the announcement on {}",
            beta.opens, window.announce.date
        ));
    }
    reasons
        .into_iter()
        .map(|reason| (reason, beta_fix(target)))
        .collect()
}

/// What is wrong with a cohort, each a sentence; empty when it will do.
pub fn cohort_defects(beta: &Beta, impact: &Impact) -> Vec<String> {
    let mut defects = Vec::new();
    let concerned: BTreeSet<_> = impact.concerned().iter().map(|c| c.consumer).collect();
    let cohort: BTreeSet<_> = beta.cohort.iter().copied().collect();
    let least = concerned.len().min(*COHORT.start());
    if cohort.len() < least || cohort.len() > *COHORT.end() || cohort.len() != beta.cohort.len() {
        defects.push(format!(
            "a cohort of {} distinct consumers is outside {least} to {}",
            cohort.len(),
            COHORT.end()
        ));
    }
    if is_blank(beta.reason.as_deref()) {
        if let Some(stranger) = cohort.difference(&concerned).next() {
            defects.push(format!("{stranger} of the cohort is not concerned"));
        }
        if cohort.len() < *COHORT.start() {
            defects.push(format!(
                "no reason why the cohort has fewer than {} consumers",
                COHORT.start()
            ));
        }
        let heaviest = heaviest(impact);
        if let Some(left_out) = heaviest
            .iter()
            .take(cohort.len())
            .find(|id| !cohort.contains(*id))
        {
            defects.push(format!(
                "no reason why the cohort leaves out {left_out}, one of the {} heaviest",
                cohort.len()
            ));
        }
    }
    match beta.exit {
        ExitRule::CutOver { consumers } if consumers == 0 || consumers as usize > cohort.len() => {
            defects.push(format!(
                "the exit rule asks for {consumers} of {} to cut over",
                cohort.len()
            ));
        }
        _ => {}
    }
    defects
}

fn beta_fix(beta: &Beta) -> Fix {
    let edit = |key, value| Edit {
        place: Place::Table("beta".to_owned()),
        key,
        value,
    };
    let cohort: Vec<_> = beta
        .cohort
        .iter()
        .map(|id| quoted(&id.to_string()))
        .collect();
    let mut edits = vec![
        edit("opens", quoted(&beta.opens.to_string())),
        edit("cohort", format!("[{}]", cohort.join(", "))),
    ];
    edits.extend(
        beta.reason
            .as_deref()
            .map(|reason| edit("reason", quoted(reason))),
    );
    edits.push(edit("exit", exit_toml(beta.exit)));
    Fix {
        text: "the heaviest concerned consumers try it first; others are free with a reason"
            .to_owned(),
        edits,
    }
}

fn exit_toml(exit: ExitRule) -> String {
    match exit {
        ExitRule::CutOver { consumers } => {
            format!("{{ rule = \"cut_over\", consumers = {consumers} }}")
        }
        ExitRule::FrictionClosed => "{ rule = \"friction_closed\" }".to_owned(),
    }
}

fn channels_fix(channels: &[Channel]) -> Fix {
    let names: Vec<_> = channels.iter().map(|c| quoted(c.as_str())).collect();
    Fix {
        text: "each reaches someone whom the others do not".to_owned(),
        edits: vec![Edit {
            place: Place::Table("communication".to_owned()),
            key: "channels",
            value: format!("[{}]", names.join(", ")),
        }],
    }
}

fn outreach_fix(top: u32) -> Fix {
    Fix {
        text: "a person writes to so many of the heaviest concerned consumers".to_owned(),
        edits: vec![Edit {
            place: Place::Table("communication".to_owned()),
            key: "outreach_top",
            value: top.to_string(),
        }],
    }
}
