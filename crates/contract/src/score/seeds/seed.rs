//! What a defect is and where it can be planted.

use serde_json::Value as Json;

/// A defect of one kind that can be planted in many places.
pub struct Seed {
    /// The rule that must find it.
    pub rule: &'static str,
    pub place: Place,
}

/// Where it is planted, and how. The number tells the plants of one kind apart.
pub enum Place {
    /// Into one operation of one of these methods (all, when empty), its object being given.
    Operation(&'static [&'static str], fn(&mut Json, usize)),
    /// Into one operation, made after another of the same method.
    Pair(&'static [&'static str], fn(&mut Json, &Json, usize)),
    /// Into the document, at one place only.
    Document(fn(&mut Json)),
}
