//! Nine ways in which consumers leave an old version. None of them is the forecast's model, and by three it was never tuned.

use adoption::rollout::forecast::Generator;

/// A rollout's process. Times are parts of the window: 0 is the announcement, 1 the sunset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Process {
    /// Early adopters, a few in between, a cluster before the sunset, latecomers, never-movers.
    Deadline,
    /// A constant trickle that knows no deadline.
    Trickle,
    /// Waves by release trains, each taking another part of who is left.
    Trains,
    /// A heavy-tailed log-normal, and an outreach late in the window that moves most of the rest.
    LateShock,
    /// One of the first two, in which everything stands still for a while.
    Stall,
    /// Word of mouth: an S-curve with its middle anywhere.
    Contagion,
    /// Everyone at a renewal date of its own, quarter by quarter, once it is ready. Held out.
    Renewals,
    /// Nearly nothing before the refusals of the last weeks, each of which wakes a part of the rest. Held out.
    Refusals,
    /// Everyone aims at the sunset and misjudges the work, all of them in the same direction. Held out.
    Misjudged,
}

impl Process {
    pub const ALL: [Self; 9] = [
        Self::Deadline,
        Self::Trickle,
        Self::Trains,
        Self::LateShock,
        Self::Stall,
        Self::Contagion,
        Self::Renewals,
        Self::Refusals,
        Self::Misjudged,
    ];

    /// The model's constants were chosen on these.
    pub const CHOSEN_ON: [Self; 6] = [
        Self::Deadline,
        Self::Trickle,
        Self::Trains,
        Self::LateShock,
        Self::Stall,
        Self::Contagion,
    ];

    pub fn is_held_out(self) -> bool {
        !Self::CHOSEN_ON.contains(&self)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Deadline => "deadline cluster",
            Self::Trickle => "constant trickle",
            Self::Trains => "release trains",
            Self::LateShock => "late outreach",
            Self::Stall => "correlated stall",
            Self::Contagion => "word of mouth",
            Self::Renewals => "renewal dates",
            Self::Refusals => "refusals wake",
            Self::Misjudged => "misjudged work",
        }
    }

    /// When each consumer leaves, `None` for never. `ranks` lie in 0 to 1: the lower, the faster is the consumer.
    pub fn leave(self, ranks: &[f64], random: &mut Generator) -> Vec<Option<f64>> {
        match self {
            Self::Deadline => deadline(ranks, random),
            Self::Trickle => trickle(ranks, random),
            Self::Trains => trains(ranks, random),
            Self::LateShock => late_shock(ranks, random),
            Self::Stall => stall(ranks, random),
            Self::Contagion => contagion(ranks, random),
            Self::Renewals => renewals(ranks, random),
            Self::Refusals => refusals(ranks, random),
            Self::Misjudged => misjudged(ranks, random),
        }
    }

    /// The part of those who leave that tests before, and how long before in parts of the window.
    pub fn tests(self) -> (f64, f64) {
        match self.is_held_out() {
            false => (0.65, 0.08),
            true => (0.4, 0.2),
        }
    }
}

pub fn between(low: f64, high: f64, random: &mut Generator) -> f64 {
    low + (high - low) * random.unit()
}

fn deadline(ranks: &[f64], random: &mut Generator) -> Vec<Option<f64>> {
    let early = between(0.05, 0.35, random);
    let middle = between(0.0, 0.25, random);
    let never = between(0.01, 0.12, random);
    let after = between(0.0, 0.15, random);
    let (fast, width) = (between(0.03, 0.12, random), between(0.02, 0.12, random));
    let leave = |rank: &f64| {
        let wait = random.exponential();
        if *rank < early {
            Some(fast * wait)
        } else if *rank < early + middle {
            Some(random.unit())
        } else if *rank > 1.0 - never {
            None
        } else if *rank > 1.0 - never - after {
            Some(1.0 + 0.1 * wait)
        } else {
            Some((1.0 - width * wait).max(0.0))
        }
    };
    ranks.iter().map(leave).collect()
}

fn trickle(ranks: &[f64], random: &mut Generator) -> Vec<Option<f64>> {
    let rate = -(1.0 - between(0.5, 0.985, random)).ln();
    let leave = |rank: &f64| Some(-(1.0 - rank).max(1e-9).ln() / rate);
    ranks.iter().map(leave).collect()
}

