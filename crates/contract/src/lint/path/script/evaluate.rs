//! Decides a filter expression for one value.

use std::borrow::Cow;

use super::super::expression::{Expression, Names, Operator};
use super::super::value::Js;
use crate::lint::view::View;
use crate::tree::{Node, NodeId, Value};

/// What a filter looks at.
pub(in crate::lint) struct Subject<'a, 't> {
    pub(in crate::lint) view: View<'a, 't>,
    pub(in crate::lint) value: Node<'t>,
    pub(in crate::lint) parent: Node<'t>,
    /// The slot that holds the value.
    pub(in crate::lint) slot: NodeId,
    /// The value's name or index.
    pub(in crate::lint) property: Js<'t>,
    pub(in crate::lint) names: &'a Names,
    /// Which of the names the value has.
    pub(in crate::lint) present: u64,
}

/// A member of nothing, or a call of what is no function: the whole filter fails.
struct Thrown;

/// Whether the filter takes the subject.
pub(in crate::lint) fn holds(expression: &Expression, subject: &Subject<'_, '_>) -> bool {
    subject
        .evaluate(expression)
        .is_ok_and(|value| value.is_truthy())
}

impl<'t> Subject<'_, 't> {
    fn evaluate(&self, expression: &Expression) -> Result<Js<'t>, Thrown> {
        use Expression as E;
        Ok(match expression {
            E::Undefined => Js::Undefined,
            E::Null => Js::Null,
            E::Bool(value) => Js::Bool(*value),
            E::Number(value) => Js::Number(*value),
            E::Text(text) => Js::Text(Cow::Owned(text.clone())),
            E::Regex(_) => Js::Constructor("RegExp"),
            E::Value => Js::of(self.value),
            E::Property => self.property.clone(),
            E::ParentProperty => self
                .path()
                .into_iter()
                .rev()
                .nth(1)
                .unwrap_or(Js::Undefined),
            E::Path => Js::Text(Cow::Owned(self.path_text())),
            E::Parent => Js::of(self.parent),
            E::Root => Js::of(self.view.root),
            E::Member(object, name) => self.member_of(object, name)?,
            E::Index(object, index) => self.index_of(object, index)?,
            E::Call(object, method, arguments) => self.call(object, method, arguments)?,
            E::Not(inner) => Js::Bool(!self.evaluate(inner)?.is_truthy()),
            E::Negative(inner) => Js::Number(-self.evaluate(inner)?.to_number()),
            E::TypeOf(inner) => Js::Text(Cow::Borrowed(self.evaluate(inner)?.type_name())),
            E::List(items) => Js::List(
                items
                    .iter()
                    .map(|item| self.evaluate(item))
                    .collect::<Result<_, _>>()?,
            ),
            E::Binary(operator, left, right) => self.binary(*operator, left, right)?,
        })
    }

    fn path(&self) -> Vec<Js<'t>> {
        let pointer = self.view.tree().node(self.slot).pointer();
        let tokens = pointer.split('/').skip(1);
        std::iter::once(Js::Text(Cow::Borrowed("$")))
            .chain(
                tokens
                    .map(|token| Js::Text(Cow::Owned(token.replace("~1", "/").replace("~0", "~")))),
            )
            .collect()
    }

    /// `$['paths']['/a'][0]`
    fn path_text(&self) -> String {
        let mut text = String::from("$");
        let mut node = Some(self.view.root);
        for part in self.path().iter().skip(1).map(text_of) {
            let is_element = node.is_some_and(Node::is_array);
            text += &match is_element {
                true => format!("[{part}]"),
                false => format!("['{part}']"),
            };
            node = match is_element {
                true => node.and_then(|list| list.elements().nth(part.parse().ok()?)),
                false => node.and_then(|object| object.get(&part)),
            };
        }
        text
    }

    fn binary(
        &self,
        operator: Operator,
        left: &Expression,
        right: &Expression,
    ) -> Result<Js<'t>, Thrown> {
        let left = self.evaluate(left)?;
        match operator {
            Operator::And if !left.is_truthy() => return Ok(left),
            Operator::Or if left.is_truthy() => return Ok(left),
            _ => {}
        }
        let right = self.evaluate(right)?;
        let is = match operator {
            Operator::And | Operator::Or => return Ok(right),
            Operator::Plus => return Ok(plus(&left, &right)),
            Operator::Minus => return Ok(Js::Number(left.to_number() - right.to_number())),
            Operator::Equal => left.loosely_equals(&right),
            Operator::NotEqual => !left.loosely_equals(&right),
            Operator::StrictEqual => left.strictly_equals(&right),
            Operator::StrictNotEqual => !left.strictly_equals(&right),
            Operator::In => is_in(&left, &right)?,
            Operator::Less => less(&left, &right),
            Operator::LessOrEqual => less(&left, &right) || same_order(&left, &right),
            Operator::Greater => less(&right, &left),
            Operator::GreaterOrEqual => less(&right, &left) || same_order(&left, &right),
        };
        Ok(Js::Bool(is))
    }

    fn member_of(&self, object: &Expression, name: &str) -> Result<Js<'t>, Thrown> {
        if matches!(object, Expression::Value) && self.value.is_object() {
            let is_absent = self
                .names
                .bit(name)
                .is_some_and(|bit| self.present & bit == 0);
            if is_absent && name != "constructor" {
                return Ok(Js::Undefined);
            }
        }
        let object = self.evaluate(object)?;
        self.member(&object, name)
    }

    fn member(&self, object: &Js<'t>, name: &str) -> Result<Js<'t>, Thrown> {
        Ok(match (object, name) {
            (Js::Undefined | Js::Null, _) => return Err(Thrown),
            (Js::Constructor(class), "name") => Js::Text(Cow::Borrowed(class)),
            (Js::Text(text), "length") => Js::Number(text.encode_utf16().count() as f64),
            (Js::List(items), "length") => Js::Number(items.len() as f64),
            (Js::Node(node), "length") if node.is_array() => {
                Js::Number(node.elements().count() as f64)
            }
            (Js::Node(node), name) if node.is_object() && node.get(name).is_some() => {
                Js::of_option(self.view.get(*node, name))
            }
            (value, "constructor") => Js::Constructor(class_of(value)),
            _ => Js::Undefined,
        })
    }

    fn index_of(&self, object: &Expression, index: &Expression) -> Result<Js<'t>, Thrown> {
        let object = self.evaluate(object)?;
        match (&object, self.evaluate(index)?) {
            (Js::Node(node), Js::Number(at)) if node.is_array() && at >= 0.0 => {
                let found = node.elements().nth(at as usize);
                Ok(Js::of_option(found.map(|node| self.view.follow(node))))
            }
            (Js::List(items), Js::Number(at)) if at >= 0.0 => {
                Ok(items.get(at as usize).cloned().unwrap_or(Js::Undefined))
            }
            (_, Js::Text(name)) => self.member(&object, &name),
            (Js::Undefined | Js::Null, _) => Err(Thrown),
            _ => Ok(Js::Undefined),
        }
    }

    fn call(
        &self,
        object: &Expression,
        method: &str,
        arguments: &[Expression],
    ) -> Result<Js<'t>, Thrown> {
        let first = match arguments.first() {
            Some(Expression::Regex(pattern)) => {
                let Js::Text(text) = self.evaluate(object)? else {
                    return Err(Thrown);
                };
                return match method {
                    "match" if pattern.finds(&text) => Ok(Js::List(vec![Js::Text(text)])),
                    "match" => Ok(Js::Null),
                    "search" => Ok(Js::Number(if pattern.finds(&text) { 0.0 } else { -1.0 })),
                    _ => Err(Thrown),
                };
            }
            Some(argument) => self.evaluate(argument)?,
            None => Js::Undefined,
        };
        if let Expression::Regex(pattern) = object {
            return match (method, &first) {
                ("test", Js::Text(text)) => Ok(Js::Bool(pattern.finds(text))),
                ("test", _) => Ok(Js::Bool(pattern.finds("undefined"))),
                _ => Err(Thrown),
            };
        }
        match self.evaluate(object)? {
            Js::Text(text) => text_method(&text, method, &first),
            Js::Node(node) => self.node_method(node, method, &first),
            Js::List(items) => list_method(&items, method, &first),
            _ => Err(Thrown),
        }
    }

    fn node_method(&self, node: Node<'t>, method: &str, first: &Js<'t>) -> Result<Js<'t>, Thrown> {
        if method == "hasOwnProperty" {
            let Js::Text(name) = first else {
                return Ok(Js::Bool(false));
            };
            return Ok(Js::Bool(node.get(name).is_some()));
        }
        if !node.is_array() {
            return Err(Thrown);
        }
        let items: Vec<Js<'t>> = node
            .elements()
            .map(|element| Js::of(self.view.follow(element)))
            .collect();
        list_method(&items, method, first)
    }
}

