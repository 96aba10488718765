//! The sums of everything that was folded and is not stored yet, of all streams together.

use adoption::{ContractId, KeyId, LatencyBucket, OperationId, StatusClass, SurfaceId};
use rustc_hash::FxHashMap;

use super::rows::{
    ClientKey, ClientRow, Grain, LatencyKey, LatencyRow, Seen, ShapeKey, ShapeRow, UsageCounts,
    UsageKey, UsageRow,
};
use super::table::Table;

/// Rows at minute grain (of clients: day grain), each with what its next call is likely to need beside it.
#[derive(Default)]
pub struct Sums {
    usage: Table<UsageKey, Usage>,
    latency: Table<LatencyGroup, Buckets>,
    /// Buckets with a call, of all groups.
    latency_rows: usize,
    clients: Table<ClientOfKey, u64>,
    /// Name and version of each client, by its place.
    client_names: Vec<(String, String)>,
    client_places: FxHashMap<(String, String), u32>,
    shapes: Table<ShapesOfKey, u64>,
    /// Each shape, by its place less one.
    seen: Vec<Seen>,
    seen_places: FxHashMap<Seen, u32>,
}

/// The place of what nobody saw.
pub(super) const UNSEEN: u32 = 0;

#[derive(Default)]
struct Usage {
    counts: UsageCounts,
    /// Where its last settle counted in `latency`.
    latency: u32,
    /// The client of its last call, and where that counted in `clients`.
    client: (u32, u32),
    /// Where its last settle counted in `shapes`.
    shapes: u32,
}

/// The columns of a shape row, its shapes by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct ShapesOfKey {
    key: ShapeKey,
    request: u32,
    response: u32,
}

/// The columns of a latency row but its bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct LatencyGroup {
    period: i64,
    surface: SurfaceId,
    operation: OperationId,
    contract: ContractId,
    status_class: StatusClass,
}

/// The columns of a client row, its client by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct ClientOfKey {
    day: i64,
    surface: SurfaceId,
    key: KeyId,
    client: u32,
}

impl ShapesOfKey {
    /// `None` for calls of no operation of a contract, which have no leaves.
    fn of(key: &UsageKey, request: u32, response: u32) -> Option<Self> {
        let reserved = [OperationId::UNMATCHED, OperationId::REFUSED];
        let key = ShapeKey {
            day: Grain::Day.period_of(key.period),
            surface: key.surface,
            consumer: key.consumer,
            key: key.key,
            operation: key.operation,
            contract: key.contract,
        };
        (!reserved.contains(&key.operation)).then_some(Self {
            key,
            request,
            response,
        })
    }
}

/// Calls by latency bucket: from the least to the greatest that was met, a few tens.
#[derive(Default)]
struct Buckets {
    least: i16,
    calls: Vec<u64>,
}

impl Buckets {
    /// The calls of `bucket`.
    fn of(&mut self, bucket: i16) -> &mut u64 {
        if self.calls.is_empty() {
            self.least = bucket;
        }
        if bucket < self.least {
            let missing = bucket.abs_diff(self.least);
            self.calls
                .splice(0..0, std::iter::repeat_n(0, usize::from(missing)));
            self.least = bucket;
        }
        let place = usize::from(bucket.abs_diff(self.least));
        if place >= self.calls.len() {
            self.calls.resize(place + 1, 0);
        }
        &mut self.calls[place]
    }

    fn iter(&self) -> impl Iterator<Item = (LatencyBucket, u64)> {
        (self.least..)
            .zip(&self.calls)
            .filter(|(_, calls)| **calls > 0)
            .map(|(bucket, calls)| (LatencyBucket(bucket), *calls))
    }
}

impl Sums {
    /// Rows of usage, latency and shapes.
    pub fn rows(&self) -> usize {
        self.usage.len() + self.latency_rows + self.shapes.len()
    }

    /// Forgets everything, once it is stored.
    pub fn clear(&mut self) {
        self.usage.clear();
        self.latency.clear();
        self.latency_rows = 0;
        self.clients.clear();
        self.client_names.clear();
        self.client_places.clear();
        self.shapes.clear();
        self.seen.clear();
        self.seen_places.clear();
    }

    /// In order of key: neighbours in the table are written one after the other.
    pub fn usage_rows(&self) -> Vec<UsageRow> {
        let mut rows: Vec<_> = self
            .usage
            .iter()
            .map(|(key, usage)| UsageRow {
                key: *key,
                counts: usage.counts,
            })
            .collect();
        rows.sort_unstable_by_key(|row| row.key);
        rows
    }

