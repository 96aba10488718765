//! Properties of response schemas that came, went, or changed in whether they are always there.

use super::required_changes;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::model::schema::Schema;
use crate::tree::{Member, Node};

/// Whether a property is in `required`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Optional,
    Required,
}

impl Presence {
    fn of(requirement: Option<Node<'_>>) -> Self {
        match requirement {
            Some(_) => Self::Required,
            None => Self::Optional,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }
}

/// The ids for a property that is sent, and for a write-only one, which is not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SentIds {
    pub(crate) sent: &'static str,
    pub(crate) write_only: &'static str,
}

impl SentIds {
    fn of(self, schema: &Schema<'_>) -> &'static str {
        match schema.flag(Keyword::WriteOnly) {
            true => self.write_only,
            false => self.sent,
        }
    }
}

/// Properties of this presence that a response lost and gained.
pub(crate) fn updated<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    presence: Presence,
    (added, removed): (SentIds, SentIds),
) {
    if !pair.is_response() {
        return;
    }
    let word = presence.word();
    let subject = |name: &str| format!("{word} {}", pair.property_subject(name));
    let found = |id, member: &Member<'t>, event: &str| {
        let message = format!("{} {event}", subject(member.name()));
        let found = Found::new(id, message).tail("properties");
        found.tail(member.name())
    };
    for member in &pair.data.properties_removed {
        let name = member.name();
        let is_moved = pair.data.transition.moved.contains(&name);
        if is_moved || Presence::of(pair.base().required(name)) != presence {
            continue;
        }
        let id = removed.of(&Schema::read(pair.documents.base, member.value));
        pair.report(report, found(id, member, "was removed").base(member.key));
    }
    for member in &pair.data.properties_added {
        if Presence::of(pair.revision().required(member.name())) != presence {
            continue;
        }
        let id = added.of(&Schema::read(pair.documents.revision, member.value));
        pair.report(report, found(id, member, "was added").revision(member.key));
    }
}

/// Properties of both sides that a response now has by this presence, and had by the other.
pub(crate) fn became<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    presence: Presence,
    ids: SentIds,
) {
    if !pair.is_response() {
        return;
    }
    for (name, old, new) in required_changes(pair) {
        let property = pair.revision().property(name);
        let Some(property) = property.filter(|_| Presence::of(new) == presence) else {
            continue;
        };
        let id = ids.of(&Schema::read(pair.documents.revision, property));
        let message = format!("{} became {}", pair.property_subject(name), presence.word());
        pair.report(
            report,
            Found::new(id, message)
                .base(old.or(pair.base().property(name)))
                .revision(new.or(Some(property)))
                .tail("properties")
                .tail(name),
        );
    }
}
