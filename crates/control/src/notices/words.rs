//! The sentences of a message: subject, what happens, what to do; the same in every channel.

use adoption::rollout::{BridgeSlot, NoticeKind, Verdict};

use super::message::{ChangeText, Message, Reader};
use super::text::{grouped, percent};

impl Message {
    /// One line that says what happens, without control characters.
    pub fn subject(&self) -> String {
        super::text::one_line(&self.subject_text())
    }

    fn subject_text(&self) -> String {
        let sunset = self.dates.map(|dates| dates.sunset);
        let by = sunset.map_or_else(String::new, |date| format!(" by {date}"));
        let on = sunset.map_or_else(String::new, |date| format!(" on {date}"));
        let name = &self.name;
        match self.kind {
            NoticeKind::BetaInvited => format!("{name}: try it before everyone else"),
            NoticeKind::Announced => format!("{name}: move{by}"),
            NoticeKind::Deprecated => format!("{name}: the old is deprecated, move{by}"),
            NoticeKind::Closed => format!("{name}: closed to new use, move{by}"),
            NoticeKind::BrownoutsScheduled => format!("{name}: brownouts before the sunset{on}"),
            NoticeKind::BrownoutsMoved => format!("{name}: brownouts have moved"),
            NoticeKind::Sunset => format!("{name}: the old no longer answers"),
            NoticeKind::Removed => format!("{name}: the old is removed"),
            NoticeKind::Moved => match sunset {
                Some(date) => format!("{name}: dates have moved, the sunset is now {date}"),
                None => format!("{name}: dates have moved"),
            },
            NoticeKind::Paused => format!("{name}: paused, nothing is taken away meanwhile"),
            NoticeKind::Resumed => format!("{name}: goes on, move{by}"),
            NoticeKind::Aborted => format!("{name}: called off, the old stays"),
        }
    }

    /// What happens, in one or two sentences.
    pub fn lead(&self) -> String {
        let surface = &self.surface;
        let to = match &self.successor {
            Some(successor) => format!(" to {successor}"),
            None => String::new(),
        };
        let text = match self.kind {
            NoticeKind::BetaInvited => format!(
                "You are invited to move{to} on {surface} before it is announced. Nothing is taken away from you during the trial."
            ),
            NoticeKind::Announced => {
                format!("{surface} changes in a way that breaks some calls. They move{to}.")
            }
            NoticeKind::Deprecated => {
                format!("What changes on {surface} is deprecated from today on. It still works.")
            }
            NoticeKind::Closed => format!(
                "Whoever never used what changes on {surface} is refused it from today on. For everyone else it still works."
            ),
            NoticeKind::BrownoutsScheduled => format!(
                "To find what has been overlooked, what changes on {surface} is refused for short announced intervals before it stops."
            ),
            NoticeKind::BrownoutsMoved => {
                format!("The announced intervals on {surface} have moved.")
            }
            NoticeKind::Sunset => {
                format!("What was announced for {surface} has come: the old no longer answers.")
            }
            NoticeKind::Removed => format!("The old has been taken away from {surface}."),
            NoticeKind::Moved => {
                format!("Dates on {surface} have moved. Only the dates below count.")
            }
            NoticeKind::Paused => format!(
                "The change on {surface} is paused. Nothing is taken away until it goes on."
            ),
            NoticeKind::Resumed => {
                format!("The change on {surface} goes on. Only the dates below count.")
            }
            NoticeKind::Aborted => format!(
                "The change on {surface} is called off. The old stays; no date below holds any more."
            ),
        };
        match &self.reason {
            Some(reason) => format!("{text} Reason: {reason}"),
            None => text,
        }
    }

    /// What the reader was seen to use; `None` for the public and for a consumer that evidence does not name.
    pub fn use_text(&self) -> Option<String> {
        let Reader::Consumer(own) = &self.reader else {
            return None;
        };
        own.segment?;
        let calls = match own.calls {
            1 => "1 call".to_owned(),
            calls => format!("{} calls", grouped(calls)),
        };
        Some(format!(
            "{} made {calls} on what changes from {} to before {}, {} of all calls.",
            own.name,
            own.evidence_from,
            own.evidence_until,
            percent(own.share_ppm)
        ))
    }

    /// Whether the reader has something to do.
    pub fn asks_for_work(&self) -> bool {
        !matches!(self.kind, NoticeKind::Removed | NoticeKind::Aborted) && !self.is_over()
    }
}

/// Whether whoever is told so may decline to be: what was promised or takes something away may not be declined.
pub const fn is_courtesy(kind: NoticeKind) -> bool {
    matches!(kind, NoticeKind::BetaInvited)
}

/// The same of a stored kind; one that nobody knows may not be declined.
pub(crate) fn is_courtesy_text(kind: &str) -> bool {
    NoticeKind::from_text(kind).is_some_and(is_courtesy)
}

impl ChangeText {
    /// What carries the reader across.
    pub fn what_to_do(&self) -> String {
        match &self.bridge {
            BridgeSlot::Shim { name, .. } => {
                format!("Your calls are translated ({name}) until the sunset; move them by then.")
            }
            BridgeSlot::Codemod { name } => {
                format!("Run the codemod {name} on your code, then test.")
            }
            BridgeSlot::Template { name } => format!("Start from the template {name}."),
            BridgeSlot::Parallel => {
                "Old and new work side by side until the sunset; change your calls by then."
                    .to_owned()
            }
            BridgeSlot::NotFeasible { reason } => {
                format!("No tool can do it for you ({reason}); change your calls by the sunset.")
            }
            BridgeSlot::Missing => "Change your calls by the sunset.".to_owned(),
        }
    }

    /// How sure it is that the reader breaks; `None` where nothing is known of the reader.
    pub fn certainty(&self) -> Option<String> {
        let found = self.found?;
        let calls = grouped(found.calls);
        Some(match found.verdict {
            Verdict::Affected => format!("you use it: {calls} calls would break"),
            Verdict::Likely => format!("you probably use it: {calls} calls may break"),
            Verdict::Possible => "you may use it: it cannot be seen from your calls".to_owned(),
            Verdict::UnaffectedProven => "you do not use it".to_owned(),
        })
    }
}
