//! Which client software a `User-Agent` names, and what class of software that is.

use adoption::{ClientClass, KeyKind};

/// A client as it names itself. Never allocates: name and version are parts of the header or constants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client<'a> {
    /// 1 to 64 visible ASCII characters, in lower or upper case as sent; `(none)` without the header,
    /// `(other)` if it names no product.
    pub name: &'a str,
    /// 0 to 32 visible ASCII characters; empty if it names none.
    pub version: &'a str,
    pub class: ClientClass,
}

const NAME_BYTES_MAX: usize = 64;
const VERSION_BYTES_MAX: usize = 32;
/// No usual header is longer, and what names the software stands in front.
const LOOKED_AT_BYTES_MAX: usize = 512;

/// What marks an agent in the name of its product (compared in lower case, at the start of a word of the name).
const AGENT_MARKS: &[&str] = &[
    "agent",
    "anthropic",
    "autogen",
    "bedrock",
    "chatgpt",
    "claude",
    "cline",
    "codex",
    "cohere",
    "copilot",
    "crewai",
    "cursor",
    "deepseek",
    "gemini",
    "genkit",
    "goose",
    "gptbot",
    "langchain",
    "langgraph",
    "llama",
    "mcp",
    "mistral",
    "oai-searchbot",
    "ollama",
    "openai",
    "perplexity",
    "pydantic-ai",
    "semantic-kernel",
    "smolagents",
    "strands",
    "windsurf",
];
/// Programs called agents long before models drove any.
const NOT_AGENTS: &[&str] = &[
    "azure",
    "buildkite",
    "cloudwatch",
    "consul",
    "datadog",
    "elastic",
    "gitlab",
    "grafana",
    "newrelic",
    "nomad",
    "puppet",
    "ssm",
    "teamcity",
    "vault",
    "zabbix",
];
/// Tools that a person drives from a terminal or a desktop.
const CLI_NAMES: &[&str] = &[
    "apachebench",
    "aria2",
    "bruno-runtime",
    "curl",
    "git",
    "grpcurl",
    "hey",
    "httpie",
    "hurl",
    "insomnia",
    "k6",
    "oha",
    "postmanruntime",
    "powershell",
    "restish",
    "thunder",
    "towpath",
    "vegeta",
    "wget",
    "windowspowershell",
    "wrk",
    "xh",
];
/// Products that render pages; in the order in which a header that names several is read.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];

/// What `user_agent` names. A key of kind agent makes an agent of whatever client it is used with.
pub fn classify(user_agent: Option<&[u8]>, kind: Option<KeyKind>) -> Client<'_> {
    let client = match user_agent.map(visible) {
        None | Some("") => Client {
            name: "(none)",
            version: "",
            class: ClientClass::Unknown,
        },
        Some(text) => named(text),
    };
    match kind {
        Some(KeyKind::Agent) => Client {
            class: ClientClass::Agent,
            ..client
        },
        _ => client,
    }
}

/// The leading visible ASCII of the header.
fn visible(user_agent: &[u8]) -> &str {
    let looked_at = &user_agent[..user_agent.len().min(LOOKED_AT_BYTES_MAX)];
    let length = looked_at
        .iter()
        .position(|byte| !matches!(byte, b' '..=b'~'))
        .unwrap_or(looked_at.len());
    std::str::from_utf8(&looked_at[..length])
        .unwrap_or("")
        .trim()
}

fn named(text: &str) -> Client<'_> {
    let (name, version, rest) = first_product(text);
    if name.is_empty() {
        return Client {
            name: "(other)",
            version: "",
            class: ClientClass::Unknown,
        };
    }
    if name == "Mozilla" {
        return behind_mozilla(rest).unwrap_or(Client {
            name: "Mozilla",
            version: "",
            class: ClientClass::Browser,
        });
    }
    Client {
        name,
        version,
        class: class_of(name, rest),
    }
}

/// `name`, `version` and what follows, of `name/version rest` (RFC 9110 section 10.1.5) or `name v1.2 rest`.
fn first_product(text: &str) -> (&str, &str, &str) {
    let border = |text: &str| text.find([' ', '(', ';', ',']).unwrap_or(text.len());
    let (product, rest) = text.split_at(border(text));
    let (name, version) = product.split_once('/').unwrap_or_else(|| {
        let word = rest
            .strip_prefix(' ')
            .map_or("", |rest| &rest[..border(rest)]);
        let is_version = word
            .trim_start_matches('v')
            .starts_with(|first: char| first.is_ascii_digit());
        (product, if is_version { word } else { "" })
    });
    (
        cut(name, NAME_BYTES_MAX),
        cut(version, VERSION_BYTES_MAX),
        rest,
    )
}

