//! Damage to the files: every byte cut, flipped bits, lost files; nothing bad is ever given out.

use testkit::{Random, SimDisk};

use super::sim::{
    CAPACITY, SEGMENT_BYTES, SimJournal, attempts, call, clock, origin, segments, settlement,
    status,
};
use crate::entry::{Entry, StreamId};
use crate::format::ENTRY_BYTES;
use crate::reader::{BatchEnd, ReadError, Reader, StreamState, TornTail};

/// How a dead stream read from its start ended.
#[derive(Debug)]
enum Ended {
    Clean,
    Torn(TornTail),
    Damaged { seq: u64 },
    Missing { seq: u64 },
}

/// Reads a dead stream from the start.
fn read_all(reader: &mut Reader, stream: StreamId) -> (Vec<Entry>, Ended) {
    let mut entries = Vec::new();
    loop {
        let after = entries.len() as u64;
        match reader.read(stream, after, 1_000) {
            Ok(batch) => {
                entries.extend(batch.entries);
                match batch.end {
                    BatchEnd::More => {}
                    BatchEnd::Live => panic!("{stream} is dead"),
                    BatchEnd::Dead { torn: None } => return (entries, Ended::Clean),
                    BatchEnd::Dead { torn: Some(torn) } => return (entries, Ended::Torn(torn)),
                }
            }
            Err(ReadError::Damaged { seq, .. }) => return (entries, Ended::Damaged { seq }),
            Err(ReadError::Missing { seq, .. }) => return (entries, Ended::Missing { seq }),
            Err(error) => panic!("{error}"),
        }
    }
}

/// A disk with one dead stream of `count` entries, written by a process that was killed. Its writer knew
/// everything through `synced` to be on disk, as its last entry tells.
struct Image {
    disk: SimDisk,
    stream: StreamId,
    entries: Vec<Entry>,
}

impl Image {
    fn new(seed: u64, count: u64, synced: u64) -> Self {
        let mut random = Random::new(seed);
        let disk = SimDisk::new(seed, 1 << 24);
        let journal = SimJournal::open(&disk, &clock()).unwrap();
        let lane = journal.lane(3).unwrap();
        let stream = lane.stream();
        let mut open = vec![];
        let mut n = seed * 1_000;
        while journal.keeper.entries_written() < count {
            let written = journal.keeper.entries_written();
            if synced > 0 && written == synced {
                journal.round();
            }
            if !open.is_empty() && (random.one_in(2) || written + 1 == count) {
                let (n, reservation) = open.swap_remove(random.below(open.len() as u64) as usize);
                lane.settle(reservation, &settlement(n));
            } else {
                n += 1;
                open.push((
                    n,
                    lane.reserve(&call(n), status(n), origin(n), attempts(n))
                        .unwrap(),
                ));
            }
        }
        disk.die_at_store(1, 0);
        drop((lane, journal));
        disk.kill();

        let (entries, ended) = read_all(&mut reader(&disk), stream);
        assert!(
            entries.len() as u64 == count && matches!(ended, Ended::Clean),
            "{} {ended:?}",
            entries.len()
        );
        Self {
            disk,
            stream,
            entries,
        }
    }

    /// Reads with `name` holding `bytes`, and puts it back.
    fn read_with(&self, journal: &SimJournal, name: &str, bytes: &[u8]) -> (Vec<Entry>, Ended) {
        let sound = self.disk.image(name);
        self.disk.tamper(name, |image| *image = bytes.to_vec());
        let read = read_all(&mut journal.reader(), self.stream);
        self.disk.tamper(name, |image| *image = sound);
        read
    }

    fn check_prefix(&self, read: &[Entry], length: usize, label: &str) {
        assert!(
            read == &self.entries[..length],
            "{label}: {} entries given out, {length} are sound",
            read.len()
        );
    }
}

fn reader(disk: &SimDisk) -> Reader {
    let journal = SimJournal::open(disk, &clock()).unwrap();
    let reader = journal.reader();
    disk.unlock();
    reader
}

