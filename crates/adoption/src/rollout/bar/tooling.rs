//! The bar's migration tooling: every item has a bridge, or a stated reason why none is feasible.

use std::collections::BTreeSet;

use super::finding::Finding;
use super::{Edit, Fix, Place, Strength};
use crate::rollout::item::BridgeSlot;
use crate::rollout::plan::Plan;

pub fn find(plan: &Plan) -> Finding {
    if plan.items.is_empty() {
        let fix = Fix {
            text: "add an `[[items]]` for each breaking Change, or propose again from what changed"
                .to_owned(),
            edits: Vec::new(),
        };
        return Finding::of(
            Strength::Missing,
            vec![("the plan has no items".to_owned(), fix)],
        );
    }
    let mut defects = Vec::new();
    let mut seen = BTreeSet::new();
    let mut bridged = 0;
    for item in &plan.items {
        if item.id.trim().is_empty() || !seen.insert(item.id.as_str()) {
            let fix = Fix {
                text: format!("give the `[[items]]` on {} an id of its own", item.subject),
                edits: Vec::new(),
            };
            defects.push((format!("the id `{}` is empty or used twice", item.id), fix));
        }
        match defect(&item.bridge) {
            Some(defect) => defects.push((
                format!("{} ({}): {defect}", item.subject, item.id),
                bridge_fix(&item.id),
            )),
            None => bridged += 1,
        }
    }
    let below = if bridged == 0 {
        Strength::Missing
    } else {
        Strength::Weak
    };
    Finding::of(below, defects)
}

/// What is wrong with a bridge; `None` when it will do.
pub fn defect(bridge: &BridgeSlot) -> Option<&'static str> {
    match bridge {
        BridgeSlot::Missing => Some("no bridge, and no reason why none is feasible"),
        BridgeSlot::NotFeasible { reason } if reason.trim().is_empty() => {
            Some("no reason why no bridge is feasible")
        }
        BridgeSlot::Shim { name, .. }
        | BridgeSlot::Codemod { name }
        | BridgeSlot::Template { name }
            if name.trim().is_empty() =>
        {
            Some("a bridge without a name")
        }
        _ => None,
    }
}

fn bridge_fix(id: &str) -> Fix {
    Fix {
        text: "or name a shim, a codemod or a template, or say why none is feasible with kind not_feasible and a reason".to_owned(),
        edits: vec![Edit {
            place: Place::Item(id.to_owned()),
            key: "bridge",
            value: "{ kind = \"parallel\" }".to_owned(),
        }],
    }
}
