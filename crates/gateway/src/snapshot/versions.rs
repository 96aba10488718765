//! How calls come to a version of a surface: its names, paths and media types, pins, and the default.

use std::sync::Arc;

use adoption::{ConsumerId, KeyId};
use http::HeaderValue;
use http::header::HeaderName;
use rustc_hash::FxHashMap;

use super::error::{CompileError, VersionProblem};
use super::media::{MediaName, members};
use super::version::{Version, VersionHeaders, VersionParts};
use crate::spec::{Access, VersionName, VersionsSpec};

/// Looked up by a walk, so bounded: a surface that keeps a version a month has five years of them.
const VERSIONS_MAX: usize = 64;
/// Fields that say something else, on this hop or on the next.
const HEADERS_TAKEN: [&str; 18] = [
    "accept",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "vary",
    "x-api-key",
    "x-request-id",
];

/// The versions of a surface that has several, by number: the current one is 0, then `others` in their order.
#[derive(Debug)]
pub struct Versions {
    pub header: HeaderName,
    /// As the owner writes it.
    pub header_text: String,
    pub others: Vec<Version>,
    /// By number.
    pub names: Vec<Named>,
    pub default: usize,
    pins: FxHashMap<ConsumerId, usize>,
    key_pins: FxHashMap<KeyId, usize>,
}

/// How one version is asked for, and by whom.
#[derive(Debug)]
pub struct Named {
    pub name: String,
    pub path: Option<String>,
    pub access: Access,
    media: Option<MediaName>,
}

impl Versions {
    /// Gives `current` its name; `credentials` are the fields that identify a consumer.
    pub fn compile<'a>(
        spec: &VersionsSpec,
        parts: &VersionParts<'_>,
        current: &mut Version,
        credentials: impl Iterator<Item = &'a str>,
    ) -> Result<Self, CompileError> {
        let header = version_header(&spec.header, parts.surface)?;
        let of_current = (&spec.current, Access::Everyone);
        let of_others = spec.others.iter().map(|other| (&other.name, other.access));
        let names = std::iter::once(of_current).chain(of_others);
        let names = compile_names(names, parts.surface)?;

        let vary = vary(&header, &names, credentials);
        let headers = |number: usize| {
            Arc::new(VersionHeaders {
                header: header.clone(),
                value: header_value(&names[number].name),
                vary: vary.clone(),
            })
        };
        current.name = Some(headers(0));
        let mut others = Vec::new();
        for (other, number) in spec.others.iter().zip(1..) {
            let own = VersionParts {
                upstreams: &other.upstreams,
                contract: Some(&other.contract),
                ..*parts
            };
            let mut version = Version::compile(&own, number)?;
            version.name = Some(headers(number));
            others.push(version);
        }

        let number = |name: &String| {
            let known = position(&names, name.as_bytes());
            known.ok_or_else(|| broken(parts.surface, name, VersionProblem::Unknown))
        };
        let default = number(&spec.default)?;
        if names[default].access == Access::Keys {
            let problem = VersionProblem::DefaultNotOpen;
            return Err(broken(parts.surface, &spec.default, problem));
        }
        let pins = spec.pins.iter();
        let pins = pins.map(|(consumer, name)| Ok((*consumer, number(name)?)));
        let key_pins = spec.key_pins.iter();
        let key_pins = key_pins.map(|(key, name)| Ok((*key, number(name)?)));
        Ok(Self {
            pins: pins.collect::<Result<_, CompileError>>()?,
            key_pins: key_pins.collect::<Result<_, CompileError>>()?,
            header,
            header_text: spec.header.clone(),
            others,
            default,
            names,
        })
    }

    /// The version of this name, in any case.
    pub fn by_name(&self, name: &[u8]) -> Option<usize> {
        position(&self.names, name)
    }

    /// The version that the start of `path` names, and how much of it that is.
    pub fn by_path(&self, path: &str) -> Option<(usize, usize)> {
        let starts = |named: &Named| {
            let own = named.path.as_deref()?;
            let rest = path.strip_prefix(own)?;
            (rest.is_empty() || rest.starts_with('/')).then_some(own.len())
        };
        // `/v2` and `/v2/beta` are two paths.
        let found = self.names.iter().zip(0..);
        let found = found.filter_map(|(named, number)| Some((number, starts(named)?)));
        found.max_by_key(|(_, length)| *length)
    }

    /// The version that the media types of a field ask for most; of those asked for alike the first.
    pub fn by_media_type(&self, value: &[u8]) -> Option<usize> {
        let mut best = (0, None);
        for member in members(value) {
            for (named, number) in self.names.iter().zip(0..) {
                let weight = named.media.as_ref().map_or(0, |media| media.weight(member));
                if weight > best.0 {
                    best = (weight, Some(number));
                }
            }
        }
        best.1
    }

    pub fn has_media_types(&self) -> bool {
        self.names.iter().any(|named| named.media.is_some())
    }

    /// The version that a key or its consumer is pinned to.
    pub fn pin(&self, key: KeyId, consumer: ConsumerId) -> Option<usize> {
        let of_key = self.key_pins.get(&key);
        of_key.or_else(|| self.pins.get(&consumer)).copied()
    }

    /// Whether a call may ask for the version.
    pub fn is_open(&self, number: usize, key: KeyId, consumer: ConsumerId) -> bool {
        let pinned = || {
            self.key_pins.get(&key) == Some(&number) || self.pins.get(&consumer) == Some(&number)
        };
        self.names[number].access == Access::Everyone || pinned()
    }
}

