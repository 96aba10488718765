//! Rollouts of a surface, compiled: which calls touch one, what is said of it, and who is refused the old.

use std::fmt::Write;
use std::sync::Arc;

use adoption::rollout::Segment;
use adoption::{ConsumerId, Micros, OperationId, RolloutId};
use http::HeaderValue;
use rustc_hash::{FxHashMap, FxHashSet};

use super::deprecation::DeprecationHeaders;
use super::error::{CompileError, RolloutProblem};
use super::version::Version;
use crate::spec::{
    BrownoutSpec, DeprecationSpec, LeafCondition, RolloutItemSpec, RolloutSpec, SurfaceSpec,
    TouchedWhen, VersionName, WarnSpec,
};

/// `API-Deprecated-Reason` lists so many items of a call: with the bounds of their texts it stays below 4 KiB, half of
/// what the strictest of the usual clients takes for a whole head.
const REASONS_MAX: usize = 8;
/// Bytes of a summary in a header.
const SUMMARY_BYTES_MAX: usize = 256;
/// Bytes of an item's id in a header.
const ITEM_BYTES_MAX: usize = 128;

/// One rollout of a surface.
#[derive(Debug)]
pub struct Rollout {
    pub id: RolloutId,
    /// Numbers of versions.
    pub old: usize,
    pub new: usize,
    pub old_name: String,
    pub new_name: String,
    /// How a call asks for the new, for people and agents.
    pub ask: String,
    pub warn: Option<WarnSpec>,
    /// What is said of an operation that the new has not.
    pub headers: Option<Arc<DeprecationHeaders>>,
    pub concerned: FxHashMap<ConsumerId, Segment>,
    closed: Option<(Micros, FxHashSet<ConsumerId>)>,
    brownouts: Vec<BrownoutSpec>,
    gone: Option<(Micros, FxHashSet<ConsumerId>)>,
    touched: FxHashMap<OperationId, Touched>,
}

/// What a rollout has to do with one operation.
#[derive(Debug, Default)]
pub struct Touched {
    /// Never empty, in the order of the rollout.
    pub items: Vec<TouchedItem>,
    /// What is said of it and of the operation itself; `None` before the announcement.
    pub headers: Option<Arc<DeprecationHeaders>>,
}

/// What of one item concerns one operation.
#[derive(Debug)]
pub struct TouchedItem {
    pub id: String,
    pub summary: String,
    /// A member of `API-Deprecated-Reason`.
    pub reason: String,
    /// Any of them touches it.
    pub when: Vec<When>,
}

/// A compiled `TouchedWhen`.
#[derive(Debug, PartialEq, Eq)]
pub enum When {
    AnyCall,
    Request(Vec<LeafCondition>),
    /// What cannot be seen is taken for touched.
    Concerned,
    Consumers(FxHashSet<ConsumerId>),
}

impl Rollout {
    pub fn touched(&self, operation: OperationId) -> Option<&Touched> {
        self.touched.get(&operation)
    }

    pub fn is_concerned(&self, consumer: ConsumerId) -> bool {
        self.concerned.contains_key(&consumer)
    }

    /// Since when the old has ended, where it has.
    pub fn gone_since(&self, now: Micros) -> Option<Micros> {
        let (since, _) = self.gone.as_ref()?;
        (*since <= now).then_some(*since)
    }

    /// Whether the consumer keeps the old.
    pub fn stays(&self, consumer: ConsumerId) -> bool {
        let gone = self.gone.as_ref();
        gone.is_some_and(|(_, stays)| stays.contains(&consumer))
    }

    /// Since when new consumers are refused the old, where they are.
    pub fn closed_since(&self, now: Micros) -> Option<Micros> {
        let (since, _) = self.closed.as_ref()?;
        (*since <= now).then_some(*since)
    }

    /// Whether the consumer had used the old before it was closed.
    pub fn is_known(&self, consumer: ConsumerId) -> bool {
        let closed = self.closed.as_ref();
        closed.is_none_or(|(_, known)| known.contains(&consumer))
    }

