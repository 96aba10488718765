//! The days of the drill: calls of every consumer, what comes due, what the owner does, who moves.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use adoption::rollout::{Segment, day};
use adoption::{ConsumerId, Micros};
use anyhow::Context as _;
use control::jobs::deliver::deliver_due;
use control::rollouts::RolloutView;
use jiff::civil::{Date, date};
use tokio::sync::watch;

use super::board::Board;
use super::consumers::{Consumer, Moves};
use super::ledger;
use super::owner;
use super::pace::{Goes, Pace};
use super::report::Report;
use super::stage::{SURFACE, Stage};
use super::standing;
use super::traffic::{Announced, Outcomes, Planned, send_all};

/// The first day of the drill.
const START: Date = date(2027, 1, 4);
/// Days of calls before the proposal.
const HISTORY_DAYS: i64 = 60;
/// Days after the removal.
const AFTER_DAYS: i64 = 3;
/// A rollout of a year and a half has gone wrong.
const DAYS_MAX: i64 = 540;
/// When calls are made, in hours: thrice a day.
const HOURS: [i64; 3] = [2, 9, 20];

/// How often the status of the rollout is looked at, in days.
const STATUS_DAYS: i64 = 7;

/// Runs the drill at this pace, and shows on `board` what happens.
pub async fn run(
    count: usize,
    seed: u64,
    mut pace: Pace,
    board: &watch::Sender<Board>,
) -> anyhow::Result<Report> {
    let started = Instant::now();
    let stage = Stage::set(count, seed, day::start_of(START)).await?;
    let mut course = Course {
        consumers: Arc::new(stage.consumers.clone()),
        stage,
        report: Report::default(),
        outcomes: Outcomes::default(),
        counts: vec![0; count],
        rollout: None,
        known_phase: "",
        extended: false,
        sunset: None,
    };
    let mut today = START;
    let mut removed_on = None;
    while removed_on.is_none_or(|removed| day::days_between(removed, today) < AFTER_DAYS) {
        let days = day::days_between(START, today);
        anyhow::ensure!(
            days < DAYS_MAX,
            "the rollout has not ended after {DAYS_MAX} days"
        );
        course.live_through(today, &mut pace).await?;
        course.show(board).await?;
        if course.rollout.is_some() && pace.wait_for(day::start_of(today)).await == Goes::Ends {
            break;
        }
        if removed_on.is_none() && course.known_phase == "removed" {
            removed_on = Some(today);
        }
        today = day::plus_days(today, 1);
    }
    let days = day::days_between(START, today) - HISTORY_DAYS;
    course.report.days = days.max(0).unsigned_abs();
    course.sum_up().await?;
    course.show(board).await?;
    let mut report = course.report;
    report.seconds = started.elapsed().as_secs_f64();
    course.stage.running.shutdown().await;
    Ok(report)
}

struct Course {
    stage: Stage,
    consumers: Arc<Vec<Consumer>>,
    report: Report,
    outcomes: Outcomes,
    /// Calls of each consumer so far: it goes through what it uses.
    counts: Vec<u64>,
    rollout: Option<RolloutView>,
    /// Empty before the proposal.
    known_phase: &'static str,
    extended: bool,
    sunset: Option<Date>,
}

impl Course {
    async fn live_through(&mut self, today: Date, pace: &mut Pace) -> anyhow::Result<()> {
        for (part, hour) in HOURS.into_iter().enumerate() {
            let now = day::start_of(today).plus_seconds(hour * 3_600);
            if self.rollout.is_some() {
                // A day that has begun is lived through.
                pace.wait_for(now).await;
            }
            self.come_to(now).await?;
            if part == 1 {
                self.be_the_owner(today).await?;
                self.move_consumers(today).await?;
            }
            let planned = self.planned(today, part as u64);
            self.call(planned, now).await?;
            if part == 1 {
                self.brown_out(today).await?;
            }
        }
        Ok(())
    }

    /// Lets the time come, and what is due by it.
    async fn come_to(&mut self, now: Micros) -> anyhow::Result<()> {
        self.stage.clock.set(now);
        let Some(view) = &self.rollout else {
            return Ok(());
        };
        let id = view.summary.id.to_string();
        let control = &self.stage.control;
        control.carry_rollouts().await?;
        self.stage.published().await?;
        deliver_due(control).await?;
        let view = control.show_rollout(&id).await?;
        self.note_phase(&view);
        self.rollout = Some(view);
        Ok(())
    }

