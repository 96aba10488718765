//! The dates and brownouts of a rollout as events: one name each that stays the same when it moves.

use adoption::Micros;
use adoption::rollout::day::{plus_days, start_of};
use adoption::rollout::{Brownout, BrownoutOutcome, DateName, Dates, Rollout, Segment, State};
use jiff::civil::Date;

/// One date or one brownout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Unique within the rollout, and the same after every move: `sunset`, `brownout-mid-3`.
    pub key: String,
    pub kind: EventKind,
    pub from: Micros,
    /// Exclusive.
    pub until: Micros,
    /// It will not happen.
    pub cancelled: bool,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// A whole day, UTC.
    Date { name: DateName, date: Date },
    Brownout {
        segment: Segment,
        /// From 1.
        stage: u32,
    },
}

impl Event {
    /// What happens, in a few words.
    pub fn title(&self) -> String {
        match self.kind {
            EventKind::Date { name, .. } => date_title(name).to_owned(),
            EventKind::Brownout { stage, .. } => format!(
                "brownout {stage}: the old is refused for {} minutes",
                (self.until.0 - self.from.0) / (60 * Micros::PER_SECOND)
            ),
        }
    }

    /// The day, of an event that is a whole day.
    pub const fn date(&self) -> Option<Date> {
        match self.kind {
            EventKind::Date { date, .. } => Some(date),
            EventKind::Brownout { .. } => None,
        }
    }
}

/// What a date is for those who read it.
pub const fn date_title(name: DateName) -> &'static str {
    match name {
        DateName::Announce => "announced to everyone",
        DateName::Deprecate => "the old is deprecated",
        DateName::Close => "closed to whoever never used the old",
        DateName::Brownouts => "brownouts may begin",
        DateName::Sunset => "sunset: the old stops answering",
        DateName::Remove => "the old is removed",
    }
}

/// The dates in order, then the brownouts of `segment`, or of all segments, in order of time.
pub fn events(
    rollout: &Rollout,
    dates: Option<&Dates>,
    brownouts: &[Brownout],
    segment: Option<Segment>,
) -> Vec<Event> {
    let cancelled = matches!(rollout.state, State::Aborted { .. });
    let dates = dates.into_iter().flat_map(|dates| {
        DateName::ALL
            .into_iter()
            .map(move |name| date_event(name, dates.get(name), cancelled))
    });
    let past = rollout
        .brownouts
        .iter()
        .filter(|brownout| brownout.outcome == BrownoutOutcome::Completed);
    let concerning = |brownout: &&Brownout| segment.is_none_or(|own| own == brownout.segment);
    let mut all: Vec<&Brownout> = past.chain(brownouts).filter(concerning).collect();
    // After an abort nothing is planned any more: what was told of must be called off by name.
    if cancelled {
        let broken_off = rollout
            .brownouts
            .iter()
            .filter(|brownout| matches!(brownout.outcome, BrownoutOutcome::Aborted { .. }));
        for brownout in broken_off.filter(concerning) {
            let named = |known: &&Brownout| brownout_key(known) == brownout_key(brownout);
            if !all.iter().any(named) {
                all.push(brownout);
            }
        }
    }
    all.sort_by_key(|brownout| (brownout.from, brownout.segment, brownout.stage));
    all.dedup_by_key(|brownout| brownout_key(brownout));
    dates.chain(all.into_iter().map(brownout_event)).collect()
}

fn date_event(name: DateName, date: Date, cancelled: bool) -> Event {
    Event {
        key: name.as_str().to_owned(),
        kind: EventKind::Date { name, date },
        from: start_of(date),
        until: start_of(plus_days(date, 1)),
        cancelled,
    }
}

fn brownout_event(brownout: &Brownout) -> Event {
    Event {
        key: brownout_key(brownout),
        kind: EventKind::Brownout {
            segment: brownout.segment,
            stage: brownout.stage.saturating_add(1),
        },
        from: brownout.from,
        until: brownout.until,
        cancelled: matches!(brownout.outcome, BrownoutOutcome::Aborted { .. }),
    }
}

/// A stage that is laid out again keeps its name: in a calendar it moves.
fn brownout_key(brownout: &Brownout) -> String {
    format!(
        "brownout-{}-{}",
        brownout.segment.as_str(),
        brownout.stage.saturating_add(1)
    )
}
