//! Contracts: pushed, refused, repeated, reinstated; deprecations into the Snapshot.

use adoption::Clock;
use contract::policy::{Policy, RuleOverride};
use contract::{Level, LevelOverride};
use jiff::civil::date;

use super::world::{DECLARED, World};
use crate::{Actor, Breaking, ContractChange, ControlError, PageRequest, SurfaceSettings};

const ONE: &str = "
openapi: 3.1.0
info: {title: Payments, version: 1.0.0}
servers: [{url: 'https://api.example.com/v1'}]
paths:
  /payments: {get: {operationId: listPayments}, post: {operationId: createPayment}}
  /charges/{id}: {get: {operationId: getCharge, parameters: [{name: id, in: path, required: true}]}}
";

const TWO: &str = "
openapi: 3.1.0
info: {title: Payments, version: 2.0.0}
servers: [{url: 'https://api.example.com/v1'}]
paths:
  /payments: {get: {operationId: listPayments}, post: {operationId: createPayment}}
  /payments/{id}: {get: {operationId: getPayment, parameters: [{name: id, in: path, required: true}]}}
  /charges/{id}:
    get:
      operationId: getCharge
      deprecated: true
      x-sunset: 2027-06-30
      x-replaced-by: getPayment
      parameters: [{name: id, in: path, required: true}]
";

#[tokio::test]
async fn a_push_is_published_once_and_can_be_taken_back() {
    let world = World::new().await;
    let control = &world.control;
    world.surface("payments").await;
    let first = control
        .push_contract(Actor::Cli, "payments", "one.yaml", ONE, DECLARED)
        .await
        .unwrap();
    assert_eq!(
        (
            first.change,
            first.operations_added,
            first.operations_removed
        ),
        (ContractChange::Created, 3, 0)
    );
    assert_eq!(
        (
            first.contract.version.as_str(),
            first.contract.openapi.as_str()
        ),
        ("1.0.0", "3.1.0")
    );
    let generation = control.snapshot().await.unwrap().generation;
    let again = control
        .push_contract(Actor::Cli, "payments", "one.yaml", ONE, DECLARED)
        .await
        .unwrap();
    assert_eq!(
        (again.change, again.contract.id),
        (ContractChange::Unchanged, first.contract.id)
    );
    assert_eq!(
        control.snapshot().await.unwrap().generation,
        generation,
        "nothing to publish"
    );

    world.clock.advance_seconds(10);
    let second = control
        .push_contract(Actor::Cli, "payments", "two.yaml", TWO, DECLARED)
        .await
        .unwrap();
    assert_eq!(
        (
            second.change,
            second.operations_added,
            second.operations_removed
        ),
        (ContractChange::Created, 1, 0)
    );
    assert_eq!(second.contract.operations_deprecated, 1);
    let back = control
        .push_contract(Actor::Cli, "payments", "one.yaml", ONE, DECLARED)
        .await
        .unwrap();
    assert_eq!(
        (back.change, back.contract.id),
        (ContractChange::Reinstated, first.contract.id)
    );
    assert_eq!((back.operations_added, back.operations_removed), (0, 1));

    let list = control
        .list_contracts(Some("payments"), &PageRequest::first(10))
        .await
        .unwrap()
        .items;
    let list: Vec<_> = list
        .iter()
        .map(|contract| (contract.version.as_str(), contract.running))
        .collect();
    assert_eq!(list, [("2.0.0", false), ("1.0.0", true)]);
    assert_eq!(control.show_contract("payments").await.unwrap().source, ONE);
    assert_eq!(
        control
            .show_contract(&second.contract.id.to_string())
            .await
            .unwrap()
            .source,
        TWO
    );
    let operations = control
        .list_operations("payments", &PageRequest::first(10))
        .await
        .unwrap()
        .items;
    let operations: Vec<_> = operations
        .iter()
        .map(|o| {
            (
                o.method.as_str(),
                o.path.as_str(),
                o.running,
                o.deprecation.is_some(),
            )
        })
        .collect();
    assert_eq!(
        operations,
        [
            ("GET", "/charges/{id}", true, false),
            ("GET", "/payments", true, false),
            ("POST", "/payments", true, false),
            ("GET", "/payments/{id}", false, false),
        ]
    );
}

#[tokio::test]
async fn a_broken_contract_is_refused_and_the_running_one_stays() {
    let world = World::new().await;
    world.surface("payments").await;
    world
        .control
        .push_contract(Actor::Cli, "payments", "one.yaml", ONE, DECLARED)
        .await
        .unwrap();
    let before = serde_json::to_string(&world.control.snapshot().await.unwrap()).unwrap();
    let broken = ONE.replace("openapi: 3.1.0", "openapi: 2.0");
    let error = world
        .control
        .push_contract(Actor::Cli, "payments", "bad.yaml", &broken, DECLARED)
        .await
        .unwrap_err();
    let ControlError::Contract { problems } = error else {
        panic!("{error}")
    };
    let problem = &problems[0];
    assert_eq!(
        (problem.file.as_str(), problem.line, problem.column),
        ("bad.yaml", 2, 10)
    );
    assert!(!problem.message.is_empty() && !problem.next_step.is_empty());
    assert_eq!(
        serde_json::to_string(&world.control.snapshot().await.unwrap()).unwrap(),
        before
    );
    let nowhere = world
        .control
        .push_contract(Actor::Cli, "nowhere", "one.yaml", ONE, DECLARED)
        .await;
    assert_eq!(nowhere.unwrap_err().code(), "not_found");
}

