//! The plan made strong: what the fixes of the bar are read from.

use super::needs::{COHORT, heaviest, is_blank, longest_rhythm, outreach, promised};
use crate::clock::Micros;
use crate::rollout::brownout::NoRoom;
use crate::rollout::day::date_of;
use crate::rollout::impact::Impact;
use crate::rollout::item::BridgeSlot;
use crate::rollout::law::Law;
use crate::rollout::plan::{Beta, BrownoutRules, Channel, Commitment, ExitRule, Plan};

/// `plan` with everything that it lacks to pass the bar, and nothing else changed. What a person decided stays where
/// it is lawful.
///
/// # Errors
/// [`NoRoom`] when freezes leave no days for the brownouts: no window is lawful.
pub fn strengthened(
    plan: &Plan,
    impact: &Impact,
    now: Micros,
    announced: Option<jiff::civil::Date>,
) -> Result<Plan, NoRoom> {
    let mut strong = plan.clone();
    for name in promised(impact) {
        let notice_days = plan.policy.floor_days;
        strong
            .sla
            .entry(name.to_owned())
            .or_insert(Commitment { notice_days });
    }
    let segmentation = strong.segmentation.get_or_insert_default();
    if impact.window_days() < longest_rhythm(impact)
        && is_blank(segmentation.short_window_reason.as_deref())
    {
        segmentation.short_window_reason = Some(short_window(impact));
    }
    strengthen_beta(&mut strong, impact, now);
    if strong.brownouts.defect().is_some() {
        strong.brownouts = BrownoutRules::default();
    }
    strong.communication.channels = channels(plan);
    strong.communication.outreach_top = strong.communication.outreach_top.max(outreach(impact));
    for item in &mut strong.items {
        if super::tooling::defect(&item.bridge).is_some() {
            item.bridge = BridgeSlot::Parallel;
        }
    }
    let window = Law::new(&strong, impact, now, announced).window(plan.window.as_ref())?;
    strong.window = Some(window);
    Ok(strong)
}

fn strengthen_beta(plan: &mut Plan, impact: &Impact, now: Micros) {
    let heaviest = heaviest(impact);
    let beta = plan.beta.get_or_insert_with(|| Beta {
        opens: date_of(now),
        cohort: Vec::new(),
        reason: None,
        exit: ExitRule::default(),
    });
    if !super::communication::cohort_defects(beta, impact).is_empty() {
        beta.cohort = heaviest;
        beta.reason = (beta.cohort.len() < *COHORT.start())
            .then(|| format!("only {} consumers are concerned", beta.cohort.len()));
    }
    if let ExitRule::CutOver { consumers } = &mut beta.exit {
        let size = u32::try_from(beta.cohort.len()).unwrap_or(u32::MAX);
        *consumers = (*consumers).clamp(1, size.max(1));
    }
}

fn short_window(impact: &Impact) -> String {
    format!(
        "evidence covers {} days and the longest rhythm is {}; whoever is not proven to be unaffected counts as concerned",
        impact.window_days(),
        longest_rhythm(impact)
    )
}

/// What the plan has, then what it lacks.
fn channels(plan: &Plan) -> Vec<Channel> {
    let mut channels = plan.communication.channels.clone();
    let lacking: Vec<_> = Channel::ALL
        .into_iter()
        .filter(|c| !channels.contains(c))
        .collect();
    channels.extend(lacking);
    channels
}
