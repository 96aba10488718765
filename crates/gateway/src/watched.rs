//! What the messages of one operation are watched for, compiled from its leaves.

use std::sync::Arc;

use bridge::observe::{Bits, Observer, Outcome, Place, Table, TableError};

use crate::fields::Fields;
use crate::request_head::RequestHead;
use crate::spec::LeavesSpec;

/// The leaves of one operation, and which parts of a head can hold one.
#[derive(Debug)]
pub struct Watched {
    digest: u32,
    table: Arc<Table>,
    /// In lower case; `cookie` where a cookie is named.
    request_headers: Vec<String>,
    /// In lower case, of whatever status.
    response_headers: Vec<String>,
    has_query: bool,
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
        let plan = &spec.plan;
        let table = Arc::new(Table::compile(plan)?);
        let parameters = &plan.request.parameters;
        let mut request_headers: Vec<String> = parameters
            .iter()
            .filter(|one| one.place == Place::Header)
            .map(|one| one.name.to_ascii_lowercase())
            .collect();
        if parameters.iter().any(|one| one.place == Place::Cookie) {
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
        let of_path = |name: &str| {
            let mut known = parameters.iter().filter(|one| one.place == Place::Path);
            let found = known.find(|one| one.name == name)?;
            plan.nodes.get(found.node as usize)
        };
        let mut always = Bits::default();
        let mut path_parameters = path_parameters(path);
        let is_read = |name: &str| path_parameters.iter().any(|(_, known)| known == name);
        let has_unread = parameters
            .iter()
            .any(|one| one.place == Place::Path && !is_read(&one.name));
        path_parameters.retain(|(_, name)| match of_path(name) {
            Some(node) => {
                always.set(node.leaf);
                !node.values.is_empty()
            }
            None => false,
        });
        Ok(Self {
            digest: spec.digest,
            table,
            request_headers,
            response_headers,
            has_query: parameters.iter().any(|one| one.place == Place::Query),
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
        if self.has_query
            && let Some(query) = head.query()
        {
            let read = self.table.query(query.as_bytes(), &mut bits);
            if !read.is_complete() {
                outcome = read;
            }
        }
        for name in &self.request_headers {
            for value in head.fields.all(name.as_bytes()) {
                self.table.header(name.as_bytes(), value, &mut bits);
            }
        }
        if !self.path_parameters.is_empty() {
            // A server's base path stands before the template: both are counted from the end.
            for (from_end, name) in &self.path_parameters {
                if let Some(value) = path.rsplit('/').nth(*from_end) {
                    let (name, value) = (name.as_bytes(), value.as_bytes());
                    self.table.path_value(name, value, &mut bits);
                }
            }
        }
        (bits, outcome)
    }

    /// Watches the body of a request with this head.
    pub fn request_body(&self, fields: &Fields) -> Observer {
        let content_type = fields.get(b"content-type");
        let observer = Observer::request(Arc::clone(&self.table), content_type);
        read_as(observer, fields)
    }

    /// Watches a response with this head; what its fields hold comes first.
    pub fn response(&self, status: u16, fields: &Fields) -> (Bits, Observer) {
        let mut bits = Bits::default();
        for name in &self.response_headers {
            for value in fields.all(name.as_bytes()) {
                let name = name.as_bytes();
                self.table.response_header(status, name, value, &mut bits);
            }
        }
        let content_type = fields.get(b"content-type");
        let observer = Observer::response(Arc::clone(&self.table), status, content_type);
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