#[test]
fn every_cut_is_noticed_or_lies_between_entries() {
    let mut cuts = 0;
    for seed in 1..=15 {
        // One to two segments; the cut goes through the last one, once by length and once by zeros.
        let count = 20 + seed * 5;
        let image = Image::new(seed, count, seed % 3 * 10);
        let journal = SimJournal::open(&image.disk, &clock()).unwrap();
        let files = segments(&image.disk, image.stream);
        let name = &files[((count - 1) / CAPACITY) as usize];
        let before = ((count - 1) / CAPACITY * CAPACITY) as usize;
        let sound = image.disk.image(name);

        for cut in 0..SEGMENT_BYTES as usize {
            let mut bytes = sound[..cut].to_vec();
            let by_length = seed % 2 == 1;
            if !by_length {
                bytes.resize(sound.len(), 0);
            }
            // An entry that ends in zeros is whole when only zeros were cut off.
            bytes.resize(sound.len(), 0);
            let slots = (0..).take_while(|slot| {
                let slot = slot * ENTRY_BYTES..(slot + 1) * ENTRY_BYTES;
                slot.end <= sound.len() && sound[slot.clone()] == bytes[slot]
            });
            let whole = before + slots.count().saturating_sub(1);
            let expect = whole.min(image.entries.len());
            let rest =
                (1 + expect - before).min(SEGMENT_BYTES as usize / ENTRY_BYTES) * ENTRY_BYTES;
            let from = if bytes[..ENTRY_BYTES] == sound[..ENTRY_BYTES] {
                rest
            } else {
                0
            };
            let debris = bytes[from..].iter().any(|byte| *byte != 0);
            if by_length {
                bytes.truncate(cut);
            }

            let (read, ended) = image.read_with(&journal, name, &bytes);
            let label = format!("seed {seed} cut {cut}");
            image.check_prefix(&read, expect, &label);
            match ended {
                // A file that is short by a whole slot or more is noticed even where nothing was written.
                Ended::Clean => assert!(
                    !debris && (!by_length || cut > CAPACITY as usize * ENTRY_BYTES),
                    "{label}"
                ),
                Ended::Torn(torn) => {
                    assert_eq!(
                        (torn.seq, torn.entries_beyond),
                        (expect as u64 + 1, 0),
                        "{label}"
                    );
                    assert!(debris || by_length, "{label}");
                }
                other => panic!("{label}: {other:?}"),
            }
            cuts += 1;
        }
    }
    assert!(cuts >= 60_000, "{cuts}");
}

#[test]
fn every_flipped_bit_is_noticed_and_nothing_past_it_is_given_out() {
    let mut flips = 0;
    for seed in 1..=6 {
        let count = 30 + seed * 20;
        let image = Image::new(seed, count, count / 2);
        // In the same run of the machine a hole is damage; after another start only below what was synced.
        let same_boot = seed % 2 == 0;
        if !same_boot {
            image.disk.restart();
        }
        let journal = SimJournal::open(&image.disk, &clock()).unwrap();
        let files = segments(&image.disk, image.stream);
        let mut random = Random::new(seed);
        for _ in 0..700 {
            let seq = 1 + random.below(count);
            let name = &files[((seq - 1) / CAPACITY) as usize];
            let at =
                (1 + (seq - 1) % CAPACITY) * ENTRY_BYTES as u64 + random.below(ENTRY_BYTES as u64);
            let mut bytes = image.disk.image(name);
            bytes[at as usize] ^= 1 << random.below(8);

            let (read, ended) = image.read_with(&journal, name, &bytes);
            let label = format!("seed {seed} entry {seq} byte {at}");
            image.check_prefix(&read, seq as usize - 1, &label);
            let proven = if same_boot {
                seq < count
            } else {
                seq <= count / 2
            };
            match ended {
                Ended::Damaged { seq: damaged } => assert!(damaged == seq && proven, "{label}"),
                Ended::Torn(torn) => {
                    assert_eq!(
                        (torn.seq, torn.entries_beyond),
                        (seq, count - seq),
                        "{label}"
                    );
                    assert!(!proven, "{label}");
                }
                other => panic!("{label}: {other:?}"),
            }
            flips += 1;
        }
    }
    assert!(flips >= 3_000, "{flips}");
}

#[test]
fn every_flipped_bit_of_a_header_is_noticed() {
    let image = Image::new(1, 60, 0);
    let journal = SimJournal::open(&image.disk, &clock()).unwrap();
    for (segment, first) in [(0, 1), (1, CAPACITY + 1)] {
        let name = &segments(&image.disk, image.stream)[segment];
        for bit in 0..ENTRY_BYTES * 8 {
            let mut bytes = image.disk.image(name);
            bytes[bit / 8] ^= 1 << (bit % 8);
            let (read, ended) = image.read_with(&journal, name, &bytes);
            image.check_prefix(&read, first as usize - 1, "header");
            // The last segment's own header tells its boot; without it, its entries prove a hole by their marks only.
            let noticed = match &ended {
                Ended::Damaged { seq } => *seq == first,
                Ended::Torn(torn) => torn.seq == first && torn.entries_beyond > 0,
                _ => false,
            };
            assert!(noticed, "bit {bit}: {ended:?}");
        }
    }
}

#[test]
fn an_entry_of_another_stream_or_place_is_refused() {
    let image = Image::new(2, 40, 0);
    let other = Image::new(3, 40, 0);
    let journal = SimJournal::open(&image.disk, &clock()).unwrap();
    let name = &segments(&image.disk, image.stream)[0];
    let foreign = other.disk.image(&segments(&other.disk, other.stream)[0]);
    let slot = |seq: usize| seq * ENTRY_BYTES..(seq + 1) * ENTRY_BYTES;

    let mut recycled = image.disk.image(name);
    recycled[slot(40)].copy_from_slice(&foreign[slot(40)]);
    let (read, ended) = image.read_with(&journal, name, &recycled);
    image.check_prefix(&read, 39, "another stream");
    assert!(matches!(ended, Ended::Torn(torn) if torn.seq == 40 && torn.entries_beyond == 0));

    let mut repeated = image.disk.image(name);
    repeated.copy_within(slot(39), slot(40).start);
    let (read, _) = image.read_with(&journal, name, &repeated);
    image.check_prefix(&read, 39, "another place");
}