    /// When the brownout ends that the consumer is in.
    pub fn brownout_until(&self, consumer: ConsumerId, now: Micros) -> Option<Micros> {
        let segment = self.concerned.get(&consumer)?;
        let runs =
            |one: &&BrownoutSpec| one.segment == *segment && one.from <= now && now < one.until;
        let running = self.brownouts.iter().filter(runs);
        running.map(|brownout| brownout.until).max()
    }
}

impl Touched {
    /// Whether the operation goes.
    pub fn is_any_call(&self) -> bool {
        let mut conditions = self.items.iter().flat_map(|item| &item.when);
        conditions.any(|when| *when == When::AnyCall)
    }
}

/// The rollouts of a surface with these versions, by number; each version is told of its own.
pub fn compile_all(
    spec: &SurfaceSpec,
    versions: &mut [&mut Version],
) -> Result<Vec<Rollout>, CompileError> {
    let names: Vec<&VersionName> = spec.versions.iter().flat_map(names).collect();
    let mut rollouts: Vec<Rollout> = Vec::new();
    for (number, one) in spec.rollouts.iter().enumerate() {
        let broken = |problem| CompileError::Rollout {
            surface: spec.name.clone(),
            rollout: one.id,
            problem,
        };
        if rollouts.iter().any(|known| known.id == one.id) {
            return Err(broken(RolloutProblem::IdTwice));
        }
        let header = spec.versions.as_ref().map_or("", |all| &all.header);
        let rollout = compile(one, &names, header, versions).map_err(broken)?;
        versions[rollout.old].leaving.push(number);
        versions[rollout.new].arriving.push(number);
        rollouts.push(rollout);
    }
    Ok(rollouts)
}

fn names(versions: &crate::spec::VersionsSpec) -> impl Iterator<Item = &VersionName> {
    let others = versions.others.iter().map(|other| &other.name);
    std::iter::once(&versions.current).chain(others)
}

fn compile(
    spec: &RolloutSpec,
    names: &[&VersionName],
    header: &str,
    versions: &[&mut Version],
) -> Result<Rollout, RolloutProblem> {
    let number = |name: &String| {
        let is = |known: &&VersionName| known.name.eq_ignore_ascii_case(name);
        names
            .iter()
            .position(is)
            .ok_or_else(|| RolloutProblem::VersionUnknown {
                version: name.clone(),
            })
    };
    let (old, new) = (number(&spec.old)?, number(&spec.new)?);
    if old == new {
        return Err(RolloutProblem::SameVersion);
    }
    let headers = spec.warn.as_ref().map(compile_warn).transpose()?;
    let consumers = |list: &[ConsumerId]| list.iter().copied().collect();
    let closed = spec.closed.as_ref();
    let gone = spec.gone.as_ref();
    Ok(Rollout {
        id: spec.id,
        old,
        new,
        old_name: names[old].name.clone(),
        new_name: names[new].name.clone(),
        ask: ask(names[new], header),
        warn: spec.warn.clone(),
        concerned: spec.concerned.iter().copied().collect(),
        closed: closed.map(|closed| (closed.since, consumers(&closed.known))),
        brownouts: spec.brownouts.clone(),
        gone: gone.map(|gone| (gone.since, consumers(&gone.stays))),
        touched: touched(spec, versions[old], headers.as_ref()),
        headers: headers.map(Arc::new),
    })
}

fn ask(new: &VersionName, header: &str) -> String {
    let by_header = format!("`{header}: {}`", new.name);
    match &new.path {
        Some(path) => format!("{by_header} or the path prefix `{path}`"),
        None => by_header,
    }
}