fn list_method<'t>(items: &[Js<'t>], method: &str, first: &Js<'t>) -> Result<Js<'t>, Thrown> {
    let at = items.iter().position(|item| item.strictly_equals(first));
    match method {
        "includes" => Ok(Js::Bool(at.is_some())),
        "indexOf" => Ok(Js::Number(at.map_or(-1.0, |at| at as f64))),
        "slice" => {
            let start = first.to_number();
            let start = if start < 0.0 {
                items.len() as f64 + start
            } else {
                start
            };
            Ok(Js::List(
                items
                    .iter()
                    .skip(start.max(0.0) as usize)
                    .cloned()
                    .collect(),
            ))
        }
        "join" => {
            let between = match first {
                Js::Text(text) => text.as_ref(),
                _ => ",",
            };
            let texts: Vec<String> = items.iter().map(text_of).collect();
            Ok(Js::Text(Cow::Owned(texts.join(between))))
        }
        _ => Err(Thrown),
    }
}

fn text_method<'t>(text: &str, method: &str, first: &Js<'t>) -> Result<Js<'t>, Thrown> {
    let word = match first {
        Js::Text(word) => word.as_ref(),
        _ => "undefined",
    };
    Ok(match method {
        "includes" => Js::Bool(text.contains(word)),
        "startsWith" => Js::Bool(text.starts_with(word)),
        "endsWith" => Js::Bool(text.ends_with(word)),
        "indexOf" => Js::Number(text.find(word).map_or(-1.0, |at| at as f64)),
        "toLowerCase" => Js::Text(Cow::Owned(text.to_lowercase())),
        "toUpperCase" => Js::Text(Cow::Owned(text.to_uppercase())),
        "trim" => Js::Text(Cow::Owned(text.trim().to_owned())),
        "toString" => Js::Text(Cow::Owned(text.to_owned())),
        _ => return Err(Thrown),
    })
}

