//! What the messages of one operation are watched for, compiled from its leaves.

use std::sync::Arc;

use bridge::observe::{Bits, Observer, Outcome, TableError};

use crate::fields::Fields;
use crate::request_head::RequestHead;
use crate::spec::{Leaves, LeavesSpec};

/// What one operation is watched for.
#[derive(Debug)]
pub struct Watched {
    digest: u32,
    leaves: Arc<Leaves>,
    /// What every request has: the parameters of its path.
    always: Bits,
    /// Parameters of the path of which the contract names values, with the place of their segment counted from the end,
    /// where a segment is nothing else.
    path_parameters: Vec<(usize, String)>,
    /// Whether some parameter of the path shares its segment with other text, and so is not read.
    has_unread: bool,
}

impl Watched {
    pub fn compile(spec: &LeavesSpec, path: &str) -> Result<Self, TableError> {
        let leaves = spec.compile()?;
        let known = |name: &str| {
            let mut all = leaves.path_parameters.iter();
            all.find(|one| one.name == name)
        };
        let mut always = Bits::default();
        let mut path_parameters = path_parameters(path);
        let is_read = |name: &str| path_parameters.iter().any(|(_, own)| own == name);
        let mut all = leaves.path_parameters.iter();
        let has_unread = all.any(|one| !is_read(&one.name));
        path_parameters.retain(|(_, name)| match known(name) {
            Some(parameter) => {
                always.set(parameter.leaf);
                parameter.has_values
            }
            None => false,
        });
        Ok(Self {
            digest: spec.digest(),
            leaves,
            always,
            path_parameters,
            has_unread,
        })
    }

    /// Tells the numbers of its leaves from those of another table.
    pub const fn digest(&self) -> u32 {
        self.digest
    }

    /// What the head of a request holds; `path` is the one that was matched.
    pub fn head(&self, head: &RequestHead, path: &str) -> (Bits, Outcome) {
        let mut bits = self.always.clone();
        let mut outcome = match self.has_unread {
            true => Outcome::NotObserved,
            false => Outcome::Complete,
        };
        if self.leaves.has_query
            && let Some(query) = head.query()
        {
            let read = self.leaves.table.query(query.as_bytes(), &mut bits);
            if !read.is_complete() {
                outcome = read;
            }
        }
        for name in &self.leaves.request_headers {
            for value in head.fields.all(name.as_bytes()) {
                self.leaves.table.header(name.as_bytes(), value, &mut bits);
            }
        }
        if !self.path_parameters.is_empty() {
            // A server's base path stands before the template: both are counted from the end.
            for (from_end, name) in &self.path_parameters {
                if let Some(value) = path.rsplit('/').nth(*from_end) {
                    let (name, value) = (name.as_bytes(), value.as_bytes());
                    self.leaves.table.path_value(name, value, &mut bits);
                }
            }
        }
        (bits, outcome)
    }

    /// Watches the body of a request with this head.
    pub fn request_body(&self, fields: &Fields) -> Observer {
        let content_type = fields.get(b"content-type");
        let observer = Observer::request(Arc::clone(&self.leaves.table), content_type);
        read_as(observer, fields)
    }

    /// Watches a response with this head; what its fields hold comes first.
    pub fn response(&self, status: u16, fields: &Fields) -> (Bits, Observer) {
        let mut bits = Bits::default();
        for name in &self.leaves.response_headers {
            for value in fields.all(name.as_bytes()) {
                let name = name.as_bytes();
                self.leaves
                    .table
                    .response_header(status, name, value, &mut bits);
            }
        }
        let content_type = fields.get(b"content-type");
        let observer = Observer::response(Arc::clone(&self.leaves.table), status, content_type);
        (bits, read_as(observer, fields))
    }
}

/// A body under a content coding cannot be read as it passes.
fn read_as(observer: Observer, fields: &Fields) -> Observer {
    if !observer.is_of_matter() {
        return observer;
    }
    match fields.get(b"content-encoding") {
        Some(coding) if !coding.eq_ignore_ascii_case(b"identity") => observer.unread(),
        _ => observer,
    }
}

/// Name and place, counted from the end, of each parameter that is a whole segment.
fn path_parameters(path: &str) -> Vec<(usize, String)> {
    let name = |segment: &str| {
        let inner = segment.strip_prefix('{')?.strip_suffix('}')?;
        (!inner.contains(['{', '}'])).then(|| inner.to_owned())
    };
    path.rsplit('/')
        .enumerate()
        .filter_map(|(at, segment)| Some((at, name(segment)?)))
        .collect()
}
