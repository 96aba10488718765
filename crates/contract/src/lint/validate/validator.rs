//! One JSON Schema of a ruleset, compiled.

use std::fmt;
use std::sync::Arc;

use boon::{Compiler, Draft, SchemaIndex, Schemas, UrlLoader};
use serde_json::Value as Json;

use super::budget::{Budget, NODES_PER_STEP, Work, weight};
use super::errors::{SchemaError, Schemas as Written, told};
use super::formats;
use super::prepared::Template;
use super::references::References;

const ADDRESS: &str = "contract://ruleset/schema";

/// A resolved value larger than this is not expanded: it would be a document of its own.
const VALUE_NODES_MAX: usize = 200_000;

/// A compiled schema.
#[derive(Clone)]
pub(in crate::lint) struct Validator {
    template: Arc<Template>,
    references: Arc<References>,
    dialect: String,
    /// As it is for a value without any text.
    compiled: Arc<Compiled>,
}

/// What becomes of a value.
pub(in crate::lint) enum Judged {
    /// It fits when there are none.
    Errors(Vec<SchemaError>),
    /// It was not held against the schema, as this sentence says.
    Cut(String),
    /// Neither was it; that was said of a value before.
    CutBefore,
}

type Compiled = (Schemas, SchemaIndex);

impl fmt::Debug for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Validator")
    }
}

/// Schemas never come from a file or the network.
struct NoLoader;

impl UrlLoader for NoLoader {
    fn load(&self, url: &str) -> Result<Json, Box<dyn std::error::Error>> {
        Err(format!("`{url}` is outside of this document").into())
    }
}

/// A compiler for one dialect, with the formats of OpenAPI.
pub(super) fn compiler(dialect: &str) -> Compiler {
    let mut compiler = Compiler::new();
    compiler.use_loader(Box::new(NoLoader));
    compiler.enable_format_assertions();
    compiler.set_default_draft(match dialect {
        "draft4" => Draft::V4,
        "draft6" => Draft::V6,
        "draft2019-09" => Draft::V2019_09,
        "draft2020-12" => Draft::V2020_12,
        _ => Draft::V7,
    });
    for format in formats::OWN {
        compiler.register_format(format);
    }
    compiler
}

impl Validator {
    /// Error: what is wrong with the schema.
    pub(in crate::lint) fn new(schema: &Json, dialect: Option<&str>) -> Result<Self, String> {
        let template = Template::new(schema)?;
        let dialect = dialect.unwrap_or("draft7").to_owned();
        let compiled = compile(&template, &dialect, &Json::Null)?;
        Ok(Self {
            references: Arc::new(References::of(schema)),
            template: Arc::new(template),
            dialect,
            compiled: Arc::new(compiled),
        })
    }

    /// The value is what `value` makes; `None` when it has more parts than the limit it is given. `is_exhaustive`: all
    /// errors instead of the first on each level.
    pub(in crate::lint) fn judge(
        &self,
        budget: &mut Budget,
        value: impl FnOnce(usize) -> Option<Json>,
        is_exhaustive: bool,
    ) -> Judged {
        if budget.is_closed(self.template.schema()) {
            return Judged::CutBefore;
        }
        let Some(value) = value(VALUE_NODES_MAX) else {
            let cut = budget.refuse_size(self.template.schema(), VALUE_NODES_MAX);
            return Judged::Cut(cut.message());
        };
        match budget.take(self.work(&value), &value) {
            Ok(()) => Judged::Errors(self.errors(&value, is_exhaustive)),
            Err(cut) => Judged::Cut(cut.message()),
        }
    }

    fn work(&self, value: &Json) -> Work<'_> {
        let schema = self.template.schema();
        let compiling = match self.template.pattern_count() {
            0 => 0,
            // Every node is written, read and compiled again, and every text is looked through.
            count => 200 + 30 * weight(schema) + 2 * count as u64 * weight(value),
        };
        Work {
            schema,
            references: &self.references,
            preparation: weight(value) / NODES_PER_STEP + compiling,
        }
    }

    fn errors(&self, value: &Json, is_exhaustive: bool) -> Vec<SchemaError> {
        let written = Written::Ruleset(&self.template);
        let judge = |(schemas, index): &Compiled| match schemas.validate(value, *index) {
            Ok(()) => Vec::new(),
            Err(error) => told(&error, written, is_exhaustive),
        };
        if self.template.pattern_count() == 0 {
            return judge(&self.compiled);
        }
        match compile(&self.template, &self.dialect, value) {
            Ok(compiled) => judge(&compiled),
            // The same schema was compiled before, so only the texts of this value can be at fault.
            Err(_) => Vec::new(),
        }
    }
}

fn compile(template: &Template, dialect: &str, value: &Json) -> Result<Compiled, String> {
    let mut compiler = compiler(dialect);
    let mut schemas = Schemas::new();
    let refused = |error: boon::CompileError| error.to_string();
    let (schema, besides) = template.fill(value);
    for (address, schema) in besides.into_iter().chain([(ADDRESS.to_owned(), schema)]) {
        compiler.add_resource(&address, schema).map_err(refused)?;
    }
    let index = compiler.compile(ADDRESS, &mut schemas).map_err(refused)?;
    Ok((schemas, index))
}
