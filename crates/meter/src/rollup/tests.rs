//! Laws of the fold: sums equal counts, batches may be cut anywhere, nothing is dropped or counted twice.

use adoption::{
    ClientClass, ConsumerId, ContractId, KeyId, Micros, OperationId, Origin, Outcome, StatusClass,
    SurfaceId,
};
use proptest::prelude::*;

use super::*;
use crate::entry::{Call, ClientNumber, EntryBody, Settlement};

const STREAM: StreamId = StreamId {
    gateway: 1,
    epoch: 2,
    lane: 3,
};

/// One thing that happens in a stream.
#[derive(Debug, Clone)]
enum Event {
    Answer {
        kind: u64,
        status: u16,
        minute: i64,
        client: u32,
    },
    /// Settles the open call at this place, when there is one.
    End {
        place: usize,
        latency_us: u64,
        outcome: u8,
    },
    Name {
        number: u32,
        name: String,
    },
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let answer = (0..40u64, 100..600u16, -3_000..3_000i64, 0..5u32).prop_map(
        |(kind, status, minute, client)| Event::Answer {
            kind,
            status,
            minute,
            client,
        },
    );
    let end =
        (any::<usize>(), 0..10_000_000u64, 0..4u8).prop_map(|(place, latency_us, outcome)| {
            Event::End {
                place,
                latency_us,
                outcome,
            }
        });
    let name = (1..5u32, "[a-c]").prop_map(|(number, name)| Event::Name { number, name });
    proptest::collection::vec(prop_oneof![5 => answer, 4 => end, 1 => name], 0..300)
}

fn call(kind: u64, minute: i64, client: u32) -> Call {
    Call {
        surface: SurfaceId::from_raw(20 + kind % 2),
        operation: OperationId::from_raw(30 + kind % 3),
        consumer: ConsumerId::from_raw(40 + kind % 4),
        key: KeyId::from_raw(50 + kind % 4),
        contract: ContractId::from_raw(60 + kind % 2),
        client: ClientNumber(client),
        client_class: ClientClass::ALL[kind as usize % 5],
        started_at: Micros(minute * 60_000_000 + kind as i64),
    }
}

fn settlement(latency_us: u64, outcome: u8) -> Settlement {
    Settlement {
        bytes_in: latency_us % 100,
        bytes_out: latency_us % 1_000,
        latency_us,
        upstream_us: latency_us / 2,
        units: latency_us % 7,
        outcome: Outcome::from_raw(outcome).unwrap(),
        shapes: crate::Shapes::default(),
    }
}

/// The events as journal entries, and the reserves that stay open.
fn entries(events: &[Event]) -> (Vec<Entry>, usize) {
    let mut open: Vec<u64> = vec![];
    let mut entries = vec![];
    for event in events {
        let seq = entries.len() as u64 + 1;
        let body = match event {
            Event::Answer {
                kind,
                status,
                minute,
                client,
            } => {
                open.push(seq);
                EntryBody::Reserve {
                    call: call(*kind, *minute, *client),
                    status: *status,
                    origin: Origin::from_raw((*kind % 4) as u8).unwrap(),
                    attempts: (*kind % 3) as u16,
                }
            }
            Event::End { .. } if open.is_empty() => continue,
            Event::End {
                place,
                latency_us,
                outcome,
            } => EntryBody::Settle {
                reserve_seq: open.remove(place % open.len()),
                settlement: settlement(*latency_us, *outcome),
            },
            Event::Name { number, name } => EntryBody::Client {
                number: ClientNumber(*number),
                name: name.clone(),
                version: "1".into(),
            },
        };
        entries.push(Entry { seq, body });
    }
    (entries, open.len())
}

/// The naive count: one pass, one total.
fn totals(entries: &[Entry]) -> (UsageCounts, u64) {
    let mut totals = UsageCounts::default();
    let mut settles = 0;
    for entry in entries {
        match &entry.body {
            EntryBody::Reserve {
                status,
                origin,
                attempts,
                ..
            } => {
                totals.calls += 1;
                totals.errors += u64::from(*status >= 400);
                totals.ours += u64::from(*origin != Origin::Upstream);
                totals.attempts += u64::from(*attempts);
            }
            EntryBody::Settle { settlement, .. } => {
                settles += 1;
                totals.interrupted += u64::from(settlement.outcome == Outcome::Interrupted);
                totals.units += settlement.units;
                totals.bytes_in += settlement.bytes_in;
                totals.bytes_out += settlement.bytes_out;
                totals.latency_us_sum += settlement.latency_us;
                totals.latency_us_max = totals.latency_us_max.max(settlement.latency_us);
            }
            EntryBody::Client { .. } | EntryBody::Shape { .. } => {}
        }
    }
    (totals, settles)
}