    fn note_phase(&mut self, view: &RolloutView) {
        if view.course.phase != self.known_phase {
            self.known_phase = view.course.phase;
            let by = view.course.steps.last().map_or("", |step| step.by.as_str());
            let text = format!("{} ({by})", view.course.phase);
            self.note(&text);
        }
        self.sunset = view.summary.sunset;
    }

    fn note(&mut self, text: &str) {
        let line = format!("{}  {text}", self.today());
        self.report.course.push(line);
    }

    /// Puts what is known now on the board.
    async fn show(&self, board: &watch::Sender<Board>) -> anyhow::Result<()> {
        let today = self.today();
        let day = day::days_between(START, today);
        let ended = self.known_phase == "removed";
        let mut standing = board.borrow().standing;
        if let Some(view) = &self.rollout
            && (day % STATUS_DAYS == 0 || standing.is_none() || ended)
        {
            let id = view.summary.id.to_string();
            standing = standing::of(&self.stage.control, &id).await?;
        }
        let touched = self.consumers.iter().filter(|one| one.is_touched());
        board.send_replace(Board {
            today: Some(today),
            phase: self.known_phase,
            sunset: self.sunset,
            to_move: touched.clone().count() as u64,
            moved: touched.filter(|one| one.moved_on.is_some()).count() as u64,
            standing,
            calls: self.outcomes.calls,
            brownouts: self.report.brownouts,
            refused: self.outcomes.brownouts,
            failed: self.outcomes.failed,
            events: self.report.course.clone(),
        });
        Ok(())
    }

    fn today(&self) -> Date {
        day::date_of(adoption::Clock::now(&*self.stage.clock))
    }

    async fn be_the_owner(&mut self, today: Date) -> anyhow::Result<()> {
        let control = self.stage.control.clone();
        let days = day::days_between(START, today);
        let Some(view) = self.rollout.clone() else {
            if days == HISTORY_DAYS {
                self.stage.counted(self.outcomes.calls).await?;
                let view = owner::propose(&control).await?;
                let id = view.summary.id.to_string();
                self.report.concerned = view.summary.concerned;
                let sunset = view.summary.sunset.map(|date| format!(", sunset {date}"));
                self.note(&format!(
                    "proposed: {} breaking changes, {} consumers concerned{}",
                    view.summary.changes,
                    view.summary.concerned,
                    sunset.unwrap_or_default()
                ));
                self.known_phase = "draft";
                let view = owner::start(&self.stage, &id).await?;
                self.invite(&view);
                self.note_phase(&view);
                self.rollout = Some(view);
                self.stage.published().await?;
            }
            return Ok(());
        };
        let id = view.summary.id.to_string();
        let since = |name: &str| {
            let date = view.dates.iter().find(|date| date.name == name)?.date;
            Some(day::days_between(date, today))
        };
        match view.course.phase {
            "beta" => {
                self.beta(&id, days - HISTORY_DAYS, since("announce"))
                    .await?
            }
            "announced" | "deprecated" if !self.extended && since("announce") >= Some(60) => {
                let sunset = view
                    .summary
                    .sunset
                    .context("an announced rollout has a sunset")?;
                let later = day::plus_days(sunset, 7);
                owner::extend(&control, &id, later).await?;
                self.extended = true;
                self.note(&format!(
                    "sunset moved from {sunset} to {later}; everyone hears of it"
                ));
            }
            "sunset" if since("remove") >= Some(0) => match owner::finish(&control, &id).await? {
                Ok(view) => {
                    self.note_phase(&view);
                    self.rollout = Some(view);
                    self.stage.published().await?;
                }
                Err(in_use) => {
                    if self.report.removals_refused == 0 {
                        let names = self.names(&in_use);
                        self.note(&format!(
                            "removal refused: calls of {names} still succeed on the old"
                        ));
                    }
                    self.report.removals_refused += 1;
                }
            },
            _ => {}
        }
        Ok(())
    }

