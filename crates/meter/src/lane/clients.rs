//! The lane's dictionary of clients: 4,095 x about 80 bytes = 330 kB at most.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use super::dictionary::{Dictionary, Known};
use crate::entry::ClientNumber;
use crate::format::{CLIENT_NAME_BYTES_MAX, CLIENT_VERSION_BYTES_MAX, cut};

pub(super) struct Clients(pub(super) Dictionary<Client>);

pub(super) struct Client {
    name: Box<str>,
    version: Box<str>,
}

impl Clients {
    pub(super) fn new() -> Self {
        Self(Dictionary::new())
    }

    pub(super) fn number_of(&mut self, name: &str, version: &str) -> ClientNumber {
        let name = cut(name, CLIENT_NAME_BYTES_MAX);
        let version = cut(version, CLIENT_VERSION_BYTES_MAX);
        if name.is_empty() {
            return ClientNumber::OTHER;
        }
        let is_same = |client: &Client| *client.name == *name && *client.version == *version;
        let client = || Client {
            name: name.into(),
            version: version.into(),
        };
        let hash = hash_of(name, version);
        ClientNumber(self.0.number_of(hash, is_same, client))
    }

    pub(super) fn text(&self, client: Known) -> (&str, &str) {
        let client = self.0.value(client);
        (&client.name, &client.version)
    }
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
    use crate::lane::dictionary::PLACES_MAX;

    fn text_of(clients: &mut Clients, number: ClientNumber) -> Option<(String, String)> {
        let told = clients.0.touch(number.0, 1)?;
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
                clients.0.touch(regular.0, segment).is_some(),
                "stranger {stranger}"
            );
            let number = clients.number_of("stranger", &stranger.to_string());
            if let Some(told) = clients.0.touch(number.0, segment) {
                assert_eq!(
                    clients.text(told),
                    ("stranger", stranger.to_string().as_str())
                );
            }
        }
        assert_eq!(clients.0.places(), PLACES_MAX);
        assert_eq!(clients.number_of("regular", "1"), regular);
        assert_eq!(
            clients.0.touch(idle.0, 9),
            None,
            "its place went to another: the old number means nobody"
        );
    }
}
