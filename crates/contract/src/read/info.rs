//! The `info` object: the title and the version of the contract.

use crate::findings::Findings;
use crate::tree::{Member, Node, Value};

/// `info.version`; `None` with an error told.
pub(super) fn version(
    root: Node<'_>,
    info: Option<Member<'_>>,
    findings: &mut Findings,
) -> Option<String> {
    let next_step =
        "add `version` to `info`: it names this version of the contract in every report";
    let Some(info) = info else {
        findings.error(
            root,
            "the field `info` is missing",
            "add `info` with `title` and `version`",
        );
        return None;
    };
    let Some(version) = info.value.get("version") else {
        findings.error(info.key, "`info` has no `version`", next_step);
        return None;
    };
    let text = version
        .scalar_text()
        .map(str::trim)
        .filter(|text| !text.is_empty() && !version.is_null());
    match (text, version.value()) {
        (Some(_), Value::String(_)) => {}
        (Some(text), _) => {
            let message = format!("`version` is {}, not a string", version.value().described());
            findings.warning(version, message, format!("put it in quotes: \"{text}\""));
        }
        (None, _) => findings.error(version, "`version` is empty or not a text", next_step),
    }
    text.map(str::to_owned)
}

pub(super) fn title(info: Option<Member<'_>>, findings: &mut Findings) -> String {
    let title = info.and_then(|info| info.value.get("title"));
    let text = title.and_then(Node::scalar_text);
    if let (Some(info), None) = (info, text) {
        findings.warning(
            info.key,
            "`info` has no `title`",
            "add the name of the API as `title`",
        );
    }
    text.unwrap_or_default().to_owned()
}
