//! A rollout as it is shown: dates, who is concerned, what each change breaks, and what the bar says.

use adoption::rollout::{Bar, BridgeSlot, ConsumerImpact, DateName, Segment, Verdict};
use adoption::{ConsumerId, Micros, RolloutId, SurfaceId};
use jiff::civil::Date;

use super::history::CourseView;
use super::{Proposal, Stored};

/// Consumers of which all is told: the heaviest.
const CONSUMERS_TOLD_MAX: usize = 50;

/// A rollout in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolloutSummary {
    pub id: RolloutId,
    pub surface: SurfaceId,
    pub surface_name: String,
    pub name: String,
    /// `draft` to `removed`, or `paused`, or `aborted`.
    pub phase: String,
    /// Breaking changes.
    pub changes: u64,
    /// Consumers that at least possibly break.
    pub concerned: u64,
    /// `None` where no window is lawful.
    pub sunset: Option<Date>,
    /// Whether the public may hear of it.
    pub passes: bool,
    pub created_at: Micros,
    pub updated_at: Micros,
}

/// A rollout, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolloutView {
    pub summary: RolloutSummary,
    pub proposal: Proposal,
    /// Grows by one with every change.
    pub edition: u64,
    /// The evidence window: its first day, and the day after its last.
    pub evidence_from: Date,
    pub evidence_until: Date,
    /// Calls of the surface within it.
    pub volume_calls: u64,
    pub changes: Vec<ChangeView>,
    /// In the order in which brownouts reach them; empty ones left out.
    pub segments: Vec<SegmentView>,
    /// The heaviest concerned, at most 50.
    pub consumers: Vec<ConsumerView>,
    /// In order of time; empty where no window is lawful.
    pub dates: Vec<DateView>,
    /// Names of the consumers of the private beta, heaviest first.
    pub cohort: Vec<String>,
    pub bar: Vec<DimensionView>,
    pub course: CourseView,
}