fn sum(rows: &[UsageRow]) -> UsageCounts {
    let mut sum = UsageCounts::default();
    rows.iter().for_each(|row| sum.add(&row.counts));
    sum
}

proptest! {
    #[test]
    fn sums_of_rollups_equal_counts_of_events(events in events(), cuts in proptest::collection::vec(1..40usize, 1..40)) {
        let (entries, left_open) = entries(&events);
        let mut open = OpenCalls::load(0, []);
        let (mut usage, mut latency, mut clients) = (vec![], vec![], 0);
        let mut cuts = cuts.iter().cycle();
        let mut rest = &entries[..];
        while !rest.is_empty() {
            let (batch, after) = rest.split_at(rest.len().min(*cuts.next().unwrap()));
            rest = after;
            // Through rows and back, as after a restart; names are told again by the reader.
            let names = entries.iter().filter(|entry| entry.seq < batch[0].seq);
            let names = names.filter(|entry| matches!(entry.body, EntryBody::Client { .. }));
            let batch: Vec<_> = names.chain(batch).cloned().collect();
            open = OpenCalls::load(open.through_seq(), open.rows());
            let delta = fold(STREAM, &batch, &mut open).unwrap();
            prop_assert!(delta.usage.is_sorted_by_key(|row| row.key));
            usage.extend(delta.usage);
            latency.extend(delta.latency);
            clients += delta.clients.iter().map(|row| row.calls).sum::<u64>();
        }
        prop_assert_eq!(open.len(), left_open);
        let closing = close(STREAM, &mut open);
        prop_assert_eq!(closing.closed.len(), left_open);
        usage.extend(closing.usage);
        prop_assert!(close(STREAM, &mut open).is_empty());

        let (mut expect, settles) = totals(&entries);
        expect.interrupted += left_open as u64;
        prop_assert_eq!(sum(&usage), expect);
        prop_assert_eq!(latency.iter().map(|row| row.n).sum::<u64>(), settles);
        prop_assert_eq!(clients, expect.calls);
        for grain in [Grain::Minute, Grain::Hour, Grain::Day] {
            prop_assert_eq!(sum(&usage_at(&usage, grain)), expect);
            prop_assert_eq!(latency_at(&latency, grain).iter().map(|row| row.n).sum::<u64>(), settles);
        }

        // In one go it is the same rows.
        let mut whole = OpenCalls::load(0, []);
        let delta = fold(STREAM, &entries, &mut whole).unwrap();
        let mut rows = delta.usage;
        rows.extend(close(STREAM, &mut whole).usage);
        prop_assert_eq!(usage_at(&rows, Grain::Minute), usage_at(&usage, Grain::Minute));
    }

    #[test]
    fn entries_that_are_missing_or_come_twice_change_nothing(events in events(), at in any::<usize>()) {
        let (entries, _) = entries(&events);
        prop_assume!(entries.len() > 1);
        let at = 1 + at % (entries.len() - 1);
        let mut open = OpenCalls::load(0, []);
        fold(STREAM, &entries[..at], &mut open).unwrap();
        let before = open.clone();

        if !matches!(entries[at - 1].body, EntryBody::Client { .. }) {
            let twice = fold(STREAM, &entries[at - 1..], &mut open);
            prop_assert_eq!(twice, Err(FoldError::Gap { stream: STREAM, through_seq: at as u64, found: at as u64 }));
        }
        let mut holed = entries[at..].to_vec();
        holed.remove(0);
        if let Some(first) = holed.first().cloned() {
            let missing = fold(STREAM, &holed, &mut open);
            prop_assert_eq!(missing, Err(FoldError::Gap { stream: STREAM, through_seq: at as u64, found: first.seq }));
        }
        prop_assert_eq!(open, before);
    }
}

