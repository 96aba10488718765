//! A feed: what the public, or one consumer, has been told of one surface, newest first.

use std::collections::BTreeSet;

use adoption::{ConsumerId, Micros, SurfaceId};

use super::message::Message;

/// Whose feed it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Public,
    Consumer(ConsumerId),
}

/// Messages of one surface and one scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    pub surface: SurfaceId,
    pub surface_name: String,
    pub scope: Scope,
    /// Where its pages are, without the last segment.
    pub base_url: String,
    /// When the surface was made: the date of a feed that has no entry.
    pub since: Micros,
    /// Newest first.
    pub entries: Vec<Entry>,
}

/// One message in a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub message: Message,
    /// When it was made, or when a later step of the same rollout changed what it says.
    pub updated: Micros,
}

impl Feed {
    /// The newest message of each rollout, newest first.
    pub fn newest(&self) -> Vec<&Message> {
        let mut seen = BTreeSet::new();
        let messages = self.entries.iter().map(|entry| &entry.message);
        messages
            .filter(|message| seen.insert(message.rollout))
            .collect()
    }

    pub fn updated(&self) -> Micros {
        let entries = self.entries.iter().map(|entry| entry.updated);
        entries.max().unwrap_or(self.since)
    }

    /// The address of one of its pages.
    pub fn url(&self, file: &str) -> String {
        format!("{}/{file}", self.base_url)
    }

    /// The same for ever, whatever address it is read at.
    pub fn urn(&self) -> String {
        match self.scope {
            Scope::Public => format!("urn:towpath:feed:{}", self.surface),
            Scope::Consumer(consumer) => format!("urn:towpath:feed:{}:{consumer}", self.surface),
        }
    }
}
