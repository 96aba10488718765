//! A simulated rollout: consumers with their traits, rhythms and calls, and what could be known of them on any day.

use adoption::rollout::Rhythm;
use adoption::rollout::forecast::{
    ConsumerCourse, Course, Day, DayCalls, Finished, FinishedConsumer, Generator, Traits,
};
use adoption::{ConsumerId, ConsumerKind};

use crate::processes::{Process, between};

pub const ANNOUNCED: Day = 20_000;
/// Calls before the announcement that the rhythm is read from.
const EVIDENCE_DAYS: Day = 120;

pub struct World {
    pub window_days: Day,
    pub actors: Vec<Actor>,
}

pub struct Actor {
    course: ConsumerCourse,
    /// The first day after its last call, in hindsight; `None` where it called to the end of what was simulated.
    pub cut_over_on: Option<Day>,
}

impl World {
    pub fn new(process: Process, seed: u64) -> Self {
        let mut random = Generator::new(seed);
        let window_days = between(90.0, 300.0, &mut random) as Day;
        let count = between(40.0, 250.0, &mut random) as u64;
        let traits: Vec<Traits> = (0..count).map(|_| traits(&mut random)).collect();
        let ranks = ranks(&traits, &mut random);
        let leave = process.leave(&ranks, &mut random);
        let actors = traits.into_iter().zip(leave).zip(1..);
        let actors = actors.map(|((traits, leave), id)| {
            let leave = leave.map(|at| (at.min(3.0) * window_days as f64).ceil() as Day);
            actor(
                id,
                traits,
                leave,
                (window_days, process.tests()),
                &mut random,
            )
        });
        Self {
            window_days,
            actors: actors.collect(),
        }
    }

    pub fn sunset(&self) -> Day {
        ANNOUNCED + self.window_days
    }

    /// The last day simulated: the forecast's horizon.
    pub fn end(&self) -> Day {
        end(self.window_days)
    }

    /// What is known at the end of `today`.
    pub fn course(&self, today: Day) -> Course {
        let known = |actor: &Actor| {
            let all = &actor.course;
            ConsumerCourse {
                tested_on: all.tested_on.filter(|on| *on <= today),
                calls: all
                    .calls
                    .iter()
                    .copied()
                    .filter(|at| at.day <= today)
                    .collect(),
                ..all.clone()
            }
        };
        let consumers = self.actors.iter().map(known).collect();
        Course::new(ANNOUNCED, self.sunset(), today, consumers)
            .expect("a simulated course is valid")
    }

    pub fn finished(&self) -> Finished {
        let consumers = self.actors.iter().map(|actor| FinishedConsumer {
            traits: actor.course.traits.clone(),
            tested_on: actor.course.tested_on,
            cut_over_on: actor.cut_over_on,
        });
        Finished::new(ANNOUNCED, self.sunset(), self.end(), consumers.collect())
            .expect("a simulated rollout is valid")
    }

    pub fn remaining(&self, day: Day) -> u32 {
        let remains = |actor: &&Actor| actor.remains(day);
        self.actors.iter().filter(remains).count() as u32
    }
}

impl Actor {
    pub fn id(&self) -> ConsumerId {
        self.course.consumer
    }

    /// Whether it is not cut over on `day`, in hindsight.
    pub fn remains(&self, day: Day) -> bool {
        self.cut_over_on.is_none_or(|on| on > day)
    }
}

const fn end(window_days: Day) -> Day {
    ANNOUNCED + window_days + window_days / 2
}

fn traits(random: &mut Generator) -> Traits {
    let kind = match random.unit() {
        part if part < 0.75 => ConsumerKind::Developer,
        part if part < 0.9 => ConsumerKind::Agent,
        _ => ConsumerKind::Squad,
    };
    let cycle = (30.0 * (0.7 * random.normal()).exp()) as u32 + 1;
    Traits {
        kind,
        agent: kind == ConsumerKind::Agent || random.unit() < 0.1,
        calls_before: (2_000.0 * (1.8 * random.normal()).exp()) as u64 + 1,
        release_cycle_days: (random.unit() < 0.6).then_some(cycle),
    }
}