    /// In order of key.
    pub fn latency_rows(&self) -> Vec<LatencyRow> {
        let mut rows: Vec<_> = self
            .latency
            .iter()
            .flat_map(|(group, buckets)| {
                buckets.iter().map(|(bucket, n)| LatencyRow {
                    key: LatencyKey {
                        period: group.period,
                        surface: group.surface,
                        operation: group.operation,
                        contract: group.contract,
                        status_class: group.status_class,
                        bucket,
                    },
                    n,
                })
            })
            .collect();
        rows.sort_unstable_by_key(|row| row.key);
        rows
    }

    /// In order of key.
    pub fn client_rows(&self) -> Vec<ClientRow> {
        let mut rows: Vec<_> = self
            .clients
            .iter()
            .map(|(row, calls)| {
                let (client, version) = self.client_names[row.client as usize].clone();
                let key = ClientKey {
                    day: row.day,
                    surface: row.surface,
                    key: row.key,
                    client,
                    version,
                };
                ClientRow { key, calls: *calls }
            })
            .collect();
        rows.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        rows
    }

    /// In order of key, then of what was seen.
    pub fn shape_rows(&self) -> Vec<ShapeRow> {
        let seen = |place: u32| {
            let place = place.checked_sub(1)?;
            Some(self.seen[place as usize].clone())
        };
        let mut rows: Vec<_> = self
            .shapes
            .iter()
            .map(|(row, calls)| ShapeRow {
                key: row.key,
                request: seen(row.request),
                response: seen(row.response),
                calls: *calls,
            })
            .collect();
        rows.sort_unstable_by(|one, other| {
            let order = |row: &ShapeRow| (row.key, row.request.clone(), row.response.clone());
            one.key
                .cmp(&other.key)
                .then_with(|| order(one).cmp(&order(other)))
        });
        rows
    }

    /// The keys of all usage rows, in no order; several rows may be of one credential.
    pub fn usage_keys(&self) -> impl Iterator<Item = &UsageKey> {
        self.usage.iter().map(|(key, _)| key)
    }

    /// The place of a client.
    pub(super) fn client(&mut self, name: &str, version: &str) -> u32 {
        let names = (name.to_owned(), version.to_owned());
        if let Some(place) = self.client_places.get(&names) {
            return *place;
        }
        let place = self.client_names.len() as u32;
        self.client_names.push(names.clone());
        self.client_places.insert(names, place);
        place
    }

    /// The place of a shape; never [`UNSEEN`].
    pub(super) fn shape(&mut self, seen: Seen) -> u32 {
        if let Some(place) = self.seen_places.get(&seen) {
            return *place;
        }
        self.seen.push(seen.clone());
        let place = self.seen.len() as u32;
        self.seen_places.insert(seen, place);
        place
    }

    /// Adds a call that was answered, of the client in that place; the number of its row.
    pub(super) fn answer(&mut self, key: UsageKey, counts: &UsageCounts, client: u32) -> u32 {
        let (number, usage) = self.usage.row(key);
        usage.counts.add(counts);
        let known = usage.counts.calls > counts.calls && usage.client.0 == client;
        if known {
            *self.clients.at_mut(usage.client.1) += counts.calls;
            return number;
        }
        let (place, calls) = self.clients.row(ClientOfKey {
            day: Grain::Day.period_of(key.period),
            surface: key.surface,
            key: key.key,
            client,
        });
        *calls += counts.calls;
        usage.client = (client, place);
        number
    }

    /// Adds the end of a call whose row is probably `guess`.
    pub(super) fn end(
        &mut self,
        guess: u32,
        key: UsageKey,
        counts: &UsageCounts,
        bucket: LatencyBucket,
        (request, response): (u32, u32),
    ) {
        let (_, usage) = self.usage.guessed_row(guess, key);
        usage.counts.add(counts);
        let group = LatencyGroup {
            period: key.period,
            surface: key.surface,
            operation: key.operation,
            contract: key.contract,
            status_class: key.status_class,
        };
        let (number, buckets) = self.latency.guessed_row(usage.latency, group);
        usage.latency = number;
        let calls = buckets.of(bucket.0);
        self.latency_rows += usize::from(*calls == 0);
        *calls += 1;
        if let Some(row) = ShapesOfKey::of(&key, request, response) {
            let (number, calls) = self.shapes.guessed_row(usage.shapes, row);
            usage.shapes = number;
            *calls += 1;
        }
    }

    /// Adds a call of which nobody saw the end.
    pub(super) fn interrupt(&mut self, key: UsageKey, counts: &UsageCounts) {
        self.usage.row(key).1.counts.add(counts);
        if let Some(row) = ShapesOfKey::of(&key, UNSEEN, UNSEEN) {
            *self.shapes.row(row).1 += 1;
        }
    }
}
