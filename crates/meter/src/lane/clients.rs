//! The lane's bounded dictionary of clients: names in, small numbers out.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};

use crate::entry::ClientNumber;
use crate::format::{CLIENT_NAME_BYTES_MAX, CLIENT_VERSION_BYTES_MAX, cut};

/// 12 bits of a number; the rest is the generation. 4,095 x about 80 bytes = 330 kB for a lane at most.
const PLACE_BITS: u32 = 12;
const PLACES_MAX: usize = (1 << PLACE_BITS) - 1;
/// Places that may change hands in one segment: 1,024 entries of 80 bytes are 0.5 % of 16 MiB.
const REPLACED_PER_SEGMENT_MAX: u32 = 1_024;
/// Places looked at for one to replace, for each new client.
const LOOKED_AT_MAX: usize = 8;

pub(super) struct Clients {
    /// By hash alone: of two clients with one 64-bit hash, the later is [`ClientNumber::OTHER`].
    by_hash: FxHashMap<u64, usize>,
    places: Vec<Place>,
    /// Second chance (clock) replacement: the next place to look at.
    hand: usize,
    replaced: u32,
    /// The segment that `replaced` counts in.
    segment: u32,
}

struct Place {
    hash: u64,
    name: Box<str>,
    version: Box<str>,
    generation: u32,
    /// Has a call since the hand last passed.
    used: bool,
    /// The last segment that tells its name; 0: none.
    told_in: u32,
}

/// A client's number on disk, and whether the segment of the next entry tells its name already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) number: u32,
    pub(super) is_told: bool,
}

impl Clients {
    pub(super) fn new() -> Self {
        Self {
            by_hash: FxHashMap::default(),
            places: Vec::new(),
            hand: 0,
            replaced: 0,
            segment: 0,
        }
    }

    /// A new stream has begun: its segments count from 1 again.
    pub(super) fn forget_told(&mut self) {
        self.segment = 0;
        for place in &mut self.places {
            place.told_in = 0;
        }
    }

    pub(super) fn number_of(&mut self, name: &str, version: &str) -> ClientNumber {
        let name = cut(name, CLIENT_NAME_BYTES_MAX);
        let version = cut(version, CLIENT_VERSION_BYTES_MAX);
        if name.is_empty() {
            return ClientNumber::OTHER;
        }
        let hash = hash_of(name, version);
        match self.by_hash.get(&hash) {
            Some(index) => {
                let place = &self.places[*index];
                if *place.name == *name && *place.version == *version {
                    number(*index, place.generation)
                } else {
                    ClientNumber::OTHER
                }
            }
            None => self.add(hash, name, version),
        }
    }

    /// Marks the client of a call as used, whose entry goes to `segment`; `None` when its number means nothing
    /// any more.
    pub(super) fn touch(&mut self, client: ClientNumber, segment: u32) -> Option<Named> {
        if self.segment != segment {
            (self.segment, self.replaced) = (segment, 0);
        }
        let index = (client.0 as usize & PLACES_MAX).checked_sub(1)?;
        let place = self
            .places
            .get_mut(index)
            .filter(|place| place.generation == client.0 >> PLACE_BITS)?;
        place.used = true;
        Some(Named {
            number: index as u32 + 1,
            is_told: place.told_in == segment,
        })
    }

    /// The name was written into segment `told_in`, the next entry goes to `segment`.
    pub(super) fn told(&mut self, client: Named, told_in: u32, segment: u32) -> Named {
        self.places[client.number as usize - 1].told_in = told_in;
        Named {
            is_told: told_in == segment,
            ..client
        }
    }

    pub(super) fn text(&self, client: Named) -> (&str, &str) {
        let place = &self.places[client.number as usize - 1];
        (&place.name, &place.version)
    }

    fn add(&mut self, hash: u64, name: &str, version: &str) -> ClientNumber {
        let index = if self.places.len() < PLACES_MAX {
            self.places.push(Place {
                hash,
                name: "".into(),
                version: "".into(),
                generation: 0,
                used: false,
                told_in: 0,
            });
            self.places.len() - 1
        } else if let Some(index) = self.replaceable() {
            index
        } else {
            return ClientNumber::OTHER;
        };

        let place = &mut self.places[index];
        place.hash = hash;
        place.name = name.into();
        place.version = version.into();
        place.used = false;
        place.told_in = 0;
        self.by_hash.insert(hash, index);
        number(index, place.generation)
    }

    fn replaceable(&mut self) -> Option<usize> {
        if self.replaced == REPLACED_PER_SEGMENT_MAX {
            return None;
        }
        for _ in 0..LOOKED_AT_MAX {
            let index = self.hand;
            self.hand = (self.hand + 1) % self.places.len();
            let place = &mut self.places[index];
            if std::mem::take(&mut place.used) {
                continue;
            }
            self.replaced += 1;
            self.by_hash.remove(&place.hash);
            place.generation = (place.generation + 1) & (u32::MAX >> PLACE_BITS);
            return Some(index);
        }
        None
    }
}

fn number(index: usize, generation: u32) -> ClientNumber {
    ClientNumber((index as u32 + 1) | (generation << PLACE_BITS))
}

fn hash_of(name: &str, version: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    // No text holds this byte, so that the border between the two counts.
    hasher.write_u8(0xff);
    hasher.write(version.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(clients: &mut Clients, number: ClientNumber) -> Option<(String, String)> {
        let told = clients.touch(number, 1)?;
        let (name, version) = clients.text(told);
        Some((name.to_owned(), version.to_owned()))
    }

    #[test]
    fn one_number_for_one_client() {
        let mut clients = Clients::new();
        let sdk = clients.number_of("sdk", "1.0");
        assert_eq!(clients.number_of("sdk", "1.0"), sdk);
        assert_ne!(clients.number_of("sdk1", ".0"), sdk);
        assert_ne!(clients.number_of("sdk", "1.1"), sdk);
        assert_eq!(
            text_of(&mut clients, sdk),
            Some(("sdk".into(), "1.0".into()))
        );
        assert_eq!(clients.number_of("", "1"), ClientNumber::OTHER);
        assert_eq!(text_of(&mut clients, ClientNumber::OTHER), None);
        assert_eq!(text_of(&mut clients, ClientNumber(77)), None);

        let long = clients.number_of(&"é".repeat(40), &"1".repeat(99));
        assert_eq!(
            text_of(&mut clients, long),
            Some(("é".repeat(16), "1".repeat(20)))
        );
    }

    #[test]
    fn a_flood_of_strangers_neither_grows_it_nor_drives_out_who_calls() {
        let mut clients = Clients::new();
        let regular = clients.number_of("regular", "1");
        let idle = clients.number_of("idle", "1");
        for stranger in 0..50_000 {
            let segment = stranger / 10_000 + 1;
            assert!(
                clients.touch(regular, segment).is_some(),
                "stranger {stranger}"
            );
            let number = clients.number_of("stranger", &stranger.to_string());
            if let Some(told) = clients.touch(number, segment) {
                assert_eq!(
                    clients.text(told),
                    ("stranger", stranger.to_string().as_str())
                );
            }
        }
        assert_eq!(clients.places.len(), PLACES_MAX);
        assert!(clients.by_hash.len() <= PLACES_MAX);
        assert_eq!(clients.number_of("regular", "1"), regular);
        assert_eq!(
            clients.touch(idle, 9),
            None,
            "its place went to another: the old number means nobody"
        );
    }
}