fn compile_warn(warn: &WarnSpec) -> Result<DeprecationHeaders, RolloutProblem> {
    if warn.sunset_at < warn.deprecated_at {
        return Err(RolloutProblem::SunsetFirst);
    }
    let is_target = |link: &str| {
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"<>\"".contains(&byte);
        !link.is_empty() && link.bytes().all(is_plain)
    };
    let bad = |link: &String| RolloutProblem::Link { link: link.clone() };
    for link in [&warn.guide, &warn.successor].into_iter().flatten() {
        if !is_target(link) {
            return Err(bad(link));
        }
    }
    let spec = DeprecationSpec {
        deprecated_at: warn.deprecated_at,
        sunset_at: Some(warn.sunset_at),
        deprecation_link: warn.guide.clone(),
        sunset_link: warn.guide.clone(),
        successor_link: warn.successor.clone(),
    };
    let link = || warn.guide.clone().or_else(|| warn.successor.clone());
    DeprecationHeaders::of(&spec).map_err(|_| RolloutProblem::Link {
        link: link().unwrap_or_default(),
    })
}

/// What the rollout touches, by operation.
fn touched(
    spec: &RolloutSpec,
    old: &Version,
    headers: Option<&DeprecationHeaders>,
) -> FxHashMap<OperationId, Touched> {
    let mut touched: FxHashMap<OperationId, Touched> = FxHashMap::default();
    for item in &spec.items {
        for calls in &item.calls {
            let one = touched.entry(calls.operation).or_default();
            let when = compile_when(&calls.when, old, calls.operation);
            match one.items.iter_mut().find(|known| known.id == item.id) {
                Some(known) => known.when.push(when),
                None => one.items.push(TouchedItem {
                    id: item.id.clone(),
                    summary: item.summary.clone(),
                    reason: reason_member(spec.id, item),
                    when: vec![when],
                }),
            }
        }
    }
    for (operation, one) in &mut touched {
        let own = old.operation(*operation);
        let own = own.and_then(|operation| operation.deprecation.as_deref());
        one.headers = headers
            .map(|headers| own.map_or_else(|| headers.clone(), |own| own.and(headers)))
            .map(Arc::new);
    }
    touched
}

fn compile_when(spec: &TouchedWhen, old: &Version, operation: OperationId) -> When {
    match spec {
        TouchedWhen::AnyCall => When::AnyCall,
        TouchedWhen::Consumers(consumers) => When::Consumers(consumers.iter().copied().collect()),
        TouchedWhen::Request { digest, any } => {
            let watched = old
                .operation(operation)
                .and_then(|one| one.watched.as_ref());
            match watched {
                Some(watched) if watched.digest() == *digest => When::Request(any.clone()),
                _ => When::Concerned,
            }
        }
    }
}

/// One member of a list of strings with parameters (RFC 9651 sections 3.1 and 3.3.3).
fn reason_member(rollout: RolloutId, item: &RolloutItemSpec) -> String {
    let mut text = String::new();
    push_string(&mut text, &item.summary, SUMMARY_BYTES_MAX);
    write!(text, ";rollout=\"{rollout}\";item=").expect("a string takes every text");
    push_string(&mut text, &item.id, ITEM_BYTES_MAX);
    text
}

/// A string of RFC 9651 section 3.3.3: other characters than visible ASCII and spaces become `?`.
fn push_string(out: &mut String, text: &str, bytes_max: usize) {
    out.push('"');
    for character in text.chars().take(bytes_max) {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            ' '..='~' => out.push(character),
            _ => out.push('?'),
        }
    }
    out.push('"');
}

/// `API-Deprecated-Reason` of these items, the first of them where they are many; `None` where there is none.
pub fn reason<'a>(items: impl Iterator<Item = &'a TouchedItem>) -> Option<HeaderValue> {
    let members: Vec<&str> = items
        .take(REASONS_MAX)
        .map(|item| item.reason.as_str())
        .collect();
    let value = HeaderValue::from_str(&members.join(", "));
    (!members.is_empty()).then(|| value.expect("members are visible ASCII and spaces"))
}
