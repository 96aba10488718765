//! What the messages of one operation are watched for, as control publishes it: kept as text, compiled once.

use std::sync::{Arc, OnceLock};

use bridge::observe::{Place, Plan, Table, TableError};
use serde::de::Deserialize;
use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserializer, Serialize};
use serde_json::value::RawValue;

/// The numbered leaves of one operation. Never changes, so clones share one text and what was compiled of it: a Snapshot
/// that has the same contract as the one before costs neither again.
#[derive(Debug, Clone)]
pub struct LeavesSpec(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    digest: u32,
    /// A [`Plan`] as JSON.
    plan: Box<RawValue>,
    compiled: OnceLock<Arc<Leaves>>,
}

impl LeavesSpec {
    /// `digest` is that of the leaves' names, `plan` a [`Plan`] as JSON. Errors: it is no JSON.
    pub fn new(digest: u32, plan: String) -> serde_json::Result<Self> {
        Ok(Self::of(digest, RawValue::from_string(plan)?))
    }

    fn of(digest: u32, plan: Box<RawValue>) -> Self {
        Self(Arc::new(Shared {
            digest,
            plan,
            compiled: OnceLock::new(),
        }))
    }

    /// Tells these numbers from those of another table.
    pub fn digest(&self) -> u32 {
        self.0.digest
    }

    /// Compiles what no clone has compiled yet. Errors: a plan that `contract::leaves` would not have written.
    pub(crate) fn compile(&self) -> Result<Arc<Leaves>, TableError> {
        if let Some(known) = self.0.compiled.get() {
            return Ok(Arc::clone(known));
        }
        let plan =
            serde_json::from_str(self.0.plan.get()).map_err(|error| TableError::Unreadable {
                column: error.column(),
            })?;
        let compiled = Arc::new(Leaves::compile(&plan)?);
        Ok(Arc::clone(self.0.compiled.get_or_init(|| compiled)))
    }
}

impl Serialize for LeavesSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut spec = serializer.serialize_struct("LeavesSpec", 2)?;
        spec.serialize_field("digest", &self.0.digest)?;
        spec.serialize_field("plan", &self.0.plan)?;
        spec.end()
    }
}

impl<'de> Deserialize<'de> for LeavesSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        struct Written {
            digest: u32,
            plan: Box<RawValue>,
        }
        let Written { digest, plan } = Written::deserialize(deserializer)?;
        Ok(Self::of(digest, plan))
    }
}

/// The leaves of one operation, ready to read messages by, and which parts of a head can hold one.
#[derive(Debug)]
pub(crate) struct Leaves {
    pub(crate) table: Arc<Table>,
    /// In lower case; `cookie` where a cookie is named.
    pub(crate) request_headers: Vec<String>,
    /// In lower case, of whatever status.
    pub(crate) response_headers: Vec<String>,
    pub(crate) has_query: bool,
    pub(crate) path_parameters: Vec<PathParameter>,
}

/// A parameter of the path.
#[derive(Debug)]
pub(crate) struct PathParameter {
    pub(crate) name: String,
    pub(crate) leaf: u32,
    /// Whether the contract names values of it.
    pub(crate) has_values: bool,
}

impl Leaves {
    fn compile(plan: &Plan) -> Result<Self, TableError> {
        let table = Arc::new(Table::compile(plan)?);
        let parameters = &plan.request.parameters;
        let of = |place: Place| parameters.iter().filter(move |one| one.place == place);
        let mut request_headers: Vec<String> = of(Place::Header)
            .map(|one| one.name.to_ascii_lowercase())
            .collect();
        if of(Place::Cookie).next().is_some() {
            request_headers.push("cookie".to_owned());
        }
        let mut response_headers: Vec<String> = plan
            .responses
            .iter()
            .flat_map(|response| &response.headers)
            .map(|header| header.name.to_ascii_lowercase())
            .collect();
        for names in [&mut request_headers, &mut response_headers] {
            names.sort_unstable();
            names.dedup();
        }
        let path_parameters = of(Place::Path).filter_map(|one| {
            let node = plan.nodes.get(one.node as usize)?;
            Some(PathParameter {
                name: one.name.clone(),
                leaf: node.leaf,
                has_values: !node.values.is_empty(),
            })
        });
        Ok(Self {
            path_parameters: path_parameters.collect(),
            has_query: of(Place::Query).next().is_some(),
            table,
            request_headers,
            response_headers,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = r#"{"leaf_count":2,"nodes":[{"leaf":1,"values":[{"text":"a","kind":"string","leaf":0}],"other":0}],"request":{"parameters":[{"place":"path","name":"id","node":0}]}}"#;

    #[test]
    fn clones_share_what_was_compiled() {
        let spec = LeavesSpec::new(7, PLAN.to_owned()).unwrap();
        let first = spec.clone().compile().unwrap();
        assert!(Arc::ptr_eq(&first, &spec.compile().unwrap()));
        let parameter = &first.path_parameters[0];
        assert_eq!((parameter.name.as_str(), parameter.leaf), ("id", 1));
        assert!(parameter.has_values && !first.has_query);
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let spec = LeavesSpec::new(7, PLAN.to_owned()).unwrap();
        let written = serde_json::to_string(&spec).unwrap();
        assert_eq!(written, format!(r#"{{"digest":7,"plan":{PLAN}}}"#));
        let read: LeavesSpec = serde_json::from_str(&written).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), written);
        assert_eq!(read.digest(), 7);
    }

    #[test]
    fn what_is_no_plan_is_refused() {
        assert!(LeavesSpec::new(7, "{".to_owned()).is_err());
        let refused = |plan: &str| {
            let spec = LeavesSpec::new(7, plan.to_owned()).unwrap();
            spec.compile().unwrap_err()
        };
        assert!(matches!(refused("[[]]"), TableError::Unreadable { .. }));
        let beyond = refused(r#"{"leaf_count":1,"request":{"body":3}}"#);
        assert!(matches!(beyond, TableError::Node { node: 3, .. }));
    }
}
