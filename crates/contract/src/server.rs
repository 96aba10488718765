//! Servers (OpenAPI 3.1 section 4.8.5): the path prefixes under which the operations lie.

use crate::findings::Findings;
use crate::tree::Node;

/// The distinct path prefixes of a `servers` array, in its order; never empty.
pub(crate) fn base_paths(servers: Node<'_>, findings: &mut Findings) -> Vec<String> {
    let mut paths = Vec::new();
    if !servers.is_array() {
        let message = format!("`servers` is {}, not an array", servers.value().described());
        findings.error(
            servers,
            message,
            "write it as an array of objects with `url`",
        );
    }
    for server in servers.elements() {
        if let Some(path) = base_path(server, findings)
            && !paths.contains(&path)
        {
            paths.push(path);
        }
    }
    // An empty array means one server with the URL `/`.
    if paths.is_empty() {
        paths.push(String::new());
    }
    paths
}

fn base_path(server: Node<'_>, findings: &mut Findings) -> Option<String> {
    let Some(url) = server.get("url") else {
        findings.warning(
            server,
            "a server without `url` is left out",
            "add its `url`",
        );
        return None;
    };
    let Some(text) = url.as_str() else {
        let message = format!(
            "a server's `url` is {}, not a string",
            url.value().described()
        );
        findings.warning(url, message, "put the URL in quotes");
        return None;
    };
    let path = path_of(text);
    match with_defaults(path, server) {
        Ok(path) => Some(normalise(path_of(&path))),
        Err(name) => {
            findings.error(
                url,
                format!("the server variable `{name}` in the path has no default"),
                format!("add `variables: {{{name}: {{default: …}}}}` to this server"),
            );
            None
        }
    }
}

/// What follows scheme and authority, up to a query or fragment; a variable may hold any of these.
fn path_of(url: &str) -> &str {
    let url = url.trim();
    let url = &url[..url.find(['?', '#']).unwrap_or(url.len())];
    // `https://host`, `{scheme}://host` and `//host` have an authority.
    let Some(scheme_end) = url
        .find("//")
        .filter(|at| *at == 0 || url[..*at].ends_with(':'))
    else {
        return url;
    };
    let rest = &url[scheme_end + 2..];
    match rest.find('/') {
        Some(at) => &rest[at..],
        // The variable may be the whole of host and path: `https://{server}`.
        None => match rest.find('{') {
            Some(_) => url,
            None => "",
        },
    }
}

/// `path` with each `{name}` replaced by its variable's default; the name of one that has none otherwise.
fn with_defaults<'p>(path: &'p str, server: Node<'_>) -> Result<String, &'p str> {
    let variables = server.get("variables");
    let mut text = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        let variable = variables.and_then(|variables| variables.get(name));
        let default = variable.and_then(|variable| variable.get("default"));
        text.push_str(before);
        text.push_str(default.and_then(Node::scalar_text).ok_or(name)?);
        rest = behind;
    }
    text.push_str(rest);
    Ok(text)
}

/// Starts with `/`, without `.` and `..` segments, empty segments and trailing slash; `""` for the root.
fn normalise(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    segments.iter().flat_map(|segment| ["/", segment]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn check(servers: &str, expect: &[&str]) -> usize {
        let tree = yaml::scan(servers).unwrap();
        let mut findings = Findings::default();
        assert_eq!(base_paths(tree.root(), &mut findings), expect, "{servers}");
        findings.errors(&tree, "test").count
    }

    #[test]
    fn the_path_of_each_url_once() {
        for (url, path) in [
            ("https://api.example.com", ""),
            ("https://api.example.com/", ""),
            ("https://api.example.com:8443/v1/", "/v1"),
            ("//api.example.com/v1", "/v1"),
            ("/v1", "/v1"),
            ("v1", "/v1"),
            (".", ""),
            ("./v1/../v2", "/v2"),
            ("/a//b", "/a/b"),
            ("https://h/v1?x=/y#/z", "/v1"),
        ] {
            assert_eq!(check(&format!("[{{url: '{url}'}}]"), &[path]), 0);
        }
        check(
            "[{url: /a}, {url: 'https://x/a/'}, {url: /b}]",
            &["/a", "/b"],
        );
        check("[]", &[""]);
    }

    #[test]
    fn variables_take_their_defaults() {
        let base = "[{url: 'https://{host}/{base}/x', variables: {base: {default: v2}}}]";
        assert_eq!(
            check(base, &["/v2/x"]),
            0,
            "a host without default does not matter"
        );
        let whole = "[{url: '{server}/x', variables: {server: {default: 'https://h/v3'}}}]";
        assert_eq!(check(whole, &["/v3/x"]), 0);
        let authority = "[{url: 'https://{server}', variables: {server: {default: 'h/v4'}}}]";
        assert_eq!(check(authority, &["/v4"]), 0);
        assert_eq!(check("[{url: 'https://h/{base}'}]", &[""]), 1);
    }

    #[test]
    fn what_is_no_server_is_told() {
        assert_eq!(check("{url: /a}", &[""]), 1);
        assert_eq!(check("[{url: 5}, {name: x}, {url: /a}]", &["/a"]), 0);
    }
}