/// At most `bytes_max` bytes; the text is ASCII, so that any place is a border.
fn cut(text: &str, bytes_max: usize) -> &str {
    &text[..text.len().min(bytes_max)]
}

/// Browsers, and agents that call themselves compatible with one: `Mozilla/5.0 (compatible; GPTBot/1.2; ...)`.
fn behind_mozilla(rest: &str) -> Option<Client<'_>> {
    let products = || {
        rest.split([' ', ';', '(', ')', ','])
            .filter(|word| word.contains('/'))
    };
    let product = |word| {
        let (name, version, _) = first_product(word);
        (name, version)
    };
    let tools = products().map(product).filter(|(name, _)| !name.is_empty());
    let mut tools = tools.map(|(name, version)| Client {
        name,
        version,
        class: class_of(name, ""),
    });
    if let Some(tool) = tools.find(|tool| tool.class != ClientClass::Sdk) {
        return Some(tool);
    }
    let browser = |(mark, name): &(&str, &'static str)| {
        let version = products().find_map(|word| word.strip_prefix(mark))?;
        // The major version tells enough; the rest would make a client of every build.
        let major = version.split('.').next().unwrap_or("");
        Some(Client {
            name,
            version: cut(major, VERSION_BYTES_MAX),
            class: ClientClass::Browser,
        })
    };
    BROWSERS.iter().find_map(browser)
}

fn class_of(name: &str, rest: &str) -> ClientClass {
    if is_agent(name)
        || rest
            .split([' ', '(', ')', ';'])
            .any(|word| word.contains('/') && is_agent(word))
    {
        ClientClass::Agent
    } else if CLI_NAMES
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
    {
        ClientClass::Cli
    } else {
        ClientClass::Sdk
    }
}

