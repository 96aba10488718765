//! Who is left of a drilled rollout and what lies ahead, from its own status.

use control::Control;
use control::rollouts::{DateBandView, Outlook, OutlookView};

use super::board::{Ahead, Standing};

/// Nine of ten, in thousandths.
const MOST_PERMILLE: u64 = 900;

/// How the rollout stands; `None` before its announcement, for nothing is counted down before.
pub async fn of(control: &Control, rollout: &str) -> anyhow::Result<Option<Standing>> {
    let status = control.rollout_status(rollout).await?;
    if matches!(status.summary.phase.as_str(), "draft" | "beta") {
        return Ok(None);
    }
    let ahead = match &status.outlook {
        Outlook::Made(view) => Some(ahead(view)),
        Outlook::NotMade(_) => None,
    };
    Ok(Some(Standing {
        consumers: status.consumers,
        remaining: status.remaining,
        volume_ppm: status.volume_ppm,
        ahead,
    }))
}

fn ahead(view: &OutlookView) -> Ahead {
    let mut milestones = view.milestones.iter();
    let most = milestones
        .find(|one| one.permille == MOST_PERMILLE)
        .map_or(view.done, |one| one.date);
    let DateBandView { p10, p50, p90, .. } = most;
    let left = &view.left_at_sunset;
    Ahead {
        left: [left.p10, left.p50, left.p90],
        most: [p10, p50, p90],
        done_by_sunset: view.done.by_sunset,
    }
}
