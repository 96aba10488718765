//! What tests share: an installation in a temporary folder, calls, sums.

use std::sync::Arc;
use std::time::Duration;

use adoption::{
    ClientClass, Clock, ConsumerId, ConsumerKind, ContractId, KeyId, Micros, OperationId, Origin,
    Outcome, SurfaceId,
};
use meter::{Call, ClientNumber, Durability, Journal, JournalConfig, Lane, Settlement};
use testkit::FakeClock;

use crate::jobs::apply::{Applier, Storing, applier};
use crate::usage::UsageFigures;
use crate::{
    Actor, Breaking, Consumer, Control, ControlConfig, IssuedKey, NewConsumer, NewKey, Surface,
    SurfaceSettings, UsageBy, UsageQuery, UsageReport,
};

/// 2027-01-15T08:00:00Z, a whole hour.
pub(super) const START: Micros = Micros(1_800_000_000_000_000);

/// Tests that are not about breaks declare them.
pub(super) const DECLARED: Breaking<'_> = Breaking::Declared("a test");

pub(super) struct World {
    pub(super) dir: tempfile::TempDir,
    pub(super) clock: Arc<FakeClock>,
    pub(super) control: Control,
}

impl World {
    pub(super) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FakeClock::new(START));
        let control = open(dir.path(), &clock).await;
        Self {
            dir,
            clock,
            control,
        }
    }

    /// Another process on the same folder.
    pub(super) async fn reopened(self) -> Self {
        self.control.close().await;
        let control = open(self.dir.path(), &self.clock).await;
        Self { control, ..self }
    }

    pub(super) fn journal(&self) -> Arc<Journal> {
        journal(self.dir.path(), self.clock.clone())
    }

    pub(super) async fn surface(&self, name: &str) -> Surface {
        let mut settings = SurfaceSettings::new(name, "http://127.0.0.1:9");
        settings.path_prefix = format!("/{name}");
        self.control
            .upsert_surface(Actor::Cli, settings)
            .await
            .unwrap()
    }

    pub(super) async fn consumer(&self, name: &str) -> Consumer {
        self.control
            .create_consumer(Actor::Cli, new_consumer(name))
            .await
            .unwrap()
    }

    pub(super) async fn key(&self, consumer: &str, surface: &str) -> IssuedKey {
        let new = NewKey {
            consumer: consumer.to_owned(),
            surface: surface.to_owned(),
            kind: None,
            expires_at: None,
        };
        self.control.create_key(Actor::Cli, new).await.unwrap()
    }

    /// Usage of a year around now.
    pub(super) async fn usage(&self, by: UsageBy) -> UsageReport {
        let now = self.clock.now();
        let query = UsageQuery::new(
            by,
            now.plus_seconds(-86_400 * 180),
            now.plus_seconds(86_400 * 180),
        );
        self.control.usage(&query).await.unwrap()
    }
}

pub(super) async fn open(dir: &std::path::Path, clock: &Arc<FakeClock>) -> Control {
    // No waiting for locks: a test that makes one wants to see it.
    let config = ControlConfig {
        busy_timeout: Duration::ZERO,
        ..ControlConfig::new(dir.to_owned())
    };
    Control::open(config, clock.clone()).await.unwrap()
}

pub(super) fn new_consumer(name: &str) -> NewConsumer {
    NewConsumer {
        name: name.to_owned(),
        kind: ConsumerKind::Developer,
        contacts: vec![],
        plan: None,
        sla: None,
        external_id: None,
    }
}

pub(super) fn journal(dir: &std::path::Path, clock: Arc<FakeClock>) -> Arc<Journal> {
    let config = JournalConfig {
        segment_bytes: 64 << 10,
        spare_bytes: 64 << 10,
        spare_bytes_max: 256 << 10,
        sync_interval: Duration::from_millis(1),
        // So that `Lane::durable` says when a reader sees a call.
        durability: Durability::Strict,
        ..JournalConfig::new(dir.to_owned())
    };
    Arc::new(Journal::open(config, clock).unwrap())
}

/// A call of consumer and operation number `n`, at `at`.
pub(super) fn call(at: Micros, n: u64) -> Call {
    Call {
        surface: SurfaceId::from_raw(100),
        operation: OperationId::from_raw(200 + n % 5),
        consumer: ConsumerId::from_raw(300 + n % 7),
        key: KeyId::from_raw(400 + n % 7),
        contract: ContractId::from_raw(500),
        client: ClientNumber::OTHER,
        client_class: ClientClass::Sdk,
        started_at: at,
    }
}

pub(super) const SETTLEMENT: Settlement = Settlement {
    bytes_in: 10,
    bytes_out: 1_000,
    latency_us: 5_000,
    upstream_us: 4_000,
    units: 1,
    outcome: Outcome::Complete,
    shapes: meter::Shapes {
        request: meter::ShapeNumber::UNOBSERVED,
        response: meter::ShapeNumber::UNOBSERVED,
    },
};

/// Answers and settles one call.
pub(super) fn answer(lane: &Lane, call: &Call, status: u16) {
    let reservation = lane.reserve(call, status, Origin::Upstream, 1).unwrap();
    lane.settle(reservation, &SETTLEMENT);
}

/// Applies everything on disk.
pub(super) async fn drain(applier: &mut Applier) {
    while !applier.pass(Storing::Now).await.unwrap().caught_up {}
}

/// Drops the journal, so that everything is on disk and every stream is dead; then applies all of it.
pub(super) async fn apply_all(world: &World, journal: Arc<Journal>) {
    drop(journal);
    let mut applier = applier(&world.control, world.journal());
    drain(&mut applier).await;
}

/// The part of the figures that is counted, for comparison.
pub(super) fn counts(figures: &UsageFigures) -> (u64, u64, u64, u64, u64) {
    (
        figures.calls,
        figures.errors,
        figures.attempts,
        figures.interrupted,
        figures.bytes_out,
    )
}
