//! What the drill runs on: two servers, Towpath in front of them with the drill's clock, and the registered consumers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use adoption::Micros;
use anyhow::Context as _;
use control::{
    Actor, Breaking, Contact, Control, NewConsumer, NewKey, NoticeSettings, Senders, UsageBy,
    UsageQuery,
};

use super::clock::DrillClock;
use super::consumers::{Consumer, drawn};
use super::inbox::Inbox;
use super::upstream::{Upstream, Version};
use crate::config::{Config, LogRequests, SurfaceSection};
use crate::demo::setup::DataFolder;
use crate::run::{self, Running};

pub const SURFACE: &str = "orders";
const OLD: &str = include_str!("../../assets/drill-1.yaml");
pub const NEW: &str = include_str!("../../assets/drill-2.yaml");

/// How long the gateway may take to know what was published.
const PUBLISHED_LIMIT: Duration = Duration::from_secs(20);

/// How long it may take to count what was called.
const COUNTED_LIMIT: Duration = Duration::from_secs(60);

/// Everything that runs.
pub struct Stage {
    pub running: Running,
    pub control: Control,
    pub clock: Arc<DrillClock>,
    pub consumers: Vec<Consumer>,
    pub new: Upstream,
    _old: Upstream,
    /// Removed after everything that uses it.
    _folder: DataFolder,
}

impl Stage {
    pub async fn set(count: usize, seed: u64, start: Micros) -> anyhow::Result<Self> {
        let folder = DataFolder::at(None)?;
        let old = Upstream::start(Version::Old).await?;
        let new = Upstream::start(Version::New).await?;
        let clock = Arc::new(DrillClock::at(start));
        let url = format!("http://{}", old.addr);
        let mut config = Config {
            data: folder.path.clone(),
            surfaces: vec![SurfaceSection::new(SURFACE.to_owned(), vec![url])],
            ..Config::default()
        };
        let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        (config.gateway.listen, config.web.listen) = (any, any);
        config.log.requests = LogRequests::Off;
        let running = run::start_with(config, clock.clone()).await?;
        let control = running.control().await.context("the state is not open")?;
        let before = control.senders();
        control.set_senders(Senders {
            settings: NoticeSettings {
                public_url: Some("https://orders.example".to_owned()),
                from: Some("Orders API <api@orders.example>".to_owned()),
                owner: Some("owner@orders.example".to_owned()),
                ..before.settings.clone()
            },
            mail: Some(Arc::new(Inbox::new(seed))),
            http: Arc::clone(&before.http),
        });
        let declared = Breaking::Declared("the drill");
        control
            .push_contract(Actor::Cli, SURFACE, "orders-1.yaml", OLD, declared)
            .await
            .context("the drill's contract was refused")?;
        let mut consumers = Vec::with_capacity(count);
        for number in 0..count {
            consumers.push(registered(&control, number, drawn(number, seed)).await?);
        }
        let stage = Self {
            running,
            control,
            clock,
            consumers,
            new,
            _old: old,
            _folder: folder,
        };
        stage.published().await?;
        Ok(stage)
    }

    /// Waits until the roll-ups hold so many calls.
    pub async fn counted(&self, calls: u64) -> anyhow::Result<()> {
        let limit = Instant::now() + COUNTED_LIMIT;
        loop {
            let now = adoption::Clock::now(&*self.clock);
            let query = UsageQuery::new(UsageBy::Version, Micros(0), now.plus_seconds(86_400));
            let found = self.control.usage(&query).await?;
            if found.total.calls >= calls {
                return Ok(());
            }
            anyhow::ensure!(
                Instant::now() < limit,
                "usage was not counted within a minute"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the gateway acts by what is stored.
    pub async fn published(&self) -> anyhow::Result<()> {
        let wanted = self.control.generation_due().await?;
        let limit = Instant::now() + PUBLISHED_LIMIT;
        while self.control.health().await.generation < wanted {
            anyhow::ensure!(
                Instant::now() < limit,
                "the gateway did not learn of a step within 20 s"
            );
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(())
    }
}

async fn registered(control: &Control, number: usize, drawn: Consumer) -> anyhow::Result<Consumer> {
    let name = drawn.name.to_lowercase().replace([' ', '/'], "-");
    // One mailbox in a hundred is gone: its notices go to the owner.
    let mailbox = match number % 100 {
        17 => format!("gone-{name}@example.com"),
        _ => format!("{name}@example.com"),
    };
    let new = NewConsumer {
        name: drawn.name.clone(),
        kind: drawn.kind,
        contacts: vec![Contact {
            address: mailbox,
            name: None,
            role: None,
        }],
        plan: Some(drawn.plan.to_owned()),
        sla: None,
        external_id: None,
    };
    let consumer = control.create_consumer(Actor::Cli, new).await?;
    let new = NewKey {
        consumer: consumer.id.to_string(),
        surface: SURFACE.to_owned(),
        kind: None,
        expires_at: None,
    };
    let key = control.create_key(Actor::Cli, new).await?;
    Ok(Consumer {
        id: consumer.id,
        key_id: key.key.id,
        key: key.secret.0,
        ..drawn
    })
}