fn reserve(seq: u64, client: u32) -> Entry {
    let body = EntryBody::Reserve {
        call: call(1, 90, client),
        status: 404,
        origin: Origin::Consumer,
        attempts: 0,
    };
    Entry { seq, body }
}

fn settle(seq: u64, reserve_seq: u64) -> Entry {
    Entry {
        seq,
        body: EntryBody::Settle {
            reserve_seq,
            settlement: settlement(1_500, 0),
        },
    }
}

#[test]
fn a_settle_without_its_reserve_is_an_error_and_nothing_is_folded() {
    for bad in [
        vec![settle(1, 1)],
        vec![reserve(1, 0), settle(2, 1), settle(3, 1)],
        vec![reserve(1, 0), settle(2, 7)],
    ] {
        let mut open = OpenCalls::load(0, []);
        let error = fold(STREAM, &bad, &mut open).unwrap_err();
        assert!(matches!(error, FoldError::UnknownReserve { .. }), "{error}");
        assert_eq!(open, OpenCalls::load(0, []));
    }
    // Reserved in an earlier batch, settled twice in a later one.
    let mut open = OpenCalls::load(0, []);
    fold(STREAM, &[reserve(1, 0)], &mut open).unwrap();
    let before = open.clone();
    assert!(fold(STREAM, &[settle(2, 1), settle(3, 1)], &mut open).is_err());
    assert_eq!(open, before);
    // Settled in an earlier batch, too.
    let mut open = OpenCalls::load(0, []);
    fold(STREAM, &[reserve(1, 0)], &mut open).unwrap();
    fold(STREAM, &[settle(2, 1)], &mut open).unwrap();
    let error = fold(STREAM, &[settle(3, 1)], &mut open).unwrap_err();
    insta::assert_snapshot!(
        error,
        @"settle 3 of 0000000000000001-0000000000000002-0003 names reserve 1, which is not open"
    );
}

#[test]
fn the_settle_counts_in_the_minute_of_the_reserve() {
    let mut open = OpenCalls::load(0, []);
    let first = fold(STREAM, &[reserve(1, 0), reserve(2, 0)], &mut open).unwrap();
    assert_eq!(first.opened.len(), 2);
    let second = fold(STREAM, &[settle(3, 2)], &mut open).unwrap();
    assert_eq!((second.after_seq, second.through_seq), (2, 3));
    assert_eq!(second.closed, first.opened[1..]);
    assert_eq!(second.usage[0].key, first.usage[0].key);
    assert_eq!(second.usage[0].key.period, 90);
    assert_eq!(second.latency[0].key.status_class, StatusClass::of(404));
    insta::assert_debug_snapshot!(second.usage[0].counts, @"
    UsageCounts {
        calls: 0,
        errors: 0,
        ours: 0,
        attempts: 0,
        interrupted: 0,
        units: 2,
        bytes_in: 0,
        bytes_out: 500,
        latency_us_sum: 1500,
        latency_us_max: 1500,
    }
    ");
    let closing = close(STREAM, &mut open);
    assert_eq!(
        (closing.usage[0].counts.interrupted, closing.closed.len()),
        (1, 1)
    );
}

#[test]
fn a_number_means_the_client_it_was_last_given() {
    let name = |seq, number, name: &str| {
        let (name, version) = (name.to_owned(), "2".to_owned());
        Entry {
            seq,
            body: EntryBody::Client {
                number: ClientNumber(number),
                name,
                version,
            },
        }
    };
    let mut open = OpenCalls::load(0, []);
    let batch = [
        reserve(1, 5),
        name(2, 5, "curl"),
        reserve(3, 5),
        name(4, 5, "sdk"),
        reserve(5, 5),
        reserve(6, 0),
    ];
    let delta = fold(STREAM, &batch, &mut open).unwrap();
    let clients: Vec<_> = delta
        .clients
        .iter()
        .map(|row| (row.key.client.as_str(), row.calls))
        .collect();
    assert_eq!(clients, [("(other)", 2), ("curl", 1), ("sdk", 1)]);

    // Told again by a reader that starts in the middle: a name, not an event.
    let mut restarted = OpenCalls::load(6, open.rows());
    let delta = fold(STREAM, &[name(4, 5, "sdk"), reserve(7, 5)], &mut restarted).unwrap();
    assert_eq!(delta.clients[0].key.client, "sdk");
    assert_eq!((delta.after_seq, delta.through_seq), (6, 7));
}