fn text_of(value: &Js<'_>) -> String {
    match value {
        Js::Text(text) => text.clone().into_owned(),
        Js::Number(number) => number.to_string(),
        Js::Bool(value) => value.to_string(),
        _ => String::new(),
    }
}

fn class_of(value: &Js<'_>) -> &'static str {
    match value {
        Js::Bool(_) => "Boolean",
        Js::Number(_) => "Number",
        Js::Text(_) => "String",
        Js::List(_) => "Array",
        Js::Node(node) => match node.value() {
            Value::Array(_) => "Array",
            _ => "Object",
        },
        _ => "Function",
    }
}

fn is_in(name: &Js<'_>, object: &Js<'_>) -> Result<bool, Thrown> {
    match object {
        Js::Node(node) if node.is_object() => Ok(node.get(&text_of(name)).is_some()),
        Js::Node(node) => Ok((name.to_number() as usize) < node.elements().count()),
        _ => Err(Thrown),
    }
}

fn plus<'t>(left: &Js<'t>, right: &Js<'t>) -> Js<'t> {
    match (left, right) {
        (Js::Text(_), _) | (_, Js::Text(_)) => {
            Js::Text(Cow::Owned(text_of(left) + &text_of(right)))
        }
        _ => Js::Number(left.to_number() + right.to_number()),
    }
}

fn less(left: &Js<'_>, right: &Js<'_>) -> bool {
    match (left, right) {
        (Js::Text(a), Js::Text(b)) => a < b,
        _ => left.to_number() < right.to_number(),
    }
}

fn same_order(left: &Js<'_>, right: &Js<'_>) -> bool {
    match (left, right) {
        (Js::Text(a), Js::Text(b)) => a == b,
        _ => left.to_number() == right.to_number(),
    }
}