fn trains(ranks: &[f64], random: &mut Generator) -> Vec<Option<f64>> {
    let cycle = between(0.06, 0.3, random);
    let stays = 1.0 - between(0.0, 0.1, random);
    let mut at = cycle * random.unit();
    let mut gone = 0.0;
    let mut waves = Vec::new();
    while at < 2.0 {
        gone += (stays - gone) * between(0.05, 0.65, random);
        waves.push((gone, at));
        at += cycle;
    }
    let leave = |rank: &f64| {
        let wave = waves.iter().find(|(gone, _)| rank < gone);
        wave.map(|(_, at)| at + 0.015 * random.unit())
    };
    ranks.iter().map(leave).collect()
}

fn late_shock(ranks: &[f64], random: &mut Generator) -> Vec<Option<f64>> {
    let (median, sigma) = (between(0.3, 1.2, random), between(0.8, 1.6, random));
    let (outreach, reached) = (between(0.55, 0.85, random), between(0.4, 0.9, random));
    let speed = between(0.03, 0.12, random);
    let leave = |rank: &f64| {
        // A rank moves the median by a factor of two at most: the tail is everyone's.
        let own = median.ln() + sigma * random.normal() + 0.7 * (2.0 * rank - 1.0);
        let moved_by_outreach = random.unit() < reached;
        let at = own.exp();
        Some(if at > outreach && moved_by_outreach {
            at.min(outreach + speed * random.exponential())
        } else {
            at
        })
    };
    ranks.iter().map(leave).collect()
}

fn stall(ranks: &[f64], random: &mut Generator) -> Vec<Option<f64>> {
    let base = if random.unit() < 0.5 {
        deadline(ranks, random)
    } else {
        trickle(ranks, random)
    };
    let (start, length) = (between(0.15, 0.7, random), between(0.12, 0.3, random));
    let shift = |at: f64| if at > start { at + length } else { at };
    base.into_iter().map(|at| at.map(shift)).collect()
}

fn contagion(ranks: &[f64], random: &mut Generator) -> Vec<Option<f64>> {
    let (middle, width) = (between(0.25, 1.0, random), between(0.04, 0.14, random));
    let reach = between(0.82, 1.0, random);
    let start = 1.0 / (1.0 + (middle / width).exp());
    let leave = |rank: &f64| {
        let part = start + (1.0 - start) * rank / reach;
        (part < 0.999_999).then(|| (middle + width * (part / (1.0 - part)).ln()).max(0.0))
    };
    ranks.iter().map(leave).collect()
}

fn renewals(ranks: &[f64], random: &mut Generator) -> Vec<Option<f64>> {
    let quarter = between(0.2, 0.5, random);
    let (ready, never) = (between(0.2, 0.9, random), between(0.0, 0.15, random));
    let leave = |rank: &f64| {
        let first = quarter * random.unit();
        let is_ready = ready * (0.3 + 1.4 * rank) * random.exponential();
        let renewals = ((is_ready - first) / quarter).ceil().max(0.0);
        (*rank < 1.0 - never).then_some(first + quarter * renewals)
    };
    ranks.iter().map(leave).collect()
}

fn refusals(ranks: &[f64], random: &mut Generator) -> Vec<Option<f64>> {
    let before = between(0.02, 0.3, random);
    let wakes: Vec<(f64, f64)> = [0.86, 0.9, 0.94, 0.98]
        .map(|at| (at, between(0.1, 0.6, random)))
        .to_vec();
    let after = between(0.3, 0.95, random);
    let leave = |rank: &f64| {
        if *rank < before {
            return Some(random.unit());
        }
        let woken = wakes.iter().find(|(_, part)| random.unit() < *part);
        match woken {
            Some((at, _)) => Some(at + 0.02 * random.exponential()),
            None => (random.unit() < after).then(|| 1.0 + 0.05 * random.exponential()),
        }
    };
    ranks.iter().map(leave).collect()
}

fn misjudged(ranks: &[f64], random: &mut Generator) -> Vec<Option<f64>> {
    let (aim, all) = (between(0.6, 1.0, random), 0.15 * random.normal());
    let own = between(0.05, 0.25, random);
    let never = between(0.0, 0.1, random);
    let leave = |rank: &f64| {
        let at = aim + all + own * random.normal() + 0.1 * (2.0 * rank - 1.0);
        (random.unit() > never).then_some(at.max(0.0))
    };
    ranks.iter().map(leave).collect()
}