/// Whether one of the marks is in the name, at the start of a word of it.
fn is_agent(name: &str) -> bool {
    let name = name.split('/').next().unwrap_or(name).as_bytes();
    let has_mark = |mark: &&str| {
        let is_mark = |part: &[u8]| part.eq_ignore_ascii_case(mark.as_bytes());
        let starts_word = |at: usize| {
            at == 0 || !name[at - 1].is_ascii_alphanumeric() || name[at].is_ascii_uppercase()
        };
        name.windows(mark.len())
            .enumerate()
            .any(|(at, part)| is_mark(part) && starts_word(at))
    };
    AGENT_MARKS.iter().any(has_mark) && !NOT_AGENTS.iter().any(has_mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(user_agent: &str, expected: (&str, &str, ClientClass)) {
        let client = classify(Some(user_agent.as_bytes()), None);
        assert_eq!(
            (client.name, client.version, client.class),
            expected,
            "{user_agent}"
        );
    }

    #[test]
    fn libraries_and_sdks() {
        for (user_agent, name, version) in [
            (
                "octokit-rest.js/21.1.1 octokit-core.js/6.1.4 Node.js/22",
                "octokit-rest.js",
                "21.1.1",
            ),
            ("axios/1.6.8", "axios", "1.6.8"),
            ("python-requests/2.31.0", "python-requests", "2.31.0"),
            ("Go-http-client/1.1", "Go-http-client", "1.1"),
            (
                "Apache-HttpClient/4.5.13 (Java/17.0.2)",
                "Apache-HttpClient",
                "4.5.13",
            ),
            ("Stripe/v1 NodeBindings/12.1.0", "Stripe", "v1"),
            ("got (https://github.com/sindresorhus/got)", "got", ""),
            ("Faraday v2.7.4", "Faraday", "v2.7.4"),
            ("node", "node", ""),
            (
                "acme-billing/3.2 (team=payments; +https://acme.example/agent)",
                "acme-billing",
                "3.2",
            ),
            ("datadog-agent/7.48", "datadog-agent", "7.48"),
            ("NewRelic-RubyAgent/9.1", "NewRelic-RubyAgent", "9.1"),
            ("reagent/1.0", "reagent", "1.0"),
        ] {
            check(user_agent, (name, version, ClientClass::Sdk));
        }
    }

    #[test]
    fn tools() {
        const POWERSHELL: &str =
            "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.1";
        for (user_agent, name, version) in [
            ("curl/8.4.0", "curl", "8.4.0"),
            ("Wget/1.21.3", "Wget", "1.21.3"),
            ("HTTPie/3.2.1", "HTTPie", "3.2.1"),
            ("PostmanRuntime/7.36.0", "PostmanRuntime", "7.36.0"),
            (POWERSHELL, "WindowsPowerShell", "5.1.19041.1"),
        ] {
            check(user_agent, (name, version, ClientClass::Cli));
        }
    }

    #[test]
    fn browsers_by_their_major_version() {
        const BLINK: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                             Chrome/126.0.0.0 Safari/537.36";
        const WEBKIT: &str =
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko)";
        for (user_agent, name, version) in [
            (BLINK.to_owned(), "Chrome", "126"),
            (format!("{BLINK} Edg/126.0.2592.56"), "Edge", "126"),
            (format!("{BLINK} OPR/111.0.0.0"), "Opera", "111"),
            (
                format!("{WEBKIT} Version/17.5 Safari/605.1.15"),
                "Safari",
                "17",
            ),
            (
                format!("{WEBKIT} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1"),
                "Chrome",
                "126",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0".to_owned(),
                "Firefox",
                "127",
            ),
            ("Mozilla/5.0".to_owned(), "Mozilla", ""),
        ] {
            check(&user_agent, (name, version, ClientClass::Browser));
        }
    }

    #[test]
    fn agents_by_their_own_name() {
        const MOZILLA: &str = "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko";
        for (user_agent, name, version) in [
            ("claude-code/2.1.0".to_owned(), "claude-code", "2.1.0"),
            (
                "Claude-User (claude-code/2.1.0; +https://support.anthropic.com/)".to_owned(),
                "Claude-User",
                "",
            ),
            (
                format!("{MOZILLA}; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)"),
                "ClaudeBot",
                "1.0",
            ),
            (
                format!("{MOZILLA}); compatible; ChatGPT-User/1.0; +https://openai.com/bot"),
                "ChatGPT-User",
                "1.0",
            ),
            (
                "AsyncOpenAI/Python 1.30.1".to_owned(),
                "AsyncOpenAI",
                "Python",
            ),
            (
                "GitHubCopilotChat/0.22.4".to_owned(),
                "GitHubCopilotChat",
                "0.22.4",
            ),
            ("mcp-remote/0.1.18".to_owned(), "mcp-remote", "0.1.18"),
            ("FastMCP/2.3".to_owned(), "FastMCP", "2.3"),
            ("LangChain/0.2.5".to_owned(), "LangChain", "0.2.5"),
            (
                "acme-support-agent/0.3".to_owned(),
                "acme-support-agent",
                "0.3",
            ),
            (
                "python-httpx/0.27.0 langgraph/0.1".to_owned(),
                "python-httpx",
                "0.27.0",
            ),
        ] {
            check(&user_agent, (name, version, ClientClass::Agent));
        }
    }

    #[test]
    fn a_key_of_an_agent_makes_its_client_one_and_other_kinds_change_nothing() {
        let class = |kind| classify(Some(b"curl/8.4.0"), kind).class;
        assert_eq!(class(Some(KeyKind::Agent)), ClientClass::Agent);
        assert_eq!(class(Some(KeyKind::Squad)), ClientClass::Cli);
        assert_eq!(class(None), ClientClass::Cli);
        assert_eq!(
            classify(None, Some(KeyKind::Agent)).class,
            ClientClass::Agent
        );
    }

    #[test]
    fn what_names_nothing_has_a_name_of_its_own_and_lengths_are_bounded() {
        let none = Client {
            name: "(none)",
            version: "",
            class: ClientClass::Unknown,
        };
        for nothing in [None, Some(&b""[..]), Some(b"  "), Some(b"\xff\xfe")] {
            assert_eq!(classify(nothing, None), none);
        }
        check("(compatible)", ("(other)", "", ClientClass::Unknown));
        check("/1.0", ("(other)", "", ClientClass::Unknown));
        check("caf\u{e9}/1", ("caf", "", ClientClass::Sdk));
        let long = format!("{}/{}", "n".repeat(600), "9".repeat(600));
        let client = classify(Some(long.as_bytes()), None);
        assert_eq!((client.name.len(), client.version.len()), (64, 0));
        let long = format!("a/{}", "9".repeat(600));
        assert_eq!(classify(Some(long.as_bytes()), None).version.len(), 32);
    }
}
