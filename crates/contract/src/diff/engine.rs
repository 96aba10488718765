//! Walks two documents side by side and hands what it meets to the checks.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::fact::{Documents, Fact, NamedFact, OperationFact, OperationPair, ParameterFact};
use super::options::DiffOptions;
use super::outcome::Diff;
use super::pairing::{self, Paths};
use super::report::Report;
use super::schema_pair::Place;
use super::schema_table::SchemaTable;
use super::schema_walk::{Root, SchemaWalk};
use crate::change::ChangedOperation;
use crate::model::body::{self, Named};
use crate::model::document::Document;
use crate::model::operation::{self, Listing, Operation};
use crate::model::parameter::{self, Parameter};
use crate::pointer::push_token;
use crate::rules::check::{Run, SchemaCheck};
use crate::rules::checks;
use crate::source::Source;
use crate::tree::Node;

pub(super) fn run(base: &Source, revision: &Source, options: &DiffOptions) -> Diff {
    let (base_document, revision_document) = (Document::new(base), Document::new(revision));
    let documents = Documents {
        base: &base_document,
        revision: &revision_document,
        options,
    };
    let runs: Vec<Run> = checks::CHECKS
        .iter()
        .filter(|check| is_wanted(options, check.name))
        .map(|check| check.run)
        .collect();
    let schema_checks = runs
        .iter()
        .filter_map(|run| match run {
            Run::Schema(check) => Some(*check),
            _ => None,
        })
        .collect();
    let table = SchemaTable::new(&base_document, &revision_document);
    let mut engine = Engine {
        documents,
        runs,
        schema_checks,
        walk: SchemaWalk::new(table),
        report: Report::new(base, revision, options),
    };
    engine.documents();
    engine.report.finish(engine.walk.table.is_full)
}

fn is_wanted(options: &DiffOptions, name: &str) -> bool {
    let wanted = options.checks.as_ref();
    wanted.is_none_or(|names| names.iter().any(|wanted| wanted == name))
}

struct Engine<'a, 't> {
    documents: Documents<'a, 't>,
    runs: Vec<Run>,
    schema_checks: Vec<SchemaCheck>,
    walk: SchemaWalk<'a, 't>,
    report: Report<'t>,
}

impl<'a, 't> Engine<'a, 't> {
    fn documents(&mut self) {
        for run in &self.runs {
            if let Run::Document(check) = run {
                check(&self.documents, &mut self.report);
            }
        }
        let with_names = self.documents.options.include_path_params;
        let old = operation::all(self.documents.base);
        let new = operation::all(self.documents.revision);
        let old_paths = Paths::of(&old, with_names);
        let new_paths = Paths::of(&new, with_names);
        for (base, revision) in pairing::pairs(&old, &new, with_names) {
            let (base, revision) = (base.map(|at| &old[at]), revision.map(|at| &new[at]));
            let Some(named) = base.or(revision) else {
                continue;
            };
            let has_path = match base {
                Some(base) => new_paths.has(base, with_names),
                None => old_paths.has(named, with_names),
            };
            self.operation(base, revision, named, has_path);
        }
        for run in &self.runs {
            if let Run::Finish(check) = run {
                check(&self.documents, &mut self.report);
            }
        }
    }

    fn operation(
        &mut self,
        base: Option<&Operation<'t>>,
        revision: Option<&Operation<'t>>,
        named: &Operation<'t>,
        has_path: bool,
    ) {
        let changed = Arc::new(changed(named));
        let fact = OperationFact {
            documents: self.documents,
            base,
            revision,
            has_path,
            changed: &changed,
        };
        for run in &self.runs {
            if let Run::Operation(check) = run {
                check(&fact, &mut self.report);
            }
        }
        let (Some(base), Some(revision)) = (base, revision) else {
            return;
        };
        let least = self.documents.options.stability_min;
        if revision.stability() < least {
            return;
        }
        let pair = OperationPair {
            documents: self.documents,
            base,
            revision,
            changed: &changed,
        };
        for run in &self.runs {
            if let Run::OperationPair(check) = run {
                check(&pair, &mut self.report);
            }
        }
        self.parameters(&pair);
        self.request_body(&pair);
        self.responses(&pair);
    }

    fn parameters(&mut self, pair: &OperationPair<'_, 't>) {
        let old = pair.base.parameters(self.documents.base);
        let new = pair.revision.parameters(self.documents.revision);
        let at: FxHashMap<_, usize> = new.iter().map(Parameter::key).zip(0..).collect();
        let mut new: Vec<Option<Parameter<'t>>> = new.into_iter().map(Some).collect();
        for base in old {
            let revision = at.get(&base.key()).and_then(|at| new[*at].take());
            self.parameter(pair, Some(base), revision);
        }
        for revision in new.into_iter().flatten() {
            self.parameter(pair, None, Some(revision));
        }
    }

    fn parameter(
        &mut self,
        pair: &OperationPair<'_, 't>,
        base: Option<Parameter<'t>>,
        revision: Option<Parameter<'t>>,
    ) {
        let Some(named) = base.as_ref().or(revision.as_ref()) else {
            return;
        };
        let (location, name) = (named.location, named.name);
        let is_exploded_form = revision.as_ref().is_some_and(Parameter::is_exploded_form);
        let mut logical = String::from("/parameters");
        push_token(&mut logical, location);
        match named.position {
            Some(position) => push_token(&mut logical, &position.to_string()),
            None => push_token(&mut logical, &name.to_lowercase()),
        }
        let schemas = (
            base.as_ref()
                .and_then(|side| side.schema(self.documents.base)),
            revision
                .as_ref()
                .and_then(|side| side.schema(self.documents.revision)),
        );
        let fact: ParameterFact<'_, 't> = Fact {
            documents: self.documents,
            operation: pair,
            base,
            revision,
            logical: &logical,
            status: "",
        };
        for run in &self.runs {
            if let Run::Parameter(check) = run {
                check(&fact, &mut self.report);
            }
        }
        let place = Place::Parameter {
            location,
            name,
            is_exploded_form,
        };
        self.schemas(pair, place, &logical, schemas);
    }

