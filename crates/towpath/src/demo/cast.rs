//! The consumers of the demo: who they are, how they sign in and how they behave.

use adoption::ConsumerKind;

use super::traces::Trace;
use Role::{Agent, Batch, Dormant, LongTail, Production, Stranger};

/// What a consumer stands for in the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Production,
    LongTail,
    Agent,
    Batch,
    Dormant,
    /// Calls without a key that works; its calls count in a reserved bucket.
    Stranger,
}

impl Role {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::LongTail => "long tail",
            Self::Agent => "agent",
            Self::Batch => "batch",
            Self::Dormant => "dormant",
            Self::Stranger => "stranger",
        }
    }
}

/// How a consumer proves who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// `Authorization: Bearer` with its own key.
    Bearer,
    /// `X-Api-Key` with its own key.
    ApiKeyHeader,
    /// A key that was revoked before the demo began.
    RevokedKey,
    /// A key that was mistyped.
    MistypedKey,
    Nothing,
}

impl SignIn {
    /// Whether the consumer is registered, whatever became of its key.
    pub const fn is_registered(self) -> bool {
        matches!(self, Self::Bearer | Self::ApiKeyHeader | Self::RevokedKey)
    }
}

/// The protocol of its client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    Http1,
    /// HTTP/2 with prior knowledge, every call on one connection.
    Http2,
}

/// When a consumer calls. Times are in milliseconds from the start of the traffic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Behaviour {
    /// Independent arrivals at a steady rate.
    Steady {
        per_second: f64,
        mix: &'static [(u32, Trace)],
    },
    /// Idle, then many traces at once, as an agent fans out its tool calls.
    Bursts {
        first_ms: u64,
        idle_ms: (u64, u64),
        size: (u64, u64),
        mix: &'static [(u32, Trace)],
    },
    /// A month of work every `every_ms`, spread over `lasts_ms`.
    Batch {
        first_ms: u64,
        every_ms: u64,
        lasts_ms: u64,
        size: u64,
        mix: &'static [(u32, Trace)],
    },
    /// The same trace now and then.
    Rare {
        first_ms: u64,
        every_ms: u64,
        trace: Trace,
    },
    Never,
}

/// One consumer.
#[derive(Debug, Clone, Copy)]
pub struct Character {
    /// Unique.
    pub name: &'static str,
    pub role: Role,
    pub kind: ConsumerKind,
    pub plan: &'static str,
    pub user_agent: &'static str,
    pub sign_in: SignIn,
    pub wire: Wire,
    pub behaviours: &'static [Behaviour],
}

impl Character {
    const fn new(
        name: &'static str,
        role: Role,
        user_agent: &'static str,
        behaviours: &'static [Behaviour],
    ) -> Self {
        let (kind, plan) = match role {
            Production => (ConsumerKind::Developer, "enterprise"),
            Agent => (ConsumerKind::Agent, "agent"),
            Batch => (ConsumerKind::Developer, "business"),
            LongTail | Dormant | Stranger => (ConsumerKind::Developer, "starter"),
        };
        Self {
            name,
            role,
            kind,
            plan,
            user_agent,
            sign_in: SignIn::Bearer,
            wire: Wire::Http1,
            behaviours,
        }
    }

    const fn squad(self) -> Self {
        Self {
            kind: ConsumerKind::Squad,
            plan: "internal",
            ..self
        }
    }

    const fn signs_in(self, sign_in: SignIn) -> Self {
        Self { sign_in, ..self }
    }

    const fn over_http2(self) -> Self {
        Self {
            wire: Wire::Http2,
            ..self
        }
    }

    /// The contact that a registration would have left.
    pub fn contact(&self) -> String {
        let host: String = self
            .name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        format!("api@{}.example", host.to_lowercase())
    }
}

