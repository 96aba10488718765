//! A changelog as data: categories, operations, one line for each change.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::category::Category;
use crate::change::{Change, ChangedOperation};
use crate::level::{Breaks, Level};

/// Serialises to the shape that `towpath changelog --format json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changelog {
    pub schema_version: u32,
    /// `info.title` of the revision.
    pub title: Option<String>,
    /// `info.version` of the base.
    pub from: Option<String>,
    /// `info.version` of the revision.
    pub to: Option<String>,
    /// In the order of [`Category`]; without those that are empty.
    pub sections: Vec<Section>,
}

/// What changed in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    pub category: Category,
    /// In the order of the changes.
    pub operations: Vec<OperationItems>,
}

/// What changed in one way about one operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OperationItems {
    /// `None` for what belongs to no operation.
    pub operation: Option<ChangedOperation>,
    pub items: Vec<Item>,
}

/// One change as a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    pub id: &'static str,
    pub level: Level,
    pub breaks: Vec<Breaks>,
    pub message: String,
    pub fingerprint: String,
}

impl Changelog {
    /// Lines that say the same of the same operation stand once.
    pub fn of(
        changes: &[Change],
        from: Option<&str>,
        to: Option<&str>,
        title: Option<&str>,
    ) -> Self {
        let mut sections: BTreeMap<Category, Vec<&Change>> = BTreeMap::new();
        for change in changes {
            sections
                .entry(Category::of(change))
                .or_default()
                .push(change);
        }
        Self {
            schema_version: 1,
            title: title.map(str::to_owned),
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
            sections: sections
                .into_iter()
                .map(|(category, changes)| Section {
                    category,
                    operations: by_operation(&changes),
                })
                .collect(),
        }
    }
}

fn by_operation(changes: &[&Change]) -> Vec<OperationItems> {
    let mut places: HashMap<Option<&ChangedOperation>, usize> = HashMap::new();
    let mut seen = std::collections::HashSet::new();
    let mut groups: Vec<OperationItems> = Vec::new();
    for change in changes {
        if !seen.insert((&change.operation, change.id, &change.message)) {
            continue;
        }
        let operation = change.operation.as_deref();
        let at = *places.entry(operation).or_insert(groups.len());
        if at == groups.len() {
            groups.push(OperationItems {
                operation: operation.cloned(),
                items: Vec::new(),
            });
        }
        groups[at].items.push(Item {
            id: change.id,
            level: change.level,
            breaks: change.breaks.clone(),
            message: change.message.to_string(),
            fingerprint: change.fingerprint.clone(),
        });
    }
    groups
}