#[test]
fn a_missing_segment_holds_back_what_follows_until_it_is_set_aside() {
    let image = Image::new(4, 170, 160);
    let journal = SimJournal::open(&image.disk, &clock()).unwrap();
    let mut reader = journal.reader();
    let name = segments(&image.disk, image.stream)[1].clone();
    image.disk.remove(&name).unwrap();
    let (read, ended) = read_all(&mut reader, image.stream);
    image.check_prefix(&read, CAPACITY as usize, "missing");
    assert!(
        matches!(ended, Ended::Missing { seq } if seq == CAPACITY + 1),
        "{ended:?}"
    );
    reader.retire(image.stream, CAPACITY).unwrap();
    assert_eq!(
        segments(&image.disk, image.stream).len(),
        3,
        "only what was applied is retired"
    );

    reader.set_aside(image.stream).unwrap();
    assert!(
        reader
            .streams()
            .unwrap()
            .iter()
            .all(|info| info.id != image.stream)
    );
    assert_eq!(segments(&image.disk, image.stream).len(), 0);
    let kept = image
        .disk
        .list("journal")
        .unwrap()
        .into_iter()
        .filter(|(name, _)| name.ends_with(".damaged"));
    assert_eq!(kept.count(), 3);
}

#[test]
fn a_damaged_live_entry_is_an_error_and_the_entries_before_it_are_not() {
    let disk = SimDisk::new(1, 1 << 20);
    let journal = SimJournal::open(&disk, &clock()).unwrap();
    let lane = journal.lane(0).unwrap();
    let stream = lane.stream();
    for n in 1..=10 {
        let reservation = lane.reserve(&call(n), 200, origin(n), 1).unwrap();
        lane.settle(reservation, &settlement(n));
    }
    journal.round();
    disk.tamper(&segments(&disk, stream)[0], |image| {
        image[7 * ENTRY_BYTES + 30] ^= 4
    });

    let mut reader = journal.reader();
    let batch = reader.read(stream, 0, 100).unwrap();
    assert_eq!((batch.entries.len(), batch.end), (6, BatchEnd::More));
    let error = reader.read(stream, 6, 100).unwrap_err();
    let name = segments(&disk, stream).remove(0);
    assert_eq!(
        error.to_string(),
        format!("entry 7 is damaged at byte 560 of /sim/{name}: entries past it are held back")
    );
}

#[test]
fn a_watermark_beyond_the_tail_is_told() {
    let image = Image::new(5, 70, 0);
    let journal = SimJournal::open(&image.disk, &clock()).unwrap();
    let mut reader = journal.reader();
    for after in [71, 99, 100, 101, 5_000] {
        let error = reader.read(image.stream, after, 10).unwrap_err();
        assert!(
            matches!(error, ReadError::BeyondTail { tail_seq: 70, after_seq, .. } if after_seq == after),
            "{error}"
        );
    }
    assert!(matches!(
        reader.read(image.stream, 70, 10).unwrap().end,
        BatchEnd::Dead { torn: None }
    ));
    reader.retire(image.stream, 5_000).unwrap();
    assert!(matches!(
        reader.read(image.stream, 70, 10),
        Err(ReadError::UnknownStream { .. })
    ));

    let lane = journal.lane(0).unwrap();
    assert_eq!(reader.streams().unwrap()[0].state, StreamState::Live);
    let error = reader.read(lane.stream(), 9, 10).unwrap_err();
    assert!(
        matches!(
            error,
            ReadError::BeyondTail {
                tail_seq: 0,
                after_seq: 9,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_torn_tail_is_told_once_and_a_later_format_is_refused() {
    let image = Image::new(6, 30, 0);
    let journal = SimJournal::open(&image.disk, &clock()).unwrap();
    let name = segments(&image.disk, image.stream).remove(0);
    image.disk.tamper(&name, |bytes| {
        bytes[30 * ENTRY_BYTES + 20..31 * ENTRY_BYTES].fill(0)
    });
    let mut reader = journal.reader();
    for expect in [true, false] {
        let batch = reader.read(image.stream, 0, 100).unwrap();
        let BatchEnd::Dead { torn } = batch.end else {
            panic!("{:?}", batch.end)
        };
        assert_eq!((batch.entries.len(), torn.is_some()), (29, expect));
    }

    image.disk.tamper(&name, |bytes| {
        bytes[8] = 2;
        let crc = crc32c::crc32c(&bytes[..76]).to_le_bytes();
        bytes[76..80].copy_from_slice(&crc);
    });
    let error = journal.reader().read(image.stream, 0, 100).unwrap_err();
    assert!(
        matches!(error, ReadError::Version { version: 2, .. }),
        "{error}"
    );
}