const SHOP: &[(u32, Trace)] = &[
    (52, Trace::Checkout),
    (22, Trace::LookUpPayment),
    (8, Trace::Refund),
    (6, Trace::BrowseCustomers),
    (5, Trace::UpdateCustomer),
    (3, Trace::ReplacePaymentMethod),
    (2, Trace::BadPayment),
    (2, Trace::UnknownPayment),
];
const TRAVEL: &[(u32, Trace)] = &[
    (60, Trace::ReserveAndCapture),
    (25, Trace::LookUpPayment),
    (7, Trace::ReserveAndCancel),
    (5, Trace::Refund),
    (2, Trace::CaptureTwice),
    (1, Trace::BadPayment),
];
const SUBSCRIPTIONS: &[(u32, Trace)] = &[
    (46, Trace::Checkout),
    (24, Trace::LegacyCharge),
    (20, Trace::LookUpPayment),
    (6, Trace::Refund),
    (3, Trace::Reconcile),
    (1, Trace::UnknownPayment),
];
const SMALL_SHOP: &[(u32, Trace)] = &[
    (60, Trace::Checkout),
    (28, Trace::LookUpPayment),
    (6, Trace::Refund),
    (4, Trace::BrowseCustomers),
    (2, Trace::BadPayment),
];
const LEGACY_SHOP: &[(u32, Trace)] = &[
    (70, Trace::LegacyCharge),
    (25, Trace::LookUpPayment),
    (5, Trace::LegacyTransfers),
];
const BOOKKEEPING: &[(u32, Trace)] = &[
    (5, Trace::Reconcile),
    (3, Trace::PollEvents),
    (2, Trace::LegacyTransfers),
];
const TYPO_SHOP: &[(u32, Trace)] = &[(80, Trace::Checkout), (20, Trace::WrongPath)];

const fn steady(per_second: f64, mix: &'static [(u32, Trace)]) -> Behaviour {
    Behaviour::Steady { per_second, mix }
}

const fn rare(first_ms: u64, every_ms: u64, trace: Trace) -> Behaviour {
    Behaviour::Rare {
        first_ms,
        every_ms,
        trace,
    }
}

const fn bursts(
    first_ms: u64,
    idle_ms: (u64, u64),
    size: (u64, u64),
    mix: &'static [(u32, Trace)],
) -> Behaviour {
    Behaviour::Bursts {
        first_ms,
        idle_ms,
        size,
        mix,
    }
}