#[tokio::test]
async fn a_deprecation_reaches_the_snapshot_and_keeps_its_first_date() {
    let world = World::new().await;
    let settings = SurfaceSettings {
        path_prefix: "/pay".to_owned(),
        ..SurfaceSettings::new("payments", "http://127.0.0.1:9")
    };
    world
        .control
        .upsert_surface(Actor::Cli, settings)
        .await
        .unwrap();
    let first_seen = world.clock.now();
    world
        .control
        .push_contract(Actor::Cli, "payments", "two.yaml", TWO, DECLARED)
        .await
        .unwrap();
    world.clock.advance_seconds(86_400);
    let later = TWO.replace("version: 2.0.0", "version: 2.0.1");
    world
        .control
        .push_contract(Actor::Cli, "payments", "two.yaml", &later, DECLARED)
        .await
        .unwrap();

    let spec = world.control.snapshot().await.unwrap();
    let contract = spec.surfaces[0].contract.as_ref().unwrap();
    assert_eq!(
        (contract.version.as_str(), contract.base_paths.as_slice()),
        ("2.0.1", ["/v1".to_owned()].as_slice())
    );
    let deprecated: Vec<_> = contract
        .operations
        .iter()
        .filter_map(|o| o.deprecation.as_ref())
        .collect();
    assert_eq!(deprecated.len(), 1);
    assert_eq!(deprecated[0].deprecated_at, first_seen);
    // 2027-06-30T23:59:59Z.
    assert_eq!(
        deprecated[0].sunset_at.map(adoption::Micros::seconds),
        Some(1_814_399_999)
    );
    assert_eq!(
        deprecated[0].successor_link.as_deref(),
        Some("/pay/v1/payments/%7Bid%7D")
    );

    // The gateway takes it.
    gateway::Snapshot::compile(&spec).unwrap();
}

/// Where the owner says that paths begin wins over what the contract's servers say, also against "nowhere".
#[tokio::test]
async fn a_base_path_of_the_owner_wins_over_the_contracts_servers() {
    let world = World::new().await;
    for (base_path, expected, link) in [
        (None, "/v1", "/v1/payments/%7Bid%7D"),
        (Some("/api/v3/"), "/api/v3", "/api/v3/payments/%7Bid%7D"),
        (Some(""), "", "/payments/%7Bid%7D"),
    ] {
        let settings = SurfaceSettings {
            base_path: base_path.map(str::to_owned),
            ..SurfaceSettings::new("payments", "http://127.0.0.1:9")
        };
        world
            .control
            .upsert_surface(Actor::Cli, settings)
            .await
            .unwrap();
        world
            .control
            .push_contract(Actor::Cli, "payments", "two.yaml", TWO, DECLARED)
            .await
            .unwrap();
        let spec = world.control.snapshot().await.unwrap();
        let contract = spec.surfaces[0].contract.as_ref().unwrap();
        assert_eq!(contract.base_paths, [expected], "{base_path:?}");
        let links: Vec<_> = contract
            .operations
            .iter()
            .filter_map(|operation| operation.deprecation.as_ref()?.successor_link.as_deref())
            .collect();
        assert_eq!(links, [link], "{base_path:?}");
        gateway::Snapshot::compile(&spec).unwrap();
    }
}

#[tokio::test]
async fn an_undated_deprecation_is_never_after_its_sunset() {
    let world = World::new().await;
    world.surface("payments").await;
    let past = TWO.replace("2027-06-30", "2020-06-30");
    world
        .control
        .push_contract(Actor::Cli, "payments", "two.yaml", &past, DECLARED)
        .await
        .unwrap();
    let spec = world.control.snapshot().await.unwrap();
    let operations = &spec.surfaces[0].contract.as_ref().unwrap().operations;
    let deprecation = operations
        .iter()
        .find_map(|o| o.deprecation.as_ref())
        .unwrap();
    assert!(deprecation.deprecated_at <= deprecation.sunset_at.unwrap());
}

#[tokio::test]
async fn what_the_gateway_could_not_serve_is_refused_before_it_is_stored() {
    let world = World::new().await;
    let made = world.surface("payments").await;
    let jwks = crate::IdentitySpec::JwtClaim {
        claim: "sub".to_owned(),
        jwks_file: world.dir.path().join("absent.json").display().to_string(),
        issuer: None,
        audience: None,
    };
    let settings = SurfaceSettings {
        identity: vec![jwks],
        ..made.settings.clone()
    };
    let error = world
        .control
        .upsert_surface(Actor::Cli, settings)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "surface_unusable");
    assert!(error.to_string().contains("absent.json"), "{error}");
    assert_eq!(world.control.surface("payments").await.unwrap(), made);
}

