//! Why a Snapshot cannot be compiled.

use std::path::PathBuf;

use adoption::RolloutId;
use bridge::observe::TableError;
use http::header::{InvalidHeaderName, InvalidHeaderValue};
use http::method::InvalidMethod;

use crate::jwt::JwksError;
use crate::matcher::MatchError;
use crate::upstream::UpstreamError;

/// Why a Snapshot cannot be compiled. The one that runs stays.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    #[error("surface {surface:?} has no upstream")]
    UpstreamMissing { surface: String },
    #[error("surface {surface:?} has an unusable upstream")]
    Upstream {
        surface: String,
        #[source]
        source: UpstreamError,
    },
    #[error("surface {surface:?} names a header that cannot exist")]
    HeaderName {
        surface: String,
        #[source]
        source: InvalidHeaderName,
    },
    #[error("surface {surface:?} has a method that cannot exist")]
    Method {
        surface: String,
        #[source]
        source: InvalidMethod,
    },
    #[error("operation {operation} of surface {surface:?} has a link that cannot be a header")]
    Link {
        surface: String,
        operation: String,
        #[source]
        source: InvalidHeaderValue,
    },
    #[error("operations of surface {surface:?} cannot be matched")]
    Matcher {
        surface: String,
        #[source]
        source: MatchError,
    },
    #[error("operation {operation} of surface {surface:?} has leaves that cannot be read by")]
    Leaves {
        surface: String,
        operation: String,
        #[source]
        source: TableError,
    },
    #[error("version {version:?} of surface {surface:?} cannot be served: {problem}")]
    Version {
        surface: String,
        version: String,
        problem: VersionProblem,
    },
    #[error(
        "header {header:?} of surface {surface:?} has a meaning of its own and cannot name versions"
    )]
    VersionHeader { surface: String, header: String },
    #[error("{rollout} of surface {surface:?} cannot be carried out: {problem}")]
    Rollout {
        surface: String,
        rollout: RolloutId,
        problem: RolloutProblem,
    },
    #[error("key set file {file} of surface {surface:?} cannot be used")]
    Jwks {
        surface: String,
        file: PathBuf,
        #[source]
        source: JwksFileError,
    },
}

/// What is wrong with a version of a surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VersionProblem {
    #[error("its name is not 1 to 64 visible ASCII characters without `,` and `;`")]
    Name,
    #[error("another version has its name")]
    NameTwice,
    #[error(
        "its path is not `/` and letters, digits, `-`, `.`, `_` or `~`, without a slash at the end"
    )]
    Path,
    #[error("another version has its path")]
    PathTwice,
    #[error("its media type is none, and no parameter of one")]
    MediaType,
    #[error("another version has its media type")]
    MediaTypeTwice,
    #[error("no version has this name, which the default or a pin asks for")]
    Unknown,
    #[error("it is the default and not open to everyone")]
    DefaultNotOpen,
    #[error("it is one more than a surface may have")]
    TooMany,
}

/// What is wrong with a rollout of a surface.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RolloutProblem {
    #[error("it names version {version:?}, which the surface has not")]
    VersionUnknown { version: String },
    #[error("its old version is its new one")]
    SameVersion,
    #[error("it ends the old before it deprecates it")]
    SunsetFirst,
    #[error("its guide or successor {link:?} is not an address that a header can hold")]
    Link { link: String },
    #[error("another rollout of the surface has its id")]
    IdTwice,
}

#[derive(Debug, thiserror::Error)]
pub enum JwksFileError {
    #[error("the file cannot be read")]
    Read(#[from] std::io::Error),
    #[error("the file is not a key set")]
    Parse(#[from] JwksError),
}
