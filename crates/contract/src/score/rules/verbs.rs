//! Verbs in names and sentences, and what they promise.

use crate::score::survey::Operation;
use crate::score::words::words;

/// Verbs that operation ids start with; sorted.
const VERBS: [&str; 164] = [
    "abort",
    "accept",
    "acknowledge",
    "activate",
    "add",
    "allow",
    "analyze",
    "apply",
    "approve",
    "archive",
    "assign",
    "associate",
    "attach",
    "authenticate",
    "authorize",
    "begin",
    "block",
    "calculate",
    "cancel",
    "capture",
    "change",
    "check",
    "clear",
    "clone",
    "close",
    "compare",
    "complete",
    "configure",
    "confirm",
    "connect",
    "convert",
    "copy",
    "count",
    "create",
    "deactivate",
    "decline",
    "delete",
    "deploy",
    "describe",
    "destroy",
    "detach",
    "disable",
    "disassociate",
    "discard",
    "disconnect",
    "dismiss",
    "dispatch",
    "download",
    "duplicate",
    "edit",
    "enable",
    "enroll",
    "enumerate",
    "estimate",
    "evaluate",
    "execute",
    "expire",
    "export",
    "fetch",
    "finalize",
    "find",
    "follow",
    "fork",
    "generate",
    "get",
    "grant",
    "import",
    "index",
    "initiate",
    "insert",
    "install",
    "invalidate",
    "invite",
    "invoke",
    "issue",
    "join",
    "launch",
    "leave",
    "link",
    "list",
    "lock",
    "lookup",
    "make",
    "mark",
    "merge",
    "modify",
    "move",
    "notify",
    "open",
    "patch",
    "pause",
    "ping",
    "post",
    "preview",
    "process",
    "promote",
    "provision",
    "publish",
    "put",
    "query",
    "read",
    "redeem",
    "redeliver",
    "refresh",
    "refund",
    "regenerate",
    "register",
    "reject",
    "release",
    "remove",
    "rename",
    "render",
    "renew",
    "reopen",
    "reorder",
    "replace",
    "request",
    "rerun",
    "resend",
    "reset",
    "resolve",
    "respond",
    "restart",
    "restore",
    "resume",
    "retrieve",
    "retry",
    "revoke",
    "rotate",
    "run",
    "search",
    "send",
    "set",
    "show",
    "simulate",
    "start",
    "stop",
    "submit",
    "subscribe",
    "suspend",
    "swap",
    "sync",
    "synchronize",
    "terminate",
    "transfer",
    "unarchive",
    "unassign",
    "unblock",
    "unfollow",
    "uninstall",
    "unlink",
    "unlock",
    "unpin",
    "unpublish",
    "unregister",
    "unstar",
    "unsubscribe",
    "unsuspend",
    "update",
    "upload",
    "validate",
    "verify",
    "withdraw",
    "write",
];

/// Those that change something, whatever the method says.
const EFFECTS: [&str; 34] = [
    "activate",
    "add",
    "approve",
    "archive",
    "assign",
    "attach",
    "cancel",
    "clear",
    "create",
    "deactivate",
    "delete",
    "destroy",
    "detach",
    "disable",
    "edit",
    "enable",
    "insert",
    "install",
    "invite",
    "modify",
    "publish",
    "purge",
    "refund",
    "reject",
    "remove",
    "rename",
    "reset",
    "restore",
    "revoke",
    "send",
    "submit",
    "transfer",
    "update",
    "upload",
];

/// Those that only look.
const LOOKS: [&str; 12] = [
    "check", "count", "describe", "find", "get", "list", "lookup", "preview", "query", "read",
    "retrieve", "search",
];

/// Words that mean the same; the contract should settle on one of each row.
pub(super) const SYNONYMS: [&[&str]; 5] = [
    &["fetch", "get", "read", "retrieve", "show"],
    &["create", "make"],
    &["change", "edit", "modify", "update"],
    &["delete", "destroy"],
    &["enumerate", "index", "list"],
];

/// The first verb of the operation id.
pub(super) fn id_verb(operation: &Operation<'_>) -> Option<String> {
    let mut words = words(operation.id?).into_iter();
    words.find(|word| VERBS.binary_search(&word.as_str()).is_ok())
}

/// Whether the id says that something changes, or the summary does with its first word.
pub(super) fn says_effect(operation: &Operation<'_>) -> Option<String> {
    let of_summary = words(operation.summary).into_iter().next();
    let of_id = id_verb(operation);
    of_summary
        .map(|word| singular_verb(&word))
        .into_iter()
        .chain(of_id)
        .find(|word| EFFECTS.contains(&word.as_str()))
}

pub(super) fn says_look(operation: &Operation<'_>) -> bool {
    let verb = match operation.id {
        Some(_) => id_verb(operation),
        None => words(operation.summary).into_iter().next(),
    };
    verb.is_some_and(|verb| LOOKS.contains(&singular_verb(&verb).as_str()))
}

/// `creates` is `create`.
fn singular_verb(word: &str) -> String {
    let stem = word.strip_suffix('s').filter(|stem| VERBS.contains(stem));
    stem.unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::VERBS;

    #[test]
    fn verbs_are_sorted() {
        assert!(VERBS.is_sorted());
    }
}
