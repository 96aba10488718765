//! Reads a path.

use super::expression::Expression;
use super::script;
use super::selector::{Path, Selector, Step, Tail};

/// Why a text is no path that is understood here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at character {}", at + 1)]
pub(in crate::lint) struct PathError {
    /// In characters from 0.
    pub(in crate::lint) at: usize,
    pub(in crate::lint) message: String,
}

/// The longest path that is read, in bytes: filters nest at most that deep.
const PATH_BYTES_MAX: usize = 4096;

/// Steps of one path.
const STEPS_MAX: usize = 60;

pub(in crate::lint) fn parse(text: &str) -> Result<Path, PathError> {
    let mut parser = Parser { text, at: 0 };
    if text.len() > PATH_BYTES_MAX {
        return Err(parser.error("the path is longer than 4,096 bytes"));
    }
    parser.path()
}

struct Parser<'p> {
    text: &'p str,
    at: usize,
}

impl<'p> Parser<'p> {
    fn rest(&self) -> &'p str {
        &self.text[self.at..]
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn error(&self, message: impl Into<String>) -> PathError {
        PathError {
            at: self.text[..self.at].chars().count(),
            message: message.into(),
        }
    }

    fn path(&mut self) -> Result<Path, PathError> {
        self.spaces();
        if !self.take("$") {
            return Err(self.error("a path starts with `$`"));
        }
        let mut steps = Vec::new();
        let mut tail = Tail::Value;
        while !self.rest().trim().is_empty() {
            if tail != Tail::Value {
                return Err(self.error("`^` and `~` are understood at the end of a path only"));
            }
            if self.take("^") {
                tail = Tail::Parent;
            } else if self.take("~") {
                tail = Tail::Key;
            } else {
                steps.push(self.step()?);
                if steps.len() > STEPS_MAX {
                    return Err(self.error("the path has more than 60 steps"));
                }
            }
        }
        Ok(Path { steps, tail })
    }

    fn step(&mut self) -> Result<Step, PathError> {
        let two_dots = self.take("..");
        let dotted = two_dots || self.take(".");
        // `a.[b]` is read as `a..[b]` by those whose rulesets these are.
        let descends = two_dots || dotted && self.rest().starts_with('[');
        let selector = match () {
            () if self.take("[") => self.brackets()?,
            () if self.take("*") => Selector::Every,
            () if dotted => self.name()?,
            () => return Err(self.error("expected `.`, `..`, `[`, `^` or `~`")),
        };
        Ok(Step { descends, selector })
    }

    fn name(&mut self) -> Result<Selector, PathError> {
        let rest = self.rest();
        let end = rest
            .find(['.', '[', '^', '~', ']', ' '])
            .unwrap_or(rest.len());
        let name = &rest[..end];
        if name.is_empty() {
            return Err(self.error("expected a name or `*`"));
        }
        if name.starts_with('@') || name.contains('(') {
            return Err(self.error(format!("`{name}` is not understood")));
        }
        self.at += end;
        Ok(Selector::Name(name.to_owned()))
    }

    fn brackets(&mut self) -> Result<Selector, PathError> {
        self.spaces();
        if self.take("?(") {
            return self.filter();
        }
        if self.take("(@.length-1)]") || self.take("(@.length - 1)]") {
            return Ok(Selector::Index(-1));
        }
        let mut parts = vec![self.part()?];
        self.spaces();
        while self.take(",") {
            self.spaces();
            parts.push(self.part()?);
            self.spaces();
        }
        if !self.take("]") {
            return Err(self.error("expected `,` or `]`"));
        }
        Ok(match parts.len() {
            1 => parts.remove(0),
            _ => Selector::Union(parts),
        })
    }

    fn part(&mut self) -> Result<Selector, PathError> {
        let rest = self.rest();
        if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '"')) {
            return self.quoted(quote);
        }
        let end = rest.find([',', ']']).unwrap_or(rest.len());
        let text = rest[..end].trim();
        let selector = match text {
            "" => return Err(self.error("expected a name, an index, `*` or `?(…)`")),
            "*" => Selector::Every,
            _ if text.contains(':') => self.slice(text)?,
            _ => match text.parse() {
                // `[200]` is an element of an array and a member of an object.
                Ok(index) => Selector::Union(vec![
                    Selector::Index(index),
                    Selector::Name(text.to_owned()),
                ]),
                Err(_) => Selector::Name(text.to_owned()),
            },
        };
        self.at += end;
        Ok(selector)
    }

    fn quoted(&mut self, quote: char) -> Result<Selector, PathError> {
        let mut name = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => name.extend(chars.next().map(|(_, c)| c)),
                c if c == quote => {
                    self.at += at + 1;
                    return Ok(Selector::Name(name));
                }
                c => name.push(c),
            }
        }
        Err(self.error("this quote is never closed"))
    }

    fn slice(&self, text: &str) -> Result<Selector, PathError> {
        let mut numbers = text.split(':').map(|part| match part.trim() {
            "" => Ok(None),
            part => part
                .parse::<i64>()
                .map(Some)
                .map_err(|_| self.error(format!("`{part}` is no index"))),
        });
        let mut next = || numbers.next().unwrap_or(Ok(None));
        let (start, end, step) = (next()?, next()?, next()?.unwrap_or(1));
        if step < 1 {
            return Err(self.error("a slice steps forward"));
        }
        Ok(Selector::Slice { start, end, step })
    }

    fn filter(&mut self) -> Result<Selector, PathError> {
        let (expression, length): (Expression, usize) =
            script::parse(self.rest()).map_err(|(at, message)| {
                self.at += at;
                self.error(message)
            })?;
        self.at += length;
        self.spaces();
        match self.take(")") {
            true => self.spaces(),
            false => return Err(self.error("expected `)]` after the filter")),
        }
        match self.take("]") {
            true => Ok(Selector::Filter(expression)),
            false => Err(self.error("expected `]` after the filter")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn check(path: &str, expect: &str) {
        let found = match parse(path) {
            Ok(path) => format!("{} steps, {:?}", path.steps.len(), path.tail),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expect, "{path}");
    }

    #[test]
    fn paths_are_read() {
        check("$", "0 steps, Value");
        check("$.paths[*][get,put]", "3 steps, Value");
        check(
            "$..[?(@ && @.in=='x' || !/a.b/i.test(@.y))]^",
            "1 steps, Parent",
        );
        check("$['a.b'].*~", "2 steps, Key");
        check("$.a[0:2][-1:]", "3 steps, Value");
        check(
            "$.a[?(@property !== 'b' && @.x.length > 0)].c",
            "3 steps, Value",
        );
        check(
            "$.a[?(@property.match(/\\{/) && !@.b.test(/[/]x/i))]",
            "2 steps, Value",
        );
        check(
            "$.a[?(typeof @ === 'string' && @ != void 0)]",
            "2 steps, Value",
        );
    }

    #[test]
    fn what_is_not_understood_says_where() {
        check("paths", "a path starts with `$` at character 1");
        check(
            "$.a^.b",
            "`^` and `~` are understood at the end of a path only at character 5",
        );
        check("$.a[?(@.b ==)]", "expected a value at character 13");
        check(
            "$.a[",
            "expected a name, an index, `*` or `?(…)` at character 5",
        );
        check(
            "$..@string()",
            "`@string()` is not understood at character 4",
        );
    }
}
