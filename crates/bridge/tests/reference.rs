//! What an observation must come to, found the slow way: the whole body in memory, its tree walked. Shared with fuzzing.

use std::fmt;
use std::sync::Arc;

use bridge::observe::{Bits, Observation, Observer, Plan, PlanNode, Table, ValueKind};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// One operation with everything that a plan may have.
pub const CONTRACT: &str = "
openapi: 3.1.0
paths:
  /things/{id}:
    post:
      parameters:
        - {in: path, name: id, schema: {enum: [a b, c]}}
        - {in: query, name: limit, schema: {enum: [10, 20]}}
        - {in: query, name: tags, schema: {items: {enum: [x, y]}}}
        - {in: query, name: ids, explode: false, schema: {items: {enum: ['1', '2']}}}
        - {in: query, name: piped, style: pipeDelimited, explode: false, schema: {items: {enum: [p, q]}}}
        - {in: query, name: page, style: deepObject, schema: {properties: {size: {}, after: {properties: {id: {}}}}}}
        - {in: query, name: sort, schema: {properties: {by: {enum: [date]}, order: {}}}}
        - {in: header, name: X-Kind, schema: {items: {enum: [one, two]}}}
        - {in: cookie, name: session}
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Thing'}}
          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Thing'}}
          multipart/form-data: {}
          text/*: {}
      responses:
        200: {headers: {X-Rate: {schema: {enum: [1, 2]}}}, content: {application/json: {schema: {items: {$ref: '#/components/schemas/Thing'}}}}}
        4XX: {content: {application/problem+json: {schema: {properties: {code: {enum: [gone]}}}}}}
        default: {description: none}
components:
  schemas:
    Thing:
      properties:
        a: {enum: [x, 'y\"\\', \"\\u00e9\\U0001F600\", 1, 2.50, true, null, '', 'true']}
        aa: {type: string}
        b: {items: {oneOf: [{enum: [1, 2]}, {properties: {a: {enum: [z]}}}]}}
        c: {properties: {d: {properties: {e: {enum: [false]}}}}}
        kids: {items: {$ref: '#/components/schemas/Thing'}}
        map: {additionalProperties: {properties: {a: {}}}}
        a_rather_long_name_of_a_property: {type: string}
        \"\\u00e9\": {type: string}
";

/// The operation of [`CONTRACT`] with its plan and the keys of its leaves.
pub struct Operation {
    pub table: Arc<Table>,
    pub plan: Plan,
    pub keys: Vec<String>,
}

impl Operation {
    pub fn read() -> Self {
        let source = contract::Source::read(CONTRACT.as_bytes(), "contract.yaml");
        let source = source.expect("the contract is one");
        let limits = contract::leaves::LeafLimits::default();
        let leaves = contract::leaves::tables(&source, &limits).remove(0);
        let plan = serde_json::to_string(&leaves.plan).expect("a plan is plain data");
        let plan: Plan = serde_json::from_str(&plan).expect("both sides name the same fields");
        Self {
            table: Arc::new(Table::compile(&plan).expect("the plan is one")),
            plan,
            keys: leaves.leaves.into_iter().map(|leaf| leaf.key).collect(),
        }
    }

    pub fn keys_of(&self, bits: &Bits) -> Vec<&str> {
        bits.iter()
            .map(|leaf| self.keys[leaf as usize].as_str())
            .collect()
    }

    /// Reads a body in chunks of these sizes, over and over.
    pub fn observe(
        &self,
        content_type: Option<&str>,
        body: &[u8],
        chunks: &[usize],
    ) -> Observation {
        let table = Arc::clone(&self.table);
        let mut observer = Observer::request(table, content_type.map(str::as_bytes));
        let mut rest = body;
        for size in chunks.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (chunk, behind) = rest.split_at((*size).clamp(1, rest.len()));
            observer.feed(chunk);
            rest = behind;
        }
        observer.finish()
    }

    /// The leaves of the body of a request, and those that are in doubt: where numbers are compared with numbers that
    /// this reader has rounded.
    pub fn expected(&self, body: &Dom) -> (Bits, Bits) {
        let mut found = (Bits::default(), Bits::default());
        self.walk(self.plan.request.body, body, &mut found);
        found
    }

    fn walk(&self, node: Option<u32>, value: &Dom, found: &mut (Bits, Bits)) {
        let Some(node) = node else { return };
        let node = &self.plan.nodes[node as usize];
        found.0.set(node.leaf);
        match value {
            Dom::Number if node.other.is_some() => {
                let numbers = node
                    .values
                    .iter()
                    .filter(|value| value.kind == ValueKind::Number);
                numbers.for_each(|value| found.1.set(value.leaf));
                node.other.iter().for_each(|leaf| found.1.set(*leaf));
            }
            Dom::Number => {}
            Dom::Null => set_value(node, ValueKind::Null, "null", found),
            Dom::Bool(value) => set_value(node, ValueKind::Boolean, &value.to_string(), found),
            Dom::String(text) => set_value(node, ValueKind::String, text, found),
            Dom::Array(elements) => {
                node.other.iter().for_each(|leaf| found.0.set(*leaf));
                elements
                    .iter()
                    .for_each(|element| self.walk(node.items, element, found));
            }
            Dom::Object(members) => {
                node.other.iter().for_each(|leaf| found.0.set(*leaf));
                for (name, value) in members {
                    let known = node.properties.iter().find(|(known, _)| known == name);
                    self.walk(known.map(|(_, node)| *node), value, found);
                }
            }
        }
    }
}

fn set_value(node: &PlanNode, kind: ValueKind, text: &str, found: &mut (Bits, Bits)) {
    let mut values = node.values.iter();
    let known = values.find(|value| value.kind == kind && value.text == text);
    let leaf = known.map(|value| value.leaf).or(node.other);
    leaf.iter().for_each(|leaf| found.0.set(*leaf));
}

/// A JSON value with the members of objects as they came, equal names included.
#[derive(Debug, Clone, PartialEq)]
pub enum Dom {
    Null,
    Bool(bool),
    Number,
    String(String),
    Array(Vec<Dom>),
    Object(Vec<(String, Dom)>),
}

impl<'de> Deserialize<'de> for Dom {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DomVisitor)
    }
}

struct DomVisitor;

impl<'de> Visitor<'de> for DomVisitor {
    type Value = Dom;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Dom, E> {
        Ok(Dom::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Dom, E> {
        Ok(Dom::Bool(value))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Dom, E> {
        Ok(Dom::Number)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Dom, E> {
        Ok(Dom::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Dom, E> {
        Ok(Dom::Number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Dom, E> {
        Ok(Dom::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Dom, A::Error> {
        let mut all = Vec::new();
        while let Some(element) = elements.next_element()? {
            all.push(element);
        }
        Ok(Dom::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Dom, A::Error> {
        let mut all = Vec::new();
        while let Some(member) = members.next_entry()? {
            all.push(member);
        }
        Ok(Dom::Object(all))
    }
}
