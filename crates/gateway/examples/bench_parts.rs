//! Prints what the parts of the request path cost, in nanoseconds of CPU time: `cargo run --release -p gateway --example bench_parts`.

use std::hint::black_box;

use gateway::fields::Fields;
use gateway::front::canonical::Canonical;
use gateway::front::{FrontLimits, PathRules, Rules, Scanner, check_path, check_request};
use gateway::matcher::{Found, Matcher};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, Version};
use rustix::time::{ClockId, clock_gettime};

/// The best of this many rounds is printed: the machine's noise only ever adds.
const ROUNDS: usize = 100;

/// A request as an SDK sends it.
const LINE: &str =
    "GET /repos/octocat/hello-world/issues/1347/comments?per_page=30&page=2 HTTP/1.1";
const FIELDS: [(&str, &str); 8] = [
    ("host", "api.example.com"),
    (
        "user-agent",
        "octokit-rest.js/21.1.1 octokit-core.js/6.1.4 Node.js/22",
    ),
    ("accept", "application/vnd.github.v3+json"),
    ("accept-encoding", "gzip, deflate, br"),
    (
        "authorization",
        "Bearer twp_live_0123456789abcdefghijABCDEFGHIJ012345",
    ),
    ("content-type", "application/json; charset=utf-8"),
    ("x-request-id", "0191a2f4-6c1e-7b52-9d3e-1b7c5a0e9f11"),
    ("connection", "keep-alive"),
];

fn main() {
    let mut figures = Figures::default();
    bench_front(&mut figures);
    bench_check(&mut figures);
    bench_canonical(&mut figures);
    for operations in [1_200, 10_000] {
        bench_match(operations, &mut figures);
    }
    println!("{{{}}}", figures.json.join(","));
}

/// What was measured: one line each for people, all in one line of JSON at the end.
#[derive(Default)]
struct Figures {
    json: Vec<String>,
}

impl Figures {
    fn add(&mut self, name: &str, ns: f64, about: &str) {
        println!("{name}={ns:.0}  # {about}");
        self.json.push(format!("\"{name}\":{ns:.0}"));
    }
}

fn bench_front(figures: &mut Figures) {
    let fields: String = FIELDS
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let head = format!("{LINE}\r\n{fields}\r\n").into_bytes();
    let mut scanner = Scanner::new(FrontLimits::default());
    let ns = best_ns(10_000, |_| {
        let progress = scanner.advance(black_box(&head));
        assert_eq!(progress.released, head.len());
    });
    let about = format!("{} headers, {} bytes", FIELDS.len(), head.len());
    figures.add("scan_head_ns", ns, &about);
}

fn bench_check(figures: &mut Figures) {
    let uri: Uri = LINE
        .split(' ')
        .nth(1)
        .expect("a target")
        .parse()
        .expect("a valid target");
    let headers = headers();
    let ns = best_ns(10_000, |_| {
        check_path(black_box(uri.path()).as_bytes(), PathRules::default()).expect("a plain path")
    });
    figures.add("check_path_ns", ns, "a path without escapes");
    let rules = Rules::default();
    for (name, version) in [
        ("check_request_ns", Version::HTTP_11),
        ("check_request_http2_ns", Version::HTTP_2),
    ] {
        let mut headers = headers.clone();
        if version == Version::HTTP_2 {
            headers.remove("connection");
        }
        let ns = best_ns(10_000, |_| {
            check_request(
                &Method::GET,
                black_box(&uri),
                version,
                black_box(&headers),
                &rules,
            )
            .expect("a clear request");
        });
        figures.add(name, ns, "host, path and, in HTTP/2, all else");
    }
}

/// What the fields of a request cost on their way upstream, written as HTTP/1.1 would.
fn bench_canonical(figures: &mut Figures) {
    for (name, count) in [("canonical_ns", 8), ("canonical_no_connection_ns", 7)] {
        let fields = Fields::of(
            FIELDS[..count]
                .iter()
                .map(|(name, value)| (name.as_bytes(), value.as_bytes())),
        );
        let mut out = Vec::with_capacity(4096);
        let ns = best_ns(2_000, |_| {
            out.clear();
            let canonical = Canonical {
                fields: black_box(&fields),
                trusted: false,
                tls: true,
                peer: "192.0.2.1",
                host: Some(b"api.example.com"),
                key: Some(b"authorization"),
                consumer: Some(b"cons_0123456789abcdefghjkmnpqrs"),
                version: None,
                request_id: *b"req_0000000000000",
                trailers: false,
                upgrade: None,
            };
            canonical.for_each(|name, value| {
                out.extend_from_slice(name);
                out.extend_from_slice(value);
            });
            black_box(&out);
        });
        figures.add(name, ns, "one walk: taken away, added, copied");
    }
}