/// One breaking change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeView {
    pub id: String,
    pub subject: String,
    pub rule: String,
    pub summary: String,
    /// `missing` until somebody decides.
    pub bridge: &'static str,
    /// Consumers by verdict.
    pub affected: u64,
    pub likely: u64,
    pub possible: u64,
    pub unaffected_proven: u64,
    /// Calls that break or may break.
    pub calls: u64,
    /// In millionths of the volume of the surface.
    pub share_ppm: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentView {
    pub segment: &'static str,
    pub consumers: u64,
    pub calls: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerView {
    pub id: ConsumerId,
    pub name: String,
    pub segment: &'static str,
    /// The worst over all changes.
    pub verdict: &'static str,
    /// What speaks for it, `E0` to `E3`; `None` when only the use of the operation does.
    pub grade: Option<&'static str>,
    /// Changes that concern it.
    pub changes: u64,
    pub calls: u64,
    pub share_ppm: u64,
    pub last_seen: Option<Micros>,
    /// The longest regular gap between its active days; `None` when unknown.
    pub rhythm_days: Option<u64>,
    pub release_cycle_days: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateView {
    pub name: &'static str,
    pub date: Date,
    /// Why it is not earlier, binding first.
    pub reasons: Vec<String>,
}

/// What the bar says of one dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DimensionView {
    pub dimension: &'static str,
    pub strength: &'static str,
    pub reasons: Vec<String>,
    pub fixes: Vec<String>,
    /// Who lets it pass though it is not strong, and why; those that no longer count are left out.
    pub overrides: Vec<String>,
}

impl Stored {
    pub(super) fn summary(&self, surface_name: String, now: Micros) -> RolloutSummary {
        let plan = &self.rollout.plan;
        RolloutSummary {
            id: self.row.id,
            surface: self.row.surface,
            surface_name,
            name: self.row.name.clone(),
            phase: self.row.phase.clone(),
            changes: plan.items.len() as u64,
            concerned: self.impact.concerned().len() as u64,
            sunset: self.rollout.sunset(),
            passes: self.bar(now).passes(),
            created_at: self.row.created_at,
            updated_at: self.row.updated_at,
        }
    }

    pub(super) fn view(&self, surface_name: String, now: Micros) -> RolloutView {
        let plan = &self.rollout.plan;
        let concerned = self.impact.concerned();
        let cohort = plan.beta.iter().flat_map(|beta| &beta.cohort);
        RolloutView {
            summary: self.summary(surface_name, now),
            proposal: self.proposal.clone(),
            edition: self.row.edition,
            evidence_from: self.impact.from,
            evidence_until: self.impact.until,
            volume_calls: self.impact.volume_calls,
            changes: self.changes(),
            segments: self.segments(&concerned, now),
            consumers: concerned
                .iter()
                .take(CONSUMERS_TOLD_MAX)
                .map(|consumer| self.consumer(consumer, now))
                .collect(),
            dates: self.dates(),
            cohort: cohort.map(|id| self.name_of(*id)).collect(),
            bar: dimensions(&self.bar(now)),
            course: self.course(),
        }
    }

    /// The plan as TOML, behind what the bar asks for.
    pub(super) fn plan_text(&self, now: Micros) -> String {
        let bar = self.bar(now);
        let mut text = format!(
            "# Rollout {}, edition {}. Edit it and send it back: towpath rollout edit {} --plan FILE\n",
            self.row.id, self.row.edition, self.row.id
        );
        match bar.passes() {
            true => text.push_str("# The bar lets it pass.\n"),
            false => text.push_str("# The bar asks for:\n"),
        }
        for judgement in bar.refused() {
            for fix in &judgement.fixes {
                text.push_str(&format!("# - {}: {fix}\n", judgement.dimension.as_str()));
            }
        }
        text.push('\n');
        text.push_str(&toml::to_string_pretty(&self.rollout.plan).expect("a plan is always TOML"));
        text
    }

    fn changes(&self) -> Vec<ChangeView> {
        let counts = self.impact.by_item();
        let items = self.rollout.plan.items.iter();
        items
            .map(|item| {
                let impact = counts.get(item.id.as_str()).copied().unwrap_or_default();
                ChangeView {
                    id: item.id.clone(),
                    subject: item.subject.clone(),
                    rule: item.rule.clone(),
                    summary: item.summary.clone(),
                    bridge: BridgeSlot::as_str(&item.bridge),
                    affected: impact.affected.into(),
                    likely: impact.likely.into(),
                    possible: impact.possible.into(),
                    unaffected_proven: impact.unaffected_proven.into(),
                    calls: impact.calls,
                    share_ppm: impact.share_ppm.into(),
                }
            })
            .collect()
    }

    fn segments(&self, concerned: &[&ConsumerImpact], now: Micros) -> Vec<SegmentView> {
        let view = |segment: Segment| {
            let own = concerned
                .iter()
                .filter(|consumer| self.segment_of(consumer, now) == segment);
            SegmentView {
                segment: segment.as_str(),
                consumers: own.clone().count() as u64,
                calls: own.map(|consumer| consumer.calls).sum(),
            }
        };
        let all = Segment::ALL.into_iter().map(view);
        all.filter(|segment| segment.consumers > 0).collect()
    }

    fn segment_of(&self, consumer: &ConsumerImpact, now: Micros) -> Segment {
        let days = self.impact.window_days();
        self.rollout.plan.segment_of(consumer, days, now)
    }

    fn consumer(&self, consumer: &ConsumerImpact, now: Micros) -> ConsumerView {
        let concerning = consumer
            .verdicts
            .iter()
            .filter(|found| found.verdict > Verdict::UnaffectedProven);
        let worst = concerning.clone().max_by_key(|found| found.verdict);
        ConsumerView {
            id: consumer.consumer,
            name: consumer.name.clone(),
            segment: self.segment_of(consumer, now).as_str(),
            verdict: worst
                .map_or(Verdict::UnaffectedProven, |found| found.verdict)
                .as_str(),
            grade: worst
                .and_then(|found| found.grade)
                .map(|grade| grade.code()),
            changes: concerning.count() as u64,
            calls: consumer.calls,
            share_ppm: consumer.share_ppm.into(),
            last_seen: consumer.last_seen,
            rhythm_days: consumer.rhythm.gap_days.map(u64::from),
            release_cycle_days: consumer.release_cycle_days.map(u64::from),
        }
    }

    fn dates(&self) -> Vec<DateView> {
        let Some(window) = &self.rollout.plan.window else {
            return Vec::new();
        };
        DateName::ALL
            .into_iter()
            .map(|name| {
                let milestone = window.get(name);
                DateView {
                    name: name.as_str(),
                    date: milestone.date,
                    reasons: milestone
                        .reasons
                        .iter()
                        .map(|reason| reason.text.clone())
                        .collect(),
                }
            })
            .collect()
    }

    pub(super) fn name_of(&self, id: ConsumerId) -> String {
        let mut consumers = self.impact.consumers.iter();
        let found = consumers.find(|consumer| consumer.consumer == id);
        found.map_or_else(|| id.to_string(), |consumer| consumer.name.clone())
    }
}

fn dimensions(bar: &Bar) -> Vec<DimensionView> {
    let judgements = bar.judgements.iter();
    judgements
        .map(|judgement| DimensionView {
            dimension: judgement.dimension.as_str(),
            strength: judgement.strength.as_str(),
            reasons: judgement.reasons.clone(),
            fixes: judgement.fixes.iter().map(ToString::to_string).collect(),
            overrides: judgement
                .overrides
                .iter()
                .map(|one| format!("{} until {}: {}", one.who, one.expires, one.reason))
                .collect(),
        })
        .collect()
}
