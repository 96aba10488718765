//! The set of JSON types that a schema allows.

/// A set of the JSON Schema type names; a name that is not one of the seven is [`TypeSet::OTHER`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct TypeSet(u8);

const NAMES: [&str; 8] = [
    "array", "boolean", "integer", "null", "number", "object", "string", "other",
];

impl TypeSet {
    pub(crate) const INTEGER: Self = Self(1 << 2);
    pub(crate) const NULL: Self = Self(1 << 3);
    pub(crate) const NUMBER: Self = Self(1 << 4);
    pub(crate) const STRING: Self = Self(1 << 6);
    pub(crate) const OTHER: Self = Self(1 << 7);

    pub(crate) fn of(name: &str) -> Self {
        let at = NAMES[..7].iter().position(|known| *known == name);
        at.map_or(Self::OTHER, |at| Self(1 << at))
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn len(self) -> u32 {
        self.0.count_ones()
    }

    pub(crate) fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether each type of this set is allowed by `wider`, integers being numbers. An empty set allows everything, so
    /// it is within nothing else.
    pub(crate) fn is_within(self, wider: Self) -> bool {
        let mut wider = wider;
        if wider.contains(Self::NUMBER) {
            wider = wider.with(Self::INTEGER);
        }
        !self.is_empty() && wider.contains(self)
    }

    /// The names, with `, ` between; `any` for the empty set.
    pub(crate) fn text(self) -> String {
        let names: Vec<&str> = self.names().collect();
        match names.is_empty() {
            true => "any".to_owned(),
            false => names.join(", "),
        }
    }

    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        (0..8)
            .filter(move |bit| self.0 & (1 << bit) != 0)
            .map(|bit| NAMES[bit])
    }
}
