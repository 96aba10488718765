//! A surface with three versions and one rollout, for the tests of the phases.

use adoption::rollout::Segment;
use adoption::{ConsumerId, ContractId, KeyId, Micros, OperationId, RolloutId, SurfaceId};
use http::{Method, Version};

use super::identify::Identified;
use crate::fields::Fields;
use crate::request_head::{RequestHead, Target};
use crate::snapshot::Snapshot;
use crate::spec::*;

pub const SURFACE: SurfaceId = SurfaceId::from_raw(70);
/// Concerned, of the long tail.
pub const CONCERNED: ConsumerId = ConsumerId::from_raw(71);
/// Used the old before, and is not broken by what changes.
pub const KNOWN: ConsumerId = ConsumerId::from_raw(72);
/// Keeps the old after its end.
pub const STAYS: ConsumerId = ConsumerId::from_raw(73);
pub const NEWCOMER: ConsumerId = ConsumerId::from_raw(74);
/// A key of `KNOWN` that is in the private beta of version 3.
pub const BETA_KEY: KeyId = KeyId::from_raw(75);
/// The digest of the leaves of `POST /orders`; 0 is the body, 1 `amount`, 2 `note`.
pub const DIGEST: u32 = 7;

pub fn operation(method: &str, path: &str) -> OperationId {
    OperationId::of(SURFACE, method, path)
}

pub fn contract(number: u64, operations: &[&str]) -> ContractSpec {
    let leaves = r#"{"digest": 7, "plan": {"leaf_count": 3, "request": {"body": 0}, "nodes":
        [{"leaf": 0, "properties": [["amount", 1], ["note", 2]]}, {"leaf": 1}, {"leaf": 2}]}}"#;
    let operations = operations.iter().map(|text| {
        let (method, path) = text.split_once(' ').unwrap();
        OperationSpec {
            id: operation(method, path),
            method: method.to_owned(),
            path: path.to_owned(),
            operation_id: None,
            deprecation: None,
            leaves: (*text == "POST /orders").then(|| serde_json::from_str(leaves).unwrap()),
        }
    });
    ContractSpec {
        id: ContractId::from_raw(number),
        version: number.to_string(),
        base_paths: vec![String::new()],
        operations: operations.collect(),
    }
}

fn name(name: &str) -> VersionName {
    VersionName {
        name: name.to_owned(),
        path: Some(format!("/v{name}")),
        media_type: Some(format!("application/vnd.acme.v{name}+json")),
    }
}

/// `1` is the current one and the default, `2` replaces it and lacks `GET /export`, `3` is a private beta.
pub fn spec() -> SnapshotSpec {
    let other = |text: &str, number, access| VersionSpec {
        name: name(text),
        upstreams: vec![format!("http://127.0.0.1:{number}")],
        contract: contract(number, &["POST /orders", "GET /orders/{id}", "GET /items"]),
        access,
    };
    let mut surface: SurfaceSpec = serde_json::from_str(
        r#"{"id": "surf_0000000000026", "name": "orders", "hosts": [], "path_prefix": "/shop",
            "strip_path_prefix": true, "upstreams": ["http://127.0.0.1:101"], "upstream_ca_file": null,
            "preserve_host": false, "identity": [{"kind": "header", "header": "X-Account"}],
            "unknown_path": "pass", "anonymous": "pass",
            "timeouts": {"connect_ms": 1, "response_head_ms": 1, "response_idle_ms": 1},
            "body_bytes_limit": null, "contract": null}"#,
    )
    .unwrap();
    assert_eq!(surface.id, SURFACE);
    let old = [
        "POST /orders",
        "GET /orders/{id}",
        "GET /items",
        "GET /export",
    ];
    surface.contract = Some(contract(101, &old));
    surface.versions = Some(VersionsSpec {
        header: "Towpath-Version".to_owned(),
        current: name("1"),
        others: vec![
            other("2", 102, Access::Everyone),
            other("3", 103, Access::Keys),
        ],
        default: "1".to_owned(),
        pins: vec![(STAYS, "1".to_owned()), (KNOWN, "2".to_owned())],
        key_pins: vec![(BETA_KEY, "3".to_owned())],
    });
    surface.rollouts = vec![rollout()];
    SnapshotSpec {
        generation: 1,
        surfaces: vec![surface],
        keys: Vec::new(),
    }
}

fn rollout() -> RolloutSpec {
    let item = |id: &str, summary: &str, operation, when| RolloutItemSpec {
        id: id.to_owned(),
        summary: summary.to_owned(),
        calls: vec![TouchedCalls { operation, when }],
    };
    let create = operation("POST", "/orders");
    let lacks_amount = LeafCondition::Lacks {
        leaf: Some(1),
        under: Some(0),
    };
    let request = |digest, condition| TouchedWhen::Request {
        digest,
        any: vec![condition],
    };
    RolloutSpec {
        id: RolloutId::from_raw(80),
        old: "1".to_owned(),
        new: "2".to_owned(),
        warn: Some(WarnSpec {
            deprecated_at: Micros::from_seconds(1_000),
            sunset_at: Micros::from_seconds(9_000),
            guide: Some("https://dev.example/guide".to_owned()),
            successor: Some("https://api.example/v2".to_owned()),
        }),
        items: vec![
            item(
                "note",
                "`note` \"goes\"",
                create,
                request(DIGEST, LeafCondition::Sends { leaf: 2 }),
            ),
            item(
                "amount",
                "`amount` is a must",
                create,
                request(DIGEST, lacks_amount),
            ),
            item(
                "unseen",
                "élan",
                create,
                request(DIGEST + 1, LeafCondition::Sends { leaf: 2 }),
            ),
            item(
                "status",
                "`status` goes from answers",
                operation("GET", "/orders/{id}"),
                TouchedWhen::Consumers(vec![CONCERNED, STAYS]),
            ),
            item(
                "export",
                "the operation goes",
                operation("GET", "/export"),
                TouchedWhen::AnyCall,
            ),
        ],
        concerned: vec![(CONCERNED, Segment::LongTail)],
        closed: None,
        brownouts: Vec::new(),
        gone: None,
    }
}

/// The specification with its rollout changed.
pub fn compiled(change: impl FnOnce(&mut RolloutSpec)) -> Snapshot {
    let mut spec = spec();
    change(&mut spec.surfaces[0].rollouts[0]);
    Snapshot::compile(&spec).unwrap()
}

/// A head of `METHOD /path` with these fields.
pub fn head(line: &str, fields: &[(&str, &str)]) -> RequestHead {
    let (method, path) = line.split_once(' ').unwrap();
    let mut text = path.as_bytes().to_vec();
    let given = fields.iter();
    let given = given.map(|(name, value)| (name.as_bytes(), value.as_bytes()));
    let places = crate::fields::push_all(&mut text, given);
    let target = Target {
        authority: (0, 0),
        path: (0, path.len()),
        end: path.len(),
    };
    RequestHead::new(
        Method::from_bytes(method.as_bytes()).unwrap(),
        Version::HTTP_11,
        target,
        Fields::new(text.into(), places),
    )
}

pub fn identified(consumer: ConsumerId, key: KeyId) -> Identified<'static> {
    Identified {
        consumer,
        key,
        kind: None,
        consumer_header: None,
        strip: None,
        refusal: None,
    }
}
