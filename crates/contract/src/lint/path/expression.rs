//! Filter expressions: their form, and the member names that they look at.

use crate::lint::regex::Pattern;

/// A filter expression: a subset of ECMAScript.
#[derive(Debug, Clone)]
pub(in crate::lint) enum Expression {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    Regex(Box<Pattern>),
    /// `@`
    Value,
    /// `@property`
    Property,
    /// `@parentProperty`
    ParentProperty,
    /// `@path`
    Path,
    /// `@parent`
    Parent,
    /// `$` and `@root`
    Root,
    Member(Box<Expression>, String),
    Index(Box<Expression>, Box<Expression>),
    Call(Box<Expression>, String, Vec<Expression>),
    Not(Box<Expression>),
    Negative(Box<Expression>),
    TypeOf(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
    List(Vec<Expression>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum Operator {
    And,
    Or,
    Equal,
    NotEqual,
    StrictEqual,
    StrictNotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Plus,
    Minus,
}

impl PartialEq for Expression {
    /// By form: two patterns are the same if they are written the same.
    fn eq(&self, other: &Self) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }
}

/// Names that filters look for in the value itself, each with one bit, so that an object is searched once for all.
#[derive(Debug, Default)]
pub(in crate::lint) struct Names {
    names: Vec<String>,
    /// One bit for each length that some name has; the lengths from 63 on share one.
    lengths: u64,
}

/// Bits of one word.
const NAMES_MAX: usize = 64;

impl Names {
    /// Takes up the names of `@.name` in `expression`, as long as there are bits.
    pub(in crate::lint) fn collect(&mut self, expression: &Expression) {
        use Expression as E;
        match expression {
            E::Member(object, name) => {
                let is_own = matches!(**object, E::Value);
                if is_own && self.bit(name).is_none() && self.names.len() < NAMES_MAX {
                    self.names.push(name.clone());
                    self.lengths |= 1 << name.len().min(63);
                }
                self.collect(object);
            }
            E::Index(a, b) | E::Binary(_, a, b) => {
                self.collect(a);
                self.collect(b);
            }
            E::Call(object, _, arguments) => {
                self.collect(object);
                arguments.iter().for_each(|argument| self.collect(argument));
            }
            E::Not(inner) | E::Negative(inner) | E::TypeOf(inner) => self.collect(inner),
            _ => {}
        }
    }

    /// For each part of the filter that must hold: the names of which the value must have at least one. A value that
    /// lacks them all need not be looked at any closer.
    pub(in crate::lint) fn needs(&self, filter: &Expression) -> Vec<u64> {
        use Expression as E;
        match filter {
            E::Binary(Operator::And, left, right) => {
                let mut needs = self.needs(left);
                needs.extend(self.needs(right));
                needs
            }
            E::Binary(Operator::Or, left, right) => {
                let (left, right) = (self.needs(left), self.needs(right));
                match (left.first(), right.first()) {
                    (Some(left), Some(right)) => vec![left | right],
                    _ => Vec::new(),
                }
            }
            E::Binary(Operator::StrictNotEqual, left, right) if matches!(**right, E::Undefined) => {
                self.own(left).into_iter().collect()
            }
            E::Binary(Operator::Equal | Operator::StrictEqual, left, right)
                if matches!(**right, E::Text(_) | E::Number(_) | E::Bool(_)) =>
            {
                self.own(left).into_iter().collect()
            }
            filter => self.own(filter).into_iter().collect(),
        }
    }

    /// The bit of `@.name`, at the start of a chain of members and calls.
    fn own(&self, expression: &Expression) -> Option<u64> {
        match expression {
            Expression::Member(object, name) if matches!(**object, Expression::Value) => {
                match name.as_str() {
                    "length" | "constructor" => None,
                    name => self.bit(name),
                }
            }
            Expression::Member(object, _) | Expression::Call(object, _, _) => self.own(object),
            _ => None,
        }
    }

    pub(in crate::lint) fn bit(&self, name: &str) -> Option<u64> {
        let at = self.names.iter().position(|known| known == name)?;
        Some(1 << at)
    }

    /// The bits of those `names` that are known.
    pub(in crate::lint) fn bits<'n>(&self, names: impl Iterator<Item = &'n str>) -> u64 {
        let mut bits = 0;
        for name in names {
            if self.lengths & (1 << name.len().min(63)) != 0 {
                bits |= self.bit(name).unwrap_or(0);
            }
        }
        bits
    }
}
