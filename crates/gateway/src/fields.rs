//! The fields of one message head in their order, over one buffer, with names in lower case.

use bytes::Bytes;
use http::HeaderMap;

/// Where one field lies in the text of its head. Places count from the text's first byte; a head is far below 4 GiB.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    name: u32,
    name_end: u32,
    value: u32,
    value_end: u32,
}

impl Place {
    pub const fn new(name: usize, name_end: usize, value: usize, value_end: usize) -> Self {
        Self {
            name: name as u32,
            name_end: name_end as u32,
            value: value as u32,
            value_end: value_end as u32,
        }
    }
}

/// The fields of one head. Looked up by a walk: a usual head has ten, and no table pays for itself.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    text: Bytes,
    places: Vec<Place>,
}

/// Puts the names at `places` of `text` in lower case.
pub fn lower_names(text: &mut [u8], places: &[Place]) {
    for place in places {
        text[place.name as usize..place.name_end as usize].make_ascii_lowercase();
    }
}

impl Fields {
    /// The fields at `places` of `text`, whose names are in lower case already.
    pub const fn new(text: Bytes, places: Vec<Place>) -> Self {
        Self { text, places }
    }

    /// Copies `fields`, whose names are in lower case.
    pub fn of<'a>(fields: impl IntoIterator<Item = (&'a [u8], &'a [u8])>) -> Self {
        let mut text = Vec::new();
        let places = push_all(&mut text, fields);
        Self::new(text.into(), places)
    }

    pub fn of_map(map: &HeaderMap) -> Self {
        Self::of(pairs(map))
    }

    /// The text that the fields lie in, whatever else it holds.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.places.iter().map(|place| {
            (
                &self.text[place.name as usize..place.name_end as usize],
                &self.text[place.value as usize..place.value_end as usize],
            )
        })
    }

    /// The first value of `name`, which is in lower case.
    #[inline]
    pub fn get(&self, name: &[u8]) -> Option<&[u8]> {
        self.iter()
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    }

    /// Every value of `name`, which is in lower case.
    #[inline]
    pub fn all<'a>(&'a self, name: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        self.iter()
            .filter_map(move |(found, value)| (found == name).then_some(value))
    }

    pub fn contains(&self, name: &[u8]) -> bool {
        self.get(name).is_some()
    }
}

/// Each header of `map`, the values of one name behind one another.
pub fn pairs(map: &HeaderMap) -> impl Iterator<Item = (&[u8], &[u8])> {
    map.iter()
        .map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes()))
}

/// Appends `fields` to `text`; where they lie there.
pub fn push_all<'a>(
    text: &mut Vec<u8>,
    fields: impl IntoIterator<Item = (&'a [u8], &'a [u8])>,
) -> Vec<Place> {
    fields
        .into_iter()
        .map(|(name, value)| {
            let at = text.len();
            text.extend_from_slice(name);
            let name_end = text.len();
            text.extend_from_slice(value);
            Place::new(at, name_end, name_end, text.len())
        })
        .collect()
}

/// Whether the comma-separated `list` has `option`, in any case.
pub fn lists(list: &[u8], option: &[u8]) -> bool {
    options(list).any(|one| one.eq_ignore_ascii_case(option))
}

/// The members of a comma-separated list, white space around them taken off.
pub fn options(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|byte| *byte == b',').map(<[u8]>::trim_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order_and_every_value() {
        let fields = Fields::of([
            (&b"accept"[..], &b"*/*"[..]),
            (b"x-a", b"1"),
            (b"x-a", b""),
            (b"x-ab", b"3"),
        ]);
        assert_eq!(fields.get(b"x-a"), Some(&b"1"[..]));
        assert_eq!(
            fields.all(b"x-a").collect::<Vec<_>>(),
            [&b"1"[..], &b""[..]]
        );
        assert!(fields.contains(b"x-ab") && !fields.contains(b"x-abc"));
        assert_eq!(fields.iter().map(|(name, _)| name.len()).sum::<usize>(), 16);
        assert_eq!(Fields::default().get(b""), None);
    }

    #[test]
    fn names_are_found_in_the_case_they_are_put_in() {
        let mut text = b"GET / HTTP/1.1\r\nX-Key:  AbC \r\n".to_vec();
        let places = vec![Place::new(16, 21, 24, 27)];
        lower_names(&mut text, &places);
        let fields = Fields::new(text.into(), places);
        assert_eq!(fields.get(b"x-key"), Some(&b"AbC"[..]));
    }

    #[test]
    fn a_map_becomes_fields() {
        let mut map = HeaderMap::new();
        map.append("x-a", "1".parse().unwrap());
        map.append("x-b", "2".parse().unwrap());
        map.append("x-a", "3".parse().unwrap());
        let fields = Fields::of_map(&map);
        assert_eq!(
            fields.all(b"x-a").collect::<Vec<_>>(),
            [&b"1"[..], &b"3"[..]]
        );
        assert_eq!(fields.get(b"x-b"), Some(&b"2"[..]));
    }

    #[test]
    fn options_are_compared_whole_and_in_any_case() {
        assert!(lists(b"x, Close", b"close") && lists(b"\tclose", b"close"));
        assert!(!lists(b"closed", b"close") && !lists(b"", b"close"));
    }
}