fn broken(surface: &str, version: &str, problem: VersionProblem) -> CompileError {
    CompileError::Version {
        surface: surface.to_owned(),
        version: version.to_owned(),
        problem,
    }
}

fn version_header(name: &str, surface: &str) -> Result<HeaderName, CompileError> {
    let lower = name.to_ascii_lowercase();
    let is_taken = HEADERS_TAKEN.contains(&lower.as_str())
        || ["x-towpath-", "x-consumer-", "x-forwarded-", "proxy-"]
            .iter()
            .any(|prefix| lower.starts_with(prefix));
    if is_taken {
        return Err(CompileError::VersionHeader {
            surface: surface.to_owned(),
            header: name.to_owned(),
        });
    }
    HeaderName::from_bytes(lower.as_bytes()).map_err(|source| CompileError::HeaderName {
        surface: surface.to_owned(),
        source,
    })
}

fn compile_names<'a>(
    given: impl Iterator<Item = (&'a VersionName, Access)>,
    surface: &str,
) -> Result<Vec<Named>, CompileError> {
    let mut names: Vec<Named> = Vec::new();
    for (given, access) in given {
        let named = compile_name(given, access)
            .and_then(|named| check_new(&names, named))
            .map_err(|problem| broken(surface, &given.name, problem))?;
        names.push(named);
    }
    Ok(names)
}

fn compile_name(given: &VersionName, access: Access) -> Result<Named, VersionProblem> {
    let name = &given.name;
    let is_visible = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b',' | b';');
    if !(1..=64).contains(&name.len()) || !name.bytes().all(is_visible) {
        return Err(VersionProblem::Name);
    }
    if given.path.as_ref().is_some_and(|path| !is_path(path)) {
        return Err(VersionProblem::Path);
    }
    let media = given.media_type.as_ref();
    let media = media.map(|text| MediaName::parse(text).ok_or(VersionProblem::MediaType));
    Ok(Named {
        name: name.clone(),
        path: given.path.clone(),
        access,
        media: media.transpose()?,
    })
}

/// Plain segments: what is matched must be what every hop takes it for.
fn is_path(path: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let is_segment =
        |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(is_plain);
    path.strip_prefix('/')
        .is_some_and(|rest| rest.split('/').all(is_segment))
}

fn check_new(known: &[Named], new: Named) -> Result<Named, VersionProblem> {
    if known.len() >= VERSIONS_MAX {
        return Err(VersionProblem::TooMany);
    }
    if position(known, new.name.as_bytes()).is_some() {
        return Err(VersionProblem::NameTwice);
    }
    if new.path.is_some() && known.iter().any(|one| one.path == new.path) {
        return Err(VersionProblem::PathTwice);
    }
    if new.media.is_some() && known.iter().any(|one| one.media == new.media) {
        return Err(VersionProblem::MediaTypeTwice);
    }
    Ok(new)
}

fn position(names: &[Named], name: &[u8]) -> Option<usize> {
    let is = |named: &Named| named.name.as_bytes().eq_ignore_ascii_case(name);
    names.iter().position(is)
}

fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("names are visible ASCII")
}

fn vary<'a>(
    header: &HeaderName,
    names: &[Named],
    credentials: impl Iterator<Item = &'a str>,
) -> HeaderValue {
    let mut fields = vec![header.to_string(), "authorization".to_owned()];
    if names.iter().any(|named| named.media.is_some()) {
        fields.push("accept".to_owned());
    }
    for field in credentials {
        if !fields.iter().any(|known| known == field) {
            fields.push(field.to_owned());
        }
    }
    header_value(&fields.join(", "))
}