/// Everyone, busiest first.
pub const CAST: &[Character] = &[
    Character::new(
        "Northwind Retail",
        Production,
        "payments-node/4.7.1 node/22.12.0",
        &[
            steady(36.0, SHOP),
            rare(900, 20_000, Trace::WatchEvents),
            rare(2_500, 15_000, Trace::RegisterWebhook),
        ],
    ),
    Character::new(
        "Harbor Travel",
        Production,
        "payments-java/5.2.0 OpenJDK/21.0.5",
        &[steady(28.0, TRAVEL), rare(4_000, 9_000, Trace::Reconcile)],
    ),
    Character::new(
        "Kestrel Food",
        Production,
        "payments-python/3.9.2 python/3.12.7",
        &[
            steady(26.0, SUBSCRIPTIONS),
            rare(1_700, 12_000, Trace::PollEvents),
        ],
    )
    .signs_in(SignIn::ApiKeyHeader),
    // The long tail: a few calls a second and less.
    Character::new(
        "Blue Fern Books",
        LongTail,
        "payments-php/2.4.0 PHP/8.3.14",
        &[steady(1.6, SMALL_SHOP)],
    ),
    Character::new(
        "Tidewater Coffee",
        LongTail,
        "payments-ruby/6.1.3 ruby/3.3.6",
        &[steady(1.4, SMALL_SHOP)],
    ),
    Character::new(
        "Copper Lane Cycles",
        LongTail,
        "payments-go/2.1.0",
        &[steady(1.2, SMALL_SHOP)],
    ),
    Character::new(
        "Nimbus Fitness",
        LongTail,
        "payments-node/4.2.0 node/20.18.1",
        &[steady(1.1, LEGACY_SHOP)],
    ),
    Character::new(
        "Little Oak Toys",
        LongTail,
        "axios/1.7.9",
        &[steady(1.0, SMALL_SHOP)],
    )
    .signs_in(SignIn::ApiKeyHeader),
    Character::new(
        "Marlow Tickets",
        LongTail,
        "payments-java/4.9.8 OpenJDK/17.0.13",
        &[steady(0.9, TRAVEL)],
    ),
    Character::new(
        "Sundial Spa",
        LongTail,
        "payments-php/1.9.9 PHP/8.1.31",
        &[steady(0.8, LEGACY_SHOP)],
    ),
    Character::new(
        "Quill Stationery",
        LongTail,
        "python-requests/2.32.3",
        &[steady(0.8, SMALL_SHOP)],
    ),
    Character::new(
        "Polar Gear",
        LongTail,
        "payments-go/2.1.0",
        &[steady(0.7, SMALL_SHOP)],
    ),
    Character::new(
        "Juniper Garden",
        LongTail,
        "payments-ruby/6.0.0 ruby/3.2.6",
        &[steady(0.6, SMALL_SHOP)],
    ),
    Character::new(
        "Halcyon Hotels",
        LongTail,
        "payments-dotnet/3.0.4 .NET/9.0.0",
        &[steady(0.6, TRAVEL)],
    )
    .over_http2(),
    Character::new(
        "Brightside Dental",
        LongTail,
        "okhttp/4.12.0",
        &[steady(0.5, TYPO_SHOP)],
    ),
    Character::new(
        "Vela Sailing",
        LongTail,
        "payments-node/4.7.1 node/22.12.0",
        &[steady(0.5, SMALL_SHOP)],
    ),
    Character::new(
        "Mosaic Learning",
        LongTail,
        "payments-python/3.9.2 python/3.12.7",
        &[steady(0.4, SMALL_SHOP), rare(3_300, 25_000, Trace::Export)],
    ),
    Character::new(
        "Orchard Direct",
        LongTail,
        "Go-http-client/1.1",
        &[steady(0.4, SMALL_SHOP)],
    )
    .signs_in(SignIn::ApiKeyHeader),
    Character::new(
        "Ferrous Tools",
        LongTail,
        "payments-php/1.9.9 PHP/8.1.31",
        &[steady(0.35, LEGACY_SHOP)],
    ),
    Character::new(
        "Lantern Games",
        LongTail,
        "payments-dotnet/3.0.4 .NET/9.0.0",
        &[steady(0.35, SMALL_SHOP)],
    )
    .over_http2(),
    Character::new(
        "Saffron Kitchen",
        LongTail,
        "payments-ruby/6.1.3 ruby/3.3.6",
        &[steady(0.3, SMALL_SHOP)],
    ),
    Character::new(
        "Wren Music School",
        LongTail,
        "curl/8.11.0",
        &[steady(0.25, BOOKKEEPING)],
    ),
    Character::new(
        "Basalt Climbing",
        LongTail,
        "payments-node/3.12.6 node/18.20.5",
        &[steady(0.25, SMALL_SHOP)],
    ),
    Character::new(
        "Petal and Stem",
        LongTail,
        "python-httpx/0.28.0",
        &[steady(0.2, SMALL_SHOP)],
    ),
    Character::new(
        "Cobalt Print",
        LongTail,
        "payments-php/2.4.0 PHP/8.3.14",
        &[steady(0.2, SMALL_SHOP)],
    ),
    Character::new(
        "squad/ledger",
        LongTail,
        "ledger-sync/1.14.0 reqwest/0.12.9",
        &[steady(0.8, BOOKKEEPING), rare(2_200, 30_000, Trace::Export)],
    )
    .squad(),
    Character::new(
        "squad/risk",
        LongTail,
        "risk-scores/0.8.2 python-httpx/0.28.0",
        &[
            steady(
                1.0,
                &[
                    (5, Trace::ReviewDisputes),
                    (3, Trace::LookUpPayment),
                    (1, Trace::LegacyTransfers),
                ],
            ),
            rare(600, 18_000, Trace::WatchEvents),
        ],
    )
    .squad(),
    Character::new(
        "squad/support-desk",
        LongTail,
        "support-desk/2025.11 okhttp/4.12.0",
        &[steady(
            0.7,
            &[
                (4, Trace::LookUpPayment),
                (3, Trace::BrowseCustomers),
                (2, Trace::Refund),
                (1, Trace::UnknownPayment),
            ],
        )],
    )
    .squad(),
    // Agents: idle, then everything at once.
    Character::new(
        "Ledger Close Agent",
        Agent,
        "ledger-close-agent/1.3.0 openai-agents/0.6.2",
        &[bursts(
            1_200,
            (7_000, 14_000),
            (30, 50),
            &[
                (6, Trace::ReadPayment),
                (2, Trace::ReadRefund),
                (1, Trace::ReadPayouts),
            ],
        )],
    ),
    Character::new(
        "Dispute Desk Agent",
        Agent,
        "dispute-desk-agent/0.4.2 langgraph/1.0.4",
        &[bursts(
            2_600,
            (6_000, 12_000),
            (20, 36),
            &[
                (3, Trace::ReadPayment),
                (3, Trace::ReadCustomer),
                (1, Trace::ReviewDisputes),
            ],
        )],
    ),
    Character::new(
        "Refund Copilot",
        Agent,
        "refund-copilot/2.0.1 mcp-client/1.3.0",
        &[bursts(
            4_100,
            (9_000, 16_000),
            (20, 28),
            &[
                (4, Trace::Refund),
                (3, Trace::ReadPayment),
                (1, Trace::UnknownPayment),
            ],
        )],
    )
    .over_http2(),
    Character::new(
        "Shopping Agent",
        Agent,
        "shopping-agent/0.9.0 langgraph/1.0.4",
        &[bursts(
            3_000,
            (5_000, 11_000),
            (20, 30),
            &[
                (3, Trace::Checkout),
                (2, Trace::ReadCustomer),
                (1, Trace::BadPayment),
            ],
        )],
    ),
    Character::new(
        "Treasury Agent",
        Agent,
        "treasury-agent/3.1.0 mcp-client/1.2.1",
        &[bursts(
            5_400,
            (10_000, 18_000),
            (24, 40),
            &[
                (3, Trace::ReadPayouts),
                (2, Trace::ReadBalance),
                (1, Trace::LegacyTransfers),
            ],
        )],
    )
    .over_http2(),
    Character::new(
        "Onboarding Agent",
        Agent,
        "onboarding-agent/0.2.7 openai-agents/0.6.2",
        &[bursts(
            7_500,
            (8_000, 15_000),
            (20, 26),
            &[
                (4, Trace::ReadCustomer),
                (1, Trace::WrongPath),
                (1, Trace::BadPayment),
            ],
        )],
    ),
    // A month in 30 seconds.
    Character::new(
        "Fern Payroll",
        Batch,
        "fern-payroll/12.1.0 okhttp/4.12.0",
        &[
            Behaviour::Batch {
                first_ms: 5_000,
                every_ms: 30_000,
                lasts_ms: 5_000,
                size: 240,
                mix: &[
                    (8, Trace::PayOut),
                    (1, Trace::ReadPayouts),
                    (1, Trace::ReadBalance),
                ],
            },
            rare(10_500, 30_000, Trace::Export),
        ],
    ),
    // Registered, and hardly ever heard of.
    Character::new(
        "Cedar Photo",
        Dormant,
        "payments-php/1.2.0 PHP/7.4.33",
        &[rare(3_500, 3_600_000, Trace::ReadBalance)],
    ),
    Character::new(
        "Atlas Freight",
        Dormant,
        "curl/7.88.1",
        &[rare(6_200, 3_600_000, Trace::LegacyTransfers)],
    ),
    Character::new(
        "Old Mill Antiques",
        Dormant,
        "payments-ruby/4.0.2 ruby/2.7.8",
        &[Behaviour::Never],
    ),
    Character::new(
        "Zephyr Drones",
        Dormant,
        "payments-node/4.7.1 node/22.12.0",
        &[Behaviour::Never],
    ),
    // Calls that no consumer owns.
    Character::new(
        "Meridian Labs",
        Stranger,
        "payments-python/3.1.0 python/3.9.20",
        &[steady(0.7, &[(1, Trace::ReadPayment)])],
    )
    .signs_in(SignIn::RevokedKey),
    Character::new(
        "a mistyped key",
        Stranger,
        "payments-go/2.0.3",
        &[steady(0.3, &[(1, Trace::ReadBalance)])],
    )
    .signs_in(SignIn::MistypedKey),
    Character::new(
        "a scanner",
        Stranger,
        "zgrab/0.x",
        &[steady(
            0.6,
            &[
                (3, Trace::Probe),
                (1, Trace::ReadBalance),
                (1, Trace::MalformedTarget),
            ],
        )],
    )
    .signs_in(SignIn::Nothing),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use adoption::ConsumerName;

    use super::*;

    #[test]
    fn about_forty_consumers_of_every_role_with_names_of_their_own() {
        let names: HashSet<_> = CAST.iter().map(|character| character.name).collect();
        assert_eq!(names.len(), CAST.len());
        for character in CAST
            .iter()
            .filter(|character| character.sign_in.is_registered())
        {
            assert!(
                ConsumerName::new(character.name.to_owned()).is_ok(),
                "{}",
                character.name
            );
        }

        let count = |role| {
            CAST.iter()
                .filter(|character| character.role == role)
                .count()
        };
        assert_eq!(
            [Production, LongTail, Agent, Batch, Dormant, Stranger].map(count),
            [3, 25, 6, 1, 4, 3],
        );
        assert_eq!(
            CAST.iter()
                .filter(|character| character.sign_in.is_registered())
                .count(),
            40
        );
    }
}
