//! Reads a filter expression up to the bracket that closes it.

use super::super::expression::{Expression, Operator};
use super::token::{Token, Tokens};
use crate::lint::regex::Pattern;

/// Brackets, signs and negations inside of each other.
const DEPTH_MAX: usize = 64;

type Fault = (usize, String);

/// The expression at the start of `text` and the bytes it takes. Error: the byte, and what is wrong there.
pub(in crate::lint::path) fn parse(text: &str) -> Result<(Expression, usize), Fault> {
    let mut parser = Parser {
        tokens: Tokens::new(text),
        depth: 0,
    };
    let expression = parser.binary(0)?;
    Ok((expression, parser.tokens.at))
}

struct Parser<'p> {
    tokens: Tokens<'p>,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self, after_value: bool) -> Result<Token, Fault> {
        self.tokens.clone().next(after_value)
    }

    fn take(&mut self, sign: &'static str) -> Result<bool, Fault> {
        let found = self.peek(true)? == Token::Sign(sign);
        if found {
            self.tokens.next(true)?;
        }
        Ok(found)
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), Fault> {
        match self.take(sign)? {
            true => Ok(()),
            false => Err((self.tokens.at, format!("expected `{sign}`"))),
        }
    }

    fn deeper(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        match self.depth > DEPTH_MAX {
            true => Err((self.tokens.at, "the filter nests too deep".to_owned())),
            false => Ok(()),
        }
    }

    fn binary(&mut self, strength_min: u8) -> Result<Expression, Fault> {
        self.deeper()?;
        let mut left = self.unary()?;
        while let Some((operator, strength)) = operator(&self.peek(true)?) {
            if strength < strength_min {
                break;
            }
            self.tokens.next(true)?;
            let right = self.binary(strength + 1)?;
            left = Expression::Binary(operator, Box::new(left), Box::new(right));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expression, Fault> {
        self.deeper()?;
        let boxed = |parser: &mut Self| parser.unary().map(Box::new);
        let expression = match self.peek(false)? {
            Token::Sign("!") => {
                self.tokens.next(false)?;
                Expression::Not(boxed(self)?)
            }
            Token::Sign("-") => {
                self.tokens.next(false)?;
                Expression::Negative(boxed(self)?)
            }
            Token::Name(name) if name == "typeof" => {
                self.tokens.next(false)?;
                Expression::TypeOf(boxed(self)?)
            }
            Token::Name(name) if name == "void" => {
                self.tokens.next(false)?;
                boxed(self)?;
                Expression::Undefined
            }
            _ => self.postfix()?,
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn postfix(&mut self) -> Result<Expression, Fault> {
        let mut value = self.primary()?;
        loop {
            if self.take(".")? {
                value = self.member(value)?;
            } else if self.take("[")? {
                let index = self.binary(0)?;
                self.expect("]")?;
                value = match index {
                    Expression::Text(name) => Expression::Member(Box::new(value), name),
                    index => Expression::Index(Box::new(value), Box::new(index)),
                };
            } else {
                return Ok(value);
            }
        }
    }

    fn member(&mut self, object: Expression) -> Result<Expression, Fault> {
        let name = self.tokens.name();
        if name.is_empty() {
            return Err((self.tokens.at, "expected a name".to_owned()));
        }
        if !self.take("(")? {
            return Ok(Expression::Member(Box::new(object), name));
        }
        let arguments = self.list(")")?;
        Ok(Expression::Call(Box::new(object), name, arguments))
    }

    fn list(&mut self, close: &'static str) -> Result<Vec<Expression>, Fault> {
        let mut items = Vec::new();
        // A slash here starts a pattern.
        if self.peek(false)? == Token::Sign(close) {
            self.tokens.next(false)?;
            return Ok(items);
        }
        loop {
            items.push(self.binary(0)?);
            if self.take(close)? {
                return Ok(items);
            }
            self.expect(",")?;
        }
    }

    fn primary(&mut self) -> Result<Expression, Fault> {
        let at = self.tokens.at;
        match self.tokens.next(false)? {
            Token::Text(text) => Ok(Expression::Text(text)),
            Token::Number(number) => Ok(Expression::Number(number)),
            Token::Regex(body, flags) => {
                let text = format!("/{body}/{flags}");
                let pattern = Pattern::new(&body, &flags, &text).map_err(|error| (at, error))?;
                Ok(Expression::Regex(Box::new(pattern)))
            }
            Token::Sign("(") => {
                let inner = self.binary(0)?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Sign("[") => Ok(Expression::List(self.list("]")?)),
            Token::Sign("$") => Ok(Expression::Root),
            Token::Sign("@") => self.at_name(at),
            Token::Name(name) => {
                word(&name).ok_or((at, format!("`{name}` is not understood in a filter")))
            }
            _ => Err((
                self.tokens.at.min(at.max(at)),
                "expected a value".to_owned(),
            )),
        }
    }

    fn at_name(&mut self, at: usize) -> Result<Expression, Fault> {
        match self.tokens.name().as_str() {
            "" => Ok(Expression::Value),
            "property" => Ok(Expression::Property),
            "parentProperty" => Ok(Expression::ParentProperty),
            "path" => Ok(Expression::Path),
            "parent" => Ok(Expression::Parent),
            "root" => Ok(Expression::Root),
            name => Err((at, format!("`@{name}` is not understood in a filter"))),
        }
    }
}

fn word(name: &str) -> Option<Expression> {
    match name {
        "undefined" => Some(Expression::Undefined),
        "null" => Some(Expression::Null),
        "true" => Some(Expression::Bool(true)),
        "false" => Some(Expression::Bool(false)),
        _ => None,
    }
}

fn operator(token: &Token) -> Option<(Operator, u8)> {
    let found = match token {
        Token::Sign("||") => (Operator::Or, 1),
        Token::Sign("&&") => (Operator::And, 2),
        Token::Sign("==") => (Operator::Equal, 3),
        Token::Sign("!=") => (Operator::NotEqual, 3),
        Token::Sign("===") => (Operator::StrictEqual, 3),
        Token::Sign("!==") => (Operator::StrictNotEqual, 3),
        Token::Sign("<") => (Operator::Less, 4),
        Token::Sign("<=") => (Operator::LessOrEqual, 4),
        Token::Sign(">") => (Operator::Greater, 4),
        Token::Sign(">=") => (Operator::GreaterOrEqual, 4),
        Token::Name(name) if name == "in" => (Operator::In, 4),
        Token::Sign("+") => (Operator::Plus, 5),
        Token::Sign("-") => (Operator::Minus, 5),
        _ => return None,
    };
    Some(found)
}
