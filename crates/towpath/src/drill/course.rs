//! The days of the drill: calls of every consumer, what comes due, what the owner does, who moves.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use adoption::rollout::{Segment, day};
use adoption::{ConsumerId, Micros};
use anyhow::Context as _;
use control::PageRequest;
use control::jobs::deliver::deliver_due;
use control::rollouts::RolloutView;
use jiff::civil::{Date, date};

use super::consumers::{Consumer, Moves};
use super::owner;
use super::report::Report;
use super::stage::{SURFACE, Stage};
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

/// Runs the drill.
pub async fn run(count: usize, seed: u64) -> anyhow::Result<Report> {
    let started = Instant::now();
    let stage = Stage::set(count, seed, day::start_of(START)).await?;
    let mut course = Course {
        consumers: Arc::new(stage.consumers.clone()),
        stage,
        report: Report::default(),
        outcomes: Outcomes::default(),
        serial: 0,
        rollout: None,
        known_phase: "draft",
        extended: false,
    };
    let mut today = START;
    let mut removed_on = None;
    while removed_on.is_none_or(|removed| day::days_between(removed, today) < AFTER_DAYS) {
        let days = day::days_between(START, today);
        anyhow::ensure!(
            days < DAYS_MAX,
            "the rollout has not ended after {DAYS_MAX} days"
        );
        course.live_through(today).await?;
        if removed_on.is_none() && course.known_phase == "removed" {
            removed_on = Some(today);
        }
        today = day::plus_days(today, 1);
    }
    course.report.days =
        day::days_between(START, today).unsigned_abs() - HISTORY_DAYS.unsigned_abs();
    course.sum_up().await?;
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
    /// Counts calls, so that each consumer goes through what it uses.
    serial: u64,
    rollout: Option<RolloutView>,
    known_phase: &'static str,
    extended: bool,
}

impl Course {
    async fn live_through(&mut self, today: Date) -> anyhow::Result<()> {
        for (part, hour) in HOURS.into_iter().enumerate() {
            let now = day::start_of(today).plus_seconds(hour * 3_600);
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
            let line = format!("{}  {} ({by})", self.today(), view.course.phase);
            self.report.course.push(line);
        }
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
                self.report.course.push(format!(
                    "{today}  proposed: {} changes, {} concerned, sunset {}",
                    view.summary.changes,
                    view.summary.concerned,
                    view.summary
                        .sunset
                        .map_or_else(String::new, |date| date.to_string())
                ));
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
                let line = format!("{today}  sunset moved from {sunset} to {later}");
                self.report.course.push(line);
            }
            "sunset" if since("remove") >= Some(0) => match owner::finish(&control, &id).await? {
                Some(view) => {
                    self.note_phase(&view);
                    self.rollout = Some(view);
                    self.stage.published().await?;
                }
                None => {
                    if self.report.removals_refused == 0 {
                        let line = format!("{today}  removal refused: the old is still in use");
                        self.report.course.push(line);
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
            (3, Some(first)) => owner::stumble(&self.stage, id, first).await?,
            (6, Some(_)) => owner::answer(&self.stage.control, id).await?,
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

    /// The cohort of the beta moves in it, as far as anything changes for them.
    fn invite(&mut self, view: &RolloutView) {
        let invited: HashSet<&str> = view.cohort.iter().map(String::as_str).collect();
        let mut consumers = (*self.consumers).clone();
        let mut after = 2;
        for one in consumers.iter_mut().filter(|one| one.is_touched()) {
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
                    self.serial += 1;
                    let number = day.unsigned_abs().wrapping_mul(31) + call;
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
            self.call(everyone, middle).await?;
            self.report.brownouts += 1;
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
        let Some(view) = &self.rollout else {
            return Ok(());
        };
        let id = view.summary.id.to_string();
        let mut arrived: HashMap<String, bool> = HashMap::new();
        let (mut bounced, mut owner_knows) = (HashSet::new(), false);
        let mut page = PageRequest::default();
        loop {
            let found = self.stage.control.list_deliveries(&id, None, &page).await?;
            for one in &found.items {
                let is_there = arrived.entry(one.notice.to_string()).or_default();
                match one.state {
                    "delivered" => {
                        self.report.notices_sent += 1;
                        *is_there = true;
                    }
                    "bounced" => {
                        self.report.notices_bounced += 1;
                        bounced.insert(one.notice.to_string());
                    }
                    _ => {}
                }
                owner_knows |= one.kind == "unreached" && one.state == "delivered";
            }
            match found.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        // Of a mailbox that takes nothing, the owner hears.
        let is_lost = |notice: &String| !(owner_knows && bounced.contains(notice));
        let lost = arrived
            .iter()
            .filter(|(notice, there)| !**there && is_lost(notice));
        self.report.notices_lost = lost.count() as u64;
        Ok(())
    }
}
