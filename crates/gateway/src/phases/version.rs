//! Which version of its surface a call is for: what it asks for itself, or else a pin, or else the default.

use super::identify::Identified;
use crate::fields::Fields;
use crate::problem::{self, Problem};
use crate::snapshot::{Surface, Version, Versions};
use crate::spec::Access;

/// The version that a call is for.
#[derive(Debug)]
pub struct Chosen<'a> {
    pub version: &'a Version,
    pub asked: Asked,
    /// How much of the path behind the surface's prefix names the version.
    pub path_length: usize,
}

/// Whether the call names its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Explicitly,
    No,
}

/// The version for a call with these fields, whose path goes on with `rest` behind the surface's prefix. An error is
/// the answer to give, and what the call is to be taken for.
pub fn choose<'a>(
    surface: &'a Surface,
    identified: &Identified<'_>,
    fields: &Fields,
    rest: &str,
) -> Result<Chosen<'a>, Box<(Chosen<'a>, Problem)>> {
    let Some(versions) = &surface.versions else {
        return Ok(Chosen {
            version: &surface.current,
            asked: Asked::No,
            path_length: 0,
        });
    };
    let chosen = |number, asked, path_length| Chosen {
        version: surface.version(number),
        asked,
        path_length,
    };
    let refused = |problem| Box::new((chosen(versions.default, Asked::No, 0), problem));
    let (key, consumer) = (identified.key, identified.consumer);
    match explicit(versions, fields, rest) {
        Ok(Some((number, _))) if !versions.is_open(number, key, consumer) => {
            Err(refused(not_open(&versions.names[number].name)))
        }
        Ok(Some((number, path_length))) => Ok(chosen(number, Asked::Explicitly, path_length)),
        Ok(None) => {
            let number = versions.pin(key, consumer).unwrap_or(versions.default);
            Ok(chosen(number, Asked::No, 0))
        }
        Err(asked) => Err(refused(unknown(versions, asked))),
    }
}

/// The version that a call names, and how much of its path does so. An error is a name that no version has.
fn explicit<'f>(
    versions: &'f Versions,
    fields: &'f Fields,
    rest: &str,
) -> Result<Option<(usize, usize)>, &'f [u8]> {
    if let Some(found) = versions.by_path(rest) {
        return Ok(Some(found));
    }
    let mut named = None;
    for name in fields.all(versions.header.as_str().as_bytes()) {
        let number = versions.by_name(name).ok_or(name)?;
        if named.is_some_and(|named| named != number) {
            return Err(name);
        }
        named = Some(number);
    }
    if named.is_none() && versions.has_media_types() {
        let of = |field: &[u8]| {
            fields
                .all(field)
                .find_map(|one| versions.by_media_type(one))
        };
        named = of(b"accept").or_else(|| of(b"content-type"));
    }
    Ok(named.map(|number| (number, 0)))
}

fn unknown(versions: &Versions, asked: &[u8]) -> Problem {
    let known = versions.names.iter().map(|named| match named.access {
        Access::Everyone => format!("`{}`", named.name),
        Access::Keys => format!("`{}` (private beta)", named.name),
    });
    let known: Vec<String> = known.collect();
    let is_plain = |byte: &u8| byte.is_ascii_graphic() && *byte != b'`';
    let asked: String = asked
        .iter()
        .take(64)
        .map(|byte| {
            if is_plain(byte) {
                char::from(*byte)
            } else {
                '?'
            }
        })
        .collect();
    problem::version_unknown(format!(
        "`{}` asks for `{asked}`, which is no version of this API or not the only one asked for; there are {}; \
         leave the field out to be served by the version that you are pinned to",
        versions.header_text,
        known.join(", ")
    ))
}

fn not_open(name: &str) -> Problem {
    problem::version_not_open(format!(
        "version `{name}` is in private beta: ask the owner of this API to let your key join it, or leave the \
         version out to be served by the one that you are pinned to"
    ))
}

#[cfg(test)]
mod tests;
