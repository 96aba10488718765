//! The seeded consumers of the drill: what each calls, how often, and when it moves to the new version.

use adoption::{ConsumerId, ConsumerKind, KeyId};
use jiff::civil::Date;
use serde_json::json;

use crate::demo::seed::Sequence;

/// One operation of the sample API, as consumers use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    CreateOrder,
    /// Gone in the new version, in favour of payments.
    Charge,
    /// Reads `total`, which the new version has no more.
    ReadOrder,
    ListOrders,
    Rates,
}

/// When a consumer moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Moves {
    /// Nothing of what it uses changes.
    Never,
    /// One of the beta: so many days after it opens.
    InBeta(i64),
    /// At this share of the time from the announcement to the sunset.
    At(f64),
    /// Its agreement keeps the old beyond the sunset: so many days after it.
    AfterSunset(i64),
}

/// One consumer.
#[derive(Debug, Clone)]
pub struct Consumer {
    pub id: ConsumerId,
    pub key_id: KeyId,
    pub key: String,
    pub name: String,
    pub kind: ConsumerKind,
    pub plan: &'static str,
    pub uses: Vec<Use>,
    /// Sends the currency that goes.
    pub pounds: bool,
    /// Calls of one active day.
    pub calls: u64,
    /// Active on every so many days.
    pub every_days: i64,
    pub moves: Moves,
    pub user_agent: String,
    /// The day from which on it uses the new version; `None` until it is known.
    pub moved_on: Option<Date>,
}

/// A request: method, path, body.
pub struct Call {
    pub method: &'static str,
    pub path: String,
    pub body: Option<String>,
    pub reads_total: bool,
    /// Asks for the new version.
    pub new: bool,
}

/// What a consumer is like; identity comes when it is registered.
pub fn drawn(number: usize, seed: u64) -> Consumer {
    let mut draw = Sequence::new(seed, &format!("consumer {number}"));
    let (kind, plan, calls, every_days) = match number % 50 {
        0..=1 => (ConsumerKind::Developer, "growth", draw.between(30, 50), 1),
        2 => (
            ConsumerKind::Developer,
            "enterprise",
            draw.between(20, 40),
            1,
        ),
        3..=11 => (ConsumerKind::Developer, "growth", draw.between(4, 9), 1),
        12..=16 => (ConsumerKind::Agent, "growth", draw.between(2, 5), 1),
        17..=20 => (ConsumerKind::Squad, "internal", draw.between(1, 4), 1),
        21..=22 => (ConsumerKind::Developer, "growth", 4, 30),
        _ => (
            ConsumerKind::Developer,
            "starter",
            1,
            draw.between(1, 4) as i64,
        ),
    };
    let touched = [Use::CreateOrder, Use::Charge, Use::ReadOrder];
    let is_touched = plan == "enterprise" || draw.below(10) < 7;
    let mut uses = vec![Use::ListOrders, Use::Rates];
    if is_touched {
        let first = draw.below(3) as usize;
        uses.push(touched[first]);
        if draw.once_in(2) {
            uses.push(touched[(first + 1) % 3]);
        }
    }
    let moves = match (is_touched, plan) {
        (false, _) => Moves::Never,
        (true, "enterprise") => Moves::AfterSunset(draw.between(10, 25) as i64),
        // Few early, most in the middle, a cluster towards the end.
        (true, _) => Moves::At(match draw.below(10) {
            0..=2 => 0.05 + 0.25 * draw.unit(),
            3..=7 => 0.30 + 0.45 * draw.unit(),
            _ => 0.80 + 0.17 * draw.unit(),
        }),
    };
    let agent = match kind {
        ConsumerKind::Agent => "claude-agent/1.0",
        _ => "orders-sdk/1.4",
    };
    Consumer {
        id: ConsumerId::ANONYMOUS,
        key_id: KeyId::NONE,
        key: String::new(),
        name: name(number),
        kind,
        plan,
        uses,
        pounds: draw.once_in(3),
        calls,
        every_days,
        moves,
        user_agent: agent.to_owned(),
        moved_on: None,
    }
}

/// The first ones are called like companies; who is drilled by the hundred has a number.
fn name(number: usize) -> String {
    const NAMES: [&str; 40] = [
        "Harbor Foods",
        "Quill Books",
        "Meridian Rail",
        "Juniper Home",
        "Oakline Sports",
        "Fable Toys",
        "Copper Kettle",
        "Tern Airways",
        "Larkspur Health",
        "Basalt Tools",
        "Willow Garden",
        "Nimbus Prints",
        "Restock Agent",
        "Invoice Agent",
        "Returns Agent",
        "Concierge Agent",
        "Pricing Agent",
        "squad/checkout",
        "squad/fulfilment",
        "squad/finance",
        "squad/support",
        "Almanac Press",
        "Solstice Events",
        "Pebble Shoes",
        "Marlin Boats",
        "Thistle Tea",
        "Orchard Juice",
        "Granite Gym",
        "Velvet Sofa",
        "Puffin Post",
        "Cedar Cabins",
        "Ember Grill",
        "Indigo Paper",
        "Saffron Spice",
        "Drift Surf",
        "Hazel Optics",
        "Comet Bikes",
        "Moss Florist",
        "Raven Records",
        "Tidal Pools",
    ];
    NAMES.get(number).map_or_else(
        || format!("consumer-{number:03}"),
        |name| (*name).to_owned(),
    )
}

impl Consumer {
    /// Whether anything that it uses changes.
    pub fn is_touched(&self) -> bool {
        self.moves != Moves::Never
    }

    pub fn is_new(&self, today: Date) -> bool {
        self.moved_on.is_some_and(|day| day <= today)
    }

    /// Whether it calls on this day, by its rhythm.
    pub fn is_active(&self, day: i64) -> bool {
        let offset = i64::from(crate::demo::seed::hash(&self.name) as u8);
        (day + offset).rem_euclid(self.every_days) == 0
    }

    /// Its call number `n`.
    pub fn call(&self, n: u64, today: Date) -> Call {
        let used = self.uses[(n as usize) % self.uses.len()];
        let new = self.is_new(today);
        let (method, path, body) = match (used, new) {
            (Use::Rates, _) => ("GET", "/rates", None),
            (Use::ListOrders, _) => ("GET", "/orders?limit=10", None),
            (Use::ReadOrder, _) => ("GET", "/orders/o1", None),
            (Use::Charge, false) => ("POST", "/charges", Some(json!({"order": "o1"}))),
            (Use::Charge, true) => ("POST", "/payments", Some(json!({"order": "o1"}))),
            (Use::CreateOrder, false) => {
                let currency = if self.pounds { "GBP" } else { "EUR" };
                let body = json!({"amount": 100, "currency": currency});
                ("POST", "/orders", Some(body))
            }
            (Use::CreateOrder, true) => {
                let body = json!({"amount": 100, "currency": "EUR", "reference": "r"});
                ("POST", "/orders", Some(body))
            }
        };
        Call {
            method,
            path: path.to_owned(),
            body: body.map(|body| body.to_string()),
            reads_total: used == Use::ReadOrder && !new,
            new,
        }
    }
}