    async fn beta(
        &mut self,
        id: &str,
        day: i64,
        since_announce: Option<i64>,
    ) -> anyhow::Result<()> {
        let cohort = |one: &&Consumer| matches!(one.moves, Moves::InBeta(_));
        let first = self.consumers.iter().find(cohort).map(|one| one.id);
        match (day, first) {
            (3, Some(first)) => {
                owner::stumble(&self.stage, id, first).await?;
                let text = format!(
                    "friction: {} asks what `reference` is for",
                    self.names(&[first])
                );
                self.note(&text);
            }
            (6, Some(_)) => {
                owner::answer(&self.stage.control, id).await?;
                self.note("friction answered: the guide says it now");
            }
            _ => {}
        }
        if since_announce >= Some(0) {
            let view = owner::announce(&self.stage.control, id).await?;
            self.note_phase(&view);
            self.rollout = Some(view);
            self.stage.published().await?;
        }
        Ok(())
    }

    /// The names of these consumers, at most three.
    fn names(&self, ids: &[ConsumerId]) -> String {
        const NAMED_MAX: usize = 3;
        let name = |id: &ConsumerId| {
            let found = self.consumers.iter().find(|one| one.id == *id);
            found.map_or_else(|| id.to_string(), |one| one.name.clone())
        };
        let named: Vec<String> = ids.iter().take(NAMED_MAX).map(name).collect();
        match ids.len().saturating_sub(NAMED_MAX) {
            0 => named.join(", "),
            more => format!("{} and {more} more", named.join(", ")),
        }
    }

    /// The cohort of the beta moves in it, but for those whose agreement lets them wait.
    fn invite(&mut self, view: &RolloutView) {
        let invited: HashSet<&str> = view.cohort.iter().map(String::as_str).collect();
        let mut consumers = (*self.consumers).clone();
        let mut after = 2;
        let can_move = |one: &&mut Consumer| matches!(one.moves, Moves::At(_));
        for one in consumers.iter_mut().filter(can_move) {
            if invited.contains(one.name.as_str()) {
                one.moves = Moves::InBeta(after);
                after += 1;
            }
        }
        self.consumers = Arc::new(consumers);
    }

    async fn move_consumers(&mut self, today: Date) -> anyhow::Result<()> {
        let Some(view) = self.rollout.clone() else {
            return Ok(());
        };
        let date = |name: &str| view.dates.iter().find(|date| date.name == name);
        let (Some(announce), Some(sunset)) = (date("announce"), date("sunset")) else {
            return Ok(());
        };
        let window = day::days_between(announce.date, sunset.date);
        let beta = day::plus_days(START, HISTORY_DAYS);
        let is_public = view.course.phase != "beta" && view.course.phase != "draft";
        let mut consumers = (*self.consumers).clone();
        for one in consumers.iter_mut().filter(|one| one.moved_on.is_none()) {
            let moves_now = match one.moves {
                Moves::Never => false,
                Moves::InBeta(after) => day::days_between(beta, today) >= after,
                Moves::At(share) => {
                    let after = (window as f64 * share) as i64;
                    is_public && day::days_between(announce.date, today) >= after.max(1)
                }
                Moves::AfterSunset(after) => day::days_between(sunset.date, today) >= after,
            };
            if moves_now {
                if let Moves::InBeta(_) = one.moves {
                    let id = view.summary.id.to_string();
                    owner::opt_in(&self.stage.control, &id, one.key_id).await?;
                    self.stage.published().await?;
                }
                one.moved_on = Some(today);
                one.user_agent = one.user_agent.replace("1.4", "2.0");
            }
        }
        self.consumers = Arc::new(consumers);
        Ok(())
    }

    /// The calls of one of the three parts of a day.
    fn planned(&mut self, today: Date, part: u64) -> Vec<Planned> {
        let day = day::start_of(today).day();
        let mut planned = Vec::new();
        for (consumer, one) in self.consumers.iter().enumerate() {
            if !one.is_active(day) {
                continue;
            }
            for call in 0..one.calls {
                if (call + consumer as u64) % 3 == part {
                    let number = self.counts[consumer];
                    self.counts[consumer] += 1;
                    planned.push(Planned { consumer, number });
                }
            }
        }
        planned
    }

