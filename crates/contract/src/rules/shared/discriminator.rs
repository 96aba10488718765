//! What happened to the `discriminator` of a schema.

use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::tree::Node;

/// What each event is reported as.
pub(crate) struct Ids {
    pub(crate) added: &'static str,
    pub(crate) removed: &'static str,
    pub(crate) property_name_changed: &'static str,
    pub(crate) mapping_added: &'static str,
    pub(crate) mapping_deleted: &'static str,
    pub(crate) mapping_changed: &'static str,
}

pub(crate) fn report<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>, ids: &Ids) {
    let Some((old, new)) = pair.changed(Keyword::Discriminator) else {
        return;
    };
    let subject = pair.subject();
    match (old, new) {
        (None, new) => {
            let message = format!("{subject} got a discriminator");
            pair.report(report, Found::new(ids.added, message).revision(new));
        }
        (old, None) => {
            let message = format!("{subject} lost its discriminator");
            pair.report(report, Found::new(ids.removed, message).base(old));
        }
        (Some(old), Some(new)) => {
            name(
                pair,
                report,
                ids,
                (old.get("propertyName"), new.get("propertyName")),
            );
            mapping(pair, report, ids, (old.get("mapping"), new.get("mapping")));
        }
    }
}

fn name<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    ids: &Ids,
    (old, new): (Option<Node<'t>>, Option<Node<'t>>),
) {
    let (from, to) = (shown(old), shown(new));
    if from != to {
        let message = format!(
            "the discriminator of {} changed from `{from}` to `{to}`",
            pair.subject()
        );
        let found = Found::new(ids.property_name_changed, message)
            .base(old)
            .revision(new);
        pair.report(report, found.value(from).value(to));
    }
}

fn mapping<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    ids: &Ids,
    (old, new): (Option<Node<'t>>, Option<Node<'t>>),
) {
    let subject = pair.subject();
    for member in old.into_iter().flat_map(Node::members) {
        let name = member.name();
        let Some(other) = new.and_then(|new| new.member(name)) else {
            let message = format!("discriminator value `{name}` of {subject} was removed");
            pair.report(
                report,
                Found::new(ids.mapping_deleted, message)
                    .base(member.key)
                    .value(name),
            );
            continue;
        };
        let (from, to) = (shown(Some(member.value)), shown(Some(other.value)));
        if from != to {
            let message = format!(
                "discriminator value `{name}` of {subject} changed from `{from}` to `{to}`"
            );
            let found = Found::new(ids.mapping_changed, message)
                .base(member.value)
                .revision(other.value);
            pair.report(report, found.value(name).value(from).value(to));
        }
    }
    for member in new.into_iter().flat_map(Node::members) {
        let name = member.name();
        if old.is_none_or(|old| old.get(name).is_none()) {
            let message = format!("discriminator value `{name}` of {subject} was added");
            pair.report(
                report,
                Found::new(ids.mapping_added, message)
                    .revision(member.key)
                    .value(name),
            );
        }
    }
}