/// Evenly spread from 0 (fastest) to 1; traits and luck decide the order, in every rollout in another mixture.
fn ranks(traits: &[Traits], random: &mut Generator) -> Vec<f64> {
    let by_cycle = 0.4 + 0.3 * random.normal();
    let by_volume = 0.2 * random.normal();
    let by_agent = 0.4 * random.normal();
    let mut slowness: Vec<(f64, usize)> = traits
        .iter()
        .enumerate()
        .map(|(i, one)| {
            let cycle = f64::from(one.release_cycle_days.unwrap_or(30));
            let log = by_cycle * (cycle / 30.0).ln()
                + by_volume * ((one.calls_before as f64).ln() - 7.6) / 1.8
                + by_agent * f64::from(u8::from(one.agent));
            (random.exponential().ln() + log, i)
        })
        .collect();
    slowness.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut ranks = vec![0.0; traits.len()];
    for (place, (_, i)) in slowness.iter().enumerate() {
        ranks[*i] = (place as f64 + random.unit()) / traits.len() as f64;
    }
    ranks
}

fn actor(
    id: u64,
    traits: Traits,
    leave: Option<Day>,
    (window_days, tests): (Day, (f64, f64)),
    random: &mut Generator,
) -> Actor {
    let end = end(window_days);
    let leave = leave.map(|days| ANNOUNCED + days).filter(|on| *on <= end);
    let hole = hole(leave, random);
    let until = leave.unwrap_or(end + 1);
    let every = Every::draw(random);
    let active: Vec<Day> = (ANNOUNCED - EVIDENCE_DAYS..until)
        .filter(|day| every.is_active(*day, random) && !hole.contains(day))
        .collect();
    let before = active.partition_point(|day| *day < ANNOUNCED);
    let rhythm = Rhythm::of(&active[..before]);
    let per_day = traits.calls_before / before.max(1) as u64 + 1;
    let calls: Vec<DayCalls> = active[before..]
        .iter()
        .map(|day| DayCalls {
            day: *day,
            calls: per_day,
        })
        .collect();
    let last = calls.last().map_or(ANNOUNCED - 1, |last| last.day);
    Actor {
        course: ConsumerCourse {
            consumer: ConsumerId::from_raw(100 + id),
            traits,
            rhythm_days: rhythm.gap_days.unwrap_or(92),
            explained_days: rhythm.explained_days(),
            tested_on: tested_on(leave, window_days, tests, random),
            calls,
        },
        cut_over_on: leave.map(|_| last + 1),
    }
}

/// Three in a hundred try the new version, go back, and leave for good later.
fn hole(leave: Option<Day>, random: &mut Generator) -> std::ops::Range<Day> {
    let (back, length) = (between(3.0, 20.0, random), between(4.0, 40.0, random));
    match leave {
        Some(on) if random.unit() < 0.03 => {
            let stop = on - back as Day;
            (stop - length as Day).max(ANNOUNCED)..stop
        }
        _ => 0..0,
    }
}

/// Most test before they leave; some test and never leave.
fn tested_on(
    leave: Option<Day>,
    window_days: Day,
    (part, before): (f64, f64),
    random: &mut Generator,
) -> Option<Day> {
    let (lot, wait) = (random.unit(), random.exponential());
    let share = window_days as f64;
    match leave {
        Some(on) => {
            let ahead = (before * share * wait) as Day + 1;
            (lot < part).then(|| (on - ahead).max(ANNOUNCED))
        }
        None => (lot < 0.25).then(|| ANNOUNCED + (share * random.unit()) as Day),
    }
}

/// When a consumer calls.
#[derive(Clone, Copy)]
enum Every {
    Day,
    Weekday,
    Week { on: Day },
    Month { on: Day },
}

impl Every {
    fn draw(random: &mut Generator) -> Self {
        let on = (30.0 * random.unit()) as Day;
        match random.unit() {
            part if part < 0.5 => Self::Day,
            part if part < 0.75 => Self::Weekday,
            part if part < 0.92 => Self::Week { on: on % 7 },
            _ => Self::Month { on },
        }
    }

    /// One daily run in thirty fails to happen; weekly and monthly ones always do.
    fn is_active(self, day: Day, random: &mut Generator) -> bool {
        let happens = random.unit() > 0.033;
        match self {
            Self::Day => happens,
            Self::Weekday => day.rem_euclid(7) < 5 && happens,
            Self::Week { on } => day.rem_euclid(7) == on,
            Self::Month { on } => day.rem_euclid(30) == on,
        }
    }
}