    async fn call(&mut self, planned: Vec<Planned>, now: Micros) -> anyhow::Result<()> {
        let announced = Arc::new(self.announced(now).await?);
        let gateway = self.stage.running.gateway_addr;
        let outcomes = send_all(gateway, &self.consumers, planned, &announced, now).await?;
        self.outcomes.add(outcomes);
        Ok(())
    }

    /// Goes into the middle of each brownout of the day, and out again.
    async fn brown_out(&mut self, today: Date) -> anyhow::Result<()> {
        let Some(view) = self.rollout.clone() else {
            return Ok(());
        };
        let of_today = |at: Micros| day::date_of(at) == today;
        let planned = |one: &&control::rollouts::BrownoutCourse| {
            one.outcome == "planned" && of_today(one.from)
        };
        for one in view.course.brownouts.iter().filter(planned) {
            let middle = Micros(i64::midpoint(one.from.0, one.until.0));
            self.come_to(middle).await?;
            let everyone = (0..self.consumers.len())
                .flat_map(|consumer| (0..3).map(move |number| Planned { consumer, number }));
            let everyone: Vec<Planned> = everyone.collect();
            let before = self.outcomes.brownouts;
            self.call(everyone, middle).await?;
            self.report.brownouts += 1;
            self.note(&brownout_text(
                (one.until.0 - one.from.0) / 60_000_000,
                one.segment,
                self.outcomes.brownouts - before,
            ));
            self.come_to(one.until).await?;
        }
        Ok(())
    }

    /// What the public was told for this moment.
    async fn announced(&self, now: Micros) -> anyhow::Result<Announced> {
        let Some(view) = &self.rollout else {
            return Ok(Announced::default());
        };
        let running = view
            .course
            .brownouts
            .iter()
            .filter(|one| one.outcome == "planned" && one.from <= now && now < one.until);
        let segments: Vec<String> = running.map(|one| one.segment.to_owned()).collect();
        if segments.is_empty() {
            return Ok(Announced::default());
        }
        let snapshot = self.stage.control.snapshot().await?;
        let of_surface = snapshot.surfaces.iter().find(|one| one.name == SURFACE);
        let rollouts = of_surface
            .map(|one| one.rollouts.as_slice())
            .unwrap_or_default();
        let concerned: HashMap<ConsumerId, Segment> = rollouts
            .iter()
            .flat_map(|rollout| rollout.concerned.iter().copied())
            .collect();
        let segment_of = self
            .consumers
            .iter()
            .map(|one| concerned.get(&one.id).copied())
            .collect();
        Ok(Announced {
            segments,
            segment_of,
        })
    }

    async fn sum_up(&mut self) -> anyhow::Result<()> {
        let outcomes = &self.outcomes;
        let report = &mut self.report;
        report.consumers = self.consumers.len() as u64;
        let touched = self.consumers.iter().filter(|one| one.is_touched());
        report.to_move = touched.clone().count() as u64;
        report.moved = touched.filter(|one| one.moved_on.is_some()).count() as u64;
        report.calls = outcomes.calls;
        report.failed_calls = outcomes.failed;
        report.brownout_calls = outcomes.brownouts;
        report.warned_calls = outcomes.warned;
        report.failures.clone_from(&outcomes.told);
        report.phase = self.known_phase;
        let Some(view) = &self.rollout else {
            return Ok(());
        };
        let id = view.summary.id.to_string();
        let status = self.stage.control.rollout_status(&id).await?;
        report.remaining = status.remaining;
        let found = ledger::read(&self.stage.control, &id).await?;
        report.notices_sent = found.delivered;
        report.notices_bounced = found.bounced;
        report.notices_lost = match self.known_phase {
            "removed" => found.lost_at_the_end(),
            _ => found.lost_so_far(),
        };
        Ok(())
    }
}

fn brownout_text(minutes: i64, segment: &str, refused: u64) -> String {
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    let refused = match refused {
        0 => "nobody of it calls the old".to_owned(),
        1 => "1 call refused".to_owned(),
        calls => format!("{calls} calls refused"),
    };
    format!(
        "brownout of {minutes} {unit} for {}: {refused}",
        segment.replace('_', " ")
    )
}