    fn request_body(&mut self, pair: &OperationPair<'_, 't>) {
        let side = |document: &Document<'t>, operation: &Operation<'t>| {
            let member = operation.node.member("requestBody")?;
            Some(Named {
                name: "requestBody",
                key: member.key,
                node: document.follow(member.value),
            })
        };
        let base = side(self.documents.base, pair.base);
        let revision = side(self.documents.revision, pair.revision);
        if base.is_none() && revision.is_none() {
            return;
        }
        let fact = self.named(pair, base, revision, "/requestBody", "");
        for run in &self.runs {
            if let Run::RequestBody(check) = run {
                check(&fact, &mut self.report);
            }
        }
        self.content(&fact);
    }

    fn responses(&mut self, pair: &OperationPair<'_, 't>) {
        let old = body::named(self.documents.base, pair.base.node, "responses");
        let new = body::named(self.documents.revision, pair.revision.node, "responses");
        for (base, revision) in body::paired_responses(old, new) {
            let Some(named) = base.or(revision) else {
                continue;
            };
            let mut logical = String::from("/responses");
            push_token(&mut logical, named.name);
            let fact = self.named(pair, base, revision, &logical, named.name);
            for run in &self.runs {
                if let Run::Response(check) = run {
                    check(&fact, &mut self.report);
                }
            }
            self.headers(&fact);
            self.content(&fact);
        }
    }

    fn headers(&mut self, response: &NamedFact<'_, 't>) {
        let Some((base, revision)) = response.both() else {
            return;
        };
        let old = body::named(self.documents.base, base.node, "headers");
        let new = body::named(self.documents.revision, revision.node, "headers");
        for (base, revision) in body::paired(old, new, |a, b| a.eq_ignore_ascii_case(b)) {
            let Some(named) = base.or(revision) else {
                continue;
            };
            let mut logical = format!("{}/headers", response.logical);
            push_token(&mut logical, &named.name.to_lowercase());
            let fact = self.named(
                response.operation,
                base,
                revision,
                &logical,
                response.status,
            );
            for run in &self.runs {
                if let Run::Header(check) = run {
                    check(&fact, &mut self.report);
                }
            }
            let (old, new) = (self.documents.base, self.documents.revision);
            let schemas = (
                base.and_then(|side| parameter::schema(old, side.node)),
                revision.and_then(|side| parameter::schema(new, side.node)),
            );
            let place = Place::Header {
                status: response.status,
                name: named.name,
            };
            self.schemas(response.operation, place, &logical, schemas);
        }
    }

    fn content(&mut self, holder: &NamedFact<'_, 't>) {
        let Some((base, revision)) = holder.both() else {
            return;
        };
        let old = body::named(self.documents.base, base.node, "content");
        let new = body::named(self.documents.revision, revision.node, "content");
        for (base, revision) in body::paired_media_types(old, new) {
            let Some(named) = base.or(revision) else {
                continue;
            };
            let mut logical = holder.logical.to_owned();
            push_token(&mut logical, named.name);
            let fact = self.named(holder.operation, base, revision, &logical, holder.status);
            for run in &self.runs {
                if let Run::MediaType(check) = run {
                    check(&fact, &mut self.report);
                }
            }
            let schema = |side: Option<Named<'t>>| side.and_then(|side| side.node.get("schema"));
            let media_type = named.name;
            // The provider sends what a webhook or a callback takes, and reads what it answers.
            let is_sent_by_provider = holder.operation.base.listing != Listing::Paths;
            let place = match (holder.status, is_sent_by_provider) {
                ("", false) => Place::RequestBody { media_type },
                ("", true) => Place::Response {
                    status: "",
                    media_type,
                },
                (_, true) => Place::RequestBody { media_type },
                (status, false) => Place::Response { status, media_type },
            };
            self.schemas(
                holder.operation,
                place,
                &logical,
                (schema(base), schema(revision)),
            );
        }
    }

    fn named<'f>(
        &self,
        pair: &'f OperationPair<'a, 't>,
        base: Option<Named<'t>>,
        revision: Option<Named<'t>>,
        logical: &'f str,
        status: &'f str,
    ) -> NamedFact<'f, 't>
    where
        'a: 'f,
    {
        Fact {
            documents: self.documents,
            operation: pair,
            base,
            revision,
            logical,
            status,
        }
    }

    fn schemas(
        &mut self,
        operation: &OperationPair<'_, 't>,
        place: Place<'_>,
        logical: &str,
        schemas: (Option<Node<'t>>, Option<Node<'t>>),
    ) {
        if let (Some(base), Some(revision)) = schemas {
            let root = Root {
                operation,
                place,
                logical,
            };
            let checks = &self.schema_checks;
            self.walk
                .run(&root, base, revision, checks, &mut self.report);
        }
    }
}

fn changed(operation: &Operation<'_>) -> ChangedOperation {
    ChangedOperation {
        method: operation.method.clone(),
        path: match operation.listing {
            Listing::Paths => operation.path.to_owned(),
            Listing::Webhooks => format!("webhook:{}", operation.path),
            Listing::Callbacks => format!("callback:{} {}", operation.owner, operation.path),
        },
        operation_id: operation.id().map(str::to_owned),
    }
}