fn headers() -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(16);
    for (name, value) in FIELDS {
        headers.append(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    headers
}

/// A look-up of a random operation by a path that a request could have, less the cost of reading that path:
/// a request's path has just been parsed, these lie all over the cache.
fn bench_match(operations: usize, figures: &mut Figures) {
    let templates = templates(operations);
    let routes = templates
        .iter()
        .enumerate()
        .map(|(i, (method, path))| (METHODS[*method].clone(), path.as_str(), i as u32));
    let matcher = Matcher::compile(&[], routes).expect("templates are valid");
    // One text for all paths, so that the bench itself takes little of the cache.
    let mut text = String::new();
    let mut requests: Vec<(u32, u16, u8)> = Vec::new();
    for (method, template) in &templates {
        let path = request_path(template);
        requests.push((text.len() as u32, path.len() as u16, *method as u8));
        text.push_str(&path);
    }
    let request = |random: &mut Random| {
        let operation = random.below(operations);
        let (start, length, method) = requests[operation];
        let path = &text[start as usize..][..usize::from(length)];
        black_box(path.as_bytes().iter().fold(0, |sum: u8, byte| sum ^ byte));
        (operation, &METHODS[usize::from(method)], path)
    };

    let mut random = Random(7);
    let read = best_ns(50_000, |_| {
        black_box(request(&mut random));
    });
    let find = best_ns(50_000, |_| {
        let (operation, method, path) = request(&mut random);
        assert_eq!(
            matcher.find(black_box(method), black_box(path)),
            Found::Operation(operation as u32)
        );
    });
    let about = format!("a random operation; {read:.0} ns of reading its path taken off");
    figures.add(&format!("match_ns_{operations}"), find - read, &about);
}

const METHODS: [Method; 6] = [
    Method::GET,
    Method::GET,
    Method::POST,
    Method::DELETE,
    Method::PATCH,
    Method::PUT,
];

/// Distinct templates in the shapes and proportions of a large API, with about as many words as it has.
fn templates(count: usize) -> Vec<(usize, String)> {
    const OWNERS: [&str; 6] = [
        "/repos/{owner}/{repo}",
        "/orgs/{org}",
        "/users/{username}",
        "/teams/{team_id}",
        "/enterprises/{enterprise}",
        "",
    ];
    const NOUNS: [&str; 24] = [
        "issues",
        "pulls",
        "actions",
        "branches",
        "releases",
        "deployments",
        "environments",
        "hooks",
        "secrets",
        "variables",
        "runners",
        "workflows",
        "artifacts",
        "caches",
        "checks",
        "comments",
        "commits",
        "reviews",
        "statuses",
        "migrations",
        "packages",
        "projects",
        "code-scanning",
        "dependabot",
    ];
    const TAILS: [&str; 6] = [
        "",
        "/{id}",
        "/{id}/x",
        "/{id}/x/{name}",
        "/{id}/x/y",
        "/x/{name}",
    ];
    let mut random = Random(1);
    let mut templates: Vec<(usize, String)> = Vec::with_capacity(count);
    let mut seen = std::collections::HashSet::new();
    while templates.len() < count {
        // A third of as many words as operations, as in GitHub's contract (377 words, 1,223 operations).
        let generation = random.below(1 + count / 3 / NOUNS.len());
        let mut noun =
            || format!("{}-{generation}", NOUNS[random.below(NOUNS.len())]).replace("-0", "");
        let (first, second) = (noun(), noun());
        let tail = TAILS[random.below(TAILS.len())]
            .replace('x', &second)
            .replace('y', "settings");
        let path = format!("{}/{first}{tail}", OWNERS[random.below(OWNERS.len())]);
        let method = random.below(METHODS.len());
        if seen.insert((METHODS[method].clone(), path.clone())) {
            templates.push((method, path));
        }
    }
    templates
}

/// The template with values for its parameters.
fn request_path(template: &str) -> String {
    let values = [
        ("{owner}", "octocat"),
        ("{repo}", "hello-world"),
        ("{org}", "acme-industries"),
        ("{username}", "monalisa"),
        ("{team_id}", "2718281"),
        ("{enterprise}", "acme-global"),
        ("{id}", "1347"),
        ("{name}", "production-eu"),
    ];
    values
        .iter()
        .fold(template.to_owned(), |path, (parameter, value)| {
            path.replace(parameter, value)
        })
}

/// Numerical Recipes' linear congruence: the same operations in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

/// Nanoseconds of this thread's CPU time per call, the best round of `ROUNDS`; `call` gets its number in the round.
fn best_ns(calls: u32, mut call: impl FnMut(u32)) -> f64 {
    let mut round = || {
        let start = cpu_ns();
        (0..calls).for_each(&mut call);
        (cpu_ns() - start) as f64 / f64::from(calls)
    };
    (0..ROUNDS).map(|_| round()).fold(f64::INFINITY, f64::min)
}

fn cpu_ns() -> i64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}
