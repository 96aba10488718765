//! The rules: one table of all, and one file per check that reports some of them.

pub(crate) mod check;
pub(crate) mod checks;
pub mod rule;
pub(crate) mod shared;
pub(crate) mod strict;
pub(crate) mod table;

use std::sync::OnceLock;

use rule::{Rule, State, Text};
use rustc_hash::FxHashMap;
use table::Row;

/// All rules, the implemented and the named, in the order of the table.
pub fn rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| {
        let texts: FxHashMap<&str, &Text> = checks::CHECKS
            .iter()
            .flat_map(|check| check.texts)
            .flat_map(|text| text.ids.iter().map(move |id| (*id, text)))
            .collect();
        table::rows()
            .map(|row| rule(row, texts.get(row.id).copied()))
            .collect()
    })
}

fn rule(row: &'static Row, text: Option<&'static Text>) -> Rule {
    let part = |part: fn(&Text) -> &'static str| text.map_or("", part);
    Rule {
        id: row.id,
        level: row.level,
        breaks: table::breaks(row),
        direction: row.direction,
        area: row.area,
        kind: row.kind,
        action: row.action,
        mirror: Some(row.mirror).filter(|mirror| !mirror.is_empty()),
        check: row.check,
        state: match text {
            Some(_) => State::Implemented,
            None => State::Named,
        },
        purpose: part(|text| text.purpose),
        why: part(|text| text.why),
        safely: part(|text| text.safely),
        breaking_example: part(|text| text.breaking),
        safe_example: part(|text| text.safe),
    }
}

#[cfg(test)]
mod axes;
#[cfg(test)]
pub(crate) mod tests;
