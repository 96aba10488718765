//! Seeded consumers: how often each calls, in which manner it writes, what it is given, and what it says.

use serde_json::Value;
use testkit::Random;

use super::message::{Maker, Message, operations};

/// The days of traffic: longer than a month's rhythm can explain, twice.
pub const DAYS: i64 = 66;
/// Until here the contract before the base runs.
pub const EARLY_DAYS: i64 = 4;

/// How a message is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Plain,
    /// With names that no contract has.
    Unknown,
    /// With names written in escapes.
    Escaped,
    Chunked,
    /// Without saying what the body is.
    Untyped,
    /// With a text of 200 KB in a property of its own.
    Long,
    /// HEAD as well, where it is GET.
    Head,
    Compressed,
    /// Broken off before its end, on every other day.
    Cut,
    /// Said to be text.
    Mislabelled,
    /// With a property of its own that nests deeper than anybody looks.
    Deep,
    /// Compressed on every other day.
    Sometimes,
}

impl Manner {
    /// Those that change their manner from day to day are plain between.
    pub const fn on(self, day: i64) -> Self {
        match self {
            Self::Sometimes if day % 2 == 0 => Self::Compressed,
            Self::Cut if day % 2 == 0 => Self::Cut,
            Self::Sometimes | Self::Cut => Self::Plain,
            manner => manner,
        }
    }

    /// Whether bodies can be read whole.
    pub const fn is_read(self) -> bool {
        use Manner::{Chunked, Escaped, Head, Long, Plain, Unknown, Untyped};
        matches!(
            self,
            Plain | Unknown | Escaped | Chunked | Untyped | Long | Head
        )
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// Every so many days, from the day after the early ones.
    Every(i64),
    /// The same, from the first day.
    FromTheFirst(i64),
    /// On early days only.
    EarlyOnly,
    /// On two days.
    Twice,
}

impl Rhythm {
    pub const fn is_active(self, day: i64) -> bool {
        match self {
            Self::Every(days) => day >= EARLY_DAYS && (day - EARLY_DAYS) % days == 0,
            Self::FromTheFirst(days) => day % days == 0,
            Self::EarlyOnly => day < EARLY_DAYS,
            Self::Twice => day == 20 || day == 50,
        }
    }
}

/// Which answers a consumer is given: with every property, or with those that must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    Full,
    Lean,
}

/// One consumer.
#[derive(Debug)]
pub struct Member {
    pub name: String,
    pub rhythm: Rhythm,
    pub manner: Manner,
    pub answers: Answers,
    /// None is anonymous.
    pub keys: usize,
    pub agent: &'static str,
    /// By subject.
    pub messages: Vec<Vec<Message>>,
}

impl Member {
    /// Whether everything it sent to a subject was seen under a contract that has all leaves.
    pub fn is_read(&self, subject: usize) -> bool {
        let is_multipart = |message: &Message| {
            let body = message.body.as_ref();
            body.is_some_and(|(media_type, _)| media_type.starts_with("multipart/"))
        };
        self.manner.is_read()
            && matches!(self.rhythm, Rhythm::Every(_))
            && !self.messages[subject].iter().any(is_multipart)
    }
}

const AGENTS: [&str; 4] = [
    "harbour-node/4.2.0",
    "curl/8.5.0",
    "Claude-User/1.0",
    "python-requests/2.32",
];

/// Who calls. `takes` says whether the base of a subject takes a message; those that it does not are made again.
pub fn cast(seed: u64, bases: &[&Value], takes: &dyn Fn(usize, &Message) -> bool) -> Vec<Member> {
    use Manner::*;
    let mut random = Random::new(seed);
    let manners = [Plain, Unknown, Escaped, Chunked, Untyped, Long, Plain];
    let rhythms = [1, 2, 3, 7, 29].map(Rhythm::Every);
    let mut all: Vec<(Rhythm, Manner)> =
        (0..20).map(|n| (rhythms[n % 5], manners[n % 7])).collect();
    let odd = [Compressed, Cut, Mislabelled, Deep, Sometimes];
    all.extend(
        odd.iter()
            .flat_map(|manner| [(Rhythm::Every(3), *manner), (Rhythm::Every(7), *manner)]),
    );
    all.extend([(Rhythm::Every(2), Head), (Rhythm::Twice, Plain)]);
    all.extend([Rhythm::FromTheFirst(3), Rhythm::EarlyOnly].map(|rhythm| (rhythm, Plain)));
    all.extend([Rhythm::FromTheFirst(7), Rhythm::EarlyOnly].map(|rhythm| (rhythm, Escaped)));
    let mut members: Vec<Member> = all
        .into_iter()
        .enumerate()
        .map(|(at, (rhythm, manner))| Member {
            name: format!("{at:02} {manner:?} {rhythm:?}")
                .replace(['(', ')'], " ")
                .trim()
                .to_owned(),
            rhythm,
            manner,
            answers: match random.one_in(2) {
                true => Answers::Full,
                false => Answers::Lean,
            },
            keys: 1 + usize::from(at % 5 == 0),
            agent: AGENTS[at % AGENTS.len()],
            messages: bases
                .iter()
                .enumerate()
                .map(|(at, base)| messages(&mut random, base, &|message| takes(at, message)))
                .collect(),
        })
        .collect();
    members.push(stranger(&mut random, bases));
    members
}

/// Somebody without a key calls the one operation that needs none; there, nobody can be proven to be safe.
fn stranger(random: &mut Random, bases: &[&Value]) -> Member {
    let messages = bases.iter().map(|base| {
        let open = operations(base)
            .into_iter()
            .filter(|(_, path)| path == OPEN_PATH);
        let mut maker = Maker {
            contract: base,
            random,
        };
        open.map(|(method, path)| maker.message(&method, &path))
            .collect()
    });
    Member {
        messages: messages.collect(),
        name: "somebody".to_owned(),
        rhythm: Rhythm::Every(5),
        manner: Manner::Plain,
        answers: Answers::Full,
        keys: 0,
        agent: AGENTS[1],
    }
}

pub const OPEN_PATH: &str = "/currencies";

/// One or two messages each for most operations.
fn messages(random: &mut Random, base: &Value, takes: &dyn Fn(&Message) -> bool) -> Vec<Message> {
    let mut all = Vec::new();
    for (method, path) in operations(base) {
        if random.one_in(4) {
            continue;
        }
        for _ in 0..1 + random.below(2) {
            let mut maker = Maker {
                contract: base,
                random,
            };
            let made = (0..20)
                .map(|_| maker.message(&method, &path))
                .find(|made| takes(made));
            all.extend(made);
        }
    }
    all
}