#[tokio::test]
async fn a_push_is_judged_by_the_policy_and_the_audit_log_says_whose() {
    let world = World::new().await;
    let control = &world.control;
    world.surface("payments").await;
    let push = |file: &'static str, text: &'static str| {
        control.push_contract(Actor::Cli, "payments", file, text, Breaking::Refused)
    };
    push("two.yaml", TWO).await.unwrap();
    let changed = push("one.yaml", ONE).await.unwrap_err();
    let ControlError::Breaks { changes, expired } = changed else {
        panic!("{changed}");
    };
    assert!(expired.is_empty());
    let overrides = |expires| {
        let one = |change: &contract::Change| RuleOverride {
            id: change.id.to_owned(),
            level: LevelOverride::Level(Level::Warning),
            reason: "nobody calls it".to_owned(),
            owner: "mara".to_owned(),
            expires,
        };
        Policy {
            overrides: changes.iter().map(one).collect(),
            ..Policy::default()
        }
    };

    control.set_contract_policy(overrides(date(2000, 1, 1)));
    let refused = push("one.yaml", ONE).await.unwrap_err();
    let ControlError::Breaks { expired, .. } = refused else {
        panic!("{refused}");
    };
    assert_eq!(expired.len(), changes.len());

    control.set_contract_policy(overrides(date(9999, 12, 31)));
    let pushed = push("one.yaml", ONE).await.unwrap();
    assert_eq!(pushed.breaks, 0);
    assert!(pushed.warnings >= changes.len() as u64);
    let audit = control.list_audit(&PageRequest::first(1)).await.unwrap();
    let held = &audit.items[0].detail["overrides"][0];
    assert_eq!(held["owner"], "mara");
    assert_eq!(held["level"], "warning");
    assert_eq!(held["expires"], "9999-12-31");
}

#[tokio::test]
async fn a_break_is_refused_with_its_list_until_it_is_declared() {
    let world = World::new().await;
    let control = &world.control;
    world.surface("payments").await;
    let push = |file: &'static str, text: &'static str, breaking| {
        control.push_contract(Actor::Cli, "payments", file, text, breaking)
    };
    let first = push("two.yaml", TWO, Breaking::Refused).await.unwrap();
    assert_eq!(first.breaks, 0, "there was nothing to break");
    push("two.yaml", TWO, Breaking::Refused).await.unwrap();

    let error = push("one.yaml", ONE, Breaking::Refused).await.unwrap_err();
    let ControlError::Breaks { changes, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(error.code(), "contract_breaks");
    assert!(
        changes
            .iter()
            .any(|change| change.id == "api-path-removed-without-deprecation"),
        "{changes:?}"
    );
    assert_eq!(control.show_contract("payments").await.unwrap().source, TWO);

    let declared = push("one.yaml", ONE, Breaking::Declared("nobody calls it"))
        .await
        .unwrap();
    assert_eq!(declared.breaks as usize, changes.len());
    let audit = control
        .list_audit(&PageRequest::first(1))
        .await
        .unwrap()
        .items;
    assert_eq!(audit[0].detail["breaks"]["reason"], "nobody calls it");
    assert_eq!(audit[0].detail["breaks"]["count"], declared.breaks);
    assert_eq!(
        push("two.yaml", TWO, Breaking::Refused)
            .await
            .unwrap()
            .breaks,
        0
    );
}

/// Schemas one within the other, deeper than a comparison goes, with the type of the last.
fn deep(kind: &str) -> String {
    let mut text = String::from(
        "openapi: 3.1.0\ninfo: {title: Deep, version: 1.0.0}\npaths:\n  /a:\n    post:\n      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}}\n      responses: {200: {description: fine}}\ncomponents:\n  schemas:\n",
    );
    for at in 0..100 {
        let next = at + 1;
        text += &format!(
            "    S{at}: {{properties: {{p: {{$ref: '#/components/schemas/S{next}'}}}}}}\n"
        );
    }
    text + &format!("    S100: {{type: {kind}}}\n")
}

#[tokio::test]
async fn what_cannot_be_compared_whole_is_refused_until_it_is_declared() {
    let world = World::new().await;
    world.surface("payments").await;
    let (old, new) = (deep("string"), deep("integer"));
    let push = |text, breaking| {
        world
            .control
            .push_contract(Actor::Cli, "payments", "deep.yaml", text, breaking)
    };
    push(&old, Breaking::Refused).await.unwrap();
    let error = push(&new, Breaking::Refused).await.unwrap_err();
    assert_eq!(error.code(), "contract_not_compared");
    push(&new, Breaking::Declared("the last type is sent by nobody"))
        .await
        .unwrap();
}
